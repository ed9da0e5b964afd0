// SPDX-License-Identifier: GPL-3.0-or-later
// What one neuron did at each image, from the recording alone. For work/ itself; any thread.
#pragma once
#include "work/neuron-detail.h"
#include "work/opened.h"

typedef struct {
  PctNeuronAnswer *favourites, *tuning;  // as pct_neuron_detail_get_favourites and _tuning
  int n_favourites, n_tuning;
  float *values;                         // what the answers' repeats point into
} PctNeuronAnswers;

#define PCT_N_FAVOURITES 9

PctNeuronAnswers *pct_neuron_answers_new(const PctOpened *opened, int neuron);
void pct_neuron_answers_free(PctNeuronAnswers *answers);
