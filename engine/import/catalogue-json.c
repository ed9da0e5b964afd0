// SPDX-License-Identifier: GPL-3.0-or-later
// A catalogue as percept-import tells it to those who may not open the files themselves.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "import/catalogue.h"
#include "model/json-file.h"

static char *
dup_type(const PctForeignArray *array)
{
  switch (array->kind) {
  case PCT_NPY_BOOL: return g_strdup("bool");
  case PCT_NPY_INT: return g_strdup_printf("int%zu", array->item_size * 8);
  case PCT_NPY_UINT: return g_strdup_printf("uint%zu", array->item_size * 8);
  case PCT_NPY_FLOAT: return g_strdup_printf("float%zu", array->item_size * 8);
  case PCT_NPY_UNICODE:
  case PCT_NPY_BYTES: break;
  }
  return g_strdup("text");
}

static void
add_source(JsonBuilder *builder, const PctArraySource *source)
{
  g_autofree char *path = g_filename_display_name(source->path);
  json_builder_begin_object(builder);
  json_builder_add_string_value(json_builder_set_member_name(builder, "path"), path);
  json_builder_add_string_value(json_builder_set_member_name(builder, "format"), source->format);
  json_builder_begin_array(json_builder_set_member_name(builder, "remarks"));
  for (guint i = 0; i < source->remarks->len; i++)
    json_builder_add_string_value(builder, source->remarks->pdata[i]);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
}

static void
add_entry(JsonBuilder *builder, const PctCatalogueEntry *entry)
{
  g_autofree char *type = dup_type(entry->array);
  json_builder_begin_object(builder);
  json_builder_add_string_value(json_builder_set_member_name(builder, "name"), entry->name);
  json_builder_add_string_value(json_builder_set_member_name(builder, "type"), type);
  json_builder_begin_array(json_builder_set_member_name(builder, "shape"));
  for (guint i = 0; i < entry->array->n_dims; i++)
    json_builder_add_int_value(builder, (gint64)entry->array->shape[i]);
  json_builder_end_array(builder);
  if (entry->array->note) {
    g_autofree char *note = g_utf8_make_valid(entry->array->note, -1);
    json_builder_add_string_value(json_builder_set_member_name(builder, "note"), note);
  }
  json_builder_end_object(builder);
}

JsonNode *
pct_catalogue_to_json(const PctCatalogue *catalogue)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_builder_begin_array(json_builder_set_member_name(builder, "sources"));
  for (guint i = 0; i < catalogue->sources->len; i++)
    add_source(builder, catalogue->sources->pdata[i]);
  json_builder_end_array(builder);
  json_builder_begin_array(json_builder_set_member_name(builder, "arrays"));
  for (guint i = 0; i < catalogue->entries->len; i++)
    add_entry(builder, catalogue->entries->pdata[i]);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  return json_builder_get_root(builder);
}

static PctNpyArray *
cannot_read(PctArraySource *source, guint array, gsize first, gsize n, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” cannot be read here."), source->shown);
  return NULL;
}

static void
source_free(PctArraySource *source)
{
  pct_array_source_clear(source);
  g_free(source);
}

static const PctArraySourceClass told_class = { cannot_read, source_free };

// A member that is a list of objects; NULL if it is none.
static JsonArray *
get_objects(JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member(object, name);
  if (!node || !JSON_NODE_HOLDS_ARRAY(node))
    return NULL;
  JsonArray *array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); i++)
    if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(array, i)))
      return NULL;
  return array;
}

static gboolean
parse_type(const char *type, PctNpyKind *kind, gsize *item_size)
{
  static const struct {
    const char *prefix;
    PctNpyKind kind;
  } kinds[] = { { "uint", PCT_NPY_UINT }, { "int", PCT_NPY_INT }, { "float", PCT_NPY_FLOAT } };
  *item_size = 0;
  if (g_str_equal(type, "text") || g_str_equal(type, "bool")) {
    *kind = *type == 't' ? PCT_NPY_UNICODE : PCT_NPY_BOOL;
    return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_has_prefix(type, kinds[i].prefix)) {
      long bits = strtol(type + strlen(kinds[i].prefix), NULL, 10);
      *kind = kinds[i].kind;
      *item_size = (gsize)bits / 8;
      return bits == 8 || bits == 16 || bits == 32 || bits == 64;
    }
  return FALSE;
}

