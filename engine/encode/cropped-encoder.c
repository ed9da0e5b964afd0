// SPDX-License-Identifier: GPL-3.0-or-later
// One neuron forward and backward. rects[l] is what must be known of the map after layer l: the readout's pixels at the
// end, and before each layer as much more as its kernel reaches, cut off at the map's borders (beyond them are zeros).
// Depth-separable layers go two blocks of channels at a time through the first 1x1 and the depthwise convolution, so
// that what lies between stays in the cache.
#include "config.h"
#include "encode/cropped-encoder.h"
#include <math.h>
#include <string.h>
#include "encode/cropped-private.h"
#include "encode/rate.h"

gboolean
pct_cropped_encoder_is_for(const PctEncoderDesign *design)
{
  return design->readout == PCT_READOUT_POINT && design->n_layers > 0;
}

PctCroppedEncoder *
pct_cropped_encoder_new(const PctEncoder *encoder, const PctCroppedKernels *kernels, GError **error)
{
  g_return_val_if_fail(encoder && pct_cropped_encoder_is_for(pct_encoder_get_design(encoder)), NULL);
  g_autoptr(PctCroppedEncoder) e = g_new0(PctCroppedEncoder, 1);
  e->kernels = kernels ? kernels : pct_cropped_kernels_get();
  e->design = *pct_encoder_get_design(encoder);
  e->memory = g_ptr_array_new_with_free_func(pct_aligned_free);
  e->map_height = pct_encoder_design_get_map_height(&e->design);
  e->map_width = pct_encoder_design_get_map_width(&e->design);
  e->n_panels = (e->design.channels + 2 * e->kernels->lanes - 1) / (2 * e->kernels->lanes);
  e->n_blocks = 2 * e->n_panels;
  e->channels = e->n_blocks * e->kernels->lanes;
  e->layers = g_new0(PctCroppedLayer, e->design.n_layers);
  return pct_cropped_weights_fill(e, encoder, error) ? g_steal_pointer(&e) : NULL;
}

void
pct_cropped_encoder_free(PctCroppedEncoder *e)
{
  if (!e)
    return;
  g_free(e->layers);
  g_ptr_array_unref(e->memory);
  g_free(e);
}

PctCroppedScratch *
pct_cropped_scratch_new(const PctCroppedEncoder *e, GError **error)
{
  g_autoptr(PctCroppedScratch) s = g_new0(PctCroppedScratch, 1);
  int n = e->design.n_layers;
  s->neuron = -1;
  s->memory = g_ptr_array_new_with_free_func(pct_aligned_free);
  s->rects = g_new0(PctCroppedRect, n);
  s->maps = g_new0(float *, n);
  gsize map = (gsize)e->map_height * (gsize)e->map_width * (gsize)e->channels;
  gsize wide = (gsize)e->map_height * (gsize)(e->map_width + 2 * PCT_CROPPED_MARGIN) * (gsize)e->channels;
  for (int i = 0; i < n; i++)
    if (!(s->maps[i] = pct_cropped_new(s->memory, map, error)))
      return NULL;
  if (!(s->gradient = pct_cropped_new(s->memory, map, error)) ||
      !(s->narrow = pct_cropped_new(s->memory, map, error)) ||
      !(s->wide = pct_cropped_new(s->memory, wide, error)) || !pct_cropped_input_reserve(e, s, error))
    return NULL;
  return g_steal_pointer(&s);
}

void
pct_cropped_scratch_free(PctCroppedScratch *s)
{
  if (!s)
    return;
  g_free(s->rects);
  g_free(s->maps);
  g_ptr_array_unref(s->memory);
  g_free(s);
}

static PctCroppedRect
clip(int y, int x, int y_end, int x_end, const PctCroppedEncoder *e)
{
  y = CLAMP(y, 0, e->map_height - 1);
  x = CLAMP(x, 0, e->map_width - 1);
  return (PctCroppedRect){ y, x, CLAMP(y_end, y + 1, e->map_height) - y, CLAMP(x_end, x + 1, e->map_width) - x };
}

