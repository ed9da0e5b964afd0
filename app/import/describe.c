// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "describe.h"
#include "data/npz-writer.h"

static JsonBuilder *
member(JsonBuilder *builder, const char *name)
{
  return json_builder_set_member_name(builder, name);
}

static void
add_sentences(JsonBuilder *builder, const char *name, const GPtrArray *sentences)
{
  json_builder_begin_array(member(builder, name));
  for (guint i = 0; sentences && i < sentences->len; i++)
    json_builder_add_string_value(builder, sentences->pdata[i]);
  json_builder_end_array(builder);
}

JsonNode *
pct_describe_guess(const PctCatalogue *catalogue, const PctImportGuess *guess)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_builder_add_value(member(builder, "catalogue"), pct_catalogue_to_json(catalogue));
  json_builder_begin_object(member(builder, "guess"));
  json_builder_add_value(member(builder, "plan"), pct_import_plan_to_json(guess->plan));
  if (guess->layout)
    json_builder_add_string_value(member(builder, "layout"), guess->layout);
  json_builder_begin_object(member(builder, "reasons"));
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    if (guess->reasons[i])
      json_builder_add_string_value(member(builder, pct_import_role_get((PctImportRole)i)->name), guess->reasons[i]);
  json_builder_end_object(builder);
  add_sentences(builder, "missing", guess->missing);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  return json_builder_get_root(builder);
}

static void
add_tier(JsonBuilder *builder, const PctRecording *recording, PctTier tier)
{
  int n_images = 0, n_trials = 0;
  pct_recording_get_tier_images(recording, tier, &n_images);
  pct_recording_get_tier_trials(recording, tier, &n_trials);
  json_builder_begin_object(member(builder, pct_tier_get_name(tier)));
  json_builder_add_int_value(member(builder, "images"), n_images);
  json_builder_add_int_value(member(builder, "trials"), n_trials);
  json_builder_end_object(builder);
}

JsonNode *
pct_describe_result(const PctImportResult *result)
{
  const PctRecording *recording = result->recording;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  add_sentences(builder, "sentences", result->sentences);
  add_sentences(builder, "remarks", result->remarks);
  json_builder_add_int_value(member(builder, "neurons"), pct_recording_get_n_neurons(recording));
  json_builder_add_int_value(member(builder, "images"), pct_recording_get_n_images(recording));
  json_builder_add_int_value(member(builder, "trials"), pct_recording_get_n_trials(recording));
  json_builder_add_int_value(member(builder, "height"), pct_recording_get_height(recording));
  json_builder_add_int_value(member(builder, "width"), pct_recording_get_width(recording));
  json_builder_add_boolean_value(member(builder, "averaged"), pct_recording_is_averaged(recording));
  json_builder_begin_object(member(builder, "tiers"));
  for (int i = 0; i < PCT_N_TIERS; i++)
    add_tier(builder, recording, (PctTier)i);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  return json_builder_get_root(builder);
}

gboolean
pct_save_preview(const PctImportPreview *preview, const char *path, const PctRun *run, GError **error)
{
  gsize n = (gsize)preview->n_pictures, t = (gsize)preview->n_times;
  gsize pictures[] = { n, (gsize)preview->height, (gsize)preview->width };
  gsize full[] = { n, (gsize)preview->full_height, (gsize)preview->full_width };
  g_autoptr(PctNpzWriter) writer = pct_npz_writer_new();
  if (n) {
    pct_npz_writer_add(writer, "pictures", PCT_NPY_FLOAT, 4, 3, pictures, preview->pictures);
    pct_npz_writer_add(writer, "full", PCT_NPY_FLOAT, 4, 3, full, preview->full);
  }
  if (t) {
    pct_npz_writer_add(writer, "times", PCT_NPY_FLOAT, 4, 1, &t, preview->times);
    pct_npz_writer_add(writer, "mean", PCT_NPY_FLOAT, 4, 1, &t, preview->mean);
    pct_npz_writer_add(writer, "deviation", PCT_NPY_FLOAT, 4, 1, &t, preview->deviation);
    pct_npz_writer_add(writer, "delay", PCT_NPY_FLOAT, 8, 0, NULL, &preview->delay);
    pct_npz_writer_add(writer, "window", PCT_NPY_FLOAT, 8, 0, NULL, &preview->window);
    pct_npz_writer_add(writer, "baseline", PCT_NPY_FLOAT, 8, 0, NULL, &preview->baseline);
  }
  return pct_npz_writer_save(writer, path, run, error);
}
