// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/tier-means.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"

// Images, and neurons, that one thread works on at a time.
#define CHUNK 32

typedef struct {
  const PctRecording *recording;
  const PctStatistics *statistics;
  PctTierMeans *means;
  const int *image_of_row;   // (n,)
  const int *trials, *first; // trials sorted by row; those of row i are first[i] .. first[i + 1] - 1
} Reading;

static void
read_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Reading *r = data;
  const PctStatistics *s = r->statistics;
  gsize m = (gsize)r->means->n_neurons, p = (gsize)r->means->n_pixels;
  g_autofree float *one = g_new(float, m);
  for (gsize i = first; i < end; i++) {
    float *image = r->means->images + i * p, *mean = r->means->responses + i * m;
    pct_recording_read_image(r->recording, r->image_of_row[i], image);
    for (gsize j = 0; j < p; j++)
      image[j] -= s->mean_image[j];
    int n = r->first[i + 1] - r->first[i];
    for (int k = 0; k < n; k++) {
      pct_recording_read_responses(r->recording, r->trials[r->first[i] + k], one);
      for (gsize j = 0; j < m; j++)
        mean[j] += (one[j] - s->response_mean[j]) / (s->response_scale[j] > 0 ? s->response_scale[j] : 1) / (float)n;
    }
    r->means->counts[i] = (float)n;
  }
}

// Means and sums of squares over trials; a single trial is its row's mean, a repeated one is read again.
static void
sum_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const Reading *r = data;
  PctTierMeans *t = r->means;
  const PctStatistics *s = r->statistics;
  gsize m = (gsize)t->n_neurons;
  g_autofree float *one = g_new(float, m);
  for (gsize j = first; j < end; j++)
    t->means[j] = t->squares[j] = 0;
  for (int i = 0; i < t->n; i++)
    for (gsize j = first; j < end; j++)
      t->means[j] += (double)t->counts[i] * t->responses[(gsize)i * m + j] / t->n_trials;
  for (int i = 0; i < t->n; i++)
    for (int k = r->first[i]; k < r->first[i + 1]; k++) {
      if (r->first[i + 1] - r->first[i] > 1)
        pct_recording_read_responses(r->recording, r->trials[k], one);
      for (gsize j = first; j < end; j++) {
        double scale = s->response_scale[j] > 0 ? s->response_scale[j] : 1;
        double z = r->first[i + 1] - r->first[i] > 1 ? ((double)one[j] - s->response_mean[j]) / scale
                                                     : t->responses[(gsize)i * m + j];
        t->squares[j] += (z - t->means[j]) * (z - t->means[j]);
      }
    }
}

PctTierMeans *
pct_tier_means_new(const PctRecording *recording, const PctStatistics *statistics, const int *trials, int n_trials,
                   const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  g_autoptr(PctTierMeans) means = g_new0(PctTierMeans, 1);
  int n_images = pct_recording_get_n_images(recording), n = 0;
  g_autofree int *row = g_new(int, n_images), *image_of_row = g_new(int, MAX(n_trials, 1));
  g_autofree int *first = NULL, *found = NULL;
  g_autofree int *sorted = g_new(int, MAX(n_trials, 1));
  for (int i = 0; i < n_images; i++)
    row[i] = -1;
  for (int i = 0; i < n_trials; i++) {
    int image = pct_recording_get_trial_image(recording, trials[i]);
    if (row[image] < 0) {
      row[image] = n;
      image_of_row[n++] = image;
    }
  }
  found = g_memdup2(image_of_row, (gsize)MAX(n_trials, 1) * sizeof(int));
  for (int start = 0, to = 0; start < 3; start++)
    for (int i = start; i < n; i += 3, to++) {
      image_of_row[to] = found[i];
      row[found[i]] = to;
    }
  first = g_new0(int, n + 1);
  for (int i = 0; i < n_trials; i++)
    first[row[pct_recording_get_trial_image(recording, trials[i])] + 1]++;
  for (int i = 0; i < n; i++)
    first[i + 1] += first[i];
  g_autofree int *next = g_memdup2(first, (gsize)(n + 1) * sizeof(int));
  for (int i = 0; i < n_trials; i++)
    sorted[next[row[pct_recording_get_trial_image(recording, trials[i])]]++] = trials[i];

  *means = (PctTierMeans){ .n = n, .n_trials = n_trials, .n_neurons = statistics->n_neurons,
                           .n_pixels = statistics->n_pixels };
  gsize m = (gsize)means->n_neurons;
  means->images = pct_aligned_new((gsize)n * (gsize)means->n_pixels, error);
  means->responses = means->images ? pct_aligned_new((gsize)n * m, error) : NULL;
  if (!means->responses)
    return NULL;
  means->counts = g_new(float, n);
  means->means = g_new(double, m);
  means->squares = g_new(double, m);
  Reading reading = { recording, statistics, means, image_of_row, sorted, first };
  pct_parallel_for(pool, (gsize)n, CHUNK, read_rows, &reading);
  if (!pct_run_step(run, 0, 0, error))
    return NULL;
  // Whole rows of responses are read for a chunk of neurons: few, large chunks.
  pct_parallel_for(pool, m, MAX(CHUNK, (m + 7) / 8), sum_neurons, &reading);
  return pct_run_step(run, 0, 0, error) ? g_steal_pointer(&means) : NULL;
}

