// SPDX-License-Identifier: GPL-3.0-or-later
// How long lesions take: of the picture in hand, without and with random ones beside it, and of the test tier; what a
// slider waits for while lesions and a history follow it; and what it costs to keep a history of whole vectors. Give it a
// recording and the name of a decoder in its workspace; without, it takes the demo and its shipped decoder.
#include "fixture.h"
#include "work/slide-history.h"
#include "work/slide-lesion.h"

static double
milliseconds_since(gint64 start)
{
  return (double)(g_get_monotonic_time() - start) / 1000;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
  double one = *(const double *)a, other = *(const double *)b;
  return one < other ? -1 : one > other;
}

static void
count_notify(GObject *object, GParamSpec *pspec, int *count)
{
  (*count)++;
}

static void
measure_slider(PctSlide *slide, const char *title)
{
  double times[180];
  int notified = 0;
  gulong id = g_signal_connect(slide, "notify::reconstruction", G_CALLBACK(count_notify), &notified);
  for (int i = 0; i < 180; i++) {
    int before = notified;
    gint64 start = g_get_monotonic_time();
    pct_slide_set_response(slide, i / 60, (float)i * 0.01f);
    while (notified == before)
      g_main_context_iteration(NULL, TRUE);
    times[i] = milliseconds_since(start);
    g_usleep(16000);
  }
  g_signal_handler_disconnect(slide, id);
  qsort(times, 180, sizeof *times, compare_doubles);
  g_print("%s: median %.2f ms, 95 %% %.2f ms, worst %.2f ms\n", title, times[90], times[171], times[179]);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctLanes) lanes = pct_lanes_new(&error);
  g_autoptr(PctJob) opening = lanes ? pct_project_open_async(lanes, argc > 1 ? argv[1] : NULL, NULL) : NULL;
  if (!lanes)
    g_error("%s", error->message);
  wait_until(pct_job_is_over(opening));
  g_autoptr(PctProject) project = pct_project_open_finish(opening, &error);
  PctModel *model = project ? pct_project_find_model(project, argc > 2 ? argv[2] : "cgan") : NULL;
  if (!model)
    g_error("%s", error ? error->message : "There is no such decoder.");
  g_autoptr(PctSlide) slide = pct_slide_new(project);
  pct_slide_set_model(slide, model);
  pct_slide_set_base(slide, pct_project_get_tier_images(project, PCT_TIER_TEST, &(int){ 0 })[0], PCT_MEAN_OF_REPEATS);
  wait_until(pct_slide_get_reconstruction(slide));
  measure_slider(slide, "a slider alone");

  g_autoptr(PctSlideHistory) history = pct_slide_history_new(project, slide);
  g_autoptr(PctSlideLesion) lesion = pct_slide_lesion_new(project, slide);
  pct_slide_lesion_set_of(lesion, PCT_LESION_FIRST, FALSE);
  pct_slide_lesion_set_active(lesion, TRUE);
  measure_slider(slide, "with a history and lesions following it");
  guint n;
  for (int i = 0; i < 3; i++) {
    pct_slide_set_response(slide, 1, 2 + (float)i);
    gint64 start = g_get_monotonic_time();
    wait_until(pct_slide_lesion_get_points(lesion, &n));
    double first = milliseconds_since(start);
    wait_until(!pct_slide_lesion_is_busy(lesion));
    g_print("%u lesions of one picture: %.0f ms after a change, with random ones %.0f ms\n", n, first, milliseconds_since(start));
  }
  gint64 start = g_get_monotonic_time();
  g_autoptr(PctJob) job = pct_slide_lesion_measure_tier(lesion, PCT_TIER_TEST, TRUE, &error);
  while (!pct_job_is_over(job))
    g_main_context_iteration(NULL, TRUE);
  g_autofree char *sentence =
    pct_lesion_curve_dup_sentence(pct_lesion_job_get_curve(job), PCT_FRAME_FULL, PCT_MEASURE_PIXCORR);
  g_print("the test tier: %.1f s. %s\n", milliseconds_since(start) / 1000, sentence);

  // Whole vectors, one after another, as pasted.
  pct_slide_lesion_set_active(lesion, FALSE);
  double worst = 0;
  for (int i = 0; i < 40; i++) {
    g_autoptr(PctResponses) other = pct_project_dup_responses(project, i, PCT_MEAN_OF_REPEATS);
    pct_slide_set_all(slide, pct_responses_get_values(other), 1);
    start = g_get_monotonic_time();
    pct_slide_history_release(history);
    worst = MAX(worst, milliseconds_since(start));
  }
  start = g_get_monotonic_time();
  guint kept = pct_slide_history_get_n_steps(history);
  g_clear_object(&history);
  g_print("a step of a whole vector: at most %.2f ms; %u of 40 kept; written in %.0f ms\n", worst, kept,
          milliseconds_since(start));
  start = g_get_monotonic_time();
  history = pct_slide_history_new(project, slide);
  g_print("read again in %.0f ms\n", milliseconds_since(start));
  g_clear_object(&job);
  return 0;
}
