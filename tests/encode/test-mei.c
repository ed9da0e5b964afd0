// SPDX-License-Identifier: GPL-3.0-or-later
// Most exciting inputs: they excite, keep mean and contrast, are the weights of a linear model, and are the same bits
// alone or with others, stopped and resumed, on one thread and on two.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "encode/mei.h"
#include "small-encoder.h"

static const PctEncoderDesign point = { .height = 19, .width = 33, .n_neurons = 12, .n_layers = 3, .channels = 16,
                                        .input_kernel = 7, .hidden_kernel = 5, .depth_separable = TRUE };
static const PctEncoderDesign full = { .height = 9, .width = 11, .n_neurons = 20, .readout = PCT_READOUT_FULL };

static PctMeiSet *
set_of(const PctEncoderDesign *design, int first, int n)
{
  g_autoptr(GError) error = NULL;
  g_autofree int *neurons = g_new(int, n);
  for (int i = 0; i < n; i++)
    neurons[i] = first + i;
  PctMeiSet *set = pct_mei_set_new(neurons, n, design->height, design->width, &error);
  g_assert_no_error(error);
  return set;
}

static PctMeiSet *
fill(const PctEncoder *encoder, int first, int n, const char *const *assignments, guint64 seed, PctPool *pool)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctOptionValues) options = small_encoder_options(assignments);
  PctMeiSet *set = set_of(pct_encoder_get_design(encoder), first, n);
  PctRun run = { .pool = pool };
  g_assert_true(pct_mei_set_fill(set, encoder, options, seed, &run, &error));
  g_assert_no_error(error);
  for (int i = 0; i < n; i++)
    g_assert_true(pct_mei_set_is_ready(set, i));
  return set;
}

static void
assert_same(const PctMeiSet *a, int row_a, const PctMeiSet *b, int row_b)
{
  gsize pixels = (gsize)a->height * (gsize)a->width;
  g_assert_cmpint(a->neurons[row_a], ==, b->neurons[row_b]);
  g_assert_cmpmem(a->images + (gsize)row_a * pixels, pixels * sizeof(float), b->images + (gsize)row_b * pixels,
                  pixels * sizeof(float));
  g_assert_cmpmem(&a->activations[row_a], sizeof(float), &b->activations[row_b], sizeof(float));
  g_assert_cmpmem(&a->baselines[row_a], sizeof(float), &b->baselines[row_b], sizeof(float));
}

static void
check_excites(const PctEncoderDesign *design, const char *const *assignments, gboolean clipped)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = small_encoder_new(design, 8);
  g_autoptr(PctMeiSet) set = fill(encoder, 0, design->n_neurons, assignments, 4, NULL);
  gsize m = (gsize)design->n_neurons, pixels = (gsize)design->height * (gsize)design->width;
  g_autofree float *rates = g_new(float, m * m), *noise = g_new(float, m);
  g_autofree float *grey = g_new(float, pixels), *flat = g_new(float, m);
  g_autofree float *start = small_encoder_image(design, 100, 5, 6);
  for (gsize i = 0; i < pixels; i++)
    grey[i] = 100;
  g_assert_true(pct_encoder_compute_rates(encoder, set->images, m, rates, NULL, &error));
  g_assert_true(pct_encoder_compute_rates(encoder, grey, 1, flat, NULL, &error));
  g_assert_true(pct_encoder_compute_rates(encoder, start, 1, noise, NULL, &error));
  for (gsize i = 0; i < m; i++) {
    g_assert_cmpfloat_with_epsilon(set->activations[i], rates[i * m + i], 2e-5 * (1 + rates[i * m + i]));
    g_assert_cmpfloat_with_epsilon(set->baselines[i], flat[i], 1e-6);
    g_assert_cmpfloat(set->activations[i], >, set->baselines[i]);
    g_assert_cmpfloat(set->activations[i], >, noise[i]);
    double sum = 0, squares = 0;
    for (gsize p = 0; p < pixels; p++)
      sum += set->images[i * pixels + p];
    for (gsize p = 0; p < pixels; p++)
      squares += pow(set->images[i * pixels + p] - sum / (double)pixels, 2);
    if (!clipped) {
      g_assert_cmpfloat_with_epsilon(sum / (double)pixels, 100, 1e-3);
      g_assert_cmpfloat_with_epsilon(sqrt(squares / (double)(pixels - 1)), 5, 2e-3);
    }
  }
}

