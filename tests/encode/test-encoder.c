// SPDX-License-Identifier: GPL-3.0-or-later
// Encoders of every kind: they learn, they are the same bits again, they stop and resume exactly, they never look at the
// test tier, their gradients are those of their rates, and they come back from disk as they were.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "encode/encoder-pullback.h"
#include "encode/encoder.h"
#include "small-recording.h"

// 9 neurons, 15 x 17 pixels.
static const SmallRecording small = { 96, 24, 12, 9, 15, 17, 0.3, 3, .gratings = TRUE };

// A kind, what makes it small, and what to reach on validation.
typedef struct {
  const char *name, *kind;
  const char *options[12];
  double reaches;
} Variant;

static const Variant variants[] = {
  { "gaussian", "gaussian",
    { "channels=8", "layers=3", "input_kernel=7", "hidden_kernel=3", "batch=16", "epochs=60", "sparse=0.1" }, 0.4 },
  { "gaussian-full", "gaussian",
    { "channels=4", "layers=2", "input_kernel=6", "hidden_kernel=3", "separable=false", "batch=16", "epochs=6" }, 0 },
  { "factorized", "factorized",
    { "channels=8", "layers=2", "input_kernel=7", "hidden_kernel=3", "batch=16", "epochs=60", "rate=0.01" }, 0.4 },
  { "factorized-paper", "factorized",
    { "preset=paper", "channels=4", "layers=2", "input_kernel=5", "hidden_kernel=3", "batch=16", "epochs=6" }, 0 },
  { "ln", "ln", { "batch=16", "epochs=60", "rate=0.005", "smooth_field=1", "small_field=1" }, 0.7 },
  { "ln-rank", "ln", { "batch=16", "epochs=6", "rate=0.01", "rank=4" }, 0 },
};

typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  PctOptionValues *options;
  const PctModelKind *kind;
  PctPool *pool;
} Fixture;

