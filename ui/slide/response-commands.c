// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/response-commands.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include "page-actions.h"
#include "work/response-text.h"

struct _PctResponseCommands {
  GObject parent_instance;
  GtkWidget *page;   // borrowed
  PctImageBar *bar;  // borrowed
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  GSimpleActionGroup *actions;
  GCancellable *pasting;
};

G_DEFINE_FINAL_TYPE(PctResponseCommands, pct_response_commands, G_TYPE_OBJECT)

static guint say_signal;

static void
say(PctResponseCommands *self, const char *sentence)
{
  g_signal_emit(self, say_signal, 0, sentence);
}

static void
group_scale(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctResponseCommands *self = data;
  guint n;
  const int *neurons = pct_selection_get_neurons(self->selection, &n);
  double factor = g_variant_get_double(parameter);
  if (pct_slide_get_responses(self->slide) && isfinite((float)factor))
    pct_slide_scale(self->slide, neurons, n, factor);
}

static void
copy_responses(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctResponseCommands *self = data;
  const float *values = pct_slide_get_responses(self->slide);
  if (!values)
    return;
  int m = pct_project_get_n_neurons(self->project);
  g_autofree char *text = pct_response_text_new(values, m);
  g_autoptr(PctResponses) vector = pct_responses_new(m, values, pct_slide_get_n_averaged(self->slide));
  GdkContentProvider *forms[] = { gdk_content_provider_new_typed(PCT_TYPE_RESPONSES, vector),
                                  gdk_content_provider_new_typed(G_TYPE_STRING, text) };
  g_autoptr(GdkContentProvider) both = gdk_content_provider_new_union(forms, G_N_ELEMENTS(forms));
  gdk_clipboard_set_content(gtk_widget_get_clipboard(self->page), both);
}

// Others' text may be of some neurons only, and says nothing of trials: it is taken as of as many as before.
static void
paste_text(PctResponseCommands *self, const char *text)
{
  g_autoptr(GArray) neurons = g_array_new(FALSE, FALSE, sizeof(int));
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(float));
  g_autoptr(GError) error = NULL;
  if (pct_response_text_parse(text, pct_project_get_n_neurons(self->project), neurons, values, &error))
    pct_slide_set_responses(self->slide, (const int *)(gpointer)neurons->data, (const float *)(gpointer)values->data,
                            neurons->len);
  else
    say(self, error->message);
}

static void
on_text(GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr(PctResponseCommands) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish(GDK_CLIPBOARD(clipboard), result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->slide)
    return;
  if (text)
    paste_text(self, text);
  else
    say(self, _("The clipboard holds no responses."));
}

