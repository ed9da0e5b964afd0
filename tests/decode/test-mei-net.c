// SPDX-License-Identifier: GPL-3.0-or-later
// The network of MEIs as a decoder: the combination is the naive sum, it learns, it is the same bits again, it stops and
// resumes exactly, it never looks at the test tier, and a neuron without an MEI does no harm.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "decode/mei-net.h"
#include "decode/model-folder.h"
#include "encode/mei.h"
#include "decoder-checks.h"
#include "encoder-recording.h"
#include "small-recording.h"

#define EPOCHS 4

// 24 neurons, 9 x 11 pixels.
static const SmallRecording small = { 60, 12, 8, 24, 9, 11, 0.5, 3, .gratings = TRUE };
static const char *const linear[] = { "width=7", "features=6", "batch=16", "transform_every=2", NULL };
static const char *const pretrained[] = { "width=7", "features=6", "batch=16", "transform_every=2", "pretrain=2", "copies=1", NULL };
static const char *const original[] = { "preset=original", "width=7", "batch=16", NULL };
// Neurons without an MEI, and one whose MEI is under way.
#define N_MEIS 21
#define NOT_READY 4

typedef struct {
  int stop_at_epoch;       // 0: never
  int stop_at_report;      // 0: never
  int reports, previews;
  double last_mse, pixcorr;
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
    if (g_str_equal(figure->name, "train_mse") && epoch > 0)
      listener->last_mse = figure->value;
    if (g_str_equal(figure->name, "validation_pixcorr"))
      listener->pixcorr = figure->value;
  }
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

static void
set_up(Fixture *f, SmallRecording options, const char *const *assignments)
{
  f->options = pct_option_values_new(pct_mei_net_class.about.options);
  for (gsize i = 0; assignments[i]; i++)
    set(f, assignments[i]);
  set(f, "epochs=4");
  // Pretrained, it is a recording that an encoder made, in that one's frames.
  f->encoder = pct_option_values_get(f->options, "pretrain") > 0 ? encoder_recording_new_encoder() : NULL;
  EncoderRecording made = { options.n_train, options.n_validation, options.n_test, options.noise, options.scrambled_test };
  f->recording = f->encoder ? encoder_recording_new(&made, f->encoder) : small_recording_new(&options);
  options.height = pct_recording_get_height(f->recording);
  options.width = pct_recording_get_width(f->recording);
  f->statistics = pct_statistics_new(f->recording, NULL, NULL);
  int neurons[N_MEIS];
  for (int i = 0; i < N_MEIS; i++)
    neurons[i] = N_MEIS - i;
  f->meis = pct_mei_set_new(neurons, N_MEIS, options.height, options.width, NULL);
  pct_random_fill_normal(f->meis->images, (gsize)(N_MEIS * options.height * options.width), 8, 8);
  for (int i = 0; i < N_MEIS * options.height * options.width; i++)
    f->meis->images[i] = 110 + 20 * f->meis->images[i];
  for (int i = 0; i < N_MEIS; i++)
    if (i != NOT_READY)
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
  float responses[2 * 40] = { 0 };
  PctFit options = { f->recording, f->statistics, f->options, 9, folder, resume, responses, 2, 1, .encoder = f->encoder,
                     .meis = f->meis };
  PctRun run = { listener ? listen : NULL, listener, threads ? f->pool : NULL };
  return pct_decoder_fit(&pct_mei_net_class, &options, &run, error);
}

