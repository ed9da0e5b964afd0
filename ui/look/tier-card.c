// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "look/tier-card.h"
#include <glib/gi18n.h>
#include "plots/number-text.h"
#include "tier-badge.h"

static void
attach(GtkWidget *grid, const char *text, int column, int row, gboolean heading)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 1);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(label, "numeric");
  if (heading) {
    gtk_widget_add_css_class(label, "dim-label");
    gtk_widget_add_css_class(label, "small");
  }
  gtk_grid_attach(GTK_GRID(grid), label, column, row, 1, 1);
}

static void
attach_tier(GtkWidget *grid, const PctTierCensus *census, PctTier tier, int row)
{
  GtkWidget *name = gtk_label_new(pct_tier_get_title(tier));
  gtk_label_set_xalign(GTK_LABEL(name), 0);
  gtk_grid_attach(GTK_GRID(grid), name, 0, row, 1, 1);
  g_autofree char *trials = pct_number_text(census->n_trials, 0), *images = pct_number_text(census->n_images, 0);
  g_autofree char *least = pct_number_text(census->least_repeats, 0), *most = pct_number_text(census->most_repeats, 0);
  g_autofree char *shown = census->n_trials == 0                           ? g_strdup("–")
                           : census->least_repeats == census->most_repeats ? g_strdup_printf(_("%s×"), most)
                                                                           : g_strdup_printf(_("%s–%s×"), least, most);
  attach(grid, trials, 1, row, FALSE);
  attach(grid, images, 2, row, FALSE);
  attach(grid, shown, 3, row, FALSE);
}

GtkWidget *
pct_tier_card_new(const PctFirstLook *facts)
{
  GtkWidget *card = pct_look_card_new(NULL, _("Tiers"), NULL), *grid = gtk_grid_new();
  const PctTier order[] = { PCT_TIER_TRAIN, PCT_TIER_VALIDATION, PCT_TIER_TEST };
  gtk_grid_set_row_spacing(GTK_GRID(grid), 10);
  gtk_grid_set_column_spacing(GTK_GRID(grid), 10);
  gtk_widget_set_valign(grid, GTK_ALIGN_START);
  attach(grid, _("trials"), 1, 0, TRUE);
  attach(grid, _("images"), 2, 0, TRUE);
  attach(grid, _("each shown"), 3, 0, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS(order); i++)
    attach_tier(grid, &facts->census->tiers[order[i]], order[i], (int)i + 1);
  pct_look_card_set_content(PCT_LOOK_CARD(card), grid);
  pct_look_card_set_note(PCT_LOOK_CARD(card),
                         _("Models are fitted on train, choose their settings on validation, and are scored on test, "
                           "which "
                           "none of them has seen."));
  return card;
}
