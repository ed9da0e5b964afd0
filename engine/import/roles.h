// SPDX-License-Identifier: GPL-3.0-or-later
// What an array can be in a recording: one table that feeds the assistant's rows, the flags of the command line, the
// plan's JSON and the guesses. A role's dimensions are named by letters, one each: an assignment that says "mt" for the
// role "responses" ("tm") has neurons first and is transposed.
#pragma once
#include <glib.h>

typedef enum {
  PCT_ROLE_RESPONSES,        // "tm", or "krm": images, repeats, neurons
  PCT_ROLE_TRACES,           // "fm": fluorescence or rates over time, from which responses are taken
  PCT_ROLE_NEUROPIL,         // "fm": subtracted from the traces
  PCT_ROLE_FRAME_TIMES,      // "f": seconds, of the traces' rows
  PCT_ROLE_SPIKE_TIMES,      // "s": seconds, all neurons' one after another
  PCT_ROLE_SPIKE_ENDS,       // "m": for each neuron the number of spike times up to and with its last
  PCT_ROLE_CELLS,            // "m" or "mp": which traces are cells (and how probably)
  PCT_ROLE_IMAGES,           // "khw", or "khwc"
  PCT_ROLE_IMAGE_NAMES,      // "k": how the stimulus table calls them
  PCT_ROLE_IMAGE_NUMBERS,    // "t": numbers, or names of images
  PCT_ROLE_ONSETS,           // "t": seconds, or frames of the traces
  PCT_ROLE_OFFSETS,          // "t": the same, when the image went
  PCT_ROLE_TIERS,            // "t" or "k": names, or 0, 1, 2
  PCT_ROLE_SPEED,            // "t", or "b": at times of their own, averaged over each trial
  PCT_ROLE_PUPIL_SIZE,       // "t" or "b"
  PCT_ROLE_PUPIL_POSITION,   // "tx" or "bx"
  PCT_ROLE_BEHAVIOUR_TIMES,  // "b": seconds
  PCT_ROLE_UNIT_IDS,         // "m"
  PCT_ROLE_POSITIONS,        // "mx": micrometres
  PCT_ROLE_AREAS,            // "m": text
  PCT_ROLE_LAYERS,           // "m": text or numbers
  PCT_ROLE_DEPTHS,           // "m": micrometres
} PctImportRole;
#define PCT_N_IMPORT_ROLES (PCT_ROLE_DEPTHS + 1)

typedef enum {
  PCT_ROLE_GROUP_ANSWERS,    // what the neurons answered
  PCT_ROLE_GROUP_IMAGES,     // what was shown
  PCT_ROLE_GROUP_TRIALS,     // when which
  PCT_ROLE_GROUP_BEHAVIOUR,
  PCT_ROLE_GROUP_NEURONS,    // what is known of them
} PctRoleGroup;
#define PCT_N_ROLE_GROUPS 5

typedef struct {
  const char *name;        // identifier: flag and JSON member, "image-numbers"
  PctRoleGroup group;
  const char *dimensions;  // canonical letters
  const char *title, *help;  // N_(): short label; one sentence: what it is, with shape and unit
} PctRoleInfo;

const PctRoleInfo *pct_import_role_get(PctImportRole role);
const char *pct_role_group_get_title(PctRoleGroup group);  // translated
// What a letter of an axis means ("trials"), translated; NULL for one that is none.
const char *pct_import_axis_get_title(char letter);
// FALSE if name is none of them.
gboolean pct_import_role_from_name(const char *name, PctImportRole *role);
