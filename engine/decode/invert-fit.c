// SPDX-License-Identifier: GPL-3.0-or-later
// What an inversion must know beside the encoder: how trials scatter about its rates, what images are like, how much
// the responses tell of which of the images' directions, and how much the prior is to weigh and after how many passes
// to stop, which validation chooses.
// Scatter is that of the train trials in shape, of which there are enough to tell shared modes, and that of the
// validation trials in size, since the encoder has seen the former.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/linear-algebra.h"
#include "decode/invert.h"

#define NONLINEAR_MODES 64
#define DRAWS 1024         // of the information
#define DRAW_BATCH 32
#define TRIED_TRIALS 96    // of validation, at most
#define TRIED_PASSES 12    // most that are tried; and without a validation tier as many
#define GRID 1.5           // of strengths
#define GRID_STEPS 5       // each way from 1

typedef struct {
  const PctFit *fit;
  const PctRun *run;
  PctInvert *self;
  gsize m, p;
} Fitting;

typedef struct {
  const PctRun *run;
  const char *phase;
} Phase;

static gboolean
report_phase(const PctProgress *progress, gpointer data)
{
  const Phase *phase = data;
  PctProgress told = { .phase = phase->phase, .step = progress->step, .total = progress->total };
  return pct_run_report(phase->run, &told, NULL);
}

// A tier's images and what the encoder makes of them; each image goes through it once.
typedef struct {
  gsize n_images, n_trials;
  int *row_of;        // of the recording's images: row among the tier's
  const int *trials;
  float *pictures;    // (n_images,P) grey levels
  float *rates;       // (n_images,M)
} Encoded;

static void
encoded_clear(Encoded *e)
{
  g_free(e->row_of);
  pct_aligned_free(e->pictures);
  pct_aligned_free(e->rates);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Encoded, encoded_clear)

static gboolean
encode_tier(const Fitting *f, PctTier tier, Encoded *e, GError **error)
{
  const PctRecording *recording = f->fit->recording;
  int n_trials, n_images;
  e->trials = pct_recording_get_tier_trials(recording, tier, &n_trials);
  const int *images = pct_recording_get_tier_images(recording, tier, &n_images);
  e->n_images = (gsize)n_images;
  e->n_trials = (gsize)n_trials;
  if (!(e->pictures = pct_aligned_new(MAX(e->n_images, 1) * f->p, error)) ||
      !(e->rates = pct_aligned_new(MAX(e->n_images, 1) * f->m, error)))
    return FALSE;
  e->row_of = g_new0(int, pct_recording_get_n_images(recording));
  for (int i = 0; i < n_images; i++) {
    pct_recording_read_image(recording, images[i], e->pictures + (gsize)i * f->p);
    e->row_of[images[i]] = i;
  }
  return pct_encoder_compute_rates(f->self->encoder, e->pictures, e->n_images, e->rates, f->run, error);
}

static gsize
row_of(const Fitting *f, const Encoded *e, gsize trial)
{
  return (gsize)e->row_of[pct_recording_get_trial_image(f->fit->recording, e->trials[trial])];
}

// out (n,M) = response - prediction of the tier's trials, encoder's units; predictions (n_images,M).
static PctFloats *
read_residuals(const Fitting *f, const Encoded *e, const float *predictions, GError **error)
{
  const float *scale = pct_encoder_get_response_scale(f->self->encoder);
  PctFloats *rows = pct_aligned_new(MAX(e->n_trials, 1) * f->m, error);
  if (!rows)
    return NULL;
  pct_recording_read_trials(f->fit->recording, e->trials, (int)e->n_trials, rows);
  for (gsize t = 0; t < e->n_trials; t++) {
    const float *prediction = predictions + row_of(f, e, t) * f->m;
    for (gsize i = 0; i < f->m; i++)
      rows[t * f->m + i] = rows[t * f->m + i] / scale[i] - prediction[i] - f->self->offset[i];
  }
  return rows;
}

static void
weigh_by_rate(const Fitting *f, const Encoded *e, float *residuals)
{
  g_autofree float *precision = g_new(float, f->m);
  for (gsize t = 0; t < e->n_trials; t++) {
    pct_invert_get_precision(f->self, e->rates + row_of(f, e, t) * f->m, 1, precision);
    for (gsize i = 0; i < f->m; i++)
      residuals[t * f->m + i] *= precision[i];
  }
}

