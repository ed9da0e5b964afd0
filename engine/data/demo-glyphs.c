// SPDX-License-Identifier: GPL-3.0-or-later
// Outlines are strings in units of a hundredth of the body's height, y downwards: M x y begins a line, L x y goes on,
// A cx cy rx ry from to is an elliptic arc (degrees, 0 right, 90 down; it joins what is before it, or begins), Z closes
// and U begins another shape laid over the first. Letters and digits are lines with round pens; figures are filled by
// the even-odd rule, so that a polygon within another is a hole.
#include "data/demo-glyphs.h"
#include <math.h>
#include <stdlib.h>

#define PEN 10.0       // half the width of a line, in outline units
#define MAX_SEGMENTS 160

typedef struct {
  const char *name;
  gboolean filled;
  const char *outline;
} Glyph;

static const Glyph glyphs[] = {
  { "A", FALSE, "M0 100 L38 0 L76 100 M14 65 L62 65" },
  { "B", FALSE, "M0 48 L0 0 L34 0 A34 24 24 24 -90 90 L0 48 L0 100 L36 100 A36 74 27 26 90 -90" },
  { "C", FALSE, "A40 50 40 50 -45 -315" },
  { "D", FALSE, "M0 0 L0 100 L26 100 A26 50 44 50 90 -90 L0 0" },
  { "E", FALSE, "M62 0 L0 0 L0 100 L62 100 M0 49 L52 49" },
  { "F", FALSE, "M60 0 L0 0 L0 100 M0 49 L50 49" },
  { "G", FALSE, "A40 50 40 50 -45 -350 L80 54 L48 54" },
  { "H", FALSE, "M0 0 L0 100 M68 0 L68 100 M0 49 L68 49" },
  { "I", FALSE, "M0 0 L44 0 M22 0 L22 100 M0 100 L44 100" },
  { "J", FALSE, "M52 0 L52 72 A26 72 26 28 0 150" },
  { "K", FALSE, "M0 0 L0 100 M64 0 L0 60 M22 40 L68 100" },
  { "L", FALSE, "M0 0 L0 100 L58 100" },
  { "M", FALSE, "M0 100 L0 0 L42 66 L84 0 L84 100" },
  { "N", FALSE, "M0 100 L0 0 L68 100 L68 0" },
  { "O", FALSE, "A43 50 43 50 0 360" },
  { "P", FALSE, "M0 100 L0 0 L34 0 A34 27 28 27 -90 90 L0 54" },
  { "Q", FALSE, "A43 50 43 50 0 360 M56 68 L86 104" },
  { "R", FALSE, "M0 100 L0 0 L34 0 A34 27 28 27 -90 90 L0 54 M34 54 L66 100" },
  { "S", FALSE, "A34 25 32 25 -30 -270 A34 75 34 25 -90 150" },
  { "T", FALSE, "M0 0 L74 0 M37 0 L37 100" },
  { "U", FALSE, "M0 0 L0 66 A34 66 34 34 180 0 L68 0" },
  { "V", FALSE, "M0 0 L39 100 L78 0" },
  { "W", FALSE, "M0 0 L26 100 L52 24 L78 100 L104 0" },
  { "X", FALSE, "M0 0 L70 100 M70 0 L0 100" },
  { "Y", FALSE, "M0 0 L37 50 L74 0 M37 50 L37 100" },
  { "Z", FALSE, "M0 0 L66 0 L0 100 L66 100" },
  { "0", FALSE, "A32 50 32 50 0 360" },
  { "1", FALSE, "M4 24 L30 0 L30 100 M4 100 L56 100" },
  { "2", FALSE, "A32 30 30 30 -165 25 L2 100 L66 100" },
  { "3", FALSE, "A30 24 28 24 -150 90 A30 74 32 26 -90 150" },
  { "4", FALSE, "M52 100 L52 0 L0 70 L74 70" },
  { "5", FALSE, "M58 0 L10 0 L7 46 A32 67 32 33 -140 148" },
  { "6", FALSE, "A33 68 32 32 0 360 M1 68 A66 68 65 68 180 255" },
  { "7", FALSE, "M0 0 L64 0 L22 100" },
  { "8", FALSE, "A32 24 27 24 0 360 M32 48 A32 74 32 26 -90 270" },
  { "9", FALSE, "A33 32 32 32 0 360 M65 32 A0 32 65 68 0 75" },
  { "heart", TRUE, "A26 28 26 28 160 360 A78 28 26 28 180 380 L52 100 Z" },
  { "star", TRUE, "M50 0 L63 34 L99 36 L71 59 L81 94 L50 74 L19 94 L29 59 L1 36 L37 34 Z" },
  { "house", TRUE, "M0 48 L50 0 L100 48 L86 48 L86 100 L14 100 L14 48 Z M40 100 L40 62 L60 62 L60 100 Z" },
  { "tree", TRUE, "M50 0 L84 38 L68 38 L96 80 L60 80 L60 100 L40 100 L40 80 L4 80 L32 38 L16 38 Z" },
  { "fish", TRUE, "A46 40 46 33 22 338 L116 10 L116 70 Z A24 32 7 7 0 360 Z" },
  { "arrow", TRUE, "M0 34 L54 34 L54 4 L104 50 L54 96 L54 66 L0 66 Z" },
  { "face", TRUE, "A50 50 50 50 0 360 Z A32 36 8 10 0 360 Z A68 36 8 10 0 360 Z A50 56 30 28 0 180 Z" },
  { "moon", TRUE, "A50 50 50 50 -60 -300 A82 50 44 44 99 261 Z" },
  { "boat", TRUE, "M0 66 L112 66 L90 100 L22 100 Z U M52 0 L52 58 L6 58 Z U M62 8 L62 58 L104 58 Z" },
  { "cat", TRUE,
    "M6 0 L34 22 L66 22 L94 0 L96 60 A50 60 46 40 0 180 Z A31 50 9 10 0 360 Z A69 50 9 10 0 360 Z "
    "M38 72 L62 72 L50 85 Z" },
  { "car", TRUE,
    "M0 54 L18 50 L36 22 L78 22 L98 50 L116 56 L116 82 L0 82 Z M42 31 L73 31 L84 49 L32 49 Z U "
    "A26 82 16 16 0 360 Z U A90 82 16 16 0 360 Z" },
  { "cross", TRUE, "M34 0 L66 0 L66 34 L100 34 L100 66 L66 66 L66 100 L34 100 L34 66 L0 66 L0 34 L34 34 Z" },
  { "ring", TRUE, "A50 50 50 50 0 360 Z A50 50 26 26 0 360 Z" },
  { "triangle", TRUE, "M54 0 L108 94 L0 94 Z M54 42 L76 80 L32 80 Z" },
};

