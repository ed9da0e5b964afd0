// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "encode/encoder-network.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"

#define READOUT "readout.dataset"

gboolean
pct_encoder_design_check(const PctEncoderDesign *design, GError **error)
{
  const PctEncoderDesign *d = design;
  gboolean frame = d->height > 0 && d->width > 0 && d->height <= 4096 && d->width <= 4096 && d->n_neurons > 0;
  gboolean core = d->readout == PCT_READOUT_FULL
                    ? d->n_layers == 0
                    : d->n_layers > 0 && d->channels > 0 && d->input_kernel > 0 &&
                        (d->n_layers == 1 || (d->hidden_kernel > 0 && d->hidden_kernel % 2 == 1)) &&
                        (d->readout != PCT_READOUT_MASK || d->pool > 0);
  if (!frame || !core) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("There is no encoder of these sizes."));
    return FALSE;
  }
  if (d->readout == PCT_READOUT_FULL || (d->input_kernel <= d->height && d->input_kernel <= d->width))
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("The first layer’s kernel of %d × %d pixels does not fit into images of %d × %d; choose a smaller one."),
              d->input_kernel, d->input_kernel, d->width, d->height);
  return FALSE;
}

static int
convolve(PctGraph *graph, int x, const char *layer, const char *part, int channels, int kernel, int padding,
         gboolean depthwise)
{
  g_autofree char *name = g_strconcat(layer, part, NULL);
  PctConv2d options = { channels, { kernel, kernel }, { 1, 1 }, { padding, padding }, FALSE };
  return depthwise ? pct_graph_depthwise_conv2d(graph, x, name, options) : pct_graph_conv2d(graph, x, name, options);
}

static int
add_layer(PctGraph *graph, const PctEncoderDesign *d, int x, int i)
{
  g_autofree char *layer = g_strdup_printf("core.features.layer%d", i), *norm = g_strconcat(layer, ".norm", NULL);
  int pad = d->hidden_kernel / 2;
  if (i == 0) {
    x = convolve(graph, x, layer, ".conv", d->channels, d->input_kernel, 0, FALSE);
  } else if (d->depth_separable) {
    x = convolve(graph, x, layer, ".ds_conv.in_depth_conv", d->channels, 1, 0, FALSE);
    x = convolve(graph, x, layer, ".ds_conv.spatial_conv", d->channels, d->hidden_kernel, pad, TRUE);
    x = convolve(graph, x, layer, ".ds_conv.out_depth_conv", d->channels, 1, 0, FALSE);
  } else {
    x = convolve(graph, x, layer, ".conv", d->channels, d->hidden_kernel, pad, FALSE);
  }
  x = pct_graph_batch_norm(graph, x, norm, PCT_ENCODER_EPSILON, PCT_ENCODER_MOMENTUM);
  return d->linear ? x : pct_graph_elu(graph, x);
}

static int
add_readout(PctGraph *graph, const PctEncoderDesign *d, const PctEncoderInitial *initial, int x, int noise)
{
  int n = d->n_neurons;
  switch (d->readout) {
    case PCT_READOUT_POINT: {
      int points = pct_graph_gaussian_positions(graph, noise, READOUT, d->has_positions, initial->mean_range,
                                                initial->sigma_range);
      pct_graph_set_weight_initial(graph, (PctInitial){ PCT_INITIAL_NORMAL, 1 / (float)d->channels, 0 });
      return pct_graph_point_readout(graph, x, points, READOUT, n);
    }
    case PCT_READOUT_MASK: {
      if (d->pool > 1)
        x = pct_graph_average_pool(graph, x, d->pool);
      PctShape map = pct_graph_get_shape(graph, x);
      // Small and of both signs (or, non-negative, small and positive): where a neuron looks is still open.
      float scale = 1 / (float)(map.height * map.width), mean = d->non_negative ? scale : 0;
      pct_graph_set_weight_initial(graph, (PctInitial){ PCT_INITIAL_NORMAL, mean, d->non_negative ? scale / 4 : scale });
      return pct_graph_mask_readout(graph, x, "readout", n);
    }
    case PCT_READOUT_FULL:
      x = pct_graph_reshape(graph, x, (PctShape){ 1, 1, d->height * d->width });
      if (d->rank > 0)
        x = pct_graph_linear(graph, x, "readout.basis", d->rank, FALSE);
      else
        pct_graph_set_weight_initial(graph, (PctInitial){ PCT_INITIAL_ZERO });
      return pct_graph_linear(graph, x, "readout", n, TRUE);
  }
  g_return_val_if_reached(-1);
}

PctEncoderNetwork *
pct_encoder_network_new(const PctEncoderDesign *design, const PctEncoderInitial *initial)
{
  g_return_val_if_fail(pct_encoder_design_check(design, NULL), NULL);
  PctEncoderNetwork *network = g_new0(PctEncoderNetwork, 1);
  PctGraph *graph = network->graph = pct_graph_new();
  int x = network->image = pct_graph_input(graph, (PctShape){ design->height, design->width, 1 });
  network->noise = design->readout == PCT_READOUT_POINT
                     ? pct_graph_input(graph, (PctShape){ 1, 1, 2 * design->n_neurons }) : -1;
  for (int i = 0; i < design->n_layers; i++)
    x = add_layer(graph, design, x, i);
  network->output = add_readout(graph, design, initial, x, network->noise);
  pct_graph_output(graph, network->output);
  return network;
}

void
pct_encoder_network_free(PctEncoderNetwork *network)
{
  if (!network)
    return;
  pct_graph_free(network->graph);
  g_free(network);
}
