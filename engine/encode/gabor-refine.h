// SPDX-License-Identifier: GPL-3.0-or-later
// A Gabor moved until it explains most of one neuron's responses, by Levenberg-Marquardt steps with analytic
// derivatives (Marquardt 1963, J. SIAM 11:431). Amplitude and offset are linear and solved for exactly wherever the
// Gabor goes; the steps know of them, so that they are those of the whole problem.
#pragma once
#include "encode/gabor-bank.h"

// Where the refinement works: room for one neuron at a time, for one thread.
typedef struct _PctGaborRefiner PctGaborRefiner;

// levels and means are borrowed; the same images. NULL with PCT_ERROR_MEMORY.
PctGaborRefiner *pct_gabor_refiner_new(const PctGaborLevels *levels, const PctTierMeans *means, GError **error);
void pct_gabor_refiner_free(PctGaborRefiner *refiner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctGaborRefiner, pct_gabor_refiner_free)

// Which neuron's responses are to be explained, from now on on the first n_images rows of means alone.
void pct_gabor_refiner_set_neuron(PctGaborRefiner *refiner, int neuron, gsize n_images);

// At most n_steps from *gabor, which never gets worse. Returns the fraction of the image means' variance that it then
// explains on these images; 0 for nothing, and *gabor stays as it was.
double pct_gabor_refiner_improve(PctGaborRefiner *refiner, PctGaborKind kind, int n_steps, PctGabor *gabor);
