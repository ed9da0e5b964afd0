// SPDX-License-Identifier: GPL-3.0-or-later
// What a recording knows beside images and responses, where it knows it: for a person a line for each thing that is
// there, for a machine always the same members.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include "info.h"

// Names of areas or layers that a person is told; a file may have any number.
#define MOST_SHOWN 12

static void
add_measured(PctInfo *out, const char *name, const char *label, gboolean there, int measured, int n)
{
  g_autofree char *text = g_strdup_printf(_("in %d of %d trials"), measured, n);
  if (out->json)
    pct_info_add_integer(out, name, NULL, measured);
  else if (there)
    pct_table_add(out->table, label, measured == n ? _("in every trial") : text);
}

static int
count_known(const float *values, int columns, int n)
{
  int count = 0;
  for (int i = 0; values && i < n; i++)
    count += !isnan(values[i * columns]) && !isnan(values[i * columns + columns - 1]);
  return count;
}

static void
add_behaviour(PctInfo *out, const PctRecording *recording)
{
  int n = pct_recording_get_n_trials(recording), timed = 0;
  const struct {
    const char *name, *label;
    const float *values;
    int columns;
  } measured[] = {
    { "running_speed", _("Running speed"), pct_recording_get_running_speed(recording), 1 },
    { "pupil_size", _("Pupil size"), pct_recording_get_pupil_size(recording), 1 },
    { "pupil_position", _("Pupil position"), pct_recording_get_pupil_position(recording), 2 },
  };
  const double *times = pct_recording_get_trial_time(recording);
  for (int i = 0; times && i < n; i++)
    timed += !isnan(times[i]);
  if (out->json) {
    json_builder_set_member_name(out->json, "trials_with");
    json_builder_begin_object(out->json);
  }
  for (guint i = 0; i < G_N_ELEMENTS(measured); i++)
    add_measured(out, measured[i].name, measured[i].label, measured[i].values != NULL,
                 count_known(measured[i].values, measured[i].columns, n), n);
  add_measured(out, "trial_time", _("Time of trials"), times != NULL, timed, n);
  if (out->json)
    json_builder_end_object(out->json);
}

// How many neurons have each label, in the labels' order.
static void
add_labels(PctInfo *out, const char *name, const char *label, char *const *labels)
{
  g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
  for (int i = 0; labels && labels[i]; i++)
    g_hash_table_insert(counts, labels[i],
                        GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(counts, labels[i])) + 1));
  g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(counts), (GCompareFunc)g_strcmp0);
  g_autoptr(GString) text = g_string_new(NULL);
  int shown = 0, n = (int)g_hash_table_size(counts);
  if (out->json) {
    json_builder_set_member_name(out->json, name);
    json_builder_begin_object(out->json);
  }
  for (GList *l = names; l; l = l->next) {
    const char *key = l->data;
    int count = GPOINTER_TO_INT(g_hash_table_lookup(counts, key));
    if (out->json)
      pct_info_add_integer(out, key, NULL, count);
    else if (shown++ < MOST_SHOWN)
      g_string_append_printf(text, "%s%s: %d", text->len ? ", " : "", *key ? key : _("unknown"), count);
  }
  if (out->json)
    json_builder_end_object(out->json);
  if (n > MOST_SHOWN)
    g_string_append_printf(text, _(", and %d more"), n - MOST_SHOWN);
  if (!out->json && labels)
    pct_table_add(out->table, label, text->str);
}

static void
add_depth(PctInfo *out, const PctRecording *recording)
{
  const float *depth = pct_recording_get_cell_depth(recording);
  double least = (double)INFINITY, most = -(double)INFINITY;
  for (int i = 0; depth && i < pct_recording_get_n_neurons(recording); i++)
    if (!isnan(depth[i])) {
      least = MIN(least, (double)depth[i]);
      most = MAX(most, (double)depth[i]);
    }
  g_autofree char *text = least <= most ? g_strdup_printf(_("%.4g to %.4g µm"), least, most) : g_strdup("–");
  if (out->json) {
    pct_info_add_number(out, "depth_least", NULL, least, "");
    pct_info_add_number(out, "depth_most", NULL, most, "");
  } else if (depth) {
    pct_table_add(out->table, _("Depth"), text);
  }
}

static void
add_provenance(PctInfo *out, const PctRecording *recording)
{
  const char *text = pct_recording_get_provenance(recording);
  g_autoptr(JsonNode) root = text ? json_from_string(text, NULL) : NULL;
  if (out->json) {
    json_builder_set_member_name(out->json, "provenance");
    json_builder_add_value(out->json, root ? g_steal_pointer(&root) : json_node_new(JSON_NODE_NULL));
    return;
  }
  if (!root || !JSON_NODE_HOLDS_OBJECT(root))
    return;
  JsonNode *maker = json_object_get_member(json_node_get_object(root), "made_by");
  gboolean named = maker && JSON_NODE_HOLDS_VALUE(maker) && json_node_get_value_type(maker) == G_TYPE_STRING;
  pct_table_add(out->table, _("Made by"), named ? json_node_get_string(maker) : _("unknown"));
}

void
pct_info_add_recording(PctInfo *out, const PctRecording *recording)
{
  float degrees = pct_recording_get_degrees_per_pixel(recording);
  add_behaviour(out, recording);
  add_labels(out, "areas", _("Areas"), pct_recording_get_cell_area(recording));
  add_labels(out, "layers", _("Layers"), pct_recording_get_cell_layer(recording));
  add_depth(out, recording);
  if (out->json || !isnan(degrees))
    pct_info_add_number(out, "degrees_per_pixel", _("Degrees per pixel"), (double)degrees, "");
  add_provenance(out, recording);
}
