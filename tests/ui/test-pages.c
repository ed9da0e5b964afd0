// SPDX-License-Identifier: GPL-3.0-or-later
// The Slide and Compare pages over the demo recording with a freshly fitted ridge regression, driven through their
// actions and their sliders as a person would. Skipped where there is no display.
#include "demo-window.h"
#include <math.h>
#include <string.h>
#include "compare/compare-page.h"
#include "data/recording-file.h"
#include "picture-card.h"
#include "slide/slide-page.h"
#include "train/source-rows.h"
#include "train/train-page.h"

static DemoWindow fixture;

static void
wait_for_slide(PctSlide *slide)
{
  for (int i = 0; i < 1000 && (pct_slide_is_busy(slide) || !pct_slide_get_reconstruction(slide)); i++)
    spin(10);
  g_assert_null(pct_slide_get_problem(slide));
  g_assert_nonnull(pct_slide_get_reconstruction(slide));
}

static double
distance(PctPicture *a, PctPicture *b)
{
  const float *x = pct_picture_get_pixels(a), *y = pct_picture_get_pixels(b);
  double sum = 0;
  for (int i = 0; i < pct_picture_get_height(a) * pct_picture_get_width(a); i++)
    sum += fabs((double)x[i] - y[i]);
  return sum;
}

static gboolean
activate(GtkWidget *page, const char *action, const char *format, ...)
{
  GVariant *parameter = NULL;
  if (format) {
    va_list arguments;
    va_start(arguments, format);
    parameter = g_variant_ref_sink(g_variant_new_va(format, NULL, &arguments));
    va_end(arguments);
  }
  gboolean found = gtk_widget_activate_action_variant(page, action, parameter);
  g_clear_pointer(&parameter, g_variant_unref);
  return found;
}

