// SPDX-License-Identifier: GPL-3.0-or-later
// meicoder learns, stops and resumes exactly, starts as its linear path and keeps its best epoch, sessions and pullbacks
// agree with its pictures, and weights that are not its own are refused; with either front end, and pretrained. The front
// ends themselves: test-meicoder-front.c.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "decode/meicoder.h"
#include "decode/model-folder.h"
#include "encode/mei.h"
#include "measure/image-quality.h"
#include "decoder-checks.h"
#include "encoder-recording.h"
#include "small-recording.h"

// As many neurons and pixels as the tests' encoder has: 40, 12 x 16.
#define N_NEURONS 40
static const SmallRecording small = { 60, 12, 8, N_NEURONS, 12, 16, 0.5, 3, .gratings = TRUE };
static const char *const codes[] = { "channels=3", "width=6", "features=8", "batch=16", "epochs=4", NULL };
static const char *const pretrained[] = { "channels=3", "width=6", "features=8", "batch=16", "epochs=3", "pretrain=1",
                                          "copies=1", NULL };
static const char *const paper[] = { "preset=paper", "channels=5", "width=8", "batch=16", "epochs=4", NULL };

typedef struct {
  int stop_at_epoch, stop_at_report, stop_at_step;  // 0: never
  int reports, previews;
  double start_pixcorr, last_l1, best_value;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  double epoch = -1, pixcorr = NAN, ssim = NAN;
  listener->reports++;
  listener->previews += progress->preview ? progress->preview->n : 0;
  for (guint i = 0; i < progress->n_figures; i++) {
    const PctFigure *figure = &progress->figures[i];
    if (g_str_equal(figure->name, "epoch"))
      epoch = figure->value;
    if (g_str_equal(figure->name, "validation_pixcorr"))
      pixcorr = figure->value;
    if (g_str_equal(figure->name, "validation_ssim"))
      ssim = figure->value;
    if (g_str_equal(figure->name, "l1") && figure->value > 0)
      listener->last_l1 = figure->value;
  }
  if (epoch == 0)
    listener->start_pixcorr = pixcorr;
  if (epoch >= 0 && isfinite(ssim))
    listener->best_value = MAX(listener->best_value, ssim + 0.5 * pixcorr);
  if (listener->stop_at_step && progress->step >= listener->stop_at_step)
    return FALSE;
  return !(listener->stop_at_epoch && epoch >= listener->stop_at_epoch) && listener->reports != listener->stop_at_report;
}

typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  PctOptionValues *options;
  PctEncoder *encoder;  // NULL without pretraining
  PctMeiSet *meis;
  PctPool *pool;
} Fixture;

static void
set(const Fixture *f, const char *assignment)
{
  g_assert_true(pct_option_values_parse(f->options, assignment, NULL));
}

// A recording that an encoder made, where the options pretrain with one.
static void
set_up(Fixture *f, const SmallRecording *options, const char *const *assignments)
{
  f->options = pct_option_values_new(pct_meicoder_class.about.options);
  for (gsize i = 0; assignments[i]; i++)
    set(f, assignments[i]);
  f->encoder = pct_option_values_get(f->options, "pretrain") > 0 ? encoder_recording_new_encoder() : NULL;
  EncoderRecording made = { options->n_train, options->n_validation, options->n_test, options->noise,
                            options->scrambled_test };
  f->recording = f->encoder ? encoder_recording_new(&made, f->encoder) : small_recording_new(options);
  f->statistics = pct_statistics_new(f->recording, NULL, NULL);
  int neurons[N_NEURONS], p = options->height * options->width;
  for (int i = 0; i < N_NEURONS; i++)
    neurons[i] = i;
  f->meis = pct_mei_set_new(neurons, N_NEURONS, options->height, options->width, NULL);
  pct_random_fill_normal(f->meis->images, (gsize)(N_NEURONS * p), 8, 8);
  for (int i = 0; i < N_NEURONS; i++)
    pct_mei_set_mark_ready(f->meis, i);
  f->pool = pct_pool_new(2, 0);
}

static void
tear_down(Fixture *f)
{
  pct_recording_unref(f->recording);
  pct_statistics_free(f->statistics);
  pct_option_values_free(f->options);
  pct_encoder_unref(f->encoder);
  pct_mei_set_free(f->meis);
  pct_pool_free(f->pool);
}

