// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/influence.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"

// Tripling the steps of a midpoint rule keeps every point: 1, 3, 9, 27, 81 of them. Three at least, so that two answers
// can be compared; of a linear decoder they agree. Networks of rectified units end at 9 to 81.
#define MOST_STEPS 81
// Enough when no neuron's share moved by more than this part of the largest,
#define CLOSE 0.01
// and the gap is below this part of the change, or below what anybody sees.
#define CLOSE_GAP 0.01
#define INVISIBLE_GAP 0.05

static const struct {
  const char *name, *title, *unit, *help;
} measures[PCT_N_INFLUENCE_MEASURES] = {
  [PCT_INFLUENCE_CONTRIBUTION] = { "contribution", N_("Contribution"), N_("grey levels"),
    N_("Mean grey levels owed to the neuron’s not answering as usual.") },
  [PCT_INFLUENCE_SENSITIVITY] = { "sensitivity", N_("Sensitivity"), N_("grey levels per standard deviation"),
    N_("How the mean grey level would change with one standard deviation more of the response.") },
  [PCT_INFLUENCE_SILENCING] = { "silencing", N_("Silencing"), N_("grey levels, root mean square"),
    N_("How much the picture changes when the neuron alone answers as usual.") },
};

const char *
pct_influence_measure_get_name(PctInfluenceMeasure measure)
{
  g_return_val_if_fail((guint)measure < PCT_N_INFLUENCE_MEASURES, NULL);
  return measures[measure].name;
}

gboolean
pct_influence_measure_from_name(const char *name, PctInfluenceMeasure *measure)
{
  for (int i = 0; i < PCT_N_INFLUENCE_MEASURES; i++)
    if (g_strcmp0(name, measures[i].name) == 0) {
      *measure = (PctInfluenceMeasure)i;
      return TRUE;
    }
  return FALSE;
}

const char *
pct_influence_measure_get_title(PctInfluenceMeasure measure)
{
  g_return_val_if_fail((guint)measure < PCT_N_INFLUENCE_MEASURES, NULL);
  return _(measures[measure].title);
}

const char *
pct_influence_measure_get_unit(PctInfluenceMeasure measure)
{
  g_return_val_if_fail((guint)measure < PCT_N_INFLUENCE_MEASURES, NULL);
  return _(measures[measure].unit);
}

const char *
pct_influence_measure_get_help(PctInfluenceMeasure measure)
{
  g_return_val_if_fail((guint)measure < PCT_N_INFLUENCE_MEASURES, NULL);
  return _(measures[measure].help);
}

gboolean
pct_region_is_whole(const PctRegion *region)
{
  return region->width == 0 && region->height == 0;
}

gboolean
pct_region_check(const PctRegion *region, int height, int width, GError **error)
{
  // Nothing is added, so that nothing overflows.
  if ((pct_region_is_whole(region) && region->x == 0 && region->y == 0) ||
      (region->x >= 0 && region->y >= 0 && region->width > 0 && region->height > 0 && region->x < width &&
       region->y < height && region->width <= width - region->x && region->height <= height - region->y))
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("The region of %d × %d pixels at column %d, row %d is not inside the picture of %d × %d pixels."),
              region->width, region->height, region->x, region->y, width, height);
  return FALSE;
}

void
pct_influence_free(PctInfluence *influence)
{
  if (!influence)
    return;
  g_free(influence->values);
  g_free(influence);
}

// out (H,W): the mean over the region is the sum of picture x out.
static void
fill_mean_weights(const PctDecoder *decoder, const PctRegion *region, float *out)
{
  PctRegion whole = { 0, 0, decoder->width, decoder->height };
  const PctRegion *of = pct_region_is_whole(region) ? &whole : region;
  memset(out, 0, (gsize)decoder->height * (gsize)decoder->width * sizeof(float));
  for (int y = of->y; y < of->y + of->height; y++)
    for (int x = of->x; x < of->x + of->width; x++)
      out[y * decoder->width + x] = (float)(1.0 / of->height / of->width);
}

static gboolean
sense(PctInfluence *self, PctDecoder *decoder, const PctInfluencePoint *at, const float *weights, const PctRun *run,
      GError **error)
{
  g_autofree float *gradient = g_new(float, self->n_neurons);
  if (!pct_run_step(run, 0, 1, error) ||
      !pct_decoder_pullback(decoder, at->responses, at->n_averaged, at->z, weights, gradient, run, error))
    return FALSE;
  for (int i = 0; i < self->n_neurons; i++)
    self->values[i] = (double)gradient[i] * at->std[i];
  return TRUE;
}

// The mean over the region at the responses, less that at the mean responses.
static gboolean
find_change(double *change, PctDecoder *decoder, const PctInfluencePoint *at, const float *weights, const PctRun *run,
            GError **error)
{
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  gsize latent = at->z ? (gsize)pct_decoder_get_latent(decoder) : 0;
  g_autofree float *both = g_new(float, 2 * m), *pictures = g_new(float, 2 * p);
  g_autofree float *z = latent ? g_new(float, 2 * latent) : NULL;
  memcpy(both, at->responses, m * sizeof(float));
  memcpy(both + m, at->mean, m * sizeof(float));
  for (int i = 0; z && i < 2; i++)
    memcpy(z + (gsize)i * latent, at->z, latent * sizeof(float));
  if (!pct_decoder_reconstruct(decoder, both, 2, at->n_averaged, z, pictures, run, error))
    return FALSE;
  *change = 0;
  for (gsize i = 0; i < p; i++)
    *change += ((double)pictures[i] - pictures[p + i]) * weights[i];
  return TRUE;
}

