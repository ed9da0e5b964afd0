// SPDX-License-Identifier: GPL-3.0-or-later
#include "naive.h"
#include <math.h>
#include <string.h>

static inline gsize
at(PctShape s, int b, int y, int x, int c)
{
  return (((gsize)b * s.height + (gsize)y) * s.width + (gsize)x) * s.channels + (gsize)c;
}

void
naive_linear(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
             double *out)
{
  int n_in = c->in[0].channels, n_out = c->conv.channels;
  for (int b = 0; b < batch; b++)
    for (int o = 0; o < n_out; o++) {
      double sum = c->conv.bias ? parameters[1][o] : 0;
      for (int i = 0; i < n_in; i++)
        sum += parameters[0][o * n_in + i] * in[0][b * n_in + i];
      out[b * n_out + o] = sum;
    }
}

void
naive_conv2d(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
             double *out)
{
  const PctConv2d *k = &c->conv;
  PctShape s = c->in[0];
  PctShape o = { (s.height + 2 * k->padding[0] - k->kernel[0]) / k->stride[0] + 1,
                 (s.width + 2 * k->padding[1] - k->kernel[1]) / k->stride[1] + 1, k->channels };
  for (int b = 0; b < batch; b++)
    for (int y = 0; y < o.height; y++)
      for (int x = 0; x < o.width; x++)
        for (int co = 0; co < o.channels; co++) {
          double sum = k->bias ? parameters[1][co] : 0;
          for (int ci = 0; ci < s.channels; ci++)
            for (int ky = 0; ky < k->kernel[0]; ky++)
              for (int kx = 0; kx < k->kernel[1]; kx++) {
                int iy = y * k->stride[0] + ky - k->padding[0], ix = x * k->stride[1] + kx - k->padding[1];
                if (iy >= 0 && iy < s.height && ix >= 0 && ix < s.width)
                  sum += in[0][at(s, b, iy, ix, ci)] *
                         parameters[0][((co * s.channels + ci) * k->kernel[0] + ky) * k->kernel[1] + kx];
              }
          out[at(o, b, y, x, co)] = sum;
        }
}

void
naive_conv_transpose2d(const Case *c, int batch, gboolean training, const double *const *in,
                       const double *const *parameters, double *out)
{
  const PctConv2d *k = &c->conv;
  PctShape s = c->in[0];
  PctShape o = { (s.height - 1) * k->stride[0] - 2 * k->padding[0] + k->kernel[0],
                 (s.width - 1) * k->stride[1] - 2 * k->padding[1] + k->kernel[1], k->channels };
  for (gsize i = 0; i < pct_shape_count(o) * (gsize)batch; i++)
    out[i] = k->bias ? parameters[1][i % (gsize)o.channels] : 0;
  for (int b = 0; b < batch; b++)
    for (int y = 0; y < s.height; y++)
      for (int x = 0; x < s.width; x++)
        for (int ci = 0; ci < s.channels; ci++)
          for (int co = 0; co < o.channels; co++)
            for (int ky = 0; ky < k->kernel[0]; ky++)
              for (int kx = 0; kx < k->kernel[1]; kx++) {
                int oy = y * k->stride[0] + ky - k->padding[0], ox = x * k->stride[1] + kx - k->padding[1];
                if (oy >= 0 && oy < o.height && ox >= 0 && ox < o.width)
                  out[at(o, b, oy, ox, co)] += in[0][at(s, b, y, x, ci)] *
                      parameters[0][((ci * o.channels + co) * k->kernel[0] + ky) * k->kernel[1] + kx];
              }
}

