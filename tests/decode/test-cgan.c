// SPDX-License-Identifier: GPL-3.0-or-later
// The conditional GAN as a decoder: it learns, it is the same bits again, it stops and resumes exactly, and it never looks
// at the test tier. Compiled once a design.
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "decode/cgan.h"
#include "decode/model-folder.h"
#include "decoder-checks.h"
#include "small-recording.h"

#define EPOCHS 4

#ifdef ORIGINAL_DESIGN
// Its bias climbs from 0 to the images' grey by Adam's steps alone.
#define LEARNING { "epochs=150", "rate=0.005" }
#define LEAST_PIXCORR 0.1
#define SMALLEST { 12, 16 }
#define SMALLEST_WIDTH 16
#define GROUP "/decode/cgan-original-design/"
static const char design[] = "preset=original";
#else
#define LEARNING { "epochs=60" }
#define LEAST_PIXCORR 0.5
#define SMALLEST { 9, 11 }
#define SMALLEST_WIDTH 8
#define GROUP "/decode/cgan/"
static const char design[] = "preset=compact";
#endif

// 24 neurons, 12 x 16 pixels.
static const SmallRecording small = { 60, 12, 8, 24, 12, 16, 0.5, 3, .gratings = TRUE };

typedef struct {
  int stop_at_epoch;       // 0: never
  int stop_at_report;      // 0: never
  int reports, previews;
  double first_l1, last_l1, pixcorr;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  listener->reports++;
  listener->previews += progress->preview ? progress->preview->n : 0;
  double epoch = 0;
  for (guint i = 0; i < progress->n_figures; i++) {
    const PctFigure *figure = &progress->figures[i];
    if (g_str_equal(figure->name, "epoch"))
      epoch = figure->value;
    if (g_str_equal(figure->name, "l1") && epoch > 0) {
      if (epoch == 1)
        listener->first_l1 = figure->value;
      listener->last_l1 = figure->value;
    }
    if (g_str_equal(figure->name, "validation_pixcorr"))
      listener->pixcorr = figure->value;
  }
  return !(listener->stop_at_epoch && epoch >= listener->stop_at_epoch) && listener->reports != listener->stop_at_report;
}

typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  PctOptionValues *options;
  PctPool *pool;
} Fixture;

static void
set_up(Fixture *f, SmallRecording options)
{
  f->recording = small_recording_new(&options);
  f->statistics = pct_statistics_new(f->recording, NULL, NULL);
  f->options = pct_option_values_new(pct_cgan_class.about.options);
  const char *const set[] = { design, "epochs=4", "features=12", "latent=5", "width=4", "batch=16", "adversarial=0.05",
                              "hidden=24", "code=10" };
  for (gsize i = 0; i < G_N_ELEMENTS(set); i++)
    g_assert_true(pct_option_values_parse(f->options, set[i], NULL));
  f->pool = pct_pool_new(2, 0);
}

static void
tear_down(Fixture *f)
{
  pct_recording_unref(f->recording);
  pct_statistics_free(f->statistics);
  pct_option_values_free(f->options);
  pct_pool_free(f->pool);
}

static PctDecoder *
fit(const Fixture *f, const char *folder, gboolean resume, Listener *listener, gboolean threads, GError **error)
{
  float responses[2 * 24] = { 0 };
  PctFit options = { f->recording, f->statistics, f->options, 9, folder, resume, responses, 2, 1 };
  PctRun run = { listener ? listen : NULL, listener, threads ? f->pool : NULL };
  return pct_decoder_fit(&pct_cgan_class, &options, &run, error);
}

static void
test_learns(void)
{
  Fixture f;
  set_up(&f, small);
  const char *const learning[] = LEARNING;
  for (gsize i = 0; i < G_N_ELEMENTS(learning); i++)
    g_assert_true(pct_option_values_parse(f.options, learning[i], NULL));
  Listener listener = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, &listener, TRUE, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(listener.last_l1, <, listener.first_l1);
  g_assert_cmpfloat(listener.pixcorr, >, LEAST_PIXCORR);
  g_assert_cmpint(listener.previews, >, 0);
  g_assert_cmpint(pct_decoder_get_latent(decoder), ==, 5);
  tear_down(&f);
}