static void
test_slide(void)
{
  GtkWidget *widget = pct_slide_page_new(fixture.project, fixture.selection);
  PctSlidePage *page = PCT_SLIDE_PAGE(widget);
  PctSlide *slide = pct_slide_page_get_slide(page);
  int n_images;
  const int *images = pct_project_get_tier_images(fixture.project, PCT_TIER_TEST, &n_images);
  pct_selection_set_order(fixture.selection, images, (guint)n_images);
  pct_selection_set_image(fixture.selection, images[0]);
  demo_window_show(&fixture, widget);
  wait_for_slide(slide);
  g_assert_cmpint(pct_slide_get_image(slide), ==, images[0]);
  g_assert_cmpint(pct_slide_get_n_averaged(slide), ==, pct_project_get_n_repeats(fixture.project, images[0]));
  g_assert_false(pct_slide_is_changed(slide));

  // The ten strongest, then one of them by hand.
  guint n;
  g_assert_true(activate(widget, "slide.pin-strongest", NULL));
  const int *pinned = pct_selection_get_neurons(fixture.selection, &n);
  g_assert_cmpuint(n, ==, 10);
  int first = pinned[0], second = pinned[1];
  PctNeuronRow *row = pct_slide_page_find_row(page, first);
  g_assert_nonnull(row);
  float recorded = pct_slide_get_recorded(slide, first);
  g_assert_cmpfloat_with_epsilon(pct_neuron_row_get_value(row), recorded, 1e-6);
  GtkRange *range = pct_neuron_row_get_range(row);
  guint serial = pct_picture_view_get_serial(pct_slide_page_get_reconstruction_view(page));
  gtk_range_set_value(range, gtk_adjustment_get_lower(gtk_range_get_adjustment(range)));
  g_assert_true(pct_slide_is_changed(slide));
  g_assert_cmpfloat_with_epsilon(pct_slide_get_response(slide, first), pct_neuron_row_get_value(row), 1e-4);
  g_assert_cmpint(pct_selection_get_neuron(fixture.selection), ==, first);  // the Neurons page shows whose slider moved
  wait_for_slide(slide);
  g_assert_cmpuint(pct_picture_view_get_serial(pct_slide_page_get_reconstruction_view(page)), >, serial);
  g_assert_cmpfloat(distance(pct_slide_get_reconstruction(slide), pct_slide_get_baseline(slide)), >, 1);
  g_assert_true(pct_neuron_row_is_beyond(row));  // the slider's end lies beyond what was observed

  // Silence takes all to their means, reset brings all back; the rows follow.
  g_assert_true(activate(widget, "slide.silence", NULL));
  const PctResponseRanges *ranges = pct_project_get_ranges(fixture.project);
  g_assert_cmpfloat_with_epsilon(pct_slide_get_response(slide, second), ranges->mean[second], 1e-5);
  g_assert_cmpfloat_with_epsilon(pct_neuron_row_get_value(pct_slide_page_find_row(page, second)), ranges->mean[second],
                                 1e-4);
  g_assert_true(activate(widget, "slide.reset", NULL));
  g_assert_false(pct_slide_is_changed(slide));
  g_assert_cmpfloat_with_epsilon(pct_neuron_row_get_value(row), recorded, 1e-6);
  wait_for_slide(slide);
  g_assert_cmpfloat(distance(pct_slide_get_reconstruction(slide), pct_slide_get_baseline(slide)), <, 0.5);

  // What is let go returns to what was recorded.
  g_assert_true(activate(widget, "slide.set-response", "(id)", first, (double)recorded + 1));
  g_assert_true(pct_slide_is_changed(slide));
  g_assert_true(activate(widget, "slide.set-response", "(id)", first, 1000.0));  // far beyond the slider's end
  g_assert_cmpfloat_with_epsilon(pct_neuron_row_get_value(pct_slide_page_find_row(page, first)), 1000, 1e-3);
  g_assert_cmpfloat_with_epsilon(pct_slide_get_response(slide, first), 1000, 1e-3);
  g_assert_true(activate(widget, "slide.unpin", "i", first));
  g_assert_null(pct_slide_page_find_row(page, first));
  g_assert_false(pct_slide_is_changed(slide));
  g_assert_true(activate(widget, "slide.pin", "i", -5));  // no such neuron: nothing
  g_assert_true(activate(widget, "slide.pin", "i", 1 << 30));
  pct_selection_get_neurons(fixture.selection, &n);
  g_assert_cmpuint(n, ==, 9);

  // A single trial has a wider range and other responses; the next image is the order's next.
  g_assert_true(activate(widget, "slide.repeat", "i", 2));
  g_assert_cmpint(pct_slide_get_n_averaged(slide), ==, 1);
  g_assert_cmpint(pct_slide_get_repeat(slide), ==, 2);
  g_assert_true(activate(widget, "slide.next", NULL));
  g_assert_cmpint(pct_slide_get_image(slide), ==, images[1]);
  g_assert_true(activate(widget, "slide.previous", NULL));
  g_assert_cmpint(pct_slide_get_image(slide), ==, images[0]);
  g_assert_true(activate(widget, "slide.unpin-all", NULL));
  pct_selection_get_neurons(fixture.selection, &n);
  g_assert_cmpuint(n, ==, 0);
  wait_for_slide(slide);

  g_object_ref(widget);
  gtk_window_set_child(GTK_WINDOW(fixture.window), NULL);
  spin(50);
  g_assert_finalize_object(widget);
}

