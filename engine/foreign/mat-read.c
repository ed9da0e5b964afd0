// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/mat-read.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "data/column-major.h"

// zlib cannot pack more tightly.
#define MAX_DEFLATE_RATIO 1032
// Of columns that are read at once.
#define BLOCK ((gsize)8 << 20)

gboolean
pct_mat_number_type(const matvar_t *variable, PctNpyKind *kind, gsize *item_size)
{
  if (variable->isComplex)
    return FALSE;
  switch (variable->class_type) {
  case MAT_C_DOUBLE: *kind = PCT_NPY_FLOAT; *item_size = 8; break;
  case MAT_C_SINGLE: *kind = PCT_NPY_FLOAT; *item_size = 4; break;
  case MAT_C_INT8: *kind = PCT_NPY_INT; *item_size = 1; break;
  case MAT_C_UINT8: *kind = variable->isLogical ? PCT_NPY_BOOL : PCT_NPY_UINT; *item_size = 1; break;
  case MAT_C_INT16: *kind = PCT_NPY_INT; *item_size = 2; break;
  case MAT_C_UINT16: *kind = PCT_NPY_UINT; *item_size = 2; break;
  case MAT_C_INT32: *kind = PCT_NPY_INT; *item_size = 4; break;
  case MAT_C_UINT32: *kind = PCT_NPY_UINT; *item_size = 4; break;
  case MAT_C_INT64: *kind = PCT_NPY_INT; *item_size = 8; break;
  case MAT_C_UINT64: *kind = PCT_NPY_UINT; *item_size = 8; break;
  default: return FALSE;
  }
  return TRUE;
}

gboolean
pct_mat_is_packed(const PctMatFile *file, const matvar_t *variable)
{
  return Mat_GetVersion(file->mat) == MAT_FT_MAT5 && variable->compression == MAT_COMPRESSION_ZLIB;
}

gboolean
pct_mat_count(const PctMatFile *file, const matvar_t *variable, gsize *n)
{
  gsize most;
  if (!g_size_checked_mul(&most, file->n_bytes, MAX_DEFLATE_RATIO))
    most = G_MAXSIZE;
  // Whole numbers may be stored in a byte each, whatever their class; only HDF5 packs without saying so here.
  if (!pct_mat_is_packed(file, variable) && Mat_GetVersion(file->mat) != MAT_FT_MAT73)
    most = file->n_bytes;
  *n = 1;
  if (variable->rank < 1 || variable->rank > PCT_NPY_MAX_DIMS || !variable->dims)
    return FALSE;
  for (int d = 0; d < variable->rank; d++)
    if (variable->dims[d] > G_MAXINT || !g_size_checked_mul(n, *n, variable->dims[d]))
      return FALSE;
  return *n <= most;
}

static gboolean
refuse(const PctMatFile *file, const matvar_t *variable, const char *reason, GError **error)
{
  g_autofree char *name = g_utf8_make_valid(variable->name ? variable->name : "", -1);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” cannot be read from “%s”: %s."), name, file->shown, reason);
  return FALSE;
}

