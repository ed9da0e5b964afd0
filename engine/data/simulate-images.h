// SPDX-License-Identifier: GPL-3.0-or-later
// Where a simulation's pictures come from. Whatever the source, the pictures come tier after tier (train, validation,
// test) and no photograph, scene or image of a recording is in two tiers.
#pragma once
#include "base/run.h"
#include "data/recording.h"

typedef struct {
  int height, width;
  int n[PCT_N_TIERS];   // pictures a tier; a source with fewer lowers it
  guint8 *pixels;       // (sum n, height, width) grey levels
} PctSimulationImages;

void pct_simulation_images_clear(PctSimulationImages *images);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctSimulationImages, pct_simulation_images_clear)

// Each takes images with height, width and n set (a recording sets height and width itself) and fills in the rest, in
// steps 0 .. sum n of total_steps. FALSE with an error; images may then be cleared as ever.
gboolean pct_simulation_images_draw(PctSimulationImages *images, guint64 seed, const PctRun *run, double total_steps,
                                    GError **error);
gboolean pct_simulation_images_from_folder(PctSimulationImages *images, const char *path, guint64 seed,
                                           const PctRun *run, double total_steps, GError **error);
gboolean pct_simulation_images_from_recording(PctSimulationImages *images, const char *path, guint64 seed,
                                              const PctRun *run, GError **error);
