// SPDX-License-Identifier: GPL-3.0-or-later
// What the Compare page knows of scores, over the demo recording with a freshly fitted ridge regression: it goes to a
// decoder's best, median and worst image, walks in that order, draws where the receptive fields lie, tells of one decoder
// in a window, and measures curves that the workspace keeps. The Images page sorts by the same scores. All driven by
// actions. Skipped where there is no display.
#include "demo-window.h"
#include <math.h>
#include "compare/compare-page.h"
#include "compare/data-curves-card.h"
#include "compare/field-legend.h"
#include "compare/model-detail.h"
#include "compare/score-grid.h"
#include "compare/score-walk.h"
#include "data/recording-file.h"
#include "images/images-page.h"
#include "images/score-order.h"
#include "measure-text.h"

static DemoWindow fixture;

static void
set(GtkWidget *page, const char *action, const char *text)
{
  g_assert_true(gtk_widget_activate_action(page, action, "s", text));
}

static void
press(GtkWidget *page, const char *action)
{
  g_assert_true(gtk_widget_activate_action_variant(page, action, NULL));
}

static GtkWidget *
make_compare(void)
{
  GtkWidget *page = pct_compare_page_new(fixture.project, fixture.selection);
  demo_window_show(&fixture, page);
  return page;
}

// The ridge's row of a table, ready. Borrowed from it.
static PctScoreRow *
wait_for_row(PctScoreTable *table)
{
  PctScoreRow *row = pct_score_table_find(table, fixture.ridge);
  g_assert_nonnull(row);
  for (int i = 0; i < 3000 && !pct_score_row_is_ready(row); i++)
    spin(20);
  g_assert_null(pct_score_row_get_problem(row));
  g_assert_true(pct_score_row_is_ready(row));
  return row;
}

static void
check_places(GtkWidget *page, PctScoreRow *row, PctFrame frame, PctMeasure measure)
{
  int n;
  g_autofree int *order = pct_score_row_dup_order(row, frame, measure, &n);
  g_assert_cmpint(n, >, 2);
  const char *actions[] = { "compare.best", "compare.median", "compare.worst" };
  int expected[] = { order[0], order[(n - 1) / 2], order[n - 1] };
  for (guint i = 0; i < G_N_ELEMENTS(actions); i++) {
    press(page, actions[i]);
    g_assert_cmpint(pct_selection_get_image(fixture.selection), ==, expected[i]);
  }
  // In the recording's order worst is not followed by the last but one.
  set(page, "compare.order", "score");
  press(page, "compare.previous");
  g_assert_cmpint(pct_selection_get_image(fixture.selection), ==, order[n - 2]);
  press(page, "compare.next");
  press(page, "compare.next");  // stops at the end
  g_assert_cmpint(pct_selection_get_image(fixture.selection), ==, order[n - 1]);
  pct_selection_set_image(fixture.selection, -1);  // from none, with the best
  press(page, "compare.next");
  g_assert_cmpint(pct_selection_get_image(fixture.selection), ==, order[0]);
  set(page, "compare.order", "recording");
}

