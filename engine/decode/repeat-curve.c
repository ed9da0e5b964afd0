// SPDX-License-Identifier: GPL-3.0-or-later
// Every image's trials are put in a random order once. A point takes runs of n of them as its subsets, the halves take
// the first and the last half, and all images give as many trials, so that none weighs more than another.
#include "config.h"
#include "decode/repeat-curve.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "decode/evaluate.h"
#include "measure/repeats.h"

typedef struct {
  const PctDecoder *decoder;
  const PctStatistics *statistics;
  const PctRepeats *repeats;
  const PctRepeatOptions *options;
  const PctRun *run;
  int n_images, n_repeats;
  int *images;     // (n_images,) numbers
  int *rows;       // (n_images, n_repeats) rows of repeats, in the images' random orders
  float *originals;  // (n_images,H,W)
} Work;

static void
work_clear(Work *work)
{
  g_free(work->images);
  g_free(work->rows);
  g_free(work->originals);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static int
count_trials(const PctRepeats *repeats, int i)
{
  return repeats->first[i + 1] - repeats->first[i];
}

// The largest number of trials that half of the repeated images or more have.
static int
choose_n_repeats(const PctRepeats *repeats)
{
  int most = 0;
  for (int i = 0; i < repeats->n_images; i++)
    most = MAX(most, count_trials(repeats, i));
  for (int n = most; n > 1; n--) {
    int have = 0;
    for (int i = 0; i < repeats->n_images; i++)
      have += count_trials(repeats, i) >= n;
    if (2 * have >= repeats->n_images)
      return n;
  }
  return 0;
}

static void
choose_trials(Work *work, const PctRecording *recording)
{
  const PctRepeats *repeats = work->repeats;
  gsize p = (gsize)work->decoder->height * (gsize)work->decoder->width;
  int n = work->n_repeats = choose_n_repeats(repeats), most = 0;
  for (int i = 0; i < repeats->n_images; i++)
    most = MAX(most, count_trials(repeats, i));
  work->images = g_new(int, repeats->n_images);
  work->rows = g_new(int, (gsize)repeats->n_images * (gsize)n);
  work->originals = g_new(float, (gsize)repeats->n_images * p);
  g_autofree guint32 *order = g_new(guint32, most);
  for (int i = 0; i < repeats->n_images; i++) {
    if (count_trials(repeats, i) < n)
      continue;
    // By the image's number: what else the tier shows changes nothing.
    PctRandom random = pct_random(work->options->seed, (guint64)repeats->images[i]);
    pct_random_permutation(&random, order, (guint32)count_trials(repeats, i));
    for (int j = 0; j < n; j++)
      work->rows[work->n_images * n + j] = repeats->first[i] + (int)order[j];
    pct_recording_read_image(recording, repeats->images[i], work->originals + (gsize)work->n_images * p);
    work->images[work->n_images++] = repeats->images[i];
  }
}

// Rows for each image: the means of `subsets` runs of n of its trials, from its trial `first` on.
static PctScoreSet *
make_set(const Work *work, int n, int subsets, int first)
{
  const PctDecoder *decoder = work->decoder;
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  PctScoreSet *set = g_new0(PctScoreSet, 1);
  *set = (PctScoreSet){ .n = work->n_images * subsets, .n_neurons = decoder->n_neurons, .height = decoder->height,
                        .width = decoder->width, .averaged = n > 1, .mean_image = work->statistics->mean_image };
  set->responses = g_malloc_n((gsize)set->n * m, sizeof(float));
  set->originals = g_malloc_n((gsize)set->n * p, sizeof(float));
  set->images = g_new(int, set->n);
  set->repeats = g_new(int, set->n);
  g_autofree double *sum = g_new(double, m);
  for (int row = 0; row < set->n; row++) {
    int image = row / subsets, from = first + row % subsets * n;
    memset(sum, 0, m * sizeof *sum);
    for (int j = from; j < from + n; j++) {
      const float *trial = work->repeats->responses + (gsize)work->rows[image * work->n_repeats + j] * m;
      for (gsize c = 0; c < m; c++)
        sum[c] += trial[c];
    }
    for (gsize c = 0; c < m; c++)
      set->responses[(gsize)row * m + c] = (float)(sum[c] / n);
    memcpy(set->originals + (gsize)row * p, work->originals + (gsize)image * p, p * sizeof(float));
    set->images[row] = work->images[image];
    set->repeats[row] = n;
  }
  return set;
}

// Each image's mean over its pictures: by_image (F,M,n_images).
static void
average_by_image(const Work *work, const PctScore *score, int subsets, float *by_image)
{
  for (int frame = 0; frame < PCT_N_FRAMES; frame++)
    for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
      const float *values = score->values[frame][measure];
      for (int i = 0; i < work->n_images; i++)
        by_image[(frame * PCT_N_MEASURES + measure) * work->n_images + i] =
          (float)pct_mean_of_finite(values + i * subsets, (gsize)subsets);
    }
}

