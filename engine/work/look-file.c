// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/look-file.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "model/provenance.h"

// Of the histogram of pairs, -1 .. 1: half a million pairs are no table.
#define NOISE_BINS 200

// Nothing for what is unknown, as in other tables here.
static void
append(GString *text, double value, char after)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  if (isfinite(value))
    g_string_append(text, g_ascii_formatd(number, sizeof number, "%.9g", value));
  g_string_append_c(text, after);
}

static void
write_reliability(PctLook *look, GString *text)
{
  const PctReliability *reliability = pct_look_get_facts(look)->reliability;
  g_string_append(text, "neuron,unit_id,reliability,explainable_variance\n");
  for (int j = 0; j < reliability->n_neurons; j++) {
    g_string_append_printf(text, "%d,%" G_GINT64_FORMAT ",", j, pct_project_get_unit_id(pct_look_get_project(look), j));
    append(text, reliability->oracle[j], ',');
    append(text, reliability->explainable_variance[j], '\n');
  }
}

static void
write_noise(PctLook *look, GString *text)
{
  const PctNoiseCorrelation *noise = pct_look_get_facts(look)->noise;
  int counts[NOISE_BINS] = { 0 };
  for (gsize i = 0; i < noise->n_pairs; i++)
    counts[CLAMP((int)((noise->pairs[i] + 1) / 2 * NOISE_BINS), 0, NOISE_BINS - 1)]++;
  g_string_append(text, "correlation_from,correlation_to,pairs\n");
  for (int i = 0; i < NOISE_BINS; i++) {
    append(text, -1 + 2.0 * i / NOISE_BINS, ',');
    append(text, -1 + 2.0 * (i + 1) / NOISE_BINS, ',');
    g_string_append_printf(text, "%d\n", counts[i]);
  }
}

static void
write_drift(PctLook *look, GString *text)
{
  const PctTrialCourse *course = pct_look_get_facts(look)->course;
  g_string_append(text, "trial,mean_z,running_mean_z,gain\n");
  for (int i = 0; i < course->n_trials; i++) {
    g_string_append_printf(text, "%d,", course->order[i]);
    append(text, course->mean[course->order[i]], ',');
    append(text, course->running[i], ',');
    append(text, course->gain[course->order[i]], '\n');
  }
}

static void
write_behaviour(PctLook *look, GString *text, PctBehaviour behaviour)
{
  const PctTrialCourse *course = pct_look_get_facts(look)->course;
  const float *values = pct_look_get_behaviour(look, behaviour);
  g_string_append_printf(text, "trial,%s,gain\n", pct_behaviour_get_name(behaviour));
  for (int i = 0; i < course->n_trials; i++) {
    g_string_append_printf(text, "%d,", i);
    append(text, values[i], ',');
    append(text, course->gain[i], '\n');
  }
}

static void
write_running(PctLook *look, GString *text)
{
  write_behaviour(look, text, PCT_BEHAVIOUR_RUNNING);
}

static void
write_pupil(PctLook *look, GString *text)
{
  write_behaviour(look, text, PCT_BEHAVIOUR_PUPIL);
}

static void
write_score(PctLook *look, GString *text)
{
  const PctQuickScore *score = pct_look_get_score(look);
  g_string_append(text, "mode,name,pictures");
  for (guint column = 0; column < PCT_N_SCORE_COLUMNS; column++) {
    g_autofree char *name = pct_score_column_dup_name(column);
    g_string_append_printf(text, ",%s", name);
  }
  g_string_append_c(text, '\n');
  for (int mode = 0; mode < 2; mode++)
    for (int row = 0; row < PCT_N_QUICK_ROWS && score->modes[mode]; row++) {
      g_string_append_printf(text, "%s,%s,%d,", mode ? "averaged" : "single", pct_quick_row_get_name((PctQuickRow)row),
                             score->n_pictures[mode]);
      for (guint column = 0; column < PCT_N_SCORE_COLUMNS; column++)
        append(text, pct_score_summary_get_column(&score->rows[mode][row], column),
               column + 1 < PCT_N_SCORE_COLUMNS ? ',' : '\n');
    }
}

