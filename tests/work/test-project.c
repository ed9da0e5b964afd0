// SPDX-License-Identifier: GPL-3.0-or-later
// Projects: opening one (and failing to), what it says of its recording, and where its workspace lies.
#include "project-fixture.h"
#include <sys/stat.h>
#include <unistd.h>
#include "work/workspace.h"

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
  g_autoptr(PctJob) job = pct_project_open_async(fixture->lanes, fixture->path, NULL);
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
  g_autoptr(PctRecording) recording = fixture_recording_new(7, FALSE);
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

static void
test_demo(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *shipped = g_build_filename(fixture->folder, "shipped", NULL);
  // A folder that says where shipped models are, with one that is broken.
  g_autofree char *broken = g_build_filename(shipped, "ridge-7", NULL);
  g_autofree char *json = g_build_filename(broken, "model.json", NULL);
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

// In a process of its own: it gives up its rights.
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

// workspace.json comes from anybody: one of nothing but brackets is refused, not recursed into. (A damaged one as well.)
static void
test_hostile(Fixture *fixture, gconstpointer data)
{
  g_autofree char *settings = g_build_filename(fixture->folder, "workspace.json", NULL);
  g_autofree char *brackets = g_strnfill(900000, '[');
  const char *contents[] = { brackets, "", "{", "[]", "{}", "{\"recording\": 1}", "{\"recording\": \"\xff\"}",
                             "{\"recording\": \"file:relative\"}" };
  for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(settings, contents[i], -1, NULL));
    g_assert_null(pct_workspace_folder_find_recording(fixture->folder, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
    g_assert_nonnull(strstr(error->message, "workspace.json"));
  }
}

// A program killed while it wrote leaves its temporaries; they go with the checkpoint, and nothing else does.
static void
test_leftovers(Fixture *fixture, gconstpointer data)
{
  const char *names[] = { "optimizer.safetensors", "optimizer.safetensors.A1B2C3", "curves.csv.A1B2C3", "curves.csv",
                          "weights.safetensors" };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(fixture->folder, names[i], NULL);
    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
  }
  pct_workspace_folder_remove_checkpoint(fixture->folder);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(fixture->folder, names[i], NULL);
    g_assert_cmpint(g_file_test(path, G_FILE_TEST_EXISTS), ==, i >= 3);
  }
}

// File names are bytes; JSON is UTF-8.
static void
test_names(Fixture *fixture, gconstpointer data)
{
  const char *paths[] = { "/data/a b\n\"q\".npz", "/data/\xff\xfe.npz", "/data/\xc3\xa9.npz" };
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_true(pct_workspace_folder_describe(fixture->folder, paths[i], "0123456789", &error));
    g_assert_no_error(error);
    g_autofree char *found = pct_workspace_folder_find_recording(fixture->folder, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found, ==, paths[i]);
  }
}

static void
add_all(void)
{
  add("/work/project/missing", test_missing);
  add("/work/project/damaged", test_damaged);
  add("/work/project/cancelled", test_cancelled);
  add("/work/project/facts", test_facts);
  add("/work/project/demo", test_demo);
  add("/work/workspace/hostile", test_hostile);
  add("/work/workspace/leftovers", test_leftovers);
  add("/work/workspace/names", test_names);
  add_trapped("/work/workspace/read-only", "/work/workspace/read-only/subprocess", test_read_only_subprocess);
  add_trapped("/work/workspace/elsewhere", "/work/workspace/elsewhere/subprocess", test_elsewhere_subprocess);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
