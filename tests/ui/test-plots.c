// SPDX-License-Identifier: GPL-3.0-or-later
// Figures drawn onto an image surface, and looked at pixel by pixel: what a reader relies on (a crisp pixel, a
// symmetric scale, a marked value where it belongs) must be there whatever the size and the theme.
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "plots/bars.h"
#include "plots/contour.h"
#include "plots/curves.h"
#include "plots/difference.h"
#include "plots/export.h"
#include "plots/histogram.h"
#include "plots/picture.h"
#include "plots/ticks.h"

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
pixel(cairo_surface_t *surface, int x, int y)
{
  g_assert_true(x >= 0 && x < cairo_image_surface_get_width(surface));
  g_assert_true(y >= 0 && y < cairo_image_surface_get_height(surface));
  const guint8 *bytes = cairo_image_surface_get_data(surface);
  guint32 value;
  memcpy(&value, bytes + (gsize)y * cairo_image_surface_get_stride(surface) + 4 * (gsize)x, 4);
  return value & 0xffffff;
}

static guint32
packed(PctColour c)
{
  return (guint32)(c.red * 255 + 0.5) << 16 | (guint32)(c.green * 255 + 0.5) << 8 | (guint32)(c.blue * 255 + 0.5);
}

// The columns in which a colour occurs.
static int
find_colour(cairo_surface_t *surface, guint32 colour, int *first, int *last)
{
  int n = 0;
  *first = *last = -1;
  for (int x = 0; x < cairo_image_surface_get_width(surface); x++)
    for (int y = 0; y < cairo_image_surface_get_height(surface); y++)
      if (pixel(surface, x, y) == colour) {
        *first = *first < 0 ? x : *first;
        *last = x;
        n++;
      }
  return n;
}

