// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of neurons, how it comes, and one neuron looked at closely.
#include "measure/reliability.h"
#include "neurons-fixture.h"
#include "work/neuron-detail.h"
#include "work/neuron-maps.h"

static void
collect_columns(PctNeurons *neurons, guint64 columns, guint64 *all)
{
  *all |= columns;
}

static void
test_columns(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctNeurons *neurons = pct_neurons_new(project);
  g_assert_cmpint(pct_neurons_get_n(neurons), ==, N_NEURONS);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(neurons)), ==, N_NEURONS);
  g_assert_null(g_list_model_get_item(G_LIST_MODEL(neurons), N_NEURONS));
  const PctResponseRanges *ranges = pct_project_get_ranges(project);
  for (int i = 0; i < N_NEURONS; i++) {
    g_autoptr(PctNeuronItem) item = g_list_model_get_item(G_LIST_MODEL(neurons), (guint)i);
    g_assert_cmpint(pct_neuron_item_get_neuron(item), ==, i);
    g_assert_cmpfloat(pct_neurons_get_value(neurons, PCT_COLUMN_NUMBER, i), ==, i);
    g_assert_cmpfloat(pct_neurons_get_value(neurons, PCT_COLUMN_X, i), ==, 10 * (i % 5));
    g_assert_cmpfloat(pct_neurons_get_value(neurons, PCT_COLUMN_Y, i), ==, -20 * (i / 5));
    g_assert_cmpfloat(pct_neurons_get_value(neurons, PCT_COLUMN_Z, i), ==, 200 + i);
    g_assert_cmpfloat(pct_neurons_get_value(neurons, PCT_COLUMN_MEAN, i), ==, (double)ranges->mean[i]);
    g_assert_cmpfloat(pct_neurons_get_value(neurons, PCT_COLUMN_STD, i), ==, (double)ranges->std[i]);
  }
  // This recording says nothing of areas, layers and depths, and so does a filter.
  for (PctNeuronColumn c = PCT_COLUMN_AREA; c <= PCT_COLUMN_DEPTH; c++)
    g_assert_null(pct_neurons_get_column(neurons, c));
  g_assert_null(pct_neurons_get_names(neurons, PCT_COLUMN_AREA));
  g_autoptr(GError) unknown = NULL;
  g_assert_null(pct_neurons_new_filter(neurons, "area = \"V1\"", NULL, &unknown));
  g_assert_nonnull(strstr(unknown->message, "does not say the area"));
  // Nothing is computed before it is active, and what is not known passes no filter.
  drain();
  g_assert_cmpuint(pct_neurons_get_pending(neurons), ==, 0);
  g_assert_null(pct_neurons_get_column(neurons, PCT_COLUMN_RELIABILITY));
  g_assert_true(isnan(pct_neurons_get_value(neurons, PCT_COLUMN_RELIABILITY, 3)));
  g_autoptr(PctNeuronFilter) filter = pct_neuron_filter_new("reliability > 0.5 and number >= 3", NULL, NULL, NULL);
  guint8 pass[N_NEURONS];
  g_assert_cmpint(pct_neurons_evaluate(neurons, filter, pass), ==, 0);
  PctTier tier;
  g_assert_true(pct_neurons_get_reliability_tier(neurons, &tier));
  g_assert_cmpint(tier, ==, PCT_TIER_TEST);

  guint64 changed = 0;
  g_signal_connect(neurons, "changed", G_CALLBACK(collect_columns), &changed);
  pct_neurons_set_active(neurons, TRUE);
  guint64 of_reliability = PCT_COLUMN_BIT(PCT_COLUMN_RELIABILITY) | PCT_COLUMN_BIT(PCT_COLUMN_EXPLAINABLE_VARIANCE);
  g_assert_cmpuint(pct_neurons_get_pending(neurons), ==, of_reliability);
  guint n_jobs = pct_lanes_get_n_running(fixture->lanes);
  pct_neurons_set_active(neurons, TRUE);
  g_assert_cmpuint(pct_lanes_get_n_running(fixture->lanes), ==, n_jobs);
  wait_until(pct_neurons_get_pending(neurons) == 0);
  g_assert_cmpuint(changed, ==, of_reliability);
  g_autoptr(PctRecording) recording = fixture_recording_new(7, FALSE);
  g_autoptr(PctReliability) reliability = pct_reliability_new(recording, PCT_TIER_TEST, NULL, NULL);
  int n_passing = 0;
  for (int i = 0; i < N_NEURONS; i++) {
    g_assert_cmpfloat_with_epsilon(pct_neurons_get_value(neurons, PCT_COLUMN_RELIABILITY, i),
                                   (double)reliability->oracle[i], 1e-6);
    g_assert_cmpfloat_with_epsilon(pct_neurons_get_value(neurons, PCT_COLUMN_EXPLAINABLE_VARIANCE, i),
                                   (double)reliability->explainable_variance[i], 1e-6);
    n_passing += reliability->oracle[i] > 0.5f && i >= 3;
  }
  g_assert_cmpint(n_passing, >, 0);
  g_assert_cmpint(pct_neurons_evaluate(neurons, filter, pass), ==, n_passing);

  PctMapPoints points;
  g_assert_true(pct_neuron_map_get(neurons, PCT_MAP_CORTEX, &points));
  g_assert_cmpint(points.n, ==, N_NEURONS);
  g_assert_cmpfloat(points.least.x, <, 0);
  g_assert_cmpfloat(points.most.x, >, 40);
  g_assert_cmpfloat(points.least.y, <, -80);
  g_assert_cmpfloat(points.most.y, >, 0);
  g_assert_false(pct_neuron_map_get(neurons, PCT_MAP_IMAGE, &points));
  g_assert_finalize_object(neurons);
  let_go(fixture, project);
}

