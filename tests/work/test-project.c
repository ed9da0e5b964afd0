// SPDX-License-Identifier: GPL-3.0-or-later
// A project from file to slider: opening (and failing to), what the recording says, training, opening again, sliding,
// comparing, scoring; and the workspaces that cannot be written.
#include "fixture.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "work/compare.h"
#include "work/slide.h"
#include "work/training.h"
#include "work/workspace.h"

#define FIRST_TEST (N_TRAIN + N_VALIDATION)

typedef struct {
  char *folder, *path;
  PctLanes *lanes;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  fixture->folder = g_dir_make_tmp("percept-XXXXXX", &error);
  g_assert_no_error(error);
  fixture->path = fixture_save(fixture->folder);
  fixture->lanes = pct_lanes_new(&error);
  g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  drain();
  pct_lanes_shutdown(fixture->lanes);
  drain();
  g_assert_finalize_object(fixture->lanes);
  remove_tree(fixture->folder);
  g_free(fixture->folder);
  g_free(fixture->path);
}

static PctProject *
try_open(PctLanes *lanes, const char *path, GError **error)
{
  g_autoptr(PctJob) job = pct_project_open_async(lanes, path);
  wait_until(pct_job_is_over(job));
  return pct_project_open_finish(job, error);
}

static PctProject *
open_project(Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = try_open(fixture->lanes, fixture->path, &error);
  g_assert_no_error(error);
  return project;
}

