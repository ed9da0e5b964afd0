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

#define VALIDATION_BATCH 64
#define WARM_UP 100             // steps
#define LAST_RATE 0.02          // of the cosine schedule, as a share of the first
#define DISCRIMINATOR_RATE 0.8  // as a share of the generator's
#define AVERAGE 0.995           // of the running average of the generator, a step
#define CONDITION_NOISE 0.75f   // of the discriminator's features, as a share of the generator's
#define PREVIEW_STEPS 20

// What is drawn at random in a step, as streams.
enum { DRAW_ORDER, DRAW_FEATURE_NOISE, DRAW_LATENT, DRAW_CONDITION_NOISE, DRAW_OTHER, DRAW_GENERATOR, DRAW_DISCRIMINATOR,
       DRAW_VERDICT, N_DRAWS };


static const char *const figure_names[] = { "epoch", "l1", "structure", "adversarial", "discriminator", "accuracy_matched",
                                            "accuracy_mismatched", "accuracy_fake", "validation_pixcorr",
                                            "validation_ssim" };

static void
training_clear(PctCganTraining *t)
{
  pct_linear_features_free(t->features);
  pct_aligned_free(t->targets);
  g_free(t->images);
  g_free(t->validation_features);
  g_free(t->validation_images);
  g_free(t->preview_features);
  g_free(t->preview);
  pct_workspace_free(t->generator_workspace);
  pct_workspace_free(t->discriminator_workspace);
  pct_workspace_free(t->drawing_workspace);
  pct_parameters_free(t->generator);
  pct_parameters_free(t->discriminator);
  pct_parameters_free(t->average);
  pct_parameters_free(t->best);
  pct_aligned_free(t->generator_gradient);
  pct_aligned_free(t->discriminator_gradient);
  pct_optimizer_free(t->generator_optimizer);
  pct_optimizer_free(t->discriminator_optimizer);
  pct_ssim_loss_free(t->ssim_loss);
  pct_aligned_free(t->grey);
  g_free(t->noisy);
  pct_training_curves_free(t->curves);
  if (t->decoder)
    pct_decoder_unref(&t->decoder->decoder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctCganTraining, training_clear)

static guint64
stream_of(const PctCganTraining *t, int draw)
{
  // Above 2^32, where the streams of initial values (32-bit hashes of names) end.
  return (1ull << 32) + (guint64)t->step * N_DRAWS + (guint64)draw;
}

static guint64
pass_seed(const PctCganTraining *t, int draw)
{
  PctRandom random = pct_random(t->fit->seed, stream_of(t, draw));
  guint64 high = pct_random_next(&random);
  return high << 32 | pct_random_next(&random);
}

// What comes before the first step says what it does, but is no part of the steps' progress.
static gboolean
report_preparation(const PctProgress *progress, gpointer data)
{
  const PctRun *run = data;
  PctProgress told = { .phase = progress->phase };
  return pct_run_report(run, &told, NULL);
}

// The decoder's fixed part, from statistics and features of the train tier.
static gboolean
prepare_decoder(PctCganTraining *t, GError **error)
{
  const PctFit *fit = t->fit;
  const PctStatistics *statistics = fit->statistics;
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  PctProgress progress = { .phase = _("Fitting the linear features") };
  if (!pct_run_report(t->run, &progress, error))
    return FALSE;
  PctRun preparing = { report_preparation, (gpointer)t->run, t->pool };
  t->features = pct_linear_features_new(fit->recording, statistics, (int)pct_option_values_get(fit->options, "features"),
                                        &preparing, error);
  if (!t->features)
    return FALSE;
  t->k = (gsize)t->features->n_features;
  t->n = (gsize)t->features->n_train;
  t->pixels = (gsize)t->features->n_pixels;
  PctCgan *decoder = t->decoder =
      pct_cgan_new(statistics->n_neurons, height, width, (int)t->k, fit->options, error);
  if (!decoder)
    return FALSE;
  t->latent = (gsize)decoder->n_latent;
  pct_linear_features_fold(t->features, statistics, decoder->weights, decoder->bias);
  // Responses next to nothing need weights beyond float32.
  for (gsize i = 0; i < (gsize)statistics->n_neurons * t->k; i++)
    if (!isfinite(decoder->weights[i]) || !isfinite(decoder->bias[i % t->k])) {
      g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED, _("The linear features of the responses are not finite."));
      return FALSE;
    }
  memcpy(decoder->mean_image, statistics->mean_image, t->pixels * sizeof(float));
  decoder->image_scale = t->features->image_scale;
  // Features have unit variance; the convolutions see them with something of their importance, the root of it.
  for (gsize j = 0; j < t->k; j++)
    decoder->feature_scale[j] = sqrtf(t->features->deviations[j] / t->features->deviations[0]);
  return TRUE;
}

