// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/encoder-step.h"
#include <string.h>

struct _PctEncoderStep {
  const PctEncoderDesign *design;
  const PctEncoderNetwork *network;
  PctEncoderStepOptions options;
  PctWorkspace *workspace;
  PctPool *pool;
};

PctEncoderStep *
pct_encoder_step_new(const PctEncoderDesign *design, const PctEncoderNetwork *network,
                     const PctEncoderStepOptions *options, int max_batch, PctPool *pool, GError **error)
{
  g_autoptr(PctEncoderStep) step = g_new0(PctEncoderStep, 1);
  *step = (PctEncoderStep){ design, network, *options, NULL, pool };
  step->workspace = pct_workspace_new(network->graph, PCT_WORKSPACE_BACKWARD, max_batch, pool, error);
  return step->workspace ? g_steal_pointer(&step) : NULL;
}

void
pct_encoder_step_free(PctEncoderStep *step)
{
  if (!step)
    return;
  pct_workspace_free(step->workspace);
  g_free(step);
}

float *
pct_encoder_step_get_images(PctEncoderStep *step)
{
  return pct_workspace_get_input(step->workspace, step->network->image);
}

float *
pct_encoder_step_get_noise(PctEncoderStep *step)
{
  return step->network->noise < 0 ? NULL : pct_workspace_get_input(step->workspace, step->network->noise);
}

double
pct_encoder_step_run(PctEncoderStep *step, PctParameters *parameters, const float *targets, int batch, double weight,
                     float *gradients)
{
  int output = step->network->output;
  pct_workspace_forward(step->workspace, parameters, batch, TRUE, 0);
  double loss = pct_rate_loss(step->options.loss, pct_workspace_get_output(step->workspace, output), targets,
                              (gsize)batch * (gsize)step->design->n_neurons, step->design->softplus, weight,
                              pct_workspace_get_gradient(step->workspace, output), step->pool);
  memset(gradients, 0, parameters->table->n_values * sizeof(float));
  pct_workspace_backward(step->workspace, parameters, gradients, FALSE);
  return loss + pct_encoder_regularise(step->design, &step->options, parameters, gradients, step->pool);
}