static PctDecoder *
fit(const Fixture *f, const char *folder, gboolean resume, Listener *listener, gboolean threads, GError **error)
{
  float responses[2 * N_NEURONS] = { 0 };
  PctFit options = { f->recording, f->statistics, f->options, 9, folder, resume, responses, 2, 1,
                     .encoder = f->encoder, .meis = f->meis };
  PctRun run = { listener ? listen : NULL, listener, threads ? f->pool : NULL };
  return pct_decoder_fit(&pct_meicoder_class, &options, &run, error);
}

// Eight trials are learned by heart.
static void
test_learns_by_heart(gconstpointer data)
{
  Fixture f;
  SmallRecording eight = small;
  eight.n_train = 8;
  set_up(&f, &eight, data);
  const char *const more[] = { "batch=8", "epochs=150", "patience=0", "rate=0.01", "noise=0", "dropout=0", "decay=0",
                               "adversarial=0", "l1=1", "width=15", "front_rate=1" };
  for (gsize i = 0; i < G_N_ELEMENTS(more); i++)
    set(&f, more[i]);
  Listener listener = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, &listener, TRUE, &error);
  g_assert_no_error(error);
  // The pictures' mean distance from the mean image is 0.8 of their standard deviation.
  g_assert_cmpfloat(listener.last_l1, <, 0.3);
  g_assert_cmpint(listener.previews, >, 0);
  tear_down(&f);
}

// The start is the linear features' own readout, and what is kept is no worse.
static void
test_linear_start(void)
{
  Fixture f;
  set_up(&f, &small, codes);
  Listener listener = { 0 };
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, &listener, TRUE, NULL);
  g_assert_nonnull(decoder);
  g_assert_cmpfloat(listener.start_pixcorr, >, 0.2);
  int n;
  const int *trials = pct_recording_get_tier_trials(f.recording, PCT_TIER_VALIDATION, &n);
  gsize p = (gsize)(small.height * small.width);
  g_autofree float *responses = g_new(float, n * N_NEURONS), *images = g_new(float, (gsize)n * p), *original = g_new(float, p);
  pct_recording_read_trials(f.recording, trials, n, responses);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, (gsize)n, 1, NULL, images, NULL, NULL));
  double value = 0;
  PctWindow full = pct_window_full(small.height, small.width);
  for (int i = 0; i < n; i++) {
    pct_recording_read_image(f.recording, pct_recording_get_trial_image(f.recording, trials[i]), original);
    const float *image = images + (gsize)i * p;
    value += (pct_ssim(image, original, small.height, small.width, full) +
              0.5 * pct_pixcorr(image, original, small.height, small.width, full)) / n;
  }
  // The best epoch is what is handed back.
  g_assert_cmpfloat_with_epsilon(value, listener.best_value, 1e-4);
  tear_down(&f);
}

static void
test_same_bits(gconstpointer data)
{
  Fixture f, scrambled;
  SmallRecording other = small;
  other.scrambled_test = TRUE;
  set_up(&f, &small, data);
  set_up(&scrambled, &other, data);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) one = fit(&f, NULL, FALSE, NULL, TRUE, &error);
  g_assert_no_error(error);
  g_autoptr(PctDecoder) one_thread = fit(&f, NULL, FALSE, NULL, FALSE, NULL);
  g_assert_true(decoders_are_same(one, one_thread));
  g_assert_cmpstr(pct_recording_get_fingerprint(f.recording), !=, pct_recording_get_fingerprint(scrambled.recording));
  g_autoptr(PctDecoder) blind = fit(&scrambled, NULL, FALSE, NULL, TRUE, NULL);
  g_assert_true(decoders_are_same(one, blind));
  tear_down(&f);
  tear_down(&scrambled);
}