// Mean over neurons of the square of residuals (n,M) in units of deviation, its own where that is NULL.
static double
mean_square(const float *residuals, gsize n, gsize m, double *squares)
{
  double sum = 0;
  for (gsize i = 0; i < m; i++) {
    double own = 0;
    for (gsize t = 0; t < n; t++)
      own += (double)residuals[t * m + i] * residuals[t * m + i];
    own /= (double)n;
    if (squares[i] == 0)
      squares[i] = own;
    sum += squares[i] > 0 ? own / squares[i] / (double)m : 0;
  }
  return sum;
}

static gboolean
fit_noise(Fitting *f, const Encoded *e, GError **error)
{
  gsize m = f->m, n = e->n_trials, rank = (gsize)pct_option_values_get(f->fit->options, "modes");
  PctInvert *self = f->self;
  g_auto(Encoded) held = { 0 };
  if (!encode_tier(f, PCT_TIER_VALIDATION, &held, error))
    return FALSE;
  gsize n_validation = held.n_trials;
  g_autoptr(PctFloats) train = read_residuals(f, e, e->rates, error);
  if (!train)
    return FALSE;
  for (gsize i = 0; i < m; i++) {
    double sum = 0;
    for (gsize t = 0; t < n; t++)
      sum += train[t * m + i];
    self->offset[i] = (float)(sum / (double)n);
  }
  self->mean_rate = g_new(float, m);
  for (gsize i = 0; i < m; i++) {
    double sum = 0;
    for (gsize t = 0; t < e->n_images; t++)
      sum += e->rates[t * m + i];
    self->mean_rate[i] = (float)(sum / (double)e->n_images);
  }
  for (gsize i = 0; i < n * m; i++)
    train[i] -= self->offset[i % m];
  weigh_by_rate(f, e, train);
  g_autoptr(PctFloats) validation = read_residuals(f, &held, held.rates, error);
  if (!validation)
    return FALSE;
  weigh_by_rate(f, &held, validation);
  g_autofree double *squares = g_new0(double, m);
  mean_square(train, n, m, squares);
  if (!(self->noise = pct_response_noise_new(train, n, m, rank, f->run, error)))
    return FALSE;
  double grown = n_validation ? mean_square(validation, n_validation, m, squares) : 1;
  pct_response_noise_scale(self->noise, isfinite(grown) && grown > 1 ? grown : 1);
  if (self->loss == PCT_INVERT_POISSON) {
    // A Poisson's variance is its mean times a factor, each neuron's own, which stands in the diagonal.
    const float *scale = pct_encoder_get_response_scale(self->encoder);
    for (gsize i = 0; i < m; i++) {
      double rate = f->fit->statistics->response_mean[i] / scale[i], variance = self->noise->diagonal[i];
      for (gsize r = 0; r < self->noise->rank; r++)
        variance += (double)self->noise->modes[r * m + i] * self->noise->modes[r * m + i];
      self->noise->diagonal[i] = (float)(variance / MAX(rate, 0.05));
    }
    self->noise->rank = 0;
  }
  return TRUE;
}

// The start: rates as linear functions of the coordinates by regression on the train images, and what that leaves.
static gboolean
fit_start(Fitting *f, const Encoded *e, GError **error)
{
  PctInvert *self = f->self;
  const PctImagePrior *prior = self->prior;
  PctPool *pool = pct_run_get_pool(f->run);
  gsize m = f->m, p = f->p, k = self->k, n = e->n_images;
  g_autoptr(PctFloats) coordinates = pct_aligned_new(n * k, error);
  g_autoptr(PctFloats) centred = coordinates ? pct_aligned_new(n * MAX(m, p), error) : NULL;
  if (!centred)
    return FALSE;
  self->linear = g_new(float, k * m);
  for (gsize i = 0; i < n * p; i++)
    centred[i] = e->pictures[i] - prior->mean[i % p];
  pct_image_prior_pull_back(prior, centred, n, coordinates, pool);
  for (gsize a = 0; a < k; a++) {
    double variance = 0;
    for (gsize j = 0; j < p; j++)
      variance += (double)prior->basis[a * p + j] * prior->basis[a * p + j];
    for (gsize i = 0; i < n; i++)
      coordinates[i * k + a] /= (float)variance;
  }
  for (gsize i = 0; i < n * m; i++)
    centred[i] = e->rates[i] - self->mean_rate[i % m];
  pct_gemm(pool, TRUE, FALSE, k, m, n, 1 / (float)n, coordinates, k, centred, m, 0, self->linear, m);
  pct_gemm(pool, FALSE, FALSE, n, m, k, -1, coordinates, k, self->linear, m, 1, centred, m);
  self->nonlinear = pct_response_noise_new_share(centred, n, m, NONLINEAR_MODES, 1, f->run, error);
  return self->nonlinear != NULL;
}

