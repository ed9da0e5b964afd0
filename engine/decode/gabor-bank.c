// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/gabor-bank.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "decode/bank-inverse.h"
#include "decode/cell-selection.h"
#include "decode/gabor-wavelets.h"
#include "decode/grey-map.h"
#include "decode/linear-decoder.h"
#include "decode/ridge-penalty.h"

#define J ((gsize)PCT_GABOR_WAVELETS)

typedef struct {
  PctLinearDecoder linear;
  float penalties[PCT_GABOR_WAVELETS];
  float regularisation;  // of the pseudo-inverse
  float gain;            // of the transpose; 1 for the pseudo-inverse, which is in grey levels
  float ceiling;         // mean PixCorr of the validation images projected on the filters
} PctGaborBank;

enum { INVERSE_PSEUDO, INVERSE_TRANSPOSE };
static const char *const inverses[] = { "pseudo", "transpose", NULL };

static const PctOption options[] = {
  { .name = "inverse", .type = PCT_OPTION_CHOICE, .choices = inverses, .title = N_("From features to a picture"),
    .help = N_("pseudo: the filters’ pseudo-inverse, regularised as the validation tier chooses; transpose: the "
               "filters themselves, weighted by the features, with one gain fitted on the training tier.") },
  { .name = "selection", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1, .title = N_("Share of the cells"),
    .help = N_("Each feature is predicted by this share of the cells alone, those that correlate with it most strongly "
               "on the training tier; 0: by all of them. A twentieth takes as long as all do, more takes longer.") },
  { .name = "penalty", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e12, .title = N_("Penalty"),
    .help = N_("Added to the diagonal of the z-scored responses’ Gram matrix; 0: chosen on the validation tier.") },
  { .name = "per_filter", .type = PCT_OPTION_BOOLEAN, .title = N_("A penalty for each filter"),
    .help = N_("Chooses every filter’s own penalty on the validation tier, as is always done with a share of the "
               "cells. Without, all share one, and the fit takes a fifth of the time."),
    .advanced = TRUE },
};
static const double default_values[] = { INVERSE_PSEUDO, 0, 0, 1 };
static const PctPreset presets[] = { { "default", N_("Default"), default_values } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };
G_STATIC_ASSERT(G_N_ELEMENTS(default_values) == G_N_ELEMENTS(options));

static void
gabor_bank_free(PctDecoder *decoder)
{
  pct_linear_decoder_clear((PctLinearDecoder *)decoder);
  g_free(decoder);
}

static gboolean
report_phase(const PctRun *run, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase };
  return pct_run_report(run, &progress, error);
}

// What a fit has at hand.
typedef struct {
  PctGaborBank *self;
  const PctFit *fit;
  gsize m, p;
  PctTuningRows rows;
  float *filters;                      // G (J,P)
  float *features, *held_features;     // (n,J) of rows.fitted and rows.held
  PctCellSelection *selection;         // NULL: every feature from all cells
  float *weights;                      // H (M,J)
} Fitting;

static void
fitting_clear(Fitting *f)
{
  pct_tuning_rows_clear(&f->rows);
  pct_aligned_free(f->filters);
  pct_aligned_free(f->features);
  pct_aligned_free(f->held_features);
  pct_cell_selection_free(f->selection);
  pct_aligned_free(f->weights);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fitting, fitting_clear)

// F = G (image - mean image), a row a trial.
static float *
find_features(const Fitting *f, const PctTrialRows *rows, const PctRun *run, GError **error)
{
  g_autoptr(PctFloats) features = pct_aligned_new(rows->n * J, error);
  if (!features)
    return NULL;
  pct_gemm(pct_run_get_pool(run), FALSE, TRUE, rows->n, J, f->p, 1, rows->pictures, f->p, f->filters, f->p, 0,
           features, J);
  return pct_run_step(run, 0, 0, error) ? g_steal_pointer(&features) : NULL;
}

// Every feature from all cells. Held trials, where there are any, choose the penalties.
static gboolean
regress_on_all(Fitting *f, const PctRun *run, GError **error)
{
  PctGaborBank *self = f->self;
  const PctTrialRows *fitted = &f->rows.fitted, *held = &f->rows.held;
  gboolean each = pct_option_values_get(f->fit->options, "per_filter") != 0;
  gboolean choose = held->n > 0 && pct_option_values_get(f->fit->options, "penalty") == 0;
  double mse;
  g_autoptr(PctRidgeSystem) system = pct_ridge_system_new(fitted->z, f->features, fitted->n, f->m, J, held->z,
                                                          f->held_features, held->n, run, error);
  return system && (!choose || pct_ridge_choose_penalties(system, each, self->penalties, &mse, run, error)) &&
         pct_ridge_solve(system, self->penalties, f->weights, run, error);
}

