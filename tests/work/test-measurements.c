// SPDX-License-Identifier: GPL-3.0-or-later
// What a project can have measured beside scores: curves against the amount of data, kept point by point; a decoder
// against the repeats averaged; and where receptive fields lie.
#include "neurons-fixture.h"
#include "encode/receptive-field.h"
#include "work/data-curve-file.h"
#include "work/data-curves.h"
#include "work/field-density.h"
#include "work/project-private.h"
#include "work/repeats.h"
#include "work/scores.h"
#include "work/workspace.h"

static const double shares[] = { 0.25, 0.5, 1 };

static PctDataCurveRequest
request_of(PctProject *project, PctCurveAgainst against)
{
  return (PctDataCurveRequest){ .kind = pct_project_find_kind(project, "ridge"), .seed = 2, .against = against,
                                .tier = PCT_TIER_TEST, .shares = shares, .n_shares = G_N_ELEMENTS(shares) };
}

// Returns the file's path; free with g_free.
static char *
run_curve(PctProject *project, const PctDataCurveRequest *request, guint n_points)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = pct_project_measure_data_curve(project, request, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  // As they came: x is the number, and every column is a series.
  PctCurves *curves = pct_job_get_curves(job);
  const double *x, *y;
  int series = pct_curves_find(curves, "averaged_pixcorr_full");
  g_assert_cmpint(series, >=, 0);
  g_assert_cmpint(pct_curves_find(curves, "count"), ==, -1);
  g_assert_cmpuint(pct_curves_get_points(curves, (guint)series, &x, &y), ==, n_points);
  g_assert_cmpfloat(x[n_points - 1], ==, request->against == PCT_AGAINST_IMAGES ? N_TRAIN : N_NEURONS);
  g_assert_cmpfloat(y[n_points - 1], >, y[0]);
  return g_strdup(pct_data_curve_job_get_path(job));
}

static GArray *
load_points(const char *path)
{
  g_autoptr(GError) error = NULL;
  GArray *points = pct_data_curve_load(path, &error);
  g_assert_no_error(error);
  return points;
}

static void
test_curves(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctModel *model = train_ridge(project);
  char *paths[4];
  for (int against = 0; against < PCT_N_CURVE_AGAINST; against++) {
    PctDataCurveRequest request = request_of(project, against);
    paths[against] = run_curve(project, &request, 3);
    g_autoptr(GArray) points = load_points(paths[against]);
    g_assert_cmpuint(points->len, ==, 3);
    g_assert_cmpint(g_array_index(points, PctDataPoint, 0).count, ==, against == PCT_AGAINST_IMAGES ? 20 : 6);
  }
  PctDataCurveRequest request = request_of(project, PCT_AGAINST_SILENCED);
  request.model = model;
  paths[3] = run_curve(project, &request, 3);

  // All of it is one decoder, whichever way; and what the score table says of it.
  g_autoptr(PctScoreTable) table = pct_score_table_new(project);
  pct_score_table_set_active(table, TRUE);
  PctScoreRow *row = pct_score_table_find(table, model);
  wait_until(pct_score_row_is_ready(row));
  for (int i = 0; i < 4; i++) {
    g_autoptr(GArray) points = load_points(paths[i]);
    const PctDataPoint *last = &g_array_index(points, PctDataPoint, 2);
    for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
      double here = last->score[PCT_MODE_AVERAGED].mean[PCT_FRAME_FULL][measure];
      double there = pct_score_row_get_mean(row, PCT_FRAME_FULL, measure);
      g_assert_true(isnan(here) ? isnan(there) : fabs(here - there) <= 1e-7 * (1 + fabs(there)));
      double low = last->score[PCT_MODE_AVERAGED].interval[PCT_FRAME_FULL][measure].low;
      double expected = pct_score_row_get_interval(row, PCT_FRAME_FULL, measure).low;
      g_assert_true(isnan(low) ? isnan(expected) : fabs(low - expected) <= 1e-7 * (1 + fabs(expected)));
    }
  }

  g_autoptr(GPtrArray) list = pct_project_list_data_curves(project);
  g_assert_cmpuint(list->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    const PctDataCurveAbout *about = list->pdata[i];
    g_assert_cmpstr(about->path, ==, paths[i]);
    g_assert_cmpstr(about->kind, ==, "ridge");
    g_assert_cmpstr(about->model, ==, i == 3 ? pct_model_get_name(model) : NULL);
    g_assert_cmpint(about->against, ==, i == 3 ? PCT_AGAINST_SILENCED : i);
    g_assert_cmpint(about->tier, ==, PCT_TIER_TEST);
  }
  g_clear_object(&table);
  let_go(fixture, project);
  for (int i = 0; i < 4; i++)
    g_clear_pointer(&paths[i], g_free);
}

