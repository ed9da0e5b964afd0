// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/lesion.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "data/recording-subset.h"
#include "decode/evaluate.h"

#define EACH_UP_TO 8
#define RATIO 1.5

int *
pct_lesion_counts_new(int most, int *n)
{
  g_return_val_if_fail(most >= 0 && n, NULL);
  GArray *counts = g_array_new(FALSE, FALSE, sizeof(int));
  for (int count = 0; count < most; count = count < EACH_UP_TO ? count + 1 : (int)ceil(count * RATIO))
    g_array_append_val(counts, count);
  g_array_append_val(counts, most);
  *n = (int)counts->len;
  return (int *)(gpointer)g_array_free(counts, FALSE);
}

static void
silence(const PctLesion *lesion, const int *chosen, int count, int m, float *responses, gsize n)
{
  g_autofree guint8 *silent = g_malloc((gsize)m);
  memset(silent, lesion->others, (gsize)m);
  for (int i = 0; i < count; i++)
    silent[chosen[i]] = !lesion->others;
  for (gsize row = 0; row < n; row++)
    for (int j = 0; j < m; j++)
      if (silent[j])
        responses[row * (gsize)m + (gsize)j] = lesion->mean[j];
}

void
pct_lesion_silence(const PctLesion *lesion, int count, int n_neurons, float *responses, gsize n)
{
  g_return_if_fail(lesion && count >= 0 && count <= lesion->n_order);
  silence(lesion, lesion->order, count, n_neurons, responses, n);
}

// choice < 0: of the order, else the random one of that number.
static void
silence_choice(const PctLesion *lesion, int choice, int count, int m, float *responses, gsize n)
{
  g_autofree int *chosen = choice < 0 ? NULL : g_new(int, MAX(count, 1));
  if (chosen && count > 0)
    pct_choose_nested(m, count, lesion->seed, (guint64)choice, chosen);
  silence(lesion, chosen ? chosen : lesion->order, count, m, responses, n);
}

static void
begin_point(const PctLesion *lesion, int count, int m, PctLesionPoint *point)
{
  *point = (PctLesionPoint){ .count = count, .n_silenced = lesion->others ? m - count : count };
  pct_score_summary_clear(&point->score);
  pct_score_summary_clear(&point->random);
}

// Adds one random choice to the mean, which is a sum until the last.
static void
add_random(PctLesionPoint *point, int choice, int n_random, double (*mean)[PCT_N_MEASURES])
{
  for (int f = 0; f < PCT_N_FRAMES; f++)
    for (int i = 0; i < PCT_N_MEASURES; i++) {
      double value = mean[f][i], *sum = &point->random.mean[f][i];
      PctInterval *between = &point->random.interval[f][i];
      *sum = choice == 0 ? value : *sum + value;
      between->low = choice == 0 ? value : fmin(between->low, value);
      between->high = choice == 0 ? value : fmax(between->high, value);
      if (choice == n_random - 1)
        *sum /= n_random;
    }
}

typedef struct {
  const PctDecoder *decoder;
  const float *original, *pictures;
  PctScoreSummary *scores;
} Scoring;

static void
score_pictures(gsize first, gsize end, guint thread, gpointer data)
{
  const Scoring *s = data;
  int height = s->decoder->height, width = s->decoder->width;
  const PctWindow windows[PCT_N_FRAMES] = {
    [PCT_FRAME_FULL] = pct_window_full(height, width),
    [PCT_FRAME_CENTRAL] = pct_window_central(height, width),
  };
  for (gsize i = first; i < end; i++) {
    const float *picture = s->pictures + i * (gsize)height * (gsize)width;
    pct_score_summary_clear(&s->scores[i]);
    for (int f = 0; f < PCT_N_FRAMES; f++) {
      double *mean = s->scores[i].mean[f];
      mean[PCT_MEASURE_MSE] = pct_mse(picture, s->original, height, width, windows[f]);
      mean[PCT_MEASURE_PIXCORR] = pct_pixcorr(picture, s->original, height, width, windows[f]);
      mean[PCT_MEASURE_SSIM] = pct_ssim(picture, s->original, height, width, windows[f]);
    }
  }
}

