// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/influence-file.h"
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "model/provenance.h"

static void
append_number(GString *text, double value, char after)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(text, g_ascii_formatd(number, sizeof number, "%.9g", value));
  g_string_append_c(text, after);
}

char *
pct_influence_file_dup_csv(const PctInfluenceFile *file)
{
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "neuron,unit_id,%s,response,response_mean,response_std\n",
                         pct_influence_measure_get_name(file->measure));
  for (int i = 0; i < file->n; i++) {
    int neuron = file->ranking[i].neuron;
    g_string_append_printf(text, "%d,%" G_GINT64_FORMAT ",", neuron,
                           pct_recording_get_unit_id(file->recording, neuron));
    append_number(text, file->ranking[i].value, ',');
    append_number(text, file->responses[neuron], ',');
    append_number(text, file->statistics->response_mean[neuron], ',');
    append_number(text, file->statistics->response_std[neuron], '\n');
  }
  return g_string_free(text, FALSE);
}

static void
add_place(JsonBuilder *builder, const PctInfluenceFile *file)
{
  PctTier tier;
  const PctRegion *region = &file->region;
  const int corners[] = { region->x, region->y, region->width, region->height };
  if (file->image >= 0)
    pct_provenance_add_integer(builder, "image", file->image);
  if (file->image >= 0 && pct_recording_get_image_tier(file->recording, file->image, &tier))
    pct_provenance_add_text(builder, "tier", pct_tier_get_name(tier));
  if (file->repeat >= 0)
    pct_provenance_add_integer(builder, "trial", file->repeat);
  pct_provenance_add_integer(builder, "n_averaged", file->n_averaged);
  json_builder_set_member_name(builder, "changed_by_hand");
  json_builder_add_boolean_value(builder, file->changed);
  if (file->latent_seed)
    pct_provenance_add_seed(builder, "z_seed", file->latent_seed);
  if (pct_region_is_whole(region))
    return;
  json_builder_set_member_name(builder, "region");
  json_builder_begin_array(builder);
  for (guint i = 0; i < G_N_ELEMENTS(corners); i++)
    json_builder_add_int_value(builder, corners[i]);
  json_builder_end_array(builder);
}

static void
add_neurons(JsonBuilder *builder, const PctInfluenceFile *file)
{
  json_builder_set_member_name(builder, "neurons");
  json_builder_begin_array(builder);
  for (int i = 0; i < file->n; i++) {
    int neuron = file->ranking[i].neuron;
    json_builder_begin_object(builder);
    pct_provenance_add_integer(builder, "neuron", neuron);
    pct_provenance_add_integer(builder, "unit_id", pct_recording_get_unit_id(file->recording, neuron));
    pct_provenance_add_number(builder, "value", file->ranking[i].value);
    pct_provenance_add_number(builder, "response", file->responses[neuron]);
    pct_provenance_add_number(builder, "response_mean", file->statistics->response_mean[neuron]);
    pct_provenance_add_number(builder, "response_std", file->statistics->response_std[neuron]);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
}

char *
pct_influence_file_dup_json(const PctInfluenceFile *file, gboolean neurons)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  pct_provenance_add_text(builder, "format", "percept-influence-1");
  pct_provenance_add_text(builder, "version", PCT_VERSION);
  pct_provenance_add_model(builder, pct_recording_get_name(file->recording),
                           pct_recording_get_fingerprint(file->recording), pct_recording_get_trials(file->recording),
                           file->info->name, file->model_hash, file->info);
  add_place(builder, file);
  pct_provenance_add_text(builder, "measure", pct_influence_measure_get_name(file->measure));
  if (file->measure == PCT_INFLUENCE_CONTRIBUTION) {
    pct_provenance_add_number(builder, "change", file->change);
    pct_provenance_add_number(builder, "gap", file->gap);
    pct_provenance_add_integer(builder, "derivatives", file->n_steps);
  }
  if (neurons)
    add_neurons(builder, file);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  return json_to_string(root, TRUE);
}

gboolean
pct_influence_file_save(const PctInfluenceFile *file, const char *path, GError **error)
{
  if (!g_str_has_suffix(path, ".csv")) {
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("A ranking is saved as .csv; “%s” is none."), shown);
    return FALSE;
  }
  g_autofree char *rows = pct_influence_file_dup_csv(file), *about = pct_influence_file_dup_json(file, FALSE);
  g_autofree char *beside = pct_provenance_dup_path(path);
  return pct_atomic_file_set(path, rows, strlen(rows), error) &&
         pct_atomic_file_set(beside, about, strlen(about), error);
}
