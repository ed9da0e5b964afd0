// SPDX-License-Identifier: GPL-3.0-or-later
// Which trials a condition keeps, by loops written out here; what it refuses; and that what is made of some trials is
// never taken for what is made of others.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/demo.h"
#include "data/recording-file.h"
#include "data/simulate.h"
#include "project-fixture.h"
#include "work/data-curves.h"
#include "work/trial-filter.h"
#include "work/workspace.h"

static PctRecording *demo;

#define UNEQUAL(p, q) ((p) < (q) || (p) > (q))

static void
test_meanings(void)
{
  g_autoptr(PctTrialTable) table = pct_trial_table_new(demo);
  int n = pct_recording_get_n_trials(demo);
  const float *speed = pct_recording_get_running_speed(demo), *pupil = pct_recording_get_pupil_size(demo);
  const float *gaze = pct_recording_get_pupil_position(demo);
  const double *times = pct_recording_get_trial_time(demo);
  static const char *const texts[] = { "speed < 1 and pupil > 0.4", "pupil != 0.5", "not pupil > 0.4",
                                       "pupil_x < 0 or Pupil_Y > 1", "100 <= trial < 200 and time > 0", "repeat = 3", " " };
  for (guint k = 0; k < G_N_ELEMENTS(texts); k++) {
    g_autoptr(GError) error = NULL;
    g_autofree guint8 *pass = g_new(guint8, n);
    PctTrialCount count;
    g_assert_true(pct_trial_table_filter(table, texts[k], pass, &count, NULL, &error));
    g_assert_no_error(error);
    PctTrialCount expected = { 0 };
    g_autofree int *seen = g_new0(int, pct_recording_get_n_images(demo));
    for (int i = 0; i < n; i++) {
      int repeat = seen[pct_recording_get_trial_image(demo, i)]++;
      // In double, as the language has it.
      double s = speed[i], p = pupil[i], x = gaze[2 * i], y = gaze[2 * i + 1];
      const gboolean meanings[] = { s < 1 && p > 0.4, UNEQUAL(p, 0.5), !(p > 0.4), x < 0 || y > 1,
                                    i >= 100 && i < 200 && times[i] > 0, repeat == 3, TRUE };
      g_assert_cmpint(pass[i], ==, meanings[k]);
      expected.n += meanings[k];
      expected.of_tier[pct_recording_get_trial_tier(demo, i)] += meanings[k];
    }
    g_assert_cmpmem(&count, sizeof count, &expected, sizeof expected);
  }
  PctTrialCount all = pct_trial_table_count(table);
  g_assert_cmpint(all.n, ==, 2600);
  g_assert_cmpint(all.of_tier[PCT_TIER_TEST], ==, 400);
}

