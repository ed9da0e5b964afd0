// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/object-array.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "foreign/numpy-pickle.h"
#include "foreign/text-array.h"

// Numbers in a list that is taken for a vector.
#define LONGEST_VECTOR 4096
#define MOST_COLUMNS 10000
#define MOST_NUMBERS ((gsize)100 << 20)  // in a column of Python's own

static void
column_free(gpointer data)
{
  PctObjectColumn *column = data;
  g_free(column->name);
  pct_npy_array_free(column->array);
  g_free(column);
}

// Where the pickle begins behind an .npy header that says |O; NULL if it says something else.
static const guint8 *
find_pickle(const guint8 *bytes, gsize n)
{
  if (n < 12 || memcmp(bytes, "\x93NUMPY", 6) != 0)
    return NULL;
  gsize start = bytes[6] == 1 ? 10 : 12, length = bytes[8] | (gsize)bytes[9] << 8;
  if (start == 12)
    length |= (gsize)bytes[10] << 16 | (gsize)bytes[11] << 24;
  if (length > n - start || length > 65536)
    return NULL;
  g_autofree char *header = g_strndup((const char *)bytes + start, length);
  return strstr(header, "'|O'") ? bytes + start + length : NULL;
}

static gboolean
is_listed(const PctPickleValue *value)
{
  return value->kind == PCT_PICKLE_LIST || value->kind == PCT_PICKLE_TUPLE;
}

static gboolean
is_number(const PctPickleValue *value)
{
  return value->kind == PCT_PICKLE_NUMBER || value->kind == PCT_PICKLE_REAL;
}

// Whether all items of a list or tuple, or a value by itself, are numbers, or all are texts.
static gboolean
are_all(const PctPickleValue *value, gboolean (*is)(const PctPickleValue *))
{
  if (!is_listed(value))
    return is(value);
  guint n = pct_pickle_count(value);
  for (guint i = 0; i < n; i++)
    if (!is(value->items->pdata[i]))
      return FALSE;
  return n > 0 && n <= LONGEST_VECTOR;
}

static gboolean
is_text(const PctPickleValue *value)
{
  return value->kind == PCT_PICKLE_TEXT;
}

// The item, or the value itself.
static const PctPickleValue *
part(const PctPickleValue *value, guint i)
{
  return is_listed(value) ? value->items->pdata[i] : value;
}

static double
number(const PctPickleValue *value)
{
  return value->kind == PCT_PICKLE_REAL ? value->real : (double)value->number;
}

// Python's own numbers: whole ones as int64, else float64.
static PctNpyArray *
make_numbers(const PctPickleValue *const *values, guint n_dims, const gsize *shape, gsize n, gsize n_each,
             const char *shown, GError **error)
{
  gboolean whole = TRUE;
  for (gsize i = 0; i < n * n_each; i++)
    whole = whole && part(values[i / n_each], (guint)(i % n_each))->kind == PCT_PICKLE_NUMBER;
  PctNpyArray *array = pct_npy_array_new(whole ? PCT_NPY_INT : PCT_NPY_FLOAT, 8, n_dims, shape, shown, error);
  for (gsize i = 0; array && i < n * n_each; i++) {
    const PctPickleValue *value = part(values[i / n_each], (guint)(i % n_each));
    if (whole)
      ((gint64 *)array->data)[i] = value->number;
    else
      ((double *)array->data)[i] = number(value);
  }
  return array;
}

static PctNpyArray *
make_texts(const PctPickleValue *const *values, guint n_dims, const gsize *shape, gsize n, gsize n_each,
           const char *shown, GError **error)
{
  g_autofree const char **texts = g_new(const char *, n * n_each + 1);
  for (gsize i = 0; i < n * n_each; i++)
    texts[i] = part(values[i / n_each], (guint)(i % n_each))->text;
  return pct_text_array_new(texts, n_dims, shape, shown, error);
}

// numpy's arrays or scalars, of which the first says how all must be. NULL without an error: they are not.
static PctNpyArray *
stack_arrays(const PctPickleValue *const *values, guint extra, gsize n, const char *shown, GError **error)
{
  g_autoptr(PctNpyArray) out = NULL;
  gsize size = 0;
  for (gsize i = 0; i < n; i++) {
    if (values[i]->kind != PCT_PICKLE_ARRAY && values[i]->kind != PCT_PICKLE_SCALAR)
      return NULL;
    g_autoptr(PctNpyArray) one = pct_numpy_pickle_dup_array(values[i], shown, NULL);
    if (!one || one->n_items == 0 || one->n_dims + extra > PCT_NPY_MAX_DIMS)
      return NULL;
    if (extra == 0)
      return g_steal_pointer(&one);
    if (!out) {
      gsize shape[PCT_NPY_MAX_DIMS] = { n };
      if (one->n_dims > 0)
        memcpy(shape + 1, one->shape, one->n_dims * sizeof *shape);
      size = one->n_items * one->item_size;
      out = pct_npy_array_new(one->kind, one->item_size, one->n_dims + 1, shape, shown, error);
      if (!out)
        return NULL;
    }
    if (one->kind != out->kind || one->item_size != out->item_size || one->n_dims + 1 != out->n_dims ||
        (one->n_dims > 0 && memcmp(one->shape, out->shape + 1, one->n_dims * sizeof *one->shape) != 0))
      return NULL;
    memcpy((guint8 *)out->data + i * size, one->data, size);
  }
  return g_steal_pointer(&out);
}