static gboolean
prepare_data(PctCganTraining *t, GError **error)
{
  const PctRecording *recording = t->fit->recording;
  const PctCgan *decoder = t->decoder;
  int n_trials, n_validation;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_trials);
  const int *validation = pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  if (!(t->targets = pct_aligned_new(t->n * t->pixels, error)))
    return FALSE;
  t->images = g_new(int, t->n);
  for (gsize i = 0; i < t->n; i++) {
    float *target = t->targets + i * t->pixels;
    t->images[i] = pct_recording_get_trial_image(recording, trials[i]);
    pct_recording_read_image(recording, t->images[i], target);
    for (gsize j = 0; j < t->pixels; j++)
      target[j] = (target[j] - decoder->mean_image[j]) / decoder->image_scale;
  }
  t->n_validation = (gsize)n_validation;
  t->validation_features = g_new(float, t->n_validation * t->k);
  t->validation_images = g_new(float, t->n_validation * t->pixels);
  g_autofree float *responses = g_new(float, decoder->decoder.n_neurons);
  for (gsize i = 0; i < t->n_validation; i++) {
    pct_recording_read_responses(recording, validation[i], responses);
    pct_cgan_compute_features(decoder, responses, 1, t->validation_features + i * t->k, t->pool);
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, validation[i]),
                             t->validation_images + i * t->pixels);
  }
  gsize n_preview = (gsize)t->fit->n_preview;
  t->preview_features = g_new(float, n_preview * t->k);
  t->preview = g_new(float, n_preview * t->pixels);
  if (n_preview)
    pct_cgan_compute_features(decoder, t->fit->preview_responses, n_preview, t->preview_features, t->pool);
  return TRUE;
}

// A layer's linear map (K -> P) starts as `scale` times the features' own readout.
static void
start_readout(const PctCganTraining *t, PctParameters *parameters, const char *name, float scale)
{
  float *weight = pct_parameters_find(parameters, name);  // (P,K)
  for (gsize j = 0; j < t->pixels; j++)
    for (gsize i = 0; i < t->k; i++)
      weight[j * t->k + i] = scale * t->features->readout[i * t->pixels + j];
}

static gboolean
prepare_networks(PctCganTraining *t, GError **error)
{
  const PctCganNetwork *network = t->decoder->network;
  const PctParameterTable *g = pct_graph_get_parameters(network->generator);
  const PctParameterTable *d = pct_graph_get_parameters(network->discriminator);
  int batch = (int)t->batch;
  if (!(t->generator = pct_parameters_new(g, error)) || !(t->discriminator = pct_parameters_new(d, error)) ||
      !(t->generator_gradient = pct_aligned_new(g->n_values, error)) ||
      !(t->discriminator_gradient = pct_aligned_new(d->n_values, error)) ||
      !(t->generator_workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_BACKWARD, 2 * batch, t->pool, error)) ||
      !(t->discriminator_workspace = pct_workspace_new(network->discriminator, PCT_WORKSPACE_BACKWARD, 3 * batch, t->pool, error)) ||
      !(t->drawing_workspace = pct_workspace_new(network->generator, PCT_WORKSPACE_FORWARD, VALIDATION_BATCH, t->pool, error)))
    return FALSE;
  pct_parameters_initialise(t->generator, t->fit->seed);
  pct_parameters_initialise(t->discriminator, t->fit->seed + 1);
  start_readout(t, t->generator, "readout.weight", 1);
  // A little more than what is expected, as large as what is seen.
  start_readout(t, t->discriminator, "condition.weight", 1.5f);
  if (!(t->average = pct_parameters_copy(t->generator, error)) || !(t->best = pct_parameters_copy(t->generator, error)))
    return FALSE;
  PctOptimizerOptions options = PCT_ADAMW_DEFAULT;
  options.beta1 = 0.5;
  options.weight_decay = 1e-4;
  if (!(t->generator_optimizer = pct_optimizer_new(g, &options, error)))
    return FALSE;
  options.weight_decay = 1e-3;
  if (!(t->discriminator_optimizer = pct_optimizer_new(d, &options, error)))
    return FALSE;
  t->noisy = g_new(float, t->batch * t->k);
  PctSsimLossOptions structure = { .height = t->decoder->decoder.height, .width = t->decoder->decoder.width, .scale = 1 };
  // Frames smaller than its window have no structural similarity.
  if (t->structure > 0 && MIN(structure.height, structure.width) >= 11) {
    if (!(t->ssim_loss = pct_ssim_loss_new(&structure, batch, t->pool, error)) ||
        !(t->grey = pct_aligned_new(3 * t->batch * t->pixels, error)))
      return FALSE;
  }
  t->curves = pct_training_curves_new(figure_names, PCT_CGAN_N_FIGURES);
  return TRUE;
}

