// SPDX-License-Identifier: GPL-3.0-or-later
// The network of MEIs: the transform in chunks is the whole network at once, the combination is the naive sum, it learns,
// it is the same bits again, it stops and resumes exactly, it never looks at the test tier, and a neuron without an MEI
// does no harm.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "decode/mei-net-transform.h"
#include "decode/mei-net.h"
#include "decode/model-folder.h"
#include "encode/mei.h"
#include "small-recording.h"

#define EPOCHS 4

// 24 neurons, 9 x 11 pixels.
static const SmallRecording small = { 60, 12, 8, 24, 9, 11, 0.5, 3, .gratings = TRUE };
static const char *const linear[] = { "width=7", "features=6", "batch=16", "transform_every=2", NULL };
static const char *const original[] = { "preset=original", "width=7", "batch=16", NULL };
// Neurons without an MEI, and one whose MEI is under way.
#define N_MEIS 21
#define NOT_READY 4

// The transform ----------------------------------------------------------------------------------------------------

typedef struct {
  const char *name;
  gsize n;
  int height, width;
  gboolean last_relu, near_identity;
} TransformCase;

static const TransformCase transform_cases[] = {
  { "/decode/mei-net/transform/chunks", 37, 6, 7, FALSE, FALSE },
  { "/decode/mei-net/transform/last-relu", 37, 5, 9, TRUE, FALSE },
  { "/decode/mei-net/transform/near-identity", 33, 9, 8, FALSE, TRUE },
  { "/decode/mei-net/transform/one-chunk", 3, 4, 4, FALSE, FALSE },
};

static void
assert_near(const float *found, const float *expected, gsize n, double tolerance)
{
  double size = 0;
  for (gsize i = 0; i < n; i++)
    size += fabs((double)expected[i]) / (double)n;
  g_assert_cmpfloat(size, >, 0);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon(found[i], expected[i], tolerance * (size + fabs(expected[i])));
}

static void
test_transform(gconstpointer data)
{
  const TransformCase *c = data;
  g_autoptr(PctMeiTransform) transform = pct_mei_transform_new(c->height, c->width, c->last_relu, c->near_identity, 1);
  const PctParameterTable *table = pct_graph_get_parameters(transform->whole);
  PctShape shape = pct_graph_get_shape(transform->whole, transform->whole_out);
  g_assert_cmpint(shape.height, ==, c->height);
  g_assert_cmpint(shape.width, ==, c->width);
  gsize count = c->n * (gsize)c->height * (gsize)c->width;
  g_autofree float *meis = g_new(float, count), *d_out = g_new(float, count);
  pct_random_fill_normal(meis, count, 1, 1);
  pct_random_fill_normal(d_out, count, 1, 2);
  for (gsize i = 0; i < count; i++)
    meis[i] = 3 * meis[i] + 100;  // as raw grey levels are
  g_autoptr(PctParameters) initial = pct_parameters_new(table, NULL);
  pct_mei_transform_initialise(transform, initial, 3);

  // The whole network on all MEIs at once, with a batch norm of that batch.
  g_autoptr(PctParameters) whole = pct_parameters_copy(initial, NULL);
  g_autoptr(PctWorkspace) workspace = pct_workspace_new(transform->whole, PCT_WORKSPACE_BACKWARD, (int)c->n, NULL, NULL);
  g_autoptr(PctFloats) expected = pct_aligned_new(table->n_values, NULL);
  memcpy(pct_workspace_get_input(workspace, transform->whole_in), meis, count * sizeof(float));
  pct_workspace_forward(workspace, whole, (int)c->n, TRUE, 0);
  g_autofree float *expected_out =
    g_memdup2(pct_workspace_get_output(workspace, transform->whole_out), count * sizeof(float));
  memcpy(pct_workspace_get_gradient(workspace, transform->whole_out), d_out, count * sizeof(float));
  pct_workspace_backward(workspace, whole, expected, FALSE);

  g_autofree float *first_out = NULL, *first_gradient = NULL;
  for (guint threads = 1; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    g_autoptr(PctParameters) parameters = pct_parameters_copy(initial, NULL);
    g_autoptr(PctMeiPass) pass = pct_mei_pass_new(transform, c->n, TRUE, pool, NULL);
    g_autoptr(PctFloats) gradients = pct_aligned_new(table->n_values, NULL);
    g_autofree float *out = g_new(float, count);
    for (int again = 0; again < 2; again++)  // a backward pass uses the memory up, a forward pass makes it new
      g_assert_true(pct_mei_pass_forward(pass, parameters, meis, out, NULL, NULL) &&
                    pct_mei_pass_backward(pass, parameters, meis, d_out, gradients, NULL, NULL));
    for (gsize i = 0; i < table->n_values; i++)
      gradients[i] /= 2;  // added to
    assert_near(out, expected_out, count, 1e-3);
    assert_near(gradients, expected, table->n_values, 5e-3);
    if (!first_out) {
      first_out = g_memdup2(out, count * sizeof(float));
      first_gradient = g_memdup2(gradients, table->n_values * sizeof(float));
    }
    g_assert_cmpmem(out, count * sizeof(float), first_out, count * sizeof(float));
    g_assert_cmpmem(gradients, table->n_values * sizeof(float), first_gradient, table->n_values * sizeof(float));
    gboolean negative = FALSE;
    for (gsize i = 0; i < count; i++)
      negative |= out[i] < 0;
    g_assert_true(negative == !c->last_relu);
  }
}

