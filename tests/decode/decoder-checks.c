// SPDX-License-Identifier: GPL-3.0-or-later
#include "decoder-checks.h"
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"

PctDecoder *
decoder_case_fit(const DecoderCase *what, const PctRecording *recording, const PctRun *run, GError **error)
{
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctOptionValues) options = pct_option_values_new(what->klass->about.options);
  g_auto(GStrv) assignments = g_strsplit(what->options ? what->options : "", " ", -1);
  for (int i = 0; assignments[i]; i++) {
    g_autoptr(GError) bad = NULL;
    pct_option_values_parse(options, assignments[i], &bad);
    g_assert_no_error(bad);
  }
  PctFit fit = { .recording = recording, .statistics = statistics, .options = options, .seed = 3,
                 .encoder = what->encoder, .meis = what->meis };
  return pct_decoder_fit(what->klass, &fit, run, error);
}

// A fit that must succeed.
static PctDecoder *
fit(const DecoderCase *what, const PctRecording *recording, const PctRun *run)
{
  g_autoptr(GError) error = NULL;
  PctDecoder *decoder = decoder_case_fit(what, recording, run, &error);
  g_assert_no_error(error);
  g_assert_nonnull(decoder);
  return decoder;
}

PctTensors *
decoder_dup_tensors(const PctDecoder *decoder)
{
  PctTensors *tensors = pct_tensors_new();
  decoder->klass->save(decoder, tensors);
  return tensors;
}

gboolean
decoders_are_same(const PctDecoder *a, const PctDecoder *b)
{
  g_autoptr(PctTensors) one = decoder_dup_tensors(a), two = decoder_dup_tensors(b);
  g_assert_cmpuint(pct_tensors_get_n(one), ==, pct_tensors_get_n(two));
  for (guint i = 0; i < pct_tensors_get_n(one); i++) {
    const PctTensor *first = pct_tensors_get(one, i), *second = pct_tensors_find(two, first->name);
    if (!second || second->count != first->count ||
        (first->count > 0 && memcmp(first->values, second->values, first->count * sizeof(float)) != 0))
      return FALSE;
  }
  return TRUE;
}

void
decoder_check_tiers(const DecoderCase *what, const SmallRecording *options)
{
  SmallRecording scrambled = *options, other = *options;
  g_assert_cmpint(options->n_test, >, 0);
  scrambled.scrambled_test = TRUE;
  other.n_validation = 0;  // a part of the train tier chooses; scrambled or not, the test tier does not
  SmallRecording other_scrambled = other;
  other_scrambled.scrambled_test = TRUE;
  const SmallRecording *pairs[][2] = { { options, &scrambled }, { &other, &other_scrambled } };
  for (int i = 0; i < 2; i++) {
    g_test_message("%s, %d validation images", what->options ? what->options : "defaults", pairs[i][0]->n_validation);
    g_autoptr(PctRecording) a = small_recording_new(pairs[i][0]), b = small_recording_new(pairs[i][1]);
    g_autoptr(PctDecoder) first = fit(what, a, NULL), second = fit(what, b, NULL);
    g_assert_true(decoders_are_same(first, second));
  }
}

void
decoder_check_threads(const DecoderCase *what, const PctRecording *recording)
{
  g_autoptr(PctDecoder) first = fit(what, recording, NULL);
  for (guint threads = 2; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    PctRun run = { .pool = pool };
    g_autoptr(PctDecoder) decoder = fit(what, recording, &run);
    g_assert_true(decoders_are_same(first, decoder));
  }
}

// Copies all of from but the tensor called `except`.
static PctTensors *
copy_without(const PctTensors *from, const char *except)
{
  PctTensors *copy = pct_tensors_new();
  for (guint i = 0; i < pct_tensors_get_n(from); i++) {
    const PctTensor *tensor = pct_tensors_get(from, i);
    if (strcmp(tensor->name, except) != 0)
      pct_tensors_add(copy, tensor->name, tensor->values, tensor->rank, tensor->shape);
  }
  return copy;
}

static void
check_refused(const DecoderCase *what, const PctTensors *tensors, const char *name)
{
  g_autoptr(PctOptionValues) values = pct_option_values_new(what->klass->about.options);
  g_autoptr(GError) error = NULL;
  g_test_message("%s", name);
  g_assert_null(what->klass->load(tensors, values, &error));
  g_assert_nonnull(error);
  g_assert_true(error->domain == PCT_ERROR);
  g_assert_true(error->code == PCT_ERROR_FORMAT || error->code == PCT_ERROR_SHAPE);
  g_assert_true(g_str_has_suffix(error->message, "."));
}

