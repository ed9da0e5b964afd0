// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <math.h>
#include <stdio.h>
#include "info.h"
#include "look-report.h"
#include "measure/expected-score.h"
#include "score-format.h"

static void
begin(JsonBuilder *json, const char *name)
{
  json_builder_set_member_name(json, name);
  json_builder_begin_object(json);
}

static void
add_boolean(JsonBuilder *json, const char *name, gboolean value)
{
  json_builder_set_member_name(json, name);
  json_builder_add_boolean_value(json, value);
}

static void
add_integers(JsonBuilder *json, const char *name, const int *values, int n)
{
  json_builder_set_member_name(json, name);
  json_builder_begin_array(json);
  for (int i = 0; i < n; i++)
    json_builder_add_int_value(json, values[i]);
  json_builder_end_array(json);
}

static void
add_histogram(JsonBuilder *json, const float *values, gsize n, double minimum, double maximum)
{
  PctInfo out = { NULL, json };
  int counts[PCT_LOOK_BINS];
  pct_look_count(values, n, minimum, maximum, counts);
  begin(json, "histogram");
  pct_info_add_number(&out, "from", NULL, minimum, "");
  pct_info_add_number(&out, "to", NULL, maximum, "");
  add_integers(json, "counts", counts, PCT_LOOK_BINS);
  json_builder_end_object(json);
}

static void
add_census(JsonBuilder *json, const PctCensus *census)
{
  PctInfo out = { NULL, json };
  begin(json, "tiers");
  for (int tier = 0; tier < PCT_N_TIERS; tier++) {
    begin(json, pct_tier_get_name((PctTier)tier));
    pct_info_add_integer(&out, "trials", NULL, census->tiers[tier].n_trials);
    pct_info_add_integer(&out, "images", NULL, census->tiers[tier].n_images);
    pct_info_add_integer(&out, "repeats_least", NULL, census->tiers[tier].least_repeats);
    pct_info_add_integer(&out, "repeats_most", NULL, census->tiers[tier].most_repeats);
    pct_info_add_integer(&out, "images_repeated", NULL, census->tiers[tier].n_repeated);
    json_builder_end_object(json);
  }
  json_builder_end_object(json);
  add_integers(json, "unshown_images", census->unshown, census->n_unshown);
  add_integers(json, "constant_neurons", census->constant, census->n_constant);
  add_integers(json, "silent_neurons", census->silent, census->n_silent);
}

static void
add_remarks(JsonBuilder *json, const GPtrArray *remarks)
{
  PctInfo out = { NULL, json };
  json_builder_set_member_name(json, "remarks");
  json_builder_begin_array(json);
  for (guint i = 0; i < remarks->len; i++) {
    const PctRemark *remark = remarks->pdata[i];
    json_builder_begin_object(json);
    pct_info_add_text(&out, "name", NULL, remark->name);
    add_boolean(json, "grave", remark->grave);
    pct_info_add_text(&out, "sentence", NULL, remark->sentence);
    pct_info_add_text(&out, "advice", NULL, remark->advice);
    json_builder_end_object(json);
  }
  json_builder_end_array(json);
}

static void
add_repeats(JsonBuilder *json, const PctFirstLook *look)
{
  PctInfo out = { NULL, json };
  if (!look->repeated)
    return;
  const PctReliability *reliability = look->reliability;
  const PctNoiseCorrelation *noise = look->noise;
  begin(json, "reliability");
  pct_info_add_text(&out, "tier", NULL, pct_tier_get_name(look->repeats_tier));
  pct_info_add_integer(&out, "images", NULL, reliability->n_images);
  pct_info_add_integer(&out, "trials", NULL, reliability->n_trials);
  pct_info_add_number(&out, "median", NULL, look->median_oracle, "");
  pct_info_add_number(&out, "mean", NULL, reliability->mean_oracle, "");
  pct_info_add_number(&out, "explainable_variance", NULL, reliability->mean_explainable_variance, "");
  add_histogram(json, reliability->oracle, (gsize)reliability->n_neurons, -0.5, 1);
  json_builder_end_object(json);
  begin(json, "noise_correlation");
  pct_info_add_integer(&out, "neurons", NULL, noise->n_neurons);
  pct_info_add_integer(&out, "of_neurons", NULL, noise->n_varying);
  pct_info_add_integer(&out, "pairs", NULL, (gint64)noise->n_pairs);
  pct_info_add_number(&out, "mean", NULL, noise->mean, "");
  pct_info_add_number(&out, "sd", NULL, noise->sd, "");
  add_histogram(json, noise->pairs, noise->n_pairs, -0.5, 0.5);
  json_builder_end_object(json);
}

static void
add_pairs(JsonBuilder *json, const char *name, const PctImagePair *pairs, int n)
{
  PctInfo out = { NULL, json };
  json_builder_set_member_name(json, name);
  json_builder_begin_array(json);
  for (int i = 0; i < n; i++) {
    json_builder_begin_object(json);
    pct_info_add_integer(&out, "image", NULL, pairs[i].image);
    pct_info_add_text(&out, "tier", NULL, pct_tier_get_name(pairs[i].tier));
    pct_info_add_integer(&out, "other", NULL, pairs[i].other);
    pct_info_add_text(&out, "other_tier", NULL, pct_tier_get_name(pairs[i].other_tier));
    pct_info_add_number(&out, "correlation", NULL, pairs[i].correlation, "");
    json_builder_end_object(json);
  }
  json_builder_end_array(json);
}