static void
test_compare(void)
{
  GtkWidget *widget = pct_compare_page_new(fixture.project, fixture.selection);
  PctCompare *compare = pct_compare_page_get_compare(PCT_COMPARE_PAGE(widget));
  int n_images;
  const int *images = pct_project_get_tier_images(fixture.project, PCT_TIER_TEST, &n_images);
  pct_selection_set_order(fixture.selection, images, (guint)n_images);
  pct_selection_set_image(fixture.selection, images[3]);
  demo_window_show(&fixture, widget);
  g_assert_cmpint(pct_compare_get_image(compare), ==, images[3]);
  guint n = g_list_model_get_n_items(G_LIST_MODEL(compare));
  g_assert_cmpuint(n, >=, 1);
  for (guint i = 0; i < n; i++) {
    g_autoptr(PctComparison) comparison = g_list_model_get_item(G_LIST_MODEL(compare), i);
    for (int k = 0; k < 1000 && (!pct_comparison_get_picture(comparison) || pct_comparison_is_busy(comparison)); k++)
      spin(10);
    g_assert_null(pct_comparison_get_problem(comparison));
    g_assert_cmpfloat(pct_comparison_get_score(comparison).pixcorr[PCT_FRAME_FULL], >, 0.1);
  }
  g_assert_true(activate(widget, "compare.difference", NULL));
  spin(100);
  g_assert_true(activate(widget, "compare.averaged", "b", FALSE));
  g_assert_true(activate(widget, "compare.central", "b", TRUE));
  g_assert_true(activate(widget, "compare.repeat", "i", 1));
  g_assert_cmpint(pct_compare_get_repeat(compare), ==, 1);
  g_assert_true(activate(widget, "compare.next", NULL));
  g_assert_cmpint(pct_compare_get_image(compare), ==, images[4]);
  spin(300);
  pct_selection_set_image(fixture.selection, -1);  // none
  g_assert_cmpint(pct_compare_get_image(compare), ==, -1);
  spin(50);
  g_object_ref(widget);
  gtk_window_set_child(GTK_WINDOW(fixture.window), NULL);
  spin(50);
  g_assert_finalize_object(widget);
}

// Everything that a person would click on, on a recording that lacks what others have: nothing to score, nothing held out.
static void
walk_one_tier(PctProject *project, const char *model)
{
  g_autoptr(PctSelection) selection = pct_selection_new();
  const char *actions[] = { "slide.pin-strongest", "slide.silence", "slide.redraw", "slide.zero-latent", "slide.next",
                            "slide.previous", "slide.reset" };
  pct_selection_set_model(selection, model);
  pct_selection_set_image(selection, 0);
  GtkWidget *slide = pct_slide_page_new(project, selection);
  demo_window_show(&fixture, slide);
  wait_for_slide(pct_slide_page_get_slide(PCT_SLIDE_PAGE(slide)));
  for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
    g_assert_true(activate(slide, actions[i], NULL));
  g_assert_true(activate(slide, "slide.set-response", "(id)", 0, 1e30));
  g_assert_true(activate(slide, "slide.repeat", "i", 7));  // was shown once
  spin(300);
  GtkWidget *compare = pct_compare_page_new(project, selection);
  demo_window_show(&fixture, compare);
  spin(300);
  g_assert_true(activate(compare, "compare.difference", NULL));
  g_assert_true(activate(compare, "compare.averaged", "b", TRUE));
  g_assert_true(activate(compare, "compare.central", "b", TRUE));
  g_assert_true(activate(compare, "compare.next", NULL));
  spin(300);
  gtk_window_set_child(GTK_WINDOW(fixture.window), NULL);
  spin(50);
}

static PctProject *
open_one_tier(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(g_get_user_cache_dir(), "one-tier.npz", NULL);
  enum { N = 30, SIDE = 12, M = 5 };
  PctRecordingData data = { .name = g_strdup("one tier"), .n_images = N, .height = SIDE, .width = SIDE, .n_trials = N,
                            .n_neurons = M, .image_bytes = g_new(guint8, N * SIDE * SIDE),
                            .responses_float = g_new(float, N * M), .tiers = g_new0(guint8, N) };
  for (int i = 0; i < N * SIDE * SIDE; i++)
    data.image_bytes[i] = (guint8)g_random_int();
  for (int i = 0; i < N * M; i++)
    data.responses_float[i] = i % M == 0 ? 0 : (float)g_random_double();  // one neuron that never answers
  g_autoptr(PctRecording) recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  g_assert_true(pct_recording_save(recording, path, NULL, &error));
  g_autoptr(PctJob) opening = pct_project_open_async(fixture.lanes, path, NULL);
  wait_for_job(opening);
  PctProject *project = pct_project_open_finish(opening, &error);
  g_assert_no_error(error);
  return project;
}

