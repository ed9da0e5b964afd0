// SPDX-License-Identifier: GPL-3.0-or-later
// The small network that mei-net passes its MEIs through: stage by stage and in chunks it is the whole network at once,
// gradients included, on any number of threads.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "decode/mei-net-transform.h"

typedef struct {
  const char *name;
  gsize n;
  int height, width;
  gboolean last_relu, near_identity;
} TransformCase;

static const TransformCase transform_cases[] = {
  { "/decode/mei-net-transform/chunks", 150, 6, 7, FALSE, FALSE },
  { "/decode/mei-net-transform/last-relu", 129, 5, 9, TRUE, FALSE },
  { "/decode/mei-net-transform/near-identity", 133, 9, 8, FALSE, TRUE },
  { "/decode/mei-net-transform/one-chunk", 3, 4, 4, FALSE, FALSE },
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

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(transform_cases); i++)
    g_test_add_data_func(transform_cases[i].name, &transform_cases[i], test_transform);
  g_test_add_func("/decode/mei-net-transform/identity", test_near_identity);
  return g_test_run();
}