// Away from the edges, where the convolutions meet zeros, gratings come out nearly as they go in.
static void
test_near_identity(void)
{
  enum { N = 20, HEIGHT = 12, WIDTH = 16, PIXELS = HEIGHT * WIDTH };
  g_autoptr(PctMeiTransform) transform = pct_mei_transform_new(HEIGHT, WIDTH, FALSE, TRUE, 1);
  g_autoptr(PctParameters) parameters = pct_parameters_new(pct_graph_get_parameters(transform->whole), NULL);
  pct_mei_transform_initialise(transform, parameters, 5);
  g_autoptr(PctMeiPass) pass = pct_mei_pass_new(transform, N, FALSE, NULL, NULL);
  g_autofree float *in = g_new(float, N * PIXELS), *out = g_new(float, N * PIXELS);
  for (int i = 0; i < N * PIXELS; i++)
    in[i] = (float)(1.4 * cos(0.4 * (i % WIDTH) + 0.05 * i / PIXELS * (i / WIDTH % HEIGHT) + i / PIXELS));
  g_assert_true(pct_mei_pass_forward(pass, parameters, in, out, NULL, NULL));
  double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (int i = 0; i < N * PIXELS; i++) {
    int x = i % WIDTH, y = i / WIDTH % HEIGHT;
    if (x < 3 || x >= WIDTH - 3 || y < 3 || y >= HEIGHT - 3)
      continue;
    n++;
    a += in[i];
    b += out[i];
    aa += (double)in[i] * in[i];
    bb += (double)out[i] * out[i];
    ab += (double)in[i] * out[i];
  }
  g_assert_cmpfloat((ab - a * b / n) / sqrt((aa - a * a / n) * (bb - b * b / n)), >, 0.9);
}

// The decoder ------------------------------------------------------------------------------------------------------

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
  f->recording = small_recording_new(&options);
  f->statistics = pct_statistics_new(f->recording, NULL, NULL);
  f->options = pct_option_values_new(pct_mei_net_class.about.options);
  for (gsize i = 0; assignments[i]; i++)
    set(f, assignments[i]);
  set(f, "epochs=4");
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
  pct_mei_set_free(f->meis);
  pct_pool_free(f->pool);
}

static PctDecoder *
fit(const Fixture *f, const char *folder, gboolean resume, Listener *listener, gboolean threads, GError **error)
{
  float responses[2 * 24] = { 0 };
  PctFit options = { f->recording, f->statistics, f->options, 9, folder, resume, responses, 2, 1, .meis = f->meis };
  PctRun run = { listener ? listen : NULL, listener, threads ? f->pool : NULL };
  return pct_decoder_fit(&pct_mei_net_class, &options, &run, error);
}

