// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures on demand: the slider's, a comparison's, and the scores of a whole tier.
#include "project-fixture.h"
#include "work/compare.h"
#include "work/slide.h"

static void
count_notify(GObject *object, GParamSpec *pspec, int *count)
{
  (*count)++;
}

static void
test_slide(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctModel *model = train_ridge(project);
  PctSlide *slide = pct_slide_new(project);
  int notified = 0;
  g_signal_connect(slide, "notify::reconstruction", G_CALLBACK(count_notify), &notified);
  pct_slide_set_base(slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  g_assert_null(pct_slide_get_reconstruction(slide));
  pct_slide_set_model(slide, model);
  wait_until(!pct_slide_is_busy(slide));
  g_assert_null(pct_slide_get_problem(slide));
  g_assert_cmpint(notified, ==, 1);
  g_assert_true(pct_slide_get_reconstruction(slide) == pct_slide_get_baseline(slide));
  g_assert_cmpfloat(pct_slide_get_score(slide).pixcorr[PCT_FRAME_FULL], >, 0.7);
  g_assert_cmpint(pct_slide_get_n_averaged(slide), ==, N_REPEATS);

  // A burst of changes: the last is what is drawn.
  for (int i = 0; i <= 300; i++)
    pct_slide_set_response(slide, 4, (float)i * 0.01f);
  g_assert_cmpfloat(pct_slide_get_response(slide, 4), ==, 3);
  g_assert_true(pct_slide_is_changed(slide));
  wait_until(!pct_slide_is_busy(slide));
  g_assert_cmpint(notified, <, 100);
  g_autoptr(PctPicture) drawn = pct_picture_ref(pct_slide_get_reconstruction(slide));
  g_assert_cmpfloat(largest_difference(drawn, pct_slide_get_baseline(slide)), >, 0.1);

  // Changed and changed back, with another change between: only the other one is left.
  pct_slide_set_response(slide, 5, 4);
  wait_until(!pct_slide_is_busy(slide));
  pct_slide_reset(slide, &(int){ 4 }, 1);
  wait_until(!pct_slide_is_busy(slide));
  g_autoptr(PctPicture) other = pct_picture_ref(pct_slide_get_reconstruction(slide));
  g_assert_cmpfloat(largest_difference(other, drawn), >, 0.1);
  pct_slide_reset(slide, &(int){ 5 }, 1);
  g_assert_false(pct_slide_is_changed(slide));

  pct_slide_silence(slide, &(int){ 4 }, 1);
  g_assert_cmpfloat(pct_slide_get_response(slide, 4), ==, pct_project_get_ranges(project)->mean[4]);
  pct_slide_reset(slide, NULL, 0);
  g_assert_false(pct_slide_is_changed(slide));
  wait_until(!pct_slide_is_busy(slide));
  g_assert_cmpfloat(largest_difference(pct_slide_get_reconstruction(slide), pct_slide_get_baseline(slide)), ==, 0);

  // Another image: never a picture of the one before.
  pct_slide_set_response(slide, 3, 9);
  pct_slide_set_base(slide, FIRST_TEST + 1, 0);
  wait_until(!pct_slide_is_busy(slide));
  g_assert_true(pct_slide_get_reconstruction(slide) == pct_slide_get_baseline(slide));
  g_assert_cmpint(pct_slide_get_n_averaged(slide), ==, 1);
  pct_slide_set_model(slide, NULL);
  g_assert_null(pct_slide_get_reconstruction(slide));
  g_assert_finalize_object(slide);
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);
}

// From a change to the notify, with a heavy job on every core.
static gboolean
burn(PctJob *job, const PctRun *run, GError **error)
{
  while (pct_run_step(run, 0, 0, error))
    ;
  return FALSE;
}

