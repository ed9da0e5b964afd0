// SPDX-License-Identifier: GPL-3.0-or-later
// Responses, images and lists of trials as they come, in every order and way of counting.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/half.h"
#include "data/recording-hash.h"
#include "small-import.h"

static PctCatalogue *
make_catalogue(void)
{
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  return memory_catalogue_new(source, NULL);
}

static void
check(const PctRecording *recording)
{
  g_assert_cmpint(pct_recording_get_n_trials(recording), ==, N);
  g_assert_cmpint(pct_recording_get_n_neurons(recording), ==, M);
  g_assert_cmpint(pct_recording_get_n_images(recording), ==, K - 1);
  float row[M], image[H * W];
  for (int i = 0; i < N; i++) {
    pct_recording_read_responses(recording, i, row);
    for (int j = 0; j < M; j++)
      g_assert_cmpfloat(row[j], ==, small_response(i, j));
    g_assert_cmpint(pct_recording_get_trial_image(recording, i), ==, small_image_of(i));
  }
  for (int k = 0; k < K - 1; k++) {
    pct_recording_read_image(recording, k, image);
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++)
        g_assert_cmpfloat(image[y * W + x], ==, small_pixel(k, y, x));
  }
}

static void
test_plain(void)
{
  g_autoptr(PctCatalogue) catalogue = make_catalogue();
  g_autoptr(PctImportPlan) plan = small_plan();
  g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
  check(result->recording);
  g_assert_true(small_says(result->remarks, "1 of 12"));
  g_assert_true(small_says(result->sentences, "7 neurons answered 30 trials of 11 images (9 × 5 pixels)"));
  g_assert_false(pct_recording_is_averaged(result->recording));
  g_assert_cmpstr(pct_recording_get_name(result->recording), ==, "s.mat");
  g_assert_cmpint(result->preview.n_pictures, ==, 11);
  for (int i = 0; i < 11 * H * W; i++) {
    g_assert_cmpfloat(result->preview.full[i], ==, small_pixel(i / (H * W), i / W % H, i % W));
    g_assert_cmpfloat(result->preview.pictures[i], ==, result->preview.full[i]);
  }
  const char *provenance = pct_recording_get_provenance(result->recording);
  g_assert_nonnull(provenance);
  g_assert_nonnull(strstr(provenance, "\"s.mat/resp\""));
  g_assert_nonnull(strstr(provenance, "1 of 12"));
}

// Every order of dimensions, of images and responses, and other types of numbers.
static void
test_axes(void)
{
  static const char *const orders[] = { "khw", "hwk", "whk", "kwh", "hkw", "wkh", "1khw", "kh1w", "khw1" };
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  for (gsize o = 0; o < G_N_ELEMENTS(orders); o++) {
    gsize shape[4], n_dims = strlen(orders[o]);
    float turned[K * H * W];
    double turned_responses[N * M];
    for (gsize d = 0; d < n_dims; d++)
      shape[d] = orders[o][d] == 'k' ? K : orders[o][d] == 'h' ? H : orders[o][d] == 'w' ? W : 1;
    for (int k = 0; k < K; k++)
      for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
          gsize at = 0;
          for (gsize d = 0; d < n_dims; d++)
            at = at * shape[d] +
                 (gsize)(orders[o][d] == 'k' ? k : orders[o][d] == 'h' ? y : orders[o][d] == 'w' ? x : 0);
          turned[at] = small_pixel(k, y, x);
        }
    for (int i = 0; i < N; i++)
      for (int j = 0; j < M; j++)
        turned_responses[j * N + i] = small_response(i, j);
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_doubles(source, "resp", turned_responses, M, N);
    memory_source_add(source, "images", PCT_NPY_FLOAT, 4, (guint)n_dims, shape, turned);
    memory_source_add_ints(source, "numbers", numbers, 1, N);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = small_plan();
    pct_import_plan_assign(plan, PCT_ROLE_RESPONSES, "s.mat/resp", "mt");
    pct_import_plan_assign(plan, PCT_ROLE_IMAGES, "s.mat/images", orders[o]);
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
    check(result->recording);
  }
}

