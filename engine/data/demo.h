// SPDX-License-Identifier: GPL-3.0-or-later
// The demo recording: procedural images and simulated neurons of primary visual cortex, from a seed, in a few seconds.
// It is identified by PCT_DEMO_VERSION and the seed: the same two, the same bits; a change to the generator that changes
// them must raise the version, or old caches stay. What the pictures are: demo-images.h; the neurons: demo-neurons.h.
#pragma once
#include "base/run.h"
#include "data/recording.h"

#define PCT_DEMO_VERSION 1
#define PCT_DEMO_SEED 1

PctRecording *pct_demo_new(guint64 seed, const PctRun *run, GError **error);
// The same, from the user's cache folder if it is there and sound, else made and put there (failing to write is no error).
PctRecording *pct_demo_open(const PctRun *run, GError **error);
