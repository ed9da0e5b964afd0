// SPDX-License-Identifier: GPL-3.0-or-later
// Responses from traces and from spikes, behaviour at times of its own, and the preview around onsets: against naive
// loops, and against sessions made so that the answer is known exactly.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "data/recording-hash.h"
#include "import/assemble.h"
#include "memory-source.h"

enum { N = 24, M = 5, K = 6, F = 700 };

static const double rate = 10;

static PctImportResult *
assemble(const PctCatalogue *catalogue, const PctImportPlan *plan, const PctRun *run)
{
  g_autoptr(GError) error = NULL;
  PctImportResult *result = pct_import_assemble(catalogue, plan, run, &error);
  g_assert_no_error(error);
  return result;
}

static void
set(PctImportPlan *plan, const char *assignment)
{
  g_autoptr(GError) error = NULL;
  pct_option_values_parse(plan->settings, assignment, &error);
  g_assert_no_error(error);
}

// Images, and their numbers for N trials.
static void
add_images(PctArraySource *source)
{
  guint8 images[K * 8 * 12];
  gint32 numbers[N];
  for (int i = 0; i < K * 8 * 12; i++)
    images[i] = (guint8)(i * 57);
  for (int i = 0; i < N; i++)
    numbers[i] = i % K;
  memory_source_add_bytes(source, "images", images, K, 8, 12);
  memory_source_add_ints(source, "numbers", numbers, N);
}

static PctImportPlan *
make_plan(void)
{
  PctImportPlan *plan = pct_import_plan_new();
  pct_import_plan_assign(plan, PCT_ROLE_IMAGES, "s/images", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, "s/numbers", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_ONSETS, "s/onsets", NULL);
  return plan;
}

typedef struct {
  float trace[F][M], around[F][M];
  double times[F], onsets[N], offsets[N];
} Session;

static Session *
make_session(void)
{
  Session *session = g_new0(Session, 1);
  PctRandom random = pct_random(3, 1);
  for (int f = 0; f < F; f++) {
    session->times[f] = f / rate;
    for (int j = 0; j < M; j++) {
      session->trace[f][j] = (float)pct_random_normal(&random);
      session->around[f][j] = (float)pct_random_normal(&random);
    }
  }
  for (int i = 0; i < N; i++) {
    session->onsets[i] = 2 + 2.5 * i;
    session->offsets[i] = session->onsets[i] + .5 + .1 * (i % 4);
  }
  return session;
}

// "fm" or "mf".
static PctCatalogue *
make_catalogue(const Session *session, gboolean frames_first, const char *times_unit)
{
  PctArraySource *source = memory_source_new("/nowhere/s", "HDF5");
  g_autofree float *trace = g_new(float, F * M), *around = g_new(float, F * M);
  double cells[M] = { 1, 1, 0, 1, 1 }, onsets[N], offsets[N];
  for (int f = 0; f < F; f++)
    for (int j = 0; j < M; j++) {
      int at = frames_first ? f * M + j : j * F + f;
      trace[at] = session->trace[f][j];
      around[at] = session->around[f][j];
    }
  gboolean in_frames = g_str_equal(times_unit, "frames");
  for (int i = 0; i < N; i++) {
    onsets[i] = in_frames ? round(session->onsets[i] * rate) : session->onsets[i];
    offsets[i] = in_frames ? round(session->offsets[i] * rate) : session->offsets[i];
  }
  const gsize shape[] = { frames_first ? F : M, frames_first ? M : F };
  memory_source_add(source, "traces", PCT_NPY_FLOAT, 4, 2, shape, trace);
  memory_source_add(source, "around", PCT_NPY_FLOAT, 4, 2, shape, around);
  memory_source_add_doubles(source, "times", session->times, F);
  memory_source_add_doubles(source, "onsets", onsets, N);
  memory_source_add_doubles(source, "offsets", offsets, N);
  memory_source_add_doubles(source, "cells", cells, M);
  add_images(source);
  return memory_catalogue_new(source, NULL);
}

// By the definition, frame by frame.
static double
naive(const Session *session, int trial, int neuron, const char *summary, double from, double to, double baseline,
      double share)
{
  double sum = 0, most = -INFINITY, base = 0;
  int n = 0, n_base = 0;
  for (int f = 0; f < F; f++) {
    double value = session->trace[f][neuron] - (float)((float)share * session->around[f][neuron]);
    double after = session->times[f] - session->onsets[trial];
    if (after >= from - 1e-7 && after < to - 1e-7) {
      sum += value;
      most = MAX(most, value);
      n++;
    }
    if (after >= -baseline - 1e-7 && after < -1e-7) {
      base += value;
      n_base++;
    }
  }
  base = n_base ? base / n_base : 0;
  return g_str_equal(summary, "mean") ? sum / n - base : g_str_equal(summary, "sum") ? sum - n * base : most - base;
}

