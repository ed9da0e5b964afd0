// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "picture-card.h"
#include <glib/gi18n.h>
#include "plots/number-text.h"

struct _PctPictureCard {
  GtkWidget parent_instance;
  GtkWidget *box, *header, *heading, *subtitle, *suffix, *view, *stack, *note, *values[3];
};

G_DEFINE_FINAL_TYPE(PctPictureCard, pct_picture_card, GTK_TYPE_WIDGET)

static void
pct_picture_card_dispose(GObject *object)
{
  g_clear_pointer(&PCT_PICTURE_CARD(object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_picture_card_parent_class)->dispose(object);
}

static void
pct_picture_card_class_init(PctPictureCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_picture_card_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkWidget *
dim_label(const char *text)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_add_css_class(label, "caption");
  return label;
}

static void
pct_picture_card_init(PctPictureCard *self)
{
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class(self->box, "card");
  gtk_widget_add_css_class(self->box, "picture-card");
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  self->header = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_append(GTK_BOX(self->box), self->header);
  self->heading = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->heading, "heading");
  gtk_label_set_ellipsize(GTK_LABEL(self->heading), PANGO_ELLIPSIZE_END);
  self->subtitle = dim_label(NULL);
  gtk_widget_add_css_class(self->subtitle, "numeric");
  gtk_label_set_xalign(GTK_LABEL(self->subtitle), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->subtitle), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(self->subtitle, TRUE);
  gtk_widget_set_valign(self->subtitle, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign(self->heading, GTK_ALIGN_BASELINE);
  gtk_box_append(GTK_BOX(self->header), self->heading);
  gtk_box_append(GTK_BOX(self->header), self->subtitle);
  self->view = pct_picture_view_new();
  pct_picture_view_set_size(PCT_PICTURE_VIEW(self->view), 120, 240, TRUE);
  gtk_box_append(GTK_BOX(self->box), self->view);

  GtkWidget *scores = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  const char *names[] = { _("PixCorr"), _("SSIM"), _("MSE") };
  for (int i = 0; i < 3; i++) {
    GtkWidget *name = dim_label(names[i]);
    self->values[i] = gtk_label_new("–");
    gtk_widget_add_css_class(self->values[i], "caption-heading");
    gtk_widget_add_css_class(self->values[i], "numeric");
    gtk_widget_set_margin_end(self->values[i], 6);
    gtk_box_append(GTK_BOX(scores), name);
    gtk_box_append(GTK_BOX(scores), self->values[i]);
  }
  self->note = dim_label(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->note), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->note), PANGO_ELLIPSIZE_END);
  self->stack = gtk_stack_new();
  gtk_widget_set_visible(self->stack, FALSE);
  gtk_stack_add_named(GTK_STACK(self->stack), self->note, "note");
  gtk_stack_add_named(GTK_STACK(self->stack), scores, "scores");
  gtk_box_append(GTK_BOX(self->box), self->stack);
}

GtkWidget *
pct_picture_card_new(const char *title, const char *label)
{
  PctPictureCard *self = g_object_new(PCT_TYPE_PICTURE_CARD, NULL);
  gtk_label_set_label(GTK_LABEL(self->heading), title);
  pct_picture_view_set_label(PCT_PICTURE_VIEW(self->view), label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET(self);
}

void
pct_picture_card_set_subtitle(PctPictureCard *self, const char *subtitle)
{
  g_return_if_fail(PCT_IS_PICTURE_CARD(self));
  gtk_label_set_label(GTK_LABEL(self->subtitle), subtitle ? subtitle : "");
}

void
pct_picture_card_set_suffix(PctPictureCard *self, GtkWidget *suffix)
{
  g_return_if_fail(PCT_IS_PICTURE_CARD(self));
  if (self->suffix)
    gtk_box_remove(GTK_BOX(self->header), self->suffix);
  self->suffix = suffix;
  if (suffix)
    gtk_box_append(GTK_BOX(self->header), suffix);
}

void
pct_picture_card_show(PctPictureCard *self, PctPicture *picture)
{
  g_return_if_fail(PCT_IS_PICTURE_CARD(self));
  if (picture)
    pct_picture_view_set_pixels(PCT_PICTURE_VIEW(self->view), pct_picture_get_pixels(picture),
                                pct_picture_get_height(picture), pct_picture_get_width(picture));
  else
    pct_picture_view_clear(PCT_PICTURE_VIEW(self->view));
}

void
pct_picture_card_set_difference(PctPictureCard *self, const float *values, int height, int width, double limit)
{
  g_return_if_fail(PCT_IS_PICTURE_CARD(self));
  pct_picture_view_set_difference(PCT_PICTURE_VIEW(self->view), values, height, width, limit);
}

void
pct_picture_card_clear(PctPictureCard *self)
{
  g_return_if_fail(PCT_IS_PICTURE_CARD(self));
  pct_picture_view_clear(PCT_PICTURE_VIEW(self->view));
}

void
pct_picture_card_set_scores(PctPictureCard *self, double pixcorr, double ssim, double mse)
{
  g_return_if_fail(PCT_IS_PICTURE_CARD(self));
  const double values[] = { pixcorr, ssim, mse };
  for (int i = 0; i < 3; i++) {
    g_autofree char *text = pct_number_text(values[i], i < 2 ? 3 : 0);
    gtk_label_set_label(GTK_LABEL(self->values[i]), text);
  }
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "scores");
  gtk_widget_set_visible(self->stack, TRUE);
}

void
pct_picture_card_set_note(PctPictureCard *self, const char *note)
{
  g_return_if_fail(PCT_IS_PICTURE_CARD(self));
  gtk_label_set_label(GTK_LABEL(self->note), note);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "note");
  gtk_widget_set_visible(self->stack, TRUE);
}

PctPictureView *
pct_picture_card_get_view(PctPictureCard *self)
{
  g_return_val_if_fail(PCT_IS_PICTURE_CARD(self), NULL);
  return PCT_PICTURE_VIEW(self->view);
}
