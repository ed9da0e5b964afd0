// SPDX-License-Identifier: GPL-3.0-or-later
// Invariant: the flow box has a child for every vector of the sweep; a child whose picture is not there yet is an empty
// frame, so that the strip has its size from the start.
#include "config.h"
#include "slide/sweep-strip.h"
#include <glib/gi18n.h>
#include "picture-view.h"
#include "plots/number-text.h"

#define LEAST_WIDTH 56
#define NATURAL_WIDTH 122
#define NATURAL_GRID 88
#define GRID_HEIGHT 220  // what is seen of a grid at once

struct _PctSweepStrip {
  GtkWidget parent_instance;
  GtkWidget *scroller, *flow;
  PctSlideSweep *sweep;
  GPtrArray *shown;  // PctPicture or NULL: what the children show, by reference
  int height, width;  // of a picture
  guint n_columns;
  int nearest, playing;
};

G_DEFINE_FINAL_TYPE(PctSweepStrip, pct_sweep_strip, GTK_TYPE_WIDGET)

static guint taken_signal;

static char *
grid_text(const PctSweepRecipe *recipe, const float *values, gboolean whole)
{
  g_autofree char *row = pct_number_text(values[0], 2), *column = pct_number_text(values[1], 2);
  if (!whole)
    return g_strdup_printf("%s · %s", row, column);
  return g_strdup_printf(_("Neuron %d at %s, neuron %d at %s"), recipe->neurons[0], row, recipe->neurons[1], column);
}

static char *
repeat_text(const PctSweepRecipe *recipe, int value, int n, gboolean whole)
{
  if (recipe->image < 0)
    return g_strdup_printf(_("trial %d"), value + 1);  // counted as the bar above counts them
  return whole ? g_strdup_printf(_("%d of %d trials are those of image %d"), value, n - 1, recipe->image)
               : g_strdup_printf(_("%d of %d"), value, n - 1);
}

char *
pct_sweep_dup_text(PctSlideSweep *sweep, guint i, gboolean whole)
{
  const PctSweep *made = pct_slide_sweep_get_sweep(sweep);
  const PctSweepRecipe *recipe = pct_slide_sweep_get_recipe(sweep);
  if (!made || i >= made->n)
    return NULL;
  const float *values = made->values + 2 * (gsize)i;
  g_autofree char *number = pct_number_text(values[0], 2);
  switch (made->kind) {
    case PCT_SWEEP_GRID: return grid_text(recipe, values, whole);
    case PCT_SWEEP_REPEATS: return repeat_text(recipe, (int)values[0], (int)made->n, whole);
    case PCT_SWEEP_WALK:
      return whole ? g_strdup_printf(_("%.0f %% of the way to image %d"), 100.0 * values[0], recipe->image)
                   : g_strdup_printf(_("%.0f %%"), 100.0 * values[0]);
    case PCT_SWEEP_ALONE:
    case PCT_SWEEP_COMPANIONS:
    default:
      return whole ? g_strdup_printf(_("Neuron %d at %s"), recipe->neurons[0], number) : g_steal_pointer(&number);
  }
}

static GtkWidget *
get_view(GtkFlowBoxChild *child)
{
  return gtk_widget_get_first_child(gtk_flow_box_child_get_child(child));
}

static GtkFlowBoxChild *
get_child(PctSweepStrip *self, int i)
{
  return i >= 0 ? gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(self->flow), i) : NULL;
}

// Somebody who does not see the strip hears it; the tooltip says the same.
static void
name_child(PctSweepStrip *self, int i)
{
  GtkFlowBoxChild *child = get_child(self, i);
  g_autofree char *text = pct_sweep_dup_text(self->sweep, (guint)i, TRUE);
  if (!child || !text)
    return;
  g_autofree char *name = i == self->nearest ? g_strdup_printf(_("%s, nearest to what is set"), text) : g_strdup(text);
  if (g_strcmp0(name, gtk_widget_get_tooltip_text(GTK_WIDGET(child))) == 0)
    return;
  gtk_accessible_update_property(GTK_ACCESSIBLE(child), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  pct_picture_view_set_label(PCT_PICTURE_VIEW(get_view(child)), name);
  gtk_widget_set_tooltip_text(GTK_WIDGET(child), name);
}

static GtkWidget *
make_child(PctSweepStrip *self, gboolean grid)
{
  int natural = grid ? NATURAL_GRID : NATURAL_WIDTH;
  GtkWidget *view = pct_picture_view_new(), *label = gtk_label_new(NULL);
  // Where there is less room they get narrower, and all stay in sight; the strip is as high as ever.
  pct_picture_view_set_size(PCT_PICTURE_VIEW(view), LEAST_WIDTH, natural, FALSE);
  gtk_widget_set_size_request(view, -1, natural * self->height / self->width);
  gtk_widget_add_css_class(label, "caption");
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_add_css_class(label, "numeric");
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
  gtk_box_append(GTK_BOX(box), view);
  gtk_box_append(GTK_BOX(box), label);
  return box;
}

// As many children as there are vectors, in rows as long as the sweep's.
static void
resize(PctSweepStrip *self, guint n, guint n_columns, gboolean grid)
{
  if (n == self->shown->len && n_columns == self->n_columns)
    return;
  GtkFlowBox *flow = GTK_FLOW_BOX(self->flow);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(self->flow)))
    gtk_flow_box_remove(flow, child);
  g_ptr_array_set_size(self->shown, 0);
  g_ptr_array_set_size(self->shown, (int)n);
  self->n_columns = n_columns;
  self->nearest = self->playing = -1;
  gtk_flow_box_set_min_children_per_line(flow, 1);
  gtk_flow_box_set_max_children_per_line(flow, MAX(n_columns, 1));
  gtk_flow_box_set_min_children_per_line(flow, MAX(n_columns, 1));
  for (guint i = 0; i < n; i++)
    gtk_flow_box_insert(flow, make_child(self, grid), -1);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scroller), GTK_POLICY_AUTOMATIC,
                                 grid ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER);
  gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(self->scroller), grid ? GRID_HEIGHT : -1);
}

