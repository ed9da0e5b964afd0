// SPDX-License-Identifier: GPL-3.0-or-later
#include "naive-cgan-original.h"
#include <math.h>
#include <string.h>

static void
parameter_free(gpointer data)
{
  Parameter *parameter = data;
  g_free(parameter->name);
  g_free(parameter->p);
  g_free(parameter->g);
  g_free(parameter->m);
  g_free(parameter->v);
  g_free(parameter);
}

GPtrArray *
naive_copy_parameters(const PctParameters *parameters)
{
  GPtrArray *all = g_ptr_array_new_with_free_func(parameter_free);
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_parameters_save(parameters, "", tensors);
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    Parameter *copy = g_new0(Parameter, 1);
    copy->name = g_strdup(tensor->name);
    copy->n = tensor->count;
    for (int k = 0; k < tensor->rank; k++)
      copy->shape[k] = tensor->shape[k];
    copy->p = g_new(double, copy->n);
    copy->g = g_new0(double, copy->n);
    copy->m = g_new0(double, copy->n);
    copy->v = g_new0(double, copy->n);
    for (gsize j = 0; j < copy->n; j++)
      copy->p[j] = tensor->values[j];
    g_ptr_array_add(all, copy);
  }
  return all;
}

Parameter *
naive_find(const GPtrArray *all, const char *layer, const char *part)
{
  g_autofree char *name = g_strconcat(layer, ".", part, NULL);
  for (guint i = 0; i < all->len; i++)
    if (g_str_equal(((Parameter *)all->pdata[i])->name, name))
      return all->pdata[i];
  return NULL;
}

static void
adam(GPtrArray *all, double rate, int t)
{
  for (guint i = 0; i < all->len; i++) {
    Parameter *q = all->pdata[i];
    for (gsize j = 0; j < q->n && !strstr(q->name, "running"); j++) {
      q->m[j] = 0.5 * q->m[j] + 0.5 * q->g[j];
      q->v[j] = 0.999 * q->v[j] + 0.001 * q->g[j] * q->g[j];
      double m = q->m[j] / (1 - pow(0.5, t)), v = q->v[j] / (1 - pow(0.999, t));
      q->p[j] -= rate * m / (sqrt(v) + 1e-8);
    }
    memset(q->g, 0, q->n * sizeof(double));
  }
}

// A layer's output with its gradient, which backward passes add to.
typedef struct {
  int batch, channels, height, width;
  double *y, *d;
} Map;

static gsize
map_size(const Map *map)
{
  return (gsize)(map->batch * map->channels * map->height * map->width);
}

static Map *
map_new(GPtrArray *maps, int batch, int channels, int height, int width)
{
  Map *map = g_new0(Map, 1);
  *map = (Map){ batch, channels, height, width, NULL, NULL };
  map->y = g_new0(double, map_size(map));
  map->d = g_new0(double, map_size(map));
  g_ptr_array_add(maps, map);
  return map;
}

static void
map_free(gpointer data)
{
  Map *map = data;
  g_free(map->y);
  g_free(map->d);
  g_free(map);
}

static inline gsize
at(const Map *map, int b, int c, int y, int x)
{
  return (gsize)(((b * map->channels + c) * map->height + y) * map->width + x);
}

static void
linear(const Map *in, Map *out, Parameter *w, Parameter *bias, gboolean backward)
{
  int n_in = in->channels, n_out = out->channels;
  for (int b = 0; b < in->batch; b++)
    for (int o = 0; o < n_out; o++) {
      double *y = &out->y[b * n_out + o], d = out->d[b * n_out + o];
      if (backward)
        bias->g[o] += d;
      else
        *y = bias->p[o];
      for (int i = 0; i < n_in; i++)
        if (backward) {
          w->g[o * n_in + i] += d * in->y[b * n_in + i];
          in->d[b * n_in + i] += d * w->p[o * n_in + i];
        } else {
          *y += w->p[o * n_in + i] * in->y[b * n_in + i];
        }
    }
}

