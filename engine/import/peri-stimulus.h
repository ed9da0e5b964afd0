// SPDX-License-Identifier: GPL-3.0-or-later
// What neurons do around the onset, for a person to choose the window by: the mean over trials of the neurons that
// answer best. Which those are is judged by every other trial, and what is shown is the rest, so that noise that was
// chosen for its size does not look like an answer. Invariant: a neuron's sums are its own, so that several threads may
// add several neurons.
#pragma once
#include "import/windows.h"

typedef struct _PctPeriStimulus PctPeriStimulus;

// Of some hundred kept rows, spread over all. period: between frames, 0 for spikes.
PctPeriStimulus *pct_peri_stimulus_new(const PctAssembly *assembly, const PctWindows *windows, double period);
void pct_peri_stimulus_free(PctPeriStimulus *peri);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctPeriStimulus, pct_peri_stimulus_free)

// Before traces are added: times (n_frames,) seconds, ascending.
void pct_peri_stimulus_set_frames(PctPeriStimulus *peri, const double *times, int n_frames);
// neuron: its number among the kept. trace (n_frames,).
void pct_peri_stimulus_add_trace(PctPeriStimulus *peri, int neuron, const float *trace);
// spikes (n,) seconds, ascending.
void pct_peri_stimulus_add_spikes(PctPeriStimulus *peri, int neuron, const double *spikes, gsize n);
// Fills the preview's times, mean and deviation; they stay empty where trials or baselines are too few.
void pct_peri_stimulus_finish(PctPeriStimulus *peri, PctImportPreview *preview);
