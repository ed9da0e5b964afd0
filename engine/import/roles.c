// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/roles.h"
#include <glib/gi18n-lib.h>

static const PctRoleInfo roles[PCT_N_IMPORT_ROLES] = {
  [PCT_ROLE_RESPONSES] = { "responses", PCT_ROLE_GROUP_ANSWERS, "tm", N_("Responses"),
    N_("One number for each trial and neuron, trials first; or for each image, repeat and neuron.") },
  [PCT_ROLE_TRACES] = { "traces", PCT_ROLE_GROUP_ANSWERS, "fm", N_("Traces"),
    N_("Fluorescence or firing over time, frames first; responses are taken from it at each stimulus.") },
  [PCT_ROLE_NEUROPIL] = { "neuropil", PCT_ROLE_GROUP_ANSWERS, "fm", N_("Neuropil"),
    N_("Fluorescence around each cell, as the traces; a share of it is subtracted.") },
  [PCT_ROLE_FRAME_TIMES] = { "frame-times", PCT_ROLE_GROUP_ANSWERS, "f", N_("Frame times"),
    N_("Seconds at which each frame of the traces was taken.") },
  [PCT_ROLE_SPIKE_TIMES] = { "spike-times", PCT_ROLE_GROUP_ANSWERS, "s", N_("Spike times"),
    N_("Seconds of all spikes, one neuron after another.") },
  [PCT_ROLE_SPIKE_ENDS] = { "spike-ends", PCT_ROLE_GROUP_ANSWERS, "m", N_("Ends of spike lists"),
    N_("For each neuron, how many spike times there are up to its last.") },
  [PCT_ROLE_CELLS] = { "cells", PCT_ROLE_GROUP_ANSWERS, "m", N_("Which are cells"),
    N_("1 for a neuron, 0 for none; a second column, if there is one, is its probability.") },
  [PCT_ROLE_IMAGES] = { "images", PCT_ROLE_GROUP_IMAGES, "khw", N_("Images"),
    N_("A stack of pictures, or a folder of them.") },
  [PCT_ROLE_IMAGE_NAMES] = { "image-names", PCT_ROLE_GROUP_IMAGES, "k", N_("Names of images"),
    N_("How the list of trials calls each image.") },
  [PCT_ROLE_IMAGE_NUMBERS] = { "image-numbers", PCT_ROLE_GROUP_TRIALS, "t", N_("Image of each trial"),
    N_("The number or the name of the image that each trial showed.") },
  [PCT_ROLE_ONSETS] = { "onsets", PCT_ROLE_GROUP_TRIALS, "t", N_("Stimulus onsets"),
    N_("When each trial’s image appeared, in seconds or in frames of the traces.") },
  [PCT_ROLE_OFFSETS] = { "offsets", PCT_ROLE_GROUP_TRIALS, "t", N_("Stimulus ends"),
    N_("When each trial’s image went, in the unit of the onsets.") },
  [PCT_ROLE_TIERS] = { "tiers", PCT_ROLE_GROUP_TRIALS, "t", N_("Tiers"),
    N_("Train, validation or test, for each trial or each image.") },
  [PCT_ROLE_SPEED] = { "speed", PCT_ROLE_GROUP_BEHAVIOUR, "t", N_("Running speed"),
    N_("For each trial, or at times of its own.") },
  [PCT_ROLE_PUPIL_SIZE] = { "pupil-size", PCT_ROLE_GROUP_BEHAVIOUR, "t", N_("Pupil size"),
    N_("For each trial, or at times of its own.") },
  [PCT_ROLE_PUPIL_POSITION] = { "pupil-position", PCT_ROLE_GROUP_BEHAVIOUR, "tx", N_("Pupil position"),
    N_("Horizontal and vertical, for each trial or at times of their own.") },
  [PCT_ROLE_BEHAVIOUR_TIMES] = { "behaviour-times", PCT_ROLE_GROUP_BEHAVIOUR, "b", N_("Times of behaviour"),
    N_("Seconds at which speed and pupil were measured, if not once a trial.") },
  [PCT_ROLE_UNIT_IDS] = { "unit-ids", PCT_ROLE_GROUP_NEURONS, "m", N_("Unit numbers"),
    N_("The laboratory’s own number of each neuron.") },
  [PCT_ROLE_POSITIONS] = { "positions", PCT_ROLE_GROUP_NEURONS, "mx", N_("Positions in cortex"),
    N_("Two or three coordinates for each neuron, in micrometres.") },
  [PCT_ROLE_AREAS] = { "areas", PCT_ROLE_GROUP_NEURONS, "m", N_("Area"), N_("The visual area of each neuron.") },
  [PCT_ROLE_LAYERS] = { "layers", PCT_ROLE_GROUP_NEURONS, "m", N_("Layer"), N_("The cortical layer of each neuron.") },
  [PCT_ROLE_DEPTHS] = { "depths", PCT_ROLE_GROUP_NEURONS, "m", N_("Depth"),
    N_("Micrometres below the surface, for each neuron.") },
};

const PctRoleInfo *
pct_import_role_get(PctImportRole role)
{
  g_return_val_if_fail((int)role >= 0 && role < PCT_N_IMPORT_ROLES, NULL);
  return &roles[role];
}

const char *
pct_role_group_get_title(PctRoleGroup group)
{
  static const char *const titles[PCT_N_ROLE_GROUPS] = {
    N_("What the neurons answered"), N_("What was shown"), N_("Trials"), N_("Behaviour"), N_("About the neurons"),
  };
  g_return_val_if_fail((int)group >= 0 && group < PCT_N_ROLE_GROUPS, NULL);
  return _(titles[group]);
}

const char *
pct_import_axis_get_title(char letter)
{
  switch (letter) {
  case 't': return _("trials");
  case 'm': return _("neurons");
  case 'f': return _("frames");
  case 's': return _("spikes");
  case 'k': return _("images");
  case 'h': return _("height");
  case 'w': return _("width");
  case 'c': return _("colours");
  case 'x': return _("coordinates");
  case 'b': return _("times");
  case 'p': return _("columns");
  case 'r': return _("repeats");
  case '1': return "1";
  default: return NULL;
  }
}

gboolean
pct_import_role_from_name(const char *name, PctImportRole *role)
{
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    if (g_str_equal(roles[i].name, name)) {
      *role = (PctImportRole)i;
      return TRUE;
    }
  return FALSE;
}
