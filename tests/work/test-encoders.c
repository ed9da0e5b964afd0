// SPDX-License-Identifier: GPL-3.0-or-later
// Encoders and sets of most exciting inputs in a project: trained, found again, resumed, and never taken for decoders.
#include "project-fixture.h"
#include "work/fill-meis.h"
#include "work/kinds.h"
#include "work/model-private.h"
#include "work/scores.h"
#include "work/workspace.h"

// Every kind once, the roles in order, and none without a name of its own.
static void
test_kinds(Fixture *fixture, gconstpointer data)
{
  const PctModelKind *kind, *before = NULL;
  guint n_roles[3] = { 0 };
  for (guint i = 0; (kind = pct_model_kinds_get(i)); before = kind, i++) {
    g_assert_true(pct_model_kinds_find(kind->kind) == kind);
    g_assert_true(!before || before->role <= kind->role);
    n_roles[kind->role]++;
  }
  g_assert_cmpuint(n_roles[PCT_ROLE_ENCODER], >=, 3);
  g_assert_cmpuint(n_roles[PCT_ROLE_MEI_SET], ==, 1);
  g_assert_cmpuint(n_roles[PCT_ROLE_DECODER], >=, 2);
  g_assert_null(pct_model_kinds_find("no such kind"));
}

static void
test_encoder(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  g_assert_null(pct_project_find_best_encoder(project));
  PctModel *model = train_kind(project, "ln", "epochs=6");
  g_assert_cmpstr(pct_model_get_name(model), ==, "ln-1");
  g_assert_cmpint(pct_model_get_role(model), ==, PCT_ROLE_ENCODER);
  double correlation = pct_model_get_validation_correlation(model);
  g_assert_cmpfloat(correlation, >, 0.1);
  g_assert_cmpfloat(pct_model_get_validation(model), ==, correlation);
  g_assert_true(isnan(pct_model_get_validation_pixcorr(model)));
  g_assert_true(pct_project_find_best_encoder(project) == model);
  // It decodes nothing, and nobody is offered it as a decoder.
  g_assert_null(pct_model_get_decoder(model));
  g_assert_null(pct_model_get_meis(model));
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, 1);
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_decoders(project)), ==, 0);
  g_assert_null(pct_project_find_best_model(project, "ln"));
  PctScoreTable *table = pct_score_table_new(project);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(table)), ==, 2);  // the floors
  PctModel *ridge = train_ridge(project);
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_decoders(project)), ==, 1);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(table)), ==, 4);
  g_assert_true(pct_project_find_best_model(project, "ridge") == ridge);
  g_object_unref(table);
  close_project(fixture, project);

  project = open_project(fixture);
  model = pct_project_find_best_encoder(project);
  g_assert_nonnull(model);
  g_assert_cmpfloat_with_epsilon(pct_model_get_validation_correlation(model), correlation, 1e-9);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctEncoder) encoder = pct_model_encoder_get(pct_model_get_encoder(model), &error);
  g_assert_no_error(error);
  g_assert_cmpint(pct_encoder_get_design(encoder)->n_neurons, ==, N_NEURONS);
  g_autoptr(PctEncoder) again = pct_model_encoder_get(pct_model_get_encoder(model), &error);
  g_assert_true(again == encoder);
  close_project(fixture, project);
}

// The better one, not the later one.
static void
test_best_encoder(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  train_kind(project, "ln", "epochs=8");
  train_kind(project, "ln", "epochs=1 rate=0.000001");
  PctModel *good = pct_project_find_model(project, "ln-1"), *poor = pct_project_find_model(project, "ln-2");
  g_assert_cmpfloat(pct_model_get_validation_correlation(good), >, pct_model_get_validation_correlation(poor));
  g_assert_true(pct_project_find_best_encoder(project) == good);
  close_project(fixture, project);
}

static gsize
count_epochs(PctCurves *curves)
{
  int series = pct_curves_find(curves, "validation_correlation");
  return series < 0 ? 0 : pct_curves_get_points(curves, (guint)series, NULL, NULL);
}

