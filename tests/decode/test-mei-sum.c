// SPDX-License-Identifier: GPL-3.0-or-later
// The sum of most exciting inputs against loops: every mapping's formula, every basis' pictures, sets that lack
// neurons; what every decoder promises; and, where the twin recording is there, a floor that a basis without MEIs must
// beat.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "data/recording-file.h"
#include "decode/evaluate.h"
#include "decode/mei-sum.h"
#include "decode/neuron-pictures.h"
#include "decoder-checks.h"
#include "encode/spike-triggered.h"
#include "linear-naive.h"
#include "small-encoder.h"

enum { M = 11, H = 9, W = 12, P = H * W };

static const SmallRecording shape = { .n_train = 60, .n_validation = 20, .n_test = 10, .n_neurons = M, .height = H,
                                      .width = W, .noise = 0.7, .test_seed = 3 };
static const PctEncoderDesign linear = { .height = H, .width = W, .n_neurons = M, .readout = PCT_READOUT_FULL };

// Patterns on grey, in an order of their own; neuron 4 is not in the set, 7 is not ready, 50 is no neuron.
static PctMeiSet *
meis_new(void)
{
  static const int neurons[] = { 10, 0, 1, 2, 3, 50, 5, 6, 7, 8, 9 };
  PctMeiSet *set = pct_mei_set_new(neurons, G_N_ELEMENTS(neurons), H, W, NULL);
  pct_random_fill_normal(set->images, (gsize)set->n * P, 9, 9);
  for (int i = 0; i < set->n; i++) {
    for (int j = 0; j < P; j++)
      set->images[i * P + j] = 110 + 6 * set->images[i * P + j];
    if (neurons[i] != 7)
      pct_mei_set_mark_ready(set, i);
  }
  return set;
}

// pictures (M,P) from the set; less_grey: each less its own mean.
static double *
pictures_of(const PctMeiSet *set, gboolean less_grey)
{
  double *pictures = g_new0(double, M * P);
  for (int row = 0; row < set->n; row++) {
    if (set->neurons[row] >= M || !pct_mei_set_is_ready(set, row))
      continue;
    double mean = 0;
    for (int j = 0; j < P; j++)
      mean += set->images[row * P + j] / (double)P;
    for (int j = 0; j < P; j++)
      pictures[set->neurons[row] * P + j] = set->images[row * P + j] - (less_grey ? mean : 0);
  }
  return pictures;
}

// a and b of the least squares a s + b = x, over all pixels of all trials; b = 0 if it is not free.
static void
fit_line(const double *s, const double *x, gsize n, gboolean free, double *a, double *b)
{
  double mean_s = 0, mean_x = 0, ss = 0, sx = 0;
  for (gsize i = 0; free && i < n; i++) {
    mean_s += s[i] / (double)n;
    mean_x += x[i] / (double)n;
  }
  for (gsize i = 0; i < n; i++) {
    ss += (s[i] - mean_s) * (s[i] - mean_s);
    sx += (s[i] - mean_s) * (x[i] - mean_x);
  }
  *a = sx / ss;
  *b = mean_x - *a * mean_s;
}

// What the formula makes of the test tier with these pictures, (n,P).
static double *
naive_decode(const PctRecording *recording, const double *pictures, const char *mapping, double *a, double *b)
{
  gboolean zscored = strcmp(mapping, "zscored") == 0, literal = strcmp(mapping, "literal") == 0;
  g_auto(NaiveTier) train = { 0 }, test = { 0 };
  naive_tier_init(&train, recording, PCT_TIER_TRAIN);
  naive_tier_init(&test, recording, PCT_TIER_TEST);
  g_autofree double *sums = naive_product(zscored ? train.z : train.r, pictures, train.n, M, P, FALSE);
  double *out = naive_product(zscored ? test.z : test.r, pictures, test.n, M, P, FALSE);
  for (int i = 0; i < train.n * P; i++)
    sums[i] /= M;
  *a = 1;
  *b = 0;
  if (!literal)
    fit_line(sums, zscored ? train.y : train.x, (gsize)(train.n * P), !zscored, a, b);
  for (int i = 0; i < test.n * P; i++)
    out[i] = *a * out[i] / M + *b + (zscored ? test.mean_x[i % P] : 0);
  return out;
}

