// SPDX-License-Identifier: GPL-3.0-or-later
// A first look through jobs: facts and score come when asked for, once; they can be stopped and asked for again; the
// numbers behind the figures are saved; and what import said of a recording is told.
#include "model/recording-remarks.h"
#include "project-fixture.h"
#include "work/look-file.h"

static int
count_changes(PctLook *look, int *changes)
{
  return ++*changes;
}

static void
test_facts(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctLook *look = pct_look_new(project);
  int changes = 0;
  g_signal_connect(look, "changed", G_CALLBACK(count_changes), &changes);
  g_assert_null(pct_look_get_facts(look));
  g_assert_null(pct_look_get_remarks(look));
  pct_look_start(look, PCT_LOOK_FACTS);
  PctJob *job = pct_look_get_job(look, PCT_LOOK_FACTS);
  g_assert_nonnull(job);
  pct_look_start(look, PCT_LOOK_FACTS);  // it is under way
  g_assert_true(pct_look_get_job(look, PCT_LOOK_FACTS) == job);
  g_assert_cmpint(changes, ==, 1);
  wait_until(pct_look_get_facts(look));
  wait_until(changes == 2);
  const PctFirstLook *facts = pct_look_get_facts(look);
  g_assert_null(pct_look_get_job(look, PCT_LOOK_FACTS));
  g_assert_null(pct_look_get_problem(look, PCT_LOOK_FACTS));
  g_assert_cmpint(facts->n_neurons, ==, N_NEURONS);
  g_assert_cmpint(facts->census->tiers[PCT_TIER_TEST].most_repeats, ==, N_REPEATS);
  g_assert_nonnull(pct_look_get_remarks(look));
  pct_look_start(look, PCT_LOOK_FACTS);  // it is there
  g_assert_true(pct_look_get_facts(look) == facts);
  g_assert_null(pct_look_get_score(look));
  g_assert_cmpfloat(pct_look_estimate_score(look), <, PCT_LOOK_SECONDS);
  drain();
  g_assert_finalize_object(look);
  close_project(fixture, project);
}

static void
test_score(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctLook *look = pct_look_new(project);
  pct_look_start(look, PCT_LOOK_SCORE);
  wait_until(pct_look_get_score(look));
  const PctQuickScore *score = pct_look_get_score(look);
  g_assert_cmpint(score->n_pictures[FALSE], ==, N_TEST * N_REPEATS);
  g_assert_cmpint(score->n_pictures[TRUE], ==, N_TEST);
  g_assert_cmpfloat(score->rows[TRUE][PCT_QUICK_RIDGE].mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], >, 0.8);
  g_assert_cmpfloat(score->rows[TRUE][PCT_QUICK_SHUFFLED].mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], <, 0.4);
  // Nothing of it is kept on disk.
  g_assert_false(g_file_test(pct_project_get_workspace(project), G_FILE_TEST_EXISTS));
  drain();
  g_assert_finalize_object(look);
  close_project(fixture, project);
}

static void
test_stopped(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctLook *look = pct_look_new(project);
  pct_look_start(look, PCT_LOOK_FACTS);
  pct_look_cancel(look, PCT_LOOK_FACTS);
  wait_until(!pct_look_get_job(look, PCT_LOOK_FACTS));
  // A short one may have been done before it heard of it.
  if (!pct_look_get_facts(look))
    g_assert_cmpstr(pct_look_get_problem(look, PCT_LOOK_FACTS), ==, "It was stopped.");
  pct_look_start(look, PCT_LOOK_FACTS);
  wait_until(pct_look_get_facts(look));
  g_assert_null(pct_look_get_problem(look, PCT_LOOK_FACTS));
  // Let go while it works.
  pct_look_start(look, PCT_LOOK_SCORE);
  g_assert_finalize_object(look);
  close_project(fixture, project);
}

static guint
count_lines(const char *path, const char *first)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_file_get_contents(path, &text, NULL, &error);
  g_assert_no_error(error);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_assert_cmpstr(lines[0], ==, first);
  return g_strv_length(lines) - 1;
}

