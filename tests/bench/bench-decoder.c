// SPDX-License-Identifier: GPL-3.0-or-later
// bench-decoder RECORDING KIND [-e WEIGHTS.safetensors] [-m MEIS.npz] [-s SEED] [name=value ...]: how long a fit of a
// decoder takes, what it reports, and its scores on the test tier as a row of a table: single trials | means over
// repeats.
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/blas.h"
#include "data/recording-file.h"
#include "decode/evaluate.h"
#include "encode/mei.h"

static double
now(void)
{
  return (double)g_get_monotonic_time() * 1e-6;
}

// What a machine shared with others took.
static double
processor(void)
{
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

typedef struct {
  double began, last, longest;
} Clock;

static gboolean
tell(const PctProgress *progress, gpointer data)
{
  Clock *clock = data;
  clock->longest = MAX(clock->longest, now() - clock->last);
  clock->last = now();
  if (progress->phase)
    printf("%8.2f s  %s\n", clock->last - clock->began, progress->phase);
  if (progress->n_figures) {
    printf("%8.2f s ", clock->last - clock->began);
    for (guint i = 0; i < progress->n_figures; i++)
      printf("  %s %.5g", progress->figures[i].name, progress->figures[i].value);
    printf("\n");
  }
  fflush(stdout);
  return TRUE;
}

static void
need(gconstpointer thing, const GError *error)
{
  if (!thing)
    g_error("%s", error ? error->message : "nothing");
}

static void
print_scores(const PctRecording *recording, const PctDecoder *decoder, const PctRun *run)
{
  printf("PixCorr full / central; MSE; SSIM; identification, single | averaged\n");
  for (int averaged = 0; averaged < 2; averaged++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, averaged);
    g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, run, &error);
    need(score, error);
    printf("%s%.3f / %.3f; %.0f; %.3f; %.3f", averaged ? " | " : "", score->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR],
           score->mean[PCT_FRAME_CENTRAL][PCT_MEASURE_PIXCORR], score->mean[PCT_FRAME_FULL][PCT_MEASURE_MSE],
           score->mean[PCT_FRAME_FULL][PCT_MEASURE_SSIM], score->mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION]);
  }
  printf("\n");
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (argc < 3)
    g_error("bench-decoder RECORDING KIND [-e WEIGHTS.safetensors] [-m MEIS.npz] [-s SEED] [name=value ...]");
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  PctRun quiet = { .pool = pool };
  g_autoptr(PctRecording) recording = pct_recording_open(argv[1], &quiet, &error);
  need(recording, error);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, &quiet, &error);
  const PctDecoderClass *klass = pct_decoder_find_class(argv[2]);
  need(klass, NULL);
  g_autoptr(PctOptionValues) options = pct_option_values_new(klass->about.options);
  g_autoptr(PctEncoder) encoder = NULL;
  g_autoptr(PctMeiSet) meis = NULL;
  PctFit fit = { .recording = recording, .statistics = statistics, .options = options };
  for (int i = 3; i < argc; i++) {
    if (strcmp(argv[i], "-e") == 0 && i + 1 < argc) {
      g_autoptr(PctTensors) tensors = pct_safetensors_load(argv[++i], &error);
      need(tensors, error);
      encoder = pct_encoder_load(pct_recording_get_height(recording), pct_recording_get_width(recording), tensors,
                                 &error);
      need(encoder, error);
      fit.encoder = encoder;
    } else if (strcmp(argv[i], "-m") == 0 && i + 1 < argc) {
      meis = pct_mei_set_load(argv[++i], &error);
      need(meis, error);
      fit.meis = meis;
    } else if (strcmp(argv[i], "-s") == 0 && i + 1 < argc) {
      fit.seed = g_ascii_strtoull(argv[++i], NULL, 10);
    } else if (!pct_option_values_parse(options, argv[i], &error)) {
      g_error("%s", error->message);
    }
  }
  Clock clock = { now(), now(), 0 };
  PctRun run = { tell, &clock, pool };
  double before = processor();
  g_autoptr(PctDecoder) decoder = pct_decoder_fit(klass, &fit, &run, &error);
  need(decoder, error);
  printf("fitted in %.2f s (%.2f s of processor time), longest silence %.2f s\n", now() - clock.began,
         processor() - before, clock.longest);
  print_scores(recording, decoder, &quiet);
  return 0;
}
