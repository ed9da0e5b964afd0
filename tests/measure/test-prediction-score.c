// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder's scores against loops over pairs, against what they must be for perfect and for useless predictions, and
// against Schoppe et al.'s own formula.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "measure/prediction-score.h"
#include "repeated-recording.h"

// A neuron whose signal is more than its noise.
#define STRONG 39

// (n,M): rate + sigma noise, for the test tier's images in its order.
static float *
predictions_new(const PctRecording *recording, double sigma)
{
  int n;
  const int *images = pct_recording_get_tier_images(recording, PCT_TIER_TEST, &n);
  float *predictions = g_new(float, n * REPEATED_M);
  PctRandom random = pct_random(3, 3);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < REPEATED_M; j++)
      predictions[i * REPEATED_M + j] = (float)(3 + repeated_rate(images[i], j) + sigma * pct_random_normal(&random));
  return predictions;
}

static void
check_neuron(const PctRecording *recording, const float *predictions, const PctPredictionScore *score, int neuron)
{
  int n_all = 0, n = 0, n_images = 0, n_tier;
  double response[500], predicted[500], repeated[500], off[500], trials[500];
  double mean[REPEATED_K], of_image[REPEATED_K], within[REPEATED_K], of_mean[REPEATED_K];
  const int *images = pct_recording_get_tier_images(recording, PCT_TIER_TEST, &n_tier);
  for (int i = 0; i < n_tier; i++) {
    int count = repeated_trials(recording, images[i], neuron, trials);
    double prediction = predictions[i * REPEATED_M + neuron];
    for (int k = 0; k < count; k++) {
      response[n_all] = trials[k];
      predicted[n_all++] = prediction;
      if (count > 1) {
        off[n] = pow(trials[k] - prediction, 2);
        repeated[n++] = trials[k];
      }
    }
    if (count > 1) {
      mean[n_images] = repeated_mean(trials, count);
      of_image[n_images] = prediction;
      within[n_images] = repeated_variance(trials, count);
      of_mean[n_images] = within[n_images] / count;
      n_images++;
    }
  }
  double averaged = repeated_correlation(mean, of_image, n_images), noise = repeated_mean(within, n_images);
  double power = repeated_variance(mean, n_images) - repeated_mean(of_mean, n_images);
  double ceiling = power > 0 ? sqrt(power / repeated_variance(mean, n_images)) : NAN;
  double explainable = repeated_variance(repeated, n) - noise;
  double expected[] = { repeated_correlation(response, predicted, n_all), averaged, averaged / ceiling,
                        explainable > 0 ? 1 - (repeated_mean(off, n) - noise) / explainable : NAN };
  g_assert_cmpint(score->n_images, ==, n_tier);
  g_assert_cmpint(score->n_trials, ==, n_all);
  g_assert_cmpint(score->n_repeated, ==, n_images);
  for (int k = 0; k < PCT_N_PREDICTION_MEASURES; k++)
    if (isnan(expected[k]))
      g_assert_true(isnan(score->values[k][neuron]));
    else
      g_assert_cmpfloat_with_epsilon(score->values[k][neuron], expected[k], 2e-6 * (1 + fabs(expected[k])));
}

static void
test_loops(void)
{
  for (int repeats = 0; repeats <= 4; repeats += 2) {
    g_autoptr(PctRecording) recording = repeated_recording_new(repeats);
    g_autofree float *predictions = predictions_new(recording, 0.3);
    g_autoptr(GError) error = NULL;
    g_autoptr(PctPredictionScore) score =
        pct_prediction_score_new(recording, PCT_TIER_TEST, predictions, NULL, &error);
    g_assert_no_error(error);
    for (int j = 1; j < REPEATED_M; j++)
      check_neuron(recording, predictions, score, j);
    for (int k = 0; k < PCT_N_PREDICTION_MEASURES; k++) {
      double sum = 0, n = 0;
      for (int j = 0; j < REPEATED_M; j++)
        if (!isnan(score->values[k][j])) {
          sum += score->values[k][j];
          n++;
        }
      g_assert_cmpfloat_with_epsilon(score->mean[k], sum / n, 1e-9 * fabs(sum / n));
      g_assert_true(isnan(score->values[k][0]));
    }
  }
}