static PctForeignArray *
parse_array(JsonObject *object)
{
  const char *type = pct_json_get_text(object, "type");
  JsonNode *shape = json_object_get_member(object, "shape");
  PctNpyKind kind;
  gsize item_size, sizes[PCT_NPY_MAX_DIMS];
  if (!type || !parse_type(type, &kind, &item_size) || !shape || !JSON_NODE_HOLDS_ARRAY(shape))
    return NULL;
  JsonArray *list = json_node_get_array(shape);
  guint n = json_array_get_length(list);
  if (n > PCT_NPY_MAX_DIMS)
    return NULL;
  for (guint i = 0; i < n; i++) {
    JsonNode *size = json_array_get_element(list, i);
    if (!JSON_NODE_HOLDS_VALUE(size) || json_node_get_value_type(size) != G_TYPE_INT64 || json_node_get_int(size) < 0)
      return NULL;
    sizes[i] = (gsize)json_node_get_int(size);
  }
  PctForeignArray *array = pct_foreign_array_new("", kind, item_size, n, sizes);
  array->note = g_strdup(pct_json_get_text(object, "note"));
  return array;
}

static PctArraySource *
parse_source(JsonObject *object)
{
  const char *path = pct_json_get_text(object, "path"), *format = pct_json_get_text(object, "format");
  JsonNode *remarks = json_object_get_member(object, "remarks");
  if (!path || !format || !remarks || !JSON_NODE_HOLDS_ARRAY(remarks))
    return NULL;
  PctArraySource *source = g_new0(PctArraySource, 1);
  pct_array_source_init(source, &told_class, path, g_intern_string(format));
  JsonArray *list = json_node_get_array(remarks);
  for (guint i = 0; i < json_array_get_length(list); i++) {
    const char *remark = pct_json_node_get_text(json_array_get_element(list, i));
    if (remark)
      g_ptr_array_add(source->remarks, g_strdup(remark));
  }
  return source;
}

// Which of the catalogue's sources an entry belongs to is not told, and nobody asks: all are the first's.
static gboolean
parse_entries(PctCatalogue *catalogue, JsonArray *arrays)
{
  for (guint i = 0; i < json_array_get_length(arrays); i++) {
    JsonObject *object = json_array_get_object_element(arrays, i);
    const char *name = pct_json_get_text(object, "name");
    PctForeignArray *array = name ? parse_array(object) : NULL;
    if (!array || !catalogue->sources->len) {
      pct_foreign_array_free(array);
      return FALSE;
    }
    PctArraySource *source = catalogue->sources->pdata[0];
    PctCatalogueEntry *entry = g_new0(PctCatalogueEntry, 1);
    *entry = (PctCatalogueEntry){ g_strdup(name), source, source->arrays->len, array };
    g_ptr_array_add(source->arrays, array);
    g_ptr_array_add(catalogue->entries, entry);
  }
  return TRUE;
}

PctCatalogue *
pct_catalogue_from_json(JsonNode *node, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
  JsonArray *told = object ? get_objects(object, "sources") : NULL;
  JsonArray *arrays = object ? get_objects(object, "arrays") : NULL;
  g_autoptr(PctCatalogue) catalogue = pct_catalogue_new_take(g_ptr_array_new());
  gboolean sound = told && arrays;
  for (guint i = 0; sound && i < json_array_get_length(told); i++) {
    PctArraySource *source = parse_source(json_array_get_object_element(told, i));
    sound = source != NULL;
    if (source)
      g_ptr_array_add(catalogue->sources, source);
  }
  if (sound && parse_entries(catalogue, arrays))
    return g_steal_pointer(&catalogue);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The list of arrays is not what it should be."));
  return NULL;
}