static void
test_files(Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *figure, *first;
    guint lines;
  } figures[] = {
    { "reliability", "neuron,unit_id,reliability,explainable_variance", 1 + N_NEURONS },
    { "noise", "correlation_from,correlation_to,pairs", 201 },
    { "drift", "trial,mean_z,running_mean_z,gain", 1 + N_TRAIN + N_VALIDATION + N_TEST * N_REPEATS },
    { "expected", "neurons,train_images,pixcorr", 21 },
  };
  PctProject *project = open_project(fixture);
  PctLook *look = pct_look_new(project);
  g_autofree char *path = g_build_filename(fixture->folder, "figure.csv", NULL);
  g_autofree char *beside = g_build_filename(fixture->folder, "figure.json", NULL);
  g_autofree char *odd = g_build_filename(fixture->folder, "figure.xls", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_false(pct_look_file_save(look, "drift", path, &error));  // not yet
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  pct_look_start(look, PCT_LOOK_FACTS);
  wait_until(pct_look_get_facts(look));
  for (guint i = 0; i < G_N_ELEMENTS(figures); i++) {
    g_assert_true(pct_look_file_has(look, figures[i].figure));
    g_assert_true(pct_look_file_save(look, figures[i].figure, path, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(count_lines(path, figures[i].first), ==, figures[i].lines);
    g_autofree char *about = NULL;
    g_assert_true(g_file_get_contents(beside, &about, NULL, NULL));
    g_assert_nonnull(strstr(about, pct_project_get_fingerprint(project)));
    g_assert_nonnull(strstr(about, figures[i].figure));
  }
  g_assert_false(pct_look_file_has(look, "score"));
  g_assert_false(pct_look_file_has(look, "running_speed"));
  g_assert_false(pct_look_file_save(look, "running_speed", path, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  g_assert_false(pct_look_file_save(look, "drift", odd, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_false(g_file_test(odd, G_FILE_TEST_EXISTS));
  pct_look_start(look, PCT_LOOK_SCORE);
  wait_until(pct_look_get_score(look));
  g_clear_error(&error);
  g_assert_true(pct_look_file_save(look, "score", path, &error));
  g_autofree char *rows = NULL;
  g_assert_true(g_file_get_contents(path, &rows, NULL, NULL));
  g_assert_nonnull(strstr(rows, "\nsingle,ridge,24,"));
  g_assert_nonnull(strstr(rows, "\naveraged,mean-image,8,"));
  drain();
  g_assert_finalize_object(look);
  close_project(fixture, project);
}

static char **
remarks_of(const char *provenance)
{
  PctRecordingData data = { .name = g_strdup("one"), .n_images = 1, .height = 1, .width = 1, .n_trials = 1,
                            .n_neurons = 1, .provenance = g_strdup(provenance) };
  data.image_bytes = g_malloc0(1);
  data.responses_float = g_new0(float, 1);
  data.tiers = g_malloc0(1);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return pct_recording_dup_remarks(recording);
}

static void
test_remarks(Fixture *fixture, gconstpointer data)
{
  const char *const without[] = { NULL, "{}", "{\"remarks\":\"all is well\"}", "{\"remarks\":[]}",
                                  "{\"remarks\":[3,{}]}" };
  for (guint i = 0; i < G_N_ELEMENTS(without); i++)
    g_assert_null(remarks_of(without[i]));
  g_auto(GStrv) two = remarks_of("{\"made_by\":\"x\",\"remarks\":[\"Two blanks\\nwere dropped. \",7,\"Halved.\"]}");
  g_assert_cmpuint(g_strv_length(two), ==, 2);
  g_assert_cmpstr(two[0], ==, "Two blanks were dropped.");
  g_assert_cmpstr(two[1], ==, "Halved.");
  g_autoptr(GString) many = g_string_new("{\"remarks\":[\"first\"");
  for (int i = 0; i < 200; i++)
    g_string_append(many, ",\"more\"");
  g_string_append(many, "]}");
  g_auto(GStrv) some = remarks_of(many->str);
  g_assert_cmpuint(g_strv_length(some), ==, PCT_RECORDING_REMARKS);
}

static void
add_all(void)
{
  add("/look/facts", test_facts);
  add("/look/score", test_score);
  add("/look/stopped", test_stopped);
  add("/look/files", test_files);
  add("/look/remarks", test_remarks);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