void
naive_depthwise_conv2d(const Case *c, int batch, gboolean training, const double *const *in,
                       const double *const *parameters, double *out)
{
  const PctConv2d *k = &c->conv;
  PctShape s = c->in[0];
  PctShape o = { s.height + 2 * k->padding[0] - k->kernel[0] + 1, s.width + 2 * k->padding[1] - k->kernel[1] + 1,
                 s.channels };
  for (int b = 0; b < batch; b++)
    for (int y = 0; y < o.height; y++)
      for (int x = 0; x < o.width; x++)
        for (int ch = 0; ch < o.channels; ch++) {
          double sum = k->bias ? parameters[1][ch] : 0;
          for (int ky = 0; ky < k->kernel[0]; ky++)
            for (int kx = 0; kx < k->kernel[1]; kx++) {
              int iy = y + ky - k->padding[0], ix = x + kx - k->padding[1];
              if (iy >= 0 && iy < s.height && ix >= 0 && ix < s.width)
                sum += in[0][at(s, b, iy, ix, ch)] * parameters[0][(ch * k->kernel[0] + ky) * k->kernel[1] + kx];
            }
          out[at(o, b, y, x, ch)] = sum;
        }
}

// A pixel counts by its distance from the point, along each axis: 1 at the point, 0 from one pixel away.
void
naive_point_readout(const Case *c, int batch, gboolean training, const double *const *in,
                    const double *const *parameters, double *out)
{
  PctShape s = c->in[0];
  int n = c->in[1].channels / 2;
  for (int b = 0; b < batch; b++)
    for (int m = 0; m < n; m++) {
      const double *position = in[1] + 2 * (b * n + m);
      double px = (position[0] + 1) / 2 * (s.width - 1), py = (position[1] + 1) / 2 * (s.height - 1);
      double sum = parameters[1][m];
      for (int y = 0; y < s.height; y++)
        for (int x = 0; x < s.width; x++) {
          double weight = fmax(1 - fabs(px - x), 0) * fmax(1 - fabs(py - y), 0);
          for (int ch = 0; weight > 0 && ch < s.channels; ch++)
            sum += weight * in[0][at(s, b, y, x, ch)] * parameters[0][m * s.channels + ch];
        }
      out[b * n + m] = sum;
    }
}

void
naive_batch_norm(const Case *c, int batch, gboolean training, const double *const *in,
                 const double *const *parameters, double *out)
{
  gsize channels = (gsize)c->in[0].channels, n = pct_shape_count(c->in[0]) * (gsize)batch / channels;
  for (gsize ch = 0; ch < channels; ch++) {
    double mean = parameters[2][ch], variance = parameters[3][ch];
    if (training) {
      mean = variance = 0;
      for (gsize i = 0; i < n; i++)
        mean += in[0][i * channels + ch] / (double)n;
      for (gsize i = 0; i < n; i++)
        variance += pow(in[0][i * channels + ch] - mean, 2) / (double)n;
    }
    for (gsize i = 0; i < n; i++)
      out[i * channels + ch] =
          parameters[1][ch] + (in[0][i * channels + ch] - mean) / sqrt(variance + (double)c->number) * parameters[0][ch];
  }
}

void
naive_activation(const Case *c, int batch, gboolean training, const double *const *in,
                 const double *const *parameters, double *out)
{
  for (gsize i = 0; i < pct_shape_count(c->in[0]) * (gsize)batch; i++) {
    double x = in[0][i];
    if (g_str_has_prefix(c->name, "relu"))
      out[i] = fmax(x, 0);
    else if (g_str_has_prefix(c->name, "leaky"))
      out[i] = x > 0 ? x : (double)c->number * x;
    else if (g_str_has_prefix(c->name, "elu"))
      out[i] = x > 0 ? x : expm1(x);
    else if (g_str_has_prefix(c->name, "sigmoid"))
      out[i] = 1 / (1 + exp(-x));
    else if (g_str_has_prefix(c->name, "tanh"))
      out[i] = tanh(x);
    else
      g_assert_not_reached();
  }
}

void
naive_identity(const Case *c, int batch, gboolean training, const double *const *in,
               const double *const *parameters, double *out)
{
  memcpy(out, in[0], pct_shape_count(c->in[0]) * (gsize)batch * sizeof(double));
}

void
naive_concat(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
             double *out)
{
  PctShape s = c->in[0], o = { s.height, s.width, s.channels + c->in[1].channels };
  for (int b = 0; b < batch; b++)
    for (int y = 0; y < o.height; y++)
      for (int x = 0; x < o.width; x++)
        for (int ch = 0; ch < o.channels; ch++)
          out[at(o, b, y, x, ch)] = ch < s.channels ? in[0][at(s, b, y, x, ch)]
                                                    : in[1][at(c->in[1], b, y, x, ch - s.channels)];
}