static void
check_formula(const DecoderCase *what, const PctRecording *recording, const double *pictures, const char *mapping)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(PctDecoder) decoder = decoder_case_fit(what, recording, &run, &error);
  g_assert_no_error(error);
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  g_autofree float *images = g_new(float, set->n * P);
  g_assert_true(pct_decoder_reconstruct_set(decoder, set, images, NULL, &error));
  double a, b;
  g_autofree double *expected = naive_decode(recording, pictures, mapping, &a, &b);
  naive_assert_close(images, expected, (gsize)(set->n * P), 2e-4);
  g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
  g_assert_cmpfloat_with_epsilon(pct_tensors_find(tensors, "gain")->values[0], a, 1e-3 * fabs(a));
  g_assert_cmpfloat_with_epsilon(pct_tensors_find(tensors, "offset")->values[0], b, 0.02 + 1e-3 * fabs(b));
}

static void
test_mappings(void)
{
  static const char *const mappings[] = { "literal", "affine", "zscored" };
  g_autoptr(PctRecording) recording = small_recording_new(&shape);
  g_autoptr(PctMeiSet) meis = meis_new();
  for (guint i = 0; i < G_N_ELEMENTS(mappings); i++) {
    g_autofree char *options = g_strconcat("mapping=", mappings[i], NULL);
    g_autofree double *pictures = pictures_of(meis, i > 0);
    DecoderCase what = { &pct_mei_sum_class, options, NULL, meis };
    check_formula(&what, recording, pictures, mappings[i]);
  }
}

static void
test_gradients(void)
{
  g_autoptr(PctRecording) recording = small_recording_new(&shape);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctEncoder) encoder = small_encoder_new(&linear, 5);
  g_autofree float *grey = g_new(float, P), *gradient = g_new(float, P);
  g_autofree double *pictures = g_new(double, M * P);
  for (int j = 0; j < P; j++)
    grey[j] = statistics->image_mean;
  for (int i = 0; i < M; i++) {
    g_assert_true(pct_encoder_compute_gradients(encoder, grey, &i, 1, NULL, gradient, NULL, NULL));
    for (int j = 0; j < P; j++)
      pictures[i * P + j] = gradient[j];
  }
  DecoderCase affine = { &pct_mei_sum_class, "basis=gradient", encoder, NULL };
  check_formula(&affine, recording, pictures, "affine");
  DecoderCase literal = { &pct_mei_sum_class, "basis=gradient mapping=literal", encoder, NULL };
  check_formula(&literal, recording, pictures, "literal");
}

static void
test_averages(void)
{
  g_autoptr(PctRecording) recording = small_recording_new(&shape);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  int n_train, n_validation;
  const int *train = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_train);
  const int *validation = pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  g_autoptr(PctTierMeans) fitted = pct_tier_means_new(recording, statistics, train, n_train, NULL, NULL);
  g_autoptr(PctTierMeans) held = pct_tier_means_new(recording, statistics, validation, n_validation, NULL, NULL);
  g_autofree float *fields = g_new(float, M * P);
  g_autofree double *pictures = g_new(double, M * P);
  g_assert_true(pct_spike_triggered_decorrelate(fitted, held, fields, NULL, NULL, NULL, NULL));
  for (int i = 0; i < M * P; i++)
    pictures[i] = fields[i];
  DecoderCase what = { &pct_mei_sum_class, "basis=sta mapping=zscored", NULL, NULL };
  check_formula(&what, recording, pictures, "zscored");
}

