// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "encode/encoder-training.h"
#include "measure/prediction-score.h"
#include "model/training-schedule.h"
#include "nn/fast-noise.h"

#define RATE_FACTOR 0.3
#define LEAST_RATE 1e-4
#define SAVE_EVERY (10 * G_USEC_PER_SEC)
// Without a validation tier nothing says when to stop.
#define UNGUIDED_EPOCHS 30

enum { DRAW_ORDER, DRAW_NOISE, N_DRAWS };
enum { EPOCH, LOSS, LEARNING_RATE, CORRELATION, N_FIGURES };
static const char *const figure_names[N_FIGURES] = { "epoch", "loss", "learning_rate", "validation_correlation" };

static void
training_clear(PctEncoderTraining *t)
{
  pct_encoder_unref(t->encoder);
  pct_parameters_free(t->best);
  pct_encoder_step_free(t->step_work);
  pct_aligned_free(t->gradients);
  pct_optimizer_free(t->optimizer);
  pct_training_curves_free(t->curves);
  g_free(t->targets);
  g_free(t->validation_images);
  g_free(t->predictions);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctEncoderTraining, training_clear)

static guint64
stream_of(const PctEncoderTraining *t, int draw)
{
  return pct_training_stream((gint64)t->steps, draw, N_DRAWS);
}

// The positions in the cortex, centred and divided by the largest of their sizes.
static void
set_grid(PctEncoder *encoder, const PctRecording *recording)
{
  int dimensions;
  const float *cells = pct_recording_get_cell_positions(recording, &dimensions);
  float *grid = pct_parameters_find(encoder->parameters, "readout.dataset.source_grid");
  gsize n = (gsize)encoder->design.n_neurons;
  double mean[2] = { 0, 0 }, largest = 0;
  for (gsize m = 0; m < n; m++)
    for (gsize i = 0; i < 2; i++)
      mean[i] += cells[m * (gsize)dimensions + i] / (double)n;
  for (gsize m = 0; m < n; m++)
    for (gsize i = 0; i < 2; i++)
      largest = MAX(largest, fabs(cells[m * (gsize)dimensions + i] - mean[i]));
  for (gsize m = 0; m < n; m++)
    for (gsize i = 0; i < 2; i++)
      grid[2 * m + i] = largest > 0 ? (float)((cells[m * (gsize)dimensions + i] - mean[i]) / largest) : 0;
}

// Every neuron starts with its mean rate for an image that says nothing.
static void
set_bias(PctEncoder *encoder, const PctStatistics *statistics)
{
  float *bias = pct_parameters_find(encoder->parameters, encoder->design.readout == PCT_READOUT_POINT
                                                           ? "readout.dataset.bias" : "readout.bias");
  for (int m = 0; m < encoder->design.n_neurons; m++) {
    double rate = MAX(statistics->response_mean[m] / statistics->response_scale[m], 1e-3);
    if (encoder->design.softplus)
      bias[m] = (float)(rate > 30 ? rate : log(expm1(rate)));
    else
      bias[m] = (float)(rate > 1 ? rate - 1 : log(rate));
  }
}

static gboolean
prepare(PctEncoderTraining *t, GError **error)
{
  const PctRecording *recording = t->fit->recording;
  const PctStatistics *statistics = t->fit->statistics;
  PctPool *pool = pct_run_get_pool(t->run);
  PctEncoder *encoder = t->encoder = pct_encoder_new(&t->plan.design, &t->plan.initial, error);
  if (!encoder)
    return FALSE;
  pct_parameters_initialise(encoder->parameters, t->fit->seed);
  if (encoder->design.has_positions)
    set_grid(encoder, recording);
  set_bias(encoder, statistics);
  memcpy(encoder->response_scale, statistics->response_scale, (gsize)statistics->n_neurons * sizeof(float));
  if (encoder->design.n_layers == 0) {
    encoder->input_mean = statistics->image_mean;
    encoder->input_scale = statistics->image_std > 0 ? statistics->image_std : 1;
  }
  int n;
  t->trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  t->n = (gsize)n;
  t->plan.batch = MIN(t->plan.batch, n);
  const PctParameterTable *table = encoder->parameters->table;
  PctOptimizerOptions adam = PCT_ADAM_DEFAULT;
  if (!(t->best = pct_parameters_copy(encoder->parameters, error)) ||
      !(t->gradients = pct_aligned_new(table->n_values, error)) ||
      !(t->optimizer = pct_optimizer_new(table, &adam, error)) ||
      !(t->step_work = pct_encoder_step_new(&encoder->design, encoder->network, &t->plan.step, t->plan.batch, pool, error)))
    return FALSE;
  t->curves = pct_training_curves_new(figure_names, N_FIGURES);
  t->targets = g_new(float, (gsize)t->plan.batch * (gsize)encoder->design.n_neurons);
  const int *images = pct_recording_get_tier_images(recording, PCT_TIER_VALIDATION, &t->n_validation);
  gsize pixels = (gsize)encoder->design.height * (gsize)encoder->design.width, held = (gsize)MAX(t->n_validation, 1);
  t->validation_images = g_new(float, held * pixels);
  t->predictions = g_new(float, held * (gsize)encoder->design.n_neurons);
  pct_recording_read_images(recording, images, t->n_validation, t->validation_images);
  t->rate = t->plan.rate;
  t->best_value = -INFINITY;
  return TRUE;
}

