// SPDX-License-Identifier: GPL-3.0-or-later
// The inverted encoder: it finds images again, it is the same bits again, more trials make it bolder, it
// stops anywhere, never looks at the test tier, and carries its encoder through disk. And the noise model it rests on:
// its inverse is the inverse, and it finds modes where there are some and none where there are none.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "decode/evaluate.h"
#include "decode/invert.h"
#include "decoder-checks.h"
#include "encoder-recording.h"

static const EncoderRecording usual = { 120, 40, 12, 0.5, FALSE };

typedef struct {
  PctEncoder *encoder;
  PctRecording *recording;
  PctStatistics *statistics;
  PctOptionValues *options;
  PctPool *pool;
} Fixture;

static void
set_up(Fixture *f, EncoderRecording options)
{
  f->encoder = encoder_recording_new_encoder();
  f->recording = encoder_recording_new(&options, f->encoder);
  f->statistics = pct_statistics_new(f->recording, NULL, NULL);
  f->options = pct_option_values_new(pct_invert_class.about.options);
  g_assert_true(pct_option_values_parse(f->options, "components=24", NULL));
  g_assert_true(pct_option_values_parse(f->options, "mirrored=false", NULL));
  g_assert_true(pct_option_values_parse(f->options, "model_error=0.01", NULL));
  f->pool = pct_pool_new(2, 0);
}

static void
fixture_clear(Fixture *f)
{
  pct_encoder_unref(f->encoder);
  pct_recording_unref(f->recording);
  pct_statistics_free(f->statistics);
  pct_option_values_free(f->options);
  pct_pool_free(f->pool);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_clear)

typedef struct {
  int heard, stop_at;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  return ++listener->heard != listener->stop_at;
}

static PctDecoder *
fit(const Fixture *f, gboolean threads, Listener *listener, GError **error)
{
  PctFit what = { .recording = f->recording, .statistics = f->statistics, .options = f->options, .seed = 3,
                  .encoder = f->encoder };
  PctRun run = { listener ? listen : NULL, listener, threads ? f->pool : NULL };
  return pct_decoder_fit(&pct_invert_class, &what, &run, error);
}

// Mean PixCorr over the test tier.
static double
score(const Fixture *f, const PctDecoder *decoder)
{
  g_autoptr(PctScoreSet) set = pct_score_set_new(f->recording, PCT_TIER_TEST, FALSE);
  PctRun run = { .pool = f->pool };
  g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, &run, NULL);
  return score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
}

static void
test_finds_images(void)
{
  g_auto(Fixture) f = { 0 };
  EncoderRecording quiet = usual;
  quiet.noise = 0.1;
  set_up(&f, quiet);
  g_assert_true(pct_option_values_parse(f.options, "passes=60", NULL));
  static const char *const starts[] = { "start=linear", "start=grey" };
  for (int i = 0; i < 2; i++) {
    g_autoptr(GError) error = NULL;
    g_assert_true(pct_option_values_parse(f.options, starts[i], NULL));
    g_autoptr(PctDecoder) decoder = fit(&f, TRUE, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(score(&f, decoder), >, 0.9);
  }
  // As described, or with the other loss: worse, but no other pictures.
  static const char *const others[] = { "loss=poisson", "preset=literal" };
  for (int i = 0; i < 2; i++) {
    g_assert_true(pct_option_values_parse(f.options, others[i], NULL));
    g_autoptr(PctDecoder) decoder = fit(&f, TRUE, NULL, NULL);
    g_assert_cmpfloat(score(&f, decoder), >, 0.5);
  }
}

// The prior matters with noise, and gives way to more trials.
static void
test_noise(void)
{
  g_auto(Fixture) f = { 0 };
  EncoderRecording loud = usual;
  loud.noise = 3;
  set_up(&f, loud);
  g_autoptr(PctDecoder) decoder = fit(&f, TRUE, NULL, NULL), loose = NULL;
  g_assert_true(pct_option_values_parse(f.options, "strength=0.001", NULL));
  loose = fit(&f, TRUE, NULL, NULL);
  g_assert_cmpfloat(score(&f, decoder), >, score(&f, loose) + 0.02);
  gsize m = 40, p = 12 * 16;
  g_autofree float *responses = g_new(float, m), *one = g_new(float, p), *many = g_new(float, p);
  pct_recording_read_responses(f.recording, 3, responses);
  double away[2] = { 0 };
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, one, NULL, NULL));
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 50, NULL, many, NULL, NULL));
  for (gsize i = 0; i < p; i++) {
    away[0] += pow(one[i] - f.statistics->mean_image[i], 2);
    away[1] += pow(many[i] - f.statistics->mean_image[i], 2);
  }
  g_assert_cmpfloat(away[1], >, 1.2 * away[0]);
}

