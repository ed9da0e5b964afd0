// SPDX-License-Identifier: GPL-3.0-or-later
// The model that the demo ships with still fits the demo and scores what it did when it was made: better than ridge in
// SSIM, with z that matters, in at most 8 MB. If the demo or the cgan changes, resources/make-demo-models makes it anew.
#include "config.h"
#include <glib/gstdio.h>
#include <math.h>
#include "base/blas.h"
#include "base/random.h"
#include "data/demo.h"
#include "decode/evaluate.h"
#include "decode/model-folder.h"

#define FOLDER PCT_SOURCE_DIR "/resources/demo-models/cgan"

static PctRecording *demo;
static PctPool *pool;

static PctScore *
score(const PctDecoder *decoder, gboolean averaged)
{
  PctRun run = { .pool = pool };
  g_autoptr(PctScoreSet) set = pct_score_set_new(demo, PCT_TIER_TEST, averaged);
  g_autoptr(GError) error = NULL;
  PctScore *result = pct_decoder_score(decoder, set, NULL, &run, &error);
  g_assert_no_error(error);
  return result;
}

static void
test_fits(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctModelInfo) info = pct_model_info_load(FOLDER, pct_decoder_find_kind, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(info->kind->kind, ==, "cgan");
  g_assert_true(info->finished);
  g_assert_cmpint(info->n_neurons, ==, pct_recording_get_n_neurons(demo));
  GStatBuf status;
  g_assert_cmpint(g_stat(FOLDER "/weights.safetensors", &status), ==, 0);
  g_assert_cmpint(status.st_size, <=, 8 * 1000 * 1000);
  g_assert_cmpint(g_stat(FOLDER "/curves.csv", &status), ==, 0);
}

static void
test_scores(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = pct_decoder_load(FOLDER, &error);
  g_assert_no_error(error);
  g_autoptr(PctScore) single = score(decoder, FALSE), averaged = score(decoder, TRUE);
  g_test_message("single PixCorr %.4f SSIM %.4f; mean of 8 PixCorr %.4f SSIM %.4f", single->mean[0][PCT_MEASURE_PIXCORR],
                 single->mean[0][PCT_MEASURE_SSIM], averaged->mean[0][PCT_MEASURE_PIXCORR],
                 averaged->mean[0][PCT_MEASURE_SSIM]);
  // Ridge has .708, .389 and .794, .491.
  g_assert_cmpfloat(single->mean[0][PCT_MEASURE_PIXCORR], >, 0.70);
  g_assert_cmpfloat(single->mean[0][PCT_MEASURE_SSIM], >, 0.40);
  g_assert_cmpfloat(averaged->mean[0][PCT_MEASURE_PIXCORR], >, 0.78);
  g_assert_cmpfloat(averaged->mean[0][PCT_MEASURE_SSIM], >, 0.49);
}

// Different z give different pictures.
static void
test_draws(void)
{
  g_autoptr(PctDecoder) decoder = pct_decoder_load(FOLDER, NULL);
  gsize m = (gsize)decoder->n_neurons, pixels = (gsize)decoder->height * decoder->width, draws = 16;
  gsize latent = (gsize)pct_decoder_get_latent(decoder);
  g_assert_cmpuint(latent, ==, 32);
  g_autofree float *responses = g_new(float, draws * m), *z = g_new(float, draws * latent), *images = g_new(float, draws * pixels);
  int n;
  const int *test = pct_recording_get_tier_images(demo, PCT_TIER_TEST, &n);
  for (gsize d = 0; d < draws; d++)
    pct_recording_read_mean_responses(demo, test[0], responses + d * m);
  pct_random_fill_normal(z, draws * latent, 3, 3);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, draws, 8, z, images, NULL, NULL));
  double spread = 0;
  for (gsize p = 0; p < pixels; p++) {
    double sum = 0, square = 0;
    for (gsize d = 0; d < draws; d++) {
      sum += images[d * pixels + p] / (double)draws;
      square += images[d * pixels + p] * images[d * pixels + p] / (double)draws;
    }
    spread += sqrt(MAX(square - sum * sum, 0)) / (double)pixels;
  }
  g_test_message("spread over 16 draws: %.2f grey levels", spread);
  g_assert_cmpfloat(spread, >, 3);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(GError) error = NULL;
  demo = pct_demo_new(PCT_DEMO_SEED, &run, &error);
  g_assert_no_error(error);
  g_test_add_func("/decode/demo-model/fits", test_fits);
  g_test_add_func("/decode/demo-model/scores", test_scores);
  g_test_add_func("/decode/demo-model/draws", test_draws);
  int result = g_test_run();
  pct_recording_unref(demo);
  pct_pool_free(pool);
  return result;
}
