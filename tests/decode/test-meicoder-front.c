// SPDX-License-Identifier: GPL-3.0-or-later
// meicoder's front ends are what their formulas say, and so are their gradients and one neuron's change.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "decode/meicoder-front.h"
#include "naive-meicoder.h"

// More neurons than a chunk of the paper's front end, and no multiple of it.
#define M 70
#define HEIGHT 3
#define WIDTH 4
#define C 2
#define B 3
#define P (HEIGHT * WIDTH)

typedef struct {
  PctMeicoderNetwork *network;
  PctParameters *parameters;
  PctMeicoderFront *front;
  PctPool *pool;
  float meis[M * P], z[B * M];
} Front;

static void
front_init(Front *f, PctMeicoderFrontKind kind, gboolean threads)
{
  PctMeicoderSizes sizes = { .front = kind, .n_neurons = M, .height = HEIGHT, .width = WIDTH, .channels = C, .core = 4,
                             .front_rate = 1, .path_rate = 1 };
  f->network = pct_meicoder_network_new(&sizes);
  f->parameters = pct_parameters_new(pct_graph_get_parameters(f->network->generator), NULL);
  pct_parameters_initialise(f->parameters, 3);
  // Biases begin at 0, which would hide that they are taken in.
  const char *const biases[] = { "hidden.bias", "mask.bias" };
  const gsize lengths[] = { PCT_MEICODER_HIDDEN, P };
  for (gsize i = 0; i < 2 && kind == PCT_MEICODER_PAPER; i++)
    pct_random_fill_normal(pct_parameters_find(f->parameters, biases[i]), lengths[i], 4, i);
  pct_random_fill_normal(f->meis, M * P, 5, 5);
  pct_random_fill_normal(f->z, B * M, 6, 6);
  f->pool = threads ? pct_pool_new(2, 0) : NULL;
  f->front = pct_meicoder_front_new(f->network, f->meis, B, f->pool, NULL);
}

static void
front_clear(Front *f)
{
  pct_meicoder_front_free(f->front);
  pct_parameters_free(f->parameters);
  pct_meicoder_network_free(f->network);
  pct_pool_free(f->pool);
}

static void
test_front_forward(gconstpointer data)
{
  Front f, alone;
  front_init(&f, GPOINTER_TO_INT(data), TRUE);
  front_init(&alone, GPOINTER_TO_INT(data), FALSE);
  float context[B * P * C], other[B * P * C];
  double naive[B * P * C];
  for (int batch = 1; batch <= B; batch += B - 1) {
    g_assert_true(pct_meicoder_front_forward(f.front, f.parameters, f.z, batch, context, NULL, NULL));
    naive_meicoder_context(&f.network->sizes, f.parameters, f.meis, f.z, batch, naive);
    for (int i = 0; i < batch * P * C; i++)
      g_assert_cmpfloat_with_epsilon(context[i], naive[i], 1e-4 + 1e-4 * fabs(naive[i]));
    g_assert_true(pct_meicoder_front_forward(alone.front, alone.parameters, alone.z, batch, other, NULL, NULL));
    g_assert_cmpmem(context, (gsize)(batch * P * C) * sizeof(float), other, (gsize)(batch * P * C) * sizeof(float));
  }
  // One neuron's change, added up, is the context of the changed responses.
  double moved[P * C];
  g_assert_true(pct_meicoder_front_forward(f.front, f.parameters, f.z, 1, context, NULL, NULL));
  for (int i = 0; i < P * C; i++)
    moved[i] = context[i];
  pct_meicoder_front_change(f.front, f.parameters, 66, f.z[66], 2.5f, moved);
  f.z[66] = 2.5f;
  naive_meicoder_context(&f.network->sizes, f.parameters, f.meis, f.z, 1, naive);
  for (int i = 0; i < P * C; i++)
    g_assert_cmpfloat_with_epsilon(moved[i], naive[i], 1e-4 + 1e-4 * fabs(naive[i]));
  front_clear(&f);
  front_clear(&alone);
}

static double
weigh(const Front *f, const float *weights)
{
  double context[B * P * C], sum = 0;
  naive_meicoder_context(&f->network->sizes, f->parameters, f->meis, f->z, B, context);
  for (int i = 0; i < B * P * C; i++)
    sum += context[i] * weights[i];
  return sum;
}

static void
assert_slope(const Front *f, const float *weights, float *at, float gradient)
{
  float kept = *at, step = 1e-4f, up = kept + step, down = kept - step;
  *at = up;
  double above = weigh(f, weights);
  *at = down;
  double numeric = (above - weigh(f, weights)) / ((double)up - down);
  *at = kept;
  // A unit of the paper's that crosses zero within the step bends it.
  g_assert_cmpfloat_with_epsilon(gradient, numeric, 2e-3 + 0.02 * fabs(numeric));
}

// Against central differences of the naive reference; what was there is added to.
static void
test_front_gradient(gconstpointer data)
{
  Front f;
  front_init(&f, GPOINTER_TO_INT(data), TRUE);
  float weights[B * P * C], d_z[B * M];
  pct_random_fill_normal(weights, B * P * C, 7, 7);
  gsize size = f.parameters->table->n_values;
  g_autoptr(PctFloats) gradients = pct_aligned_new(size, NULL);
  for (gsize i = 0; i < size; i++)
    gradients[i] = 1;
  g_assert_true(pct_meicoder_front_backward(f.front, f.parameters, f.z, B, weights, gradients, d_z, NULL, NULL));
  for (int i = 0; i < B * M; i += 7)
    assert_slope(&f, weights, &f.z[i], d_z[i]);
  guint n_of_front = GPOINTER_TO_INT(data) == PCT_MEICODER_CODES ? 2 : 6;
  for (guint p = 0; p < n_of_front; p++) {
    const PctParameter *item = &f.parameters->table->items[p];
    for (gsize i = 0; i < item->count; i += MAX(item->count / 12, 1))
      assert_slope(&f, weights, f.parameters->values + item->offset + i, gradients[item->offset + i] - 1);
  }
  // The core's are left alone.
  for (guint p = n_of_front; p < f.parameters->table->n_items; p++)
    g_assert_cmpfloat(gradients[f.parameters->table->items[p].offset], ==, 1);
  float again[B * M];
  g_assert_true(pct_meicoder_front_backward(f.front, f.parameters, f.z, B, weights, NULL, again, NULL, NULL));
  g_assert_cmpmem(d_z, sizeof d_z, again, sizeof again);
  front_clear(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  gconstpointer codes = GINT_TO_POINTER(PCT_MEICODER_CODES), paper = GINT_TO_POINTER(PCT_MEICODER_PAPER);
  g_test_add_data_func("/meicoder-front/forward/codes", codes, test_front_forward);
  g_test_add_data_func("/meicoder-front/forward/paper", paper, test_front_forward);
  g_test_add_data_func("/meicoder-front/gradient/codes", codes, test_front_gradient);
  g_test_add_data_func("/meicoder-front/gradient/paper", paper, test_front_gradient);
  return g_test_run();
}
