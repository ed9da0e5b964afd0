// SPDX-License-Identifier: GPL-3.0-or-later
// The collection of named arrays that safetensors files are read into and written from: in order of addition, found by
// name. Invariant: names are unique, count is the product of shape.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "nn/safetensors.h"

struct _PctTensors {
  GPtrArray *items;      // PctTensor, owned
  GHashTable *by_name;   // borrowed name -> borrowed PctTensor
  GTree *metadata;       // sorted, so that a file's bytes depend on its content alone
  char *source;          // NULL: made in memory
};

static void
tensor_free(gpointer data)
{
  PctTensor *tensor = data;
  g_free(tensor->name);
  if (!tensor->borrowed)
    g_free(tensor->values);
  g_free(tensor);
}

static int
compare_keys(gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp(a, b);
}

PctTensors *
pct_tensors_new(void)
{
  PctTensors *tensors = g_new0(PctTensors, 1);
  tensors->items = g_ptr_array_new_with_free_func(tensor_free);
  tensors->by_name = g_hash_table_new(g_str_hash, g_str_equal);
  tensors->metadata = g_tree_new_full(compare_keys, NULL, g_free, g_free);
  return tensors;
}

void
pct_tensors_free(PctTensors *tensors)
{
  if (!tensors)
    return;
  g_hash_table_unref(tensors->by_name);
  g_ptr_array_unref(tensors->items);
  g_tree_unref(tensors->metadata);
  g_free(tensors->source);
  g_free(tensors);
}

void
pct_tensors_add_take(PctTensors *tensors, const char *name, float *values, int rank, const gsize *shape)
{
  g_return_if_fail(rank >= 0 && rank <= PCT_TENSOR_MAX_RANK);
  g_return_if_fail(!g_hash_table_contains(tensors->by_name, name));
  PctTensor *tensor = g_new0(PctTensor, 1);
  *tensor = (PctTensor){ .name = g_strdup(name), .rank = rank, .count = 1, .values = values };
  for (int i = 0; i < rank; i++) {
    tensor->shape[i] = shape[i];
    tensor->count *= shape[i];
  }
  g_ptr_array_add(tensors->items, tensor);
  g_hash_table_insert(tensors->by_name, tensor->name, tensor);
}

void
pct_tensors_add(PctTensors *tensors, const char *name, const float *values, int rank, const gsize *shape)
{
  gsize count = 1;
  for (int i = 0; i < rank; i++)
    count *= shape[i];
  pct_tensors_add_take(tensors, name, g_memdup2(values, count * sizeof(float)), rank, shape);
}

void
pct_tensors_add_borrowed(PctTensors *tensors, const char *name, const float *values, int rank, const gsize *shape)
{
  pct_tensors_add_take(tensors, name, (float *)values, rank, shape);
  ((PctTensor *)tensors->items->pdata[tensors->items->len - 1])->borrowed = TRUE;
}

void
pct_tensors_add_vector(PctTensors *tensors, const char *name, const float *values, gsize n)
{
  pct_tensors_add(tensors, name, values, 1, &n);
}

void
pct_tensors_set_metadata(PctTensors *tensors, const char *key, const char *value)
{
  g_tree_replace(tensors->metadata, g_strdup(key), g_strdup(value));
}

const char *
pct_tensors_get_metadata(const PctTensors *tensors, const char *key)
{
  return g_tree_lookup(tensors->metadata, key);
}

char **
pct_tensors_dup_metadata_keys(const PctTensors *tensors)
{
  GStrvBuilder *builder = g_strv_builder_new();
  for (GTreeNode *node = g_tree_node_first(tensors->metadata); node; node = g_tree_node_next(node))
    g_strv_builder_add(builder, g_tree_node_key(node));
  char **keys = g_strv_builder_end(builder);
  g_strv_builder_unref(builder);
  return keys;
}

void
pct_tensors_set_source(PctTensors *tensors, const char *name)
{
  g_free(tensors->source);
  tensors->source = g_strdup(name);
}

const char *
pct_tensors_get_source(const PctTensors *tensors)
{
  return tensors->source ? tensors->source : _("memory");
}

guint
pct_tensors_get_n(const PctTensors *tensors)
{
  return tensors->items->len;
}

const PctTensor *
pct_tensors_get(const PctTensors *tensors, guint i)
{
  g_return_val_if_fail(i < tensors->items->len, NULL);
  return tensors->items->pdata[i];
}

const PctTensor *
pct_tensors_find(const PctTensors *tensors, const char *name)
{
  return g_hash_table_lookup(tensors->by_name, name);
}

static char *
describe_shape(int rank, const gsize *shape)
{
  GString *text = g_string_new("(");
  for (int i = 0; i < rank; i++)
    g_string_append_printf(text, i ? ", %" G_GSIZE_FORMAT : "%" G_GSIZE_FORMAT, shape[i]);
  g_string_append(text, rank == 1 ? ",)" : ")");
  return g_string_free(text, FALSE);
}

const PctTensor *
pct_tensors_require(const PctTensors *tensors, const char *name, int rank, const gsize *shape, GError **error)
{
  const char *source = pct_tensors_get_source(tensors);
  const PctTensor *tensor = pct_tensors_find(tensors, name);
  if (!tensor) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” has no array “%s”."), source, name);
    return NULL;
  }
  if (tensor->rank != rank || (rank > 0 && memcmp(tensor->shape, shape, (gsize)rank * sizeof *shape) != 0)) {
    g_autofree char *expected = describe_shape(rank, shape), *found = describe_shape(tensor->rank, tensor->shape);
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("In “%s”, array “%s” should have the shape %s, but has %s."),
                source, name, expected, found);
    return NULL;
  }
  return tensor;
}

gboolean
pct_tensors_require_number(const PctTensors *tensors, const char *key, double *number, GError **error)
{
  const char *text = pct_tensors_get_metadata(tensors, key);
  if (!text) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The checkpoint does not say its “%s”."), key);
    return FALSE;
  }
  *number = g_ascii_strtod(text, NULL);
  return TRUE;
}
