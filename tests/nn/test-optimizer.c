// SPDX-License-Identifier: GPL-3.0-or-later
// Optimisers against the formulae of PyTorch's documentation, written out in double precision, over twenty steps; the
// state through a file and back; what must not be touched.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "nn/graph.h"
#include "nn/optimizer.h"

#define STEPS 20

typedef struct {
  const char *name;
  PctOptimizerOptions options;
} Case;

static const Case cases[] = {
  { "sgd", { .kind = PCT_OPTIMIZER_SGD } },
  { "sgd-momentum", { .kind = PCT_OPTIMIZER_SGD, .momentum = 0.9, .weight_decay = 0.01 } },
  { "adam", { PCT_OPTIMIZER_ADAM, 0, 0.9, 0.999, 1e-8, 0 } },
  { "adam-gan", { PCT_OPTIMIZER_ADAM, 0, 0.5, 0.999, 1e-8, 0.02 } },
  { "adamw", { PCT_OPTIMIZER_ADAMW, 0, 0.9, 0.999, 1e-8, 0.3 } },
};

// More than one piece in the first matrix; a batch norm brings buffers that nobody trains; the last layer has a rate
// and a decay of its own.
static PctGraph *
make_graph(void)
{
  PctGraph *graph = pct_graph_new();
  int x = pct_graph_input(graph, (PctShape){ 1, 1, 301 });
  x = pct_graph_linear(graph, x, "a", 67, TRUE);
  x = pct_graph_batch_norm(graph, x, "b", 1e-5f, 0.1f);
  pct_graph_set_rate(graph, 0.5f, 2);
  x = pct_graph_linear(graph, x, "c", 3, TRUE);
  pct_graph_output(graph, x);
  return graph;
}

static double
learning_rate(int step)
{
  return step < 10 ? 0.01 : 0.003;
}

static void
fill_gradients(float *gradients, const PctParameterTable *table, int step)
{
  pct_random_fill_normal(gradients, table->n_values, 3, (guint64)step);
  for (gsize i = 0; i < table->n_values; i++)
    gradients[i] *= 0.1f * (float)(1 + i % 7);
}

static void
reference_step(const PctOptimizerOptions *o, const PctParameter *item, int t, double *p, double g, double *m, double *v)
{
  double rate = learning_rate(t - 1) * (double)item->rate, decay = o->weight_decay * (double)item->decay;
  if (o->kind == PCT_OPTIMIZER_SGD) {
    g += decay * *p;
    *m = t == 1 ? g : o->momentum * *m + g;
    *p -= rate * *m;
    return;
  }
  if (o->kind == PCT_OPTIMIZER_ADAMW)
    *p -= rate * decay * *p;
  else
    g += decay * *p;
  *m = o->beta1 * *m + (1 - o->beta1) * g;
  *v = o->beta2 * *v + (1 - o->beta2) * g * g;
  double corrected_m = *m / (1 - pow(o->beta1, t)), corrected_v = *v / (1 - pow(o->beta2, t));
  *p -= rate * corrected_m / (sqrt(corrected_v) + o->epsilon);
}

static void
test_against_formulae(gconstpointer data)
{
  const Case *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  g_autoptr(PctGraph) graph = make_graph();
  const PctParameterTable *table = pct_graph_get_parameters(graph);
  g_autoptr(PctParameters) parameters = pct_parameters_new(table, &error), initial = NULL, alone = NULL;
  g_autoptr(PctOptimizer) optimizer = pct_optimizer_new(table, &c->options, &error);
  g_autoptr(PctOptimizer) single = pct_optimizer_new(table, &c->options, &error);
  g_autofree float *gradients = g_new(float, table->n_values);
  g_autofree double *p = g_new(double, table->n_values), *m = g_new0(double, table->n_values);
  g_autofree double *v = g_new0(double, table->n_values);
  pct_parameters_initialise(parameters, 4);
  initial = pct_parameters_copy(parameters, &error);
  alone = pct_parameters_copy(parameters, &error);
  for (gsize i = 0; i < table->n_values; i++)
    p[i] = parameters->values[i];
  for (int step = 0; step < STEPS; step++) {
    fill_gradients(gradients, table, step);
    pct_optimizer_step(optimizer, pool, parameters, gradients, learning_rate(step));
    pct_optimizer_step(single, NULL, alone, gradients, learning_rate(step));
    for (guint k = 0; k < table->n_items; k++)
      for (gsize i = table->items[k].offset; i < table->items[k].offset + table->items[k].count; i++)
        if (table->items[k].trainable)
          reference_step(&c->options, &table->items[k], step + 1, &p[i], gradients[i], &m[i], &v[i]);
  }
  g_assert_cmpuint(pct_optimizer_get_n_steps(optimizer), ==, STEPS);
  for (gsize i = 0; i < table->n_values; i++)
    g_assert_cmpfloat_with_epsilon(parameters->values[i], p[i], 2e-6 * (1 + fabs(p[i])));
  g_assert_true(memcmp(parameters->values, alone->values, table->n_values * sizeof(float)) == 0);
  gsize changed = 0, learnable = 0;
  for (guint k = 0; k < table->n_items; k++)
    for (gsize i = table->items[k].offset; i < table->items[k].offset + table->items[k].count; i++) {
      gboolean moved = parameters->values[i] != initial->values[i];
      g_assert_true(table->items[k].trainable || !moved);
      learnable += table->items[k].trainable;
      changed += moved;
    }
  g_assert_cmpuint(changed, >, learnable * 99 / 100);
}