static void
test_traces(void)
{
  static const struct {
    const char *summary;
    double delay, window, baseline, share;
  } cases[] = {
    { "mean", 0, .5, 0, 0 },       { "mean", .1, .4, .3, .7 },  { "maximum", .2, .6, 0, .7 },
    { "maximum", .2, .6, .5, 0 },  { "sum", .05, .35, .25, .7 }, { "sum", -.2, .4, 0, 0 },
    { "mean", 0, 0, 0, 0 },        { "mean", .3, 0, .2, .5 },
  };
  static const char *const units[] = { "seconds", "rate", "frames", "frames" };
  g_autofree Session *session = make_session();
  for (gsize c = 0; c < G_N_ELEMENTS(cases); c++)
    for (int unit = 0; unit < 4; unit++)
      for (int order = 0; order < 2; order++) {
        g_autoptr(PctCatalogue) catalogue = make_catalogue(session, order == 0, units[unit]);
        g_autoptr(PctImportPlan) plan = make_plan();
        pct_import_plan_assign(plan, PCT_ROLE_TRACES, "s/traces", order == 0 ? "fm" : "mf");
        pct_import_plan_assign(plan, PCT_ROLE_CELLS, "s/cells", NULL);
        pct_import_plan_assign(plan, PCT_ROLE_OFFSETS, "s/offsets", NULL);
        if (cases[c].share > 0)
          pct_import_plan_assign(plan, PCT_ROLE_NEUROPIL, "s/around", order == 0 ? "fm" : "mf");
        if (unit == 0 || unit == 3)
          pct_import_plan_assign(plan, PCT_ROLE_FRAME_TIMES, "s/times", NULL);
        else
          set(plan, "frame_rate=10");
        if (unit == 3)
          set(plan, "times=frames");
        const char *const names[] = { "delay", "window", "baseline", "neuropil" };
        const double values[] = { cases[c].delay, cases[c].window, cases[c].baseline, cases[c].share };
        for (int s = 0; s < 4; s++)
          g_assert_true(pct_option_values_set_number(plan->settings, names[s], values[s], NULL));
        g_assert_true(pct_option_values_set(plan->settings, "summary", cases[c].summary, NULL));
        g_autoptr(PctImportResult) result = assemble(catalogue, plan, NULL);
        g_assert_cmpint(pct_recording_get_n_trials(result->recording), ==, N);
        g_assert_cmpint(pct_recording_get_n_neurons(result->recording), ==, M - 1);
        for (int i = 0; i < N; i++) {
          float row[M];
          pct_recording_read_responses(result->recording, i, row);
          double length = cases[c].window > 0 ? cases[c].window : session->offsets[i] - session->onsets[i];
          for (int j = 0; j < M - 1; j++)
            g_assert_cmpfloat_with_epsilon(row[j],
              naive(session, i, j < 2 ? j : j + 1, cases[c].summary, cases[c].delay, cases[c].delay + length,
                    cases[c].baseline, cases[c].share), 2e-5);
          g_assert_cmpfloat_with_epsilon(pct_recording_get_trial_time(result->recording)[i], session->onsets[i], 1e-9);
        }
        g_assert_cmpfloat(result->preview.delay, ==, cases[c].delay);
      }
}

// Without offsets and window: to the next onset, but not through a long pause.
static void
test_next_onset(void)
{
  g_autofree Session *session = make_session();
  for (int i = 12; i < N; i++)
    session->onsets[i] += 9;
  session->onsets[20] = session->onsets[19] + 1;
  g_autoptr(PctCatalogue) catalogue = make_catalogue(session, TRUE, "seconds");
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TRACES, "s/traces", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_FRAME_TIMES, "s/times", NULL);
  g_autoptr(PctImportResult) result = assemble(catalogue, plan, NULL);
  g_assert_true(small_says(result->remarks, "2.5 s"));
  // The last ends at 68.5 s + 2.5 s: beyond the traces, which end at 70 s.
  g_assert_true(small_says(result->remarks, "1 of 24"));
  for (int i = 0; i < N - 1; i++) {
    float row[M];
    pct_recording_read_responses(result->recording, i, row);
    g_assert_cmpfloat_with_epsilon(row[3], naive(session, i, 3, "mean", 0, i == 19 ? 1 : 2.5, 0, 0), 2e-5);
  }
}