static void
test_walk(void)
{
  int n_images;
  const int *images = pct_project_get_tier_images(fixture.project, PCT_TIER_TEST, &n_images);
  pct_selection_set_order(fixture.selection, images, (guint)n_images);
  pct_selection_set_image(fixture.selection, images[5]);
  GtkWidget *page = make_compare();
  PctScoreWalk *walk = find_widget(page, PCT_TYPE_SCORE_WALK);
  PctScoreTable *table = pct_score_grid_get_table(find_widget(page, PCT_TYPE_SCORE_GRID));
  set(page, "compare.decoder", pct_model_get_name(fixture.ridge));
  g_assert_cmpstr(pct_score_walk_get_decoder(walk), ==, pct_model_get_name(fixture.ridge));
  set(page, "compare.decoder", "no such decoder");
  g_assert_cmpstr(pct_score_walk_get_decoder(walk), ==, pct_model_get_name(fixture.ridge));

  check_places(page, wait_for_row(table), PCT_FRAME_FULL, PCT_MEASURE_PIXCORR);
  set(page, "compare.measure", "mse");  // the least is the best
  check_places(page, wait_for_row(table), PCT_FRAME_FULL, PCT_MEASURE_MSE);
  g_assert_true(gtk_widget_activate_action(page, "compare.central", "b", TRUE));
  set(page, "compare.measure", "ssim_min_max");
  check_places(page, wait_for_row(table), PCT_FRAME_CENTRAL, PCT_MEASURE_SSIM_MIN_MAX);
  g_assert_true(gtk_widget_activate_action(page, "compare.averaged", "b", FALSE));  // other rows, the same decoder
  g_assert_cmpstr(pct_score_walk_get_decoder(walk), ==, pct_model_get_name(fixture.ridge));
  check_places(page, wait_for_row(table), PCT_FRAME_CENTRAL, PCT_MEASURE_SSIM_MIN_MAX);
  set(page, "compare.measure", "no such measure");
  g_assert_cmpint(pct_score_walk_get_measure(walk), ==, PCT_MEASURE_SSIM_MIN_MAX);

  set(page, "compare.order", "recording");
  pct_selection_set_image(fixture.selection, images[5]);
  press(page, "compare.next");
  g_assert_cmpint(pct_selection_get_image(fixture.selection), ==, images[6]);
  demo_window_let_go(&fixture, page);
}

static void
test_fields(void)
{
  GtkWidget *page = make_compare();
  PctFieldLegend *legend = find_widget(page, PCT_TYPE_FIELD_LEGEND);
  g_assert_false(gtk_widget_get_visible(GTK_WIDGET(legend)));
  g_assert_null(pct_field_legend_get_density(legend));
  press(page, "compare.fields");
  g_assert_true(gtk_widget_get_visible(GTK_WIDGET(legend)));
  for (int i = 0; i < 3000 && !pct_field_legend_get_density(legend); i++)
    spin(20);
  const PctFieldDensity *density = pct_field_legend_get_density(legend);
  g_assert_nonnull(density);  // of the encoder that comes with the demo
  g_assert_cmpint(density->height, ==, pct_project_get_height(fixture.project));
  press(page, "compare.fields");
  g_assert_false(gtk_widget_get_visible(GTK_WIDGET(legend)));
  press(page, "compare.fields");  // it is there at once
  g_assert_true(pct_field_legend_get_density(legend) == density);
  press(page, "compare.difference");
  spin(100);
  demo_window_let_go(&fixture, page);
}

static PctModelDetail *
find_detail(void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels();
  for (GList *i = windows; i; i = i->next)
    if (PCT_IS_MODEL_DETAIL(i->data))
      return i->data;
  return NULL;
}

static void
test_detail(void)
{
  GtkWidget *page = make_compare();
  set(page, "compare.detail", "no such model");
  g_assert_null(find_detail());
  set(page, "compare.detail", pct_model_get_name(fixture.ridge));
  PctModelDetail *detail = find_detail();
  g_assert_nonnull(detail);
  g_assert_true(pct_model_detail_get_model(detail) == fixture.ridge);
  PctJob *job = pct_repeats_card_get_job(pct_model_detail_get_repeats(detail));
  g_assert_nonnull(job);  // the demo repeats its test images
  wait_for_job(job);
  spin(50);
  const PctRepeatCurve *curve = pct_repeats_job_get_curve(job);
  g_assert_cmpint(curve->n_points, >, 2);
  GtkWidget *plot = find_widget(GTK_WIDGET(pct_model_detail_get_repeats(detail)), g_type_from_name("PctCurvesCard"));
  g_assert_nonnull(plot);
  set(GTK_WIDGET(detail), "detail.measure", "mse");
  set(GTK_WIDGET(detail), "detail.measure", "identification");
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(detail), "detail.central", "b", TRUE));
  spin(200);
  g_object_ref(detail);
  gtk_window_close(GTK_WINDOW(detail));
  spin(50);
  g_assert_finalize_object(detail);

  // The GAN that comes with the demo has kept the curves of its two players. Closed while it measures.
  set(page, "compare.detail", "cgan");
  detail = find_detail();
  g_assert_nonnull(detail);
  spin(100);
  g_object_ref(detail);
  gtk_window_destroy(GTK_WINDOW(detail));
  spin(50);
  g_assert_finalize_object(detail);
  demo_window_let_go(&fixture, page);
}

