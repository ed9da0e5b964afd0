// SPDX-License-Identifier: GPL-3.0-or-later
// The kind "mei" and its options: two presets, one a recipe.
#include "config.h"
#include <glib/gi18n-lib.h>
#include "encode/mei-private.h"

static const char *const recipes[] = { "sphere", "notebook", NULL };

static const PctOption options[] = {
  { .name = "recipe", .type = PCT_OPTION_CHOICE, .choices = recipes, .title = N_("Recipe"),
    .help = N_("sphere: ascent among images of one mean and contrast, by gradients brought to one size; notebook: the "
               "course notebook’s, gradient ascent on an image that is standardised before it is shown.") },
  { .name = "steps", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 100000, .unit = N_("steps"),
    .title = N_("Steps"), .help = N_("Of every neuron; each needs the encoder’s gradient once.") },
  { .name = "contrast", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 255, .unit = N_("grey levels"),
    .title = N_("Contrast"),
    .help = N_("Standard deviation of the pixels; 0: a tenth of that of the train images.") },
  { .name = "mean", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 255, .unit = N_("grey levels"),
    .title = N_("Mean"), .help = N_("Of the pixels; 0: that of the train images.") },
  { .name = "step", .type = PCT_OPTION_REAL, .minimum = 1e-6, .maximum = 1e6, .title = N_("Step size"),
    .help = N_("sphere: relative to the image’s contrast; notebook: the learning rate."), .advanced = TRUE },
  { .name = "momentum", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 0.999, .title = N_("Momentum"),
    .help = N_("How much of a step goes on into the next."), .advanced = TRUE },
  { .name = "noise", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1, .title = N_("Noise at the start"),
    .help = N_("sphere: contrast of the noise at which the first gradient is taken, as a share of the contrast; 0: "
               "grey, whatever the seed."), .advanced = TRUE },
  { .name = "blur", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 20, .unit = N_("pixels"), .title = N_("Blur"),
    .help = N_("Standard deviation of the Gaussian that gradients are smoothed with; 0: as they are."),
    .advanced = TRUE },
  { .name = "clip", .type = PCT_OPTION_BOOLEAN, .title = N_("Clip"),
    .help = N_("Clips pixels to 0…255; mean and contrast then hold only nearly."), .advanced = TRUE },
  { .name = "accumulate", .type = PCT_OPTION_BOOLEAN, .title = N_("Add up gradients"),
    .help = N_("notebook: gradients are never zeroed between steps, as in the original."), .advanced = TRUE },
};
static const double sphere[] = { 0, 10, 0, 0, 0.4, 0.8, 0.1, 0, 0, 0 };
static const double notebook[] = { 1, 500, 0, 0, 1, 0.9, 0, 0, 0, 0 };
static const double original[] = { 1, 500, 0, 0, 1, 0.9, 0, 0, 0, 1 };
G_STATIC_ASSERT(G_N_ELEMENTS(sphere) == G_N_ELEMENTS(options));
G_STATIC_ASSERT(G_N_ELEMENTS(notebook) == G_N_ELEMENTS(options));
G_STATIC_ASSERT(G_N_ELEMENTS(original) == G_N_ELEMENTS(options));
static const PctPreset presets[] = { { "sphere", N_("On the sphere"), sphere },
                                     { "notebook", N_("As the course notebook means it"), notebook },
                                     { "original", N_("As the course notebook does it"), original } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };

const PctModelKind pct_mei_kind = {
  .role = PCT_ROLE_MEI_SET, .kind = "mei", .title = N_("Most exciting inputs"),
  .summary = N_("For each neuron the image, of a given mean and contrast, that an encoder predicts the largest "
                "response to."),
  .formula = "argmax r(I),  mean I = m, std I = s",
  .source = "Walker et al. 2019, Nat Neurosci 22:2060", .options = &table, .needs = PCT_NEEDS_ENCODER,
};

PctMeiRecipe
pct_mei_recipe_of(const PctOptionValues *o, int height, int width)
{
  return (PctMeiRecipe){
    .kind = pct_option_values_get(o, "recipe") == 0 ? PCT_MEI_SPHERE : PCT_MEI_NOTEBOOK,
    .height = height, .width = width,
    .steps = (int)pct_option_values_get(o, "steps"), .mean = pct_option_values_get(o, "mean"),
    .contrast = pct_option_values_get(o, "contrast"), .step = pct_option_values_get(o, "step"),
    .momentum = pct_option_values_get(o, "momentum"), .noise = pct_option_values_get(o, "noise"),
    .blur = pct_option_values_get(o, "blur"), .clip = pct_option_values_get(o, "clip") != 0,
    .accumulate = pct_option_values_get(o, "accumulate") != 0,
  };
}
