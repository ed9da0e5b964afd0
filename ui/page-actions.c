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

static GtkEventController *
dup_keys(GtkWidget *page, GtkPropagationPhase phase)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(page);
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (GTK_IS_SHORTCUT_CONTROLLER(controller) && gtk_event_controller_get_propagation_phase(controller) == phase)
      return g_steal_pointer(&controller);
  }
  GtkEventController *keys = gtk_shortcut_controller_new();
  gtk_event_controller_set_propagation_phase(keys, phase);
  // Wherever in the window the focus is, as long as the page is shown.
  gtk_shortcut_controller_set_scope(GTK_SHORTCUT_CONTROLLER(keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_widget_add_controller(page, g_object_ref(keys));
  return keys;
}

// A bare key is the page's own unless what has the focus lives on it.
static gboolean
activate_bare_key(GtkWidget *page, GVariant *arguments, gpointer action)
{
  GtkRoot *root = gtk_widget_get_root(page);
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
  if (!gtk_widget_get_mapped(page) || (focus && (GTK_IS_EDITABLE(focus) || GTK_IS_RANGE(focus) ||
                                                 gtk_widget_get_ancestor(focus, GTK_TYPE_POPOVER))))
    return FALSE;
  return gtk_widget_activate_action_variant(page, action, NULL);
}

void
pct_page_actions_add_key(GtkWidget *page, const char *key, const char *action)
{
  GtkShortcutTrigger *trigger = gtk_shortcut_trigger_parse_string(key);
  gboolean bare = GTK_IS_KEYVAL_TRIGGER(trigger) && gtk_keyval_trigger_get_modifiers(GTK_KEYVAL_TRIGGER(trigger)) == 0;
  // Before the window moves the focus by arrow keys.
  g_autoptr(GtkEventController) keys = dup_keys(page, bare ? GTK_PHASE_CAPTURE : GTK_PHASE_BUBBLE);
  gtk_shortcut_controller_add_shortcut(
    GTK_SHORTCUT_CONTROLLER(keys),
    gtk_shortcut_new(trigger, bare ? gtk_callback_action_new(activate_bare_key, g_strdup(action), g_free)
                                   : gtk_named_action_new(action)));
}