// out (count,K) = left-out features of the trials (batch,), repeated where count is a multiple, plus noise.
static void
noisy_features(const PctCganTraining *t, const guint32 *trials, gsize count, float noise, int draw, float *out)
{
  pct_random_fill_normal(out, count * t->k, t->fit->seed, stream_of(t, draw));
  for (gsize i = 0; i < count; i++)
    for (gsize j = 0; j < t->k; j++)
      out[i * t->k + j] = t->features->train[trials[i % t->batch] * t->k + j] + noise * out[i * t->k + j];
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
  noisy_features(t, trials, 2 * batch, t->feature_noise, DRAW_FEATURE_NOISE, features);
  for (gsize i = 0; i < 2 * batch; i++)
    for (gsize j = 0; j < k; j++) {
      features[i * k + j] *= t->decoder->feature_scale[j];
      clean[i * k + j] = t->features->train[trials[i % batch] * k + j];
    }
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
    for (int tries = 0; tries < 16 && t->images[other] == t->images[trials[i]]; tries++)
      other = pct_random_below(&random, (guint32)t->n);
    memcpy(judged + i * pixels, t->targets + trials[i] * pixels, pixels * sizeof(float));
    memcpy(judged + (batch + i) * pixels, t->targets + other * pixels, pixels * sizeof(float));
  }
  memcpy(judged + 2 * batch * pixels, drawn + batch * pixels, batch * pixels * sizeof(float));
  // The same responses beside the three pictures: only the pictures tell them apart.
  noisy_features(t, trials, batch, CONDITION_NOISE * t->feature_noise, DRAW_CONDITION_NOISE, t->noisy);
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
      b[i * pixels + j] = mean[j] + scale * t->targets[trials[i] * pixels + j];
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
      loss += pct_loss_l1(drawn + at, t->targets + trials[i] * pixels, pixels, gradient + at) / (double)batch;
      for (gsize j = 0; j < pixels; j++)
        gradient[at + j] *= weights[part] / (float)batch;
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
  double keep = MIN(AVERAGE, (2.0 + (double)t->step) / (11.0 + (double)t->step));
  pct_parameters_average(t->average, t->generator, keep, t->pool);
}

static double
rate_now(const PctCganTraining *t)
{
  double total = (double)t->epochs * t->steps_an_epoch, done = (double)t->step / total;
  return t->rate * MIN(1.0, ((double)t->step + 1) / WARM_UP) * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + cos(G_PI * done)));
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
  g_autofree float *pictures = g_new(float, VALIDATION_BATCH * t->pixels);
  double sums[2] = { 0, 0 };
  for (gsize first = 0; first < t->n_validation; first += VALIDATION_BATCH) {
    gsize count = MIN(VALIDATION_BATCH, t->n_validation - first);
    double a[VALIDATION_BATCH], b[VALIDATION_BATCH];
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
  double total = (double)t->epochs * t->steps_an_epoch;
  PctPreview preview = { t->preview, t->fit->n_preview, t->decoder->decoder.height, t->decoder->decoder.width };
  PctFigure figures[PCT_CGAN_N_FIGURES];
  guint n_figures = 0;
  gsize done = (gsize)(t->step % t->steps_an_epoch);
  if (done > 0)
    for (int i = PCT_CGAN_L1; i <= PCT_CGAN_FAKE; i++)
      figures[n_figures++] = (PctFigure){ figure_names[i], t->sums[i] / (double)done };
  with_preview = with_preview && t->fit->n_preview > 0;
  if (with_preview)
    for (int i = 0; i < t->fit->n_preview; i += VALIDATION_BATCH)
      pct_cgan_draw(t->decoder, t->average, t->drawing_workspace, t->preview_features + (gsize)i * t->k,
                    (gsize)MIN(VALIDATION_BATCH, t->fit->n_preview - i), NULL, t->preview + (gsize)i * t->pixels);
  PctProgress progress = { .phase = _("Training"), .step = (double)t->step, .total = total,
                           .figures = n_figures ? figures : NULL, .n_figures = n_figures,
                           .preview = with_preview ? &preview : NULL };
  return pct_run_report(t->run, &progress, error);
}

