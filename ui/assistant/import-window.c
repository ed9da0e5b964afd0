// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "assistant/import-window.h"
#include <glib/gi18n.h>
#include "assistant/file-rows.h"
#include "assistant/outcome-view.h"
#include "assistant/plan-rows.h"
#include "page-actions.h"

struct _PctImportWindow {
  AdwWindow parent_instance;
  PctImport *import;
  PctJob *making;              // NULL: not yet
  char *output;                // where it will be written; NULL: no files yet
  gboolean chosen;             // by a person
  GSimpleActionGroup *actions; // borrowed
  GtkWidget *root, *states, *make_button, *bar, *place, *name;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE(PctImportWindow, pct_import_window, ADW_TYPE_WINDOW)

static guint imported_signal;

PctImport *
pct_import_window_get_import(PctImportWindow *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT_WINDOW(self), NULL);
  return self->import;
}

static void
show_output(PctImportWindow *self)
{
  // While it is written, its name is taken.
  if (!self->chosen && !self->making) {
    g_free(self->output);
    self->output = pct_import_dup_output(self->import);
  }
  g_autofree char *shown = self->output ? g_filename_display_name(self->output) : NULL;
  g_autofree char *escaped = g_markup_escape_text(shown ? shown : "", -1);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self->place), escaped);
}

static void
changed(PctImportWindow *self)
{
  gboolean ready = pct_import_get_outcome(self->import) && !pct_import_get_job(self->import) && !self->making;
  gtk_stack_set_visible_child_name(GTK_STACK(self->states),
                                   pct_import_get_paths(self->import)->len ? "plan" : "empty");
  pct_page_actions_set_enabled(self->actions, "make", ready);
  gtk_widget_set_visible(self->bar, self->making != NULL);
  show_output(self);
}

static void
progressed(PctImportWindow *self)
{
  double progress = pct_job_get_progress(self->making);
  if (progress >= 0)
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar), progress);
  else
    gtk_progress_bar_pulse(GTK_PROGRESS_BAR(self->bar));
}

static void
tell(PctImportWindow *self, const char *sentence)
{
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), _("Nothing was imported"), sentence);
  adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"));
  gtk_window_present(GTK_WINDOW(dialog));
}

static void
made(PctJob *job, PctImportWindow *self)
{
  const GError *error = pct_job_get_error(job);
  g_signal_handlers_disconnect_by_data(job, self);
  g_clear_object(&self->making);
  gtk_widget_set_sensitive(self->root, TRUE);
  if (pct_job_get_state(job) == PCT_JOB_DONE) {
    g_autofree char *path = g_strdup(self->output);
    g_object_ref(self);
    g_signal_emit(self, imported_signal, 0, path);
    gtk_window_destroy(GTK_WINDOW(self));
    g_object_unref(self);
    return;
  }
  changed(self);
  if (error && pct_job_get_state(job) == PCT_JOB_FAILED)
    tell(self, error->message);
}

static void
make_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctImportWindow *self = data;
  if (self->making || !self->output || !pct_import_get_outcome(self->import))
    return;
  pct_import_set_name(self->import, gtk_editable_get_text(GTK_EDITABLE(self->name)));
  self->making = pct_import_make(self->import, self->output);
  g_signal_connect_object(self->making, "finished", G_CALLBACK(made), self, 0);
  g_signal_connect_object(self->making, "notify", G_CALLBACK(progressed), self, G_CONNECT_SWAPPED);
  gtk_widget_set_sensitive(self->root, FALSE);
  changed(self);
}

static void
chooser_response(GtkNativeDialog *dialog, int response, PctImportWindow *self)
{
  gboolean saving = gtk_file_chooser_get_action(GTK_FILE_CHOOSER(dialog)) == GTK_FILE_CHOOSER_ACTION_SAVE;
  g_autoptr(GListModel) files = response == GTK_RESPONSE_ACCEPT
    ? gtk_file_chooser_get_files(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; files && i < g_list_model_get_n_items(files); i++) {
    g_autoptr(GFile) file = g_list_model_get_item(files, i);
    if (g_file_peek_path(file))
      g_ptr_array_add(paths, g_file_get_path(file));
  }
  g_clear_object(&self->chooser);
  if (!paths->len)
    return;
  if (saving) {
    g_action_group_activate_action(G_ACTION_GROUP(self->actions), "output", g_variant_new_string(paths->pdata[0]));
    return;
  }
  g_ptr_array_add(paths, NULL);
  pct_import_add_paths(self->import, (const char *const *)paths->pdata);
}