static void
test_half(void)
{
  float responses[N * M];
  guint16 half[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  pct_half_from_float(half, responses, N * M);
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add(source, "resp", PCT_NPY_FLOAT, 2, MEMORY_SHAPE(N, M), half);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
  const PctRecordingData *data = pct_recording_get_data(result->recording);
  g_assert_nonnull(data->responses_half);
  g_assert_cmpmem(data->responses_half, sizeof half, half, sizeof half);
}

// Numbers from 1, with blanks that are left out: the numbers of trials close up.
static void
test_numbers(void)
{
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  double from_one[N];
  for (int i = 0; i < N; i++)
    from_one[i] = i == 3 ? NAN : i == 4 ? -1 : i == 5 ? 99 : i == 6 ? K : numbers[i] + 1;
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "HDF5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_doubles(source, "numbers", from_one, N);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  g_assert_true(pct_option_values_set(plan->settings, "blank", "99", NULL));
  g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
  g_assert_true(small_says(result->remarks, "3 of 30"));
  g_assert_cmpint(pct_recording_get_n_trials(result->recording), ==, N - 3);
  g_assert_cmpint(pct_recording_get_n_images(result->recording), ==, K);
  for (int i = 0, at = 0; i < N; i++) {
    float row[M];
    if (i >= 3 && i <= 5)
      continue;
    pct_recording_read_responses(result->recording, at, row);
    g_assert_cmpfloat(row[2], ==, small_response(i, 2));
    g_assert_cmpint(pct_recording_get_trial_image(result->recording, at++), ==, i == 6 ? K - 1 : small_image_of(i));
  }
}

// Neither 0 nor the last number occurs: MATLAB counts from 1, others from 0, and it is said.
static void
test_ambiguous_numbers(void)
{
  static const char *const formats[] = { "MATLAB 7.3", "HDF5" };
  for (int f = 0; f < 2; f++) {
    float responses[N * M];
    guint8 images[K * H * W];
    gint32 numbers[N];
    small_fill(responses, images, numbers);
    for (int i = 0; i < N; i++)
      numbers[i] = 1 + i % 9;
    PctArraySource *source = memory_source_new("/nowhere/s.mat", formats[f]);
    memory_source_add_floats(source, "resp", responses, N, M);
    memory_source_add_bytes(source, "images", images, K, H, W);
    memory_source_add_ints(source, "numbers", numbers, N);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = small_plan();
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
    g_assert_true(small_says(result->remarks, f == 0 ? "count from 1" : "count from 0"));
    float image[H * W];
    pct_recording_read_image(result->recording, 0, image);
    g_assert_cmpfloat(image[0], ==, small_pixel(f == 0 ? 0 : 1, 0, 0));
  }
}

// Names with and without folders and endings, in other letters; blanks by name; numbers in names.
static void
test_names(void)
{
  static const char *const names[K] = { "im1.png", "im10.png", "im11.png", "im12.png", "im2.png", "im3.png", "im4.png",
                                        "im5.png", "im6.png", "im7.png", "im8.png", "Im9.PNG" };
  static const int number_of[K] = { 1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9 };
  static const char *const rows[] = { "im1.png", "IM10", "stim/im9.tif", "blank", "im2.png", "", "im12" };
  enum { ROWS = G_N_ELEMENTS(rows) };
  static const int expected[] = { 0, 1, 11, 4, 3 };
  float responses[ROWS * M];
  double by_number[ROWS];
  guint8 images[K * H * W];
  gint32 numbers[N];
  float all[N * M];
  small_fill(all, images, numbers);
  memcpy(responses, all, sizeof responses);
  for (int i = 0; i < ROWS; i++)
    by_number[i] = i == 3 || i == 5 ? -1 : number_of[expected[i < 3 ? i : i == 4 ? 3 : 4]];
  for (int by = 0; by < 2; by++) {
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_floats(source, "resp", responses, ROWS, M);
    memory_source_add_bytes(source, "images", images, K, H, W);
    memory_source_add_texts(source, "names", names, K);
    if (by == 0)
      memory_source_add_texts(source, "numbers", rows, ROWS);
    else
      memory_source_add_doubles(source, "numbers", by_number, ROWS);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = small_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NAMES, "s.mat/names", NULL);
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
    g_assert_cmpint(pct_recording_get_n_trials(result->recording), ==, G_N_ELEMENTS(expected));
    g_assert_cmpint(result->preview.n_pictures, ==, G_N_ELEMENTS(expected));
    g_assert_cmpstr(result->preview.picture_names[2], ==, "im12.png");
    g_assert_cmpstr(result->preview.picture_names[4], ==, "Im9.PNG");
    for (int i = 0; i < (int)G_N_ELEMENTS(expected); i++) {
      float image[H * W];
      pct_recording_read_image(result->recording, pct_recording_get_trial_image(result->recording, i), image);
      for (int x = 0; x < W; x++)
        g_assert_cmpfloat(image[x], ==, small_pixel(expected[i], 0, x));
    }
  }
}