static void
test_same_bits(void)
{
  Fixture f;
  set_up(&f, small);
  g_autoptr(PctDecoder) one = fit(&f, NULL, FALSE, NULL, TRUE, NULL), two = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(PctDecoder) one_thread = fit(&f, NULL, FALSE, NULL, FALSE, NULL);
  g_assert_true(decoders_are_same(one, two));
  g_assert_true(decoders_are_same(one, one_thread));
  tear_down(&f);
}

static void
test_never_sees_test(void)
{
  Fixture f, g;
  SmallRecording options = small;
  set_up(&f, options);
  options.scrambled_test = TRUE;
  set_up(&g, options);
  g_assert_cmpstr(pct_recording_get_fingerprint(f.recording), !=, pct_recording_get_fingerprint(g.recording));
  g_autoptr(PctDecoder) one = fit(&f, NULL, FALSE, NULL, TRUE, NULL), two = fit(&g, NULL, FALSE, NULL, TRUE, NULL);
  g_assert_true(decoders_are_same(one, two));
  tear_down(&f);
  tear_down(&g);
}

static void
test_resume(void)
{
  Fixture f;
  set_up(&f, small);
  g_autofree char *folder = g_dir_make_tmp("cgan-XXXXXX", NULL);
  g_autoptr(PctDecoder) whole = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(GError) error = NULL;
  // Stopped after the second epoch, resumed and stopped again somewhere within a later one, whose steps are made again.
  Listener listener = { .stop_at_epoch = 2 };
  g_autoptr(PctDecoder) stopped = fit(&f, folder, FALSE, &listener, TRUE, &error);
  g_assert_null(stopped);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_clear_error(&error);
  Listener again = { .stop_at_report = listener.reports };
  stopped = fit(&f, folder, TRUE, &again, TRUE, &error);
  if (!stopped)
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_clear_error(&error);
  g_autoptr(PctDecoder) resumed = fit(&f, folder, TRUE, NULL, TRUE, &error);
  g_assert_no_error(error);
  g_assert_true(decoders_are_same(whole, resumed));
  g_autofree char *curves = g_build_filename(folder, "curves.csv", NULL), *text = NULL;
  g_assert_true(g_file_get_contents(curves, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(g_strstrip(text), "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, EPOCHS + 1);
  g_assert_true(g_str_has_prefix(lines[0], "epoch,l1,"));
  decoder_remove_folder(folder);
  tear_down(&f);
}

// Stopping at any moment at all, the preparation included.
static void
test_cancel_anywhere(void)
{
  Fixture f;
  set_up(&f, small);
  Listener all = { 0 };
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, &all, TRUE, NULL);
  g_assert_cmpint(all.reports, >, 10);
  for (int at = 1; at <= all.reports; at++) {
    Listener listener = { .stop_at_report = at };
    g_autoptr(GError) error = NULL;
    g_autoptr(PctDecoder) none = fit(&f, NULL, FALSE, &listener, TRUE, &error);
    g_assert_null(none);
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
    g_assert_cmpint(listener.reports, ==, at);
  }
  tear_down(&f);
}

static void
test_bad_checkpoint(void)
{
  Fixture f;
  set_up(&f, small);
  g_autofree char *folder = g_dir_make_tmp("cgan-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "optimizer.safetensors", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) none = fit(&f, folder, TRUE, NULL, TRUE, &error);
  g_assert_null(none);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_clear_error(&error);
  Listener listener = { .stop_at_epoch = 1 };
  none = fit(&f, folder, FALSE, &listener, TRUE, NULL);
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  g_assert_true(g_file_set_contents(path, bytes, (gssize)(size / 2), NULL));
  none = fit(&f, folder, TRUE, NULL, TRUE, &error);
  g_assert_null(none);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "optimizer.safetensors"));
  // A checkpoint of another width.
  g_clear_error(&error);
  g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
  g_assert_true(pct_option_values_parse(f.options, "width=5", NULL));
  none = fit(&f, folder, TRUE, NULL, TRUE, &error);
  g_assert_null(none);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  decoder_remove_folder(folder);
  tear_down(&f);
}

// The disk is full from the second checkpoint on: the sentence comes, and the first one is still good.
static void
test_full_disk(void)
{
  if (!g_test_subprocess()) {
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed();
    return;
  }
  Fixture f;
  set_up(&f, small);
  g_autofree char *folder = g_dir_make_tmp("cgan-XXXXXX", NULL);
  Listener listener = { .stop_at_epoch = 1 };
  g_autoptr(PctDecoder) decoder = fit(&f, folder, FALSE, &listener, TRUE, NULL);
  g_autoptr(GError) error = NULL;
  struct rlimit before, limit;
  getrlimit(RLIMIT_FSIZE, &before);
  limit = (struct rlimit){ 2000, before.rlim_max };
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limit);
  decoder = fit(&f, folder, TRUE, NULL, TRUE, &error);
  setrlimit(RLIMIT_FSIZE, &before);
  g_assert_null(decoder);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(error->message, "optimizer.safetensors"));
  g_clear_error(&error);
  g_autoptr(PctDecoder) whole = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(PctDecoder) resumed = fit(&f, folder, TRUE, NULL, TRUE, &error);
  g_assert_no_error(error);
  g_assert_true(decoders_are_same(whole, resumed));
  decoder_remove_folder(folder);
  tear_down(&f);
}