typedef struct {
  double x0, y0, x1, y1;
  int shape;
} Segment;

typedef struct {
  Segment segments[MAX_SEGMENTS];
  int n, shape;
  double x, y, start_x, start_y;  // where the pen is; where the line began
  gboolean down;
} Outline;

static void
line_to(Outline *outline, double x, double y)
{
  if (outline->down) {
    g_assert(outline->n < MAX_SEGMENTS);
    outline->segments[outline->n++] = (Segment){ outline->x, outline->y, x, y, outline->shape };
  } else {
    outline->start_x = x;
    outline->start_y = y;
    outline->down = TRUE;
  }
  outline->x = x;
  outline->y = y;
}

static void
arc_to(Outline *outline, const double *v)
{
  int n = (int)ceil(fabs(v[5] - v[4]) / 18.0);
  for (int i = 0; i <= n; i++) {
    double angle = (v[4] + (v[5] - v[4]) * i / n) * G_PI / 180.0;
    line_to(outline, v[0] + v[2] * cos(angle), v[1] + v[3] * sin(angle));
  }
}

static void
read_outline(const Glyph *glyph, Outline *outline)
{
  *outline = (Outline){ 0 };
  for (const char *at = glyph->outline; *at;) {
    char command = *at++;
    double v[6];
    int wanted = command == 'A' ? 6 : command == 'M' || command == 'L' ? 2 : 0;
    for (int i = 0; i < wanted; i++) {
      char *end;
      v[i] = g_ascii_strtod(at, &end);
      g_assert(end != at);
      at = end;
    }
    if (command == 'M')
      outline->down = FALSE;
    if (command == 'A')
      arc_to(outline, v);
    else if (wanted == 2)
      line_to(outline, v[0], v[1]);
    else if (command == 'Z') {
      line_to(outline, outline->start_x, outline->start_y);
      outline->down = FALSE;
    } else if (command == 'U')
      outline->shape++;
  }
}

