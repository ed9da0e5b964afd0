// SPDX-License-Identifier: GPL-3.0-or-later
// Trains a mei-net and scores it on the test tier:
//   bench-mei-net RECORDING.npz MEIS.npz [neurons=M] [seconds=S] [steps=N] [preset=original] [name=value ...]
// With seconds (of processor time while it trains, all threads together) or steps it stops there and scores nothing, but
// prints what the training reported: the validation tier's figures after each epoch, seconds a step, peak memory.
// neurons: the first so many alone. The table of what each fix of the original does is made so.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/blas.h"
#include "data/recording-file.h"
#include "decode/evaluate.h"
#include "decode/mei-net.h"
#include "encode/mei.h"

typedef struct {
  gint64 begin, first_step;
  clock_t first_clock;
  double seconds, steps, last_step, best_pixcorr, best_mse;
} Watch;

static double
since(gint64 moment)
{
  return (double)(g_get_monotonic_time() - moment) / 1e6;
}

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Watch *w = data;
  const PctFigure *f = progress->figures;
  if (progress->total > 0 && w->first_step == 0) {
    w->first_step = g_get_monotonic_time();
    w->first_clock = clock();
  }
  if (progress->total > 0)
    w->last_step = progress->step;
  if (progress->n_figures == 3)
    printf("%6.1f s  at the start                      validation mse %7.1f  pixcorr %.4f\n", since(w->begin), f[1].value,
           f[2].value);
  if (progress->n_figures == 4) {
    printf("%6.1f s  epoch %3.0f  train mse %7.1f  validation mse %7.1f  pixcorr %.4f\n", since(w->begin), f[0].value,
           f[1].value, f[2].value, f[3].value);
    fflush(stdout);
    if (f[3].value > w->best_pixcorr) {
      w->best_pixcorr = f[3].value;
      w->best_mse = f[2].value;
    }
  }
  return (w->first_step == 0 || (double)(clock() - w->first_clock) / CLOCKS_PER_SEC < w->seconds) && w->last_step < w->steps;
}

static void
print_peak(void)
{
  g_autofree char *status = NULL;
  if (g_file_get_contents("/proc/self/status", &status, NULL, NULL) && strstr(status, "VmHWM:"))
    printf("peak memory %.2f GB\n", atof(strstr(status, "VmHWM:") + 6) / 1048576);
}

// The same trials with the first n neurons.
static PctRecording *
with_fewer_neurons(const PctRecording *from, int n)
{
  int trials = pct_recording_get_n_trials(from), all = pct_recording_get_n_neurons(from);
  int height = pct_recording_get_height(from), width = pct_recording_get_width(from);
  PctRecordingData data = { .name = g_strdup("fewer neurons"), .n_images = pct_recording_get_n_images(from),
                            .height = height, .width = width, .n_trials = trials, .n_neurons = n };
  gsize pixels = (gsize)height * (gsize)width;
  data.image_floats = g_new(float, (gsize)data.n_images * pixels);
  data.responses_float = g_new(float, (gsize)trials * (gsize)n);
  data.image_index = g_new(gint32, trials);
  data.tiers = g_new(guint8, trials);
  g_autofree float *responses = g_new(float, all);
  for (int i = 0; i < data.n_images; i++)
    pct_recording_read_image(from, i, data.image_floats + (gsize)i * pixels);
  for (int i = 0; i < trials; i++) {
    pct_recording_read_responses(from, i, responses);
    memcpy(data.responses_float + (gsize)i * (gsize)n, responses, (gsize)n * sizeof(float));
    data.image_index[i] = pct_recording_get_trial_image(from, i);
    data.tiers[i] = (guint8)pct_recording_get_trial_tier(from, i);
  }
  return pct_recording_new_take(&data, NULL);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctPool) pool = pct_blas_init(&error) ? pct_pool_new(0, 0) : NULL;
  PctRun quiet = { .pool = pool };
  g_autoptr(PctRecording) recording = argc > 2 && pool ? pct_recording_open(argv[1], &quiet, &error) : NULL;
  g_autoptr(PctMeiSet) meis = recording ? pct_mei_set_load(argv[2], &error) : NULL;
  if (!meis) {
    fprintf(stderr, "%s\n", error ? error->message : "bench-mei-net RECORDING MEIS [name=value ...]");
    return 1;
  }
  for (int i = 3; i < argc; i++)
    if (g_str_has_prefix(argv[i], "neurons=")) {
      PctRecording *fewer = with_fewer_neurons(recording, atoi(argv[i] + 8));
      pct_recording_unref(recording);
      recording = fewer;
    }
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, &quiet, NULL);
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_mei_net_class.about.options);
  Watch watch = { .begin = g_get_monotonic_time(), .seconds = 1e9, .steps = 1e9 };
  for (int i = 3; i < argc; i++)
    if (g_str_has_prefix(argv[i], "neurons="))
      continue;
    else if (g_str_has_prefix(argv[i], "seconds="))
      watch.seconds = atof(argv[i] + 8);
    else if (g_str_has_prefix(argv[i], "steps="))
      watch.steps = atof(argv[i] + 6);
    else if (!pct_option_values_parse(options, argv[i], &error)) {
      fprintf(stderr, "%s\n", error->message);
      return 2;
    }
  PctFit fit = { .recording = recording, .statistics = statistics, .options = options, .seed = 1, .meis = meis };
  PctRun run = { listen, &watch, pool };
  g_autoptr(PctDecoder) decoder = pct_decoder_fit(&pct_mei_net_class, &fit, &run, &error);
  printf("%.1f s in all (%.1f s of processor time), %.0f steps, %.2f s a step; best validation pixcorr %.4f, mse %.1f there\n", since(watch.begin),
         (double)clock() / CLOCKS_PER_SEC, watch.last_step, watch.last_step > 0 ? since(watch.first_step) / watch.last_step : 0, watch.best_pixcorr,
         watch.best_mse);
  print_peak();
  if (!decoder) {
    printf("%s\n", error->message);
    return 0;
  }
  for (int averaged = 0; averaged < 2; averaged++) {
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, averaged);
    g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, &quiet, &error);
    const double *full = score->mean[PCT_FRAME_FULL];
    printf("%s: PixCorr %.3f / %.3f; MSE %.0f; SSIM %.3f; identification %.3f\n", averaged ? "averaged" : "single",
           full[PCT_MEASURE_PIXCORR], score->mean[PCT_FRAME_CENTRAL][PCT_MEASURE_PIXCORR], full[PCT_MEASURE_MSE],
           full[PCT_MEASURE_SSIM], full[PCT_MEASURE_IDENTIFICATION]);
  }
  return 0;
}
