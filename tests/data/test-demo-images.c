// SPDX-License-Identifier: GPL-3.0-or-later
// The outlines and the scenes: every glyph is drawn, whole, within its box, unlike every other; scenes repeat.
#include <math.h>
#include <string.h>
#include "data/demo-glyphs.h"
#include "data/demo-images.h"

#define H 36
#define W 64

static void
draw_centred(int glyph, float *coverage)
{
  memset(coverage, 0, H * W * sizeof(float));
  pct_demo_glyph_draw(coverage, H, W, glyph, 0.5 * W, 0.5 * H, 28.0, 0.0);
}

static void
test_glyphs_fill_their_box(void)
{
  float coverage[H * W];
  for (int glyph = 0; glyph < pct_demo_glyphs_get_count(); glyph++) {
    draw_centred(glyph, coverage);
    int top = H, bottom = -1, left = W, right = -1;
    double ink = 0.0;
    for (int i = 0; i < H * W; i++) {
      g_assert_true(coverage[i] >= 0.0f && coverage[i] <= 1.0f);
      ink += coverage[i];
      if (coverage[i] > 0.25f) {
        top = MIN(top, i / W);
        bottom = MAX(bottom, i / W);
        left = MIN(left, i % W);
        right = MAX(right, i % W);
      }
    }
    double width = 28.0 * pct_demo_glyph_get_aspect(glyph);
    g_test_message("%s: rows %d-%d, columns %d-%d, ink %.0f", pct_demo_glyph_get_name(glyph), top, bottom, left, right,
                   ink);
    g_assert_cmpint(abs(bottom - top + 1 - 28), <=, 2);
    g_assert_cmpfloat(fabs(right - left + 1 - width), <=, 2.5);
    g_assert_cmpint(abs(top + bottom + 1 - H), <=, 2);
    g_assert_cmpfloat(ink, >, 0.15 * 28.0 * width);
    g_assert_cmpfloat(ink, <, 0.9 * 28.0 * width);
  }
}

static void
test_glyphs_differ(void)
{
  int n = pct_demo_glyphs_get_count();
  g_assert_cmpint(n, >=, 40);
  g_autofree float *all = g_new(float, n * H * W);
  for (int i = 0; i < n; i++)
    draw_centred(i, all + i * H * W);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++) {
      double difference = 0.0, ink = 0.0;
      for (int k = 0; k < H * W; k++) {
        difference += fabsf(all[i * H * W + k] - all[j * H * W + k]);
        ink += MAX(all[i * H * W + k], all[j * H * W + k]);
      }
      if (difference < 0.12 * ink)
        g_error("%s and %s look alike: %.0f of %.0f", pct_demo_glyph_get_name(i), pct_demo_glyph_get_name(j), difference,
                ink);
    }
}

// A quarter turn of a glyph is the glyph's pixels turned: the rasteriser has no preferred direction.
static void
test_glyph_turns(void)
{
  enum { SIDE = 40 };
  float upright[SIDE * SIDE] = { 0 }, turned[SIDE * SIDE] = { 0 };
  pct_demo_glyph_draw(upright, SIDE, SIDE, 17, 20.0, 20.0, 28.0, 0.0);
  pct_demo_glyph_draw(turned, SIDE, SIDE, 17, 20.0, 20.0, 28.0, G_PI / 2.0);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      g_assert_cmpfloat_with_epsilon(upright[y * SIDE + x], turned[x * SIDE + SIDE - 1 - y], 1e-5);
}

static void
test_scenes_repeat(void)
{
  g_autoptr(PctDemoScenes) a = pct_demo_scenes_new(H, W, 5), b = pct_demo_scenes_new(H, W, 5);
  g_autoptr(PctDemoScenes) c = pct_demo_scenes_new(H, W, 6);
  guint8 first[H * W], second[H * W], other[H * W];
  for (int i = 0; i < 20; i++) {
    pct_demo_scenes_draw(a, i, i % 2 ? i : -1, first);
    pct_demo_scenes_draw(b, i, i % 2 ? i : -1, second);
    pct_demo_scenes_draw(c, i, i % 2 ? i : -1, other);
    g_assert_cmpmem(first, sizeof first, second, sizeof second);
    g_assert_cmpint(memcmp(first, other, sizeof first), !=, 0);
    double sum = 0.0, squares = 0.0;
    for (int k = 0; k < H * W; k++) {
      sum += first[k];
      squares += first[k] * first[k];
    }
    double mean = sum / (H * W), deviation = sqrt(squares / (H * W) - mean * mean);
    g_assert_cmpfloat(mean, >, 15.0);
    g_assert_cmpfloat(mean, <, 240.0);
    g_assert_cmpfloat(deviation, >, 10.0);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/demo-images/glyphs-fill-their-box", test_glyphs_fill_their_box);
  g_test_add_func("/demo-images/glyphs-differ", test_glyphs_differ);
  g_test_add_func("/demo-images/glyph-turns", test_glyph_turns);
  g_test_add_func("/demo-images/scenes-repeat", test_scenes_repeat);
  return g_test_run();
}
