// SPDX-License-Identifier: GPL-3.0-or-later
// PctMeiNetTraining's steps. With W (B,M) the network's weights of a batch and C (M,P) the transformed MEIs, pictures and
// gradients are three matrix products: D = W C; dW = dD C^T; dC += W^T dD. dC is added up over several steps before the
// MEIs' network, of some seventy numbers, takes one: its pass over all MEIs costs as much as many steps of the other.
// Everything random is a function of (seed, step), so a resumed run is the same run.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "decode/mei-net-training.h"
#include "measure/image-quality.h"
#include "nn/loss.h"

#define PREVIEW_STEPS 20

// What is drawn at random in a step, as streams.
enum { DRAW_ORDER, DRAW_PASS, DRAW_NOISE, N_DRAWS };

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctMeiNetTraining, pct_mei_net_training_clear)

static guint64
stream_of(const PctMeiNetTraining *t, int draw)
{
  return pct_training_stream(t->place.step, draw, N_DRAWS);
}

static double
total_steps(const PctMeiNetTraining *t)
{
  return (double)pct_training_schedule_count_steps(&t->schedule);
}

static gboolean
report_within_step(const PctProgress *progress, gpointer data)
{
  const PctMeiNetTraining *t = data;
  return pct_run_step(t->run, (double)t->place.step, total_steps(t), NULL);
}

static gboolean
check_stop(const PctMeiNetTraining *t, GError **error)
{
  return pct_run_step(t->run, (double)t->place.step, total_steps(t), error);
}

// images (count,P) in grey levels, of inputs (count,n_in); count at most a batch.
static void
draw(const PctMeiNetTraining *t, const float *inputs, gsize count, float *images)
{
  memcpy(pct_workspace_get_input(t->workspace, t->network.in), inputs, count * t->n_in * sizeof(float));
  pct_workspace_forward(t->workspace, t->network_parameters, (int)count, FALSE, 0);
  pct_mei_net_combine(t->decoder, t->pictures, pct_workspace_get_output(t->workspace, t->network.out), count, images,
                      t->pool);
}

static gboolean
step_transform(PctMeiNetTraining *t, GError **error)
{
  if (t->clear_gradients)
    memset(t->transform_gradient->values, 0, t->transform_gradient->table->n_values * sizeof(float));
  if (!pct_mei_pass_backward(t->pass, t->transform_parameters, t->meis, t->pictures_gradient,
                             t->transform_gradient->values, &t->passing, error))
    return FALSE;
  pct_optimizer_step(t->transform_optimizer, t->pool, t->transform_parameters, t->transform_gradient->values, t->rate);
  memset(t->pictures_gradient, 0, t->m * t->pixels * sizeof(float));
  return pct_mei_pass_forward(t->pass, t->transform_parameters, t->meis, t->pictures, &t->passing, error);
}

// The network's inputs of a batch; imagined trials get fresh noise.
static void
take_inputs(PctMeiNetTraining *t, const PctMeiNetTrials *from, const guint32 *trials, float *in)
{
  gsize k = t->n_in;
  for (gsize i = 0; i < t->batch; i++)
    memcpy(in + i * k, from->inputs + trials[i] * k, k * sizeof(float));
  if (from != &t->imagined)
    return;
  g_autofree float *noise = g_new(float, t->batch * k);
  pct_random_fill_normal(noise, t->batch * k, t->fit->seed, stream_of(t, DRAW_NOISE));
  pct_gemm(t->pool, FALSE, FALSE, t->batch, k, k, 1, noise, k, t->noise_root, k, 1, in, k);
}

static gboolean
step(PctMeiNetTraining *t, const PctTrainingEpoch *epoch, const PctMeiNetTrials *from, const guint32 *trials, GError **error)
{
  gsize batch = t->batch, m = t->m, p = t->pixels;
  take_inputs(t, from, trials, pct_workspace_get_input(t->workspace, t->network.in));
  pct_workspace_forward(t->workspace, t->network_parameters, (int)batch, TRUE,
                        pct_training_seed(t->fit->seed, stream_of(t, DRAW_PASS)));
  const float *weights = pct_workspace_get_output(t->workspace, t->network.out);
  pct_gemm(t->pool, FALSE, FALSE, batch, p, m, 1, weights, m, t->pictures, p, 0, t->drawn, p);
  if (!check_stop(t, error))
    return FALSE;
  double loss = 0;
  for (gsize i = 0; i < batch; i++)
    loss += pct_loss_mse(t->drawn + i * p, from->targets + trials[i] * p, p, t->gradient + i * p) / (double)batch;
  for (gsize i = 0; i < batch * p; i++)
    t->gradient[i] /= (float)batch;
  if (!isfinite(loss)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                _("The training diverged at step %lld; a smaller learning rate may help."), (long long)t->place.step);
    return FALSE;
  }
  t->loss += loss;
  if (t->transform_learns)
    pct_gemm(t->pool, TRUE, FALSE, m, p, batch, 1, weights, m, t->gradient, p, 1, t->pictures_gradient, p);
  pct_gemm(t->pool, FALSE, TRUE, batch, m, p, 1, t->gradient, p, t->pictures, p, 0,
           pct_workspace_get_gradient(t->workspace, t->network.out), m);
  if (!check_stop(t, error))
    return FALSE;
  memset(t->network_gradient, 0, t->network_parameters->table->n_values * sizeof(float));
  pct_workspace_backward(t->workspace, t->network_parameters, t->network_gradient, FALSE);
  if (!check_stop(t, error))
    return FALSE;
  pct_optimizer_step(t->network_optimizer, t->pool, t->network_parameters, t->network_gradient, t->rate);
  gint64 done = t->place.step - epoch->first + 1;
  if (t->transform_learns && (done == epoch->steps || done % t->transform_every == 0) && !step_transform(t, error))
    return FALSE;
  t->place.step++;
  return TRUE;
}

