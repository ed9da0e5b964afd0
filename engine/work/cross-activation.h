// SPDX-License-Identifier: GPL-3.0-or-later
// How much of its own best answer each of a few neurons gives to the MEI of each other one (encode/mei.h), on the
// interactive lane, the newest request winning. Follows the encoder and MEI set of its PctNeurons. Main thread only.
//
// Signal "changed" after an answer came. Property "busy" notifies.
#pragma once
#include "work/neurons.h"

G_BEGIN_DECLS

#define PCT_CROSS_ACTIVATION_MOST 64

#define PCT_TYPE_CROSS_ACTIVATION (pct_cross_activation_get_type())
G_DECLARE_FINAL_TYPE(PctCrossActivation, pct_cross_activation, PCT, CROSS_ACTIVATION, GObject)

PctCrossActivation *pct_cross_activation_new(PctNeurons *neurons);
// neurons (n,), copied; those beyond the first PCT_CROSS_ACTIVATION_MOST and those without a ready MEI are left out.
void pct_cross_activation_set(PctCrossActivation *self, const int *neurons, int n);
gboolean pct_cross_activation_is_busy(PctCrossActivation *self);
// (n,n) row i, column j: neuron j's answer to the MEI of neuron i; 1 on the diagonal, NAN where a neuron's own MEI
// does nothing. neurons (n,): which they are (may be NULL). Borrowed until the next "changed"; NULL, n 0: none.
const float *pct_cross_activation_get(PctCrossActivation *self, int *n, const int **neurons);
// Why there is none, a translated sentence; NULL: no problem.
const char *pct_cross_activation_get_problem(PctCrossActivation *self);

G_END_DECLS