static void
test_use(void)
{
  Fixture f;
  set_up(&f, small);
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  gsize m = (gsize)decoder->n_neurons, pixels = (gsize)decoder->height * decoder->width, latent = 5;
  g_autofree float *responses = g_new(float, 3 * m), *images = g_new(float, 3 * pixels), *again = g_new(float, 3 * pixels);
  g_autofree float *z = g_new(float, 3 * latent);
  g_autoptr(GError) error = NULL;
  for (int i = 0; i < 3; i++)
    pct_recording_read_responses(f.recording, i, responses + (gsize)i * m);
  pct_random_fill_normal(z, 3 * latent, 1, 1);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 3, 1, z, images, NULL, &error));

  // Saved, loaded: the same pictures, bit for bit.
  g_autofree char *folder = g_dir_make_tmp("cgan-XXXXXX", NULL);
  g_autoptr(PctModelInfo) info = pct_model_info_new(&pct_cgan_class.about);
  pct_option_values_free(info->options);
  info->options = pct_option_values_copy(f.options);
  g_assert_true(pct_decoder_save(decoder, info, folder, &error));
  g_autoptr(PctDecoder) loaded = pct_decoder_load(folder, &error);
  g_assert_no_error(error);
  g_assert_true(pct_decoder_reconstruct(loaded, responses, 3, 1, z, again, NULL, &error));
  g_assert_cmpmem(images, 3 * pixels * sizeof(float), again, 3 * pixels * sizeof(float));
  decoder_remove_folder(folder);

  // A live session after 10,000 changes is where reconstructing anew is.
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, NULL);
  session->set_responses(session, responses, 1);
  session->set_latent(session, z);
  PctRandom random = pct_random(5, 5);
  for (int i = 0; i < 10000; i++) {
    int neuron = (int)pct_random_below(&random, (guint32)m);
    responses[neuron] = (float)(3 + 2 * pct_random_normal(&random));
    session->set_response(session, neuron, responses[neuron]);
  }
  session->draw(session, again);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, z, images, NULL, &error));
  for (gsize i = 0; i < pixels; i++)
    g_assert_cmpfloat_with_epsilon(images[i], again[i], 0.01);

  // The pullback against central differences of the picture.
  g_autofree float *cotangent = g_new0(float, pixels), *gradient = g_new(float, m);
  for (gsize i = 0; i < pixels; i++)
    cotangent[i] = i % 5 == 0 ? 0.01f : 0;
  g_assert_true(pct_decoder_pullback(decoder, responses, 1, z, cotangent, gradient, NULL, &error));
  for (gsize i = 0; i < m; i += 5) {
    double sides[2];
    float kept = responses[i], step = 0.02f;
    for (int side = 0; side < 2; side++) {
      responses[i] = kept + (side ? step : -step);
      g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, z, images, NULL, &error));
      sides[side] = 0;
      for (gsize j = 0; j < pixels; j++)
        sides[side] += (double)cotangent[j] * images[j];
    }
    responses[i] = kept;
    double numeric = (sides[1] - sides[0]) / (2 * step);
    g_assert_cmpfloat_with_epsilon(gradient[i], numeric, 0.02 * fabs(numeric) + 1e-3);
  }
  tear_down(&f);
}

