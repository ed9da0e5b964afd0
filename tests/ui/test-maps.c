// SPDX-License-Identifier: GPL-3.0-or-later
// Maps of neurons, matrices and tuning curves drawn onto an image surface: a point is where its coordinates say and has
// its value's colour, what a place of the drawing is found to be is what was drawn there, and nothing to show is not a
// crash.
#include <glib.h>
#include <math.h>
#include <string.h>
#include "plots/heat-matrix.h"
#include "plots/scale-bar.h"
#include "plots/scatter-map.h"
#include "plots/tuning.h"
#include "plots/value-colour.h"

static cairo_surface_t *
draw(PctPlotDrawFunc func, gconstpointer figure, const PctPlotTheme *theme, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create(surface);
  pct_plot_set_colour(cr, theme->background, 1);
  cairo_paint(cr);
  func(figure, theme, cr, width, height);
  g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  return surface;
}

static guint32
pixel(cairo_surface_t *surface, double x, double y)
{
  int column = (int)floor(x), row = (int)floor(y);
  g_assert_true(column >= 0 && column < cairo_image_surface_get_width(surface));
  g_assert_true(row >= 0 && row < cairo_image_surface_get_height(surface));
  const guint8 *bytes = cairo_image_surface_get_data(surface);
  guint32 value;
  memcpy(&value, bytes + (gsize)row * cairo_image_surface_get_stride(surface) + 4 * (gsize)column, 4);
  return value & 0xffffff;
}

static guint32
packed(PctColour c)
{
  return (guint32)(c.red * 255 + 0.5) << 16 | (guint32)(c.green * 255 + 0.5) << 8 | (guint32)(c.blue * 255 + 0.5);
}

// Largest difference of a channel: a dot's edge is blended.
static int
distance(guint32 a, guint32 b)
{
  int most = 0;
  for (int shift = 0; shift < 24; shift += 8)
    most = MAX(most, abs((int)(a >> shift & 255) - (int)(b >> shift & 255)));
  return most;
}

static void
test_colours(void)
{
  for (int i = 0; i <= 10; i++) {
    PctColour a = pct_cycle_colour(i / 10.0), b = pct_cycle_colour(1 + i / 10.0), c = pct_ramp_colour(i / 10.0);
    g_assert_cmphex(packed(a), ==, packed(b));
    g_assert_true(MIN(a.red, MIN(a.green, a.blue)) >= 0 && MAX(a.red, MAX(a.green, a.blue)) <= 1);
    if (i > 0)
      g_assert_cmpint(distance(packed(c), packed(pct_ramp_colour((i - 1) / 10.0))), >, 8);
  }
  g_assert_cmphex(packed(pct_ramp_colour(-3)), ==, packed(pct_ramp_colour(0)));
  g_assert_cmphex(packed(pct_ramp_colour(7)), ==, packed(pct_ramp_colour(1)));
  g_assert_cmphex(packed(pct_ramp_colour(NAN)), ==, packed(pct_ramp_colour(0)));
}

// Corners of the image, rows downwards; the same upwards is upside down.
static void
test_map_places(void)
{
  const double x[] = { 10, 60, 10, 60, NAN }, y[] = { 5, 5, 35, 35, 10 }, values[] = { 0, 45, 90, NAN, 20 };
  PctScatterMap map = PCT_SCATTER_MAP_DEFAULT;
  map.x = x;
  map.y = y;
  map.n = 5;
  map.values = values;
  map.period = 180;
  map.x_least = map.y_least = 0;
  map.x_most = 70;
  map.y_most = 40;
  map.equal = map.frame = TRUE;
  for (int down = 0; down < 2; down++) {
    map.y_down = down;
    PctScatterFrame f = pct_scatter_map_find_frame(&map, &pct_plot_theme_light, 300, 220);
    g_assert_cmpfloat_with_epsilon(f.scale_x, fabs(f.scale_y), 1e-9);
    cairo_surface_t *surface = draw(pct_scatter_map_draw, &map, &pct_plot_theme_light, 300, 220);
    for (int i = 0; i < 4; i++) {
      PctPlotPoint at = pct_scatter_map_to_pixels(&f, x[i], y[i]), back = pct_scatter_map_to_data(&f, at.x, at.y);
      g_assert_cmpfloat_with_epsilon(back.x, x[i], 1e-9);
      g_assert_cmpfloat_with_epsilon(back.y, y[i], 1e-9);
      g_assert_true((at.y < 110) == (down ? y[i] < 20 : y[i] > 20));
      PctColour wanted = isnan(values[i]) ? pct_plot_theme_light.dim : pct_cycle_colour(values[i] / 180);
      g_assert_cmpint(distance(pixel(surface, at.x, at.y), packed(wanted)), <, 45);
    }
    PctPlotPoint none = pct_scatter_map_to_pixels(&f, 35, 20);
    g_assert_cmphex(pixel(surface, none.x, none.y), ==, packed(pct_plot_theme_light.background));
    cairo_surface_destroy(surface);
  }
}