static void
test_resume(gconstpointer data)
{
  Fixture f;
  set_up(&f, &small, data);
  set(&f, "patience=0");
  set(&f, "adversarial=0.1");
  g_autofree char *folder = g_dir_make_tmp("meicoder-XXXXXX", NULL);
  g_autoptr(PctDecoder) whole = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(GError) error = NULL;
  // Stopped after the second epoch, resumed and stopped again within a later one, whose steps are made again.
  Listener listener = { .stop_at_epoch = 2 };
  g_assert_null(fit(&f, folder, FALSE, &listener, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_clear_error(&error);
  int a_tier;
  pct_recording_get_tier_trials(f.recording, PCT_TIER_TRAIN, &a_tier);
  Listener again = { .stop_at_step = 2 * (a_tier / 16) + 2 };
  g_assert_null(fit(&f, folder, TRUE, &again, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_clear_error(&error);
  g_autoptr(PctDecoder) resumed = fit(&f, folder, TRUE, NULL, TRUE, &error);
  g_assert_no_error(error);
  g_assert_true(decoders_are_same(whole, resumed));
  g_autofree char *curves = g_build_filename(folder, "curves.csv", NULL), *text = NULL;
  g_assert_true(g_file_get_contents(curves, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(g_strstrip(text), "\n", -1);
  double epochs = pct_option_values_get(f.options, "epochs") + pct_option_values_get(f.options, "pretrain");
  g_assert_cmpuint(g_strv_length(lines), ==, (guint)epochs + 1);
  g_assert_true(g_str_has_prefix(lines[0], "epoch,structure,l1,"));
  // Of another network, of epochs of another length, and cut short.
  set(&f, "channels=4");
  g_assert_null(fit(&f, folder, TRUE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_clear_error(&error);
  g_autofree char *path = g_build_filename(folder, "optimizer.safetensors", NULL), *bytes = NULL;
  gsize size;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  g_assert_true(g_file_set_contents(path, bytes, (gssize)(size / 2), NULL));
  g_assert_null(fit(&f, folder, TRUE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  decoder_remove_folder(folder);
  tear_down(&f);
}

// At any moment at all.
static void
test_cancel_anywhere(gconstpointer data)
{
  Fixture f;
  set_up(&f, &small, data);
  set(&f, "epochs=1");
  Listener all = { 0 };
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, &all, TRUE, NULL);
  g_assert_cmpint(all.reports, >, 20);
  for (int at = 1; at <= all.reports; at += 1 + at / 8) {
    Listener listener = { .stop_at_report = at };
    g_autoptr(GError) error = NULL;
    g_assert_null(fit(&f, NULL, FALSE, &listener, TRUE, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
    g_assert_cmpint(listener.reports, ==, at);
  }
  tear_down(&f);
}

static void
test_use(gconstpointer data)
{
  Fixture f;
  set_up(&f, &small, data);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, &error);
  g_assert_no_error(error);
  gsize m = (gsize)decoder->n_neurons, pixels = (gsize)decoder->height * (gsize)decoder->width;
  g_autofree float *responses = g_new(float, m), *image = g_new(float, pixels), *again = g_new(float, pixels);
  pct_recording_read_responses(f.recording, 0, responses);

  // A live session after a thousand changes is where reconstructing anew is.
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, NULL);
  session->set_responses(session, responses, 1);
  session->set_latent(session, NULL);
  PctRandom random = pct_random(5, 5);
  for (int i = 0; i < 1000; i++) {
    int neuron = (int)pct_random_below(&random, (guint32)m);
    responses[neuron] = (float)(3 + 2 * pct_random_normal(&random));
    session->set_response(session, neuron, responses[neuron]);
  }
  for (double n_averaged = 1; n_averaged <= 4; n_averaged += 3) {
    if (n_averaged > 1)
      session->set_responses(session, responses, n_averaged);
    session->draw(session, again);
    g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, n_averaged, NULL, image, NULL, &error));
    for (gsize i = 0; i < pixels; i++)
      g_assert_cmpfloat_with_epsilon(image[i], again[i], 0.02);
  }

  // The pullback against central differences of the picture.
  g_autofree float *cotangent = g_new0(float, pixels), *gradient = g_new(float, m);
  for (gsize i = 0; i < pixels; i++)
    cotangent[i] = i % 5 == 0 ? 0.1f : 0;
  g_assert_true(pct_decoder_pullback(decoder, responses, 1, NULL, cotangent, gradient, NULL, &error));
  for (gsize i = 0; i < m; i++) {
    double sides[2] = { 0, 0 };
    float kept = responses[i], step = 0.01f * (float)fabs(f.statistics->response_scale[i]);
    for (int side = 0; side < 2; side++) {
      responses[i] = kept + (side ? step : -step);
      g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, image, NULL, &error));
      for (gsize j = 0; j < pixels; j++)
        sides[side] += (double)cotangent[j] * image[j];
    }
    responses[i] = kept;
    double numeric = (sides[1] - sides[0]) / (2 * step);
    g_assert_cmpfloat_with_epsilon(gradient[i], numeric, 0.03 * fabs(numeric) + 0.02 / fabs(step) * 0.01);
  }
  tear_down(&f);
}

// Saved and loaded it draws the same bits; weights that lack something, or have another shape, are refused.
static void
test_weights(gconstpointer data)
{
  Fixture f;
  set_up(&f, &small, data);
  set(&f, "epochs=1");
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(PctTensors) good = pct_tensors_new();
  decoder->klass->save(decoder, good);
  g_autoptr(PctDecoder) loaded = pct_meicoder_class.load(good, f.options, NULL);
  g_assert_nonnull(loaded);
  g_assert_true(decoders_are_same(decoder, loaded));
  float responses[N_NEURONS], image[192], again[192];
  pct_recording_read_responses(f.recording, 0, responses);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, image, NULL, NULL));
  g_assert_true(pct_decoder_reconstruct(loaded, responses, 1, 1, NULL, again, NULL, NULL));
  g_assert_cmpmem(image, sizeof image, again, sizeof again);
  for (guint missing = 0; missing < pct_tensors_get_n(good); missing++)
    for (int variant = 0; variant < 2; variant++) {
      g_autoptr(PctTensors) bad = pct_tensors_new();
      for (guint i = 0; i < pct_tensors_get_n(good); i++) {
        const PctTensor *tensor = pct_tensors_get(good, i);
        gsize flat = tensor->count;
        if (i != missing)
          pct_tensors_add(bad, tensor->name, tensor->values, tensor->rank, tensor->shape);
        else if (variant == 1)
          pct_tensors_add(bad, tensor->name, tensor->values, 1, (gsize[]){ flat - (tensor->rank == 1) });
      }
      g_autoptr(GError) error = NULL;
      g_assert_null(pct_meicoder_class.load(bad, f.options, &error));
      g_assert_nonnull(error);
      g_assert_true(error->code == PCT_ERROR_FORMAT || error->code == PCT_ERROR_SHAPE);
    }
  tear_down(&f);
}

// Without MEIs there is nothing to learn from, nor to pretrain on without an encoder.
static void
test_needs(void)
{
  Fixture f;
  set_up(&f, &small, codes);
  g_autoptr(GError) error = NULL;
  set(&f, "pretrain=1");
  g_assert_null(fit(&f, NULL, FALSE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  set(&f, "pretrain=0");
  pct_mei_set_free(g_steal_pointer(&f.meis));
  g_assert_null(fit(&f, NULL, FALSE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  tear_down(&f);
}

// Frames too small for SSIM, and no validation tier.
static void
test_frames(gconstpointer data)
{
  SmallRecording options = small;
  options.height = 3;
  options.width = 5;
  options.n_validation = 0;
  Fixture f;
  set_up(&f, &options, data);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, &error);
  g_assert_no_error(error);
  g_assert_cmpint(decoder->height, ==, 3);
  tear_down(&f);
}

static void
add_both(const char *what, void (*test)(gconstpointer), gconstpointer compact_data, gconstpointer paper_data)
{
  g_autofree char *one = g_strdup_printf("/meicoder/%s/codes", what), *two = g_strdup_printf("/meicoder/%s/paper", what);
  g_test_add_data_func(one, compact_data, test);
  g_test_add_data_func(two, paper_data, test);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  add_both("learns-by-heart", test_learns_by_heart, codes, paper);
  g_test_add_func("/meicoder/linear-start", test_linear_start);
  add_both("same-bits", test_same_bits, codes, paper);
  add_both("resume", test_resume, codes, paper);
  add_both("cancel-anywhere", test_cancel_anywhere, codes, paper);
  add_both("use", test_use, codes, paper);
  g_test_add_data_func("/meicoder/resume/pretrained", pretrained, test_resume);
  g_test_add_data_func("/meicoder/use/pretrained", pretrained, test_use);
  g_test_add_data_func("/meicoder/weights/pretrained", pretrained, test_weights);
  g_test_add_data_func("/meicoder/cancel-anywhere/pretrained", pretrained, test_cancel_anywhere);
  add_both("weights", test_weights, codes, paper);
  g_test_add_func("/meicoder/needs", test_needs);
  add_both("frames", test_frames, codes, paper);
  return g_test_run();
}
