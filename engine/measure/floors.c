// SPDX-License-Identifier: GPL-3.0-or-later
// The floors that every table of scores carries: what one gets without a decoder, or with one and the wrong responses.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "measure/identification.h"
#include "measure/score.h"

// Train trials at a time.
#define BLOCK 256

void
pct_floor_mean_image(const PctScoreSet *set, const PctStatistics *statistics, float *out)
{
  gsize p = (gsize)set->height * (gsize)set->width;
  for (int i = 0; i < set->n; i++)
    memcpy(out + i * p, statistics->mean_image, p * sizeof(float));
}

// z-scores by the train tier, then mean 0 and length 1 over the neurons: products are correlations.
static void
normalise(float *rows, gsize n, const PctStatistics *statistics, PctPool *pool)
{
  gsize m = (gsize)statistics->n_neurons;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < m; j++) {
      float scale = statistics->response_scale[j];
      rows[i * m + j] = scale > 0 ? (rows[i * m + j] - statistics->response_mean[j]) / scale : 0;
    }
  pct_standardise_rows(rows, n, m, pool);
}

gboolean
pct_floor_nearest_neighbour(const PctScoreSet *set, const PctRecording *recording, const PctStatistics *statistics,
                            float *out, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  gsize n = (gsize)set->n, m = (gsize)set->n_neurons, p = (gsize)set->height * (gsize)set->width;
  int n_train;
  const int *train = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_train);
  if (n == 0)
    return TRUE;
  g_autoptr(PctFloats) rows = pct_aligned_new(n * m, error);
  g_autoptr(PctFloats) block = rows ? pct_aligned_new(BLOCK * m, error) : NULL;
  g_autoptr(PctFloats) correlation = block ? pct_aligned_new(n * BLOCK, error) : NULL;
  if (!correlation)
    return FALSE;
  g_autofree int *best = g_new(int, n);
  g_autofree float *highest = g_new(float, n);
  for (gsize i = 0; i < n; i++) {
    best[i] = -1;
    highest[i] = -INFINITY;
  }
  memcpy(rows, set->responses, n * m * sizeof(float));
  normalise(rows, n, statistics, pool);
  for (int first = 0; first < n_train; first += BLOCK) {
    int count = MIN(BLOCK, n_train - first);
    pct_recording_read_trials(recording, train + first, count, block);
    normalise(block, (gsize)count, statistics, pool);
    pct_gemm(pool, FALSE, TRUE, n, (gsize)count, m, 1, rows, m, block, m, 0, correlation, BLOCK);
    for (gsize i = 0; i < n; i++)
      for (int j = 0; j < count; j++) {
        int image = pct_recording_get_trial_image(recording, train[first + j]);
        // Scored on the train tier, a trial must not find its own image.
        if (correlation[i * BLOCK + (gsize)j] > highest[i] && image != set->images[i]) {
          highest[i] = correlation[i * BLOCK + (gsize)j];
          best[i] = image;
        }
      }
    if (!pct_run_step(run, first + count, n_train, error))
      return FALSE;
  }
  for (gsize i = 0; i < n; i++)
    if (best[i] >= 0)
      pct_recording_read_image(recording, best[i], out + i * p);
    else
      memcpy(out + i * p, statistics->mean_image, p * sizeof(float));
  return TRUE;
}

void
pct_floor_shuffle_responses(const PctScoreSet *set, guint64 seed, float *out)
{
  gsize m = (gsize)set->n_neurons;
  // Rows by image, images in order of first appearance.
  g_autoptr(GHashTable) groups = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  g_autoptr(GPtrArray) order = g_ptr_array_new();
  for (int i = 0; i < set->n; i++) {
    GArray *rows = g_hash_table_lookup(groups, GINT_TO_POINTER(set->images[i]));
    if (!rows) {
      rows = g_array_new(FALSE, FALSE, sizeof(int));
      g_hash_table_insert(groups, GINT_TO_POINTER(set->images[i]), rows);
      g_ptr_array_add(order, rows);
    }
    g_array_append_val(rows, i);
  }
  // Images in a random ring; each row is handed responses to the ring's next image, so never to its own.
  g_autofree guint32 *ring = g_new(guint32, MAX(order->len, 1));
  PctRandom random = pct_random(seed, 0);
  pct_random_permutation(&random, ring, order->len);
  for (guint i = 0; i < order->len; i++) {
    const GArray *here = order->pdata[ring[i]], *next = order->pdata[ring[(i + 1) % order->len]];
    for (guint j = 0; j < here->len; j++)
      memcpy(out + (gsize)g_array_index(here, int, j) * m,
             set->responses + (gsize)g_array_index(next, int, j % next->len) * m, m * sizeof(float));
  }
}
