// SPDX-License-Identifier: GPL-3.0-or-later
// Responses, images and lists of trials as they come, in every order and unit, against naive loops.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/area-resize.h"
#include "data/half.h"
#include "data/recording-hash.h"
#include "import/assemble.h"
#include "import/image-stack.h"
#include "import/tiers.h"
#include "memory-source.h"

enum { N = 30, M = 7, K = 12, H = 5, W = 9 };

static float
response(int trial, int neuron)
{
  return (float)((trial * 37 + neuron * 11) % 29) / 7.0f - 1.0f;
}

static guint8
pixel(int image, int y, int x)
{
  return (guint8)((image * 53 + y * 17 + x * 31) % 256);
}

// Images 0 and 1 are shown more often than once in thirty trials of twelve; image 11 never.
static int
image_of(int trial)
{
  return trial < 11 ? trial : trial % 11;
}

static void
fill(float *responses, guint8 *images, gint32 *numbers)
{
  for (int i = 0; i < N; i++) {
    numbers[i] = image_of(i);
    for (int j = 0; j < M; j++)
      responses[i * M + j] = response(i, j);
  }
  for (int k = 0; k < K; k++)
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++)
        images[(k * H + y) * W + x] = pixel(k, y, x);
}

static PctImportPlan *
make_plan(void)
{
  PctImportPlan *plan = pct_import_plan_new();
  pct_import_plan_assign(plan, PCT_ROLE_RESPONSES, "s.mat/resp", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_IMAGES, "s.mat/images", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, "s.mat/numbers", NULL);
  return plan;
}

static PctCatalogue *
make_catalogue(void)
{
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  fill(responses, images, numbers);
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  return memory_catalogue_new(source, NULL);
}

static PctImportResult *
assemble(const PctCatalogue *catalogue, const PctImportPlan *plan)
{
  g_autoptr(GError) error = NULL;
  PctImportResult *result = pct_import_assemble(catalogue, plan, NULL, &error);
  g_assert_no_error(error);
  return result;
}

static gboolean
says(const GPtrArray *sentences, const char *what)
{
  for (guint i = 0; i < sentences->len; i++)
    if (strstr(sentences->pdata[i], what))
      return TRUE;
  return FALSE;
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
      g_assert_cmpfloat(row[j], ==, response(i, j));
    g_assert_cmpint(pct_recording_get_trial_image(recording, i), ==, image_of(i));
  }
  for (int k = 0; k < K - 1; k++) {
    pct_recording_read_image(recording, k, image);
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++)
        g_assert_cmpfloat(image[y * W + x], ==, pixel(k, y, x));
  }
}

