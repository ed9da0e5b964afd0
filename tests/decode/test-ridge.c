// SPDX-License-Identifier: GPL-3.0-or-later
// Ridge regression against a naive solution of the normal equations in double; the penalties it chooses; its session;
// what every decoder promises; and, where the twin recording is there, the figures it must reach on it.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "data/recording-file.h"
#include "decode/evaluate.h"
#include "decode/ridge.h"
#include "decoder-checks.h"
#include "linear-naive.h"

// More neurons than trials, and the reverse; sizes beyond one block of the factorisation too.
static const SmallRecording few = { 30, 15, 8, 47, 5, 7, 0.7, 3 }, many = { 90, 30, 8, 23, 5, 7, 0.7, 3 };
// Fewer pixels than validation trials.
static const SmallRecording narrow = { 40, 60, 8, 47, 5, 7, 0.7, 3 };
static const SmallRecording wide = { 210, 40, 8, 260, 6, 9, 0.7, 3 }, tall = { 400, 40, 8, 210, 6, 9, 0.7, 3 };

static PctDecoder *
fit(const PctRecording *recording, const char *options, const PctRun *run, GError **error)
{
  DecoderCase what = { &pct_ridge_class, options, NULL, NULL };
  return decoder_case_fit(&what, recording, run, error);
}

// Train and validation tier, nothing taken from the engine.
typedef struct {
  NaiveTier train, held;
} Naive;

static void
naive_init(Naive *naive, const PctRecording *recording)
{
  naive_tier_init(&naive->train, recording, PCT_TIER_TRAIN);
  naive_tier_init(&naive->held, recording, PCT_TIER_VALIDATION);
}

static void
naive_clear(Naive *naive)
{
  naive_tier_clear(&naive->train);
  naive_tier_clear(&naive->held);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Naive, naive_clear)

// W (m,p), free with g_free.
static double *
naive_weights(const Naive *naive, double penalty)
{
  const NaiveTier *train = &naive->train;
  return naive_ridge(train->z, train->y, train->n, train->m, train->p, penalty);
}

// Squared error on validation by pixel, added up over the trials; out (p,).
static double
naive_errors(const Naive *naive, double penalty, double *out)
{
  const NaiveTier *held = &naive->held;
  g_autofree double *w = naive_weights(naive, penalty);
  g_autofree double *predicted = naive_product(held->z, w, held->n, held->m, held->p, FALSE);
  double sum = 0;
  memset(out, 0, (gsize)held->p * sizeof(double));
  for (int i = 0; i < held->n * held->p; i++) {
    double difference = predicted[i] - held->y[i];
    out[i % held->p] += difference * difference;
    sum += difference * difference;
  }
  return sum;
}

static void
test_against_naive(gconstpointer data)
{
  static const char *const penalties[] = { "penalty=0.5", "penalty=30", "penalty=2000" };
  g_autoptr(PctRecording) recording = small_recording_new(data);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_auto(Naive) naive = { 0 };
  naive_init(&naive, recording);
  for (guint i = 0; i < G_N_ELEMENTS(penalties); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PctDecoder) decoder = fit(recording, penalties[i], &run, &error);
    g_assert_no_error(error);
    g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
    const PctTensor *weight = pct_tensors_find(tensors, "weight");
    g_autofree double *expected = naive_weights(&naive, g_ascii_strtod(strchr(penalties[i], '=') + 1, NULL));
    naive_assert_close(weight->values, expected, weight->count, 2e-3);
  }
}

// Reconstruction = mean image + sum of z W, in single rows and in batches.
static void
test_reconstruct(void)
{
  g_autoptr(PctRecording) recording = small_recording_new(&few);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctDecoder) decoder = fit(recording, "penalty=30", NULL, NULL);
  g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
  const float *weight = pct_tensors_find(tensors, "weight")->values;
  enum { ROWS = 300 };
  gsize m = (gsize)decoder->n_neurons, p = (gsize)(decoder->height * decoder->width);
  g_autofree float *responses = g_new(float, ROWS * m), *images = g_new(float, ROWS * p);
  pct_random_fill_normal(responses, ROWS * m, 4, 4);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, ROWS, 1, NULL, images, NULL, NULL));
  for (gsize i = 0; i < ROWS; i += 37)
    for (gsize j = 0; j < p; j++) {
      double sum = statistics->mean_image[j];
      for (gsize k = 0; k < m; k++)
        sum += (responses[i * m + k] - statistics->response_mean[k]) / statistics->response_scale[k] *
               weight[k * p + j];
      g_assert_cmpfloat_with_epsilon(images[i * p + j], sum, 2e-3);
    }
}

