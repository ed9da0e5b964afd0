// SPDX-License-Identifier: GPL-3.0-or-later
// What a decoder's pictures owe to the amount of data: its score with some of the neurons, or learned from some of the
// train images, the smaller choice always a part of the larger. Each point fits the kind anew with the same options and
// seed, but where neurons are silenced: there one decoder of all of them is asked with the others at their train mean.
#pragma once
#include "decode/decoder.h"
#include "encode/mei.h"
#include "measure/score-summary.h"

typedef enum {
  PCT_AGAINST_NEURONS,   // fitted to the responses of these neurons alone
  PCT_AGAINST_SILENCED,  // fitted to all; all but these answer with their mean over the train tier
  PCT_AGAINST_IMAGES,    // fitted to all trials of these train images (validation, which chooses, stays whole)
} PctCurveAgainst;
#define PCT_N_CURVE_AGAINST 3
// "neurons", "silenced", "images".
const char *pct_curve_against_get_name(PctCurveAgainst against);
gboolean pct_curve_against_from_name(const char *name, PctCurveAgainst *against);

// All borrowed. fit: of the whole recording, with what it is made with (of which a point of fewer neurons takes theirs; an
// encoder and most exciting inputs stay what they were made from, however few images a point learns from); folder and
// preview are left alone.
typedef struct {
  const PctDecoderClass *klass;
  PctFit fit;
  PctCurveAgainst against;
  PctTier tier;             // scored on
  guint64 seed;             // of the choices
  const PctDecoder *whole;  // PCT_AGAINST_SILENCED: fitted to all
} PctDataCurve;

typedef enum { PCT_MODE_SINGLE, PCT_MODE_AVERAGED } PctScoreMode;
#define PCT_N_MODES 2

typedef struct {
  double share;
  int count;       // neurons, or train images
  double seconds;  // that the fit took; 0 where there was none
  PctScoreSummary score[PCT_N_MODES];  // NAN throughout for a mode that the tier has not (pct_score_set_modes)
} PctDataPoint;

// How many there are: neurons of the recording, or images of its train tier.
int pct_data_curve_get_total(const PctDataCurve *curve);
// The point of a share of all, 0 < share <= 1: the nearest number, but one at least. FALSE with the errors of
// pct_decoder_fit, or PCT_ERROR_SHAPE.
gboolean pct_data_curve_measure(const PctDataCurve *curve, double share, PctDataPoint *point, const PctRun *run,
                                GError **error);
int pct_data_curve_get_count(const PctDataCurve *curve, double share);