// The box that the ink fills, in outline units.
static void
measure(const Glyph *glyph, const Outline *outline, double *x, double *y, double *width, double *height)
{
  double x0 = G_MAXDOUBLE, y0 = G_MAXDOUBLE, x1 = -G_MAXDOUBLE, y1 = -G_MAXDOUBLE, pen = glyph->filled ? 0.0 : PEN;
  for (int i = 0; i < outline->n; i++) {
    const Segment *s = &outline->segments[i];
    x0 = MIN(x0, MIN(s->x0, s->x1));
    x1 = MAX(x1, MAX(s->x0, s->x1));
    y0 = MIN(y0, MIN(s->y0, s->y1));
    y1 = MAX(y1, MAX(s->y0, s->y1));
  }
  *x = x0 - pen;
  *y = y0 - pen;
  *width = x1 - x0 + 2.0 * pen;
  *height = y1 - y0 + 2.0 * pen;
}

static inline double
squared_distance(const Segment *s, double x, double y)
{
  double dx = s->x1 - s->x0, dy = s->y1 - s->y0, px = x - s->x0, py = y - s->y0;
  double length = dx * dx + dy * dy, t = length > 0.0 ? CLAMP((px * dx + py * dy) / length, 0.0, 1.0) : 0.0;
  px -= t * dx;
  py -= t * dy;
  return px * px + py * py;
}

// How far inside the ink a point is, in outline units; negative outside.
static double
depth_at(const Glyph *glyph, const Outline *outline, double x, double y)
{
  double best = -G_MAXDOUBLE;
  for (int shape = 0, i = 0; shape <= outline->shape; shape++) {
    double nearest = G_MAXDOUBLE;
    gboolean inside = FALSE;
    for (; i < outline->n && outline->segments[i].shape == shape; i++) {
      const Segment *s = &outline->segments[i];
      nearest = MIN(nearest, squared_distance(s, x, y));
      if (glyph->filled && (s->y0 > y) != (s->y1 > y) &&
          x < s->x0 + (y - s->y0) / (s->y1 - s->y0) * (s->x1 - s->x0))
        inside = !inside;
    }
    double distance = sqrt(nearest), depth = !glyph->filled ? PEN - distance : inside ? distance : -distance;
    best = MAX(best, depth);
  }
  return best;
}

int
pct_demo_glyphs_get_count(void)
{
  return G_N_ELEMENTS(glyphs);
}

const char *
pct_demo_glyph_get_name(int glyph)
{
  g_return_val_if_fail(glyph >= 0 && glyph < (int)G_N_ELEMENTS(glyphs), NULL);
  return glyphs[glyph].name;
}

double
pct_demo_glyph_get_aspect(int glyph)
{
  g_return_val_if_fail(glyph >= 0 && glyph < (int)G_N_ELEMENTS(glyphs), 1.0);
  Outline outline;
  double x, y, width, height;
  read_outline(&glyphs[glyph], &outline);
  measure(&glyphs[glyph], &outline, &x, &y, &width, &height);
  return width / height;
}

void
pct_demo_glyph_draw(float *coverage, int height, int width, int glyph, double x, double y, double glyph_height,
                    double angle)
{
  g_return_if_fail(glyph >= 0 && glyph < (int)G_N_ELEMENTS(glyphs) && glyph_height > 0.0);
  Outline outline;
  double box_x, box_y, box_width, box_height;
  read_outline(&glyphs[glyph], &outline);
  measure(&glyphs[glyph], &outline, &box_x, &box_y, &box_width, &box_height);
  double pixel = box_height / glyph_height, c = cos(angle), s = sin(angle);
  double reach = 0.5 * hypot(box_width, box_height) / pixel + 1.0;
  int first_row = MAX(0, (int)floor(y - reach)), end_row = MIN(height, (int)ceil(y + reach) + 1);
  int first_column = MAX(0, (int)floor(x - reach)), end_column = MIN(width, (int)ceil(x + reach) + 1);
  for (int row = first_row; row < end_row; row++)
    for (int column = first_column; column < end_column; column++) {
      double dx = column + 0.5 - x, dy = row + 0.5 - y;
      double u = (c * dx + s * dy) * pixel + box_x + 0.5 * box_width;
      double v = (c * dy - s * dx) * pixel + box_y + 0.5 * box_height;
      double ink = CLAMP(0.5 + depth_at(&glyphs[glyph], &outline, u, v) / pixel, 0.0, 1.0);
      float *out = &coverage[row * width + column];
      *out = MAX(*out, (float)ink);
    }
}
