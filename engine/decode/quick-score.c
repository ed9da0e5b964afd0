// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/quick-score.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "decode/evaluate.h"
#include "decode/ridge.h"

#define SHUFFLE_SEED 1
#define FLOPS 5e10
// Factors of the system that choosing a penalty tries, about.
#define TRIES 8

static const struct {
  const char *name, *title;
} about[PCT_N_QUICK_ROWS] = {
  { "mean-image", N_("Mean image") },
  { "nearest-neighbour", N_("Nearest neighbour") },
  { "shuffled", N_("Ridge, wrong responses") },
  { "ridge", N_("Ridge regression") },
};

const char *
pct_quick_row_get_name(PctQuickRow row)
{
  g_return_val_if_fail((int)row >= 0 && row < PCT_N_QUICK_ROWS, NULL);
  return about[row].name;
}

const char *
pct_quick_row_get_title(PctQuickRow row)
{
  g_return_val_if_fail((int)row >= 0 && row < PCT_N_QUICK_ROWS, NULL);
  return _(about[row].title);
}

static gboolean
choose_tier(const PctRecording *recording, PctTier *tier)
{
  const PctTier held_out[] = { PCT_TIER_TEST, PCT_TIER_VALIDATION };
  for (guint i = 0; i < G_N_ELEMENTS(held_out); i++) {
    int n;
    pct_recording_get_tier_trials(recording, held_out[i], &n);
    if (n > 0) {
      *tier = held_out[i];
      return TRUE;
    }
  }
  return FALSE;
}

double
pct_quick_score_estimate(const PctRecording *recording)
{
  PctTier tier = PCT_TIER_TEST;
  int n_train, n_scored = 0;
  pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_train);
  if (choose_tier(recording, &tier))
    pct_recording_get_tier_trials(recording, tier, &n_scored);
  double n = n_train, m = pct_recording_get_n_neurons(recording), scored = n_scored;
  double p = (double)pct_recording_get_height(recording) * pct_recording_get_width(recording), order = MIN(n, m);
  double fit = n * m * order + TRIES * order * order * order / 3 + 2 * order * order * p + 2 * m * n * p;
  // The nearest neighbour, pictures, and their measures (SSIM is what takes time: some 500 operations a pixel and
  // frame).
  double score = 2 * scored * n * m + 4 * scored * m * p + PCT_N_QUICK_ROWS * scored * (p * 2000 + 2 * scored * p);
  return (fit + score) / FLOPS;
}

// pictures (n,H,W) of a row; ridge borrowed.
static gboolean
draw(PctQuickRow row, const PctDecoder *ridge, PctScoreSet *set, const PctRecording *recording,
     const PctStatistics *statistics, float *pictures, const PctRun *run, GError **error)
{
  if (row == PCT_QUICK_MEAN_IMAGE) {
    pct_floor_mean_image(set, statistics, pictures);
    return TRUE;
  }
  if (row == PCT_QUICK_NEAREST_NEIGHBOUR)
    return pct_floor_nearest_neighbour(set, recording, statistics, pictures, run, error);
  if (row == PCT_QUICK_RIDGE)
    return pct_decoder_reconstruct_set(ridge, set, pictures, run, error);
  gsize n = (gsize)set->n * (gsize)set->n_neurons;
  g_autoptr(PctFloats) shuffled = pct_aligned_new(n, error);
  if (!shuffled)
    return FALSE;
  pct_floor_shuffle_responses(set, SHUFFLE_SEED, shuffled);
  float *own = set->responses;
  set->responses = shuffled;
  gboolean drawn = pct_decoder_reconstruct_set(ridge, set, pictures, run, error);
  set->responses = own;
  return drawn;
}

static gboolean
score_mode(PctQuickScore *self, gboolean averaged, const PctDecoder *ridge, const PctRecording *recording,
           const PctStatistics *statistics, const PctRun *run, GError **error)
{
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, self->tier, averaged);
  set->mean_image = statistics->mean_image;
  self->n_pictures[averaged] = set->n;
  for (int i = 0; i < set->n; i++)
    self->most_repeats[averaged] = MAX(self->most_repeats[averaged], set->repeats[i]);
  g_autoptr(PctFloats) pictures = pct_aligned_new((gsize)set->n * (gsize)set->height * (gsize)set->width, error);
  for (int row = 0; pictures && row < PCT_N_QUICK_ROWS; row++) {
    PctRunPart drawing, scoring;
    g_autoptr(PctScore) score = NULL;
    if (!draw((PctQuickRow)row, ridge, set, recording, statistics, pictures,
              pct_run_part(&drawing, run, row, 0.3, PCT_N_QUICK_ROWS), error) ||
        !(score = pct_score_new(set, pictures, pct_run_part(&scoring, run, row + 0.3, 0.7, PCT_N_QUICK_ROWS), error)))
      return FALSE;
    pct_score_summarise(score, set->images, &self->rows[averaged][row], pct_run_get_pool(run));
  }
  return pictures != NULL;
}

static PctDecoder *
fit_ridge(const PctRecording *recording, const PctStatistics *statistics, const PctRun *run, GError **error)
{
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_ridge_class.about.options);
  PctFit fit = { .recording = recording, .statistics = statistics, .options = options, .seed = 1 };
  // How many steps choosing takes is not known.
  PctRun preparation = pct_run_preparation(run);
  return pct_decoder_fit(&pct_ridge_class, &fit, &preparation, error);
}

PctQuickScore *
pct_quick_score_new(const PctRecording *recording, const PctStatistics *statistics, const PctRun *run, GError **error)
{
  g_return_val_if_fail(recording && statistics, NULL);
  g_autoptr(PctQuickScore) self = g_new0(PctQuickScore, 1);
  self->recorded_means = pct_recording_is_averaged(recording);
  if (!choose_tier(recording, &self->tier)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” has neither test nor validation trials: there is nothing that a decoder could be scored on."),
                pct_recording_get_name(recording));
    return NULL;
  }
  pct_score_set_modes(recording, self->tier, self->modes);
  g_autoptr(PctDecoder) ridge = fit_ridge(recording, statistics, run, error);
  if (!ridge)
    return NULL;
  int n_modes = self->modes[FALSE] + self->modes[TRUE], done = 0;
  for (int mode = 0; mode < 2; mode++) {
    for (int row = 0; row < PCT_N_QUICK_ROWS; row++)
      pct_score_summary_clear(&self->rows[mode][row]);
    PctRunPart part;
    PctProgress progress = { .phase = _("Scoring"), .step = done, .total = n_modes };
    if (!self->modes[mode])
      continue;
    if (!pct_run_report(run, &progress, error) ||
        !score_mode(self, mode, ridge, recording, statistics, pct_run_part(&part, run, done, 1, n_modes), error))
      return NULL;
    done++;
  }
  return g_steal_pointer(&self);
}

void
pct_quick_score_free(PctQuickScore *score)
{
  g_free(score);
}
