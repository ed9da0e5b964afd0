// SPDX-License-Identifier: GPL-3.0-or-later
// PctMeicoderTraining's steps. First, with an encoder, on trials that never took place, with fresh noise in every step and
// now and then as a mean of several; then on the recording's. A running average of the weights is what is validated,
// kept and used. Everything random is a function of (seed, step), so a resumed run is the same run.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "decode/evaluate.h"
#include "decode/meicoder-training.h"
#include "nn/loss.h"

#define PREVIEW_STEPS 25

// What is drawn at random in a step, as streams.
enum { DRAW_ORDER, DRAW_PASS, DRAW_LEVEL, DRAW_NOISE, DRAW_VERDICT, N_DRAWS };

// Numbers of trials that a batch of imagined ones may be the means of; half of them are single.
static const double levels[] = { 1, 2, 4, 8 };

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctMeicoderTraining, pct_meicoder_training_clear)

static guint64
stream_of(const PctMeicoderTraining *t, int draw)
{
  return pct_training_stream(t->place.step, draw, N_DRAWS);
}

static gboolean
check_stop(const PctMeicoderTraining *t, GError **error)
{
  return pct_run_step(t->run, (double)t->place.step, (double)pct_training_schedule_count_steps(&t->schedule), error);
}

static gboolean
report_within_step(const PctProgress *progress, gpointer data)
{
  return check_stop(data, NULL);
}

// t->z and the workspace's features of a batch of imagined trials.
static gboolean
imagine(PctMeicoderTraining *t, const guint32 *trials, float *features, GError **error)
{
  const double model_error = PCT_INFORMED_OPTIONS_DEFAULT.model_error;
  PctRandom random = pct_random(t->fit->seed, stream_of(t, DRAW_LEVEL));
  double u = 2 * pct_random_uniform(&random) - 1;
  double n_averaged = levels[u > 0 ? 1 + (int)(u * (G_N_ELEMENTS(levels) - 1)) : 0];
  float size = (float)sqrt(model_error + (1 - model_error) / n_averaged);
  // Streams 2 stream and 2 stream + 1, which no other draw comes to.
  pct_response_noise_draw(t->response_noise, t->scattered, t->batch, t->fit->seed, stream_of(t, DRAW_NOISE) + (1ull << 50),
                          t->pool);
  for (gsize i = 0; i < t->batch; i++)
    for (gsize j = 0; j < t->m; j++)
      t->z[i * t->m + j] = t->imagined.z[trials[i] * t->m + j] + size * t->scattered[i * t->m + j];
  return pct_meicoder_compute_features(t->decoder, t->z, t->batch, n_averaged, features, t->pool, error);
}

// The same of recorded trials, whose features do not know the image.
static void
recall(PctMeicoderTraining *t, const guint32 *trials, float *features)
{
  gsize size = t->batch * t->m;
  for (gsize i = 0; i < t->batch; i++) {
    memcpy(t->z + i * t->m, t->recorded.z + trials[i] * t->m, t->m * sizeof(float));
    if (features)
      memcpy(features + i * t->k, t->recorded_features + trials[i] * t->k, t->k * sizeof(float));
  }
  if (t->noise <= 0)
    return;
  pct_random_fill_normal(t->scattered, size, t->fit->seed, stream_of(t, DRAW_NOISE));
  for (gsize i = 0; i < size; i++)
    t->z[i] += t->noise * t->scattered[i];
}

