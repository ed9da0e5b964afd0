// SPDX-License-Identifier: GPL-3.0-or-later
// Writing the format: always float32, arrays in order of addition, metadata sorted, so that the same content is the
// same bytes.
#include "config.h"
#include <json-glib/json-glib.h>
#include <string.h>
#include "base/atomic-file.h"
#include "nn/safetensors.h"

static void
add_metadata(JsonBuilder *builder, const PctTensors *tensors)
{
  g_auto(GStrv) keys = pct_tensors_dup_metadata_keys(tensors);
  if (!keys[0])
    return;
  json_builder_set_member_name(builder, "__metadata__");
  json_builder_begin_object(builder);
  for (char **key = keys; *key; key++) {
    json_builder_set_member_name(builder, *key);
    json_builder_add_string_value(builder, pct_tensors_get_metadata(tensors, *key));
  }
  json_builder_end_object(builder);
}

static char *
make_header(const PctTensors *tensors)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  gsize offset = 0;
  json_builder_begin_object(builder);
  add_metadata(builder, tensors);
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    json_builder_set_member_name(builder, tensor->name);
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "dtype");
    json_builder_add_string_value(builder, "F32");
    json_builder_set_member_name(builder, "shape");
    json_builder_begin_array(builder);
    for (int k = 0; k < tensor->rank; k++)
      json_builder_add_int_value(builder, (gint64)tensor->shape[k]);
    json_builder_end_array(builder);
    json_builder_set_member_name(builder, "data_offsets");
    json_builder_begin_array(builder);
    json_builder_add_int_value(builder, (gint64)offset);
    offset += tensor->count * sizeof(float);
    json_builder_add_int_value(builder, (gint64)offset);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
  }
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  return json_to_string(root, FALSE);
}

gboolean
pct_safetensors_save(const PctTensors *tensors, const char *path, GError **error)
{
  g_autofree char *json = make_header(tensors);
  // Padded with spaces, so that the arrays start at a multiple of eight.
  gsize length = strlen(json), padded = (length + 7) / 8 * 8;
  g_autofree char *header = g_strdup_printf("%s%*s", json, (int)(padded - length), "");
  guint8 prefix[8];
  for (int i = 0; i < 8; i++)
    prefix[i] = (guint8)((guint64)padded >> 8 * i);
  g_autoptr(PctAtomicFile) file = pct_atomic_file_open(path, error);
  if (!file || !pct_atomic_file_write(file, prefix, sizeof prefix, error) ||
      !pct_atomic_file_write(file, header, padded, error))
    return FALSE;
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    if (!pct_atomic_file_write(file, tensor->values, tensor->count * sizeof(float), error))
      return FALSE;
  }
  return pct_atomic_file_commit(file, error);
}
