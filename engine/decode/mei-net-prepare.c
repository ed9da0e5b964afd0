// SPDX-License-Identifier: GPL-3.0-or-later
// What comes before mei-net's first step. With a linear start the network sees features of the responses
// (mei-net-features.c), and beside it a linear path leads from them to the weights, which starts as the least-squares
// answer to "which weights of the MEIs make the features' own pictures": the decoder is as good as the best linear one
// before it has learned anything, but it already says it in MEIs, and all it learns is about those.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/linear-algebra.h"
#include "decode/mei-net-training.h"

// Of the least squares in the MEIs' span, as a share of the mean diagonal: MEIs overlap, and so their Gram matrix is close
// to singular.
#define SPAN_PENALTY 1e-3f

static gboolean
say(const PctMeiNetTraining *t, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase };
  return pct_run_report(t->run, &progress, error);
}

// Without a linear start the network sees the responses.
static gboolean
prepare_responses(PctMeiNetTraining *t, GError **error)
{
  const PctRecording *recording = t->fit->recording;
  t->n_in = t->m;
  t->decoder = pct_mei_net_new((int)t->m, pct_recording_get_height(recording), pct_recording_get_width(recording),
                               (int)pct_option_values_get(t->fit->options, "width"), t->fit->options, error);
  return t->decoder && (t->recorded.inputs = pct_aligned_new(t->recorded.n * t->n_in, error));
}

static void
choose_units(PctMeiNetTraining *t)
{
  const PctStatistics *statistics = t->fit->statistics;
  t->response_shift = g_new0(float, t->m);
  t->response_scale = g_new(float, t->m);
  for (gsize i = 0; i < t->m; i++) {
    gboolean spread = statistics->response_scale[i] > 0;
    t->response_shift[i] = t->normalise ? statistics->response_mean[i] : 0;
    t->response_scale[i] = t->normalise && spread ? statistics->response_scale[i] : 1;
  }
  if (t->normalise)
    memcpy(t->decoder->mean_image, statistics->mean_image, t->pixels * sizeof(float));
}

// out (n_in,) of one response vector (M,), in place where they are the same.
static void
take_input(const PctMeiNetTraining *t, const float *responses, float *out)
{
  if (t->linear_start)
    pct_mei_net_compute_first(t->decoder, responses, 1, out, t->pool);
  else
    for (gsize i = 0; i < t->m; i++)
      out[i] = (responses[i] - t->response_shift[i]) / t->response_scale[i];
}

static gboolean
prepare_trials(PctMeiNetTraining *t, GError **error)
{
  const PctRecording *recording = t->fit->recording;
  PctMeiNet *decoder = t->decoder;
  int n_trials, n_validation;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_trials);
  const int *validation = pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  PctMeiNetTrials *recorded = &t->recorded;
  if (!(recorded->targets = pct_aligned_new(recorded->n * t->pixels, error)))
    return FALSE;
  g_autofree float *responses = g_new(float, t->m);
  double squares = 0;
  for (gsize i = 0; i < recorded->n; i++) {
    float *target = recorded->targets + i * t->pixels;
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trials[i]), target);
    for (gsize j = 0; j < t->pixels; j++) {
      target[j] -= decoder->mean_image[j];
      squares += (double)target[j] * target[j];
    }
    if (!t->linear_start) {
      pct_recording_read_responses(recording, trials[i], responses);
      take_input(t, responses, recorded->inputs + i * t->n_in);
    }
  }
  if (t->normalise)
    decoder->image_scale = (float)MAX(sqrt(squares / ((double)recorded->n * (double)t->pixels)), 1e-3);
  PctMeiNetTrials *both[] = { recorded, &t->imagined };
  for (gsize b = 0; b < G_N_ELEMENTS(both); b++)
    for (gsize i = 0; i < both[b]->n * t->pixels; i++)
      both[b]->targets[i] /= decoder->image_scale;
  t->n_validation = (gsize)n_validation;
  t->validation_inputs = g_new(float, t->n_validation * t->n_in);
  t->validation_images = g_new(float, t->n_validation * t->pixels);
  for (gsize i = 0; i < t->n_validation; i++) {
    pct_recording_read_responses(recording, validation[i], responses);
    take_input(t, responses, t->validation_inputs + i * t->n_in);
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, validation[i]),
                             t->validation_images + i * t->pixels);
  }
  gsize n_preview = (gsize)t->fit->n_preview;
  t->preview_inputs = g_new(float, n_preview * t->n_in);
  t->preview = g_new(float, n_preview * t->pixels);
  for (gsize i = 0; i < n_preview; i++)
    take_input(t, t->fit->preview_responses + i * t->m, t->preview_inputs + i * t->n_in);
  return say(t, NULL, error);
}