// Eight trials are learned by heart; a linear start tells images apart that it has not seen.
static void
test_learns(void)
{
  Fixture f;
  SmallRecording eight = small;
  eight.n_train = 8;
  eight.height = 3;  // fewer pixels than MEIs, which then span all pictures
  eight.width = 5;
  set_up(&f, eight, original);
  const char *const fixed[] = { "normalise=true", "last_relu=false", "clear_gradients=true", "width=32", "batch=4",
                                "epochs=500", "rate=0.003" };
  for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
    set(&f, fixed[i]);
  Listener listener = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, &listener, TRUE, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(listener.last_mse, <, 0.05 * pow(f.statistics->image_std, 2));
  g_assert_cmpint(listener.previews, >, 0);
  tear_down(&f);

  set_up(&f, small, linear);
  set(&f, "epochs=10");
  Listener another = { 0 };
  g_autoptr(PctDecoder) second = fit(&f, NULL, FALSE, &another, TRUE, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(another.pixcorr, >, 0.2);
  tear_down(&f);
}

static void
test_combination(void)
{
  Fixture f;
  set_up(&f, small, linear);
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  const PctMeiNet *net = (const PctMeiNet *)decoder;
  gsize m = (gsize)decoder->n_neurons, p = (gsize)(decoder->height * decoder->width);
  g_autofree float *weights = g_new(float, 5 * m), *images = g_new(float, 5 * p);
  pct_random_fill_normal(weights, 5 * m, 3, 3);
  for (gsize n = 1; n <= 5; n += 4) {
    pct_mei_net_combine(net, net->pictures, weights, n, images, f.pool);
    for (gsize b = 0; b < n; b++)
      for (gsize j = 0; j < p; j++) {
        double sum = 0;
        for (gsize i = 0; i < m; i++)
          sum += (double)weights[b * m + i] * net->pictures[i * p + j];
        g_assert_cmpfloat_with_epsilon(images[b * p + j], net->mean_image[j] + net->image_scale * sum, 0.01);
      }
  }
  tear_down(&f);
}

static void
test_same_bits(gconstpointer data)
{
  Fixture f;
  set_up(&f, small, data);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) one = fit(&f, NULL, FALSE, NULL, TRUE, &error), two = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_assert_no_error(error);
  g_autoptr(PctDecoder) one_thread = fit(&f, NULL, FALSE, NULL, FALSE, NULL);
  g_assert_true(decoders_are_same(one, two));
  g_assert_true(decoders_are_same(one, one_thread));
  tear_down(&f);
}

static void
test_never_sees_test(gconstpointer data)
{
  Fixture f, g;
  SmallRecording options = small;
  set_up(&f, options, data);
  options.scrambled_test = TRUE;
  set_up(&g, options, data);
  g_assert_cmpstr(pct_recording_get_fingerprint(f.recording), !=, pct_recording_get_fingerprint(g.recording));
  g_autoptr(PctDecoder) one = fit(&f, NULL, FALSE, NULL, TRUE, NULL), two = fit(&g, NULL, FALSE, NULL, TRUE, NULL);
  g_assert_true(decoders_are_same(one, two));
  tear_down(&f);
  tear_down(&g);
}

static void
test_resume(gconstpointer data)
{
  Fixture f;
  set_up(&f, small, data);
  g_autofree char *folder = g_dir_make_tmp("mei-net-XXXXXX", NULL);
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
  g_assert_cmpuint(g_strv_length(lines), ==, EPOCHS + 1 + (guint)pct_option_values_get(f.options, "pretrain"));
  g_assert_true(g_str_has_prefix(lines[0], "epoch,train_mse,"));
  decoder_remove_folder(folder);
  tear_down(&f);
}

// Stopping at moments all along, in the preparation and the passes over the MEIs, too.
static void
test_cancel_anywhere(gconstpointer data)
{
  Fixture f;
  set_up(&f, small, data);
  set(&f, "epochs=1");
  Listener all = { 0 };
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, &all, TRUE, NULL);
  g_assert_cmpint(all.reports, >, 30);
  for (int at = 1; at <= all.reports; at += 1 + all.reports / 40) {
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
  set_up(&f, small, linear);
  g_autofree char *folder = g_dir_make_tmp("mei-net-XXXXXX", NULL);
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
  g_clear_error(&error);
  g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
  // Epochs of another length.
  set(&f, "batch=7");
  none = fit(&f, folder, TRUE, NULL, TRUE, &error);
  g_assert_null(none);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_clear_error(&error);
  set(&f, "batch=16");
  set(&f, "width=5");
  none = fit(&f, folder, TRUE, NULL, TRUE, &error);
  g_assert_null(none);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  decoder_remove_folder(folder);
  tear_down(&f);
}

