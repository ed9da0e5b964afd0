// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/mat-source.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "foreign/hdf5-ids.h"
#include "foreign/kept-array.h"
#include "foreign/mat-read.h"
#include "foreign/source-list.h"
#include "foreign/text-array.h"

#define DEEPEST 16  // structs in structs

typedef struct {
  matvar_t **items;    // (n_items,), borrowed from the variables
  gsize n_items;
  gboolean in_parts;   // numbers of one variable that can be read by slabs
  guint variable;      // that it is or is in
  gboolean is_packed;
} Entry;

typedef struct {
  PctArraySource base;
  PctMatFile file;
  GPtrArray *variables;  // of matvar_t, without their numbers
  GPtrArray *entries;    // of Entry, as base.arrays
  GHashTable *sound;     // numbers + 1 of packed variables that were found to be sound
  PctKeptArray kept;
} MatSource;

typedef struct {
  MatSource *source;
  PctSourceList list;
} Listing;

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_free(entry->items);
  g_free(entry);
}

static void
mat_source_free(PctArraySource *base)
{
  MatSource *self = (MatSource *)base;
  pct_kept_array_clear(&self->kept);
  g_ptr_array_unref(self->entries);
  g_ptr_array_unref(self->variables);
  g_hash_table_unref(self->sound);
  if (self->file.mat)
    Mat_Close(self->file.mat);
  pct_array_source_clear(base);
  g_free(self);
}

static PctNpyArray *
read_text(MatSource *self, const Entry *entry, const PctForeignArray *array, GError **error)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  gsize n = 1;
  for (guint d = 0; d < array->n_dims; d++)
    n *= array->shape[d];
  for (gsize i = 0; i < entry->n_items; i++) {
    // Cells come column-major.
    gsize rows = array->n_dims == 2 ? array->shape[0] : entry->n_items;
    gsize from = i % (entry->n_items / MAX(rows, 1)) * rows + i / (entry->n_items / MAX(rows, 1));
    matvar_t *item = entry->items[array->n_dims == 2 ? from : i];
    if (!item || item->class_type != MAT_C_CHAR) {
      g_ptr_array_add(texts, g_strdup(""));
      continue;
    }
    g_autoptr(GPtrArray) some = pct_mat_read_texts(&self->file, item, error);
    if (!some)
      return NULL;
    for (guint k = 0; k < some->len; k++)
      g_ptr_array_add(texts, g_strdup(some->pdata[k]));
  }
  g_ptr_array_set_size(texts, (int)n);
  return pct_text_array_new((const char *const *)texts->pdata, array->n_dims, array->shape, self->base.shown, error);
}

// Items first .. first + n - 1 of the stack, or of the first dimension of a single variable.
static PctNpyArray *
read_numbers(MatSource *self, const Entry *entry, const PctForeignArray *array, gsize first, gsize n, GError **error)
{
  gsize shape[PCT_NPY_MAX_DIMS], item = array->item_size;
  memcpy(shape, array->shape, sizeof shape);
  shape[0] = n;
  g_autoptr(PctNpyArray) out = pct_npy_array_new(array->kind, array->item_size, array->n_dims, shape, self->base.shown,
                                                 error);
  if (!out)
    return NULL;
  if (entry->n_items == 0)
    return pct_mat_read_numbers(&self->file, entry->items[0], first, n, out->data, error) ? g_steal_pointer(&out) : NULL;
  for (guint d = 1; d < array->n_dims; d++)
    item *= array->shape[d];
  for (gsize i = 0; i < n; i++) {
    matvar_t *one = entry->items[first + i];
    if (!pct_mat_read_numbers(&self->file, one, 0, one->dims[0], (guint8 *)out->data + i * item, error))
      return NULL;
  }
  return g_steal_pointer(&out);
}

static PctNpyArray *
read_whole(PctArraySource *base, guint number, GError **error)
{
  MatSource *self = (MatSource *)base;
  const Entry *entry = self->entries->pdata[number];
  const PctForeignArray *array = base->arrays->pdata[number];
  return array->kind == PCT_NPY_UNICODE ? read_text(self, entry, array, error)
                                        : read_numbers(self, entry, array, 0, array->shape[0], error);
}

// Packed variables have a checksum, which matio does not compare.
static gboolean
check_sound(MatSource *self, const Entry *entry, GError **error)
{
  if (!entry->is_packed || g_hash_table_contains(self->sound, GUINT_TO_POINTER(entry->variable + 1)))
    return TRUE;
  if (!pct_mat_check_packed(self->base.path, entry->variable, error))
    return FALSE;
  g_hash_table_add(self->sound, GUINT_TO_POINTER(entry->variable + 1));
  return TRUE;
}

