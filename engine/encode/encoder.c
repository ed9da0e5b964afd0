// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "encode/encoder.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "encode/encoder-private.h"
#include "encode/encoder-pullback.h"
#include "encode/rate.h"
#include "nn/torch-file.h"
#include "nn/workspace.h"

#define BATCH 60
#define GRADIENT_BATCH 16

PctEncoder *
pct_encoder_new(const PctEncoderDesign *design, const PctEncoderInitial *initial, GError **error)
{
  if (!pct_encoder_design_check(design, error))
    return NULL;
  g_autoptr(PctEncoder) encoder = g_new0(PctEncoder, 1);
  g_atomic_ref_count_init(&encoder->references);
  encoder->design = *design;
  encoder->input_scale = 1;
  encoder->network = pct_encoder_network_new(design, initial);
  encoder->parameters = pct_parameters_new(pct_graph_get_parameters(encoder->network->graph), error);
  encoder->response_scale = g_new(float, design->n_neurons);
  for (int i = 0; i < design->n_neurons; i++)
    encoder->response_scale[i] = 1;
  return encoder->parameters ? g_steal_pointer(&encoder) : NULL;
}

PctEncoder *
pct_encoder_ref(PctEncoder *encoder)
{
  g_return_val_if_fail(encoder, NULL);
  g_atomic_ref_count_inc(&encoder->references);
  return encoder;
}

void
pct_encoder_unref(PctEncoder *encoder)
{
  if (!encoder || !g_atomic_ref_count_dec(&encoder->references))
    return;
  pct_parameters_free(encoder->parameters);
  pct_encoder_network_free(encoder->network);
  g_free(encoder->response_scale);
  g_free(encoder->points);
  g_free(encoder);
}

const PctEncoderDesign *
pct_encoder_get_design(const PctEncoder *encoder)
{
  return &encoder->design;
}

const PctParameters *
pct_encoder_get_parameters(const PctEncoder *encoder)
{
  return encoder->parameters;
}

const float *
pct_encoder_get_response_scale(const PctEncoder *encoder)
{
  return encoder->response_scale;
}

void
pct_encoder_get_input(const PctEncoder *encoder, float *mean, float *scale)
{
  *mean = encoder->input_mean;
  *scale = encoder->input_scale;
}

const float *
pct_encoder_get_readout_points(const PctEncoder *encoder)
{
  return encoder->points;
}

void
pct_encoder_find_points(PctEncoder *encoder)
{
  const PctEncoderDesign *d = &encoder->design;
  if (d->readout != PCT_READOUT_POINT)
    return;
  const PctParameters *p = encoder->parameters;
  const float *mu = pct_parameters_find(p, d->has_positions ? "readout.dataset.source_grid" : "readout.dataset.mu");
  const float *w = pct_parameters_find(p, "readout.dataset.mu_transform.0.weight");
  const float *b = pct_parameters_find(p, "readout.dataset.mu_transform.0.bias");
  float size[] = { (float)(pct_encoder_design_get_map_width(d) - 1), (float)(pct_encoder_design_get_map_height(d) - 1) };
  g_free(encoder->points);
  encoder->points = g_new(float, 2 * (gsize)d->n_neurons);
  for (gsize m = 0; m < (gsize)d->n_neurons; m++)
    for (gsize i = 0; i < 2; i++) {
      float at = w ? w[2 * i] * mu[2 * m] + w[2 * i + 1] * mu[2 * m + 1] + b[i] : mu[2 * m + i];
      encoder->points[2 * m + i] = (CLAMP(at, -1.0f, 1.0f) + 1) * 0.5f * size[i];
    }
}

static PctEncoder *
open_weights(const char *path, gboolean linear, int height, int width, GError **error)
{
  gboolean is_safetensors = g_str_has_suffix(path, ".safetensors");
  g_autoptr(PctTensors) tensors = is_safetensors ? pct_safetensors_load(path, error) : pct_torch_load(path, error);
  return tensors ? pct_encoder_state_load(tensors, linear, height, width, error) : NULL;
}

PctEncoder *
pct_encoder_open_weights(const char *path, gboolean linear, int height, int width, GError **error)
{
  g_return_val_if_fail(path, NULL);
  return open_weights(path, linear, height, width, error);
}

void
pct_encoder_save(const PctEncoder *encoder, PctTensors *tensors)
{
  pct_encoder_state_save(encoder, tensors);
}

