// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a cropped encoder: from PyTorch's names and shapes to the kernels' panels, batch norms folded in.
#include "config.h"
#include <math.h>
#include <string.h>
#include "encode/cropped-private.h"

float *
pct_cropped_new(GPtrArray *owner, gsize n_floats, GError **error)
{
  float *memory = pct_aligned_new(MAX(n_floats, 1), error);
  if (memory)
    g_ptr_array_add(owner, memory);
  return memory;
}

static const float *
values_of(const PctTensors *tensors, int layer, const char *part)
{
  g_autofree char *name = g_strdup_printf("core.features.layer%d.%s", layer, part);
  const PctTensor *tensor = pct_tensors_find(tensors, name);
  return tensor ? tensor->values : NULL;
}

// A batch norm as y = scale x + shift; (channels,) each.
static void
fold(const PctTensors *tensors, int layer, int n, float *scale, float *shift)
{
  const float *weight = values_of(tensors, layer, "norm.weight"), *bias = values_of(tensors, layer, "norm.bias");
  const float *mean = values_of(tensors, layer, "norm.running_mean");
  const float *variance = values_of(tensors, layer, "norm.running_var");
  for (int c = 0; c < n; c++) {
    double by = weight[c] / sqrt((double)variance[c] + PCT_ENCODER_EPSILON);
    scale[c] = (float)by;
    shift[c] = (float)(bias[c] - by * mean[c]);
  }
}

// Panels (panel, tap, in, 2 lanes) of weights (out, in, tap) times scale (out,) or 1 (NULL); back: of the transposed
// weights with taps in reverse, panels of in. NULL with PCT_ERROR_MEMORY.
static float *
pack_panels(PctCroppedEncoder *e, const float *weights, gsize n_taps, const float *scale, gboolean back, GError **error)
{
  gsize c = (gsize)e->design.channels, padded = (gsize)e->channels, panel = 2 * (gsize)e->kernels->lanes;
  float *to = pct_cropped_new(e->memory, padded * padded * n_taps, error);
  if (!to)
    return NULL;
  for (gsize o = 0; o < c; o++)
    for (gsize i = 0; i < c; i++)
      for (gsize t = 0; t < n_taps; t++) {
        gsize column = back ? i : o, row = back ? o : i, tap = back ? n_taps - 1 - t : t;
        to[((column / panel * n_taps + tap) * padded + row) * panel + column % panel] =
          weights[(o * c + i) * n_taps + t] * (scale ? scale[o] : 1);
      }
  return to;
}

// Blocks (block, tap, lane) of weights (channel, tap).
static float *
pack_blocks(PctCroppedEncoder *e, const float *weights, gsize n_taps, gboolean back, GError **error)
{
  gsize lanes = (gsize)e->kernels->lanes;
  float *to = pct_cropped_new(e->memory, (gsize)e->channels * n_taps, error);
  if (!to)
    return NULL;
  for (gsize c = 0; c < (gsize)e->design.channels; c++)
    for (gsize t = 0; t < n_taps; t++)
      to[(c / lanes * n_taps + (back ? n_taps - 1 - t : t)) * lanes + c % lanes] = weights[c * n_taps + t];
  return to;
}

static gboolean
fill_layer(PctCroppedEncoder *e, const PctTensors *tensors, int i, const float *scale, const float *shift,
           GError **error)
{
  PctCroppedLayer *layer = &e->layers[i];
  gsize n_taps = (gsize)e->design.hidden_kernel * (gsize)e->design.hidden_kernel;
  layer->bias = pct_cropped_new(e->memory, (gsize)e->channels, error);
  if (!layer->bias)
    return FALSE;
  memcpy(layer->bias, shift, (gsize)e->design.channels * sizeof(float));
  if (!e->design.depth_separable) {
    const float *weights = values_of(tensors, i, "conv.weight");
    return (layer->spatial = pack_panels(e, weights, n_taps, scale, FALSE, error)) &&
           (layer->spatial_back = pack_panels(e, weights, n_taps, scale, TRUE, error));
  }
  const float *in = values_of(tensors, i, "ds_conv.in_depth_conv.weight");
  const float *spatial = values_of(tensors, i, "ds_conv.spatial_conv.weight");
  const float *out = values_of(tensors, i, "ds_conv.out_depth_conv.weight");
  return (layer->in = pack_panels(e, in, 1, NULL, FALSE, error)) &&
         (layer->in_back = pack_panels(e, in, 1, NULL, TRUE, error)) &&
         (layer->spatial = pack_blocks(e, spatial, n_taps, FALSE, error)) &&
         (layer->spatial_back = pack_blocks(e, spatial, n_taps, TRUE, error)) &&
         (layer->out = pack_panels(e, out, 1, scale, FALSE, error)) &&
         (layer->out_back = pack_panels(e, out, 1, scale, TRUE, error));
}

// The network's first layer sees (image - mean) / scale.
static gboolean
fill_input(PctCroppedEncoder *e, const PctTensors *tensors, const float *scale, const float *shift, float input_scale,
           GError **error)
{
  gsize c = (gsize)e->design.channels, k2 = (gsize)e->design.input_kernel * (gsize)e->design.input_kernel;
  const float *weights = values_of(tensors, 0, "conv.weight");
  g_autofree float *folded = g_new(float, c * k2);
  e->input_bias = pct_cropped_new(e->memory, (gsize)e->channels, error);
  e->input_sums = pct_cropped_new(e->memory, (gsize)e->channels, error);
  if (!e->input_bias || !e->input_sums)
    return FALSE;
  for (gsize i = 0; i < c; i++) {
    double sum = 0;
    for (gsize t = 0; t < k2; t++)
      sum += folded[i * k2 + t] = weights[i * k2 + t] * scale[i] / input_scale;
    e->input_sums[i] = (float)sum;
    e->input_bias[i] = shift[i];
  }
  return pct_cropped_input_pack(e, folded, error);
}

static gboolean
fill_readout(PctCroppedEncoder *e, const PctEncoder *encoder, GError **error)
{
  const PctParameters *p = pct_encoder_get_parameters(encoder);
  gsize m = (gsize)e->design.n_neurons, c = (gsize)e->design.channels;
  const float *features = pct_parameters_find(p, "readout.dataset.features");
  e->features = pct_cropped_new(e->memory, m * (gsize)e->channels, error);
  e->bias = pct_cropped_new(e->memory, m, error);
  e->points = pct_cropped_new(e->memory, 2 * m, error);
  if (!e->features || !e->bias || !e->points)
    return FALSE;
  for (gsize i = 0; i < m; i++)
    memcpy(e->features + i * (gsize)e->channels, features + i * c, c * sizeof(float));
  memcpy(e->bias, pct_parameters_find(p, "readout.dataset.bias"), m * sizeof(float));
  memcpy(e->points, pct_encoder_get_readout_points(encoder), 2 * m * sizeof(float));
  return TRUE;
}

gboolean
pct_cropped_weights_fill(PctCroppedEncoder *e, const PctEncoder *encoder, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_encoder_save(encoder, tensors);
  float input_scale;
  pct_encoder_get_input(encoder, &e->mean, &input_scale);
  g_autofree float *scale = g_new(float, e->design.channels), *shift = g_new(float, e->design.channels);
  for (int i = 0; i < e->design.n_layers; i++) {
    fold(tensors, i, e->design.channels, scale, shift);
    if (!(i == 0 ? fill_input(e, tensors, scale, shift, input_scale, error)
                 : fill_layer(e, tensors, i, scale, shift, error)))
      return FALSE;
  }
  return fill_readout(e, encoder, error);
}