static void
test_use(gconstpointer data)
{
  Fixture f;
  set_up(&f, small, data);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, &error);
  g_assert_no_error(error);
  gsize m = (gsize)decoder->n_neurons, pixels = (gsize)decoder->height * (gsize)decoder->width;
  g_autofree float *responses = g_new(float, 3 * m), *images = g_new(float, 3 * pixels), *again = g_new(float, 3 * pixels);
  for (int i = 0; i < 3; i++)
    pct_recording_read_responses(f.recording, i, responses + (gsize)i * m);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 3, 1, NULL, images, NULL, &error));

  // Saved, loaded: the same pictures, bit for bit.
  g_autofree char *folder = g_dir_make_tmp("mei-net-XXXXXX", NULL);
  g_autoptr(PctModelInfo) info = pct_model_info_new(&pct_mei_net_class.about);
  pct_option_values_free(info->options);
  info->options = pct_option_values_copy(f.options);
  g_assert_true(pct_decoder_save(decoder, info, folder, &error));
  g_autoptr(PctDecoder) loaded = pct_decoder_load(folder, &error);
  g_assert_no_error(error);
  g_assert_true(pct_decoder_reconstruct(loaded, responses, 3, 1, NULL, again, NULL, &error));
  g_assert_cmpmem(images, 3 * pixels * sizeof(float), again, 3 * pixels * sizeof(float));
  decoder_remove_folder(folder);

  // A live session after 10,000 changes is where reconstructing anew is.
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, NULL);
  session->set_responses(session, responses, 1);
  session->set_latent(session, NULL);
  PctRandom random = pct_random(5, 5);
  for (int i = 0; i < 10000; i++) {
    int neuron = (int)pct_random_below(&random, (guint32)m);
    responses[neuron] = f.statistics->response_mean[neuron] + f.statistics->response_scale[neuron] * (float)pct_random_normal(&random);
    session->set_response(session, neuron, responses[neuron]);
  }
  session->draw(session, again);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, images, NULL, &error));
  for (gsize i = 0; i < pixels; i++)
    g_assert_cmpfloat_with_epsilon(images[i], again[i], 0.01);

  // The pullback against central differences of the picture.
  g_autofree float *cotangent = g_new0(float, pixels), *gradient = g_new(float, m);
  for (gsize i = 0; i < pixels; i++)
    cotangent[i] = i % 5 == 0 ? 0.01f : 0;
  g_assert_true(pct_decoder_pullback(decoder, responses, 1, NULL, cotangent, gradient, NULL, &error));
  for (gsize i = 0; i < m; i++) {
    double sides[2];
    float kept = responses[i], step = 0.02f * f.statistics->response_scale[i];
    for (int side = 0; side < 2; side++) {
      responses[i] = kept + (side ? step : -step);
      g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, images, NULL, &error));
      sides[side] = 0;
      for (gsize j = 0; j < pixels; j++)
        sides[side] += (double)cotangent[j] * images[j];
    }
    responses[i] = kept;
    double numeric = (sides[1] - sides[0]) / (2 * step);
    g_assert_cmpfloat_with_epsilon(gradient[i], numeric, 0.02 * fabs(numeric) + 1e-3 / f.statistics->response_scale[i]);
  }
  tear_down(&f);
}

// Weights that lack something, or have another shape, are refused with a sentence.
static void
test_malformed(gconstpointer data)
{
  Fixture f;
  set_up(&f, small, data);
  set(&f, "epochs=1");
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(PctTensors) good = pct_tensors_new();
  decoder->klass->save(decoder, good);
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
      g_autoptr(PctDecoder) none = pct_mei_net_class.load(bad, f.options, &error);
      g_assert_null(none);
      g_assert_nonnull(error);
      g_assert_true(error->code == PCT_ERROR_FORMAT || error->code == PCT_ERROR_SHAPE);
    }
  set(&f, "width=6");
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) none = pct_mei_net_class.load(good, f.options, &error);
  g_assert_null(none);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  tear_down(&f);
}

