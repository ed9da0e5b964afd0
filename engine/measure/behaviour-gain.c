// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/behaviour-gain.h"

const char *
pct_behaviour_get_name(PctBehaviour behaviour)
{
  g_return_val_if_fail((int)behaviour >= 0 && behaviour < PCT_N_BEHAVIOURS, NULL);
  return behaviour == PCT_BEHAVIOUR_RUNNING ? "running_speed" : "pupil_size";
}

const float *
pct_behaviour_get_values(const PctRecording *recording, PctBehaviour behaviour)
{
  g_return_val_if_fail((int)behaviour >= 0 && behaviour < PCT_N_BEHAVIOURS, NULL);
  return behaviour == PCT_BEHAVIOUR_RUNNING ? pct_recording_get_running_speed(recording)
                                            : pct_recording_get_pupil_size(recording);
}

PctTrend
pct_behaviour_correlate(const float *values, const PctTrialCourse *course)
{
  gsize n = (gsize)course->n_trials;
  g_autofree double *x = g_new(double, n), *y = g_new(double, n);
  for (gsize i = 0; i < n; i++) {
    x[i] = values[course->order[i]];
    y[i] = course->gain[course->order[i]];
  }
  return pct_trend_correlation(x, y, n);
}
