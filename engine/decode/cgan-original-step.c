// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/cgan-original-step.h"
#include <math.h>
#include <string.h>
#include "nn/loss.h"

PctCganOriginalStep *
pct_cgan_original_step_new(const PctCganOriginalNetwork *network, PctParameters *generator,
                           const PctCganOriginalStepOptions *options, guint64 seed, PctPool *pool, GError **error)
{
  g_return_val_if_fail(options->n_mismatched >= 1 && options->n_mismatched <= options->batch, NULL);
  g_autoptr(PctCganOriginalStep) step = g_new0(PctCganOriginalStep, 1);
  *step = (PctCganOriginalStep){ .network = network, .options = *options, .pool = pool, .generator = generator };
  const PctParameterTable *g = generator->table, *d = pct_graph_get_parameters(network->discriminator);
  PctOptimizerOptions adam = PCT_ADAM_DEFAULT;
  adam.beta1 = 0.5;
  gsize n_gradient = g->n_values;
  if (!(step->generator_optimizer = pct_optimizer_new(g, &adam, error)) ||
      !(step->generator_workspace =
            pct_workspace_new(network->generator, PCT_WORKSPACE_BACKWARD, options->batch, pool, error)))
    return NULL;
  if (options->adversarial > 0) {
    if (!(step->discriminator = pct_parameters_new(d, error)) ||
        !(step->discriminator_optimizer = pct_optimizer_new(d, &adam, error)) ||
        !(step->discriminator_workspace =
              pct_workspace_new(network->discriminator, PCT_WORKSPACE_BACKWARD, options->batch, pool, error)))
      return NULL;
    pct_parameters_initialise(step->discriminator, seed);
    n_gradient = MAX(n_gradient, d->n_values);
  }
  if (!(step->gradient = pct_aligned_new(n_gradient, error)))
    return NULL;
  return g_steal_pointer(&step);
}

void
pct_cgan_original_step_free(PctCganOriginalStep *step)
{
  if (!step)
    return;
  pct_parameters_free(step->discriminator);
  pct_optimizer_free(step->generator_optimizer);
  pct_optimizer_free(step->discriminator_optimizer);
  pct_workspace_free(step->generator_workspace);
  pct_workspace_free(step->discriminator_workspace);
  pct_aligned_free(step->gradient);
  g_free(step);
}

static void
clear_range(gsize first, gsize end, guint thread, gpointer data)
{
  memset((float *)data + first, 0, (end - first) * sizeof(float));
}

static void
clear_gradient(PctCganOriginalStep *step, const PctParameters *parameters)
{
  pct_parallel_for(step->pool, parameters->table->n_values, 1 << 20, clear_range, step->gradient);
}

// The verdict on n pictures and responses, and its loss against the truth; *probability is the mean verdict.
static double
judge(PctCganOriginalStep *step, const float *pictures, const float *responses, int n, float truth, double *probability)
{
  const PctCganOriginalNetwork *network = step->network;
  PctWorkspace *workspace = step->discriminator_workspace;
  gsize count = (gsize)n, pixels = pct_shape_count(pct_graph_get_shape(network->discriminator, network->judged));
  gsize m = pct_shape_count(pct_graph_get_shape(network->discriminator, network->condition));
  memcpy(pct_workspace_get_input(workspace, network->judged), pictures, count * pixels * sizeof(float));
  memcpy(pct_workspace_get_input(workspace, network->condition), responses, count * m * sizeof(float));
  pct_workspace_forward(workspace, step->discriminator, n, TRUE, 0);
  const float *logit = pct_workspace_get_output(workspace, network->logit);
  *probability = 0;
  for (int i = 0; i < n; i++)
    *probability += 1 / (1 + exp(-(double)logit[i])) / n;
  // The sigmoid is the loss's: no verdict is so sure that its logarithm is lost.
  return pct_loss_bce_constant(logit, truth, count, pct_workspace_get_gradient(workspace, network->logit));
}

static void
teach_discriminator(PctCganOriginalStep *step, const PctCganOriginalBatch *batch, const float *drawn,
                    PctCganOriginalFigures *figures, void (*between)(gpointer data), gpointer data)
{
  const PctCganOriginalStepOptions *o = &step->options;
  const struct {
    const float *pictures;
    int n;
    float truth;
    double *probability;
  } lessons[] = { { batch->images, o->batch, 1, &figures->d_matched },
                  { batch->others, o->n_mismatched, 0, &figures->d_mismatched },
                  { drawn, o->batch, 0, &figures->d_drawn } };
  clear_gradient(step, step->discriminator);
  for (gsize i = 0; i < G_N_ELEMENTS(lessons); i++) {
    figures->discriminator += judge(step, lessons[i].pictures, batch->responses, lessons[i].n, lessons[i].truth,
                                    lessons[i].probability);
    if (between)
      between(data);
    pct_workspace_backward(step->discriminator_workspace, step->discriminator, step->gradient, FALSE);
    if (between)
      between(data);
  }
  pct_optimizer_step(step->discriminator_optimizer, step->pool, step->discriminator, step->gradient, o->rate);
}

void
pct_cgan_original_step_run(PctCganOriginalStep *step, const PctCganOriginalBatch *batch,
                           PctCganOriginalFigures *figures, void (*between)(gpointer data), gpointer data)
{
  const PctCganOriginalNetwork *network = step->network;
  const PctCganOriginalStepOptions *o = &step->options;
  PctWorkspace *workspace = step->generator_workspace;
  gsize count = (gsize)o->batch * pct_shape_count(pct_graph_get_shape(network->generator, network->picture));
  gsize m = pct_shape_count(pct_graph_get_shape(network->generator, network->responses));
  gsize latent = pct_shape_count(pct_graph_get_shape(network->generator, network->latent));
  *figures = (PctCganOriginalFigures){ 0 };
  memcpy(pct_workspace_get_input(workspace, network->responses), batch->responses, (gsize)o->batch * m * sizeof(float));
  memcpy(pct_workspace_get_input(workspace, network->latent), batch->z, (gsize)o->batch * latent * sizeof(float));
  pct_workspace_forward(workspace, step->generator, o->batch, TRUE, 0);
  if (between)
    between(data);
  const float *drawn = pct_workspace_get_output(workspace, network->picture);
  float *gradient = pct_workspace_get_gradient(workspace, network->picture);
  if (o->adversarial > 0)
    teach_discriminator(step, batch, drawn, figures, between, data);

  figures->l1 = pct_loss_l1(drawn, batch->images, count, gradient);
  for (gsize i = 0; i < count; i++)
    gradient[i] *= o->l1;
  if (o->adversarial > 0) {
    double probability;
    figures->adversarial = judge(step, drawn, batch->responses, o->batch, 1, &probability);
    if (between)
      between(data);
    pct_workspace_backward(step->discriminator_workspace, step->discriminator, NULL, TRUE);
    const float *judged = pct_workspace_get_gradient(step->discriminator_workspace, network->judged);
    for (gsize i = 0; i < count; i++)
      gradient[i] += o->adversarial * judged[i];
  }
  if (between)
    between(data);
  clear_gradient(step, step->generator);
  pct_workspace_backward(workspace, step->generator, step->gradient, FALSE);
  if (between)
    between(data);
  pct_optimizer_step(step->generator_optimizer, step->pool, step->generator, step->gradient, o->rate);
}