static void
test_common_penalty(gconstpointer data)
{
  g_autoptr(PctRecording) recording = small_recording_new(data);
  g_autoptr(PctDecoder) decoder = fit(recording, NULL, NULL, NULL);
  g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
  const PctTensor *penalty = pct_tensors_find(tensors, "penalty");
  g_auto(Naive) naive = { 0 };
  naive_init(&naive, recording);
  g_autofree double *errors = g_new(double, naive.train.p);
  for (gsize i = 1; i < penalty->count; i++)
    g_assert_cmpfloat(penalty->values[i], ==, penalty->values[0]);
  double here = naive_errors(&naive, penalty->values[0], errors);
  for (int step = -8; step <= 8; step++) {  // nothing on a grid of 1.4 is better, near or far
    double there = naive_errors(&naive, penalty->values[0] * pow(1.4, step), errors);
    g_assert_cmpfloat(here, <=, there * (ABS(step) <= 1 ? 1.002 : 1));
  }
}

static void
test_per_pixel(gconstpointer data)
{
  g_autoptr(PctRecording) recording = small_recording_new(data);
  g_autoptr(PctDecoder) decoder = fit(recording, "per_pixel=true", NULL, NULL);
  g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
  const float *penalty = pct_tensors_find(tensors, "penalty")->values;
  const float *weight = pct_tensors_find(tensors, "weight")->values;
  g_auto(Naive) naive = { 0 };
  naive_init(&naive, recording);
  int p = naive.train.p;
  g_autofree double *here = g_new(double, p), *left = g_new(double, p), *right = g_new(double, p);
  gboolean differ = FALSE;
  for (int j = 0; j < naive.train.p; j += 3) {
    g_autofree double *expected = naive_weights(&naive, penalty[j]);
    for (int i = 0; i < naive.train.m; i++)
      g_assert_cmpfloat_with_epsilon(weight[i * naive.train.p + j], expected[i * naive.train.p + j], 0.02);
    naive_errors(&naive, penalty[j], here);
    naive_errors(&naive, penalty[j] / (4.0 / 3), left);
    naive_errors(&naive, penalty[j] * (4.0 / 3), right);
    // A pixel that nothing predicts takes the grid's last penalty, beyond which it may fall a little still.
    g_assert_cmpfloat(here[j], <=, left[j] * 1.0001);
    g_assert_cmpfloat(here[j], <=, right[j] * 1.001);
    differ |= penalty[j] != penalty[0];
  }
  g_assert_true(differ);
}

static void
test_promises(void)
{
  static const SmallRecording *const shapes[] = { &wide, &tall };
  DecoderCase what = { &pct_ridge_class, NULL, NULL, NULL };
  for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
    g_autoptr(PctRecording) recording = small_recording_new(shapes[s]);
    decoder_check_threads(&what, recording);
  }
  g_autoptr(PctRecording) recording = small_recording_new(&few);
  decoder_check_tiers(&what, &few);
  decoder_check_file(&what, recording);
  decoder_check_cancel(&what, recording);
  decoder_check_derivative(&what, recording);
}