static void
on_vector(GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr(PctResponseCommands) self = data;
  g_autoptr(GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish(GDK_CLIPBOARD(clipboard), result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->slide)
    return;
  PctResponses *vector = value ? g_value_get_boxed(value) : NULL;
  // Another recording's, of a window closed since.
  if (vector && pct_responses_get_n_neurons(vector) == pct_project_get_n_neurons(self->project))
    pct_slide_set_all(self->slide, pct_responses_get_values(vector), pct_responses_get_n_averaged(vector));
  else
    say(self, _("The clipboard holds the responses of other neurons."));
}

static void
paste_responses(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctResponseCommands *self = data;
  if (!pct_slide_get_responses(self->slide))
    return;
  GdkClipboard *clipboard = gtk_widget_get_clipboard(self->page);
  g_cancellable_cancel(self->pasting);
  g_object_unref(self->pasting);
  self->pasting = g_cancellable_new();
  if (gdk_content_formats_contain_gtype(gdk_clipboard_get_formats(clipboard), PCT_TYPE_RESPONSES))
    gdk_clipboard_read_value_async(clipboard, PCT_TYPE_RESPONSES, G_PRIORITY_DEFAULT, self->pasting, on_vector,
                                   g_object_ref(self));
  else
    gdk_clipboard_read_text_async(clipboard, self->pasting, on_text, g_object_ref(self));
}

static void
take_responses(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctResponseCommands *self = data;
  int image, repeat;
  g_variant_get(parameter, "(ii)", &image, &repeat);
  gboolean there = image >= 0 && image < pct_project_get_n_images(self->project) && repeat >= PCT_MEAN_OF_REPEATS;
  g_autoptr(PctResponses) responses = there ? pct_project_dup_responses(self->project, image, repeat) : NULL;
  if (responses)
    pct_slide_set_all(self->slide, pct_responses_get_values(responses), pct_responses_get_n_averaged(responses));
  else
    say(self, _("There is no such trial."));
}

static void
on_take(AdwMessageDialog *dialog, const char *response, PctResponseCommands *self)
{
  GtkSpinButton *image = g_object_get_data(G_OBJECT(dialog), "image"), *trial = g_object_get_data(G_OBJECT(dialog), "trial");
  if (g_str_equal(response, "take"))
    gtk_widget_activate_action(self->page, "slide.take-responses", "(ii)", gtk_spin_button_get_value_as_int(image),
                               gtk_spin_button_get_value_as_int(trial) - 1);
}

static GtkWidget *
make_spin(const char *title, int most, int value)
{
  GtkWidget *spin = gtk_spin_button_new_with_range(0, most, 1);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(spin), value);
  gtk_accessible_update_property(GTK_ACCESSIBLE(spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return spin;
}

// The trials of another image are others.
static void
on_image_chosen(GtkSpinButton *image, GtkSpinButton *trial)
{
  PctProject *project = g_object_get_data(G_OBJECT(trial), "project");
  int n = pct_project_get_n_repeats(project, gtk_spin_button_get_value_as_int(image));
  gtk_spin_button_set_range(trial, 0, MAX(n, 0));
}

static void
take_responses_from(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctResponseCommands *self = data;
  GtkRoot *root = gtk_widget_get_root(self->page);
  int now = MAX(pct_slide_get_image(self->slide), 0);
  GtkWidget *dialog = adw_message_dialog_new(GTK_IS_WINDOW(root) ? GTK_WINDOW(root) : NULL, _("Take Responses From"),
                                             _("The picture is drawn from these responses, against the recorded ones of "
                                               "the image in hand. Trial 0 is the mean over all trials."));
  GtkWidget *image = make_spin(_("Image"), pct_project_get_n_images(self->project) - 1, now);
  GtkWidget *trial = make_spin(_("Trial"), pct_project_get_n_repeats(self->project, now), 1);
  GtkWidget *grid = gtk_grid_new(), *spins[] = { image, trial };
  const char *titles[] = { _("Image"), _("Trial") };
  gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
  gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
  gtk_widget_set_halign(grid, GTK_ALIGN_CENTER);
  for (int i = 0; i < 2; i++) {
    gtk_grid_attach(GTK_GRID(grid), gtk_label_new(titles[i]), 0, i, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), spins[i], 1, i, 1, 1);
  }
  g_object_set_data_full(G_OBJECT(trial), "project", g_object_ref(self->project), g_object_unref);
  g_signal_connect(image, "value-changed", G_CALLBACK(on_image_chosen), trial);
  g_object_set_data(G_OBJECT(dialog), "image", image);
  g_object_set_data(G_OBJECT(dialog), "trial", trial);
  adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), grid);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "take", _("_Take"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "take", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "take");
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_take), self, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

// Mean, trial 1, 2 ... and round again.
static void
step_repeat(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctResponseCommands *self = data;
  int image = pct_slide_get_image(self->slide), n = image >= 0 ? pct_project_get_n_repeats(self->project, image) : 0;
  if (n < 2)
    return;
  int by = g_str_equal(g_action_get_name(G_ACTION(action)), "next-repeat") ? 1 : -1;
  int place = pct_image_bar_get_repeat(self->bar) + 1 + by;  // 0: the mean
  pct_image_bar_set_repeat(self->bar, (place + n + 1) % (n + 1) - 1);
}

static void
mean_of_repeats(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_image_bar_set_repeat(PCT_RESPONSE_COMMANDS(data)->bar, PCT_MEAN_OF_REPEATS);
}

static const GActionEntry entries[] = {
  { "group-scale", group_scale, "d" },
  { "copy-responses", copy_responses }, { "paste-responses", paste_responses },
  { "take-responses", take_responses, "(ii)" }, { "take-responses-from", take_responses_from },
  { "next-repeat", step_repeat }, { "previous-repeat", step_repeat }, { "mean-of-repeats", mean_of_repeats },
};