static void
add_duplicates(JsonBuilder *json, const PctDuplicates *duplicates)
{
  PctInfo out = { NULL, json };
  begin(json, "duplicates");
  pct_info_add_integer(&out, "copies", NULL, duplicates->n_copies);
  begin(json, "shared");
  for (int a = 0; a < PCT_N_TIERS; a++)
    for (int b = 0; b < PCT_N_TIERS; b++)
      if (a != b) {
        const char *shown = pct_tier_get_name((PctTier)a), *too = pct_tier_get_name((PctTier)b);
        g_autofree char *name = g_strdup_printf("%s_in_%s", shown, too);
        pct_info_add_integer(&out, name, NULL, duplicates->n_shared[a][b]);
      }
  json_builder_end_object(json);
  add_pairs(json, "examples", duplicates->pairs, duplicates->n_pairs);
  pct_info_add_integer(&out, "alike", NULL, duplicates->n_alike);
  add_pairs(json, "alike_examples", duplicates->alike, MIN(duplicates->n_alike, PCT_N_IMAGE_PAIRS));
  json_builder_end_object(json);
}

static void
add_course(JsonBuilder *json, const PctFirstLook *look)
{
  PctInfo out = { NULL, json };
  const PctTrialCourse *course = look->course;
  double times = course->n_trials - 1;
  PctInterval drift = { course->trend.interval.low * times, course->trend.interval.high * times };
  begin(json, "course");
  pct_info_add_text(&out, "order", NULL, course->timed ? "time" : "file");
  pct_score_add_figure(json, "drift", pct_trial_course_get_drift(course), drift);
  add_boolean(json, "drifts", pct_trial_course_drifts(course));
  pct_info_add_text(&out, "gain", NULL, course->regression ? "regression" : "mean");
  pct_info_add_integer(&out, "gain_trials", NULL, course->n_gains);
  for (int b = 0; b < PCT_N_BEHAVIOURS; b++)
    if (look->behaviour[b].n > 0) {
      begin(json, pct_behaviour_get_name((PctBehaviour)b));
      pct_info_add_integer(&out, "trials", NULL, (gint64)look->behaviour[b].n);
      pct_score_add_figure(json, "correlation", look->behaviour[b].slope, look->behaviour[b].interval);
      json_builder_end_object(json);
    }
  json_builder_end_object(json);
}

static void
add_score(JsonBuilder *json, const PctQuickScore *score)
{
  PctInfo out = { NULL, json };
  begin(json, "score");
  pct_info_add_text(&out, "tier", NULL, pct_tier_get_name(score->tier));
  json_builder_set_member_name(json, "rows");
  json_builder_begin_array(json);
  for (int mode = 0; mode < 2; mode++)
    for (int row = 0; row < PCT_N_QUICK_ROWS && score->modes[mode]; row++) {
      json_builder_begin_object(json);
      pct_info_add_text(&out, "name", NULL, pct_quick_row_get_name((PctQuickRow)row));
      pct_info_add_text(&out, "mode", NULL, mode ? "averaged" : "single");
      pct_info_add_integer(&out, "pictures", NULL, score->n_pictures[mode]);
      pct_score_add_summary(json, &score->rows[mode][row]);
      json_builder_end_object(json);
    }
  json_builder_end_array(json);
  json_builder_end_object(json);
}

static void
add_expected(JsonBuilder *json, const PctFirstLook *look)
{
  PctInfo out = { NULL, json };
  gboolean inside;
  double expected = pct_expected_pixcorr(look->n_neurons, look->census->tiers[PCT_TIER_TRAIN].n_images, &inside);
  begin(json, "expected");
  pct_info_add_number(&out, "pixcorr", NULL, expected, "");
  add_boolean(json, "inside_table", inside);
  pct_info_add_number(&out, "table_reliability", NULL, PCT_EXPECTED_RELIABILITY, "");
  json_builder_end_object(json);
}

void
pct_look_report_print_json(const PctLookReport *report)
{
  const PctFirstLook *look = report->look;
  g_autoptr(JsonBuilder) json = json_builder_new();
  PctInfo out = { NULL, json };
  json_builder_begin_object(json);
  pct_info_add_text(&out, "recording", NULL, pct_recording_get_name(report->recording));
  pct_info_add_text(&out, "fingerprint", NULL, pct_recording_get_fingerprint(report->recording));
  pct_info_add_integer(&out, "neurons", NULL, look->n_neurons);
  pct_info_add_integer(&out, "trials", NULL, look->n_trials);
  if (pct_recording_get_trials(report->recording)) {
    pct_info_add_text(&out, "condition", NULL, pct_recording_get_trials(report->recording));
    pct_info_add_integer(&out, "all_trials", NULL, report->n_all_trials);
  }
  pct_info_add_integer(&out, "images", NULL, look->n_images);
  pct_info_add_size(&out, look->height, look->width);
  add_boolean(json, "recorded_as_means", look->averaged);
  add_census(json, look->census);
  add_remarks(json, report->remarks);
  add_repeats(json, look);
  add_duplicates(json, look->duplicates);
  add_course(json, look);
  if (report->score)
    add_score(json, report->score);
  else if (report->problem)
    pct_info_add_text(&out, "score_problem", NULL, report->problem);
  add_expected(json, look);
  json_builder_end_object(json);
  g_autoptr(JsonNode) root = json_builder_get_root(json);
  g_autofree char *text = json_to_string(root, TRUE);
  puts(text);
}