static void
load_batch(PctEncoderTraining *t, const guint32 *order)
{
  const PctEncoder *encoder = t->encoder;
  const PctRecording *recording = t->fit->recording;
  gsize m = (gsize)encoder->design.n_neurons, pixels = (gsize)encoder->design.height * (gsize)encoder->design.width;
  gsize batch = (gsize)t->plan.batch;
  float *images = pct_encoder_step_get_images(t->step_work), *noise = pct_encoder_step_get_noise(t->step_work);
  for (gsize i = 0; i < batch; i++) {
    int trial = t->trials[order[i]];
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trial), images + i * pixels);
    pct_recording_read_responses(recording, trial, t->targets + i * m);
    for (gsize j = 0; j < m; j++)
      t->targets[i * m + j] /= encoder->response_scale[j];
  }
  if (encoder->input_scale != 1 || encoder->input_mean != 0)
    for (gsize i = 0; i < batch * pixels; i++)
      images[i] = (images[i] - encoder->input_mean) / encoder->input_scale;
  if (noise)
    pct_fast_noise(noise, batch * 2 * m, t->fit->seed, stream_of(t, DRAW_NOISE), pct_run_get_pool(t->run));
}

static void
project(PctEncoderTraining *t)
{
  if (!t->encoder->design.non_negative)
    return;
  const char *const names[] = { "readout.mask", "readout.weight" };
  for (guint k = 0; k < G_N_ELEMENTS(names); k++)
    for (guint i = 0; i < t->encoder->parameters->table->n_items; i++) {
      const PctParameter *item = &t->encoder->parameters->table->items[i];
      float *values = t->encoder->parameters->values + item->offset;
      for (gsize j = 0; g_str_equal(item->name, names[k]) && j < item->count; j++)
        values[j] = values[j] > 0 ? values[j] : 0;
    }
}

// NAN without a validation tier.
static gboolean
validate(PctEncoderTraining *t, double *correlation, GError **error)
{
  *correlation = NAN;
  if (t->n_validation == 0)
    return TRUE;
  PctRun quiet = { .pool = pct_run_get_pool(t->run) };
  if (!pct_encoder_compute_rates(t->encoder, t->validation_images, (gsize)t->n_validation, t->predictions, &quiet, error))
    return FALSE;
  g_autoptr(PctPredictionScore) score =
    pct_prediction_score_new(t->fit->recording, PCT_TIER_VALIDATION, t->predictions, &quiet, error);
  if (!score)
    return FALSE;
  *correlation = score->mean[PCT_PREDICTION_SINGLE];
  return TRUE;
}

static void
copy_values(PctParameters *to, const PctParameters *from)
{
  memcpy(to->values, from->values, from->table->n_values * sizeof(float));
}

// Keeps the best; when there was none for long, goes back to it with a smaller rate.
static void
judge(PctEncoderTraining *t, double epoch, double correlation)
{
  if (t->n_validation == 0) {
    copy_values(t->best, t->encoder->parameters);
    t->ended = epoch >= MIN(t->plan.epochs, UNGUIDED_EPOCHS);
    return;
  }
  if (correlation > t->best_value) {
    t->best_value = correlation;
    t->best_epoch = epoch;
    t->waited = 0;
    copy_values(t->best, t->encoder->parameters);
  } else if (++t->waited >= t->plan.patience) {
    if (t->decayed >= t->plan.decays || t->rate <= LEAST_RATE) {
      t->ended = TRUE;
    } else {
      t->waited = 0;
      t->decayed++;
      t->rate = MAX(t->rate * RATE_FACTOR, LEAST_RATE);
      copy_values(t->encoder->parameters, t->best);
    }
  }
  t->ended |= epoch >= t->plan.epochs;
}