static void
test_missing(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(try_open(fixture->lanes, "/nowhere/at-all.npz", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(error->message, "at-all.npz"));
}

static void
test_damaged(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize n;
  g_assert_true(g_file_get_contents(fixture->path, &bytes, &n, NULL));
  g_assert_true(g_file_set_contents(fixture->path, bytes, (gssize)(n / 2), NULL));
  g_assert_null(try_open(fixture->lanes, fixture->path, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "tiny.npz"));
}

static void
test_cancelled(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = pct_project_open_async(fixture->lanes, fixture->path);
  pct_job_cancel(job);
  wait_until(pct_job_is_over(job));
  // It may have been done already; then it is a project like any other.
  g_autoptr(PctProject) project = pct_project_open_finish(job, &error);
  if (!project)
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

static void
test_facts(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  g_autoptr(PctRecording) recording = fixture_recording_new(7);
  g_assert_cmpint(pct_project_get_n_neurons(project), ==, N_NEURONS);
  g_assert_cmpint(pct_project_get_n_images(project), ==, N_TRAIN + N_VALIDATION + N_TEST);
  g_assert_cmpint(pct_project_get_n_tier_trials(project, PCT_TIER_TEST), ==, N_TEST * N_REPEATS);
  g_assert_cmpint(pct_project_get_n_tier_images(project, PCT_TIER_VALIDATION), ==, N_VALIDATION);
  g_assert_cmpstr(pct_project_get_fingerprint(project), ==, pct_recording_get_fingerprint(recording));
  g_assert_false(pct_project_is_demo(project));

  GListModel *images = pct_project_get_images(project);
  g_assert_cmpuint(g_list_model_get_n_items(images), ==, N_TRAIN + N_VALIDATION + N_TEST);
  g_autoptr(PctImageItem) item = g_list_model_get_item(images, FIRST_TEST);
  g_assert_cmpint(pct_image_item_get_tier(item), ==, PCT_TIER_TEST);
  g_assert_cmpint(pct_image_item_get_n_trials(item), ==, N_REPEATS);

  g_autoptr(PctPicture) picture = pct_project_dup_picture(project, 3);
  float pixels[SIDE * SIDE];
  pct_recording_read_image(recording, 3, pixels);
  g_assert_cmpmem(pixels, sizeof pixels, pct_picture_get_pixels(picture), sizeof pixels);
  g_autoptr(GBytes) bytes = pct_picture_dup_bytes(picture);
  const guint8 *grey = g_bytes_get_data(bytes, NULL);
  g_assert_cmpint(grey[7], ==, (int)(pixels[7] + 0.5f));

  // Responses: the mean is that of the repeats; there is no fourth repeat.
  g_autoptr(PctResponses) mean = pct_project_dup_responses(project, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  g_assert_cmpint(pct_responses_get_n_averaged(mean), ==, N_REPEATS);
  float sum = 0;
  for (int k = 0; k < N_REPEATS; k++) {
    g_autoptr(PctResponses) one = pct_project_dup_responses(project, FIRST_TEST, k);
    g_assert_cmpint(pct_responses_get_n_averaged(one), ==, 1);
    sum += pct_responses_get_values(one)[5];
  }
  g_assert_cmpfloat_with_epsilon(pct_responses_get_values(mean)[5], sum / N_REPEATS, 1e-5);
  g_assert_null(pct_project_dup_responses(project, FIRST_TEST, N_REPEATS));

  // Ranges hold what they are about, and a mean never leaves the range of its trials.
  const PctResponseRanges *ranges = pct_project_get_ranges(project);
  for (int i = 0; i < N_NEURONS; i++) {
    g_assert_cmpfloat(ranges->averaged_minimum[i], <=, pct_responses_get_values(mean)[i]);
    g_assert_cmpfloat(ranges->averaged_maximum[i], >=, pct_responses_get_values(mean)[i]);
    g_assert_cmpfloat(ranges->single_minimum[i], <=, ranges->averaged_minimum[i]);
    g_assert_cmpfloat(ranges->single_maximum[i], >=, ranges->averaged_maximum[i]);
  }
  g_autoptr(GArray) strongest = pct_project_dup_strongest(project, mean, 5);
  g_assert_cmpuint(strongest->len, ==, 5);
  for (guint i = 1; i < 5; i++)
    g_assert_cmpfloat(g_array_index(strongest, PctNeuronResponse, i - 1).z, >=,
                      g_array_index(strongest, PctNeuronResponse, i).z);
  PctNeuronResponse first = g_array_index(strongest, PctNeuronResponse, 0);
  g_assert_cmpfloat_with_epsilon(first.z, (first.value - ranges->mean[first.neuron]) / ranges->std[first.neuron], 1e-4);

  PctKind *ridge = pct_project_find_kind(project, "ridge");
  g_assert_nonnull(ridge);
  g_assert_cmpuint(pct_kind_get_options(ridge)->n_presets, >=, 1);
  g_assert_finalize_object(project);
}

// Trains a ridge and returns it, borrowed from the project.
static PctModel *
train_ridge(PctProject *project)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = pct_project_train(project, pct_project_find_kind(project, "ridge"), NULL, 1, NULL, &error);
  g_assert_no_error(error);
  PctModel *model = pct_training_get_model(job);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_TRAINING);
  g_assert_true(pct_model_get_job(model) == job);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
  g_assert_null(pct_model_get_job(model));
  const PctHeldOut *held_out = pct_training_get_held_out(job);
  g_assert_cmpint(held_out->n, ==, 6);
  g_assert_cmpint(held_out->tier, ==, PCT_TIER_TEST);
  g_assert_cmpint(held_out->n_averaged, ==, N_REPEATS);
  g_assert_cmpuint(pct_job_get_preview(job)->len, ==, 6);
  return pct_project_find_model(project, pct_model_get_name(model));
}

static void
test_train(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  // Looking at a recording leaves nothing behind.
  g_assert_false(g_file_test(pct_project_get_workspace(project), G_FILE_TEST_EXISTS));
  PctModel *model = train_ridge(project);
  g_assert_cmpstr(pct_model_get_name(model), ==, "ridge-1");
  g_assert_cmpfloat(pct_model_get_validation_pixcorr(model), >, 0.7);
  double pixcorr = pct_model_get_validation_pixcorr(model);
  g_assert_cmpstr(pct_model_get_name(train_ridge(project)), ==, "ridge-2");
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, 2);
  g_autofree char *workspace = g_strdup(pct_project_get_workspace(project));
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);

  // Opened again, by the recording and by its workspace.
  const char *paths[] = { fixture->path, workspace };
  for (int i = 0; i < 2; i++) {
    g_autoptr(GError) error = NULL;
    project = try_open(fixture->lanes, paths[i], &error);
    g_assert_no_error(error);
    g_assert_cmpstr(pct_project_get_path(project), ==, fixture->path);
    model = pct_project_find_model(project, "ridge-1");
    g_assert_nonnull(model);
    g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
    g_assert_cmpfloat_with_epsilon(pct_model_get_validation_pixcorr(model), pixcorr, 1e-9);
    g_assert_nonnull(pct_model_get_created(model));
    g_autoptr(PctCurves) curves = pct_model_dup_curves(model, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(pct_curves_get_n_series(curves), ==, 0);
    g_assert_finalize_object(project);
  }
}