// Twenty steps in one go, and with the state through a file after seven.
static void
test_resume(gconstpointer data)
{
  const Case *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctGraph) graph = make_graph();
  const PctParameterTable *table = pct_graph_get_parameters(graph);
  g_autoptr(PctParameters) straight = pct_parameters_new(table, &error), resumed = NULL;
  pct_parameters_initialise(straight, 4);
  resumed = pct_parameters_copy(straight, &error);
  g_autoptr(PctOptimizer) a = pct_optimizer_new(table, &c->options, &error);
  g_autoptr(PctOptimizer) b = pct_optimizer_new(table, &c->options, &error);
  g_autofree float *gradients = g_new(float, table->n_values);
  for (int step = 0; step < STEPS; step++) {
    fill_gradients(gradients, table, step);
    pct_optimizer_step(a, NULL, straight, gradients, learning_rate(step));
    if (step == 7) {
      g_autoptr(PctTensors) tensors = pct_tensors_new();
      pct_optimizer_save(b, "opt.", tensors);
      pct_optimizer_free(b);
      b = pct_optimizer_new(table, &c->options, &error);
      g_assert_true(pct_optimizer_load(b, "opt.", tensors, &error));
      g_assert_no_error(error);
    }
    pct_optimizer_step(b, NULL, resumed, gradients, learning_rate(step));
  }
  g_assert_true(memcmp(straight->values, resumed->values, table->n_values * sizeof(float)) == 0);
}

static void
test_wrong_state(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctGraph) graph = make_graph();
  const PctParameterTable *table = pct_graph_get_parameters(graph);
  g_autoptr(PctOptimizer) adam = pct_optimizer_new(table, &PCT_ADAM_DEFAULT, &error);
  g_autoptr(PctOptimizer) sgd = pct_optimizer_new(table, &PCT_SGD_DEFAULT, &error);
  g_autoptr(PctTensors) tensors = pct_tensors_new(), bad = pct_tensors_new();
  pct_optimizer_save(sgd, "", tensors);
  g_assert_false(pct_optimizer_load(adam, "", tensors, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_clear_error(&error);
  pct_tensors_add(bad, "step", (float[]){ NAN }, 0, NULL);
  g_assert_false(pct_optimizer_load(adam, "", bad, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
}

// Second moments that fade below the smallest normal number end at 0 and not in numbers a hundred times slower.
static void
test_dead_gradients(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctGraph) graph = make_graph();
  const PctParameterTable *table = pct_graph_get_parameters(graph);
  g_autoptr(PctParameters) parameters = pct_parameters_new(table, &error);
  PctOptimizerOptions options = PCT_ADAM_DEFAULT;
  options.beta1 = 0.9;
  options.beta2 = 0.9;
  g_autoptr(PctOptimizer) optimizer = pct_optimizer_new(table, &options, &error);
  g_autofree float *gradients = g_new0(float, table->n_values);
  for (int step = 0; step < 1000; step++) {
    for (gsize i = 0; i < table->n_values && step < 2; i++)
      gradients[i] = step == 0 ? 1e-3f : 0;
    pct_optimizer_step(optimizer, NULL, parameters, gradients, 1e-3);
  }
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_optimizer_save(optimizer, "", tensors);
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++)
    for (gsize k = 0; k < pct_tensors_get(tensors, i)->count; k++)
      g_assert_cmpint(fpclassify(pct_tensors_get(tensors, i)->values[k]), !=, FP_SUBNORMAL);
  // The processor is left as it was.
  volatile float small = 1e-38f;
  g_assert_true(small / 4 > 0);
}

static void
test_average(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  g_autoptr(PctGraph) graph = make_graph();
  const PctParameterTable *table = pct_graph_get_parameters(graph);
  g_autoptr(PctParameters) average = pct_parameters_new(table, &error), current = pct_parameters_new(table, &error);
  for (int step = 1; step <= 50; step++) {
    for (gsize i = 0; i < table->n_values; i++)
      current->values[i] = (float)step;
    pct_parameters_average(average, current, 0.9, pool);
  }
  double expected = 0;
  for (int step = 1; step <= 50; step++)
    expected = 0.9 * expected + 0.1 * step;
  for (gsize i = 0; i < table->n_values; i++)
    g_assert_cmpfloat_with_epsilon(average->values[i], expected, 1e-4);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *formulae = g_strconcat("/optimizer/formulae/", cases[i].name, NULL);
    g_autofree char *resume = g_strconcat("/optimizer/resume/", cases[i].name, NULL);
    g_test_add_data_func(formulae, &cases[i], test_against_formulae);
    g_test_add_data_func(resume, &cases[i], test_resume);
  }
  g_test_add_func("/optimizer/wrong-state", test_wrong_state);
  g_test_add_func("/optimizer/dead-gradients", test_dead_gradients);
  g_test_add_func("/optimizer/average", test_average);
  return g_test_run();
}
