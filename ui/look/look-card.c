// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "look/look-card.h"
#include <glib/gi18n.h>
#include "plot-view.h"

struct _PctLookCard {
  GtkWidget parent_instance;
  GtkWidget *box, *view, *note;  // view NULL: there is no figure
  char *name, *title;
};

G_DEFINE_FINAL_TYPE(PctLookCard, pct_look_card, GTK_TYPE_WIDGET)

void
pct_look_card_take_figure(PctLookCard *self, gpointer figure, GDestroyNotify destroy)
{
  g_return_if_fail(PCT_IS_LOOK_CARD(self) && self->view);
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->view), figure, destroy);
}

void
pct_look_card_set_content(PctLookCard *self, GtkWidget *content)
{
  g_return_if_fail(PCT_IS_LOOK_CARD(self) && !self->view);
  gtk_widget_set_vexpand(content, TRUE);
  gtk_box_insert_child_after(GTK_BOX(self->box), content, gtk_widget_get_first_child(self->box));
}

void
pct_look_card_set_note(PctLookCard *self, const char *note)
{
  g_return_if_fail(PCT_IS_LOOK_CARD(self));
  gtk_label_set_label(GTK_LABEL(self->note), note ? note : "");
  gtk_widget_set_visible(self->note, note && *note);
  if (self->view)
    pct_plot_view_describe(PCT_PLOT_VIEW(self->view), self->title, note);
}

const char *
pct_look_card_get_note(PctLookCard *self)
{
  g_return_val_if_fail(PCT_IS_LOOK_CARD(self), NULL);
  return gtk_label_get_label(GTK_LABEL(self->note));
}

const char *
pct_look_card_get_name(PctLookCard *self)
{
  g_return_val_if_fail(PCT_IS_LOOK_CARD(self), NULL);
  return self->name;
}

gboolean
pct_look_card_export(PctLookCard *self, const char *path, GError **error)
{
  g_return_val_if_fail(PCT_IS_LOOK_CARD(self) && self->view, FALSE);
  return pct_plot_view_export(PCT_PLOT_VIEW(self->view), path, error);
}

static void
pct_look_card_dispose(GObject *object)
{
  PctLookCard *self = PCT_LOOK_CARD(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_look_card_parent_class)->dispose(object);
}

static void
pct_look_card_finalize(GObject *object)
{
  PctLookCard *self = PCT_LOOK_CARD(object);
  g_free(self->name);
  g_free(self->title);
  G_OBJECT_CLASS(pct_look_card_parent_class)->finalize(object);
}

static void
pct_look_card_class_init(PctLookCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_look_card_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_look_card_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_look_card_init(PctLookCard *self)
{
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class(self->box, "card");
  gtk_widget_add_css_class(self->box, "panel");
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

static GtkWidget *
make_heading(PctLookCard *self)
{
  GtkWidget *heading = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *label = gtk_label_new(self->title);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(label, "heading");
  gtk_box_append(GTK_BOX(heading), label);
  if (!self->name)
    return heading;
  g_autofree char *said = g_strdup_printf(_("Export: %s"), self->title);
  GtkWidget *export = gtk_button_new_from_icon_name("document-save-symbolic");
  gtk_widget_add_css_class(export, "flat");
  gtk_widget_add_css_class(export, "small-button");
  gtk_widget_set_valign(export, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(export, _("Export the figure, or the numbers behind it"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(export), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(export), "look.export");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(export), "s", self->name);
  gtk_box_append(GTK_BOX(heading), export);
  return heading;
}

GtkWidget *
pct_look_card_new(const char *name, const char *title, PctPlotDrawFunc draw)
{
  PctLookCard *self = g_object_new(PCT_TYPE_LOOK_CARD, NULL);
  self->name = g_strdup(name);
  self->title = g_strdup(title);
  gtk_box_append(GTK_BOX(self->box), make_heading(self));
  if (draw) {
    self->view = pct_plot_view_new(draw, 240, 165);
    gtk_widget_set_vexpand(self->view, TRUE);
    gtk_box_append(GTK_BOX(self->box), self->view);
  }
  self->note = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->note), 0);
  gtk_label_set_wrap(GTK_LABEL(self->note), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(self->note), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars(GTK_LABEL(self->note), 30);
  gtk_label_set_max_width_chars(GTK_LABEL(self->note), 30);
  const char *const classes[] = { "dim-label", "small", "numeric" };
  for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
    gtk_widget_add_css_class(self->note, classes[i]);
  gtk_box_append(GTK_BOX(self->box), self->note);
  pct_look_card_set_note(self, NULL);
  return GTK_WIDGET(self);
}
