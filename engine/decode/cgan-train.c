// SPDX-License-Identifier: GPL-3.0-or-later
// PctCganTraining of the conditional GAN. A step: the generator draws each trial of a batch twice, at z = 0 and at a random z;
// the discriminator learns real and matched = 1, real but of another image = 0, drawn = 0; the generator learns to be
// close at z = 0, roughly close at any z, and judged real at any z. An average of the generator over steps is what is
// validated, kept and used. Everything random is a function of (seed, step), so a resumed run is the same run.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "decode/cgan-training.h"
#include "measure/image-quality.h"
#include "nn/loss.h"

#define WARM_UP 100             // steps
#define LAST_RATE 0.02          // of the cosine schedule, as a share of the first
#define DISCRIMINATOR_RATE 0.8  // as a share of the generator's
#define AVERAGE 0.995           // of the running average of the generator, a step
#define CONDITION_NOISE 0.75f   // of the discriminator's features, as a share of the generator's
#define PREVIEW_STEPS 20

// What is drawn at random in a step, as streams.
enum { DRAW_ORDER, DRAW_FEATURE_NOISE, DRAW_LATENT, DRAW_CONDITION_NOISE, DRAW_OTHER, DRAW_GENERATOR, DRAW_DISCRIMINATOR,
       DRAW_VERDICT, N_DRAWS };


static guint64
stream_of(const PctCganTraining *t, int draw)
{
  return pct_training_stream(t->place.step, draw, N_DRAWS);
}

static guint64
pass_seed(const PctCganTraining *t, int draw)
{
  return pct_training_seed(t->fit->seed, stream_of(t, draw));
}

// Draws the batch at z = 0 and at a random z: pictures (2 batch, P).
static const float *
run_generator(PctCganTraining *t, const guint32 *trials)
{
  const PctCganNetwork *network = t->decoder->network;
  gsize batch = t->batch, k = t->k;
  float *features = pct_workspace_get_input(t->generator_workspace, network->features);
  float *clean = pct_workspace_get_input(t->generator_workspace, network->clean);
  float *z = pct_workspace_get_input(t->generator_workspace, network->latent);
  pct_cgan_samples_draw(t->samples, trials, batch, 2 * batch, t->feature_noise, t->fit->seed,
                        stream_of(t, DRAW_FEATURE_NOISE), features, clean, t->pool);
  for (gsize i = 0; i < 2 * batch; i++)
    for (gsize j = 0; j < k; j++)
      features[i * k + j] *= t->decoder->feature_scale[j];
  memset(z, 0, batch * t->latent * sizeof(float));
  pct_random_fill_normal(z + batch * t->latent, batch * t->latent, t->fit->seed, stream_of(t, DRAW_LATENT));
  pct_workspace_forward(t->generator_workspace, t->generator, 2 * (int)batch, TRUE, pass_seed(t, DRAW_GENERATOR));
  return pct_workspace_get_output(t->generator_workspace, network->picture);
}

