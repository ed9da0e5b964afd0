// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/fit-model.h"
#include <glib/gi18n-lib.h>
#include "decode/evaluate.h"
#include "work/workspace.h"

// The figures of the validation tier, where there is one.
static gboolean
validate(const PctFit *fit, const PctDecoder *decoder, PctModelInfo *info, const PctRun *run, GError **error)
{
  g_autoptr(PctScoreSet) set = pct_score_set_new(fit->recording, PCT_TIER_VALIDATION, FALSE);
  if (set->n == 0)
    return TRUE;
  PctProgress progress = { .phase = _("Scoring on the validation images") };
  if (!pct_run_report(run, &progress, error))
    return FALSE;
  g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, run, error);
  if (!score)
    return FALSE;
  info->validation_pixcorr = score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  info->validation_ssim = score->mean[PCT_FRAME_FULL][PCT_MEASURE_SSIM];
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

PctDecoder *
pct_fit_model(const PctDecoderClass *klass, const PctFit *fit, PctModelInfo *info, const PctRun *run, GError **error)
{
  gint64 start = g_get_monotonic_time();
  // A checkpoint without its model.json would be nobody's.
  g_autoptr(PctDecoder) decoder = pct_model_info_save(info, fit->folder, error) ? pct_decoder_fit(klass, fit, run, error)
                                                                                : NULL;
  info->seconds += (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  if (decoder && validate(fit, decoder, info, run, error) && show_preview(fit, decoder, run, error)) {
    info->n_neurons = decoder->n_neurons;
    info->height = decoder->height;
    info->width = decoder->width;
    info->finished = TRUE;
    info->finished = pct_decoder_save(decoder, info, fit->folder, error);
  }
  if (info->finished) {
    pct_workspace_folder_remove_checkpoint(fit->folder);
    return g_steal_pointer(&decoder);
  }
  if (pct_workspace_folder_has_checkpoint(fit->folder))
    // Only the time spent is lost if this fails, e.g. because the disk is full.
    pct_model_info_save(info, fit->folder, NULL);
  return NULL;
}
