// SPDX-License-Identifier: GPL-3.0-or-later
// The repeat curve of a recording whose noise is made so that every answer is known: pictures, noise and the decoder's
// fault are rows of one Hadamard matrix, all orthogonal, so that the mean of any n trials has exactly 1 / n of the noise.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "decode/repeat-curve.h"

enum { SIDE = 8, P = SIDE * SIDE, IMAGES = 12, RARE = 3, REPEATS = 8 };
#define SIGNAL 30.0
#define FAULT 10.0
#define NOISE 24.0

static int
hadamard(int row, int column)
{
  return __builtin_popcount((guint)(row & column)) % 2 ? -1 : 1;
}

// Rows 1 .. 8 are noise, 9 the fault, 10 .. the images. Row 0 is flat.
static float
picture(int image, int pixel)
{
  return (float)(128 + SIGNAL * hadamard(10 + image, pixel));
}

// Images 0 .. IMAGES - 1 have REPEATS test trials each but image RARE, which has 4; image IMAGES is the train tier. A
// response a pixel.
static PctRecording *
recording_new(int repeats, gboolean averaged)
{
  int most = IMAGES * repeats + 1, n = 0;
  PctRecordingData data = { .name = g_strdup("orthogonal"), .n_images = IMAGES + 1, .height = SIDE, .width = SIDE,
                            .n_neurons = P, .averaged = averaged };
  data.image_floats = g_new(float, (IMAGES + 1) * P);
  data.responses_float = g_new(float, most * P);
  data.image_index = g_new(gint32, most);
  data.tiers = g_new(guint8, most);
  for (int i = 0; i <= IMAGES; i++)
    for (int j = 0; j < P; j++)
      data.image_floats[i * P + j] = i < IMAGES ? picture(i, j) : 128;
  for (int k = 0; k < repeats; k++)
    for (int i = 0; i < IMAGES; i++) {
      if (i == RARE && k >= 4)
        continue;
      for (int j = 0; j < P; j++)
        data.responses_float[n * P + j] = (float)(picture(i, j) + NOISE * hadamard(1 + k, j));
      data.image_index[n] = i;
      data.tiers[n++] = PCT_TIER_TEST;
    }
  memset(data.responses_float + n * P, 0, P * sizeof(float));
  data.image_index[n] = IMAGES;
  data.tiers[n++] = PCT_TIER_TRAIN;
  data.n_trials = n;
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}

typedef struct {
  PctDecoder decoder;
  int asked[REPEATS + 1];  // rows by n_averaged
} Copier;

static gboolean
copier_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
                   float *images, const PctRun *run, GError **error)
{
  ((Copier *)decoder)->asked[(int)n_averaged] += (int)n;
  for (gsize i = 0; i < n * P; i++)
    images[i] = (float)(responses[i] + FAULT * hadamard(9, (int)(i % P)));
  return pct_run_step(run, 1, 1, error);
}

static void
copier_free(PctDecoder *decoder)
{
  g_free(decoder);
}

static const PctDecoderClass copier_class = { .about = { .role = PCT_ROLE_DECODER, .kind = "copier" },
                                              .reconstruct = copier_reconstruct, .free = copier_free };

static PctDecoder *
copier_new(void)
{
  Copier *self = g_new0(Copier, 1);
  pct_decoder_init(&self->decoder, &copier_class, P, SIDE, SIDE);
  return &self->decoder;
}