// What neuron looks at: rects[n_layers - 1] and the corners' weights, zero for those beyond the map.
static void
find_corners(const PctCroppedEncoder *e, int neuron, PctCroppedRect *last, float corner[4])
{
  float px = e->points[2 * neuron], py = e->points[2 * neuron + 1];
  // A point that is not a number makes a rate that is none.
  int x = isfinite(px) ? (int)floorf(px) : 0, y = isfinite(py) ? (int)floorf(py) : 0;
  float fx = px - (float)x, fy = py - (float)y;
  *last = clip(y, x, y + 2, x + 2, e);
  for (int i = 0; i < last->height; i++)
    for (int j = 0; j < last->width; j++) {
      int dy = last->y + i - y, dx = last->x + j - x;
      corner[i * last->width + j] = (dy == 0 ? 1 - fy : dy == 1 ? fy : 0) * (dx == 0 ? 1 - fx : dx == 1 ? fx : 0);
    }
}

static void
find_rects(const PctCroppedEncoder *e, int neuron, PctCroppedRect *rects, PctCroppedRect *image, float corner[4])
{
  int n = e->design.n_layers, reach = e->design.hidden_kernel / 2, k = e->design.input_kernel;
  find_corners(e, neuron, &rects[n - 1], corner);
  for (int i = n - 1; i > 0; i--) {
    const PctCroppedRect *r = &rects[i];
    rects[i - 1] = clip(r->y - reach, r->x - reach, r->y + r->height + reach, r->x + r->width + reach, e);
  }
  *image = (PctCroppedRect){ rects[0].y, rects[0].x, rects[0].height + k - 1, rects[0].width + k - 1 };
}

static gsize
block_of(const PctCroppedEncoder *e, const PctCroppedRect *r)
{
  return (gsize)r->height * (gsize)r->width * (gsize)e->kernels->lanes;
}

static int
wide_stride(const PctCroppedRect *r)
{
  return r->width + 2 * PCT_CROPPED_MARGIN;
}

static gsize
wide_block(const PctCroppedEncoder *e, const PctCroppedRect *r)
{
  return (gsize)r->height * (gsize)wide_stride(r) * (gsize)e->kernels->lanes;
}

static void
clear_margins(const PctCroppedEncoder *e, const PctCroppedRect *r, float *wide)
{
  gsize lanes = (gsize)e->kernels->lanes, margin = PCT_CROPPED_MARGIN * lanes, stride = (gsize)wide_stride(r) * lanes;
  for (int y = 0; y < r->height; y++, wide += stride) {
    memset(wide, 0, margin * sizeof(float));
    memset(wide + stride - margin, 0, margin * sizeof(float));
  }
}

// A 1x1 convolution within one rectangle, for one panel.
static PctCroppedShape
mixing_shape(const PctCroppedEncoder *e, const PctCroppedRect *r)
{
  return (PctCroppedShape){ .in_height = r->height, .in_stride = r->width, .end = r->width, .in_block = block_of(e, r),
                            .out_height = r->height, .out_width = r->width, .out_stride = r->width,
                            .out_block = block_of(e, r), .kernel_height = 1, .kernel_width = 1, .row_step = 1,
                            .tap_step = 1, .n_blocks = e->n_blocks };
}

// The same into a picture with margins.
static PctCroppedShape
widening_shape(const PctCroppedEncoder *e, const PctCroppedRect *r)
{
  PctCroppedShape shape = mixing_shape(e, r);
  shape.out_stride = wide_stride(r);
  shape.out_block = wide_block(e, r);
  return shape;
}

// The layer's kernel, from a picture with margins of `from` to one of `to`.
static PctCroppedShape
spatial_shape(const PctCroppedEncoder *e, const PctCroppedRect *from, const PctCroppedRect *to)
{
  int k = e->design.hidden_kernel;
  return (PctCroppedShape){ .in_height = from->height, .in_stride = wide_stride(from), .first = PCT_CROPPED_MARGIN,
                            .end = PCT_CROPPED_MARGIN + from->width, .in_block = wide_block(e, from),
                            .out_height = to->height, .out_width = to->width, .out_stride = to->width,
                            .out_block = block_of(e, to), .kernel_height = k, .kernel_width = k,
                            .top = k / 2 - (to->y - from->y), .left = k / 2 - (to->x - from->x) - PCT_CROPPED_MARGIN,
                            .row_step = 1, .tap_step = 1, .n_blocks = e->n_blocks };
}