// Each kind has its own colour, those next to each other far apart, and the legend shows them.
static void
test_categories(void)
{
  const double x[] = { 10, 30, 50 }, y[] = { 20, 20, 20 }, values[] = { 0, 2, NAN };
  static const char *const names[] = { "V1", "LM", "AL", NULL };
  PctScatterMap map = PCT_SCATTER_MAP_DEFAULT;
  map.x = x;
  map.y = y;
  map.n = 3;
  map.values = values;
  map.value_names = names;
  map.value_title = "Area";
  map.x_least = map.y_least = 0;
  map.x_most = 60;
  map.y_most = 40;
  PctScatterFrame f = pct_scatter_map_find_frame(&map, &pct_plot_theme_light, 300, 220);
  cairo_surface_t *surface = draw(pct_scatter_map_draw, &map, &pct_plot_theme_light, 300, 220);
  for (int i = 0; i < 3; i++) {
    PctPlotPoint at = pct_scatter_map_to_pixels(&f, x[i], y[i]);
    PctColour wanted = i == 2 ? pct_plot_theme_light.dim : pct_category_colour((int)values[i]);
    g_assert_cmpint(distance(pixel(surface, at.x, at.y), packed(wanted)), <, 45);
    int found = 0;
    for (int column = 0; column < 300; column++)
      for (int row = (int)(f.top + f.height) + 2; row < 220; row++)
        found += distance(pixel(surface, column, row), packed(pct_category_colour(i))) < 8;
    g_assert_cmpint(found, >, 4);  // the dot of the legend
  }
  cairo_surface_destroy(surface);
  for (int i = 0; i < 12; i++)
    g_assert_cmpint(distance(packed(pct_category_colour(i)), packed(pct_category_colour(i + 1))), >, 60);
  // A narrow legend leaves kinds out and does not run over.
  map.value_title = "A title that takes all the room there is in so narrow a figure";
  surface = draw(pct_scatter_map_draw, &map, &pct_plot_theme_light, 60, 60);
  cairo_surface_destroy(surface);
}

typedef struct {
  double most, scale;
} Bar;

static void
draw_bar(gconstpointer figure, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const Bar *bar = figure;
  pct_scale_bar_draw(cr, theme, width - 10, height - 10, bar->most, bar->scale, "°");
}

// A bar is as long as it says, and what it says is round.
static void
test_scale_bar(void)
{
  const struct {
    double most, length;
  } lengths[] = { { 1, 1 }, { 1.99, 1 }, { 2, 2 }, { 4.9, 2 }, { 7, 5 }, { 10, 10 }, { 49, 20 }, { 0.3, 0.2 }, { 730, 500 } };
  for (guint i = 0; i < G_N_ELEMENTS(lengths); i++)
    g_assert_cmpfloat_with_epsilon(pct_scale_bar_length(lengths[i].most), lengths[i].length, 1e-9);
  const Bar bars[] = { { 80, 6 }, { 100, 3.3 }, { 60, 100 }, { 0, 6 } };
  for (guint i = 0; i < G_N_ELEMENTS(bars); i++) {
    cairo_surface_t *surface = draw(draw_bar, &bars[i], &pct_plot_theme_light, 200, 60);
    int wide = 0;
    for (int column = 0; column < 200; column++)
      wide += distance(pixel(surface, column, 49), packed(pct_plot_theme_light.text)) < 4;
    double length = bars[i].most > 0 ? pct_scale_bar_length(bars[i].most / bars[i].scale) * bars[i].scale : 0;
    g_assert_cmpint(wide, ==, (int)round(length));
    cairo_surface_destroy(surface);
  }
  g_autofree char *small = pct_degrees_text(3.2, 1.1), *large = pct_degrees_text(20, 1.1);
  g_assert_cmpstr(small, ==, "3.5°");
  g_assert_cmpstr(large, ==, "22°");
}

