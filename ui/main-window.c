// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "main-window.h"
#include <glib/gi18n.h>
#include "compare/compare-page.h"
#include "images/images-page.h"
#include "jobs-button.h"
#include "look/look-page.h"
#include "neurons/neurons-page.h"
#include "plots/number-text.h"
#include "recent.h"
#include "slide/slide-page.h"
#include "train/train-page.h"
#include "window-files.h"
#include "window-import.h"
#include "window-share.h"
#include "window-trials.h"
#include "work/import.h"

// A page: its action target, title, icon, and what makes it for a project.
static const struct {
  const char *name, *title, *icon;
  GtkWidget *(*new)(PctProject *project, PctSelection *selection);
  char *(*dup_command)(GtkWidget *page, GError **error);
} pages[] = {
  { "look", N_("First Look"), "percept-look-symbolic", pct_look_page_new,
    pct_look_page_dup_command },
  { "images", N_("Images"), "percept-images-symbolic", pct_images_page_new,
    pct_images_page_dup_command },
  { "neurons", N_("Neurons"), "percept-neurons-symbolic", pct_neurons_page_new,
    pct_neurons_page_dup_command },
  { "compare", N_("Compare"), "percept-compare-symbolic", pct_compare_page_new,
    pct_compare_page_dup_command },
  { "slide", N_("Slide"), "percept-slide-symbolic", pct_slide_page_new,
    pct_slide_page_dup_command },
  { "train", N_("Train"), "percept-train-symbolic", pct_train_page_new,
    pct_train_page_dup_command },
};

struct _PctMainWindow {
  AdwApplicationWindow parent_instance;
  GSettings *settings;       // NULL: no schema
  PctLanes *lanes;           // NULL: this machine cannot work; the empty page says why
  PctProject *project;       // NULL: none open
  PctJob *opening;           // NULL: nothing is being opened
  GFile *opening_file;       // for the recent ones; NULL: the demo
  PctSelection *selection;
  GtkWidget *bins[G_N_ELEMENTS(pages)];  // one a page, filled when it is first wanted
  GtkWidget *toasts, *box, *header, *switcher, *open_button, *recording_label, *menu_button, *jobs_button;
  GtkWidget *states, *empty_status, *loading_status, *loading_bar, *stack;
  guint filling;             // source that makes the pages not yet looked at; 0: none
};

G_DEFINE_FINAL_TYPE(PctMainWindow, pct_main_window, ADW_TYPE_APPLICATION_WINDOW)

guint
pct_main_window_get_n_pages(void)
{
  return G_N_ELEMENTS(pages);
}

PctSelection *
pct_main_window_get_selection(PctMainWindow *self)
{
  g_return_val_if_fail(PCT_IS_MAIN_WINDOW(self), NULL);
  return self->selection;
}

PctProject *
pct_main_window_get_project(PctMainWindow *self)
{
  g_return_val_if_fail(PCT_IS_MAIN_WINDOW(self), NULL);
  return self->project;
}

const char *
pct_main_window_get_page_name(guint page)
{
  g_return_val_if_fail(page < G_N_ELEMENTS(pages), NULL);
  return pages[page].name;
}

GtkWidget *
pct_main_window_get_page(PctMainWindow *self)
{
  g_return_val_if_fail(PCT_IS_MAIN_WINDOW(self), NULL);
  GtkWidget *bin = self->project != NULL ? adw_view_stack_get_visible_child(ADW_VIEW_STACK(self->stack)) : NULL;
  return bin != NULL ? adw_bin_get_child(ADW_BIN(bin)) : NULL;
}

char *
pct_main_window_dup_command(PctMainWindow *self, GError **error)
{
  g_return_val_if_fail(PCT_IS_MAIN_WINDOW(self), NULL);
  GtkWidget *page = pct_main_window_get_page(self);
  for (guint i = 0; page != NULL && i < G_N_ELEMENTS(pages); i++)
    if (gtk_widget_get_parent(page) == self->bins[i])
      return pages[i].dup_command(page, error);
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _("No recording is open."));
  return NULL;
}

void
pct_main_window_say(PctMainWindow *self, const char *sentence)
{
  g_return_if_fail(PCT_IS_MAIN_WINDOW(self));
  g_autofree char *plain = g_markup_escape_text(sentence, -1);
  adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(self->toasts), adw_toast_new(plain));
}

