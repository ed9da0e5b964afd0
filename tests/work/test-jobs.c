// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs and lanes: every way to end, progress that arrives in order and on the main thread, references dropped at bad
// moments, shutting down in time; and the interactive lane's promise that the newest wins.
#include "fixture.h"
#include <stdatomic.h>
#include "work/slot.h"

typedef struct {
  _Atomic int stop, destroyed, steps;
  GThread *main;
} Probe;

static void
probe_destroy(gpointer data)
{
  Probe *probe = data;
  g_assert_true(g_thread_self() == probe->main);
  atomic_fetch_add(&probe->destroyed, 1);
}

static PctLanes *
lanes_new(void)
{
  g_autoptr(GError) error = NULL;
  PctLanes *lanes = pct_lanes_new(&error);
  g_assert_no_error(error);
  return lanes;
}

static gboolean
count_to_ten(PctJob *job, const PctRun *run, GError **error)
{
  float pixels[2 * 2 * 3];
  for (int i = 1; i <= 10; i++) {
    const PctFigure figures[] = { { "epoch", i }, { "loss", 1.0 / i }, { "missing", NAN } };
    for (int j = 0; j < 12; j++)
      pixels[j] = (float)i;
    const PctPreview preview = { pixels, 2, 2, 3 };
    const PctProgress progress = { .phase = "Counting", .step = i * 100, .total = 1000, .figures = figures,
                                   .n_figures = G_N_ELEMENTS(figures), .preview = &preview };
    if (!pct_run_report(run, &progress, error))
      return FALSE;
    // Reports without a row do not make one.
    if (!pct_run_step(run, i * 100, 1000, error))
      return FALSE;
  }
  pct_job_set_result(job, g_strdup("ten"), g_free);
  return TRUE;
}

typedef struct {
  int finished, states, progress;
  double last;
} Heard;

static void
on_finished(PctJob *job, Heard *heard)
{
  g_assert_true(pct_job_is_over(job));
  heard->finished++;
}

static void
on_progress(PctJob *job, GParamSpec *pspec, Heard *heard)
{
  g_assert_cmpfloat(pct_job_get_progress(job), >=, heard->last);
  heard->last = pct_job_get_progress(job);
  heard->progress++;
}

static void
test_finish(void)
{
  PctLanes *lanes = lanes_new();
  Probe probe = { .main = g_thread_self() };
  Heard heard = { .last = -1 };
  PctJob *job = pct_job_new("Count", count_to_ten, &probe, probe_destroy);
  pct_job_keep_history(job);
  g_signal_connect(job, "finished", G_CALLBACK(on_finished), &heard);
  g_signal_connect(job, "notify::progress", G_CALLBACK(on_progress), &heard);
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_QUEUED);
  pct_lanes_submit(lanes, PCT_LANE_HEAVY, job);
  g_assert_cmpuint(pct_lanes_get_n_running(lanes), ==, 1);
  wait_until(heard.finished);
  g_assert_cmpint(heard.finished, ==, 1);
  g_assert_cmpint(heard.progress, >=, 1);
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_DONE);
  g_assert_cmpstr(pct_job_get_result(job), ==, "ten");
  g_assert_cmpstr(pct_job_get_phase(job), ==, "Counting");
  g_assert_cmpfloat(pct_job_get_progress(job), ==, 1);
  g_assert_cmpfloat(pct_figures_find(pct_job_get_figures(job), "loss"), ==, 0.1);
  g_assert_true(isnan(pct_figures_find(pct_job_get_figures(job), "other")));
  g_assert_cmpuint(pct_job_get_preview(job)->len, ==, 2);
  g_assert_cmpfloat(pct_picture_get_pixels(g_ptr_array_index(pct_job_get_preview(job), 1))[5], ==, 10);
  // No row is lost, though most reports were never told one by one.
  PctCurves *curves = pct_job_get_curves(job);
  const double *x, *y;
  g_assert_cmpuint(pct_curves_get_n_series(curves), ==, 2);
  g_assert_cmpuint(pct_curves_get_points(curves, (guint)pct_curves_find(curves, "loss"), &x, &y), ==, 10);
  for (int i = 0; i < 10; i++) {
    g_assert_cmpfloat(x[i], ==, i + 1);
    g_assert_cmpfloat(y[i], ==, 1.0 / (i + 1));
  }
  guint n = pct_previews_get_n(pct_job_get_previews(job));
  g_assert_cmpuint(n, >=, 1);
  g_assert_cmpfloat(pct_previews_get_step(pct_job_get_previews(job), n - 1), ==, 1000);
  g_assert_cmpuint(pct_lanes_get_n_running(lanes), ==, 0);
  g_assert_cmpuint(g_list_model_get_n_items(pct_lanes_get_jobs(lanes)), ==, 1);
  pct_lanes_clear_finished(lanes);
  g_assert_cmpuint(g_list_model_get_n_items(pct_lanes_get_jobs(lanes)), ==, 0);
  g_assert_finalize_object(job);
  g_assert_cmpint(probe.destroyed, ==, 1);
  g_assert_finalize_object(lanes);
}