// With the truth itself as prediction nothing explainable is left; with a constant nothing is explained.
static void
test_ends(void)
{
  g_autoptr(PctRecording) recording = repeated_recording_new(8);
  g_autofree float *truth = predictions_new(recording, 0);
  g_autoptr(PctPredictionScore) best = pct_prediction_score_new(recording, PCT_TIER_TEST, truth, NULL, NULL);
  g_assert_cmpfloat(fabs(best->values[PCT_PREDICTION_CC_NORM][STRONG] - 1), <, 0.05);
  g_assert_cmpfloat(fabs(best->values[PCT_PREDICTION_FEVE][STRONG] - 1), <, 0.05);
  g_assert_cmpfloat(best->values[PCT_PREDICTION_SINGLE][STRONG], <, best->values[PCT_PREDICTION_AVERAGED][STRONG]);
  g_assert_cmpfloat(best->values[PCT_PREDICTION_AVERAGED][STRONG], <, 1);
  for (int i = 0; i < best->n_images * REPEATED_M; i++)
    truth[i] = 3;
  g_autoptr(PctPredictionScore) flat = pct_prediction_score_new(recording, PCT_TIER_TEST, truth, NULL, NULL);
  g_assert_true(isnan(flat->values[PCT_PREDICTION_SINGLE][STRONG]));
  g_assert_true(isnan(flat->values[PCT_PREDICTION_AVERAGED][STRONG]));
  g_assert_true(isnan(flat->values[PCT_PREDICTION_CC_NORM][STRONG]));
  g_assert_cmpfloat(flat->values[PCT_PREDICTION_FEVE][STRONG], <, 0.05);
}

// Schoppe et al. 2016, equations 5 to 8: signal power from the variance of the sum of trials and the sum of their
// variances. It differs from ours by what the repeats' own means vary, a part in 30 of the noise.
static void
test_schoppe(void)
{
  enum { REPEATS = 8 };
  g_autoptr(PctRecording) recording = repeated_recording_new(REPEATS);
  g_autofree float *predictions = predictions_new(recording, 0.3);
  g_autoptr(PctPredictionScore) score = pct_prediction_score_new(recording, PCT_TIER_TEST, predictions, NULL, NULL);
  int n;
  const int *images = pct_recording_get_tier_images(recording, PCT_TIER_TEST, &n);
  for (int j = 10; j < 20; j++) {
    double trials[REPEATS], sum[REPEATED_K], of_repeat[REPEATS][REPEATED_K], predicted[REPEATED_K], variances = 0;
    for (int i = 0; i < n; i++) {
      g_assert_cmpint(repeated_trials(recording, images[i], j, trials), ==, REPEATS);
      for (int k = 0; k < REPEATS; k++)
        of_repeat[k][i] = trials[k];
      sum[i] = repeated_mean(trials, REPEATS) * REPEATS;
      predicted[i] = predictions[i * REPEATED_M + j];
    }
    for (int k = 0; k < REPEATS; k++)
      variances += repeated_variance(of_repeat[k], n);
    double power = (repeated_variance(sum, n) - variances) / (REPEATS * (REPEATS - 1));
    double of_mean = repeated_variance(sum, n) / (REPEATS * REPEATS);
    double theirs = repeated_correlation(predicted, sum, n) / sqrt(power / of_mean);
    g_assert_cmpfloat(fabs(score->values[PCT_PREDICTION_CC_NORM][j] / theirs - 1), <, 0.02);
  }
}