// The test tier's responses do not matter; without a validation tier, a part of the train tier chooses the penalty.
static void
test_tiers(void)
{
  for (int validation = 0; validation <= 15; validation += 15) {
    SmallRecording options = few, other = few;
    options.n_validation = other.n_validation = validation;
    other.test_seed = 99;
    g_autoptr(PctRecording) a = small_recording_new(&options), b = small_recording_new(&other);
    g_autoptr(GError) error = NULL;
    g_autoptr(PctDecoder) first = fit(a, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(PctDecoder) second = fit(b, NULL, NULL, NULL), given = NULL;
    g_assert_true(decoders_are_same(first, second));
    // Whatever chose the penalty, all train trials are fitted with it.
    g_autoptr(PctTensors) tensors = decoder_dup_tensors(first);
    char assignment[64];
    g_snprintf(assignment, sizeof assignment, "penalty=%.17g", pct_tensors_find(tensors, "penalty")->values[0]);
    given = fit(a, assignment, NULL, NULL);
    g_assert_true(decoders_are_same(first, given));
  }
  SmallRecording tiny = { 3, 0, 2, 5, 4, 4, 0.5, 3 };
  g_autoptr(PctRecording) recording = small_recording_new(&tiny);
  g_autoptr(GError) error = NULL;
  g_assert_null(fit(recording, NULL, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
}

static void
test_session(void)
{
  g_autoptr(PctRecording) recording = small_recording_new(&few);
  g_autoptr(PctDecoder) decoder = fit(recording, NULL, NULL, NULL);
  gsize m = (gsize)decoder->n_neurons, p = (gsize)(decoder->height * decoder->width);
  g_autofree float *responses = g_new(float, m), *image = g_new(float, p), *expected = g_new(float, p);
  pct_recording_read_responses(recording, 0, responses);
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, NULL);
  session->set_responses(session, responses, 1);
  PctRandom random = pct_random(6, 6);
  for (int i = 0; i < 10000; i++) {
    guint32 neuron = pct_random_below(&random, (guint32)m);
    responses[neuron] = (float)(20 * pct_random_normal(&random));
    session->set_response(session, (int)neuron, responses[neuron]);
  }
  session->set_latent(session, NULL);
  session->draw(session, image);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, expected, NULL, NULL));
  for (gsize j = 0; j < p; j++)
    g_assert_cmpfloat_with_epsilon(image[j], expected[j], 0.01);
}

static void
test_silent_neurons(void)
{
  PctRecordingData data = { .name = g_strdup("silent"), .n_images = 20, .height = 3, .width = 4, .n_trials = 20,
                            .n_neurons = 6 };
  data.image_bytes = g_new0(guint8, 20 * 12);
  data.responses_float = g_new0(float, 20 * 6);
  data.tiers = g_new0(guint8, 20);
  for (int i = 0; i < 20; i++) {
    data.image_bytes[i * 12 + i % 12] = 255;
    data.tiers[i] = i >= 15 ? PCT_TIER_VALIDATION : PCT_TIER_TRAIN;
  }
  g_autoptr(PctRecording) recording = pct_recording_new_take(&data, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_null(fit(recording, NULL, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_DIVERGED);
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
  g_autoptr(PctDecoder) decoder = fit(recording, NULL, &run, &error);
  g_assert_no_error(error);
  // Single trials, means of eight: what a plain numpy ridge reaches, less a margin for another choice of penalty.
  static const double full[] = { 0.355, 0.41 }, central[] = { 0.60, 0.65 }, mse[] = { 3420, 3240 };
  static const double ssim[] = { 0.238, 0.275 }, identification[] = { 0.87, 0.90 };
  for (int averaged = 0; averaged < 2; averaged++) {
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, averaged);
    g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, &run, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], >=, full[averaged]);
    g_assert_cmpfloat(score->mean[PCT_FRAME_CENTRAL][PCT_MEASURE_PIXCORR], >=, central[averaged]);
    g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_MSE], <=, mse[averaged]);
    g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_SSIM], >=, ssim[averaged]);
    g_assert_cmpfloat(score->mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION], >=, identification[averaged]);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_data_func("/ridge/naive/dual", &few, test_against_naive);
  g_test_add_data_func("/ridge/naive/primal", &many, test_against_naive);
  g_test_add_data_func("/ridge/naive/dual-blocks", &wide, test_against_naive);
  g_test_add_data_func("/ridge/naive/primal-blocks", &tall, test_against_naive);
  g_test_add_func("/ridge/reconstruct", test_reconstruct);
  g_test_add_data_func("/ridge/penalty/dual", &few, test_common_penalty);
  g_test_add_data_func("/ridge/penalty/primal", &many, test_common_penalty);
  g_test_add_data_func("/ridge/penalty/narrow", &narrow, test_common_penalty);
  g_test_add_data_func("/ridge/per-pixel/dual", &few, test_per_pixel);
  g_test_add_data_func("/ridge/per-pixel/primal", &many, test_per_pixel);
  g_test_add_data_func("/ridge/per-pixel/narrow", &narrow, test_per_pixel);
  g_test_add_func("/ridge/promises", test_promises);
  g_test_add_func("/ridge/tiers", test_tiers);
  g_test_add_func("/ridge/session", test_session);
  g_test_add_func("/ridge/silent-neurons", test_silent_neurons);
  g_test_add_func("/ridge/twin", test_twin);
  return g_test_run();
}
