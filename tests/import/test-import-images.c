// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, grey levels and sizes of images, against naive loops.
#include <string.h>
#include "data/area-resize.h"
#include "import/image-stack.h"
#include "small-import.h"

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
    g_autoptr(PctImportPlan) plan = small_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    g_assert_true(pct_option_values_set(plan->settings, "levels", cases[c].setting, NULL));
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
    float image[H * W];
    for (int i = 0; i < 2; i++) {
      int at = i == 0 ? 0 : 100, number = at / (H * W);
      pct_recording_read_image(result->recording, number, image);
      g_assert_cmpfloat_with_epsilon(image[at % (H * W)], i == 0 ? cases[c].first : cases[c].last, 1e-3);
    }
    g_assert_cmpint(small_says(result->remarks, "Pixel values"), ==, cases[c].remark != NULL);
    if (cases[c].remark)
      g_assert_true(small_says(result->remarks, cases[c].remark));
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
    g_autoptr(PctImportPlan) plan = small_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    pct_import_plan_assign(plan, PCT_ROLE_IMAGES, "s.mat/images", last ? "khwc" : "kchw");
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
    float image[H * W];
    for (int k = 0; k < K; k++) {
      pct_recording_read_image(result->recording, k, image);
      for (int i = 0; i < H * W; i++) {
        int v = (k * H * W + i) * 7;
        double luma = .299 * (guint8)v + .587 * (guint8)(v + 90) + .114 * (guint8)(v + 180);
        g_assert_cmpfloat_with_epsilon(image[i], luma, 1e-3);
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
    g_autoptr(PctImportPlan) plan = small_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    const char *const set[] = { "height=3", "width=3", fit ? "fit=stretch" : "fit=crop",
                                "degrees_per_pixel=0.5" };
    for (gsize s = 0; s < G_N_ELEMENTS(set); s++)
      g_assert_true(pct_option_values_parse(plan->settings, set[s], NULL));
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
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
    g_assert_true(small_says(result->remarks, fit ? "resized to 3 × 3" : "cropped"));
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
          sum += in[(int)(.25 + (y + (v + .5) / FINE) * 6.0 / OUT) * IN +
                    (int)(.5 + (x + (u + .5) / FINE) * 6.5 / OUT)];
      g_assert_cmpfloat_with_epsilon(out[y * OUT + x], sum / (FINE * FINE), .1);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/import-images/levels", test_levels);
  g_test_add_func("/import-images/colours", test_colours);
  g_test_add_func("/import-images/sizes", test_sizes);
  g_test_add_func("/import-images/resize", test_resize);
  g_test_add_func("/import-images/area-resize", test_area_resize);
  return g_test_run();
}