static void
step_discriminator(PctCganTraining *t, const guint32 *trials, const float *drawn, double rate)
{
  const PctCganNetwork *network = t->decoder->network;
  gsize batch = t->batch, pixels = t->pixels;
  float *judged = pct_workspace_get_input(t->discriminator_workspace, network->judged);
  float *condition = pct_workspace_get_input(t->discriminator_workspace, network->condition);
  PctRandom random = pct_random(t->fit->seed, stream_of(t, DRAW_OTHER));
  for (gsize i = 0; i < batch; i++) {
    gsize other = trials[i];
    for (int tries = 0; tries < 16 && t->samples->images[other] == t->samples->images[trials[i]]; tries++)
      other = pct_random_below(&random, (guint32)t->samples->n);
    memcpy(judged + i * pixels, t->samples->targets + trials[i] * pixels, pixels * sizeof(float));
    memcpy(judged + (batch + i) * pixels, t->samples->targets + other * pixels, pixels * sizeof(float));
  }
  memcpy(judged + 2 * batch * pixels, drawn + batch * pixels, batch * pixels * sizeof(float));
  // The same responses beside the three pictures: only the pictures tell them apart.
  pct_cgan_samples_draw(t->samples, trials, batch, batch, CONDITION_NOISE * t->feature_noise, t->fit->seed,
                        stream_of(t, DRAW_CONDITION_NOISE), t->noisy, NULL, t->pool);
  for (gsize part = 0; part < 3; part++)
    memcpy(condition + part * batch * t->k, t->noisy, batch * t->k * sizeof(float));
  pct_workspace_forward(t->discriminator_workspace, t->discriminator, 3 * (int)batch, TRUE,
                        pass_seed(t, DRAW_DISCRIMINATOR));
  const float *logit = pct_workspace_get_output(t->discriminator_workspace, network->logit);
  float *gradient = pct_workspace_get_gradient(t->discriminator_workspace, network->logit);
  // As much weight on what is real and matched as on the two ways not to be.
  const float truths[] = { 1, 0, 0 }, weights[] = { 0.5f, 0.25f, 0.25f };
  for (gsize part = 0; part < 3; part++) {
    const float *judgement = logit + part * batch;
    float *slope = gradient + part * batch;
    t->sums[PCT_CGAN_DISCRIMINATOR] += weights[part] * pct_loss_bce_constant(judgement, truths[part], batch, slope);
    for (gsize i = 0; i < batch; i++) {
      slope[i] *= weights[part];
      t->sums[PCT_CGAN_MATCHED + part] += ((judgement[i] > 0) == (truths[part] > 0)) / (double)batch;
      t->sums[PCT_CGAN_D_MATCHED + part] += 1 / (1 + exp(-(double)judgement[i])) / (double)batch;
    }
  }
  memset(t->discriminator_gradient, 0, t->discriminator->table->n_values * sizeof(float));
  pct_workspace_backward(t->discriminator_workspace, t->discriminator, t->discriminator_gradient, FALSE);
  pct_optimizer_step(t->discriminator_optimizer, t->pool, t->discriminator, t->discriminator_gradient, rate);
}

// Structural similarity of the pictures at z = 0, in grey levels, where it is defined.
static void
add_structure(PctCganTraining *t, const guint32 *trials, const float *drawn, float *gradient)
{
  gsize batch = t->batch, pixels = t->pixels;
  float *a = t->grey, *b = a + batch * pixels, *slope = b + batch * pixels, scale = t->decoder->image_scale;
  const float *mean = t->decoder->mean_image;
  for (gsize i = 0; i < batch; i++)
    for (gsize j = 0; j < pixels; j++) {
      a[i * pixels + j] = mean[j] + scale * drawn[i * pixels + j];
      b[i * pixels + j] = mean[j] + scale * t->samples->targets[trials[i] * pixels + j];
    }
  t->sums[PCT_CGAN_STRUCTURE] += pct_ssim_loss(t->ssim_loss, a, b, (int)batch, slope);
  for (gsize i = 0; i < batch * pixels; i++)
    gradient[i] += t->structure * scale * slope[i];
}

static void
step_generator(PctCganTraining *t, const guint32 *trials, const float *drawn, double rate)
{
  const PctCganNetwork *network = t->decoder->network;
  gsize batch = t->batch, pixels = t->pixels;
  float *gradient = pct_workspace_get_gradient(t->generator_workspace, network->picture);
  const float weights[] = { t->l1, t->l1_draw };
  for (gsize part = 0; part < 2; part++) {
    double loss = 0;
    for (gsize i = 0; i < batch; i++) {
      gsize at = (part * batch + i) * pixels;
      loss += pct_loss_l1(drawn + at, t->samples->targets + trials[i] * pixels, pixels, gradient + at) / (double)batch;
      const float *target = t->samples->targets + trials[i] * pixels;
      float l2 = part == 0 ? 2 * t->l2 / (float)pixels : 0;
      for (gsize j = 0; j < pixels; j++)
        gradient[at + j] = (weights[part] * gradient[at + j] + l2 * (drawn[at + j] - target[j])) / (float)batch;
    }
    if (part == 0)
      t->sums[PCT_CGAN_L1] += loss;
  }
  if (t->ssim_loss)
    add_structure(t, trials, drawn, gradient);
  if (t->adversarial > 0) {
    memcpy(pct_workspace_get_input(t->discriminator_workspace, network->judged), drawn + batch * pixels,
           batch * pixels * sizeof(float));
    memcpy(pct_workspace_get_input(t->discriminator_workspace, network->condition), t->noisy,
           batch * t->k * sizeof(float));
    pct_workspace_forward(t->discriminator_workspace, t->discriminator, (int)batch, TRUE, pass_seed(t, DRAW_VERDICT));
    const float *logit = pct_workspace_get_output(t->discriminator_workspace, network->logit);
    float *verdict = pct_workspace_get_gradient(t->discriminator_workspace, network->logit);
    t->sums[PCT_CGAN_ADVERSARIAL] += pct_loss_bce_constant(logit, 1, batch, verdict);
    pct_workspace_backward(t->discriminator_workspace, t->discriminator, NULL, TRUE);
    const float *judged = pct_workspace_get_gradient(t->discriminator_workspace, network->judged);
    for (gsize i = 0; i < batch * pixels; i++)
      gradient[batch * pixels + i] += t->adversarial * judged[i];
  }
  memset(t->generator_gradient, 0, t->generator->table->n_values * sizeof(float));
  pct_workspace_backward(t->generator_workspace, t->generator, t->generator_gradient, FALSE);
  pct_optimizer_step(t->generator_optimizer, t->pool, t->generator, t->generator_gradient, rate);
  // The average starts fast, so that the first epochs are not the initial values'.
  double keep = MIN(AVERAGE, (2.0 + (double)t->place.step) / (11.0 + (double)t->place.step));
  pct_parameters_average(t->average, t->generator, keep, t->pool);
}