// The same asked again measures nothing; more points are added; what was there stays as it is, bit for bit.
static void
test_goes_on(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctDataCurveRequest request = request_of(project, PCT_AGAINST_NEURONS);
  request.shares = shares + 1;
  request.n_shares = 2;
  g_autofree char *path = run_curve(project, &request, 2), *before = NULL, *after = NULL;
  g_assert_true(g_file_get_contents(path, &before, NULL, NULL));
  g_autofree char *again = run_curve(project, &request, 2);
  g_assert_cmpstr(again, ==, path);
  g_assert_true(g_file_get_contents(path, &after, NULL, NULL));
  g_assert_cmpstr(before, ==, after);

  request.shares = shares;
  request.n_shares = 3;
  g_autoptr(PctJob) job = pct_project_measure_data_curve(project, &request, NULL);
  wait_until(pct_job_is_over(job));
  g_assert_cmpstr(pct_data_curve_job_get_path(job), ==, path);
  g_clear_pointer(&after, g_free);
  g_assert_true(g_file_get_contents(path, &after, NULL, NULL));
  g_auto(GStrv) old = g_strsplit(before, "\n", -1);
  g_auto(GStrv) new = g_strsplit(after, "\n", -1);
  g_assert_cmpuint(g_strv_length(new), ==, g_strv_length(old) + 1);
  g_assert_true(g_str_has_prefix(new[1], "6,0.25,"));
  g_assert_cmpstr(new[2], ==, old[1]);
  g_assert_cmpstr(new[3], ==, old[2]);

  // Another seed is another curve.
  request.seed = 3;
  g_autofree char *other = run_curve(project, &request, 3);
  g_assert_cmpstr(other, !=, path);
  let_go(fixture, project);
}

typedef struct {
  int points, most;
} Counter;

static gboolean
stop_at_point(const PctProgress *progress, gpointer data)
{
  Counter *counter = data;
  counter->points += progress->n_figures > 0;
  return counter->points < counter->most;
}