static void
test_plain(void)
{
  g_autoptr(PctCatalogue) catalogue = make_catalogue();
  g_autoptr(PctImportPlan) plan = make_plan();
  g_autoptr(PctImportResult) result = assemble(catalogue, plan);
  check(result->recording);
  g_assert_true(says(result->remarks, "1 of 12"));
  g_assert_true(says(result->sentences, "7 neurons answered 30 trials of 11 images (5 × 9)"));
  g_assert_false(pct_recording_is_averaged(result->recording));
  g_assert_cmpstr(pct_recording_get_name(result->recording), ==, "s.mat");
  g_assert_cmpint(result->preview.n_pictures, ==, 11);
  for (int i = 0; i < 11 * H * W; i++) {
    g_assert_cmpfloat(result->preview.full[i], ==, pixel(i / (H * W), i / W % H, i % W));
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
  fill(responses, images, numbers);
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
            at = at * shape[d] + (gsize)(orders[o][d] == 'k' ? k : orders[o][d] == 'h' ? y : orders[o][d] == 'w' ? x : 0);
          turned[at] = pixel(k, y, x);
        }
    for (int i = 0; i < N; i++)
      for (int j = 0; j < M; j++)
        turned_responses[j * N + i] = response(i, j);
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_doubles(source, "resp", turned_responses, M, N);
    memory_source_add(source, "images", PCT_NPY_FLOAT, 4, (guint)n_dims, shape, turned);
    memory_source_add_ints(source, "numbers", numbers, 1, N);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = make_plan();
    pct_import_plan_assign(plan, PCT_ROLE_RESPONSES, "s.mat/resp", "mt");
    pct_import_plan_assign(plan, PCT_ROLE_IMAGES, "s.mat/images", orders[o]);
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
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
  fill(responses, images, numbers);
  pct_half_from_float(half, responses, N * M);
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add(source, "resp", PCT_NPY_FLOAT, 2, MEMORY_SHAPE(N, M), half);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = make_plan();
  g_autoptr(PctImportResult) result = assemble(catalogue, plan);
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
  fill(responses, images, numbers);
  double from_one[N];
  for (int i = 0; i < N; i++)
    from_one[i] = i == 3 ? NAN : i == 4 ? -1 : i == 5 ? 99 : i == 6 ? K : numbers[i] + 1;
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "HDF5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_doubles(source, "numbers", from_one, N);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = make_plan();
  g_assert_true(pct_option_values_set(plan->settings, "blank", "99", NULL));
  g_autoptr(PctImportResult) result = assemble(catalogue, plan);
  g_assert_true(says(result->remarks, "3 of 30"));
  g_assert_cmpint(pct_recording_get_n_trials(result->recording), ==, N - 3);
  g_assert_cmpint(pct_recording_get_n_images(result->recording), ==, K);
  for (int i = 0, at = 0; i < N; i++) {
    float row[M];
    if (i >= 3 && i <= 5)
      continue;
    pct_recording_read_responses(result->recording, at, row);
    g_assert_cmpfloat(row[2], ==, response(i, 2));
    g_assert_cmpint(pct_recording_get_trial_image(result->recording, at++), ==, i == 6 ? K - 1 : image_of(i));
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
    fill(responses, images, numbers);
    for (int i = 0; i < N; i++)
      numbers[i] = 1 + i % 9;
    PctArraySource *source = memory_source_new("/nowhere/s.mat", formats[f]);
    memory_source_add_floats(source, "resp", responses, N, M);
    memory_source_add_bytes(source, "images", images, K, H, W);
    memory_source_add_ints(source, "numbers", numbers, N);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = make_plan();
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
    g_assert_true(says(result->remarks, f == 0 ? "count from 1" : "count from 0"));
    float image[H * W];
    pct_recording_read_image(result->recording, 0, image);
    g_assert_cmpfloat(image[0], ==, pixel(f == 0 ? 0 : 1, 0, 0));
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
  fill(all, images, numbers);
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
    g_autoptr(PctImportPlan) plan = make_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NAMES, "s.mat/names", NULL);
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
    g_assert_cmpint(pct_recording_get_n_trials(result->recording), ==, G_N_ELEMENTS(expected));
    g_assert_cmpint(result->preview.n_pictures, ==, G_N_ELEMENTS(expected));
    g_assert_cmpstr(result->preview.picture_names[2], ==, "im12.png");
    g_assert_cmpstr(result->preview.picture_names[4], ==, "Im9.PNG");
    for (int i = 0; i < (int)G_N_ELEMENTS(expected); i++) {
      float image[H * W];
      pct_recording_read_image(result->recording, pct_recording_get_trial_image(result->recording, i), image);
      for (int x = 0; x < W; x++)
        g_assert_cmpfloat(image[x], ==, pixel(expected[i], 0, x));
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
  fill(responses, images, numbers);
  for (int i = 0; i < N; i++)
    memcpy(per_trial + i * H * W, images + numbers[i] * H * W, H * W);
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", per_trial, N, H, W);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
  g_autoptr(PctImportResult) result = assemble(catalogue, plan);
  check(result->recording);
  g_assert_true(says(result->remarks, "30 pictures"));
  g_assert_false(pct_recording_is_averaged(result->recording));
}

// A row an image and nothing else is a mean over repeats, unless one says otherwise.
static void
test_averaged(void)
{
  for (int said = 0; said < 2; said++) {
    float responses[N * M];
    guint8 images[K * H * W];
    gint32 numbers[N];
    fill(responses, images, numbers);
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_floats(source, "resp", responses, K, M);
    memory_source_add_bytes(source, "images", images, K, H, W);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = make_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    if (said)
      g_assert_true(pct_option_values_set(plan->settings, "averaged", "no", NULL));
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
    g_assert_cmpint(pct_recording_is_averaged(result->recording), ==, !said);
  }
}

static void
test_levels(void)
{
  static const struct {
    float scale, shift;     // of the values in the file
    const char *setting;
    float first, last;      // expected grey levels of the least and greatest
    const char *remark;     // or NULL
  } cases[] = {
    { 255, 0, "auto", 0, 255, NULL },
    { 200, 5, "auto", 5, 205, NULL },
    { 1, 0, "auto", 0, 255, "0 to 1" },
    { .5f, 0, "auto", 0, 127.5f, "0 to 0.5" },
    { 2, -1, "auto", 0, 255, "-1 to 1" },
    { 4000, 0, "auto", 0, 255, "0 to 4000" },
    { 2, -1, "as-they-are", -1, 1, NULL },
    { 10, 100, "range", 0, 255, "100 to 110" },
    { 3, 0, "unit", 0, 255, "0 to 3" },
  };
  for (gsize c = 0; c < G_N_ELEMENTS(cases); c++) {
    float responses[K * M], images[K * H * W];
    for (int i = 0; i < K * M; i++)
      responses[i] = (float)i;
    for (int i = 0; i < K * H * W; i++)
      images[i] = cases[c].scale * (float)(i % 101) / 100 + cases[c].shift;
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_floats(source, "resp", responses, K, M);
    memory_source_add_floats(source, "images", images, K, H, W);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = make_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    g_assert_true(pct_option_values_set(plan->settings, "levels", cases[c].setting, NULL));
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
    float image[H * W];
    for (int i = 0; i < 2; i++) {
      int at = i == 0 ? 0 : 100, number = at / (H * W);
      pct_recording_read_image(result->recording, number, image);
      g_assert_cmpfloat_with_epsilon(image[at % (H * W)], i == 0 ? cases[c].first : cases[c].last, 1e-3);
    }
    g_assert_cmpint(says(result->remarks, "Pixel values"), ==, cases[c].remark != NULL);
    if (cases[c].remark)
      g_assert_true(says(result->remarks, cases[c].remark));
  }
}

// Colours become luma: 0.299 red + 0.587 green + 0.114 blue (Rec. 601), wherever they stand.
static void
test_colours(void)
{
  for (int last = 0; last < 2; last++) {
    guint8 images[K * 3 * H * W];
    float responses[K * M];
    for (int i = 0; i < K * M; i++)
      responses[i] = (float)i;
    for (int i = 0; i < K * H * W; i++)
      for (int c = 0; c < 3; c++)
        images[last ? i * 3 + c : (i / (H * W) * 3 + c) * H * W + i % (H * W)] = (guint8)(i * 7 + c * 90);
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_floats(source, "resp", responses, K, M);
    if (last)
      memory_source_add_bytes(source, "images", images, K, H, W, 3);
    else
      memory_source_add_bytes(source, "images", images, K, 3, H, W);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = make_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    pct_import_plan_assign(plan, PCT_ROLE_IMAGES, "s.mat/images", last ? "khwc" : "kchw");
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
    float image[H * W];
    for (int k = 0; k < K; k++) {
      pct_recording_read_image(result->recording, k, image);
      for (int i = 0; i < H * W; i++) {
        int v = (k * H * W + i) * 7;
        g_assert_cmpfloat_with_epsilon(image[i], .299 * (guint8)v + .587 * (guint8)(v + 90) + .114 * (guint8)(v + 180), 1e-3);
      }
    }
  }
}

static void
test_sizes(void)
{
  static const struct {
    int height, width;
    const char *set[2];
    int out_height, out_width;
  } cases[] = {
    { 36, 64, { NULL }, 36, 64 },     { 112, 112, { NULL }, 112, 112 }, { 144, 256, { NULL }, 36, 64 },
    { 918, 1174, { NULL }, 64, 82 },  { 68, 270, { NULL }, 28, 112 },   { 50, 64, { "height=25" }, 25, 32 },
    { 50, 64, { "width=16" }, 13, 16 }, { 50, 64, { "height=10", "width=30" }, 10, 30 },
  };
  for (gsize c = 0; c < G_N_ELEMENTS(cases); c++) {
    g_autoptr(PctImportPlan) plan = pct_import_plan_new();
    for (int s = 0; s < 2 && cases[c].set[s]; s++)
      g_assert_true(pct_option_values_parse(plan->settings, cases[c].set[s], NULL));
    int height, width;
    pct_image_stack_choose_size(plan, cases[c].height, cases[c].width, &height, &width);
    g_assert_cmpint(height, ==, cases[c].out_height);
    g_assert_cmpint(width, ==, cases[c].out_width);
  }
}

// Whole blocks are averaged; of other proportions the middle is kept, or all is squeezed; degrees follow.
static void
test_resize(void)
{
  enum { BIG_H = 6, BIG_W = 12 };
  for (int fit = 0; fit < 2; fit++) {
    float images[K * BIG_H * BIG_W], responses[K * M];
    for (int i = 0; i < K * M; i++)
      responses[i] = (float)i;
    for (int i = 0; i < K * BIG_H * BIG_W; i++)
      images[i] = (float)((i * 37) % 251);
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_floats(source, "resp", responses, K, M);
    memory_source_add_floats(source, "images", images, K, BIG_H, BIG_W);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = make_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    const char *const set[] = { "height=3", "width=3", fit ? "fit=stretch" : "fit=crop",
                                "degrees_per_pixel=0.5" };
    for (gsize s = 0; s < G_N_ELEMENTS(set); s++)
      g_assert_true(pct_option_values_parse(plan->settings, set[s], NULL));
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
    int step = fit ? 4 : 2, start = fit ? 0 : 3;
    float image[9];
    for (int k = 0; k < K; k++) {
      pct_recording_read_image(result->recording, k, image);
      for (int y = 0; y < 3; y++)
        for (int x = 0; x < 3; x++) {
          double sum = 0;
          for (int v = 0; v < 2; v++)
            for (int u = 0; u < step; u++)
              sum += images[(k * BIG_H + 2 * y + v) * BIG_W + start + step * x + u];
          g_assert_cmpfloat_with_epsilon(image[y * 3 + x], sum / (2 * step), 1e-4);
        }
    }
    g_assert_cmpfloat(pct_recording_get_degrees_per_pixel(result->recording), ==, fit ? 2 : 1);
    g_assert_true(says(result->remarks, fit ? "resized to 3 × 3" : "cropped"));
    g_assert_cmpint(result->preview.full_width, ==, BIG_W);
    g_assert_cmpfloat(result->preview.full[7], ==, images[7]);
  }
}

// Areas of a third of a pixel count in part.
static void
test_area_resize(void)
{
  enum { IN = 7, OUT = 3 };
  float in[IN * IN], out[OUT * OUT];
  for (int i = 0; i < IN * IN; i++)
    in[i] = (float)((i * 29) % 31) - 7;
  pct_area_resize(in, IN, IN, .5, .25, 6, 6.5, OUT, OUT, out);
  enum { FINE = 400 };
  for (int y = 0; y < OUT; y++)
    for (int x = 0; x < OUT; x++) {
      double sum = 0;
      for (int v = 0; v < FINE; v++)
        for (int u = 0; u < FINE; u++)
          sum += in[(int)(.25 + (y + (v + .5) / FINE) * 6.0 / OUT) * IN + (int)(.5 + (x + (u + .5) / FINE) * 6.5 / OUT)];
      g_assert_cmpfloat_with_epsilon(out[y * OUT + x], sum / (FINE * FINE), .1);
    }
}

static void
test_missing(void)
{
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  fill(responses, images, numbers);
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
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_UNIT_IDS, "s.mat/ids", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_import_assemble(catalogue, plan, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "s.mat/resp"));
  g_assert_nonnull(strstr(error->message, "3 responses"));
  g_assert_nonnull(strstr(error->message, "2 trials and 2 neurons"));
  g_assert_nonnull(strstr(error->message, "trial 4, neuron 2"));
  g_assert_true(pct_option_values_set(plan->settings, "missing", "drop-trials", NULL));
  g_autoptr(PctImportResult) trials = assemble(catalogue, plan);
  g_assert_cmpint(pct_recording_get_n_trials(trials->recording), ==, N - 2);
  float row[M];
  pct_recording_read_responses(trials->recording, 4, row);
  g_assert_cmpfloat(row[0], ==, response(5, 0));
  g_assert_true(says(trials->remarks, "2 trials"));
  g_assert_true(pct_option_values_set(plan->settings, "missing", "drop-neurons", NULL));
  g_autoptr(PctImportResult) neurons = assemble(catalogue, plan);
  g_assert_cmpint(pct_recording_get_n_neurons(neurons->recording), ==, M - 2);
  g_assert_cmpint(pct_recording_get_unit_id(neurons->recording, 2), ==, 13);
  g_assert_cmpint(pct_recording_get_unit_id(neurons->recording, 4), ==, 16);
  pct_recording_read_responses(neurons->recording, 20, row);
  g_assert_cmpfloat(row[2], ==, response(20, 3));
  g_assert_cmpfloat(row[4], ==, response(20, 6));
}

