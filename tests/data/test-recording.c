// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/half.h"
#include "data/recording.h"
#include "data/statistics.h"

enum { K = 4, H = 3, W = 5, N = 7, M = 11 };

// Image 3 is shown by no trial; image 1 by a train and two test trials.
static const gint32 image_index[N] = { 1, 0, 0, 2, 1, 2, 1 };
static const guint8 tiers[N] = { PCT_TIER_TRAIN, PCT_TIER_TRAIN, PCT_TIER_TRAIN, PCT_TIER_VALIDATION, PCT_TIER_TEST,
                                 PCT_TIER_TRAIN, PCT_TIER_TEST };

static float
response(int trial, int neuron)
{
  return neuron == 10 ? 0.25f : (float)((trial * 37 + neuron * 5) % 19) * 0.125f - 0.5f;
}

static PctRecordingData
make(gboolean half, gboolean bytes)
{
  PctRecordingData data = { .name = g_strdup("made"), .n_images = K, .height = H, .width = W, .n_trials = N,
                            .n_neurons = M };
  data.image_index = g_memdup2(image_index, sizeof image_index);
  data.tiers = g_memdup2(tiers, sizeof tiers);
  if (bytes)
    data.image_bytes = g_new(guint8, K * H * W);
  else
    data.image_floats = g_new(float, K * H * W);
  for (int i = 0; i < K * H * W; i++) {
    if (bytes)
      data.image_bytes[i] = (guint8)(i * 4);
    else
      data.image_floats[i] = (float)(i * 4);
  }
  g_autofree float *responses = g_new(float, N * M);
  for (int i = 0; i < N * M; i++)
    responses[i] = response(i / M, i % M);
  if (half) {
    data.responses_half = g_new(guint16, N * M);
    pct_half_from_float(data.responses_half, responses, N * M);
  } else {
    data.responses_float = g_steal_pointer(&responses);
  }
  return data;
}

static PctRecording *
build(gboolean half, gboolean bytes)
{
  PctRecordingData data = make(half, bytes);
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  g_assert_null(data.tiers);
  return recording;
}

static void
check_list(const int *found, int n_found, const int *expected, int n)
{
  g_assert_cmpint(n_found, ==, n);
  g_assert_cmpmem(found, (gsize)n * sizeof(int), expected, (gsize)n * sizeof(int));
}

static void
test_lists(void)
{
  g_autoptr(PctRecording) recording = build(TRUE, TRUE);
  int n;
  const int *list = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  check_list(list, n, (const int[]){ 0, 1, 2, 5 }, 4);
  list = pct_recording_get_tier_trials(recording, PCT_TIER_TEST, &n);
  check_list(list, n, (const int[]){ 4, 6 }, 2);
  list = pct_recording_get_tier_images(recording, PCT_TIER_TRAIN, &n);
  check_list(list, n, (const int[]){ 1, 0, 2 }, 3);
  list = pct_recording_get_tier_images(recording, PCT_TIER_TEST, &n);
  check_list(list, n, (const int[]){ 1 }, 1);
  list = pct_recording_get_image_trials(recording, 1, &n);
  check_list(list, n, (const int[]){ 0, 4, 6 }, 3);
  pct_recording_get_image_trials(recording, 3, &n);
  g_assert_cmpint(n, ==, 0);
  PctTier tier;
  g_assert_false(pct_recording_get_image_tier(recording, 3, &tier));
  g_assert_true(pct_recording_get_image_tier(recording, 2, &tier));
  g_assert_cmpint(tier, ==, PCT_TIER_VALIDATION);
  g_assert_cmpint(pct_recording_get_unit_id(recording, 5), ==, 5);
}

static void
test_read(void)
{
  for (int variant = 0; variant < 4; variant++) {
    g_autoptr(PctRecording) recording = build(variant & 1, variant & 2);
    float row[M], images[2 * H * W];
    pct_recording_read_responses(recording, 6, row);
    for (int j = 0; j < M; j++)
      g_assert_cmpfloat(row[j], ==, response(6, j));
    pct_recording_read_images(recording, (const int[]){ 3, 1 }, 2, images);
    for (int i = 0; i < H * W; i++) {
      g_assert_cmpfloat(images[i], ==, (3 * H * W + i) * 4);
      g_assert_cmpfloat(images[H * W + i], ==, (H * W + i) * 4);
    }
    g_assert_cmpint(pct_recording_read_mean_responses(recording, 1, row), ==, 3);
    for (int j = 0; j < M; j++)
      g_assert_cmpfloat_with_epsilon(row[j], (response(0, j) + response(4, j) + response(6, j)) / 3, 1e-6);
    g_assert_cmpint(pct_recording_read_mean_responses(recording, 3, row), ==, 0);
    g_assert_cmpfloat(row[4], ==, 0);
  }
}