static void
assert_same(const PctDecoder *a, const PctDecoder *b)
{
  g_autoptr(PctTensors) x = pct_tensors_new(), y = pct_tensors_new();
  a->klass->save(a, x);
  b->klass->save(b, y);
  g_assert_cmpuint(pct_tensors_get_n(x), ==, pct_tensors_get_n(y));
  for (guint i = 0; i < pct_tensors_get_n(x); i++) {
    const PctTensor *p = pct_tensors_get(x, i), *q = pct_tensors_find(y, p->name);
    g_assert_nonnull(q);
    g_assert_cmpmem(p->values, p->count * sizeof(float), q->values, q->count * sizeof(float));
  }
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
                                "epochs=400", "rate=0.003" };
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
  assert_same(one, two);
  assert_same(one, one_thread);
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
  assert_same(one, two);
  tear_down(&f);
  tear_down(&g);
}

static void
remove_folder(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_cmpint(g_unlink(path), ==, 0);
  }
  g_assert_cmpint(g_rmdir(folder), ==, 0);
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
  assert_same(whole, resumed);
  g_autofree char *curves = g_build_filename(folder, "curves.csv", NULL), *text = NULL;
  g_assert_true(g_file_get_contents(curves, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(g_strstrip(text), "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, EPOCHS + 1);
  g_assert_true(g_str_has_prefix(lines[0], "epoch,train_mse,"));
  remove_folder(folder);
  tear_down(&f);
}

// Stopping at any moment at all, the preparation and the passes over the MEIs included.
static void
test_cancel_anywhere(void)
{
  Fixture f;
  set_up(&f, small, linear);
  set(&f, "epochs=1");
  Listener all = { 0 };
  g_autoptr(PctDecoder) decoder = fit(&f, NULL, FALSE, &all, TRUE, NULL);
  g_assert_cmpint(all.reports, >, 30);
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
  remove_folder(folder);
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
  remove_folder(folder);

  // A live session after 10,000 changes is where reconstructing anew is.
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, NULL);
  session->set_responses(session, responses, 1);
  session->set_latent(session, NULL);
  PctRandom random = pct_random(5, 5);
  for (int i = 0; i < 10000; i++) {
    int neuron = (int)pct_random_below(&random, (guint32)m);
    responses[neuron] = (float)(3 + 2 * pct_random_normal(&random));
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
    float kept = responses[i], step = 0.02f;
    for (int side = 0; side < 2; side++) {
      responses[i] = kept + (side ? step : -step);
      g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, images, NULL, &error));
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
  assert_same(one, two);
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
  for (gsize i = 0; i < G_N_ELEMENTS(transform_cases); i++)
    g_test_add_data_func(transform_cases[i].name, &transform_cases[i], test_transform);
  g_test_add_func("/decode/mei-net/transform/identity", test_near_identity);
  g_test_add_func("/decode/mei-net/learns", test_learns);
  g_test_add_func("/decode/mei-net/combination", test_combination);
  g_test_add_data_func("/decode/mei-net/same-bits/linear", linear, test_same_bits);
  g_test_add_data_func("/decode/mei-net/same-bits/original", original, test_same_bits);
  g_test_add_data_func("/decode/mei-net/never-sees-test/linear", linear, test_never_sees_test);
  g_test_add_data_func("/decode/mei-net/never-sees-test/original", original, test_never_sees_test);
  g_test_add_data_func("/decode/mei-net/resume/linear", linear, test_resume);
  g_test_add_data_func("/decode/mei-net/resume/original", original, test_resume);
  g_test_add_func("/decode/mei-net/cancel-anywhere", test_cancel_anywhere);
  g_test_add_func("/decode/mei-net/bad-checkpoint", test_bad_checkpoint);
  g_test_add_data_func("/decode/mei-net/use/linear", linear, test_use);
  g_test_add_data_func("/decode/mei-net/use/original", original, test_use);
  g_test_add_data_func("/decode/mei-net/malformed/linear", linear, test_malformed);
  g_test_add_data_func("/decode/mei-net/malformed/original", original, test_malformed);
  g_test_add_func("/decode/mei-net/meis", test_meis);
  g_test_add_func("/decode/mei-net/frames", test_frames);
  return g_test_run();
}
