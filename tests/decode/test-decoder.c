// SPDX-License-Identifier: GPL-3.0-or-later
// The registry, what all kinds share, the generic session, and scoring a decoder, with a small decoder made here whose
// every picture is plain: pixel j = n_averaged * sum of responses + z + j.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "decode/evaluate.h"
#include "small-recording.h"

static int alive, batches, largest_batch;

static void
plain_free(PctDecoder *decoder)
{
  alive--;
  g_free(decoder);
}

static int
plain_latent(const PctDecoder *decoder)
{
  return 2;
}

static gboolean
plain_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
                  float *images, const PctRun *run, GError **error)
{
  gsize m = (gsize)decoder->n_neurons, p = (gsize)(decoder->height * decoder->width);
  batches++;
  largest_batch = MAX(largest_batch, (int)n);
  for (gsize i = 0; i < n; i++) {
    double sum = z ? z[i * 2] + z[i * 2 + 1] : 0;
    for (gsize j = 0; j < m; j++)
      sum += n_averaged * responses[i * m + j];
    for (gsize j = 0; j < p; j++)
      images[i * p + j] = (float)(sum + (double)j);
    if (!pct_run_step(run, (double)(i + 1), (double)n, error))
      return FALSE;
  }
  return TRUE;
}

static const PctDecoderClass plain_class = {
  .about = { .role = PCT_ROLE_DECODER, .kind = "plain" },
  .get_latent = plain_latent,
  .reconstruct = plain_reconstruct,
  .free = plain_free,
};

static PctDecoder *
plain_new(int n_neurons, int height, int width)
{
  PctDecoder *decoder = g_new0(PctDecoder, 1);
  pct_decoder_init(decoder, &plain_class, n_neurons, height, width);
  alive++;
  return decoder;
}

static void
test_registry(void)
{
  guint n;
  const PctDecoderClass *const *classes = pct_decoder_get_classes(&n);
  g_assert_cmpuint(n, >=, 1);
  for (guint i = 0; i < n; i++) {
    const PctDecoderClass *klass = classes[i];
    g_test_message("%s", klass->about.kind);
    g_assert_true(pct_decoder_find_class(klass->about.kind) == klass);  // so kinds differ
    g_assert_true(pct_decoder_find_kind(klass->about.kind) == &klass->about);
    g_assert_cmpint(klass->about.role, ==, PCT_ROLE_DECODER);
    g_assert_true(klass->about.title && klass->about.summary && klass->about.formula && klass->about.source);
    g_assert_true(klass->fit && klass->reconstruct && klass->save && klass->load && klass->free);
    const PctOptionTable *table = klass->about.options;
    g_assert_cmpuint(table->n_presets, >=, 1);
    for (guint p = 0; p < table->n_presets; p++)
      for (guint o = 0; o < table->n_options; o++) {
        // Every preset's value is one that its own table takes, and its text comes back.
        const PctOption *option = &table->options[o];
        g_autoptr(PctOptionValues) values = pct_option_values_new(table);
        g_autoptr(GError) error = NULL;
        g_assert_true(option->title && option->help);
        pct_option_values_set_number(values, option->name, table->presets[p].values[o], &error);
        g_assert_no_error(error);
        g_autofree char *text = pct_option_values_dup_text(values, option->name);
        pct_option_values_set(values, option->name, text, &error);
        g_assert_no_error(error);
        g_assert_cmpfloat(pct_option_values_get(values, option->name), ==, table->presets[p].values[o]);
      }
  }
  g_assert_null(pct_decoder_find_class("no such kind"));
  g_assert_null(pct_decoder_find_class(NULL));
  g_assert_null(pct_decoder_find_kind("no such kind"));
}

static void
test_references(void)
{
  PctDecoder *decoder = plain_new(2, 3, 4);
  g_assert_cmpint(alive, ==, 1);
  PctDecoderSession *session = pct_decoder_session_new(decoder, NULL);
  pct_decoder_unref(pct_decoder_ref(decoder));
  pct_decoder_unref(decoder);
  g_assert_cmpint(alive, ==, 1);  // the session's
  pct_decoder_session_free(session);
  g_assert_cmpint(alive, ==, 0);
  pct_decoder_session_free(NULL);
  pct_decoder_unref(NULL);
}

