// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/sweep-pictures.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"

// Few enough that a slider need not wait long for its turn, enough that the first layer is a matrix product.
#define BATCH 8

static const char *const latent_names[PCT_N_SWEEP_LATENTS] = { "fixed", "redrawn", "averaged" };

const char *
pct_sweep_latent_get_name(PctSweepLatent latent)
{
  g_return_val_if_fail((guint)latent < PCT_N_SWEEP_LATENTS, NULL);
  return latent_names[latent];
}

gboolean
pct_sweep_latent_from_name(const char *name, PctSweepLatent *latent)
{
  for (guint i = 0; i < PCT_N_SWEEP_LATENTS; i++)
    if (g_str_equal(name, latent_names[i])) {
      *latent = (PctSweepLatent)i;
      return TRUE;
    }
  return FALSE;
}

PctSweepPictures *
pct_sweep_pictures_new(const PctSweep *sweep, const PctDecoder *decoder, const PctSweepOptions *options, GError **error)
{
  g_return_val_if_fail(sweep->n_neurons == decoder->n_neurons, NULL);
  gboolean averaged = options->latent == PCT_SWEEP_LATENT_AVERAGED;
  g_return_val_if_fail(!averaged || (options->n_draws >= 2 && options->n_draws <= PCT_SWEEP_MOST_DRAWS), NULL);
  if (options->latent != PCT_SWEEP_LATENT_FIXED && pct_decoder_get_latent(decoder) == 0) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                        _("This decoder draws one picture for given responses; there is no z to draw."));
    return NULL;
  }
  g_autoptr(PctSweepPictures) pictures = g_new0(PctSweepPictures, 1);
  *pictures = (PctSweepPictures){ .n = sweep->n, .height = decoder->height, .width = decoder->width,
                                  .n_draws = averaged ? options->n_draws : 1 };
  gsize pixels = (gsize)decoder->height * (gsize)decoder->width;
  pictures->pictures = g_try_new0(float, sweep->n * pixels);
  pictures->spread = averaged ? g_try_new0(float, sweep->n * pixels) : NULL;
  pictures->draws = averaged ? g_try_new(float, (gsize)options->n_draws * pixels) : NULL;
  if (pictures->pictures && (!averaged || (pictures->spread && pictures->draws)))
    return g_steal_pointer(&pictures);
  g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is no memory for %zu pictures of %d × %d pixels."), sweep->n,
              decoder->width, decoder->height);
  return NULL;
}

void
pct_sweep_pictures_free(PctSweepPictures *pictures)
{
  if (!pictures)
    return;
  g_free(pictures->pictures);
  g_free(pictures->spread);
  g_free(pictures->draws);
  g_free(pictures);
}

gboolean
pct_sweep_pictures_is_done(const PctSweepPictures *pictures)
{
  return pictures->n_ready == pictures->n;
}

// Mean and standard deviation of n pictures a pixel, in two passes.
static void
average(const float *draws, gsize n, gsize pixels, float *mean, float *spread)
{
  for (gsize p = 0; p < pixels; p++) {
    double sum = 0, square = 0;
    for (gsize i = 0; i < n; i++)
      sum += draws[i * pixels + p];
    sum /= (double)n;
    for (gsize i = 0; i < n; i++)
      square += (draws[i * pixels + p] - sum) * (draws[i * pixels + p] - sum);
    if (mean)
      mean[p] = (float)sum;
    spread[p] = (float)sqrt(square / (double)(n - 1));
  }
}

// z (count,latent) of pictures first.. of all that are drawn; NULL: zeros. Free with g_free.
static float *
make_latents(const PctDecoder *decoder, const PctSweepOptions *options, gsize first, gsize count)
{
  gsize n = (gsize)pct_decoder_get_latent(decoder);
  gboolean fixed = options->latent == PCT_SWEEP_LATENT_FIXED;
  if (n == 0 || (fixed && !options->z))
    return NULL;
  float *z = g_new(float, count * n);
  for (gsize i = 0; i < count; i++)
    if (fixed)
      memcpy(z + i * n, options->z, n * sizeof(float));
    else
      pct_random_fill_normal(z + i * n, n, options->seed, first + i);
  return z;
}

gboolean
pct_sweep_pictures_draw_batch(PctSweepPictures *pictures, const PctSweep *sweep, const PctDecoder *decoder,
                              const PctSweepOptions *options, const PctRun *run, GError **error)
{
  gsize m = (gsize)sweep->n_neurons, pixels = (gsize)pictures->height * (gsize)pictures->width;
  gsize draws = (gsize)pictures->n_draws, step = pictures->n_drawn / draws, first = pictures->n_drawn % draws;
  gsize count = 1;
  if (pct_sweep_pictures_is_done(pictures))
    return TRUE;
  g_autofree float *repeated = NULL;
  const float *responses = sweep->responses + step * m;
  float *out = draws > 1 ? pictures->draws + first * pixels : pictures->pictures + step * pixels;
  if (draws > 1) {
    count = MIN(draws - first, BATCH);
    repeated = g_new(float, count * m);
    for (gsize i = 0; i < count; i++)
      memcpy(repeated + i * m, responses, m * sizeof(float));
    responses = repeated;
  } else
    while (count < BATCH && step + count < sweep->n && sweep->n_averaged[step + count] == sweep->n_averaged[step])
      count++;
  g_autofree float *z = make_latents(decoder, options, draws > 1 ? first : step, count);
  if (!pct_decoder_reconstruct(decoder, responses, count, sweep->n_averaged[step], z, out, run, error))
    return FALSE;
  pictures->n_drawn += count;
  if (draws > 1 && first + count == draws)
    average(pictures->draws, draws, pixels, pictures->pictures + step * pixels, pictures->spread + step * pixels);
  pictures->n_ready = pictures->n_drawn / draws;
  return TRUE;
}

gboolean
pct_sweep_pictures_draw(PctSweepPictures *pictures, const PctSweep *sweep, const PctDecoder *decoder,
                        const PctSweepOptions *options, const PctRun *run, GError **error)
{
  double all = (double)pictures->n * pictures->n_draws;
  while (!pct_sweep_pictures_is_done(pictures)) {
    PctRunPart part;
    // How large the next batch is it finds out itself; it is one picture at least.
    const PctRun *of_batch = pct_run_part(&part, run, (double)pictures->n_drawn, 1, all);
    if (!pct_sweep_pictures_draw_batch(pictures, sweep, decoder, options, of_batch, error) ||
        !pct_run_step(run, (double)pictures->n_drawn, all, error))
      return FALSE;
  }
  return TRUE;
}

static double
root_mean_square(const float *values, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double)values[i] * values[i];
  return n ? sqrt(sum / (double)n) : NAN;
}

double
pct_sweep_pictures_get_spread(const PctSweepPictures *pictures, gsize i)
{
  gsize pixels = (gsize)pictures->height * (gsize)pictures->width;
  if (!pictures->spread || (i != G_MAXSIZE && i >= pictures->n_ready))
    return NAN;
  return i == G_MAXSIZE ? root_mean_square(pictures->spread, pictures->n_ready * pixels)
                        : root_mean_square(pictures->spread + i * pixels, pixels);
}

double
pct_sweep_pictures_get_change(const PctSweepPictures *pictures)
{
  gsize pixels = (gsize)pictures->height * (gsize)pictures->width;
  if (pictures->n_ready < 2)
    return NAN;
  g_autofree float *deviation = g_new(float, pixels);
  average(pictures->pictures, pictures->n_ready, pixels, NULL, deviation);
  return root_mean_square(deviation, pixels);
}