// Stopped after its second point it has two, and goes on to what it would have been.
static void
test_stopped(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctOpened *opened = pct_project_get_opened(project);
  const PctDecoderClass *ridge = pct_decoder_find_class("ridge");
  g_autoptr(PctModelInfo) info = pct_model_info_new(&ridge->about);
  info->fingerprint = g_strdup(pct_project_get_fingerprint(project));
  info->recording_name = g_strdup("tiny");
  PctDataCurveWork work = { .curve = { .klass = ridge, .against = PCT_AGAINST_IMAGES, .tier = PCT_TIER_VALIDATION,
                                       .fit = { .recording = opened->recording, .statistics = opened->statistics,
                                                .options = info->options } },
                            .info = info };
  g_autofree char *path = g_build_filename(fixture->folder, "stopped.csv", NULL);
  g_autofree char *whole = g_build_filename(fixture->folder, "whole.csv", NULL), *one = NULL, *other = NULL;
  g_autoptr(GError) error = NULL;
  Counter counter = { 0, 2 };
  PctRun run = { stop_at_point, &counter, NULL };
  g_assert_false(pct_data_curve_run(&work, shares, 3, path, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_clear_error(&error);
  g_autoptr(GArray) points = load_points(path);
  g_assert_cmpuint(points->len, ==, 2);
  // Without repeats there are no means.
  g_assert_true(isnan(g_array_index(points, PctDataPoint, 0).score[PCT_MODE_AVERAGED].mean[0][0]));
  g_assert_true(pct_data_curve_run(&work, shares, 3, path, NULL, &error));
  g_assert_true(pct_data_curve_run(&work, shares, 3, whole, NULL, &error));
  g_autoptr(GArray) stopped = load_points(path);
  g_autoptr(GArray) at_once = load_points(whole);
  g_assert_cmpuint(stopped->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpmem(g_array_index(stopped, PctDataPoint, i).score, sizeof(PctScoreSummary) * PCT_N_MODES,
                    g_array_index(at_once, PctDataPoint, i).score, sizeof(PctScoreSummary) * PCT_N_MODES);

  // Of something else, it is left as it is.
  work.curve.tier = PCT_TIER_TEST;
  g_assert_true(g_file_get_contents(path, &one, NULL, NULL));
  g_assert_false(pct_data_curve_run(&work, shares, 3, path, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(error->message, "stopped.csv"));
  g_assert_true(g_file_get_contents(path, &other, NULL, NULL));
  g_assert_cmpstr(one, ==, other);
  g_clear_error(&error);
  let_go(fixture, project);
}

static void
test_hostile_files(Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename(fixture->folder, "bad.csv", NULL);
  const char *contents[] = { "", "count\n", "count,share\n1,1\n", "share,seconds\n1\n", "count,share,seconds\n1,x,1\n" };
  for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(path, contents[i], -1, NULL));
    g_assert_null(pct_data_curve_load(path, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
    g_assert_nonnull(strstr(error->message, "bad.csv"));
  }
  PctProject *project = open_project(fixture);
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = pct_workspace_folder_make_curves(pct_project_get_workspace(project), &error);
  g_assert_no_error(error);
  const char *sidecars[] = { "", "{}", "[]", "{\"kind\": 1}", "{\"kind\": \"ridge\", \"tier\": \"test\", \"against\": \"time\"}" };
  for (guint i = 0; i < G_N_ELEMENTS(sidecars); i++) {
    g_autofree char *json = g_strdup_printf("%s/ridge-%u.json", folder, i), *csv = g_strdup_printf("%s/ridge-%u.csv", folder, i);
    g_assert_true(g_file_set_contents(json, sidecars[i], -1, NULL) && g_file_set_contents(csv, "x", -1, NULL));
  }
  g_autoptr(GPtrArray) list = pct_project_list_data_curves(project);
  g_assert_cmpuint(list->len, ==, 0);
  let_go(fixture, project);
}

static void
test_repeats(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctModel *model = train_ridge(project);
  g_assert_true(pct_project_has_repeats(project, PCT_TIER_TEST));
  g_assert_false(pct_project_has_repeats(project, PCT_TIER_VALIDATION));
  g_autoptr(PctJob) job = pct_project_measure_repeats(project, model, PCT_TIER_TEST);
  g_assert_null(pct_repeats_job_get_curve(job));
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  const PctRepeatCurve *curve = pct_repeats_job_get_curve(job);
  g_assert_cmpint(curve->n_images, ==, N_TEST);
  g_assert_cmpint(curve->n_repeats, ==, N_REPEATS);
  g_assert_cmpint(curve->points[curve->n_points - 1].n, ==, N_REPEATS);
  g_assert_cmpfloat(curve->points[0].score.mean[0][PCT_MEASURE_MSE], >, curve->points[1].score.mean[0][PCT_MEASURE_MSE]);
  g_assert_cmpint(curve->half, ==, 1);

  g_autoptr(PctJob) none = pct_project_measure_repeats(project, model, PCT_TIER_VALIDATION);
  wait_until(pct_job_is_over(none));
  g_assert_error(pct_job_get_error(none), PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_null(pct_repeats_job_get_curve(none));
  // Nobody waits for it any more.
  PctJob *left = pct_project_measure_repeats(project, model, PCT_TIER_TEST);
  pct_job_cancel(left);
  g_object_unref(left);
  let_go(fixture, project);
}

static void
test_density(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_project_find_field_density(project, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  PctKind *ln = pct_project_find_kind(project, "ln");
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_kind_get_options(ln));
  g_assert_true(pct_option_values_set_number(options, "epochs", 2, &error));
  g_autoptr(PctJob) training = pct_project_train(project, ln, options, 3, NULL, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(training));
  g_assert_no_error(pct_job_get_error(training));
  for (int turn = 0; turn < 2; turn++) {
    g_autoptr(PctJob) job = pct_project_find_field_density(project, &error);
    g_assert_no_error(error);
    wait_until(pct_job_is_over(job));
    g_assert_no_error(pct_job_get_error(job));
    const PctFieldDensity *density = pct_field_density_job_get(job);
    g_assert_cmpint(density->source, ==, turn == 0 ? PCT_DENSITY_OF_ENCODER : PCT_DENSITY_OF_FIELDS);
    float most = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      g_assert_true(density->values[i] >= 0 && density->values[i] <= 1);
      most = MAX(most, density->values[i]);
    }
    g_assert_cmpfloat(most, ==, 1);
    if (turn == 1)
      break;
    // What was found of the recording itself comes first.
    g_autofree char *path = pct_workspace_folder_dup_receptive_fields(pct_project_get_workspace(project), NULL);
    PctOpened *opened = pct_project_get_opened(project);
    g_autoptr(PctReceptiveFields) fields =
      pct_receptive_fields_new(opened->recording, opened->statistics, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(pct_receptive_fields_save(fields, pct_project_get_fingerprint(project), path, &error));
  }
  let_go(fixture, project);
}

static void
add_all(void)
{
  add("/work/data-curves/curves", test_curves);
  add("/work/data-curves/goes-on", test_goes_on);
  add("/work/data-curves/stopped", test_stopped);
  add("/work/data-curves/hostile-files", test_hostile_files);
  add("/work/repeats", test_repeats);
  add("/work/field-density", test_density);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