static void
test_refusals(void)
{
  static const struct {
    const char *text;
    int position;
    const char *says;
  } cases[] = {
    { "sped < 1", 0, "At character 1: there is no “sped” of a trial; there are speed, pupil, pupil_x" },
    { "speed", 5, "expected a comparison" },
    { "speed < ", 8, "expected a variable or a number, found the end" },
    { "pupil = \"wide\"", 8, "expected a variable or a number" },
    { "speed < 1 and", 13, "expected a variable or a number" },
    { "(speed < 1) + 2 > 1", 12, "expected “and”, “or” or the end" },
  };
  g_autoptr(PctTrialTable) table = pct_trial_table_new(demo);
  PctTrialCount count;
  for (guint k = 0; k < G_N_ELEMENTS(cases); k++) {
    g_autoptr(GError) error = NULL;
    int position = -1;
    g_assert_false(pct_trial_table_filter(table, cases[k].text, NULL, &count, &position, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
    g_assert_cmpint(position, ==, cases[k].position);
    g_assert_nonnull(strstr(error->message, cases[k].says));
    g_assert_null(pct_trial_table_apply(table, demo, cases[k].text, NULL));
  }
  // Nothing, and nothing to learn from.
  static const char *const empty[] = { "speed < -1", "trial = 2600", "time != time" };
  for (guint k = 0; k < G_N_ELEMENTS(empty); k++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(pct_trial_table_apply(table, demo, empty[k], &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
    g_assert_nonnull(strstr(error->message, "none of them in the tier “train”"));
  }
}

// A recording without behaviour has its trials' order at least.
static void
test_without_behaviour(void)
{
  PctSimulation simulation = PCT_SIMULATION_DEFAULT;
  simulation.n_neurons = 5;
  simulation.n_trials = 60;
  simulation.n_repeats = 2;
  simulation.noise = PCT_NOISE_POISSON;
  g_autoptr(PctRecording) recording = pct_simulate(&simulation, NULL, NULL);
  g_autoptr(PctTrialTable) table = pct_trial_table_new(recording);
  g_assert_null(pct_trial_table_get_values(table, PCT_TRIAL_SPEED));
  g_assert_null(pct_trial_table_get_values(table, PCT_TRIAL_TIME));
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_trial_table_apply(table, recording, "speed < 1", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "the recording has no speed; it has trial, repeat"));
  g_autoptr(PctRecording) half = pct_trial_table_apply(table, recording, "trial < 30", NULL);
  g_assert_cmpint(pct_recording_get_n_trials(half), ==, 30);
}

static void
test_identity(void)
{
  g_autoptr(PctTrialTable) table = pct_trial_table_new(demo);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) same = pct_trial_table_apply(table, demo, "  ", &error);
  g_assert_true(same == demo);
  g_autoptr(PctRecording) part = pct_trial_table_apply(table, demo, " speed < 1\n", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(pct_recording_get_fingerprint(part), ==, pct_recording_get_fingerprint(demo));
  g_assert_cmpstr(pct_recording_get_trials(part), ==, "speed < 1");
  g_assert_null(pct_recording_get_trials(demo));
  const float *speed = pct_recording_get_running_speed(part);
  for (int i = 0; i < pct_recording_get_n_trials(part); i++)
    g_assert_cmpfloat(speed[i], <, 1);
  // What is kept of the whole and of its parts has places of its own.
  g_autofree char *whole = pct_workspace_folder_dup_receptive_fields("/w", NULL);
  g_autofree char *slow = pct_workspace_folder_dup_receptive_fields("/w", "speed < 1");
  g_autofree char *fast = pct_workspace_folder_dup_receptive_fields("/w", "speed > 1");
  g_assert_cmpstr(whole, !=, slow);
  g_assert_cmpstr(fast, !=, slow);
}

static PctProject *
open_with(PctLanes *lanes, const char *path, const char *trials)
{
  g_autoptr(PctJob) job = pct_project_open_async(lanes, path, trials);
  wait_until(pct_job_is_over(job));
  g_autoptr(GError) error = NULL;
  PctProject *project = pct_project_open_finish(job, &error);
  g_assert_no_error(error);
  return project;
}

// A filtered project shares models with the whole one; a model and a curve made of its trials say so.
static void
test_project(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-trials-XXXXXX", NULL), *path = g_build_filename(folder, "r.npz", NULL);
  PctSimulation simulation = PCT_SIMULATION_DEFAULT;
  simulation.n_neurons = 20;
  simulation.n_trials = 200;
  simulation.n_repeats = 4;
  simulation.height = 12;
  simulation.width = 16;
  g_autoptr(PctRecording) made = pct_simulate(&simulation, NULL, NULL);
  g_assert_true(pct_recording_save(made, path, NULL, NULL));
  g_autoptr(GError) error = NULL;
  g_autoptr(PctLanes) lanes = pct_lanes_new(&error);
  g_assert_no_error(error);
  g_autoptr(PctProject) whole = open_with(lanes, path, NULL), part = open_with(lanes, path, "trial >= 50");
  g_assert_null(pct_project_get_trials(whole));
  g_assert_cmpstr(pct_project_get_trials(part), ==, "trial >= 50");
  g_assert_cmpint(pct_project_get_n_trials(part), ==, 150);
  g_assert_cmpint(pct_trial_table_count(pct_project_get_trial_table(part)).n, ==, 200);
  g_assert_cmpstr(pct_project_get_workspace(part), ==, pct_project_get_workspace(whole));
  g_assert_cmpstr(pct_project_get_fingerprint(part), ==, pct_project_get_fingerprint(whole));

  g_autoptr(PctJob) training = pct_project_train(part, pct_project_find_kind(part, "ridge"), NULL, 1, NULL, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(training));
  g_assert_no_error(pct_job_get_error(training));
  // Previews are of images that are left alike, not of the one that has all its repeats.
  const PctHeldOut *held_out = pct_training_get_held_out(training);
  g_assert_cmpint(held_out->n, >, 1);
  for (int i = 0; i < held_out->n; i++)
    g_assert_cmpint(pct_project_get_n_repeats(part, held_out->images[i]), ==, held_out->n_averaged);
  g_autoptr(PctProject) again = open_with(lanes, path, NULL);
  PctModel *model = pct_project_find_model(again, "ridge-1");
  g_assert_nonnull(model);
  g_assert_null(pct_model_get_problem(model));
  g_assert_cmpstr(pct_model_get_trials(model), ==, "trial >= 50");

  PctDataCurveRequest request = { .kind = pct_project_find_kind(part, "ridge"), .against = PCT_AGAINST_NEURONS,
                                  .tier = PCT_TIER_TEST, .seed = 1, .shares = (const double[]){ 1 }, .n_shares = 1 };
  PctProject *const projects[] = { part, whole };
  for (int i = 0; i < 2; i++) {
    g_autoptr(PctJob) job = pct_project_measure_data_curve(projects[i], &request, &error);
    g_assert_no_error(error);
    wait_until(pct_job_is_over(job));
    g_assert_no_error(pct_job_get_error(job));
  }
  g_autoptr(PctProject) other = open_with(lanes, path, "trial >= 60");
  g_autoptr(GPtrArray) of_part = pct_project_list_data_curves(part);
  g_autoptr(GPtrArray) of_whole = pct_project_list_data_curves(whole);
  g_autoptr(GPtrArray) of_other = pct_project_list_data_curves(other);
  g_assert_cmpuint(of_part->len, ==, 1);
  g_assert_cmpuint(of_whole->len, ==, 1);
  g_assert_cmpuint(of_other->len, ==, 0);
  g_assert_cmpstr(((PctDataCurveAbout *)of_part->pdata[0])->path, !=, ((PctDataCurveAbout *)of_whole->pdata[0])->path);
  pct_lanes_shutdown(lanes);
  remove_tree(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  demo = pct_demo_new(PCT_DEMO_SEED, NULL, NULL);
  g_test_add_func("/trial-filter/meanings", test_meanings);
  g_test_add_func("/trial-filter/refusals", test_refusals);
  g_test_add_func("/trial-filter/without-behaviour", test_without_behaviour);
  g_test_add_func("/trial-filter/identity", test_identity);
  g_test_add_func("/trial-filter/project", test_project);
  int code = g_test_run();
  pct_recording_unref(demo);
  return code;
}