// How values are stored, how images are numbered and whether one goes unseen changes nothing; every value does.
static void
test_fingerprint(void)
{
  g_autoptr(PctRecording) first = build(TRUE, TRUE);
  g_autofree char *print = g_strdup(pct_recording_get_fingerprint(first));
  g_assert_cmpuint(strlen(print), ==, 64);
  for (int variant = 0; variant < 4; variant++) {
    g_autoptr(PctRecording) recording = build(variant & 1, variant & 2);
    g_assert_cmpstr(pct_recording_get_fingerprint(recording), ==, print);
  }
  PctRecordingData data = make(FALSE, FALSE);
  for (int i = 0; i < H * W; i++) {  // images 0 and 2 change numbers
    float pixel = data.image_floats[i];
    data.image_floats[i] = data.image_floats[2 * H * W + i];
    data.image_floats[2 * H * W + i] = pixel;
  }
  for (int i = 0; i < N; i++)
    data.image_index[i] = (const gint32[]){ 2, 1, 0, 3 }[data.image_index[i]];
  g_autoptr(PctRecording) renumbered = pct_recording_new_take(&data, NULL);
  g_assert_cmpstr(pct_recording_get_fingerprint(renumbered), ==, print);
  for (int change = 0; change < 5; change++) {
    data = make(FALSE, FALSE);
    if (change == 0)
      data.image_floats[2] += 0.5f;
    else if (change == 1)
      data.responses_float[M + 2] += 1e-6f;
    else if (change == 2)
      data.image_index[3] = 1;
    else if (change == 3)
      data.tiers[3] = PCT_TIER_TEST;
    else
      data.image_floats[5] += 1;
    g_autoptr(PctRecording) changed = pct_recording_new_take(&data, NULL);
    g_assert_nonnull(changed);
    g_assert_cmpstr(pct_recording_get_fingerprint(changed), !=, print);
  }
}

static void
refuse(PctRecordingData *data, PctError code, const char *word, const char *other)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_recording_new_take(data, &error));
  g_assert_error(error, PCT_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, "made"));
  g_assert_nonnull(strstr(error->message, word));
  g_assert_nonnull(strstr(error->message, other));
  g_assert_null(data->tiers);
}

static void
test_refusals(void)
{
  PctRecordingData data = make(FALSE, FALSE);
  data.responses_float[3 * M + 8] = NAN;
  refuse(&data, PCT_ERROR_FORMAT, "trial 3", "neuron 8");
  data = make(TRUE, FALSE);
  data.responses_half[6 * M + 1] = 0xfc00;
  refuse(&data, PCT_ERROR_FORMAT, "trial 6", "neuron 1");
  data = make(TRUE, FALSE);
  data.image_floats[2 * H * W] = INFINITY;
  refuse(&data, PCT_ERROR_FORMAT, "pixel", "image 2");
  data = make(TRUE, TRUE);
  data.image_index[2] = K;
  refuse(&data, PCT_ERROR_SHAPE, "trial 2", "image 4");
  data = make(TRUE, TRUE);
  data.image_index[2] = -1;
  refuse(&data, PCT_ERROR_SHAPE, "trial 2", "image -1");
  data = make(TRUE, TRUE);
  g_clear_pointer(&data.image_index, g_free);
  refuse(&data, PCT_ERROR_SHAPE, "4 images", "7 trials");
  data = make(TRUE, TRUE);
  memset(data.tiers, PCT_TIER_TEST, N);
  refuse(&data, PCT_ERROR_SHAPE, "train", "tier");
  data = make(TRUE, TRUE);
  data.n_neurons = 0;
  refuse(&data, PCT_ERROR_SHAPE, "0 neurons", "7 trials");
}

