// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "images/image-tile.h"
#include <glib/gi18n.h>
#include "picture-view.h"
#include "tier-badge.h"

struct _PctImageTile {
  GtkWidget parent_instance;
  GtkWidget *overlay, *picture, *count;
};

G_DEFINE_FINAL_TYPE(PctImageTile, pct_image_tile, GTK_TYPE_WIDGET)

void
pct_image_tile_show(PctImageTile *self, PctImageItem *item, const PctPicture *picture)
{
  g_return_if_fail(PCT_IS_IMAGE_TILE(self));
  int n_trials = pct_image_item_get_n_trials(item), tier = pct_image_item_get_tier(item);
  g_autofree char *count = g_strdup_printf("× %d", n_trials);
  g_autofree char *label =
    tier >= 0 ? g_strdup_printf(_("Image %d, %s"), pct_image_item_get_image(item), pct_tier_get_title((PctTier)tier))
              : g_strdup_printf(_("Image %d, never shown"), pct_image_item_get_image(item));

  pct_picture_view_set_pixels(PCT_PICTURE_VIEW(self->picture), pct_picture_get_pixels(picture),
                              pct_picture_get_height(picture), pct_picture_get_width(picture));
  pct_picture_view_set_label(PCT_PICTURE_VIEW(self->picture), label);
  gtk_label_set_label(GTK_LABEL(self->count), count);
  gtk_widget_set_visible(self->count, n_trials > 1);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), label);
}

static void
pct_image_tile_dispose(GObject *object)
{
  PctImageTile *self = PCT_IMAGE_TILE(object);
  g_clear_pointer(&self->overlay, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_image_tile_parent_class)->dispose(object);
}

static void
pct_image_tile_class_init(PctImageTileClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_image_tile_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_image_tile_init(PctImageTile *self)
{
  self->overlay = gtk_overlay_new();
  self->picture = pct_picture_view_new();
  pct_picture_view_set_size(PCT_PICTURE_VIEW(self->picture), 96, 112, TRUE);
  self->count = gtk_label_new(NULL);
  gtk_widget_set_halign(self->count, GTK_ALIGN_END);
  gtk_widget_set_valign(self->count, GTK_ALIGN_END);
  gtk_widget_add_css_class(self->count, "trial-count");
  gtk_overlay_set_child(GTK_OVERLAY(self->overlay), self->picture);
  gtk_overlay_add_overlay(GTK_OVERLAY(self->overlay), self->count);
  gtk_widget_set_parent(self->overlay, GTK_WIDGET(self));
}

GtkWidget *
pct_image_tile_new(void)
{
  return g_object_new(PCT_TYPE_IMAGE_TILE, NULL);
}
