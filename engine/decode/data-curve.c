// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/data-curve.h"
#include <math.h>
#include "data/recording-subset.h"
#include "decode/evaluate.h"
#include "encode/neuron-subset.h"

static const char *const names[PCT_N_CURVE_AGAINST] = { "neurons", "silenced", "images" };

const char *
pct_curve_against_get_name(PctCurveAgainst against)
{
  g_return_val_if_fail((int)against >= 0 && against < PCT_N_CURVE_AGAINST, NULL);
  return names[against];
}

gboolean
pct_curve_against_from_name(const char *name, PctCurveAgainst *against)
{
  for (int i = 0; i < PCT_N_CURVE_AGAINST; i++)
    if (g_strcmp0(name, names[i]) == 0) {
      *against = (PctCurveAgainst)i;
      return TRUE;
    }
  return FALSE;
}

int
pct_data_curve_get_total(const PctDataCurve *curve)
{
  int n;
  if (curve->against != PCT_AGAINST_IMAGES)
    return pct_recording_get_n_neurons(curve->fit.recording);
  pct_recording_get_tier_images(curve->fit.recording, PCT_TIER_TRAIN, &n);
  return n;
}

int
pct_data_curve_get_count(const PctDataCurve *curve, double share)
{
  int total = pct_data_curve_get_total(curve);
  return CLAMP((int)lround(share * total), 1, total);
}

// The numbers of the neurons or images of a point, (count,).
static int *
choose(const PctDataCurve *curve, int count)
{
  int total = pct_data_curve_get_total(curve), *chosen = g_new(int, count);
  pct_choose_nested(total, count, curve->seed, curve->against == PCT_AGAINST_IMAGES, chosen);
  if (curve->against == PCT_AGAINST_IMAGES) {
    const int *images = pct_recording_get_tier_images(curve->fit.recording, PCT_TIER_TRAIN, &total);
    for (int i = 0; i < count; i++)
      chosen[i] = images[chosen[i]];
  }
  return chosen;
}

// Of the tier in both modes, as far as it has them.
static gboolean
score(const PctDataCurve *curve, const PctDecoder *decoder, const PctRecording *recording,
      const PctStatistics *statistics, const guint8 *silent, PctDataPoint *point, const PctRun *run, GError **error)
{
  gboolean modes[PCT_N_MODES];
  pct_score_set_modes(recording, curve->tier, modes);
  for (int mode = 0; mode < PCT_N_MODES; mode++) {
    pct_score_summary_clear(&point->score[mode]);
    if (!modes[mode])
      continue;
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, curve->tier, mode == PCT_MODE_AVERAGED);
    set->mean_image = statistics->mean_image;
    for (int j = 0; silent && j < set->n_neurons; j++)
      for (int i = 0; silent[j] && i < set->n; i++)
        set->responses[(gsize)i * (gsize)set->n_neurons + (gsize)j] = statistics->response_mean[j];
    g_autoptr(PctScore) found = pct_decoder_score(decoder, set, NULL, run, error);
    if (!found)
      return FALSE;
    pct_score_summarise(found, set->images, &point->score[mode], pct_run_get_pool(run));
  }
  return TRUE;
}

static gboolean
measure_silenced(const PctDataCurve *curve, const int *neurons, PctDataPoint *point, const PctRun *run, GError **error)
{
  g_autofree guint8 *silent = g_malloc((gsize)curve->fit.statistics->n_neurons);
  for (int j = 0; j < curve->fit.statistics->n_neurons; j++)
    silent[j] = 1;
  for (int i = 0; i < point->count; i++)
    silent[neurons[i]] = 0;
  return score(curve, curve->whole, curve->fit.recording, curve->fit.statistics, silent, point, run, error);
}

static gboolean
measure_fitted(const PctDataCurve *curve, const int *chosen, PctDataPoint *point, const PctRun *run, GError **error)
{
  gboolean neurons = curve->against == PCT_AGAINST_NEURONS;
  g_autoptr(PctRecording) recording =
    pct_recording_subset(curve->fit.recording, neurons ? chosen : NULL, point->count, neurons ? NULL : chosen,
                         point->count, error);
  g_autoptr(PctStatistics) statistics = recording ? pct_statistics_new(recording, run, error) : NULL;
  if (!statistics)
    return FALSE;
  PctFit fit = curve->fit;
  fit.recording = recording;
  fit.statistics = statistics;
  fit.folder = NULL;
  fit.resume = FALSE;
  fit.preview_responses = NULL;
  fit.n_preview = 0;
  g_autoptr(PctEncoder) encoder = NULL;
  g_autoptr(PctMeiSet) meis = NULL;
  if (neurons && fit.encoder && !(fit.encoder = encoder = pct_encoder_subset(fit.encoder, chosen, point->count, error)))
    return FALSE;
  if (neurons && fit.meis && !(fit.meis = meis = pct_mei_set_subset(fit.meis, chosen, point->count, error)))
    return FALSE;
  gint64 start = g_get_monotonic_time();
  g_autoptr(PctDecoder) decoder = pct_decoder_fit(curve->klass, &fit, run, error);
  point->seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  return decoder && score(curve, decoder, recording, statistics, NULL, point, run, error);
}

gboolean
pct_data_curve_measure(const PctDataCurve *curve, double share, PctDataPoint *point, const PctRun *run, GError **error)
{
  g_return_val_if_fail(share > 0 && share <= 1, FALSE);
  g_return_val_if_fail((curve->against == PCT_AGAINST_SILENCED) == (curve->whole != NULL), FALSE);
  *point = (PctDataPoint){ .share = share, .count = pct_data_curve_get_count(curve, share) };
  g_autofree int *chosen = choose(curve, point->count);
  return curve->whole ? measure_silenced(curve, chosen, point, run, error)
                      : measure_fitted(curve, chosen, point, run, error);
}
