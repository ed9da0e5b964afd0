// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/map-view.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>
#include "plot-view.h"
#include "plots/number-text.h"
#include "plots/scatter-map.h"

#define FARTHEST 10.0    // pixels from a click to the point meant
#define LEAST_MOVE 4.0   // pixels from one corner of a line to the next; less than that in all is a click

typedef struct {
  PctScatterMap plot;
  double *x, *y, *values;     // (M,)
  guint8 *shown, *selected;   // (M,)
  char *value_title;
} Figure;

struct _PctMapView {
  GtkWidget parent_instance;
  GtkWidget *plot;
  PctNeurons *neurons;
  PctNeuronList *list;
  PctNeuronMap map;
  PctNeuronColumn colour;
  GArray *line;      // of PctPlotPoint, pixels: being drawn, or
  GArray *lasso;     // of PctPlotPoint, in the map's units
  gboolean drawing;
};

G_DEFINE_FINAL_TYPE(PctMapView, pct_map_view, GTK_TYPE_WIDGET)

static const char *const names[] = { "cortex", "image" };

const char *
pct_neuron_map_get_name(PctNeuronMap map)
{
  return names[map];
}

gboolean
pct_neuron_map_from_name(const char *name, PctNeuronMap *map)
{
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_str_equal(name, names[i])) {
      *map = (PctNeuronMap)i;
      return TRUE;
    }
  return FALSE;
}

static void
figure_free(gpointer data)
{
  Figure *figure = data;
  g_free(figure->x);
  g_free(figure->y);
  g_free(figure->values);
  g_free(figure->shown);
  g_free(figure->selected);
  g_free(figure->value_title);
  g_free(figure);
}

static PctScatterFrame
find_frame(PctMapView *self, const Figure *figure)
{
  PctPlotTheme theme = pct_plot_view_theme(self->plot);
  return pct_scatter_map_find_frame(&figure->plot, &theme, gtk_widget_get_width(self->plot),
                                    gtk_widget_get_height(self->plot));
}

// The line as the plot draws it: the one under the hand, else the list's.
static void
show_lasso(PctMapView *self)
{
  Figure *figure = (Figure *)pct_plot_view_get_figure(PCT_PLOT_VIEW(self->plot));
  if (!figure)
    return;
  g_array_set_size(self->lasso, 0);
  if (self->drawing) {
    PctScatterFrame frame = find_frame(self, figure);
    for (guint i = 0; i < self->line->len; i++) {
      PctPlotPoint pixel = g_array_index(self->line, PctPlotPoint, i);
      PctPlotPoint corner = pct_scatter_map_to_data(&frame, pixel.x, pixel.y);
      g_array_append_val(self->lasso, corner);
    }
  } else {
    int n;
    const PctMapPoint *corners = pct_neuron_list_get_lasso(self->list, self->map, &n);
    for (int i = 0; i < n; i++) {
      PctPlotPoint corner = { corners[i].x, corners[i].y };
      g_array_append_val(self->lasso, corner);
    }
  }
  figure->plot.lasso = (const PctPlotPoint *)(gpointer)self->lasso->data;
  figure->plot.n_lasso = self->lasso->len;
  gtk_widget_queue_draw(self->plot);
}

static void
add_corner(PctMapView *self, double x, double y)
{
  PctPlotPoint point = { x, y };
  if (self->line->len > 0) {
    PctPlotPoint last = g_array_index(self->line, PctPlotPoint, self->line->len - 1);
    if (hypot(x - last.x, y - last.y) < LEAST_MOVE)
      return;
  }
  g_array_append_val(self->line, point);
}

static void
on_drag_begin(GtkGestureDrag *gesture, double x, double y, PctMapView *self)
{
  g_array_set_size(self->line, 0);
  add_corner(self, x, y);
}

