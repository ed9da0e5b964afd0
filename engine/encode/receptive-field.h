// SPDX-License-Identifier: GPL-3.0-or-later
// All that a recording alone says of where and what each neuron sees: spike-triggered average, the same decorrelated,
// and a fitted Gabor cell. Fitted on the train tier, chosen on validation; where there is none, every tenth train image
// is held out for that and fitted on by nothing. The test tier is never touched. Immutable once made.
#pragma once
#include "encode/gabor-fit.h"

typedef struct {
  int n_neurons, height, width;
  gboolean held_out;        // "validation" is a part of the train tier that was held out
  double penalty;           // of the decorrelation, squared grey levels
  float *sta;               // (M,H,W) mean of z-scored response x (image - mean image), grey levels
  float *decorrelated;      // (M,H,W) z-scored response a grey level
  float *linear_correlation;  // (M,) of the decorrelated field's prediction with single validation trials; NAN: none
  float *x, *y, *spread;    // (M,) pixels: centre and standard deviation of decorrelated (pct_receptive_field_locate)
  PctGaborFit *gabors;      // (M,)
} PctReceptiveFields;

// NULL with PCT_ERROR_MEMORY, _CANCELLED or _DIVERGED (images that are all the same).
PctReceptiveFields *pct_receptive_fields_new(const PctRecording *recording, const PctStatistics *statistics,
                                             const PctRun *run, GError **error);
void pct_receptive_fields_free(PctReceptiveFields *fields);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctReceptiveFields, pct_receptive_fields_free)

// One safetensors file, atomic: sta, decorrelated (M,H,W); linear_correlation, x, y, spread (M,); gabors (M,13),
// columns in the order of PctGaborFit; penalty and whether trials were held out in its metadata. fingerprint (may be
// NULL): of the recording they are of.
gboolean pct_receptive_fields_save(const PctReceptiveFields *fields, const char *fingerprint, const char *path,
                                   GError **error);
// NULL with the errors of reading; PCT_ERROR_FORMAT too for a Gabor out of its ranges; PCT_ERROR_SHAPE if fingerprint
// is given and the file is of another recording.
PctReceptiveFields *pct_receptive_fields_load(const char *path, const char *fingerprint, GError **error);