// A model of another recording is listed with the reason.
static void
test_foreign(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  train_ridge(project);
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);
  g_autoptr(PctRecording) other = fixture_recording_new(8);
  pct_recording_save(other, fixture->path, NULL, &error);
  g_assert_no_error(error);
  project = open_project(fixture);
  PctModel *model = pct_project_find_model(project, "ridge-1");
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_BROKEN);
  g_assert_nonnull(strstr(pct_model_get_problem(model), "tiny"));
  g_assert_finalize_object(project);
}

static void
test_train_cancelled(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  g_autoptr(GError) error = NULL;
  PctJob *job = pct_project_train(project, pct_project_find_kind(project, "ridge"), NULL, 1, NULL, &error);
  g_assert_no_error(error);
  g_autofree char *folder = g_strdup(pct_model_get_folder(pct_training_get_model(job)));
  pct_job_cancel(job);
  wait_until(pct_job_is_over(job));
  // Unless it was quicker than the click, nothing is left of it.
  if (pct_job_get_state(job) == PCT_JOB_CANCELLED) {
    g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, 0);
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
  }
  pct_lanes_clear_finished(fixture->lanes);
  g_object_unref(job);
  drain();
  g_assert_finalize_object(project);
}

// The window closes while a training runs or waits: nothing leaks, nothing hangs.
static void
test_train_and_close(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  for (int i = 0; i < 3; i++)
    g_object_unref(pct_project_train(project, pct_project_find_kind(project, "ridge"), NULL, 1, NULL, NULL));
  g_assert_finalize_object(project);
  gint64 start = g_get_monotonic_time();
  g_assert_true(pct_lanes_shutdown(fixture->lanes));
  g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
}

static double
largest_difference(PctPicture *a, PctPicture *b)
{
  double most = 0;
  for (int i = 0; i < SIDE * SIDE; i++)
    most = MAX(most, fabs((double)pct_picture_get_pixels(a)[i] - (double)pct_picture_get_pixels(b)[i]));
  return most;
}

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
  // The same by a film strip whose last picture has that value.
  pct_slide_sweep(slide, 4, 0, 3, 7);
  int neuron;
  const float *values;
  wait_until(pct_slide_get_sweep(slide, NULL, NULL));
  GPtrArray *strip = pct_slide_get_sweep(slide, &neuron, &values);
  g_assert_cmpuint(strip->len, ==, 7);
  g_assert_cmpint(neuron, ==, 4);
  g_assert_cmpfloat(values[1], ==, 0.5);
  g_assert_cmpfloat(largest_difference(drawn, g_ptr_array_index(strip, 6)), <, 1e-2);

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
  g_assert_cmpfloat_with_epsilon(pct_score_row_get_image_value(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR, FIRST_TEST + 5),
                                 pct_comparison_get_score(comparison).pixcorr[PCT_FRAME_FULL], 1e-5);
  g_assert_true(isnan(pct_score_row_get_image_value(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR, 0)));
  g_assert_cmpfloat(pct_score_row_get_margin(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR), >, 0);
  int n;
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

