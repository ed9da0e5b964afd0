// SPDX-License-Identifier: GPL-3.0-or-later
// A neuron's filter is what its response adds to a linear decoder's picture; its pattern is a covariance, against plain
// loops.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "decode/neuron-effect.h"
#include "small-options.h"
#include "small-recording.h"

static const SmallRecording small = { 300, 20, 8, 20, 9, 11, 0.5, 3, .gratings = TRUE };

typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  PctDecoder *decoder;
  gsize m, p;
} Fixture;

static void
set_up(Fixture *f, const char *kind)
{
  f->recording = small_recording_new(&small);
  f->statistics = pct_statistics_new(f->recording, NULL, NULL);
  const PctDecoderClass *klass = pct_decoder_find_class(kind);
  g_autoptr(PctOptionValues) options = small_options_new(klass->about.options);
  PctFit fit = { .recording = f->recording, .statistics = f->statistics, .options = options, .seed = 3 };
  g_autoptr(GError) error = NULL;
  f->decoder = pct_decoder_fit(klass, &fit, NULL, &error);
  g_assert_no_error(error);
  f->m = (gsize)small.n_neurons;
  f->p = (gsize)(small.height * small.width);
}

static void
tear_down(Fixture *f)
{
  pct_decoder_unref(f->decoder);
  pct_statistics_free(f->statistics);
  pct_recording_unref(f->recording);
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

// Of a linear decoder the filter is the same everywhere, and two pictures' difference.
static void
test_filter(void)
{
  Fixture f;
  set_up(&f, "ridge");
  g_autofree float *responses = g_new(float, 2 * f.m), *pictures = g_new(float, 2 * f.p), *filter = g_new(float, f.p);
  for (int i = 0; i < 3; i++) {
    int neuron = 7 * i;
    pct_recording_read_responses(f.recording, i, responses);
    memcpy(responses + f.m, responses, f.m * sizeof(float));
    responses[f.m + (gsize)neuron] += 2;
    g_assert_true(pct_decoder_reconstruct(f.decoder, responses, 2, 1, NULL, pictures, NULL, NULL));
    g_assert_true(pct_neuron_filter(f.decoder, responses, 1, NULL, neuron, 0.5f, filter, NULL, NULL));
    for (gsize j = 0; j < f.p; j++)
      g_assert_cmpfloat_with_epsilon(filter[j], (pictures[f.p + j] - pictures[j]) / 4, 2e-3);
  }
  tear_down(&f);
}

// Of a network it is the slope here, at this z, and agrees with the pullback.
static void
test_filter_of_network(void)
{
  Fixture f;
  set_up(&f, "cgan");
  gsize latent = (gsize)pct_decoder_get_latent(f.decoder);
  g_autofree float *responses = g_new(float, f.m), *z = g_new(float, latent), *filter = g_new(float, f.p);
  g_autofree float *cotangent = g_new0(float, f.p), *slopes = g_new(float, f.m);
  pct_recording_read_responses(f.recording, 4, responses);
  for (gsize i = 0; i < latent; i++)
    z[i] = (float)sin((double)i);
  cotangent[37] = 1;
  g_assert_true(pct_decoder_pullback(f.decoder, responses, 1, z, cotangent, slopes, NULL, NULL));
  for (int neuron = 0; neuron < (int)f.m; neuron += 6) {
    float scale = f.statistics->response_scale[neuron];
    g_assert_true(pct_neuron_filter(f.decoder, responses, 1, z, neuron, scale, filter, NULL, NULL));
    g_assert_cmpfloat_with_epsilon(filter[37], slopes[neuron] * scale, 0.02 * fabs(filter[37]) + 0.02);
  }
  PctRun run = { stop, NULL, NULL };
  g_autoptr(GError) error = NULL;
  g_assert_false(pct_neuron_filter(f.decoder, responses, 1, z, 0, 1, filter, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  tear_down(&f);
}

static void
test_pattern(void)
{
  Fixture f;
  set_up(&f, "ridge");
  int n;
  const int *trials = pct_recording_get_tier_trials(f.recording, PCT_TIER_TRAIN, &n);
  g_autofree float *pattern = g_new(float, f.p), *image = g_new(float, f.p), *responses = g_new(float, f.m);
  for (int neuron = 0; neuron < (int)f.m; neuron += 9) {
    g_autofree double *products = g_new0(double, f.p), *sums = g_new0(double, f.p);
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
      pct_recording_read_responses(f.recording, trials[i], responses);
      pct_recording_read_image(f.recording, pct_recording_get_trial_image(f.recording, trials[i]), image);
      double r = responses[neuron];
      sum += r;
      squares += r * r;
      for (gsize j = 0; j < f.p; j++) {
        products[j] += r * image[j];
        sums[j] += image[j];
      }
    }
    double spread = sqrt(squares / n - sum / n * (sum / n));
    g_assert_true(pct_neuron_pattern(f.recording, f.statistics, neuron, pattern, NULL, NULL));
    for (gsize j = 0; j < f.p; j++)
      g_assert_cmpfloat_with_epsilon(pattern[j], (products[j] / n - sum / n * (sums[j] / n)) / spread, 2e-3);
  }
  // One that always answers alike says nothing of any image.
  f.statistics->response_std[2] = 0;
  g_assert_true(pct_neuron_pattern(f.recording, f.statistics, 2, pattern, NULL, NULL));
  for (gsize j = 0; j < f.p; j++)
    g_assert_cmpfloat(pattern[j], ==, 0);
  PctRun run = { stop, NULL, NULL };
  g_autoptr(GError) error = NULL;
  g_assert_false(pct_neuron_pattern(f.recording, f.statistics, 0, pattern, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  tear_down(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/decode/neuron-effect/filter", test_filter);
  g_test_add_func("/decode/neuron-effect/filter-of-network", test_filter_of_network);
  g_test_add_func("/decode/neuron-effect/pattern", test_pattern);
  return g_test_run();
}