static void
write_expected(PctLook *look, GString *text)
{
  guint n_neurons, n_images;
  const int *neurons = pct_expected_get_neurons(&n_neurons), *images = pct_expected_get_images(&n_images);
  g_string_append(text, "neurons,train_images,pixcorr\n");
  for (guint i = 0; i < n_neurons; i++)
    for (guint j = 0; j < n_images; j++) {
      g_string_append_printf(text, "%d,%d,", neurons[i], images[j]);
      append(text, pct_expected_pixcorr(neurons[i], images[j], NULL), '\n');
    }
}

static const struct {
  const char *name;
  void (*write)(PctLook *look, GString *text);
} figures[] = {
  { "reliability", write_reliability }, { "noise", write_noise }, { "drift", write_drift },
  { "running_speed", write_running }, { "pupil_size", write_pupil }, { "score", write_score },
  { "expected", write_expected },
};

gboolean
pct_look_file_has(PctLook *look, const char *figure)
{
  const PctFirstLook *facts = pct_look_get_facts(look);
  if (g_str_equal(figure, "score"))
    return pct_look_get_score(look) != NULL;
  for (int b = 0; b < PCT_N_BEHAVIOURS; b++)
    if (g_str_equal(figure, pct_behaviour_get_name((PctBehaviour)b)))
      return facts && facts->behaviour[b].n > 0;
  if (g_str_equal(figure, "reliability") || g_str_equal(figure, "noise"))
    return facts && facts->repeated;
  return facts && (g_str_equal(figure, "drift") || g_str_equal(figure, "expected"));
}

// What the numbers are of.
static char *
dup_about(PctLook *look, const char *figure)
{
  PctProject *project = pct_look_get_project(look);
  const PctFirstLook *facts = pct_look_get_facts(look);
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  pct_provenance_add_text(builder, "format", "percept-first-look-1");
  pct_provenance_add_text(builder, "version", PCT_VERSION);
  pct_provenance_add_text(builder, "recording", pct_project_get_name(project));
  pct_provenance_add_text(builder, "fingerprint", pct_project_get_fingerprint(project));
  pct_provenance_add_text(builder, "trials", pct_project_get_trials(project));
  pct_provenance_add_text(builder, "figure", figure);
  if (facts && facts->repeated)
    pct_provenance_add_text(builder, "repeats_tier", pct_tier_get_name(facts->repeats_tier));
  if (facts) {
    pct_provenance_add_text(builder, "order", facts->course->timed ? "time" : "file");
    pct_provenance_add_text(builder, "gain", facts->course->regression ? "regression" : "mean");
  }
  if (pct_look_get_score(look))
    pct_provenance_add_text(builder, "score_tier", pct_tier_get_name(pct_look_get_score(look)->tier));
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  return json_to_string(root, TRUE);
}

gboolean
pct_look_file_save(PctLook *look, const char *figure, const char *path, GError **error)
{
  g_return_val_if_fail(PCT_IS_LOOK(look) && figure && path, FALSE);
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *shown = g_filename_display_name(path);
  if (!g_str_has_suffix(path, ".csv")) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("Numbers are saved as .csv; “%s” is none."), shown);
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(figures); i++)
    if (g_str_equal(figures[i].name, figure) && pct_look_file_has(look, figure))
      figures[i].write(look, text);
  if (text->len == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("There are no numbers of a figure “%s” to save as “%s”."),
                figure, shown);
    return FALSE;
  }
  g_autofree char *about = dup_about(look, figure), *beside = pct_provenance_dup_path(path);
  return pct_atomic_file_set(path, text->str, text->len, error) &&
         pct_atomic_file_set(beside, about, strlen(about), error);
}