// The first kind that is trained in steps, made small; NULL: there is none.
static PctKind *
find_iterative(PctProject *project, guint epochs, PctOptionValues **options)
{
  GListModel *kinds = pct_project_get_kinds(project);
  for (guint i = 0; i < g_list_model_get_n_items(kinds); i++) {
    g_autoptr(PctKind) kind = g_list_model_get_item(kinds, i);
    if (!pct_kind_is_iterative(kind))
      continue;
    g_autoptr(GError) error = NULL;
    *options = pct_option_values_new(pct_kind_get_options(kind));
    pct_option_values_set_number(*options, "epochs", epochs, &error);
    g_assert_no_error(error);
    pct_option_values_set_number(*options, "width", 4, NULL);
    pct_option_values_set_number(*options, "features", 16, NULL);
    pct_option_values_set_number(*options, "batch", 16, NULL);
    return kind;
  }
  return NULL;
}

static gsize
count_epochs(PctCurves *curves)
{
  int series = pct_curves_find(curves, "validation_pixcorr");
  return series < 0 ? 0 : pct_curves_get_points(curves, (guint)series, NULL, NULL);
}

// Stopped, opened again, resumed to the end: one model, one unbroken history.
static void
test_resume(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctOptionValues) options = NULL;
  PctProject *project = open_project(fixture);
  PctKind *kind = find_iterative(project, 12, &options);
  if (!kind) {
    g_test_skip("no kind is trained in steps");
    g_object_unref(project);
    return;
  }
  PctJob *job = pct_project_train(project, kind, options, 3, NULL, &error);
  g_assert_no_error(error);
  PctModel *model = pct_training_get_model(job);
  g_autofree char *name = g_strdup(pct_model_get_name(model));
  g_autoptr(PctCurves) live = pct_model_dup_curves(model, &error);
  g_assert_true(live == pct_job_get_curves(job));
  wait_until(count_epochs(live) >= 2);
  pct_job_cancel(job);
  wait_until(pct_job_is_over(job));
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_CANCELLED);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  g_assert_cmpuint(pct_previews_get_n(pct_job_get_previews(job)), >=, 1);
  gsize before = count_epochs(live);
  g_assert_cmpuint(before, <, 12);
  g_object_unref(job);
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);

  project = open_project(fixture);
  model = pct_project_find_model(project, name);
  g_assert_nonnull(model);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  g_assert_cmpfloat(pct_option_values_get(pct_model_get_options(model), "epochs"), ==, 12);
  g_assert_cmpuint(pct_model_get_seed(model), ==, 3);
  double seconds = pct_model_get_seconds(model);
  g_assert_cmpfloat(seconds, >, 0);
  job = pct_project_train(project, pct_model_get_kind(model), NULL, 99, model, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
  g_assert_cmpuint(pct_model_get_seed(model), ==, 3);
  g_assert_cmpfloat(pct_model_get_seconds(model), >, seconds);
  // Live, on disk, every epoch once and in order.
  g_autoptr(PctCurves) kept = pct_model_dup_curves(model, &error);
  g_assert_no_error(error);
  PctCurves *both[] = { pct_job_get_curves(job), kept };
  for (int i = 0; i < 2; i++) {
    const double *x;
    g_assert_cmpuint(count_epochs(both[i]), ==, 12);
    pct_curves_get_points(both[i], (guint)pct_curves_find(both[i], "validation_pixcorr"), &x, NULL);
    for (int j = 0; j < 12; j++)
      g_assert_cmpfloat(x[j], ==, j + 1);
  }
  g_assert_false(pct_workspace_folder_has_checkpoint(pct_model_get_folder(model)));
  // A finished one is not resumed.
  g_assert_null(pct_project_train(project, kind = pct_model_get_kind(model), NULL, 1, model, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);

  // It slides, and z draws other pictures of the same responses.
  PctSlide *slide = pct_slide_new(project);
  pct_slide_set_model(slide, model);
  pct_slide_set_base(slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  wait_until(!pct_slide_is_busy(slide));
  if (pct_slide_get_n_latent(slide) > 0) {
    g_autoptr(PctPicture) zero = pct_picture_ref(pct_slide_get_baseline(slide));
    pct_slide_draw_latent(slide, 5);
    wait_until(!pct_slide_is_busy(slide));
    g_assert_cmpfloat(largest_difference(zero, pct_slide_get_baseline(slide)), >, 0);
    g_assert_true(pct_slide_get_baseline(slide) == pct_slide_get_reconstruction(slide));
    pct_slide_zero_latent(slide);
    wait_until(!pct_slide_is_busy(slide));
    g_assert_cmpfloat(largest_difference(zero, pct_slide_get_baseline(slide)), ==, 0);
  }
  g_assert_finalize_object(slide);
  g_object_unref(job);
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);
}

// The disk fills up between two checkpoints: the sentence is told, the earlier checkpoint goes on.
static void
test_full_checkpoint_subprocess(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctOptionValues) options = NULL;
  PctProject *project = open_project(fixture);
  PctKind *kind = find_iterative(project, 60, &options);
  if (!kind) {
    g_object_unref(project);
    return;
  }
  PctJob *job = pct_project_train(project, kind, options, 3, NULL, &error);
  g_assert_no_error(error);
  PctModel *model = pct_training_get_model(job);
  wait_until(count_epochs(pct_job_get_curves(job)) >= 1);
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit = { 4096, RLIM_INFINITY };
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  wait_until(pct_job_is_over(job));
  limit.rlim_cur = RLIM_INFINITY;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_FAILED);
  g_assert_error(pct_job_get_error(job), PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(pct_job_get_error(job)->message, "optimizer.safetensors"));
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  g_object_unref(job);
  job = pct_project_train(project, kind, NULL, 3, model, &error);
  g_assert_no_error(error);
  wait_until(count_epochs(pct_job_get_curves(job)) >= 3);
  pct_job_cancel(job);
  wait_until(pct_job_is_over(job));
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_CANCELLED);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  g_object_unref(job);
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);
}