static void
test_latency(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctSlide *slide = pct_slide_new(project);
  pct_slide_set_model(slide, train_ridge(project));
  pct_slide_set_base(slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  wait_until(!pct_slide_is_busy(slide));
  g_autoptr(PctJob) job = pct_job_new("Burn", burn, NULL, NULL);
  pct_lanes_submit(fixture->lanes, PCT_LANE_HEAVY, job);
  wait_until(pct_job_get_state(job) == PCT_JOB_RUNNING);
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
  for (int i = 0; i < 200; i++) {
    int notified = 0;
    gulong id = g_signal_connect(slide, "notify::reconstruction", G_CALLBACK(count_notify), &notified);
    gint64 start = g_get_monotonic_time();
    pct_slide_set_response(slide, 2, (float)i * 0.01f);
    while (!notified)
      g_main_context_iteration(NULL, TRUE);
    double time = (double)(g_get_monotonic_time() - start) / 1000;
    g_array_append_val(times, time);
    g_signal_handler_disconnect(slide, id);
  }
  double *sorted = (double *)(gpointer)times->data;
  for (guint i = 1; i < times->len; i++)
    for (guint j = i; j > 0 && sorted[j - 1] > sorted[j]; j--) {
      double swap = sorted[j];
      sorted[j] = sorted[j - 1];
      sorted[j - 1] = swap;
    }
  g_test_message("from a change to its notify: median %.2f ms, 95 %% %.2f ms, worst %.2f ms", sorted[100], sorted[190],
                 sorted[199]);
  // A machine that is busy otherwise is slower; what must not be is a wait for the heavy job's turn.
  g_assert_cmpfloat(sorted[100], <, 20);
  pct_job_cancel(job);
  wait_until(pct_job_is_over(job));
  g_object_unref(slide);
  drain();
  g_assert_finalize_object(project);
}

static void
test_compare_and_score(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctCompare *compare = pct_compare_new(project);
  PctScoreTable *table = pct_score_table_new(project);
  pct_compare_set(compare, FIRST_TEST + 2, PCT_MEAN_OF_REPEATS);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(compare)), ==, 0);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(table)), ==, 2);
  // A model that comes later joins both lists.
  PctModel *model = train_ridge(project);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(compare)), ==, 1);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(table)), ==, 4);
  g_autoptr(PctComparison) comparison = g_list_model_get_item(G_LIST_MODEL(compare), 0);
  wait_until(pct_comparison_get_picture(comparison));
  g_assert_cmpfloat(pct_comparison_get_score(comparison).pixcorr[PCT_FRAME_FULL], >, 0.7);
  for (int i = 0; i < 6; i++)
    pct_compare_set(compare, FIRST_TEST + i, PCT_MEAN_OF_REPEATS);
  wait_until(!pct_comparison_is_busy(comparison));

  PctScoreRow *row = pct_score_table_find(table, model);
  g_assert_false(pct_score_row_is_ready(row));
  int none;
  g_assert_null(pct_score_row_dup_order(row, PCT_FRAME_FULL, PCT_MEASURE_MSE, &none));
  pct_score_table_set_active(table, TRUE);
  wait_until(pct_lanes_get_n_running(fixture->lanes) == 0);
  for (guint i = 0; i < 4; i++) {
    g_autoptr(PctScoreRow) any = g_list_model_get_item(G_LIST_MODEL(table), i);
    g_assert_cmpstr(pct_score_row_get_problem(any), ==, NULL);
    g_assert_true(pct_score_row_is_ready(any));
    // Every floor lies below the model.
    if (any != row)
      g_assert_cmpfloat(pct_score_row_get_mean(any, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR), <,
                        pct_score_row_get_mean(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR) - 0.2);
  }
  // The table and the comparison say the same of one image.
  double of_one = pct_score_row_get_image_value(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR, FIRST_TEST + 5);
  g_assert_cmpfloat_with_epsilon(of_one, pct_comparison_get_score(comparison).pixcorr[PCT_FRAME_FULL], 1e-5);
  g_assert_true(isnan(pct_score_row_get_image_value(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR, 0)));
  PctInterval interval = pct_score_row_get_interval(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR);
  double mean = pct_score_row_get_mean(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR);
  g_assert_true(interval.low < mean && mean < interval.high);
  int n;
  for (int measure = PCT_MEASURE_MSE; measure <= PCT_MEASURE_PIXCORR; measure++) {
    g_autofree int *order = pct_score_row_dup_order(row, PCT_FRAME_FULL, measure, &n);
    g_assert_cmpint(n, ==, N_TEST);
    for (int i = 1; i < n; i++) {
      double better = pct_score_row_get_image_value(row, PCT_FRAME_FULL, measure, order[i - 1]);
      double worse = pct_score_row_get_image_value(row, PCT_FRAME_FULL, measure, order[i]);
      g_assert_true(measure == PCT_MEASURE_MSE ? better <= worse : better >= worse);
      g_assert_cmpint(order[i], >=, FIRST_TEST);
    }
  }
  pct_score_row_get_values(row, PCT_FRAME_FULL, PCT_MEASURE_MSE, &n, NULL);
  g_assert_cmpint(n, ==, N_TEST);
  double averaged = pct_score_row_get_mean(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR);

  // Single trials are another figure; going back costs nothing.
  pct_score_table_set_mode(table, PCT_TIER_TEST, FALSE);
  row = pct_score_table_find(table, model);
  g_assert_false(pct_score_row_is_ready(row));
  wait_until(pct_score_row_is_ready(row));
  pct_score_row_get_values(row, PCT_FRAME_FULL, PCT_MEASURE_MSE, &n, NULL);
  g_assert_cmpint(n, ==, N_TEST * N_REPEATS);
  g_assert_cmpfloat(pct_score_row_get_mean(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR), <, averaged);
  pct_score_table_set_mode(table, PCT_TIER_TEST, TRUE);
  row = pct_score_table_find(table, model);
  g_assert_true(pct_score_row_is_ready(row));
  g_assert_cmpfloat(pct_score_row_get_mean(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR), ==, averaged);
  g_clear_object(&comparison);
  g_assert_finalize_object(table);
  g_assert_finalize_object(compare);
  wait_until(pct_lanes_get_n_running(fixture->lanes) == 0);
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);
}

static void
add_all(void)
{
  add("/work/slide/slide", test_slide);
  add("/work/slide/latency", test_latency);
  add("/work/compare/compare", test_compare_and_score);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
