// SPDX-License-Identifier: GPL-3.0-or-later
// The bank of Gabor filters: the filters themselves, the whole decoder against plain matrices in double (both inverses,
// all cells and picked ones), what validation chooses, frames of any size, and what every decoder promises; and, where
// the twin recording is there, ridge's figures.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "data/recording-file.h"
#include "decode/evaluate.h"
#include "decode/gabor-bank.h"
#include "decode/gabor-wavelets.h"
#include "decoder-checks.h"
#include "linear-naive.h"

#define J PCT_GABOR_WAVELETS

static const SmallRecording shape = { .n_train = 50, .n_validation = 20, .n_test = 8, .n_neurons = 13, .height = 9,
                                      .width = 12, .noise = 0.7, .test_seed = 3, .gratings = TRUE };
// More neurons than trials, and no validation tier.
static const SmallRecording wide = { .n_train = 40, .n_test = 8, .n_neurons = 61, .height = 9, .width = 12,
                                     .noise = 0.7, .test_seed = 3, .gratings = TRUE };

static void
test_filters(void)
{
  static const int sizes[][2] = { { 36, 64 }, { 48, 48 }, { 112, 112 }, { 50, 31 } };
  static const int grids[] = { 11, 5, 3, 1 };
  g_assert_cmpint(J, ==, 4 * 2 * (11 * 11 + 5 * 5 + 3 * 3 + 1));
  for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
    int height = sizes[s][0], width = sizes[s][1], p = height * width, i = 0;
    g_autoptr(PctPool) pool = pct_pool_new(2, 0);
    g_autofree float *filters = g_new(float, (gsize)J * p);
    pct_gabor_wavelets_draw(height, width, filters, pool);
    for (guint g = 0; g < G_N_ELEMENTS(grids); g++)
      for (int place = 0; place < grids[g] * grids[g]; place++) {
        double y = (place / grids[g] + 0.5) * height / grids[g] - 0.5, spread = sqrt(p) / grids[g] / 2;
        double x = (place % grids[g] + 0.5) * width / grids[g] - 0.5;
        for (int k = 0; k < 8; k += 2, i += 2) {
          const float *even = filters + (gsize)i * p, *odd = even + p;
          double ee = 0, oo = 0, eo = 0, near = 0;
          for (int j = 0; j < p; j++) {
            double dx = j % width - x, dy = j / width - y, both = even[j] * even[j] + odd[j] * odd[j];
            ee += even[j] * even[j];
            oo += odd[j] * odd[j];
            eo += even[j] * odd[j];
            near += hypot(dx, dy) < 2.5 * spread ? both : 0;
          }
          g_assert_cmpfloat_with_epsilon(ee, 1, 1e-4);
          g_assert_cmpfloat_with_epsilon(oo, 1, 1e-4);
          g_assert_cmpfloat(fabs(eo), <, 0.35);  // at an edge they are cut
          g_assert_cmpfloat(near, >, 1.9);
        }
      }
    g_assert_cmpint(i, ==, J);
    // Orientation: at the one place of the largest filters, the four even ones wave along 0, 45, 90 and 135 degrees,
    // counter-clockwise on the screen. Across the waves a filter is a bell, along them it turns negative.
    for (int k = 0; k < 4 && height == width; k++) {
      const float *even = filters + (gsize)(J - 8 + 2 * k) * p;
      int c = width / 2, dx = (int)lround(0.45 * width * cos(k * G_PI / 4));
      int dy = (int)lround(0.45 * width * sin(k * G_PI / 4));
      double along = even[(c - dy) * width + c + dx], across = even[(c - dx) * width + c - dy];
      g_assert_cmpfloat(along, <, across);
    }
  }
}

// Everything in double: filters G (J,P), features F of a tier's images, weights H by ridge, one penalty a filter.
typedef struct {
  double *filters, *filters_t;  // (J,P), (P,J)
  NaiveTier train, held;
  double *features;             // (n,J) of train
} Naive;

static void
naive_init(Naive *naive, const PctRecording *recording)
{
  int p = pct_recording_get_height(recording) * pct_recording_get_width(recording);
  g_autofree float *filters = g_new(float, J * p);
  pct_gabor_wavelets_draw(pct_recording_get_height(recording), pct_recording_get_width(recording), filters, NULL);
  naive_tier_init(&naive->train, recording, PCT_TIER_TRAIN);
  naive_tier_init(&naive->held, recording, PCT_TIER_VALIDATION);
  naive->filters = g_new(double, J * p);
  naive->filters_t = g_new(double, J * p);
  for (int j = 0; j < J; j++)
    for (int k = 0; k < p; k++)
      naive->filters[j * p + k] = naive->filters_t[k * J + j] = filters[j * p + k];
  naive->features = naive_product(naive->train.y, naive->filters_t, naive->train.n, p, J, FALSE);
}

