// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/encoder-pullback.h"
#include "encode/encoder-private.h"
#include "encode/rate.h"
#include "nn/workspace.h"

#define CHUNK 4096

struct _PctEncoderPullback {
  const PctEncoder *encoder;
  PctWorkspace *workspace;
  PctPool *pool;
};

PctEncoderPullback *
pct_encoder_pullback_new(const PctEncoder *encoder, int max_batch, PctPool *pool, GError **error)
{
  PctWorkspace *workspace =
    pct_workspace_new(encoder->network->graph, PCT_WORKSPACE_BACKWARD, max_batch, pool, error);
  if (!workspace)
    return NULL;
  pct_encoder_clear_noise(encoder, workspace, max_batch);
  PctEncoderPullback *pullback = g_new(PctEncoderPullback, 1);
  *pullback = (PctEncoderPullback){ encoder, workspace, pool };
  return pullback;
}

void
pct_encoder_pullback_free(PctEncoderPullback *pullback)
{
  if (!pullback)
    return;
  pct_workspace_free(pullback->workspace);
  g_free(pullback);
}

void
pct_encoder_pullback_forward(PctEncoderPullback *pullback, const float *images, gsize n, float *rates)
{
  const PctEncoder *encoder = pullback->encoder;
  const PctEncoderNetwork *network = encoder->network;
  pct_encoder_set_images(encoder, pct_workspace_get_input(pullback->workspace, network->image), images, n);
  pct_workspace_forward(pullback->workspace, encoder->parameters, (int)n, FALSE, 0);
  pct_rate_compute(rates, pct_workspace_get_output(pullback->workspace, network->output),
                   n * (gsize)encoder->design.n_neurons, encoder->design.softplus, pullback->pool);
}

typedef struct {
  float *slopes;
  const float *sums, *cotangents;
  gboolean softplus;
} Task;

static void
weigh_slopes(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  pct_rate_compute_slopes(t->slopes + first, t->sums + first, end - first, t->softplus);
  for (gsize i = first; i < end; i++)
    t->slopes[i] *= t->cotangents[i];
}

void
pct_encoder_pullback_backward(PctEncoderPullback *pullback, const float *cotangents, gsize n, float *gradients)
{
  const PctEncoder *encoder = pullback->encoder;
  const PctEncoderNetwork *network = encoder->network;
  gsize pixels = (gsize)encoder->design.height * (gsize)encoder->design.width;
  Task task = { pct_workspace_get_gradient(pullback->workspace, network->output),
                pct_workspace_get_output(pullback->workspace, network->output), cotangents, encoder->design.softplus };
  pct_parallel_for(pullback->pool, n * (gsize)encoder->design.n_neurons, CHUNK, weigh_slopes, &task);
  pct_workspace_backward(pullback->workspace, encoder->parameters, NULL, TRUE);
  const float *d_image = pct_workspace_get_gradient(pullback->workspace, network->image);
  for (gsize i = 0; i < n * pixels; i++)
    gradients[i] = d_image[i] / encoder->input_scale;
}