static void
test_recipes(void)
{
  check_excites(&point, (const char *[]){ NULL }, FALSE);
  check_excites(&point, (const char *[]){ "blur=1", "noise=1", NULL }, FALSE);
  check_excites(&point, (const char *[]){ "preset=notebook", "steps=100", "step=50", NULL }, FALSE);
  check_excites(&point, (const char *[]){ "preset=original", "steps=100", NULL }, FALSE);
  check_excites(&full, (const char *[]){ NULL }, FALSE);
  check_excites(&full, (const char *[]){ "preset=original", "steps=100", NULL }, FALSE);
}

// With so much contrast that it would leave 0..255.
static void
test_clip(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = small_encoder_new(&point, 8);
  for (int clip = 0; clip < 2; clip++) {
    const char *const assignments[] = { clip ? "clip=true" : "clip=false", NULL };
    g_autoptr(PctOptionValues) options = small_encoder_options(assignments);
    pct_option_values_set_number(options, "contrast", 90, &error);
    g_autoptr(PctMeiSet) set = set_of(&point, 0, 4);
    g_assert_true(pct_mei_set_fill(set, encoder, options, 1, NULL, &error));
    gboolean beyond = FALSE;
    for (gsize i = 0; i < 4 * 19 * 33; i++)
      beyond |= set->images[i] < 0 || set->images[i] > 255;
    g_assert_true(beyond == !clip);
  }
}

// The weights, by way of the gradient, which is a multiple of them anywhere.
static void
test_linear(void)
{
  g_autoptr(PctEncoder) encoder = small_encoder_new(&full, 2);
  const gsize pixels = 99;
  g_autofree float *grey = small_encoder_image(&full, 100, 0, 1), *gradient = g_new(float, pixels);
  const char *const recipes[][4] = { { NULL }, { "preset=notebook", "steps=600", "step=20", NULL } };
  for (guint r = 0; r < 2; r++) {
    g_autoptr(PctMeiSet) set = fill(encoder, 0, full.n_neurons, recipes[r], 9, NULL);
    for (int m = 0; m < full.n_neurons; m++) {
      g_autoptr(GError) error = NULL;
      g_assert_true(pct_encoder_compute_gradients(encoder, grey, &m, 1, NULL, gradient, NULL, &error));
      double a = 0, b = 0, ab = 0, aa = 0, bb = 0;
      const float *image = set->images + (gsize)m * pixels;
      for (gsize i = 0; i < pixels; i++) {
        a += gradient[i] / (double)pixels;
        b += image[i] / (double)pixels;
      }
      for (gsize i = 0; i < pixels; i++) {
        ab += (gradient[i] - a) * (image[i] - b);
        aa += (gradient[i] - a) * (gradient[i] - a);
        bb += (image[i] - b) * (image[i] - b);
      }
      g_assert_cmpfloat(ab / sqrt(aa * bb), >, r == 0 ? 0.99999 : 0.99);
    }
  }
}

static void
check_bits(const PctEncoderDesign *design)
{
  g_autoptr(PctEncoder) encoder = small_encoder_new(design, 8);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  const char *const sphere[] = { NULL };
  g_autoptr(PctMeiSet) all = fill(encoder, 0, design->n_neurons, sphere, 4, NULL);
  g_autoptr(PctMeiSet) on_two = fill(encoder, 0, design->n_neurons, sphere, 4, pool);
  g_autoptr(PctMeiSet) some = fill(encoder, 5, 3, sphere, 4, NULL);
  g_autoptr(PctMeiSet) other = fill(encoder, 0, design->n_neurons, sphere, 5, NULL);
  for (int i = 0; i < design->n_neurons; i++)
    assert_same(all, i, on_two, i);
  for (int i = 0; i < 3; i++)
    assert_same(some, i, all, 5 + i);
  gsize size = (gsize)all->n * (gsize)all->height * (gsize)all->width * sizeof(float);
  g_assert_cmpint(memcmp(all->images, other->images, size), !=, 0);
}