static void
test_statistics(void)
{
  g_autoptr(PctRecording) recording = build(FALSE, TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, &error);
  g_assert_no_error(error);
  const int train[] = { 0, 1, 2, 5 };
  double total = 0;
  for (int j = 0; j < M; j++) {
    double mean = 0, square = 0, least = INFINITY, most = -INFINITY;
    for (int i = 0; i < 4; i++) {
      mean += response(train[i], j) / 4.0;
      square += response(train[i], j) * response(train[i], j) / 4.0;
    }
    for (int i = 0; i < N; i++) {
      least = MIN(least, response(i, j));
      most = MAX(most, response(i, j));
    }
    g_assert_cmpfloat_with_epsilon(statistics->response_mean[j], mean, 1e-6);
    g_assert_cmpfloat_with_epsilon(statistics->response_std[j], sqrt(MAX(0, square - mean * mean)), 1e-6);
    g_assert_cmpfloat(statistics->response_min[j], ==, least);
    g_assert_cmpfloat(statistics->response_max[j], ==, most);
    total += statistics->response_std[j];
  }
  // The last neuron never varies.
  g_assert_cmpfloat(statistics->response_std[10], ==, 0);
  g_assert_cmpfloat_with_epsilon(statistics->response_scale[10], 0.01 * total / M, 1e-7);
  g_assert_cmpfloat(statistics->response_scale[0], ==, statistics->response_std[0]);
  // Train trials showed images 1, 0, 0, 2.
  double mean = 0, square = 0;
  for (int i = 0; i < H * W; i++) {
    double pixels[] = { (H * W + i) * 4, i * 4, i * 4, (2 * H * W + i) * 4 };
    double expected = (pixels[0] + pixels[1] + pixels[2] + pixels[3]) / 4;
    g_assert_cmpfloat_with_epsilon(statistics->mean_image[i], expected, 1e-5);
    for (int j = 0; j < 4; j++) {
      mean += pixels[j] / (4 * H * W);
      square += pixels[j] * pixels[j] / (4 * H * W);
    }
  }
  g_assert_cmpfloat_with_epsilon(statistics->image_mean, mean, 1e-4);
  g_assert_cmpfloat_with_epsilon(statistics->image_std, sqrt(square - mean * mean), 1e-4);
}

// Enough trials for many chunks, with a mean far larger than the spread: one thread or three, the same bits.
static void
test_statistics_threads(void)
{
  enum { TRIALS = 2500, NEURONS = 7 };
  PctRecordingData data = { .n_images = TRIALS, .height = 1, .width = 2, .n_trials = TRIALS, .n_neurons = NEURONS };
  data.image_floats = g_new(float, TRIALS * 2);
  data.responses_float = g_new(float, TRIALS * NEURONS);
  data.tiers = g_new0(guint8, TRIALS);
  for (int i = 0; i < TRIALS; i++) {
    data.image_floats[2 * i] = data.image_floats[2 * i + 1] = (float)(i % 100) + 0.5f;
    for (int j = 0; j < NEURONS; j++)
      data.responses_float[i * NEURONS + j] = 100000 + (float)(i % 2);
  }
  g_autoptr(PctRecording) recording = pct_recording_new_take(&data, NULL);
  g_autoptr(PctPool) pool = pct_pool_new(3, 0);
  PctRun run = { .pool = pool };
  g_autoptr(PctStatistics) one = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctStatistics) three = pct_statistics_new(recording, &run, NULL);
  g_assert_cmpfloat_with_epsilon(one->response_std[3], 0.5, 1e-6);
  g_assert_cmpmem(one->response_std, NEURONS * 4, three->response_std, NEURONS * 4);
  g_assert_cmpmem(one->response_mean, NEURONS * 4, three->response_mean, NEURONS * 4);
  g_assert_cmpmem(&one->image_std, 4, &three->image_std, 4);
}

static gboolean
say_stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_statistics_cancelled(void)
{
  g_autoptr(PctRecording) recording = build(FALSE, TRUE);
  g_autoptr(GError) error = NULL;
  PctRun run = { .func = say_stop };
  g_assert_null(pct_statistics_new(recording, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/recording/lists", test_lists);
  g_test_add_func("/recording/read", test_read);
  g_test_add_func("/recording/fingerprint", test_fingerprint);
  g_test_add_func("/recording/refusals", test_refusals);
  g_test_add_func("/statistics/values", test_statistics);
  g_test_add_func("/statistics/threads", test_statistics_threads);
  g_test_add_func("/statistics/cancelled", test_statistics_cancelled);
  return g_test_run();
}