static void
test_map_marks(void)
{
  double x[400], y[400];
  guint8 shown[400], selected[400] = { 0 };
  for (int i = 0; i < 400; i++) {
    x[i] = i % 20;
    y[i] = i / 20;
    shown[i] = i % 20 < 10;
  }
  selected[45] = 1;
  PctScatterMap map = PCT_SCATTER_MAP_DEFAULT;
  map.x = x;
  map.y = y;
  map.n = 400;
  map.shown = shown;
  map.selected = selected;
  map.marked = 187;
  map.scale_unit = "µm";
  const PctPlotPoint lasso[] = { { 1.5, 11.5 }, { 6.5, 11.5 }, { 6.5, 16.5 }, { 1.5, 16.5 } };
  const PctPlotTheme *themes[] = { &pct_plot_theme_light, &pct_plot_theme_dark };
  for (int t = 0; t < 2; t++) {
    map.n_lasso = 0;
    PctScatterFrame f = pct_scatter_map_find_frame(&map, themes[t], 400, 400);
    cairo_surface_t *surface = draw(pct_scatter_map_draw, &map, themes[t], 400, 400);
    PctPlotPoint in = pct_scatter_map_to_pixels(&f, 3, 3), out = pct_scatter_map_to_pixels(&f, 15, 3);
    g_assert_cmpint(distance(pixel(surface, in.x, in.y), packed(themes[t]->accent)), <, 45);
    g_assert_cmphex(pixel(surface, out.x, out.y), ==, packed(themes[t]->grid));
    PctPlotPoint marked = pct_scatter_map_to_pixels(&f, 7, 9);  // the ring of the one in hand is around its dot
    g_assert_cmpint(distance(pixel(surface, marked.x + 6, marked.y), packed(themes[t]->text)), <, 60);
    PctPlotPoint middle = pct_scatter_map_to_pixels(&f, 4.5, 14.5);
    g_assert_cmphex(pixel(surface, middle.x, middle.y), ==, packed(themes[t]->background));
    cairo_surface_destroy(surface);
    map.lasso = lasso;
    map.n_lasso = 4;
    surface = draw(pct_scatter_map_draw, &map, themes[t], 400, 400);
    g_assert_cmphex(pixel(surface, middle.x, middle.y), !=, packed(themes[t]->background));
    cairo_surface_destroy(surface);
  }
}

static void
test_map_odd(void)
{
  const double x[] = { 3, NAN }, y[] = { 4, INFINITY };
  PctScatterMap map = PCT_SCATTER_MAP_DEFAULT;
  cairo_surface_destroy(draw(pct_scatter_map_draw, &map, &pct_plot_theme_light, 100, 100));  // no point at all
  map.x = map.values = x;
  map.y = y;
  map.n = 2;  // one point, whose range is empty
  map.value_title = "Reliability";
  map.x_title = map.y_title = "x";
  map.scale_unit = "µm";
  map.marked = 7;
  cairo_surface_destroy(draw(pct_scatter_map_draw, &map, &pct_plot_theme_light, 120, 90));
  cairo_surface_destroy(draw(pct_scatter_map_draw, &map, &pct_plot_theme_light, 3, 3));
}

