// SPDX-License-Identifier: GPL-3.0-or-later
// Score sets, scores and floors on a small recording made here: 12 images, of which the test tier shows four, unequally
// often, and one of those once in the train tier too.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "measure/frequency.h"
#include "measure/score-summary.h"

enum { K = 12, H = 12, W = 16, M = 20 };
static const int shown[] = { 0, 8, 1, 9, 2, 8, 3, 10, 4, 8, 5, 11, 6, 10, 7, 9, 8, 9 };
enum { N = G_N_ELEMENTS(shown), TRAIN_OF_8 = 16 };

static gboolean
is_test(int trial)
{
  return shown[trial] >= 8 && trial != TRAIN_OF_8;
}

static PctRecording *
recording_new(void)
{
  PctRecordingData data = { .name = g_strdup("small"), .n_images = K, .height = H, .width = W, .n_trials = N,
                            .n_neurons = M };
  data.image_bytes = g_new(guint8, K * H * W);
  PctRandom random = pct_random(1, 1);
  for (int i = 0; i < K * H * W; i++)
    data.image_bytes[i] = (guint8)pct_random_below(&random, 256);
  data.responses_float = g_new(float, N * M);
  pct_random_fill_normal(data.responses_float, N * M, 1, 2);
  // The train trial of a test image answers as a test trial of it does: a neighbour too near to be allowed.
  memcpy(data.responses_float + TRAIN_OF_8 * M, data.responses_float + M, M * sizeof(float));
  data.image_index = g_new(gint32, N);
  data.tiers = g_new(guint8, N);
  for (int i = 0; i < N; i++) {
    data.image_index[i] = shown[i];
    data.tiers[i] = is_test(i) ? PCT_TIER_TEST : PCT_TIER_TRAIN;
  }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}

static void
test_set(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctScoreSet) single = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  g_autoptr(PctScoreSet) averaged = pct_score_set_new(recording, PCT_TIER_TEST, TRUE);
  float image[H * W], response[M];
  int row = 0;
  g_assert_false(single->averaged);
  for (int i = 0; i < N; i++)
    if (is_test(i)) {
      g_assert_cmpint(single->images[row], ==, shown[i]);
      g_assert_cmpint(single->repeats[row], ==, 1);
      pct_recording_read_image(recording, shown[i], image);
      pct_recording_read_responses(recording, i, response);
      g_assert_cmpmem(single->originals + row * H * W, sizeof image, image, sizeof image);
      g_assert_cmpmem(single->responses + row * M, sizeof response, response, sizeof response);
      row++;
    }
  g_assert_cmpint(single->n, ==, row);
  static const int images[] = { 8, 9, 10, 11 }, repeats[] = { 3, 3, 2, 1 };
  g_assert_cmpint(averaged->n, ==, 4);
  for (int i = 0; i < 4; i++) {
    g_assert_cmpint(averaged->images[i], ==, images[i]);
    g_assert_cmpint(averaged->repeats[i], ==, repeats[i]);
    for (int j = 0; j < M; j++) {
      double mean = 0;
      for (int k = 0; k < single->n; k++)
        if (single->images[k] == images[i])
          mean += single->responses[k * M + j] / (double)repeats[i];
      g_assert_cmpfloat_with_epsilon(averaged->responses[i * M + j], mean, 1e-6);
    }
  }
}

// Pictures between the original and noise.
static float *
guesses_new(const PctScoreSet *set)
{
  float *guesses = g_new(float, set->n * H * W);
  pct_random_fill_normal(guesses, (gsize)set->n * H * W, 5, 5);
  for (int i = 0; i < set->n * H * W; i++)
    guesses[i] = 0.1f * set->originals[i] + 60 * guesses[i] + 128;
  return guesses;
}

static PctWindow
window_of(int frame)
{
  return frame == PCT_FRAME_FULL ? pct_window_full(H, W) : pct_window_central(H, W);
}