static void
test_cells_and_labels(void)
{
  float responses[N * M], positions[M * 3], depths[M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  fill(responses, images, numbers);
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
  g_autoptr(PctImportPlan) plan = make_plan();
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
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
    const PctRecording *recording = result->recording;
    g_assert_cmpint(pct_recording_get_n_neurons(recording), ==, n);
    int dimensions;
    const float *places = pct_recording_get_cell_positions(recording, &dimensions);
    g_assert_cmpint(dimensions, ==, 3);
    for (int j = 0; j < n; j++) {
      float row[M];
      pct_recording_read_responses(recording, 17, row);
      g_assert_cmpfloat(row[j], ==, response(17, kept[by][j]));
      g_assert_cmpfloat(places[3 * j + 2], ==, 10 * kept[by][j] + 2);
      g_assert_cmpfloat(pct_recording_get_cell_depth(recording)[j], ==, 100 + kept[by][j]);
      g_assert_cmpstr(pct_recording_get_cell_area(recording)[j], ==, areas[kept[by][j]]);
      g_assert_cmpint(atoi(pct_recording_get_cell_layer(recording)[j]), ==, layers[kept[by][j]]);
    }
    g_assert_true(says(result->remarks, by ? "4 of 7" : "1 of 7"));
  }
}

static void
count_tiers(const PctRecording *recording, int *trials, int *images)
{
  for (int t = 0; t < PCT_N_TIERS; t++) {
    pct_recording_get_tier_trials(recording, (PctTier)t, &trials[t]);
    pct_recording_get_tier_images(recording, (PctTier)t, &images[t]);
  }
}