static void
test_one_tier(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctProject) project = open_one_tier();
  const char *kinds[] = { "ridge", "cgan" };
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    PctKind *kind = pct_project_find_kind(project, kinds[i]);
    g_autoptr(PctOptionValues) options = pct_option_values_new(pct_kind_get_options(kind));
    if (i == 1)
      g_assert_true(pct_option_values_parse(options, "epochs=1", &error));
    g_autoptr(PctJob) fitting = pct_project_train(project, kind, options, 1, NULL, &error);
    g_assert_no_error(error);
    wait_for_job(fitting);
    walk_one_tier(project, pct_model_get_name(pct_training_get_model(fitting)));
  }
}

// What there is to choose from, of every kind: nothing but what its options ask for.
static void
check_source_rows(PctProject *project, gboolean there)
{
  GListModel *kinds = pct_project_get_kinds(project);
  for (guint i = 0; i < g_list_model_get_n_items(kinds); i++) {
    g_autoptr(PctKind) kind = g_list_model_get_item(kinds, i);
    GtkWidget *widget = g_object_ref_sink(pct_source_rows_new(project, kind));
    PctSourceRows *rows = PCT_SOURCE_ROWS(widget);
    g_autoptr(PctOptionValues) options = pct_option_values_new(pct_kind_get_options(kind));
    gboolean pretrained = pct_option_table_has(pct_kind_get_options(kind), PCT_OPTION_PRETRAIN);
    for (int pretrain = 0; pretrain <= pretrained; pretrain++) {
      if (pretrained)
        g_assert_true(pct_option_values_set_number(options, PCT_OPTION_PRETRAIN, pretrain, NULL));
      PctModelNeeds needs = pct_kind_get_needs(kind, options);
      pct_source_rows_update(rows, options);
      pct_source_rows_set_photographs(rows, "/photographs");
      PctTrainingSources sources = pct_source_rows_get_sources(rows);
      g_assert_true(sources.encoder == (needs & PCT_NEEDS_ENCODER ? pct_project_find_best_encoder(project) : NULL));
      g_assert_true(sources.meis == (needs & PCT_NEEDS_MEIS ? pct_project_find_newest_meis(project) : NULL));
      g_assert_cmpstr(sources.photographs, ==, pct_kind_uses_photographs(kind, options) ? "/photographs" : NULL);
      g_assert_true((pct_source_rows_get_problem(rows) != NULL) == (needs != PCT_NEEDS_NOTHING && !there));
      g_assert_true(gtk_widget_get_visible(widget) == (needs != PCT_NEEDS_NOTHING || sources.photographs));
      pct_source_rows_set_photographs(rows, NULL);
      g_assert_null(pct_source_rows_get_sources(rows).photographs);
    }
    g_assert_finalize_object(widget);
  }
}

// A person's choice stays while it is there, though a better one comes.
static void
check_choice(PctProject *project)
{
  GtkWidget *widget = g_object_ref_sink(pct_source_rows_new(project, pct_project_find_kind(project, "mei")));
  PctSourceRows *rows = PCT_SOURCE_ROWS(widget);
  g_autoptr(PctOptionValues) options =
    pct_option_values_new(pct_kind_get_options(pct_project_find_kind(project, "mei")));
  pct_source_rows_update(rows, options);
  GtkWidget *row = find_visible(widget, ADW_TYPE_COMBO_ROW);
  PctModel *best = pct_project_find_best_encoder(project);
  g_assert_true(pct_source_rows_get_sources(rows).encoder == best);
  adw_combo_row_set_selected(ADW_COMBO_ROW(row), 1 - adw_combo_row_get_selected(ADW_COMBO_ROW(row)));
  PctModel *other = pct_source_rows_get_sources(rows).encoder;
  g_assert_true(other && other != best);
  pct_source_rows_update(rows, options);
  g_assert_true(pct_source_rows_get_sources(rows).encoder == other);
  g_assert_finalize_object(widget);
}

