// SPDX-License-Identifier: GPL-3.0-or-later
// Where each neuron looks, drawn anew for every item of the batch (Lurz et al. 2021): position = mean + Sigma noise, cut
// to -1..1, with a 2x2 Sigma a neuron and noise that is handed in (zeros: the mean). The mean is a linear map of the
// neuron's place in the cortex, or a parameter of its own. Beyond the cut there is no gradient.
#include <math.h>
#include <string.h>
#include "nn/operation.h"

#define CHUNK 256  // neurons

enum { SIGMA, MEAN, GRID = MEAN, WEIGHT, BIAS };

static gboolean
has_grid(const PctCall *call)
{
  return call->node->n_parameters > 2;
}

static inline void
mean_of(const PctCall *call, gsize neuron, float mean[2])
{
  const float *at = call->parameter[MEAN] + 2 * neuron;
  if (!has_grid(call)) {
    mean[0] = at[0];
    mean[1] = at[1];
    return;
  }
  const float *w = call->parameter[WEIGHT], *b = call->parameter[BIAS];
  mean[0] = w[0] * at[0] + w[1] * at[1] + b[0];
  mean[1] = w[2] * at[0] + w[3] * at[1] + b[1];
}

static inline void
position_of(const PctCall *call, const float mean[2], gsize neuron, const float *noise, float position[2])
{
  const float *sigma = call->parameter[SIGMA] + 4 * neuron;
  position[0] = mean[0] + (sigma[0] * noise[0] + sigma[1] * noise[1]);
  position[1] = mean[1] + (sigma[2] * noise[0] + sigma[3] * noise[1]);
}

static void
forward_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  gsize size = pct_shape_count(call->shape);
  for (gsize m = first; m < end; m++) {
    float mean[2], position[2];
    mean_of(call, m, mean);
    for (gsize b = 0; b < (gsize)call->batch; b++) {
      gsize at = b * size + 2 * m;
      position_of(call, mean, m, call->in[0] + at, position);
      // A NaN goes through, and stops the training.
      for (int i = 0; i < 2; i++)
        call->out[at + (gsize)i] = position[i] < -1 ? -1 : position[i] > 1 ? 1 : position[i];
    }
  }
}

static void
forward(const PctCall *call)
{
  pct_parallel_for(call->pool, pct_shape_count(call->shape) / 2, CHUNK, forward_neurons, (gpointer)call);
}

// Scratch: the gradient of every neuron's mean (n,2), which the linear map's is made of, in order.
static gsize
scratch_size(const PctNode *node, int batch, guint n_threads, gboolean training)
{
  return training ? pct_shape_count(node->shape) : 0;
}

static void
backward_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const PctCall *call = data;
  gsize size = pct_shape_count(call->shape);
  for (gsize m = first; m < end; m++) {
    float mean[2], position[2], d_mean[2] = { 0 }, d_sigma[4] = { 0 };
    const float *sigma = call->parameter[SIGMA] + 4 * m;
    mean_of(call, m, mean);
    for (gsize b = 0; b < (gsize)call->batch; b++) {
      gsize at = b * size + 2 * m;
      const float *noise = call->in[0] + at;
      position_of(call, mean, m, noise, position);
      float d[2];
      for (int i = 0; i < 2; i++) {
        d[i] = position[i] >= -1 && position[i] <= 1 ? call->d_out[at + (gsize)i] : 0;
        d_mean[i] += d[i];
        d_sigma[2 * i] += d[i] * noise[0];
        d_sigma[2 * i + 1] += d[i] * noise[1];
      }
      if (call->d_in[0])
        for (int i = 0; i < 2; i++) {
          float contribution = sigma[i] * d[0] + sigma[2 + i] * d[1];
          float *to = call->d_in[0] + at + i;
          *to = call->beta[0] != 0 ? *to + contribution : contribution;
        }
    }
    call->scratch[2 * m] = d_mean[0];
    call->scratch[2 * m + 1] = d_mean[1];
    if (call->d_parameter[SIGMA])
      for (int i = 0; i < 4; i++)
        call->d_parameter[SIGMA][4 * m + (gsize)i] += d_sigma[i];
    if (!has_grid(call) && call->d_parameter[MEAN])
      for (int i = 0; i < 2; i++)
        call->d_parameter[MEAN][2 * m + (gsize)i] += d_mean[i];
  }
}

static void
backward(const PctCall *call)
{
  gsize n = pct_shape_count(call->shape) / 2;
  pct_parallel_for(call->pool, n, CHUNK, backward_neurons, (gpointer)call);
  if (!has_grid(call))
    return;
  double sums[6] = { 0 };
  for (gsize m = 0; m < n; m++)
    for (int i = 0; i < 2; i++) {
      double d = call->scratch[2 * m + (gsize)i];
      sums[2 * i] += d * call->parameter[GRID][2 * m];
      sums[2 * i + 1] += d * call->parameter[GRID][2 * m + 1];
      sums[4 + i] += d;
    }
  if (call->d_parameter[WEIGHT])
    for (int i = 0; i < 4; i++)
      call->d_parameter[WEIGHT][i] += (float)sums[i];
  if (call->d_parameter[BIAS])
    for (int i = 0; i < 2; i++)
      call->d_parameter[BIAS][i] += (float)sums[4 + i];
}

static const PctOperation gaussian_positions = { .name = "gaussian-positions", .forward = forward, .backward = backward,
                                                 .keeps_input = TRUE, .scratch_size = scratch_size };

int
pct_graph_gaussian_positions(PctGraph *graph, int noise, const char *name, gboolean from_grid, float mean_range,
                             float sigma_range)
{
  PctShape shape = pct_graph_get_shape(graph, noise);
  g_return_val_if_fail(shape.height == 1 && shape.width == 1 && shape.channels % 2 == 0, -1);
  gsize n = (gsize)shape.channels / 2, sigma[] = { n, 2, 2 }, pairs[] = { n, 2 }, map[] = { 2, 2 }, two = 2;
  PctNode node = { .operation = &gaussian_positions, .inputs = { noise }, .n_inputs = 1, .shape = shape };
  PctInitial even = { PCT_INITIAL_UNIFORM, 0, mean_range };
  node.parameters[SIGMA] = pct_graph_add_parameter(graph, name, "sigma", 3, sigma, PCT_LAYOUT_PLAIN, NULL, TRUE,
                                                   (PctInitial){ PCT_INITIAL_UNIFORM, 0, sigma_range });
  if (!from_grid) {
    node.parameters[MEAN] = pct_graph_add_parameter(graph, name, "mu", 2, pairs, PCT_LAYOUT_PLAIN, NULL, TRUE, even);
    node.n_parameters = 2;
    return pct_graph_add_node(graph, &node);
  }
  node.parameters[GRID] = pct_graph_add_parameter(graph, name, "source_grid", 2, pairs, PCT_LAYOUT_PLAIN, NULL, FALSE,
                                                  (PctInitial){ PCT_INITIAL_ZERO });
  node.parameters[WEIGHT] = pct_graph_add_parameter(graph, name, "mu_transform.0.weight", 2, map, PCT_LAYOUT_PLAIN, NULL,
                                                    TRUE, even);
  node.parameters[BIAS] = pct_graph_add_parameter(graph, name, "mu_transform.0.bias", 1, &two, PCT_LAYOUT_PLAIN, NULL,
                                                  TRUE, (PctInitial){ PCT_INITIAL_ZERO });
  node.n_parameters = 4;
  return pct_graph_add_node(graph, &node);
}