static gboolean
fail(PctJob *job, const PctRun *run, GError **error)
{
  g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED, "It diverged.");
  return FALSE;
}

static void
test_fail(void)
{
  PctLanes *lanes = lanes_new();
  PctJob *job = pct_job_new("Fail", fail, NULL, NULL);
  pct_lanes_submit(lanes, PCT_LANE_BACKGROUND, job);
  wait_until(pct_job_is_over(job));
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_FAILED);
  g_assert_error(pct_job_get_error(job), PCT_ERROR, PCT_ERROR_DIVERGED);
  g_assert_null(pct_job_get_result(job));
  g_object_unref(job);
  g_assert_finalize_object(lanes);
}

// Works until told to stop, by the contract: a report every few milliseconds.
static gboolean
work_on(PctJob *job, const PctRun *run, GError **error)
{
  Probe *probe = pct_job_get_data(job);
  while (!atomic_load(&probe->stop)) {
    g_usleep(2000);
    atomic_fetch_add(&probe->steps, 1);
    if (!pct_run_step(run, atomic_load(&probe->steps), 0, error))
      return FALSE;
  }
  return TRUE;
}

static void
test_cancel(void)
{
  PctLanes *lanes = lanes_new();
  Probe probe = { .main = g_thread_self() }, waiting = { .main = g_thread_self() };
  PctJob *job = pct_job_new("Work", work_on, &probe, probe_destroy);
  PctJob *next = pct_job_new("Wait", work_on, &waiting, probe_destroy);
  pct_lanes_submit(lanes, PCT_LANE_HEAVY, job);
  pct_lanes_submit(lanes, PCT_LANE_HEAVY, next);
  wait_until(atomic_load(&probe.steps) > 3 && pct_job_get_state(job) == PCT_JOB_RUNNING);
  g_assert_true(pct_lanes_get_current(lanes) == job);
  g_assert_cmpfloat(pct_job_get_progress(job), <, 0);
  g_assert_cmpint(pct_job_get_state(next), ==, PCT_JOB_QUEUED);
  // One that waits is gone at once and never starts.
  pct_job_cancel(next);
  g_assert_cmpint(pct_job_get_state(next), ==, PCT_JOB_CANCELLED);
  pct_job_cancel(job);
  g_assert_true(pct_job_is_cancelling(job));
  wait_until(pct_job_is_over(job));
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_CANCELLED);
  g_assert_null(pct_job_get_error(job));
  g_assert_false(pct_job_is_cancelling(job));
  pct_job_cancel(job);
  pct_lanes_clear_finished(lanes);
  g_object_unref(next);
  wait_until(atomic_load(&waiting.destroyed));
  g_assert_cmpint(waiting.steps, ==, 0);
  g_assert_finalize_object(job);
  g_assert_finalize_object(lanes);
}

static void
test_drop_while_running(void)
{
  PctLanes *lanes = lanes_new();
  Probe probe = { .main = g_thread_self() };
  PctJob *job = pct_job_new("Work", work_on, &probe, probe_destroy);
  pct_lanes_submit(lanes, PCT_LANE_HEAVY, job);
  g_object_unref(job);
  wait_until(atomic_load(&probe.steps) > 3);
  g_assert_cmpint(probe.destroyed, ==, 0);
  atomic_store(&probe.stop, 1);
  wait_until(pct_lanes_get_n_running(lanes) == 0);
  pct_lanes_clear_finished(lanes);
  drain();
  g_assert_cmpint(probe.destroyed, ==, 1);
  g_assert_finalize_object(lanes);
}

// Without lanes at all: the worker's reference is the last one.
static gpointer
run_alone(gpointer job)
{
  pct_job_run(job, NULL);
  return NULL;
}

static void
test_drop_last(void)
{
  Probe probe = { .main = g_thread_self() };
  PctJob *job = pct_job_new("Work", work_on, &probe, probe_destroy);
  GThread *thread = g_thread_new("worker", run_alone, job);
  wait_until(atomic_load(&probe.steps) > 3);
  atomic_store(&probe.stop, 1);
  g_thread_join(thread);
  g_assert_cmpint(probe.destroyed, ==, 0);
  wait_until(probe.destroyed);
}

