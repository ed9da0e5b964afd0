// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "fit-model.h"
#include <glib/gi18n.h>
#include "decode/evaluate.h"
#include "work/workspace.h"

static gboolean
validate(const PctRecording *recording, const PctDecoder *decoder, PctModelInfo *info, const PctRun *run,
         GError **error)
{
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_VALIDATION, FALSE);
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

gboolean
pct_fit_model(const PctRecording *recording, const PctStatistics *statistics, PctModelInfo *info, const char *folder,
              gboolean resume, gboolean *kept, const PctRun *run, GError **error)
{
  PctFit fit = { .recording = recording, .statistics = statistics, .options = info->options, .seed = info->seed,
                 .folder = folder, .resume = resume };
  gint64 start = g_get_monotonic_time();
  // A checkpoint without its model.json would be nobody's.
  g_autoptr(PctDecoder) decoder = pct_model_info_save(info, folder, error)
                                    ? pct_decoder_fit(pct_decoder_find_class(info->kind), &fit, run, error)
                                    : NULL;
  info->seconds += (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  if (decoder && validate(recording, decoder, info, run, error)) {
    info->finished = TRUE;
    info->finished = pct_decoder_save(decoder, info, folder, error);
  }
  if (info->finished) {
    pct_workspace_folder_remove_checkpoint(folder);
    return TRUE;
  }
  *kept = pct_workspace_folder_has_checkpoint(folder);
  if (*kept)
    // Only the time spent is lost if this fails, e.g. because the disk is full.
    pct_model_info_save(info, folder, NULL);
  else
    pct_workspace_folder_remove_model(folder);
  return FALSE;
}
