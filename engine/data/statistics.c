// SPDX-License-Identifier: GPL-3.0-or-later
// Means and variances by Welford's method in double within fixed chunks of trials, joined in the chunks' order by
// Chan's formula (Chan, Golub & LeVeque 1983): the bits do not depend on the number of threads.
#include "data/statistics.h"
#include <math.h>

#define CHUNK 64
// Chunks between two reports, and so the partial sums held at once.
#define BATCH 16

// Count, means, sums of squared deviations, minima and maxima of some columns.
typedef struct {
  gsize n_columns;
  double n;
  double *mean, *m2;
  float *min, *max;
} Moments;

static void
moments_init(Moments *moments, gsize n_columns)
{
  *moments = (Moments){ n_columns, 0, g_new0(double, n_columns), g_new0(double, n_columns), g_new(float, n_columns),
                        g_new(float, n_columns) };
  for (gsize i = 0; i < n_columns; i++) {
    moments->min[i] = INFINITY;
    moments->max[i] = -INFINITY;
  }
}

static void
moments_clear(Moments *moments)
{
  g_free(moments->mean);
  g_free(moments->m2);
  g_free(moments->min);
  g_free(moments->max);
}

static void
moments_reset(Moments *moments)
{
  moments->n = 0;
  for (gsize i = 0; i < moments->n_columns; i++) {
    moments->mean[i] = moments->m2[i] = 0;
    moments->min[i] = INFINITY;
    moments->max[i] = -INFINITY;
  }
}

static void
moments_add_range(Moments *moments, const float *row)
{
  for (gsize i = 0; i < moments->n_columns; i++) {
    moments->min[i] = MIN(moments->min[i], row[i]);
    moments->max[i] = MAX(moments->max[i], row[i]);
  }
}

static void
moments_add(Moments *moments, const float *row)
{
  double share = 1 / ++moments->n;
  for (gsize i = 0; i < moments->n_columns; i++) {
    double off = row[i] - moments->mean[i];
    moments->mean[i] += off * share;
    moments->m2[i] += off * (row[i] - moments->mean[i]);
  }
}

static void
moments_join(Moments *moments, const Moments *other)
{
  double n = moments->n + other->n, share = n > 0 ? other->n / n : 0;
  for (gsize i = 0; i < moments->n_columns; i++) {
    double off = other->mean[i] - moments->mean[i];
    moments->mean[i] += off * share;
    moments->m2[i] += other->m2[i] + off * off * share * moments->n;
    moments->min[i] = MIN(moments->min[i], other->min[i]);
    moments->max[i] = MAX(moments->max[i], other->max[i]);
  }
  moments->n = n;
}

typedef struct {
  const PctRecording *recording;
  int first_chunk;
  Moments responses[BATCH], pixels[BATCH];
  float *row[BATCH];  // room for one trial's responses or image
} Batch;

static void
add_chunks(gsize first, gsize end, guint thread, gpointer data)
{
  Batch *batch = data;
  const PctRecording *recording = batch->recording;
  int n_trials = pct_recording_get_n_trials(recording);
  for (gsize slot = first; slot < end; slot++) {
    int trial = (batch->first_chunk + (int)slot) * CHUNK, last = MIN(trial + CHUNK, n_trials);
    moments_reset(&batch->responses[slot]);
    moments_reset(&batch->pixels[slot]);
    for (; trial < last; trial++) {
      gboolean train = pct_recording_get_trial_tier(recording, trial) == PCT_TIER_TRAIN;
      pct_recording_read_responses(recording, trial, batch->row[slot]);
      moments_add_range(&batch->responses[slot], batch->row[slot]);
      if (!train)
        continue;
      moments_add(&batch->responses[slot], batch->row[slot]);
      pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trial), batch->row[slot]);
      moments_add(&batch->pixels[slot], batch->row[slot]);
    }
  }
}

