// SPDX-License-Identifier: GPL-3.0-or-later
// The score of a decoder's pictures over a tier: figures a picture and their means. Single trials and repeat averages
// are two scores, never mixed. The floors that every table carries are made here too.
#pragma once
#include "base/run.h"
#include "data/recording.h"
#include "data/statistics.h"
#include "measure/image-quality.h"

typedef enum {
  PCT_MEASURE_MSE,
  PCT_MEASURE_PIXCORR,
  PCT_MEASURE_SSIM,
  PCT_MEASURE_SSIM_MIN_MAX,
  PCT_MEASURE_IDENTIFICATION,
  // PixCorr after the mean train image is taken off both: what a picture has beyond it.
  PCT_MEASURE_PIXCORR_CENTRED,
  // Correlation within octaves of spatial frequency (measure/frequency.h), coarse to fine.
  PCT_MEASURE_BAND_1, PCT_MEASURE_BAND_2, PCT_MEASURE_BAND_3, PCT_MEASURE_BAND_4, PCT_MEASURE_BAND_5,
} PctMeasure;
#define PCT_N_MEASURES 11
// "mse", "pixcorr", "ssim", "ssim_min_max", "identification", "pixcorr_centred", then by the band's highest frequency,
// cycles a pixel: "pixcorr_to_1_32", "pixcorr_to_1_16", "pixcorr_to_1_8", "pixcorr_to_1_4", "pixcorr_beyond_1_4".
const char *pct_measure_get_name(PctMeasure measure);
// The less of it, the better: the squared error alone.
gboolean pct_measure_is_error(PctMeasure measure);

typedef enum { PCT_FRAME_FULL, PCT_FRAME_CENTRAL } PctFrame;
#define PCT_N_FRAMES 2
const char *pct_frame_get_name(PctFrame frame);  // "full", "central"

// What is decoded and compared: for single trials a row a trial of the tier, else a row an image (the mean over its
// trials), in the recording's order.
typedef struct {
  int n, n_neurons, height, width;
  gboolean averaged;
  float *responses;   // (n,M) recording's units
  float *originals;   // (n,H,W)
  int *images;        // (n,) image numbers
  int *repeats;       // (n,) trials averaged: 1 for single trials
  // (H,W) the mean train image, borrowed from the recording's statistics by whoever wants PCT_MEASURE_PIXCORR_CENTRED;
  // NULL, as it is at first: that is NAN.
  const float *mean_image;
} PctScoreSet;

// modes: whether the tier has single trials (a recording of means has none), and whether it has means over repeats: where
// every image was shown once, a mean would be a single trial by another name. Indices: averaged or not.
void pct_score_set_modes(const PctRecording *recording, PctTier tier, gboolean modes[2]);
PctScoreSet *pct_score_set_new(const PctRecording *recording, PctTier tier, gboolean averaged);
void pct_score_set_free(PctScoreSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctScoreSet, pct_score_set_free)

typedef struct {
  int n;                                         // pictures
  float *values[PCT_N_FRAMES][PCT_N_MEASURES];   // (n,) each
  double mean[PCT_N_FRAMES][PCT_N_MEASURES];     // over finite values
} PctScore;

// reconstructions (n,H,W). Identification (two-way): the share of the other pictures' originals that a reconstruction
// correlates with less than with its own (a tie counts half); pairs of the same image are left out.
PctScore *pct_score_new(const PctScoreSet *set, const float *reconstructions, const PctRun *run, GError **error);
void pct_score_free(PctScore *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctScore, pct_score_free)

// Floors: out (n,H,W). The mean train image; the image of the train trial whose responses (z-scored by the train tier)
// correlate best with each row's.
void pct_floor_mean_image(const PctScoreSet *set, const PctStatistics *statistics, float *out);
gboolean pct_floor_nearest_neighbour(const PctScoreSet *set, const PctRecording *recording,
                                     const PctStatistics *statistics, float *out, const PctRun *run, GError **error);
// Responses of each row handed to another image's row by a seeded permutation: decode out (n,M) for the third floor.
void pct_floor_shuffle_responses(const PctScoreSet *set, guint64 seed, float *out);