static void
test_ticks(void)
{
  static const struct {
    double minimum, maximum;
    int most;
    gboolean logarithmic;
    int n;
    double first, second;
    const char *label;
  } cases[] = {
    { 0, 1, 6, FALSE, 6, 0, 0.2, "0.2" },
    { -21, 21, 5, FALSE, 5, -20, -10, "−10" },
    { 0, 30, 4, FALSE, 4, 0, 10, "10" },
    { 0.352, 0.471, 4, FALSE, 2, 0.4, 0.45, "0.45" },
    { 0.01, 1000, 6, TRUE, 6, 0.01, 0.1, "0.1" },
    { 1, 100, 12, TRUE, 7, 1, 2, "2" },
    { 3000, 3407, 3, FALSE, 3, 3000, 3200, "3,200" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    PctTicks ticks = pct_ticks(cases[i].minimum, cases[i].maximum, cases[i].most, cases[i].logarithmic);
    g_autofree char *label = pct_ticks_dup_label(&ticks, 1);
    g_assert_cmpint(ticks.n, ==, cases[i].n);
    g_assert_cmpfloat_with_epsilon(ticks.at[0], cases[i].first, 1e-9);
    g_assert_cmpfloat_with_epsilon(ticks.at[1], cases[i].second, 1e-9);
    g_assert_cmpstr(label, ==, cases[i].label);
  }
  g_assert_cmpint(pct_ticks(1, 1, 5, FALSE).n, ==, 0);
  g_assert_cmpint(pct_ticks(NAN, 1, 5, FALSE).n, ==, 0);
  g_assert_cmpint(pct_ticks(0, 1, 5, TRUE).n, ==, 0);
}

static void
test_ticks_inside(void)
{
  for (int i = 0; i < 2000; i++) {
    double minimum = (i % 41 - 20) * pow(10, i % 7 - 3), maximum = minimum + (1 + i % 97) * pow(10, i % 5 - 2);
    int most = 2 + i % 9;
    PctTicks ticks = pct_ticks(minimum, maximum, most, FALSE);
    g_assert_cmpint(ticks.n, <=, most);
    for (int t = 0; t < ticks.n; t++) {
      double slack = 1e-6 * (maximum - minimum);
      g_assert_true(ticks.at[t] >= minimum - slack && ticks.at[t] <= maximum + slack);
    }
  }
}

static void
test_picture_is_crisp(void)
{
  // 2 x 3 pixels, 20 times as large; beyond 0..255 is clipped.
  const float pixels[] = { 0, 100, 255, -40, 300, 17.4f };
  const guint32 expected[] = { 0, 100, 255, 0, 255, 17 };
  PctPicturePlot plot = { pixels, 2, 3 };
  cairo_surface_t *surface = draw(pct_picture_plot_draw, &plot, &pct_plot_theme_light, 60, 40);
  for (int y = 0; y < 40; y++)
    for (int x = 0; x < 60; x++)
      g_assert_cmphex(pixel(surface, x, y), ==, expected[y / 20 * 3 + x / 20] * 0x010101);
  cairo_surface_destroy(surface);
  // Another shape of rectangle: in proportion, centred, the rest left alone.
  surface = draw(pct_picture_plot_draw, &plot, &pct_plot_theme_light, 60, 100);
  g_assert_cmphex(pixel(surface, 30, 10), ==, packed(pct_plot_theme_light.background));
  g_assert_cmphex(pixel(surface, 50, 31), ==, 0xffffff);
  g_assert_cmphex(pixel(surface, 5, 31), ==, 0);
  cairo_surface_destroy(surface);
}

static void
test_difference_is_symmetric(void)
{
  float values[7 * 9], negated[7 * 9];
  for (int i = 0; i < 63; i++) {
    values[i] = (float)((i * 37) % 63 - 31);
    negated[i] = -values[i];
  }
  g_assert_cmpfloat(pct_difference_limit(values, 63), ==, 31);
  g_assert_cmpfloat(pct_difference_limit(values, 0), ==, 1);
  PctDifferencePlot a = { values, 7, 9, NAN, FALSE }, b = { negated, 7, 9, NAN, FALSE };
  cairo_surface_t *sa = draw(pct_difference_plot_draw, &a, &pct_plot_theme_dark, 90, 70);
  cairo_surface_t *sb = draw(pct_difference_plot_draw, &b, &pct_plot_theme_dark, 90, 70);
  for (int y = 0; y < 70; y++)
    for (int x = 0; x < 90; x++) {
      guint32 p = pixel(sa, x, y), q = pixel(sb, x, y);
      g_assert_cmphex((p & 255) << 16 | (p & 0xff00) | p >> 16, ==, q);
      float value = values[y / 10 * 9 + x / 10];
      if (value == 0)
        g_assert_cmphex(p, ==, 0xffffff);
      if (value == 31)
        g_assert_cmphex(p, ==, 0xff0000);
      if (value == -31)
        g_assert_cmphex(p, ==, 0x0000ff);
    }
  cairo_surface_destroy(sa);
  cairo_surface_destroy(sb);
}

static void
test_histogram_marks(void)
{
  float values[200];
  for (int i = 0; i < 200; i++)
    values[i] = (float)i / 199;
  values[3] = NAN;
  PctHistogramPlot plot = { .values = values, .n = 200, .minimum = 0, .maximum = 1, .n_bins = 20, .marked = 0.75 };
  const PctPlotTheme *themes[] = { &pct_plot_theme_light, &pct_plot_theme_dark };
  for (int t = 0; t < 2; t++)
    for (int bare = 0; bare < 2; bare++) {
      plot.bare = bare;
      cairo_surface_t *surface = draw(pct_histogram_plot_draw, &plot, themes[t], 200, 60);
      g_assert_cmphex(pixel(surface, 150, 3), ==, packed(themes[t]->text));
      g_assert_cmphex(pixel(surface, 140, 1), ==, packed(themes[t]->background));
      cairo_surface_destroy(surface);
    }
  // Nothing to show is not a crash.
  plot = (PctHistogramPlot){ .minimum = NAN, .maximum = NAN, .marked = NAN };
  cairo_surface_destroy(draw(pct_histogram_plot_draw, &plot, &pct_plot_theme_light, 50, 30));
}

// The height of the bar that stands at x, pixels.
static int
bar_height(cairo_surface_t *surface, int x)
{
  guint32 ground = packed(pct_plot_theme_light.background);
  int n = 0;
  for (int y = 2; y < cairo_image_surface_get_height(surface) - 1; y++)
    n += pixel(surface, x, y) != ground;
  return n;
}

// A bin is as high as it holds values: twice as many twice as high, whichever came first.
static void
test_histogram_heights(void)
{
  const float values[] = { 0.1f, 0.1f, 0.1f, 0.1f, 0.3f, 0.3f, 0.3f, 0.3f, 0.6f, 0.6f, 0.8f };
  PctHistogramPlot plot = { .values = values, .n = G_N_ELEMENTS(values), .minimum = 0, .maximum = 1, .n_bins = 4,
                            .marked = NAN, .mean = NAN, .low = NAN, .high = NAN, .series = 0, .bare = TRUE };
  for (gsize n = 8; n <= G_N_ELEMENTS(values); n += 3) {
    plot.n = n;
    cairo_surface_t *surface = draw(pct_histogram_plot_draw, &plot, &pct_plot_theme_light, 200, 43);
    g_assert_cmpint(bar_height(surface, 25), ==, 40);
    g_assert_cmpint(bar_height(surface, 75), ==, 40);
    g_assert_cmpint(bar_height(surface, 125), ==, n == 8 ? 0 : 20);
    g_assert_cmpint(bar_height(surface, 175), ==, n == 8 ? 0 : 10);
    cairo_surface_destroy(surface);
  }
}

// The mean's interval lies above the bins, and only there.
static void
test_histogram_interval(void)
{
  const float values[] = { 0.5f };
  PctHistogramPlot plot = { .values = values, .n = 1, .minimum = 0, .maximum = 1, .n_bins = 20, .marked = NAN,
                            .mean = 0.5, .low = 0.25, .high = 0.75, .series = 0, .bare = TRUE };
  guint32 ground = packed(pct_plot_theme_light.background), bar = packed(pct_plot_theme_light.series[0]);
  cairo_surface_t *surface = draw(pct_histogram_plot_draw, &plot, &pct_plot_theme_light, 200, 40);
  g_assert_cmphex(pixel(surface, 60, 3), ==, bar);
  g_assert_cmphex(pixel(surface, 140, 3), ==, bar);
  g_assert_cmphex(pixel(surface, 40, 3), ==, ground);
  g_assert_cmphex(pixel(surface, 160, 3), ==, ground);
  g_assert_cmphex(pixel(surface, 100, 3), ==, bar);  // the mean's dot
  g_assert_cmphex(pixel(surface, 60, 20), ==, ground);
  cairo_surface_destroy(surface);
  plot.low = plot.high = NAN;  // of one image there is none
  surface = draw(pct_histogram_plot_draw, &plot, &pct_plot_theme_light, 200, 40);
  g_assert_cmphex(pixel(surface, 60, 3), ==, ground);
  cairo_surface_destroy(surface);
}

// A hill falls by one a pixel: its level lines are circles. What it holds inside is known.
static void
test_contour(void)
{
  enum { H = 40, W = 60 };
  float hill[H * W];
  double all = 0, inside = 0;
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      all += hill[y * W + x] = (float)MAX(0, 18 - hypot(x - 29.5, y - 19.5));
  double level = pct_contour_level(hill, H, W, 0.8);
  g_assert_cmpfloat(level, >, 0);
  for (int i = 0; i < H * W; i++)
    inside += hill[i] >= level ? hill[i] : 0;
  g_assert_cmpfloat(inside, >=, 0.8 * all);
  g_assert_cmpfloat(inside, <, 0.83 * all);
  g_assert_cmpfloat(pct_contour_level(hill, H, W, 1e-9), ==, hill[19 * W + 29]);

  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, W, H);
  cairo_t *cr = cairo_create(surface);
  pct_contour_path(cr, hill, H, W, 6.25);
  cairo_path_t *path = cairo_copy_path(cr);
  double length = 0, x = 0, y = 0;
  for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
    double to_x = path->data[i + 1].point.x, to_y = path->data[i + 1].point.y;
    g_assert_cmpfloat_with_epsilon(hypot(to_x - 30, to_y - 20), 18 - 6.25, 0.05);
    if (path->data[i].header.type == CAIRO_PATH_LINE_TO)
      length += hypot(to_x - x, to_y - y);
    x = to_x;
    y = to_y;
  }
  g_assert_cmpfloat_with_epsilon(length, 2 * G_PI * (18 - 6.25), 0.5);  // whole, and once
  cairo_path_destroy(path);

  // A ramp's line runs from edge to edge; of a saddle two pieces; nothing where there is no level.
  const float ramp[] = { 0, 1, 2, 0, 1, 2 }, saddle[] = { 1, 0, 0, 1 }, zeros[] = { 0, 0, 0, 0 };
  cairo_new_path(cr);
  pct_contour_path(cr, ramp, 2, 3, 0.5);
  double x0, y0, x1, y1;
  cairo_path_extents(cr, &x0, &y0, &x1, &y1);
  g_assert_true(x0 == 1 && x1 == 1 && y0 == 0 && y1 == 2);
  for (int i = 0; i < 2; i++) {
    cairo_new_path(cr);
    pct_contour_path(cr, saddle, 2, 2, i ? 0.6 : 0.4);
    path = cairo_copy_path(cr);
    // Across the middle: joined where it is above the level, else cut apart.
    gboolean cut = FALSE;
    for (int k = 0; k < path->num_data; k += path->data[k].header.length) {
      g_assert_cmpfloat(fabs(path->data[k + 1].point.x - 1), <=, 1);
      if (path->data[k].header.type == CAIRO_PATH_LINE_TO) {
        double middle_x = (path->data[k + 1].point.x + path->data[k - 1].point.x) / 2;
        double middle_y = (path->data[k + 1].point.y + path->data[k - 1].point.y) / 2;
        if (fabs(middle_x - 1) < 0.5 && fabs(middle_y - 1) < 0.5)  // of the middle square
          cut = cut || (middle_x < 1) == (middle_y < 1);           // round the upper left or the lower right corner
      }
    }
    cairo_path_destroy(path);
    g_assert_cmpint(cut, ==, i);
  }
  g_assert_true(isnan(pct_contour_level(zeros, 2, 2, 0.8)));
  cairo_new_path(cr);
  pct_contour_path(cr, zeros, 2, 2, NAN);
  g_assert_false(cairo_has_current_point(cr));
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
}

