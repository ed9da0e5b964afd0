// SPDX-License-Identifier: GPL-3.0-or-later
// The distance of responses from what was recorded: in its own units, of the train tier alone, and large for what was never
// seen.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "measure/response-space.h"

#define N_NEURONS 12
#define N_TRAIN 400
#define N_TEST 20

// Responses that share two causes, beside noise of their own.
static PctRecording *
recording_new(guint64 test_seed)
{
  int n = N_TRAIN + N_TEST;
  PctRecordingData data = { .name = g_strdup("causes"), .n_images = n, .n_trials = n, .n_neurons = N_NEURONS, .height = 2,
                            .width = 2 };
  data.image_bytes = g_malloc0((gsize)n * 4);
  data.image_index = g_new(gint32, n);
  data.tiers = g_new(guint8, n);
  data.responses_float = g_new(float, n * N_NEURONS);
  for (int i = 0; i < n; i++) {
    PctRandom random = pct_random(i < N_TRAIN ? 1 : test_seed, (guint64)i);
    double a = pct_random_normal(&random), b = pct_random_normal(&random);
    for (int j = 0; j < N_NEURONS; j++)
      data.responses_float[i * N_NEURONS + j] = (float)(5 + a * (j % 3) + b * (j % 2) + 0.3 * pct_random_normal(&random));
    data.image_index[i] = i;
    data.tiers[i] = i < N_TRAIN ? PCT_TIER_TRAIN : PCT_TIER_TEST;
  }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}

static PctResponseSpace *
space_new(const PctRecording *recording, int n_components)
{
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  return pct_response_space_new(recording, statistics, n_components, NULL, NULL);
}

static void
test_distances(void)
{
  g_autoptr(PctRecording) recording = recording_new(2);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  float responses[N_NEURONS];
  for (int k = 1; k <= 8; k += 7) {
    g_autoptr(PctResponseSpace) space = space_new(recording, k);
    // Components of unit variance: the mean square over the trials they were learned from is one.
    double squares = 0;
    int below = 0, beyond = 0;
    for (int i = 0; i < N_TRAIN; i++) {
      pct_recording_read_responses(recording, i, responses);
      double distance = pct_response_space_get_distance(space, responses);
      squares += distance * distance / N_TRAIN;
      below += distance < pct_response_space_get_typical(space);
      beyond += distance > pct_response_space_get_far(space);
    }
    g_assert_cmpfloat_with_epsilon(squares, 1, 1e-3);
    g_assert_cmpint(ABS(below - N_TRAIN / 2), <=, 1);
    g_assert_cmpint(ABS(beyond - N_TRAIN / 100), <=, 1);
    memcpy(responses, statistics->response_mean, sizeof responses);
    g_assert_cmpfloat_with_epsilon(pct_response_space_get_distance(space, responses), 0, 1e-4);
    // Twice as far along the same way is twice the distance.
    responses[1] += 40;
    double once = pct_response_space_get_distance(space, responses);
    g_assert_cmpfloat(once, >, pct_response_space_get_far(space));
    responses[1] += 40;
    g_assert_cmpfloat_with_epsilon(pct_response_space_get_distance(space, responses), 2 * once, 1e-3 * once);
  }
}

// Against the inverse of the covariance, where all components are kept: of two neurons, written out.
static void
test_mahalanobis(void)
{
  PctRecordingData data = { .name = g_strdup("two"), .n_images = 1, .n_trials = 100, .n_neurons = 2, .height = 2, .width = 2 };
  data.image_bytes = g_malloc0(4);
  data.image_index = g_new0(gint32, 100);
  data.tiers = g_new0(guint8, 100);
  data.responses_float = g_new(float, 200);
  double mean[2] = { 0 }, a = 0, b = 0, c = 0;
  for (int i = 0; i < 100; i++) {
    double x = sin(i * 1.7), y = 0.6 * x + 0.2 * cos(i * 0.9);
    data.responses_float[2 * i] = (float)(3 + 4 * x);
    data.responses_float[2 * i + 1] = (float)(1 + y);
    data.tiers[i] = PCT_TIER_TRAIN;
  }
  for (int i = 0; i < 200; i++)
    mean[i % 2] += data.responses_float[i] / 100.0;
  for (int i = 0; i < 100; i++) {
    double x = data.responses_float[2 * i] - mean[0], y = data.responses_float[2 * i + 1] - mean[1];
    a += x * x / 100;
    b += x * y / 100;
    c += y * y / 100;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  g_autoptr(PctResponseSpace) space = space_new(recording, 2);
  for (int i = 0; i < 5; i++) {
    float at[2] = { (float)(2 * i), (float)(3 - i) };
    double x = at[0] - mean[0], y = at[1] - mean[1];
    double naive = sqrt((c * x * x - 2 * b * x * y + a * y * y) / (a * c - b * b) / 2);
    g_assert_cmpfloat_with_epsilon(pct_response_space_get_distance(space, at), naive, 1e-3 * naive);
  }
}

static void
test_never_sees_test(void)
{
  g_autoptr(PctRecording) one = recording_new(2), other = recording_new(3);
  g_autoptr(PctResponseSpace) a = space_new(one, 6), b = space_new(other, 6);
  float responses[N_NEURONS];
  pct_recording_read_responses(one, N_TRAIN + 3, responses);
  g_assert_cmpfloat(pct_response_space_get_distance(a, responses), ==, pct_response_space_get_distance(b, responses));
  g_assert_cmpfloat(pct_response_space_get_far(a), ==, pct_response_space_get_far(b));
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_cancel(void)
{
  g_autoptr(PctRecording) recording = recording_new(2);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  PctRun run = { stop, NULL, NULL };
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_response_space_new(recording, statistics, 4, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/measure/response-space/distances", test_distances);
  g_test_add_func("/measure/response-space/mahalanobis", test_mahalanobis);
  g_test_add_func("/measure/response-space/never-sees-test", test_never_sees_test);
  g_test_add_func("/measure/response-space/cancel", test_cancel);
  return g_test_run();
}