static double
rate_now(const PctCganTraining *t)
{
  double done = (double)t->place.step / (double)pct_training_schedule_count_steps(&t->schedule);
  return t->rate * MIN(1.0, ((double)t->place.step + 1) / WARM_UP) * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + cos(G_PI * done)));
}

typedef struct {
  const PctCganTraining *t;
  const float *pictures, *originals;
  double *pixcorr, *ssim;
} Quality;

static void
measure_pictures(gsize first, gsize end, guint thread, gpointer data)
{
  const Quality *q = data;
  int height = q->t->decoder->decoder.height, width = q->t->decoder->decoder.width;
  PctWindow window = pct_window_full(height, width);
  for (gsize i = first; i < end; i++) {
    const float *a = q->pictures + i * q->t->pixels, *b = q->originals + i * q->t->pixels;
    q->pixcorr[i] = pct_pixcorr(a, b, height, width, window);
    q->ssim[i] = pct_ssim(a, b, height, width, window);
  }
}

static void
validate(PctCganTraining *t, double *pixcorr, double *ssim)
{
  g_autofree float *pictures = g_new(float, PCT_CGAN_VALIDATION_BATCH * t->pixels);
  double sums[2] = { 0, 0 };
  for (gsize first = 0; first < t->n_validation; first += PCT_CGAN_VALIDATION_BATCH) {
    gsize count = MIN(PCT_CGAN_VALIDATION_BATCH, t->n_validation - first);
    double a[PCT_CGAN_VALIDATION_BATCH], b[PCT_CGAN_VALIDATION_BATCH];
    pct_cgan_draw(t->decoder, t->average, t->drawing_workspace, t->validation_features + first * t->k, count, NULL, pictures);
    Quality quality = { t, pictures, t->validation_images + first * t->pixels, a, b };
    pct_parallel_for(t->pool, count, 4, measure_pictures, &quality);
    for (gsize i = 0; i < count; i++) {
      sums[0] += a[i];
      sums[1] += b[i];
    }
  }
  *pixcorr = t->n_validation ? sums[0] / (double)t->n_validation : NAN;
  *ssim = t->n_validation ? sums[1] / (double)t->n_validation : NAN;
}

static gboolean
report(PctCganTraining *t, gboolean with_preview, GError **error)
{
  double total = (double)pct_training_schedule_count_steps(&t->schedule);
  PctPreview preview = { t->preview, t->fit->n_preview, t->decoder->decoder.height, t->decoder->decoder.width };
  PctFigure figures[PCT_CGAN_N_FIGURES];
  guint n_figures = 0;
  PctTrainingEpoch epoch = pct_training_schedule_get_epoch(&t->schedule, t->place.step);
  gint64 done = t->place.step - epoch.first;
  if (done > 0)
    for (int i = PCT_CGAN_L1; i < PCT_CGAN_PIXCORR; i++)
      figures[n_figures++] = (PctFigure){ pct_cgan_figure_names[i], t->sums[i] / (double)done };
  with_preview = with_preview && t->fit->n_preview > 0;
  if (with_preview)
    for (int i = 0; i < t->fit->n_preview; i += PCT_CGAN_VALIDATION_BATCH)
      pct_cgan_draw(t->decoder, t->average, t->drawing_workspace, t->preview_features + (gsize)i * t->k,
                    (gsize)MIN(PCT_CGAN_VALIDATION_BATCH, t->fit->n_preview - i), NULL, t->preview + (gsize)i * t->pixels);
  PctProgress progress = { .phase = _("Training"), .step = (double)t->place.step, .total = total,
                           .figures = n_figures ? figures : NULL, .n_figures = n_figures,
                           .preview = with_preview ? &preview : NULL };
  return pct_run_report(t->run, &progress, error);
}

