// SPDX-License-Identifier: GPL-3.0-or-later
// Most exciting inputs: the image of a given mean and contrast that an encoder predicts the largest response of a
// neuron to. Two recipes: ascent on the sphere of images of that mean and contrast (the default), and the course
// notebook's (SCIENCE.md section 3). A neuron's MEI depends on the encoder, the options, the seed and its number alone,
// not on which others are made with it or on how many threads.
#pragma once
#include "encode/encoder.h"

// The kind "mei" (role PCT_ROLE_MEI_SET) with its options: recipe, steps, contrast (standard deviation, grey levels),
// mean (grey levels), step, momentum, noise, blur (pixels), clip, accumulate. 0 for contrast and mean: taken from the
// recording (a tenth of the train images' standard deviation, and their mean).
extern const PctModelKind pct_mei_kind;

typedef struct _PctMeiSet {
  int n, height, width;
  int *neurons;          // (n,)
  float *images;         // (n,H,W) grey levels
  float *activations;    // (n,) the encoder's rate at the image, in units of the neuron's scale
  float *baselines;      // (n,) its rate at flat grey of the same mean
  guint8 *ready;         // (n,) 1 once the row is final; see pct_mei_set_is_ready
  double mean, contrast; // grey levels
  guint64 seed;
} PctMeiSet;

// All rows not ready. NULL with PCT_ERROR_MEMORY.
PctMeiSet *pct_mei_set_new(const int *neurons, int n, int height, int width, GError **error);
void pct_mei_set_free(PctMeiSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctMeiSet, pct_mei_set_free)

// Whether a row is final; while another thread fills the set, the row may be read after this said so.
gboolean pct_mei_set_is_ready(const PctMeiSet *set, int row);
// For who fills it: the row is final.
void pct_mei_set_mark_ready(PctMeiSet *set, int row);

// Fills every row of set that is not ready; a row that becomes ready is never touched again, so others may read it
// while this runs. options of pct_mei_kind with mean and contrast resolved (> 0). Reports done of n. After an error or
// a stop the ready rows are good, and a second call goes on: neurons under way are begun anew. Sets mean, contrast and
// seed of set. FALSE with PCT_ERROR_CANCELLED, _MEMORY, _SHAPE (a neuron that the encoder does not have, images of
// another size) or _DIVERGED (an answer that is not a number).
gboolean pct_mei_set_fill(PctMeiSet *set, const PctEncoder *encoder, const PctOptionValues *options, guint64 seed,
                          const PctRun *run, GError **error);

// meis.npz: meis (n,H,W) float32, activation (n,), baseline (n,), neuron (n,) int32, ready (n,) where some are not
// (their rows are zeros); mean, contrast, seed, which a file from elsewhere may lack (NAN, NAN, 0). Atomic. _load: NULL
// with PCT_ERROR_FORMAT, _SHAPE, _IO.
gboolean pct_mei_set_save(const PctMeiSet *set, const char *path, GError **error);
PctMeiSet *pct_mei_set_load(const char *path, GError **error);

// out (n,n): how much of its own best answer neuron j gives to the MEI of neuron i:
// (rate_j(MEI_i) - rate_j(grey)) / (rate_j(MEI_j) - rate_j(grey)), row i, column j. rows (n,): indices into the set.
// NAN where a neuron's own MEI does nothing.
gboolean pct_mei_cross_activation(const PctMeiSet *set, const int *rows, int n, const PctEncoder *encoder, float *out,
                                  const PctRun *run, GError **error);
