// SPDX-License-Identifier: GPL-3.0-or-later
// The ways of sweeping as a person chooses among them: those of decode/sweep.h, with the repeats of one image and the
// exchange of two images' as two.
#pragma once
#include "work/slide-sweep.h"

typedef struct {
  const char *name;            // of the action's state: not translated
  const char *title, *help;    // N_()
  PctSweepKind kind;
  guint n_neurons;             // that are moved by hand
  gboolean steps, image;       // how many pictures is a choice; it goes to another image
} PctSweepMode;

#define PCT_N_SWEEP_MODES 6
extern const PctSweepMode pct_sweep_modes[PCT_N_SWEEP_MODES];

// The mode of a recipe.
guint pct_sweep_mode_find(const PctSweepRecipe *recipe);
// By its name; PCT_N_SWEEP_MODES: there is none.
guint pct_sweep_mode_from_name(const char *name);