static void
choose(PctImportWindow *self, GtkFileChooserAction action, const char *title, const char *accept)
{
  if (self->chooser)
    gtk_native_dialog_destroy(GTK_NATIVE_DIALOG(self->chooser));
  g_set_object(&self->chooser, NULL);
  self->chooser = gtk_file_chooser_native_new(title, GTK_WINDOW(self), action, accept, _("_Cancel"));
  gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(self->chooser), action != GTK_FILE_CHOOSER_ACTION_SAVE);
  if (action == GTK_FILE_CHOOSER_ACTION_SAVE && self->output) {
    g_autofree char *name = g_path_get_basename(self->output), *folder = g_path_get_dirname(self->output);
    g_autofree char *shown = g_filename_display_name(name);
    g_autoptr(GFile) file = g_file_new_for_path(folder);
    gtk_file_chooser_set_current_folder(GTK_FILE_CHOOSER(self->chooser), file, NULL);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(self->chooser), shown);
  }
  // Where the files before were: an experiment's are near one another.
  const GPtrArray *paths = pct_import_get_paths(self->import);
  if (action != GTK_FILE_CHOOSER_ACTION_SAVE) {
    g_autofree char *folder = paths->len > 0 ? g_path_get_dirname(paths->pdata[paths->len - 1])
                                             : g_strdup(g_get_home_dir());
    g_autoptr(GFile) file = g_file_new_for_path(folder);
    gtk_file_chooser_set_current_folder(GTK_FILE_CHOOSER(self->chooser), file, NULL);
  }
  g_signal_connect_object(self->chooser, "response", G_CALLBACK(chooser_response), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(self->chooser));
}

static void
add_files_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  choose(data, GTK_FILE_CHOOSER_ACTION_OPEN, _("Files of an Experiment"), _("_Add"));
}

static void
add_folder_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  choose(data, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("A Folder of an Experiment"), _("_Add"));
}

static void
choose_output_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  choose(data, GTK_FILE_CHOOSER_ACTION_SAVE, _("Where to Keep the Recording"), _("_Keep Here"));
}

static void
add_path_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *paths[] = { g_variant_get_string(parameter, NULL), NULL };
  pct_import_add_paths(PCT_IMPORT_WINDOW(data)->import, paths);
}

static void
remove_path_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctImportWindow *self = data;
  guint i = g_variant_get_uint32(parameter);
  if (i < pct_import_get_paths(self->import)->len)
    pct_import_remove_path(self->import, i);
}

// ("responses", "session.mat/resp", "mt"); an empty text: none, or what fits best.
static void
assign_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctImportWindow *self = data;
  const char *name, *array, *axes;
  PctImportRole role;
  g_variant_get(parameter, "(&s&s&s)", &name, &array, &axes);
  if (pct_import_get_listing(self->import) && pct_import_role_from_name(name, &role))
    pct_import_assign(self->import, role, *array ? array : NULL, *axes ? axes : NULL);
}

static void
set_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *name;
  double value;
  g_variant_get(parameter, "(&sd)", &name, &value);
  pct_import_set_number(PCT_IMPORT_WINDOW(data)->import, name, value);
}

static void
output_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctImportWindow *self = data;
  const char *path = g_variant_get_string(parameter, NULL);
  g_free(self->output);
  self->output = g_str_has_suffix(path, ".npz") ? g_strdup(path) : g_strconcat(path, ".npz", NULL);
  self->chosen = TRUE;
  show_output(self);
}

static void
cancel_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_close(GTK_WINDOW(data));
}

// Nothing is lost by a key: what was begun is there again when the assistant is asked for.
static void
hide_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctImportWindow *self = data;
  if (pct_import_get_paths(self->import)->len)
    gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
  else
    gtk_window_close(GTK_WINDOW(self));
}

