// SPDX-License-Identifier: GPL-3.0-or-later
// Ridge regression: one linear image a neuron. Responses are z-scored and images centred by the train tier's means, so
// the mean image is the intercept. Fitting reads the two tiers, builds the normal equations (ridge-system.c), chooses
// the penalty on validation (ridge-penalty.c) and solves once more on the train tier.
#include "config.h"
#include "decode/ridge.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"
#include "decode/linear-decoder.h"
#include "decode/ridge-penalty.h"
#include "decode/trial-rows.h"

typedef struct {
  PctLinearDecoder linear;
  float *penalty;  // (H,W) as chosen or given
} PctRidge;

static const PctOption options[] = {
  { .name = "penalty", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e12, .title = N_("Penalty"),
    .help = N_("Added to the diagonal of the z-scored responses’ Gram matrix; 0: chosen on the validation tier.") },
  { .name = "per_pixel", .type = PCT_OPTION_BOOLEAN, .title = N_("A penalty for each pixel"),
    .help = N_("Chooses every pixel’s own penalty on the validation tier; takes six times as long."),
    .advanced = TRUE },
};
static const double default_values[] = { 0, 0 };
static const PctPreset presets[] = { { "default", N_("Default"), default_values } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };

static void
ridge_free(PctDecoder *decoder)
{
  PctRidge *self = (PctRidge *)decoder;
  pct_linear_decoder_clear(&self->linear);
  g_free(self->penalty);
  g_free(self);
}

static PctRidge *
ridge_new(int n_neurons, int height, int width, GError **error)
{
  PctRidge *self = g_new0(PctRidge, 1);
  self->penalty = g_new0(float, (gsize)height * (gsize)width);
  if (pct_linear_decoder_init(&self->linear, &pct_ridge_class, n_neurons, height, width, error))
    return self;
  ridge_free(&self->linear.decoder);
  return NULL;
}

static gboolean
report_phase(const PctRun *run, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase };
  return pct_run_report(run, &progress, error);
}

// Leaves the penalties in self and, in rows and system, the whole train tier.
static gboolean
choose_penalties(PctRidge *self, const PctFit *fit, PctTuningRows *rows, PctRidgeSystem **system, const PctRun *run,
                 GError **error)
{
  PctDecoder *decoder = &self->linear.decoder;
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  gboolean per_pixel = pct_option_values_get(fit->options, "per_pixel") != 0;
  double penalty = pct_option_values_get(fit->options, "penalty"), mse = NAN;
  const PctTrialRows *fitted = &rows->fitted, *held = &rows->held;
  if (penalty > 0) {
    for (gsize i = 0; i < p; i++)
      self->penalty[i] = (float)penalty;
  } else {
    if (!pct_tuning_rows_read(rows, fit->recording, fit->statistics, run, error))
      return FALSE;
    if (held->n == 0 || fitted->n == 0) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                  _("“%s” has no validation tier and only %d training trials: give a penalty, as in penalty=1000."),
                  pct_recording_get_name(fit->recording), (int)fitted->n);
      return FALSE;
    }
    g_autoptr(PctRidgeSystem) searched = pct_ridge_system_new(fitted->z, fitted->pictures, fitted->n, m, p, held->z,
                                                              held->pictures, held->n, run, error);
    if (!searched || !report_phase(run, _("Choosing the penalty"), error) ||
        !pct_ridge_choose_penalties(searched, per_pixel, self->penalty, &mse, run, error))
      return FALSE;
    PctFigure figures[] = { { "penalty", self->penalty[0] }, { "validation_mse", mse } };
    PctProgress progress = { .figures = figures, .n_figures = per_pixel ? 0 : G_N_ELEMENTS(figures) };
    if (!pct_run_report(run, &progress, error))
      return FALSE;
    if (!rows->held_out) {  // It is of the whole train tier.
      searched->validation = NULL;
      *system = g_steal_pointer(&searched);
      return TRUE;
    }
  }
  if (!pct_tuning_rows_read_train(rows, fit->recording, fit->statistics, run, error))
    return FALSE;
  *system = pct_ridge_system_new(fitted->z, fitted->pictures, fitted->n, m, p, NULL, NULL, 0, run, error);
  return *system != NULL;
}

static PctDecoder *
ridge_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  int m = pct_recording_get_n_neurons(fit->recording);
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  PctRidge *self = ridge_new(m, height, width, error);
  g_autoptr(PctDecoder) decoder = (PctDecoder *)self;
  if (!self)
    return NULL;
  pct_linear_decoder_set_statistics(&self->linear, fit->statistics);
  g_auto(PctTuningRows) rows = { 0 };
  g_autoptr(PctRidgeSystem) system = NULL;
  if (!report_phase(run, _("Relating the responses to each other"), error) ||
      !choose_penalties(self, fit, &rows, &system, run, error) || !report_phase(run, _("Solving"), error) ||
      !pct_ridge_solve(system, self->penalty, self->linear.weight, run, error))
    return NULL;
  return g_steal_pointer(&decoder);
}

static void
ridge_save(const PctDecoder *decoder, PctTensors *tensors)
{
  gsize shape[] = { (gsize)decoder->height, (gsize)decoder->width };
  pct_linear_decoder_save(decoder, tensors);
  pct_tensors_add(tensors, "penalty", ((const PctRidge *)decoder)->penalty, 2, shape);
}

static PctDecoder *
ridge_load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  PctRidge *self = g_new0(PctRidge, 1);
  if (pct_linear_decoder_load(&self->linear, &pct_ridge_class, tensors, error)) {
    PctDecoder *decoder = &self->linear.decoder;
    gsize shape[] = { (gsize)decoder->height, (gsize)decoder->width };
    const PctTensor *penalty = pct_tensors_require(tensors, "penalty", 2, shape, error);
    if (penalty) {
      self->penalty = g_memdup2(penalty->values, penalty->count * sizeof(float));
      return decoder;
    }
  }
  ridge_free(&self->linear.decoder);
  return NULL;
}

const PctDecoderClass pct_ridge_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "ridge",
    .title = N_("Ridge regression"),
    .summary = N_("Every pixel is a weighted sum of all responses; large weights are penalised. Fitted in seconds."),
    .formula = "x̂ = x̄ + Wᵀ z,  W = (ZᵀZ + λI)⁻¹ ZᵀX = Zᵀ(ZZᵀ + λI)⁻¹ X",
    .source = "Hoerl & Kennard 1970, Technometrics 12:55",
    .options = &table,
  },
  .fit = ridge_fit,
  .reconstruct = pct_linear_decoder_reconstruct,
  .save = ridge_save,
  .load = ridge_load,
  .free = ridge_free,
  .session_new = pct_linear_decoder_session_new,
  .pullback = pct_linear_decoder_pullback,
};
