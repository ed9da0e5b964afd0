// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "plot-view.h"
#include <adwaita.h>
#include "plots/export.h"

struct _PctPlotView {
  GtkWidget parent_instance;
  PctPlotDrawFunc draw;
  int least_width, least_height;
  gpointer figure;
  GDestroyNotify destroy;
};

G_DEFINE_FINAL_TYPE(PctPlotView, pct_plot_view, GTK_TYPE_WIDGET)

PctPlotTheme
pct_plot_view_theme(GtkWidget *widget)
{
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_for_display(gtk_widget_get_display(widget)));
  PctPlotTheme theme = dark ? pct_plot_theme_dark : pct_plot_theme_light;
  GtkStyleContext *style = gtk_widget_get_style_context(widget);
  GdkRGBA colour;
  gtk_style_context_get_color(style, &colour);
  theme.text = (PctColour){ colour.red, colour.green, colour.blue };
  if (gtk_style_context_lookup_color(style, "accent_color", &colour))
    theme.accent = (PctColour){ colour.red, colour.green, colour.blue };

  const PangoFontDescription *font = pango_context_get_font_description(gtk_widget_get_pango_context(widget));
  // The family lives as long as the widget's context, which outlives the drawing.
  theme.family = pango_font_description_get_family(font) ?: theme.family;
  double size = pango_font_description_get_size(font) / (double)PANGO_SCALE;
  if (!pango_font_description_get_size_is_absolute(font))
    size *= pango_cairo_context_get_resolution(gtk_widget_get_pango_context(widget)) / 72;
  if (size > 0)
    theme.text_size = size * 0.8;  // as the caption style: a figure's numbers are not its headline
  return theme;
}

static void
pct_plot_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  PctPlotView *self = PCT_PLOT_VIEW(widget);
  int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  if (!self->figure || width <= 0 || height <= 0)
    return;
  PctPlotTheme theme = pct_plot_view_theme(widget);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
  self->draw(self->figure, &theme, cr, width, height);
  cairo_destroy(cr);
}

static void
pct_plot_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  PctPlotView *self = PCT_PLOT_VIEW(widget);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? self->least_width : self->least_height;
}

static void
pct_plot_view_finalize(GObject *object)
{
  PctPlotView *self = PCT_PLOT_VIEW(object);
  if (self->figure && self->destroy)
    self->destroy(self->figure);
  G_OBJECT_CLASS(pct_plot_view_parent_class)->finalize(object);
}

static void
pct_plot_view_class_init(PctPlotViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->finalize = pct_plot_view_finalize;
  widget_class->snapshot = pct_plot_view_snapshot;
  widget_class->measure = pct_plot_view_measure;
  gtk_widget_class_set_css_name(widget_class, "plot");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pct_plot_view_init(PctPlotView *self)
{
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  // A change between light and dark changes no size, so nobody else has it redrawn.
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *
pct_plot_view_new(PctPlotDrawFunc draw, int least_width, int least_height)
{
  PctPlotView *self = g_object_new(PCT_TYPE_PLOT_VIEW, NULL);
  self->draw = draw;
  self->least_width = least_width;
  self->least_height = least_height;
  return GTK_WIDGET(self);
}

void
pct_plot_view_take_figure(PctPlotView *self, gpointer figure, GDestroyNotify destroy)
{
  g_return_if_fail(PCT_IS_PLOT_VIEW(self));
  if (self->figure && self->destroy)
    self->destroy(self->figure);
  self->figure = figure;
  self->destroy = destroy;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

gconstpointer
pct_plot_view_get_figure(PctPlotView *self)
{
  g_return_val_if_fail(PCT_IS_PLOT_VIEW(self), NULL);
  return self->figure;
}

void
pct_plot_view_describe(PctPlotView *self, const char *label, const char *description)
{
  g_return_if_fail(PCT_IS_PLOT_VIEW(self));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description ? description : "", -1);
}

gboolean
pct_plot_view_export(PctPlotView *self, const char *path, GError **error)
{
  g_return_val_if_fail(PCT_IS_PLOT_VIEW(self) && self->figure, FALSE);
  int width = MAX(gtk_widget_get_width(GTK_WIDGET(self)), self->least_width);
  int height = MAX(gtk_widget_get_height(GTK_WIDGET(self)), self->least_height);
  return pct_plot_export(self->draw, self->figure, &pct_plot_theme_light, MAX(width, 1), MAX(height, 1), path, error);
}
