// SPDX-License-Identifier: GPL-3.0-or-later
// The epochs of the original conditional GAN. Everything random is a function of (seed, step), and a checkpoint is written
// at the end of an epoch and when it is told to stop, so a resumed run is the same run. At full size a step takes some
// fifteen seconds and cannot be left half-made: who says stop waits for its end. As in the original the last epoch is what
// is kept; the validation tier is only watched.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"
#include "base/random.h"
#include "decode/cgan-original-training.h"
#include "decode/evaluate.h"

#define PREVIEW_STEPS 20

// What is drawn at random in a step, as streams.
enum { DRAW_ORDER, DRAW_LATENT, DRAW_OTHER, N_DRAWS };

static const char *const figure_names[] = { "epoch", "l1", "adversarial", "discriminator", "d_matched", "d_mismatched",
                                            "d_drawn", "validation_pixcorr", "validation_ssim" };
G_STATIC_ASSERT(G_N_ELEMENTS(figure_names) == PCT_CGAN_ORIGINAL_N_FIGURES);

static void
training_clear(PctCganOriginalTraining *t)
{
  pct_cgan_original_step_free(t->steps);
  g_free(t->responses);
  g_free(t->images);
  g_free(t->others);
  g_free(t->z);
  pct_score_set_free(t->validation);
  g_free(t->preview);
  pct_training_curves_free(t->curves);
  g_clear_error(&t->stopped);
  if (t->decoder)
    pct_decoder_unref(&t->decoder->base.decoder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctCganOriginalTraining, training_clear)

static double
total_steps(const PctCganOriginalTraining *t)
{
  return (double)t->epochs * t->steps_an_epoch;
}

static guint64
stream_of(gint64 step, int draw)
{
  return pct_training_stream(step, draw, N_DRAWS);
}

// Tells the listener where we are, until it says stop, which is remembered for the end of the step.
static void
tell(gpointer data)
{
  PctCganOriginalTraining *t = data;
  if (!t->stopped)
    pct_run_step(t->run, (double)t->step, total_steps(t), &t->stopped);
}

static gboolean
tell_of_part(const PctProgress *progress, gpointer data)
{
  tell(data);
  return TRUE;
}

static gboolean
prepare(PctCganOriginalTraining *t, GError **error)
{
  const PctFit *fit = t->fit;
  const PctRecording *recording = fit->recording;
  PctProgress progress = { .phase = _("Starting the networks") };
  if (!pct_run_report(t->run, &progress, error))
    return FALSE;
  int n_trials;
  t->trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n_trials);
  t->n = (gsize)n_trials;
  t->m = (gsize)fit->statistics->n_neurons;
  t->pixels = (gsize)fit->statistics->n_pixels;
  t->batch = MIN((gsize)pct_option_values_get(fit->options, "batch"), t->n);
  t->mismatched = MIN((gsize)pct_option_values_get(fit->options, "mismatched"), t->batch);
  t->epochs = (int)pct_option_values_get(fit->options, "epochs");
  t->steps_an_epoch = (int)(t->n / t->batch);
  t->decoder = pct_cgan_original_new(fit->statistics->n_neurons, pct_recording_get_height(recording),
                                     pct_recording_get_width(recording), fit->options, error);
  if (!t->decoder)
    return FALSE;
  PctCganOriginalStepOptions options = { (int)t->batch, (int)t->mismatched,
                                         (float)pct_option_values_get(fit->options, "adversarial"),
                                         (float)pct_option_values_get(fit->options, "l1"),
                                         pct_option_values_get(fit->options, "rate") };
  const PctCganOriginalNetwork *network = t->decoder->network;
  if (!(t->decoder->generator = pct_parameters_new(pct_graph_get_parameters(network->generator), error)) ||
      !pct_run_step(t->run, 0, 0, error) ||
      !(t->steps = pct_cgan_original_step_new(network, t->decoder->generator, &options, fit->seed + 1, t->pool, error)))
    return FALSE;
  // A checkpoint overwrites them.
  if (!fit->resume)
    pct_parameters_initialise(t->decoder->generator, fit->seed);
  t->responses = g_new(float, t->batch * t->m);
  t->images = g_new(float, t->batch * t->pixels);
  t->others = g_new(float, t->mismatched * t->pixels);
  t->z = g_new(float, t->batch * (gsize)t->decoder->sizes.latent);
  t->validation = pct_score_set_new(recording, PCT_TIER_VALIDATION, FALSE);
  t->preview = g_new(float, (gsize)fit->n_preview * t->pixels);
  t->curves = pct_training_curves_new(figure_names, PCT_CGAN_ORIGINAL_N_FIGURES);
  return pct_run_step(t->run, 0, 0, error);
}

// The batch of this step; order is the epoch's.
static PctCganOriginalBatch
read_batch(const PctCganOriginalTraining *t, const guint32 *order)
{
  const PctRecording *recording = t->fit->recording;
  const guint32 *chosen = order + (gsize)(t->step % t->steps_an_epoch) * t->batch;
  PctRandom random = pct_random(t->fit->seed, stream_of(t->step, DRAW_OTHER));
  for (gsize i = 0; i < t->batch; i++) {
    int image = pct_recording_get_trial_image(recording, t->trials[chosen[i]]);
    pct_recording_read_responses(recording, t->trials[chosen[i]], t->responses + i * t->m);
    pct_recording_read_image(recording, image, t->images + i * t->pixels);
    if (i >= t->mismatched)
      continue;
    int other = image;
    for (int tries = 0; tries < 16 && other == image; tries++)
      other = pct_recording_get_trial_image(recording, t->trials[pct_random_below(&random, (guint32)t->n)]);
    pct_recording_read_image(recording, other, t->others + i * t->pixels);
  }
  pct_random_fill_normal(t->z, t->batch * (gsize)t->decoder->sizes.latent, t->fit->seed,
                         stream_of(t->step, DRAW_LATENT));
  return (PctCganOriginalBatch){ t->responses, t->images, t->others, t->z };
}