void
decoder_check_file(const DecoderCase *what, const PctRecording *recording)
{
  enum { ROWS = 9 };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = fit(what, recording, NULL);
  g_autoptr(PctTensors) tensors = decoder_dup_tensors(decoder);
  g_autofree char *folder = g_dir_make_tmp("percept-decoder-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "weights.safetensors", NULL);
  g_autoptr(PctOptionValues) values = pct_option_values_new(what->klass->about.options);
  g_assert_true(pct_safetensors_save(tensors, path, NULL));
  g_autoptr(PctTensors) read = pct_safetensors_load(path, &error);
  g_assert_no_error(error);
  g_autoptr(PctDecoder) loaded = what->klass->load(read, values, &error);
  g_assert_no_error(error);
  g_remove(path);
  g_rmdir(folder);
  g_assert_true(loaded->klass == what->klass);
  g_assert_true(decoders_are_same(decoder, loaded));
  gsize m = (gsize)decoder->n_neurons, p = (gsize)(decoder->height * decoder->width);
  g_autofree float *responses = g_new(float, ROWS * m), *one = g_new(float, ROWS * p), *two = g_new(float, ROWS * p);
  pct_random_fill_normal(responses, ROWS * m, 8, 8);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, ROWS, 1, NULL, one, NULL, NULL));
  g_assert_true(pct_decoder_reconstruct(loaded, responses, ROWS, 1, NULL, two, NULL, NULL));
  g_assert_cmpmem(one, ROWS * p * sizeof(float), two, ROWS * p * sizeof(float));

  for (guint i = 0; i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    g_autoptr(PctTensors) missing = copy_without(tensors, tensor->name), wrong = copy_without(tensors, tensor->name);
    check_refused(what, missing, tensor->name);
    const gsize shape[] = { 1, 1 };
    pct_tensors_add(wrong, tensor->name, tensor->values, 2, shape);
    check_refused(what, wrong, tensor->name);
  }
  g_autoptr(PctTensors) zero = copy_without(tensors, "response_scale");
  g_autofree float *nothing = g_new0(float, m);
  pct_tensors_add_vector(zero, "response_scale", nothing, m);
  check_refused(what, zero, "response_scale of zeros");
}

typedef struct {
  int heard, stop_at;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  return ++listener->heard != listener->stop_at;
}

void
decoder_check_cancel(const DecoderCase *what, const PctRecording *recording)
{
  Listener all = { 0 };
  PctRun run = { listen, &all, NULL };
  g_autoptr(PctDecoder) whole = fit(what, recording, &run);
  g_assert_cmpint(all.heard, >, 4);
  for (int i = 1; i <= all.heard; i += MAX(1, all.heard / 12)) {
    Listener listener = { 0, i };
    PctRun stopped = { listen, &listener, NULL };
    g_autoptr(GError) error = NULL;
    g_assert_null(decoder_case_fit(what, recording, &stopped, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
    g_assert_cmpint(listener.heard, ==, i);  // and not a word after
  }
}

void
decoder_check_derivative(const DecoderCase *what, const PctRecording *recording)
{
  g_autoptr(PctDecoder) decoder = fit(what, recording, NULL);
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, NULL);
  gsize m = (gsize)decoder->n_neurons, p = (gsize)(decoder->height * decoder->width);
  g_autofree float *responses = g_new(float, m), *gradient = g_new(float, m), *cotangent = g_new(float, p);
  g_autofree float *high = g_new(float, p), *low = g_new(float, p), *image = g_new(float, p);
  pct_recording_read_responses(recording, 0, responses);
  pct_random_fill_normal(cotangent, p, 7, 7);
  session->set_responses(session, responses, 1);
  g_assert_true(pct_decoder_pullback(decoder, responses, 1, NULL, cotangent, gradient, NULL, NULL));
  double largest = 0;
  for (gsize i = 0; i < m; i++)
    largest = MAX(largest, fabs(gradient[i]));
  g_assert_cmpfloat(largest, >, 0);
  for (gsize i = 0; i < m; i++) {
    float value = responses[i];
    responses[i] = value + 4;
    session->set_response(session, (int)i, responses[i]);
    session->draw(session, image);
    g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, high, NULL, NULL));
    for (gsize j = 0; j < p; j++)
      g_assert_cmpfloat_with_epsilon(image[j], high[j], 0.02);
    responses[i] = value - 4;
    g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, low, NULL, NULL));
    responses[i] = value;
    session->set_response(session, (int)i, value);
    double expected = 0;
    for (gsize j = 0; j < p; j++)
      expected += cotangent[j] * ((double)high[j] - low[j]) / 8;
    g_assert_cmpfloat_with_epsilon(gradient[i], expected, 2e-3 + 2e-3 * largest);
  }
}

void
decoder_remove_folder(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_cmpint(g_unlink(path), ==, 0);
  }
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}
