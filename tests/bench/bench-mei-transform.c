// SPDX-License-Identifier: GPL-3.0-or-later
// What a pass over all MEIs through mei-net's small network costs, at the reference recording's size.
#include <stdio.h>
#include <stdlib.h>
#include "base/blas.h"
#include "base/random.h"
#include "decode/mei-net-transform.h"

int
main(int argc, char **argv)
{
  gsize n = argc > 1 ? (gsize)atoi(argv[1]) : 5335, pixels = 36 * 64;
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  g_autoptr(PctMeiTransform) transform = pct_mei_transform_new(36, 64, FALSE, TRUE, 1);
  const PctParameterTable *table = pct_graph_get_parameters(transform->whole);
  g_autoptr(PctParameters) parameters = pct_parameters_new(table, NULL);
  pct_mei_transform_initialise(transform, parameters, 1);
  g_autoptr(PctMeiPass) pass = pct_mei_pass_new(transform, n, TRUE, pool, &error);
  if (!pass)
    g_error("%s", error->message);
  g_autoptr(PctFloats) meis = pct_aligned_new(n * pixels, NULL), out = pct_aligned_new(n * pixels, NULL);
  g_autoptr(PctFloats) gradients = pct_aligned_new(table->n_values, NULL);
  pct_random_fill_normal(meis, n * pixels, 1, 1);
  for (int i = 0; i < 3; i++) {
    gint64 begin = g_get_monotonic_time();
    pct_mei_pass_forward(pass, parameters, meis, out, NULL, NULL);
    gint64 middle = g_get_monotonic_time();
    pct_mei_pass_backward(pass, parameters, meis, out, gradients, NULL, NULL);
    gint64 end = g_get_monotonic_time();
    printf("forward %.2f s, backward %.2f s\n", (double)(middle - begin) / 1e6, (double)(end - middle) / 1e6);
  }
  return 0;
}
