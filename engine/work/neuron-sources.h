// SPDX-License-Identifier: GPL-3.0-or-later
// What the figures and pictures of neurons are made from, at one moment. Immutable, shared by reference count between
// PctNeurons and the requests that draw in the interactive thread; a change makes a new one. For work/ itself.
#pragma once
#include "encode/mei.h"
#include "encode/receptive-field.h"
#include "work/opened.h"

typedef struct {
  PctMeiSet *set;
  int *rows;    // (M,) the neuron's row of the set; -1: it has none
} PctNeuronMeis;

// Takes set.
PctNeuronMeis *pct_neuron_meis_new(PctMeiSet *set, int n_neurons);
PctNeuronMeis *pct_neuron_meis_ref(PctNeuronMeis *meis);
void pct_neuron_meis_unref(PctNeuronMeis *meis);
// The neuron's row if it is ready; -1: there is none.
int pct_neuron_meis_find(const PctNeuronMeis *meis, int neuron);

// Takes fields.
typedef struct {
  PctReceptiveFields *fields;
} PctNeuronFields;
PctNeuronFields *pct_neuron_fields_new(PctReceptiveFields *fields);
PctNeuronFields *pct_neuron_fields_ref(PctNeuronFields *fields);
void pct_neuron_fields_unref(PctNeuronFields *fields);

typedef struct {
  PctOpened *opened;
  PctEncoder *encoder;      // NULL: none
  PctNeuronMeis *meis;      // NULL: none
  PctNeuronFields *fields;  // NULL: none
} PctNeuronSources;

// References to all four; the last three may be NULL.
PctNeuronSources *pct_neuron_sources_new(PctOpened *opened, PctEncoder *encoder, PctNeuronMeis *meis,
                                         PctNeuronFields *fields);
PctNeuronSources *pct_neuron_sources_ref(PctNeuronSources *sources);
void pct_neuron_sources_unref(PctNeuronSources *sources);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctNeuronSources, pct_neuron_sources_unref)