static void
test_same_bits(void)
{
  static const char *const variants[] = { "modes=20", "start=grey", "loss=poisson", "preset=literal" };
  g_auto(Fixture) f = { 0 };
  set_up(&f, usual);
  for (guint i = 0; i < G_N_ELEMENTS(variants); i++) {
    g_assert_true(pct_option_values_parse(f.options, variants[i], NULL));
    g_autoptr(PctDecoder) one = fit(&f, TRUE, NULL, NULL), two = fit(&f, TRUE, NULL, NULL);
    g_autoptr(PctDecoder) alone = fit(&f, FALSE, NULL, NULL);
    g_assert_true(decoders_are_same(one, two));
    g_assert_true(decoders_are_same(one, alone));
  }
}

static void
test_never_sees_test(void)
{
  g_auto(Fixture) f = { 0 }, g = { 0 };
  EncoderRecording other = usual;
  other.scrambled_test = TRUE;
  set_up(&f, usual);
  set_up(&g, other);
  g_assert_cmpstr(pct_recording_get_fingerprint(f.recording), !=, pct_recording_get_fingerprint(g.recording));
  g_autoptr(PctDecoder) one = fit(&f, TRUE, NULL, NULL), two = fit(&g, TRUE, NULL, NULL);
  g_assert_true(decoders_are_same(one, two));
}

// Without a validation tier the prior has its own strength.
static void
test_no_validation(void)
{
  g_auto(Fixture) f = { 0 };
  EncoderRecording none = usual;
  none.n_validation = 0;
  set_up(&f, none);
  g_autoptr(PctDecoder) decoder = fit(&f, TRUE, NULL, NULL);
  g_assert_cmpfloat(((PctInvert *)decoder)->strength, ==, 1);
  g_assert_cmpint(((PctInvert *)decoder)->passes, >, 1);
  g_assert_cmpfloat(score(&f, decoder), >, 0.5);
}

// Squared error over the validation tier, all of it at once as when it was chosen.
static double
validation_error(const Fixture *f, const PctDecoder *decoder)
{
  int n;
  const int *trials = pct_recording_get_tier_trials(f->recording, PCT_TIER_VALIDATION, &n);
  gsize p = 12 * 16;
  g_autofree float *responses = g_new(float, (gsize)n * 40), *images = g_new(float, (gsize)n * p);
  g_autofree float *original = g_new(float, p);
  pct_recording_read_trials(f->recording, trials, n, responses);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, (gsize)n, 1, NULL, images, NULL, NULL));
  double sum = 0;
  for (int i = 0; i < n; i++) {
    pct_recording_read_image(f->recording, pct_recording_get_trial_image(f->recording, trials[i]), original);
    for (gsize j = 0; j < p; j++)
      sum += pow((double)images[(gsize)i * p + j] - original[j], 2);
  }
  return sum;
}

