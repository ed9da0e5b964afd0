// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/plan.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "model/json-file.h"

PctImportPlan *
pct_import_plan_new(void)
{
  PctImportPlan *plan = g_new0(PctImportPlan, 1);
  plan->paths = g_ptr_array_new_with_free_func(g_free);
  plan->settings = pct_option_values_new(pct_import_get_settings());
  return plan;
}

PctImportPlan *
pct_import_plan_copy(const PctImportPlan *plan)
{
  PctImportPlan *copy = g_new0(PctImportPlan, 1);
  copy->paths = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < plan->paths->len; i++)
    g_ptr_array_add(copy->paths, g_strdup(plan->paths->pdata[i]));
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    pct_import_plan_assign(copy, (PctImportRole)i, plan->roles[i].array, plan->roles[i].axes);
  copy->settings = pct_option_values_copy(plan->settings);
  copy->name = g_strdup(plan->name);
  return copy;
}

void
pct_import_plan_free(PctImportPlan *plan)
{
  if (!plan)
    return;
  g_ptr_array_unref(plan->paths);
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++) {
    g_free(plan->roles[i].array);
    g_free(plan->roles[i].axes);
  }
  pct_option_values_free(plan->settings);
  g_free(plan->name);
  g_free(plan);
}

void
pct_import_plan_assign(PctImportPlan *plan, PctImportRole role, const char *array, const char *axes)
{
  PctAssignment *assignment = &plan->roles[role];
  char *old_array = assignment->array, *old_axes = assignment->axes;
  assignment->array = g_strdup(array);
  assignment->axes = array ? g_strdup(axes) : NULL;
  g_free(old_array);
  g_free(old_axes);
}

const char *
pct_import_plan_get_axes(const PctImportPlan *plan, PctImportRole role)
{
  return plan->roles[role].axes ? plan->roles[role].axes : pct_import_role_get(role)->dimensions;
}

double
pct_import_plan_get(const PctImportPlan *plan, const char *setting)
{
  return pct_option_values_get(plan->settings, setting);
}

static void
add_role(JsonBuilder *builder, const PctImportPlan *plan, PctImportRole role)
{
  const PctAssignment *assignment = &plan->roles[role];
  if (!assignment->array)
    return;
  json_builder_begin_object(json_builder_set_member_name(builder, pct_import_role_get(role)->name));
  json_builder_add_string_value(json_builder_set_member_name(builder, "array"), assignment->array);
  if (assignment->axes)
    json_builder_add_string_value(json_builder_set_member_name(builder, "axes"), assignment->axes);
  json_builder_end_object(builder);
}

static void
add_settings(JsonBuilder *builder, const PctOptionValues *settings)
{
  const PctOptionTable *table = settings->table;
  for (guint i = 0; i < table->n_options; i++)
    if (settings->values[i] != table->presets[0].values[i]) {
      g_autofree char *text = pct_option_values_dup_text(settings, table->options[i].name);
      json_builder_add_string_value(json_builder_set_member_name(builder, table->options[i].name), text);
    }
}

JsonNode *
pct_import_plan_to_json(const PctImportPlan *plan)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_builder_begin_array(json_builder_set_member_name(builder, "paths"));
  for (guint i = 0; i < plan->paths->len; i++) {
    g_autofree char *text = pct_json_dup_path_text(plan->paths->pdata[i]);
    json_builder_add_string_value(builder, text);
  }
  json_builder_end_array(builder);
  if (plan->name)
    json_builder_add_string_value(json_builder_set_member_name(builder, "name"), plan->name);
  json_builder_begin_object(json_builder_set_member_name(builder, "roles"));
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    add_role(builder, plan, (PctImportRole)i);
  json_builder_end_object(builder);
  json_builder_begin_object(json_builder_set_member_name(builder, "settings"));
  add_settings(builder, plan->settings);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  return json_builder_get_root(builder);
}

static gboolean
refuse(const char *shown, const char *what, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("%s is not a plan of an import: “%s” is not what it should be."),
              shown, what);
  return FALSE;
}

static gboolean
read_paths(PctImportPlan *plan, JsonObject *object, const char *shown, GError **error)
{
  JsonNode *node = json_object_get_member(object, "paths");
  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY(node))
    return refuse(shown, "paths", error);
  JsonArray *array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); i++) {
    const char *text = pct_json_node_get_text(json_array_get_element(array, i));
    char *path = text ? pct_json_dup_path(text) : NULL;
    if (!path)
      return refuse(shown, "paths", error);
    g_ptr_array_add(plan->paths, path);
  }
  return TRUE;
}

// Letters and '1' alone, and not many: what an axis can be.
static gboolean
axes_are_sound(const char *axes)
{
  gsize n = strlen(axes);
  return n > 0 && n <= 8 && strspn(axes, "abcdefghijklmnopqrstuvwxyz1") == n;
}

static gboolean
read_roles(PctImportPlan *plan, JsonObject *object, const char *shown, GError **error)
{
  JsonNode *node = json_object_get_member(object, "roles");
  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return refuse(shown, "roles", error);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  json_object_iter_init(&iter, json_node_get_object(node));
  while (json_object_iter_next(&iter, &name, &member)) {
    PctImportRole role;
    if (!pct_import_role_from_name(name, &role) || !JSON_NODE_HOLDS_OBJECT(member))
      return refuse(shown, name, error);
    JsonObject *assignment = json_node_get_object(member);
    const char *array = pct_json_node_get_text(json_object_get_member(assignment, "array"));
    JsonNode *axes = json_object_get_member(assignment, "axes");
    if (!array || (axes && (!pct_json_node_get_text(axes) || !axes_are_sound(pct_json_node_get_text(axes)))))
      return refuse(shown, name, error);
    pct_import_plan_assign(plan, role, array, pct_json_node_get_text(axes));
  }
  return TRUE;
}

static gboolean
read_settings(PctImportPlan *plan, JsonObject *object, const char *shown, GError **error)
{
  JsonNode *node = json_object_get_member(object, "settings");
  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return refuse(shown, "settings", error);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  json_object_iter_init(&iter, json_node_get_object(node));
  while (json_object_iter_next(&iter, &name, &member)) {
    const char *text = pct_json_node_get_text(member);
    if (!text)
      return refuse(shown, name, error);
    if (!pct_option_values_set(plan->settings, name, text, error)) {
      g_prefix_error(error, "%s: ", shown);
      return FALSE;
    }
  }
  return TRUE;
}

PctImportPlan *
pct_import_plan_from_json(JsonNode *node, const char *shown, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT(node)) {
    refuse(shown, "{", error);
    return NULL;
  }
  JsonObject *object = json_node_get_object(node);
  g_autoptr(PctImportPlan) plan = pct_import_plan_new();
  JsonNode *name = json_object_get_member(object, "name");
  if (name && !pct_json_node_get_text(name)) {
    refuse(shown, "name", error);
    return NULL;
  }
  plan->name = g_strdup(pct_json_node_get_text(name));
  if (!read_paths(plan, object, shown, error) || !read_roles(plan, object, shown, error) ||
      !read_settings(plan, object, shown, error))
    return NULL;
  return g_steal_pointer(&plan);
}
