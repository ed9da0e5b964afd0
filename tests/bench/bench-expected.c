// SPDX-License-Identifier: GPL-3.0-or-later
// bench-expected RECORDING [DRAWS]: the table of engine/measure/expected-score.c: PixCorr (full frame, single trials of
// the test tier) of ridge regression fitted on random parts of a recording, neurons by train images. The penalty is
// chosen on the whole validation tier each time. Each figure is the mean over DRAWS (3) choices of neurons and images.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/blas.h"
#include "data/recording-file.h"
#include "data/recording-subset.h"
#include "decode/evaluate.h"
#include "decode/ridge.h"
#include "measure/reliability.h"

static const int n_neurons[] = { 50, 150, 500, 1500, 5335 }, n_images[] = { 100, 300, 1000, 4000 };

static int *
choose(int total, int count, guint64 seed, guint64 stream, const int *from)
{
  int *chosen = g_new(int, count);
  pct_choose_nested(total, count, seed, stream, chosen);
  for (int i = 0; from && i < count; i++)
    chosen[i] = from[chosen[i]];
  return chosen;
}

static double
score(const PctRecording *whole, int neurons, int images, guint64 seed, const PctRun *run)
{
  g_autoptr(GError) error = NULL;
  int n_train;
  const int *train = pct_recording_get_tier_images(whole, PCT_TIER_TRAIN, &n_train);
  g_autofree int *cells = choose(pct_recording_get_n_neurons(whole), neurons, seed, 0, NULL);
  g_autofree int *shown = choose(n_train, images, seed, 1, train);
  g_autoptr(PctRecording) part = pct_recording_subset(whole, cells, neurons, shown, images, &error);
  g_autoptr(PctStatistics) statistics = part ? pct_statistics_new(part, run, &error) : NULL;
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_ridge_class.about.options);
  PctFit fit = { .recording = part, .statistics = statistics, .options = options, .seed = 1 };
  g_autoptr(PctDecoder) ridge = statistics ? pct_decoder_fit(&pct_ridge_class, &fit, run, &error) : NULL;
  g_autoptr(PctScoreSet) set = ridge ? pct_score_set_new(part, PCT_TIER_TEST, FALSE) : NULL;
  g_autoptr(PctScore) found = set ? pct_decoder_score(ridge, set, NULL, run, &error) : NULL;
  if (!found)
    g_error("%s", error->message);
  return found->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
}

static int
compare(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static void
tell_reliability(const PctRecording *recording, const PctRun *run)
{
  g_autoptr(PctReliability) reliability = pct_reliability_new(recording, PCT_TIER_TEST, run, NULL);
  gsize n = 0;
  for (int i = 0; i < reliability->n_neurons; i++)
    if (isfinite(reliability->oracle[i]))
      reliability->oracle[n++] = reliability->oracle[i];
  qsort(reliability->oracle, n, sizeof(float), compare);
  printf("median reliability (correlation of a trial with the mean of the others): %.3f\n",
         n > 0 ? (double)reliability->oracle[n / 2] : NAN);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (argc < 2 || !pct_blas_init(&error))
    g_error("%s", error ? error->message : "bench-expected RECORDING [DRAWS]");
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  pct_pool_bind_caller(pool);
  PctRun run = { .pool = pool };
  g_autoptr(PctRecording) recording = pct_recording_open(argv[1], &run, &error);
  if (!recording)
    g_error("%s", error->message);
  int draws = argc > 2 ? MAX(atoi(argv[2]), 1) : 3, n_train;
  pct_recording_get_tier_images(recording, PCT_TIER_TRAIN, &n_train);
  tell_reliability(recording, &run);
  for (guint i = 0; i < G_N_ELEMENTS(n_neurons); i++)
    for (guint j = 0; j < G_N_ELEMENTS(n_images); j++) {
      if (n_neurons[i] > pct_recording_get_n_neurons(recording) || n_images[j] > n_train)
        continue;
      // All of both can be chosen in one way only.
      gboolean all = n_neurons[i] == pct_recording_get_n_neurons(recording) && n_images[j] == n_train;
      double sum = 0;
      for (int draw = 0; draw < (all ? 1 : draws); draw++)
        sum += score(recording, n_neurons[i], n_images[j], (guint64)draw + 1, &run);
      printf("%5d neurons %5d images  %.4f\n", n_neurons[i], n_images[j], sum / (all ? 1 : draws));
      fflush(stdout);
    }
  return 0;
}
