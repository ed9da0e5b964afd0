// SPDX-License-Identifier: GPL-3.0-or-later
// Training into a workspace: what is kept when it ends, is stopped, is resumed, meets a full disk or a closing window.
#include "project-fixture.h"
#include <signal.h>
#include <sys/resource.h>
#include "work/slide.h"
#include "work/workspace.h"

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
  g_autoptr(PctRecording) other = fixture_recording_new(8, FALSE);
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

// The first kind of decoder that is trained in steps, made small; NULL: there is none.
static PctKind *
find_iterative(PctProject *project, guint epochs, PctOptionValues **options)
{
  GListModel *kinds = pct_project_get_kinds(project);
  for (guint i = 0; i < g_list_model_get_n_items(kinds); i++) {
    g_autoptr(PctKind) kind = g_list_model_get_item(kinds, i);
    if (!pct_kind_is_iterative(kind) || pct_kind_get_role(kind) != PCT_ROLE_DECODER)
      continue;
    g_autoptr(GError) error = NULL;
    g_autoptr(PctOptionValues) values = pct_option_values_new(pct_kind_get_options(kind));
    if (pct_kind_get_needs(kind, values) != PCT_NEEDS_NOTHING)
      continue;
    *options = g_steal_pointer(&values);
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
add_all(void)
{
  add("/work/training/train", test_train);
  add("/work/training/foreign", test_foreign);
  add("/work/training/cancelled", test_train_cancelled);
  add("/work/training/close", test_train_and_close);
  add("/work/training/resume", test_resume);
  add_trapped("/work/training/full-disk", "/work/training/full-disk/subprocess", test_full_disk_subprocess);
  add_trapped("/work/training/full-checkpoint", "/work/training/full-checkpoint/subprocess",
              test_full_checkpoint_subprocess);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
