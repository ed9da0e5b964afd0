// SPDX-License-Identifier: GPL-3.0-or-later
// What columns are filled with: from the recording, its reliability, an encoder's score, receptive fields, MEIs. Each
// function makes the (M,) arrays of its columns in `columns`, in place of those there. For work/ itself.
#pragma once
#include "measure/prediction-score.h"
#include "measure/reliability.h"
#include "work/neuron-columns.h"
#include "work/neuron-labels.h"
#include "work/neuron-sources.h"

// Number, unit id, positions, area, layer, depth, mean, std.
void pct_neuron_facts_of_recording(const PctOpened *opened, const PctNeuronLabels *labels,
                                   double *columns[PCT_N_COLUMNS]);
void pct_neuron_facts_of_reliability(const PctReliability *reliability, double *columns[PCT_N_COLUMNS]);
void pct_neuron_facts_of_score(const PctPredictionScore *score, double *columns[PCT_N_COLUMNS]);
void pct_neuron_facts_of_fields(const PctReceptiveFields *fields, double *columns[PCT_N_COLUMNS]);
// Of the MEIs that are ready. Main thread.
void pct_neuron_facts_of_meis(PctMeis *meis, int n_neurons, double *columns[PCT_N_COLUMNS]);
// Frees and forgets them.
void pct_neuron_facts_forget(PctNeuronColumns which, double *columns[PCT_N_COLUMNS]);

// The first of test, validation and train tier that shows an image more than once; FALSE: none does.
gboolean pct_neuron_facts_find_repeats(const PctRecording *recording, PctTier *tier);
