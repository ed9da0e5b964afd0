// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference-encoder.h"
#include <math.h>
#include <string.h>
#include "reference-core.h"

#define MAX_ARRAYS 128
#define READOUT "readout.dataset."

static ReferenceArray *
add_array(ReferenceEncoder *e, const char *layer, const char *part, gsize n, gboolean trainable)
{
  g_assert_cmpuint(e->n_arrays, <, MAX_ARRAYS);
  ReferenceArray *array = &e->arrays[e->n_arrays++];
  *array = (ReferenceArray){ g_strconcat(layer, part, NULL), n, g_new0(double, n), g_new0(double, n), trainable };
  return array;
}

// A stage that takes what the last one gives.
static ReferenceStage *
add_stage(ReferenceEncoder *e, ReferenceStage stage)
{
  const ReferenceStage *last = e->n_stages > 0 ? &e->stages[e->n_stages - 1] : NULL;
  stage.channels_in = last ? last->channels : 1;
  stage.height_in = last ? last->height : e->design.height;
  stage.width_in = last ? last->width : e->design.width;
  stage.channels = e->design.channels;
  stage.height = stage.height_in, stage.width = stage.width_in;
  e->stages[e->n_stages] = stage;
  return &e->stages[e->n_stages++];
}

static void
add_convolution(ReferenceEncoder *e, const char *layer, const char *part, int kernel, int padding, gboolean depthwise)
{
  ReferenceStage *s = add_stage(e, (ReferenceStage){ STAGE_CONVOLUTION, .kernel = kernel, .padding = padding,
                                                     .depthwise = depthwise });
  s->height += 2 * padding - kernel + 1;
  s->width += 2 * padding - kernel + 1;
  gsize pairs = (gsize)s->channels * (gsize)(depthwise ? 1 : s->channels_in);
  s->weight = add_array(e, layer, part, pairs * (gsize)kernel * (gsize)kernel, TRUE);
}

static void
add_layer(ReferenceEncoder *e, int i)
{
  const ReferenceDesign *d = &e->design;
  g_autofree char *layer = g_strdup_printf("core.features.layer%d", i);
  int k = d->hidden_kernel;
  gsize channels = (gsize)d->channels;
  if (i == 0) {
    add_convolution(e, layer, ".conv.weight", d->input_kernel, 0, FALSE);
  } else if (d->depth_separable) {
    add_convolution(e, layer, ".ds_conv.in_depth_conv.weight", 1, 0, FALSE);
    add_convolution(e, layer, ".ds_conv.spatial_conv.weight", k, k / 2, TRUE);
    add_convolution(e, layer, ".ds_conv.out_depth_conv.weight", 1, 0, FALSE);
  } else {
    add_convolution(e, layer, ".conv.weight", k, k / 2, FALSE);
  }
  ReferenceStage *norm = add_stage(e, (ReferenceStage){ STAGE_NORM });
  norm->weight = add_array(e, layer, ".norm.weight", channels, TRUE);
  norm->bias = add_array(e, layer, ".norm.bias", channels, TRUE);
  norm->running_mean = add_array(e, layer, ".norm.running_mean", channels, FALSE);
  norm->running_var = add_array(e, layer, ".norm.running_var", channels, FALSE);
  norm->mean = g_new0(double, channels);
  norm->scale = g_new0(double, channels);
  if (!d->linear)
    add_stage(e, (ReferenceStage){ STAGE_ELU });
}

ReferenceEncoder *
reference_encoder_new(const ReferenceDesign *design)
{
  ReferenceEncoder *e = g_new0(ReferenceEncoder, 1);
  gsize n = (gsize)design->n_neurons;
  e->design = *design;
  e->arrays = g_new0(ReferenceArray, MAX_ARRAYS);
  e->stages = g_new0(ReferenceStage, 5 * (gsize)design->n_layers);
  for (int i = 0; i < design->n_layers; i++)
    add_layer(e, i);
  e->map_height = e->stages[e->n_stages - 1].height;
  e->map_width = e->stages[e->n_stages - 1].width;
  add_array(e, READOUT, "features", n * (gsize)design->channels, TRUE);
  add_array(e, READOUT, "bias", n, TRUE);
  add_array(e, READOUT, "sigma", 4 * n, TRUE);
  if (design->from_grid) {
    add_array(e, READOUT, "source_grid", 2 * n, FALSE);
    add_array(e, READOUT, "mu_transform.0.weight", 4, TRUE);
    add_array(e, READOUT, "mu_transform.0.bias", 2, TRUE);
  } else {
    add_array(e, READOUT, "mu", 2 * n, TRUE);
  }
  return e;
}