// The mean over train images of J^T S^-1 J, from random scores of N(0, S^-1) pulled back: one pass gives one draw.
static gboolean
fit_information(Fitting *f, GError **error)
{
  PctInvert *self = f->self;
  gsize m = f->m, p = f->p, k = self->k;
  int n_images;
  const int *images = pct_recording_get_tier_images(f->fit->recording, PCT_TIER_TRAIN, &n_images);
  PctPool *pool = pct_run_get_pool(f->run);
  g_autoptr(PctEncoderPullback) pullback = pct_encoder_pullback_new(self->encoder, DRAW_BATCH, pool, error);
  g_autoptr(PctFloats) draws = pullback ? pct_aligned_new(DRAWS * k, error) : NULL;
  g_autoptr(PctFloats) rows = draws ? pct_aligned_new(DRAW_BATCH * (2 * m + 2 * p), error) : NULL;
  if (!rows)
    return FALSE;
  float *rates = rows, *scores = rates + DRAW_BATCH * m, *pictures = scores + DRAW_BATCH * m;
  float *by_pixels = pictures + DRAW_BATCH * p;
  for (gsize first = 0; first < DRAWS; first += DRAW_BATCH) {
    if (!pct_run_step(f->run, (double)first, DRAWS, error))
      return FALSE;
    for (gsize i = 0; i < DRAW_BATCH; i++)
      pct_recording_read_image(f->fit->recording, images[(first + i) * (gsize)n_images / DRAWS], pictures + i * p);
    pct_encoder_pullback_forward(pullback, pictures, DRAW_BATCH, rates);
    pct_response_noise_draw_scores(self->noise, scores, DRAW_BATCH, f->fit->seed, first / DRAW_BATCH, pool);
    pct_invert_get_precision(self, rates, DRAW_BATCH, rates);
    for (gsize i = 0; i < DRAW_BATCH * m; i++)
      scores[i] *= rates[i];
    pct_encoder_pullback_backward(pullback, scores, DRAW_BATCH, by_pixels);
    pct_image_prior_pull_back(self->prior, by_pixels, DRAW_BATCH, draws + first * k, pool);
  }
  for (gsize i = 0; i < DRAWS * k; i++)
    draws[i] /= (float)sqrt(DRAWS);
  pct_gram(pool, TRUE, k, DRAWS, draws, k, self->information, k);
  return TRUE;
}

typedef struct {
  gsize n;
  float *responses, *originals;
} Trials;

static void
trials_clear(Trials *trials)
{
  g_free(trials->responses);
  g_free(trials->originals);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trials, trials_clear)

// Mean squared error of validation trials at this strength after given passes; 0: after those that leave the least,
// which are told. NAN with an error.
static double
try_strength(const Fitting *f, double strength, const Trials *trials, int given, int *passes, GError **error)
{
  int most = given ? given : TRIED_PASSES;
  g_autofree double *errors = g_new0(double, most);
  g_autoptr(PctInvertDescent) descent =
    pct_invert_descent_new(f->self, strength, 1, MIN(trials->n, PCT_INVERT_BATCH), pct_run_get_pool(f->run), error);
  if (!descent || !pct_invert_descent_run(descent, trials->responses, trials->n, most, NULL, trials->originals, errors,
                                          f->run, error))
    return NAN;
  *passes = most;
  for (int i = most - 1; i >= 0 && !given; i--)
    if (errors[i] <= errors[*passes - 1])
      *passes = i + 1;
  return errors[*passes - 1] / (double)(trials->n * f->p);
}

