// SPDX-License-Identifier: GPL-3.0-or-later
// Which neurons make this? Of a decoder at given responses, a number for every neuron, by one of three measures
// (pct_influence_measure_get_help says what each is). Contribution is not sensitivity: a neuron that could change the
// region much may not have done so here. Everything is at the responses, their averaging and the z handed in.
#pragma once
#include "decode/decoder.h"

// Columns [x, x + width), rows [y, y + height) of a picture. Width and height 0: the whole picture.
typedef struct {
  int x, y, width, height;
} PctRegion;

typedef enum {
  // What the region's mean owes to this response not being the neuron's mean response, in grey levels. By integrated
  // gradients along the straight line from the mean responses (Sundararajan et al. 2017), midpoint rule: for a linear
  // decoder derivative x (response - mean), exactly. They sum to the change of the region's mean, but for a gap.
  PCT_INFLUENCE_CONTRIBUTION,
  // Derivative of the region's mean by this response, in grey levels a standard deviation of the neuron's single train
  // trials: a unit of response is another thing for every neuron.
  PCT_INFLUENCE_SENSITIVITY,
  // Root-mean-square change of the whole picture, in grey levels, when this response alone is set to its mean. No
  // derivative is needed, but a picture a neuron.
  PCT_INFLUENCE_SILENCING,
} PctInfluenceMeasure;
#define PCT_N_INFLUENCE_MEASURES (PCT_INFLUENCE_SILENCING + 1)

// Stable name, "contribution". All strings are static; any thread.
const char *pct_influence_measure_get_name(PctInfluenceMeasure measure);
gboolean pct_influence_measure_from_name(const char *name, PctInfluenceMeasure *measure);
// Translated: a title, its unit, one sentence.
const char *pct_influence_measure_get_title(PctInfluenceMeasure measure);
const char *pct_influence_measure_get_unit(PctInfluenceMeasure measure);
const char *pct_influence_measure_get_help(PctInfluenceMeasure measure);

// FALSE with PCT_ERROR_SHAPE: the region is not a rectangle of pixels inside a picture of that size.
gboolean pct_region_check(const PctRegion *region, int height, int width, GError **error);
gboolean pct_region_is_whole(const PctRegion *region);

// Where it is asked. All borrowed.
typedef struct {
  const float *responses;   // (M,) in the recording's units
  double n_averaged;        // trials they are the mean of
  const float *z;           // (latent,); NULL: zeros
  const float *mean, *std;  // (M,) of the neurons' train trials
  PctRegion region;         // no part of silencing
} PctInfluencePoint;

typedef struct {
  int n_neurons;
  double *values;  // (M,)
  // Of contributions: the region's mean at these responses less that at the mean responses, that less the values' sum,
  // and the derivatives it took.
  double change, gap;
  int n_steps;
} PctInfluence;

// NULL with PCT_ERROR_SHAPE (the region), _CANCELLED, _MEMORY, or _UNSUPPORTED: the decoder has no derivative, which
// leaves silencing: differences would cost a picture a neuron too, and tell less.
PctInfluence *pct_influence_new(PctDecoder *decoder, PctInfluenceMeasure measure, const PctInfluencePoint *at,
                                const PctRun *run, GError **error);
void pct_influence_free(PctInfluence *influence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctInfluence, pct_influence_free)

// (M,) neurons by absolute value, the largest first; of equals the lower number. Free with g_free.
int *pct_influence_dup_order(const PctInfluence *influence);