void
reference_encoder_free(ReferenceEncoder *e)
{
  if (!e)
    return;
  for (guint i = 0; i < e->n_arrays; i++) {
    g_free(e->arrays[i].name);
    g_free(e->arrays[i].values);
    g_free(e->arrays[i].gradients);
  }
  for (guint i = 0; i < e->n_stages; i++) {
    g_free(e->stages[i].out);
    g_free(e->stages[i].d_out);
    g_free(e->stages[i].mean);
    g_free(e->stages[i].scale);
  }
  g_free(e->arrays);
  g_free(e->stages);
  g_free(e);
}

ReferenceArray *
reference_encoder_find(const ReferenceEncoder *e, const char *name)
{
  for (guint i = 0; i < e->n_arrays; i++)
    if (strcmp(e->arrays[i].name, name) == 0)
      return &e->arrays[i];
  g_error("there is no %s", name);
}

static double *
values_of(const ReferenceEncoder *e, const char *name)
{
  g_autofree char *full = g_strconcat(READOUT, name, NULL);
  return reference_encoder_find(e, full)->values;
}

static double *
gradients_of(const ReferenceEncoder *e, const char *name)
{
  g_autofree char *full = g_strconcat(READOUT, name, NULL);
  return reference_encoder_find(e, full)->gradients;
}

void
reference_encoder_points(const ReferenceEncoder *e, const double *noise, double *points)
{
  const double *sigma = values_of(e, "sigma");
  for (int m = 0; m < e->design.n_neurons; m++)
    for (int axis = 0; axis < 2; axis++) {
      double at;
      if (e->design.from_grid) {
        const double *grid = values_of(e, "source_grid"), *w = values_of(e, "mu_transform.0.weight");
        at = w[2 * axis] * grid[2 * m] + w[2 * axis + 1] * grid[2 * m + 1] + values_of(e, "mu_transform.0.bias")[axis];
      } else {
        at = values_of(e, "mu")[2 * m + axis];
      }
      for (int k = 0; noise && k < 2; k++)
        at += sigma[4 * m + 2 * axis + k] * noise[2 * m + k];
      points[2 * m + axis] = at;
    }
}

// The derivative of the loss by a point's coordinate goes on to what the point is made of.
static void
points_backward(const ReferenceEncoder *e, int m, int axis, const double *noise, double d_point)
{
  for (int k = 0; noise && k < 2; k++)
    gradients_of(e, "sigma")[4 * m + 2 * axis + k] += d_point * noise[2 * m + k];
  if (e->design.from_grid) {
    for (int k = 0; k < 2; k++)
      gradients_of(e, "mu_transform.0.weight")[2 * axis + k] += d_point * values_of(e, "source_grid")[2 * m + k];
    gradients_of(e, "mu_transform.0.bias")[axis] += d_point;
  } else {
    gradients_of(e, "mu")[2 * m + axis] += d_point;
  }
}

// One of the four pixels around a point: what it counts, and how that changes with the point (in pixels).
typedef struct {
  int y, x;
  double weight, by_x, by_y;
} Corner;

// -1 is the middle of the first pixel, 1 that of the last; beyond the map are zeros, which have no corner.
static int
corners_of(const ReferenceEncoder *e, const double *point, Corner *corners)
{
  double x = (CLAMP(point[0], -1, 1) + 1) / 2 * (e->map_width - 1);
  double y = (CLAMP(point[1], -1, 1) + 1) / 2 * (e->map_height - 1);
  int n = 0, left = (int)floor(x), top = (int)floor(y);
  for (int i = 0; i < 4; i++) {
    int row = top + i / 2, column = left + i % 2;
    if (row >= e->map_height || column >= e->map_width)
      continue;
    double across = i % 2 ? x - left : 1 - (x - left), down = i / 2 ? y - top : 1 - (y - top);
    corners[n++] = (Corner){ row, column, across * down, (i % 2 ? 1 : -1) * down, (i / 2 ? 1 : -1) * across };
  }
  return n;
}