typedef struct {
  const PctMeiNetTraining *t;
  const float *pictures, *originals;
  double *pixcorr, *mse;
} Quality;

static void
measure_pictures(gsize first, gsize end, guint thread, gpointer data)
{
  const Quality *q = data;
  int height = q->t->decoder->decoder.height, width = q->t->decoder->decoder.width;
  for (gsize i = first; i < end; i++) {
    const float *a = q->pictures + i * q->t->pixels, *b = q->originals + i * q->t->pixels;
    q->pixcorr[i] = pct_pixcorr(a, b, height, width, pct_window_full(height, width));
    q->mse[i] = pct_loss_mse(a, b, q->t->pixels, NULL);
  }
}

static void
validate(const PctMeiNetTraining *t, double *pixcorr, double *mse)
{
  g_autofree float *pictures = g_new(float, t->batch * t->pixels);
  g_autofree double *a = g_new(double, t->batch), *b = g_new(double, t->batch);
  double sums[2] = { 0, 0 };
  for (gsize first = 0; first < t->n_validation; first += t->batch) {
    gsize count = MIN(t->batch, t->n_validation - first);
    draw(t, t->validation_inputs + first * t->n_in, count, pictures);
    Quality quality = { t, pictures, t->validation_images + first * t->pixels, a, b };
    pct_parallel_for(t->pool, count, 4, measure_pictures, &quality);
    for (gsize i = 0; i < count; i++) {
      sums[0] += a[i];
      sums[1] += b[i];
    }
  }
  *pixcorr = t->n_validation ? sums[0] / (double)t->n_validation : NAN;
  *mse = t->n_validation ? sums[1] / (double)t->n_validation : NAN;
}

static double
in_grey_levels(const PctMeiNetTraining *t, double loss)
{
  return loss * (double)t->decoder->image_scale * (double)t->decoder->image_scale;
}

static gboolean
report(PctMeiNetTraining *t, gboolean with_preview, GError **error)
{
  gsize n = (gsize)t->fit->n_preview;
  gint64 done = t->place.step - pct_training_schedule_get_epoch(&t->schedule, t->place.step).first;
  PctPreview preview = { t->preview, (int)n, t->decoder->decoder.height, t->decoder->decoder.width };
  PctFigure figure = { "train_mse", done ? in_grey_levels(t, t->loss / (double)done) : NAN };
  with_preview = with_preview && n > 0;
  for (gsize i = 0; i < n && with_preview; i += t->batch)
    draw(t, t->preview_inputs + i * t->n_in, MIN(t->batch, n - i), t->preview + i * t->pixels);
  PctProgress progress = { .phase = _("Training"), .step = (double)t->place.step, .total = total_steps(t),
                           .figures = done ? &figure : NULL, .n_figures = done ? 1 : 0,
                           .preview = with_preview ? &preview : NULL };
  return pct_run_report(t->run, &progress, error);
}

static void
keep_if_best(PctMeiNetTraining *t, double epoch, double pixcorr)
{
  // Without a validation tier the last epoch is as good as any.
  if (t->n_validation > 0 && !(pixcorr > t->place.best_value))
    return;
  t->place.best_value = pixcorr;
  t->place.best_epoch = epoch;
  memcpy(t->best_network->values, t->network_parameters->values, t->best_network->table->n_values * sizeof(float));
  memcpy(t->best_transform->values, t->transform_parameters->values, t->best_transform->table->n_values * sizeof(float));
}

// A linear start is a decoder already, and the one to be improved on.
static gboolean
judge_start(PctMeiNetTraining *t, GError **error)
{
  double pixcorr, mse;
  validate(t, &pixcorr, &mse);
  keep_if_best(t, 0, pixcorr);
  PctFigure figures[] = { { "epoch", 0 }, { "validation_mse", mse }, { "validation_pixcorr", pixcorr } };
  PctProgress progress = { .step = 0, .total = total_steps(t), .figures = figures, .n_figures = G_N_ELEMENTS(figures) };
  return pct_run_report(t->run, &progress, error);
}