// An array of n values (extra 1), or of the one (extra 0). NULL without an error if they are of different sizes or kinds.
static PctNpyArray *
make_column(const PctPickleValue *const *values, guint extra, gsize n, const char *shown, GError **error)
{
  gboolean numbers = n > 0, texts = n > 0;
  gboolean listed = n > 0 && is_listed(values[0]);
  gsize n_each = listed ? pct_pickle_count(values[0]) : 1, shape[] = { extra ? n : n_each, n_each };
  // One list may be referred to any number of times.
  if (n_each > MOST_NUMBERS / MAX(n, 1))
    return NULL;
  for (gsize i = 0; i < n && (numbers || texts); i++) {
    gboolean fits = is_listed(values[i]) == listed && (!listed || pct_pickle_count(values[i]) == n_each);
    numbers = numbers && fits && are_all(values[i], is_number);
    texts = texts && fits && are_all(values[i], is_text);
  }
  if (numbers)
    return make_numbers(values, extra + (guint)listed, shape, n, n_each, shown, error);
  if (texts)
    return make_texts(values, extra + (guint)listed, shape, n, n_each, shown, error);
  return n > 0 ? stack_arrays(values, extra, n, shown, error) : NULL;
}

static const PctPickleValue *
find_member(const PctPickleValue *dict, const char *name)
{
  for (guint i = 0; i + 1 < pct_pickle_count(dict); i += 2) {
    const PctPickleValue *key = dict->items->pdata[i];
    if (key->kind == PCT_PICKLE_TEXT && strcmp(key->text, name) == 0)
      return dict->items->pdata[i + 1];
  }
  return NULL;
}

static void
add(GPtrArray *columns, const char *name, PctNpyArray *array)
{
  PctObjectColumn *column = g_new0(PctObjectColumn, 1);
  *column = (PctObjectColumn){ g_strdup(name), array };
  g_ptr_array_add(columns, column);
}

// A column for each member of the first dict; FALSE with an error, for which there is room.
static gboolean
add_members(GPtrArray *columns, const PctPickleValue *const *dicts, guint extra, gsize n, const char *shown,
            GPtrArray *left_out, GError **error)
{
  g_autofree const PctPickleValue **values = g_new(const PctPickleValue *, n);
  for (guint m = 0; m + 1 < pct_pickle_count(dicts[0]) && columns->len < MOST_COLUMNS; m += 2) {
    const PctPickleValue *key = dicts[0]->items->pdata[m];
    if (key->kind != PCT_PICKLE_TEXT || !*key->text)
      continue;
    gboolean there = TRUE;
    for (gsize i = 0; i < n && there; i++) {
      // Dicts made by one program have their members in one order.
      const PctPickleValue *same = m < pct_pickle_count(dicts[i]) ? dicts[i]->items->pdata[m] : NULL;
      gboolean in_order = same && same->kind == PCT_PICKLE_TEXT && strcmp(same->text, key->text) == 0 &&
                          m + 1 < pct_pickle_count(dicts[i]);
      values[i] = in_order ? dicts[i]->items->pdata[m + 1] : find_member(dicts[i], key->text);
      there = values[i] != NULL;
    }
    g_autoptr(GError) reason = NULL;
    PctNpyArray *array = there ? make_column(values, extra, n, shown, &reason) : NULL;
    if (reason) {
      g_propagate_error(error, g_steal_pointer(&reason));
      return FALSE;
    }
    if (array)
      add(columns, key->text, array);
    else
      g_ptr_array_add(left_out, g_strdup(key->text));
  }
  return TRUE;
}

static gboolean
add_columns(GPtrArray *columns, const PctPickleValue *value, const char *shown, GPtrArray *left_out, GError **error)
{
  const PctPickleValue *objects = pct_numpy_pickle_get_objects(value);
  // A dict that was saved is an array of one without dimensions.
  const PctPickleValue *shape = objects ? pct_pickle_item(value->state, 1, PCT_PICKLE_TUPLE) : NULL;
  guint n = objects ? pct_pickle_count(objects) : 0, extra = shape && pct_pickle_count(shape) > 0;
  if (!objects || n == 0 || !shape || (extra == 0 && n != 1))
    return TRUE;
  const PctPickleValue *const *values = (const PctPickleValue *const *)objects->items->pdata;
  guint n_dicts = 0;
  for (guint i = 0; i < n; i++)
    n_dicts += values[i]->kind == PCT_PICKLE_DICT;
  if (n_dicts == n)
    return add_members(columns, values, extra, n, shown, left_out, error);
  PctNpyArray *array = make_column(values, extra, n, shown, error);
  if (array)
    add(columns, "", array);
  return array || !*error;
}

GPtrArray *
pct_object_array_read(const guint8 *bytes, gsize n, const char *shown, gboolean *is_objects, GPtrArray *left_out,
                      GError **error)
{
  const guint8 *pickle = find_pickle(bytes, n);
  *is_objects = pickle != NULL;
  if (!pickle)
    return NULL;
  g_autoptr(GError) reason = NULL;
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(column_free);
  PctPickleMachine machine;
  pct_pickle_machine_init(&machine, pickle, (gsize)(bytes + n - pickle), shown,
                          _("“%s” is not a sound array of objects: %s."), &reason);
  const PctPickleValue *value = pct_numpy_pickle_read(&machine);
  if (value && add_columns(columns, value, shown, left_out, &reason) && columns->len == 0 && left_out->len == 0)
    g_set_error(&reason, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” holds Python objects that are neither numbers nor texts, nor arrays of one size."), shown);
  pct_pickle_machine_clear(&machine);
  if (reason) {
    g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
  }
  return g_steal_pointer(&columns);
}
