// SPDX-License-Identifier: GPL-3.0-or-later
// A project given away and taken in, by the jobs that the window uses; stopped at every report of theirs, they leave
// nothing. What strangers may send is in tests/cli/test-share.py.
#include "project-fixture.h"
#include "model/weights-hash.h"
#include "work/model-private.h"
#include "work/project-private.h"
#include "work/share.h"
#include "work/shared-file.h"
#include "work/sharing.h"
#include "work/workspace.h"

static GPtrArray *
list_models(PctProject *project)
{
  GListModel *models = pct_project_get_models(project);
  GPtrArray *list = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++)
    g_ptr_array_add(list, g_list_model_get_item(models, i));
  return list;
}

// The project's models, given away as folder/given.percept.zip. Free with g_free.
static char *
give(PctProject *project, const char *folder, gboolean with_recording)
{
  char *path = g_build_filename(folder, "given.percept.zip", NULL);
  g_autoptr(GPtrArray) models = list_models(project);
  g_autoptr(PctJob) job = pct_project_share_async(project, models, with_recording, path);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GFileInfo) info = g_file_query_info(file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);
  // The estimate that a person sees is right but for what is said of the recording and names.
  double size = (double)g_file_info_get_size(info);
  double told = (double)pct_project_measure_share(project, models, with_recording);
  g_assert_cmpfloat(fabs(size - told), <, 12000);
  return path;
}

static char *
dup_hash(PctModel *model)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(pct_model_get_folder(model), "weights.safetensors", NULL);
  char *hash = pct_weights_hash(path, NULL, &error);
  g_assert_no_error(error);
  return hash;
}

static guint
count_entries(const char *folder)
{
  guint n = 0;
  g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
  while (directory && g_dir_read_name(directory))
    n++;
  return n;
}

