// SPDX-License-Identifier: GPL-3.0-or-later
// Lesions of the picture in hand and of a tier, against the slide's own scores and the score table's; the sentence; the
// files; and changes, cancelling and closing while they are measured.
#include <json-glib/json-glib.h>
#include "project-fixture.h"
#include "work/curves.h"
#include "work/neuron-area.h"
#include "work/slide-lesion.h"

#define PIXCORR [PCT_FRAME_FULL][PCT_MEASURE_PIXCORR]

typedef struct {
  PctProject *project;
  PctSlide *slide;
  PctSlideLesion *lesion;
} Page;

static void
open_page(Page *page, Fixture *fixture)
{
  page->project = open_project(fixture);
  page->slide = pct_slide_new(page->project);
  page->lesion = pct_slide_lesion_new(page->project, page->slide);
  pct_slide_set_model(page->slide, train_ridge(page->project));
  pct_slide_set_base(page->slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  wait_until(!pct_slide_is_busy(page->slide));
}

static void
close_page(Page *page, Fixture *fixture)
{
  g_assert_finalize_object(page->lesion);
  g_object_unref(page->slide);
  wait_until(pct_lanes_get_n_running(fixture->lanes) == 0);
  close_project(fixture, page->project);
}

static gboolean
is_whole(PctSlideLesion *lesion)
{
  guint n;
  const PctLesionPoint *points = pct_slide_lesion_get_points(lesion, &n);
  return points && isfinite(points[0].random.mean PIXCORR);
}

static void
test_live(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  const int pinned[] = { 9, 2, 14 };
  guint n;
  pct_slide_lesion_set_pinned(page.lesion, pinned, 3);
  g_assert_false(pct_slide_lesion_is_busy(page.lesion));  // nobody sees it
  pct_slide_lesion_set_active(page.lesion, TRUE);
  g_assert_null(pct_slide_lesion_get_points(page.lesion, &n));
  wait_until(is_whole(page.lesion));
  const PctLesionPoint *points = pct_slide_lesion_get_points(page.lesion, &n);
  g_assert_cmpuint(n, ==, 4);
  g_assert_cmpfloat_with_epsilon(points[0].score.mean PIXCORR, pct_slide_get_score(page.slide).pixcorr[0], 1e-5);
  g_autoptr(PctLesionCurve) kept = pct_slide_lesion_dup_curve(page.lesion);
  double wanted[4];
  // By hand: one more silenced at a time. Each change is another picture, whose points start anew.
  for (int k = 1; k <= 3; k++) {
    pct_slide_silence(page.slide, pinned, (guint)k);
    g_assert_null(pct_slide_lesion_get_points(page.lesion, &n));
    wait_until(!pct_slide_is_busy(page.slide));
    wanted[k] = pct_slide_get_score(page.slide).pixcorr[0];
  }
  points = (const PctLesionPoint *)(gpointer)kept->points->data;
  for (int k = 1; k <= 3; k++)
    g_assert_cmpfloat_with_epsilon(points[k].score.mean PIXCORR, wanted[k], 1e-5);
  // All silenced already: nothing is left to lose.
  wait_until(is_whole(page.lesion));
  points = pct_slide_lesion_get_points(page.lesion, &n);
  g_assert_cmpfloat_with_epsilon(points[0].score.mean PIXCORR, points[3].score.mean PIXCORR, 1e-6);

  // The ranking is of the image; another image has another.
  pct_slide_reset(page.slide, NULL, 0);
  pct_slide_lesion_set_most(page.lesion, 5);
  pct_slide_lesion_set_of(page.lesion, PCT_LESION_FIRST, TRUE);
  for (int i = 0; i < 2; i++) {
    g_autoptr(PctResponses) recorded = pct_project_dup_responses(page.project, FIRST_TEST + i, PCT_MEAN_OF_REPEATS);
    g_autoptr(GArray) strongest = pct_project_dup_strongest(page.project, recorded, 5);
    pct_slide_set_base(page.slide, FIRST_TEST + i, PCT_MEAN_OF_REPEATS);
    const int *order = pct_slide_lesion_get_order(page.lesion, &n);
    g_assert_cmpuint(n, ==, 5);
    for (guint k = 0; k < 5; k++)
      g_assert_cmpint(order[k], ==, g_array_index(strongest, PctNeuronResponse, k).neuron);
  }
  wait_until(is_whole(page.lesion));
  points = pct_slide_lesion_get_points(page.lesion, &n);
  g_assert_cmpint(points[n - 1].n_silenced, ==, N_NEURONS - 5);
  g_assert_false(pct_slide_lesion_has_ranking(page.lesion));
  pct_slide_lesion_set_ranking(page.lesion, (int[]){ 3, 1, 2, 0, 7, 8, 9 }, 7);
  g_assert_true(pct_slide_lesion_has_ranking(page.lesion));
  g_assert_cmpint(pct_slide_lesion_get_order(page.lesion, &n)[3], ==, 0);
  g_assert_cmpuint(n, ==, 5);
  close_page(&page, fixture);
}

static void
test_tier(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  const int pinned[] = { 9, 2, 14 };
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_slide_lesion_measure_tier(page.lesion, PCT_TIER_TEST, TRUE, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  pct_slide_lesion_set_pinned(page.lesion, pinned, 3);
  g_autoptr(PctJob) job = pct_slide_lesion_measure_tier(page.lesion, PCT_TIER_TEST, TRUE, &error);
  g_assert_no_error(error);
  // What is in hand meanwhile does not matter.
  pct_slide_set_response(page.slide, 2, 40);
  pct_slide_lesion_set_pinned(page.lesion, NULL, 0);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  const PctLesionCurve *curve = pct_lesion_job_get_curve(job);
  g_assert_cmpuint(curve->points->len, ==, 4);
  g_assert_cmpint(curve->n_images, ==, N_TEST);
  // The mean over the tier, image by image.
  double sums[4] = { 0 };
  pct_slide_lesion_set_pinned(page.lesion, pinned, 3);
  pct_slide_lesion_set_active(page.lesion, TRUE);
  for (int i = 0; i < N_TEST; i++) {
    guint n;
    pct_slide_set_base(page.slide, FIRST_TEST + i, PCT_MEAN_OF_REPEATS);
    wait_until(pct_slide_lesion_get_points(page.lesion, &n));
    const PctLesionPoint *points = pct_slide_lesion_get_points(page.lesion, &n);
    for (int k = 0; k < 4; k++)
      sums[k] += points[k].score.mean PIXCORR / N_TEST;
  }
  const PctLesionPoint *points = (const PctLesionPoint *)(gpointer)curve->points->data;
  for (int k = 0; k < 4; k++)
    g_assert_cmpfloat_with_epsilon(points[k].score.mean PIXCORR, sums[k], 1e-5);
  // The same by the job's curves.
  PctCurves *curves = pct_job_get_curves(job);
  const double *x, *y;
  int series = pct_curves_find(curves, "random_pixcorr_full");
  g_assert_cmpint(series, >=, 0);
  g_assert_cmpuint(pct_curves_get_points(curves, (guint)series, &x, &y), ==, 4);
  g_assert_cmpfloat(x[2], ==, 2);
  g_assert_cmpfloat(y[2], ==, points[2].random.mean PIXCORR);

  g_autofree char *sentence = pct_lesion_curve_dup_sentence(curve, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR);
  g_autofree char *wanted =
    g_strdup_printf("Without these 3 neurons PixCorr falls from %.3f to %.3f over 8 test images; 3 random ones: %.3f on "
                    "average.", sums[0], sums[3], points[3].random.mean PIXCORR);
  g_assert_cmpstr(sentence, ==, wanted);

  g_autofree char *path = g_build_filename(fixture->folder, "lesion.csv", NULL);
  g_autofree char *beside = g_build_filename(fixture->folder, "lesion.json", NULL);
  g_assert_true(pct_lesion_curve_save(curve, path, &error));
  g_autoptr(PctCurves) read = pct_curves_new_from_csv(path, &error);
  g_assert_no_error(error);
  series = pct_curves_find(read, "pixcorr_full");
  g_assert_cmpuint(pct_curves_get_points(read, (guint)series, &x, &y), ==, 4);
  g_assert_cmpfloat(x[3], ==, 3);
  g_assert_cmpfloat_with_epsilon(y[3], points[3].score.mean PIXCORR, 1e-8);
  g_autoptr(JsonParser) parser = json_parser_new();
  g_assert_true(json_parser_load_from_file(parser, beside, NULL));
  JsonObject *about = json_node_get_object(json_parser_get_root(parser));
  g_assert_cmpstr(json_object_get_string_member(about, "fingerprint"), ==, pct_project_get_fingerprint(page.project));
  g_assert_cmpuint(strlen(json_object_get_string_member(about, "model_hash")), ==, 64);
  g_assert_cmpint(json_array_get_int_element(json_object_get_array_member(about, "order"), 1), ==, 2);
  g_clear_object(&job);
  close_page(&page, fixture);
}

// Those that see the upper left quarter, by their centres one by one.
static void
test_area(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  PctNeurons *neurons = pct_neurons_new(page.project);
  pct_neurons_set_active(neurons, TRUE);
  g_autoptr(GArray) none = pct_neurons_dup_in_area(neurons, 0, 0, SIDE, SIDE);
  g_assert_cmpuint(none->len, ==, 0);  // not known yet
  g_autoptr(PctJob) job = pct_neurons_find_receptive_fields(neurons, NULL);
  wait_until(pct_neurons_get_receptive_field_state(neurons) == PCT_RECEPTIVE_FIELDS_READY &&
             pct_neurons_get_pending(neurons) == 0);
  g_autoptr(GArray) all = pct_neurons_dup_in_area(neurons, 0, 0, SIDE, SIDE);
  g_assert_cmpuint(all->len, ==, N_NEURONS);
  const int half = SIDE / 2;
  guint n_seen = 0;
  double last = 0;
  for (int q = 0; q < 4; q++) {
    g_autoptr(GArray) seen = pct_neurons_dup_in_area(neurons, q % 2 * half, q / 2 * half, half, half);
    n_seen += seen->len;
    last = 0;
    for (guint i = 0; i < seen->len; i++) {
      int neuron = g_array_index(seen, int, i);
      double x = pct_neurons_get_value(neurons, PCT_COLUMN_RF_X, neuron) + 0.5;
      double y = pct_neurons_get_value(neurons, PCT_COLUMN_RF_Y, neuron) + 0.5;
      g_assert_true((x >= half) == q % 2 && (y >= half) == q / 2);
      double distance = hypot(x - (q % 2 + 0.5) * half, y - (q / 2 + 0.5) * half);
      g_assert_cmpfloat(distance, >=, last);
      last = distance;
    }
  }
  g_assert_cmpuint(n_seen, ==, N_NEURONS);
  guint n;
  pct_slide_lesion_set_of(page.lesion, PCT_LESION_AREA, FALSE);
  pct_slide_lesion_set_area(page.lesion, (const int *)(gpointer)all->data, all->len);
  pct_slide_lesion_set_active(page.lesion, TRUE);
  wait_until(is_whole(page.lesion));
  const PctLesionPoint *points = pct_slide_lesion_get_points(page.lesion, &n);
  // Without all of them it is one picture, whoever comes first.
  g_assert_cmpint(points[n - 1].count, ==, N_NEURONS);
  g_assert_cmpfloat_with_epsilon(points[n - 1].score.mean PIXCORR, points[n - 1].random.mean PIXCORR, 1e-6);
  g_clear_object(&job);
  g_assert_finalize_object(neurons);
  close_page(&page, fixture);
}

static void
test_stop(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  g_autoptr(GError) error = NULL;
  pct_slide_lesion_set_most(page.lesion, N_NEURONS);
  pct_slide_lesion_set_of(page.lesion, PCT_LESION_FIRST, FALSE);
  for (int i = 0; i < 20; i++) {
    g_autoptr(PctJob) job = pct_slide_lesion_measure_tier(page.lesion, PCT_TIER_TRAIN, FALSE, &error);
    g_assert_no_error(error);
    for (int k = 0; k < i * 40 && !pct_job_is_over(job); k++) {
      g_main_context_iteration(NULL, FALSE);
      g_usleep(50);
    }
    pct_job_cancel(job);
    wait_until(pct_job_is_over(job));
    if (pct_job_get_state(job) != PCT_JOB_DONE) {
      g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_CANCELLED);
      g_assert_null(pct_lesion_job_get_curve(job));
    }
  }
  // Closed with everything under way.
  pct_slide_lesion_set_active(page.lesion, TRUE);
  for (int i = 0; i < 50; i++) {
    pct_slide_set_response(page.slide, 3, (float)i);
    pct_slide_lesion_set_of(page.lesion, PCT_LESION_FIRST, i % 2);
    for (int k = 0; k < i; k++) {
      g_main_context_iteration(NULL, FALSE);
      g_usleep(100);
    }
  }
  g_autoptr(PctJob) job = pct_slide_lesion_measure_tier(page.lesion, PCT_TIER_TRAIN, FALSE, &error);
  pct_job_cancel(job);
  wait_until(pct_job_is_over(job));
  g_clear_object(&job);
  close_page(&page, fixture);
}

static void
add_all(void)
{
  add("/work/slide-lesion/live", test_live);
  add("/work/slide-lesion/tier", test_tier);
  add("/work/slide-lesion/area", test_area);
  add("/work/slide-lesion/stop", test_stop);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
