// SPDX-License-Identifier: GPL-3.0-or-later
// Which image of one list each image of another is most like, whatever their brightness and contrast: correlations over
// the means of cells of pixels, so that large frames cost no more than small ones.
#pragma once
#include "base/run.h"
#include "data/recording.h"

// At most so many cells a frame.
#define PCT_LIKENESS_CELLS 1024

// best (n_images,): of others (n_others,) the one with the highest correlation with each of images (the first of
// equals; -1 without others), and that correlation (n_images,): 0 where either is flat. Images with the same number in
// copies (K,) are passed over. FALSE with PCT_ERROR_MEMORY or _CANCELLED.
gboolean pct_image_likeness(const PctRecording *recording, const int *images, int n_images, const int *others,
                            int n_others, const int *copies, int *best, float *correlation, const PctRun *run,
                            GError **error);
