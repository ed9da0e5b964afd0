// SPDX-License-Identifier: GPL-3.0-or-later
// The first layer of a cropped encoder, by two thirds of its multiplications. Rows of the kernel are taken three at a
// time, rows of the result two at a time: of the six products of a row of pixels with a row of weights four are enough
// (Winograd 1980, F(2,3); exact but for rounding). With kernel rows h0 h1 h2 and image rows x0 .. x3,
//   m0 = (x0 - x2) h0, m1 = (x1 + x2) (h0 + h1 + h2) / 2, m2 = (x2 - x1) (h0 - h1 + h2) / 2, m3 = (x3 - x1) h2:
//   upper = m0 + m1 + m2, lower = m1 - m2 + m3.
// Sums and differences of rows are taken once of the image, not once a channel. Going back, everything is transposed.
// The image is centred first, and what the constant adds goes into the bias: a contrast of a few grey levels around a
// hundred would lose digits.
#include "encode/cropped-private.h"
#include <string.h>

static gsize
n_groups(const PctCroppedEncoder *e)
{
  return (gsize)((e->design.input_kernel + 2) / 3);
}

static void
transform(const float h[3], float g[PCT_CROPPED_PRODUCTS])
{
  g[0] = h[0];
  g[1] = (h[0] + h[1] + h[2]) / 2;
  g[2] = (h[0] - h[1] + h[2]) / 2;
  g[3] = h[2];
}

gboolean
pct_cropped_input_pack(PctCroppedEncoder *e, const float *weights, GError **error)
{
  gsize k = (gsize)e->design.input_kernel, groups = n_groups(e), lanes = (gsize)e->kernels->lanes, panel = 2 * lanes;
  gsize channels = (gsize)e->channels, a_row = (k + lanes - 1) / lanes, pairs = (groups * a_row + 1) / 2;
  e->n_taps[0] = (int)groups;
  e->n_taps[1] = (int)k;
  e->input_size = groups * k * panel;
  e->input_back_size = pairs * channels * panel;
  e->input = pct_cropped_new(e->memory, (gsize)e->n_panels * PCT_CROPPED_PRODUCTS * e->input_size, error);
  e->input_back = pct_cropped_new(e->memory, PCT_CROPPED_PRODUCTS * e->input_back_size, error);
  if (!e->input || !e->input_back)
    return FALSE;
  for (gsize c = 0; c < (gsize)e->design.channels; c++)
    for (gsize i = 0; i < groups; i++)
      for (gsize j = 0; j < k; j++) {
        float h[3], g[PCT_CROPPED_PRODUCTS];
        for (gsize b = 0; b < 3; b++)
          h[b] = 3 * i + b < k ? weights[(c * k + 3 * i + b) * k + j] : 0;
        transform(h, g);
        gsize vector = i * a_row + j / lanes, lane = vector % 2 * lanes + j % lanes;
        for (gsize t = 0; t < PCT_CROPPED_PRODUCTS; t++) {
          e->input[(c / panel * PCT_CROPPED_PRODUCTS + t) * e->input_size + (i * k + j) * panel + c % panel] = g[t];
          e->input_back[t * e->input_back_size + (vector / 2 * channels + c) * panel + lane] = g[t];
        }
      }
  return TRUE;
}

// Rows of the products' images for a result of so many rows; and of the centred image, three more.
static int
count_rows(const PctCroppedEncoder *e, int height)
{
  return 2 * ((height + 1) / 2) + 3 * (e->n_taps[0] - 1);
}

gboolean
pct_cropped_input_reserve(const PctCroppedEncoder *e, PctCroppedScratch *s, GError **error)
{
  int lanes = e->kernels->lanes, k = e->design.input_kernel;
  s->rows_stride = e->map_width + (k + lanes - 1) / lanes * lanes;
  s->rows_size = (gsize)count_rows(e, e->map_height) * (gsize)s->rows_stride;
  s->rows = pct_cropped_new(s->memory, PCT_CROPPED_PRODUCTS * s->rows_size, error);
  s->centred = pct_cropped_new(s->memory, s->rows_size + 3 * (gsize)s->rows_stride, error);
  gsize a_row = (gsize)e->map_width * (gsize)lanes;
  s->products = pct_cropped_new(s->memory, MAX(2 * PCT_CROPPED_PRODUCTS, 2 * (gsize)e->n_blocks) * a_row, error);
  return s->rows && s->centred && s->products;
}

// centred (rows, stride): the image's rectangle less its mean, zeros below. Returns the mean.
static float
centre(const PctCroppedEncoder *e, PctCroppedScratch *s, const float *image, int n_rows)
{
  const PctCroppedRect *r = &s->image;
  const float *from = image + (gsize)r->y * (gsize)e->design.width + r->x;
  double sum = 0;
  for (int y = 0; y < r->height; y++)
    for (int x = 0; x < r->width; x++)
      sum += from[(gsize)y * (gsize)e->design.width + (gsize)x];
  float mean = (float)(sum / ((double)r->height * r->width));
  for (int y = 0; y < n_rows; y++) {
    float *to = s->centred + (gsize)y * (gsize)s->rows_stride;
    if (y >= r->height) {
      memset(to, 0, (gsize)r->width * sizeof(float));
      continue;
    }
    for (int x = 0; x < r->width; x++)
      to[x] = from[(gsize)y * (gsize)e->design.width + (gsize)x] - mean;
  }
  return mean;
}