static void
on_drag_update(GtkGestureDrag *gesture, double dx, double dy, PctMapView *self)
{
  double x, y;
  if (!gtk_gesture_drag_get_start_point(gesture, &x, &y))
    return;
  add_corner(self, x + dx, y + dy);
  self->drawing = self->line->len >= 2;
  if (self->drawing)
    show_lasso(self);
}

static void
choose_nearest(PctMapView *self, double x, double y)
{
  const Figure *figure = pct_plot_view_get_figure(PCT_PLOT_VIEW(self->plot));
  if (!figure)
    return;
  PctScatterFrame frame = find_frame(self, figure);
  PctPlotPoint at = pct_scatter_map_to_data(&frame, x, y);
  int nearest = pct_points_find_nearest(figure->x, figure->y, (int)figure->plot.n, (PctMapPoint){ at.x, at.y },
                                        fabs(frame.scale_x), fabs(frame.scale_y), FARTHEST);
  if (nearest >= 0)
    gtk_widget_activate_action(GTK_WIDGET(self), "neurons.choose", "i", nearest);
}

static void
on_drag_end(GtkGestureDrag *gesture, double dx, double dy, PctMapView *self)
{
  double x = 0, y = 0;
  gtk_gesture_drag_get_start_point(gesture, &x, &y);
  gboolean drawn = self->drawing;
  self->drawing = FALSE;
  if (!drawn) {
    choose_nearest(self, x, y);
    return;
  }
  GVariantBuilder corners;
  g_variant_builder_init(&corners, G_VARIANT_TYPE("a(dd)"));
  for (guint i = 0; i < self->lasso->len; i++) {
    PctPlotPoint corner = g_array_index(self->lasso, PctPlotPoint, i);
    g_variant_builder_add(&corners, "(dd)", corner.x, corner.y);
  }
  gtk_widget_activate_action(GTK_WIDGET(self), "neurons.lasso", "(sa(dd))", names[self->map], &corners);
  show_lasso(self);
}

static void
on_drag_cancel(PctMapView *self)
{
  self->drawing = FALSE;
  show_lasso(self);
}

static void
colour_points(PctMapView *self, Figure *figure)
{
  const double *values = pct_neurons_get_column(self->neurons, self->colour);
  if (!values)
    return;
  const char *unit = pct_column_get_unit(self->colour);
  figure->values = g_memdup2(values, figure->plot.n * sizeof *values);
  figure->value_title = *unit ? g_strdup_printf("%s, %s", pct_column_get_title(self->colour), unit)
                              : g_strdup(pct_column_get_title(self->colour));
  figure->plot.values = figure->values;
  figure->plot.value_title = figure->value_title;
  figure->plot.value_names = (const char *const *)pct_neurons_get_names(self->neurons, self->colour);
  figure->plot.period = self->colour == PCT_COLUMN_ORIENTATION ? 180 : 0;
}

static void
describe(PctMapView *self, const Figure *figure)
{
  g_autofree char *n = pct_number_text(pct_neuron_list_get_n(self->list), 0);
  g_autofree char *description =
    g_strdup_printf(_("%s neurons are shown; the list beside the map names them."), n);
  pct_plot_view_describe(PCT_PLOT_VIEW(self->plot),
                         self->map == PCT_MAP_CORTEX ? _("Map of the neurons on cortex")
                                                     : _("Map of the receptive fields on the image"),
                         description);
}

