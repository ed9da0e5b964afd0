// SPDX-License-Identifier: GPL-3.0-or-later
// Ten training steps of the original conditional GAN against the same steps in plain loops (naive-cgan-original.h), and
// the sizes of its networks. What it does as a decoder is tested where the other design is (test-cgan.c).
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "naive-cgan-original.h"

enum { STEPS = 10 };
static const PctCganOriginalSizes sizes = { M, H, W, HIDDEN, CODE, LATENT, CHANNELS };
static const PctCganOriginalStepOptions options = { B, MISMATCHED, 1, 0.15f, 1e-3 };

static void
draw_batch(int step, float *responses, float *images, float *others, float *z)
{
  pct_random_fill_normal(responses, B * M, 7, 4 * (guint64)step);
  pct_random_fill_uniform(images, B * H * W, 7, 4 * (guint64)step + 1);
  pct_random_fill_uniform(others, MISMATCHED * H * W, 7, 4 * (guint64)step + 2);
  pct_random_fill_normal(z, B * LATENT, 7, 4 * (guint64)step + 3);
  for (int i = 0; i < B * H * W; i++)
    images[i] *= 255;
  for (int i = 0; i < MISMATCHED * H * W; i++)
    others[i] *= 255;
}

static void
assert_close(const PctParameters *parameters, const GPtrArray *naive, const GPtrArray *start)
{
  g_autoptr(GPtrArray) own = naive_copy_parameters(parameters);
  for (guint i = 0; i < own->len; i++) {
    const Parameter *a = own->pdata[i], *b = naive->pdata[i], *was = start->pdata[i];
    double moved = 0, apart = 0, size = 0;
    for (gsize j = 0; j < a->n; j++) {
      moved = MAX(moved, fabs(b->p[j] - was->p[j]));
      apart = MAX(apart, fabs(a->p[j] - b->p[j]));
      size = MAX(size, fabs(b->p[j]));
    }
    g_test_message("%s: moved %.3g, apart %.3g", a->name, moved, apart);
    g_assert_cmpfloat(moved, >, 1e-3);
    g_assert_cmpfloat(apart, <, 5e-4 * moved + 1e-6 * size);
  }
}

static void
test_ten_steps(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  g_autoptr(PctCganOriginalNetwork) network = pct_cgan_original_network_new(&sizes);
  g_autoptr(PctParameters) generator = pct_parameters_new(pct_graph_get_parameters(network->generator), NULL);
  g_autoptr(PctCganOriginalStep) step = pct_cgan_original_step_new(network, generator, &options, 2, pool, NULL);
  pct_parameters_initialise(generator, 1);
  g_autoptr(GPtrArray) g = naive_copy_parameters(generator), d = naive_copy_parameters(step->discriminator);
  g_autoptr(GPtrArray) first_g = naive_copy_parameters(generator), first_d = naive_copy_parameters(step->discriminator);
  // Batch norms' weights start about 1.
  const Parameter *weight = naive_find(g, "start_norm", "weight");
  double spread = 0;
  for (gsize i = 0; i < weight->n; i++) {
    g_assert_cmpfloat_with_epsilon(weight->p[i], 1, 0.15);
    spread = MAX(spread, fabs(weight->p[i] - 1));
  }
  g_assert_cmpfloat(spread, >, 0.005);
  float responses[B * M], images[B * H * W], others[MISMATCHED * H * W], z[B * LATENT];
  for (int i = 0; i < STEPS; i++) {
    draw_batch(i, responses, images, others, z);
    PctCganOriginalBatch batch = { responses, images, others, z };
    PctCganOriginalFigures figures;
    double losses[2];
    pct_cgan_original_step_run(step, &batch, &figures, NULL, NULL);
    naive_step(g, d, &options, i + 1, &batch, losses);
    g_assert_cmpfloat_with_epsilon(figures.discriminator, losses[0], 1e-4 * losses[0]);
    g_assert_cmpfloat_with_epsilon(figures.adversarial + options.l1 * figures.l1, losses[1], 1e-4 * losses[1]);
  }
  assert_close(generator, g, first_g);
  assert_close(step->discriminator, d, first_d);
}

