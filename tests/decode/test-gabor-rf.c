// SPDX-License-Identifier: GPL-3.0-or-later
// Gabor receptive fields, added up: the fields against a loop, simulated cells whose Gabors are known, and what every
// decoder promises; and, where the twin recording is there, the floors that must be beaten.
#include <math.h>
#include "base/blas.h"
#include "base/error.h"
#include "data/recording-file.h"
#include "decode/evaluate.h"
#include "decode/gabor-rf.h"
#include "decoder-checks.h"
#include "encode/gabor-field.h"
#include "gabor-recording.h"
#include "linear-naive.h"

enum { SIMPLE, MIXED, FLAT, N_CELLS };

// As many trials as tell the cells' Gabors; every image twice, so that rows of means count trials.
static const Cell cells[N_CELLS] = {
  [SIMPLE] = { CELL_SIMPLE, 9, 8, 30, 0.12, 2.6, 0.8, 40, 3, 1 },
  [MIXED] = { CELL_ENERGY, 15, 7, 100, 0.14, 2.4, 1.1, 0, 2, 0.5 },
  [FLAT] = { CELL_FLAT, 0, 0, 0, 0.1, 1, 1, 0, 0, 1 },
};
static const GaborRecording gabors = { .height = 16, .width = 22, .n_train = 400, .n_validation = 80, .repeats = 2,
                                       .noise = 0.3, .cells = cells, .n_cells = N_CELLS };

static PctGabor
gabor_of(const Cell *cell)
{
  return (PctGabor){ cell->x, cell->y, cell->orientation, cell->frequency, cell->size, cell->aspect, cell->phase };
}

// (k,P) filters of one cell, k = 1 or 2; and the slopes of its z-scored responses on their answers.
static double *
naive_field(const NaiveTier *train, const Cell *cell, int neuron, int k)
{
  int p = train->p, width = gabors.width;
  g_autofree double *filters = g_new(double, k * p), *z = g_new(double, train->n);
  for (int j = 0; j < p; j++)
    for (int i = 0; i < k; i++)
      filters[i * p + j] = gabor_recording_filter(cell, -90 * i, j % width, j / width);
  // y is centred over trials, so its answers are too.
  g_autofree double *drives = g_new0(double, train->n * k);
  for (int t = 0; t < train->n; t++)
    for (int i = 0; i < k; i++)
      for (int j = 0; j < p; j++)
        drives[t * k + i] += filters[i * p + j] * train->y[t * p + j];
  for (int t = 0; t < train->n; t++)
    z[t] = train->z[t * train->m + neuron];
  g_autofree double *slopes = naive_ridge(drives, z, train->n, k, 1, 0);
  return naive_product(slopes, filters, 1, k, p, FALSE);
}

static void
test_fields(void)
{
  g_autoptr(PctRecording) recording = gabor_recording_new(&gabors);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  int n, p = gabors.height * gabors.width;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  g_autoptr(PctTierMeans) means = pct_tier_means_new(recording, statistics, trials, n, NULL, NULL);
  g_auto(NaiveTier) train = { 0 };
  naive_tier_init(&train, recording, PCT_TIER_TRAIN);
  PctGaborFit fits[N_CELLS] = {
    [SIMPLE] = { .kind = PCT_GABOR_SIMPLE, .gabor = gabor_of(&cells[SIMPLE]) },
    [MIXED] = { .kind = PCT_GABOR_ENERGY, .gabor = gabor_of(&cells[MIXED]) },
    [FLAT] = { .kind = PCT_GABOR_ENERGY, .gabor = { NAN, NAN, NAN, NAN, NAN, NAN, NAN } },
  };
  g_autofree float *fields = g_new(float, N_CELLS * p);
  g_assert_true(pct_gabor_fields(fits, means, gabors.height, gabors.width, fields, NULL, NULL));
  for (int i = 0; i < FLAT; i++) {
    g_autofree double *expected = naive_field(&train, &cells[i], i, i == MIXED ? 2 : 1);
    naive_assert_close(fields + i * p, expected, (gsize)p, 1e-3);
  }
  for (int j = 0; j < p; j++)
    g_assert_cmpfloat(fields[FLAT * p + j], ==, 0);
}