static void
test_generic_session(void)
{
  g_autoptr(PctDecoder) decoder = plain_new(3, 1, 2);
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, NULL);
  float image[2];
  session->set_responses(session, (float[]){ 1, 2, 3 }, 1);
  session->draw(session, image);
  g_assert_cmpfloat(image[0], ==, 6);
  g_assert_cmpfloat(image[1], ==, 7);
  session->set_response(session, 1, 12);
  session->set_latent(session, (float[]){ 100, 200 });
  session->draw(session, image);
  g_assert_cmpfloat(image[0], ==, 316);
  session->set_latent(session, NULL);
  session->set_responses(session, (float[]){ 1, 1, 1 }, 4);
  session->draw(session, image);
  g_assert_cmpfloat(image[0], ==, 12);
}

static void
test_no_derivative(void)
{
  g_autoptr(PctDecoder) decoder = plain_new(1, 1, 1);
  float one = 1, out;
  g_autoptr(GError) error = NULL;
  g_assert_false(pct_decoder_pullback(decoder, &one, 1, NULL, &one, &out, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_true(pct_decoder_reconstruct(decoder, NULL, 0, 1, NULL, NULL, NULL, NULL));
}

// Rows of 1, 1, 3, 1 trials: every row is decoded as the mean of its own number, in the set's order.
static void
test_reconstruct_set(void)
{
  enum { ROWS = 300, M = 2, P = 4 };
  PctScoreSet set = { .n = ROWS, .n_neurons = M, .height = 2, .width = 2, .averaged = TRUE };
  set.responses = g_new(float, ROWS * M);
  set.repeats = g_new(int, ROWS);
  for (int i = 0; i < ROWS; i++) {
    set.responses[i * M] = (float)i;
    set.responses[i * M + 1] = 1;
    set.repeats[i] = i == 2 ? 3 : 1;
  }
  g_autoptr(PctDecoder) decoder = plain_new(M, 2, 2);
  g_autofree float *images = g_new(float, ROWS * P);
  g_autoptr(GError) error = NULL;
  batches = largest_batch = 0;
  g_assert_true(pct_decoder_reconstruct_set(decoder, &set, images, NULL, &error));
  g_assert_no_error(error);
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < P; j++)
      g_assert_cmpfloat(images[i * P + j], ==, (i == 2 ? 3 : 1) * (i + 1) + j);
  g_assert_cmpint(batches, >=, 3);
  g_assert_cmpint(largest_batch, >, 1);
  set.n_neurons = 3;
  g_assert_false(pct_decoder_reconstruct_set(decoder, &set, images, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_free(set.responses);
  g_free(set.repeats);
}

typedef struct {
  double last, total, stop_at;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  if (progress->total == listener->total) {
    g_assert_cmpfloat(progress->step, >=, listener->last);  // never backwards
    listener->last = progress->step;
  }
  return progress->step < listener->stop_at;
}

static void
test_score(void)
{
  SmallRecording options = { 20, 4, 40, 6, 12, 14, 0.5, 1 };
  g_autoptr(PctRecording) recording = small_recording_new(&options);
  g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, FALSE);
  g_autoptr(PctDecoder) decoder = plain_new(6, 12, 14);
  g_autoptr(GError) error = NULL;
  g_autofree float *images = g_new(float, set->n * 12 * 14);
  g_autoptr(PctScore) score = pct_decoder_score(decoder, set, images, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(PctScore) same = pct_score_new(set, images, NULL, NULL);
  g_autoptr(PctScore) again = pct_decoder_score(decoder, set, NULL, NULL, NULL);
  for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
    // Bit for bit: what such a small set cannot tell is not a number in all three.
    const double *one = &score->mean[PCT_FRAME_FULL][measure];
    g_assert_cmpmem(one, sizeof *one, &same->mean[PCT_FRAME_FULL][measure], sizeof *one);
    g_assert_cmpmem(one, sizeof *one, &again->mean[PCT_FRAME_FULL][measure], sizeof *one);
  }
  Listener half = { 0, set->n, set->n / 2 };
  PctRun run = { listen, &half, NULL };
  g_assert_null(pct_decoder_score(decoder, set, NULL, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_assert_cmpfloat(half.last, ==, half.stop_at);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/decoder/registry", test_registry);
  g_test_add_func("/decoder/references", test_references);
  g_test_add_func("/decoder/generic-session", test_generic_session);
  g_test_add_func("/decoder/no-derivative", test_no_derivative);
  g_test_add_func("/decoder/reconstruct-set", test_reconstruct_set);
  g_test_add_func("/decoder/score", test_score);
  return g_test_run();
}
