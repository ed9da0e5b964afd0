// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "encode/receptive-field.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "encode/spike-triggered.h"

static gboolean
report_phase(const PctRun *run, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase };
  return pct_run_report(run, &progress, error);
}

// Zeros, or NULL where there is not so much memory.
static float *
try_floats(gsize n, GError **error)
{
  float *values = g_try_new0(float, n);
  if (!values)
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %.1f GB."), (double)n * 4e-9);
  return values;
}

PctReceptiveFields *
pct_receptive_fields_new(const PctRecording *recording, const PctStatistics *statistics, const PctRun *run,
                         GError **error)
{
  g_autoptr(PctReceptiveFields) fields = g_new0(PctReceptiveFields, 1);
  gsize m = (gsize)pct_recording_get_n_neurons(recording);
  fields->n_neurons = (int)m;
  fields->height = pct_recording_get_height(recording);
  fields->width = pct_recording_get_width(recording);
  gsize p = (gsize)fields->height * (gsize)fields->width;
  int n_fitted, n_held, n_validation;
  g_autofree int *fitted_trials = NULL, *held_trials = NULL;
  pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  pct_tier_means_split(recording, &fitted_trials, &n_fitted, &held_trials, &n_held);
  fields->held_out = n_validation == 0;
  fields->sta = try_floats(m * p, error);
  fields->decorrelated = fields->sta ? try_floats(m * p, error) : NULL;
  if (!fields->decorrelated || !report_phase(run, _("Averaging images by response"), error))
    return NULL;
  fields->linear_correlation = g_new(float, m);
  fields->x = g_new(float, m);
  fields->y = g_new(float, m);
  fields->spread = g_new(float, m);
  fields->gabors = g_new0(PctGaborFit, m);
  g_autoptr(PctTierMeans) fitted = pct_tier_means_new(recording, statistics, fitted_trials, n_fitted, run, error);
  g_autoptr(PctTierMeans) held = fitted ? pct_tier_means_new(recording, statistics, held_trials, n_held, run, error)
                                        : NULL;
  if (!held || !pct_spike_triggered_average(fitted, fields->sta, run, error) ||
      !report_phase(run, _("Taking out the images’ own correlations"), error) ||
      !pct_spike_triggered_decorrelate(fitted, held, fields->decorrelated, &fields->penalty,
                                       fields->linear_correlation, run, error))
    return NULL;
  pct_receptive_field_locate(fields->decorrelated, m, fields->height, fields->width, fields->x, fields->y,
                             fields->spread, pct_run_get_pool(run));
  if (!pct_gabor_fit(recording, statistics, fitted, held, fields->gabors, run, error))
    return NULL;
  return g_steal_pointer(&fields);
}

void
pct_receptive_fields_free(PctReceptiveFields *fields)
{
  if (!fields)
    return;
  g_free(fields->sta);
  g_free(fields->decorrelated);
  g_free(fields->linear_correlation);
  g_free(fields->x);
  g_free(fields->y);
  g_free(fields->spread);
  g_free(fields->gabors);
  g_free(fields);
}
