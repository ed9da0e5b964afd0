// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/meicoder-network.h"
#include <math.h>
#include "nn/operation.h"

#define EPSILON 1e-5f   // PyTorch's
#define MOMENTUM 0.1f
#define SLOPE 0.2f

typedef struct {
  double width;  // of the core's
  int kernel;
} Layer;

// 480 k7, 256 k5, 256 k5, 128 k3, 64 k3 at a core of 480.
static const Layer paper_core[] = { { 1, 7 }, { 8.0 / 15, 5 }, { 8.0 / 15, 5 }, { 4.0 / 15, 3 }, { 2.0 / 15, 3 } };
static const Layer compact_core[] = { { 1, 7 }, { 1, 5 }, { 1, 3 } };

// A parameter that no node of the graph uses, and the front end does.
static void
add_front_parameter(PctGraph *graph, const char *layer, const char *part, int rank, const gsize *shape,
                    PctInitial initial)
{
  pct_graph_add_parameter(graph, layer, part, rank, shape, PCT_LAYOUT_PLAIN, NULL, TRUE, initial);
}

static PctInitial
even_within(double fan_in)
{
  return (PctInitial){ PCT_INITIAL_UNIFORM, 0, (float)(1 / sqrt(fan_in)) };
}

static void
add_front(PctGraph *graph, const PctMeicoderSizes *s)
{
  gsize m = (gsize)s->n_neurons, c = (gsize)s->channels, p = (gsize)s->height * (gsize)s->width;
  gsize hidden = PCT_MEICODER_HIDDEN;
  const PctInitial zero = { PCT_INITIAL_ZERO }, normal = { PCT_INITIAL_NORMAL, 0, 1 };
  pct_graph_set_rate(graph, s->front_rate, 1);
  if (s->front == PCT_MEICODER_CODES) {
    add_front_parameter(graph, "codes", "linear", 2, (gsize[]){ m, c }, normal);
    add_front_parameter(graph, "codes", "even", 2, (gsize[]){ m, c }, normal);
  } else {
    add_front_parameter(graph, "embedding", "weight", 2, (gsize[]){ m, PCT_MEICODER_EMBEDDING }, normal);
    add_front_parameter(graph, "hidden", "weight", 2, (gsize[]){ hidden, 1 + PCT_MEICODER_EMBEDDING },
                        even_within(1 + PCT_MEICODER_EMBEDDING));
    add_front_parameter(graph, "hidden", "bias", 1, &hidden, zero);
    add_front_parameter(graph, "mask", "weight", 2, (gsize[]){ p, hidden }, even_within((double)hidden));
    add_front_parameter(graph, "mask", "bias", 1, &p, zero);
    add_front_parameter(graph, "gather", "weight", 4, (gsize[]){ c, m, 1, 1 }, even_within((double)m));
  }
  pct_graph_set_rate(graph, 1, 1);
}

static void
build_generator(PctMeicoderNetwork *network)
{
  static const char *const names[][2] = { { "conv1", "norm1" }, { "conv2", "norm2" }, { "conv3", "norm3" },
                                          { "conv4", "norm4" }, { "conv5", "norm5" } };
  const PctMeicoderSizes *s = &network->sizes;
  gboolean paper = s->front == PCT_MEICODER_PAPER;
  const Layer *layers = paper ? paper_core : compact_core;
  gsize n_layers = paper ? G_N_ELEMENTS(paper_core) : G_N_ELEMENTS(compact_core);
  PctGraph *graph = network->generator = pct_graph_new();
  add_front(graph, s);
  int x = network->context = pct_graph_input(graph, (PctShape){ s->height, s->width, s->channels }), path = -1;
  network->features = -1;
  if (s->n_features > 0) {
    network->features = pct_graph_input(graph, (PctShape){ 1, 1, s->n_features });
    // The path is right from the start: it only follows, and is not drawn to zero.
    pct_graph_set_rate(graph, s->path_rate, 0);
    path = pct_graph_linear(graph, network->features, "path", s->height * s->width, FALSE);
    path = pct_graph_reshape(graph, path, (PctShape){ s->height, s->width, 1 });
    pct_graph_set_rate(graph, 1, 1);
    x = pct_graph_concat(graph, path, x);
  }
  for (gsize i = 0; i < n_layers; i++) {
    int kernel = layers[i].kernel, pad = kernel / 2, channels = MAX((int)lround(layers[i].width * s->core), 1);
    // No biases where a batch norm follows, which would take them away.
    x = pct_graph_conv2d(graph, x, names[i][0],
                         (PctConv2d){ channels, { kernel, kernel }, { 1, 1 }, { pad, pad }, FALSE });
    x = pct_graph_relu(graph, pct_graph_batch_norm(graph, x, names[i][1], EPSILON, MOMENTUM));
    if (s->dropout > 0)
      x = pct_graph_dropout(graph, x, s->dropout);
  }
  // Beside a path the core adds what no linear map can say, at first nothing.
  if (path >= 0)
    pct_graph_set_weight_initial(graph, (PctInitial){ PCT_INITIAL_ZERO });
  x = pct_graph_conv2d(graph, x, "picture", (PctConv2d){ 1, { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE });
  network->picture = path >= 0 ? pct_graph_add(graph, path, x) : x;
  pct_graph_output(graph, network->picture);
}

static void
build_discriminator(PctMeicoderNetwork *network)
{
  static const char *const names[] = { "conv1", "conv2", "conv3" };
  PctGraph *graph = network->discriminator = pct_graph_new();
  int x = network->judged = pct_graph_input(graph, (PctShape){ network->sizes.height, network->sizes.width, 1 });
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    x = pct_graph_conv2d(graph, x, names[i], (PctConv2d){ 32 << i, { 3, 3 }, { 2, 2 }, { 1, 1 }, TRUE });
    x = pct_graph_leaky_relu(graph, x, SLOPE);
  }
  PctShape shape = pct_graph_get_shape(graph, x);
  network->verdict = pct_graph_conv2d(graph, x, "verdict", (PctConv2d){ 1, { shape.height, shape.width }, { 1, 1 },
                                                                        { 0, 0 }, TRUE });
  pct_graph_output(graph, network->verdict);
}

PctMeicoderNetwork *
pct_meicoder_network_new(const PctMeicoderSizes *sizes)
{
  PctMeicoderNetwork *network = g_new0(PctMeicoderNetwork, 1);
  network->sizes = *sizes;
  build_generator(network);
  build_discriminator(network);
  return network;
}

void
pct_meicoder_network_free(PctMeicoderNetwork *network)
{
  if (!network)
    return;
  pct_graph_free(network->generator);
  pct_graph_free(network->discriminator);
  g_free(network);
}