static void
test_order(void)
{
  PctLanes *lanes = lanes_new();
  Probe probes[3] = { { .main = g_thread_self() }, { .main = g_thread_self() }, { .main = g_thread_self() } };
  PctJob *jobs[3];
  for (int i = 0; i < 3; i++) {
    jobs[i] = pct_job_new("Work", work_on, &probes[i], NULL);
    pct_lanes_submit(lanes, i == 2 ? PCT_LANE_BACKGROUND : PCT_LANE_HEAVY, jobs[i]);
  }
  // The background lane does not wait for the heavy one.
  wait_until(atomic_load(&probes[0].steps) && atomic_load(&probes[2].steps));
  g_assert_cmpint(probes[1].steps, ==, 0);
  wait_until(pct_job_get_state(jobs[2]) == PCT_JOB_RUNNING && pct_job_get_state(jobs[0]) == PCT_JOB_RUNNING);
  g_autoptr(PctJob) third = g_list_model_get_item(pct_lanes_get_jobs(lanes), 2);
  g_assert_true(third == jobs[1]);
  atomic_store(&probes[0].stop, 1);
  wait_until(atomic_load(&probes[1].steps));
  atomic_store(&probes[1].stop, 1);
  atomic_store(&probes[2].stop, 1);
  wait_until(pct_lanes_get_n_running(lanes) == 0);
  for (int i = 0; i < 3; i++)
    g_object_unref(jobs[i]);
  g_clear_object(&third);
  g_assert_finalize_object(lanes);
}

// Answers only as often as the contract asks: every 100 ms.
static gboolean
stubborn(PctJob *job, const PctRun *run, GError **error)
{
  Probe *probe = pct_job_get_data(job);
  for (;;) {
    g_usleep(100 * 1000);
    atomic_fetch_add(&probe->steps, 1);
    if (!pct_run_step(run, 0, 0, error))
      return FALSE;
  }
}

static void
test_shutdown(void)
{
  PctLanes *lanes = lanes_new();
  Probe probe = { .main = g_thread_self() };
  PctJob *running = pct_job_new("Stubborn", stubborn, &probe, probe_destroy);
  PctJob *queued = pct_job_new("Queued", stubborn, &probe, probe_destroy);
  pct_lanes_submit(lanes, PCT_LANE_HEAVY, running);
  pct_lanes_submit(lanes, PCT_LANE_HEAVY, queued);
  wait_until(atomic_load(&probe.steps) > 0);
  gint64 start = g_get_monotonic_time();
  g_assert_true(pct_lanes_shutdown(lanes));
  g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
  // Told without another turn of the main loop.
  g_assert_cmpint(pct_job_get_state(running), ==, PCT_JOB_CANCELLED);
  g_assert_cmpint(pct_job_get_state(queued), ==, PCT_JOB_CANCELLED);
  PctJob *late = pct_job_new("Late", stubborn, &probe, probe_destroy);
  pct_lanes_submit(lanes, PCT_LANE_HEAVY, late);
  g_assert_cmpint(pct_job_get_state(late), ==, PCT_JOB_CANCELLED);
  g_object_unref(late);
  g_object_unref(running);
  g_object_unref(queued);
  drain();
  g_assert_finalize_object(lanes);
  g_assert_cmpint(probe.destroyed, ==, 3);
}

// Slots. A request is a number; the answer is the same number.
typedef struct {
  _Atomic int worked, hold, stopped;
  int last, told;
} Slide;

static gpointer
slot_work(gpointer state, gpointer request, const PctRun *run)
{
  Slide *slide = *(Slide **)state;
  atomic_fetch_add(&slide->worked, 1);
  while (atomic_load(&slide->hold)) {
    g_usleep(500);
    if (!pct_run_step(run, 0, 0, NULL)) {
      atomic_store(&slide->stopped, 1);
      return NULL;
    }
  }
  return g_memdup2(request, sizeof(int));
}

static void
slot_done(gpointer owner, gpointer answer)
{
  Slide *slide = owner;
  // Never an older one after a newer one.
  g_assert_cmpint(*(int *)answer, >, slide->last);
  slide->last = *(int *)answer;
  slide->told++;
}

static const PctSlotClass slider = { slot_work, slot_done, g_free, g_free, .supersede = FALSE, .rank = 0 };
static const PctSlotClass picture = { slot_work, slot_done, g_free, g_free, .supersede = TRUE, .rank = 1 };

static PctSlot *
slot_new(PctLanes *lanes, const PctSlotClass *klass, Slide *slide)
{
  return pct_slot_new(lanes, klass, slide, g_memdup2(&slide, sizeof slide), g_free);
}

static void
ask(PctSlot *slot, int number)
{
  pct_slot_request(slot, g_memdup2(&number, sizeof number));
}