gboolean
pct_map_view_update(PctMapView *self, const guint8 *selected, int marked)
{
  g_return_val_if_fail(PCT_IS_MAP_VIEW(self), FALSE);
  PctMapPoints points;
  gboolean known = pct_neuron_map_get(self->neurons, self->map, &points);
  gtk_widget_set_visible(GTK_WIDGET(self), known);
  if (!known) {
    pct_plot_view_take_figure(PCT_PLOT_VIEW(self->plot), NULL, NULL);
    return FALSE;
  }
  gsize n = (gsize)points.n;
  Figure *figure = g_new0(Figure, 1);
  figure->x = g_memdup2(points.x, n * sizeof(double));
  figure->y = g_memdup2(points.y, n * sizeof(double));
  figure->shown = g_memdup2(pct_neuron_list_get_shown(self->list), n);
  figure->selected = selected ? g_memdup2(selected, n) : NULL;
  figure->plot = PCT_SCATTER_MAP_DEFAULT;
  figure->plot.x = figure->x;
  figure->plot.y = figure->y;
  figure->plot.n = n;
  figure->plot.x_least = points.least.x;
  figure->plot.y_least = points.least.y;
  figure->plot.x_most = points.most.x;
  figure->plot.y_most = points.most.y;
  figure->plot.equal = TRUE;
  figure->plot.y_down = figure->plot.frame = self->map == PCT_MAP_IMAGE;
  // A whole population within a few micrometres is a recording in other units than its format says.
  gboolean metric = points.most.x - points.least.x >= 20;
  double degrees = pct_project_get_degrees_per_pixel(pct_neurons_get_project(self->neurons));
  if (self->map == PCT_MAP_CORTEX) {
    figure->plot.scale_unit = metric ? _("µm") : NULL;
  } else if (!isnan(degrees)) {
    figure->plot.scale_unit = "°";
    figure->plot.scale_units = degrees;
  }
  figure->plot.shown = figure->shown;
  figure->plot.selected = figure->selected;
  figure->plot.marked = marked;
  colour_points(self, figure);
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->plot), figure, figure_free);
  show_lasso(self);
  describe(self, figure);
  return TRUE;
}

void
pct_map_view_set_colour(PctMapView *self, PctNeuronColumn column)
{
  g_return_if_fail(PCT_IS_MAP_VIEW(self));
  self->colour = column;
}

static void
pct_map_view_dispose(GObject *object)
{
  PctMapView *self = PCT_MAP_VIEW(object);
  g_clear_pointer(&self->plot, gtk_widget_unparent);
  g_clear_object(&self->neurons);
  g_clear_object(&self->list);
  G_OBJECT_CLASS(pct_map_view_parent_class)->dispose(object);
}

static void
pct_map_view_finalize(GObject *object)
{
  g_array_unref(PCT_MAP_VIEW(object)->line);
  g_array_unref(PCT_MAP_VIEW(object)->lasso);
  G_OBJECT_CLASS(pct_map_view_parent_class)->finalize(object);
}

static void
pct_map_view_class_init(PctMapViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_map_view_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_map_view_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_map_view_init(PctMapView *self)
{
  self->line = g_array_new(FALSE, FALSE, sizeof(PctPlotPoint));
  self->lasso = g_array_new(FALSE, FALSE, sizeof(PctPlotPoint));
  self->colour = PCT_COLUMN_ORIENTATION;
}

GtkWidget *
pct_map_view_new(PctNeurons *neurons, PctNeuronList *list, PctNeuronMap map)
{
  PctMapView *self = g_object_new(PCT_TYPE_MAP_VIEW, NULL);
  self->neurons = g_object_ref(neurons);
  self->list = g_object_ref(list);
  self->map = map;
  self->plot = pct_plot_view_new(pct_scatter_map_draw, 120, 172);
  gtk_widget_set_cursor_from_name(self->plot, "crosshair");
  gtk_widget_set_tooltip_text(self->plot, _("Draw a line around points to keep to those neurons; click to choose one"));
  GtkGesture *drag = gtk_gesture_drag_new();
  g_signal_connect_object(drag, "drag-begin", G_CALLBACK(on_drag_begin), self, 0);
  g_signal_connect_object(drag, "drag-update", G_CALLBACK(on_drag_update), self, 0);
  g_signal_connect_object(drag, "drag-end", G_CALLBACK(on_drag_end), self, 0);
  g_signal_connect_object(drag, "cancel", G_CALLBACK(on_drag_cancel), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller(self->plot, GTK_EVENT_CONTROLLER(drag));
  gtk_widget_set_parent(self->plot, GTK_WIDGET(self));
  return GTK_WIDGET(self);
}
