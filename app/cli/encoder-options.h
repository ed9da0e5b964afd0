// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands that take an encoder share: -e MODEL|WEIGHTS, where weights alone need to be told what they cannot
// say, and which neurons are meant.
#pragma once
#include <glib.h>

#define PCT_ENCODER_ARGUMENT "MODEL|WEIGHTS"

// Takes “linear=true” out of settings (NULL: none) into *linear; what is left may be options of something else. Returns
// FALSE after a complaint (exit with PCT_EXIT_USAGE).
gboolean pct_encoder_settings_take(char **settings, gboolean *linear);
// The same where nothing else may be set.
gboolean pct_encoder_settings_parse(char **settings, gboolean *linear);

// “all” or “0,5,10-20”: numbers and ranges, each neuron once at most.
typedef struct {
  GArray *ranges;  // of int pairs, first and last; NULL: all
} PctNeuronChoice;

void pct_neuron_choice_clear(PctNeuronChoice *choice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctNeuronChoice, pct_neuron_choice_clear)
// text NULL: all. FALSE after a complaint (exit with PCT_EXIT_USAGE).
gboolean pct_neuron_choice_parse(PctNeuronChoice *choice, const char *text);
// (*n,) of an encoder with n_neurons of them, in the order given. NULL with PCT_ERROR_SHAPE (no such neuron, or one
// twice). Free with g_free.
int *pct_neuron_choice_list(const PctNeuronChoice *choice, int n_neurons, int *n, GError **error);
