// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/tier-scores.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "decode/evaluate.h"

#define SHUFFLE_SEED 1

PctTierScores *
pct_tier_scores_ref(PctTierScores *self)
{
  g_atomic_ref_count_inc(&self->references);
  return self;
}

void
pct_tier_scores_unref(PctTierScores *self)
{
  if (!self || !g_atomic_ref_count_dec(&self->references))
    return;
  for (int f = 0; f < PCT_N_FRAMES; f++)
    for (int m = 0; m < PCT_N_MEASURES; m++)
      g_free(self->by_image[f][m]);
  pct_score_free(self->score);
  g_free(self->images);
  g_free(self);
}

static float *
average_by_image(const PctTierScores *self, const float *values)
{
  float *means = g_new(float, self->n_images);
  g_autofree int *counts = g_new0(int, self->n_images);
  memset(means, 0, (gsize)self->n_images * sizeof(float));
  for (int i = 0; i < self->score->n; i++)
    if (isfinite(values[i])) {
      means[self->images[i]] += values[i];
      counts[self->images[i]]++;
    }
  for (int i = 0; i < self->n_images; i++)
    means[i] = counts[i] ? means[i] / (float)counts[i] : NAN;
  return means;
}

// Pictures (n,H,W) of a row.
static gboolean
draw(const PctOpened *opened, PctRowKind kind, PctModelDecoder *source, PctScoreSet *set, float *pictures,
     const PctRun *run, GError **error)
{
  // A tier without trials has no pictures, from anybody.
  if (set->n == 0)
    return TRUE;
  if (kind == PCT_ROW_MEAN_IMAGE) {
    pct_floor_mean_image(set, opened->statistics, pictures);
    return TRUE;
  }
  if (kind == PCT_ROW_NEAREST_NEIGHBOUR)
    return pct_floor_nearest_neighbour(set, opened->recording, opened->statistics, pictures, run, error);
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(source, error);
  if (!decoder)
    return FALSE;
  if (kind == PCT_ROW_SHUFFLED) {
    gsize n = (gsize)set->n * (gsize)set->n_neurons;
    g_autoptr(PctFloats) shuffled = pct_aligned_new(n, error);
    if (!shuffled)
      return FALSE;
    pct_floor_shuffle_responses(set, SHUFFLE_SEED, shuffled);
    memcpy(set->responses, shuffled, n * sizeof(float));
  }
  return pct_decoder_reconstruct_set(decoder, set, pictures, run, error);
}

PctTierScores *
pct_tier_scores_compute(const PctOpened *opened, PctRowKind kind, PctModelDecoder *decoder, PctTier tier,
                        gboolean averaged, const PctRun *run, GError **error)
{
  g_autoptr(PctScoreSet) set = pct_score_set_new(opened->recording, tier, averaged);
  set->mean_image = opened->statistics->mean_image;
  g_autoptr(PctFloats) pictures = pct_aligned_new((gsize)set->n * (gsize)set->height * (gsize)set->width, error);
  if (!pictures || !draw(opened, kind, decoder, set, pictures, run, error))
    return NULL;
  PctScore *score = pct_score_new(set, pictures, run, error);
  if (!score)
    return NULL;
  PctTierScores *self = g_new0(PctTierScores, 1);
  g_atomic_ref_count_init(&self->references);
  self->score = score;
  pct_score_summarise(score, set->images, &self->summary, pct_run_get_pool(run));
  self->images = g_memdup2(set->images, (gsize)set->n * sizeof(int));
  self->n_images = pct_recording_get_n_images(opened->recording);
  for (int f = 0; f < PCT_N_FRAMES; f++)
    for (int m = 0; m < PCT_N_MEASURES; m++)
      self->by_image[f][m] = average_by_image(self, score->values[f][m]);
  return self;
}
