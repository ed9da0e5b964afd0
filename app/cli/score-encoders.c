// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "score-encoders.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "measure/prediction-score.h"
#include "score-format.h"
#include "table.h"

#define SHUFFLE_SEED 1
#define SHUFFLE_STREAM 0

typedef struct {
  char *name, *model;  // model NULL: a floor without one
  const char *role;    // "floor", "model", "shuffled"
  PctPredictionScore *score;
} Line;

struct _PctEncoderScores {
  PctRecording *recording;
  PctTier tier;
  int n, n_neurons, height, width;
  PctFloats *images;  // (n,H,W) of the tier
  GPtrArray *lines;
};

static void
line_free(gpointer data)
{
  Line *line = data;
  g_free(line->name);
  g_free(line->model);
  pct_prediction_score_free(line->score);
  g_free(line);
}

void
pct_encoder_scores_free(PctEncoderScores *scores)
{
  if (!scores)
    return;
  pct_aligned_free(scores->images);
  g_ptr_array_unref(scores->lines);
  g_free(scores);
}

static gboolean
add_line(PctEncoderScores *scores, const char *name, const char *model, const char *role, const float *predictions,
         const PctRun *run, GError **error)
{
  PctPredictionScore *score = pct_prediction_score_new(scores->recording, scores->tier, predictions, run, error);
  if (!score)
    return FALSE;
  Line *line = g_new(Line, 1);
  *line = (Line){ g_strdup(name), g_strdup(model), role, score };
  g_ptr_array_add(scores->lines, line);
  return TRUE;
}

PctEncoderScores *
pct_encoder_scores_new(PctRecording *recording, const PctStatistics *statistics, PctTier tier, const PctRun *run,
                       GError **error)
{
  g_autoptr(PctEncoderScores) scores = g_new0(PctEncoderScores, 1);
  const int *images = pct_recording_get_tier_images(recording, tier, &scores->n);
  scores->recording = recording;
  scores->tier = tier;
  scores->n_neurons = pct_recording_get_n_neurons(recording);
  scores->height = pct_recording_get_height(recording);
  scores->width = pct_recording_get_width(recording);
  scores->lines = g_ptr_array_new_with_free_func(line_free);
  gsize m = (gsize)scores->n_neurons, n = (gsize)scores->n;
  scores->images = pct_aligned_new(MAX(n, 1) * (gsize)scores->height * (gsize)scores->width, error);
  g_autoptr(PctFloats) means = scores->images ? pct_aligned_new(MAX(n, 1) * m, error) : NULL;
  if (!means)
    return NULL;
  pct_recording_read_images(recording, images, scores->n, scores->images);
  for (gsize i = 0; i < n; i++)
    memcpy(means + i * m, statistics->response_mean, m * sizeof(float));
  return add_line(scores, _("mean training response"), NULL, "floor", means, run, error) ? g_steal_pointer(&scores) : NULL;
}

gboolean
pct_encoder_scores_add(PctEncoderScores *scores, const char *name, const char *folder, const PctEncoder *encoder,
                       const PctRun *run, GError **error)
{
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  if (design->height != scores->height || design->width != scores->width || design->n_neurons != scores->n_neurons) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("The model “%s” encodes %d × %d pixels for %d neurons; the recording has %d × %d pixels and %d neurons."),
                name, design->width, design->height, design->n_neurons, scores->width, scores->height,
                scores->n_neurons);
    return FALSE;
  }
  gsize m = (gsize)scores->n_neurons, n = (gsize)scores->n;
  PctProgress progress = { .phase = name };
  g_autoptr(PctFloats) predictions = pct_aligned_new(MAX(n, 1) * m, error);
  g_autoptr(PctFloats) shuffled = predictions ? pct_aligned_new(MAX(n, 1) * m, error) : NULL;
  if (!shuffled || !pct_run_report(run, &progress, error) ||
      !pct_encoder_predict(encoder, scores->images, n, predictions, run, error) ||
      !add_line(scores, name, folder, "model", predictions, run, error))
    return FALSE;
  // What it says of an image does not depend on the others, so other images' answers are those to shuffled images.
  g_autofree guint32 *order = g_new(guint32, MAX(n, 1));
  PctRandom random = pct_random(SHUFFLE_SEED, SHUFFLE_STREAM);
  pct_random_permutation(&random, order, (guint32)n);
  for (gsize i = 0; i < n; i++)
    memcpy(shuffled + i * m, predictions + order[i] * m, m * sizeof(float));
  g_autofree char *label = g_strdup_printf(_("%s, images shuffled"), name);
  return add_line(scores, label, folder, "shuffled", shuffled, run, error);
}

