// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/imagined-trials.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "data/simulate-images.h"

// Images predicted at a time.
#define BATCH 256
#define STREAM_VIEWS ((guint64)0x60 << 32)
// Of a shifted view, as a share of the frame's height; of an enlarged one, the least scale.
#define MOST_SHIFT 0.22
#define LEAST_SCALE 0.7

// Where pixel i of an endless row of reflections lies in the n that there are.
static int
reflect(int i, int n)
{
  if (n == 1)
    return 0;
  int period = 2 * n - 2;
  i = ((i % period) + period) % period;
  return i < n ? i : period - i;
}

void
pct_imagined_view(const float *image, int height, int width, double top, double left, double scale, gboolean mirrored,
                  float *out)
{
  for (int i = 0; i < height; i++) {
    double y = top + (i + 0.5) * scale - 0.5;
    int above = (int)floor(y);
    float down = (float)(y - above);
    const float *rows[] = { image + (gsize)reflect(above, height) * (gsize)width,
                            image + (gsize)reflect(above + 1, height) * (gsize)width };
    for (int j = 0; j < width; j++) {
      double x = left + (j + 0.5) * scale - 0.5;
      int before = (int)floor(x);
      float right = (float)(x - before);
      int a = reflect(before, width), b = reflect(before + 1, width);
      float upper = rows[0][a] + right * (rows[0][b] - rows[0][a]), lower = rows[1][a] + right * (rows[1][b] - rows[1][a]);
      out[(gsize)i * (gsize)width + (gsize)(mirrored ? width - 1 - j : j)] = upper + down * (lower - upper);
    }
  }
}

// Copy c = 1: mirrored; 2, 4, ...: shifted; 3, 5, ...: enlarged.
static void
view_at_random(const float *image, int height, int width, int copy, guint64 seed, guint64 number, float *out)
{
  PctRandom random = pct_random(seed, STREAM_VIEWS + number);
  double a = pct_random_uniform(&random), b = pct_random_uniform(&random), c = pct_random_uniform(&random);
  gboolean mirrored = pct_random_uniform(&random) < 0.5;
  if (copy == 1) {
    pct_imagined_view(image, height, width, 0, 0, 1, TRUE, out);
  } else if (copy % 2 == 0) {
    // By whole pixels, so that nothing is blurred.
    double reach = round(MOST_SHIFT * height);
    pct_imagined_view(image, height, width, round((2 * a - 1) * reach), round((2 * b - 1) * reach), 1, mirrored, out);
  } else {
    double scale = LEAST_SCALE + (1 - LEAST_SCALE) * c;
    pct_imagined_view(image, height, width, a * (1 - scale) * height, b * (1 - scale) * width, scale, mirrored, out);
  }
}

// z (n,M) of pictures (n,P), grey levels.
static gboolean
predict(const PctFit *fit, const float *pictures, gsize n, float *z, const PctRun *run, GError **error)
{
  const PctStatistics *statistics = fit->statistics;
  gsize m = (gsize)statistics->n_neurons, p = (gsize)statistics->n_pixels;
  for (gsize first = 0; first < n; first += BATCH) {
    gsize count = MIN(BATCH, n - first);
    PctRunPart part;
    const PctRun *inner = pct_run_part(&part, run, (double)first, (double)count, (double)n);
    if (!pct_encoder_predict(fit->encoder, pictures + first * p, count, z + first * m, inner, error))
      return FALSE;
    for (gsize i = first; i < first + count; i++)
      for (gsize j = 0; j < m; j++) {
        float scale = statistics->response_scale[j];
        z[i * m + j] = (z[i * m + j] - statistics->response_mean[j]) / (scale > 0 ? scale : 1);
      }
  }
  return TRUE;
}

gboolean
pct_imagined_trials_predict(const PctFit *fit, const int *images, gsize n, float *out, const PctRun *run, GError **error)
{
  g_autoptr(PctFloats) pictures = pct_aligned_new(n * (gsize)fit->statistics->n_pixels, error);
  if (!pictures)
    return FALSE;
  pct_recording_read_images(fit->recording, images, (int)n, pictures);
  return predict(fit, pictures, n, out, run, error);
}

static gboolean
add_photographs(float *pictures, const PctFit *fit, int n, const PctRun *run, GError **error)
{
  g_auto(PctSimulationImages) crops = { .height = pct_recording_get_height(fit->recording),
                                        .width = pct_recording_get_width(fit->recording), .n = { n, 0, 0 } };
  if (!pct_simulation_images_from_folder(&crops, fit->photographs, fit->seed, run, n, error))
    return FALSE;
  gsize size = (gsize)n * (gsize)fit->statistics->n_pixels;
  for (gsize i = 0; i < size; i++)
    pictures[i] = crops.pixels[i];
  return TRUE;
}

gboolean
pct_imagined_trials_new(PctTrialRows *rows, const PctFit *fit, int copies, const PctRun *run, GError **error)
{
  if (!fit->encoder) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("Trials cannot be imagined without an encoder."));
    return FALSE;
  }
  g_return_val_if_fail(copies >= 0, FALSE);
  const PctStatistics *statistics = fit->statistics;
  gsize m = (gsize)statistics->n_neurons, p = (gsize)statistics->n_pixels;
  int n_train, height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  const int *train = pct_recording_get_tier_images(fit->recording, PCT_TIER_TRAIN, &n_train);
  rows->n = (gsize)n_train * (gsize)(1 + copies + (fit->photographs != NULL));
  rows->pictures = pct_aligned_new(rows->n * p, error);
  rows->z = rows->pictures ? pct_aligned_new(rows->n * m, error) : NULL;
  PctProgress progress = { .phase = _("Asking the encoder about images") };
  if (!rows->z || !pct_run_report(run, &progress, error))
    return FALSE;
  pct_recording_read_images(fit->recording, train, n_train, rows->pictures);
  for (int c = 1; c <= copies; c++)
    for (int i = 0; i < n_train; i++) {
      gsize at = (gsize)c * (gsize)n_train + (gsize)i;
      view_at_random(rows->pictures + (gsize)i * p, height, width, c, fit->seed, at, rows->pictures + at * p);
    }
  if (fit->photographs &&
      !add_photographs(rows->pictures + (gsize)(1 + copies) * (gsize)n_train * p, fit, n_train, run, error))
    return FALSE;
  if (!predict(fit, rows->pictures, rows->n, rows->z, run, error))
    return FALSE;
  for (gsize i = 0; i < rows->n; i++)
    for (gsize j = 0; j < p; j++)
      rows->pictures[i * p + j] -= statistics->mean_image[j];
  return TRUE;
}
