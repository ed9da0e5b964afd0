// SPDX-License-Identifier: GPL-3.0-or-later
// What holds an encoder's parameters small, smooth and few (encoder-step.h has the formulae). Each term adds its value and
// its gradient; sums are double precision in a fixed order.
#include <math.h>
#include <string.h>
#include "encode/encoder-step.h"

// out (height,width) = L picture, zeros around it. L is symmetric: it is its own adjoint.
static void
laplacian(float *out, const float *picture, int height, int width)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const float *at = picture + y * width + x;
      float sum = 4 * at[0];
      sum -= y > 0 ? at[-width] : 0;
      sum -= y < height - 1 ? at[width] : 0;
      sum -= x > 0 ? at[-1] : 0;
      sum -= x < width - 1 ? at[1] : 0;
      out[y * width + x] = sum;
    }
}

static double
sum_of_squares(const float *values, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double)values[i] * values[i];
  return sum;
}

static double
sum_of_sizes(const float *values, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += fabs(values[i]);
  return sum;
}

static inline float
sign_of(float x)
{
  return (float)((x > 0) - (x < 0));
}

typedef struct {
  const float *values;
  float *gradient;
  const PctParameter *item;
} Block;

static Block
block_of(const PctParameters *parameters, float *gradients, const char *name)
{
  for (guint i = 0; i < parameters->table->n_items; i++) {
    const PctParameter *item = &parameters->table->items[i];
    if (g_str_equal(item->name, name))
      return (Block){ parameters->values + item->offset, gradients + item->offset, item };
  }
  return (Block){ 0 };
}

// Of A / B with A = sum (L w)^2, B = sum w^2: 2 L L w / B - 2 A w / B^2. In memory (tap, channel).
static double
smooth_input(Block w, int kernel, int channels, double weight)
{
  gsize taps = (gsize)kernel * kernel, n = taps * (gsize)channels;
  g_autofree float *picture = g_new(float, 3 * taps);
  float *bent = picture + taps, *twice = bent + taps;
  g_autofree float *all = g_new(float, n);
  double bending = 0, size = sum_of_squares(w.values, n);
  if (size == 0)
    return 0;
  for (gsize c = 0; c < (gsize)channels; c++) {
    for (gsize t = 0; t < taps; t++)
      picture[t] = w.values[t * (gsize)channels + c];
    laplacian(bent, picture, kernel, kernel);
    bending += sum_of_squares(bent, taps);
    laplacian(twice, bent, kernel, kernel);
    for (gsize t = 0; t < taps; t++)
      all[t * (gsize)channels + c] = twice[t];
  }
  float first = (float)(2 * weight / size), second = (float)(2 * weight * bending / (size * size));
  for (gsize i = 0; i < n; i++)
    w.gradient[i] += first * all[i] - second * w.values[i];
  return weight * bending / size;
}

// Kernels (tap, pair): the derivative of a length is the direction.
static double
group_sparsity(Block w, gsize taps, double weight)
{
  gsize pairs = w.item->count / taps;
  double sum = 0;
  for (gsize p = 0; p < pairs; p++) {
    double squares = 0;
    for (gsize t = 0; t < taps; t++)
      squares += (double)w.values[t * pairs + p] * w.values[t * pairs + p];
    double length = sqrt(squares);
    sum += length;
    float scale = length > 0 ? (float)(weight / length) : 0;
    for (gsize t = 0; t < taps; t++)
      w.gradient[t * pairs + p] += scale * w.values[t * pairs + p];
  }
  return weight * sum;
}

static double
sparse(Block w, double weight)
{
  for (gsize i = 0; i < w.item->count; i++)
    w.gradient[i] += (float)weight * sign_of(w.values[i]);
  return weight * sum_of_sizes(w.values, w.item->count);
}

static double
sparse_product(Block mask, Block weights, gsize n, double weight)
{
  gsize pixels = mask.item->count / n, channels = weights.item->count / n;
  double sum = 0;
  for (gsize m = 0; m < n; m++) {
    const float *a = mask.values + m * pixels, *b = weights.values + m * channels;
    double where = sum_of_sizes(a, pixels), what = sum_of_sizes(b, channels);
    sum += where * what;
    for (gsize i = 0; i < pixels; i++)
      mask.gradient[m * pixels + i] += (float)(weight * what) * sign_of(a[i]);
    for (gsize i = 0; i < channels; i++)
      weights.gradient[m * channels + i] += (float)(weight * where) * sign_of(b[i]);
  }
  return weight * sum;
}

typedef struct {
  Block w;
  const PctEncoderDesign *design;
  double smooth, small, *sums;
} Fields;

static void
bend_fields(gsize first, gsize end, guint thread, gpointer data)
{
  const Fields *f = data;
  int height = f->design->height, width = f->design->width;
  gsize pixels = (gsize)height * (gsize)width;
  g_autofree float *bent = g_new(float, 2 * pixels);
  float *twice = bent + pixels;
  for (gsize m = first; m < end; m++) {
    const float *w = f->w.values + m * pixels;
    float *gradient = f->w.gradient + m * pixels;
    laplacian(bent, w, height, width);
    laplacian(twice, bent, height, width);
    f->sums[m] = f->smooth * sum_of_squares(bent, pixels) + f->small * sum_of_squares(w, pixels);
    for (gsize i = 0; i < pixels; i++)
      gradient[i] += 2 * ((float)f->smooth * twice[i] + (float)f->small * w[i]);
  }
}

static double
bend(Block w, const PctEncoderDesign *design, const PctEncoderStepOptions *options, PctPool *pool)
{
  gsize n = w.item->shape[0];
  g_autofree double *sums = g_new0(double, n);
  Fields fields = { w, design, options->smooth_field, options->small_field, sums };
  pct_parallel_for(pool, n, 16, bend_fields, &fields);
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += sums[i];
  return sum;
}

double
pct_encoder_regularise(const PctEncoderDesign *design, const PctEncoderStepOptions *options,
                       const PctParameters *parameters, float *gradients, PctPool *pool)
{
  double sum = 0;
  if (options->smooth_input > 0 && design->n_layers > 0)
    sum += smooth_input(block_of(parameters, gradients, "core.features.layer0.conv.weight"), design->input_kernel,
                        design->channels, options->smooth_input);
  for (int i = 1; options->group_sparsity > 0 && i < design->n_layers; i++) {
    g_autofree char *name = g_strdup_printf("core.features.layer%d.%s.weight", i,
                                            design->depth_separable ? "ds_conv.spatial_conv" : "conv");
    sum += group_sparsity(block_of(parameters, gradients, name), (gsize)design->hidden_kernel * design->hidden_kernel,
                          options->group_sparsity);
  }
  if (design->readout == PCT_READOUT_POINT && options->sparse_features > 0)
    sum += sparse(block_of(parameters, gradients, "readout.dataset.features"), options->sparse_features);
  if (design->readout == PCT_READOUT_MASK) {
    Block mask = block_of(parameters, gradients, "readout.mask"), weights = block_of(parameters, gradients, "readout.weight");
    if (options->sparse_mask > 0)
      sum += sparse(mask, options->sparse_mask);
    if (options->sparse_weights > 0)
      sum += sparse(weights, options->sparse_weights);
    if (options->sparse_product > 0)
      sum += sparse_product(mask, weights, (gsize)design->n_neurons, options->sparse_product);
  }
  if (design->readout == PCT_READOUT_FULL && (options->smooth_field > 0 || options->small_field > 0))
    sum += bend(block_of(parameters, gradients, design->rank > 0 ? "readout.basis.weight" : "readout.weight"), design,
                options, pool);
  return sum;
}
