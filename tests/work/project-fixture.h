// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of projects share: a small recording in a folder of its own, lanes, and a ridge trained on it.
#pragma once
#include "fixture.h"
#include "work/training.h"

#define FIRST_TEST (N_TRAIN + N_VALIDATION)

typedef struct {
  char *folder, *path;
  PctLanes *lanes;
} Fixture;

static inline void
set_up(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  fixture->folder = g_dir_make_tmp("percept-XXXXXX", &error);
  g_assert_no_error(error);
  fixture->path = fixture_save(fixture->folder, "tiny.npz", FALSE);
  fixture->lanes = pct_lanes_new(&error);
  g_assert_no_error(error);
}

static inline void
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

static inline PctProject *
try_open(PctLanes *lanes, const char *path, GError **error)
{
  g_autoptr(PctJob) job = pct_project_open_async(lanes, path, NULL);
  wait_until(pct_job_is_over(job));
  return pct_project_open_finish(job, error);
}

static inline PctProject *
open_project(Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  PctProject *project = try_open(fixture->lanes, fixture->path, &error);
  g_assert_no_error(error);
  return project;
}

// Trains a ridge and returns it, borrowed from the project.
static inline PctModel *
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

// Trains a kind with "name=value" settings and returns the model, borrowed from the project.
static inline PctModel *
train_kind(PctProject *project, const char *kind_name, const char *settings)
{
  g_autoptr(GError) error = NULL;
  PctKind *kind = pct_project_find_kind(project, kind_name);
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_kind_get_options(kind));
  g_auto(GStrv) parts = g_strsplit(settings, " ", -1);
  for (guint i = 0; parts[i] && *parts[i]; i++) {
    pct_option_values_parse(options, parts[i], &error);
    g_assert_no_error(error);
  }
  g_autoptr(PctJob) job = pct_project_train(project, kind, options, 3, NULL, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  PctModel *model = pct_training_get_model(job);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
  return pct_project_find_model(project, pct_model_get_name(model));
}

static inline void
close_project(Fixture *fixture, PctProject *project)
{
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);
}

static inline double
largest_difference(PctPicture *a, PctPicture *b)
{
  double most = 0;
  for (int i = 0; i < SIDE * SIDE; i++)
    most = MAX(most, fabs((double)pct_picture_get_pixels(a)[i] - (double)pct_picture_get_pixels(b)[i]));
  return most;
}

static inline void
in_subprocess(Fixture *fixture, gconstpointer data)
{
  g_test_trap_subprocess(data, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed();
}

static inline void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
  g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

static inline void
add_trapped(const char *path, const char *subprocess, void (*test)(Fixture *, gconstpointer))
{
  g_test_add(path, Fixture, subprocess, set_up, in_subprocess, tear_down);
  g_test_add(subprocess, Fixture, NULL, set_up, test, tear_down);
}

// Runs the tests away from the user's own folders. (GLib's way to do this leaks.)
static inline int
run_tests(int argc, char **argv, void (*add_all)(void))
{
  g_autofree char *home = g_dir_make_tmp("percept-home-XXXXXX", NULL);
  g_setenv("XDG_DATA_HOME", home, TRUE);
  g_setenv("XDG_CACHE_HOME", home, TRUE);
  g_test_init(&argc, &argv, NULL);
  add_all();
  int failed = g_test_run();
  remove_tree(home);
  return failed;
}
