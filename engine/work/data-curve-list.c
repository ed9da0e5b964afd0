// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of a workspace by what their JSON says, which comes from anybody: what is missing or unknown is no curve.
#include <json-glib/json-glib.h>
#include <string.h>
#include "model/json-file.h"
#include "work/data-curves.h"
#include "work/workspace.h"

static void
about_free(gpointer data)
{
  PctDataCurveAbout *about = data;
  g_free(about->path);
  g_free(about->kind);
  g_free(about->model);
  g_free(about);
}

// fingerprint NULL: of any recording. trials: of those that this condition chose; NULL: of all.
static PctDataCurveAbout *
read_about(const char *sidecar, const char *fingerprint, const char *trials)
{
  g_autoptr(JsonParser) parser = pct_json_file_load(sidecar, NULL);
  JsonObject *object = parser ? json_node_get_object(json_parser_get_root(parser)) : NULL;
  const char *kind = object ? pct_json_get_text(object, "kind") : NULL;
  const char *tier = object ? pct_json_get_text(object, "tier") : NULL;
  PctDataCurveAbout found = { 0 };
  g_autofree char *path = g_strdup_printf("%.*s.csv", (int)(strlen(sidecar) - strlen(".json")), sidecar);
  if (!kind || !tier || !pct_tier_from_name(tier, &found.tier) ||
      !pct_curve_against_from_name(pct_json_get_text(object, "against"), &found.against) ||
      (fingerprint && g_strcmp0(pct_json_get_text(object, "fingerprint"), fingerprint) != 0) ||
      g_strcmp0(pct_json_get_text(object, "trials"), trials) != 0 || !g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return NULL;
  found.path = g_steal_pointer(&path);
  found.kind = g_strdup(kind);
  found.model = g_strdup(pct_json_get_text(object, "model"));
  return g_memdup2(&found, sizeof found);
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const PctDataCurveAbout *one = *(const PctDataCurveAbout *const *)a, *other = *(const PctDataCurveAbout *const *)b;
  g_autofree char *first = g_utf8_collate_key_for_filename(one->path, -1);
  g_autofree char *second = g_utf8_collate_key_for_filename(other->path, -1);
  return strcmp(first, second);
}

GPtrArray *
pct_project_list_data_curves(PctProject *self)
{
  g_return_val_if_fail(PCT_IS_PROJECT(self), NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func(about_free);
  // The demo's last bits may differ between machines, and with them the fingerprint.
  const char *fingerprint = pct_project_is_demo(self) ? NULL : pct_project_get_fingerprint(self);
  g_autofree char *folder = pct_workspace_folder_dup_curves(pct_project_get_workspace(self));
  g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
  for (const char *name; directory && (name = g_dir_read_name(directory));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    PctDataCurveAbout *about = g_str_has_suffix(name, ".json") ? read_about(path, fingerprint, pct_project_get_trials(self)) : NULL;
    if (about)
      g_ptr_array_add(list, about);
  }
  g_ptr_array_sort(list, compare);
  return list;
}