static void
test_figures(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  g_autofree float *guesses = guesses_new(set);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  set->mean_image = statistics->mean_image;
  g_autoptr(PctScore) score = pct_score_new(set, guesses, &run, &error);
  g_assert_no_error(error);
  g_assert_cmpint(score->n, ==, set->n);
  for (int frame = 0; frame < PCT_N_FRAMES; frame++) {
    double sum = 0;
    for (int i = 0; i < set->n; i++) {
      const float *a = guesses + i * H * W, *b = set->originals + i * H * W;
      double mse = pct_mse(a, b, H, W, window_of(frame));
      g_assert_cmpfloat_with_epsilon(score->values[frame][PCT_MEASURE_MSE][i], mse, 1e-2);
      double correlation = pct_pixcorr(a, b, H, W, window_of(frame));
      g_assert_cmpfloat_with_epsilon(score->values[frame][PCT_MEASURE_PIXCORR][i], correlation, 1e-6);
      sum += correlation;
      float rest[2][H * W];
      for (int j = 0; j < H * W; j++) {
        rest[0][j] = a[j] - statistics->mean_image[j];
        rest[1][j] = b[j] - statistics->mean_image[j];
      }
      g_assert_cmpfloat_with_epsilon(score->values[frame][PCT_MEASURE_PIXCORR_CENTRED][i],
                                     pct_pixcorr(rest[0], rest[1], H, W, window_of(frame)), 1e-6);
      PctWindow window = window_of(frame);
      g_autoptr(PctFrequency) frequency = pct_frequency_new(window.y1 - window.y0, window.x1 - window.x0);
      double bands[PCT_N_BANDS];
      pct_frequency_correlate(frequency, a, b, W, window, bands);
      for (int band = 0; band < PCT_N_BANDS; band++)
        if (isfinite(bands[band]))
          g_assert_cmpfloat_with_epsilon(score->values[frame][PCT_MEASURE_BAND_1 + band][i], bands[band], 1e-6);
        else
          g_assert_true(isnan(score->values[frame][PCT_MEASURE_BAND_1 + band][i]));
      // The central window of a frame this small has no room for SSIM's.
      g_assert_true(isfinite(score->values[frame][PCT_MEASURE_SSIM][i]) == (frame == PCT_FRAME_FULL));
      double better = 0, pairs = 0;
      for (int j = 0; j < set->n; j++)
        if (set->images[j] != set->images[i]) {
          better += correlation > pct_pixcorr(a, set->originals + j * H * W, H, W, window_of(frame));
          pairs++;
        }
      g_assert_cmpfloat_with_epsilon(score->values[frame][PCT_MEASURE_IDENTIFICATION][i], better / pairs, 1e-6);
    }
    g_assert_cmpfloat_with_epsilon(score->mean[frame][PCT_MEASURE_PIXCORR], sum / set->n, 1e-6);
  }
  g_assert_true(isnan(score->mean[PCT_FRAME_CENTRAL][PCT_MEASURE_SSIM]));
}

// Every measure and frame has the interval of its own values; without a mean train image there is nothing to centre by.
static void
test_intervals(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  g_autofree float *guesses = guesses_new(set);
  g_autoptr(PctScore) score = pct_score_new(set, guesses, NULL, NULL);
  PctScoreSummary summary;
  pct_score_summarise(score, set->images, &summary, NULL);
  for (int frame = 0; frame < PCT_N_FRAMES; frame++)
    for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
      PctInterval expected, found = summary.interval[frame][measure];
      const float *column = score->values[frame][measure];
      pct_bootstrap_intervals(&column, 1, set->images, (gsize)set->n, &expected, NULL);
      double mean = score->mean[frame][measure];
      g_assert_cmpmem(&summary.mean[frame][measure], sizeof mean, &mean, sizeof mean);
      g_assert_true(isnan(mean) == isnan(found.low) && isnan(mean) == isnan(found.high));
      if (isfinite(mean)) {
        g_assert_cmpfloat(found.low, ==, expected.low);
        g_assert_cmpfloat(found.high, ==, expected.high);
        g_assert_true(found.low <= mean && mean <= found.high);
      }
    }
  g_assert_true(isnan(score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR_CENTRED]));
  g_assert_true(isfinite(score->mean[PCT_FRAME_FULL][PCT_MEASURE_BAND_5]));
  g_assert_true(pct_measure_is_error(PCT_MEASURE_MSE) && !pct_measure_is_error(PCT_MEASURE_SSIM));
}

// Every figure has a column of its own, by its name.
static void
test_columns(void)
{
  PctScoreSummary summary;
  pct_score_summary_clear(&summary);
  for (guint column = 0; column < PCT_N_SCORE_COLUMNS; column++) {
    g_assert_true(isnan(pct_score_summary_get_column(&summary, column)));
    pct_score_summary_set_column(&summary, column, column);
  }
  for (guint column = 0; column < PCT_N_SCORE_COLUMNS; column++) {
    g_autofree char *name = pct_score_column_dup_name(column);
    g_assert_cmpfloat(pct_score_summary_get_column(&summary, column), ==, column);
    if (g_str_equal(name, "ssim_central"))
      g_assert_cmpfloat(summary.mean[PCT_FRAME_CENTRAL][PCT_MEASURE_SSIM], ==, column);
    else if (g_str_equal(name, "mse_full_low"))
      g_assert_cmpfloat(summary.interval[PCT_FRAME_FULL][PCT_MEASURE_MSE].low, ==, column);
    for (guint other = 0; other < column; other++) {
      g_autofree char *before = pct_score_column_dup_name(other);
      g_assert_cmpstr(before, !=, name);
    }
  }
}

