// SPDX-License-Identifier: GPL-3.0-or-later
// The features of a fixed bank of Gabor filters, each predicted from the responses by a regression of its own, and a
// picture made of the predicted features. All of it is linear, and so folds into one image a neuron.
#pragma once
#include "decode/decoder.h"

extern const PctDecoderClass pct_gabor_bank_class;