// It names the file, what was expected and what was found.
void
pct_main_window_tell(PctMainWindow *self, const char *heading, const char *sentence)
{
  g_return_if_fail(PCT_IS_MAIN_WINDOW(self));
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), heading, sentence);
  adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"));
  gtk_window_present(GTK_WINDOW(dialog));
}

static void
fill_page(PctMainWindow *self, guint page)
{
  if (self->project != NULL && adw_bin_get_child(ADW_BIN(self->bins[page])) == NULL)
    adw_bin_set_child(ADW_BIN(self->bins[page]), pages[page].new(self->project, self->selection));
}

// The page in sight first; the others one an idle, so that the first frame does not wait for them.
static gboolean
fill_another_page(gpointer data)
{
  PctMainWindow *self = data;
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
    if (adw_bin_get_child(ADW_BIN(self->bins[i])) == NULL) {
      fill_page(self, i);
      return G_SOURCE_CONTINUE;
    }
  self->filling = 0;
  return G_SOURCE_REMOVE;
}

static void
page_changed(PctMainWindow *self)
{
  const char *name = adw_view_stack_get_visible_child_name(ADW_VIEW_STACK(self->stack));
  if (name == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
    if (g_str_equal(pages[i].name, name))
      fill_page(self, i);
  g_simple_action_set_state(G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(self), "page")),
                            g_variant_new_string(name));
}

static void
show_project(PctMainWindow *self, PctProject *project)
{
  g_autoptr(PctProject) old = g_steal_pointer(&self->project);
  int n_neurons = pct_project_get_n_neurons(project);

  for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
    adw_bin_set_child(ADW_BIN(self->bins[i]), NULL);
  self->project = g_object_ref(project);
  pct_window_trials_take(self, old, project);
  g_autofree char *n = pct_number_text(n_neurons, 0);
  g_autofree char *label =
    g_strdup_printf(ngettext("%s · %s neuron", "%s · %s neurons", n_neurons), pct_project_get_name(project), n);
  gtk_label_set_label(GTK_LABEL(self->recording_label), label);
  gtk_widget_set_tooltip_text(self->recording_label, label);
  g_autofree char *title = g_strdup_printf("%s – Percept", pct_project_get_name(project));
  gtk_window_set_title(GTK_WINDOW(self), title);
  gtk_widget_set_visible(self->switcher, TRUE);
  pct_window_share_show(self);
  gtk_stack_set_visible_child_name(GTK_STACK(self->states), "pages");
  page_changed(self);
  if (self->filling == 0)
    self->filling = g_idle_add_full(G_PRIORITY_LOW, fill_another_page, self, NULL);
}

void
pct_main_window_import(PctMainWindow *self, const char *const *paths)
{
  g_return_if_fail(PCT_IS_MAIN_WINDOW(self));
  if (self->lanes == NULL)
    return;
  if (self->project == NULL && self->opening == NULL)
    gtk_stack_set_visible_child_name(GTK_STACK(self->states), "empty");
  pct_window_import_open(self, self->lanes, paths);
}

static void
show_loading(PctMainWindow *self)
{
  const char *phase = pct_job_get_phase(self->opening);
  double progress = pct_job_get_progress(self->opening);

  adw_status_page_set_title(ADW_STATUS_PAGE(self->loading_status), pct_job_get_title(self->opening));
  adw_status_page_set_description(ADW_STATUS_PAGE(self->loading_status), phase != NULL ? phase : "");
  if (progress >= 0)
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->loading_bar), progress);
  else
    gtk_progress_bar_pulse(GTK_PROGRESS_BAR(self->loading_bar));
}

static void
stop_opening(PctMainWindow *self)
{
  if (self->opening == NULL)
    return;
  g_signal_handlers_disconnect_by_data(self->opening, self);
  pct_job_cancel(self->opening);
  g_clear_object(&self->opening);
  g_clear_object(&self->opening_file);
}

static void
opening_finished(PctJob *job, PctMainWindow *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctProject) project = pct_project_open_finish(job, &error);
  g_autoptr(GFile) file = g_steal_pointer(&self->opening_file);

  g_signal_handlers_disconnect_by_data(job, self);
  g_clear_object(&self->opening);
  if (project != NULL) {
    // A shared file has become a folder: that is what one comes back to.
    g_autoptr(GFile) opened = file != NULL ? g_file_new_for_path(pct_project_get_path(project)) : NULL;
    if (opened != NULL)
      pct_recent_add(opened);
    show_project(self, project);
    return;
  }
  if (self->project == NULL)
    gtk_stack_set_visible_child_name(GTK_STACK(self->states), "empty");
  const PctSharedAbout *wanted = pct_project_open_get_wanted(job);
  if (wanted != NULL)
    pct_window_share_match(self, wanted, file, error->message);
  else if (pct_job_get_state(job) != PCT_JOB_CANCELLED && !pct_window_import_offer(self, file, error))
    pct_main_window_tell(self, _("The recording could not be opened"), error->message);
}