// One picture a trial: equal ones are one image.
static void
test_by_order(void)
{
  float responses[N * M];
  guint8 images[K * H * W], per_trial[N * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  for (int i = 0; i < N; i++)
    memcpy(per_trial + i * H * W, images + numbers[i] * H * W, H * W);
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", per_trial, N, H, W);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
  g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
  check(result->recording);
  g_assert_true(small_says(result->remarks, "30 pictures"));
  g_assert_false(pct_recording_is_averaged(result->recording));
}

// Neurons, images and repeats, of which some images had fewer.
static void
test_repeats(void)
{
  enum { R = 3 };
  float responses[N * M], table[M * K * R];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  for (int j = 0; j < M; j++)
    for (int k = 0; k < K; k++)
      for (int r = 0; r < R; r++)
        table[(j * K + k) * R + r] = r > k % 3 ? NAN : small_response(k * R + r, j);
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", table, M, K, R);
  memory_source_add_bytes(source, "images", images, K, H, W);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
  pct_import_plan_assign(plan, PCT_ROLE_RESPONSES, "s.mat/resp", "mkr");
  g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
  g_assert_cmpint(pct_recording_get_n_trials(result->recording), ==, K / 3 * (1 + 2 + 3));
  g_assert_true(small_says(result->remarks, "12 of 36 repeats"));
  g_assert_false(pct_recording_is_averaged(result->recording));
  for (int k = 0, at = 0; k < K; k++)
    for (int r = 0; r <= k % 3; r++, at++) {
      float row[M];
      pct_recording_read_responses(result->recording, at, row);
      for (int j = 0; j < M; j++)
        g_assert_cmpfloat(row[j], ==, small_response(k * R + r, j));
      g_assert_cmpint(pct_recording_get_trial_image(result->recording, at), ==, k);
    }
}

// A row an image and nothing else is a mean over repeats, unless one says otherwise.
static void
test_averaged(void)
{
  for (int said = 0; said < 2; said++) {
    float responses[N * M];
    guint8 images[K * H * W];
    gint32 numbers[N];
    small_fill(responses, images, numbers);
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_floats(source, "resp", responses, K, M);
    memory_source_add_bytes(source, "images", images, K, H, W);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = small_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    if (said)
      g_assert_true(pct_option_values_set(plan->settings, "averaged", "no", NULL));
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
    g_assert_cmpint(pct_recording_is_averaged(result->recording), ==, !said);
  }
}

static gboolean
stop_at(const PctProgress *progress, gpointer data)
{
  int *left = data;
  return (*left)-- > 0;
}

// Wherever one stops, nothing comes of it.
static void
test_cancel(void)
{
  g_autoptr(PctCatalogue) catalogue = make_catalogue();
  g_autoptr(PctImportPlan) plan = small_plan();
  int steps = 0;
  for (;; steps++) {
    int left = steps;
    PctRun run = { stop_at, &left, NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(PctImportResult) result = pct_import_assemble(catalogue, plan, &run, &error);
    if (result)
      break;
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  }
  g_assert_cmpint(steps, >=, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/assemble/plain", test_plain);
  g_test_add_func("/assemble/axes", test_axes);
  g_test_add_func("/assemble/half", test_half);
  g_test_add_func("/assemble/numbers", test_numbers);
  g_test_add_func("/assemble/ambiguous-numbers", test_ambiguous_numbers);
  g_test_add_func("/assemble/names", test_names);
  g_test_add_func("/assemble/by-order", test_by_order);
  g_test_add_func("/assemble/repeats", test_repeats);
  g_test_add_func("/assemble/averaged", test_averaged);
  g_test_add_func("/assemble/cancel", test_cancel);
  return g_test_run();
}