static void
naive_clear(Naive *naive)
{
  g_free(naive->filters);
  g_free(naive->filters_t);
  g_free(naive->features);
  naive_tier_clear(&naive->train);
  naive_tier_clear(&naive->held);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Naive, naive_clear)

// The pseudo-inverse from features to pictures, as (J,P), by the other of its two forms:
// G (G^T G + regularisation I)^-1.
static double *
naive_inverse(const Naive *naive, double regularisation)
{
  int p = naive->train.p;
  g_autofree double *unit = g_new0(double, J * J), *out = NULL;
  for (int j = 0; j < J; j++)
    unit[j * J + j] = 1;
  // (P,J): (G^T G + r I)^-1 G^T
  out = naive_ridge(naive->filters, unit, J, p, J, regularisation);
  double *turned = g_new(double, J * p);
  for (int k = 0; k < p; k++)
    for (int j = 0; j < J; j++)
      turned[j * p + k] = out[k * J + j];
  return turned;
}

// H (M,J) with these penalties; share > 0: from the cells that correlate most strongly.
static double *
naive_regress(const Naive *naive, const float *penalties, double share)
{
  const NaiveTier *t = &naive->train;
  int m = t->m, n_cells = share > 0 ? MAX(1, (int)lround(share * m)) : m;
  double *h = g_new0(double, m * J);
  g_autofree double *feature = g_new(double, t->n), *response = g_new(double, t->n), *strength = g_new(double, m);
  g_autofree double *z = g_new(double, t->n * n_cells);
  for (int j = 0; j < J; j++) {
    int n_picked = 0;
    g_autofree int *picked = g_new(int, m);
    for (int i = 0; i < t->n; i++)
      feature[i] = naive->features[i * J + j];
    for (int cell = 0; cell < m; cell++) {
      for (int i = 0; i < t->n; i++)
        response[i] = t->z[i * m + cell];
      strength[cell] = fabs(naive_correlation(response, feature, t->n));
    }
    for (int cell = 0; cell < m; cell++) {
      int stronger = 0;
      for (int other = 0; other < m; other++)
        stronger += strength[other] > strength[cell];
      if (stronger < n_cells)
        picked[n_picked++] = cell;
    }
    g_assert_cmpint(n_picked, ==, n_cells);
    for (int i = 0; i < t->n; i++)
      for (int k = 0; k < n_cells; k++)
        z[i * n_cells + k] = t->z[i * m + picked[k]];
    g_autofree double *w = naive_ridge(z, feature, t->n, n_cells, 1, penalties[j]);
    for (int k = 0; k < n_cells; k++)
      h[picked[k] * J + j] = w[k];
  }
  return h;
}

static double
number(const PctTensors *tensors, const char *name)
{
  return pct_tensors_find(tensors, name)->values[0];
}

static void
check_weights(const SmallRecording *options, const char *assignments, double share, gboolean transpose)
{
  g_test_message("%s", assignments ? assignments : "defaults");
  g_autoptr(PctRecording) recording = small_recording_new(options);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(GError) error = NULL;
  g_auto(Naive) naive = { 0 };
  naive_init(&naive, recording);
  int m = naive.train.m, p = naive.train.p;
  DecoderCase what = { &pct_gabor_bank_class, assignments, NULL, NULL };
  g_autoptr(PctDecoder) decoder = decoder_case_fit(&what, recording, &run, &error);
  g_assert_no_error(error);
  g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
  g_autofree double *h = naive_regress(&naive, pct_tensors_find(tensors, "penalty")->values, share);
  g_autofree double *back = transpose ? NULL : naive_inverse(&naive, number(tensors, "regularisation"));
  g_autofree double *expected = naive_product(h, transpose ? naive.filters : back, m, J, p, FALSE);
  if (transpose) {
    g_autofree double *decoded = naive_product(naive.train.z, expected, naive.train.n, m, p, FALSE);
    double ss = 0, sx = 0;
    for (int i = 0; i < naive.train.n * p; i++) {
      ss += decoded[i] * decoded[i];
      sx += decoded[i] * naive.train.y[i];
    }
    for (int i = 0; i < m * p; i++)
      expected[i] *= sx / ss;
    g_assert_cmpfloat_with_epsilon(number(tensors, "gain"), sx / ss, 1e-3 * sx / ss);
  }
  naive_assert_close(pct_tensors_find(tensors, "weight")->values, expected, (gsize)(m * p), 5e-3);
}