// Without any one of its arrays, or with options that ask for others, weights are refused with a sentence.
static void
test_bad_weights(void)
{
  Fixture f;
  set_up(&f, small);
  g_assert_true(pct_option_values_parse(f.options, "epochs=1", NULL));
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(PctTensors) whole = pct_tensors_new();
  pct_cgan_class.save(decoder, whole);
  for (guint left_out = 0; left_out <= pct_tensors_get_n(whole); left_out++) {
    g_autoptr(PctTensors) some = pct_tensors_new();
    for (guint i = 0; i < pct_tensors_get_n(whole); i++) {
      const PctTensor *tensor = pct_tensors_get(whole, i);
      if (i != left_out)
        pct_tensors_add(some, tensor->name, tensor->values, tensor->rank, tensor->shape);
    }
    gboolean all = left_out == pct_tensors_get_n(whole);
    if (all)
      g_assert_true(pct_option_values_parse(f.options, "width=5", NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(pct_cgan_class.load(some, f.options, &error));
    g_assert_error(error, PCT_ERROR, all ? PCT_ERROR_SHAPE : PCT_ERROR_FORMAT);
    g_assert_cmpuint(strlen(error->message), >, 20);
  }
  tear_down(&f);
}

// Frames of odd sizes, larger and smaller than the demo's; too small a one gets its sentence.
static void
test_frames(void)
{
  const int sizes[][2] = { SMALLEST, { 25, 40 }, { 16, SMALLEST_WIDTH } };
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    Fixture f;
    SmallRecording options = small;
    options.height = sizes[i][0];
    options.width = sizes[i][1];
    set_up(&f, options);
    g_assert_true(pct_option_values_parse(f.options, "epochs=1", NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, &error);
    g_assert_no_error(error);
    g_assert_cmpint(decoder->height, ==, sizes[i][0]);
    tear_down(&f);
  }
  Fixture f;
  SmallRecording options = small;
  options.height = 6;
  set_up(&f, options);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) none = fit(&f, NULL, FALSE, NULL, TRUE, &error);
  g_assert_null(none);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  tear_down(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  g_test_add_func(GROUP "learns", test_learns);
  g_test_add_func(GROUP "same-bits", test_same_bits);
  g_test_add_func(GROUP "never-sees-test", test_never_sees_test);
  g_test_add_func(GROUP "resume", test_resume);
  g_test_add_func(GROUP "cancel-anywhere", test_cancel_anywhere);
  g_test_add_func(GROUP "bad-checkpoint", test_bad_checkpoint);
  g_test_add_func(GROUP "full-disk", test_full_disk);
  g_test_add_func(GROUP "use", test_use);
  g_test_add_func(GROUP "bad-weights", test_bad_weights);
  g_test_add_func(GROUP "frames", test_frames);
  return g_test_run();
}