// A delay or a window as long as the time between images is said; a shorter one is not.
static void
test_neighbours(void)
{
  const char *settings[][2] = { { "delay=0.1", "window=2" }, { "delay=0.1", "window=3" }, { "delay=3", "window=0.5" } };
  g_autofree Session *session = make_session();
  g_autoptr(PctCatalogue) catalogue = make_catalogue(session, TRUE, "seconds");
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TRACES, "s/traces", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_FRAME_TIMES, "s/times", NULL);
  for (guint i = 0; i < 3; i++) {
    set(plan, settings[i][0]);
    set(plan, settings[i][1]);
    g_autoptr(PctImportResult) result = assemble(catalogue, plan, NULL);
    g_assert_true(small_says(result->remarks, "reaches into that") == (i == 1));
    g_assert_true(small_says(result->remarks, "only after the next image") == (i == 2));
  }
}

// Trials before, after and across the ends of the traces, and one whose onset is not known.
static void
test_outside(void)
{
  g_autofree Session *session = make_session();
  session->onsets[0] = -.5;
  session->onsets[5] = NAN;
  session->onsets[22] = 69.8;
  session->onsets[23] = 500;
  g_autoptr(PctCatalogue) catalogue = make_catalogue(session, FALSE, "seconds");
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TRACES, "s/traces", "mf");
  pct_import_plan_assign(plan, PCT_ROLE_FRAME_TIMES, "s/times", NULL);
  set(plan, "window=0.5");
  g_autoptr(PctImportResult) result = assemble(catalogue, plan, NULL);
  g_assert_cmpint(pct_recording_get_n_trials(result->recording), ==, N - 4);
  g_assert_true(small_says(result->remarks, "3 of 24 trials lie outside"));
  g_assert_true(small_says(result->remarks, "1 of 24 trials have no onset"));
  float row[M];
  pct_recording_read_responses(result->recording, 4, row);
  g_assert_cmpfloat_with_epsilon(row[1], naive(session, 6, 1, "mean", 0, .5, 0, 0), 2e-5);
}

// The same bits on one thread and on two.
static void
test_threads(void)
{
  g_autofree Session *session = make_session();
  g_autoptr(PctCatalogue) catalogue = make_catalogue(session, FALSE, "seconds");
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TRACES, "s/traces", "mf");
  pct_import_plan_assign(plan, PCT_ROLE_FRAME_TIMES, "s/times", NULL);
  set(plan, "window=0.5");
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { NULL, NULL, pool };
  g_autoptr(PctImportResult) one = assemble(catalogue, plan, NULL), two = assemble(catalogue, plan, &run);
  g_assert_cmpstr(pct_recording_get_fingerprint(one->recording), ==, pct_recording_get_fingerprint(two->recording));
  g_assert_cmpmem(one->preview.mean, (gsize)one->preview.n_times * sizeof(float), two->preview.mean,
                  (gsize)two->preview.n_times * sizeof(float));
}

static gboolean
stop_at(const PctProgress *progress, gpointer data)
{
  int *left = data;
  return (*left)-- > 0;
}

