// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/score.h"
#include <math.h>
#include "measure/frequency.h"
#include "measure/identification.h"

// Pictures between two reports, and a chunk of the loop over them.
#define BLOCK 512
#define CHUNK 4

const char *
pct_measure_get_name(PctMeasure measure)
{
  static const char *const names[PCT_N_MEASURES] = {
    "mse", "pixcorr", "ssim", "ssim_min_max", "identification", "pixcorr_centred",
    "pixcorr_to_1_32", "pixcorr_to_1_16", "pixcorr_to_1_8", "pixcorr_to_1_4", "pixcorr_beyond_1_4",
  };
  g_return_val_if_fail((int)measure >= 0 && measure < PCT_N_MEASURES, NULL);
  return names[measure];
}

gboolean
pct_measure_is_error(PctMeasure measure)
{
  return measure == PCT_MEASURE_MSE;
}

const char *
pct_frame_get_name(PctFrame frame)
{
  g_return_val_if_fail((int)frame >= 0 && frame < PCT_N_FRAMES, NULL);
  return frame == PCT_FRAME_FULL ? "full" : "central";
}

G_STATIC_ASSERT(PCT_MEASURE_BAND_5 - PCT_MEASURE_BAND_1 + 1 == PCT_N_BANDS && PCT_MEASURE_BAND_5 + 1 == PCT_N_MEASURES);

static PctWindow
window_of(PctFrame frame, int height, int width)
{
  return frame == PCT_FRAME_FULL ? pct_window_full(height, width) : pct_window_central(height, width);
}

typedef struct {
  const PctScoreSet *set;
  const float *reconstructions;
  PctScore *score;
  gsize offset;
  const PctFrequency *frequency[PCT_N_FRAMES];
} Scoring;

// What is left of a and b (p,) beyond the mean train image; room for it is differences (2,p).
static double
correlate_centred(const PctScoreSet *set, const float *a, const float *b, PctWindow window, float *differences)
{
  gsize p = (gsize)set->height * (gsize)set->width;
  for (gsize j = 0; j < p; j++) {
    differences[j] = a[j] - set->mean_image[j];
    differences[p + j] = b[j] - set->mean_image[j];
  }
  return pct_pixcorr(differences, differences + p, set->height, set->width, window);
}

static void
score_pictures(gsize first, gsize end, guint thread, gpointer data)
{
  const Scoring *s = data;
  int height = s->set->height, width = s->set->width;
  gsize p = (gsize)height * (gsize)width;
  g_autofree float *differences = s->set->mean_image ? g_new(float, 2 * p) : NULL;
  for (gsize i = s->offset + first; i < s->offset + end; i++)
    for (int frame = 0; frame < PCT_N_FRAMES; frame++) {
      const float *a = s->reconstructions + i * p, *b = s->set->originals + i * p;
      PctWindow window = window_of(frame, height, width);
      float **values = s->score->values[frame];
      values[PCT_MEASURE_MSE][i] = (float)pct_mse(a, b, height, width, window);
      values[PCT_MEASURE_PIXCORR][i] = (float)pct_pixcorr(a, b, height, width, window);
      values[PCT_MEASURE_SSIM][i] = (float)pct_ssim(a, b, height, width, window);
      values[PCT_MEASURE_SSIM_MIN_MAX][i] = (float)pct_ssim_min_max(a, b, height, width, window);
      values[PCT_MEASURE_PIXCORR_CENTRED][i] =
        differences ? (float)correlate_centred(s->set, a, b, window, differences) : NAN;
      double bands[PCT_N_BANDS];
      pct_frequency_correlate(s->frequency[frame], a, b, width, window, bands);
      for (int band = 0; band < PCT_N_BANDS; band++)
        values[PCT_MEASURE_BAND_1 + band][i] = (float)bands[band];
    }
}

PctScore *
pct_score_new(const PctScoreSet *set, const float *reconstructions, const PctRun *run, GError **error)
{
  g_return_val_if_fail(set && (reconstructions || set->n == 0), NULL);
  g_autoptr(PctScore) score = g_new0(PctScore, 1);
  gsize n = (gsize)set->n;
  score->n = set->n;
  for (int frame = 0; frame < PCT_N_FRAMES; frame++)
    for (int measure = 0; measure < PCT_N_MEASURES; measure++)
      score->values[frame][measure] = g_new0(float, n);
  PctWindow full = window_of(PCT_FRAME_FULL, set->height, set->width);
  PctWindow central = window_of(PCT_FRAME_CENTRAL, set->height, set->width);
  g_autoptr(PctFrequency) of_full = pct_frequency_new(full.y1, full.x1);
  g_autoptr(PctFrequency) of_central = pct_frequency_new(central.y1 - central.y0, central.x1 - central.x0);
  for (gsize first = 0; first < n; first += BLOCK) {
    Scoring scoring = { set, reconstructions, score, first, { of_full, of_central } };
    pct_parallel_for(pct_run_get_pool(run), MIN(BLOCK, n - first), CHUNK, score_pictures, &scoring);
    if (!pct_run_step(run, (double)first, (double)n, error))
      return NULL;
  }
  for (int frame = 0; frame < PCT_N_FRAMES; frame++) {
    if (!pct_identification(set, reconstructions, window_of(frame, set->height, set->width),
                            score->values[frame][PCT_MEASURE_IDENTIFICATION], run, error))
      return NULL;
    for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
      double sum = 0, count = 0;
      for (gsize i = 0; i < n; i++)
        if (isfinite(score->values[frame][measure][i])) {
          sum += score->values[frame][measure][i];
          count++;
        }
      score->mean[frame][measure] = count > 0 ? sum / count : NAN;
    }
  }
  return g_steal_pointer(&score);
}

void
pct_score_free(PctScore *score)
{
  if (!score)
    return;
  for (int frame = 0; frame < PCT_N_FRAMES; frame++)
    for (int measure = 0; measure < PCT_N_MEASURES; measure++)
      g_free(score->values[frame][measure]);
  g_free(score);
}
