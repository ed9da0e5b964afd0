// SPDX-License-Identifier: GPL-3.0-or-later
// What a person feels: opening a recording, training a ridge, and the time from a slider's change to its picture, at
// rest and with a training on every core. Give it a recording; without one it takes the demo.
#include "fixture.h"
#include <errno.h>
#include <unistd.h>
#include "base/blas.h"
#include "work/slide.h"
#include "work/training.h"

static void
count_notify(GObject *object, GParamSpec *pspec, int *count)
{
  (*count)++;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
  double one = *(const double *)a, other = *(const double *)b;
  return one < other ? -1 : one > other;
}

// Changes at 60 Hz, as a dragged slider makes them.
static void
measure(PctProject *project, PctSlide *slide, const char *title)
{
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
  const PctResponseRanges *ranges = pct_project_get_ranges(project);
  for (int i = 0; i < 180; i++) {
    int notified = 0, neuron = i / 60;
    float share = (float)(i % 60 + 1) / 60;
    gulong id = g_signal_connect(slide, "notify::reconstruction", G_CALLBACK(count_notify), &notified);
    gint64 start = g_get_monotonic_time();
    pct_slide_set_response(slide, neuron, ranges->single_minimum[neuron] +
                           share * (ranges->single_maximum[neuron] - ranges->single_minimum[neuron]) + 1e-3f);
    while (!notified)
      g_main_context_iteration(NULL, TRUE);
    double time = (double)(g_get_monotonic_time() - start) / 1000;
    g_array_append_val(times, time);
    g_signal_handler_disconnect(slide, id);
    g_usleep(16000);
  }
  g_array_sort(times, compare_doubles);
  const double *sorted = (const double *)(gpointer)times->data;
  g_print("%s: median %.2f ms, 95 %% %.2f ms, worst %.2f ms\n", title, sorted[90], sorted[171], sorted[179]);
}

static gboolean
burn(PctJob *job, const PctRun *run, GError **error)
{
  gsize n = 512;
  g_autofree float *a = g_new0(float, n * n), *b = g_new0(float, n * n), *c = g_new0(float, n * n);
  while (pct_run_step(run, 0, 0, error))
    pct_gemm(pct_run_get_pool(run), FALSE, FALSE, n, n, n, 1, a, n, b, n, 0, c, n);
  return FALSE;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *home = g_dir_make_tmp("percept-home-XXXXXX", NULL);
  g_setenv("XDG_DATA_HOME", home, TRUE);
  g_autoptr(PctLanes) lanes = pct_lanes_new(&error);
  if (!lanes)
    g_error("%s", error->message);
  // A link among temporary files, so that the workspace is made there.
  g_autofree char *link = argc > 1 ? g_build_filename(home, "recording.npz", NULL) : NULL;
  g_autofree char *target = argc > 1 ? g_canonicalize_filename(argv[1], NULL) : NULL;
  if (link && symlink(target, link) != 0)
    g_error("%s: %s", link, g_strerror(errno));
  gint64 start = g_get_monotonic_time();
  g_autoptr(PctJob) opening = pct_project_open_async(lanes, link, NULL);
  wait_until(pct_job_is_over(opening));
  double opened = (double)(g_get_monotonic_time() - start) / 1e6;
  start = g_get_monotonic_time();
  g_autoptr(PctProject) project = pct_project_open_finish(opening, &error);
  if (!project)
    g_error("%s", error->message);
  g_print("open %s: %.2f s in the background, %.2f ms on the main thread\n", pct_project_get_name(project), opened,
          (double)(g_get_monotonic_time() - start) / 1000);
  start = g_get_monotonic_time();
  PctKind *ridge = pct_project_find_kind(project, "ridge");
  g_autoptr(PctJob) training = pct_project_train(project, ridge, NULL, 1, NULL, &error);
  if (!training)
    g_error("%s", error->message);
  g_print("start a training: %.2f ms on the main thread\n", (double)(g_get_monotonic_time() - start) / 1000);
  while (!pct_job_is_over(training))
    g_main_context_iteration(NULL, TRUE);
  g_print("train ridge: %.2f s\n", pct_job_get_seconds(training));
  g_autoptr(PctSlide) slide = pct_slide_new(project);
  int n;
  start = g_get_monotonic_time();
  pct_slide_set_base(slide, pct_project_get_tier_images(project, PCT_TIER_TEST, &n)[0], PCT_MEAN_OF_REPEATS);
  pct_slide_set_model(slide, pct_training_get_model(training));
  wait_until(!pct_slide_is_busy(slide));
  g_print("first picture: %.2f ms\n", (double)(g_get_monotonic_time() - start) / 1000);
  measure(project, slide, "slider at rest");
  g_autoptr(PctJob) heavy = pct_job_new("Burn", burn, NULL, NULL);
  pct_lanes_submit(lanes, PCT_LANE_HEAVY, heavy);
  measure(project, slide, "slider beside a training");
  start = g_get_monotonic_time();
  gboolean ended = pct_lanes_shutdown(lanes);
  g_print("shut down: %.2f ms%s\n", (double)(g_get_monotonic_time() - start) / 1000,
          ended ? "" : ", a thread left behind");
  remove_tree(home);
  return 0;
}