// Its one file is opened as a recording is.
static void
test_with_recording(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  g_autofree char *hash = dup_hash(train_ridge(project)), *path = give(project, fixture->folder, TRUE);
  g_autofree char *fingerprint = g_strdup(pct_project_get_fingerprint(project));
  close_project(fixture, project);
  for (int i = 0; i < 2; i++) {
    project = try_open(fixture->lanes, path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(pct_project_get_fingerprint(project), ==, fingerprint);
    g_autofree char *expected = g_build_filename(fixture->folder, i == 0 ? "given" : "given 2", "given.npz", NULL);
    g_assert_cmpstr(pct_project_get_path(project), ==, expected);
    PctModel *model = pct_project_find_model(project, "ridge-1");
    g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
    g_autofree char *same = dup_hash(model);
    g_assert_cmpstr(same, ==, hash);
    close_project(fixture, project);
  }
}

// Opened alone, it says what it wants; with it, the recording gets its models.
static void
test_without_recording(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  train_ridge(project);
  g_autofree char *path = give(project, fixture->folder, FALSE);
  g_autofree char *copy = g_build_filename(fixture->folder, "copy.npz", NULL);
  g_autofree char *fingerprint = g_strdup(pct_project_get_fingerprint(project));
  close_project(fixture, project);
  g_autoptr(PctJob) job = pct_project_open_async(fixture->lanes, path, NULL);
  wait_until(pct_job_is_over(job));
  g_assert_null(pct_project_open_finish(job, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(error->message, "tiny"));
  g_assert_nonnull(strstr(error->message, "24 neurons"));
  g_assert_cmpstr(pct_project_open_get_wanted(job)->fingerprint, ==, fingerprint);
  g_clear_error(&error);
  // Another recording, and then its own under another name.
  for (int i = 0; i < 2; i++) {
    g_autoptr(PctRecording) recording = fixture_recording_new(i == 0 ? 8 : 7, FALSE);
    g_assert_true(pct_recording_save(recording, copy, NULL, &error));
    g_autoptr(PctJob) opening = pct_project_open_shared_async(fixture->lanes, copy, path);
    wait_until(pct_job_is_over(opening));
    project = pct_project_open_finish(opening, &error);
    g_assert_null(pct_project_open_get_wanted(opening));
    if (i == 0) {
      g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
      g_assert_nonnull(strstr(error->message, "another"));
      g_clear_error(&error);
      g_autofree char *workspace = g_build_filename(fixture->folder, "copy.percept", NULL);
      g_assert_false(g_file_test(workspace, G_FILE_TEST_EXISTS));
    }
  }
  g_assert_no_error(error);
  g_assert_cmpint(pct_model_get_state(pct_project_find_model(project, "ridge-1")), ==, PCT_MODEL_FINISHED);
  g_clear_object(&job);
  close_project(fixture, project);
}

// The open recording's workspace gets those that are new, and the project lists them.
static void
test_take_in(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  train_ridge(project);
  train_kind(project, "ln", "epochs=2");
  g_autofree char *path = give(project, fixture->folder, FALSE);
  for (int i = 0; i < 2; i++) {
    // Gone from the disk and the list, as if another had trained it.
    PctModel *model = pct_project_find_model(project, "ln-1");
    if (i == 0) {
      pct_workspace_folder_remove_model(pct_model_get_folder(model));
      pct_project_remove_model(project, model);
    }
    g_autoptr(PctJob) job = pct_project_take_in_async(project, path);
    wait_until(pct_job_is_over(job));
    g_assert_no_error(pct_job_get_error(job));
    g_assert_cmpuint(pct_project_take_in_finish(project, job), ==, i == 0 ? 1 : 0);
    g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, 2);
    g_assert_cmpint(pct_model_get_state(pct_project_find_model(project, "ln-1")), ==, PCT_MODEL_FINISHED);
  }
  close_project(fixture, project);
}

// Says stop at the report of that number.
static gboolean
count_down(const PctProgress *progress, gpointer data)
{
  return (*(int *)data)-- > 0;
}

static void
test_stopped(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  PctOpened *opened = pct_project_get_opened(project);
  train_ridge(project);
  g_autofree char *path = give(project, fixture->folder, TRUE), *target = g_build_filename(fixture->folder, "to", NULL);
  g_autofree char *workspace = g_build_filename(fixture->folder, "fresh.percept", NULL), *before = NULL;
  g_autoptr(GPtrArray) models = pct_share_list_models(opened->workspace, FALSE);
  PctShare share = { opened->recording, FALSE, opened->workspace, models, TRUE };
  g_autoptr(PctSharedFile) file = pct_shared_file_open(path, &error);
  g_assert_no_error(error);
  gsize n_before;
  g_assert_true(g_file_get_contents(path, &before, &n_before, NULL));
  guint n_entries = count_entries(fixture->folder);
  for (int what = 0; what < 3; what++) {
    int n_stops = 0;
    for (gboolean done = FALSE; !done; n_stops++) {
      int left = n_stops;
      PctRun run = { count_down, &left, NULL };
      g_autofree char *made = NULL;
      g_autoptr(GPtrArray) taken = NULL;
      if (what == 0)
        done = pct_share_write(&share, path, &run, &error);
      else if (what == 1)
        done = (made = pct_shared_file_unpack(file, target, &run, &error)) != NULL;
      else
        done = (taken = pct_shared_file_take_in(file, workspace, FALSE, &run, &error)) != NULL;
      if (done)
        break;
      g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
      g_clear_error(&error);
      g_assert_cmpuint(count_entries(fixture->folder), ==, n_entries + (what == 2 ? 1 : 0));
    }
    g_assert_cmpint(n_stops, >=, 3);
    g_autofree char *after = NULL;
    gsize n_after;
    g_assert_true(g_file_get_contents(path, &after, &n_after, NULL));
    g_assert_cmpmem(after, n_after, before, n_before);
  }
  close_project(fixture, project);
}

static void
add_all(void)
{
  add("/work/share/with-recording", test_with_recording);
  add("/work/share/without-recording", test_without_recording);
  add("/work/share/take-in", test_take_in);
  add("/work/share/stopped", test_stopped);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