// The set's pictures by neuron, in units of their spread about their mean.
static gboolean
prepare_meis(PctMeiNetTraining *t, GError **error)
{
  const PctMeiSet *set = t->fit->meis;
  if (!set || (gsize)set->height * (gsize)set->width != t->pixels || set->height != t->decoder->decoder.height) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("mei-net needs most exciting inputs of %d × %d pixels."),
                t->decoder->decoder.height, t->decoder->decoder.width);
    return FALSE;
  }
  if (!(t->meis = pct_aligned_new(t->m * t->pixels, error)))
    return FALSE;
  double n = 0, sum = 0, squares = 0;
  for (int pass = 0; pass < 2; pass++) {
    double mean = n > 0 ? sum / n : 0, spread = n > 0 ? sqrt(MAX(squares / n - mean * mean, 0)) : 0;
    if (pass == 1 && !(spread > 0 && isfinite(spread))) {
      g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("No neuron has a most exciting input that can be used."));
      return FALSE;
    }
    for (int row = 0; row < set->n; row++) {
      if (!pct_mei_set_is_ready(set, row) || set->neurons[row] < 0 || (gsize)set->neurons[row] >= t->m)
        continue;
      const float *image = set->images + (gsize)row * t->pixels;
      float *to = t->meis + (gsize)set->neurons[row] * t->pixels;
      for (gsize j = 0; j < t->pixels; j++)
        if (pass == 1) {
          to[j] = t->normalise ? (float)((image[j] - mean) / spread) : image[j];
        } else {
          n++;
          sum += image[j];
          squares += (double)image[j] * image[j];
        }
    }
  }
  return TRUE;
}

// path (M,K): the weights of the pictures (M,P) that make each feature's readout R (K,P), in least squares with a small
// penalty: with C = pictures, path^T C ~ R, path = C (C^T C + l I)^-1 R^T = (C C^T + l I)^-1 C R^T, whichever is smaller.
static gboolean
start_path(PctMeiNetTraining *t, GError **error)
{
  gsize m = t->m, p = t->pixels, k = t->n_in, order = MIN(m, p);
  gboolean by_pixel = p <= m;
  g_autoptr(PctFloats) gram = pct_aligned_new(order * order, error);
  g_autoptr(PctFloats) sides = gram ? pct_aligned_new(order * k, error) : NULL;
  if (!sides || !say(t, _("Finding the readout in the span of the MEIs"), error))
    return FALSE;
  pct_gram(t->pool, by_pixel, order, by_pixel ? m : p, t->pictures, p, gram, order);
  double trace = 0;
  for (gsize i = 0; i < order; i++)
    trace += gram[i * order + i];
  for (gsize i = 0; i < order; i++)
    gram[i * order + i] += SPAN_PENALTY * (float)(trace / (double)order);
  if (by_pixel)
    for (gsize i = 0; i < p; i++)
      for (gsize j = 0; j < k; j++)
        sides[i * k + j] = t->readout[j * p + i] / t->decoder->image_scale;
  else
    pct_gemm(t->pool, FALSE, TRUE, m, k, p, 1 / t->decoder->image_scale, t->pictures, p, t->readout, p, 0, sides, k);
  if (!say(t, NULL, error))
    return FALSE;
  if (!pct_cholesky(t->pool, gram, order, order)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED, _("The transformed MEIs are not finite."));
    return FALSE;
  }
  if (!say(t, NULL, error))
    return FALSE;
  pct_cholesky_solve(t->pool, gram, order, order, sides, k, k);
  float *path = pct_parameters_find(t->network_parameters, "path.weight");
  if (by_pixel)
    pct_gemm(t->pool, FALSE, FALSE, m, k, p, 1, t->pictures, p, sides, k, 0, path, k);
  else
    memcpy(path, sides, m * k * sizeof(float));
  return TRUE;
}