// Feature c of batch item b at a corner: where it is in the map.
static gsize
place(const ReferenceEncoder *e, int b, int c, const Corner *corner)
{
  gsize image = (gsize)b * (gsize)e->design.channels + (gsize)c;
  return (image * (gsize)e->map_height + (gsize)corner->y) * (gsize)e->map_width + (gsize)corner->x;
}

// map (batch,C,h,w) -> sums (batch,M).
static void
readout_forward(const ReferenceEncoder *e, const double *map, const double *noise, int batch, double *sums)
{
  int n = e->design.n_neurons, channels = e->design.channels;
  const double *features = values_of(e, "features"), *bias = values_of(e, "bias");
  g_autofree double *points = g_new(double, 2 * (gsize)n);
  for (int b = 0; b < batch; b++) {
    reference_encoder_points(e, noise ? noise + (gsize)b * 2 * (gsize)n : NULL, points);
    for (int m = 0; m < n; m++) {
      Corner corners[4];
      int n_corners = corners_of(e, points + 2 * m, corners);
      double sum = bias[m];
      for (int i = 0; i < n_corners; i++)
        for (int c = 0; c < channels; c++)
          sum += features[m * channels + c] * corners[i].weight * map[place(e, b, c, &corners[i])];
      sums[b * n + m] = sum;
    }
  }
}

// d_map is added to.
static void
readout_backward(const ReferenceEncoder *e, const double *map, const double *noise, int batch, const double *d_sums,
                 double *d_map)
{
  int n = e->design.n_neurons, channels = e->design.channels;
  const double *features = values_of(e, "features");
  double *d_features = gradients_of(e, "features"), *d_bias = gradients_of(e, "bias");
  g_autofree double *points = g_new(double, 2 * (gsize)n);
  for (int b = 0; b < batch; b++) {
    const double *drawn = noise ? noise + (gsize)b * 2 * (gsize)n : NULL;
    reference_encoder_points(e, drawn, points);
    for (int m = 0; m < n; m++) {
      Corner corners[4];
      int n_corners = corners_of(e, points + 2 * m, corners);
      double d = d_sums[b * n + m], d_x = 0, d_y = 0;
      d_bias[m] += d;
      for (int i = 0; i < n_corners; i++)
        for (int c = 0; c < channels; c++) {
          gsize at = place(e, b, c, &corners[i]);
          double w = features[m * channels + c];
          d_features[m * channels + c] += d * corners[i].weight * map[at];
          d_map[at] += d * corners[i].weight * w;
          d_x += d * corners[i].by_x * w * map[at];
          d_y += d * corners[i].by_y * w * map[at];
        }
      // Cut to -1 .. 1: beyond, the picture's edge is looked at whatever the point is.
      if (fabs(points[2 * m]) <= 1)
        points_backward(e, m, 0, drawn, d_x * (e->map_width - 1) / 2);
      if (fabs(points[2 * m + 1]) <= 1)
        points_backward(e, m, 1, drawn, d_y * (e->map_height - 1) / 2);
    }
  }
}

// Borrowed: the core's last map.
static const double *
core_forward(ReferenceEncoder *e, const double *images, int batch, PassKind pass)
{
  for (guint i = 0; i < e->n_stages; i++) {
    reference_stage_forward(&e->stages[i], images, batch, pass);
    images = e->stages[i].out;
  }
  return images;
}

// Zeros for the derivative of a stage's output.
static double *
clear_d_out(ReferenceStage *s, int batch)
{
  g_free(s->d_out);
  s->d_out = g_new0(double, (gsize)batch * (gsize)s->channels * (gsize)s->height * (gsize)s->width);
  return s->d_out;
}

// From the last stage's d_out. d_images may be NULL.
static void
core_backward(ReferenceEncoder *e, const double *images, double *d_images, int batch, PassKind pass)
{
  for (guint i = e->n_stages; i-- > 0;) {
    double *d_in = i > 0 ? clear_d_out(&e->stages[i - 1], batch) : d_images;
    reference_stage_backward(&e->stages[i], i > 0 ? e->stages[i - 1].out : images, d_in, batch, pass);
  }
}

static double
rate_of(double sum)
{
  return sum > 0 ? sum + 1 : exp(sum);
}

static double
slope_of(double sum)
{
  return sum > 0 ? 1 : exp(sum);
}