static void
test_weights(void)
{
  check_weights(&shape, "penalty=20", 0, FALSE);
  check_weights(&shape, NULL, 0, FALSE);
  check_weights(&wide, "per_filter=false", 0, FALSE);
  check_weights(&shape, "penalty=20 inverse=transpose", 0, TRUE);
  check_weights(&wide, "inverse=transpose per_filter=false", 0, TRUE);
  check_weights(&shape, "penalty=20 selection=0.4", 0.4, FALSE);
  check_weights(&shape, "selection=0.01", 0.01, FALSE);  // one cell a feature
  check_weights(&shape, "selection=0.6 inverse=transpose", 0.6, TRUE);
}

// Mean squared error on validation with H and this regularisation.
static double
naive_error(const Naive *naive, const double *h, double regularisation)
{
  g_autofree double *back = naive_inverse(naive, regularisation);
  g_autofree double *w = naive_product(h, back, naive->train.m, J, naive->train.p, FALSE);
  g_autofree double *decoded = naive_product(naive->held.z, w, naive->held.n, naive->train.m, naive->train.p, FALSE);
  double sum = 0;
  for (int i = 0; i < naive->held.n * naive->train.p; i++)
    sum += (decoded[i] - naive->held.y[i]) * (decoded[i] - naive->held.y[i]);
  return sum;
}

static void
check_choices(const SmallRecording *options, double within, double least)
{
  g_autoptr(PctRecording) recording = small_recording_new(options);
  g_auto(Naive) naive = { 0 };
  naive_init(&naive, recording);
  DecoderCase what = { &pct_gabor_bank_class, NULL, NULL, NULL };
  g_autoptr(PctDecoder) decoder = decoder_case_fit(&what, recording, NULL, NULL);
  g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
  double regularisation = number(tensors, "regularisation");
  g_autofree double *h = naive_regress(&naive, pct_tensors_find(tensors, "penalty")->values, 0);
  g_test_message("regularisation %g", regularisation);
  g_assert_cmpfloat(regularisation, >=, least);
  double here = naive_error(&naive, h, regularisation);
  for (int step = -2; step <= 2; step++)
    g_assert_cmpfloat(here, <=, naive_error(&naive, h, regularisation * pow(4, step)) * 1.0001);
  // The ceiling is that of the projection, which hardly regularises.
  g_autofree double *back = naive_inverse(&naive, pow(4, -10));
  g_autofree double *features = naive_product(naive.held.y, naive.filters_t, naive.held.n, naive.train.p, J, FALSE);
  g_autofree double *projected = naive_product(features, back, naive.held.n, J, naive.train.p, FALSE);
  double ceiling = 0;
  for (int i = 0; i < naive.held.n; i++) {
    for (int k = 0; k < naive.train.p; k++)
      projected[i * naive.train.p + k] += naive.held.mean_x[k];
    ceiling += naive_correlation(projected + i * naive.train.p, naive.held.x + i * naive.train.p, naive.train.p) /
               naive.held.n;
  }
  g_assert_cmpfloat_with_epsilon(number(tensors, "bank_ceiling"), ceiling, within);
}

static void
test_choices(void)
{
  // White noise, which so few neurons tell little of: it is better to regularise.
  static const SmallRecording noisy = { .n_train = 50, .n_validation = 20, .n_test = 8, .n_neurons = 13, .height = 16,
                                        .width = 20, .noise = 0.7, .test_seed = 3 };
  check_choices(&shape, 0.005, 0);
  check_choices(&noisy, 0.02, 1e-4);
}