static void
test_dropped(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  // Something long is ahead of its job in one round, so that it is dropped while queued.
  for (int i = 0; i < 6; i++) {
    PctNeurons *neurons = pct_neurons_new(project);
    pct_neurons_set_active(neurons, TRUE);
    for (int turn = 0; turn < i * 20; turn++) {
      g_main_context_iteration(NULL, FALSE);
      g_usleep(50);
    }
    g_assert_finalize_object(neurons);
  }
  // After the lanes' end nothing starts, and nothing breaks.
  wait_until(pct_lanes_get_n_running(fixture->lanes) == 0);
  pct_lanes_shutdown(fixture->lanes);
  PctNeurons *neurons = pct_neurons_new(project);
  pct_neurons_set_active(neurons, TRUE);
  g_autoptr(PctJob) job = pct_neurons_find_receptive_fields(neurons, NULL);
  wait_until(pct_job_is_over(job) && pct_neurons_get_pending(neurons) == 0);
  g_assert_cmpint(pct_neurons_get_receptive_field_state(neurons), ==, PCT_RECEPTIVE_FIELDS_NONE);
  g_clear_object(&job);
  g_assert_finalize_object(neurons);
  let_go(fixture, project);
}

static char *
get_fields_path(PctProject *project)
{
  return g_build_filename(pct_project_get_workspace(project), "receptive-fields.safetensors", NULL);
}

static void
wait_for_fields(PctNeurons *neurons, PctReceptiveFieldState state)
{
  wait_until(pct_neurons_get_receptive_field_state(neurons) == state);
}