static void
open_path(PctMainWindow *self, const char *path, GFile *file, const char *trials, const char *shared)
{
  if (self->lanes == NULL)
    return;
  stop_opening(self);
  self->opening = shared != NULL ? pct_project_open_shared_async(self->lanes, path, shared)
                                 : pct_project_open_async(self->lanes, path, trials);
  g_set_object(&self->opening_file, file);
  g_signal_connect_object(self->opening, "finished", G_CALLBACK(opening_finished), self, 0);
  g_signal_connect_object(self->opening, "notify", G_CALLBACK(show_loading), self, G_CONNECT_SWAPPED);
  if (self->project == NULL) {
    show_loading(self);
    gtk_stack_set_visible_child_name(GTK_STACK(self->states), "loading");
  }
}

void
pct_main_window_open(PctMainWindow *self, GFile *file)
{
  g_return_if_fail(PCT_IS_MAIN_WINDOW(self));
  g_autofree char *path = g_file_get_path(file);
  if (path != NULL && pct_import_is_foreign(path)) {
    const char *paths[] = { path, NULL };
    pct_main_window_import(self, paths);
  } else if (path != NULL)
    open_path(self, path, file, NULL, NULL);
  else {
    g_autofree char *name = g_file_get_parse_name(file);
    g_autofree char *sentence =
      g_strdup_printf(_("“%s” is not on this computer; copy it to a local folder first."), name);
    pct_main_window_tell(self, _("The recording could not be opened"), sentence);
    if (self->project == NULL && self->opening == NULL)
      gtk_stack_set_visible_child_name(GTK_STACK(self->states), "empty");
  }
}

void
pct_main_window_open_demo(PctMainWindow *self)
{
  g_return_if_fail(PCT_IS_MAIN_WINDOW(self));
  open_path(self, NULL, NULL, NULL, NULL);
}

void
pct_main_window_open_shared(PctMainWindow *self, GFile *file, const char *shared)
{
  g_return_if_fail(PCT_IS_MAIN_WINDOW(self));
  open_path(self, file != NULL ? g_file_peek_path(file) : NULL, file, NULL, shared);
}

void
pct_main_window_reopen(PctMainWindow *self, const char *trials)
{
  g_return_if_fail(PCT_IS_MAIN_WINDOW(self) && self->project != NULL);
  open_path(self, pct_project_get_path(self->project), NULL, trials, NULL);
}

static void
page_requested(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctMainWindow *self = data;
  const char *name = g_variant_get_string(value, NULL);

  for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
    if (g_str_equal(pages[i].name, name)) {
      g_simple_action_set_state(action, value);
      adw_view_stack_set_visible_child_name(ADW_VIEW_STACK(self->stack), name);
    }
}

static void
step_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gboolean next = g_str_equal(g_action_get_name(G_ACTION(action)), "next-image");
  pct_selection_step(PCT_MAIN_WINDOW(data)->selection, next ? +1 : -1);
}

static void
jobs_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_jobs_button_popup(PCT_JOBS_BUTTON(PCT_MAIN_WINDOW(data)->jobs_button));
}

static void
import_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_main_window_import(data, NULL);
}

static void
import_paths_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autofree const char **paths = g_variant_get_strv(parameter, NULL);
  pct_main_window_import(data, paths);
}

static void
present_changed(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctMainWindow *self = data;
  gboolean presenting = g_variant_get_boolean(value);

  g_simple_action_set_state(action, value);
  gtk_widget_set_visible(self->header, !presenting);
  if (presenting) {
    gtk_widget_add_css_class(GTK_WIDGET(self), "presenting");
    gtk_window_fullscreen(GTK_WINDOW(self));
  } else {
    gtk_widget_remove_css_class(GTK_WIDGET(self), "presenting");
    gtk_window_unfullscreen(GTK_WINDOW(self));
  }
}