static PctNpyArray *
mat_source_read(PctArraySource *base, guint number, gsize first, gsize n, GError **error)
{
  MatSource *self = (MatSource *)base;
  const Entry *entry = self->entries->pdata[number];
  if (!check_sound(self, entry, error))
    return NULL;
  if (entry->in_parts)
    return read_numbers(self, entry, base->arrays->pdata[number], first, n, error);
  return pct_kept_array_read(&self->kept, read_whole, base, number, first, n, error);
}

static const PctArraySourceClass mat_source_class = { mat_source_read, mat_source_free };

// n_items 0: the one variable as it is.
static void
add(Listing *listing, PctForeignArray *array, matvar_t *const *items, gsize n_items, gboolean in_parts)
{
  if (!pct_source_list_add_take(&listing->list, array))
    return;
  Entry *entry = g_new0(Entry, 1);
  entry->items = g_memdup2(items, MAX(n_items, 1) * sizeof *items);
  entry->n_items = n_items;
  entry->in_parts = in_parts;
  const MatSource *source = listing->source;
  entry->variable = source->variables->len - 1;
  entry->is_packed = pct_mat_is_packed(&source->file, source->variables->pdata[entry->variable]);
  g_ptr_array_add(listing->source->entries, entry);
}

// Why a variable is not listed; NULL: it can be.
static const char *
find_fault(const Listing *listing, const matvar_t *variable, gsize *n)
{
  PctNpyKind kind;
  gsize item_size;
  switch (variable->class_type) {
  case MAT_C_SPARSE: return _("it is a sparse matrix; save full(x) instead");
  case MAT_C_FUNCTION: return _("it is a function handle");
  case MAT_C_OBJECT:
  case MAT_C_OPAQUE: return _("it is an object or a table; save its columns as arrays");
  case MAT_C_EMPTY: return _("it is empty, or of a class that is not known");
  default: break;
  }
  if (variable->isComplex)
    return _("it holds complex numbers; save real(x) or abs(x)");
  if (variable->class_type != MAT_C_CHAR && !pct_mat_number_type(variable, &kind, &item_size))
    return _("its MATLAB class is not known");
  if (!pct_mat_count(&listing->source->file, variable, n))
    return _("it declares more than the file holds");
  return *n == 0 ? _("it is empty") : NULL;
}

static void
add_single(Listing *listing, const char *name, matvar_t *variable)
{
  gsize n, shape[PCT_NPY_MAX_DIMS], item_size;
  const char *fault = find_fault(listing, variable, &n);
  PctNpyKind kind;
  if (fault) {
    pct_source_list_leave_out(&listing->list, name, fault);
    return;
  }
  for (int d = 0; d < variable->rank; d++)
    shape[d] = variable->dims[d];
  if (variable->class_type == MAT_C_CHAR) {
    add(listing, pct_foreign_array_new(name, PCT_NPY_UNICODE, 0, shape[0] != 1, shape), &variable, 1, FALSE);
    return;
  }
  pct_mat_number_type(variable, &kind, &item_size);
  add(listing, pct_foreign_array_new(name, kind, item_size, (guint)variable->rank, shape), &variable, 0,
      !pct_mat_is_packed(&listing->source->file, variable));
}

static gboolean
are_texts(matvar_t *const *items, gsize n)
{
  gboolean any = FALSE;
  for (gsize i = 0; i < n; i++) {
    gboolean text = items[i] && items[i]->class_type == MAT_C_CHAR && items[i]->rank == 2 && items[i]->dims[0] <= 1;
    any = any || text;
    // An empty text is often saved as [].
    gboolean empty = !items[i] || items[i]->class_type == MAT_C_EMPTY ||
                     (items[i]->rank == 2 && items[i]->dims[0] * items[i]->dims[1] == 0);
    if (!text && !empty)
      return FALSE;
  }
  return any;
}

static gboolean
are_equal(matvar_t *const *items, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!items[i] || items[i]->class_type != items[0]->class_type || items[i]->isLogical != items[0]->isLogical ||
        items[i]->isComplex != items[0]->isComplex || items[i]->rank != items[0]->rank || items[i]->rank < 1 ||
        memcmp(items[i]->dims, items[0]->dims, (gsize)items[0]->rank * sizeof *items[0]->dims) != 0)
      return FALSE;
  return TRUE;
}

