// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/opened.h"
#include <glib/gi18n-lib.h>
#include "data/demo.h"
#include "data/recording-file.h"
#include "work/workspace.h"

#define BATCH 64

// Each image's mean over its trials and neurons, a neuron's response divided by its standard deviation.
static gboolean
compute_image_means(PctOpened *self, const PctRun *run, GError **error)
{
  int n_trials = pct_recording_get_n_trials(self->recording), m = pct_recording_get_n_neurons(self->recording);
  int n_images = pct_recording_get_n_images(self->recording);
  g_autofree float *weights = g_new(float, m), *responses = g_new(float, m);
  g_autofree double *sums = g_new0(double, n_images);
  for (int j = 0; j < m; j++)
    weights[j] = 1 / self->statistics->response_scale[j];
  for (int i = 0; i < n_trials; i++) {
    pct_recording_read_responses(self->recording, i, responses);
    float sum = 0;
    for (int j = 0; j < m; j++)
      sum += weights[j] * responses[j];
    sums[pct_recording_get_trial_image(self->recording, i)] += (double)sum / m;
    if (i % BATCH == 0 && !pct_run_step(run, i, n_trials, error))
      return FALSE;
  }
  self->image_means = g_new(float, n_images);
  for (int i = 0; i < n_images; i++) {
    int n;
    pct_recording_get_image_trials(self->recording, i, &n);
    self->image_means[i] = (float)(sums[i] / MAX(n, 1));
  }
  return TRUE;
}

// The least and the greatest mean over repeats that each neuron gave to any image shown more than once.
static gboolean
compute_ranges(PctOpened *self, const PctRun *run, GError **error)
{
  const PctStatistics *statistics = self->statistics;
  int m = statistics->n_neurons, n_images = pct_recording_get_n_images(self->recording);
  self->ranges = (PctResponseRanges){ m, statistics->response_mean, statistics->response_std, statistics->response_min,
                                      statistics->response_max, statistics->response_min, statistics->response_max };
  g_autofree float *means = g_new(float, m);
  for (int i = 0; i < n_images; i++) {
    int n;
    pct_recording_get_image_trials(self->recording, i, &n);
    if (n < 2)
      continue;
    pct_recording_read_mean_responses(self->recording, i, means);
    if (!self->averaged) {
      self->averaged = g_new(float, 2 * (gsize)m);
      for (int j = 0; j < m; j++)
        self->averaged[j] = self->averaged[m + j] = means[j];
    }
    for (int j = 0; j < m; j++) {
      self->averaged[j] = MIN(self->averaged[j], means[j]);
      self->averaged[m + j] = MAX(self->averaged[m + j], means[j]);
    }
    if (!pct_run_step(run, i, n_images, error))
      return FALSE;
  }
  if (self->averaged) {
    self->ranges.averaged_minimum = self->averaged;
    self->ranges.averaged_maximum = self->averaged + m;
  }
  return TRUE;
}

static char *
resolve(const char *path, GError **error)
{
  g_autofree char *whole = g_canonicalize_filename(path, NULL);
  if (!g_str_has_suffix(whole, ".percept") || !g_file_test(whole, G_FILE_TEST_IS_DIR))
    return g_steal_pointer(&whole);
  return pct_workspace_folder_find_recording(whole, error);
}

PctOpened *
pct_opened_new(const char *path, const char *trials, const PctRun *run, GError **error)
{
  g_autoptr(PctOpened) self = g_new0(PctOpened, 1);
  g_atomic_ref_count_init(&self->references);
  if (path && !(self->path = resolve(path, error)))
    return NULL;
  g_autoptr(PctRecording) whole = self->path ? pct_recording_open(self->path, run, error) : pct_demo_open(run, error);
  if (!whole)
    return NULL;
  self->trials = pct_trial_table_new(whole);
  if (!(self->recording = pct_trial_table_apply(self->trials, whole, trials, error)))
    return NULL;
  g_clear_pointer(&whole, pct_recording_unref);
  PctProgress progress = { .phase = _("Computing statistics") };
  if (!pct_run_report(run, &progress, error))
    return NULL;
  self->statistics = pct_statistics_new(self->recording, run, error);
  if (!self->statistics || !compute_ranges(self, run, error) || !compute_image_means(self, run, error))
    return NULL;
  self->workspace = pct_workspace_folder_locate(self->path, pct_recording_get_fingerprint(self->recording));
  return g_steal_pointer(&self);
}

PctOpened *
pct_opened_ref(PctOpened *self)
{
  g_atomic_ref_count_inc(&self->references);
  return self;
}

void
pct_opened_unref(PctOpened *self)
{
  if (!self || !g_atomic_ref_count_dec(&self->references))
    return;
  g_clear_pointer(&self->recording, pct_recording_unref);
  g_clear_pointer(&self->trials, pct_trial_table_unref);
  g_clear_pointer(&self->statistics, pct_statistics_free);
  g_free(self->path);
  g_free(self->workspace);
  g_free(self->averaged);
  g_free(self->image_means);
  g_free(self);
}
