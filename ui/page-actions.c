// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "page-actions.h"

typedef struct {
  GSimpleActionGroup *group;
  char *name;
  GDBusConnection *connection;
  guint export_id;  // 0: not exported
} PageActions;

static void
stop_export(PageActions *actions)
{
  if (actions->export_id)
    g_dbus_connection_unexport_action_group(actions->connection, actions->export_id);
  actions->export_id = 0;
  g_clear_object(&actions->connection);
}

static void
on_map(GtkWidget *page, PageActions *actions)
{
  GApplication *application = g_application_get_default();
  GDBusConnection *connection = application ? g_application_get_dbus_connection(application) : NULL;
  const char *base = connection ? g_application_get_dbus_object_path(application) : NULL;
  if (!base || actions->export_id)
    return;
  g_autofree char *path = g_strconcat(base, "/", actions->name, NULL);
  // Another window may already stand there: then this page has its buttons and keys alone.
  actions->export_id = g_dbus_connection_export_action_group(connection, path, G_ACTION_GROUP(actions->group), NULL);
  actions->connection = actions->export_id ? g_object_ref(connection) : NULL;
}

static void
on_unmap(GtkWidget *page, PageActions *actions)
{
  stop_export(actions);
}

static void
page_actions_free(gpointer data, GClosure *closure)
{
  PageActions *actions = data;
  stop_export(actions);
  g_object_unref(actions->group);
  g_free(actions->name);
  g_free(actions);
}

GSimpleActionGroup *
pct_page_actions_new(GtkWidget *page, const char *name, const GActionEntry *entries, int n_entries, gpointer data)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(group), entries, n_entries, data);
  gtk_widget_insert_action_group(page, name, G_ACTION_GROUP(group));
  PageActions *actions = g_new0(PageActions, 1);
  actions->group = g_object_ref(group);
  actions->name = g_strdup(name);
  g_signal_connect(page, "unmap", G_CALLBACK(on_unmap), actions);
  g_signal_connect_data(page, "map", G_CALLBACK(on_map), actions, page_actions_free, 0);
  return group;  // page holds it
}

void
pct_page_actions_set_enabled(GSimpleActionGroup *group, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action(G_ACTION_MAP(group), action);
  g_return_if_fail(G_IS_SIMPLE_ACTION(found));
  g_simple_action_set_enabled(G_SIMPLE_ACTION(found), enabled);
}

void
pct_page_actions_add_key(GtkWidget *page, const char *key, const char *detailed_action)
{
  GListModel *controllers = gtk_widget_observe_controllers(page);
  GtkShortcutController *keys = NULL;
  for (guint i = 0; !keys && i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (GTK_IS_SHORTCUT_CONTROLLER(controller))
      keys = GTK_SHORTCUT_CONTROLLER(controller);
  }
  g_object_unref(controllers);
  if (!keys) {
    keys = GTK_SHORTCUT_CONTROLLER(gtk_shortcut_controller_new());
    // Wherever in the window the focus is, as long as the page is shown.
    gtk_shortcut_controller_set_scope(keys, GTK_SHORTCUT_SCOPE_GLOBAL);
    gtk_widget_add_controller(page, GTK_EVENT_CONTROLLER(keys));
  }
  gtk_shortcut_controller_add_shortcut(
    keys, gtk_shortcut_new(gtk_shortcut_trigger_parse_string(key), gtk_named_action_new(detailed_action)));
}