// One descent told what every number of passes would leave: none of them leaves less than the chosen one. Given
// numbers are not touched.
static void
test_passes(void)
{
  static const char *const variants[] = { "strength=1", "loss=poisson", "preset=literal" };
  g_auto(Fixture) f = { 0 };
  EncoderRecording loud = usual;
  loud.noise = 2;
  set_up(&f, loud);
  for (guint i = 0; i < G_N_ELEMENTS(variants); i++) {
    g_assert_true(pct_option_values_parse(f.options, variants[i], NULL));
    g_assert_true(pct_option_values_parse(f.options, "passes=0", NULL));
    g_autoptr(PctDecoder) decoder = fit(&f, TRUE, NULL, NULL);
    PctInvert *invert = (PctInvert *)decoder;
    int chosen = invert->passes;
    g_assert_cmpint(chosen, >=, 1);
    double least = validation_error(&f, decoder);
    for (invert->passes = 1; invert->passes <= 12; invert->passes++)
      g_assert_true(validation_error(&f, decoder) > least || (invert->passes >= chosen &&
                                                               validation_error(&f, decoder) == least));
    g_assert_true(pct_option_values_parse(f.options, "passes=3", NULL));
    g_autoptr(PctDecoder) given = fit(&f, TRUE, NULL, NULL);
    g_assert_cmpint(((PctInvert *)given)->passes, ==, 3);
  }
}

