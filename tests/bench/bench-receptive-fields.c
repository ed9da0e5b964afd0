// SPDX-License-Identifier: GPL-3.0-or-later
// bench-receptive-fields RECORDING.npz [OUT.safetensors [THREADS]]: how long the receptive fields of all neurons take,
// phase by phase, and how well they tell single validation trials.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include "base/blas.h"
#include "data/recording-file.h"
#include "encode/receptive-field.h"

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
    printf("%7.2f s (%.2f s of processor time)  %s\n", clock->last - clock->began, processor(), progress->phase);
  for (guint i = 0; i + 1 < progress->n_figures; i += 2)
    printf("%7.2f s    %s %.4g: %s %.4f\n", clock->last - clock->began, progress->figures[i].name,
           progress->figures[i].value, progress->figures[i + 1].name, progress->figures[i + 1].value);
  fflush(stdout);
  return TRUE;
}

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// values (n,): sorted in place, without those that are not numbers.
static void
summarise(const char *name, double *values, int n)
{
  int kept = 0, above = 0;
  double sum = 0;
  for (int i = 0; i < n; i++)
    if (isfinite(values[i])) {
      above += values[i] > 0.1;
      sum += values[i];
      values[kept++] = values[i];
    }
  qsort(values, (gsize)kept, sizeof *values, compare);
  printf("%-28s %5d of %5d above 0.1; median %.4f, mean %.4f, largest %.4f\n", name, above, n,
         kept > 0 ? values[kept / 2] : NAN, sum / kept, kept > 0 ? values[kept - 1] : NAN);
}

static void
print_figures(const PctReceptiveFields *fields)
{
  int m = fields->n_neurons, n_energy = 0, near = 0, good = 0;
  g_autofree double *values = g_new(double, m);
  for (int i = 0; i < m; i++)
    values[i] = fields->gabors[i].train_correlation;
  summarise("Gabor, train trials", values, m);
  for (int i = 0; i < m; i++)
    values[i] = fields->gabors[i].validation_correlation;
  summarise("Gabor, validation trials", values, m);
  for (int i = 0; i < m; i++)
    values[i] = fields->linear_correlation[i];
  summarise("decorrelated, validation", values, m);
  for (int i = 0; i < m; i++) {
    const PctGaborFit *fit = &fields->gabors[i];
    n_energy += fit->kind == PCT_GABOR_ENERGY && isfinite(fit->amplitude);
    if (!(fit->validation_correlation > 0.1) || !(fields->linear_correlation[i] > 0.1))
      continue;
    good++;
    near += hypot(fit->gabor.x - fields->x[i], fit->gabor.y - fields->y[i]) < 4;
  }
  printf("energy cells: %d of %d; Gabor within 4 pixels of the decorrelated field: %d of %d good ones\n", n_energy, m,
         near, good);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  if (argc < 2) {
    fprintf(stderr, "usage: bench-receptive-fields RECORDING.npz [OUT.safetensors [THREADS]]\n");
    return 2;
  }
  g_autoptr(PctPool) pool = pct_pool_new(argc > 3 ? (guint)atoi(argv[3]) : 0, 0);
  pct_pool_bind_caller(pool);
  g_autoptr(PctRecording) recording = pct_recording_open(argv[1], NULL, &error);
  g_autoptr(PctStatistics) statistics = recording ? pct_statistics_new(recording, NULL, &error) : NULL;
  if (!statistics)
    g_error("%s", error->message);
  Clock clock = { now(), now(), 0 };
  PctRun run = { tell, &clock, pool };
  g_autoptr(PctReceptiveFields) fields = pct_receptive_fields_new(recording, statistics, &run, &error);
  if (!fields)
    g_error("%s", error->message);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("%7.2f s (%.2f s of processor time)  all of %d neurons; longest silence %.0f ms, most memory %.2f GB\n",
         now() - clock.began, processor(), fields->n_neurons, clock.longest * 1e3, (double)usage.ru_maxrss * 1024e-9);
  print_figures(fields);
  if (argc > 2 && !pct_receptive_fields_save(fields, pct_recording_get_fingerprint(recording), argv[2], &error))
    g_error("%s", error->message);
  return 0;
}
