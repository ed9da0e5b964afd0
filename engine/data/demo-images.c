// SPDX-License-Identifier: GPL-3.0-or-later
// Leaves are laid back to front over a textured ground. Radii have density r^-3, which makes a scene look alike at all
// scales; lengths are in units of a 36th of the frame's height, so that other frames show the same world.
#include "data/demo-images.h"
#include <math.h>
#include "base/random.h"
#include "data/demo-glyphs.h"

#define TILE 256           // pixels a side of the texture, which wraps around
#define N_LEAVES 64
#define SMALLEST 3.5
#define LARGEST 36.0
#define STREAM_TILE ((guint64)0x10 << 32)
#define STREAM_SCENE ((guint64)0x11 << 32)

struct _PctDemoScenes {
  int height, width;
  guint64 seed;
  float *tile;  // (TILE,TILE), mean 0, standard deviation 1
};

static inline double
smooth(double t)
{
  return t * t * (3.0 - 2.0 * t);
}

// Octaves of smoothly interpolated noise, each half as large and half as high as the one before: amplitude about 1/f.
static float *
new_tile(guint64 seed)
{
  float *tile = g_new0(float, TILE * TILE);
  double sum = 0.0, squares = 0.0;
  for (int octave = 1; (2 << octave) <= TILE; octave++) {
    int cells = 2 << octave, size = TILE / cells;
    g_autofree float *knots = g_new(float, cells * cells);
    pct_random_fill_normal(knots, (gsize)cells * (gsize)cells, seed, STREAM_TILE + (guint64)octave);
    for (int y = 0; y < TILE; y++)
      for (int x = 0; x < TILE; x++) {
        int i = y / size, j = x / size, i1 = (i + 1) % cells, j1 = (j + 1) % cells;
        double v = smooth((double)(y % size) / size), u = smooth((double)(x % size) / size);
        double top = knots[i * cells + j] * (1.0 - u) + knots[i * cells + j1] * u;
        double bottom = knots[i1 * cells + j] * (1.0 - u) + knots[i1 * cells + j1] * u;
        tile[y * TILE + x] += (float)((top * (1.0 - v) + bottom * v) / cells);
      }
  }
  for (int i = 0; i < TILE * TILE; i++) {
    sum += tile[i];
    squares += (double)tile[i] * tile[i];
  }
  double mean = sum / (TILE * TILE), scale = 1.0 / sqrt(squares / (TILE * TILE) - mean * mean);
  for (int i = 0; i < TILE * TILE; i++)
    tile[i] = (float)((tile[i] - mean) * scale);
  return tile;
}

PctDemoScenes *
pct_demo_scenes_new(int height, int width, guint64 seed)
{
  g_return_val_if_fail(height > 0 && width > 0, NULL);
  PctDemoScenes *scenes = g_new0(PctDemoScenes, 1);
  *scenes = (PctDemoScenes){ height, width, seed, new_tile(seed) };
  return scenes;
}

void
pct_demo_scenes_free(PctDemoScenes *scenes)
{
  if (!scenes)
    return;
  g_free(scenes->tile);
  g_free(scenes);
}

// What a surface looks like: grey level, how it changes over the surface (light), and its texture.
typedef struct {
  double grey, slope_x, slope_y, texture;
  guint offset_x, offset_y, step;
} Surface;

static double
between(PctRandom *random, double low, double high)
{
  return low + (high - low) * pct_random_uniform(random);
}

static Surface
new_surface(PctRandom *random, double grey, double shading, double texture)
{
  double direction = between(random, 0.0, 2.0 * G_PI), slope = between(random, 0.0, shading);
  Surface surface = { .grey = grey, .slope_x = slope * cos(direction), .slope_y = slope * sin(direction) };
  surface.texture = texture * pct_random_uniform(random);
  surface.offset_x = pct_random_below(random, TILE);
  surface.offset_y = pct_random_below(random, TILE);
  surface.step = 1 + pct_random_below(random, 4);
  return surface;
}

// dx, dy in units from the surface's middle.
static inline double
surface_at(const PctDemoScenes *scenes, const Surface *surface, int x, int y, double dx, double dy)
{
  guint i = (surface->offset_y + (guint)y * surface->step) % TILE;
  guint j = (surface->offset_x + (guint)x * surface->step) % TILE;
  return surface->grey + surface->slope_x * dx + surface->slope_y * dy + surface->texture * scenes->tile[i * TILE + j];
}

