// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of convolutions, without copying patches: rows are reached through pointers, so a patch is a list of
// where its pixels are (the idea of "indirect convolution", Dukhan 2019). One source (kernels-body.h) is compiled for
// AVX-512, AVX2 and any x86-64; the processor is asked at run time. The order of every sum depends on the sizes alone.
#pragma once
#include <glib.h>

// Columns of a panel of packed weights.
#define PCT_PANEL 16

typedef struct {
  const char *name;
  // out[r] (n,) = beta out[r] + bias + sum over taps and channels of in[r * n_taps + t][c] * weights(t,c,:), for r < rows.
  // in (rows, n_taps) pointers to n_channels floats, of which those to `zeros` (NULL: none) are known to be zeros: what
  // only adds them is left out; panels as pct_kernels_pack makes them; out (rows,) pointers to n
  // floats; bias (n,) or NULL; beta 0 (out is not read) or 1.
  void (*indirect)(gsize rows, gsize n_taps, gsize n_channels, gsize n, const float *const *in, const float *zeros,
                   const float *panels, float *const *out, const float *bias, float beta);
  // c (k,n) += sum over r < rows of a[r * a_step] (k,) outer b[r * b_step] (n,); n a multiple of PCT_PANEL; c's rows are
  // n apart.
  void (*outer)(gsize rows, gsize k, gsize n, const float *const *a, gsize a_step, const float *const *b, gsize b_step,
                float *c);
} PctKernels;

// For this processor. Constant.
const PctKernels *pct_kernels_get(void);
// All that this processor can run, NULL-terminated; for tests.
const PctKernels *const *pct_kernels_get_all(void);

// Of avx512, avx2 and plain, the first that this processor can run: 0, 1 or 2. For tables of kernels in this order.
guint pct_kernels_get_first(void);

// Floats of packed weights (k,n).
gsize pct_kernels_packed_size(gsize k, gsize n);
// Panels first .. end-1 of panels (ceil(n / PCT_PANEL), k, PCT_PANEL) = weights (k,n), the last filled up with zeros.
void pct_kernels_pack(float *panels, const float *weights, gsize k, gsize n, gsize first, gsize end);
