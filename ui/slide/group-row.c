// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/group-row.h"
#include <glib/gi18n.h>
#include <math.h>

#define MOST 3.0

struct _PctGroupRow {
  GtkWidget parent_instance;
  GtkWidget *box, *scale, *value;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  gboolean silent;
};

G_DEFINE_FINAL_TYPE(PctGroupRow, pct_group_row, GTK_TYPE_WIDGET)

static void
show_factor(PctGroupRow *self)
{
  guint n;
  const int *neurons = pct_selection_get_neurons(self->selection, &n);
  gboolean based = pct_slide_get_responses(self->slide) != NULL;
  gtk_widget_set_visible(GTK_WIDGET(self), n > 1);
  gtk_widget_set_sensitive(GTK_WIDGET(self), based);
  double factor = based && n > 0 ? pct_slide_get_scale(self->slide, neurons, n) : NAN;
  g_autofree char *text = isfinite(factor) ? g_strdup_printf("× %.2f", factor) : g_strdup(_("mixed"));
  gtk_label_set_label(GTK_LABEL(self->value), text);
  if (!isfinite(factor))
    return;
  self->silent = TRUE;
  gtk_range_set_value(GTK_RANGE(self->scale), factor);
  self->silent = FALSE;
}

static void
on_value(PctGroupRow *self)
{
  if (!self->silent)
    gtk_widget_activate_action(GTK_WIDGET(self), "slide.group-scale", "d", gtk_range_get_value(GTK_RANGE(self->scale)));
}

static void
pct_group_row_dispose(GObject *object)
{
  PctGroupRow *self = PCT_GROUP_ROW(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  g_clear_object(&self->slide);
  G_OBJECT_CLASS(pct_group_row_parent_class)->dispose(object);
}

static void
pct_group_row_class_init(PctGroupRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_group_row_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_group_row_init(PctGroupRow *self)
{
  GtkWidget *title = gtk_label_new(_("Group"));
  gtk_widget_add_css_class(title, "heading");
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  self->value = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->value, "numeric");
  gtk_label_set_xalign(GTK_LABEL(self->value), 1);
  gtk_label_set_width_chars(GTK_LABEL(self->value), 6);
  self->scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, MOST, 0.05);
  gtk_scale_set_draw_value(GTK_SCALE(self->scale), FALSE);
  gtk_scale_add_mark(GTK_SCALE(self->scale), 1, GTK_POS_BOTTOM, NULL);
  gtk_range_set_value(GTK_RANGE(self->scale), 1);
  gtk_widget_set_hexpand(self->scale, TRUE);
  gtk_widget_set_tooltip_text(self->scale, _("Every pinned neuron at its mean response plus this many times what it "
                                             "answered beyond that: 0 silences them, 1 is as recorded"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Response of all pinned neurons, times beyond their means"), -1);
  g_signal_connect_swapped(self->scale, "value-changed", G_CALLBACK(on_value), self);
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *parts[] = { title, self->scale, self->value };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->box), parts[i]);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *
pct_group_row_new(PctProject *project, PctSelection *selection, PctSlide *slide)
{
  PctGroupRow *self = g_object_new(PCT_TYPE_GROUP_ROW, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = g_object_ref(slide);
  g_signal_connect_object(selection, "neurons-changed", G_CALLBACK(show_factor), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(slide, "responses-changed", G_CALLBACK(show_factor), self, G_CONNECT_SWAPPED);
  show_factor(self);
  return GTK_WIDGET(self);
}

GtkRange *
pct_group_row_get_range(PctGroupRow *self)
{
  g_return_val_if_fail(PCT_IS_GROUP_ROW(self), NULL);
  return GTK_RANGE(self->scale);
}
