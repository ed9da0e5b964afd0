// SPDX-License-Identifier: GPL-3.0-or-later
// Everything together: a tiny generator learns eight pictures by heart, and a training that was stopped, saved to files
// and taken up again ends with the same bits as one that was not, on one thread as on two.
#include <glib/gstdio.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "nn/loss.h"
#include "nn/optimizer.h"
#include "nn/workspace.h"

#define SAMPLES 8
#define INPUTS 20
#define HEIGHT 8
#define WIDTH 12
#define PIXELS (HEIGHT * WIDTH)

typedef struct {
  PctGraph *graph;
  PctWorkspace *workspace;
  PctParameters *parameters;
  PctOptimizer *optimizer;
  float *gradients, inputs[SAMPLES * INPUTS], pictures[SAMPLES * PIXELS];
  int in, out;
  PctPool *pool;
} Trainer;

// A decoder in small: an MLP, grown to a picture, with a convolution over it; dropout only on request.
static Trainer *
trainer_new(PctPool *pool, float dropout)
{
  g_autoptr(GError) error = NULL;
  Trainer *t = g_new0(Trainer, 1);
  t->pool = pool;
  t->graph = pct_graph_new();
  t->in = pct_graph_input(t->graph, (PctShape){ 1, 1, INPUTS });
  int x = pct_graph_linear(t->graph, t->in, "mlp.0", 72, TRUE);
  x = pct_graph_dropout(t->graph, pct_graph_relu(t->graph, x), dropout);
  x = pct_graph_reshape(t->graph, x, (PctShape){ 2, 3, 12 });
  x = pct_graph_conv_transpose2d(t->graph, x, "up.0", (PctConv2d){ 10, { 4, 4 }, { 2, 2 }, { 1, 1 }, FALSE });
  x = pct_graph_leaky_relu(t->graph, pct_graph_batch_norm(t->graph, x, "up.1", 1e-5f, 0.1f), 0.2f);
  int skip = x;
  x = pct_graph_conv2d(t->graph, x, "mix", (PctConv2d){ 10, { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE });
  x = pct_graph_elu(t->graph, x);
  x = pct_graph_concat(t->graph, pct_graph_add(t->graph, x, skip), skip);
  x = pct_graph_conv_transpose2d(t->graph, x, "up.2", (PctConv2d){ 1, { 4, 4 }, { 2, 2 }, { 1, 1 }, TRUE });
  t->out = pct_graph_crop(t->graph, x, 0, 0, HEIGHT, WIDTH);
  pct_graph_output(t->graph, t->out);
  t->workspace = pct_workspace_new(t->graph, PCT_WORKSPACE_BACKWARD, SAMPLES, pool, &error);
  g_assert_no_error(error);
  const PctParameterTable *table = pct_graph_get_parameters(t->graph);
  t->parameters = pct_parameters_new(table, &error);
  pct_parameters_initialise(t->parameters, 3);
  t->optimizer = pct_optimizer_new(table, &PCT_ADAM_DEFAULT, &error);
  t->gradients = pct_aligned_new(table->n_values, &error);
  pct_random_fill_normal(t->inputs, G_N_ELEMENTS(t->inputs), 1, 1);
  pct_random_fill_normal(t->pictures, G_N_ELEMENTS(t->pictures), 1, 2);
  return t;
}

static void
trainer_free(Trainer *t)
{
  pct_aligned_free(t->gradients);
  pct_optimizer_free(t->optimizer);
  pct_parameters_free(t->parameters);
  pct_workspace_free(t->workspace);
  pct_graph_free(t->graph);
  g_free(t);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trainer, trainer_free)

static double
step(Trainer *t, guint64 number)
{
  memcpy(pct_workspace_get_input(t->workspace, t->in), t->inputs, sizeof t->inputs);
  pct_workspace_forward(t->workspace, t->parameters, SAMPLES, TRUE, number);
  double loss = pct_loss_mse(pct_workspace_get_output(t->workspace, t->out), t->pictures, SAMPLES * PIXELS,
                             pct_workspace_get_gradient(t->workspace, t->out));
  memset(t->gradients, 0, pct_graph_get_parameters(t->graph)->n_values * sizeof(float));
  pct_workspace_backward(t->workspace, t->parameters, t->gradients, FALSE);
  pct_optimizer_step(t->optimizer, t->pool, t->parameters, t->gradients, 0.01);
  return loss;
}

static void
test_overfit(void)
{
  g_autoptr(Trainer) t = trainer_new(NULL, 0);
  double first = step(t, 0), last = first;
  for (guint64 i = 1; i < 500; i++)
    last = step(t, i);
  g_test_message("loss %g -> %g", first, last);
  g_assert_cmpfloat(first, >, 0.5);
  g_assert_cmpfloat(last, <, 0.01 * first);
  // Its running statistics have followed, so that evaluation agrees with training.
  pct_workspace_forward(t->workspace, t->parameters, SAMPLES, FALSE, 0);
  double evaluated = pct_loss_mse(pct_workspace_get_output(t->workspace, t->out), t->pictures, SAMPLES * PIXELS, NULL);
  g_test_message("evaluated %g", evaluated);
  g_assert_cmpfloat(evaluated, <, 0.05 * first);
}

// A workspace of the other kind shares memory more tightly; what it computes is the same.
static void
test_forward_workspace(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Trainer) t = trainer_new(NULL, 0.2f);
  for (guint64 i = 0; i < 5; i++)
    step(t, i);
  g_autoptr(PctWorkspace) forward = pct_workspace_new(t->graph, PCT_WORKSPACE_FORWARD, SAMPLES, NULL, &error);
  g_assert_no_error(error);
  memcpy(pct_workspace_get_input(forward, t->in), t->inputs, sizeof t->inputs);
  for (int batch = 2; batch <= SAMPLES; batch += 3) {
    pct_workspace_forward(t->workspace, t->parameters, batch, FALSE, 0);
    pct_workspace_forward(forward, t->parameters, batch, FALSE, 0);
    gsize size = (gsize)batch * PIXELS * sizeof(float);
    g_assert_cmpmem(pct_workspace_get_output(forward, t->out), size, pct_workspace_get_output(t->workspace, t->out),
                    size);
  }
}

