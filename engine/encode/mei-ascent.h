// SPDX-License-Identifier: GPL-3.0-or-later
// One neuron's way to its most exciting input, a step at a time, whoever computes rates and gradients: the caller asks
// for an image, evaluates it and tells. What comes out depends on the recipe, the seed, the neuron's number and the
// answers.
#pragma once
#include <glib.h>

typedef enum {
  PCT_MEI_SPHERE,    // ascent on the sphere of images of one mean and contrast, by normalised gradients with momentum
  PCT_MEI_NOTEBOOK,  // gradient ascent with momentum on an image that is standardised before it is shown (SCIENCE.md)
} PctMeiRecipeKind;

typedef struct {
  PctMeiRecipeKind kind;
  int height, width;
  int steps;           // evaluations with a gradient
  double mean, contrast;
  double step, momentum;
  double noise;        // SPHERE: contrast of the noise at which the first gradient is taken, as a share of contrast
  double blur;         // of the gradient: the Gaussian's standard deviation in pixels; 0: none
  gboolean clip;       // images are clipped to 0..255 before they are shown; then mean and contrast hold only nearly
  gboolean accumulate; // NOTEBOOK: gradients are added up from step to step, as where nobody zeroes them
} PctMeiRecipe;

typedef struct _PctMeiAscent PctMeiAscent;

// Needs pct_mei_ascent_start before anything else.
PctMeiAscent *pct_mei_ascent_new(const PctMeiRecipe *recipe);
void pct_mei_ascent_free(PctMeiAscent *ascent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctMeiAscent, pct_mei_ascent_free)

// From Gaussian noise, whose stream under the seed is the neuron's number.
void pct_mei_ascent_start(PctMeiAscent *ascent, guint64 seed, int neuron);

// (H,W) grey levels, what to evaluate next; when done, the most exciting image. Borrowed.
const float *pct_mei_ascent_get_image(const PctMeiAscent *ascent);
// Whether the gradient is wanted as well.
gboolean pct_mei_ascent_wants_gradient(const PctMeiAscent *ascent);
// The answer to that image: its rate and, where wanted, the rate's derivative by it (H,W), which is overwritten.
void pct_mei_ascent_tell(PctMeiAscent *ascent, float rate, float *gradient);

gboolean pct_mei_ascent_is_done(const PctMeiAscent *ascent);
// At the image, when done.
float pct_mei_ascent_get_rate(const PctMeiAscent *ascent);