static PctStatistics *
finish(const Moments *responses, const Moments *pixels)
{
  PctStatistics *statistics = g_new0(PctStatistics, 1);
  gsize m = responses->n_columns, hw = pixels->n_columns;
  statistics->n_neurons = (int)m;
  statistics->n_pixels = (int)hw;
  statistics->response_mean = g_new(float, m);
  statistics->response_std = g_new(float, m);
  statistics->response_scale = g_new(float, m);
  statistics->response_min = g_memdup2(responses->min, m * sizeof(float));
  statistics->response_max = g_memdup2(responses->max, m * sizeof(float));
  statistics->mean_image = g_new(float, hw);
  double sum = 0;
  for (gsize i = 0; i < m; i++) {
    statistics->response_mean[i] = (float)responses->mean[i];
    statistics->response_std[i] = (float)sqrt(responses->m2[i] / responses->n);
    sum += statistics->response_std[i];
  }
  // Where no neuron ever varies there is nothing to divide by; and what is divided by must have a finite inverse.
  float least = sum > 0 ? MAX((float)(0.01 * sum / (double)m), 1e-30f) : 1;
  for (gsize i = 0; i < m; i++)
    statistics->response_scale[i] = MAX(statistics->response_std[i], least);
  double mean = 0, variance = 0;
  for (gsize i = 0; i < hw; i++) {
    statistics->mean_image[i] = (float)pixels->mean[i];
    mean += pixels->mean[i] / (double)hw;
  }
  for (gsize i = 0; i < hw; i++)
    variance += (pixels->m2[i] / pixels->n + (pixels->mean[i] - mean) * (pixels->mean[i] - mean)) / (double)hw;
  statistics->image_mean = (float)mean;
  statistics->image_std = (float)sqrt(variance);
  return statistics;
}

PctStatistics *
pct_statistics_new(const PctRecording *recording, const PctRun *run, GError **error)
{
  gsize m = (gsize)pct_recording_get_n_neurons(recording);
  gsize hw = (gsize)pct_recording_get_height(recording) * (gsize)pct_recording_get_width(recording);
  int n_chunks = (pct_recording_get_n_trials(recording) - 1) / CHUNK + 1;
  g_autofree Batch *batch = g_new0(Batch, 1);
  Moments responses, pixels;
  moments_init(&responses, m);
  moments_init(&pixels, hw);
  int n_slots = MIN(BATCH, n_chunks);
  for (int i = 0; i < n_slots; i++) {
    moments_init(&batch->responses[i], m);
    moments_init(&batch->pixels[i], hw);
    batch->row[i] = g_new(float, MAX(m, hw));
  }
  batch->recording = recording;
  gboolean go_on = TRUE;
  for (int first = 0; first < n_chunks && go_on; first += BATCH) {
    int n = MIN(BATCH, n_chunks - first);
    batch->first_chunk = first;
    pct_parallel_for(pct_run_get_pool(run), (gsize)n, 1, add_chunks, batch);
    for (int i = 0; i < n; i++) {
      moments_join(&responses, &batch->responses[i]);
      moments_join(&pixels, &batch->pixels[i]);
    }
    go_on = pct_run_step(run, first + n, n_chunks, error);
  }
  PctStatistics *statistics = go_on ? finish(&responses, &pixels) : NULL;
  for (int i = 0; i < n_slots; i++) {
    moments_clear(&batch->responses[i]);
    moments_clear(&batch->pixels[i]);
    g_free(batch->row[i]);
  }
  moments_clear(&responses);
  moments_clear(&pixels);
  return statistics;
}

void
pct_statistics_free(PctStatistics *statistics)
{
  if (!statistics)
    return;
  g_free(statistics->response_mean);
  g_free(statistics->response_std);
  g_free(statistics->response_scale);
  g_free(statistics->response_min);
  g_free(statistics->response_max);
  g_free(statistics->mean_image);
  g_free(statistics);
}
