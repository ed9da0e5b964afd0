// SPDX-License-Identifier: GPL-3.0-or-later
// The responses of all neurons to one image, as views hold them (boxed, immutable, by reference count), and what each
// neuron usually does. In the recording's own units.
#pragma once
#include <glib-object.h>

G_BEGIN_DECLS

// Which responses to an image: the mean over its repeats, or one of them.
#define PCT_MEAN_OF_REPEATS (-1)

typedef struct _PctResponses PctResponses;
#define PCT_TYPE_RESPONSES (pct_responses_get_type())
GType pct_responses_get_type(void);

// values (M,), copied. n_averaged: trials that each value is the mean of, at least 1.
PctResponses *pct_responses_new(int n_neurons, const float *values, int n_averaged);
PctResponses *pct_responses_ref(PctResponses *responses);
void pct_responses_unref(PctResponses *responses);
int pct_responses_get_n_neurons(const PctResponses *responses);
int pct_responses_get_n_averaged(const PctResponses *responses);
// (M,), borrowed.
const float *pct_responses_get_values(const PctResponses *responses);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctResponses, pct_responses_unref)

// What each neuron does: (M,) each. Mean and standard deviation over single train trials; ranges as observed, over
// single trials of all tiers and over the means of images shown more than once.
typedef struct {
  int n_neurons;
  const float *mean, *std;
  const float *single_minimum, *single_maximum;
  const float *averaged_minimum, *averaged_maximum;  // those of single trials where no image was shown twice
} PctResponseRanges;

// One neuron's answer to an image, against its usual answer: z = (value - mean) / std.
typedef struct {
  int neuron;
  float value, z;
} PctNeuronResponse;

G_END_DECLS