// Stopped, opened again, resumed: one model, one unbroken history.
static void
test_resume_encoder(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  PctKind *kind = pct_project_find_kind(project, "gaussian");
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_kind_get_options(kind));
  const char *const settings[] = { "epochs=60", "layers=1", "channels=2", "input_kernel=5", "batch=20", "patience=100" };
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++)
    g_assert_true(pct_option_values_parse(options, settings[i], NULL));
  PctJob *job = pct_project_train(project, kind, options, 3, NULL, &error);
  g_assert_no_error(error);
  PctModel *model = pct_training_get_model(job);
  wait_until(count_epochs(pct_job_get_curves(job)) >= 2);
  pct_job_cancel(job);
  wait_until(pct_job_is_over(job));
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_CANCELLED);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  g_assert_null(pct_project_find_best_encoder(project));
  g_object_unref(job);
  close_project(fixture, project);

  project = open_project(fixture);
  model = pct_project_find_model(project, "gaussian-1");
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  job = pct_project_train(project, pct_model_get_kind(model), NULL, 99, model, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
  g_autoptr(PctCurves) kept = pct_model_dup_curves(model, &error);
  g_assert_no_error(error);
  const double *x;
  int series = pct_curves_find(kept, "validation_correlation");
  gsize n = pct_curves_get_points(kept, (guint)series, &x, NULL);
  g_assert_cmpuint(n, >, 2);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat(x[i], ==, (double)i + 1);
  g_object_unref(job);
  close_project(fixture, project);
}

static void
test_no_encoder(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  PctKind *kind = pct_project_find_kind(project, "mei");
  g_assert_true(pct_kind_get_needs(kind, NULL) == PCT_NEEDS_ENCODER);
  g_assert_null(pct_project_train(project, kind, NULL, 1, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(error->message, "percept-cli train gaussian"));
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, 0);
  // A decoder does not do instead.
  PctModel *ridge = train_ridge(project);
  g_clear_error(&error);
  g_assert_null(pct_project_train_with(project, kind, NULL, 1, &(PctTrainingSources){ .encoder = ridge }, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  close_project(fixture, project);
}

// Counts how often each row was told to be ready.
static void
count_rows(PctMeis *meis, GArray *rows, int *told)
{
  for (guint i = 0; i < rows->len; i++) {
    int row = g_array_index(rows, int, i);
    g_assert_true(pct_meis_is_ready(meis, row));
    told[row]++;
  }
}

static float *
copy_pixels(PctMeis *meis)
{
  float *pixels = g_new(float, N_NEURONS * SIDE * SIDE);
  for (int j = 0; j < N_NEURONS; j++) {
    g_autoptr(PctPicture) picture = pct_meis_dup_picture(meis, pct_meis_find_row(meis, j));
    memcpy(pixels + j * SIDE * SIDE, pct_picture_get_pixels(picture), SIDE * SIDE * sizeof(float));
  }
  return pixels;
}

static void
test_meis(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  train_kind(project, "ln", "epochs=4");
  g_autoptr(PctJob) job = pct_project_train(project, pct_project_find_kind(project, "mei"), NULL, 5, NULL, &error);
  g_assert_no_error(error);
  PctModel *model = pct_training_get_model(job);
  PctMeis *meis = pct_model_get_meis(model);
  int told[N_NEURONS] = { 0 };
  g_signal_connect(meis, "changed", G_CALLBACK(count_rows), told);
  g_assert_null(pct_project_find_newest_meis(project));
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  for (int i = 0; i < N_NEURONS; i++)
    g_assert_cmpint(told[i], ==, 1);
  g_assert_cmpint(pct_meis_get_n_ready(meis), ==, N_NEURONS);
  g_assert_cmpstr(pct_model_get_name(model), ==, "mei-1");
  g_assert_cmpstr(pct_model_get_encoder_name(model), ==, "ln-1");
  g_assert_true(pct_project_find_newest_meis(project) == model);
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_decoders(project)), ==, 0);
  g_autofree char *parent = g_path_get_dirname(pct_model_get_folder(model));
  g_assert_true(g_str_has_suffix(parent, "/meis"));
  // The mean and contrast of the images were filled in.
  g_assert_cmpfloat(pct_option_values_get(pct_model_get_options(model), "contrast"), >, 0);
  int row = pct_meis_find_row(meis, 7);
  g_assert_cmpint(pct_meis_get_neuron(meis, row), ==, 7);
  g_assert_cmpint(pct_meis_find_row(meis, N_NEURONS), ==, -1);
  for (int i = 0; i < N_NEURONS; i++)
    g_assert_cmpfloat(pct_meis_get_activation(meis, i), >=, pct_meis_get_baseline(meis, i) * 0.999);
  g_autofree float *before = copy_pixels(meis);
  g_clear_object(&job);
  close_project(fixture, project);

  // Opened again, they are read when somebody asks.
  project = open_project(fixture);
  model = pct_project_find_newest_meis(project);
  meis = pct_model_get_meis(model);
  g_assert_cmpint(pct_meis_get_n_rows(meis), ==, 0);
  pct_meis_load(meis, fixture->lanes);
  wait_until(pct_meis_get_n_ready(meis) == N_NEURONS);
  g_assert_null(pct_meis_get_problem(meis));
  g_autofree float *after = copy_pixels(meis);
  g_assert_cmpmem(before, N_NEURONS * SIDE * SIDE * sizeof(float), after, N_NEURONS * SIDE * SIDE * sizeof(float));
  close_project(fixture, project);
}

