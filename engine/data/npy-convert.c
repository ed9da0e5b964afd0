// SPDX-License-Identifier: GPL-3.0-or-later
// What an array holds, as the types that the program works with. Values are read one by one through memcpy, except
// where a whole array can be given away as it is.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/half.h"
#include "data/npy.h"

char *
pct_npy_array_describe(const PctNpyArray *array)
{
  GString *text = g_string_new(NULL);
  g_string_printf(text, "%c%" G_GSIZE_FORMAT " (", "biufUS"[array->kind],
                  array->kind == PCT_NPY_UNICODE ? array->item_size / 4 : array->item_size);
  for (guint i = 0; i < array->n_dims; i++)
    g_string_append_printf(text, i ? ", %" G_GSIZE_FORMAT : "%" G_GSIZE_FORMAT, array->shape[i]);
  g_string_append_c(text, ')');
  return g_string_free(text, FALSE);
}

static gboolean
is_number(const PctNpyArray *array, const char *shown, GError **error)
{
  if (array->kind != PCT_NPY_UNICODE && array->kind != PCT_NPY_BYTES)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” holds text; expected numbers."), shown);
  return FALSE;
}

static gint64
get_integer(const PctNpyArray *array, const guint8 *at)
{
  gint8 i8;
  gint16 i16;
  gint32 i32;
  guint16 u16;
  guint32 u32;
  gint64 i64;
  gboolean is_signed = array->kind == PCT_NPY_INT;
  switch (array->item_size) {
  case 1: memcpy(&i8, at, 1); return is_signed ? i8 : *at;
  case 2: memcpy(&i16, at, 2); memcpy(&u16, at, 2); return is_signed ? i16 : u16;
  case 4: memcpy(&i32, at, 4); memcpy(&u32, at, 4); return is_signed ? i32 : (gint64)u32;
  default: memcpy(&i64, at, 8); return i64;  // of an unsigned number, the bits
  }
}

static double
get_float(const PctNpyArray *array, const guint8 *at)
{
  guint16 half;
  float f32;
  double f64;
  switch (array->item_size) {
  case 2: memcpy(&half, at, 2); pct_half_to_float_portable(&f32, &half, 1); return f32;
  case 4: memcpy(&f32, at, 4); return f32;
  default: memcpy(&f64, at, 8); return f64;
  }
}

static gpointer
allocate(gsize n_items, gsize item_size, const char *shown, GError **error)
{
  gpointer out = g_try_malloc_n(MAX(n_items, 1), item_size);
  if (!out)
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for “%s”."), shown);
  return out;
}

float *
pct_npy_array_dup_floats(const PctNpyArray *array, const char *shown, GError **error)
{
  float *out = is_number(array, shown, error) ? allocate(array->n_items, sizeof *out, shown, error) : NULL;
  if (!out)
    return NULL;
  const guint8 *at = array->data;
  if (array->kind == PCT_NPY_FLOAT && array->item_size == 4 && array->n_items > 0)
    memcpy(out, at, array->n_items * sizeof *out);
  else if (array->kind == PCT_NPY_FLOAT && array->item_size == 2)
    pct_half_to_float(out, array->data, array->n_items);
  else if (array->kind == PCT_NPY_FLOAT)
    for (gsize i = 0; i < array->n_items; i++, at += array->item_size)
      out[i] = (float)get_float(array, at);
  else if (array->kind == PCT_NPY_UINT && array->item_size == 8)
    for (gsize i = 0; i < array->n_items; i++, at += 8)
      out[i] = (float)(guint64)get_integer(array, at);
  else
    for (gsize i = 0; i < array->n_items; i++, at += array->item_size)
      out[i] = (float)get_integer(array, at);
  return out;
}

float *
pct_npy_array_steal_floats(PctNpyArray *array, const char *shown, GError **error)
{
  if (array->kind == PCT_NPY_FLOAT && array->item_size == 4)
    return g_steal_pointer(&array->data);
  return pct_npy_array_dup_floats(array, shown, error);
}

double *
pct_npy_array_dup_doubles(const PctNpyArray *array, const char *shown, GError **error)
{
  double *out = is_number(array, shown, error) ? allocate(array->n_items, sizeof *out, shown, error) : NULL;
  const guint8 *at = array->data;
  for (gsize i = 0; out && i < array->n_items; i++, at += array->item_size)
    out[i] = array->kind == PCT_NPY_FLOAT                                ? get_float(array, at)
             : array->kind == PCT_NPY_UINT && array->item_size == 8 ? (double)(guint64)get_integer(array, at)
                                                                    : (double)get_integer(array, at);
  return out;
}

gint64 *
pct_npy_array_dup_integers(const PctNpyArray *array, const char *shown, GError **error)
{
  g_autofree gint64 *out = is_number(array, shown, error) ? allocate(array->n_items, sizeof *out, shown, error) : NULL;
  if (!out)
    return NULL;
  const guint8 *at = array->data;
  for (gsize i = 0; i < array->n_items; i++, at += array->item_size) {
    gboolean ok = TRUE;
    if (array->kind == PCT_NPY_FLOAT) {
      double value = get_float(array, at);
      ok = value >= -0x1p63 && value < 0x1p63 && value == floor(value);
      out[i] = ok ? (gint64)value : 0;
    } else {
      out[i] = get_integer(array, at);
      ok = !(array->kind == PCT_NPY_UINT && array->item_size == 8 && out[i] < 0);
    }
    if (!ok) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, 
                  _("“%s” has an element (%zu) that is not a whole number of 64 bits; expected whole numbers."), shown, i);
      return NULL;
    }
  }
  return g_steal_pointer(&out);
}

char *
pct_npy_array_dup_text(const PctNpyArray *array, gsize i)
{
  g_return_val_if_fail(array->kind == PCT_NPY_UNICODE || array->kind == PCT_NPY_BYTES, NULL);
  g_return_val_if_fail(i < array->n_items, NULL);
  const guint8 *at = (const guint8 *)array->data + i * array->item_size;
  if (array->kind == PCT_NPY_BYTES) {
    g_autofree char *text = g_strndup((const char *)at, array->item_size);
    return g_utf8_make_valid(text, -1);
  }
  GString *text = g_string_new(NULL);
  for (gsize j = 0; j < array->item_size; j += 4) {
    guint32 character;
    memcpy(&character, at + j, 4);
    if (character == 0)
      break;
    g_string_append_unichar(text, g_unichar_validate(character) ? character : 0xfffd);
  }
  return g_string_free(text, FALSE);
}
