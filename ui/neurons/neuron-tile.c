// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/neuron-tile.h"
#include "plots/picture.h"

#define LEAST_WIDTH 88
#define NATURAL_WIDTH 112
#define RADIUS 5.0
#define GAP 2  // pixels between the picture and the line below

struct _PctNeuronTile {
  GtkWidget parent_instance;
  int neuron;
  int height, width;         // of the picture
  cairo_surface_t *surface;  // NULL: none
  PangoLayout *number, *value;
  gboolean pinned;
  guint n_drawn;
};

G_DEFINE_FINAL_TYPE(PctNeuronTile, pct_neuron_tile, GTK_TYPE_WIDGET)

static int
line_height(PctNeuronTile *self)
{
  int height;
  pango_layout_get_pixel_size(self->number, NULL, &height);
  return height;
}

static void
draw_picture(PctNeuronTile *self, GtkSnapshot *snapshot, const GdkRGBA *colour)
{
  int width = gtk_widget_get_width(GTK_WIDGET(self));
  int height = gtk_widget_get_height(GTK_WIDGET(self)) - line_height(self) - GAP;
  PctPlotRectangle at = pct_picture_fit(self->height, self->width, width, height);
  if (at.width < 1 || at.height < 1)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo(
    snapshot, &GRAPHENE_RECT_INIT((float)at.x, (float)at.y, (float)at.width, (float)at.height));
  if (self->surface)
    pct_picture_surface_paint(cr, self->surface, at, RADIUS);
  else {
    pct_plot_rounded_rectangle(cr, at.x, at.y, at.width, at.height, RADIUS);
    cairo_set_source_rgba(cr, colour->red, colour->green, colour->blue, 0.08);
    cairo_fill(cr);
  }
  if (self->pinned) {
    GdkRGBA accent = { 0.2f, 0.5f, 0.9f, 1 };
    gtk_style_context_lookup_color(gtk_widget_get_style_context(GTK_WIDGET(self)), "accent_bg_color", &accent);
    cairo_arc(cr, at.x + at.width - 8, at.y + 8, 4.5, 0, 2 * G_PI);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_fill(cr);
    cairo_arc(cr, at.x + at.width - 8, at.y + 8, 3.5, 0, 2 * G_PI);
    cairo_set_source_rgb(cr, accent.red, accent.green, accent.blue);
    cairo_fill(cr);
  }
  cairo_destroy(cr);
}

static void
draw_layout(PctNeuronTile *self, GtkSnapshot *snapshot, PangoLayout *layout, float x, float alpha, GdkRGBA colour)
{
  int y = gtk_widget_get_height(GTK_WIDGET(self)) - line_height(self);
  colour.alpha *= alpha;
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(x, (float)y));
  gtk_snapshot_append_layout(snapshot, layout, &colour);
  gtk_snapshot_restore(snapshot);
}

static void
pct_neuron_tile_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  PctNeuronTile *self = PCT_NEURON_TILE(widget);
  int value_width;
  GdkRGBA colour;
  gtk_style_context_get_color(gtk_widget_get_style_context(widget), &colour);
  draw_picture(self, snapshot, &colour);
  pango_layout_get_pixel_size(self->value, &value_width, NULL);
  draw_layout(self, snapshot, self->number, 1, 1, colour);
  draw_layout(self, snapshot, self->value, (float)(gtk_widget_get_width(widget) - value_width - 1), 0.65f, colour);
  if (self->surface)
    self->n_drawn++;
}

static GtkSizeRequestMode
pct_neuron_tile_get_request_mode(GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pct_neuron_tile_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  PctNeuronTile *self = PCT_NEURON_TILE(widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = LEAST_WIDTH;
    *natural = NATURAL_WIDTH;
  } else {
    int width = for_size > 0 ? for_size : LEAST_WIDTH;
    *minimum = *natural = MAX(1, width * self->height / self->width) + GAP + line_height(self);
  }
}

// The layouts follow the widget's font, which the style may change (F11 presents in large type).
static void
pct_neuron_tile_css_changed(GtkWidget *widget, GtkCssStyleChange *change)
{
  PctNeuronTile *self = PCT_NEURON_TILE(widget);
  GTK_WIDGET_CLASS(pct_neuron_tile_parent_class)->css_changed(widget, change);
  pango_layout_context_changed(self->number);
  pango_layout_context_changed(self->value);
  gtk_widget_queue_resize(widget);
}

static void
pct_neuron_tile_finalize(GObject *object)
{
  PctNeuronTile *self = PCT_NEURON_TILE(object);
  g_clear_pointer(&self->surface, cairo_surface_destroy);
  g_clear_object(&self->number);
  g_clear_object(&self->value);
  G_OBJECT_CLASS(pct_neuron_tile_parent_class)->finalize(object);
}

static void
pct_neuron_tile_class_init(PctNeuronTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->finalize = pct_neuron_tile_finalize;
  widget_class->snapshot = pct_neuron_tile_snapshot;
  widget_class->measure = pct_neuron_tile_measure;
  widget_class->get_request_mode = pct_neuron_tile_get_request_mode;
  widget_class->css_changed = pct_neuron_tile_css_changed;
  gtk_widget_class_set_css_name(widget_class, "tile");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pct_neuron_tile_init(PctNeuronTile *self)
{
  self->neuron = -1;
  self->number = gtk_widget_create_pango_layout(GTK_WIDGET(self), "#0");
  self->value = gtk_widget_create_pango_layout(GTK_WIDGET(self), "");
}

GtkWidget *
pct_neuron_tile_new(int height, int width)
{
  PctNeuronTile *self = g_object_new(PCT_TYPE_NEURON_TILE, NULL);
  self->height = MAX(height, 1);
  self->width = MAX(width, 1);
  return GTK_WIDGET(self);
}

void
pct_neuron_tile_show(PctNeuronTile *self, int neuron, cairo_surface_t *surface, const char *value, const char *label)
{
  g_return_if_fail(PCT_IS_NEURON_TILE(self));
  char number[16];
  g_snprintf(number, sizeof number, "#%d", neuron);
  if (surface)
    cairo_surface_reference(surface);
  g_clear_pointer(&self->surface, cairo_surface_destroy);
  self->surface = surface;
  self->neuron = neuron;
  pango_layout_set_text(self->number, number, -1);
  pango_layout_set_text(self->value, value, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

int
pct_neuron_tile_get_neuron(PctNeuronTile *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_TILE(self), -1);
  return self->neuron;
}

void
pct_neuron_tile_set_pinned(PctNeuronTile *self, gboolean pinned)
{
  g_return_if_fail(PCT_IS_NEURON_TILE(self));
  if (pinned == self->pinned)
    return;
  self->pinned = pinned;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

guint
pct_neuron_tile_get_n_drawn(PctNeuronTile *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_TILE(self), 0);
  return self->n_drawn;
}
