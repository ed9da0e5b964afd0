// SPDX-License-Identifier: GPL-3.0-or-later
// How a decoder's pictures depend on noise: its score against the number of repeats averaged, with what the curve comes
// to in the limit of infinitely many, and how alike its pictures of two halves of the repeats are. All points are of the
// same images; a mean of n trials is decoded as such (n_averaged = n). A recording of means has no repeats to average.
#pragma once
#include "decode/decoder.h"
#include "measure/score-summary.h"

typedef struct {
  guint64 seed;          // which trials go together
  int most_subsets;      // disjoint subsets of an image's trials at each n; 0: as many as there are
} PctRepeatOptions;
#define PCT_REPEAT_OPTIONS_DEFAULT ((PctRepeatOptions){ .seed = 1, .most_subsets = 0 })

typedef struct {
  int n;                  // trials averaged
  int n_pictures;         // images x subsets
  PctScoreSummary score;  // against the originals
} PctRepeatPoint;

typedef struct {
  int n_images;    // of the tier, compared: those shown at least n_repeats times
  int n_left_out;  // shown more than once, but less often than that
  int n_repeats;   // of an image, used: half of the repeated images or more have so many
  int n_points;
  PctRepeatPoint *points;  // at n = 1, 2, 4, .. and n_repeats
  // score(n) = limit - c / (n + k): PctScoreSummary of the limits, each fitted to the points (pct_repeat_limit), with
  // the interval of the fits to the points of resampled images; none beyond what the measure can be. NAN with fewer
  // than three points, and where the points are.
  PctScoreSummary limit;
  // Pictures of one half of an image's repeats against those of the other, each a mean over `half` trials: PixCorr (all
  // kinds of it) between the two, and identification of a half among the other halves. MSE and SSIM compare pictures
  // with originals and are NAN here.
  int half;
  PctScoreSummary halves;
} PctRepeatCurve;

// statistics: the recording's. NULL with PCT_ERROR_UNSUPPORTED (no image of the tier is repeated, or the responses are
// means already), _SHAPE (the decoder is for another recording), _MEMORY or _CANCELLED. Trials are joined as the seed
// says, whatever decoder it is, so that curves of several compare.
PctRepeatCurve *pct_repeat_curve_new(const PctDecoder *decoder, const PctRecording *recording,
                                     const PctStatistics *statistics, PctTier tier, const PctRepeatOptions *options,
                                     const PctRun *run, GError **error);
void pct_repeat_curve_free(PctRepeatCurve *curve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctRepeatCurve, pct_repeat_curve_free)

// The limit of score(n) = limit - c / (n + k), k between 0 and the largest n, least squares over the points n (count,)
// ascending, values (count,). With k = 0 it is how the squared error of a linear decoder falls, exactly: noise averages
// out as 1/n. A decoder that shrinks by n_averaged has the variance of a posterior, 1/(n + k); and a correlation, which
// noise divides by sqrt(1 + v/n), is within a few percent of v of it (its first Padé approximant has k = 3v/4). Three
// points are too few to tell k, which is then 0. *k (may be NULL) is what was found. NAN with fewer than three points, or
// where a value is not finite.
double pct_repeat_limit(const double *n, const double *values, int count, double *k);
