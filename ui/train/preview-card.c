// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/preview-card.h"
#include <glib/gi18n.h>
#include "picture-view.h"
#include "plots/number-text.h"
#include "tier-badge.h"

#define MAXIMUM 6

struct _PctPreviewCard {
  GtkWidget parent_instance;
  GtkWidget *box, *badge, *note, *grid, *scale, *when;
  GtkWidget *reconstructions[MAXIMUM];
  int n;                  // pictures in a strip
  PctJob *job;            // NULL: none
  PctPreviews *previews;  // the job's; NULL: none
};

G_DEFINE_FINAL_TYPE(PctPreviewCard, pct_preview_card, GTK_TYPE_WIDGET)

static void
show_strip(PctPreviewCard *self)
{
  guint n_strips = self->previews != NULL ? pct_previews_get_n(self->previews) : 0;
  guint strip = MIN((guint)(gtk_range_get_value(GTK_RANGE(self->scale)) + 0.5), MAX(n_strips, 1) - 1);
  int n, height, width;

  if (n_strips == 0) {
    gtk_label_set_label(GTK_LABEL(self->when), _("waiting for the first pictures"));
    return;
  }
  const float *pixels = pct_previews_get_pixels(self->previews, strip, &n, &height, &width);
  for (int i = 0; i < MIN(n, self->n); i++)
    pct_picture_view_set_pixels(PCT_PICTURE_VIEW(self->reconstructions[i]), pixels + (gsize)i * height * width, height,
                                width);
  g_autofree char *step = pct_number_text(pct_previews_get_step(self->previews, strip), 0);
  g_autofree char *when = g_strdup_printf(_("step %s"), step);
  gtk_label_set_label(GTK_LABEL(self->when), when);
}

static void
previews_changed(PctPreviewCard *self)
{
  GtkAdjustment *adjustment = gtk_range_get_adjustment(GTK_RANGE(self->scale));
  gboolean following = gtk_adjustment_get_value(adjustment) >= gtk_adjustment_get_upper(adjustment) - 0.5;
  guint n = pct_previews_get_n(self->previews);

  gtk_adjustment_set_upper(adjustment, MAX(n, 2) - 1);
  gtk_widget_set_sensitive(self->scale, n > 1);
  if (following)
    gtk_adjustment_set_value(adjustment, gtk_adjustment_get_upper(adjustment));
  show_strip(self);
}

static GtkWidget *
add_picture(PctPreviewCard *self, int column, int row, const char *label, const float *pixels, int height, int width)
{
  GtkWidget *view = pct_picture_view_new();
  pct_picture_view_set_size(PCT_PICTURE_VIEW(view), 64, 128, TRUE);
  pct_picture_view_set_label(PCT_PICTURE_VIEW(view), label);
  if (pixels != NULL)
    pct_picture_view_set_pixels(PCT_PICTURE_VIEW(view), pixels, height, width);
  gtk_widget_set_tooltip_text(view, label);
  gtk_widget_set_hexpand(view, TRUE);
  gtk_grid_attach(GTK_GRID(self->grid), view, column, row, 1, 1);
  return view;
}

static void
show_originals(PctPreviewCard *self, const PctHeldOut *held_out)
{
  GtkWidget *child;
  gsize n_pixels = (gsize)held_out->height * held_out->width;
  g_autofree float *grey = g_new(float, n_pixels);

  while ((child = gtk_widget_get_first_child(self->grid)) != NULL)
    gtk_grid_remove(GTK_GRID(self->grid), child);
  for (gsize i = 0; i < n_pixels; i++)
    grey[i] = 128;
  self->n = MIN(held_out->n, MAXIMUM);
  for (int i = 0; i < self->n; i++) {
    g_autofree char *original = g_strdup_printf(_("Image %d as it was shown"), held_out->images[i]);
    g_autofree char *reconstruction = g_strdup_printf(_("Image %d reconstructed"), held_out->images[i]);
    add_picture(self, i, 0, original, held_out->originals + i * n_pixels, held_out->height, held_out->width);
    self->reconstructions[i] = add_picture(self, i, 1, reconstruction, grey, held_out->height, held_out->width);
  }
  pct_tier_badge_set_tier(PCT_TIER_BADGE(self->badge), held_out->tier);
  g_autofree char *note =
    held_out->n_averaged > 1
      ? g_strdup_printf(ngettext("mean of %d trial", "mean of %d trials", held_out->n_averaged), held_out->n_averaged)
      : g_strdup(_("single trials"));
  gtk_label_set_label(GTK_LABEL(self->note), note);
}