static void
test_recorded_tiers(void)
{
  static const char *const words[] = { "train", "Training", "validation", "val", "oracle", "test", "final_test",
                                       "live_test_main" };
  static const PctTier meant[] = { PCT_TIER_TRAIN, PCT_TIER_TRAIN, PCT_TIER_VALIDATION, PCT_TIER_VALIDATION,
                                   PCT_TIER_VALIDATION, PCT_TIER_TEST, PCT_TIER_TEST, PCT_TIER_TEST };
  const char *texts[K];
  gint32 from_one[K];
  float responses[K * M], ignored[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  fill(ignored, images, numbers);
  memcpy(responses, ignored, sizeof responses);
  for (int k = 0; k < K; k++) {
    texts[k] = words[k % 8];
    from_one[k] = 1 + (gint32)meant[k % 8];
  }
  for (int by = 0; by < 2; by++) {
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_floats(source, "resp", responses, K, M);
    memory_source_add_bytes(source, "images", images, K, H, W);
    if (by)
      memory_source_add_ints(source, "tiers", from_one, K);
    else
      memory_source_add_texts(source, "tiers", texts, K);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = make_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    pct_import_plan_assign(plan, PCT_ROLE_TIERS, "s.mat/tiers", NULL);
    g_autoptr(PctImportResult) result = assemble(catalogue, plan);
    for (int k = 0; k < K; k++)
      g_assert_cmpint(pct_recording_get_trial_tier(result->recording, k), ==, meant[k % 8]);
  }
}

// Tiers of images, as they came, reach their trials though numbers close up.
static void
test_tiers_of_images(void)
{
  static const gint32 tiers[K] = { 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0 };
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  fill(responses, images, numbers);
  for (int i = 0; i < N; i++)
    numbers[i] = 1 + i % 11;
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "Python");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  memory_source_add_ints(source, "tiers", tiers, K);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TIERS, "s.mat/tiers", NULL);
  g_assert_true(pct_option_values_set(plan->settings, "first_image", "0", NULL));
  g_autoptr(PctImportResult) result = assemble(catalogue, plan);
  for (int i = 0; i < N; i++)
    g_assert_cmpint(pct_recording_get_trial_tier(result->recording, i), ==, tiers[1 + i % 11]);
}

