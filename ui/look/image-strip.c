// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "look/image-strip.h"
#include <glib/gi18n.h>
#include "look/look-card.h"
#include "picture-view.h"
#include "tier-badge.h"

#define N_IMAGES 6

static GtkWidget *
make_image(PctProject *project, int image)
{
  g_autoptr(PctPicture) picture = pct_project_dup_picture(project, image);
  GtkWidget *view = pct_picture_view_new(), *badge = pct_tier_badge_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  pct_picture_view_set_pixels(PCT_PICTURE_VIEW(view), pct_picture_get_pixels(picture), pct_picture_get_height(picture),
                              pct_picture_get_width(picture));
  pct_picture_view_set_size(PCT_PICTURE_VIEW(view), 88, 128, TRUE);
  g_autofree char *label = g_strdup_printf(_("Image %d"), image);
  pct_picture_view_set_label(PCT_PICTURE_VIEW(view), label);
  pct_tier_badge_set_image(PCT_TIER_BADGE(badge), project, image);
  gtk_widget_set_halign(badge, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(view, label);
  gtk_box_append(GTK_BOX(box), view);
  gtk_box_append(GTK_BOX(box), badge);
  return box;
}

GtkWidget *
pct_image_strip_new(PctProject *project)
{
  GtkWidget *card = pct_look_card_new(NULL, _("The first images"), NULL);
  GtkWidget *strip = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_set_homogeneous(GTK_BOX(strip), TRUE);
  for (int i = 0; i < MIN(N_IMAGES, pct_project_get_n_images(project)); i++)
    gtk_box_append(GTK_BOX(strip), make_image(project, i));
  pct_look_card_set_content(PCT_LOOK_CARD(card), strip);
  return card;
}