// narrow = a panel at a time, `from` mixed by weights and then filtered by blocks.
static void
mix_and_filter(const PctCroppedEncoder *e, PctCroppedScratch *s, const PctCroppedRect *from, const PctCroppedRect *to,
               const float *in, const float *weights, const float *blocks)
{
  PctCroppedShape mixing = widening_shape(e, from), spatial = spatial_shape(e, from, to);
  gsize lanes = (gsize)e->kernels->lanes, panel = (gsize)e->channels * 2 * lanes;
  gsize kernel = (gsize)e->design.hidden_kernel * (gsize)e->design.hidden_kernel * lanes;
  clear_margins(e, from, s->wide);
  clear_margins(e, from, s->wide + mixing.out_block);
  for (int p = 0; p < e->n_panels; p++, weights += panel) {
    e->kernels->convolve(&mixing, in, weights, NULL, FALSE, NULL, s->wide + PCT_CROPPED_MARGIN * lanes);
    for (gsize b = 0; b < 2; b++, blocks += kernel)
      e->kernels->depthwise(&spatial, s->wide + b * mixing.out_block, blocks,
                            s->narrow + ((gsize)p * 2 + b) * spatial.out_block);
  }
}

static void
convolve_panels(const PctCroppedEncoder *e, const PctCroppedShape *shape, const float *in, const float *weights,
                const float *bias, gboolean elu, const float *gate, float *out)
{
  gsize panel = 2 * (gsize)e->kernels->lanes;
  gsize size = (gsize)shape->kernel_height * (gsize)shape->kernel_width * (gsize)e->channels * panel;
  for (gsize p = 0; p < (gsize)e->n_panels; p++)
    e->kernels->convolve(shape, in, weights + p * size, bias ? bias + p * panel : NULL, elu,
                         gate ? gate + p * 2 * shape->out_block : NULL, out + p * 2 * shape->out_block);
}

// wide = in with margins.
static void
widen(const PctCroppedEncoder *e, PctCroppedScratch *s, const PctCroppedRect *r, const float *in)
{
  gsize lanes = (gsize)e->kernels->lanes, row = (gsize)r->width * lanes, stride = (gsize)wide_stride(r) * lanes;
  float *to = s->wide;
  for (int b = 0; b < e->n_blocks; b++) {
    clear_margins(e, r, to);
    for (int y = 0; y < r->height; y++, in += row, to += stride)
      memcpy(to + PCT_CROPPED_MARGIN * lanes, in, row * sizeof(float));
  }
}

static void
layer_forward(const PctCroppedEncoder *e, PctCroppedScratch *s, int i)
{
  const PctCroppedRect *from = &s->rects[i - 1], *to = &s->rects[i];
  const PctCroppedLayer *layer = &e->layers[i];
  if (e->design.depth_separable) {
    mix_and_filter(e, s, from, to, s->maps[i - 1], layer->in, layer->spatial);
    PctCroppedShape mixing = mixing_shape(e, to);
    convolve_panels(e, &mixing, s->narrow, layer->out, layer->bias, !e->design.linear, NULL, s->maps[i]);
    return;
  }
  PctCroppedShape spatial = spatial_shape(e, from, to);
  widen(e, s, from, s->maps[i - 1]);
  convolve_panels(e, &spatial, s->wide, layer->spatial, layer->bias, !e->design.linear, NULL, s->maps[i]);
}