static void
test_known(void)
{
  g_autoptr(PctRecording) recording = recording_new(REPEATS, FALSE);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctDecoder) decoder = copier_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRepeatCurve) curve = pct_repeat_curve_new(decoder, recording, statistics, PCT_TIER_TEST,
                                                         &PCT_REPEAT_OPTIONS_DEFAULT, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(curve->n_images, ==, IMAGES - 1);
  g_assert_cmpint(curve->n_left_out, ==, 1);
  g_assert_cmpint(curve->n_repeats, ==, REPEATS);
  g_assert_cmpint(curve->n_points, ==, 4);
  double signal = SIGNAL * SIGNAL, fault = FAULT * FAULT, noise = NOISE * NOISE;
  for (int i = 0; i < 4; i++) {
    const PctRepeatPoint *point = &curve->points[i];
    int n = 1 << i;
    g_assert_cmpint(point->n, ==, n);
    g_assert_cmpint(point->n_pictures, ==, (IMAGES - 1) * (REPEATS / n));
    g_assert_cmpfloat_with_epsilon(point->score.mean[PCT_FRAME_FULL][PCT_MEASURE_MSE], fault + noise / n, 1e-3);
    double correlation = sqrt(signal / (signal + fault + noise / n));
    g_assert_cmpfloat_with_epsilon(point->score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], correlation, 1e-5);
    // The mean train image is flat here: without it, pictures correlate as with it.
    g_assert_cmpfloat_with_epsilon(point->score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR_CENTRED], correlation, 1e-5);
    g_assert_cmpfloat(point->score.mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION], ==, 1);
    // 1/n of the rows, and the halves are means of 4 once more.
    int expected = point->n_pictures + (n == REPEATS / 2 ? 2 * (IMAGES - 1) : 0);
    g_assert_cmpint(((Copier *)decoder)->asked[n], ==, expected);
  }
  g_assert_cmpfloat_with_epsilon(curve->limit.mean[PCT_FRAME_FULL][PCT_MEASURE_MSE], fault, 1e-2);
  // The noise of every image is alike, so no draw differs from another.
  PctInterval interval = curve->limit.interval[PCT_FRAME_FULL][PCT_MEASURE_MSE];
  g_assert_cmpfloat_with_epsilon(interval.low, fault, 1e-2);
  g_assert_cmpfloat_with_epsilon(interval.high, fault, 1e-2);
  g_assert_cmpfloat_with_epsilon(curve->limit.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], sqrt(signal / (signal + fault)),
                                 2e-3);
  g_assert_true(isnan(curve->limit.mean[PCT_FRAME_FULL][PCT_MEASURE_SSIM]));

  // Signal and fault are both halves' own; the noise is not.
  g_assert_cmpint(curve->half, ==, REPEATS / 2);
  g_assert_cmpfloat_with_epsilon(curve->halves.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR],
                                 (signal + fault) / (signal + fault + noise / (REPEATS / 2)), 1e-5);
  g_assert_cmpfloat(curve->halves.mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION], ==, 1);
  g_assert_true(isnan(curve->halves.mean[PCT_FRAME_FULL][PCT_MEASURE_MSE]));
}

// With fewer subsets fewer pictures, and the same answer, since any subset's noise is alike.
static void
test_subsets(void)
{
  g_autoptr(PctRecording) recording = recording_new(REPEATS, FALSE);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctDecoder) decoder = copier_new();
  PctRepeatOptions options = { .seed = 4, .most_subsets = 2 };
  g_autoptr(PctRepeatCurve) curve =
    pct_repeat_curve_new(decoder, recording, statistics, PCT_TIER_TEST, &options, NULL, NULL);
  g_assert_cmpint(curve->points[0].n_pictures, ==, 2 * (IMAGES - 1));
  g_assert_cmpint(curve->points[3].n_pictures, ==, IMAGES - 1);
  g_assert_cmpfloat_with_epsilon(curve->points[0].score.mean[PCT_FRAME_FULL][PCT_MEASURE_MSE],
                                 FAULT * FAULT + NOISE * NOISE, 1e-3);
}

static void
test_same_bits(void)
{
  g_autoptr(PctRecording) recording = recording_new(6, FALSE);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctDecoder) decoder = copier_new();
  g_autoptr(PctRepeatCurve) first = pct_repeat_curve_new(decoder, recording, statistics, PCT_TIER_TEST,
                                                         &PCT_REPEAT_OPTIONS_DEFAULT, NULL, NULL);
  // 1, 2, 4 and all six.
  g_assert_cmpint(first->n_points, ==, 4);
  g_assert_cmpint(first->points[3].n, ==, 6);
  for (guint threads = 1; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    PctRun run = { .pool = pool };
    g_autoptr(PctRepeatCurve) again = pct_repeat_curve_new(decoder, recording, statistics, PCT_TIER_TEST,
                                                           &PCT_REPEAT_OPTIONS_DEFAULT, &run, NULL);
    g_assert_cmpmem(first->points, 4 * sizeof *first->points, again->points, 4 * sizeof *again->points);
    g_assert_cmpmem(&first->limit, sizeof first->limit, &again->limit, sizeof again->limit);
    g_assert_cmpmem(&first->halves, sizeof first->halves, &again->halves, sizeof again->halves);
  }
}