// Without a discriminator, eight images come to be known by heart.
static void
test_overfits(void)
{
  enum { N = 8, NEURONS = 12, PIXELS = 12 * 16 };
  const PctCganOriginalSizes small = { NEURONS, 12, 16, 64, 16, LATENT, 8 };
  const PctCganOriginalStepOptions plain = { N, 1, 0, 1, 5e-3 };
  g_autoptr(PctCganOriginalNetwork) network = pct_cgan_original_network_new(&small);
  g_autoptr(PctParameters) generator = pct_parameters_new(pct_graph_get_parameters(network->generator), NULL);
  g_autoptr(PctCganOriginalStep) step = pct_cgan_original_step_new(network, generator, &plain, 2, NULL, NULL);
  pct_parameters_initialise(generator, 1);
  float responses[N * NEURONS], images[N * PIXELS], z[N * LATENT] = { 0 };
  pct_random_fill_normal(responses, N * NEURONS, 3, 1);
  for (int i = 0; i < N * PIXELS; i++)
    images[i] = 127 + 100 * sinf(0.3f * (float)(i / PIXELS + 1) * (float)(i % 16));
  PctCganOriginalFigures first, last;
  for (int i = 0; i < 1500; i++)
    pct_cgan_original_step_run(step, &(PctCganOriginalBatch){ responses, images, images, z }, i ? &last : &first, NULL, NULL);
  g_test_message("L1 %.2f at first, %.2f at last", first.l1, last.l1);
  g_assert_cmpfloat(first.l1, >, 100);
  g_assert_cmpfloat(last.l1, <, 5);
}

// At the reference recording's frame every size is as published; other frames grow past theirs and are cropped.
static void
test_sizes(void)
{
  const PctCganOriginalSizes published = { 5335, 36, 64, 16384, 648, 32, 300 };
  g_autoptr(PctCganOriginalNetwork) network = pct_cgan_original_network_new(&published);
  const struct {
    const char *name;
    gsize shape[4];
  } expected[] = { { "mlp1.weight", { 16384, 5335 } }, { "mlp2.weight", { 8192, 16384 } }, { "mlp3.weight", { 648, 8192 } },
                   { "start.weight", { 680, 2400, 4, 4 } }, { "up1.weight", { 2400, 1200, 4, 4 } },
                   { "up2.weight", { 1200, 600, 4, 4 } }, { "up3.weight", { 600, 300, 4, 4 } },
                   { "picture.weight", { 300, 1, 5, 4 } }, { "condition.weight", { 2304, 5335 } },
                   { "conv1.weight", { 300, 2, 5, 4 } }, { "conv2.weight", { 600, 300, 4, 4 } },
                   { "conv3.weight", { 1200, 600, 4, 4 } }, { "conv4.weight", { 2400, 1200, 4, 4 } },
                   { "logit.weight", { 1, 2400, 4, 4 } } };
  const PctParameterTable *tables[] = { pct_graph_get_parameters(network->generator),
                                        pct_graph_get_parameters(network->discriminator) };
  guint found = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
    for (int k = 0; k < 2; k++)
      for (guint j = 0; j < tables[k]->n_items; j++)
        if (g_str_equal(tables[k]->items[j].name, expected[i].name)) {
          const PctParameter *item = &tables[k]->items[j];
          g_assert_cmpmem(item->shape, (gsize)item->rank * sizeof(gsize), expected[i].shape, (gsize)item->rank * sizeof(gsize));
          found++;
        }
  g_assert_cmpuint(found, ==, G_N_ELEMENTS(expected));
  // Of the rest, everything lies as the generator's does.
  const PctParameterTable *rest = pct_graph_get_parameters(network->rest);
  g_assert_cmpuint(rest->n_items + 2, ==, tables[0]->n_items);
  g_assert_cmpuint(rest->n_values + network->rest_offset, ==, tables[0]->n_values);
  for (guint i = 0; i < rest->n_items; i++) {
    g_assert_cmpstr(rest->items[i].name, ==, tables[0]->items[i + 2].name);
    g_assert_cmpuint(rest->items[i].offset + network->rest_offset, ==, tables[0]->items[i + 2].offset);
  }
  const int frames[][2] = { { 12, 16 }, { 13, 17 }, { 37, 65 }, { 64, 64 }, { 12, 100 } };
  for (gsize i = 0; i < G_N_ELEMENTS(frames); i++) {
    const PctCganOriginalSizes other = { 5, frames[i][0], frames[i][1], 4, 3, 2, 1 };
    g_autoptr(PctCganOriginalNetwork) grown = pct_cgan_original_network_new(&other);
    PctShape shape = pct_graph_get_shape(grown->generator, grown->picture);
    g_assert_cmpint(shape.height, ==, frames[i][0]);
    g_assert_cmpint(shape.width, ==, frames[i][1]);
    g_assert_cmpuint(pct_shape_count(pct_graph_get_shape(grown->discriminator, grown->logit)), ==, 1);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_true(pct_blas_init(NULL));
  g_test_add_func("/decode/cgan-original/ten-steps", test_ten_steps);
  g_test_add_func("/decode/cgan-original/overfits", test_overfits);
  g_test_add_func("/decode/cgan-original/sizes", test_sizes);
  return g_test_run();
}