// A convolution from large to small or, transposed, the other way; bias may be NULL. w (small, large, kh, kw) either way:
// that is (out, in) of a convolution and (in, out) of a transposed one.
static void
convolve(Map *in, Map *out, gboolean transposed, const int stride[2], const int padding[2], Parameter *w, Parameter *bias,
         gboolean backward)
{
  Map *small = transposed ? in : out, *large = transposed ? out : in;
  int kh = (int)w->shape[2], kw = (int)w->shape[3];
  for (int b = 0; b < out->batch; b++)
    for (int c = 0; bias && c < out->channels; c++)
      for (int y = 0; y < out->height; y++)
        for (int x = 0; x < out->width; x++)
          if (backward)
            bias->g[c] += out->d[at(out, b, c, y, x)];
          else
            out->y[at(out, b, c, y, x)] += bias->p[c];
  for (int b = 0; b < in->batch; b++)
    for (int s = 0; s < small->channels; s++)
      for (int l = 0; l < large->channels; l++)
        for (int y = 0; y < small->height; y++)
          for (int x = 0; x < small->width; x++)
            for (int i = 0; i < kh; i++)
              for (int j = 0; j < kw; j++) {
                int ly = y * stride[0] + i - padding[0], lx = x * stride[1] + j - padding[1];
                if (ly < 0 || lx < 0 || ly >= large->height || lx >= large->width)
                  continue;
                gsize k = (gsize)(((s * large->channels + l) * kh + i) * kw + j), at_small = at(small, b, s, y, x);
                gsize at_large = at(large, b, l, ly, lx), at_in = transposed ? at_small : at_large;
                gsize at_out = transposed ? at_large : at_small;
                if (backward) {
                  w->g[k] += in->y[at_in] * out->d[at_out];
                  in->d[at_in] += w->p[k] * out->d[at_out];
                } else {
                  out->y[at_out] += w->p[k] * in->y[at_in];
                }
              }
}

static void
batch_norm(Map *in, Map *out, const GPtrArray *all, const char *layer, gboolean backward)
{
  Parameter *weight = naive_find(all, layer, "weight"), *bias = naive_find(all, layer, "bias");
  Parameter *running_mean = naive_find(all, layer, "running_mean"), *running_var = naive_find(all, layer, "running_var");
  int pixels = in->height * in->width;
  double n = in->batch * pixels;
  for (int c = 0; c < in->channels; c++) {
    double mean = 0, variance = 0, sum_d = 0, sum_dx = 0;
    for (int i = 0; i < (int)n; i++)
      mean += in->y[at(in, i / pixels, c, 0, i % pixels)] / n;
    for (int i = 0; i < (int)n; i++)
      variance += pow(in->y[at(in, i / pixels, c, 0, i % pixels)] - mean, 2) / n;
    double inverse = 1 / sqrt(variance + 1e-5);
    for (int i = 0; i < (int)n; i++) {
      gsize k = at(in, i / pixels, c, 0, i % pixels);
      double normal = (in->y[k] - mean) * inverse;
      sum_d += out->d[k];
      sum_dx += out->d[k] * normal;
      if (!backward)
        out->y[k] = normal * weight->p[c] + bias->p[c];
    }
    if (!backward) {
      running_mean->p[c] += 0.1 * (mean - running_mean->p[c]);
      running_var->p[c] += 0.1 * (variance * n / (n - 1) - running_var->p[c]);
      continue;
    }
    weight->g[c] += sum_dx;
    bias->g[c] += sum_d;
    for (int i = 0; i < (int)n; i++) {
      gsize k = at(in, i / pixels, c, 0, i % pixels);
      double normal = (in->y[k] - mean) * inverse;
      in->d[k] += weight->p[c] * inverse * (out->d[k] - sum_d / n - normal * sum_dx / n);
    }
  }
}

static void
activate(Map *in, Map *out, double slope, gboolean backward)
{
  for (gsize i = 0; i < map_size(in); i++)
    if (backward)
      in->d[i] += out->d[i] * (in->y[i] > 0 ? 1 : slope);
    else
      out->y[i] = in->y[i] > 0 ? in->y[i] : slope * in->y[i];
}

static void
clear_gradients(GPtrArray *all)
{
  for (guint i = 0; i < all->len; i++)
    memset(((Parameter *)all->pdata[i])->g, 0, ((Parameter *)all->pdata[i])->n * sizeof(double));
}

static const int one[] = { 1, 1 }, two[] = { 2, 2 }, none[] = { 0, 0 }, frame_stride[] = { 1, 2 }, frame_padding[] = { 0, 1 };

typedef struct {
  Map *maps[32];
} Pass;

