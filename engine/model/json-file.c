// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "model/json-file.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include "base/error.h"
#include "base/json-depth.h"

#define MAX_BYTES (1 << 20)
#define MAX_DEPTH 8

static gboolean
read_text(const char *path, const char *shown, char *text, gsize most, gsize *n, GError **error)
{
  // A pipe would be waited for.
  int code = g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR) ? EINVAL : 0;
  FILE *file = code ? NULL : fopen(path, "rbe");
  if (file) {
    *n = fread(text, 1, most + 1, file);
    code = ferror(file) ? errno : 0;
    fclose(file);
  } else if (!code) {
    code = errno;
  }
  if (code)
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(code));
  return code == 0;
}

static JsonParser *
refuse_size(const char *shown, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is larger or nested deeper than any file of its kind."),
              shown);
  return NULL;
}

JsonParser *
pct_json_text_load(const char *text, gsize n, const char *shown, GError **error)
{
  g_return_val_if_fail(text && shown, NULL);
  if (!pct_json_is_shallow(text, n, MAX_DEPTH))
    return refuse_size(shown, error);
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  if (!g_utf8_validate(text, (gssize)n, NULL) || !json_parser_load_from_data(parser, text, (gssize)n, NULL) ||
      !json_parser_get_root(parser) || !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is not a JSON object."), shown);
    return NULL;
  }
  return g_steal_pointer(&parser);
}

JsonParser *
pct_json_file_load(const char *path, GError **error)
{
  return pct_json_file_load_up_to(path, MAX_BYTES, error);
}

JsonParser *
pct_json_file_load_up_to(const char *path, gsize most, GError **error)
{
  g_return_val_if_fail(path, NULL);
  g_autofree char *shown = g_filename_display_name(path), *text = g_malloc(most + 1);
  gsize n = 0;
  if (!read_text(path, shown, text, most, &n, error))
    return NULL;
  if (n > most)
    return refuse_size(shown, error);
  return pct_json_text_load(text, n, shown, error);
}

const char *
pct_json_node_get_text(JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
           ? json_node_get_string(node) : NULL;
}

const char *
pct_json_get_text(JsonObject *object, const char *name)
{
  return pct_json_node_get_text(json_object_get_member(object, name));
}

char *
pct_json_dup_path_text(const char *path)
{
  char *uri = g_utf8_validate(path, -1, NULL) ? NULL : g_filename_to_uri(path, NULL, NULL);
  return uri ? uri : g_filename_display_name(path);
}

char *
pct_json_dup_path(const char *text)
{
  return g_str_has_prefix(text, "file:") ? g_filename_from_uri(text, NULL, NULL) : g_strdup(text);
}

static void
add_member(JsonObject *object, const char *name, JsonNode *value, gpointer copy)
{
  json_object_set_member(copy, name, pct_json_dup_without_paths(value));
}

static void
add_element(JsonArray *array, guint i, JsonNode *value, gpointer copy)
{
  json_array_add_element(copy, pct_json_dup_without_paths(value));
}

// As deep as node, which was checked when it was read.
JsonNode *
pct_json_dup_without_paths(JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT(node)) {
    JsonObject *copy = json_object_new();
    json_object_foreach_member(json_node_get_object(node), add_member, copy);
    return json_node_init_object(json_node_alloc(), copy);
  }
  if (JSON_NODE_HOLDS_ARRAY(node)) {
    JsonArray *copy = json_array_new();
    json_array_foreach_element(json_node_get_array(node), add_element, copy);
    return json_node_init_array(json_node_alloc(), copy);
  }
  const char *text = JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
                       ? json_node_get_string(node) : NULL;
  g_autofree char *path = text && g_str_has_prefix(text, "file:") ? pct_json_dup_path(text) : g_strdup(text);
  if (!path || !g_path_is_absolute(path))
    return json_node_copy(node);
  g_autofree char *name = g_path_get_basename(path), *shown = g_filename_display_name(name);
  return json_node_init_string(json_node_alloc(), shown);
}