void
pct_tier_means_free(PctTierMeans *means)
{
  if (!means)
    return;
  pct_aligned_free(means->images);
  pct_aligned_free(means->responses);
  g_free(means->counts);
  g_free(means->means);
  g_free(means->squares);
  g_free(means);
}

void
pct_tier_means_split(const PctRecording *recording, int **fitted, int *n_fitted, int **held, int *n_held)
{
  int n_train, n_validation, n_images;
  const int *train = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_train);
  const int *validation = pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  const int *images = pct_recording_get_tier_images(recording, PCT_TIER_TRAIN, &n_images);
  *fitted = g_new(int, MAX(n_train, 1));
  *held = g_new(int, MAX(n_train + n_validation, 1));
  *n_fitted = *n_held = 0;
  g_autofree guint8 *out = g_new0(guint8, pct_recording_get_n_images(recording));
  for (int i = 4; i < n_images && n_validation == 0; i += 10)
    out[images[i]] = 1;
  for (int i = 0; i < n_train; i++)
    if (out[pct_recording_get_trial_image(recording, train[i])])
      (*held)[(*n_held)++] = train[i];
    else
      (*fitted)[(*n_fitted)++] = train[i];
  for (int i = 0; i < n_validation; i++)
    (*held)[(*n_held)++] = validation[i];
}

typedef struct {
  const PctTierMeans *means;
  const float *predictions;
  gsize ld, first;
  PctTierMatch *out;
} Matching;

typedef struct {
  double sum, square, product;
} Sums;

static void
match_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const Matching *task = data;
  const PctTierMeans *t = task->means;
  gsize m = (gsize)t->n_neurons;
  Sums sums[CHUNK] = { { 0 } };
  for (int i = 0; i < t->n; i++)
    for (gsize j = first; j < end; j++) {
      Sums *s = &sums[j - first];
      double p = task->predictions[(gsize)i * task->ld + j], weighted = t->counts[i] * p;
      s->sum += weighted;
      s->square += weighted * p;
      s->product += weighted * (t->responses[(gsize)i * m + task->first + j] - t->means[task->first + j]);
    }
  for (gsize j = first; j < end; j++) {
    const Sums *s = &sums[j - first];
    double mean = t->n_trials > 0 ? s->sum / t->n_trials : NAN, spread = s->square - s->sum * mean;
    double squares = t->squares[task->first + j];
    // What rounding leaves of a flat prediction is no variance.
    gboolean flat = !(spread > 1e-10 * s->square) || !(squares > 0);
    double slope = flat ? 0 : s->product / spread;
    task->out[j] = (PctTierMatch){ .correlation = flat ? NAN : s->product / sqrt(spread * squares),
                                   .slope = slope,
                                   .intercept = t->means[task->first + j] - slope * mean,
                                   .mean_square = s->square / t->n_trials };
  }
}

void
pct_tier_means_match(const PctTierMeans *means, const float *predictions, gsize ld, gsize first, gsize n_neurons,
                     PctTierMatch *out, PctPool *pool)
{
  Matching task = { means, predictions, ld, first, out };
  pct_parallel_for(pool, n_neurons, CHUNK, match_neurons, &task);
}
