// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/mei-net.h"
#include <math.h>

void
pct_mei_net_graph_init(PctMeiNetGraph *network, PctMeiNetStart start, int n_in, int width, int n_neurons, float dropout)
{
  static const char *const names[] = { "layer1", "layer2", "layer3" };
  PctGraph *graph = network->graph = pct_graph_new();
  gboolean features = start == PCT_MEI_NET_FROM_FEATURES;
  int x = network->in = pct_graph_input(graph, (PctShape){ 1, 1, n_in });
  for (int i = 0; i < 3; i++) {
    if (features && dropout > 0)
      x = pct_graph_dropout(graph, x, dropout);
    if (i > 0 || start != PCT_MEI_NET_FROM_HIDDEN)
      x = pct_graph_linear(graph, x, names[i], width, TRUE);
    x = pct_graph_relu(graph, x);
  }
  if (!features) {
    network->out = pct_graph_linear(graph, x, "layer4", n_neurons, TRUE);
  } else {
    // A picture is a sum over all neurons, and Adam moves every neuron's weight by as much: the more there are, the more
    // those moves add up to, and at the rate of the layers below pictures were thrown far off in the first steps.
    float rate = 1 / sqrtf((float)n_neurons);
    // The network adds to the path what no linear map can say, at first nothing.
    pct_graph_set_weight_initial(graph, (PctInitial){ PCT_INITIAL_ZERO });
    pct_graph_set_rate(graph, rate, 1);
    x = pct_graph_linear(graph, x, "layer4", n_neurons, TRUE);
    // The path is right from the start: it only follows, and is not drawn to zero.
    pct_graph_set_rate(graph, 0.1f * rate, 0);
    network->out = pct_graph_add(graph, x, pct_graph_linear(graph, network->in, "path", n_neurons, FALSE));
  }
  pct_graph_output(graph, network->out);
}