static void
test_bars(void)
{
  const float values[] = { 4, 2, 1, -2 };
  PctBarsPlot plot = { values, 4, G_MAXSIZE, NAN };
  cairo_surface_t *surface = draw(pct_bars_plot_draw, &plot, &pct_plot_theme_light, 40, 61);
  guint32 ground = packed(pct_plot_theme_light.background);
  g_assert_cmphex(pixel(surface, 4, 2), !=, ground);    // the strongest reaches the top
  g_assert_cmphex(pixel(surface, 14, 15), ==, ground);  // half as strong, half as high
  g_assert_cmphex(pixel(surface, 14, 25), !=, ground);
  g_assert_cmphex(pixel(surface, 34, 30), ==, ground);  // negative hangs below zero
  g_assert_cmphex(pixel(surface, 34, 50), !=, ground);
  cairo_surface_destroy(surface);
  g_assert_cmpuint(pct_bars_plot_find(&plot, 40, 25), ==, 2);
  g_assert_cmpuint(pct_bars_plot_find(&plot, 40, 41), ==, G_MAXSIZE);
  g_assert_cmpuint(pct_bars_plot_get_n_drawn(&plot, 6), ==, 2);
}

static void
test_curves(void)
{
  double x[50], up[50], down[50];
  for (int i = 0; i < 50; i++) {
    x[i] = i;
    up[i] = 0.01 * i;
    down[i] = i == 20 ? NAN : exp(-0.1 * i);
  }
  PctCurve curves[] = { { "rising", x, up, 50, FALSE }, { "falling", x, down, 50, FALSE }, { NULL, x, up, 50, TRUE } };
  PctCurvesPlot plot = PCT_CURVES_PLOT_DEFAULT;
  plot.curves = curves;
  plot.n_curves = 1;
  plot.x_maximum = 100;  // half the axis is still ahead
  plot.x_minimum = 0;
  cairo_surface_t *surface = draw(pct_curves_plot_draw, &plot, &pct_plot_theme_light, 300, 150);
  int first, last;
  g_assert_cmpint(find_colour(surface, packed(pct_plot_theme_light.series[0]), &first, &last), >, 20);
  g_assert_cmpint(last, >, 120);
  g_assert_cmpint(last, <, 180);
  g_assert_cmpint(find_colour(surface, packed(pct_plot_theme_light.series[1]), &first, &last), ==, 0);
  cairo_surface_destroy(surface);

  plot.n_curves = 3;
  plot.logarithmic = TRUE;
  plot.reference = 0.3;
  plot.reference_title = "ridge";
  plot.marked_x = 49;
  surface = draw(pct_curves_plot_draw, &plot, &pct_plot_theme_dark, 300, 150);
  g_assert_cmpint(find_colour(surface, packed(pct_plot_theme_dark.series[1]), &first, &last), >, 20);
  cairo_surface_destroy(surface);

  plot = PCT_CURVES_PLOT_DEFAULT;  // no curve yet, and no room either
  cairo_surface_destroy(draw(pct_curves_plot_draw, &plot, &pct_plot_theme_light, 300, 150));
  cairo_surface_destroy(draw(pct_curves_plot_draw, &plot, &pct_plot_theme_light, 3, 3));
}

