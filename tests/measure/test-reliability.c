// SPDX-License-Identifier: GPL-3.0-or-later
// Oracle and explainable variance against loops over pairs, and on the twin.
#include <math.h>
#include "base/error.h"
#include "measure/reliability.h"
#include "repeated-recording.h"

static void
check_neuron(const PctRecording *recording, const PctReliability *reliability, int neuron)
{
  double single[500], others[500], within[REPEATED_K], trials[500];
  int n = 0, n_images = 0;
  for (int i = 0; i < REPEATED_K; i++) {
    int count = repeated_trials(recording, i, neuron, trials);
    if (count < 2)
      continue;
    for (int k = 0; k < count; k++) {
      double sum = 0;
      for (int other = 0; other < count; other++)
        sum += other != k ? trials[other] : 0;
      single[n] = trials[k];
      others[n++] = sum / (count - 1);
    }
    within[n_images++] = repeated_variance(trials, count);
  }
  g_assert_cmpint(reliability->n_trials, ==, n);
  g_assert_cmpint(reliability->n_images, ==, n_images);
  double total = repeated_variance(single, n), explainable = (total - repeated_mean(within, n_images)) / total;
  g_assert_cmpfloat_with_epsilon(reliability->oracle[neuron], repeated_correlation(single, others, n), 1e-6);
  g_assert_cmpfloat_with_epsilon(reliability->explainable_variance[neuron], explainable, 1e-6);
}

static void
test_loops(void)
{
  for (int repeats = 0; repeats <= 4; repeats += 2) {
    g_autoptr(PctRecording) recording = repeated_recording_new(repeats);
    g_autoptr(GError) error = NULL;
    g_autoptr(PctReliability) reliability = pct_reliability_new(recording, PCT_TIER_TEST, NULL, &error);
    g_assert_no_error(error);
    double oracle = 0, explainable = 0;
    for (int j = 1; j < REPEATED_M; j++) {
      check_neuron(recording, reliability, j);
      oracle += reliability->oracle[j] / (REPEATED_M - 1);
      explainable += reliability->explainable_variance[j] / (REPEATED_M - 1);
    }
    g_assert_true(isnan(reliability->oracle[0]) && isnan(reliability->explainable_variance[0]));
    g_assert_cmpfloat(fabs(reliability->oracle[1]), <, 0.3);
    g_assert_cmpfloat_with_epsilon(reliability->mean_oracle, oracle, 1e-6);
    g_assert_cmpfloat_with_epsilon(reliability->mean_explainable_variance, explainable, 1e-6);
    g_assert_cmpfloat(oracle, >, 0.3);
  }
}

static void
test_no_repeats(void)
{
  g_autoptr(PctRecording) recording = repeated_recording_new(1);
  g_autoptr(PctReliability) test = pct_reliability_new(recording, PCT_TIER_TEST, NULL, NULL);
  // A tier of no trials at all; and image 3, which the test tier shows too, is no repeat of the train tier's.
  g_autoptr(PctReliability) none = pct_reliability_new(recording, PCT_TIER_VALIDATION, NULL, NULL);
  g_autoptr(PctReliability) train = pct_reliability_new(recording, PCT_TIER_TRAIN, NULL, NULL);
  const PctReliability *all[] = { test, none, train };
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    g_assert_cmpint(all[i]->n_trials, ==, 0);
    for (int j = 0; j < REPEATED_M; j++)
      g_assert_true(isnan(all[i]->oracle[j]) && isnan(all[i]->explainable_variance[j]));
    g_assert_true(isnan(all[i]->mean_oracle) && isnan(all[i]->mean_explainable_variance));
  }
}

static void
test_same_bits(void)
{
  g_autoptr(PctRecording) recording = repeated_recording_new(0);
  g_autoptr(PctReliability) first = pct_reliability_new(recording, PCT_TIER_TEST, NULL, NULL);
  g_autoptr(PctPool) pool = pct_pool_new(3, 0);
  PctRun run = { .pool = pool };
  g_autoptr(PctReliability) again = pct_reliability_new(recording, PCT_TIER_TEST, &run, NULL);
  gsize bytes = REPEATED_M * sizeof(float);
  g_assert_cmpmem(first->oracle, bytes, again->oracle, bytes);
  g_assert_cmpmem(first->explainable_variance, bytes, again->explainable_variance, bytes);
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_cancel(void)
{
  g_autoptr(PctRecording) recording = repeated_recording_new(0);
  PctRun run = { .func = stop };
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_reliability_new(recording, PCT_TIER_TEST, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

static void
test_twin(void)
{
  g_autoptr(PctRecording) recording = repeated_open_twin();
  if (!recording)
    return;
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  gint64 start = g_get_monotonic_time();
  g_autoptr(PctReliability) reliability = pct_reliability_new(recording, PCT_TIER_TEST, &run, NULL);
  g_test_message("%d trials of %d neurons in %.0f ms; explainable variance %.4f", reliability->n_trials,
                 reliability->n_neurons, (double)(g_get_monotonic_time() - start) * 1e-3,
                 reliability->mean_explainable_variance);
  g_assert_cmpint(reliability->n_images, ==, 100);
  g_assert_cmpint(reliability->n_trials, ==, 800);
  // As the data's description says; the second computed once with numpy in double precision.
  g_assert_cmpfloat_with_epsilon(reliability->mean_oracle, 0.238, 0.0005);
  g_assert_cmpfloat_with_epsilon(reliability->mean_explainable_variance, 0.125034, 1e-5);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/reliability/loops", test_loops);
  g_test_add_func("/reliability/no-repeats", test_no_repeats);
  g_test_add_func("/reliability/same-bits", test_same_bits);
  g_test_add_func("/reliability/cancel", test_cancel);
  g_test_add_func("/reliability/twin", test_twin);
  return g_test_run();
}