PctEncoder *
pct_encoder_load(int height, int width, const PctTensors *tensors, GError **error)
{
  return pct_encoder_state_load(tensors, FALSE, height, width, error);
}

void
pct_encoder_set_images(const PctEncoder *encoder, float *to, const float *images, gsize n)
{
  gsize count = n * (gsize)encoder->design.height * (gsize)encoder->design.width;
  if (encoder->input_mean == 0 && encoder->input_scale == 1) {
    memcpy(to, images, count * sizeof(float));
    return;
  }
  for (gsize i = 0; i < count; i++)
    to[i] = (images[i] - encoder->input_mean) / encoder->input_scale;
}

void
pct_encoder_clear_noise(const PctEncoder *encoder, PctWorkspace *workspace, int batch)
{
  if (encoder->network->noise >= 0)
    memset(pct_workspace_get_input(workspace, encoder->network->noise), 0,
           (gsize)batch * 2 * (gsize)encoder->design.n_neurons * sizeof(float));
}

static gboolean
compute(const PctEncoder *encoder, const float *images, gsize n, gboolean scaled, float *out, const PctRun *run,
        GError **error)
{
  gsize m = (gsize)encoder->design.n_neurons, pixels = (gsize)encoder->design.height * (gsize)encoder->design.width;
  int batch = (int)MIN(n, BATCH);
  if (n == 0)
    return TRUE;
  g_autoptr(PctWorkspace) workspace =
    pct_workspace_new(encoder->network->graph, PCT_WORKSPACE_FORWARD, batch, pct_run_get_pool(run), error);
  if (!workspace)
    return FALSE;
  pct_encoder_clear_noise(encoder, workspace, batch);
  for (gsize first = 0; first < n; first += (gsize)batch) {
    gsize count = MIN((gsize)batch, n - first);
    if (!pct_run_step(run, (double)first, (double)n, error))
      return FALSE;
    pct_encoder_set_images(encoder, pct_workspace_get_input(workspace, encoder->network->image), images + first * pixels, count);
    pct_workspace_forward(workspace, encoder->parameters, (int)count, FALSE, 0);
    float *rates = out + first * m;
    pct_rate_compute(rates, pct_workspace_get_output(workspace, encoder->network->output), count * m,
                     encoder->design.softplus, pct_run_get_pool(run));
    for (gsize i = 0; scaled && i < count * m; i++)
      rates[i] *= encoder->response_scale[i % m];
  }
  return pct_run_step(run, (double)n, (double)n, error);
}

gboolean
pct_encoder_compute_rates(const PctEncoder *encoder, const float *images, gsize n, float *rates, const PctRun *run,
                          GError **error)
{
  return compute(encoder, images, n, FALSE, rates, run, error);
}

gboolean
pct_encoder_predict(const PctEncoder *encoder, const float *images, gsize n, float *responses, const PctRun *run,
                    GError **error)
{
  return compute(encoder, images, n, TRUE, responses, run, error);
}

gboolean
pct_encoder_compute_gradients(const PctEncoder *encoder, const float *images, const int *neurons, gsize n, float *rates,
                              float *gradients, const PctRun *run, GError **error)
{
  gsize m = (gsize)encoder->design.n_neurons, pixels = (gsize)encoder->design.height * (gsize)encoder->design.width;
  gsize batch = MIN(n, GRADIENT_BATCH);
  if (n == 0)
    return TRUE;
  g_autoptr(PctEncoderPullback) pullback =
    pct_encoder_pullback_new(encoder, (int)batch, pct_run_get_pool(run), error);
  if (!pullback)
    return FALSE;
  g_autofree float *all = g_new(float, batch * m), *cotangents = g_new(float, batch * m);
  for (gsize first = 0; first < n; first += batch) {
    gsize count = MIN(batch, n - first);
    if (!pct_run_step(run, (double)first, (double)n, error))
      return FALSE;
    pct_encoder_pullback_forward(pullback, images + first * pixels, count, all);
    memset(cotangents, 0, count * m * sizeof(float));
    for (gsize i = 0; i < count; i++) {
      gsize at = i * m + (gsize)neurons[first + i];
      cotangents[at] = 1;
      if (rates)
        rates[first + i] = all[at];
    }
    pct_encoder_pullback_backward(pullback, cotangents, count, gradients + first * pixels);
  }
  return pct_run_step(run, (double)n, (double)n, error);
}