void
naive_add(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
          double *out)
{
  for (gsize i = 0; i < pct_shape_count(c->in[0]) * (gsize)batch; i++)
    out[i] = in[0][i] + in[1][i];
}

void
naive_reshape(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
              double *out)
{
  PctShape s = c->in[0], o = c->shape;
  for (int b = 0; b < batch; b++)
    for (int i = 0; i < (int)pct_shape_count(s); i++)
      out[at(o, b, i / o.width % o.height, i % o.width, i / (o.width * o.height))] =
          in[0][at(s, b, i / s.width % s.height, i % s.width, i / (s.width * s.height))];
}

void
naive_crop(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
           double *out)
{
  int from = (int)c->number;
  for (int b = 0; b < batch; b++)
    for (int y = 0; y < c->shape.height; y++)
      for (int x = 0; x < c->shape.width; x++)
        for (int ch = 0; ch < c->shape.channels; ch++)
          out[at(c->shape, b, y, x, ch)] = in[0][at(c->in[0], b, y + from, x + from, ch)];
}

void
naive_gaussian_positions(const Case *c, int batch, gboolean training, const double *const *in,
                         const double *const *parameters, double *out)
{
  int n = c->in[0].channels / 2;
  for (int b = 0; b < batch; b++)
    for (int m = 0; m < n; m++) {
      const double *sigma = parameters[0] + 4 * m, *at_grid = parameters[1] + 2 * m, *noise = in[0] + 2 * (b * n + m);
      for (int i = 0; i < 2; i++) {
        double mean = at_grid[i];
        if (c->number != 0)
          mean = parameters[2][2 * i] * at_grid[0] + parameters[2][2 * i + 1] * at_grid[1] + parameters[3][i];
        out[2 * (b * n + m) + i] = fmin(fmax(mean + sigma[2 * i] * noise[0] + sigma[2 * i + 1] * noise[1], -1), 1);
      }
    }
}

void
naive_mask_readout(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
                   double *out)
{
  PctShape s = c->in[0];
  int n = c->conv.channels;
  for (int b = 0; b < batch; b++)
    for (int m = 0; m < n; m++) {
      double sum = parameters[2][m];
      for (int y = 0; y < s.height; y++)
        for (int x = 0; x < s.width; x++)
          for (int ch = 0; ch < s.channels; ch++)
            sum += parameters[0][(m * s.height + y) * s.width + x] * parameters[1][m * s.channels + ch] *
                   in[0][at(s, b, y, x, ch)];
      out[b * n + m] = sum;
    }
}

void
naive_average_pool(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
                   double *out)
{
  PctShape s = c->in[0];
  int size = (int)c->number;
  PctShape o = { (s.height + size - 1) / size, (s.width + size - 1) / size, s.channels };
  for (int b = 0; b < batch; b++)
    for (int y = 0; y < o.height; y++)
      for (int x = 0; x < o.width; x++)
        for (int ch = 0; ch < o.channels; ch++) {
          double sum = 0, n = 0;
          for (int i = y * size; i < (y + 1) * size && i < s.height; i++)
            for (int j = x * size; j < (x + 1) * size && j < s.width; j++, n++)
              sum += in[0][at(s, b, i, j, ch)];
          out[at(o, b, y, x, ch)] = sum / n;
        }
}

void
naive_max_pool(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
               double *out)
{
  PctShape s = c->in[0];
  int size = (int)c->number;
  PctShape o = { s.height / size, s.width / size, s.channels };
  for (int b = 0; b < batch; b++)
    for (int y = 0; y < o.height; y++)
      for (int x = 0; x < o.width; x++)
        for (int ch = 0; ch < o.channels; ch++) {
          double best = -INFINITY;
          for (int i = y * size; i < (y + 1) * size; i++)
            for (int j = x * size; j < (x + 1) * size; j++)
              best = fmax(best, in[0][at(s, b, i, j, ch)]);
          out[at(o, b, y, x, ch)] = best;
        }
}
