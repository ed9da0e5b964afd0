// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/sweep-modes.h"
#include <glib/gi18n.h>

const PctSweepMode pct_sweep_modes[PCT_N_SWEEP_MODES] = {
  { "alone", N_("One neuron"), N_("One response moves, all others are held."), PCT_SWEEP_ALONE, 1, TRUE, FALSE },
  { "companions", N_("With its companions"),
    N_("One response moves, and all others to their expectation given it, from the covariances of single training "
       "trials."),
    PCT_SWEEP_COMPANIONS, 1, TRUE, FALSE },
  { "grid", N_("Two neurons"), N_("Rows move one response, columns another; all others are held."), PCT_SWEEP_GRID, 2,
    TRUE, FALSE },
  { "walk", N_("To another image"), N_("All responses move in a straight line to those to another image."),
    PCT_SWEEP_WALK, 0, TRUE, TRUE },
  { "repeats", N_("Its trials"), N_("The recorded trials of the image, one after another."), PCT_SWEEP_REPEATS, 0,
    FALSE, FALSE },
  { "exchange", N_("Trials of two images"),
    N_("A mean of as many trials all the way: one by one they are exchanged for trials of another image."),
    PCT_SWEEP_REPEATS, 0, FALSE, TRUE },
};

guint
pct_sweep_mode_find(const PctSweepRecipe *recipe)
{
  for (guint i = 0; i < PCT_N_SWEEP_MODES; i++)
    if (pct_sweep_modes[i].kind == recipe->kind &&
        (recipe->kind != PCT_SWEEP_REPEATS || pct_sweep_modes[i].image == (recipe->image >= 0)))
      return i;
  return 0;
}

guint
pct_sweep_mode_from_name(const char *name)
{
  guint i = 0;
  while (i < PCT_N_SWEEP_MODES && !g_str_equal(name, pct_sweep_modes[i].name))
    i++;
  return i;
}