static void
test_newest_wins(void)
{
  PctLanes *lanes = lanes_new();
  Slide slide = { .hold = 1 };
  PctSlot *slot = slot_new(lanes, &slider, &slide);
  ask(slot, 1);
  wait_until(atomic_load(&slide.worked) == 1);
  for (int i = 2; i <= 500; i++)
    ask(slot, i);
  g_assert_true(pct_slot_is_busy(slot));
  atomic_store(&slide.hold, 0);
  wait_until(slide.last == 500);
  // One under way and one waiting: everything between was dropped.
  g_assert_cmpint(slide.worked, ==, 2);
  g_assert_cmpint(slide.told, <=, 2);
  g_assert_false(pct_slot_is_busy(slot));
  pct_slot_close(slot);
  g_assert_finalize_object(lanes);
}

static void
test_supersede(void)
{
  PctLanes *lanes = lanes_new();
  Slide slide = { .hold = 1 };
  PctSlot *slot = slot_new(lanes, &picture, &slide);
  ask(slot, 1);
  wait_until(atomic_load(&slide.worked) == 1);
  ask(slot, 2);
  wait_until(atomic_load(&slide.stopped));
  atomic_store(&slide.hold, 0);
  wait_until(slide.told);
  g_assert_cmpint(slide.last, ==, 2);
  // What was asked before a cancel is not told after it.
  atomic_store(&slide.hold, 1);
  ask(slot, 3);
  wait_until(atomic_load(&slide.worked) == 3);
  pct_slot_cancel(slot);
  atomic_store(&slide.hold, 0);
  g_assert_false(pct_slot_is_busy(slot));
  ask(slot, 4);
  wait_until(slide.last == 4);
  g_assert_cmpint(slide.told, ==, 2);
  pct_slot_close(slot);
  g_assert_finalize_object(lanes);
}

static void
test_close_while_working(void)
{
  PctLanes *lanes = lanes_new();
  Slide slide = { .hold = 1 };
  PctSlot *slot = slot_new(lanes, &slider, &slide);
  ask(slot, 1);
  wait_until(atomic_load(&slide.worked) == 1);
  ask(slot, 2);
  pct_slot_close(slot);
  wait_until(atomic_load(&slide.stopped));
  g_assert_true(pct_lanes_shutdown(lanes));
  drain();
  g_assert_cmpint(slide.told, ==, 0);
  // Nobody is there any more: a request is dropped, not leaked.
  PctSlot *late = slot_new(lanes, &slider, &slide);
  ask(late, 1);
  g_assert_false(pct_slot_is_busy(late));
  pct_slot_close(late);
  g_assert_finalize_object(lanes);
}

static void
test_curves_file(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "curves.csv", NULL);
  static const struct {
    const char *text;
    gboolean sound;
  } cases[] = {
    { "epoch,loss\n1,0.5\n2,nan\n", TRUE }, { "epoch,loss\n1,\n", TRUE }, { "", TRUE },
    { "epoch,loss\n1\n", FALSE }, { "epoch,loss\n1,2,3\n", FALSE }, { "epoch,loss\n1,x\n", FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_file_set_contents(path, cases[i].text, -1, NULL);
    g_autoptr(PctCurves) curves = pct_curves_new_from_csv(path, &error);
    g_assert_true((curves != NULL) == cases[i].sound);
    if (!curves)
      g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  }
  remove_tree(folder);
}

static void
test_previews_bounded(void)
{
  g_autoptr(PctPreviews) previews = pct_previews_new();
  g_autofree float *pixels = g_new0(float, 6 * 64 * 64);
  for (int i = 0; i < 1000; i++) {
    pct_previews_append(previews, i, pixels, 6, 64, 64);
    guint n = pct_previews_get_n(previews);
    g_assert_cmpuint(n, <=, (16u << 20) / (6 * 64 * 64 * 4) + 1);
    g_assert_cmpfloat(pct_previews_get_step(previews, 0), ==, 0);
    g_assert_cmpfloat(pct_previews_get_step(previews, n - 1), ==, i);
  }
  // Spread over the whole run, not only its end.
  guint n = pct_previews_get_n(previews);
  g_assert_cmpfloat(pct_previews_get_step(previews, n / 2), >, 350);
  g_assert_cmpfloat(pct_previews_get_step(previews, n / 2), <, 650);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/work/jobs/finish", test_finish);
  g_test_add_func("/work/jobs/fail", test_fail);
  g_test_add_func("/work/jobs/cancel", test_cancel);
  g_test_add_func("/work/jobs/drop-while-running", test_drop_while_running);
  g_test_add_func("/work/jobs/drop-last", test_drop_last);
  g_test_add_func("/work/jobs/order", test_order);
  g_test_add_func("/work/jobs/shutdown", test_shutdown);
  g_test_add_func("/work/slots/newest-wins", test_newest_wins);
  g_test_add_func("/work/slots/supersede", test_supersede);
  g_test_add_func("/work/slots/close-while-working", test_close_while_working);
  g_test_add_func("/work/curves/file", test_curves_file);
  g_test_add_func("/work/previews/bounded", test_previews_bounded);
  return g_test_run();
}