static void
save(const Trainer *t, const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_parameters_save(t->parameters, "net.", tensors);
  pct_optimizer_save(t->optimizer, "optimizer.", tensors);
  g_assert_true(pct_safetensors_save(tensors, path, &error));
}

static void
load(Trainer *t, const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, &error);
  g_assert_no_error(error);
  g_assert_true(pct_parameters_load(t->parameters, "net.", tensors, &error));
  g_assert_true(pct_optimizer_load(t->optimizer, "optimizer.", tensors, &error));
}

static void
test_resume(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "checkpoint.safetensors", NULL);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  g_autoptr(Trainer) straight = trainer_new(NULL, 0.3f), stopped = trainer_new(pool, 0.3f);
  g_autoptr(Trainer) resumed = trainer_new(pool, 0.3f);
  double a = 0, b = 0;
  for (guint64 i = 0; i < 23; i++)
    step(stopped, i);
  save(stopped, path);
  load(resumed, path);
  for (guint64 i = 0; i < 40; i++)
    a = step(straight, i);
  for (guint64 i = 23; i < 40; i++)
    b = step(resumed, i);
  g_assert_true(a == b);
  gsize n = pct_graph_get_parameters(straight->graph)->n_values;
  g_assert_true(memcmp(straight->parameters->values, resumed->parameters->values, n * sizeof(float)) == 0);
  g_unlink(path);
  g_rmdir(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_blas_init(&error));
  g_test_add_func("/training/overfit", test_overfit);
  g_test_add_func("/training/forward-workspace", test_forward_workspace);
  g_test_add_func("/training/resume", test_resume);
  return g_test_run();
}