void
pct_cropped_input_forward(const PctCroppedEncoder *e, PctCroppedScratch *s, const float *image)
{
  const PctCroppedRect *map = &s->rects[0];
  int n_rows = count_rows(e, map->height), width = s->image.width, lanes = e->kernels->lanes;
  gsize stride = (gsize)s->rows_stride, panel = 2 * (gsize)lanes;
  float mean = centre(e, s, image, n_rows + 3) - e->mean;
  for (int y = 0; y < n_rows; y++) {
    const float *x0 = s->centred + (gsize)y * stride, *x1 = x0 + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    float *to = s->rows + (gsize)y * stride;
    for (int x = 0; x < width; x++) {
      to[x] = x0[x] - x2[x];
      to[s->rows_size + (gsize)x] = x1[x] + x2[x];
      to[2 * s->rows_size + (gsize)x] = x2[x] - x1[x];
      to[3 * s->rows_size + (gsize)x] = x3[x] - x1[x];
    }
  }
  PctCroppedShape shape = {
    .in_height = n_rows, .in_stride = s->rows_stride, .end = width, .out_height = 1, .out_width = map->width,
    .out_stride = map->width, .out_block = (gsize)map->width * (gsize)lanes, .kernel_height = e->n_taps[0],
    .kernel_width = e->n_taps[1], .row_step = 1, .tap_step = 3,
  };
  gsize block = (gsize)map->height * shape.out_block, product = 2 * shape.out_block;
  for (gsize p = 0; p < (gsize)e->n_panels; p++) {
    float bias[32];
    for (gsize c = 0; c < panel; c++)
      bias[c] = e->input_bias[p * panel + c] + mean * e->input_sums[p * panel + c];
    float *out = s->maps[0] + p * 2 * block;
    for (int y = 0; y < map->height; y += 2, out += 2 * shape.out_block) {
      for (gsize t = 0; t < PCT_CROPPED_PRODUCTS; t++)
        e->kernels->convolve(&shape, s->rows + t * s->rows_size + (gsize)y * stride,
                             e->input + (p * PCT_CROPPED_PRODUCTS + t) * e->input_size, NULL, FALSE, NULL,
                             s->products + t * product);
      e->kernels->combine(s->products, map->width, bias, !e->design.linear, out,
                          y + 1 < map->height ? out + shape.out_block : NULL, block);
    }
  }
}

// Of two rows of the gradient, the rows by m1 and m2; by m0 and m3 they are the upper and the lower one themselves.
static void
split_rows(const PctCroppedEncoder *e, const float *upper, const float *lower, gsize block, gsize n, float *m1,
           float *m2)
{
  for (int b = 0; b < e->n_blocks; b++, upper += block, m1 += n, m2 += n) {
    for (gsize i = 0; i < n; i++) {
      float low = lower ? lower[i] : 0;
      m1[i] = upper[i] + low;
      m2[i] = upper[i] - low;
    }
    if (lower)
      lower += block;
  }
}

void
pct_cropped_input_backward(const PctCroppedEncoder *e, PctCroppedScratch *s, float *gradient)
{
  const PctCroppedRect *map = &s->rects[0], *r = &s->image;
  int n_rows = count_rows(e, map->height);
  gsize stride = (gsize)s->rows_stride, n = (gsize)map->width * (gsize)e->kernels->lanes;
  gsize block = (gsize)map->height * n, row = (gsize)e->n_blocks * n, frame = (gsize)e->design.width;
  memset(s->rows, 0, PCT_CROPPED_PRODUCTS * s->rows_size * sizeof(float));
  for (int y = 0; y < map->height; y += 2) {
    const float *upper = s->gradient + (gsize)y * n, *lower = y + 1 < map->height ? upper + n : NULL;
    split_rows(e, upper, lower, block, n, s->products, s->products + row);
    const float *by_product[] = { upper, s->products, s->products + row, lower };
    for (gsize t = 0; t < PCT_CROPPED_PRODUCTS; t++)
      if (by_product[t])
        e->kernels->spread(by_product[t], map->width, e->n_blocks, t == 0 || t == 3 ? block : n,
                           e->input_back + t * e->input_back_size, e->n_taps[0], e->n_taps[1],
                           s->rows + t * s->rows_size + (gsize)y * stride, 3 * stride);
  }
  memset(s->centred, 0, (gsize)(n_rows + 3) * stride * sizeof(float));
  for (int y = 0; y < n_rows; y++) {
    float *x0 = s->centred + (gsize)y * stride, *x1 = x0 + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    const float *d0 = s->rows + (gsize)y * stride, *d1 = d0 + s->rows_size, *d2 = d1 + s->rows_size;
    const float *d3 = d2 + s->rows_size;
    for (int x = 0; x < r->width; x++) {
      x0[x] += d0[x];
      x1[x] += d1[x] - d2[x] - d3[x];
      x2[x] += d1[x] + d2[x] - d0[x];
      x3[x] += d3[x];
    }
  }
  memset(gradient, 0, (gsize)e->design.height * frame * sizeof(float));
  for (int y = 0; y < r->height; y++)
    memcpy(gradient + (gsize)(r->y + y) * frame + r->x, s->centred + (gsize)y * stride,
           (gsize)r->width * sizeof(float));
}
