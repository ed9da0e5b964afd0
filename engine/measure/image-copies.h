// SPDX-License-Identifier: GPL-3.0-or-later
// Images with the same pixels, found by a hash and then compared: for each image the lowest number that has its pixels.
#pragma once
#include "base/run.h"
#include "data/recording.h"

// out (K,): out[i] <= i. FALSE with PCT_ERROR_CANCELLED.
gboolean pct_image_copies_find(const PctRecording *recording, int *out, const PctRun *run, GError **error);