// 16 x 16 pixels: 2 x 1, doubled thrice to 16 x 8, 20 x 16, of which rows 2 to 17 are the picture.
static void
generate(Pass *pass, GPtrArray *maps, const GPtrArray *g, const float *responses, const float *z, gboolean backward)
{
  static const char *const names[] = { "start", "up1", "up2", "up3" };
  static const char *const norms[] = { "start_norm", "up1_norm", "up2_norm", "up3_norm" };
  static const int channels[] = { 8 * CHANNELS, 4 * CHANNELS, 2 * CHANNELS, CHANNELS };
  Map **a = pass->maps;
  if (!backward) {
    const int layers[] = { M, HIDDEN, HIDDEN, HIDDEN / 2, HIDDEN / 2, CODE, CODE, CODE + LATENT };
    for (int i = 0; i < 8; i++)
      a[i] = map_new(maps, B, layers[i], 1, 1);
    for (int i = 0; i < 4; i++)
      for (int k = 0; k < 3; k++)
        a[8 + 3 * i + k] = map_new(maps, B, channels[i], 2 << i, 1 << i);
    a[20] = map_new(maps, B, 1, 20, 16);
    a[21] = map_new(maps, B, 1, H, W);
    for (int i = 0; i < B * M; i++)
      a[0]->y[i] = responses[i];
  }
  for (int i = 0; i < 22; i++) {
    int k = backward ? 21 - i : i;
    if (k == 1 || k == 3 || k == 5) {
      const char *layer = k == 1 ? "mlp1" : k == 3 ? "mlp2" : "mlp3";
      linear(a[k - 1], a[k], naive_find(g, layer, "weight"), naive_find(g, layer, "bias"), backward);
    } else if (k == 2 || k == 4 || k == 6) {
      activate(a[k - 1], a[k], 0, backward);
    } else if (k == 7) {
      for (int b = 0; b < B; b++)
        for (int c = 0; c < CODE + LATENT; c++)
          if (backward && c < CODE)
            a[6]->d[b * CODE + c] += a[7]->d[b * (CODE + LATENT) + c];
          else if (!backward)
            a[7]->y[b * (CODE + LATENT) + c] = c < CODE ? a[6]->y[b * CODE + c] : z[b * LATENT + c - CODE];
    } else if (k >= 8 && k < 20) {
      int layer = (k - 8) / 3;
      if (k % 3 == 2)
        convolve(a[k - 1], a[k], TRUE, layer ? two : one, layer ? one : none, naive_find(g, names[layer], "weight"), NULL, backward);
      else if (k % 3 == 0)
        batch_norm(a[k - 1], a[k], g, norms[layer], backward);
      else
        activate(a[k - 1], a[k], 0, backward);
    } else if (k == 20) {
      convolve(a[19], a[20], TRUE, frame_stride, frame_padding, naive_find(g, "picture", "weight"), naive_find(g, "picture", "bias"), backward);
    } else if (k == 21) {
      for (int b = 0; b < B; b++)
        for (int y = 0; y < H; y++)
          for (int x = 0; x < W; x++)
            if (backward)
              a[20]->d[at(a[20], b, 0, y + 2, x)] += a[21]->d[at(a[21], b, 0, y, x)];
            else
              a[21]->y[at(a[21], b, 0, y, x)] = a[20]->y[at(a[20], b, 0, y + 2, x)];
    }
  }
}