// The values from the sum of n derivatives. Returns whether they are close to those before, and add up.
static gboolean
conclude(PctInfluence *self, const PctInfluencePoint *at, const double *sum, int n)
{
  double largest = 0, moved = 0, total = 0;
  for (int i = 0; i < self->n_neurons; i++) {
    double value = sum[i] / n * ((double)at->responses[i] - at->mean[i]);
    moved = MAX(moved, fabs(value - self->values[i]));
    largest = MAX(largest, fabs(value));
    total += value;
    self->values[i] = value;
  }
  self->n_steps = n;
  self->gap = self->change - total;
  return n > 1 && moved <= CLOSE * largest &&
         fabs(self->gap) <= MAX(INVISIBLE_GAP, CLOSE_GAP * fabs(self->change));
}

static gboolean
contribute(PctInfluence *self, PctDecoder *decoder, const PctInfluencePoint *at, const float *weights,
           const PctRun *run, GError **error)
{
  int m = self->n_neurons;
  PctRunPart part;
  g_autofree double *sum = g_new0(double, m);
  g_autofree float *gradient = g_new(float, m), *between = g_new(float, m);
  if (!find_change(&self->change, decoder, at, weights, pct_run_part(&part, run, 0, 1, 0), error))
    return FALSE;
  for (int n = 1; n <= MOST_STEPS; n *= 3) {
    for (int k = 0; k < n; k++) {
      if (n > 1 && k % 3 == 1)  // a point of the steps before
        continue;
      double t = (k + 0.5) / n;
      for (int i = 0; i < m; i++)
        between[i] = (float)(at->mean[i] + t * ((double)at->responses[i] - at->mean[i]));
      // Not every kind reports from within.
      if (!pct_run_step(run, 0, 0, error) ||
          !pct_decoder_pullback(decoder, between, at->n_averaged, at->z, weights, gradient,
                                pct_run_part(&part, run, k, 1, 0), error))
        return FALSE;
      for (int i = 0; i < m; i++)
        sum[i] += gradient[i];
    }
    if (conclude(self, at, sum, n))
      break;
  }
  return TRUE;
}

static gboolean
silence(PctInfluence *self, PctDecoder *decoder, const PctInfluencePoint *at, const PctRun *run, GError **error)
{
  gsize p = (gsize)decoder->height * (gsize)decoder->width;
  g_autofree float *whole = g_new0(float, p), *without = g_new0(float, p);
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, pct_run_get_pool(run));
  session->set_latent(session, at->z);
  session->set_responses(session, at->responses, at->n_averaged);
  session->draw(session, whole);
  for (int i = 0; i < self->n_neurons; i++) {
    if (!pct_run_step(run, i, self->n_neurons, error))
      return FALSE;
    if (at->responses[i] == at->mean[i])
      continue;
    session->set_response(session, i, at->mean[i]);
    session->draw(session, without);
    session->set_response(session, i, at->responses[i]);
    double squares = 0;
    for (gsize j = 0; j < p; j++)
      squares += ((double)whole[j] - without[j]) * ((double)whole[j] - without[j]);
    self->values[i] = sqrt(squares / (double)p);
  }
  return pct_run_step(run, self->n_neurons, self->n_neurons, error);
}

PctInfluence *
pct_influence_new(PctDecoder *decoder, PctInfluenceMeasure measure, const PctInfluencePoint *at, const PctRun *run,
                  GError **error)
{
  g_return_val_if_fail(decoder && at && at->responses && at->mean && at->std && at->n_averaged > 0, NULL);
  if (!pct_region_check(&at->region, decoder->height, decoder->width, error))
    return NULL;
  g_autoptr(PctInfluence) self = g_new0(PctInfluence, 1);
  self->n_neurons = decoder->n_neurons;
  self->values = g_new0(double, decoder->n_neurons);
  g_autofree float *weights = g_new(float, (gsize)decoder->height * (gsize)decoder->width);
  fill_mean_weights(decoder, &at->region, weights);
  gboolean done = measure == PCT_INFLUENCE_SILENCING     ? silence(self, decoder, at, run, error)
                  : measure == PCT_INFLUENCE_SENSITIVITY ? sense(self, decoder, at, weights, run, error)
                                                         : contribute(self, decoder, at, weights, run, error);
  return done ? g_steal_pointer(&self) : NULL;
}

static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  const double *values = data;
  int i = *(const int *)a, j = *(const int *)b;
  double x = fabs(values[i]), y = fabs(values[j]);
  return x != y ? (x < y) - (x > y) : (i > j) - (i < j);
}

int *
pct_influence_dup_order(const PctInfluence *influence)
{
  int *order = g_new(int, influence->n_neurons);
  for (int i = 0; i < influence->n_neurons; i++)
    order[i] = i;
  g_qsort_with_data(order, influence->n_neurons, sizeof(int), compare, influence->values);
  return order;
}