static const struct {
  const char *key, *action;
} keys[] = {
  { "<Control>c", "slide.copy-responses" }, { "<Control>v", "slide.paste-responses" },
  { "<Alt>Down", "slide.next-repeat" }, { "<Alt>Up", "slide.previous-repeat" }, { "<Alt>Home", "slide.mean-of-repeats" },
  { "<Control><Shift>t", "slide.take-responses-from" },
};

static void
on_base(PctResponseCommands *self)
{
  int image = pct_slide_get_image(self->slide), n = image >= 0 ? pct_project_get_n_repeats(self->project, image) : 0;
  gboolean based = pct_slide_get_responses(self->slide) != NULL;
  const char *const of_responses[] = { "group-scale", "copy-responses", "paste-responses", "take-responses-from" };
  const char *const of_repeats[] = { "next-repeat", "previous-repeat", "mean-of-repeats" };
  for (guint i = 0; i < G_N_ELEMENTS(of_responses); i++)
    pct_page_actions_set_enabled(self->actions, of_responses[i], based);
  for (guint i = 0; i < G_N_ELEMENTS(of_repeats); i++)
    pct_page_actions_set_enabled(self->actions, of_repeats[i], n > 1);
}

static void
dispose(GObject *object)
{
  PctResponseCommands *self = PCT_RESPONSE_COMMANDS(object);
  if (self->pasting)
    g_cancellable_cancel(self->pasting);
  g_clear_object(&self->pasting);
  for (guint i = 0; self->actions && i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->actions), entries[i].name);
  g_clear_object(&self->actions);
  g_clear_object(&self->slide);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_response_commands_parent_class)->dispose(object);
}

static void
pct_response_commands_class_init(PctResponseCommandsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  say_signal = g_signal_new("say", PCT_TYPE_RESPONSE_COMMANDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                            G_TYPE_STRING);
}

static void
pct_response_commands_init(PctResponseCommands *self)
{
  self->pasting = g_cancellable_new();
}

PctResponseCommands *
pct_response_commands_new(GtkWidget *page, GSimpleActionGroup *actions, PctProject *project, PctSelection *selection,
                          PctSlide *slide, PctImageBar *bar)
{
  PctResponseCommands *self = g_object_new(PCT_TYPE_RESPONSE_COMMANDS, NULL);
  self->page = page;
  self->bar = bar;
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = g_object_ref(slide);
  self->actions = g_object_ref(actions);
  g_action_map_add_action_entries(G_ACTION_MAP(actions), entries, G_N_ELEMENTS(entries), self);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    pct_page_actions_add_key(page, keys[i].key, keys[i].action);
  g_signal_connect_object(slide, "notify::image", G_CALLBACK(on_base), self, G_CONNECT_SWAPPED);
  on_base(self);
  return self;
}

GtkWidget *
pct_response_commands_make_menu(PctResponseCommands *self)
{
  g_return_val_if_fail(PCT_IS_RESPONSE_COMMANDS(self), NULL);
  const struct {
    const char *label, *action;
  } items[] = {
    { _("_Copy Responses"), "slide.copy-responses" }, { _("_Paste Responses"), "slide.paste-responses" },
    { _("_Take Responses From…"), "slide.take-responses-from" }, { NULL, NULL },
    { _("_Next Trial"), "slide.next-repeat" }, { _("P_revious Trial"), "slide.previous-repeat" },
    { _("_Mean of Trials"), "slide.mean-of-repeats" }, { NULL, NULL },
    { _("_Save the Pictures…"), "slide.export-view" },
  };
  g_autoptr(GMenu) menu = g_menu_new();
  g_autoptr(GMenu) section = g_menu_new();
  for (guint i = 0; i < G_N_ELEMENTS(items); i++)
    if (items[i].label)
      g_menu_append(section, items[i].label, items[i].action);
    else {
      g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
      g_object_unref(section);
      section = g_menu_new();
    }
  g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
  GtkWidget *button = gtk_menu_button_new();
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "view-more-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, _("Responses"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Responses"), -1);
  return button;
}