// Least squares (Mao et al. 2017): 1 for real, 0 for drawn. Judges the batch's pictures before they are learned from.
static void
step_discriminator(PctMeicoderTraining *t, const float *real, const float *drawn)
{
  const PctMeicoderNetwork *network = t->decoder->network;
  gsize batch = t->batch, size = batch * t->pixels;
  float *judged = pct_workspace_get_input(t->discriminator_workspace, network->judged);
  memcpy(judged, real, size * sizeof(float));
  memcpy(judged + size, drawn, size * sizeof(float));
  pct_workspace_forward(t->discriminator_workspace, t->discriminator, 2 * (int)batch, TRUE, 0);
  const float *verdict = pct_workspace_get_output(t->discriminator_workspace, network->verdict);
  float *slope = pct_workspace_get_gradient(t->discriminator_workspace, network->verdict);
  for (gsize i = 0; i < 2 * batch; i++) {
    float wrong = verdict[i] - (i < batch ? 1 : 0);
    t->sums[PCT_MEICODER_DISCRIMINATOR] += 0.5 * wrong * wrong / (double)batch;
    slope[i] = wrong / (float)batch;
  }
  memset(t->discriminator_gradient, 0, t->discriminator->table->n_values * sizeof(float));
  pct_workspace_backward(t->discriminator_workspace, t->discriminator, t->discriminator_gradient, FALSE);
  pct_optimizer_step(t->discriminator_optimizer, t->pool, t->discriminator, t->discriminator_gradient, t->rate);
}

// gradient (batch,P) += that of being judged real.
static void
add_verdict(PctMeicoderTraining *t, const float *drawn, float *gradient)
{
  const PctMeicoderNetwork *network = t->decoder->network;
  gsize batch = t->batch, size = batch * t->pixels;
  memcpy(pct_workspace_get_input(t->discriminator_workspace, network->judged), drawn, size * sizeof(float));
  pct_workspace_forward(t->discriminator_workspace, t->discriminator, (int)batch, TRUE, 0);
  const float *verdict = pct_workspace_get_output(t->discriminator_workspace, network->verdict);
  float *slope = pct_workspace_get_gradient(t->discriminator_workspace, network->verdict);
  for (gsize i = 0; i < batch; i++) {
    float wrong = verdict[i] - 1;
    t->sums[PCT_MEICODER_ADVERSARIAL] += (double)wrong * wrong / (double)batch;
    slope[i] = t->adversarial * 2 * wrong / (float)batch;
  }
  pct_workspace_backward(t->discriminator_workspace, t->discriminator, NULL, TRUE);
  const float *judged = pct_workspace_get_gradient(t->discriminator_workspace, network->judged);
  for (gsize i = 0; i < size; i++)
    gradient[i] += judged[i];
}

// gradient (batch,P): of the weighted losses by the pictures drawn. real (batch,P): both in the network's units.
static double
compute_losses(PctMeicoderTraining *t, const float *real, const float *drawn, float *gradient)
{
  gsize size = t->batch * t->pixels;
  double structure = 0, l1 = pct_loss_l1(drawn, real, size, gradient);
  for (gsize i = 0; i < size; i++)
    gradient[i] *= t->l1;
  if (t->ssim_loss) {
    pct_meicoder_paint(t->decoder, drawn, t->batch, t->drawn);
    pct_meicoder_paint(t->decoder, real, t->batch, t->target);
    structure = pct_ssim_loss(t->ssim_loss, t->drawn, t->target, (int)t->batch, t->slope);
    for (gsize i = 0; i < size; i++)
      gradient[i] += t->structure * t->decoder->image_scale * t->slope[i];
  }
  t->sums[PCT_MEICODER_L1] += l1;
  t->sums[PCT_MEICODER_STRUCTURE] += structure;
  return structure + l1;
}