static void
test_no_repeats(void)
{
  g_autoptr(PctRecording) recording = repeated_recording_new(1);
  g_autofree float *predictions = predictions_new(recording, 0.1);
  g_autoptr(PctPredictionScore) score = pct_prediction_score_new(recording, PCT_TIER_TEST, predictions, NULL, NULL);
  g_assert_cmpint(score->n_repeated, ==, 0);
  g_assert_cmpfloat(score->values[PCT_PREDICTION_SINGLE][STRONG], >, 0.5);
  for (int k = PCT_PREDICTION_AVERAGED; k < PCT_N_PREDICTION_MEASURES; k++)
    g_assert_true(isnan(score->values[k][STRONG]) && isnan(score->mean[k]));
  // A tier of no trials at all.
  g_autoptr(PctPredictionScore) none = pct_prediction_score_new(recording, PCT_TIER_VALIDATION, NULL, NULL, NULL);
  g_assert_cmpint(none->n_trials, ==, 0);
  g_assert_true(isnan(none->mean[PCT_PREDICTION_SINGLE]));
}

static void
test_same_bits(void)
{
  g_autoptr(PctRecording) recording = repeated_recording_new(0);
  g_autofree float *predictions = predictions_new(recording, 0.3);
  g_autoptr(PctPredictionScore) first = pct_prediction_score_new(recording, PCT_TIER_TEST, predictions, NULL, NULL);
  g_autoptr(PctPool) pool = pct_pool_new(3, 0);
  PctRun run = { .pool = pool };
  g_autoptr(PctPredictionScore) again = pct_prediction_score_new(recording, PCT_TIER_TEST, predictions, &run, NULL);
  for (int k = 0; k < PCT_N_PREDICTION_MEASURES; k++)
    g_assert_cmpmem(first->values[k], REPEATED_M * sizeof(float), again->values[k], REPEATED_M * sizeof(float));
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
  g_autofree float *predictions = predictions_new(recording, 0.3);
  PctRun run = { .func = stop };
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_prediction_score_new(recording, PCT_TIER_TEST, predictions, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

// The mean over an image's trials as its prediction: as good as a prediction can look, at full size.
static void
test_twin(void)
{
  g_autoptr(PctRecording) recording = repeated_open_twin();
  if (!recording)
    return;
  int n, m = pct_recording_get_n_neurons(recording);
  const int *images = pct_recording_get_tier_images(recording, PCT_TIER_TEST, &n);
  g_autofree float *predictions = g_new(float, n * m);
  for (int i = 0; i < n; i++)
    pct_recording_read_mean_responses(recording, images[i], predictions + (gsize)i * m);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  gint64 start = g_get_monotonic_time();
  g_autoptr(PctPredictionScore) score = pct_prediction_score_new(recording, PCT_TIER_TEST, predictions, &run, NULL);
  g_test_message("%d trials of %d neurons in %.0f ms; single trials %.4f", score->n_trials, m,
                 (double)(g_get_monotonic_time() - start) * 1e-3, score->mean[PCT_PREDICTION_SINGLE]);
  g_assert_cmpint(score->n_repeated, ==, 100);
  g_assert_cmpfloat_with_epsilon(score->mean[PCT_PREDICTION_AVERAGED], 1, 1e-6);
  // More than the noise-free truth reaches, since it has seen the trials.
  g_assert_cmpfloat(score->mean[PCT_PREDICTION_SINGLE], >, 0.348);
  g_assert_cmpfloat(score->mean[PCT_PREDICTION_SINGLE], <, 0.6);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/prediction-score/loops", test_loops);
  g_test_add_func("/prediction-score/ends", test_ends);
  g_test_add_func("/prediction-score/schoppe", test_schoppe);
  g_test_add_func("/prediction-score/no-repeats", test_no_repeats);
  g_test_add_func("/prediction-score/same-bits", test_same_bits);
  g_test_add_func("/prediction-score/cancel", test_cancel);
  g_test_add_func("/prediction-score/twin", test_twin);
  return g_test_run();
}