static void
test_fields(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  g_autofree char *path = get_fields_path(project);
  PctNeurons *neurons = pct_neurons_new(project);
  g_assert_cmpint(pct_neurons_get_receptive_field_state(neurons), ==, PCT_RECEPTIVE_FIELDS_UNKNOWN);
  pct_neurons_set_active(neurons, TRUE);
  g_assert_cmpint(pct_neurons_get_receptive_field_state(neurons), ==, PCT_RECEPTIVE_FIELDS_NONE);
  // Given up at once, then found.
  g_autoptr(GError) error = NULL;
  PctJob *given_up = pct_neurons_find_receptive_fields(neurons, &error);
  g_assert_no_error(error);
  g_assert_cmpint(pct_neurons_get_receptive_field_state(neurons), ==, PCT_RECEPTIVE_FIELDS_FINDING);
  g_assert_true(pct_neurons_get_pending(neurons) & PCT_COLUMN_BIT(PCT_COLUMN_RF_X));
  pct_job_cancel(given_up);
  wait_for_fields(neurons, PCT_RECEPTIVE_FIELDS_NONE);
  g_assert_null(pct_neurons_get_receptive_field_problem(neurons));
  g_assert_null(pct_neurons_get_receptive_field_job(neurons));
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  g_object_unref(given_up);

  guint64 changed = 0;
  int notified = 0;
  g_signal_connect(neurons, "changed", G_CALLBACK(collect_columns), &changed);
  g_signal_connect(neurons, "notify::receptive-fields", G_CALLBACK(count_notify), &notified);
  PctJob *job = pct_neurons_find_receptive_fields(neurons, &error);
  PctJob *same = pct_neurons_find_receptive_fields(neurons, NULL);
  g_assert_true(job == same && pct_neurons_get_receptive_field_job(neurons) == job);
  g_object_unref(same);
  wait_for_fields(neurons, PCT_RECEPTIVE_FIELDS_READY);
  g_object_unref(job);
  g_assert_cmpint(notified, ==, 2);
  g_assert_true((changed & PCT_COLUMNS_OF_RECEPTIVE_FIELDS) == PCT_COLUMNS_OF_RECEPTIVE_FIELDS);
  g_assert_null(pct_neurons_get_receptive_field_problem(neurons));
  int n_known = 0;
  for (int i = 0; i < N_NEURONS; i++) {
    double x = pct_neurons_get_value(neurons, PCT_COLUMN_RF_X, i);
    double kind = pct_neurons_get_value(neurons, PCT_COLUMN_GABOR_KIND, i);
    g_assert_true(x > -0.5 && x < SIDE);
    n_known += kind == 0 || kind == 1;
  }
  g_assert_cmpint(n_known, >, N_NEURONS / 2);
  PctMapPoints points;
  g_assert_true(pct_neuron_map_get(neurons, PCT_MAP_IMAGE, &points));
  g_assert_cmpfloat(points.most.x, ==, SIDE - 0.5);

  // The next ones read them: the same values to the last bit.
  PctNeurons *again = pct_neurons_new(project);
  pct_neurons_set_active(again, TRUE);
  g_assert_cmpint(pct_neurons_get_receptive_field_state(again), ==, PCT_RECEPTIVE_FIELDS_READING);
  wait_for_fields(again, PCT_RECEPTIVE_FIELDS_READY);
  for (PctNeuronColumn c = PCT_COLUMN_RF_X; c <= PCT_COLUMN_GABOR_KIND; c++)
    for (int i = 0; i < N_NEURONS; i++) {
      double value = pct_neurons_get_value(neurons, c, i), read = pct_neurons_get_value(again, c, i);
      g_assert_true(fabs(value - read) <= 1e-6 * fabs(value) || (isnan(value) && isnan(read)));
    }
  g_object_unref(again);

  // Damaged: ignored with a sentence, and found anew on demand.
  g_autofree char *bytes = NULL;
  gsize n;
  g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
  g_assert_true(g_file_set_contents(path, bytes, (gssize)n / 2, NULL));
  again = pct_neurons_new(project);
  pct_neurons_set_active(again, TRUE);
  wait_for_fields(again, PCT_RECEPTIVE_FIELDS_DAMAGED);
  g_assert_nonnull(strstr(pct_neurons_get_receptive_field_problem(again), "receptive-fields.safetensors"));
  g_assert_null(pct_neurons_get_column(again, PCT_COLUMN_RF_X));
  job = pct_neurons_find_receptive_fields(again, &error);
  g_assert_no_error(error);
  g_assert_null(pct_neurons_get_receptive_field_problem(again));
  wait_for_fields(again, PCT_RECEPTIVE_FIELDS_READY);
  g_object_unref(job);
  g_autofree char *mended = NULL;
  gsize n_mended;
  g_assert_true(g_file_get_contents(path, &mended, &n_mended, NULL));
  g_assert_cmpmem(mended, n_mended, bytes, n);

  // Closed while they are found: the job goes on and keeps them.
  g_remove(path);
  job = pct_neurons_find_receptive_fields(again, &error);
  g_assert_finalize_object(again);
  wait_until(pct_job_is_over(job));
  g_object_unref(job);
  g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
  // Found but not to be kept.
  g_remove(path);
  g_mkdir(path, 0700);
  g_autofree char *inside = g_build_filename(path, "in-the-way", NULL);
  g_assert_true(g_file_set_contents(inside, "", 0, NULL));
  job = pct_neurons_find_receptive_fields(neurons, &error);
  wait_until(pct_job_is_over(job));
  wait_for_fields(neurons, PCT_RECEPTIVE_FIELDS_READY);
  g_object_unref(job);
  g_assert_nonnull(pct_neurons_get_receptive_field_problem(neurons));
  g_assert_nonnull(pct_neurons_get_column(neurons, PCT_COLUMN_RF_X));
  g_assert_finalize_object(neurons);
  let_go(fixture, project);
}

