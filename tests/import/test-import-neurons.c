// SPDX-License-Identifier: GPL-3.0-or-later
// What is missing, which neurons are cells, what is known of them, and behaviour of each trial.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "small-import.h"

static void
test_missing(void)
{
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  responses[4 * M + 2] = NAN;
  responses[4 * M + 5] = INFINITY;
  responses[20 * M + 2] = -INFINITY;
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  gint32 ids[M] = { 10, 11, 12, 13, 14, 15, 16 };
  memory_source_add_ints(source, "ids", ids, M);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  pct_import_plan_assign(plan, PCT_ROLE_UNIT_IDS, "s.mat/ids", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_import_assemble(catalogue, plan, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "s.mat/resp"));
  g_assert_nonnull(strstr(error->message, "3 responses"));
  g_assert_nonnull(strstr(error->message, "2 trials and 2 neurons"));
  g_assert_nonnull(strstr(error->message, "trial 4, neuron 2"));
  g_assert_true(pct_option_values_set(plan->settings, "missing", "drop-trials", NULL));
  g_autoptr(PctImportResult) trials = small_assemble(catalogue, plan);
  g_assert_cmpint(pct_recording_get_n_trials(trials->recording), ==, N - 2);
  float row[M];
  pct_recording_read_responses(trials->recording, 4, row);
  g_assert_cmpfloat(row[0], ==, small_response(5, 0));
  g_assert_true(small_says(trials->remarks, "2 trials"));
  g_assert_true(pct_option_values_set(plan->settings, "missing", "drop-neurons", NULL));
  g_autoptr(PctImportResult) neurons = small_assemble(catalogue, plan);
  g_assert_cmpint(pct_recording_get_n_neurons(neurons->recording), ==, M - 2);
  g_assert_cmpint(pct_recording_get_unit_id(neurons->recording, 2), ==, 13);
  g_assert_cmpint(pct_recording_get_unit_id(neurons->recording, 4), ==, 16);
  pct_recording_read_responses(neurons->recording, 20, row);
  g_assert_cmpfloat(row[2], ==, small_response(20, 3));
  g_assert_cmpfloat(row[4], ==, small_response(20, 6));
}

static void
test_cells_and_labels(void)
{
  float responses[N * M], positions[M * 3], depths[M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  double cells[M * 2];
  static const char *const areas[M] = { "V1", "V1", "LM", "", "AL", "V1", "RL" };
  gint32 layers[M] = { 23, 23, 4, 5, 5, 6, 6 };
  for (int j = 0; j < M; j++) {
    cells[2 * j] = j != 1;
    cells[2 * j + 1] = .1 * j;
    depths[j] = (float)(100 + j);
    for (int x = 0; x < 3; x++)
      positions[x * M + j] = (float)(10 * j + x);
  }
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  memory_source_add_doubles(source, "iscell", cells, M, 2);
  memory_source_add_floats(source, "xyz", positions, 3, M);
  memory_source_add_floats(source, "depth", depths, 1, M);
  memory_source_add_texts(source, "area", areas, M);
  memory_source_add_ints(source, "layer", layers, M);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  pct_import_plan_assign(plan, PCT_ROLE_CELLS, "s.mat/iscell", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_POSITIONS, "s.mat/xyz", "xm");
  pct_import_plan_assign(plan, PCT_ROLE_DEPTHS, "s.mat/depth", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_AREAS, "s.mat/area", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_LAYERS, "s.mat/layer", NULL);
  for (int by = 0; by < 2; by++) {
    // By the file's word all but neuron 1; by probability 0.35 those from 4 on.
    static const int kept[2][M] = { { 0, 2, 3, 4, 5, 6 }, { 4, 5, 6 } };
    int n = by ? 3 : 6;
    if (by)
      g_assert_true(pct_option_values_set(plan->settings, "cell_probability", "0.35", NULL));
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
    const PctRecording *recording = result->recording;
    g_assert_cmpint(pct_recording_get_n_neurons(recording), ==, n);
    int dimensions;
    const float *places = pct_recording_get_cell_positions(recording, &dimensions);
    g_assert_cmpint(dimensions, ==, 3);
    for (int j = 0; j < n; j++) {
      float row[M];
      pct_recording_read_responses(recording, 17, row);
      g_assert_cmpfloat(row[j], ==, small_response(17, kept[by][j]));
      g_assert_cmpfloat(places[3 * j + 2], ==, 10 * kept[by][j] + 2);
      g_assert_cmpfloat(pct_recording_get_cell_depth(recording)[j], ==, 100 + kept[by][j]);
      g_assert_cmpstr(pct_recording_get_cell_area(recording)[j], ==, areas[kept[by][j]]);
      g_assert_cmpint(atoi(pct_recording_get_cell_layer(recording)[j]), ==, layers[kept[by][j]]);
    }
    g_assert_true(small_says(result->remarks, by ? "4 of 7" : "1 of 7"));
  }
}

// Columns and rows of a table as arrays of their own; behaviour of each trial.
static void
test_columns(void)
{
  float responses[N * M], behaviour[N * 3], pupil[2 * N];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  for (int i = 0; i < N; i++) {
    for (int c = 0; c < 3; c++)
      behaviour[i * 3 + c] = i == 8 && c == 0 ? NAN : (float)(100 * c + i);
    pupil[i] = (float)i;
    pupil[N + i] = (float)-i;
  }
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "HDF5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  memory_source_add_floats(source, "behavior", behaviour, N, 3);
  memory_source_add_floats(source, "pupil", pupil, 2, N);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  pct_import_plan_assign(plan, PCT_ROLE_SPEED, "s.mat/behavior[:,2]", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_PUPIL_SIZE, "s.mat/behavior[:,0]", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_PUPIL_POSITION, "s.mat/pupil", "xt");
  pct_import_plan_assign(plan, PCT_ROLE_ONSETS, "s.mat/pupil[0,:]", NULL);
  g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
  const PctRecording *recording = result->recording;
  for (int i = 0; i < N; i++) {
    g_assert_cmpfloat(pct_recording_get_running_speed(recording)[i], ==, 200 + i);
    g_assert_cmpfloat(pct_recording_get_pupil_position(recording)[2 * i + 1], ==, -i);
    g_assert_cmpfloat(pct_recording_get_trial_time(recording)[i], ==, i);
    if (i == 8)
      g_assert_true(isnan(pct_recording_get_pupil_size(recording)[i]));
    else
      g_assert_cmpfloat(pct_recording_get_pupil_size(recording)[i], ==, i);
  }
  g_assert_true(small_says(result->sentences, "29 of 30"));
  g_assert_null(pct_catalogue_find(catalogue, "s.mat/behavior[:,3]"));
  g_assert_null(pct_catalogue_find(catalogue, "s.mat/behavior[30,:]"));
  g_assert_null(pct_catalogue_find(catalogue, "s.mat/numbers[:,0]"));
  const PctCatalogueEntry *row = pct_catalogue_find(catalogue, "s.mat/pupil[1,:]");
  g_autoptr(PctNpyArray) part = pct_catalogue_read_part(row, 3, 4, NULL);
  g_assert_cmpuint(part->n_items, ==, 4);
  g_assert_cmpfloat(((float *)part->data)[0], ==, -3);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/import-neurons/missing", test_missing);
  g_test_add_func("/import-neurons/cells-and-labels", test_cells_and_labels);
  g_test_add_func("/import-neurons/columns", test_columns);
  return g_test_run();
}