static void
test_identification_ends(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, TRUE);
  g_autofree float *flat = g_new0(float, set->n * H * W);
  g_autoptr(PctScore) best = pct_score_new(set, set->originals, NULL, NULL);
  g_autoptr(PctScore) none = pct_score_new(set, flat, NULL, NULL);
  for (int frame = 0; frame < PCT_N_FRAMES; frame++) {
    g_assert_cmpfloat(best->mean[frame][PCT_MEASURE_IDENTIFICATION], ==, 1);
    g_assert_cmpfloat(none->mean[frame][PCT_MEASURE_IDENTIFICATION], ==, 0.5);
    g_assert_cmpfloat(none->mean[frame][PCT_MEASURE_PIXCORR], ==, 0);
  }
}

static void
test_same_bits(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TRAIN, FALSE);
  g_autofree float *guesses = guesses_new(set);
  g_autoptr(PctScore) first = pct_score_new(set, guesses, NULL, NULL);
  for (guint threads = 2; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    PctRun run = { .pool = pool };
    g_autoptr(PctScore) score = pct_score_new(set, guesses, &run, NULL);
    for (int frame = 0; frame < PCT_N_FRAMES; frame++)
      for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
        gsize bytes = (gsize)set->n * sizeof(float);
        g_assert_cmpmem(score->values[frame][measure], bytes, first->values[frame][measure], bytes);
      }
  }
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_cancel(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  PctRun run = { stop, NULL, NULL };
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_score_new(set, set->originals, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

static double
correlation(const float *a, const float *b)
{
  return pct_pixcorr(a, b, 1, M, pct_window_full(1, M));
}

static void
test_floors(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  g_autofree float *out = g_new(float, set->n * H * W);
  pct_floor_mean_image(set, statistics, out);
  for (int i = 0; i < set->n; i++)
    g_assert_cmpmem(out + i * H * W, H * W * sizeof(float), statistics->mean_image, H * W * sizeof(float));
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_floor_nearest_neighbour(set, recording, statistics, out, NULL, &error));
  g_assert_no_error(error);
  for (int i = 0; i < set->n; i++) {
    int best = -1;
    double highest = -2;
    for (int j = 0; j < N; j++)
      if (!is_test(j) && shown[j] != set->images[i]) {
        float a[M], b[M];
        pct_recording_read_responses(recording, j, b);
        for (int k = 0; k < M; k++) {
          a[k] = (set->responses[i * M + k] - statistics->response_mean[k]) / statistics->response_scale[k];
          b[k] = (b[k] - statistics->response_mean[k]) / statistics->response_scale[k];
        }
        if (correlation(a, b) > highest) {
          highest = correlation(a, b);
          best = shown[j];
        }
      }
    float image[H * W];
    pct_recording_read_image(recording, best, image);
    g_assert_cmpmem(out + i * H * W, sizeof image, image, sizeof image);
  }
}

static void
test_shuffle(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  for (int averaged = 0; averaged < 2; averaged++) {
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, averaged);
    g_autofree float *out = g_new(float, set->n * M), *again = g_new(float, set->n * M);
    pct_floor_shuffle_responses(set, 3, out);
    pct_floor_shuffle_responses(set, 3, again);
    g_assert_cmpmem(out, (gsize)set->n * M * sizeof(float), again, (gsize)set->n * M * sizeof(float));
    for (int i = 0; i < set->n; i++) {
      int from = -1;
      for (int j = 0; j < set->n; j++)
        if (memcmp(out + i * M, set->responses + j * M, M * sizeof(float)) == 0)
          from = j;
      g_assert_cmpint(from, >=, 0);
      g_assert_cmpint(set->images[from], !=, set->images[i]);
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/score/set", test_set);
  g_test_add_func("/score/figures", test_figures);
  g_test_add_func("/score/intervals", test_intervals);
  g_test_add_func("/score/columns", test_columns);
  g_test_add_func("/score/identification-ends", test_identification_ends);
  g_test_add_func("/score/same-bits", test_same_bits);
  g_test_add_func("/score/cancel", test_cancel);
  g_test_add_func("/score/floors", test_floors);
  g_test_add_func("/score/shuffle", test_shuffle);
  return g_test_run();
}
