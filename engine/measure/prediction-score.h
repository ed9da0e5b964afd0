// SPDX-License-Identifier: GPL-3.0-or-later
// How well an encoder predicts each neuron over a tier. Single trials and repeat averages are figures of their own,
// never mixed; the two that allow for noise need repeats.
#pragma once
#include "base/run.h"
#include "data/recording.h"

typedef enum {
  // Pearson correlation of prediction and response over all trials.
  PCT_PREDICTION_SINGLE,
  // The same over the images shown more than once, of prediction and mean response.
  PCT_PREDICTION_AVERAGED,
  // CC_norm (Schoppe et al. 2016): Cov(prediction, mean response) / sqrt(Var(prediction) signal power), over the same
  // images. Signal power = Var(mean response) - mean over images of (variance of its trials / how many): the paper's
  // for equal numbers of repeats, but that which repeat came first means nothing here. All with ddof 1.
  PCT_PREDICTION_CC_NORM,
  // Fraction of explainable variance explained: 1 - (mean squared error - noise) / (total variance - noise), over the
  // trials of those images; noise is the mean over images of the variance of their trials. ddof 1.
  PCT_PREDICTION_FEVE,
} PctPredictionMeasure;
#define PCT_N_PREDICTION_MEASURES 4
// "single", "averaged", "cc_norm", "feve".
const char *pct_prediction_measure_get_name(PctPredictionMeasure measure);

typedef struct {
  int n_neurons;
  int n_images, n_trials;                          // compared
  int n_repeated;                                  // images shown more than once
  float *values[PCT_N_PREDICTION_MEASURES];        // (M,)
  double mean[PCT_N_PREDICTION_MEASURES];          // over finite values
} PctPredictionScore;

// predictions (n,M) for the n images of pct_recording_get_tier_images, in that order; for FEVE in the recording's
// units, for the others in any. NAN where a measure has nothing to measure: a flat neuron or prediction, no repeats,
// no signal beyond the noise. NULL with PCT_ERROR_MEMORY or _CANCELLED.
PctPredictionScore *pct_prediction_score_new(const PctRecording *recording, PctTier tier, const float *predictions,
                                             const PctRun *run, GError **error);
void pct_prediction_score_free(PctPredictionScore *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctPredictionScore, pct_prediction_score_free)