// A simple cell adds its own Gabor, the right way up; an energy cell hardly anything, and a flat one nothing.
static void
test_cells(void)
{
  g_autoptr(PctRecording) recording = gabor_recording_new(&gabors);
  g_autoptr(GError) error = NULL;
  int p = gabors.height * gabors.width;
  DecoderCase what = { &pct_gabor_rf_class, "mapping=zscored", NULL, NULL };
  g_autoptr(PctDecoder) decoder = decoder_case_fit(&what, recording, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
  const float *weight = pct_tensors_find(tensors, "weight")->values;
  g_assert_cmpfloat(pct_tensors_find(tensors, "gain")->values[0], >, 0);
  g_autofree double *filter = g_new(double, p), *row = g_new(double, p);
  double squares[N_CELLS] = { 0 };
  for (int i = 0; i < N_CELLS; i++)
    for (int j = 0; j < p; j++)
      squares[i] += (double)weight[i * p + j] * weight[i * p + j];
  for (int j = 0; j < p; j++) {
    filter[j] = gabor_recording_filter(&cells[SIMPLE], 0, j % gabors.width, j / gabors.width);
    row[j] = weight[SIMPLE * p + j];
  }
  g_assert_cmpfloat(naive_correlation(filter, row, p), >, 0.97);
  g_assert_cmpfloat(squares[MIXED], <, 0.05 * squares[SIMPLE]);
  g_assert_cmpfloat(squares[FLAT], ==, 0);
}

static void
test_promises(void)
{
  static const char *const options[] = { NULL, "mapping=zscored" };
  static const SmallRecording shape = { .n_train = 60, .n_validation = 20, .n_test = 10, .n_neurons = 7, .height = 9,
                                        .width = 12, .noise = 0.5, .test_seed = 3 };
  g_autoptr(PctRecording) recording = small_recording_new(&shape);
  for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
    DecoderCase what = { &pct_gabor_rf_class, options[i], NULL, NULL };
    decoder_check_tiers(&what, &shape);
    decoder_check_threads(&what, recording);
    decoder_check_file(&what, recording);
    decoder_check_derivative(&what, recording);
    decoder_check_cancel(&what, recording);
  }
}

// No neuron varies: there is no Gabor at all.
static void
test_silent(void)
{
  static const Cell flat[] = { { CELL_FLAT, 0, 0, 0, 0.1, 1, 1, 0, 0, 1 }, { CELL_FLAT, 0, 0, 0, 0.1, 1, 1, 0, 0, 2 } };
  GaborRecording silent = { .height = 8, .width = 10, .n_train = 30, .n_validation = 10, .cells = flat, .n_cells = 2 };
  g_autoptr(PctRecording) recording = gabor_recording_new(&silent);
  g_autoptr(GError) error = NULL;
  DecoderCase what = { &pct_gabor_rf_class, NULL, NULL, NULL };
  g_assert_null(decoder_case_fit(&what, recording, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
}

// The first 500 neurons of the twin: all of them take minutes. Better than the mean image, whose figures these are.
static PctRecording *
open_part(const char *path, int m, const PctRun *run)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) whole = pct_recording_open(path, run, &error);
  g_assert_no_error(error);
  int n = pct_recording_get_n_trials(whole), k = pct_recording_get_n_images(whole);
  PctRecordingData data = { .name = g_strdup("part"), .n_images = k, .height = pct_recording_get_height(whole),
                            .width = pct_recording_get_width(whole), .n_trials = n, .n_neurons = m };
  gsize p = (gsize)data.height * (gsize)data.width;
  data.image_floats = g_new(float, (gsize)k * p);
  data.responses_float = g_new(float, (gsize)n * (gsize)m);
  data.image_index = g_new(gint32, n);
  data.tiers = g_new(guint8, n);
  g_autofree float *all = g_new(float, pct_recording_get_n_neurons(whole));
  for (int i = 0; i < k; i++)
    pct_recording_read_image(whole, i, data.image_floats + (gsize)i * p);
  for (int i = 0; i < n; i++) {
    pct_recording_read_responses(whole, i, all);
    for (int j = 0; j < m; j++)
      data.responses_float[(gsize)i * (gsize)m + (gsize)j] = all[j];
    data.image_index[i] = pct_recording_get_trial_image(whole, i);
    data.tiers[i] = (guint8)pct_recording_get_trial_tier(whole, i);
  }
  PctRecording *part = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return part;
}

static void
test_twin(void)
{
  const char *folder = g_getenv("PCT_TEST_DATA");
  g_autofree char *path = g_build_filename(folder ? folder : "", "twin.npz", NULL);
  if (!folder || !g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("the twin recording is not there");
    return;
  }
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  PctRun run = { .pool = pool };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) recording = open_part(path, 500, &run);
  DecoderCase what = { &pct_gabor_rf_class, NULL, NULL, NULL };
  g_autoptr(PctDecoder) decoder = decoder_case_fit(&what, recording, &run, &error);
  g_assert_no_error(error);
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, &run, &error);
  g_assert_no_error(error);
  g_test_message("PixCorr %.3f, MSE %.0f, identification %.3f", score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR],
                 score->mean[PCT_FRAME_FULL][PCT_MEASURE_MSE],
                 score->mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION]);
  g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], >, 0.076);
  g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_MSE], <, 4287);
  g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION], >, 0.5);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/gabor-rf/fields", test_fields);
  g_test_add_func("/gabor-rf/cells", test_cells);
  g_test_add_func("/gabor-rf/promises", test_promises);
  g_test_add_func("/gabor-rf/silent", test_silent);
  g_test_add_func("/gabor-rf/twin", test_twin);
  return g_test_run();
}
