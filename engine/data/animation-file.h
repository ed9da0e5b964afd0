// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures one after another as an animated WebP (developers.google.com/speed/webp/docs/riff_container), which browsers
// and slides show: lossless, every pixel a crisp square. All or nothing on disk.
#pragma once
#include "base/run.h"

typedef struct {
  int scale;                // each pixel becomes scale x scale
  double rate;              // frames a second
  gboolean there_and_back;  // first to last, and back to the second
} PctAnimationOptions;
#define PCT_ANIMATION_OPTIONS_DEFAULT ((PctAnimationOptions){ .scale = 8, .rate = 6, .there_and_back = TRUE })
// What rates are taken.
#define PCT_ANIMATION_LEAST_RATE 0.1
#define PCT_ANIMATION_MOST_RATE 100.0

// frames (n,H,W) grey levels, n at least 1, clipped to 0..255. Repeats for ever. Frames alike in every byte become one
// that stays longer. FALSE with PCT_ERROR_UNSUPPORTED (larger than a WebP can be, or than can be meant), _MEMORY, _IO
// or _CANCELLED.
gboolean pct_animation_save(const char *path, const float *frames, gsize n, int height, int width,
                            const PctAnimationOptions *options, const PctRun *run, GError **error);