static void
test_demo(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *shipped = g_build_filename(fixture->folder, "shipped", NULL);
  // A folder that says where shipped models are, with one that is broken.
  g_autofree char *broken = g_build_filename(shipped, "ridge-7", NULL), *json = g_build_filename(broken, "model.json", NULL);
  g_assert_cmpint(g_mkdir_with_parents(broken, 0755), ==, 0);
  g_assert_true(g_file_set_contents(json, "{}", -1, NULL));
  g_setenv("PCT_DEMO_MODELS", shipped, TRUE);
  PctProject *project = try_open(fixture->lanes, NULL, &error);
  g_unsetenv("PCT_DEMO_MODELS");
  g_assert_no_error(error);
  g_assert_true(pct_project_is_demo(project));
  g_assert_null(pct_project_get_path(project));
  g_assert_true(g_str_has_prefix(pct_project_get_workspace(project), g_get_user_data_dir()));
  g_assert_cmpint(pct_project_get_n_tier_images(project, PCT_TIER_TEST), >, 0);
  PctModel *model = pct_project_find_model(project, "ridge-7");
  g_assert_true(pct_model_is_shipped(model));
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_BROKEN);
  g_assert_nonnull(pct_model_get_problem(model));
  g_assert_finalize_object(project);
}

// In a process of its own: it gives up its rights, or its disk.
static void
test_read_only_subprocess(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *workspace = pct_workspace_folder_locate(fixture->path, "0123456789");
  g_autofree char *models = g_build_filename(workspace, "models", NULL);
  g_assert_cmpint(g_mkdir_with_parents(models, 0755), ==, 0);
  g_assert_cmpint(chmod(models, 0555), ==, 0);
  g_assert_cmpint(chmod(fixture->folder, 0755), ==, 0);
  if (geteuid() == 0)
    g_assert_cmpint(seteuid(65534), ==, 0);
  PctProject *project = open_project(fixture);
  g_assert_cmpstr(pct_project_get_workspace(project), ==, workspace);
  g_assert_null(pct_project_train(project, pct_project_find_kind(project, "ridge"), NULL, 1, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(error->message, models));
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, 0);
  g_assert_finalize_object(project);
  if (getuid() == 0)
    g_assert_cmpint(seteuid(0), ==, 0);
  chmod(models, 0755);
}