static void
test_cancel(void)
{
  g_auto(Fixture) f = { 0 };
  set_up(&f, usual);
  Listener all = { 0 };
  g_autoptr(PctDecoder) whole = fit(&f, TRUE, &all, NULL);
  g_assert_cmpint(all.heard, >, 50);
  for (int i = 1; i <= all.heard; i += 1 + all.heard / 40) {
    Listener listener = { 0, i };
    g_autoptr(GError) error = NULL;
    g_assert_null(fit(&f, TRUE, &listener, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  }
  gsize m = 40, p = 12 * 16;
  g_autofree float *responses = g_new0(float, 70 * m), *images = g_new(float, 70 * p);
  Listener reports = { 0 };
  PctRun run = { listen, &reports, NULL };
  g_assert_true(pct_decoder_reconstruct(whole, responses, 70, 1, NULL, images, &run, NULL));
  g_assert_cmpint(reports.heard, >, 5);
  for (int i = 1; i <= reports.heard; i++) {
    Listener listener = { 0, i };
    PctRun stopped = { listen, &listener, NULL };
    g_autoptr(GError) error = NULL;
    g_assert_false(pct_decoder_reconstruct(whole, responses, 70, 1, NULL, images, &stopped, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  }
}

static void
test_round_trip(void)
{
  static const char *const variants[] = { "modes=20", "start=grey", "loss=poisson", "preset=literal" };
  g_auto(Fixture) f = { 0 };
  set_up(&f, usual);
  gsize m = 40, p = 12 * 16;
  g_autofree float *responses = g_new(float, 5 * m), *one = g_new(float, 5 * p), *two = g_new(float, 5 * p);
  for (int i = 0; i < 5; i++)
    pct_recording_read_responses(f.recording, i, responses + (gsize)i * m);
  for (guint i = 0; i < G_N_ELEMENTS(variants); i++) {
    g_assert_true(pct_option_values_parse(f.options, variants[i], NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(PctDecoder) decoder = fit(&f, TRUE, NULL, NULL);
    g_autoptr(PctTensors) tensors = pct_tensors_new(), spoilt = pct_tensors_new();
    decoder->klass->save(decoder, tensors);
    g_autoptr(PctDecoder) loaded = pct_invert_class.load(tensors, f.options, &error);
    g_assert_no_error(error);
    g_assert_true(pct_decoder_reconstruct(decoder, responses, 5, 1, NULL, one, NULL, NULL));
    g_assert_true(pct_decoder_reconstruct(loaded, responses, 5, 1, NULL, two, NULL, NULL));
    g_assert_cmpmem(one, 5 * p * sizeof(float), two, 5 * p * sizeof(float));
    // Any array missing or of another shape is a sentence.
    for (guint left = 0; left < pct_tensors_get_n(tensors); left++) {
      const char *name = pct_tensors_get(tensors, left)->name;
      // The encoder's own arrays are its loader's affair.
      if ((g_str_has_prefix(name, "core.") && !strstr(name, "layer0")) ||
          g_str_has_prefix(name, "core._") || strstr(name, "num_batches") ||
          (g_str_has_prefix(name, "readout.") && !g_str_has_suffix(name, "_features")))
        continue;
      for (int how = 0; how < 2; how++) {
        g_autoptr(PctTensors) bad = pct_tensors_new();
        for (guint j = 0; j < pct_tensors_get_n(tensors); j++) {
          const PctTensor *tensor = pct_tensors_get(tensors, j);
          if (j != left)
            pct_tensors_add(bad, tensor->name, tensor->values, tensor->rank, tensor->shape);
          else if (how)
            pct_tensors_add(bad, tensor->name, (float[]){ 1, 2, 3 }, 2, (gsize[]){ 1, 3 });
        }
        g_autoptr(GError) sentence = NULL;
        g_autoptr(PctDecoder) none = pct_invert_class.load(bad, f.options, &sentence);
        g_assert_null(none);
        g_assert_nonnull(sentence);
      }
    }
  }
}

// Numbers that no fit writes.
static void
test_refuses(void)
{
  static const struct { const char *name; float value; } spoils[] = {
    { "passes", 0 }, { "passes", 1001 }, { "passes", NAN }, { "strength", 0 }, { "strength", INFINITY },
  };
  g_auto(Fixture) f = { 0 };
  set_up(&f, usual);
  g_autoptr(PctDecoder) decoder = fit(&f, TRUE, NULL, NULL);
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  decoder->klass->save(decoder, tensors);
  for (guint i = 0; i < G_N_ELEMENTS(spoils); i++) {
    g_autoptr(PctTensors) bad = pct_tensors_new();
    for (guint j = 0; j < pct_tensors_get_n(tensors); j++) {
      const PctTensor *tensor = pct_tensors_get(tensors, j);
      gboolean spoilt = strcmp(tensor->name, spoils[i].name) == 0;
      pct_tensors_add(bad, tensor->name, spoilt ? &spoils[i].value : tensor->values, tensor->rank, tensor->shape);
    }
    g_autoptr(GError) sentence = NULL;
    g_assert_null(pct_invert_class.load(bad, f.options, &sentence));
    g_assert_error(sentence, PCT_ERROR, PCT_ERROR_FORMAT);
  }
}

// One vector alone is the same picture as among others, but for rounding; and in a session it is that to the bit,
// whatever the session has shown before.
static void
test_session(void)
{
  g_auto(Fixture) f = { 0 };
  set_up(&f, usual);
  g_autoptr(PctDecoder) decoder = fit(&f, TRUE, NULL, NULL);
  gsize m = 40, p = 12 * 16, size = p * sizeof(float);
  g_autofree float *responses = g_new(float, 40 * m), *images = g_new(float, 40 * p), *drawn = g_new(float, p);
  g_autofree float *alone = g_new(float, p);
  for (int i = 0; i < 40; i++)
    pct_recording_read_responses(f.recording, i, responses + (gsize)i * m);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 40, 1, NULL, images, NULL, NULL));
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, f.pool);
  session->set_responses(session, responses + m, 7);
  session->draw(session, drawn);
  g_assert_true(pct_decoder_reconstruct(decoder, responses + m, 1, 7, NULL, alone, NULL, NULL));
  g_assert_cmpmem(drawn, size, alone, size);
  session->set_responses(session, responses, 1);
  for (int i = 0; i < 40; i += 13) {
    for (gsize j = 0; j < m; j++) {
      session->set_response(session, (int)j, responses[(gsize)i * m + j]);
      if (j % 9 == 0)
        session->draw(session, drawn);
    }
    for (int again = 0; again < 2; again++) {
      session->draw(session, drawn);
      g_assert_true(pct_decoder_reconstruct(decoder, responses + (gsize)i * m, 1, 1, NULL, alone, NULL, NULL));
      g_assert_cmpmem(drawn, size, alone, size);
    }
    for (gsize j = 0; j < p; j++)
      g_assert_cmpfloat_with_epsilon(drawn[j], images[(gsize)i * p + j], 0.5);
  }
}

// S^-1 against S, and modes that are there or not.
static void
test_response_noise(void)
{
  gsize n = 300, m = 120;
  g_autofree float *rows = g_new(float, n * m), *shared = g_new(float, 2 * n), *loading = g_new(float, 2 * m);
  g_autofree float *scratch = g_new(float, n * m);
  for (int planted = 0; planted <= 2; planted += 2) {
    pct_random_fill_normal(rows, n * m, 1, 1);
    pct_random_fill_normal(shared, 2 * n, 1, 2);
    pct_random_fill_normal(loading, 2 * m, 1, 3);
    for (gsize t = 0; t < n; t++)
      for (gsize i = 0; i < m; i++) {
        for (int k = 0; k < planted; k++)
          rows[t * m + i] += 0.7f * shared[2 * t + (gsize)k] * loading[(gsize)k * m + i];
        rows[t * m + i] *= 1 + (float)(i % 4);
      }
    g_autoptr(PctResponseNoise) noise = pct_response_noise_new(rows, n, m, 20, NULL, NULL);
    g_assert_cmpuint(noise->rank, ==, (gsize)planted);
    // Total variances are the sample's.
    for (gsize i = 0; i < m; i++) {
      double variance = noise->diagonal[i], sample = 0;
      for (gsize k = 0; k < noise->rank; k++)
        variance += noise->modes[k * m + i] * noise->modes[k * m + i];
      for (gsize t = 0; t < n; t++)
        sample += rows[t * m + i] * rows[t * m + i] / (double)n;
      g_assert_cmpfloat_with_epsilon(variance, sample, 1e-3 * sample);
    }
    pct_response_noise_scale(noise, 2.5);
    g_autoptr(PctResponseNoise) like = pct_response_noise_new_share(rows, n, m, 10, 0.5, NULL, NULL);
    g_autoptr(PctResponseNoise) more = pct_response_noise_new_sum(noise, like, 3);
    g_assert_cmpuint(more->rank, ==, noise->rank + 10);
    for (gsize i = 0; i < m; i++) {
      double variance = like->diagonal[i], sample = 0, mean = 0;
      for (gsize k = 0; k < like->rank; k++)
        variance += like->modes[k * m + i] * like->modes[k * m + i];
      for (gsize t = 0; t < n; t++) {
        sample += rows[t * m + i] * rows[t * m + i] / (double)n;
        mean += rows[t * m + i] / (double)n;
      }
      g_assert_cmpfloat_with_epsilon(variance, 0.5 * (sample - mean * mean), 2e-3 * sample);
    }
    g_autofree float *vector = g_new(float, m), *product = g_new0(float, m);
    pct_random_fill_normal(vector, m, 1, 4);
    for (gsize i = 0; i < m; i++)
      for (gsize j = 0; j < m; j++) {
        double covariance = i == j ? more->diagonal[i] : 0;
        for (gsize k = 0; k < more->rank; k++)
          covariance += (double)more->modes[k * m + i] * more->modes[k * m + j];
        product[i] += (float)covariance * vector[j];
      }
    pct_response_noise_solve(more, product, 1, scratch, NULL);
    for (gsize i = 0; i < m; i++)
      g_assert_cmpfloat_with_epsilon(product[i], vector[i], 2e-3);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  g_test_add_func("/decode/invert/response-noise", test_response_noise);
  g_test_add_func("/decode/invert/finds-images", test_finds_images);
  g_test_add_func("/decode/invert/noise", test_noise);
  g_test_add_func("/decode/invert/same-bits", test_same_bits);
  g_test_add_func("/decode/invert/never-sees-test", test_never_sees_test);
  g_test_add_func("/decode/invert/no-validation", test_no_validation);
  g_test_add_func("/decode/invert/passes", test_passes);
  g_test_add_func("/decode/invert/cancel", test_cancel);
  g_test_add_func("/decode/invert/round-trip", test_round_trip);
  g_test_add_func("/decode/invert/refuses", test_refuses);
  g_test_add_func("/decode/invert/session", test_session);
  return g_test_run();
}
