// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a training, a row an epoch: what a view plots while it runs, curves.csv in the model's folder, and a part
// of the checkpoint, so that a resumed run continues its curves.
#pragma once
#include "base/run.h"
#include "nn/safetensors.h"

typedef struct _PctTrainingCurves PctTrainingCurves;

// names: stable identifiers of the columns, static strings.
PctTrainingCurves *pct_training_curves_new(const char *const *names, guint n_names);
void pct_training_curves_free(PctTrainingCurves *curves);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTrainingCurves, pct_training_curves_free)

// values (n_names,).
void pct_training_curves_append(PctTrainingCurves *curves, const double *values);
// The last row as figures (n_names,), borrowed until the next call; NULL before the first row.
const PctFigure *pct_training_curves_get_last(PctTrainingCurves *curves, guint *n);

// A header line of names, then a line a row, C locale. Atomic.
gboolean pct_training_curves_save_csv(const PctTrainingCurves *curves, const char *path, GError **error);
void pct_training_curves_save(const PctTrainingCurves *curves, PctTensors *tensors);
gboolean pct_training_curves_load(PctTrainingCurves *curves, const PctTensors *tensors, GError **error);
