// SPDX-License-Identifier: GPL-3.0-or-later
// Ridge regression: one linear image a neuron. Responses are z-scored and images centred by the train tier's means, so
// the mean image is the intercept. Fitting reads the two tiers, builds the normal equations (ridge-system.c), chooses
// the penalty on validation (ridge-penalty.c) and solves once more on the train tier.
#include "config.h"
#include "decode/ridge.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/blas.h"
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

// A recording without a validation tier: every tenth train image, with all its trials, is held out while the penalty is
// chosen. The test tier is never touched. Splits trials (n,) into kept and held, both (n,) long at most.
static void
hold_out(const PctRecording *recording, const int *trials, int n, int *kept, int *n_kept, int *held, int *n_held)
{
  int n_images;
  const int *images = pct_recording_get_tier_images(recording, PCT_TIER_TRAIN, &n_images);
  g_autoptr(GHashTable) out = g_hash_table_new(NULL, NULL);
  for (int i = 4; i < n_images; i += 10)
    g_hash_table_add(out, GINT_TO_POINTER(images[i]));
  *n_kept = *n_held = 0;
  for (int i = 0; i < n; i++)
    if (g_hash_table_contains(out, GINT_TO_POINTER(pct_recording_get_trial_image(recording, trials[i]))))
      held[(*n_held)++] = trials[i];
    else
      kept[(*n_kept)++] = trials[i];
}

static gboolean
report_phase(const PctRun *run, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase };
  return pct_run_report(run, &progress, error);
}

static int
compare_penalties(const void *a, const void *b, void *penalty)
{
  float x = ((const float *)penalty)[*(const gsize *)a], y = ((const float *)penalty)[*(const gsize *)b];
  return (x > y) - (x < y);
}

// Pixels with the same penalty are solved for together.
static gboolean
solve_by_pixel(PctRidge *self, PctRidgeSystem *system, const PctRun *run, GError **error)
{
  g_autofree gsize *pixels = g_new(gsize, system->p);
  for (gsize i = 0; i < system->p; i++)
    pixels[i] = i;
  qsort_r(pixels, system->p, sizeof *pixels, compare_penalties, self->penalty);
  for (gsize first = 0, end; first < system->p; first = end) {
    float penalty = self->penalty[pixels[first]];
    for (end = first + 1; end < system->p && self->penalty[pixels[end]] == penalty; end++)
      ;
    if (!pct_ridge_system_solve(system, penalty, pixels + first, end - first, self->linear.weight,
                                pct_run_get_pool(run), error) ||
        !pct_run_step(run, (double)end, (double)system->p, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
choose_penalties(PctRidge *self, const PctFit *fit, PctRidgeSystem **system, const PctTrialRows *train, const PctRun *run,
                 GError **error)
{
  PctDecoder *decoder = &self->linear.decoder;
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  gboolean per_pixel = pct_option_values_get(fit->options, "per_pixel") != 0;
  double penalty = pct_option_values_get(fit->options, "penalty"), mse = NAN;
  int n_validation, n_train;
  const int *validation = pct_recording_get_tier_trials(fit->recording, PCT_TIER_VALIDATION, &n_validation);
  const int *trials = pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &n_train);
  if (penalty > 0) {
    for (gsize i = 0; i < p; i++)
      self->penalty[i] = (float)penalty;
    *system = pct_ridge_system_new(train->z, train->pictures, train->n, m, p, NULL, NULL, 0, run, error);
    return *system != NULL;
  }
  g_auto(PctTrialRows) held_rows = { 0 }, kept_rows = { 0 };
  g_autofree int *kept = g_new(int, n_train), *held = g_new(int, n_train);
  const PctTrialRows *fitted = train;
  if (n_validation == 0) {
    int n_kept;
    hold_out(fit->recording, trials, n_train, kept, &n_kept, held, &n_validation);
    if (n_validation == 0 || n_kept == 0) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                  _("“%s” has no validation tier and only %d training trials: give a penalty, as in penalty=1000."),
                  pct_recording_get_name(fit->recording), n_train);
      return FALSE;
    }
    validation = held;
    if (!pct_trial_rows_read(&kept_rows, fit->recording, fit->statistics, kept, (gsize)n_kept, run, error))
      return FALSE;
    fitted = &kept_rows;
  }
  if (!pct_trial_rows_read(&held_rows, fit->recording, fit->statistics, validation, (gsize)n_validation, run, error))
    return FALSE;
  g_autoptr(PctRidgeSystem) searched =
    pct_ridge_system_new(fitted->z, fitted->pictures, fitted->n, m, p, held_rows.z, held_rows.pictures, held_rows.n,
                         run, error);
  if (!searched || !report_phase(run, _("Choosing the penalty"), error) ||
      !pct_ridge_choose_penalties(searched, per_pixel, self->penalty, &mse, run, error))
    return FALSE;
  PctFigure figures[] = { { "penalty", self->penalty[0] }, { "validation_mse", mse } };
  PctProgress progress = { .figures = figures, .n_figures = per_pixel ? 0 : G_N_ELEMENTS(figures) };
  if (!pct_run_report(run, &progress, error))
    return FALSE;
  searched->validation = NULL;
  if (fitted == train)
    *system = g_steal_pointer(&searched);
  else
    *system = pct_ridge_system_new(train->z, train->pictures, train->n, m, p, NULL, NULL, 0, run, error);
  return *system != NULL;
}

static PctDecoder *
ridge_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  const PctStatistics *statistics = fit->statistics;
  int m = pct_recording_get_n_neurons(fit->recording), n_train;
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  gsize p = (gsize)height * (gsize)width;
  const int *trials = pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &n_train);
  PctRidge *self = ridge_new(m, height, width, error);
  g_autoptr(PctDecoder) decoder = (PctDecoder *)self;
  if (!self)
    return NULL;
  pct_linear_decoder_set_statistics(&self->linear, statistics);
  g_auto(PctTrialRows) train = { 0 };
  g_autoptr(PctRidgeSystem) system = NULL;
  if (!report_phase(run, _("Relating the responses to each other"), error) ||
      !pct_trial_rows_read(&train, fit->recording, fit->statistics, trials, (gsize)n_train, run, error) ||
      !choose_penalties(self, fit, &system, &train, run, error) || !report_phase(run, _("Solving"), error))
    return NULL;
  gboolean one = TRUE;
  for (gsize i = 1; i < p && one; i++)
    one = self->penalty[i] == self->penalty[0];
  PctPool *pool = pct_run_get_pool(run);
  if (one ? !pct_ridge_system_solve(system, self->penalty[0], NULL, 0, self->linear.weight, pool, error)
          : !solve_by_pixel(self, system, run, error))
    return NULL;
  return pct_run_step(run, 1, 1, error) ? g_steal_pointer(&decoder) : NULL;
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