static gboolean
finish_epoch(PctCganTraining *t, const PctTrainingEpoch *epoch, GError **error)
{
  double row[PCT_CGAN_N_FIGURES];
  for (int i = PCT_CGAN_L1; i < PCT_CGAN_PIXCORR; i++)
    row[i] = t->sums[i] / (double)epoch->steps;
  row[PCT_CGAN_EPOCH] = epoch->number;
  validate(t, &row[PCT_CGAN_PIXCORR], &row[PCT_CGAN_SSIM]);
  memset(t->sums, 0, sizeof t->sums);
  // Frames smaller than SSIM's window have none.
  double value = (isnan(row[PCT_CGAN_SSIM]) ? 0 : row[PCT_CGAN_SSIM]) + 0.5 * row[PCT_CGAN_PIXCORR];
  // In the first half of the schedule what z does is still to be learned. Without a validation tier the last epoch is as
  // good as any.
  gboolean eligible = 2 * t->place.step >= pct_training_schedule_count_steps(&t->schedule);
  if (eligible && (t->n_validation == 0 || value > t->place.best_value)) {
    t->place.best_value = value;
    t->place.best_epoch = row[PCT_CGAN_EPOCH];
    memcpy(t->best->values, t->average->values, t->best->table->n_values * sizeof(float));
  }
  pct_training_curves_append(t->curves, row);
  if (!pct_cgan_save_checkpoint(t, error))
    return FALSE;
  guint n;
  PctProgress progress = { .step = (double)t->place.step, .total = (double)pct_training_schedule_count_steps(&t->schedule),
                           .figures = pct_training_curves_get_last(t->curves, &n), .n_figures = PCT_CGAN_N_FIGURES };
  return pct_run_report(t->run, &progress, error);
}

static gboolean
train(PctCganTraining *t, GError **error)
{
  g_autofree guint32 *order = g_new(guint32, MAX(t->recorded->n, t->imagined ? t->imagined->n : 0));
  gint64 total = pct_training_schedule_count_steps(&t->schedule);
  while (t->place.step < total) {
    PctTrainingEpoch epoch = pct_training_schedule_get_epoch(&t->schedule, t->place.step);
    t->samples = epoch.imagined ? t->imagined : t->recorded;
    if (t->place.step == epoch.first) {
      PctRandom random = pct_random(t->fit->seed, stream_of(t, DRAW_ORDER));
      pct_random_permutation(&random, order, (guint32)t->samples->n);
    }
    const guint32 *trials = order + (gsize)(t->place.step - epoch.first) * t->batch;
    double rate = rate_now(t);
    const float *drawn = run_generator(t, trials);
    // A step takes a few tenths of a second: whoever wants to stop is asked between its parts, too.
    if (!pct_run_step(t->run, (double)t->place.step, (double)total, error))
      return FALSE;
    if (t->adversarial > 0)
      step_discriminator(t, trials, drawn, DISCRIMINATOR_RATE * rate);
    if (!pct_run_step(t->run, (double)t->place.step, (double)total, error))
      return FALSE;
    step_generator(t, trials, drawn, rate);
    t->place.step++;
    for (int i = PCT_CGAN_L1; i <= PCT_CGAN_DISCRIMINATOR; i++)
      if (!isfinite(t->sums[i])) {
        g_set_error(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                    _("The training diverged at step %lld; a smaller learning rate may help."), (long long)t->place.step);
        return FALSE;
      }
    gboolean ended = t->place.step == epoch.first + epoch.steps;
    if (!report(t, t->place.step % PREVIEW_STEPS == 0 || ended || t->place.step == 1, error) || (ended && !finish_epoch(t, &epoch, error)))
      return FALSE;
  }
  return TRUE;
}

PctDecoder *
pct_cgan_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  g_auto(PctCganTraining) t = { .fit = fit, .run = run, .pool = pct_run_get_pool(run), .place.best_value = -INFINITY };
  if (!pct_cgan_prepare(&t, error) || (fit->resume && !pct_cgan_load_checkpoint(&t, error)) || !train(&t, error))
    return NULL;
  memcpy(t.decoder->generator->values, t.best->values, t.best->table->n_values * sizeof(float));
  return &g_steal_pointer(&t.decoder)->decoder;
}
