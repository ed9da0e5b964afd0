// SPDX-License-Identifier: GPL-3.0-or-later
// The quick score is that of a ridge regression fitted and scored by hand, beside the floors of any table; and it says
// no where there is nothing to score on.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "data/recording-file.h"
#include "decode/evaluate.h"
#include "decode/quick-score.h"
#include "decode/ridge.h"
#include "small-recording.h"

static const SmallRecording small = { .n_train = 90, .n_validation = 20, .n_test = 17, .n_neurons = 40, .height = 16,
                                      .width = 20, .noise = 0.7, .test_seed = 3, .repeats = 3, .gratings = TRUE };

static PctQuickScore *
score_of(const PctRecording *recording, const PctRun *run, GError **error)
{
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  return pct_quick_score_new(recording, statistics, run, error);
}

// As `train ridge` and `score` do.
static double
by_hand(const PctRecording *recording, PctTier tier, gboolean averaged, PctMeasure measure)
{
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_ridge_class.about.options);
  PctFit fit = { .recording = recording, .statistics = statistics, .options = options, .seed = 1 };
  g_autoptr(PctDecoder) ridge = pct_decoder_fit(&pct_ridge_class, &fit, NULL, NULL);
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, tier, averaged);
  g_autoptr(PctScore) score = pct_decoder_score(ridge, set, NULL, NULL, NULL);
  return score->mean[PCT_FRAME_FULL][measure];
}

static void
test_score(void)
{
  g_autoptr(PctRecording) recording = small_recording_new(&small);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctQuickScore) score = score_of(recording, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(score->tier, ==, PCT_TIER_TEST);
  g_assert_false(score->recorded_means);
  g_assert_cmpint(score->n_pictures[FALSE], ==, 51);
  g_assert_cmpint(score->n_pictures[TRUE], ==, 17);
  g_assert_cmpint(score->most_repeats[TRUE], ==, 3);
  const PctMeasure measures[] = { PCT_MEASURE_PIXCORR, PCT_MEASURE_MSE, PCT_MEASURE_SSIM, PCT_MEASURE_IDENTIFICATION };
  for (int mode = 0; mode < 2; mode++) {
    g_assert_true(score->modes[mode]);
    for (guint i = 0; i < G_N_ELEMENTS(measures); i++)
      g_assert_cmpfloat_with_epsilon(score->rows[mode][PCT_QUICK_RIDGE].mean[PCT_FRAME_FULL][measures[i]],
                                     by_hand(recording, PCT_TIER_TEST, mode, measures[i]), 1e-6);
    // Beyond every floor, and surely so; the floors are not the ridge under other names.
    const PctScoreSummary *ridge = &score->rows[mode][PCT_QUICK_RIDGE];
    for (int row = 0; row < PCT_QUICK_RIDGE; row++) {
      const PctScoreSummary *floor = &score->rows[mode][row];
      g_assert_cmpfloat(ridge->interval[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR].low, >,
                        floor->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR]);
      g_assert_cmpfloat(ridge->mean[PCT_FRAME_FULL][PCT_MEASURE_MSE], <, floor->mean[PCT_FRAME_FULL][PCT_MEASURE_MSE]);
    }
    const PctScoreSummary *rows = score->rows[mode];
    g_assert_cmpfloat_with_epsilon(rows[PCT_QUICK_MEAN_IMAGE].mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION], 0.5, 1e-6);
    g_assert_cmpfloat_with_epsilon(rows[PCT_QUICK_SHUFFLED].mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION], 0.5, 0.2);
  }
  g_assert_cmpfloat(score->rows[TRUE][PCT_QUICK_RIDGE].mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], >,
                    score->rows[FALSE][PCT_QUICK_RIDGE].mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR]);
  g_assert_cmpfloat(pct_quick_score_estimate(recording), >, 0);
  g_assert_cmpfloat(pct_quick_score_estimate(recording), <, 1);
}

// Without a test tier validation is scored; images shown once have no means.
static void
test_validation(void)
{
  SmallRecording options = small;
  options.n_test = 0;
  options.repeats = 1;
  g_autoptr(PctRecording) recording = small_recording_new(&options);
  g_autoptr(PctQuickScore) score = score_of(recording, NULL, NULL);
  g_assert_nonnull(score);
  g_assert_cmpint(score->tier, ==, PCT_TIER_VALIDATION);
  g_assert_false(score->modes[TRUE]);
  g_assert_true(isnan(score->rows[TRUE][PCT_QUICK_RIDGE].mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR]));
  g_assert_cmpfloat_with_epsilon(score->rows[FALSE][PCT_QUICK_RIDGE].mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR],
                                 by_hand(recording, PCT_TIER_VALIDATION, FALSE, PCT_MEASURE_PIXCORR), 1e-6);
}

static void
test_nothing_held_out(void)
{
  SmallRecording options = small;
  options.n_test = options.n_validation = 0;
  g_autoptr(PctRecording) recording = small_recording_new(&options);
  g_autoptr(GError) error = NULL;
  g_assert_null(score_of(recording, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(error->message, "“small”"));
}

static gboolean
stop_at(const PctProgress *progress, gpointer data)
{
  return --*(int *)data >= 0;
}

static void
test_cancel(void)
{
  g_autoptr(PctRecording) recording = small_recording_new(&small);
  int whole = G_MAXINT;
  PctRun counting = { .func = stop_at, .data = &whole };
  g_autoptr(PctQuickScore) score = score_of(recording, &counting, NULL);
  g_assert_nonnull(score);
  int reports = G_MAXINT - whole;
  g_assert_cmpint(reports, >, 20);
  for (int after = 0; after < reports; after += 7) {
    int left = after;
    PctRun run = { .func = stop_at, .data = &left };
    g_autoptr(GError) error = NULL;
    g_assert_null(score_of(recording, &run, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  }
}

// The yardsticks of the data's description.
static void
check_real(const char *name, double single, double averaged, double floor)
{
  const char *root = g_getenv("PCT_TEST_DATA");
  g_autofree char *path = g_build_filename(root ? root : "", name, NULL);
  if (!root || !g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("the recordings are not here");
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(PctRecording) recording = pct_recording_open(path, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(PctQuickScore) score = score_of(recording, &run, &error);
  g_assert_no_error(error);
  const double expected[] = { single, averaged };
  g_assert_cmpint(score->recorded_means, ==, isnan(single));
  for (int mode = 0; mode < 2; mode++)
    if (isfinite(expected[mode])) {
      g_assert_cmpfloat_with_epsilon(score->rows[mode][PCT_QUICK_RIDGE].mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR],
                                     expected[mode], 0.0025);
      g_assert_cmpfloat_with_epsilon(score->rows[mode][PCT_QUICK_MEAN_IMAGE].mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR],
                                     floor, 0.0006);
    } else
      g_assert_false(score->modes[mode]);
}

static void
test_mouse(void)
{
  check_real("mouse-v1-allen-616886391.npz", 0.129, 0.188, 0.009);
}

static void
test_macaque(void)
{
  check_real("macaque-v4-201025.npz", NAN, 0.296, 0.153);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_test_init(&argc, &argv, NULL);
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/quick-score/score", test_score);
  g_test_add_func("/quick-score/validation", test_validation);
  g_test_add_func("/quick-score/nothing-held-out", test_nothing_held_out);
  g_test_add_func("/quick-score/cancel", test_cancel);
  g_test_add_func("/quick-score/mouse", test_mouse);
  g_test_add_func("/quick-score/macaque", test_macaque);
  return g_test_run();
}