static void
test_bits(void)
{
  check_bits(&point);
  check_bits(&full);
}

typedef struct {
  int n_reports, stop_at;
  double last;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  g_assert_cmpfloat(progress->step, >=, listener->last);
  listener->last = progress->step;
  return ++listener->n_reports != listener->stop_at;
}

// Stopped after each of its reports in turn, until it is done.
static void
check_stop(const PctEncoderDesign *design, const char *const *assignments)
{
  g_autoptr(PctEncoder) encoder = small_encoder_new(design, 8);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  g_autoptr(PctOptionValues) options = small_encoder_options(assignments);
  g_autoptr(PctMeiSet) whole = fill(encoder, 0, design->n_neurons, assignments, 4, pool);
  g_autoptr(PctMeiSet) set = set_of(design, 0, design->n_neurons);
  int n_stops = 0, n_partly = 0;
  for (gboolean done = FALSE; !done;) {
    g_autoptr(GError) error = NULL;
    Listener listener = { .stop_at = 2 + 3 * n_stops };
    PctRun run = { listen, &listener, pool };
    done = pct_mei_set_fill(set, encoder, options, 4, &run, &error);
    if (!done) {
      g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
      n_stops++;
    }
    int n_ready = 0;
    for (int i = 0; i < set->n; i++) {
      if (!pct_mei_set_is_ready(set, i))
        continue;
      assert_same(set, i, whole, i);
      n_ready++;
    }
    n_partly += n_ready > 0 && n_ready < set->n;
    g_assert_true(!done || n_ready == set->n);
  }
  g_assert_cmpint(n_stops, >, 1);
  g_assert_cmpint(n_partly, >, 0);
}

static void
test_stop(void)
{
  // So many that they take many of the slices that a stop is asked for between, on any machine.
  check_stop(&point, (const char *[]){ "steps=3000", NULL });
  check_stop(&full, (const char *[]){ "steps=20", NULL });
}

static void
test_cross_activation(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = small_encoder_new(&point, 8);
  g_autoptr(PctMeiSet) set = fill(encoder, 0, point.n_neurons, (const char *[]){ NULL }, 4, NULL);
  const int rows[] = { 7, 0, 3 };
  float out[9], rates[12];
  g_assert_true(pct_mei_cross_activation(set, rows, 3, encoder, out, NULL, &error));
  for (int i = 0; i < 3; i++) {
    g_assert_cmpfloat_with_epsilon(out[4 * i], 1, 1e-6);
    g_assert_true(pct_encoder_compute_rates(encoder, set->images + rows[i] * 19 * 33, 1, rates, NULL, &error));
    for (int j = 0; j < 3; j++) {
      double grey = set->baselines[rows[j]], own = set->activations[rows[j]] - grey;
      g_assert_cmpfloat_with_epsilon(out[3 * i + j], (rates[rows[j]] - grey) / own, 1e-3);
    }
  }
}

static void
test_refused(void)
{
  g_autoptr(PctEncoder) encoder = small_encoder_new(&point, 8);
  g_autoptr(PctOptionValues) options = small_encoder_options((const char *[]){ NULL });
  const int beyond[] = { 3, 12 }, negative[] = { -1, 2 };
  const int *const neurons[] = { beyond, negative };
  for (int i = 0; i < 3; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PctMeiSet) set = pct_mei_set_new(neurons[i % 2], 2, 19, i < 2 ? 33 : 34, NULL);
    g_assert_false(pct_mei_set_fill(set, encoder, options, 1, NULL, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  g_test_add_func("/mei/recipes", test_recipes);
  g_test_add_func("/mei/clip", test_clip);
  g_test_add_func("/mei/linear", test_linear);
  g_test_add_func("/mei/bits", test_bits);
  g_test_add_func("/mei/stop", test_stop);
  g_test_add_func("/mei/cross-activation", test_cross_activation);
  g_test_add_func("/mei/refused", test_refused);
  return g_test_run();
}