// Strength and passes, where they are 0 yet. The error falls and rises along the grid of strengths: from 1 to the
// better side, as long as it gets better.
static gboolean
choose(Fitting *f, const PctRun *outer, GError **error)
{
  PctInvert *self = f->self;
  const PctRecording *recording = f->fit->recording;
  gboolean fixed = self->strength > 0 || self->blur > 0;
  int n_validation, given = self->passes;
  const int *validation = pct_recording_get_tier_trials(recording, PCT_TIER_VALIDATION, &n_validation);
  if (!fixed)
    self->strength = 1;
  if (!given)
    self->passes = TRIED_PASSES;
  if (n_validation == 0 || (fixed && given))
    return TRUE;
  g_auto(Trials) trials = { .n = (gsize)MIN(n_validation, TRIED_TRIALS) };
  trials.responses = g_new(float, trials.n * f->m);
  trials.originals = g_new(float, trials.n * f->p);
  for (gsize i = 0; i < trials.n; i++) {
    int trial = validation[i * (gsize)n_validation / trials.n];
    pct_recording_read_responses(recording, trial, trials.responses + i * f->m);
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trial), trials.originals + i * f->p);
  }
  double best = INFINITY;
  for (int direction = 1; direction >= -1; direction -= 2) {
    gboolean better = FALSE;
    for (int i = direction > 0 ? 0 : 1; i <= (fixed ? 0 : GRID_STEPS); i++) {
      int passes;
      double strength = fixed ? self->strength : pow(GRID, direction * i);
      double mse = try_strength(f, strength, &trials, given, &passes, error);
      if (isnan(mse))
        return FALSE;
      PctFigure figures[] = { { "strength", strength }, { "passes", passes }, { "validation_mse", mse } };
      PctProgress progress = { .figures = figures, .n_figures = G_N_ELEMENTS(figures) };
      if (!pct_run_report(outer, &progress, error))
        return FALSE;
      if (mse >= best)
        break;
      better = i > 0;
      best = mse;
      self->strength = (float)strength;
      self->passes = passes;
    }
    if (better)
      break;
  }
  return TRUE;
}

static gboolean
fit_literal(Fitting *f)
{
  // Every neuron's response in units of its own spread counts alike; grey is what all images are together.
  PctInvert *self = f->self;
  const float *scale = pct_encoder_get_response_scale(self->encoder);
  g_autofree float *unit = g_new(float, f->m);
  for (gsize i = 0; i < f->m; i++)
    unit[i] = f->fit->statistics->response_scale[i] / scale[i];
  self->noise = pct_response_noise_new(unit, 1, f->m, 0, NULL, NULL);
  return self->noise != NULL;
}

PctDecoder *
pct_invert_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  Phase phase = { run, _("Predicting the responses to the training images") };
  PctRun inner = { report_phase, &phase, pool };
  g_return_val_if_fail(fit->encoder, NULL);
  PctInvert *self = pct_invert_new((PctEncoder *)fit->encoder, fit->options);
  g_autoptr(PctDecoder) decoder = &self->decoder;
  Fitting f = { fit, &inner, self, (gsize)decoder->n_neurons, (gsize)decoder->height * (gsize)decoder->width };
  self->offset = g_new0(float, f.m);
  if (self->blur > 0) {
    if (!(self->prior = pct_image_prior_new_grey(f.p, fit->statistics->image_mean)) || !fit_literal(&f))
      return NULL;
    self->k = f.p;
    phase.phase = _("Choosing the number of passes");
    return choose(&f, run, error) && pct_run_step(run, 1, 1, error) ? g_steal_pointer(&decoder) : NULL;
  }
  g_auto(Encoded) train = { 0 };
  if (!encode_tier(&f, PCT_TIER_TRAIN, &train, error) || !fit_noise(&f, &train, error))
    return NULL;
  phase.phase = _("Learning what images are like");
  self->prior = pct_image_prior_new(fit->recording, fit->statistics,
                                    (gsize)pct_option_values_get(fit->options, "components"),
                                    pct_option_values_get(fit->options, "mirrored") != 0, &inner, error);
  if (!self->prior)
    return NULL;
  self->k = self->prior->n_components;
  self->information = g_new0(float, self->k * self->k);
  phase.phase = _("Finding what the responses tell of images");
  if (!fit_information(&f, error) ||
      (pct_option_values_get(fit->options, "start") == PCT_INVERT_LINEAR && !fit_start(&f, &train, error)))
    return NULL;
  self->strength = (float)pct_option_values_get(fit->options, "strength");
  phase.phase = _("Choosing the strength of the prior");
  return choose(&f, run, error) && pct_run_step(run, 1, 1, error) ? g_steal_pointer(&decoder) : NULL;
}