// Leaves the set of a finished model as a stop would: every other row not ready, with other pixels.
static void
undo_half(const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, "meis.npz", NULL);
  g_autoptr(PctMeiSet) set = pct_mei_set_load(path, &error);
  g_assert_no_error(error);
  for (int i = 0; i < set->n; i += 2) {
    set->ready[i] = 0;
    for (int k = 0; k < SIDE * SIDE; k++)
      set->images[i * SIDE * SIDE + k] = 1;
  }
  g_assert_cmpint(pct_mei_set_count_ready(set), ==, set->n / 2);
  g_assert_true(pct_mei_set_save(set, path, &error));
  g_autoptr(PctModelInfo) info = pct_model_info_load(folder, pct_model_kinds_find, &error);
  g_assert_no_error(error);
  info->finished = FALSE;
  g_assert_true(pct_model_info_save(info, folder, &error));
}

// A set goes on where it was stopped, to the same images; not with an encoder of another's weights.
static void
test_resume_meis(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = open_project(fixture);
  PctModel *encoder = train_kind(project, "ln", "epochs=4");
  g_autofree char *encoder_folder = g_strdup(pct_model_get_folder(encoder));
  PctModel *model = train_kind(project, "mei", "");
  g_autofree char *folder = g_strdup(pct_model_get_folder(model));
  g_autofree float *whole = copy_pixels(pct_model_get_meis(model));
  close_project(fixture, project);
  undo_half(folder);

  project = open_project(fixture);
  model = pct_project_find_model(project, "mei-1");
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  g_autoptr(PctJob) job = pct_project_train(project, pct_model_get_kind(model), NULL, 99, model, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
  g_assert_cmpint(pct_meis_get_n_ready(pct_model_get_meis(model)), ==, N_NEURONS);
  g_autofree float *resumed = copy_pixels(pct_model_get_meis(model));
  g_assert_cmpmem(whole, N_NEURONS * SIDE * SIDE * sizeof(float), resumed, N_NEURONS * SIDE * SIDE * sizeof(float));
  g_clear_object(&job);
  close_project(fixture, project);

  undo_half(folder);
  g_autofree char *weights = g_build_filename(encoder_folder, "weights.safetensors", NULL), *bytes = NULL;
  gsize n;
  g_assert_true(g_file_get_contents(weights, &bytes, &n, NULL));
  bytes[n - 2] ^= 1;
  g_assert_true(g_file_set_contents(weights, bytes, (gssize)n, NULL));
  project = open_project(fixture);
  model = pct_project_find_model(project, "mei-1");
  job = pct_project_train(project, pct_model_get_kind(model), NULL, 99, model, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_error(pct_job_get_error(job), PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(pct_job_get_error(job)->message, "ln-1"));
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  g_clear_object(&job);
  close_project(fixture, project);
}

// A file that is no set, or one of another frame, is a sentence and no rows.
static void
test_damaged_meis(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  train_kind(project, "ln", "epochs=1");
  g_autofree char *folder = g_strdup(pct_model_get_folder(train_kind(project, "mei", "")));
  close_project(fixture, project);
  g_autofree char *path = g_build_filename(folder, "meis.npz", NULL);
  for (int other_frame = 0; other_frame < 2; other_frame++) {
    g_autoptr(PctMeiSet) set = pct_mei_set_new((int[]){ 0, 1 }, 2, SIDE + 1, SIDE, NULL);
    set->ready[0] = set->ready[1] = 1;
    if (other_frame)
      g_assert_true(pct_mei_set_save(set, path, NULL));
    else
      g_assert_true(g_file_set_contents(path, "no zip file", -1, NULL));
    project = open_project(fixture);
    PctMeis *meis = pct_model_get_meis(pct_project_find_model(project, "mei-1"));
    pct_meis_load(meis, fixture->lanes);
    wait_until(pct_meis_get_problem(meis));
    g_assert_nonnull(strstr(pct_meis_get_problem(meis), "meis.npz"));
    g_assert_cmpint(pct_meis_get_n_rows(meis), ==, 0);
    g_assert_cmpint(pct_meis_find_row(meis, 0), ==, -1);
    close_project(fixture, project);
  }
}

static void
add_all(void)
{
  add("/encoders/kinds", test_kinds);
  add("/encoders/train", test_encoder);
  add("/encoders/best", test_best_encoder);
  add("/encoders/resume", test_resume_encoder);
  add("/meis/no-encoder", test_no_encoder);
  add("/meis/train", test_meis);
  add("/meis/resume", test_resume_meis);
  add("/meis/damaged", test_damaged_meis);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