static void
test_matrix(void)
{
  const float values[] = { 1, 0.5f, 0, -1, 1, NAN };
  const char *const rows[] = { "#7", "#4483" }, *const columns[] = { "#7", "#4483", "#12" };
  PctHeatMatrix m = { .values = values, .n_rows = 2, .n_columns = 3, .row_labels = rows, .column_labels = columns,
                      .row_title = "MEI of", .column_title = "answer of", .highlighted_row = 0 };
  const PctPlotTheme *theme = &pct_plot_theme_light;
  int height = (int)pct_heat_matrix_natural_height(&m, theme);
  cairo_surface_t *surface = draw(pct_heat_matrix_draw, &m, theme, 260, height);
  gsize row, column;
  int first_x[6], first_y[6], n_found = 0;
  memset(first_x, -1, sizeof first_x);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < 260; x++)
      if (pct_heat_matrix_find(&m, theme, 260, height, x, y, &row, &column)) {
        g_assert_true(row < 2 && column < 3);
        if (first_x[row * 3 + column] < 0) {
          first_x[row * 3 + column] = x;
          first_y[row * 3 + column] = y;
        }
      }
  for (int i = 0; i < 6; i++) {
    g_assert_cmpint(first_x[i], >=, 0);
    guint32 found = pixel(surface, first_x[i] + 3, first_y[i] + 2);  // beside the number
    if (fabsf(values[i]) == 1)
      n_found += found == packed(values[i] < 0 ? theme->warning : theme->accent);
    if (values[i] == 0)
      n_found += found == packed(theme->background);
  }
  g_assert_cmpint(n_found, ==, 4);
  g_assert_false(pct_heat_matrix_find(&m, theme, 260, height, 0, height - 1, &row, &column));
  cairo_surface_destroy(surface);
  m.n_rows = 0;
  cairo_surface_destroy(draw(pct_heat_matrix_draw, &m, theme, 100, 50));
  float many[64 * 64];
  for (int i = 0; i < 64 * 64; i++)
    many[i] = (float)(i % 7) / 6;
  m = (PctHeatMatrix){ .values = many, .n_rows = 64, .n_columns = 64, .highlighted_row = -1 };
  cairo_surface_destroy(draw(pct_heat_matrix_draw, &m, theme, 90, 60));
}

static void
test_tuning(void)
{
  const float means[] = { 4, 2, 1 }, repeats[] = { 5, 3, 2, 2, 0, 2 };
  const gsize first[] = { 0, 2, 4, 6 };
  PctTuningPlot plot = { means, repeats, first, 3, 1.5, 0, "images", "response" };
  const PctPlotTheme *theme = &pct_plot_theme_dark;
  cairo_surface_t *surface = draw(pct_tuning_plot_draw, &plot, theme, 230, 100);
  // The highlighted image's dot is at its mean: 4 of a scale that ends at 5.
  int x = 0, n = 0, last = 0;
  for (x = 0; x < 230; x++) {
    gsize at = pct_tuning_plot_find(&plot, theme, 230, x);
    if (at == G_MAXSIZE)
      continue;
    g_assert_cmpuint(at, <, 3);
    g_assert_cmpint((int)at, >=, last);
    last = (int)at;
    n += at == 1;
  }
  g_assert_cmpint(last, ==, 2);
  g_assert_cmpint(n, >=, 60);
  int n_accent = 0, n_text = 0;
  for (x = 0; x < 230; x++)
    for (int y = 0; y < 100; y++) {
      n_accent += pixel(surface, x, y) == packed(theme->accent);
      n_text += pixel(surface, x, y) == packed(theme->text);
    }
  g_assert_cmpint(n_accent, >, 50);
  g_assert_cmpint(n_text, >, 30);
  cairo_surface_destroy(surface);
  plot.n = 0;
  cairo_surface_destroy(draw(pct_tuning_plot_draw, &plot, theme, 100, 50));
  g_assert_cmpuint(pct_tuning_plot_find(&plot, theme, 100, 50), ==, G_MAXSIZE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/maps/colours", test_colours);
  g_test_add_func("/maps/places", test_map_places);
  g_test_add_func("/maps/categories", test_categories);
  g_test_add_func("/maps/scale-bar", test_scale_bar);
  g_test_add_func("/maps/marks", test_map_marks);
  g_test_add_func("/maps/odd", test_map_odd);
  g_test_add_func("/maps/matrix", test_matrix);
  g_test_add_func("/maps/tuning", test_tuning);
  return g_test_run();
}
