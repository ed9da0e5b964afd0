// SPDX-License-Identifier: GPL-3.0-or-later
// A recording with less in it: some of the neurons, some of the images to learn from (validation and test then keep all
// their trials, so that what is learned from less is judged by the same), or some of the trials of every tier.
#pragma once
#include "data/recording.h"

// A recording of its own (with its own fingerprint) of the given neurons (n_neurons,), each once at most, in that order
// (NULL: all), that lacks the train trials of images that are not among images (n_images,; NULL: all). Images keep their
// numbers, trials their order. NULL with PCT_ERROR_MEMORY, or PCT_ERROR_SHAPE where no train trial is left.
PctRecording *pct_recording_subset(const PctRecording *recording, const int *neurons, int n_neurons, const int *images,
                                   int n_images, GError **error);

// A recording of its own of the given trials (n_trials,), ascending; the tiers are as they were. NULL with
// PCT_ERROR_MEMORY, or PCT_ERROR_SHAPE where no train trial is left.
PctRecording *pct_recording_subset_trials(const PctRecording *recording, const int *trials, int n_trials,
                                          GError **error);

// The same with the whole recording's fingerprint: what was made of the whole is for this too, and what is made of this
// must say by which condition (one line, copied) its trials were chosen.
PctRecording *pct_recording_filter_trials(PctRecording *recording, const int *trials, int n_trials,
                                          const char *condition, GError **error);

// out (count,), ascending: a random choice of count of 0 .. n - 1. Of one seed and stream, a smaller choice is part of
// every larger one.
void pct_choose_nested(int n, int count, guint64 seed, guint64 stream, int *out);
