// SPDX-License-Identifier: GPL-3.0-or-later
// What the figures and pictures of neurons are made from, at one moment. Immutable, shared by reference count between
// PctNeurons and the requests that draw in the interactive thread; a change makes a new one. For work/ itself.
#pragma once
#include "encode/receptive-field.h"
#include "work/meis-private.h"
#include "work/opened.h"

typedef struct {
  PctReceptiveFields *fields;
} PctNeuronFields;
// Takes fields.
PctNeuronFields *pct_neuron_fields_new(PctReceptiveFields *fields);
PctNeuronFields *pct_neuron_fields_ref(PctNeuronFields *fields);
void pct_neuron_fields_unref(PctNeuronFields *fields);

typedef struct {
  PctOpened *opened;
  PctEncoder *encoder;      // NULL: none
  PctMeis *meis;            // NULL: none. Off the main thread pct_meis_get_set alone may be asked of it
  PctNeuronFields *fields;  // NULL: none
} PctNeuronSources;

// References to all four; the last three may be NULL.
PctNeuronSources *pct_neuron_sources_new(PctOpened *opened, PctEncoder *encoder, PctMeis *meis,
                                         PctNeuronFields *fields);
PctNeuronSources *pct_neuron_sources_ref(PctNeuronSources *sources);
void pct_neuron_sources_unref(PctNeuronSources *sources);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctNeuronSources, pct_neuron_sources_unref)

// Main thread. The neuron's row of the set if it is ready, so that any thread may read it; -1: there is none.
int pct_neuron_sources_find_mei(const PctNeuronSources *sources, int neuron);