// A leaf: an ellipse or a superellipse-like box, turned. The distance to its rim is that of the first-order
// approximation f / |grad f|, good to a fraction of a pixel where it is needed: at the rim.
static void
draw_leaf(const PctDemoScenes *scenes, PctRandom *random, double unit, float *out)
{
  double low = 1.0 / (SMALLEST * SMALLEST), high = 1.0 / (LARGEST * LARGEST);
  double radius = unit / sqrt(low + (high - low) * pct_random_uniform(random));
  double cx = between(random, -radius, scenes->width + radius), cy = between(random, -radius, scenes->height + radius);
  double a = radius, b = radius * between(random, 0.35, 1.0), angle = between(random, 0.0, G_PI);
  double power = pct_random_uniform(random) < 0.5 ? 2.0 : 6.0, c = cos(angle), s = sin(angle);
  Surface surface = new_surface(random, between(random, 15.0, 240.0), 60.0 * unit / radius, 28.0);
  double reach = 1.45 * radius + 1.0;
  int end_row = MIN(scenes->height, (int)ceil(cy + reach)), end_column = MIN(scenes->width, (int)ceil(cx + reach));
  for (int y = MAX(0, (int)floor(cy - reach)); y < end_row; y++)
    for (int x = MAX(0, (int)floor(cx - reach)); x < end_column; x++) {
      double dx = x + 0.5 - cx, dy = y + 0.5 - cy;
      double u = fabs(c * dx + s * dy) / a, v = fabs(c * dy - s * dx) / b;
      double u1 = power == 2.0 ? u : u * u * u * u * u, v1 = power == 2.0 ? v : v * v * v * v * v;
      double gradient = power * sqrt(u1 * u1 / (a * a) + v1 * v1 / (b * b));
      double outside = (u * u1 + v * v1 - 1.0) / MAX(gradient, 1e-9);
      double cover = CLAMP(0.5 - outside, 0.0, 1.0);
      if (cover <= 0.0)
        continue;
      float *pixel = &out[y * scenes->width + x];
      *pixel += (float)(cover * (surface_at(scenes, &surface, x, y, dx / unit, dy / unit) - *pixel));
    }
}

// Where the glyphs go: one mid-frame, or two side by side if both fit the middle of the frame.
static void
draw_glyphs(const PctDemoScenes *scenes, PctRandom *random, double unit, int glyph, float *coverage)
{
  double size = between(random, 22.0, 28.0) * unit, turn = between(random, -0.12, 0.12);
  double y = 0.5 * scenes->height + between(random, -2.5, 2.5) * unit;
  double x = 0.5 * scenes->width, shift = between(random, -6.0, 6.0) * unit;
  int other = (int)pct_random_below(random, (guint32)pct_demo_glyphs_get_count());
  gboolean pair = pct_random_uniform(random) < 0.25;
  double first = pct_demo_glyph_get_aspect(glyph) * size, second = pct_demo_glyph_get_aspect(other) * size;
  double gap = 4.0 * unit, both = first + gap + second;
  if (pair && both <= scenes->width * 0.72) {
    double left = x - 0.5 * both + 0.5 * first, right = x + 0.5 * both - 0.5 * second;
    pct_demo_glyph_draw(coverage, scenes->height, scenes->width, glyph, left, y, size, 0.5 * turn);
    pct_demo_glyph_draw(coverage, scenes->height, scenes->width, other, right, y, size, 0.5 * turn);
  } else
    pct_demo_glyph_draw(coverage, scenes->height, scenes->width, glyph, x + shift, y, size, turn);
}

void
pct_demo_scenes_draw(const PctDemoScenes *scenes, guint64 index, int glyph, guint8 *out)
{
  int n = scenes->height * scenes->width;
  double unit = scenes->height / 36.0;
  PctRandom random = pct_random(scenes->seed, STREAM_SCENE + index);
  g_autofree float *pixels = g_new(float, n), *coverage = g_new0(float, n);
  Surface ground = new_surface(&random, between(&random, 40.0, 215.0), 2.0, 50.0);
  for (int i = 0; i < n; i++)
    pixels[i] = (float)surface_at(scenes, &ground, i % scenes->width, i / scenes->width, 0.0, 0.0);
  for (int i = 0; i < N_LEAVES * scenes->width / (scenes->height * 16 / 9 + 1) + 1; i++)
    draw_leaf(scenes, &random, unit, pixels);
  if (glyph >= 0) {
    // The scene recedes to where the glyph stands out, light on dark or dark on light.
    gboolean light = pct_random_uniform(&random) < 0.5;
    double back = light ? between(&random, 30.0, 90.0) : between(&random, 165.0, 225.0);
    double front = light ? between(&random, 200.0, 250.0) : between(&random, 5.0, 55.0);
    double depth = between(&random, 0.1, 0.35);
    Surface ink = new_surface(&random, front, 0.6, 12.0);
    draw_glyphs(scenes, &random, unit, glyph, coverage);
    for (int i = 0; i < n; i++) {
      int x = i % scenes->width, y = i / scenes->width;
      double behind = back + depth * (pixels[i] - 127.5);
      double dx = (x - 0.5 * scenes->width) / unit, dy = (y - 0.5 * scenes->height) / unit;
      double before = surface_at(scenes, &ink, x, y, dx, dy);
      pixels[i] = (float)(behind + coverage[i] * (before - behind));
    }
  }
  for (int i = 0; i < n; i++)
    out[i] = (guint8)lrintf(CLAMP(pixels[i], 0.0f, 255.0f));
}
