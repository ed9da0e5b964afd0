// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli's subcommands, one file each, and what they share: reading the command line and saying what is wrong
// with it. Results go to stdout, progress and complaints to stderr. Exit 0 done, 1 the world said no, 2 wrong usage,
// 130 interrupted.
#pragma once
#include <glib.h>

#define PCT_EXIT_DONE 0
#define PCT_EXIT_FAILED 1
#define PCT_EXIT_USAGE 2
#define PCT_EXIT_INTERRUPTED 130

typedef struct {
  const char *name;
  const char *summary;  // N_(), no full stop
  // arguments: NULL-terminated, the subcommand's name first; may be rearranged. Returns an exit code.
  int (*run)(char **arguments);
} PctCommand;

extern const PctCommand pct_command_info, pct_command_simulate, pct_command_train, pct_command_reconstruct,
  pct_command_score, pct_command_kinds, pct_command_predict, pct_command_mei, pct_command_bench,
  pct_command_contribute, pct_command_curves, pct_command_sweep, pct_command_import,
  pct_command_share, pct_command_unpack, pct_command_lesion, pct_command_neurons, pct_command_images,
  pct_command_look;

// Takes the options out of arguments, leaving the subcommand's name and what is not an option. `operands` names those
// for the help text ("KIND"; NULL: none), description follows the options there. n_operands: how many there must be;
// negative: at most that many. FALSE: the complaint has been printed; return PCT_EXIT_USAGE. --help prints and exits.
gboolean pct_command_parse(char **arguments, const GOptionEntry *entries, const char *operands, int n_operands,
                           const char *description);
// Says what is wrong with the command line; returns PCT_EXIT_USAGE.
int pct_command_refuse(const char *format, ...) G_GNUC_PRINTF(1, 2);

// The option that every subcommand with a recording has: a gchar ** for the condition that its trials must meet.
#define PCT_TRIALS_ENTRY(variable)                                                                                       \
  { "trials", 0, 0, G_OPTION_ARG_STRING, variable,                                                                      \
    N_("Only the trials that meet a condition, such as “speed < 1 and pupil > 0.4”"), N_("CONDITION") }

// The path of a recording as the engine takes it: NULL for "demo", unless a file of that name is there.
const char *pct_command_recording_path(const char *argument);

// Whether a file can be written at path, before hours are spent on what goes there. FALSE with PCT_ERROR_IO.
gboolean pct_command_check_output(const char *path, GError **error);