static void
test_needs(void)
{
  static const struct {
    const char *basis;
    PctModelNeeds needs;
  } rows[] = { { "mei", PCT_NEEDS_MEIS }, { "gradient", PCT_NEEDS_ENCODER }, { "sta", 0 }, { "gabor", 0 } };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(PctOptionValues) options = pct_option_values_new(pct_mei_sum_class.about.options);
    if (i > 0)  // MEIs are the default
      g_assert_true(pct_option_values_set(options, "basis", rows[i].basis, NULL));
    g_assert_cmpint(pct_model_kind_get_needs(&pct_mei_sum_class.about, options), ==, rows[i].needs);
    g_assert_cmpint(rows[i].needs & ~pct_mei_sum_class.about.needs, ==, 0);
  }
}

static void
check_error(const DecoderCase *what, const PctRecording *recording, PctError code)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(decoder_case_fit(what, recording, NULL, &error));
  g_assert_error(error, PCT_ERROR, (int)code);
  g_assert_true(g_str_has_suffix(error->message, "."));
}

static void
test_errors(void)
{
  static const int neurons[] = { 0, 1 };
  g_autoptr(PctRecording) recording = small_recording_new(&shape);
  g_autoptr(PctMeiSet) other = pct_mei_set_new(neurons, 2, H, W + 1, NULL);
  g_autoptr(PctMeiSet) none = pct_mei_set_new(neurons, 2, H, W, NULL);
  PctEncoderDesign fewer = linear;
  fewer.n_neurons--;
  g_autoptr(PctEncoder) encoder = small_encoder_new(&fewer, 5);
  DecoderCase what = { &pct_mei_sum_class, NULL, NULL, NULL };
  check_error(&what, recording, PCT_ERROR_UNSUPPORTED);
  what.meis = other;
  check_error(&what, recording, PCT_ERROR_SHAPE);
  what.meis = none;
  for (int i = 0; i < 2 * P; i++)
    none->images[i] = 100;  // they are there, but none is ready
  check_error(&what, recording, PCT_ERROR_UNSUPPORTED);
  what.options = "mapping=literal";
  check_error(&what, recording, PCT_ERROR_UNSUPPORTED);
  what.options = "basis=gradient";
  check_error(&what, recording, PCT_ERROR_UNSUPPORTED);
  what.encoder = encoder;
  check_error(&what, recording, PCT_ERROR_SHAPE);
}

static void
test_promises(void)
{
  static const char *const options[] = { "mapping=literal", NULL, "mapping=zscored", "basis=gradient", "basis=sta",
                                         "basis=gabor mapping=zscored" };
  g_autoptr(PctRecording) recording = small_recording_new(&shape);
  g_autoptr(PctMeiSet) meis = meis_new();
  g_autoptr(PctEncoder) encoder = small_encoder_new(&linear, 5);
  for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
    DecoderCase what = { &pct_mei_sum_class, options[i], encoder, meis };
    decoder_check_tiers(&what, &shape);
    decoder_check_threads(&what, recording);
    decoder_check_file(&what, recording);
    decoder_check_derivative(&what, recording);
    if (i > 0)  // literal has next to nothing to stop
      decoder_check_cancel(&what, recording);
  }
}

// The pictures that need nothing but the recording; better than the mean image, whose figures these are.
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
  g_autoptr(PctRecording) recording = pct_recording_open(path, &run, &error);
  g_assert_no_error(error);
  DecoderCase what = { &pct_mei_sum_class, "basis=sta mapping=zscored", NULL, NULL };
  g_autoptr(PctDecoder) decoder = decoder_case_fit(&what, recording, &run, &error);
  g_assert_no_error(error);
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, &run, &error);
  g_assert_no_error(error);
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
  g_test_add_func("/mei-sum/mappings", test_mappings);
  g_test_add_func("/mei-sum/gradients", test_gradients);
  g_test_add_func("/mei-sum/averages", test_averages);
  g_test_add_func("/mei-sum/needs", test_needs);
  g_test_add_func("/mei-sum/errors", test_errors);
  g_test_add_func("/mei-sum/promises", test_promises);
  g_test_add_func("/mei-sum/twin", test_twin);
  return g_test_run();
}