static gboolean
regress_on_picked(Fitting *f, double share, const PctRun *run, GError **error)
{
  PctGaborBank *self = f->self;
  const PctTrialRows *fitted = &f->rows.fitted, *held = &f->rows.held;
  if (!f->selection)
    f->selection = pct_cell_selection_new(fitted->z, f->features, fitted->n, f->m, J, share, self->penalties[0], run,
                                          error);
  if (!f->selection || !pct_cell_selection_fit(f->selection, fitted->z, f->features, fitted->n, held->z,
                                               f->held_features, held->n, f->weights, run, error))
    return FALSE;
  memcpy(self->penalties, f->selection->penalties, sizeof self->penalties);
  return TRUE;
}

static gboolean
regress(Fitting *f, const PctRun *run, GError **error)
{
  double share = pct_option_values_get(f->fit->options, "selection");
  g_clear_pointer(&f->features, pct_aligned_free);
  f->features = find_features(f, &f->rows.fitted, run, error);
  return f->features && (share > 0 ? regress_on_picked(f, share, run, error) : regress_on_all(f, run, error));
}

// back (J,P): from features to pictures. Also finds what the filters can show at best.
static gboolean
choose_inverse(Fitting *f, float *back, const PctRun *run, GError **error)
{
  PctGaborBank *self = f->self;
  const PctDecoder *decoder = &self->linear.decoder;
  const PctTrialRows *held = &f->rows.held;
  PctBankChoice choice;
  g_autoptr(PctFloats) predicted = pct_aligned_new(held->n * J, error);
  g_autoptr(PctBankInverse) inverse = predicted ? pct_bank_inverse_new(f->filters, J, f->p, run, error) : NULL;
  if (!inverse)
    return FALSE;
  pct_gemm(pct_run_get_pool(run), FALSE, FALSE, held->n, J, f->m, 1, held->z, f->m, f->weights, J, 0, predicted, J);
  if (!pct_bank_inverse_choose(inverse, predicted, held->pictures, held->n, f->fit->statistics->mean_image,
                               decoder->height, decoder->width, &choice, back, run, error))
    return FALSE;
  self->regularisation = (float)choice.regularisation;
  self->ceiling = (float)choice.ceiling;
  PctFigure figures[] = { { "bank_ceiling", choice.ceiling }, { "regularisation", choice.regularisation },
                          { "validation_mse", choice.validation_mse } };
  PctProgress progress = { .figures = figures, .n_figures = G_N_ELEMENTS(figures) };
  if (pct_option_values_get(f->fit->options, "inverse") == INVERSE_TRANSPOSE)
    memcpy(back, f->filters, J * f->p * sizeof(float));
  return pct_run_report(run, &progress, error);
}

// The transpose has a unit of its own: one gain brings it to grey levels, about the mean image.
static gboolean
fit_gain(Fitting *f, const PctRun *run, GError **error)
{
  PctLinearDecoder *linear = &f->self->linear;
  PctGreyMap map;
  if (!pct_grey_map_fit(&map, &f->rows.fitted, linear->weight, f->m, f->p, NULL, f->fit->statistics->mean_image, run,
                        error))
    return FALSE;
  f->self->gain = (float)map.gain;
  for (gsize i = 0; i < f->m * f->p; i++)
    linear->weight[i] *= f->self->gain;
  return TRUE;
}

static gboolean
prepare(Fitting *f, const PctRun *run, GError **error)
{
  const PctDecoder *decoder = &f->self->linear.decoder;
  const PctRecording *recording = f->fit->recording;
  if (!report_phase(run, _("Filtering the images"), error) ||
      !pct_tuning_rows_read(&f->rows, recording, f->fit->statistics, run, error))
    return FALSE;
  if (f->rows.held.n == 0 || f->rows.fitted.n == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” has no validation tier and only %d training trials: too few to choose a regularisation on."),
                pct_recording_get_name(recording), (int)f->rows.fitted.n);
    return FALSE;
  }
  f->filters = pct_aligned_new(J * f->p, error);
  f->weights = f->filters ? pct_aligned_new(f->m * J, error) : NULL;
  if (!f->weights)
    return FALSE;
  pct_gabor_wavelets_draw(decoder->height, decoder->width, f->filters, pct_run_get_pool(run));
  f->held_features = find_features(f, &f->rows.held, run, error);
  return f->held_features != NULL;
}

