// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "trials-strip.h"
#include <glib/gi18n.h>
#include "plots/number-text.h"

GtkWidget *
pct_trials_strip_new(void)
{
  GtkWidget *strip = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *label = gtk_label_new(NULL);
  GtkWidget *change = gtk_button_new_with_mnemonic(_("_Change…")), *all = gtk_button_new_with_mnemonic(_("_All Trials"));
  gtk_widget_add_css_class(strip, "trials-strip");
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(label, "numeric");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(change), "win.filter-trials");
  gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(all), "win.set-trials::");
  gtk_widget_set_tooltip_text(all, _("Take the filter away"));
  gtk_box_append(GTK_BOX(strip), label);
  gtk_box_append(GTK_BOX(strip), change);
  gtk_box_append(GTK_BOX(strip), all);
  for (GtkWidget *button = change; button; button = gtk_widget_get_next_sibling(button))
    gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_visible(strip, FALSE);
  return strip;
}

void
pct_trials_strip_show(GtkWidget *strip, PctProject *project)
{
  const char *trials = pct_project_get_trials(project);
  GtkWidget *label = gtk_widget_get_first_child(strip);
  gtk_widget_set_visible(strip, trials != NULL);
  if (!trials)
    return;
  g_autofree char *kept = pct_number_text(pct_project_get_n_trials(project), 0);
  g_autofree char *all = pct_number_text(pct_trial_table_count(pct_project_get_trial_table(project)).n, 0);
  // Translators: a condition, and how many of all trials meet it.
  g_autofree char *text = g_strdup_printf(_("Trials: %s — %s of %s"), trials, kept, all);
  gtk_label_set_label(GTK_LABEL(label), text);
  gtk_widget_set_tooltip_text(label, text);
}