static void
test_export(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("percept-plots-XXXXXX", &error);
  g_assert_no_error(error);
  const float values[] = { 1, 2, 3, -4 };
  PctDifferencePlot plot = { values, 2, 2, 4, TRUE };
  static const struct {
    const char *name, *magic;
  } kinds[] = { { "a.png", "\x89PNG" }, { "a.svg", "<?xml" }, { "A.PDF", "%PDF" } };
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autofree char *path = g_build_filename(folder, kinds[i].name, NULL), *content = NULL;
    g_assert_true(pct_plot_export(pct_difference_plot_draw, &plot, &pct_plot_theme_light, 100, 120, path, &error));
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_true(g_str_has_prefix(content, kinds[i].magic));
    if (i == 0) {
      cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
      g_assert_cmpint(cairo_image_surface_get_width(surface), ==, 200);
      cairo_surface_destroy(surface);
    }
    g_assert_cmpint(g_unlink(path), ==, 0);
  }
  g_autofree char *odd = g_build_filename(folder, "a.gif", NULL);
  g_assert_false(pct_plot_export(pct_difference_plot_draw, &plot, &pct_plot_theme_light, 100, 120, odd, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error(&error);
  g_autofree char *nowhere = g_build_filename(folder, "none", "a.png", NULL);
  g_assert_false(pct_plot_export(pct_difference_plot_draw, &plot, &pct_plot_theme_light, 100, 120, nowhere, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_rmdir(folder);
}

// The longest run of a colour down a column.
static int
find_run(cairo_surface_t *surface, int x, guint32 colour)
{
  int run = 0, most = 0;
  for (int y = 0; y < cairo_image_surface_get_height(surface); y++) {
    run = pixel(surface, x, y) == colour ? run + 1 : 0;
    most = MAX(most, run);
  }
  return most;
}

// Doublings are as far apart as each other, and a point's bar reaches as far as what it lies between, which is in view.
static void
test_curves_with_bars(void)
{
  const double x[] = { 100, 200, 400 }, y[] = { 1, 2, 3 }, low[] = { 0.9, 1, NAN }, high[] = { 1.1, 9, 4 };
  PctCurve curve = { NULL, x, y, 3, FALSE, low, high };
  PctCurvesPlot plot = PCT_CURVES_PLOT_DEFAULT;
  plot.curves = &curve;
  plot.n_curves = 1;
  plot.logarithmic_x = TRUE;
  guint32 colour = packed(pct_plot_theme_light.series[0]);
  cairo_surface_t *surface = draw(pct_curves_plot_draw, &plot, &pct_plot_theme_light, 400, 200);
  int first, last, tallest = 0, at = 0;
  g_assert_cmpint(find_colour(surface, colour, &first, &last), >, 0);
  for (int column = 0; column < 400; column++)
    if (find_run(surface, column, colour) > tallest) {
      tallest = find_run(surface, column, colour);
      at = column;
    }
  // The middle point's bar is eight of about nine units high, and stands half way.
  g_assert_cmpint(tallest, >, 120);
  g_assert_cmpint(ABS(2 * at - (first + last)), <=, 8);
  // The last point's is not known.
  g_assert_cmpint(find_run(surface, last - 1, colour), <, 12);
  cairo_surface_destroy(surface);
  plot.logarithmic_x = FALSE;
  surface = draw(pct_curves_plot_draw, &plot, &pct_plot_theme_light, 400, 200);
  find_colour(surface, colour, &first, &last);
  g_assert_cmpint(find_run(surface, first + (last - first) / 3, colour) +
                    find_run(surface, first + (last - first) / 3 + 1, colour) +
                    find_run(surface, first + (last - first) / 3 + 2, colour), >, 120);
  cairo_surface_destroy(surface);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plots/ticks", test_ticks);
  g_test_add_func("/plots/ticks-inside", test_ticks_inside);
  g_test_add_func("/plots/picture-is-crisp", test_picture_is_crisp);
  g_test_add_func("/plots/difference-is-symmetric", test_difference_is_symmetric);
  g_test_add_func("/plots/histogram-marks", test_histogram_marks);
  g_test_add_func("/plots/histogram-heights", test_histogram_heights);
  g_test_add_func("/plots/histogram-interval", test_histogram_interval);
  g_test_add_func("/plots/contour", test_contour);
  g_test_add_func("/plots/bars", test_bars);
  g_test_add_func("/plots/curves", test_curves);
  g_test_add_func("/plots/curves-with-bars", test_curves_with_bars);
  g_test_add_func("/plots/export", test_export);
  return g_test_run();
}