// Equal pictures, under two numbers, are in one tier; repeated ones for testing where enough others are left.
static void
test_drawn_tiers(void)
{
  enum { IMAGES = 40 };
  gint32 same[IMAGES];
  int n_trials[IMAGES];
  guint8 tier[IMAGES], again[IMAGES], other[IMAGES];
  for (int i = 0; i < IMAGES; i++) {
    same[i] = i % 10 == 9 ? i - 5 : i;  // 9, 19, 29, 39 look like 4, 14, 24, 34
    n_trials[i] = i >= 25 && i < 28 ? 5 : 1;
  }
  PctTierShares shares = { .test = .2, .validation = .25, .repeats_to_test = TRUE, .seed = 7 };
  int n[PCT_N_TIERS] = { 0 };
  pct_tiers_draw(tier, same, n_trials, IMAGES, &shares);
  for (int i = 0; i < IMAGES; i++) {
    g_assert_cmpint(tier[i], ==, tier[same[i]]);
    if (n_trials[same[i]] > 1 || i % 5 == 4)
      g_assert_cmpint(n_trials[i] > 1 || i % 10 == 4 || i % 10 == 9 ? tier[i] : PCT_TIER_TEST, ==, PCT_TIER_TEST);
    n[tier[i]] += same[i] == i;
  }
  // 3 shown five times and 4 pictures shown under two numbers are repeated, of 36; a share of .2 is 7.
  g_assert_cmpint(n[PCT_TIER_TEST], ==, 7);
  g_assert_cmpint(n[PCT_TIER_VALIDATION], ==, 7);
  g_assert_cmpint(n[PCT_TIER_TRAIN], ==, 22);
  pct_tiers_draw(again, same, n_trials, IMAGES, &shares);
  g_assert_cmpmem(tier, sizeof tier, again, sizeof again);
  shares.seed = 8;
  pct_tiers_draw(other, same, n_trials, IMAGES, &shares);
  g_assert_cmpint(memcmp(tier, other, sizeof tier), !=, 0);
  // All are repeated: a share of them is for testing, not all.
  for (int i = 0; i < IMAGES; i++)
    n_trials[i] = 3;
  pct_tiers_draw(tier, same, n_trials, IMAGES, &shares);
  memset(n, 0, sizeof n);
  for (int i = 0; i < IMAGES; i++)
    n[tier[i]] += same[i] == i;
  g_assert_cmpint(n[PCT_TIER_TEST], ==, 7);
  // Three pictures have a tier each, whatever the shares round to.
  int one[3] = { 1, 1, 1 };
  gint32 self[3] = { 0, 1, 2 };
  shares.test = shares.validation = .05;
  pct_tiers_draw(tier, self, one, 3, &shares);
  g_assert_cmpint(tier[0] + tier[1] + tier[2], ==, 3);
  g_assert_cmpint(tier[0] * tier[1] * tier[2], ==, 0);
}