static gboolean
finish_epoch(PctCganTraining *t, GError **error)
{
  double row[PCT_CGAN_N_FIGURES];
  for (int i = PCT_CGAN_L1; i <= PCT_CGAN_FAKE; i++)
    row[i] = t->sums[i] / t->steps_an_epoch;
  row[PCT_CGAN_EPOCH] = (double)(t->step / t->steps_an_epoch);
  validate(t, &row[PCT_CGAN_PIXCORR], &row[PCT_CGAN_SSIM]);
  memset(t->sums, 0, sizeof t->sums);
  // Frames smaller than SSIM's window have none.
  double value = (isnan(row[PCT_CGAN_SSIM]) ? 0 : row[PCT_CGAN_SSIM]) + 0.5 * row[PCT_CGAN_PIXCORR];
  // In the first half of the schedule what z does is still to be learned. Without a validation tier the last epoch is as
  // good as any.
  gboolean eligible = 2 * row[PCT_CGAN_EPOCH] >= t->epochs;
  if (eligible && (t->n_validation == 0 || value > t->best_value)) {
    t->best_value = value;
    t->best_epoch = row[PCT_CGAN_EPOCH];
    memcpy(t->best->values, t->average->values, t->best->table->n_values * sizeof(float));
  }
  pct_training_curves_append(t->curves, row);
  if (!pct_cgan_save_checkpoint(t, error))
    return FALSE;
  guint n;
  PctProgress progress = { .step = (double)t->step, .total = (double)t->epochs * t->steps_an_epoch,
                           .figures = pct_training_curves_get_last(t->curves, &n), .n_figures = PCT_CGAN_N_FIGURES };
  return pct_run_report(t->run, &progress, error);
}

static gboolean
train(PctCganTraining *t, GError **error)
{
  g_autofree guint32 *order = g_new(guint32, t->n);
  gint64 total = (gint64)t->epochs * t->steps_an_epoch;
  while (t->step < total) {
    gint64 in_epoch = t->step % t->steps_an_epoch;
    if (in_epoch == 0) {
      PctRandom random = pct_random(t->fit->seed, stream_of(t, DRAW_ORDER));
      pct_random_permutation(&random, order, (guint32)t->n);
    }
    const guint32 *trials = order + (gsize)in_epoch * t->batch;
    double rate = rate_now(t);
    const float *drawn = run_generator(t, trials);
    // A step takes a few tenths of a second: whoever wants to stop is asked between its parts, too.
    if (!pct_run_step(t->run, (double)t->step, (double)total, error))
      return FALSE;
    if (t->adversarial > 0)
      step_discriminator(t, trials, drawn, DISCRIMINATOR_RATE * rate);
    if (!pct_run_step(t->run, (double)t->step, (double)total, error))
      return FALSE;
    step_generator(t, trials, drawn, rate);
    t->step++;
    for (int i = PCT_CGAN_L1; i <= PCT_CGAN_DISCRIMINATOR; i++)
      if (!isfinite(t->sums[i])) {
        g_set_error(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                    _("The training diverged at step %lld; a smaller learning rate may help."), (long long)t->step);
        return FALSE;
      }
    gboolean ended = t->step % t->steps_an_epoch == 0;
    if (!report(t, t->step % PREVIEW_STEPS == 0 || ended || t->step == 1, error) || (ended && !finish_epoch(t, error)))
      return FALSE;
  }
  return TRUE;
}

PctDecoder *
pct_cgan_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  g_auto(PctCganTraining) t = { .fit = fit, .run = run, .pool = pct_run_get_pool(run), .best_value = -INFINITY,
                         .epochs = (int)pct_option_values_get(fit->options, "epochs"),
                         .adversarial = (float)pct_option_values_get(fit->options, "adversarial"),
                         .l1 = (float)pct_option_values_get(fit->options, "l1"),
                         .l1_draw = (float)pct_option_values_get(fit->options, "l1_draw"),
                         .structure = (float)pct_option_values_get(fit->options, "structure"),
                         .feature_noise = (float)pct_option_values_get(fit->options, "feature_noise"),
                         .rate = pct_option_values_get(fit->options, "rate") };
  if (!prepare_decoder(&t, error))
    return NULL;
  t.batch = MIN((gsize)pct_option_values_get(fit->options, "batch"), t.n);
  t.steps_an_epoch = (int)(t.n / t.batch);
  if (!prepare_data(&t, error) || !prepare_networks(&t, error) || (fit->resume && !pct_cgan_load_checkpoint(&t, error)) ||
      !train(&t, error))
    return NULL;
  memcpy(t.decoder->generator->values, t.best->values, t.best->table->n_values * sizeof(float));
  return &g_steal_pointer(&t.decoder)->decoder;
}