// Without MEIs, with none ready, or with those of another frame there is nothing to learn; an image of a neuron that is
// not ready does not matter, whatever stands there.
static void
test_meis(void)
{
  Fixture f;
  set_up(&f, small, linear);
  g_autoptr(PctDecoder) one = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  for (int j = 0; j < small.height * small.width; j++)
    f.meis->images[NOT_READY * small.height * small.width + j] = 1e6f;
  g_autoptr(PctDecoder) two = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_assert_true(decoders_are_same(one, two));
  pct_mei_set_free(g_steal_pointer(&f.meis));
  g_autoptr(GError) error = NULL;
  g_assert_null(fit(&f, NULL, FALSE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_clear_error(&error);
  f.meis = pct_mei_set_new((int[]){ 1 }, 1, small.width, small.height, NULL);
  g_assert_null(fit(&f, NULL, FALSE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_clear_error(&error);
  pct_mei_set_free(f.meis);
  f.meis = pct_mei_set_new((int[]){ 1 }, 1, small.height, small.width, NULL);
  g_assert_null(fit(&f, NULL, FALSE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  set(&f, "normalise=false");
  g_assert_null(fit(&f, NULL, FALSE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  tear_down(&f);
}

// Pretraining needs an encoder, and features that its answers tell of.
static void
test_pretraining_needs(void)
{
  Fixture f;
  set_up(&f, small, pretrained);
  g_autoptr(GError) error = NULL;
  PctEncoder *encoder = g_steal_pointer(&f.encoder);
  g_assert_null(fit(&f, NULL, FALSE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  f.encoder = encoder;
  set(&f, "linear_start=false");
  g_assert_null(fit(&f, NULL, FALSE, NULL, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  tear_down(&f);
}

// Frames of other sizes: with more pixels than neurons and with fewer, and no validation tier.
static void
test_frames(void)
{
  const int sizes[][2] = { { 3, 4 }, { 25, 40 }, { 16, 8 } };
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    Fixture f;
    SmallRecording options = small;
    options.height = sizes[i][0];
    options.width = sizes[i][1];
    options.n_validation = i == 0 ? 0 : 12;
    set_up(&f, options, linear);
    set(&f, "epochs=1");
    g_autoptr(GError) error = NULL;
    g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, NULL, TRUE, &error);
    g_assert_no_error(error);
    g_assert_cmpint(decoder->height, ==, sizes[i][0]);
    tear_down(&f);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  g_test_add_func("/decode/mei-net/learns", test_learns);
  g_test_add_func("/decode/mei-net/combination", test_combination);
  g_test_add_data_func("/decode/mei-net/same-bits/linear", linear, test_same_bits);
  g_test_add_data_func("/decode/mei-net/same-bits/pretrained", pretrained, test_same_bits);
  g_test_add_data_func("/decode/mei-net/same-bits/original", original, test_same_bits);
  g_test_add_data_func("/decode/mei-net/never-sees-test/linear", linear, test_never_sees_test);
  g_test_add_data_func("/decode/mei-net/never-sees-test/original", original, test_never_sees_test);
  g_test_add_data_func("/decode/mei-net/resume/linear", linear, test_resume);
  g_test_add_data_func("/decode/mei-net/resume/pretrained", pretrained, test_resume);
  g_test_add_data_func("/decode/mei-net/resume/original", original, test_resume);
  g_test_add_data_func("/decode/mei-net/cancel-anywhere/linear", linear, test_cancel_anywhere);
  g_test_add_data_func("/decode/mei-net/cancel-anywhere/pretrained", pretrained, test_cancel_anywhere);
  g_test_add_func("/decode/mei-net/bad-checkpoint", test_bad_checkpoint);
  g_test_add_data_func("/decode/mei-net/use/linear", linear, test_use);
  g_test_add_data_func("/decode/mei-net/use/pretrained", pretrained, test_use);
  g_test_add_data_func("/decode/mei-net/use/original", original, test_use);
  g_test_add_data_func("/decode/mei-net/malformed/linear", linear, test_malformed);
  g_test_add_data_func("/decode/mei-net/malformed/pretrained", pretrained, test_malformed);
  g_test_add_data_func("/decode/mei-net/malformed/original", original, test_malformed);
  g_test_add_func("/decode/mei-net/meis", test_meis);
  g_test_add_func("/decode/mei-net/pretraining-needs", test_pretraining_needs);
  g_test_add_func("/decode/mei-net/frames", test_frames);
  return g_test_run();
}