// Penalties: each filter's own is no worse for it than its neighbours on the grid, with all cells and with picked ones.
static void
test_penalties(void)
{
  static const char *const options[] = { "per_filter=true", "selection=0.5" };
  static const double shares[] = { 0, 0.5 };
  g_autoptr(PctRecording) recording = small_recording_new(&shape);
  g_auto(Naive) naive = { 0 };
  naive_init(&naive, recording);
  int m = naive.train.m;
  g_autofree double *held = naive_product(naive.held.y, naive.filters_t, naive.held.n, naive.train.p, J, FALSE);
  for (guint o = 0; o < G_N_ELEMENTS(options); o++) {
    DecoderCase what = { &pct_gabor_bank_class, options[o], NULL, NULL };
    g_autoptr(PctDecoder) decoder = decoder_case_fit(&what, recording, NULL, NULL);
    g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
    const float *penalties = pct_tensors_find(tensors, "penalty")->values;
    g_autofree float *tried = g_new(float, J);
    g_autofree double *errors = g_new0(double, 3 * J);
    gboolean differ = FALSE;
    for (int step = -1; step <= 1; step++) {
      for (int j = 0; j < J; j++)
        tried[j] = (float)(penalties[j] * pow(4.0 / 3, step));
      g_autofree double *h = naive_regress(&naive, tried, shares[o]);
      g_autofree double *predicted = naive_product(naive.held.z, h, naive.held.n, m, J, FALSE);
      for (int i = 0; i < naive.held.n; i++)
        for (int j = 0; j < J; j++)
          errors[(step + 1) * J + j] += pow(predicted[i * J + j] - held[i * J + j], 2);
    }
    for (int j = 0; j < J; j++) {
      differ |= penalties[j] != penalties[0];
      // Beyond the grid's ends it may fall a little still; a filter smaller than a pixel may say nothing.
      g_assert_cmpfloat(errors[J + j], <=, errors[j] * 1.002 + 1e-9);
      g_assert_cmpfloat(errors[J + j], <=, errors[2 * J + j] * 1.002 + 1e-9);
    }
    g_assert_true(differ);
  }
}

// Real frames: 48 and 112 pixels a side, and one that is higher than wide.
static void
test_frames(void)
{
  static const int sizes[][2] = { { 48, 48 }, { 112, 112 }, { 50, 31 }, { 3, 4 } };
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    SmallRecording options = { .n_train = 60, .n_validation = 12, .n_test = 6, .n_neurons = 40, .height = sizes[i][0],
                               .width = sizes[i][1], .noise = 0.2, .test_seed = 3, .gratings = TRUE };
    g_autoptr(PctRecording) recording = small_recording_new(&options);
    g_autoptr(PctPool) pool = pct_pool_new(0, 0);
    PctRun run = { .pool = pool };
    g_autoptr(GError) error = NULL;
    DecoderCase what = { &pct_gabor_bank_class, "per_filter=false", NULL, NULL };
    g_autoptr(PctDecoder) decoder = decoder_case_fit(&what, recording, &run, &error);
    g_assert_no_error(error);
    g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
    g_assert_cmpfloat(number(tensors, "bank_ceiling"), >, 0.97);  // smooth images
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
    g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, &run, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], >, 0.6);
  }
}

static void
test_promises(void)
{
  static const char *const options[] = { NULL, "per_filter=false inverse=transpose", "selection=0.3" };
  g_autoptr(PctRecording) recording = small_recording_new(&shape), other = small_recording_new(&wide);
  for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
    DecoderCase what = { &pct_gabor_bank_class, options[i], NULL, NULL };
    decoder_check_tiers(&what, &shape);
    decoder_check_threads(&what, recording);
    decoder_check_threads(&what, other);
    decoder_check_derivative(&what, recording);
    decoder_check_cancel(&what, recording);
    if (i == 0)
      decoder_check_file(&what, recording);
  }
}

static void
test_too_few(void)
{
  static const SmallRecording tiny = { .n_train = 3, .n_test = 2, .n_neurons = 5, .height = 4, .width = 4 };
  g_autoptr(PctRecording) recording = small_recording_new(&tiny);
  g_autoptr(GError) error = NULL;
  DecoderCase what = { &pct_gabor_bank_class, "penalty=10", NULL, NULL };
  g_assert_null(decoder_case_fit(&what, recording, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
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
  g_autoptr(PctRecording) recording = pct_recording_open(path, &run, &error);
  g_assert_no_error(error);
  DecoderCase what = { &pct_gabor_bank_class, "per_filter=false", NULL, NULL };
  g_autoptr(PctDecoder) decoder = decoder_case_fit(&what, recording, &run, &error);
  g_assert_no_error(error);
  // Within .03 of ridge's PixCorr: single trials, means of eight.
  static const double ridge[] = { 0.361, 0.423 };
  for (int averaged = 0; averaged < 2; averaged++) {
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, averaged);
    g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, &run, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], >=, ridge[averaged] - 0.03);
    g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_MSE], <, 3500);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/gabor-bank/filters", test_filters);
  g_test_add_func("/gabor-bank/weights", test_weights);
  g_test_add_func("/gabor-bank/choices", test_choices);
  g_test_add_func("/gabor-bank/penalties", test_penalties);
  g_test_add_func("/gabor-bank/frames", test_frames);
  g_test_add_func("/gabor-bank/promises", test_promises);
  g_test_add_func("/gabor-bank/too-few", test_too_few);
  g_test_add_func("/gabor-bank/twin", test_twin);
  return g_test_run();
}
