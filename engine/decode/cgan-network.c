// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/cgan-network.h"
#include <math.h>

static void
start_normal(PctGraph *graph, float deviation)
{
  pct_graph_set_weight_initial(graph, (PctInitial){ PCT_INITIAL_NORMAL, 0, deviation });
}

// A transposed convolution that doubles height and width. It starts as a smooth interpolation of mixed channels that
// keeps their variance: from independent taps, the grid of its steps stays in the pictures for thousands of steps. No
// bias, since a batch norm follows.
static int
doubled(PctGraph *graph, int x, const char *name, int channels)
{
  // Of the four taps that meet an output pixel the squared weights sum to (0.75^2 + 0.25^2)^2.
  float deviation = 1 / (0.625f * sqrtf((float)pct_graph_get_shape(graph, x).channels));
  pct_graph_set_weight_initial(graph, (PctInitial){ PCT_INITIAL_INTERPOLATING, 0, deviation });
  return pct_graph_conv_transpose2d(graph, x, name, (PctConv2d){ channels, { 4, 4 }, { 2, 2 }, { 1, 1 }, FALSE });
}

static int
normalised(PctGraph *graph, int x, const char *name)
{
  return pct_graph_relu(graph, pct_graph_batch_norm(graph, x, name, 1e-5f, 0.1f));
}

static void
build_generator(PctCganNetwork *network, int height, int width, int n_features, int n_latent, int w, float dropout)
{
  PctGraph *graph = network->generator = pct_graph_new();
  int start_height = (height + 7) / 8, start_width = (width + 7) / 8;
  network->features = pct_graph_input(graph, (PctShape){ 1, 1, n_features });
  network->clean = pct_graph_input(graph, (PctShape){ 1, 1, n_features });
  network->latent = pct_graph_input(graph, (PctShape){ 1, 1, n_latent });
  int x = pct_graph_concat(graph, dropout > 0 ? pct_graph_dropout(graph, network->features, dropout) : network->features,
                           network->latent);
  start_normal(graph, 0.05f);
  x = pct_graph_conv_transpose2d(graph, x, "start",
                                 (PctConv2d){ 4 * w, { start_height, start_width }, { 1, 1 }, { 0, 0 }, FALSE });
  x = normalised(graph, x, "start_norm");
  x = normalised(graph, doubled(graph, x, "up1", 2 * w), "up1_norm");
  x = normalised(graph, doubled(graph, x, "up2", w), "up2_norm");
  x = normalised(graph, doubled(graph, x, "up3", (w + 1) / 2), "up3_norm");
  // A last convolution at full size, for the same reason.
  start_normal(graph, 0.02f);
  x = pct_graph_conv2d(graph, x, "picture", (PctConv2d){ 1, { 5, 5 }, { 1, 1 }, { 2, 2 }, FALSE });
  x = pct_graph_crop(graph, x, (8 * start_height - height) / 2, (8 * start_width - width) / 2, height, width);
  start_normal(graph, 0);
  // The readout is right from the start: it only follows, and is not drawn to zero.
  pct_graph_set_rate(graph, 0.1f, 0);
  int linear = pct_graph_linear(graph, network->clean, "readout", height * width, TRUE);
  linear = pct_graph_reshape(graph, linear, (PctShape){ height, width, 1 });
  network->picture = pct_graph_add(graph, x, linear);
  pct_graph_output(graph, network->picture);
}

static void
build_discriminator(PctCganNetwork *network, int height, int width, int n_features, int w, float picture_noise)
{
  PctGraph *graph = network->discriminator = pct_graph_new();
  network->judged = pct_graph_input(graph, (PctShape){ height, width, 1 });
  network->condition = pct_graph_input(graph, (PctShape){ 1, 1, n_features });
  start_normal(graph, 0);
  int expected = pct_graph_linear(graph, network->condition, "condition", height * width, TRUE);
  expected = pct_graph_reshape(graph, expected, (PctShape){ height, width, 1 });
  int picture = picture_noise > 0 ? pct_graph_noise(graph, network->judged, picture_noise) : network->judged;
  int x = pct_graph_concat(graph, picture, expected);
  const char *names[] = { "conv1", "conv2", "conv3" };
  for (int i = 0; i < 3; i++) {
    start_normal(graph, 0.03f);
    x = pct_graph_conv2d(graph, x, names[i], (PctConv2d){ w << i, { 4, 4 }, { 2, 2 }, { 1, 1 }, TRUE });
    x = pct_graph_leaky_relu(graph, x, 0.2f);
  }
  PctShape shape = pct_graph_get_shape(graph, x);
  start_normal(graph, 0.01f);
  network->logit = pct_graph_conv2d(graph, x, "logit", (PctConv2d){ 1, { shape.height, shape.width }, { 1, 1 }, { 0, 0 }, TRUE });
  pct_graph_output(graph, network->logit);
}

PctCganNetwork *
pct_cgan_network_new(int height, int width, int n_features, int n_latent, int width_channels, float picture_noise,
                     float dropout)
{
  g_return_val_if_fail(height >= 8 && width >= 8, NULL);
  PctCganNetwork *network = g_new0(PctCganNetwork, 1);
  build_generator(network, height, width, n_features, n_latent, width_channels, dropout);
  build_discriminator(network, height, width, n_features, width_channels, picture_noise);
  return network;
}

void
pct_cgan_network_free(PctCganNetwork *network)
{
  if (!network)
    return;
  pct_graph_free(network->generator);
  pct_graph_free(network->discriminator);
  g_free(network);
}
