// SPDX-License-Identifier: GPL-3.0-or-later
// The interactive thread's half of PctNeuronDetail: everything about one neuron, made from what a request carries.
#pragma once
#include "work/neuron-answers.h"
#include "work/neuron-sources.h"

typedef struct {
  PctNeuronSources *sources;
  int neuron;
  int row;  // of its MEI; -1: it has none
} PctNeuronRequest;

typedef struct {
  int neuron;
  PctPicture *pictures[PCT_N_NEURON_PICTURES];  // NULL: none, and a problem
  char *problems[PCT_N_NEURON_PICTURES];
  PctNeuronPrediction prediction;
  PctNeuronAnswers *answers;
} PctNeuronDrawing;

void pct_neuron_request_free(gpointer request);
void pct_neuron_drawing_free(gpointer drawing);
// PctSlotClass.work; state is not used.
gpointer pct_neuron_draw(gpointer state, gpointer request, const PctRun *run);