static gboolean
measure_point(const Work *work, int n, PctRepeatPoint *point, float *by_image, GError **error)
{
  int subsets = work->n_repeats / n;
  if (work->options->most_subsets > 0)
    subsets = MIN(subsets, work->options->most_subsets);
  g_autoptr(PctScoreSet) set = make_set(work, n, subsets, 0);
  g_autoptr(PctScore) score = pct_decoder_score(work->decoder, set, NULL, work->run, error);
  if (!score)
    return FALSE;
  point->n = n;
  point->n_pictures = set->n;
  pct_score_summarise(score, set->images, &point->score, pct_run_get_pool(work->run));
  average_by_image(work, score, subsets, by_image);
  return TRUE;
}

// No fit to points near the end of what a measure can be goes beyond it.
static double
bound(double limit, PctMeasure measure)
{
  return !isfinite(limit) ? NAN : pct_measure_is_error(measure) ? MAX(limit, 0) : MIN(limit, 1);
}

// The limit of one frame's measure: of the points' means, and of those of every resample of the images.
static void
find_limit(const Work *work, PctRepeatCurve *curve, const float *by_image, PctFrame frame, PctMeasure measure)
{
  int n_points = curve->n_points, resamples = PCT_BOOTSTRAP_RESAMPLES, column = (int)frame * PCT_N_MEASURES + (int)measure;
  g_autofree double *n = g_new(double, n_points), *values = g_new(double, n_points);
  g_autofree const float **columns = g_new(const float *, n_points);
  for (int i = 0; i < n_points; i++) {
    n[i] = curve->points[i].n;
    values[i] = curve->points[i].score.mean[frame][measure];
    columns[i] = by_image + (gsize)(i * PCT_N_FRAMES * PCT_N_MEASURES + column) * (gsize)work->n_images;
  }
  double limit = curve->limit.mean[frame][measure] =
    bound(pct_repeat_limit(n, values, n_points, NULL), measure);
  if (!isfinite(limit) || work->n_images < 2)
    return;
  g_autofree double *means = g_new(double, (gsize)n_points * (gsize)resamples), *limits = g_new(double, resamples);
  pct_bootstrap_means(columns, (gsize)n_points, work->images, (gsize)work->n_images, PCT_BOOTSTRAP_SEED,
                      (gsize)resamples, means, pct_run_get_pool(work->run));
  for (int b = 0; b < resamples; b++) {
    for (int i = 0; i < n_points; i++)
      values[i] = means[i * resamples + b];
    limits[b] = bound(pct_repeat_limit(n, values, n_points, NULL), measure);
  }
  curve->limit.interval[frame][measure] = pct_bootstrap_interval(limits, (gsize)resamples);
}

static gboolean
measure_points(const Work *work, PctRepeatCurve *curve, GError **error)
{
  PctProgress progress = { .phase = _("Decoding means of ever more repeats") };
  if (!pct_run_report(work->run, &progress, error))
    return FALSE;
  curve->points = g_new0(PctRepeatPoint, 32);
  gsize of_point = (gsize)PCT_N_FRAMES * PCT_N_MEASURES * (gsize)work->n_images;
  g_autofree float *by_image = g_new(float, 32 * of_point);
  for (int n = 1;; n = MIN(2 * n, work->n_repeats)) {
    if (!measure_point(work, n, &curve->points[curve->n_points], by_image + (gsize)curve->n_points * of_point, error))
      return FALSE;
    curve->n_points++;
    if (n == work->n_repeats)
      break;
  }
  for (int frame = 0; frame < PCT_N_FRAMES; frame++)
    for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
      find_limit(work, curve, by_image, (PctFrame)frame, (PctMeasure)measure);
      if (!pct_run_step(work->run, 0, 0, error))
        return FALSE;
    }
  return TRUE;
}

