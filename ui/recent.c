// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "recent.h"
#include <glib/gi18n.h>

#define SHOWN 8

static gint
newest_first(gconstpointer a, gconstpointer b)
{
  return g_date_time_compare(gtk_recent_info_get_visited((GtkRecentInfo *)b),
                             gtk_recent_info_get_visited((GtkRecentInfo *)a));
}

static void
fill(GMenu *menu)
{
  GList *infos = g_list_sort(gtk_recent_manager_get_items(gtk_recent_manager_get_default()), newest_first);
  int shown = 0;

  g_menu_remove_all(menu);
  for (GList *link = infos; link != NULL && shown < SHOWN; link = link->next) {
    GtkRecentInfo *info = link->data;
    if (!gtk_recent_info_has_application(info, g_get_application_name())
        || (gtk_recent_info_is_local(info) && !gtk_recent_info_exists(info)))
      continue;
    // An underscore in a file's name is not a mnemonic.
    g_auto(GStrv) parts = g_strsplit(gtk_recent_info_get_display_name(info), "_", -1);
    g_autofree char *label = g_strjoinv("__", parts);
    g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
    g_menu_item_set_action_and_target(item, "app.open-uri", "s", gtk_recent_info_get_uri(info));
    g_menu_append_item(menu, item);
    shown++;
  }
  g_list_free_full(infos, (GDestroyNotify)gtk_recent_info_unref);
}

GMenuModel *
pct_recent_menu_new(void)
{
  GMenu *menu = g_menu_new();
  GMenu *recent = g_menu_new();
  GMenu *demo = g_menu_new();

  fill(recent);
  g_signal_connect_object(gtk_recent_manager_get_default(), "changed", G_CALLBACK(fill), recent, G_CONNECT_SWAPPED);
  g_menu_append_section(menu, _("Recent"), G_MENU_MODEL(recent));
  g_menu_append(demo, _("Open the _Demo"), "app.open-demo");
  g_menu_append(demo, _("Open a _Folder…"), "app.open-folder");
  g_menu_append(demo, _("_Import Other Files…"), "win.import");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(demo));
  g_object_unref(recent);
  g_object_unref(demo);
  return G_MENU_MODEL(menu);
}

void
pct_recent_add(GFile *file)
{
  g_autofree char *uri = g_file_get_uri(file);
  char *groups[] = { NULL };
  GtkRecentData data = { .mime_type = (char *)"application/octet-stream", .app_name = (char *)g_get_application_name(),
                         .app_exec = (char *)"percept %u", .groups = groups };
  gtk_recent_manager_add_full(gtk_recent_manager_get_default(), uri, &data);
}
