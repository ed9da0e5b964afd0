// SPDX-License-Identifier: GPL-3.0-or-later
// The Neurons page from within: its parts, and what its commands need of it.
#pragma once
#include "neurons/neurons-page.h"

struct _PctNeuronsPage {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctNeurons *neurons;
  PctNeuronList *list;
  GSimpleActionGroup *actions;
  GtkWidget *paned, *side, *grid, *pane, *offer, *offer_bin, *status, *pin, *views, *none, *error;
  gboolean divided;  // the panes have their first sizes
  guint updating;    // tick that will show what has changed; 0: nothing has
};

// Shows everything anew in the next frame.
void pct_neurons_page_queue_update(PctNeuronsPage *self);
// Which commands make sense now, and the state of those that have one.
void pct_neurons_page_show_actions(PctNeuronsPage *self);
// What "pin selection" pins: several selected ones, else all inside a line, else the one in hand. Of int.
GArray *pct_neurons_page_dup_wanted(PctNeuronsPage *self);
gboolean pct_neurons_page_is_neuron(PctNeuronsPage *self, int neuron);
// A sentence above the neurons, e.g. why a job could not start; NULL: none.
void pct_neurons_page_tell(PctNeuronsPage *self, const char *sentence);

// Makes the page's actions and keys, once.
void pct_neurons_page_add_commands(PctNeuronsPage *self);
