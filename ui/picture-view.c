// SPDX-License-Identifier: GPL-3.0-or-later
// The picture is kept as a cairo surface of one pixel each; a draw is one enlarged copy of it.
#include "config.h"
#include "picture-view.h"
#include <glib/gi18n.h>
#include <math.h>
#include "plot-view.h"
#include "plots/contour.h"
#include "plots/difference.h"
#include "plots/picture.h"
#include "plots/scale-bar.h"

#define RADIUS 6.0

// Yellow stands out from every grey, and from a difference's blue and red.
const GdkRGBA pct_picture_view_contour_colour = { 0.97f, 0.84f, 0.25f, 1 };

struct _PctPictureView {
  GtkWidget parent_instance;
  cairo_surface_t *surface;  // NULL: nothing to show
  int height, width;         // of the picture, also while there is none
  int least_width, natural_width;
  gboolean follow_width, marked, difference;
  GdkRectangle rectangle;
  float *contour;  // (contour_height, contour_width); NULL: none
  int contour_height, contour_width;
  double level;
  guint serial;
  double degrees;  // a pixel; NAN: unknown
  gboolean scale_bar;
};

G_DEFINE_FINAL_TYPE(PctPictureView, pct_picture_view, GTK_TYPE_WIDGET)

static void
draw_contour(PctPictureView *self, cairo_t *cr, PctPlotRectangle at)
{
  const GdkRGBA *colour = &pct_picture_view_contour_colour;
  cairo_save(cr);
  cairo_rectangle(cr, at.x, at.y, at.width, at.height);
  cairo_clip(cr);
  cairo_save(cr);
  cairo_translate(cr, at.x, at.y);
  cairo_scale(cr, at.width / self->width, at.height / self->height);
  pct_contour_path(cr, self->contour, self->height, self->width, self->level);
  cairo_restore(cr);  // the line's width is the screen's
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_source_rgba(cr, 0, 0, 0, 0.45);  // a dark rim, for white pictures
  cairo_set_line_width(cr, 3);
  cairo_stroke_preserve(cr);
  cairo_set_source_rgb(cr, colour->red, colour->green, colour->blue);
  cairo_set_line_width(cr, 1.5);
  cairo_stroke(cr);
  cairo_restore(cr);
}

// Lengths in degrees: of the rectangle, above it where there is room, else inside; and of a bar.
static void
draw_degrees(PctPictureView *self, cairo_t *cr, PctPlotRectangle at)
{
  PctPlotTheme theme = pct_plot_view_theme(GTK_WIDGET(self));
  double scale = at.width / self->width;
  if (self->scale_bar)
    pct_scale_bar_draw(cr, &theme, at.x + at.width - 8, at.y + at.height - 8, at.width / 4, scale / self->degrees, "°");
  if (!self->marked)
    return;
  g_autofree char *wide = pct_degrees_text(self->rectangle.width, self->degrees);
  g_autofree char *high = pct_degrees_text(self->rectangle.height, self->degrees);
  // Translators: the size of a region, in pixels, then in degrees of the visual field.
  g_autofree char *text = g_strdup_printf(_("%d × %d px, %s × %s"), self->rectangle.width, self->rectangle.height, wide,
                                          high);
  double line = theme.text_size * 1.3 + 8, top = at.y + self->rectangle.y * scale;
  double width = pct_plot_measure_text(cr, &theme, 1, FALSE, text, NULL) + 8;
  double x = MIN(at.x + self->rectangle.x * scale, at.x + at.width - width);
  pct_scale_label_draw(cr, &theme, MAX(x, at.x), top >= at.y + line ? top - line : top + 4, text);
}

static void
pct_picture_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  PctPictureView *self = PCT_PICTURE_VIEW(widget);
  PctPlotRectangle at = pct_picture_fit(self->height, self->width, gtk_widget_get_width(widget),
                                        gtk_widget_get_height(widget));
  if (at.width < 1 || at.height < 1)
    return;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT((float)at.x, (float)at.y, (float)at.width, (float)at.height);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &bounds);
  if (self->surface)
    pct_picture_surface_paint(cr, self->surface, at, RADIUS);
  else {
    GdkRGBA colour;
    gtk_style_context_get_color(gtk_widget_get_style_context(widget), &colour);
    pct_plot_rounded_rectangle(cr, at.x, at.y, at.width, at.height, RADIUS);
    cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, 0.08);
    cairo_fill(cr);
  }
  if (self->surface && self->difference) {  // white on a white card needs an edge
    pct_plot_rounded_rectangle(cr, at.x + 0.5, at.y + 0.5, at.width - 1, at.height - 1, RADIUS);
    cairo_set_source_rgba(cr, 0.5, 0.5, 0.5, 0.35);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
  }
  if (self->surface && self->marked) {
    double scale = at.width / self->width;
    pct_plot_rounded_rectangle(cr, at.x + self->rectangle.x * scale, at.y + self->rectangle.y * scale,
                               self->rectangle.width * scale, self->rectangle.height * scale, 2);
    cairo_set_source_rgba(cr, 0, 0, 0, 0.45);  // a dark rim, for white pictures
    cairo_set_line_width(cr, 4);
    cairo_stroke_preserve(cr);
    cairo_set_source_rgb(cr, 1, 0.75, 0.44);
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
  }
  if (self->surface && self->contour && self->contour_height == self->height && self->contour_width == self->width)
    draw_contour(self, cr, at);
  if (self->surface && !isnan(self->degrees))
    draw_degrees(self, cr, at);
  cairo_destroy(cr);
}

