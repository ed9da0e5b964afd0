// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "tier-badge.h"
#include <glib/gi18n.h>

struct _PctTierBadge {
  GtkWidget parent_instance;
  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE(PctTierBadge, pct_tier_badge, GTK_TYPE_WIDGET)

const char *
pct_tier_get_title(PctTier tier)
{
  switch (tier) {
  case PCT_TIER_TRAIN:
    return _("Train");
  case PCT_TIER_VALIDATION:
    return _("Validation");
  case PCT_TIER_TEST:
    return _("Test");
  }
  g_return_val_if_reached("");
}

void
pct_tier_badge_set_tier(PctTierBadge *self, PctTier tier)
{
  static const char *const words[] = { N_("seen in training"), N_("held out · validation"), N_("held out · test") };

  g_return_if_fail(PCT_IS_TIER_BADGE(self));
  g_return_if_fail(tier < PCT_N_TIERS);
  gtk_label_set_label(GTK_LABEL(self->label), _(words[tier]));
  if (tier == PCT_TIER_TRAIN)
    gtk_widget_remove_css_class(self->label, "held-out");
  else
    gtk_widget_add_css_class(self->label, "held-out");
  gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
}

void
pct_tier_badge_clear(PctTierBadge *self)
{
  g_return_if_fail(PCT_IS_TIER_BADGE(self));
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

static void
pct_tier_badge_dispose(GObject *object)
{
  PctTierBadge *self = PCT_TIER_BADGE(object);
  g_clear_pointer(&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_tier_badge_parent_class)->dispose(object);
}

static void
pct_tier_badge_class_init(PctTierBadgeClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_tier_badge_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_tier_badge_init(PctTierBadge *self)
{
  self->label = gtk_label_new(NULL);
  // In a narrow place it is cut, not the place made wider.
  gtk_label_set_ellipsize(GTK_LABEL(self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(self->label, "tier-badge");
  gtk_widget_set_parent(self->label, GTK_WIDGET(self));
  gtk_widget_set_valign(GTK_WIDGET(self), GTK_ALIGN_CENTER);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

GtkWidget *
pct_tier_badge_new(void)
{
  return g_object_new(PCT_TYPE_TIER_BADGE, NULL);
}

void
pct_tier_badge_set_image(PctTierBadge *self, PctProject *project, int image)
{
  PctTier tier;
  g_return_if_fail(PCT_IS_TIER_BADGE(self));
  if (image >= 0 && pct_project_get_image_tier(project, image, &tier))
    pct_tier_badge_set_tier(self, tier);
  else
    pct_tier_badge_clear(self);
}