// 16 x 16, 12 x 8, halved thrice to 1 x 1.
static void
discriminate(Pass *pass, GPtrArray *maps, const GPtrArray *d, int n, const double *pictures, const float *responses,
             gboolean backward)
{
  static const char *const names[] = { "conv1", "conv2", "conv3", "conv4" };
  Map **a = pass->maps;
  if (!backward) {
    a[0] = map_new(maps, n, M, 1, 1);
    a[1] = map_new(maps, n, H * W, 1, 1);
    a[2] = map_new(maps, n, H * W, 1, 1);
    a[3] = map_new(maps, n, 2, H, W);
    const int shapes[][3] = { { CHANNELS, 12, 8 }, { 2 * CHANNELS, 6, 4 }, { 4 * CHANNELS, 3, 2 }, { 8 * CHANNELS, 1, 1 } };
    for (int i = 0; i < 4; i++)
      for (int k = 0; k < 3; k++)
        a[4 + 3 * i + k] = map_new(maps, n, shapes[i][0], shapes[i][1], shapes[i][2]);
    a[16] = map_new(maps, n, 1, 1, 1);
    for (int i = 0; i < n * M; i++)
      a[0]->y[i] = responses[i];
  }
  for (int i = 1; i < 17; i++) {
    int k = backward ? 17 - i : i;
    if (k == 1) {
      linear(a[0], a[1], naive_find(d, "condition", "weight"), naive_find(d, "condition", "bias"), backward);
    } else if (k == 2) {
      activate(a[1], a[2], 0, backward);
    } else if (k == 3) {
      for (int b = 0; b < n; b++)
        for (int p = 0; p < H * W; p++)
          if (backward) {
            a[2]->d[b * H * W + p] += a[3]->d[at(a[3], b, 1, 0, p)];
          } else {
            a[3]->y[at(a[3], b, 0, 0, p)] = pictures[b * H * W + p];
            a[3]->y[at(a[3], b, 1, 0, p)] = a[2]->y[b * H * W + p];
          }
    } else if (k < 16) {
      int layer = (k - 4) / 3;
      gboolean normalised = layer >= 2;
      if (k % 3 == 1)
        convolve(a[k - 1], a[k], FALSE, layer ? two : frame_stride, layer ? one : frame_padding, naive_find(d, names[layer], "weight"),
                 normalised ? NULL : naive_find(d, names[layer], "bias"), backward);
      else if (k % 3 == 2 && normalised)
        batch_norm(a[k - 1], a[k], d, layer == 2 ? "conv3_norm" : "conv4_norm", backward);
      else
        activate(a[k - 1], a[k], k % 3 == 2 ? 1 : 0.2, backward);
    } else {
      convolve(a[15], a[16], FALSE, one, none, naive_find(d, "logit", "weight"), naive_find(d, "logit", "bias"), backward);
    }
  }
}

// Binary cross-entropy of the sigmoid, as it is written; the gradient is left in the pass.
static double
judge(Pass *pass, GPtrArray *maps, const GPtrArray *d, int n, const double *pictures, const float *responses, double truth)
{
  double loss = 0;
  discriminate(pass, maps, d, n, pictures, responses, FALSE);
  for (int b = 0; b < n; b++) {
    double p = 1 / (1 + exp(-pass->maps[16]->y[b]));
    loss -= (truth * log(p) + (1 - truth) * log(1 - p)) / n;
    pass->maps[16]->d[b] = (p - truth) / n;
  }
  discriminate(pass, maps, d, n, pictures, responses, TRUE);
  return loss;
}

void
naive_step(GPtrArray *g, GPtrArray *d, const PctCganOriginalStepOptions *options, int t, const PctCganOriginalBatch *batch,
           double losses[2])
{
  g_autoptr(GPtrArray) maps = g_ptr_array_new_with_free_func(map_free);
  Pass drawing, judging;
  double real[B * H * W], other[MISMATCHED * H * W], l1 = 0;
  for (int i = 0; i < B * H * W; i++)
    real[i] = batch->images[i];
  for (int i = 0; i < MISMATCHED * H * W; i++)
    other[i] = batch->others[i];
  generate(&drawing, maps, g, batch->responses, batch->z, FALSE);
  Map *picture = drawing.maps[21];
  losses[0] = judge(&judging, maps, d, B, real, batch->responses, 1);
  losses[0] += judge(&judging, maps, d, MISMATCHED, other, batch->responses, 0);
  losses[0] += judge(&judging, maps, d, B, picture->y, batch->responses, 0);
  adam(d, options->rate, t);
  losses[1] = judge(&judging, maps, d, B, picture->y, batch->responses, 1);
  clear_gradients(d);
  for (int b = 0; b < B; b++)
    for (int p = 0; p < H * W; p++) {
      int i = b * H * W + p;
      l1 += fabs(picture->y[i] - real[i]) / (B * H * W);
      picture->d[i] = options->adversarial * judging.maps[3]->d[at(judging.maps[3], b, 0, 0, p)] +
                      (double)options->l1 / (B * H * W) * (picture->y[i] > real[i] ? 1 : -1);
    }
  losses[1] += options->l1 * l1;
  generate(&drawing, maps, g, batch->responses, batch->z, TRUE);
  adam(g, options->rate, t);
}