static gboolean
stop_after(const PctProgress *progress, gpointer data)
{
  return --*(int *)data >= 0;
}

static void
test_cancel(void)
{
  g_autoptr(PctRecording) recording = recording_new(REPEATS, FALSE);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctDecoder) decoder = copier_new();
  int n_stopped = 0;
  for (int after = 0;; after++) {
    int left = after;
    PctRun run = { stop_after, &left, NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(PctRepeatCurve) curve = pct_repeat_curve_new(decoder, recording, statistics, PCT_TIER_TEST,
                                                           &PCT_REPEAT_OPTIONS_DEFAULT, &run, &error);
    if (curve)
      break;
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
    n_stopped++;
  }
  g_assert_cmpint(n_stopped, >, 10);
}

static void
refuses(PctRecording *recording, PctTier tier, int code, const char *says)
{
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctDecoder) decoder = copier_new();
  g_autoptr(GError) error = NULL;
  if (code == PCT_ERROR_SHAPE)
    decoder->n_neurons++;
  g_assert_null(pct_repeat_curve_new(decoder, recording, statistics, tier, &PCT_REPEAT_OPTIONS_DEFAULT, NULL, &error));
  g_assert_error(error, PCT_ERROR, code);
  g_assert_nonnull(strstr(error->message, says));
}

static void
test_refusals(void)
{
  g_autoptr(PctRecording) recording = recording_new(REPEATS, FALSE);
  g_autoptr(PctRecording) averaged = recording_new(REPEATS, TRUE);
  g_autoptr(PctRecording) once = recording_new(1, FALSE);
  refuses(averaged, PCT_TIER_TEST, PCT_ERROR_UNSUPPORTED, "means over repeats already");
  refuses(once, PCT_TIER_TEST, PCT_ERROR_UNSUPPORTED, "more than once");
  refuses(recording, PCT_TIER_TRAIN, PCT_ERROR_UNSUPPORTED, "more than once");
  refuses(recording, PCT_TIER_VALIDATION, PCT_ERROR_UNSUPPORTED, "more than once");
  refuses(recording, PCT_TIER_TEST, PCT_ERROR_SHAPE, "65 neurons");
}

// Laws of the form are found again; a correlation that noise attenuates nearly; and what cannot be told is not said.
static void
test_limit(void)
{
  const double n[] = { 1, 2, 4, 8, 16 };
  double values[5], k;
  for (int i = 0; i < 5; i++)
    values[i] = 0.6 - 0.5 / n[i];
  g_assert_cmpfloat_with_epsilon(pct_repeat_limit(n, values, 5, &k), 0.6, 1e-9);
  g_assert_cmpfloat(k, ==, 0);
  g_assert_cmpfloat_with_epsilon(pct_repeat_limit(n, values, 3, &k), 0.6, 1e-9);
  for (int i = 0; i < 5; i++)
    values[i] = 3000 + 900 / (n[i] + 2.5);
  g_assert_cmpfloat_with_epsilon(pct_repeat_limit(n, values, 5, &k), 3000, 2);
  g_assert_cmpfloat_with_epsilon(k, 2.5, 0.2);
  for (double v = 0.1; v < 5; v *= 2) {
    for (int i = 0; i < 5; i++)
      values[i] = 0.7 / sqrt(1 + v / n[i]);
    g_assert_cmpfloat_with_epsilon(pct_repeat_limit(n, values, 5, &k), 0.7, 0.01);
  }
  for (int i = 0; i < 5; i++)
    values[i] = 0.5;
  g_assert_cmpfloat_with_epsilon(pct_repeat_limit(n, values, 5, &k), 0.5, 1e-12);
  g_assert_true(isnan(pct_repeat_limit(n, values, 2, &k)));
  values[2] = NAN;
  g_assert_true(isnan(pct_repeat_limit(n, values, 5, NULL)));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/repeat-curve/known", test_known);
  g_test_add_func("/repeat-curve/subsets", test_subsets);
  g_test_add_func("/repeat-curve/same-bits", test_same_bits);
  g_test_add_func("/repeat-curve/cancel", test_cancel);
  g_test_add_func("/repeat-curve/refusals", test_refusals);
  g_test_add_func("/repeat-curve/limit", test_limit);
  return g_test_run();
}