gboolean
pct_lesion_measure_image(const PctLesion *lesion, const PctDecoder *decoder, const PctLesionImage *image,
                         const int *counts, int n, PctLesionPoint *points, const PctRun *run, GError **error)
{
  g_return_val_if_fail(lesion && decoder && image && n >= 0 && points, FALSE);
  int m = decoder->n_neurons, n_parts = 1 + lesion->n_random;
  gsize pixels = (gsize)decoder->height * (gsize)decoder->width, rows = (gsize)n;
  gsize n_latent = image->z ? (gsize)pct_decoder_get_latent(decoder) : 0;
  g_autofree float *responses = g_new(float, MAX(rows * (gsize)m, 1)), *pictures = g_new(float, MAX(rows * pixels, 1));
  g_autofree float *z = n_latent > 0 ? g_new(float, MAX(rows * n_latent, 1)) : NULL;
  g_autofree PctScoreSummary *scores = g_new(PctScoreSummary, MAX(rows, 1));
  for (gsize i = 0; i < rows; i++) {
    g_return_val_if_fail(counts[i] >= 0 && counts[i] <= lesion->n_order, FALSE);
    begin_point(lesion, counts[i], m, &points[i]);
    if (z)
      memcpy(z + i * n_latent, image->z, n_latent * sizeof(float));
  }
  for (int part = 0; part < n_parts; part++) {
    for (gsize i = 0; i < rows; i++) {
      memcpy(responses + i * (gsize)m, image->responses, (gsize)m * sizeof(float));
      silence_choice(lesion, part - 1, counts[i], m, responses + i * (gsize)m, 1);
    }
    PctRunPart share;
    const PctRun *inner = pct_run_part(&share, run, part, 1, n_parts);
    if (!pct_decoder_reconstruct(decoder, responses, rows, image->n_averaged, z, pictures, inner, error))
      return FALSE;
    Scoring scoring = { decoder, image->original, pictures, scores };
    pct_parallel_for(pct_run_get_pool(run), rows, 1, score_pictures, &scoring);
    for (gsize i = 0; i < rows; i++)
      if (part == 0)
        points[i].score = scores[i];
      else
        add_random(&points[i], part - 1, lesion->n_random, scores[i].mean);
    if (!pct_run_step(run, part + 1, n_parts, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pct_lesion_measure(const PctLesion *lesion, const PctDecoder *decoder, const PctScoreSet *set, int count,
                   PctLesionPoint *point, const PctRun *run, GError **error)
{
  g_return_val_if_fail(lesion && decoder && set && point && count >= 0 && count <= lesion->n_order, FALSE);
  gsize size = (gsize)set->n * (gsize)set->n_neurons;
  int n_parts = 1 + lesion->n_random;
  g_autoptr(PctFloats) responses = pct_aligned_new(size, error);
  if (!responses)
    return FALSE;
  begin_point(lesion, count, set->n_neurons, point);
  PctScoreSet lesioned = *set;
  lesioned.responses = responses;
  for (int part = 0; part < n_parts; part++) {
    memcpy(responses, set->responses, size * sizeof(float));
    silence_choice(lesion, part - 1, count, set->n_neurons, responses, (gsize)set->n);
    PctRunPart share;
    const PctRun *inner = pct_run_part(&share, run, part, 1, n_parts);
    g_autoptr(PctScore) score = pct_decoder_score(decoder, &lesioned, NULL, inner, error);
    if (!score)
      return FALSE;
    if (part == 0)
      pct_score_summarise(score, set->images, &point->score, pct_run_get_pool(run));
    else
      add_random(point, part - 1, lesion->n_random, score->mean);
  }
  return pct_run_step(run, n_parts, n_parts, error);
}
