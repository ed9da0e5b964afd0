// SPDX-License-Identifier: GPL-3.0-or-later
// A Gabor cell for every neuron, fitted to its responses (not to a spike-triggered average, which vanishes for a
// complex cell): a simple cell, one rectified Gabor, and an energy cell, a quadrature pair; kept is the one that
// correlates better with the validation trials. drive = G . (image - mean image), over the frame;   response = offset +
// amplitude h / drive_scale,  h = max(0, drive) or the root of the pair's squares.
#pragma once
#include "encode/gabor-bank.h"

typedef struct {
  PctGaborKind kind;
  PctGabor gabor;            // phase means nothing for an energy cell: 0
  double amplitude, offset;  // in the recording's units of response; amplitude > 0
  double drive_scale;        // root mean square of h over the train trials, grey levels
  double train_correlation, validation_correlation;  // with single trials; NAN where there is nothing to correlate
} PctGaborFit;

// fits (M,). fitted: the trials to fit; held: those to choose the kind on, none of them: the train correlation decides.
// A neuron that never varies, or that no Gabor explains, has NAN throughout. FALSE with PCT_ERROR_MEMORY or _CANCELLED.
gboolean pct_gabor_fit(const PctRecording *recording, const PctStatistics *statistics, const PctTierMeans *fitted,
                       const PctTierMeans *held, PctGaborFit *fits, const PctRun *run, GError **error);

// "simple", "energy". Not translated.
const char *pct_gabor_kind_get_name(PctGaborKind kind);
