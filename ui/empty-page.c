// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "empty-page.h"
#include <adwaita.h>
#include <glib/gi18n.h>

GtkWidget *
pct_empty_page_new(const char *icon_name, const char *title, const char *description)
{
  GtkWidget *page = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), icon_name);
  adw_status_page_set_title(ADW_STATUS_PAGE(page), title);
  adw_status_page_set_description(ADW_STATUS_PAGE(page), description);
  GtkWidget *button = gtk_button_new_with_mnemonic(_("_Train a Decoder"));
  gtk_widget_add_css_class(button, "pill");
  gtk_widget_add_css_class(button, "suggested-action");
  gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
  gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(button), "win.page::train");
  adw_status_page_set_child(ADW_STATUS_PAGE(page), button);
  return page;
}
