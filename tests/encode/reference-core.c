// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference-core.h"
#include <math.h>
#include <string.h>

#define EPSILON 1e-5
#define MOMENTUM 0.9

static gsize
plane(const ReferenceStage *s)
{
  return (gsize)s->height * (gsize)s->width;
}

static gsize
plane_in(const ReferenceStage *s)
{
  return (gsize)s->height_in * (gsize)s->width_in;
}

// What one tap of a kernel joins: rows and columns of the output whose input is inside the picture.
typedef struct {
  int top, bottom, left, right, dy, dx;
} Reach;

static Reach
reach_of(const ReferenceStage *s, int ky, int kx)
{
  Reach r = { .dy = ky - s->padding, .dx = kx - s->padding };
  r.top = MAX(0, -r.dy), r.bottom = MIN(s->height, s->height_in - r.dy);
  r.left = MAX(0, -r.dx), r.right = MIN(s->width, s->width_in - r.dx);
  return r;
}

// One pair of planes; d_in and gradient NULL: forward, which adds to out; else backward.
static void
convolve_planes(const ReferenceStage *s, const double *kernel, const double *in, double *out, const double *d_out,
                double *d_in, double *gradient)
{
  for (int ky = 0; ky < s->kernel; ky++)
    for (int kx = 0; kx < s->kernel; kx++) {
      Reach r = reach_of(s, ky, kx);
      double w = kernel[ky * s->kernel + kx], sum = 0;
      for (int y = r.top; y < r.bottom; y++)
        for (int x = r.left; x < r.right; x++) {
          int here = y * s->width + x, there = (y + r.dy) * s->width_in + x + r.dx;
          if (out)
            out[here] += w * in[there];
          else
            sum += d_out[here] * in[there];
          if (d_in)
            d_in[there] += w * d_out[here];
        }
      if (gradient)
        gradient[ky * s->kernel + kx] += sum;
    }
}

// kernels (channels, channels_in or 1, kernel, kernel). Forward with out, backward with d_out.
static void
convolve(ReferenceStage *s, const double *in, double *out, const double *d_out, double *d_in, int batch)
{
  int taps = s->kernel * s->kernel, inputs = s->depthwise ? 1 : s->channels_in;
  for (int b = 0; b < batch; b++)
    for (int c = 0; c < s->channels; c++)
      for (int i = 0; i < inputs; i++) {
        gsize from = ((gsize)b * (gsize)s->channels_in + (gsize)(s->depthwise ? c : i)) * plane_in(s);
        gsize to = ((gsize)b * (gsize)s->channels + (gsize)c) * plane(s);
        gsize at = ((gsize)c * (gsize)inputs + (gsize)i) * (gsize)taps;
        convolve_planes(s, s->weight->values + at, in + from, out ? out + to : NULL, d_out ? d_out + to : NULL,
                        d_in ? d_in + from : NULL, d_out ? s->weight->gradients + at : NULL);
      }
}

static void
norm_forward(ReferenceStage *s, const double *in, int batch, PassKind pass)
{
  double n = (double)batch * (double)plane(s);
  for (int c = 0; c < s->channels; c++) {
    double mean = s->running_mean->values[c], variance = s->running_var->values[c];
    if (pass != PASS_RUNNING) {
      mean = variance = 0;
      for (int b = 0; b < batch; b++)
        for (gsize i = 0; i < plane(s); i++)
          mean += in[((gsize)b * (gsize)s->channels + (gsize)c) * plane(s) + i] / n;
      for (int b = 0; b < batch; b++)
        for (gsize i = 0; i < plane(s); i++) {
          double off = in[((gsize)b * (gsize)s->channels + (gsize)c) * plane(s) + i] - mean;
          variance += off * off / n;
        }
    }
    if (pass == PASS_BATCH_UPDATING) {
      double *old_mean = &s->running_mean->values[c], *old_variance = &s->running_var->values[c];
      *old_mean = (1 - MOMENTUM) * *old_mean + MOMENTUM * mean;
      *old_variance = (1 - MOMENTUM) * *old_variance + MOMENTUM * variance * n / (n - 1);
    }
    s->mean[c] = mean;
    s->scale[c] = 1 / sqrt(variance + EPSILON);
    for (int b = 0; b < batch; b++)
      for (gsize i = 0; i < plane(s); i++) {
        gsize at = ((gsize)b * (gsize)s->channels + (gsize)c) * plane(s) + i;
        s->out[at] = (in[at] - mean) * s->scale[c] * s->weight->values[c] + s->bias->values[c];
      }
  }
}

static void
norm_backward(ReferenceStage *s, const double *in, double *d_in, int batch, PassKind pass)
{
  double n = (double)batch * (double)plane(s);
  for (int c = 0; c < s->channels; c++) {
    double sum = 0, along = 0;  // of the gradient; of it times the normalised input
    for (int b = 0; b < batch; b++)
      for (gsize i = 0; i < plane(s); i++) {
        gsize at = ((gsize)b * (gsize)s->channels + (gsize)c) * plane(s) + i;
        sum += s->d_out[at];
        along += s->d_out[at] * (in[at] - s->mean[c]) * s->scale[c];
      }
    s->weight->gradients[c] += along;
    s->bias->gradients[c] += sum;
    for (int b = 0; d_in && b < batch; b++)
      for (gsize i = 0; i < plane(s); i++) {
        gsize at = ((gsize)b * (gsize)s->channels + (gsize)c) * plane(s) + i;
        double through = s->d_out[at];
        if (pass != PASS_RUNNING)
          through -= sum / n + (in[at] - s->mean[c]) * s->scale[c] * along / n;
        d_in[at] = through * s->scale[c] * s->weight->values[c];
      }
  }
}

void
reference_stage_forward(ReferenceStage *s, const double *in, int batch, PassKind pass)
{
  gsize n = (gsize)batch * (gsize)s->channels * plane(s);
  g_free(s->out);
  s->out = g_new0(double, n);
  switch (s->kind) {
  case STAGE_CONVOLUTION: convolve(s, in, s->out, NULL, NULL, batch); break;
  case STAGE_NORM: norm_forward(s, in, batch, pass); break;
  case STAGE_ELU:
    for (gsize i = 0; i < n; i++)
      s->out[i] = in[i] > 0 ? in[i] : expm1(in[i]);
    break;
  }
}

void
reference_stage_backward(ReferenceStage *s, const double *in, double *d_in, int batch, PassKind pass)
{
  gsize n = (gsize)batch * (gsize)s->channels * plane(s);
  switch (s->kind) {
  case STAGE_CONVOLUTION:
    if (d_in)
      memset(d_in, 0, (gsize)batch * (gsize)s->channels_in * plane_in(s) * sizeof(double));
    convolve(s, in, NULL, s->d_out, d_in, batch);
    break;
  case STAGE_NORM: norm_backward(s, in, d_in, batch, pass); break;
  case STAGE_ELU:
    for (gsize i = 0; i < n; i++)
      d_in[i] = s->d_out[i] * (in[i] > 0 ? 1 : exp(in[i]));
    break;
  }
}