static gboolean
step(PctCganOriginalTraining *t, const guint32 *order, GError **error)
{
  PctCganOriginalBatch batch = read_batch(t, order);
  PctCganOriginalFigures figures;
  pct_cgan_original_step_run(t->steps, &batch, &figures, tell, t);
  t->step++;
  const double values[] = { [PCT_CGAN_ORIGINAL_L1] = figures.l1, [PCT_CGAN_ORIGINAL_ADVERSARIAL] = figures.adversarial,
                            [PCT_CGAN_ORIGINAL_DISCRIMINATOR] = figures.discriminator,
                            [PCT_CGAN_ORIGINAL_MATCHED] = figures.d_matched,
                            [PCT_CGAN_ORIGINAL_MISMATCHED] = figures.d_mismatched,
                            [PCT_CGAN_ORIGINAL_DRAWN] = figures.d_drawn };
  for (int i = PCT_CGAN_ORIGINAL_L1; i <= PCT_CGAN_ORIGINAL_DRAWN; i++) {
    t->sums[i] += values[i];
    if (!isfinite(values[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                  _("The training diverged at step %lld; a smaller learning rate may help."), (long long)t->step);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
finish_epoch(PctCganOriginalTraining *t, GError **error)
{
  double row[PCT_CGAN_ORIGINAL_N_FIGURES] = { [PCT_CGAN_ORIGINAL_EPOCH] = (double)(t->step / t->steps_an_epoch),
                                              [PCT_CGAN_ORIGINAL_PIXCORR] = NAN, [PCT_CGAN_ORIGINAL_SSIM] = NAN };
  for (int i = PCT_CGAN_ORIGINAL_L1; i <= PCT_CGAN_ORIGINAL_DRAWN; i++) {
    row[i] = t->sums[i] / t->steps_an_epoch;
    t->sums[i] = 0;
  }
  if (t->validation->n > 0) {
    PctRun telling = { tell_of_part, t, t->pool };
    PctScore *score = pct_decoder_score(&t->decoder->base.decoder, t->validation, NULL, &telling, error);
    if (!score)
      return FALSE;
    row[PCT_CGAN_ORIGINAL_PIXCORR] = score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
    row[PCT_CGAN_ORIGINAL_SSIM] = score->mean[PCT_FRAME_FULL][PCT_MEASURE_SSIM];
    pct_score_free(score);
  }
  pct_training_curves_append(t->curves, row);
  return TRUE;
}

// The step that was made: an epoch's figures at its end, else their means so far.
static void
report(PctCganOriginalTraining *t, gboolean ended)
{
  if (t->stopped)
    return;
  PctFigure means[PCT_CGAN_ORIGINAL_N_FIGURES];
  const PctFigure *figures = means;
  guint n_figures = 0;
  if (ended)
    figures = pct_training_curves_get_last(t->curves, &n_figures);
  else
    for (int i = PCT_CGAN_ORIGINAL_L1; i <= PCT_CGAN_ORIGINAL_DRAWN; i++)
      means[n_figures++] = (PctFigure){ figure_names[i], t->sums[i] / (double)(t->step % t->steps_an_epoch) };
  int n = t->fit->n_preview, batch = (int)t->batch;
  PctPreview preview = { t->preview, n, t->decoder->sizes.height, t->decoder->sizes.width };
  gboolean with_preview = n > 0 && (ended || t->step == 1 || t->step % PREVIEW_STEPS == 0);
  // Between steps the generator's workspace is free.
  for (int i = 0; with_preview && i < n; i += batch)
    pct_cgan_original_draw(t->decoder, t->steps->generator_workspace, t->fit->preview_responses + (gsize)i * t->m,
                           (gsize)MIN(batch, n - i), NULL, t->preview + (gsize)i * t->pixels);
  PctProgress progress = { .phase = _("Training"), .step = (double)t->step, .total = total_steps(t), .figures = figures,
                           .n_figures = n_figures, .preview = with_preview ? &preview : NULL };
  pct_run_report(t->run, &progress, &t->stopped);
}

static gboolean
train(PctCganOriginalTraining *t, GError **error)
{
  g_autofree guint32 *order = g_new(guint32, t->n);
  gint64 total = (gint64)total_steps(t), ordered = -1;
  while (t->step < total) {
    gint64 epoch_start = t->step - t->step % t->steps_an_epoch;
    if (ordered != epoch_start) {
      PctRandom random = pct_random(t->fit->seed, stream_of(epoch_start, DRAW_ORDER));
      pct_random_permutation(&random, order, (guint32)t->n);
      ordered = epoch_start;
    }
    if (!step(t, order, error))
      return FALSE;
    gboolean ended = t->step % t->steps_an_epoch == 0;
    if (ended && !finish_epoch(t, error))
      return FALSE;
    report(t, ended);
    if ((ended || t->stopped) && !pct_cgan_original_save_checkpoint(t, error))
      return FALSE;
    if (t->stopped) {
      g_propagate_error(error, g_steal_pointer(&t->stopped));
      return FALSE;
    }
  }
  return TRUE;
}

PctDecoder *
pct_cgan_original_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  g_auto(PctCganOriginalTraining) t = { .fit = fit, .run = run, .pool = pct_run_get_pool(run) };
  if (!prepare(&t, error) || (fit->resume && !pct_cgan_original_load_checkpoint(&t, error)) || !train(&t, error))
    return NULL;
  return &g_steal_pointer(&t.decoder)->base.decoder;
}
