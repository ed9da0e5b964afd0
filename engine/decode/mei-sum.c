// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/mei-sum.h"
#include <glib/gi18n-lib.h>
#include "decode/picture-sum.h"

static const PctOption options[] = {
  { .name = "mapping", .type = PCT_OPTION_CHOICE, .choices = pct_sum_mapping_names, .title = N_("Map to grey levels"),
    .help = N_("literal: none; affine: a gain and an offset fitted on the training tier; zscored: z-scored responses, "
               "a gain, and the mean image. Both leave out the grey that every most exciting input is drawn on.") },
  { .name = "basis", .type = PCT_OPTION_CHOICE, .choices = pct_neuron_basis_names, .title = N_("Pictures"),
    .help = N_("What is added up: most exciting inputs, an encoder’s gradients, decorrelated spike-triggered averages, "
               "or fitted Gabors.") },
};
static const double default_values[] = { PCT_MAPPING_AFFINE, PCT_BASIS_MEI };
static const PctPreset presets[] = { { "default", N_("Default"), default_values } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };
G_STATIC_ASSERT(G_N_ELEMENTS(default_values) == G_N_ELEMENTS(options));

static PctModelNeeds
mei_sum_get_needs(const PctOptionValues *values)
{
  return pct_neuron_basis_get_needs((PctNeuronBasis)pct_option_values_get(values, "basis"));
}

static PctDecoder *
mei_sum_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  PctNeuronBasis basis = (PctNeuronBasis)pct_option_values_get(fit->options, "basis");
  PctSumMapping mapping = (PctSumMapping)pct_option_values_get(fit->options, "mapping");
  return pct_picture_sum_fit(&pct_mei_sum_class, basis, mapping, fit, run, error);
}

static PctDecoder *
mei_sum_load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  return pct_picture_sum_load(&pct_mei_sum_class, tensors, error);
}

const PctDecoderClass pct_mei_sum_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "mei-sum",
    .title = N_("Sum of most exciting inputs"),
    .summary = N_("Every neuron’s most exciting input, weighted by its response and added up."),
    .formula = "x̂ = (1/M) Σᵢ MEIᵢ rᵢ (literal),  (a/M) Σᵢ (MEIᵢ − grey) rᵢ + b (affine),  "
               "x̄ + (a/M) Σᵢ (MEIᵢ − grey) zᵢ (zscored)",
    .source = "FENS-2022 course report; Walker et al. 2019, Nature Neuroscience 22:2060",
    .options = &table,
    .needs = PCT_NEEDS_MEIS | PCT_NEEDS_ENCODER,
    .get_needs = mei_sum_get_needs,
  },
  .fit = mei_sum_fit,
  .reconstruct = pct_linear_decoder_reconstruct,
  .save = pct_picture_sum_save,
  .load = mei_sum_load,
  .free = pct_picture_sum_free,
  .session_new = pct_linear_decoder_session_new,
  .pullback = pct_linear_decoder_pullback,
};