static gboolean
finish_epoch(PctMeiNetTraining *t, const PctTrainingEpoch *epoch, GError **error)
{
  double row[PCT_MEI_NET_N_FIGURES];
  row[PCT_MEI_NET_EPOCH] = epoch->number;
  row[PCT_MEI_NET_TRAIN_MSE] = in_grey_levels(t, t->loss / (double)epoch->steps);
  validate(t, &row[PCT_MEI_NET_PIXCORR], &row[PCT_MEI_NET_MSE]);
  t->loss = 0;
  keep_if_best(t, row[PCT_MEI_NET_EPOCH], row[PCT_MEI_NET_PIXCORR]);
  pct_training_curves_append(t->curves, row);
  if (!pct_mei_net_save_checkpoint(t, error))
    return FALSE;
  guint n;
  PctProgress progress = { .step = (double)t->place.step, .total = total_steps(t),
                           .figures = pct_training_curves_get_last(t->curves, &n), .n_figures = PCT_MEI_NET_N_FIGURES };
  return pct_run_report(t->run, &progress, error);
}

// Patience begins with the recording's own trials.
static gboolean
is_finished(const PctMeiNetTraining *t)
{
  PctTrainingEpoch epoch = pct_training_schedule_get_epoch(&t->schedule, t->place.step);
  return t->place.step >= pct_training_schedule_count_steps(&t->schedule) ||
         (t->patience > 0 && t->place.step == epoch.first &&
          epoch.number - 1 - MAX(t->place.best_epoch, t->schedule.pretrain) >= t->patience);
}

static gboolean
train(PctMeiNetTraining *t, GError **error)
{
  g_autofree guint32 *order = g_new(guint32, MAX(t->recorded.n, t->imagined.n));
  while (!is_finished(t)) {
    PctTrainingEpoch epoch = pct_training_schedule_get_epoch(&t->schedule, t->place.step);
    const PctMeiNetTrials *from = epoch.imagined ? &t->imagined : &t->recorded;
    if (t->place.step == epoch.first) {
      PctRandom random = pct_random(t->fit->seed, stream_of(t, DRAW_ORDER));
      pct_random_permutation(&random, order, (guint32)from->n);
    }
    if (!step(t, &epoch, from, order + (gsize)(t->place.step - epoch.first) * t->batch, error))
      return FALSE;
    gboolean ended = t->place.step == epoch.first + epoch.steps;
    if (!report(t, t->place.step % PREVIEW_STEPS == 0 || ended || t->place.step == 1, error) ||
        (ended && !finish_epoch(t, &epoch, error)))
      return FALSE;
  }
  return TRUE;
}

// The best parameters into the decoder: the first layer with the responses' units taken in, the rest by name, the MEIs
// transformed once more.
static gboolean
fold(PctMeiNetTraining *t, GError **error)
{
  PctMeiNet *decoder = t->decoder;
  const PctParameters *best = t->best_network;
  for (guint i = 0; i < decoder->parameters->table->n_items; i++) {
    const PctParameter *item = &decoder->parameters->table->items[i];
    memcpy(decoder->parameters->values + item->offset, pct_parameters_find(best, item->name), item->count * sizeof(float));
  }
  if (!t->linear_start) {
    gsize k = (gsize)decoder->n_first;
    const float *weight = pct_parameters_find(best, "layer1.weight"), *bias = pct_parameters_find(best, "layer1.bias");
    for (gsize j = 0; j < k; j++) {
      double sum = bias[j];
      for (gsize i = 0; i < t->m; i++) {
        float scaled = weight[j * t->m + i] / t->response_scale[i];
        decoder->first[i * k + j] = scaled;
        sum -= (double)scaled * t->response_shift[i];
      }
      decoder->bias[j] = (float)sum;
    }
  }
  return pct_mei_pass_forward(t->pass, t->best_transform, t->meis, decoder->pictures, &t->passing, error);
}

PctDecoder *
pct_mei_net_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  const PctOptionValues *options = fit->options;
  g_auto(PctMeiNetTraining) t = {
    .fit = fit, .run = run, .pool = pct_run_get_pool(run), .place.best_value = -INFINITY,
    .schedule = { .pretrain = (int)pct_option_values_get(options, "pretrain"),
                  .epochs = (int)pct_option_values_get(options, "epochs") },
    .patience = (int)pct_option_values_get(options, "patience"),
    .batch = (gsize)pct_option_values_get(options, "batch"), .rate = pct_option_values_get(options, "rate"),
    .transform_every = (int)pct_option_values_get(options, "transform_every"),
    .linear_start = pct_option_values_get(options, "linear_start") != 0,
    .normalise = pct_option_values_get(options, "normalise") != 0,
    .clear_gradients = pct_option_values_get(options, "clear_gradients") != 0,
  };
  t.passing = (PctRun){ report_within_step, &t, t.pool };
  if (!pct_mei_net_prepare(&t, error))
    return NULL;
  if (fit->resume && (!pct_mei_net_load_checkpoint(&t, error) ||
                      !pct_mei_pass_forward(t.pass, t.transform_parameters, t.meis, t.pictures, &t.passing, error)))
    return NULL;
  if (!fit->resume && !judge_start(&t, error))
    return NULL;
  if (!train(&t, error) || !fold(&t, error))
    return NULL;
  return &g_steal_pointer(&t.decoder)->decoder;
}