static void
test_leak_and_validation(void)
{
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N], tiers[N];
  fill(responses, images, numbers);
  memcpy(images + 10 * H * W, images + 3 * H * W, H * W);
  // Image 10 looks like 3, and is tested; 3 is learned from.
  for (int i = 0; i < N; i++)
    tiers[i] = numbers[i] == 10 ? 2 : 0;
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  memory_source_add_ints(source, "tiers", tiers, N);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TIERS, "s.mat/tiers", NULL);
  g_autoptr(PctImportResult) recorded = assemble(catalogue, plan);
  int trials[PCT_N_TIERS], shown[PCT_N_TIERS];
  g_assert_true(says(recorded->remarks, "A leak: 1 images"));
  g_assert_true(says(recorded->remarks, "no validation tier"));
  count_tiers(recorded->recording, trials, shown);
  g_assert_cmpint(shown[PCT_TIER_VALIDATION], ==, 1);
  g_assert_cmpint(shown[PCT_TIER_TEST], ==, 1);
  g_assert_true(pct_option_values_set(plan->settings, "tiers", "by-image", NULL));
  g_autoptr(PctImportResult) drawn = assemble(catalogue, plan);
  g_assert_false(says(drawn->remarks, "A leak"));
  PctTier first, second;
  g_assert_true(pct_recording_get_image_tier(drawn->recording, 3, &first));
  g_assert_true(pct_recording_get_image_tier(drawn->recording, 10, &second));
  g_assert_cmpint(first, ==, second);
}

