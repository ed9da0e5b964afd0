// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "application.h"
#include <glib/gi18n.h>
#include "settings.h"
#include "main-window.h"
#include "work/import.h"

struct _PctApplication {
  AdwApplication parent_instance;
  GSettings *settings;  // NULL: no schema
  PctMainWindow *window;    // borrowed; NULL before it is made
};

G_DEFINE_FINAL_TYPE(PctApplication, pct_application, ADW_TYPE_APPLICATION)

static const struct {
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "app.open", { "<Control>o" } },
  { "app.open-folder", { "<Control><Shift>o" } },
  { "win.import", { "<Control>i" } },
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.copy-command", { "<Control><Shift>c" } },
  { "win.present", { "F11" } },
  { "win.jobs", { "<Control>j" } },
  { "win.primary-menu", { "F10" } },
  { "win.next-image", { "<Alt>Right", "<Control>Page_Down" } },
  { "win.previous-image", { "<Alt>Left", "<Control>Page_Up" } },
  { "win.train.start", { "<Control>Return" } },
  { "win.train.stop", { "<Control>period" } },
  { "win.train.resume", { "<Control><Shift>Return" } },
};

static void
ensure_window(PctApplication *self)
{
  if (self->window == NULL) {
    self->window = pct_main_window_new(ADW_APPLICATION(self), self->settings);
    g_object_add_weak_pointer(G_OBJECT(self->window), (gpointer *)&self->window);
  }
  gtk_window_present(GTK_WINDOW(self->window));
}

static void
open_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctApplication *self = data;
  ensure_window(self);
  pct_main_window_choose(self->window, FALSE);
}

static void
open_folder_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctApplication *self = data;
  ensure_window(self);
  pct_main_window_choose(self->window, TRUE);
}

static void
open_uri_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctApplication *self = data;
  g_autoptr(GFile) file = g_file_new_for_uri(g_variant_get_string(parameter, NULL));
  ensure_window(self);
  pct_main_window_open(self->window, file);
}

static void
open_demo_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctApplication *self = data;
  ensure_window(self);
  pct_main_window_open_demo(self->window);
}

static void
quit_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctApplication *self = data;
  if (self->window != NULL)
    gtk_window_close(GTK_WINDOW(self->window));
  else
    g_application_quit(G_APPLICATION(self));
}

static void
about_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctApplication *self = data;
  ensure_window(self);
  adw_show_about_window(GTK_WINDOW(self->window), "application-name", "Percept", "application-icon", "org.percept.Percept",
                        "version", PCT_VERSION, "license-type", GTK_LICENSE_GPL_3_0, "comments",
                        _("Reconstructs what an animal saw from the activity of its visual cortex."),
                        // Translators: your names, one a line.
                        "translator-credits", _("translator-credits"), NULL);
}

static void
apply_color_scheme(PctApplication *self, const char *scheme)
{
  AdwColorScheme wanted = g_strcmp0(scheme, "dark") == 0    ? ADW_COLOR_SCHEME_FORCE_DARK
                          : g_strcmp0(scheme, "light") == 0 ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                            : ADW_COLOR_SCHEME_DEFAULT;
  adw_style_manager_set_color_scheme(adw_application_get_style_manager(ADW_APPLICATION(self)), wanted);
}

static void
color_scheme_changed(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctApplication *self = data;
  const char *scheme = g_variant_get_string(value, NULL);

  apply_color_scheme(self, scheme);
  g_simple_action_set_state(action, value);
  if (self->settings != NULL)
    g_settings_set_string(self->settings, "color-scheme", scheme);
}

static void
pct_application_startup(GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "open", .activate = open_activated },
    { .name = "open-folder", .activate = open_folder_activated },
    { .name = "open-uri", .activate = open_uri_activated, .parameter_type = "s" },
    { .name = "open-demo", .activate = open_demo_activated },
    { .name = "quit", .activate = quit_activated },
    { .name = "about", .activate = about_activated },
    { .name = "color-scheme", .parameter_type = "s", .state = "'system'", .change_state = color_scheme_changed },
  };
  PctApplication *self = PCT_APPLICATION(application);

  G_APPLICATION_CLASS(pct_application_parent_class)->startup(application);
  self->settings = pct_settings_new();
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
  if (self->settings != NULL) {
    g_autofree char *scheme = g_settings_get_string(self->settings, "color-scheme");
    g_action_group_change_action_state(G_ACTION_GROUP(self), "color-scheme", g_variant_new_string(scheme));
  }
  for (guint i = 0; i < G_N_ELEMENTS(accelerators); i++)
    gtk_application_set_accels_for_action(GTK_APPLICATION(self), accelerators[i].action, accelerators[i].keys);
  for (guint i = 0; i < pct_main_window_get_n_pages(); i++) {
    g_autofree char *action = g_strdup_printf("win.page::%s", pct_main_window_get_page_name(i));
    g_autofree char *key = g_strdup_printf("<Alt>%u", i + 1);
    const char *keys[] = { key, NULL };
    gtk_application_set_accels_for_action(GTK_APPLICATION(self), action, keys);
  }
}

static void
pct_application_activate(GApplication *application)
{
  PctApplication *self = PCT_APPLICATION(application);
  gboolean first = self->window == NULL;

  ensure_window(self);
  if (first)
    pct_main_window_open_demo(self->window);
}

static void
pct_application_open(GApplication *application, GFile **files, int n_files, const char *hint)
{
  PctApplication *self = PCT_APPLICATION(application);
  ensure_window(self);
  g_autoptr(GPtrArray) foreign = g_ptr_array_new();
  for (int i = 0; i < n_files; i++)
    if (g_file_peek_path(files[i]) && pct_import_is_foreign(g_file_peek_path(files[i])))
      g_ptr_array_add(foreign, (char *)g_file_peek_path(files[i]));
  g_ptr_array_add(foreign, NULL);
  // Several foreign files are one experiment's.
  if (foreign->len > 2)
    pct_main_window_import(self->window, (const char *const *)foreign->pdata);
  else
    pct_main_window_open(self->window, files[0]);
}

static void
pct_application_finalize(GObject *object)
{
  PctApplication *self = PCT_APPLICATION(object);
  g_clear_weak_pointer(&self->window);
  g_clear_object(&self->settings);
  G_OBJECT_CLASS(pct_application_parent_class)->finalize(object);
}

static void
pct_application_class_init(PctApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = pct_application_finalize;
  application_class->startup = pct_application_startup;
  application_class->activate = pct_application_activate;
  application_class->open = pct_application_open;
}

static void
pct_application_init(PctApplication *self)
{
}

PctApplication *
pct_application_new(void)
{
  return g_object_new(PCT_TYPE_APPLICATION, "application-id", "org.percept.Percept", "flags", G_APPLICATION_HANDLES_OPEN,
                      "resource-base-path", "/org/percept/Percept", NULL);
}