// What compares a picture with an original says nothing of two pictures.
static void
keep_correlations(PctScoreSummary *summary)
{
  static const PctMeasure others[] = { PCT_MEASURE_MSE, PCT_MEASURE_SSIM, PCT_MEASURE_SSIM_MIN_MAX };
  for (int frame = 0; frame < PCT_N_FRAMES; frame++)
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
      summary->mean[frame][others[i]] = NAN;
      summary->interval[frame][others[i]] = PCT_INTERVAL_UNKNOWN;
    }
}

// One half's pictures (n_images,H,W) are looked for among the other's, which stand in for the set's originals.
static PctScore *
find_among(const Work *work, PctScoreSet *set, const float *pictures, const float *others, GError **error)
{
  memcpy(set->originals, others, (gsize)set->n * (gsize)set->height * (gsize)set->width * sizeof(float));
  return pct_score_new(set, pictures, work->run, error);
}

static gboolean
measure_halves(const Work *work, PctRepeatCurve *curve, GError **error)
{
  gsize n = (gsize)work->n_images * (gsize)work->decoder->height * (gsize)work->decoder->width;
  int half = work->n_repeats / 2;
  g_autoptr(PctScoreSet) first = make_set(work, half, 1, 0);
  g_autoptr(PctScoreSet) last = make_set(work, half, 1, half);
  g_autoptr(PctFloats) of_first = pct_aligned_new(n, error);
  g_autoptr(PctFloats) of_last = of_first ? pct_aligned_new(n, error) : NULL;
  if (!of_last || !pct_decoder_reconstruct_set(work->decoder, first, of_first, work->run, error) ||
      !pct_decoder_reconstruct_set(work->decoder, last, of_last, work->run, error))
    return FALSE;
  g_autoptr(PctScore) score = find_among(work, first, of_first, of_last, error);
  g_autoptr(PctScore) back = score ? find_among(work, last, of_last, of_first, error) : NULL;
  if (!back)
    return FALSE;
  // Neither half comes before the other.
  for (int frame = 0; frame < PCT_N_FRAMES; frame++)
    for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
      float *values = score->values[frame][measure];
      for (int i = 0; i < work->n_images; i++)
        values[i] = (values[i] + back->values[frame][measure][i]) / 2;
      score->mean[frame][measure] = pct_mean_of_finite(values, (gsize)work->n_images);
    }
  curve->half = half;
  pct_score_summarise(score, work->images, &curve->halves, pct_run_get_pool(work->run));
  keep_correlations(&curve->halves);
  return TRUE;
}

static gboolean
check(const PctDecoder *decoder, const PctRecording *recording, const PctRepeats *repeats, PctTier tier, GError **error)
{
  if (pct_recording_is_averaged(recording))
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("The responses of “%s” are means over repeats already: there are no single trials to average."),
                pct_recording_get_name(recording));
  else if (choose_n_repeats(repeats) < 2)
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” shows no image of its %s tier more than once."),
                pct_recording_get_name(recording), pct_tier_get_name(tier));
  else
    return pct_decoder_check_fits(decoder, pct_recording_get_n_neurons(recording), pct_recording_get_height(recording),
                                  pct_recording_get_width(recording), error);
  return FALSE;
}

PctRepeatCurve *
pct_repeat_curve_new(const PctDecoder *decoder, const PctRecording *recording, const PctStatistics *statistics,
                     PctTier tier, const PctRepeatOptions *options, const PctRun *run, GError **error)
{
  g_autoptr(PctRepeats) repeats = pct_repeats_new(recording, tier, 2, error);
  if (!repeats || !check(decoder, recording, repeats, tier, error))
    return NULL;
  g_auto(Work) work = { .decoder = decoder, .statistics = statistics, .repeats = repeats, .options = options, .run = run };
  choose_trials(&work, recording);
  g_autoptr(PctRepeatCurve) curve = g_new0(PctRepeatCurve, 1);
  curve->n_images = work.n_images;
  curve->n_left_out = repeats->n_images - work.n_images;
  curve->n_repeats = work.n_repeats;
  pct_score_summary_clear(&curve->limit);
  return measure_points(&work, curve, error) && measure_halves(&work, curve, error) ? g_steal_pointer(&curve) : NULL;
}

void
pct_repeat_curve_free(PctRepeatCurve *curve)
{
  if (!curve)
    return;
  g_free(curve->points);
  g_free(curve);
}
