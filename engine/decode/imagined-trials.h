// SPDX-License-Identifier: GPL-3.0-or-later
// Trials that never took place: images as an encoder answers them, without noise. Any number can be had, of train
// images, of train images mirrored, shifted and enlarged, and of photographs, never of validation or test images. What is
// learned from them generalises from more images than the animal saw, and noise can be added afresh every time.
#pragma once
#include "decode/trial-rows.h"
#include "encode/encoder.h"

// Rows as those of pct_trial_rows_read: predicted responses, z-scored as the recording's are, and pictures less the mean
// image. First the train images, in the tier's order of first appearance, then `copies` times as many views of them (the
// first copy is mirrored; others are shifted or enlarged by chance), then, with fit->photographs, as many crops of
// photographs again. Random numbers from fit->seed. FALSE with PCT_ERROR_MEMORY, _CANCELLED, or of reading photographs.
gboolean pct_imagined_trials_new(PctTrialRows *rows, const PctFit *fit, int copies, const PctRun *run, GError **error);

// out (n,M): what fit->encoder predicts for the recording's images (n,), z-scored.
gboolean pct_imagined_trials_predict(const PctFit *fit, const int *images, gsize n, float *out, const PctRun *run,
                                     GError **error);

// out (H,W): image (H,W) seen through a window of scale times its size whose corner is at (top, left) pixels, mirrored
// left to right or not; beyond the edges the picture is its own reflection.
void pct_imagined_view(const float *image, int height, int width, double top, double left, double scale,
                       gboolean mirrored, float *out);
