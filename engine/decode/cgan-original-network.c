// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/cgan-original-network.h"

#define EPSILON 1e-5f   // PyTorch's
#define MOMENTUM 0.1f
#define SLOPE 0.2f

static PctGraph *
graph_new(void)
{
  PctGraph *graph = pct_graph_new();
  // As Radford et al. 2015 start theirs.
  pct_graph_set_weight_initial(graph, (PctInitial){ PCT_INITIAL_NORMAL, 0, 0.02f });
  pct_graph_set_norm_initial(graph, (PctInitial){ PCT_INITIAL_NORMAL, 1, 0.02f });
  return graph;
}

static int
normalised(PctGraph *graph, int x, const char *name)
{
  return pct_graph_batch_norm(graph, x, name, EPSILON, MOMENTUM);
}

// All that follows the first linear layer; returns the picture.
static int
build_rest(PctGraph *graph, int sums, int latent, const PctCganOriginalSizes *s)
{
  static const char *const names[][2] = { { "up1", "up1_norm" }, { "up2", "up2_norm" }, { "up3", "up3_norm" } };
  int start_height = (s->height - 4 + 7) / 8, start_width = (s->width + 15) / 16;
  int x = pct_graph_relu(graph, sums);
  x = pct_graph_relu(graph, pct_graph_linear(graph, x, "mlp2", MAX(s->hidden / 2, 1), TRUE));
  x = pct_graph_relu(graph, pct_graph_linear(graph, x, "mlp3", s->code, TRUE));
  x = pct_graph_concat(graph, x, latent);
  // No biases where a batch norm follows, which would take them away.
  x = pct_graph_conv_transpose2d(graph, x, "start",
                                 (PctConv2d){ 8 * s->channels, { start_height, start_width }, { 1, 1 }, { 0, 0 },
                                              FALSE });
  x = pct_graph_relu(graph, normalised(graph, x, "start_norm"));
  for (int i = 0; i < 3; i++) {
    x = pct_graph_conv_transpose2d(graph, x, names[i][0],
                                   (PctConv2d){ s->channels * (4 >> i), { 4, 4 }, { 2, 2 }, { 1, 1 }, FALSE });
    x = pct_graph_relu(graph, normalised(graph, x, names[i][1]));
  }
  x = pct_graph_conv_transpose2d(graph, x, "picture", (PctConv2d){ 1, { 5, 4 }, { 1, 2 }, { 0, 1 }, TRUE });
  PctShape grown = pct_graph_get_shape(graph, x);
  if (grown.height > s->height || grown.width > s->width)
    x = pct_graph_crop(graph, x, (grown.height - s->height) / 2, (grown.width - s->width) / 2, s->height, s->width);
  pct_graph_output(graph, x);
  return x;
}

static void
build_generator(PctCganOriginalNetwork *network, const PctCganOriginalSizes *s)
{
  PctGraph *graph = network->generator = graph_new();
  network->responses = pct_graph_input(graph, (PctShape){ 1, 1, s->n_neurons });
  network->latent = pct_graph_input(graph, (PctShape){ 1, 1, s->latent });
  int sums = pct_graph_linear(graph, network->responses, "mlp1", s->hidden, TRUE);
  network->rest_offset = pct_graph_get_parameters(graph)->n_values;
  network->picture = build_rest(graph, sums, network->latent, s);

  graph = network->rest = graph_new();
  network->sums = pct_graph_input(graph, (PctShape){ 1, 1, s->hidden });
  network->rest_latent = pct_graph_input(graph, (PctShape){ 1, 1, s->latent });
  network->rest_picture = build_rest(graph, network->sums, network->rest_latent, s);
}

static void
build_discriminator(PctCganOriginalNetwork *network, const PctCganOriginalSizes *s)
{
  static const char *const names[] = { "conv2", "conv3", "conv4" };
  static const char *const norms[] = { NULL, "conv3_norm", "conv4_norm" };
  PctGraph *graph = network->discriminator = graph_new();
  network->judged = pct_graph_input(graph, (PctShape){ s->height, s->width, 1 });
  network->condition = pct_graph_input(graph, (PctShape){ 1, 1, s->n_neurons });
  int said = pct_graph_linear(graph, network->condition, "condition", s->height * s->width, TRUE);
  said = pct_graph_reshape(graph, pct_graph_relu(graph, said), (PctShape){ s->height, s->width, 1 });
  int x = pct_graph_concat(graph, network->judged, said);
  x = pct_graph_conv2d(graph, x, "conv1", (PctConv2d){ s->channels, { 5, 4 }, { 1, 2 }, { 0, 1 }, TRUE });
  x = pct_graph_leaky_relu(graph, x, SLOPE);
  for (int i = 0; i < 3; i++) {
    x = pct_graph_conv2d(graph, x, names[i],
                         (PctConv2d){ s->channels * (2 << i), { 4, 4 }, { 2, 2 }, { 1, 1 }, !norms[i] });
    if (norms[i])
      x = normalised(graph, x, norms[i]);
    x = pct_graph_leaky_relu(graph, x, SLOPE);
  }
  PctShape shape = pct_graph_get_shape(graph, x);
  network->logit = pct_graph_conv2d(graph, x, "logit",
                                    (PctConv2d){ 1, { shape.height, shape.width }, { 1, 1 }, { 0, 0 }, TRUE });
  pct_graph_output(graph, network->logit);
}

PctCganOriginalNetwork *
pct_cgan_original_network_new(const PctCganOriginalSizes *sizes)
{
  g_return_val_if_fail(sizes->height >= PCT_CGAN_ORIGINAL_LEAST_HEIGHT, NULL);
  g_return_val_if_fail(sizes->width >= PCT_CGAN_ORIGINAL_LEAST_WIDTH, NULL);
  PctCganOriginalNetwork *network = g_new0(PctCganOriginalNetwork, 1);
  build_generator(network, sizes);
  build_discriminator(network, sizes);
  return network;
}

void
pct_cgan_original_network_free(PctCganOriginalNetwork *network)
{
  if (!network)
    return;
  pct_graph_free(network->generator);
  pct_graph_free(network->rest);
  pct_graph_free(network->discriminator);
  g_free(network);
}