static void
set_up(Fixture *f, const Variant *variant, SmallRecording options)
{
  f->recording = small_recording_new(&options);
  f->statistics = pct_statistics_new(f->recording, NULL, NULL);
  f->kind = pct_encoder_find_kind(variant->kind);
  f->options = pct_option_values_new(f->kind->options);
  for (guint i = 0; variant->options[i]; i++) {
    g_autoptr(GError) error = NULL;
    pct_option_values_parse(f->options, variant->options[i], &error);
    g_assert_no_error(error);
  }
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

typedef struct {
  int stop_at_report;  // 0: never
  int reports, epochs;
  double best;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  listener->reports++;
  for (guint i = 0; i < progress->n_figures; i++) {
    listener->epochs += g_str_equal(progress->figures[i].name, "epoch");
    if (g_str_equal(progress->figures[i].name, "validation_correlation"))
      listener->best = MAX(listener->best, progress->figures[i].value);
  }
  return listener->reports != listener->stop_at_report;
}

static PctEncoder *
fit(const Fixture *f, const char *folder, gboolean resume, Listener *listener, gboolean threads, GError **error)
{
  PctFit options = { .recording = f->recording, .statistics = f->statistics, .options = f->options, .seed = 9,
                     .folder = folder, .resume = resume };
  PctRun run = { listener ? listen : NULL, listener, threads ? f->pool : NULL };
  return pct_encoder_fit(f->kind, &options, &run, error);
}

static void
assert_same(const PctEncoder *a, const PctEncoder *b)
{
  g_autoptr(PctTensors) x = pct_tensors_new(), y = pct_tensors_new();
  pct_encoder_save(a, x);
  pct_encoder_save(b, y);
  g_assert_cmpuint(pct_tensors_get_n(x), ==, pct_tensors_get_n(y));
  for (guint i = 0; i < pct_tensors_get_n(x); i++) {
    const PctTensor *p = pct_tensors_get(x, i), *q = pct_tensors_find(y, p->name);
    g_assert_nonnull(q);
    g_assert_cmpmem(p->values, p->count * sizeof(float), q->values, q->count * sizeof(float));
  }
  g_auto(GStrv) keys = pct_tensors_dup_metadata_keys(x);
  g_assert_nonnull(pct_tensors_get_metadata(x, "response_scale"));
  for (char **key = keys; *key; key++)
    g_assert_cmpstr(pct_tensors_get_metadata(x, *key), ==, pct_tensors_get_metadata(y, *key));
}

static void
test_learns(gconstpointer data)
{
  const Variant *variant = data;
  Fixture f;
  set_up(&f, variant, small);
  Listener listener = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = fit(&f, NULL, FALSE, &listener, TRUE, &error);
  g_assert_no_error(error);
  g_assert_nonnull(encoder);
  g_test_message("%s: %.3f after %d epochs", variant->name, listener.best, listener.epochs);
  g_assert_cmpfloat(listener.best, >, variant->reaches);
  tear_down(&f);
}

static void
set_epochs(Fixture *f, int epochs)
{
  g_assert_true(pct_option_values_set_number(f->options, "epochs", epochs, NULL));
}

static void
test_same_bits(gconstpointer data)
{
  Fixture f;
  set_up(&f, data, small);
  set_epochs(&f, 3);
  g_autoptr(PctEncoder) one = fit(&f, NULL, FALSE, NULL, TRUE, NULL), two = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(PctEncoder) one_thread = fit(&f, NULL, FALSE, NULL, FALSE, NULL);
  assert_same(one, two);
  assert_same(one, one_thread);
  tear_down(&f);
}

static void
test_never_sees_test(gconstpointer data)
{
  Fixture f, g;
  SmallRecording options = small;
  set_up(&f, data, options);
  options.scrambled_test = TRUE;
  set_up(&g, data, options);
  set_epochs(&f, 3);
  set_epochs(&g, 3);
  g_assert_cmpstr(pct_recording_get_fingerprint(f.recording), !=, pct_recording_get_fingerprint(g.recording));
  g_autoptr(PctEncoder) one = fit(&f, NULL, FALSE, NULL, TRUE, NULL), two = fit(&g, NULL, FALSE, NULL, TRUE, NULL);
  assert_same(one, two);
  tear_down(&f);
  tear_down(&g);
}

// Stopped in the middle of an epoch, after a checkpoint.
static void
test_resumes(gconstpointer data)
{
  Fixture f;
  set_up(&f, data, small);
  set_epochs(&f, 5);
  g_autofree char *folder = g_dir_make_tmp("percept-encoder-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "optimizer.safetensors", NULL);
  g_autofree char *curves = g_build_filename(folder, "curves.csv", NULL);
  g_autoptr(PctEncoder) whole = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autoptr(GError) error = NULL;
  Listener listener = { .stop_at_report = 2 * 6 + 1 + 5 };
  g_assert_null(fit(&f, folder, FALSE, &listener, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_clear_error(&error);
  g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
  g_autoptr(PctEncoder) resumed = fit(&f, folder, TRUE, NULL, FALSE, &error);
  g_assert_no_error(error);
  assert_same(whole, resumed);
  g_unlink(path);
  g_unlink(curves);
  g_rmdir(folder);
  tear_down(&f);
}

static float *
random_images(const PctEncoder *encoder, gsize n)
{
  const PctEncoderDesign *d = pct_encoder_get_design(encoder);
  gsize count = n * (gsize)(d->height * d->width);
  float *images = g_new(float, count);
  pct_random_fill_uniform(images, count, 3, 4);
  for (gsize i = 0; i < count; i++)
    images[i] *= 255;
  return images;
}

static void
test_gradients(gconstpointer data)
{
  Fixture f;
  set_up(&f, data, small);
  set_epochs(&f, 4);
  g_autoptr(PctEncoder) encoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  const PctEncoderDesign *d = pct_encoder_get_design(encoder);
  gsize pixels = (gsize)(d->height * d->width), m = (gsize)d->n_neurons;
  int neurons[21];
  for (int i = 0; i < 21; i++)
    neurons[i] = i % d->n_neurons;
  g_autofree float *images = random_images(encoder, 21), *gradients = g_new(float, 21 * pixels);
  float rates[21];
  g_assert_true(pct_encoder_compute_gradients(encoder, images, neurons, 21, rates, gradients, NULL, NULL));
  g_autofree float *all = g_new(float, m), *direction = g_new(float, pixels), *moved = g_new(float, pixels);
  for (gsize i = 0; i < 21; i += 4) {
    const float *image = images + i * pixels, *gradient = gradients + i * pixels;
    g_assert_true(pct_encoder_compute_rates(encoder, image, 1, all, NULL, NULL));
    g_assert_cmpfloat_with_epsilon(rates[i], all[neurons[i]], 1e-5);
    pct_random_fill_normal(direction, pixels, 5, i);
    double expected = 0, found[2];
    for (gsize j = 0; j < pixels; j++)
      expected += (double)gradient[j] * direction[j];
    for (int side = 0; side < 2; side++) {
      for (gsize j = 0; j < pixels; j++)
        moved[j] = image[j] + (side ? -0.05f : 0.05f) * direction[j];
      g_assert_true(pct_encoder_compute_rates(encoder, moved, 1, all, NULL, NULL));
      found[side] = all[neurons[i]];
    }
    g_assert_cmpfloat_with_epsilon((found[0] - found[1]) / 0.1, expected, 2e-4 + 0.02 * fabs(expected));
  }
  tear_down(&f);
}

// What a pullback gives for all neurons at once is the weighted sum of each one's gradient.
static void
test_pullback(gconstpointer data)
{
  Fixture f;
  set_up(&f, data, small);
  set_epochs(&f, 2);
  g_autoptr(PctEncoder) encoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  const PctEncoderDesign *d = pct_encoder_get_design(encoder);
  gsize pixels = (gsize)(d->height * d->width), m = (gsize)d->n_neurons, n = 3;
  g_autofree float *images = random_images(encoder, n), *rates = g_new(float, n * m), *expected = g_new(float, n * m);
  g_autofree float *cotangents = g_new(float, n * m), *gradients = g_new(float, n * pixels);
  g_autofree float *repeated = g_new(float, m * pixels), *each = g_new(float, m * pixels);
  g_autofree int *neurons = g_new(int, m);
  pct_random_fill_normal(cotangents, n * m, 8, 8);
  g_autoptr(PctEncoderPullback) pullback = pct_encoder_pullback_new(encoder, 5, f.pool, NULL);
  for (int time = 0; time < 2; time++) {  // memory is used again
    pct_encoder_pullback_forward(pullback, images, n, rates);
    pct_encoder_pullback_backward(pullback, cotangents, n, gradients);
  }
  g_assert_true(pct_encoder_compute_rates(encoder, images, n, expected, NULL, NULL));
  for (gsize i = 0; i < n * m; i++)
    g_assert_cmpfloat_with_epsilon(rates[i], expected[i], 1e-5);
  for (gsize i = 0; i < n; i++) {
    for (gsize j = 0; j < m; j++) {
      memcpy(repeated + j * pixels, images + i * pixels, pixels * sizeof(float));
      neurons[j] = (int)j;
    }
    g_assert_true(pct_encoder_compute_gradients(encoder, repeated, neurons, m, NULL, each, NULL, NULL));
    for (gsize k = 0; k < pixels; k++) {
      double sum = 0;
      for (gsize j = 0; j < m; j++)
        sum += (double)cotangents[i * m + j] * each[j * pixels + k];
      g_assert_cmpfloat_with_epsilon(gradients[i * pixels + k], sum, 1e-4 * (1 + fabs(sum)));
    }
  }
  tear_down(&f);
}

static void
test_round_trip(gconstpointer data)
{
  const Variant *variant = data;
  Fixture f;
  set_up(&f, variant, small);
  set_epochs(&f, 2);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  g_autofree char *folder = g_dir_make_tmp("percept-encoder-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "weights.safetensors", NULL);
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_encoder_save(encoder, tensors);
  g_assert_true(pct_safetensors_save(tensors, path, NULL));
  const PctEncoderDesign *d = pct_encoder_get_design(encoder);
  g_autoptr(PctEncoder) back = pct_encoder_open_weights(path, FALSE, d->height, d->width, &error);
  g_assert_no_error(error);
  assert_same(encoder, back);
  gsize m = (gsize)d->n_neurons;
  g_autofree float *images = random_images(encoder, 5), *one = g_new(float, 5 * m), *two = g_new(float, 5 * m);
  g_assert_true(pct_encoder_predict(encoder, images, 5, one, NULL, NULL));
  g_assert_true(pct_encoder_predict(back, images, 5, two, NULL, NULL));
  g_assert_cmpmem(one, 5 * m * sizeof(float), two, 5 * m * sizeof(float));
  // Units: rates times the scale.
  g_autofree float *rates = g_new(float, 5 * m);
  g_assert_true(pct_encoder_compute_rates(back, images, 5, rates, NULL, NULL));
  for (gsize i = 0; i < 5 * m; i++) {
    g_assert_cmpfloat(rates[i], >=, 0);
    g_assert_cmpfloat_with_epsilon(one[i], rates[i] * pct_encoder_get_response_scale(back)[i % m], 1e-6);
  }
  // An image of another size is another matter: the readouts that look at a fixed map say so.
  g_autoptr(PctEncoder) other = pct_encoder_open_weights(path, FALSE, d->height + 1, d->width, &error);
  if (d->readout == PCT_READOUT_FULL)
    g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_unlink(path);
  g_rmdir(folder);
  tear_down(&f);
}

// What is in the metadata is no more to be believed than the arrays.
static void
test_damaged_metadata(void)
{
  Fixture f;
  set_up(&f, &variants[4], small);
  set_epochs(&f, 1);
  g_autoptr(PctEncoder) encoder = fit(&f, NULL, FALSE, NULL, TRUE, NULL);
  static const char *const bad[][2] = { { "response_scale", "1 2 3" }, { "response_scale", "1 1 1 1 1 1 1 1 nan" },
                                        { "response_scale", "1 1 1 1 1 1 1 1 1 1" }, { "input_scale", "0" },
                                        { "input_scale", "-1" }, { "input_mean", "grey" }, { "input_mean", "" } };
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(PctTensors) tensors = pct_tensors_new();
    g_autoptr(GError) error = NULL;
    pct_encoder_save(encoder, tensors);
    pct_tensors_set_metadata(tensors, bad[i][0], bad[i][1]);
    g_assert_null(pct_encoder_load(15, 17, tensors, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  }
  tear_down(&f);
}

static void
test_too_small(void)
{
  Fixture f;
  set_up(&f, &variants[0], small);
  g_assert_true(pct_option_values_parse(f.options, "input_kernel=16", NULL));
  g_autoptr(GError) error = NULL;
  g_assert_null(fit(&f, NULL, FALSE, NULL, FALSE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  tear_down(&f);
}

static void
test_no_validation(void)
{
  Fixture f;
  SmallRecording options = small;
  options.n_validation = 0;
  set_up(&f, &variants[0], options);
  set_epochs(&f, 3);
  g_autoptr(GError) error = NULL;
  Listener listener = { 0 };
  g_autoptr(PctEncoder) encoder = fit(&f, NULL, FALSE, &listener, FALSE, &error);
  g_assert_no_error(error);
  g_assert_cmpint(listener.epochs, ==, 3);
  tear_down(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*test)(gconstpointer data);
  } tests[] = { { "learns", test_learns }, { "same-bits", test_same_bits }, { "never-sees-test", test_never_sees_test },
                { "resumes", test_resumes }, { "gradients", test_gradients }, { "pullback", test_pullback },
                { "round-trip", test_round_trip } };
  for (guint i = 0; i < G_N_ELEMENTS(variants); i++)
    for (guint j = 0; j < G_N_ELEMENTS(tests); j++) {
      g_autofree char *path = g_strdup_printf("/encode/encoder/%s/%s", variants[i].name, tests[j].name);
      g_test_add_data_func(path, &variants[i], tests[j].test);
    }
  g_test_add_func("/encode/encoder/damaged-metadata", test_damaged_metadata);
  g_test_add_func("/encode/encoder/too-small", test_too_small);
  g_test_add_func("/encode/encoder/no-validation", test_no_validation);
  return g_test_run();
}