static gboolean
prepare_networks(PctMeiNetTraining *t, GError **error)
{
  static const char *const figure_names[] = { "epoch", "train_mse", "validation_mse", "validation_pixcorr" };
  const PctOptionValues *options = t->fit->options;
  pct_mei_net_graph_init(&t->network, t->linear_start ? PCT_MEI_NET_FROM_FEATURES : PCT_MEI_NET_FROM_RESPONSES,
                         (int)t->n_in, t->decoder->width, (int)t->m, (float)pct_option_values_get(options, "dropout"));
  double transform_rate = pct_option_values_get(options, "transform_rate");
  t->transform_learns = transform_rate > 0;
  t->transform = pct_mei_transform_new(t->decoder->decoder.height, t->decoder->decoder.width,
                                       pct_option_values_get(options, "last_relu") != 0, t->linear_start,
                                       (float)transform_rate);
  const PctParameterTable *network = pct_graph_get_parameters(t->network.graph);
  const PctParameterTable *transform = pct_graph_get_parameters(t->transform->whole);
  PctOptimizerOptions adam = PCT_ADAMW_DEFAULT;
  adam.beta1 = 0.5;
  adam.weight_decay = pct_option_values_get(options, "decay");
  gsize batch = t->batch, p = t->pixels;
  if (!(t->network_parameters = pct_parameters_new(network, error)) ||
      !(t->transform_parameters = pct_parameters_new(transform, error)) ||
      !(t->best_network = pct_parameters_new(network, error)) ||
      !(t->best_transform = pct_parameters_new(transform, error)) ||
      !(t->network_gradient = pct_aligned_new(network->n_values, error)) ||
      !(t->transform_gradient = pct_parameters_new(transform, error)) ||
      !(t->network_optimizer = pct_optimizer_new(network, &adam, error)) ||
      !(t->transform_optimizer = pct_optimizer_new(transform, &adam, error)) ||
      !(t->workspace = pct_workspace_new(t->network.graph, PCT_WORKSPACE_BACKWARD, (int)batch, t->pool, error)) ||
      !(t->pass = pct_mei_pass_new(t->transform, t->m, t->transform_learns, t->pool, error)) ||
      !(t->pictures = pct_aligned_new(t->m * p, error)) || !(t->pictures_gradient = pct_aligned_new(t->m * p, error)) ||
      !(t->drawn = pct_aligned_new(batch * p, error)) || !(t->gradient = pct_aligned_new(batch * p, error)))
    return FALSE;
  pct_parameters_initialise(t->network_parameters, t->fit->seed);
  pct_mei_transform_initialise(t->transform, t->transform_parameters, t->fit->seed + 1);
  t->curves = pct_training_curves_new(figure_names, PCT_MEI_NET_N_FIGURES);
  PctRun preparing = pct_run_preparation(t->run);
  return say(t, _("Transforming the MEIs"), error) &&
         pct_mei_pass_forward(t->pass, t->transform_parameters, t->meis, t->pictures, &preparing, error) &&
         (!t->linear_start || start_path(t, error));
}

gboolean
pct_mei_net_prepare(PctMeiNetTraining *t, GError **error)
{
  const PctRecording *recording = t->fit->recording;
  int n_trials;
  pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_trials);
  t->recorded.n = (gsize)n_trials;
  t->m = (gsize)t->fit->statistics->n_neurons;
  t->pixels = (gsize)t->fit->statistics->n_pixels;
  t->batch = MIN(t->batch, t->recorded.n);
  if (t->linear_start && !t->normalise) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("A linear start (linear_start) needs normalised data (normalise)."));
    return FALSE;
  }
  if (t->schedule.pretrain && !t->linear_start) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("Pretraining (pretrain) needs a linear start (linear_start)."));
    return FALSE;
  }
  if (t->linear_start ? !pct_mei_net_prepare_features(t, error) : !prepare_responses(t, error))
    return FALSE;
  t->schedule.steps_an_epoch = (gint64)(t->recorded.n / t->batch);
  t->schedule.steps_pretraining = (gint64)(t->imagined.n / t->batch);
  if (t->schedule.steps_pretraining == 0)  // fewer images than trials
    t->schedule.pretrain = 0;
  choose_units(t);
  return prepare_meis(t, error) && prepare_trials(t, error) && prepare_networks(t, error);
}

void
pct_mei_net_training_clear(PctMeiNetTraining *t)
{
  float *aligned[] = { t->recorded.inputs, t->recorded.targets, t->imagined.inputs, t->imagined.targets, t->meis, t->network_gradient, t->pictures, t->pictures_gradient, t->drawn,
                       t->gradient };
  for (gsize i = 0; i < G_N_ELEMENTS(aligned); i++)
    pct_aligned_free(aligned[i]);
  float *plain[] = { t->response_shift, t->response_scale, t->noise_root, t->readout, t->validation_inputs, t->validation_images,
                     t->preview_inputs, t->preview };
  for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
    g_free(plain[i]);
  pct_mei_pass_free(t->pass);
  pct_workspace_free(t->workspace);
  PctParameters *parameters[] = { t->network_parameters, t->transform_parameters, t->best_network, t->best_transform,
                                  t->transform_gradient };
  for (gsize i = 0; i < G_N_ELEMENTS(parameters); i++)
    pct_parameters_free(parameters[i]);
  pct_optimizer_free(t->network_optimizer);
  pct_optimizer_free(t->transform_optimizer);
  pct_mei_transform_free(t->transform);
  pct_graph_free(t->network.graph);
  pct_training_curves_free(t->curves);
  if (t->decoder)
    pct_decoder_unref(&t->decoder->decoder);
}
