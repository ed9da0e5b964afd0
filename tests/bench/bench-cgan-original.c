// SPDX-License-Identifier: GPL-3.0-or-later
// bench-cgan-original [STEPS [RECORDING.npz]]: training steps of the original conditional GAN at the size of the
// reference recording, beside what the matrix product reaches, and the time of one picture. With a recording its train
// trials are learnt, otherwise noise is.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/blas.h"
#include "base/random.h"
#include "data/recording-file.h"
#include "decode/cgan-original-step.h"
#include "decode/cgan-original.h"

static double
now(void)
{
  return (double)g_get_monotonic_time() * 1e-6;
}

static double
processor_seconds(void)
{
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void
print_peak_memory(void)
{
  g_autofree char *text = NULL;
  g_file_get_contents("/proc/self/status", &text, NULL, NULL);
  const char *line = text ? strstr(text, "VmHWM") : NULL;
  if (line)
    printf("peak memory %.2f GB\n", atof(line + 6) * 1024e-9);
}

static double started;

static void
print_moment(gpointer data)
{
  if (g_getenv("BENCH_PASSES"))
    printf("  %.2f", now() - started);
}

// One picture anew, and one after a change of one response.
static void
measure_pictures(PctDecoder *decoder, PctPool *pool, const float *responses)
{
  g_autofree float *image = g_new(float, (gsize)decoder->height * (gsize)decoder->width);
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, pool);
  PctRun run = { .pool = pool };
  double anew[] = { G_MAXDOUBLE, G_MAXDOUBLE }, changed[] = { G_MAXDOUBLE, G_MAXDOUBLE };  // waited, and the processor's
  session->set_responses(session, responses, 1);
  for (int i = 0; i < 6; i++) {
    double start = now(), processor = processor_seconds();
    if (!pct_decoder_reconstruct(decoder, responses, 1, 1, NULL, image, &run, NULL))
      g_error("not enough memory");
    anew[0] = MIN(anew[0], now() - start);
    anew[1] = MIN(anew[1], processor_seconds() - processor);
    start = now();
    processor = processor_seconds();
    session->set_response(session, i, (float)i);
    session->draw(session, image);
    changed[0] = MIN(changed[0], now() - start);
    changed[1] = MIN(changed[1], processor_seconds() - processor);
  }
  printf("a picture %.0f ms, processor %.0f ms; after a change of one response %.0f ms, processor %.0f ms\n", 1e3 * anew[0],
         1e3 * anew[1], 1e3 * changed[0], 1e3 * changed[1]);
}

int
main(int argc, char **argv)
{
  const int n_steps = argc > 1 ? atoi(argv[1]) : 3;
  const PctCganOriginalStepOptions options = { 32, 4, 1, 0.15f, 2e-4 };
  const gsize m = 5335, pixels = 36 * 64, batch = (gsize)options.batch;
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  pct_pool_bind_caller(pool);
  g_autoptr(PctRecording) recording = argc > 2 ? pct_recording_open(argv[2], NULL, &error) : NULL;
  if (argc > 2 && !recording)
    g_error("%s", error->message);
  g_autoptr(PctOptionValues) values = pct_option_values_new(pct_cgan_class.about.options);
  pct_option_values_parse(values, "preset=original", NULL);
  PctCganOriginal *original = pct_cgan_original_new((int)m, 36, 64, values, &error);
  g_autoptr(PctDecoder) decoder = &original->base.decoder;
  PctParameters *generator = original->generator =
      pct_parameters_new(pct_graph_get_parameters(original->network->generator), &error);
  g_autoptr(PctCganOriginalStep) step =
      generator && n_steps > 0 ? pct_cgan_original_step_new(original->network, generator, &options, 2, pool, &error) : NULL;
  if (error)
    g_error("%s", error->message);
  double start = now();
  // A picture takes as long from zeros.
  if (n_steps > 0)
    pct_parameters_initialise(generator, 1);
  printf("started %.0f million numbers of the generator in %.1f s\n", 1e-6 * (double)generator->table->n_values, now() - start);
  g_autofree float *responses = g_new(float, batch * m), *images = g_new(float, batch * pixels);
  g_autofree float *others = g_new(float, batch * pixels), *z = g_new(float, batch * 32);
  int n = 0;
  const int *trials = recording ? pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n) : NULL;
  for (int i = 0; i < n_steps; i++) {
    pct_random_fill_normal(z, batch * 32, 3, (guint64)i);
    if (trials) {
      for (gsize j = 0; j < batch; j++) {
        gsize at = ((gsize)i * batch + j) % (gsize)n;
        pct_recording_read_responses(recording, trials[at], responses + j * m);
        pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trials[at]), images + j * pixels);
        pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trials[(at + 1000) % (gsize)n]),
                                 others + j * pixels);
      }
    } else {
      pct_random_fill_uniform(responses, batch * m, 4, (guint64)i);
      pct_random_fill_uniform(images, batch * pixels, 5, (guint64)i);
      for (gsize j = 0; j < batch * pixels; j++)
        images[j] *= 255;
      memcpy(others, images, batch * pixels * sizeof(float));
    }
    PctCganOriginalBatch data = { responses, images, others, z };
    PctCganOriginalFigures figures;
    double rate = pct_gemm_measure_rate(pool), processor = processor_seconds();
    started = now();
    pct_cgan_original_step_run(step, &data, &figures, print_moment, NULL);
    print_moment(NULL);
    printf("%sstep %d: %.2f s, processor %.2f s; matrix product %.0f GFLOP/s; l1 %.2f, D %.3f %.3f %.3f, losses %.3f %.3f\n",
           g_getenv("BENCH_PASSES") ? "\n" : "", i + 1, now() - started, processor_seconds() - processor, rate * 1e-9,
           figures.l1, figures.d_matched, figures.d_mismatched, figures.d_drawn, figures.discriminator, figures.adversarial);
    fflush(stdout);
  }
  print_peak_memory();
  pct_random_fill_uniform(responses, m, 4, 0);
  measure_pictures(decoder, pool, responses);
  return 0;
}