// Before the application's own keys.
static gboolean
on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, PctImportWindow *self)
{
  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter) || !(state & GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  g_action_group_activate_action(G_ACTION_GROUP(self->actions), "make", NULL);
  return GDK_EVENT_STOP;
}

static gboolean
dropped(GtkDropTarget *target, const GValue *value, double x, double y, PctImportWindow *self)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  for (GSList *file = g_value_get_boxed(value); file; file = file->next)
    if (g_file_peek_path(file->data))
      g_ptr_array_add(paths, (char *)g_file_peek_path(file->data));
  g_ptr_array_add(paths, NULL);
  pct_import_add_paths(self->import, (const char *const *)paths->pdata);
  return paths->len > 1;
}

static GtkWidget *
new_pill(const char *label, const char *action, gboolean suggested)
{
  GtkWidget *button = gtk_button_new_with_mnemonic(label);
  gtk_widget_add_css_class(button, "pill");
  if (suggested)
    gtk_widget_add_css_class(button, "suggested-action");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

static GtkWidget *
new_empty(PctImportWindow *self)
{
  GtkWidget *page = adw_status_page_new(), *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), "document-open-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(page), _("Add the files of your experiment"));
  adw_status_page_set_description(
    ADW_STATUS_PAGE(page),
    _("Responses and images, in one file or in several: MATLAB, HDF5, NWB, NumPy, CSV, suite2p, or a folder of pictures. "
      "Percept guesses what is what, and shows what comes of it before anything is kept."));
  gtk_widget_set_halign(buttons, GTK_ALIGN_CENTER);
  GtkWidget *files = new_pill(_("Add _Files…"), "import.add-files", TRUE);
  gtk_box_append(GTK_BOX(buttons), files);
  gtk_box_append(GTK_BOX(buttons), new_pill(_("Add a Fol_der…"), "import.add-folder", FALSE));
  adw_status_page_set_child(ADW_STATUS_PAGE(page), buttons);
  // What comes first is what Return does first.
  g_signal_connect_object(self, "map", G_CALLBACK(gtk_widget_grab_focus), files, G_CONNECT_SWAPPED);
  return page;
}

// Where the recording goes, and what it is called.
static GtkWidget *
new_keeping(PctImportWindow *self)
{
  GtkWidget *group = adw_preferences_group_new(), *button = gtk_button_new_with_mnemonic(_("_Change…"));
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("The recording"));
  self->name = adw_entry_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->name), _("Name (of the file, if none is given)"));
  self->place = adw_action_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->place), _("Will be kept in"));
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(self->place), 3);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "import.choose-output");
  adw_action_row_add_suffix(ADW_ACTION_ROW(self->place), button);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), self->name);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), self->place);
  return group;
}

static GtkWidget *
new_scrolled(GtkWidget *child, int least_width)
{
  GtkWidget *scrolled = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), child);
  gtk_widget_set_size_request(scrolled, least_width, -1);
  gtk_widget_set_vexpand(scrolled, TRUE);
  return scrolled;
}

static GtkWidget *
new_plan(PctImportWindow *self)
{
  GtkWidget *paned = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *left = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_add_css_class(left, "page-content");
  gtk_box_append(GTK_BOX(left), pct_file_rows_new(self->import));
  gtk_box_append(GTK_BOX(left), pct_plan_rows_new(self->import));
  gtk_box_append(GTK_BOX(left), new_keeping(self));
  GtkWidget *right = pct_outcome_view_new(self->import);
  gtk_widget_add_css_class(right, "page-content");
  GtkWidget *choices = new_scrolled(left, 520), *outcome = new_scrolled(right, 380);
  gtk_widget_add_css_class(outcome, "page-side");
  gtk_widget_set_hexpand(choices, TRUE);
  gtk_box_append(GTK_BOX(paned), choices);
  gtk_box_append(GTK_BOX(paned), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(paned), outcome);
  return paned;
}