// Without an encoder nothing starts that needs one, and Train says why; once there is one, it does.
static void
test_train_sources(void)
{
  g_autoptr(PctProject) project = open_one_tier();
  g_autoptr(PctSelection) selection = pct_selection_new();
  GtkWidget *window = g_object_new(GTK_TYPE_APPLICATION_WINDOW, "default-width", 1280, "default-height", 760, NULL);
  GtkWidget *page = pct_train_page_new(project, selection);
  gtk_window_set_child(GTK_WINDOW(window), page);
  gtk_window_present(GTK_WINDOW(window));
  GActionGroup *actions = G_ACTION_GROUP(window);
  check_source_rows(project, FALSE);
  g_action_group_change_action_state(actions, "train.kind", g_variant_new_string("ln"));
  g_assert_true(g_action_group_get_action_enabled(actions, "train.start"));
  g_action_group_change_action_state(actions, "train.kind", g_variant_new_string("mei"));
  spin(100);
  g_assert_false(g_action_group_get_action_enabled(actions, "train.start"));
  GtkWidget *rows = find_visible(page, PCT_TYPE_SOURCE_ROWS);
  g_assert_nonnull(rows);
  g_assert_nonnull(strstr(pct_source_rows_get_problem(PCT_SOURCE_ROWS(rows)), "percept-cli train gaussian"));

  g_object_unref(demo_train(project, "ln", "epochs=1"));
  g_assert_true(g_action_group_get_action_enabled(actions, "train.start"));
  g_assert_null(pct_source_rows_get_problem(PCT_SOURCE_ROWS(rows)));
  g_action_group_activate_action(actions, "train.start", NULL);
  PctModel *model = pct_project_find_model(project, "mei-1");
  g_assert_nonnull(model);
  for (int i = 0; i < 3000 && pct_model_get_state(model) == PCT_MODEL_TRAINING; i++)
    spin(20);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
  g_assert_cmpstr(pct_model_get_encoder_name(model), ==, "ln-1");
  spin(100);
  g_object_unref(demo_train(project, "ln", "epochs=2"));
  check_source_rows(project, TRUE);
  check_choice(project);
  gtk_window_destroy(GTK_WINDOW(window));
  spin(50);
}

// The page holds the last reference of a project that trains: what ends with it tells nobody who is gone.
static void
test_released_while_training(void)
{
  g_autoptr(GError) error = NULL;
  PctLanes *lanes = pct_lanes_new(&error);
  PctJob *opening = pct_project_open_async(lanes, NULL, NULL);
  wait_for_job(opening);
  PctProject *project = pct_project_open_finish(opening, &error);
  g_assert_no_error(error);
  g_object_unref(opening);
  PctSelection *selection = pct_selection_new();
  GtkWidget *window = gtk_window_new();
  gtk_window_set_child(GTK_WINDOW(window), pct_train_page_new(project, selection));
  gtk_window_present(GTK_WINDOW(window));
  PctJob *training = pct_project_train(project, pct_project_find_kind(project, "cgan"), NULL, 1, NULL, &error);
  g_assert_no_error(error);
  g_object_unref(training);
  spin(200);
  g_object_unref(lanes);
  g_object_unref(project);
  g_object_unref(selection);
  gtk_window_destroy(GTK_WINDOW(window));
  spin(50);
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture, argc, argv))
    return 0;
  g_test_add_func("/pages/slide", test_slide);
  g_test_add_func("/pages/compare", test_compare);
  g_test_add_func("/pages/train-sources", test_train_sources);
  g_test_add_func("/pages/one-tier", test_one_tier);
  g_test_add_func("/pages/released-while-training", test_released_while_training);
  int status = g_test_run();
  demo_window_end(&fixture);
  return status;
}