// gradient by maps[i] before its ELU becomes that of maps[i - 1].
static void
layer_backward(const PctCroppedEncoder *e, PctCroppedScratch *s, int i)
{
  const PctCroppedRect *from = &s->rects[i], *to = &s->rects[i - 1];
  const PctCroppedLayer *layer = &e->layers[i];
  const float *gate = e->design.linear ? NULL : s->maps[i - 1];
  if (e->design.depth_separable) {
    mix_and_filter(e, s, from, to, s->gradient, layer->out_back, layer->spatial_back);
    PctCroppedShape mixing = mixing_shape(e, to);
    convolve_panels(e, &mixing, s->narrow, layer->in_back, NULL, FALSE, gate, s->gradient);
    return;
  }
  PctCroppedShape spatial = spatial_shape(e, from, to);
  widen(e, s, from, s->gradient);
  convolve_panels(e, &spatial, s->wide, layer->spatial_back, NULL, FALSE, gate, s->gradient);
}

// The sum that the readout makes of the last map; with slope, gradient by that map before its ELU.
static float
read_out(const PctCroppedEncoder *e, PctCroppedScratch *s, const float *slope)
{
  const PctCroppedRect *r = &s->rects[e->design.n_layers - 1];
  const float *map = s->maps[e->design.n_layers - 1], *features = e->features + (gsize)s->neuron * (gsize)e->channels;
  int lanes = e->kernels->lanes, pixels = r->height * r->width;
  float sum = e->bias[s->neuron];
  for (int c = 0; c < e->channels; c++)
    for (int p = 0; p < pixels; p++) {
      gsize at = ((gsize)(c / lanes) * (gsize)pixels + (gsize)p) * (gsize)lanes + (gsize)(c % lanes);
      float weight = features[c] * s->corner[p];
      if (slope)
        s->gradient[at] = *slope * weight * (e->design.linear ? 1 : MIN(map[at], 0) + 1);
      else
        sum += weight * map[at];
    }
  return sum;
}

float
pct_cropped_encoder_evaluate(const PctCroppedEncoder *e, PctCroppedScratch *s, int neuron, const float *image,
                             float *gradient)
{
  if (neuron != s->neuron) {
    find_rects(e, neuron, s->rects, &s->image, s->corner);
    s->neuron = neuron;
  }
  pct_cropped_input_forward(e, s, image);
  for (int i = 1; i < e->design.n_layers; i++)
    layer_forward(e, s, i);
  float sum = read_out(e, s, NULL), rate, slope;
  pct_rate_compute(&rate, &sum, 1, e->design.softplus, NULL);
  if (!gradient)
    return rate;
  pct_rate_compute_slopes(&slope, &sum, 1, e->design.softplus);
  read_out(e, s, &slope);
  for (int i = e->design.n_layers - 1; i > 0; i--)
    layer_backward(e, s, i);
  pct_cropped_input_backward(e, s, gradient);
  return rate;
}

// How many of `from` rows (or columns) meet those of `to` by a kernel of 2 reach + 1, over all pairs.
static double
count_taps(int from, int n_from, int to, int n_to, int reach)
{
  double n = 0;
  for (int i = to; i < to + n_to; i++)
    n += MAX(0, MIN(i + reach + 1, from + n_from) - MAX(i - reach, from));
  return n;
}

double
pct_cropped_encoder_count_operations(const PctCroppedEncoder *e, int neuron)
{
  g_autofree PctCroppedRect *rects = g_new(PctCroppedRect, e->design.n_layers);
  PctCroppedRect image;
  float corner[4];
  find_rects(e, neuron, rects, &image, corner);
  double c = e->design.channels, k = e->design.input_kernel, n = k * k * c * rects[0].height * rects[0].width;
  for (int i = 1; i < e->design.n_layers; i++) {
    const PctCroppedRect *a = &rects[i - 1], *b = &rects[i];
    int reach = e->design.hidden_kernel / 2;
    double taps = count_taps(a->y, a->height, b->y, b->height, reach);
    taps *= count_taps(a->x, a->width, b->x, b->width, reach);
    n += e->design.depth_separable ? c * taps + c * c * (a->height * a->width + b->height * b->width) : c * c * taps;
  }
  return 4 * n;
}