gboolean
pct_mat_read_numbers(const PctMatFile *file, matvar_t *variable, gsize first, gsize n, gpointer out, GError **error)
{
  PctNpyKind kind;
  gsize item_size, n_items, shape[PCT_NPY_MAX_DIMS];
  if (!pct_mat_number_type(variable, &kind, &item_size) || !pct_mat_count(file, variable, &n_items) ||
      first > variable->dims[0] || n > variable->dims[0] - first)
    return refuse(file, variable, _("it declares more than the file holds"), error);
  int rank = variable->rank, start[PCT_NPY_MAX_DIMS] = { (int)first }, stride[PCT_NPY_MAX_DIMS];
  int edge[PCT_NPY_MAX_DIMS];
  gsize column = item_size;
  for (int d = 0; d < rank; d++) {
    shape[d] = d == 0 ? n : variable->dims[d];
    stride[d] = 1;
    edge[d] = (int)shape[d];
    column *= d < rank - 1 ? shape[d] : 1;
  }
  gsize n_last = shape[rank - 1], at_once = pct_mat_is_packed(file, variable) ? n_last : BLOCK / MAX(column, 1);
  at_once = CLAMP(at_once, 1, MAX(n_last, 1));
  if (rank == 1)
    at_once = n_last;
  // Zeros, so that a file that ends too early gives nothing that was in memory.
  g_autofree guint8 *block = column > 0 ? g_try_malloc0_n(at_once, column) : NULL;
  if (column > 0 && n_last > 0 && !block) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("“%s” needs %.1f GB of memory, more than there is."), file->shown,
                (double)column * (double)at_once / 1e9);
    return FALSE;
  }
  for (gsize at = 0; at < n_last && column > 0; at += at_once) {
    gsize some = MIN(at_once, n_last - at);
    start[rank - 1] = (int)(rank == 1 ? first : at);
    edge[rank - 1] = (int)some;
    // Of whole columns matio 1.5.23 reads the first ones whatever start says, unless they are asked for as one stretch.
    gboolean whole = n == variable->dims[0] && at_once < n_last;
    gsize height = column / item_size;
    if (whole && (at + some) * height > G_MAXINT)
      return refuse(file, variable, _("it has more numbers than can be read"), error);
    if (whole ? Mat_VarReadDataLinear(file->mat, variable, block, (int)(at * height), 1, (int)(some * height)) != 0
              : Mat_VarReadData(file->mat, variable, block, start, stride, edge) != 0)
      return refuse(file, variable, _("its data are damaged"), error);
    pct_column_major_put(out, block, item_size, (guint)rank, shape, at, some);
  }
  for (gsize i = 0; kind == PCT_NPY_BOOL && i < n * (n_items / MAX(variable->dims[0], 1)); i++)
    ((guint8 *)out)[i] = ((guint8 *)out)[i] != 0;
  return TRUE;
}

// Character i of what matio put in memory; beyond its end, nothing.
static gunichar
character_at(const matvar_t *variable, gsize i)
{
  gsize unit = Mat_SizeOf(variable->data_type);
  if (unit == 0 || (i + 1) > variable->nbytes / unit)
    return 0;
  const guint8 *at = (const guint8 *)variable->data + i * unit;
  guint16 two;
  guint32 four;
  switch (unit) {
  case 1: return *at;
  case 2: memcpy(&two, at, 2); return two;
  case 4: memcpy(&four, at, 4); return g_unichar_validate(four) ? four : 0xfffd;
  default: return 0;
  }
}

static char *
dup_row(const matvar_t *variable, gsize row, gsize n_rows, gsize n_columns)
{
  if (n_rows == 1 && Mat_SizeOf(variable->data_type) == 1)
    return g_utf8_make_valid(variable->data, (gssize)MIN(variable->nbytes, strnlen(variable->data, variable->nbytes)));
  g_autoptr(GString) text = g_string_new(NULL);
  for (gsize k = 0; k < n_columns; k++) {
    gunichar c = character_at(variable, row + k * n_rows);
    if (c == 0)
      break;
    g_string_append_unichar(text, g_unichar_validate(c) ? c : 0xfffd);
  }
  // MATLAB pads the rows of a char array with blanks.
  return g_strchomp(g_string_free(g_steal_pointer(&text), FALSE));
}

GPtrArray *
pct_mat_read_texts(const PctMatFile *file, matvar_t *variable, GError **error)
{
  gsize n;
  if (!pct_mat_count(file, variable, &n)) {
    refuse(file, variable, _("it declares more than the file holds"), error);
    return NULL;
  }
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
  if (n == 0) {
    g_ptr_array_add(rows, g_strdup(""));
    return g_steal_pointer(&rows);
  }
  // It stays with the variable: matio reads packed text once only, and dies when asked again.
  if (!variable->data && (Mat_VarReadDataAll(file->mat, variable) != 0 || !variable->data)) {
    refuse(file, variable, _("its data are damaged"), error);
    return NULL;
  }
  for (gsize i = 0; i < variable->dims[0]; i++)
    g_ptr_array_add(rows, dup_row(variable, i, variable->dims[0], n / variable->dims[0]));
  return g_steal_pointer(&rows);
}