static void
test_cancel(void)
{
  g_autofree Session *session = make_session();
  g_autoptr(PctCatalogue) catalogue = make_catalogue(session, FALSE, "seconds");
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TRACES, "s/traces", "mf");
  pct_import_plan_assign(plan, PCT_ROLE_FRAME_TIMES, "s/times", NULL);
  set(plan, "window=0.5");
  for (int steps = 0; steps < 2; steps++) {
    int left = steps;
    PctRun run = { stop_at, &left, NULL };
    g_autoptr(GError) error = NULL;
    g_assert_null(pct_import_assemble(catalogue, plan, &run, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  }
}

// Neurons 0 and 1 of forty answer for 0.4 s, 0.2 s after each onset; the rest is noise. Chosen and shown on different
// trials: before the onset nothing is seen, in the window much.
static void
test_peri_stimulus(void)
{
  enum { MANY = 40 };
  g_autofree float *trace = g_new(float, F * MANY);
  g_autofree Session *session = make_session();
  PctRandom random = pct_random(5, 2);
  for (int f = 0; f < F; f++)
    for (int j = 0; j < MANY; j++) {
      double value = pct_random_normal(&random);
      for (int i = 0; i < N; i++) {
        double after = session->times[f] - session->onsets[i];
        value += j < 2 && after > .19 && after < .59 ? 5 : 0;
      }
      trace[f * MANY + j] = (float)value;
    }
  PctArraySource *source = memory_source_new("/nowhere/s", "HDF5");
  memory_source_add_floats(source, "traces", trace, F, MANY);
  memory_source_add_doubles(source, "times", session->times, F);
  memory_source_add_doubles(source, "onsets", session->onsets, N);
  add_images(source);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TRACES, "s/traces", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_FRAME_TIMES, "s/times", NULL);
  set(plan, "delay=0.2");
  set(plan, "window=0.4");
  set(plan, "baseline=0.5");
  g_autoptr(PctImportResult) result = assemble(catalogue, plan, NULL);
  const PctImportPreview *preview = &result->preview;
  g_assert_cmpint(preview->n_best, ==, 4);
  g_assert_cmpint(preview->n_times, ==, 15);  // 0.5 s before, 0.6 s to the window's end, and 0.4 s
  double before = 0, within = 0;
  for (int b = 0; b < preview->n_times; b++) {
    float t = preview->times[b];
    g_assert_cmpfloat_with_epsilon(t, -.45 + .1 * b, 1e-5);
    before += t < 0 ? preview->mean[b] / 5 : 0;
    within += t > .2 && t < .6 ? preview->mean[b] / 4 : 0;
    g_assert_cmpfloat(preview->deviation[b], >=, 0);
  }
  // Two of the four best answer with 5 deviations, and two are noise.
  g_assert_cmpfloat_with_epsilon(before, 0, .35);
  g_assert_cmpfloat_with_epsilon(within, 2.5, .5);
  g_assert_cmpfloat(preview->window, ==, .4);
  g_assert_cmpfloat(preview->baseline, ==, .5);
}

// A session with sorted units, as NWB has it: so many spikes in each window, before each onset and between trials.
typedef struct {
  int count[N][M], base[N][M];
  double onsets[N], offsets[N];
  GArray *times;
  gint32 ends[M];
} Spikes;

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static Spikes
make_spikes(void)
{
  Spikes spikes = { .times = g_array_new(FALSE, FALSE, sizeof(double)) };
  PctRandom random = pct_random(11, 4);
  for (int i = 0; i < N; i++) {
    spikes.onsets[i] = 1 + 1.25 * i;
    spikes.offsets[i] = spikes.onsets[i] + .5;
  }
  for (int j = 0; j < M; j++) {
    guint first = spikes.times->len;
    for (int i = 0; i < N; i++) {
      spikes.count[i][j] = (int)pct_random_below(&random, j == 3 ? 1 : 12);
      spikes.base[i][j] = (int)pct_random_below(&random, 4);
      for (int s = 0; s < spikes.count[i][j]; s++) {
        double time = spikes.onsets[i] + .5 * pct_random_uniform(&random);
        g_array_append_val(spikes.times, time);
      }
      for (int s = 0; s < spikes.base[i][j]; s++) {
        double time = spikes.onsets[i] - .25 * (1 - pct_random_uniform(&random) * .99);
        g_array_append_val(spikes.times, time);
      }
      double after = spikes.onsets[i] + .6;  // of no window
      g_array_append_val(spikes.times, after);
    }
    // Neuron 2's are as a merge of two leaves them.
    if (j != 2)
      qsort(&g_array_index(spikes.times, double, first), spikes.times->len - first, sizeof(double), compare_doubles);
    spikes.ends[j] = (gint32)spikes.times->len;
  }
  return spikes;
}