// A recording in a folder that cannot be written has its workspace among the user's data.
static void
test_elsewhere_subprocess(Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint(chmod(fixture->folder, 0555), ==, 0);
  if (geteuid() == 0)
    g_assert_cmpint(seteuid(65534), ==, 0);
  g_autofree char *workspace = pct_workspace_folder_locate(fixture->path, "0123456789");
  g_autofree char *expected = g_build_filename(g_get_user_data_dir(), "percept", "tiny-01234567.percept", NULL);
  g_assert_cmpstr(workspace, ==, expected);
  if (getuid() == 0)
    g_assert_cmpint(seteuid(0), ==, 0);
  g_assert_cmpint(chmod(fixture->folder, 0755), ==, 0);
}

static void
test_full_disk_subprocess(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  PctModel *kept = train_ridge(project);
  signal(SIGXFSZ, SIG_IGN);
  // Descriptions fit, weights do not.
  struct rlimit limit = { 4096, RLIM_INFINITY };
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  PctJob *job = pct_project_train(project, pct_project_find_kind(project, "ridge"), NULL, 1, NULL, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  limit.rlim_cur = RLIM_INFINITY;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_FAILED);
  g_assert_error(pct_job_get_error(job), PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(pct_job_get_error(job)->message, "weights.safetensors"));
  // What could not be kept is gone, what was kept is still there.
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, 1);
  g_assert_cmpint(pct_model_get_state(kept), ==, PCT_MODEL_FINISHED);
  g_autofree char *second = g_build_filename(pct_project_get_workspace(project), "models", "ridge-2", NULL);
  g_assert_false(g_file_test(second, G_FILE_TEST_EXISTS));
  g_object_unref(job);
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);
}

static void
in_subprocess(Fixture *fixture, gconstpointer data)
{
  g_test_trap_subprocess(data, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed();
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
  g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

static void
add_trapped(const char *path, const char *subprocess, void (*test)(Fixture *, gconstpointer))
{
  g_test_add(path, Fixture, subprocess, set_up, in_subprocess, tear_down);
  g_test_add(subprocess, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
  // Not the user's own folders. (GLib's way to do this leaks.)
  g_autofree char *home = g_dir_make_tmp("percept-home-XXXXXX", NULL);
  g_setenv("XDG_DATA_HOME", home, TRUE);
  g_setenv("XDG_CACHE_HOME", home, TRUE);
  g_test_init(&argc, &argv, NULL);
  add("/work/project/missing", test_missing);
  add("/work/project/damaged", test_damaged);
  add("/work/project/cancelled", test_cancelled);
  add("/work/project/facts", test_facts);
  add("/work/training/train", test_train);
  add("/work/training/foreign", test_foreign);
  add("/work/training/cancelled", test_train_cancelled);
  add("/work/training/close", test_train_and_close);
  add("/work/training/resume", test_resume);
  add("/work/project/demo", test_demo);
  add("/work/slide/slide", test_slide);
  add("/work/slide/latency", test_latency);
  add("/work/compare/compare", test_compare_and_score);
  add_trapped("/work/workspace/read-only", "/work/workspace/read-only/subprocess", test_read_only_subprocess);
  add_trapped("/work/workspace/elsewhere", "/work/workspace/elsewhere/subprocess", test_elsewhere_subprocess);
  add_trapped("/work/workspace/full-disk", "/work/workspace/full-disk/subprocess", test_full_disk_subprocess);
  add_trapped("/work/workspace/full-checkpoint", "/work/workspace/full-checkpoint/subprocess",
              test_full_checkpoint_subprocess);
  int failed = g_test_run();
  remove_tree(home);
  return failed;
}