static gboolean
step(PctMeicoderTraining *t, const guint32 *trials, gboolean imagined, GError **error)
{
  const PctMeicoderNetwork *network = t->decoder->network;
  gsize p = t->pixels;
  const PctTrialRows *rows = imagined ? &t->imagined : &t->recorded;
  float *features = network->features >= 0 ? pct_workspace_get_input(t->workspace, network->features) : NULL;
  float *context = pct_workspace_get_input(t->workspace, network->context);
  g_autofree float *real = g_new(float, t->batch * p);
  for (gsize i = 0; i < t->batch; i++)
    memcpy(real + i * p, rows->pictures + trials[i] * p, p * sizeof(float));
  if (!imagined)
    recall(t, trials, features);
  else if (!imagine(t, trials, features, error))
    return FALSE;
  if (!pct_meicoder_front_forward(t->front, t->parameters, t->z, (int)t->batch, context, &t->passing, error))
    return FALSE;
  pct_workspace_forward(t->workspace, t->parameters, (int)t->batch, TRUE, pct_training_seed(t->fit->seed, stream_of(t, DRAW_PASS)));
  const float *drawn = pct_workspace_get_output(t->workspace, network->picture);
  if (!check_stop(t, error))
    return FALSE;
  if (t->adversarial > 0)
    step_discriminator(t, real, drawn);
  float *gradient = pct_workspace_get_gradient(t->workspace, network->picture);
  if (!isfinite(compute_losses(t, real, drawn, gradient))) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                _("The training diverged at step %lld; a smaller learning rate may help."), (long long)t->place.step);
    return FALSE;
  }
  if (t->adversarial > 0)
    add_verdict(t, drawn, gradient);
  memset(t->gradient, 0, t->parameters->table->n_values * sizeof(float));
  pct_workspace_backward(t->workspace, t->parameters, t->gradient, TRUE);
  if (!check_stop(t, error) ||
      !pct_meicoder_front_backward(t->front, t->parameters, t->z, (int)t->batch,
                                   pct_workspace_get_gradient(t->workspace, network->context), t->gradient, NULL,
                                   &t->passing, error))
    return FALSE;
  pct_optimizer_step(t->optimizer, t->pool, t->parameters, t->gradient, t->rate);
  // The average starts fast, so that the first epochs are not the initial values'.
  pct_parameters_average(t->decoder->parameters, t->parameters,
                         MIN(t->average, (2.0 + (double)t->place.step) / (11.0 + (double)t->place.step)), t->pool);
  t->place.step++;
  return TRUE;
}

// Scores of the average on the validation tier; NAN where there is none.
static gboolean
validate(PctMeicoderTraining *t, double *pixcorr, double *ssim, GError **error)
{
  *pixcorr = *ssim = NAN;
  if (!t->validation)
    return TRUE;
  g_autoptr(PctScore) score = pct_decoder_score(&t->decoder->decoder, t->validation, NULL, &t->passing, error);
  if (!score)
    return FALSE;
  *pixcorr = score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  *ssim = score->mean[PCT_FRAME_FULL][PCT_MEASURE_SSIM];
  return TRUE;
}

static void
keep_if_best(PctMeicoderTraining *t, double epoch, double pixcorr, double ssim)
{
  // Frames smaller than SSIM's window have none. Without a validation tier the last epoch is as good as any.
  double value = (isnan(ssim) ? 0 : ssim) + 0.5 * pixcorr;
  if (t->validation && !(value > t->place.best_value))
    return;
  t->place.best_value = value;
  t->place.best_epoch = epoch;
  memcpy(t->best->values, t->decoder->parameters->values, t->best->table->n_values * sizeof(float));
}

static gboolean
report(PctMeicoderTraining *t, gboolean with_preview, GError **error)
{
  const PctFit *fit = t->fit;
  PctTrainingEpoch epoch = pct_training_schedule_get_epoch(&t->schedule, t->place.step);
  gint64 done = t->place.step - epoch.first;
  PctFigure figures[PCT_MEICODER_N_FIGURES];
  guint n_figures = 0;
  for (int i = PCT_MEICODER_STRUCTURE; i <= PCT_MEICODER_DISCRIMINATOR && done > 0; i++)
    figures[n_figures++] = (PctFigure){ pct_meicoder_figure_names[i], t->sums[i] / (double)done };
  PctPreview preview = { t->preview, fit->n_preview, t->decoder->decoder.height, t->decoder->decoder.width };
  with_preview = with_preview && fit->n_preview > 0;
  if (with_preview && !pct_decoder_reconstruct(&t->decoder->decoder, fit->preview_responses, (gsize)fit->n_preview,
                                               fit->preview_averaged, NULL, t->preview, &t->passing, error))
    return FALSE;
  PctProgress progress = { .phase = _("Training"), .step = (double)t->place.step, .total = (double)pct_training_schedule_count_steps(&t->schedule),
                           .figures = n_figures ? figures : NULL, .n_figures = n_figures,
                           .preview = with_preview ? &preview : NULL };
  return pct_run_report(t->run, &progress, error);
}