static void
build(PctImportWindow *self)
{
  GtkWidget *header = adw_header_bar_new(), *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  GtkWidget *content = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->make_button = gtk_button_new_with_mnemonic(_("_Import"));
  gtk_widget_add_css_class(self->make_button, "suggested-action");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->make_button), "import.make");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(cancel), "import.cancel");
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->make_button);
  self->bar = gtk_progress_bar_new();
  gtk_widget_add_css_class(self->bar, "osd");
  self->states = gtk_stack_new();
  gtk_stack_add_named(GTK_STACK(self->states), new_empty(self), "empty");
  gtk_stack_add_named(GTK_STACK(self->states), new_plan(self), "plan");
  gtk_box_append(GTK_BOX(self->root), self->states);
  gtk_box_append(GTK_BOX(content), header);
  gtk_box_append(GTK_BOX(content), self->bar);
  gtk_box_append(GTK_BOX(content), self->root);
  gtk_widget_add_css_class(content, "drop-target");
  adw_window_set_content(ADW_WINDOW(self), content);
  GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object(target, "drop", G_CALLBACK(dropped), self, 0);
  gtk_widget_add_controller(content, GTK_EVENT_CONTROLLER(target));
}

static void
pct_import_window_dispose(GObject *object)
{
  PctImportWindow *self = PCT_IMPORT_WINDOW(object);
  if (self->making) {
    g_signal_handlers_disconnect_by_data(self->making, self);
    pct_job_cancel(self->making);
  }
  g_clear_object(&self->making);
  if (self->chooser)
    gtk_native_dialog_destroy(GTK_NATIVE_DIALOG(self->chooser));
  g_clear_object(&self->chooser);
  g_clear_object(&self->import);
  g_clear_pointer(&self->output, g_free);
  G_OBJECT_CLASS(pct_import_window_parent_class)->dispose(object);
}

static void
pct_import_window_class_init(PctImportWindowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_import_window_dispose;
  imported_signal = g_signal_new("imported", PCT_TYPE_IMPORT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pct_import_window_init(PctImportWindow *self)
{
  gtk_window_set_title(GTK_WINDOW(self), _("Import a Recording"));
  gtk_window_set_default_size(GTK_WINDOW(self), 1080, 720);
  gtk_window_set_modal(GTK_WINDOW(self), TRUE);
  gtk_window_set_destroy_with_parent(GTK_WINDOW(self), TRUE);
}

GtkWidget *
pct_import_window_new(GtkWindow *parent, PctLanes *lanes, const char *const *paths)
{
  static const GActionEntry entries[] = {
    { .name = "add-files", .activate = add_files_activated },
    { .name = "add-folder", .activate = add_folder_activated },
    { .name = "add-path", .activate = add_path_activated, .parameter_type = "s" },
    { .name = "remove-path", .activate = remove_path_activated, .parameter_type = "u" },
    { .name = "assign", .activate = assign_activated, .parameter_type = "(sss)" },
    { .name = "set", .activate = set_activated, .parameter_type = "(sd)" },
    { .name = "choose-output", .activate = choose_output_activated },
    { .name = "output", .activate = output_activated, .parameter_type = "s" },
    { .name = "make", .activate = make_activated },
    { .name = "cancel", .activate = cancel_activated },
    { .name = "hide", .activate = hide_activated },
  };
  PctImportWindow *self = g_object_new(PCT_TYPE_IMPORT_WINDOW, "transient-for", parent, NULL);
  self->import = pct_import_new(lanes, NULL);
  build(self);
  self->actions = pct_page_actions_new(GTK_WIDGET(self), "import", entries, G_N_ELEMENTS(entries), self);
  pct_page_actions_add_key(GTK_WIDGET(self), "Escape", "import.hide");
  GtkEventController *keys = gtk_event_controller_key_new();
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object(keys, "key-pressed", G_CALLBACK(on_key), self, 0);
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
  pct_page_actions_add_key(GTK_WIDGET(self), "<Control>o", "import.add-files");
  g_signal_connect_object(self->import, "files-changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->import, "outcome-changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  changed(self);
  if (paths)
    pct_import_add_paths(self->import, paths);
  return GTK_WIDGET(self);
}
