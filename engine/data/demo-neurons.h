// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated neurons of primary visual cortex. Simple cells are half-rectified Gabor filters, complex cells the root of
// a quadrature pair's energy (Adelson & Bergen 1985, J. Opt. Soc. Am. A 2:284); each is divided by what its neighbours
// in the frame see (divisive normalisation; Heeger 1992, Vis. Neurosci. 9:181). Wavelengths are spaced evenly in log,
// receptive fields cover the middle two thirds of the frame, and the cortical map follows them with some jitter.
// Invariant: a cell is a function of (seed, its number, the number of cells, the frame's size) alone.
#pragma once
#include "base/run.h"

typedef struct _PctDemoNeurons PctDemoNeurons;

// NULL with PCT_ERROR_MEMORY.
PctDemoNeurons *pct_demo_neurons_new(int n_neurons, int height, int width, guint64 seed, PctPool *pool,
                                     GError **error);
void pct_demo_neurons_free(PctDemoNeurons *neurons);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctDemoNeurons, pct_demo_neurons_free)

// Whether a cell is complex; else it is simple.
gboolean pct_demo_neurons_is_complex(int number);
// (M,2) micrometres on the cortex, borrowed.
const float *pct_demo_neurons_get_positions(const PctDemoNeurons *neurons);

// rates (n,M): mean over the images about 1 (it differs from cell to cell), in units of response; images (n,H,W) grey
// levels. Reports steps from first_step of total_steps, one an image. FALSE with PCT_ERROR_CANCELLED or _MEMORY.
gboolean pct_demo_neurons_answer(const PctDemoNeurons *neurons, const guint8 *images, int n, float *rates,
                                 const PctRun *run, double first_step, double total_steps, GError **error);