// The cells of a cell array (n_rows x n_columns), or one field of all elements of a struct array.
static void
add_group(Listing *listing, const char *name, matvar_t *const *items, gsize n_rows, gsize n_columns)
{
  gsize n = n_rows * n_columns, n_each, shape[PCT_NPY_MAX_DIMS] = { n }, item_size;
  PctNpyKind kind;
  if (are_texts(items, n)) {
    gboolean table = n_rows > 1 && n_columns > 1;
    gsize both[] = { n_rows, n_columns };
    add(listing, pct_foreign_array_new(name, PCT_NPY_UNICODE, 0, table ? 2 : 1, table ? both : &n), items, n, FALSE);
    return;
  }
  const char *fault = !are_equal(items, n)                   ? _("its parts differ in size or type")
                      : n_rows > 1 && n_columns > 1          ? _("it is a cell array of more than one row and column")
                      : !items[0]                            ? _("it is empty")
                      : items[0]->class_type == MAT_C_CELL || items[0]->class_type == MAT_C_STRUCT
                          ? _("it has cells or structs in cells or struct arrays")
                      : items[0]->rank >= PCT_NPY_MAX_DIMS   ? _("it has too many dimensions")
                                                             : find_fault(listing, items[0], &n_each);
  if (!fault && !pct_mat_number_type(items[0], &kind, &item_size))
    fault = _("its parts differ in size or type");
  if (fault) {
    pct_source_list_leave_out(&listing->list, name, fault);
    return;
  }
  guint rank = n_each == 1 ? 0 : (guint)items[0]->rank;
  for (guint d = 0; d < rank; d++)
    shape[d + 1] = items[0]->dims[d];
  add(listing, pct_foreign_array_new(name, kind, item_size, rank + 1, shape), items, n, FALSE);
}

static void add_variable(Listing *listing, const char *name, matvar_t *variable, int depth);

static void
add_struct(Listing *listing, const char *name, matvar_t *variable, int depth)
{
  gsize n;
  if (!pct_mat_count(&listing->source->file, variable, &n) || n == 0 || depth == DEEPEST) {
    pct_source_list_leave_out(&listing->list, name, depth == DEEPEST ? _("it is nested too deeply") : _("it is empty"));
    return;
  }
  guint n_fields = Mat_VarGetNumberOfFields(variable);
  char *const *fields = Mat_VarGetStructFieldnames(variable);
  for (guint f = 0; f < n_fields && fields; f++) {
    g_autofree char *path = g_strconcat(name, "/", fields[f], NULL);
    g_autofree matvar_t **items = g_new0(matvar_t *, n);
    for (gsize i = 0; i < n; i++)
      items[i] = Mat_VarGetStructFieldByIndex(variable, f, i);
    if (n > 1)
      add_group(listing, path, items, n, 1);
    else if (items[0])
      add_variable(listing, path, items[0], depth + 1);
  }
}

static void
add_cells(Listing *listing, const char *name, matvar_t *variable)
{
  gsize n;
  if (!pct_mat_count(&listing->source->file, variable, &n) || n == 0 || !variable->data ||
      variable->nbytes / sizeof(matvar_t *) < n) {
    pct_source_list_leave_out(&listing->list, name, _("it is empty"));
    return;
  }
  add_group(listing, name, variable->data, variable->dims[0], n / variable->dims[0]);
}

static void
add_variable(Listing *listing, const char *name, matvar_t *variable, int depth)
{
  if (variable->class_type == MAT_C_STRUCT)
    add_struct(listing, name, variable, depth);
  else if (variable->class_type == MAT_C_CELL)
    add_cells(listing, name, variable);
  else
    add_single(listing, name, variable);
}

static void
free_variable(gpointer data)
{
  Mat_VarFree(data);
}

PctArraySource *
pct_mat_source_open(const char *path, PctMatVersion version, gsize n_bytes, const PctRun *run, GError **error)
{
  MatSource *self = g_new0(MatSource, 1);
  pct_array_source_init(&self->base, &mat_source_class, path,
                        version == PCT_MAT_4 ? "MATLAB 4" : version == PCT_MAT_5 ? "MATLAB 5" : "MATLAB 7.3");
  g_autoptr(PctArraySource) source = &self->base;
  self->entries = g_ptr_array_new_with_free_func(entry_free);
  self->variables = g_ptr_array_new_with_free_func(free_variable);
  self->sound = g_hash_table_new(NULL, NULL);
  if (version == PCT_MAT_73)
    pct_hdf5_make_safe();
  self->file = (PctMatFile){ Mat_Open(path, MAT_ACC_RDONLY), n_bytes, self->base.shown };
  if (!self->file.mat) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is damaged: matio does not open it as a MATLAB file."),
                self->base.shown);
    return NULL;
  }
  g_auto(PctSourceList) list = { 0 };
  pct_source_list_init(&list, source);
  Listing listing = { self, list };
  gsize n;
  // What else has no name is MATLAB's own, such as the parts of objects.
  for (matvar_t *variable; (variable = Mat_VarReadNextInfo(self->file.mat));) {
    g_ptr_array_add(self->variables, variable);
    if (variable->name && *variable->name)
      add_variable(&listing, variable->name, variable, 0);
    else if (variable->class_type == MAT_C_OPAQUE)
      pct_source_list_leave_out(&listing.list, _("(an object)"), find_fault(&listing, variable, &n));
    if (!pct_run_step(run, self->variables->len, 0, error))
      return NULL;
    if (self->variables->len >= PCT_MOST_ARRAYS)
      break;
  }
  return pct_source_list_finish(&listing.list, error) ? g_steal_pointer(&source) : NULL;
}