static double
get_value(const PctEncoderScores *scores, const Line *line, PctPredictionMeasure measure)
{
  if (!pct_recording_is_averaged(scores->recording))
    return line->score->mean[measure];
  return measure == PCT_PREDICTION_AVERAGED ? line->score->mean[PCT_PREDICTION_SINGLE] : NAN;
}

void
pct_encoder_scores_print(const PctEncoderScores *scores)
{
  const Line *first = scores->lines->pdata[0];
  printf(_("\nEncoders (%d trials of %d images, %d of them repeated)\n"), first->score->n_trials, first->score->n_images,
         first->score->n_repeated);
  g_autoptr(PctTable) table = pct_table_new("lrrrr");
  pct_table_add(table, "", _("single trials"), _("means over repeats"), "CC_norm", "FEVE");
  for (guint i = 0; i < scores->lines->len; i++) {
    const Line *line = scores->lines->pdata[i];
    g_auto(GStrv) cells = g_new0(char *, PCT_N_PREDICTION_MEASURES + 2);
    cells[0] = g_strdup(line->name);
    for (int j = 0; j < PCT_N_PREDICTION_MEASURES; j++) {
      double value = get_value(scores, line, (PctPredictionMeasure)j);
      cells[j + 1] = isfinite(value) ? g_strdup_printf("%.3f", value) : g_strdup("–");
    }
    pct_table_add_cells(table, (const char *const *)cells);
  }
  pct_table_print(table, "  ");
  puts(_("\nCorrelation of prediction and response, mean over neurons; CC_norm: divided by the largest that noise allows;\n"
         "FEVE: fraction of the explainable variance that is explained. “–”: nothing to measure."));
}

static void
add_text(JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, value ? value : "");
}

void
pct_encoder_scores_add_json(const PctEncoderScores *scores, JsonBuilder *builder)
{
  json_builder_begin_array(builder);
  for (guint i = 0; i < scores->lines->len; i++) {
    const Line *line = scores->lines->pdata[i];
    json_builder_begin_object(builder);
    add_text(builder, "name", line->name);
    add_text(builder, "role", line->role);
    add_text(builder, "model", line->model);
    json_builder_set_member_name(builder, "trials");
    json_builder_add_int_value(builder, line->score->n_trials);
    json_builder_set_member_name(builder, "repeated_images");
    json_builder_add_int_value(builder, line->score->n_repeated);
    for (int j = 0; j < PCT_N_PREDICTION_MEASURES; j++) {
      double value = get_value(scores, line, (PctPredictionMeasure)j);
      json_builder_set_member_name(builder, pct_prediction_measure_get_name((PctPredictionMeasure)j));
      if (isfinite(value))
        json_builder_add_double_value(builder, value);
      else
        json_builder_add_null_value(builder);
    }
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
}

void
pct_encoder_scores_print_csv(const PctEncoderScores *scores)
{
  printf("encoder,role,trials,repeated_images");
  for (int j = 0; j < PCT_N_PREDICTION_MEASURES; j++)
    printf(",%s", pct_prediction_measure_get_name((PctPredictionMeasure)j));
  puts("");
  for (guint i = 0; i < scores->lines->len; i++) {
    const Line *line = scores->lines->pdata[i];
    pct_csv_print_text(line->name);
    printf(",%s,%d,%d", line->role, line->score->n_trials, line->score->n_repeated);
    for (int j = 0; j < PCT_N_PREDICTION_MEASURES; j++) {
      double value = get_value(scores, line, (PctPredictionMeasure)j);
      printf(isfinite(value) ? ",%.6f" : ",", value);
    }
    puts("");
  }
}
