// SPDX-License-Identifier: GPL-3.0-or-later
// What the person has in hand: one image, one neuron, the pinned neurons and the model that draws. Every page binds to the same
// one, so that what is picked on one page is there on the others. It also knows the order in which the Images page
// shows the images, so that “next” means the same everywhere. Main thread only; knows numbers, not the recording.
#pragma once
#include <glib-object.h>

G_BEGIN_DECLS

#define PCT_TYPE_SELECTION (pct_selection_get_type())
G_DECLARE_FINAL_TYPE(PctSelection, pct_selection, PCT, SELECTION, GObject)

PctSelection *pct_selection_new(void);

// Property "image": the image's index in the recording; -1: none.
int pct_selection_get_image(PctSelection *self);
void pct_selection_set_image(PctSelection *self, int image);

// Property "neuron": the neuron looked at, pinned or not; -1: none.
int pct_selection_get_neuron(PctSelection *self);
void pct_selection_set_neuron(PctSelection *self, int neuron);

// Property "model": the name of the model in hand as the project lists it ("cgan-1"); NULL: none.
const char *pct_selection_get_model(PctSelection *self);
void pct_selection_set_model(PctSelection *self, const char *model);

// Pinned neurons, in the order in which they were pinned. Signal "neurons-changed" after each change.
// Borrowed (n,) until the next change.
const int *pct_selection_get_neurons(PctSelection *self, guint *n);
gboolean pct_selection_has_neuron(PctSelection *self, int neuron);
void pct_selection_add_neuron(PctSelection *self, int neuron);     // pinned already: nothing happens
void pct_selection_remove_neuron(PctSelection *self, int neuron);  // not pinned: nothing happens
void pct_selection_set_neurons(PctSelection *self, const int *neurons, guint n);

// The images (n,) in the order shown; copied. Stepping stays within them and stops at the ends; from an image outside
// them, or from none, it goes to the first.
void pct_selection_set_order(PctSelection *self, const int *images, guint n);
void pct_selection_step(PctSelection *self, int by);

G_END_DECLS