static void
check_answers(PctProject *project, PctNeuronDetail *detail, int neuron)
{
  g_autoptr(PctRecording) recording = fixture_recording_new(7, FALSE);
  double last = INFINITY;
  int n;
  const PctNeuronAnswer *tuning = pct_neuron_detail_get_tuning(detail, &n);
  g_assert_cmpint(n, ==, N_TEST);
  guint seen = 0;
  for (int i = 0; i < n; i++) {
    int n_trials;
    const int *trials = pct_recording_get_image_trials(recording, tuning[i].image, &n_trials);
    g_assert_cmpint(tuning[i].tier, ==, PCT_TIER_TEST);
    g_assert_cmpint(tuning[i].n_repeats, ==, N_REPEATS);
    double sum = 0;
    for (int k = 0; k < n_trials; k++) {
      float values[N_NEURONS];
      pct_recording_read_responses(recording, trials[k], values);
      g_assert_cmpfloat_with_epsilon(tuning[i].repeats[k], values[neuron], 1e-3);
      sum += (double)tuning[i].repeats[k];
    }
    g_assert_cmpfloat_with_epsilon(tuning[i].mean, sum / N_REPEATS, 1e-6);
    g_assert_cmpfloat(tuning[i].mean, <=, last);
    last = tuning[i].mean;
    seen |= 1u << (tuning[i].image - FIRST_TEST);
  }
  g_assert_cmpuint(seen, ==, (1u << N_TEST) - 1);

  const PctNeuronAnswer *favourites = pct_neuron_detail_get_favourites(detail, &n);
  const PctResponseRanges *ranges = pct_project_get_ranges(project);
  g_assert_cmpint(n, ==, 9);
  int n_better = 0;
  for (int image = 0; image < pct_project_get_n_images(project); image++) {
    g_autoptr(PctResponses) mean = pct_project_dup_responses(project, image, PCT_MEAN_OF_REPEATS);
    n_better += (double)pct_responses_get_values(mean)[neuron] > favourites[8].mean + 1e-5;
  }
  // Eight are better than the ninth, or there are ties.
  g_assert_cmpint(n_better, ==, 8);
  for (int i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon(favourites[i].z,
                                   (favourites[i].mean - (double)ranges->mean[neuron]) / (double)ranges->std[neuron],
                                   1e-4);
}

static void
test_detail(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctNeurons *neurons = pct_neurons_new(project);
  PctNeuronDetail *detail = pct_neuron_detail_new(neurons);
  int n_changed = 0;
  g_signal_connect(detail, "changed", G_CALLBACK(count), &n_changed);
  g_assert_cmpint(pct_neuron_detail_get_shown(detail), ==, -1);
  g_assert_false(pct_neuron_detail_is_busy(detail));
  pct_neuron_detail_set_neuron(detail, 5);
  g_assert_true(pct_neuron_detail_is_busy(detail));
  wait_until(!pct_neuron_detail_is_busy(detail));
  g_assert_cmpint(n_changed, ==, 1);
  g_assert_cmpint(pct_neuron_detail_get_shown(detail), ==, 5);
  check_answers(project, detail, 5);
  for (PctNeuronPicture which = 0; which < PCT_N_NEURON_PICTURES; which++) {
    g_assert_null(pct_neuron_detail_get_picture(detail, which));
    g_assert_nonnull(pct_neuron_detail_get_problem(detail, which));
  }
  g_assert_true(isnan(pct_neuron_detail_get_prediction(detail).mei));

  // A burst: the last one is what is shown, and not all are drawn.
  n_changed = 0;
  for (int round = 0; round < 50; round++)
    for (int i = 0; i < N_NEURONS; i++)
      pct_neuron_detail_set_neuron(detail, i);
  wait_until(!pct_neuron_detail_is_busy(detail));
  g_assert_cmpint(pct_neuron_detail_get_shown(detail), ==, N_NEURONS - 1);
  g_assert_cmpint(n_changed, <, 50 * N_NEURONS / 2);
  check_answers(project, detail, N_NEURONS - 1);

  // Receptive fields come while a neuron is looked at.
  pct_neurons_set_active(neurons, TRUE);
  g_autoptr(PctJob) job = pct_neurons_find_receptive_fields(neurons, NULL);
  wait_for_fields(neurons, PCT_RECEPTIVE_FIELDS_READY);
  wait_until(!pct_neuron_detail_is_busy(detail));
  for (PctNeuronPicture which = PCT_NEURON_PICTURE_STA; which <= PCT_NEURON_PICTURE_DECORRELATED_STA; which++) {
    PctPicture *picture = pct_neuron_detail_get_picture(detail, which);
    g_assert_null(pct_neuron_detail_get_problem(detail, which));
    float least = 255, most = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      least = MIN(least, pct_picture_get_pixels(picture)[i]);
      most = MAX(most, pct_picture_get_pixels(picture)[i]);
    }
    // Signed around mid-grey, and one end reached.
    g_assert_cmpfloat(least, >=, 0);
    g_assert_cmpfloat(most, <=, 255);
    g_assert_true(least < 0.01f || most > 254.99f);
    g_assert_true(least < 127.5f && most > 127.5f);
  }
  g_assert_true(!pct_neuron_detail_get_picture(detail, PCT_NEURON_PICTURE_GABOR) ==
                isnan(pct_neurons_get_value(neurons, PCT_COLUMN_GABOR_KIND, N_NEURONS - 1)));
  pct_neuron_detail_set_neuron(detail, -1);
  g_assert_cmpint(pct_neuron_detail_get_shown(detail), ==, -1);
  int n;
  g_assert_null(pct_neuron_detail_get_tuning(detail, &n));
  // Closed with a request under way.
  pct_neuron_detail_set_neuron(detail, 1);
  g_assert_finalize_object(detail);
  g_clear_object(&job);
  g_assert_finalize_object(neurons);
  let_go(fixture, project);
}

static void
add_all(void)
{
  add("/work/neurons/columns", test_columns);
  add("/work/neurons/dropped", test_dropped);
  add("/work/neurons/fields", test_fields);
  add("/work/neurons/detail", test_detail);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