// Columns and rows of a table as arrays of their own; behaviour of each trial.
static void
test_columns(void)
{
  float responses[N * M], behaviour[N * 3], pupil[2 * N];
  guint8 images[K * H * W];
  gint32 numbers[N];
  fill(responses, images, numbers);
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
  g_autoptr(PctImportPlan) plan = make_plan();
  pct_import_plan_assign(plan, PCT_ROLE_SPEED, "s.mat/behavior[:,2]", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_PUPIL_SIZE, "s.mat/behavior[:,0]", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_PUPIL_POSITION, "s.mat/pupil", "xt");
  pct_import_plan_assign(plan, PCT_ROLE_ONSETS, "s.mat/pupil[0,:]", NULL);
  g_autoptr(PctImportResult) result = assemble(catalogue, plan);
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
  g_assert_true(says(result->sentences, "29 of 30"));
  g_assert_null(pct_catalogue_find(catalogue, "s.mat/behavior[:,3]"));
  g_assert_null(pct_catalogue_find(catalogue, "s.mat/behavior[30,:]"));
  g_assert_null(pct_catalogue_find(catalogue, "s.mat/numbers[:,0]"));
  const PctCatalogueEntry *row = pct_catalogue_find(catalogue, "s.mat/pupil[1,:]");
  g_autoptr(PctNpyArray) part = pct_catalogue_read_part(row, 3, 4, NULL);
  g_assert_cmpuint(part->n_items, ==, 4);
  g_assert_cmpfloat(((float *)part->data)[0], ==, -3);
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
  g_autoptr(PctImportPlan) plan = make_plan();
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
  g_test_add_func("/assemble/averaged", test_averaged);
  g_test_add_func("/assemble/levels", test_levels);
  g_test_add_func("/assemble/colours", test_colours);
  g_test_add_func("/assemble/sizes", test_sizes);
  g_test_add_func("/assemble/resize", test_resize);
  g_test_add_func("/assemble/area-resize", test_area_resize);
  g_test_add_func("/assemble/missing", test_missing);
  g_test_add_func("/assemble/cells-and-labels", test_cells_and_labels);
  g_test_add_func("/assemble/recorded-tiers", test_recorded_tiers);
  g_test_add_func("/assemble/tiers-of-images", test_tiers_of_images);
  g_test_add_func("/assemble/drawn-tiers", test_drawn_tiers);
  g_test_add_func("/assemble/leak-and-validation", test_leak_and_validation);
  g_test_add_func("/assemble/columns", test_columns);
  g_test_add_func("/assemble/cancel", test_cancel);
  return g_test_run();
}