static PctDecoder *
gabor_bank_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  int m = pct_recording_get_n_neurons(fit->recording);
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  PctGaborBank *self = g_new0(PctGaborBank, 1);
  PctLinearDecoder *linear = &self->linear;
  g_auto(Fitting) f = { .self = self, .fit = fit, .m = (gsize)m, .p = (gsize)height * (gsize)width };
  gboolean made = pct_linear_decoder_init(linear, &pct_gabor_bank_class, m, height, width, error);
  g_autoptr(PctDecoder) decoder = &linear->decoder;
  if (!made)
    return NULL;
  pct_linear_decoder_set_statistics(linear, fit->statistics);
  self->gain = 1;
  for (gsize j = 0; j < J; j++)
    self->penalties[j] = (float)pct_option_values_get(fit->options, "penalty");
  g_autoptr(PctFloats) back = pct_aligned_new(J * f.p, error);
  if (!back || !prepare(&f, run, error) || !report_phase(run, _("Predicting the features from the responses"), error) ||
      !regress(&f, run, error) || !report_phase(run, _("Inverting the filters"), error) ||
      !choose_inverse(&f, back, run, error))
    return NULL;
  // All is chosen: whatever was held out of the train tier is fitted too.
  gboolean held_out = f.rows.held_out;
  if (!pct_tuning_rows_read_train(&f.rows, fit->recording, fit->statistics, run, error) ||
      (held_out && !regress(&f, run, error)))
    return NULL;
  pct_gemm(pct_run_get_pool(run), FALSE, FALSE, f.m, f.p, J, 1, f.weights, J, back, f.p, 0, linear->weight, f.p);
  if (!pct_run_step(run, 0, 0, error) ||
      (pct_option_values_get(fit->options, "inverse") == INVERSE_TRANSPOSE && !fit_gain(&f, run, error)))
    return NULL;
  return pct_run_step(run, 1, 1, error) ? g_steal_pointer(&decoder) : NULL;
}

static void
gabor_bank_save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctGaborBank *self = (const PctGaborBank *)decoder;
  pct_linear_decoder_save(decoder, tensors);
  pct_tensors_add_vector(tensors, "penalty", self->penalties, J);
  pct_tensors_add(tensors, "regularisation", &self->regularisation, 0, NULL);
  pct_tensors_add(tensors, "gain", &self->gain, 0, NULL);
  pct_tensors_add(tensors, "bank_ceiling", &self->ceiling, 0, NULL);
}

static PctDecoder *
gabor_bank_load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  PctGaborBank *self = g_new0(PctGaborBank, 1);
  const gsize shape[] = { J };
  gboolean loaded = pct_linear_decoder_load(&self->linear, &pct_gabor_bank_class, tensors, error);
  const PctTensor *penalties = loaded ? pct_tensors_require(tensors, "penalty", 1, shape, error) : NULL;
  const PctTensor *regularisation = penalties ? pct_tensors_require(tensors, "regularisation", 0, NULL, error) : NULL;
  const PctTensor *gain = regularisation ? pct_tensors_require(tensors, "gain", 0, NULL, error) : NULL;
  const PctTensor *ceiling = gain ? pct_tensors_require(tensors, "bank_ceiling", 0, NULL, error) : NULL;
  if (!ceiling) {
    gabor_bank_free(&self->linear.decoder);
    return NULL;
  }
  memcpy(self->penalties, penalties->values, sizeof self->penalties);
  self->regularisation = regularisation->values[0];
  self->gain = gain->values[0];
  self->ceiling = ceiling->values[0];
  return &self->linear.decoder;
}

const PctDecoderClass pct_gabor_bank_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "gabor-bank",
    .title = N_("Bank of Gabor filters"),
    .summary = N_("What 1,248 Gabor filters answer is predicted from the responses, and a picture is made of it."),
    .formula = "x̂ = x̄ + G⁺ Hᵀ z,  H: ridge regression of F = G (x − x̄) on z,  G⁺ = Gᵀ (G Gᵀ + μI)⁻¹",
    .source = "Yoshida & Ohki 2020, Nature Communications 11:872",
    .options = &table,
  },
  .fit = gabor_bank_fit,
  .reconstruct = pct_linear_decoder_reconstruct,
  .save = gabor_bank_save,
  .load = gabor_bank_load,
  .free = gabor_bank_free,
  .session_new = pct_linear_decoder_session_new,
  .pullback = pct_linear_decoder_pullback,
};