static void
start_curve(GtkWidget *page, const char *against, const char *what)
{
  gtk_widget_activate_action(page, "compare.start-curve", "(ss)", against, what);
}

static void
test_curves(void)
{
  const char *ridge = pct_model_get_name(fixture.ridge);
  GtkWidget *page = make_compare();
  PctDataCurvesCard *card = find_widget(page, PCT_TYPE_DATA_CURVES_CARD);
  g_assert_cmpuint(pct_data_curves_card_get_kept(card)->len, ==, 0);
  start_curve(page, "neurons", "gaussian");  // no decoder
  start_curve(page, "neurons", "nonsense");
  start_curve(page, "nonsense", "ridge");
  start_curve(page, "silenced", "ridge");  // a kind is no model
  g_assert_null(pct_data_curves_card_get_job(card));

  start_curve(page, "silenced", ridge);
  g_autoptr(PctJob) job = g_object_ref(pct_data_curves_card_get_job(card));
  start_curve(page, "images", "ridge");  // one at a time
  g_assert_true(pct_data_curves_card_get_job(card) == job);
  wait_for_job(job);
  spin(50);
  g_assert_null(pct_data_curves_card_get_job(card));
  g_assert_cmpuint(pct_data_curves_card_get_kept(card)->len, ==, 1);
  const PctDataCurveAbout *about = pct_data_curves_card_get_kept(card)->pdata[0];
  g_assert_cmpint(about->against, ==, PCT_AGAINST_SILENCED);
  g_assert_cmpstr(about->model, ==, ridge);
  g_assert_true(g_file_test(about->path, G_FILE_TEST_IS_REGULAR));
  set(page, "compare.measure", "mse");
  g_assert_true(gtk_widget_activate_action(page, "compare.averaged", "b", FALSE));

  // Cancelled before its end; the page goes on.
  start_curve(page, "neurons", "ridge");
  g_autoptr(PctJob) cancelled = g_object_ref(pct_data_curves_card_get_job(card));
  press(page, "compare.cancel-curve");
  wait_until_over(cancelled);
  g_assert_cmpint(pct_job_get_state(cancelled), ==, PCT_JOB_CANCELLED);
  spin(50);
  g_assert_null(pct_data_curves_card_get_job(card));
  demo_window_let_go(&fixture, page);

  // Another page finds what was kept.
  page = make_compare();
  card = find_widget(page, PCT_TYPE_DATA_CURVES_CARD);
  g_assert_cmpuint(pct_data_curves_card_get_kept(card)->len, >=, 1);
  demo_window_let_go(&fixture, page);
}

static void
test_images(void)
{
  GtkWidget *page = pct_images_page_new(fixture.project, fixture.selection);
  demo_window_show(&fixture, page);
  g_autoptr(PctScoreTable) table = pct_score_table_new(fixture.project);
  pct_score_table_set_active(table, TRUE);
  PctScoreRow *row = wait_for_row(table);
  const char *measures[] = { "pixcorr", "mse" };
  set(page, "images.sort", "no such decoder");
  set(page, "images.sort", pct_model_get_name(fixture.ridge));
  spin(200);
  for (guint i = 0; i < G_N_ELEMENTS(measures); i++) {
    PctMeasure measure;
    int n;
    g_assert_true(pct_table_measure_from_name(measures[i], &measure));
    set(page, "images.measure", measures[i]);
    spin(100);
    g_autofree int *order = pct_score_row_dup_order(row, PCT_FRAME_FULL, measure, &n);
    pct_selection_set_image(fixture.selection, -1);
    for (int k = 0; k < n; k++) {  // all that is scored, then the rest
      pct_selection_step(fixture.selection, 1);
      g_assert_cmpint(pct_selection_get_image(fixture.selection), ==, order[k]);
    }
  }
  set(page, "images.sort", "number");
  pct_selection_set_image(fixture.selection, -1);
  pct_selection_step(fixture.selection, 1);
  g_assert_cmpint(pct_selection_get_image(fixture.selection), ==, 0);
  set(page, "images.sort", "mean-response");
  spin(50);
  // By hand: the list of sorts, set from within its own notification, must come to rest.
  GtkWidget *sorts = demo_find(page, GTK_TYPE_DROP_DOWN, FALSE);
  const guint chosen[] = { 0, 1, 2, 0 };
  for (guint i = 0; i < G_N_ELEMENTS(chosen); i++) {
    gtk_drop_down_set_selected(GTK_DROP_DOWN(sorts), chosen[i]);
    spin(20);
    g_assert_cmpuint(gtk_drop_down_get_selected(GTK_DROP_DOWN(sorts)), ==, chosen[i]);
  }
  demo_window_let_go(&fixture, page);
}

