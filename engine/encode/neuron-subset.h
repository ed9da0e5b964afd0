// SPDX-License-Identifier: GPL-3.0-or-later
// What was made of all neurons, for a few of them: the core is shared and the readout is a row a neuron, so an encoder of
// some neurons is the same encoder with those rows; and a set of most exciting inputs has theirs.
#pragma once
#include "encode/encoder.h"
#include "encode/mei.h"

// neurons (n,): numbers of the encoder's neurons, each once at most; in the result they are 0 .. n - 1. It predicts of
// each what encoder does. NULL with PCT_ERROR_MEMORY.
PctEncoder *pct_encoder_subset(const PctEncoder *encoder, const int *neurons, int n, GError **error);
// The rows of those among neurons (n,) that set has, ready ones alone, numbered likewise, in the order of neurons.
PctMeiSet *pct_mei_set_subset(const PctMeiSet *set, const int *neurons, int n, GError **error);
