// SPDX-License-Identifier: GPL-3.0-or-later
// One neuron looked at closely: its pictures, the images it answered most, its tuning. Set a neuron, and all of it is
// made anew on the interactive lane, the newest request winning; until it comes the answer for the neuron before stays.
// It follows the encoder, MEI set and receptive fields of its PctNeurons. Main thread only.
//
// Signal "changed" after an answer came (or went, for neuron -1). Property "busy" notifies.
#pragma once
#include "work/neurons.h"

G_BEGIN_DECLS

typedef enum {
  PCT_NEURON_PICTURE_MEI,               // grey levels
  PCT_NEURON_PICTURE_GRADIENT,          // of the encoder's response by the image, at the mean grey image
  PCT_NEURON_PICTURE_STA,               // spike-triggered average: response-weighted mean image
  PCT_NEURON_PICTURE_DECORRELATED_STA,  // the same freed of the images' own correlations (ridge)
  PCT_NEURON_PICTURE_GABOR,             // fitted to the responses; of an energy cell the even one of the pair
} PctNeuronPicture;
#define PCT_N_NEURON_PICTURES (PCT_NEURON_PICTURE_GABOR + 1)

// An image and what the neuron did when it was shown.
typedef struct {
  int image;
  PctTier tier;
  int n_repeats;         // trials that showed it
  double mean;           // over them, in the recording's units
  double z;              // (mean - the neuron's usual answer) / its scale
  const float *repeats;  // (n_repeats,) each trial's answer, in the recording's order
} PctNeuronAnswer;

// By the encoder, in units of the neuron's scale, at the same mean and contrast. NAN: unknown.
typedef struct {
  double mei, gabor;  // of the fitted Gabor the best phase and polarity
  double grey;        // flat, of the same mean
  double contrast;    // standard deviation, grey levels
} PctNeuronPrediction;

#define PCT_TYPE_NEURON_DETAIL (pct_neuron_detail_get_type())
G_DECLARE_FINAL_TYPE(PctNeuronDetail, pct_neuron_detail, PCT, NEURON_DETAIL, GObject)

PctNeuronDetail *pct_neuron_detail_new(PctNeurons *neurons);
// 0..M-1; -1: none.
void pct_neuron_detail_set_neuron(PctNeuronDetail *self, int neuron);
int pct_neuron_detail_get_neuron(PctNeuronDetail *self);
// An answer is on its way. What the getters below tell is of neuron pct_neuron_detail_get_shown (-1: nothing yet).
gboolean pct_neuron_detail_is_busy(PctNeuronDetail *self);
int pct_neuron_detail_get_shown(PctNeuronDetail *self);

// All borrowed until the next "changed".
// Grey levels. All but the MEI are signed: 127.5 is nought, the largest magnitude reaches 0 or 255. NULL: none.
PctPicture *pct_neuron_detail_get_picture(PctNeuronDetail *self, PctNeuronPicture which);
// Why there is none, a translated sentence that says what to do; NULL where there is one.
const char *pct_neuron_detail_get_problem(PctNeuronDetail *self, PctNeuronPicture which);
PctNeuronPrediction pct_neuron_detail_get_prediction(PctNeuronDetail *self);
// The nine images (fewer if there are not so many) of any tier with the highest mean answer, highest first. Means of
// many trials and single trials stand side by side: show n_repeats and tier with each.
const PctNeuronAnswer *pct_neuron_detail_get_favourites(PctNeuronDetail *self, int *n);
// All images shown more than once, highest mean answer first.
const PctNeuronAnswer *pct_neuron_detail_get_tuning(PctNeuronDetail *self, int *n);

G_END_DECLS