// GTK 4.8 remembers how a hidden widget wants to be measured and does not learn that pictures, whose height follows
// their width, were added before it was first shown: after that first layout, it is told once more.
static gboolean
measure_again(gpointer grid)
{
  gtk_widget_queue_resize(grid);
  return G_SOURCE_REMOVE;
}

void
pct_preview_card_set_job(PctPreviewCard *self, PctJob *job)
{
  g_return_if_fail(PCT_IS_PREVIEW_CARD(self));
  if (self->job == job)
    return;
  if (self->previews != NULL)
    g_signal_handlers_disconnect_by_func(self->previews, previews_changed, self);
  g_set_object(&self->job, job);
  PctPreviews *previews = job != NULL ? pct_job_get_previews(job) : NULL;
  g_set_object(&self->previews, previews);
  const PctHeldOut *held_out = job != NULL ? pct_training_get_held_out(job) : NULL;
  gboolean any = self->previews != NULL && held_out != NULL && held_out->n > 0;
  if (!any) {
    gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
    return;
  }
  g_signal_connect_object(self->previews, "changed", G_CALLBACK(previews_changed), self, G_CONNECT_SWAPPED);
  show_originals(self, held_out);
  gtk_range_set_value(GTK_RANGE(self->scale), G_MAXDOUBLE);
  previews_changed(self);
  gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
  g_idle_add_full(G_PRIORITY_LOW, measure_again, g_object_ref(self->grid), g_object_unref);
}

static void
pct_preview_card_dispose(GObject *object)
{
  PctPreviewCard *self = PCT_PREVIEW_CARD(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->previews);
  g_clear_object(&self->job);
  G_OBJECT_CLASS(pct_preview_card_parent_class)->dispose(object);
}

static void
pct_preview_card_class_init(PctPreviewCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_preview_card_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
new_dim_label(void)
{
  GtkWidget *label = gtk_label_new(NULL);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_add_css_class(label, "small");
  gtk_widget_add_css_class(label, "numeric");
  return label;
}

static void
pct_preview_card_init(PctPreviewCard *self)
{
  GtkWidget *heading = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *title = gtk_label_new(_("Held-out images, as it learns"));

  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
  gtk_widget_add_css_class(title, "heading");
  self->badge = pct_tier_badge_new();
  self->note = new_dim_label();
  gtk_widget_set_hexpand(self->note, TRUE);
  gtk_widget_set_halign(self->note, GTK_ALIGN_START);
  self->when = new_dim_label();
  self->scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 1, 1);
  gtk_widget_set_size_request(self->scale, 180, -1);
  gtk_widget_set_sensitive(self->scale, FALSE);
  gtk_widget_set_tooltip_text(self->scale, _("Drag back in time"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Back in time"), -1);
  g_signal_connect_object(self->scale, "value-changed", G_CALLBACK(show_strip), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(heading), title);
  gtk_box_append(GTK_BOX(heading), self->badge);
  gtk_box_append(GTK_BOX(heading), self->note);
  gtk_box_append(GTK_BOX(heading), self->when);
  gtk_box_append(GTK_BOX(heading), self->scale);

  self->grid = g_object_new(GTK_TYPE_GRID, "column-spacing", 12, "row-spacing", 4, "column-homogeneous", TRUE, NULL);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class(self->box, "card");
  gtk_widget_add_css_class(self->box, "panel");
  gtk_box_append(GTK_BOX(self->box), heading);
  gtk_box_append(GTK_BOX(self->box), self->grid);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}