static gboolean
finish_epoch(PctMeicoderTraining *t, const PctTrainingEpoch *epoch, GError **error)
{
  double row[PCT_MEICODER_N_FIGURES];
  for (int i = 0; i < PCT_MEICODER_N_FIGURES; i++)
    row[i] = t->sums[i] / (double)epoch->steps;
  row[PCT_MEICODER_EPOCH] = epoch->number;
  if (!validate(t, &row[PCT_MEICODER_PIXCORR], &row[PCT_MEICODER_SSIM], error))
    return FALSE;
  memset(t->sums, 0, sizeof t->sums);
  keep_if_best(t, epoch->number, row[PCT_MEICODER_PIXCORR], row[PCT_MEICODER_SSIM]);
  pct_training_curves_append(t->curves, row);
  if (!pct_meicoder_save_checkpoint(t, error))
    return FALSE;
  guint n;
  PctProgress progress = { .step = (double)t->place.step, .total = (double)pct_training_schedule_count_steps(&t->schedule),
                           .figures = pct_training_curves_get_last(t->curves, &n), .n_figures = PCT_MEICODER_N_FIGURES };
  return pct_run_report(t->run, &progress, error);
}

// A linear path is a decoder already, and the one to be improved on.
static gboolean
judge_start(PctMeicoderTraining *t, GError **error)
{
  double pixcorr, ssim;
  if (t->k == 0)
    return TRUE;
  if (!validate(t, &pixcorr, &ssim, error))
    return FALSE;
  keep_if_best(t, 0, pixcorr, ssim);
  PctFigure figures[] = { { "epoch", 0 }, { "validation_pixcorr", pixcorr }, { "validation_ssim", ssim } };
  PctProgress progress = { .step = 0, .total = (double)pct_training_schedule_count_steps(&t->schedule), .figures = figures,
                           .n_figures = G_N_ELEMENTS(figures) };
  return pct_run_report(t->run, &progress, error);
}

// Patience begins with the recording's own trials.
static gboolean
is_finished(const PctMeicoderTraining *t)
{
  PctTrainingEpoch epoch = pct_training_schedule_get_epoch(&t->schedule, t->place.step);
  return t->place.step >= pct_training_schedule_count_steps(&t->schedule) ||
         (t->patience > 0 && t->place.step == epoch.first && epoch.number - 1 - MAX(t->place.best_epoch, t->schedule.pretrain) >= t->patience);
}

static gboolean
train(PctMeicoderTraining *t, GError **error)
{
  g_autofree guint32 *order = g_new(guint32, MAX(t->recorded.n, t->imagined.n));
  while (!is_finished(t)) {
    PctTrainingEpoch epoch = pct_training_schedule_get_epoch(&t->schedule, t->place.step);
    if (t->place.step == epoch.first) {
      PctRandom random = pct_random(t->fit->seed, stream_of(t, DRAW_ORDER));
      pct_random_permutation(&random, order, (guint32)(epoch.imagined ? t->imagined.n : t->recorded.n));
    }
    if (!step(t, order + (gsize)(t->place.step - epoch.first) * t->batch, epoch.imagined, error))
      return FALSE;
    gboolean ended = t->place.step == epoch.first + epoch.steps;
    if (!report(t, t->place.step % PREVIEW_STEPS == 0 || ended || t->place.step == 1, error) ||
        (ended && !finish_epoch(t, &epoch, error)))
      return FALSE;
  }
  return TRUE;
}

PctDecoder *
pct_meicoder_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  g_auto(PctMeicoderTraining) t = { .fit = fit, .run = run, .pool = pct_run_get_pool(run), .place.best_value = -INFINITY };
  t.passing = (PctRun){ report_within_step, &t, t.pool };
  if (!pct_meicoder_prepare(&t, error) || (fit->resume && !pct_meicoder_load_checkpoint(&t, error)) ||
      (!fit->resume && !judge_start(&t, error)) || !train(&t, error))
    return NULL;
  memcpy(t.decoder->parameters->values, t.best->values, t.best->table->n_values * sizeof(float));
  return &g_steal_pointer(&t.decoder)->decoder;
}
