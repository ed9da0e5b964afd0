// SPDX-License-Identifier: GPL-3.0-or-later
// Every index exactly once, in the same chunks on any number of threads, loop after loop.
#include <string.h>
#include "base/parallel.h"

typedef struct {
  gsize chunk, n;
  guint n_threads;
  int *visits;     // (n,)
  gsize *firsts;   // (n,) where the chunk of each index began
} Record;

static void
record(gsize first, gsize end, guint thread, gpointer data)
{
  Record *r = data;
  g_assert_cmpuint(first, <, end);
  g_assert_cmpuint(end, <=, r->n);
  g_assert_cmpuint(first % r->chunk, ==, 0);
  g_assert_cmpuint(end - first, ==, MIN(r->chunk, r->n - first));
  g_assert_cmpuint(thread, <, r->n_threads);
  for (gsize i = first; i < end; i++) {
    r->visits[i]++;
    r->firsts[i] = first;
  }
}

static void
test_every_index_once(void)
{
  static const struct {
    gsize n, chunk;
  } cases[] = { { 0, 1 }, { 1, 1 }, { 1, 100 }, { 100, 1 }, { 101, 10 }, { 1000, 7 }, { 4096, 4096 }, { 4097, 4096 } };
  for (guint threads = 0; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = threads ? pct_pool_new(threads, 0) : NULL;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
      gsize n = cases[i].n;
      g_autofree int *visits = g_new0(int, n + 1);
      g_autofree gsize *firsts = g_new0(gsize, n + 1);
      Record r = { cases[i].chunk, n, MAX(threads, 1), visits, firsts };
      pct_parallel_for(pool, n, cases[i].chunk, record, &r);
      for (gsize j = 0; j < n; j++) {
        g_assert_cmpint(visits[j], ==, 1);
        g_assert_cmpuint(firsts[j], ==, j / cases[i].chunk * cases[i].chunk);
      }
    }
  }
}

typedef struct {
  const float *values;
  gsize chunk;
  float *sums;
} Sum;

static void
sum_chunk(gsize first, gsize end, guint thread, gpointer data)
{
  Sum *s = data;
  float sum = 0;
  for (gsize i = first; i < end; i++)
    sum += s->values[i];
  s->sums[first / s->chunk] = sum;
}

// A sum in float depends on its order, so equal bits mean equal chunks.
static void
test_same_bits(void)
{
  gsize n = 100003, chunk = 977, n_chunks = (n + chunk - 1) / chunk;
  g_autofree float *values = g_new(float, n), *expected = g_new0(float, n_chunks);
  for (gsize i = 0; i < n; i++)
    values[i] = 1.0f / (float)(i % 1013 + 1);
  for (guint threads = 1; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    g_autofree float *sums = g_new0(float, n_chunks);
    Sum s = { values, chunk, threads == 1 ? expected : sums };
    pct_parallel_for(pool, n, chunk, sum_chunk, &s);
    if (threads > 1)
      g_assert_cmpmem(sums, n_chunks * sizeof(float), expected, n_chunks * sizeof(float));
  }
}

static void
increment(gsize first, gsize end, guint thread, gpointer data)
{
  int *counts = data;
  for (gsize i = first; i < end; i++)
    counts[i]++;
}

// Short loops back to back, with pauses in which the workers fall asleep: no chunk is lost or done twice.
static void
test_many_loops(void)
{
  enum { N = 37, LOOPS = 3000 };
  int counts[N] = { 0 };
  g_autoptr(PctPool) pool = pct_pool_new(3, 0);
  for (int i = 0; i < LOOPS; i++) {
    pct_parallel_for(pool, N, 1 + (gsize)i % 5, increment, counts);
    if (i % 600 == 0)
      g_usleep(20000);
  }
  for (int i = 0; i < N; i++)
    g_assert_cmpint(counts[i], ==, LOOPS);
}

static void
test_threads(void)
{
  g_autoptr(PctPool) all = pct_pool_new(0, 0), three = pct_pool_new(3, 0);
  g_assert_cmpuint(pct_pool_get_n_threads(NULL), ==, 1);
  g_assert_cmpuint(pct_pool_get_n_threads(three), ==, 3);
  g_assert_cmpuint(pct_pool_get_n_threads(all), >=, 1);
  g_assert_cmpuint(pct_pool_get_n_threads(all), <=, g_get_num_processors());
  for (int i = 0; i < 50; i++)  // made and dropped without ever running
    pct_pool_free(pct_pool_new(3, 5));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/parallel/every-index-once", test_every_index_once);
  g_test_add_func("/parallel/same-bits", test_same_bits);
  g_test_add_func("/parallel/many-loops", test_many_loops);
  g_test_add_func("/parallel/threads", test_threads);
  return g_test_run();
}
