// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/gabor-rf.h"
#include <glib/gi18n-lib.h>
#include "decode/picture-sum.h"

// A sum of receptive fields is in no unit of a picture, so there is always a map.
enum { AFFINE, ZSCORED };
static const char *const mappings[] = { "affine", "zscored", NULL };

static const PctOption options[] = {
  { .name = "mapping", .type = PCT_OPTION_CHOICE, .choices = mappings, .title = N_("Map to grey levels"),
    .help = N_("affine: a gain and an offset fitted on the training tier; zscored: z-scored responses, a gain, and the "
               "mean image.") },
};
static const double default_values[] = { AFFINE };
static const PctPreset presets[] = { { "default", N_("Default"), default_values } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };
G_STATIC_ASSERT(G_N_ELEMENTS(default_values) == G_N_ELEMENTS(options));

static PctDecoder *
gabor_rf_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  gboolean zscored = pct_option_values_get(fit->options, "mapping") == ZSCORED;
  PctSumMapping mapping = zscored ? PCT_MAPPING_ZSCORED : PCT_MAPPING_AFFINE;
  return pct_picture_sum_fit(&pct_gabor_rf_class, PCT_BASIS_GABOR, mapping, fit, run, error);
}

static PctDecoder *
gabor_rf_load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  return pct_picture_sum_load(&pct_gabor_rf_class, tensors, error);
}

const PctDecoderClass pct_gabor_rf_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "gabor-rf",
    .title = N_("Sum of Gabor receptive fields"),
    .summary = N_("A Gabor receptive field is fitted to every neuron; weighted by the responses, they are added up."),
    .formula = "x̂ = (a/M) Σᵢ gᵢ rᵢ + b (affine),  x̄ + (a/M) Σᵢ gᵢ zᵢ (zscored),  gᵢ: neuron i’s fitted Gabor",
    .source = "after Stringer et al. 2019, Nature 571:361",
    .options = &table,
  },
  .fit = gabor_rf_fit,
  .reconstruct = pct_linear_decoder_reconstruct,
  .save = pct_picture_sum_save,
  .load = gabor_rf_load,
  .free = pct_picture_sum_free,
  .session_new = pct_linear_decoder_session_new,
  .pullback = pct_linear_decoder_pullback,
};
