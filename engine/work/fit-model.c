// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/fit-model.h"
#include <glib/gi18n-lib.h>
#include "base/blas.h"
#include "base/error.h"
#include "decode/evaluate.h"
#include "measure/prediction-score.h"
#include "work/encoder-folder.h"
#include "work/fill-meis.h"
#include "work/workspace.h"

void
pct_fitted_clear(PctFitted *fitted)
{
  g_clear_pointer(&fitted->encoder, pct_encoder_unref);
  g_clear_pointer(&fitted->decoder, pct_decoder_unref);
}

static gboolean
begin_validation(const PctRun *run, GError **error)
{
  PctProgress progress = { .phase = _("Scoring on the validation images") };
  return pct_run_report(run, &progress, error);
}

// The figures of the validation tier, where there is one.
static gboolean
validate_decoder(const PctFit *fit, const PctDecoder *decoder, PctModelInfo *info, const PctRun *run, GError **error)
{
  g_autoptr(PctScoreSet) set = pct_score_set_new(fit->recording, PCT_TIER_VALIDATION, FALSE);
  if (set->n == 0)
    return TRUE;
  if (!begin_validation(run, error))
    return FALSE;
  g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, run, error);
  if (!score)
    return FALSE;
  info->validation_pixcorr = score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  info->validation_ssim = score->mean[PCT_FRAME_FULL][PCT_MEASURE_SSIM];
  return TRUE;
}

static gboolean
validate_encoder(const PctFit *fit, const PctEncoder *encoder, PctModelInfo *info, const PctRun *run, GError **error)
{
  int n;
  const int *numbers = pct_recording_get_tier_images(fit->recording, PCT_TIER_VALIDATION, &n);
  if (n == 0)
    return TRUE;
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  g_autoptr(PctFloats) images = pct_aligned_new((gsize)n * (gsize)design->height * (gsize)design->width, error);
  g_autoptr(PctFloats) predictions = images ? pct_aligned_new((gsize)n * (gsize)design->n_neurons, error) : NULL;
  if (!predictions || !begin_validation(run, error))
    return FALSE;
  pct_recording_read_images(fit->recording, numbers, n, images);
  if (!pct_encoder_predict(encoder, images, (gsize)n, predictions, run, error))
    return FALSE;
  g_autoptr(PctPredictionScore) score =
    pct_prediction_score_new(fit->recording, PCT_TIER_VALIDATION, predictions, run, error);
  if (!score)
    return FALSE;
  info->validation_correlation = score->mean[PCT_PREDICTION_SINGLE];
  return TRUE;
}

static gboolean
show_preview(const PctFit *fit, const PctDecoder *decoder, const PctRun *run, GError **error)
{
  if (decoder->klass->about.iterative || fit->n_preview == 0)
    return TRUE;
  g_autofree float *pictures = g_new(float, (gsize)fit->n_preview * decoder->height * decoder->width);
  if (!pct_decoder_reconstruct(decoder, fit->preview_responses, (gsize)fit->n_preview, fit->preview_averaged, NULL,
                               pictures, run, error))
    return FALSE;
  PctPreview preview = { pictures, fit->n_preview, decoder->height, decoder->width };
  PctProgress progress = { .step = 1, .total = 1, .preview = &preview };
  return pct_run_report(run, &progress, error);
}

static void
note_sizes(PctModelInfo *info, int n_neurons, int height, int width)
{
  info->n_neurons = n_neurons;
  info->height = height;
  info->width = width;
}

static gboolean
finish_decoder(const PctFit *fit, const PctDecoder *decoder, PctModelInfo *info, const PctRun *run, GError **error)
{
  if (!validate_decoder(fit, decoder, info, run, error) || !show_preview(fit, decoder, run, error))
    return FALSE;
  note_sizes(info, decoder->n_neurons, decoder->height, decoder->width);
  info->finished = TRUE;
  return pct_decoder_save(decoder, info, fit->folder, error);
}

static gboolean
finish_encoder(const PctFit *fit, const PctEncoder *encoder, PctModelInfo *info, const PctRun *run, GError **error)
{
  if (!validate_encoder(fit, encoder, info, run, error))
    return FALSE;
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  note_sizes(info, design->n_neurons, design->height, design->width);
  info->finished = TRUE;
  return pct_encoder_folder_save(encoder, info, fit->folder, error);
}

gboolean
pct_fit_model(const PctFit *fit, PctModelInfo *info, PctFitted *fitted, const PctRun *run, GError **error)
{
  g_return_val_if_fail(info->kind->role != PCT_ROLE_MEI_SET && !fitted->encoder && !fitted->decoder, FALSE);
  gint64 start = g_get_monotonic_time();
  gboolean encodes = info->kind->role == PCT_ROLE_ENCODER, made = FALSE;
  // A checkpoint without its model.json would be nobody's.
  if (pct_model_info_save(info, fit->folder, error)) {
    if (encodes)
      made = (fitted->encoder = pct_encoder_fit(info->kind, fit, run, error)) != NULL;
    else
      made = (fitted->decoder = pct_decoder_fit(pct_decoder_find_class(info->kind->kind), fit, run, error)) != NULL;
  }
  info->seconds += (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  info->finished = made && (encodes ? finish_encoder(fit, fitted->encoder, info, run, error)
                                    : finish_decoder(fit, fitted->decoder, info, run, error));
  if (info->finished) {
    pct_workspace_folder_remove_checkpoint(fit->folder);
    return TRUE;
  }
  pct_fitted_clear(fitted);
  if (pct_workspace_folder_has_checkpoint(fit->folder))
    // Only the time spent is lost if this fails, e.g. because the disk is full.
    pct_model_info_save(info, fit->folder, NULL);
  return FALSE;
}

// The rows of before, or none.
static gboolean
begin_meis(PctMeis *meis, const PctEncoderDesign *design, gboolean resume, GError **error)
{
  if (resume || pct_meis_get_set(meis))
    return pct_meis_read(meis, error);
  g_autofree int *neurons = g_new(int, design->n_neurons);
  for (int j = 0; j < design->n_neurons; j++)
    neurons[j] = j;
  PctMeiSet *set = pct_mei_set_new(neurons, design->n_neurons, design->height, design->width, error);
  if (set)
    pct_meis_take_set(meis, set);
  return set != NULL;
}

gboolean
pct_fit_meis(PctMeis *meis, const PctFit *fit, PctModelInfo *info, const PctRun *run, GError **error)
{
  g_return_val_if_fail(info->kind->role == PCT_ROLE_MEI_SET && fit->encoder, FALSE);
  const PctEncoderDesign *design = pct_encoder_get_design(fit->encoder);
  gint64 start = g_get_monotonic_time();
  PctProgress progress = { .phase = _("Finding most exciting inputs") };
  note_sizes(info, design->n_neurons, design->height, design->width);
  info->finished =
    pct_mei_options_resolve(info->options, fit->statistics->image_mean, fit->statistics->image_std, error) &&
    pct_model_info_save(info, fit->folder, error) && pct_run_report(run, &progress, error) &&
    begin_meis(meis, design, fit->resume, error) &&
    pct_meis_fill_file(pct_meis_get_set(meis), fit->encoder, info->options, info->seed, pct_meis_get_path(meis), run, error);
  info->seconds += (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  if (info->finished && !pct_model_info_save(info, fit->folder, error))
    info->finished = FALSE;
  else if (!info->finished && pct_workspace_folder_has_checkpoint(fit->folder))
    pct_model_info_save(info, fit->folder, NULL);
  return info->finished;
}
