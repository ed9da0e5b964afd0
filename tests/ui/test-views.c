// SPDX-License-Identifier: GPL-3.0-or-later
// The widgets that show numbers as pictures, in a real window: what is on the screen is what was set, crisp; a slider
// knows when it is beyond what was observed. Skipped where there is no display.
#include <adwaita.h>
#include <math.h>
#include <string.h>
#include "picture-view.h"
#include "plot-view.h"
#include "plots/histogram.h"
#include "slide/response-scale.h"

static gboolean
set_flag(gpointer flag)
{
  *(gboolean *)flag = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin(guint milliseconds)
{
  gboolean done = FALSE;
  g_timeout_add(milliseconds, set_flag, &done);
  while (!done)
    g_main_context_iteration(NULL, TRUE);
}

static GtkWidget *
present(GtkWidget *child, int width, int height)
{
  GtkWidget *window = gtk_window_new();
  gtk_window_set_default_size(GTK_WINDOW(window), width, height);
  gtk_window_set_child(GTK_WINDOW(window), child);
  gtk_window_present(GTK_WINDOW(window));
  for (int i = 0; i < 100 && gtk_widget_get_width(child) <= 0; i++)
    spin(20);
  g_assert_cmpint(gtk_widget_get_width(child), >, 0);
  return window;
}

// The widget as its own snapshot draws it, (height, stride) of BGRA.
static cairo_surface_t *
render(GtkWidget *widget)
{
  int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  GtkSnapshot *snapshot = gtk_snapshot_new();
  GTK_WIDGET_GET_CLASS(widget)->snapshot(widget, snapshot);
  GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  if (node) {
    cairo_t *cr = cairo_create(surface);
    gsk_render_node_draw(node, cr);
    cairo_destroy(cr);
    gsk_render_node_unref(node);
  }
  cairo_surface_flush(surface);
  return surface;
}

static guint32
pixel(cairo_surface_t *surface, int x, int y)
{
  guint32 value;
  memcpy(&value, cairo_image_surface_get_data(surface) + (gsize)y * cairo_image_surface_get_stride(surface) + 4 * x, 4);
  return value & 0xffffff;
}

static void
test_picture_is_crisp(void)
{
  float pixels[6 * 8];
  for (int i = 0; i < 48; i++)
    pixels[i] = (float)(5 * i);
  GtkWidget *view = pct_picture_view_new();
  pct_picture_view_set_size(PCT_PICTURE_VIEW(view), 80, 160, TRUE);
  pct_picture_view_set_label(PCT_PICTURE_VIEW(view), "Six by eight");
  gtk_widget_set_valign(view, GTK_ALIGN_START);
  pct_picture_view_set_pixels(PCT_PICTURE_VIEW(view), pixels, 6, 8);
  g_assert_cmpuint(pct_picture_view_get_serial(PCT_PICTURE_VIEW(view)), ==, 1);
  GtkWidget *window = present(view, 320, 400);
  int width = gtk_widget_get_width(view), height = gtk_widget_get_height(view);
  g_assert_cmpint(height, ==, width * 6 / 8);
  cairo_surface_t *surface = render(view);
  double step = width / 8.0;
  for (int y = 0; y < 6; y++)
    for (int x = 0; x < 8; x++)
      if ((x > 0 && x < 7) || (y > 0 && y < 5))  // corners are round
        for (int d = 1; d <= 9; d += 4)
          g_assert_cmphex(pixel(surface, (int)(x * step + d * step / 10), (int)(y * step + d * step / 10)), ==,
                          (guint32)pixels[y * 8 + x] * 0x010101);
  g_assert_cmphex(pixel(surface, 0, 0), ==, 0);
  cairo_surface_destroy(surface);

  GdkRectangle rectangle = { 2, 2, 3, 2 };
  pct_picture_view_set_rectangle(PCT_PICTURE_VIEW(view), &rectangle);
  surface = render(view);
  g_assert_cmphex(pixel(surface, (int)(3.5 * step), (int)(2 * step)), ==, 0xffbf70);
  cairo_surface_destroy(surface);

  float difference[48] = { 0 };
  difference[20] = -3;
  difference[21] = 6;
  pct_picture_view_set_rectangle(PCT_PICTURE_VIEW(view), NULL);
  pct_picture_view_set_difference(PCT_PICTURE_VIEW(view), difference, 6, 8, 6);
  surface = render(view);
  g_assert_cmphex(pixel(surface, (int)(4.5 * step), (int)(2.5 * step)), ==, 0x8080ff);
  g_assert_cmphex(pixel(surface, (int)(5.5 * step), (int)(2.5 * step)), ==, 0xff0000);
  g_assert_cmphex(pixel(surface, (int)(1.5 * step), (int)(2.5 * step)), ==, 0xffffff);
  cairo_surface_destroy(surface);
  // A line between the third and the fourth column stays over any picture of this shape.
  float map[48];
  for (int i = 0; i < 48; i++)
    map[i] = i % 8 < 3 ? 1 : 0;
  pct_picture_view_set_contour(PCT_PICTURE_VIEW(view), map, 6, 8, 0.5);
  pct_picture_view_set_pixels(PCT_PICTURE_VIEW(view), pixels, 6, 8);
  surface = render(view);
  guint32 colour = pixel(surface, (int)(3 * step), (int)(2.5 * step));
  g_assert_cmpint((int)(colour >> 16), >, (int)(colour & 255) + 80);  // yellow, on grey
  g_assert_cmphex(pixel(surface, (int)(5.5 * step), (int)(2.5 * step)), ==, (guint32)pixels[2 * 8 + 5] * 0x010101);
  cairo_surface_destroy(surface);
  pct_picture_view_set_contour(PCT_PICTURE_VIEW(view), NULL, 0, 0, 0);
  surface = render(view);
  g_assert_cmphex(pixel(surface, (int)(3.05 * step), (int)(2.5 * step)) & 0xff, ==, (guint32)pixels[2 * 8 + 3]);
  cairo_surface_destroy(surface);
  pct_picture_view_set_difference(PCT_PICTURE_VIEW(view), difference, 6, 8, 6);
  pct_picture_view_clear(PCT_PICTURE_VIEW(view));
  surface = render(view);
  g_assert_cmphex(pixel(surface, (int)(5.5 * step), (int)(2.5 * step)), !=, 0xff0000);
  cairo_surface_destroy(surface);
  gtk_window_destroy(GTK_WINDOW(window));
}

static int n_freed;

static void
free_histogram(gpointer data)
{
  n_freed++;
  g_free(data);
}

static void
test_plot_view(void)
{
  static const float values[] = { 0.1f, 0.2f, 0.2f, 0.9f };
  GtkWidget *view = pct_plot_view_new(pct_histogram_plot_draw, 120, 40);
  pct_plot_view_describe(PCT_PLOT_VIEW(view), "PixCorr of all images", NULL);
  GtkWidget *window = present(view, 300, 120);
  cairo_surface_destroy(render(view));  // nothing set yet
  for (int i = 0; i < 2; i++) {
    PctHistogramPlot *plot = g_new0(PctHistogramPlot, 1);
    *plot = (PctHistogramPlot){ .values = values, .n = 4, .minimum = 0, .maximum = 1, .marked = 0.5 };
    pct_plot_view_take_figure(PCT_PLOT_VIEW(view), plot, free_histogram);
  }
  g_assert_cmpint(n_freed, ==, 1);
  cairo_surface_t *surface = render(view);
  PctPlotTheme theme = pct_plot_view_theme(view);
  g_assert_cmphex(pixel(surface, gtk_widget_get_width(view) / 2, 3) >> 16, ==, (guint32)(theme.text.red * 255 + 0.5));
  cairo_surface_destroy(surface);
  g_autoptr(PctPlotView) kept = g_object_ref(PCT_PLOT_VIEW(view));
  gtk_window_destroy(GTK_WINDOW(window));
  spin(20);
  g_assert_finalize_object(g_steal_pointer(&kept));
  g_assert_cmpint(n_freed, ==, 2);
}

static void
test_response_scale(void)
{
  GtkWidget *widget = pct_response_scale_new();
  PctResponseScale *scale = PCT_RESPONSE_SCALE(widget);
  pct_response_scale_set_range(scale, 0, 4, 1);
  GtkWidget *window = present(widget, 300, 60);
  gtk_range_set_value(GTK_RANGE(scale), 1);
  g_assert_false(pct_response_scale_is_beyond(scale));
  spin(100);  // a range lays out its slider again after every change
  cairo_surface_destroy(render(widget));
  gtk_range_set_value(GTK_RANGE(scale), 4);
  g_assert_false(pct_response_scale_is_beyond(scale));
  gtk_range_set_value(GTK_RANGE(scale), 100);  // stops at a quarter of the span beyond
  g_assert_cmpfloat_with_epsilon(gtk_range_get_value(GTK_RANGE(scale)), 5, 1e-9);
  g_assert_true(pct_response_scale_is_beyond(scale));
  pct_response_scale_set_range(scale, 0, 4, 8);  // a recorded value beyond the range of means is still reachable
  gtk_range_set_value(GTK_RANGE(scale), 8);
  g_assert_cmpfloat_with_epsilon(gtk_range_get_value(GTK_RANGE(scale)), 8, 1e-9);
  pct_response_scale_set_range(scale, 2, 2, 2);  // a neuron that never varied
  g_assert_cmpfloat(gtk_adjustment_get_upper(gtk_range_get_adjustment(GTK_RANGE(scale))), >, 2);
  gtk_window_destroy(GTK_WINDOW(window));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_test_skip("no display");
    g_print("1..0 # SKIP no display\n");
    return 0;
  }
  adw_init();
  g_test_add_func("/views/picture-is-crisp", test_picture_is_crisp);
  g_test_add_func("/views/plot-view", test_plot_view);
  g_test_add_func("/views/response-scale", test_response_scale);
  return g_test_run();
}