static GtkSizeRequestMode
pct_picture_view_get_request_mode(GtkWidget *widget)
{
  return PCT_PICTURE_VIEW(widget)->follow_width ? GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
pct_picture_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  PctPictureView *self = PCT_PICTURE_VIEW(widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = self->least_width;
    *natural = MAX(self->least_width, self->natural_width);
  } else if (self->follow_width && for_size > 0)
    *minimum = *natural = MAX(1, for_size * self->height / self->width);
  else {
    *minimum = MAX(1, self->least_width * self->height / self->width);
    *natural = MAX(1, MAX(self->least_width, self->natural_width) * self->height / self->width);
  }
}

static void
pct_picture_view_finalize(GObject *object)
{
  g_clear_pointer(&PCT_PICTURE_VIEW(object)->surface, cairo_surface_destroy);
  g_free(PCT_PICTURE_VIEW(object)->contour);
  G_OBJECT_CLASS(pct_picture_view_parent_class)->finalize(object);
}

static void
pct_picture_view_class_init(PctPictureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->finalize = pct_picture_view_finalize;
  widget_class->snapshot = pct_picture_view_snapshot;
  widget_class->measure = pct_picture_view_measure;
  widget_class->get_request_mode = pct_picture_view_get_request_mode;
  gtk_widget_class_set_css_name(widget_class, "pixels");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pct_picture_view_init(PctPictureView *self)
{
  self->height = 36;
  self->width = 64;
  self->least_width = 64;
  self->natural_width = 256;
  self->degrees = NAN;
}

GtkWidget *
pct_picture_view_new(void)
{
  return g_object_new(PCT_TYPE_PICTURE_VIEW, NULL);
}

static void
take_surface(PctPictureView *self, cairo_surface_t *surface, int height, int width)
{
  g_clear_pointer(&self->surface, cairo_surface_destroy);
  self->surface = surface;
  self->serial++;
  if (height != self->height || width != self->width) {
    self->height = height;
    self->width = width;
    gtk_widget_queue_resize(GTK_WIDGET(self));
  } else
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
pct_picture_view_set_pixels(PctPictureView *self, const float *pixels, int height, int width)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self) && pixels && height > 0 && width > 0);
  self->difference = FALSE;
  take_surface(self, pct_picture_surface_new(pixels, height, width), height, width);
}

void
pct_picture_view_set_difference(PctPictureView *self, const float *values, int height, int width, double limit)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self) && values && height > 0 && width > 0 && limit > 0);
  self->difference = TRUE;
  take_surface(self, pct_difference_surface_new(values, height, width, limit), height, width);
}

void
pct_picture_view_clear(PctPictureView *self)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self));
  if (self->surface)
    take_surface(self, NULL, self->height, self->width);
}

void
pct_picture_view_set_size(PctPictureView *self, int least_width, int natural_width, gboolean follow_width)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self) && least_width > 0);
  self->least_width = least_width;
  self->natural_width = natural_width;
  self->follow_width = follow_width;
  gtk_widget_queue_resize(GTK_WIDGET(self));
}

void
pct_picture_view_set_rectangle(PctPictureView *self, const GdkRectangle *pixels)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self));
  self->marked = pixels != NULL;
  if (pixels)
    self->rectangle = *pixels;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

gboolean
pct_picture_view_get_rectangle(PctPictureView *self, GdkRectangle *pixels)
{
  g_return_val_if_fail(PCT_IS_PICTURE_VIEW(self), FALSE);
  if (self->marked)
    *pixels = self->rectangle;
  return self->marked;
}

void
pct_picture_view_get_shape(PctPictureView *self, int *height, int *width)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self));
  *height = self->height;
  *width = self->width;
}

void
pct_picture_view_get_pixel(PctPictureView *self, double x, double y, int *column, int *row)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self));
  PctPlotRectangle at = pct_picture_fit(self->height, self->width, gtk_widget_get_width(GTK_WIDGET(self)),
                                        gtk_widget_get_height(GTK_WIDGET(self)));
  *column = (int)CLAMP((x - at.x) / MAX(at.width, 1) * self->width, 0, self->width - 1);
  *row = (int)CLAMP((y - at.y) / MAX(at.height, 1) * self->height, 0, self->height - 1);
}

void
pct_picture_view_set_degrees(PctPictureView *self, double degrees_per_pixel, gboolean scale_bar)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self));
  self->degrees = degrees_per_pixel;
  self->scale_bar = scale_bar;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
pct_picture_view_set_contour(PctPictureView *self, const float *values, int height, int width, double level)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self) && (!values || (height > 0 && width > 0)));
  g_free(self->contour);
  self->contour = values ? g_memdup2(values, (gsize)height * width * sizeof *values) : NULL;
  self->contour_height = height;
  self->contour_width = width;
  self->level = level;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
pct_picture_view_set_label(PctPictureView *self, const char *label)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(self) && label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

guint
pct_picture_view_get_serial(PctPictureView *self)
{
  g_return_val_if_fail(PCT_IS_PICTURE_VIEW(self), 0);
  return self->serial;
}