static void
set_class(PctSweepStrip *self, int i, const char *name, gboolean on)
{
  GtkFlowBoxChild *child = get_child(self, i);
  if (child && on)
    gtk_widget_add_css_class(GTK_WIDGET(child), name);
  else if (child)
    gtk_widget_remove_css_class(GTK_WIDGET(child), name);
}

static void
show_nearest(PctSweepStrip *self)
{
  int before = self->nearest;
  self->nearest = pct_slide_sweep_get_nearest(self->sweep);
  if (before == self->nearest)
    return;
  set_class(self, before, "nearest", FALSE);
  set_class(self, self->nearest, "nearest", TRUE);
  name_child(self, before);
  name_child(self, self->nearest);
}

static void
show_sweep(PctSweepStrip *self)
{
  const PctSweep *sweep = pct_slide_sweep_get_sweep(self->sweep);
  resize(self, sweep ? (guint)sweep->n : 0, sweep ? (guint)sweep->n_columns : 0, sweep && sweep->n_columns < sweep->n);
  for (guint i = 0; i < self->shown->len; i++) {
    GtkFlowBoxChild *child = get_child(self, (int)i);
    PctPictureView *view = PCT_PICTURE_VIEW(get_view(child));
    PctPicture *picture = pct_slide_sweep_get_picture(self->sweep, i), *before = self->shown->pdata[i];
    g_autofree char *text = pct_sweep_dup_text(self->sweep, i, FALSE);
    GtkLabel *label = GTK_LABEL(gtk_widget_get_last_child(gtk_flow_box_child_get_child(child)));
    if (g_strcmp0(gtk_label_get_label(label), text) != 0)
      gtk_label_set_label(label, text);
    name_child(self, (int)i);
    if (picture == before)
      continue;
    if (picture)
      pct_picture_view_set_pixels(view, pct_picture_get_pixels(picture), pct_picture_get_height(picture),
                                  pct_picture_get_width(picture));
    else
      pct_picture_view_clear(view);
    pct_picture_unref(before);
    self->shown->pdata[i] = picture ? pct_picture_ref(picture) : NULL;
  }
  show_nearest(self);
}

void
pct_sweep_strip_set_playing(PctSweepStrip *self, int i)
{
  g_return_if_fail(PCT_IS_SWEEP_STRIP(self));
  set_class(self, self->playing, "playing", FALSE);
  set_class(self, i, "playing", TRUE);
  self->playing = i;
}

static void
on_activated(PctSweepStrip *self, GtkFlowBoxChild *child)
{
  g_signal_emit(self, taken_signal, 0, gtk_flow_box_child_get_index(child));
}

static void
pct_sweep_strip_dispose(GObject *object)
{
  PctSweepStrip *self = PCT_SWEEP_STRIP(object);
  g_clear_pointer(&self->scroller, gtk_widget_unparent);
  g_clear_object(&self->sweep);
  G_OBJECT_CLASS(pct_sweep_strip_parent_class)->dispose(object);
}

static void
pct_sweep_strip_finalize(GObject *object)
{
  g_ptr_array_unref(PCT_SWEEP_STRIP(object)->shown);
  G_OBJECT_CLASS(pct_sweep_strip_parent_class)->finalize(object);
}

static void
pct_sweep_strip_class_init(PctSweepStripClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_sweep_strip_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_sweep_strip_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  taken_signal = g_signal_new("taken", PCT_TYPE_SWEEP_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                              G_TYPE_INT);
}

static void
pct_sweep_strip_init(PctSweepStrip *self)
{
  self->shown = g_ptr_array_new_with_free_func((GDestroyNotify)pct_picture_unref);
  self->nearest = self->playing = -1;
}

GtkWidget *
pct_sweep_strip_new(PctSlideSweep *sweep, int height, int width)
{
  PctSweepStrip *self = g_object_new(PCT_TYPE_SWEEP_STRIP, NULL);
  self->sweep = g_object_ref(sweep);
  self->height = height;
  self->width = width;
  self->flow = gtk_flow_box_new();
  gtk_widget_add_css_class(self->flow, "sweep");
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(self->flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(self->flow), TRUE);
  gtk_widget_set_halign(self->flow, GTK_ALIGN_START);
  gtk_widget_set_valign(self->flow, GTK_ALIGN_START);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->flow), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Pictures of the sweep"), -1);
  g_signal_connect_object(self->flow, "child-activated", G_CALLBACK(on_activated), self, G_CONNECT_SWAPPED);
  self->scroller = g_object_new(GTK_TYPE_SCROLLED_WINDOW, "child", self->flow, NULL);
  gtk_widget_set_parent(self->scroller, GTK_WIDGET(self));
  g_signal_connect_object(sweep, "changed", G_CALLBACK(show_sweep), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sweep, "notify::nearest", G_CALLBACK(show_nearest), self, G_CONNECT_SWAPPED);
  show_sweep(self);
  return GTK_WIDGET(self);
}
