// SPDX-License-Identifier: GPL-3.0-or-later
// The tiles are made once and told what to show, so that walking through neurons makes no widgets.
#include "config.h"
#include "neurons/favourites.h"
#include <glib/gi18n.h>
#include "picture-view.h"
#include "plots/number-text.h"
#include "tier-badge.h"

#define MOST 9

typedef struct {
  GtkWidget *child, *button, *picture, *badge, *answer;
} Tile;

struct _PctFavourites {
  GtkWidget parent_instance;
  GtkWidget *flow;
  PctProject *project;
  Tile tiles[MOST];
};

G_DEFINE_FINAL_TYPE(PctFavourites, pct_favourites, GTK_TYPE_WIDGET)

static void
show_tile(PctFavourites *self, Tile *tile, const PctNeuronAnswer *answer)
{
  g_autoptr(PctPicture) picture = pct_project_dup_picture(self->project, answer->image);
  g_autofree char *mean = pct_number_text(answer->mean, 2), *z = pct_number_text(answer->z, 1);
  g_autofree char *trials = answer->n_repeats > 1
    ? g_strdup_printf(ngettext("mean of %d trial", "mean of %d trials", (gulong)answer->n_repeats), answer->n_repeats)
    : g_strdup(_("single trial"));
  g_autofree char *label = g_strdup_printf(_("Image %d, %s: answered %s, %s"), answer->image,
                                           pct_tier_get_title(answer->tier), mean, trials);
  // Translators: how often an image was shown, and standard deviations beyond the neuron's usual answer.
  g_autofree char *tip = g_strdup_printf(_("%s; %s standard deviations beyond its usual answer. Press to go to the image."),
                                         label, z);
  g_autofree char *short_text = answer->n_repeats > 1 ? g_strdup_printf("%s (%d)", mean, answer->n_repeats)
                                                      : g_strdup(mean);
  pct_picture_view_set_pixels(PCT_PICTURE_VIEW(tile->picture), pct_picture_get_pixels(picture),
                              pct_picture_get_height(picture), pct_picture_get_width(picture));
  pct_picture_view_set_label(PCT_PICTURE_VIEW(tile->picture), label);
  pct_tier_badge_set_tier(PCT_TIER_BADGE(tile->badge), answer->tier);
  gtk_label_set_label(GTK_LABEL(tile->answer), short_text);
  gtk_widget_set_tooltip_text(tile->button, tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(tile->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_target(GTK_ACTIONABLE(tile->button), "i", answer->image);
}

void
pct_favourites_show(PctFavourites *self, const PctNeuronAnswer *answers, int n)
{
  g_return_if_fail(PCT_IS_FAVOURITES(self));
  for (int i = 0; i < MOST; i++) {
    gtk_widget_set_visible(self->tiles[i].child, i < n);
    if (i < n)
      show_tile(self, &self->tiles[i], &answers[i]);
  }
}

static void
make_tile(PctFavourites *self, Tile *tile)
{
  tile->picture = pct_picture_view_new();
  pct_picture_view_set_size(PCT_PICTURE_VIEW(tile->picture), 88, 120, TRUE);
  tile->badge = pct_tier_badge_new();
  tile->answer = gtk_label_new(NULL);
  gtk_widget_add_css_class(tile->answer, "caption");
  gtk_widget_add_css_class(tile->answer, "numeric");
  gtk_widget_set_hexpand(tile->answer, TRUE);
  gtk_label_set_xalign(GTK_LABEL(tile->answer), 0);
  gtk_label_set_ellipsize(GTK_LABEL(tile->answer), PANGO_ELLIPSIZE_END);
  gtk_widget_set_halign(tile->badge, GTK_ALIGN_START);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  gtk_box_append(GTK_BOX(box), tile->picture);
  gtk_box_append(GTK_BOX(box), tile->answer);
  gtk_box_append(GTK_BOX(box), tile->badge);
  tile->button = gtk_button_new();
  gtk_widget_add_css_class(tile->button, "flat");
  gtk_widget_add_css_class(tile->button, "picture-button");
  gtk_button_set_child(GTK_BUTTON(tile->button), box);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(tile->button), "neurons.show-image");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(tile->button), "i", -1);
  tile->child = gtk_flow_box_child_new();
  gtk_flow_box_child_set_child(GTK_FLOW_BOX_CHILD(tile->child), tile->button);
  gtk_widget_set_focusable(tile->child, FALSE);
  gtk_widget_set_visible(tile->child, FALSE);
  gtk_flow_box_insert(GTK_FLOW_BOX(self->flow), tile->child, -1);
}

static void
pct_favourites_dispose(GObject *object)
{
  PctFavourites *self = PCT_FAVOURITES(object);
  g_clear_pointer(&self->flow, gtk_widget_unparent);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_favourites_parent_class)->dispose(object);
}

static void
pct_favourites_class_init(PctFavouritesClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_favourites_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_favourites_init(PctFavourites *self)
{
  self->flow = gtk_flow_box_new();
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(self->flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(self->flow), TRUE);
  gtk_flow_box_set_min_children_per_line(GTK_FLOW_BOX(self->flow), 3);
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(self->flow), 3);
  gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(self->flow), 4);
  gtk_flow_box_set_row_spacing(GTK_FLOW_BOX(self->flow), 4);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->flow), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Images it answered most"), -1);
  gtk_widget_set_parent(self->flow, GTK_WIDGET(self));
}

GtkWidget *
pct_favourites_new(PctProject *project)
{
  PctFavourites *self = g_object_new(PCT_TYPE_FAVOURITES, NULL);
  self->project = g_object_ref(project);
  for (int i = 0; i < MOST; i++)
    make_tile(self, &self->tiles[i]);
  return GTK_WIDGET(self);
}