static void
test_spikes(void)
{
  Spikes spikes = make_spikes();
  PctArraySource *source = memory_source_new("/nowhere/s", "NWB");
  memory_source_add_doubles(source, "spike_times", spikes.times->data, spikes.times->len);
  memory_source_add_ints(source, "spike_times_index", spikes.ends, M);
  memory_source_add_doubles(source, "onsets", spikes.onsets, N);
  memory_source_add_doubles(source, "offsets", spikes.offsets, N);
  add_images(source);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  for (int variant = 0; variant < 4; variant++) {
    g_autoptr(PctImportPlan) plan = make_plan();
    pct_import_plan_assign(plan, PCT_ROLE_SPIKE_TIMES, "s/spike_times", NULL);
    pct_import_plan_assign(plan, PCT_ROLE_SPIKE_ENDS, "s/spike_times_index", NULL);
    pct_import_plan_assign(plan, PCT_ROLE_OFFSETS, "s/offsets", NULL);
    gboolean number = variant % 2, base = variant / 2;
    set(plan, number ? "summary=sum" : "summary=mean");
    set(plan, base ? "baseline=0.25" : "baseline=0");
    g_autoptr(PctImportResult) result = assemble(catalogue, plan, NULL);
    for (int i = 0; i < N; i++) {
      float row[M];
      pct_recording_read_responses(result->recording, i, row);
      for (int j = 0; j < M; j++) {
        // Counts over 0.5 s and 0.25 s: exact in binary.
        double expected = spikes.count[i][j] - (base ? 2 * spikes.base[i][j] : 0);
        g_assert_cmpfloat_with_epsilon(row[j], number ? expected : 2 * expected, 1e-5);
        if (number && !base)
          g_assert_cmpfloat(row[j], ==, spikes.count[i][j]);
      }
    }
    g_assert_true(small_says(result->sentences, number ? "number of spikes" : "spikes per second"));
    g_assert_cmpint(result->preview.n_times, >, 10);
    g_assert_false(pct_recording_is_averaged(result->recording));
  }
  g_array_unref(spikes.times);
}

// Speed measured ten times a second, pupil at the same times; averaged while the image was shown.
static void
test_behaviour(void)
{
  g_autofree Session *session = make_session();
  float speed[F], position[2 * F];
  for (int f = 0; f < F; f++) {
    speed[f] = f % 7 == 0 ? NAN : (float)(f % 13);
    position[f] = (float)f;
    position[F + f] = (float)(f % 5);
  }
  // The second trial's was not measured at all.
  for (int f = 40; f < 55; f++)
    speed[f] = NAN;
  PctArraySource *source = memory_source_new("/nowhere/s", "HDF5");
  memory_source_add_floats(source, "traces", session->trace, F, M);
  memory_source_add_doubles(source, "times", session->times, F);
  memory_source_add_doubles(source, "onsets", session->onsets, N);
  memory_source_add_doubles(source, "offsets", session->offsets, N);
  memory_source_add_floats(source, "speed", speed, F);
  memory_source_add_floats(source, "pupil", position, 2, F);
  add_images(source);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TRACES, "s/traces", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_FRAME_TIMES, "s/times", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_OFFSETS, "s/offsets", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_SPEED, "s/speed", "b");
  pct_import_plan_assign(plan, PCT_ROLE_PUPIL_POSITION, "s/pupil", "xb");
  pct_import_plan_assign(plan, PCT_ROLE_BEHAVIOUR_TIMES, "s/times", NULL);
  g_autoptr(PctImportResult) result = assemble(catalogue, plan, NULL);
  for (int i = 0; i < N; i++) {
    double sums[3] = { 0 };
    int n = 0, all = 0;
    for (int f = 0; f < F; f++) {
      if (session->times[f] < session->onsets[i] || session->times[f] >= session->offsets[i])
        continue;
      all++;
      sums[1] += position[f];
      sums[2] += position[F + f];
      if (!isnan(speed[f])) {
        sums[0] += speed[f];
        n++;
      }
    }
    if (n == 0)
      g_assert_true(isnan(pct_recording_get_running_speed(result->recording)[i]));
    else
      g_assert_cmpfloat_with_epsilon(pct_recording_get_running_speed(result->recording)[i], sums[0] / n, 1e-4);
    const float *place = pct_recording_get_pupil_position(result->recording) + 2 * i;
    g_assert_cmpfloat_with_epsilon(place[0], sums[1] / all, 1e-3);
    g_assert_cmpfloat_with_epsilon(place[1], sums[2] / all, 1e-4);
  }
  g_assert_true(isnan(pct_recording_get_running_speed(result->recording)[1]));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/import-traces/traces", test_traces);
  g_test_add_func("/import-traces/next-onset", test_next_onset);
  g_test_add_func("/import-traces/neighbours", test_neighbours);
  g_test_add_func("/import-traces/outside", test_outside);
  g_test_add_func("/import-traces/threads", test_threads);
  g_test_add_func("/import-traces/cancel", test_cancel);
  g_test_add_func("/import-traces/peri-stimulus", test_peri_stimulus);
  g_test_add_func("/import-traces/spikes", test_spikes);
  g_test_add_func("/import-traces/behaviour", test_behaviour);
  return g_test_run();
}