static gboolean
finish_epoch(PctEncoderTraining *t, double loss, double total, GError **error)
{
  gint64 steps_an_epoch = (gint64)(t->n / (gsize)t->plan.batch);
  double row[N_FIGURES] = { [EPOCH] = (double)(t->steps / steps_an_epoch), [LOSS] = loss, [LEARNING_RATE] = t->rate };
  if (!validate(t, &row[CORRELATION], error))
    return FALSE;
  pct_training_curves_append(t->curves, row);
  judge(t, row[EPOCH], row[CORRELATION]);
  gint64 now = g_get_monotonic_time();
  if (t->saved == 0 || t->ended || now - t->saved > SAVE_EVERY) {
    if (!pct_encoder_training_save(t, error))
      return FALSE;
    t->saved = g_get_monotonic_time();
  }
  guint n;
  const PctFigure *figures = pct_training_curves_get_last(t->curves, &n);
  PctProgress progress = { .phase = _("Training"), .step = (double)t->steps, .total = total, .figures = figures,
                           .n_figures = n };
  return pct_run_report(t->run, &progress, error);
}

static gboolean
train(PctEncoderTraining *t, GError **error)
{
  gint64 steps_an_epoch = (gint64)(t->n / (gsize)t->plan.batch);
  double total = (double)t->plan.epochs * (double)steps_an_epoch, sum = 0;
  double numbers = (double)t->plan.batch * t->encoder->design.n_neurons;
  double weight = t->plan.step.loss == PCT_RATE_POISSON ? sqrt((double)t->n / t->plan.batch) : 1.0 / t->plan.batch;
  g_autofree guint32 *order = g_new(guint32, t->n);
  while (!t->ended) {
    gint64 in_epoch = t->steps % steps_an_epoch;
    if (in_epoch == 0) {
      PctRandom random = pct_random(t->fit->seed, stream_of(t, DRAW_ORDER));
      pct_random_permutation(&random, order, (guint32)t->n);
      sum = 0;
    }
    load_batch(t, order + (gsize)in_epoch * (gsize)t->plan.batch);
    if (!pct_run_step(t->run, (double)t->steps, total, error))
      return FALSE;
    double loss = pct_encoder_step_run(t->step_work, t->encoder->parameters, t->targets, t->plan.batch, weight,
                                       t->gradients);
    if (!isfinite(loss)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                  _("The training diverged at step %lld; a smaller learning rate may help."), (long long)t->steps + 1);
      return FALSE;
    }
    pct_optimizer_step(t->optimizer, pct_run_get_pool(t->run), t->encoder->parameters, t->gradients, t->rate);
    project(t);
    t->steps++;
    // As a mean over trials and neurons, which says more than the sum that is minimised.
    sum += loss / weight / numbers;
    PctFigure figure = { "loss", sum / (double)(in_epoch + 1) };
    PctProgress progress = { .phase = _("Training"), .step = (double)t->steps, .total = total, .figures = &figure,
                             .n_figures = 1 };
    if (!pct_run_report(t->run, &progress, error) ||
        (t->steps % steps_an_epoch == 0 && !finish_epoch(t, figure.value, total, error)))
      return FALSE;
  }
  return TRUE;
}

PctEncoder *
pct_encoder_fit(const PctModelKind *kind, const PctFit *fit, const PctRun *run, GError **error)
{
  g_return_val_if_fail(kind && kind->role == PCT_ROLE_ENCODER && fit && fit->options->table == kind->options, NULL);
  int dimensions = 0;
  gboolean cells = pct_recording_get_cell_positions(fit->recording, &dimensions) && dimensions >= 2;
  g_auto(PctEncoderTraining) t = { .fit = fit, .run = run };
  t.plan = pct_encoder_plan_of(kind, fit->options, pct_recording_get_height(fit->recording),
                               pct_recording_get_width(fit->recording), pct_recording_get_n_neurons(fit->recording), cells);
  if (!prepare(&t, error) || (fit->resume && !pct_encoder_training_load(&t, error)) || !train(&t, error))
    return NULL;
  copy_values(t.encoder->parameters, t.best);
  pct_encoder_find_points(t.encoder);
  return g_steal_pointer(&t.encoder);
}