// Nothing held out and nothing repeated, or averages: sentences, and no action does harm.
static void
test_nothing_repeated(void)
{
  for (int averaged = 0; averaged < 2; averaged++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("bare-%d.npz", averaged);
    g_autofree char *path = g_build_filename(g_get_user_cache_dir(), name, NULL);
    enum { N = 40, SIDE = 12, M = 5 };
    PctRecordingData data = { .name = g_strdup(name), .n_images = N, .height = SIDE, .width = SIDE, .n_trials = N,
                              .n_neurons = M, .image_bytes = g_new(guint8, N * SIDE * SIDE), .averaged = averaged,
                              .responses_float = g_new(float, N * M), .tiers = g_new0(guint8, N) };
    for (int i = 0; i < N * SIDE * SIDE; i++)
      data.image_bytes[i] = (guint8)g_random_int();
    for (int i = 0; i < N * M; i++)
      data.responses_float[i] = (float)g_random_double();
    for (int i = 20; averaged && i < N; i++)
      data.tiers[i] = i < 30 ? PCT_TIER_VALIDATION : PCT_TIER_TEST;
    g_autoptr(PctRecording) recording = pct_recording_new_take(&data, &error);
    g_assert_no_error(error);
    g_assert_true(pct_recording_save(recording, path, NULL, &error));
    g_autoptr(PctJob) opening = pct_project_open_async(fixture.lanes, path, NULL);
    wait_for_job(opening);
    g_autoptr(PctProject) project = pct_project_open_finish(opening, &error);
    g_assert_no_error(error);
    g_autoptr(PctJob) fitting =
      pct_project_train(project, pct_project_find_kind(project, "ridge"), NULL, 1, NULL, &error);
    g_assert_no_error(error);
    wait_for_job(fitting);
    PctModel *model = pct_training_get_model(fitting);

    g_autoptr(PctSelection) selection = pct_selection_new();
    pct_selection_set_image(selection, 0);
    GtkWidget *page = pct_compare_page_new(project, selection);
    demo_window_show(&fixture, page);
    spin(500);
    const char *actions[] = { "compare.best", "compare.median", "compare.worst", "compare.next", "compare.fields",
                              "compare.cancel-curve" };
    for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
      gtk_widget_activate_action_variant(page, actions[i], NULL);  // what cannot be is disabled
    set(page, "compare.order", "score");
    press(page, "compare.next");
    g_assert_null(pct_field_legend_get_density(find_widget(page, PCT_TYPE_FIELD_LEGEND)));  // no encoder, no fields
    set(page, "compare.detail", pct_model_get_name(model));
    PctModelDetail *detail = find_detail();
    g_assert_nonnull(detail);
    g_assert_null(pct_repeats_card_get_job(pct_model_detail_get_repeats(detail)));
    set(GTK_WIDGET(detail), "detail.measure", "ssim");
    spin(200);
    gtk_window_destroy(GTK_WINDOW(detail));
    demo_window_let_go(&fixture, page);
  }
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture, argc, argv))
    return 0;
  g_test_add_func("/compare/walk", test_walk);
  g_test_add_func("/compare/fields", test_fields);
  g_test_add_func("/compare/detail", test_detail);
  g_test_add_func("/compare/curves", test_curves);
  g_test_add_func("/compare/images", test_images);
  g_test_add_func("/compare/nothing-repeated", test_nothing_repeated);
  int status = g_test_run();
  demo_window_end(&fixture);
  return status;
}