// out = L picture, zeros around it.
static void
laplacian(const double *picture, int size, double *out)
{
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++) {
      double sum = 4 * picture[y * size + x];
      sum -= y > 0 ? picture[(y - 1) * size + x] : 0;
      sum -= y + 1 < size ? picture[(y + 1) * size + x] : 0;
      sum -= x > 0 ? picture[y * size + x - 1] : 0;
      sum -= x + 1 < size ? picture[y * size + x + 1] : 0;
      out[y * size + x] = sum;
    }
}

static double
regularise(ReferenceEncoder *e, gboolean backward)
{
  const ReferenceDesign *d = &e->design;
  ReferenceArray *w = reference_encoder_find(e, "core.features.layer0.conv.weight");
  ReferenceArray *features = reference_encoder_find(e, READOUT "features");
  gsize taps = (gsize)d->input_kernel * (gsize)d->input_kernel;
  g_autofree double *bent = g_new(double, w->n), *twice = g_new(double, w->n);
  double bending = 0, size = 0, sparse = 0;
  for (gsize at = 0; at < w->n; at += taps) {
    laplacian(w->values + at, d->input_kernel, bent + at);
    laplacian(bent + at, d->input_kernel, twice + at);  // L is its own transpose
  }
  for (gsize i = 0; i < w->n; i++) {
    bending += bent[i] * bent[i];
    size += w->values[i] * w->values[i];
  }
  for (gsize i = 0; i < features->n; i++)
    sparse += fabs(features->values[i]);
  for (gsize i = 0; backward && i < w->n; i++)
    w->gradients[i] += d->smooth_input * 2 * (twice[i] / size - w->values[i] * bending / (size * size));
  for (gsize i = 0; backward && i < features->n; i++)
    features->gradients[i] += d->sparse_features * ((features->values[i] > 0) - (features->values[i] < 0));
  return d->smooth_input * bending / size + d->sparse_features * sparse;
}

static double
run(ReferenceEncoder *e, const double *images, const double *noise, const double *targets, int batch, double weight,
    gboolean backward)
{
  gsize n = (gsize)batch * (gsize)e->design.n_neurons;
  g_autofree double *sums = g_new(double, n);
  PassKind pass = backward ? PASS_BATCH_UPDATING : PASS_BATCH;
  const double *map = core_forward(e, images, batch, pass);
  readout_forward(e, map, noise, batch, sums);
  double loss = 0;
  for (gsize i = 0; i < n; i++) {
    double rate = rate_of(sums[i]), target = MAX(targets[i], 0);
    loss += weight * (rate - target * log(rate + 1e-8));
    sums[i] = weight * (1 - target / (rate + 1e-8)) * slope_of(sums[i]);  // now the derivative by the sum
  }
  for (guint i = 0; backward && i < e->n_arrays; i++)
    memset(e->arrays[i].gradients, 0, e->arrays[i].n * sizeof(double));
  if (backward) {
    readout_backward(e, map, noise, batch, sums, clear_d_out(&e->stages[e->n_stages - 1], batch));
    core_backward(e, images, NULL, batch, pass);
  }
  return loss + regularise(e, backward);
}

double
reference_encoder_step(ReferenceEncoder *e, const double *images, const double *noise, const double *targets,
                       int batch, double weight)
{
  return run(e, images, noise, targets, batch, weight, TRUE);
}

double
reference_encoder_loss(ReferenceEncoder *e, const double *images, const double *noise, const double *targets,
                       int batch, double weight)
{
  return run(e, images, noise, targets, batch, weight, FALSE);
}

void
reference_encoder_rates(ReferenceEncoder *e, const double *image, double *rates)
{
  readout_forward(e, core_forward(e, image, 1, PASS_RUNNING), NULL, 1, rates);
  for (int m = 0; m < e->design.n_neurons; m++)
    rates[m] = rate_of(rates[m]);
}

void
reference_encoder_image_gradient(ReferenceEncoder *e, const double *image, int neuron, double *gradient)
{
  g_autofree double *sums = g_new(double, (gsize)e->design.n_neurons);
  const double *map = core_forward(e, image, 1, PASS_RUNNING);
  readout_forward(e, map, NULL, 1, sums);
  double slope = slope_of(sums[neuron]);
  memset(sums, 0, (gsize)e->design.n_neurons * sizeof(double));
  sums[neuron] = slope;
  readout_backward(e, map, NULL, 1, sums, clear_d_out(&e->stages[e->n_stages - 1], 1));
  core_backward(e, image, gradient, 1, PASS_RUNNING);
}
