// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "measure/first-look.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#define NOISE_SEED 1
#define N_PARTS 4

static int
compare(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static double
median_of_finite(const float *values, int n)
{
  g_autofree float *sorted = g_new(float, MAX(n, 1));
  int count = 0;
  for (int i = 0; i < n; i++)
    if (isfinite(values[i]))
      sorted[count++] = values[i];
  if (count == 0)
    return NAN;
  qsort(sorted, (gsize)count, sizeof *sorted, compare);
  return 0.5 * ((double)sorted[(count - 1) / 2] + sorted[count / 2]);
}

// The next part, by its name.
static const PctRun *
begin(PctRunPart *part, const PctRun *run, int done, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase, .step = done, .total = N_PARTS };
  return pct_run_report(run, &progress, error) ? pct_run_part(part, run, done, 1, N_PARTS) : NULL;
}

static gboolean
measure_repeats(PctFirstLook *self, const PctRecording *recording, const PctRun *run, GError **error)
{
  PctRunPart part;
  const PctRun *inner = begin(&part, run, 0, _("Looking at repeats"), error);
  if (!inner || !(self->reliability = pct_reliability_new(recording, self->repeats_tier, inner, error)))
    return FALSE;
  self->median_oracle = median_of_finite(self->reliability->oracle, self->n_neurons);
  inner = begin(&part, run, 1, _("Looking for noise correlations"), error);
  return inner && (self->noise = pct_noise_correlation_new(recording, self->repeats_tier, PCT_NOISE_NEURONS, NOISE_SEED,
                                                           inner, error));
}

static gboolean
measure(PctFirstLook *self, const PctRecording *recording, const PctStatistics *statistics, const PctRun *run,
        GError **error)
{
  PctRunPart part;
  const PctRun *inner;
  if (self->repeated && !measure_repeats(self, recording, run, error))
    return FALSE;
  if (!(inner = begin(&part, run, 2, _("Looking for duplicated images"), error)) ||
      !(self->duplicates = pct_duplicates_new(recording, inner, error)))
    return FALSE;
  if (!(inner = begin(&part, run, 3, _("Following the trials"), error)) ||
      !(self->course = pct_trial_course_new(recording, statistics, inner, error)))
    return FALSE;
  for (int b = 0; b < PCT_N_BEHAVIOURS; b++) {
    const float *values = pct_behaviour_get_values(recording, (PctBehaviour)b);
    self->behaviour[b] = values ? pct_behaviour_correlate(values, self->course)
                                : (PctTrend){ 0, NAN, NAN, PCT_INTERVAL_UNKNOWN };
  }
  return TRUE;
}

PctFirstLook *
pct_first_look_new(const PctRecording *recording, const PctStatistics *statistics, const PctRun *run, GError **error)
{
  g_return_val_if_fail(recording && statistics, NULL);
  g_autoptr(PctFirstLook) self = g_new0(PctFirstLook, 1);
  *self = (PctFirstLook){ .n_neurons = pct_recording_get_n_neurons(recording),
                          .n_images = pct_recording_get_n_images(recording),
                          .n_trials = pct_recording_get_n_trials(recording),
                          .height = pct_recording_get_height(recording),
                          .width = pct_recording_get_width(recording),
                          .averaged = pct_recording_is_averaged(recording),
                          .filtered = pct_recording_get_trials(recording) != NULL,
                          .median_oracle = NAN };
  self->census = pct_census_new(recording, statistics);
  self->repeated = !self->averaged && pct_census_find_repeats(self->census, &self->repeats_tier);
  return measure(self, recording, statistics, run, error) ? g_steal_pointer(&self) : NULL;
}

void
pct_first_look_free(PctFirstLook *look)
{
  if (!look)
    return;
  pct_census_free(look->census);
  pct_reliability_free(look->reliability);
  pct_noise_correlation_free(look->noise);
  pct_duplicates_free(look->duplicates);
  pct_trial_course_free(look->course);
  g_free(look);
}