// A training keeps its last checkpoint; the window is gone at once, while the threads come to their end.
static gboolean
pct_main_window_close_request(GtkWindow *window)
{
  PctMainWindow *self = PCT_MAIN_WINDOW(window);

  if (self->settings != NULL) {
    int width, height;
    gtk_window_get_default_size(window, &width, &height);
    g_settings_set_int(self->settings, "window-width", width);
    g_settings_set_int(self->settings, "window-height", height);
    g_settings_set_boolean(self->settings, "window-maximized", gtk_window_is_maximized(window));
  }
  gtk_widget_set_visible(GTK_WIDGET(window), FALSE);
  stop_opening(self);
  if (self->lanes != NULL)
    pct_lanes_shutdown(self->lanes);
  return GTK_WINDOW_CLASS(pct_main_window_parent_class)->close_request(window);
}

static void
pct_main_window_dispose(GObject *object)
{
  PctMainWindow *self = PCT_MAIN_WINDOW(object);

  g_clear_handle_id(&self->filling, g_source_remove);
  stop_opening(self);
  gtk_widget_dispose_template(GTK_WIDGET(self), PCT_TYPE_MAIN_WINDOW);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  g_clear_object(&self->lanes);
  g_clear_object(&self->settings);
  G_OBJECT_CLASS(pct_main_window_parent_class)->dispose(object);
}

static void
pct_main_window_class_init(PctMainWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = pct_main_window_dispose;
  GTK_WINDOW_CLASS(klass)->close_request = pct_main_window_close_request;
  g_type_ensure(PCT_TYPE_JOBS_BUTTON);
  gtk_widget_class_set_template_from_resource(widget_class, "/org/percept/Percept/ui/main-window.ui");
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, toasts);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, box);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, header);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, switcher);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, open_button);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, recording_label);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, menu_button);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, jobs_button);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, states);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, empty_status);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, loading_status);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, loading_bar);
  gtk_widget_class_bind_template_child(widget_class, PctMainWindow, stack);
}

static void
add_pages(PctMainWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
    self->bins[i] = adw_bin_new();
    AdwViewStackPage *page =
      adw_view_stack_add_titled(ADW_VIEW_STACK(self->stack), self->bins[i], pages[i].name, _(pages[i].title));
    adw_view_stack_page_set_icon_name(page, pages[i].icon);
  }
  adw_view_stack_set_visible_child_name(ADW_VIEW_STACK(self->stack), "images");  // not the first: where one starts
  g_signal_connect_object(self->stack, "notify::visible-child", G_CALLBACK(page_changed), self, G_CONNECT_SWAPPED);
}

static void
pct_main_window_init(PctMainWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "page", .parameter_type = "s", .state = "'images'", .change_state = page_requested },
    { .name = "next-image", .activate = step_activated },
    { .name = "previous-image", .activate = step_activated },
    { .name = "jobs", .activate = jobs_activated },
    { .name = "import", .activate = import_activated },
    { .name = "import-paths", .activate = import_paths_activated, .parameter_type = "as" },
    { .name = "present", .state = "false", .change_state = present_changed },
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(GMenuModel) recent = pct_recent_menu_new();

  self->selection = pct_selection_new();
  gtk_widget_init_template(GTK_WIDGET(self));
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
  adw_split_button_set_menu_model(ADW_SPLIT_BUTTON(self->open_button), recent);
  pct_window_files_attach(self, self->box);
  pct_window_trials_attach(self, GTK_BOX(self->box), self->header);
  add_pages(self);
  pct_window_share_attach(self);
  gtk_widget_set_visible(self->switcher, FALSE);

  self->lanes = pct_lanes_new(&error);
  if (self->lanes != NULL)
    pct_jobs_button_set_lanes(PCT_JOBS_BUTTON(self->jobs_button), self->lanes);
  else {
    adw_status_page_set_title(ADW_STATUS_PAGE(self->empty_status), _("Percept cannot work here"));
    adw_status_page_set_description(ADW_STATUS_PAGE(self->empty_status), error->message);
    adw_status_page_set_child(ADW_STATUS_PAGE(self->empty_status), NULL);
  }
}

PctMainWindow *
pct_main_window_new(AdwApplication *application, GSettings *settings)
{
  PctMainWindow *self = g_object_new(PCT_TYPE_MAIN_WINDOW, "application", application, NULL);

  g_set_object(&self->settings, settings);
  if (settings != NULL) {
    gtk_window_set_default_size(GTK_WINDOW(self), g_settings_get_int(settings, "window-width"),
                                g_settings_get_int(settings, "window-height"));
    if (g_settings_get_boolean(settings, "window-maximized"))
      gtk_window_maximize(GTK_WINDOW(self));
  } else
    gtk_window_set_default_size(GTK_WINDOW(self), 1280, 800);
  return self;
}
