// SPDX-License-Identifier: GPL-3.0-or-later
// How alike two pictures are in their coarse and in their fine structure: their correlation within bands of spatial
// frequency. The Fourier transform is that of the picture continued by its mirror images (the DCT-II): the plain one
// takes the frame's opposite edges for neighbours, and that jump, the same in a blurred picture as in its original,
// would pass for fine structure that the picture has not.
#pragma once
#include <glib.h>
#include "measure/image-quality.h"

// Octaves of radial frequency, cycles a pixel: up to 1/32, to 1/16, to 1/8, to 1/4, and beyond.
#define PCT_N_BANDS 5
// The highest frequency of a band, cycles a pixel; of the last, the frame's corner, sqrt(1/2).
double pct_band_get_highest(int band);

typedef struct _PctFrequency PctFrequency;

// What transforms windows of this size; immutable, for any number of threads.
PctFrequency *pct_frequency_new(int height, int width);
void pct_frequency_free(PctFrequency *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctFrequency, pct_frequency_free)

// out (PCT_N_BANDS,): the Pearson correlation of a and b, pictures `stride` pixels wide, in the window (of the size that
// self is for), each filtered to the band: the sum of the products of their coefficients over the root of the product of
// the sums of their squares. The constant belongs to no band. 0 where either has nothing in the band but rounding; NAN
// for a band that so small a window has no frequency in.
void pct_frequency_correlate(const PctFrequency *self, const float *a, const float *b, int stride, PctWindow window,
                             double *out);
