// SPDX-License-Identifier: GPL-3.0-or-later
// What a decoder's pictures owe to particular neurons: their quality with more and more of an order of neurons silenced,
// or with all but those, beside random choices of as many. A silenced neuron answers with its mean response; nothing is
// fitted anew, and nothing is chosen by what is measured, so that the test tier may be asked. Invariant: a point of k is of
// the first k of the order, so that every lesion is a part of the larger ones; random choices are nested as well.
#pragma once
#include "decode/decoder.h"
#include "measure/score-summary.h"

// All borrowed.
typedef struct {
  const float *mean;  // (M,) what a silenced neuron answers, recording's units: its mean over the train tier
  const int *order;   // (n_order,) different neurons, 0..M-1; a selection is one, in any order
  int n_order;
  gboolean others;    // all but the first k are silenced, in place of the first k
  int n_random;       // random choices of k of all M, treated alike at every point; 0: none
  guint64 seed;       // of these
} PctLesion;

typedef struct {
  int count;                // k
  int n_silenced;           // k, or M - k
  PctScoreSummary score;    // of one image: MSE, PixCorr and SSIM alone, without intervals; NAN else
  PctScoreSummary random;   // mean over the random choices, and as interval what they lie between; NAN with none
} PctLesionPoint;

// One image: its responses (M,), of which trials they are the mean, z (latent,) or NULL, and the original (H,W).
typedef struct {
  const float *responses, *z, *original;
  double n_averaged;
} PctLesionImage;

// Numbers worth measuring, ascending: 0, each one up to 8, from there on wider and wider apart, at most `most`, which is
// the last. *n of them. Free with g_free.
int *pct_lesion_counts_new(int most, int *n);

// responses (n,M): what the lesion of the first count (0..n_order) leaves of them.
void pct_lesion_silence(const PctLesion *lesion, int count, int n_neurons, float *responses, gsize n);

// The points at counts (n,), 0..n_order each, of one image. FALSE with PCT_ERROR_CANCELLED, points undefined.
gboolean pct_lesion_measure_image(const PctLesion *lesion, const PctDecoder *decoder, const PctLesionImage *image,
                                  const int *counts, int n, PctLesionPoint *points, const PctRun *run, GError **error);

// The point at count of a whole tier, z = 0. FALSE with PCT_ERROR_SHAPE (the decoder is for another recording), _MEMORY or
// _CANCELLED, point undefined.
gboolean pct_lesion_measure(const PctLesion *lesion, const PctDecoder *decoder, const PctScoreSet *set, int count,
                            PctLesionPoint *point, const PctRun *run, GError **error);
