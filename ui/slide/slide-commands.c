// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can do on the Slide page beside its cards' own commands: actions, and the keys for them.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include "image-bar.h"
#include "page-actions.h"
#include "save-dialog.h"
#include "slide/decoder-row.h"
#include "slide/photograph-bar.h"
#include "slide/slide-page-private.h"
#include "slide/slide-panel.h"
#include "work/slide-view.h"

#define N_STRONGEST 10

static void
step(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  pct_selection_step(self->selection, g_str_equal(g_action_get_name(G_ACTION(action)), "next") ? 1 : -1);
}

static void
reset(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  pct_slide_reset(self->slide, NULL, 0);
}

static void
reset_neuron(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  int neuron = g_variant_get_int32(parameter);
  if (neuron >= 0 && neuron < pct_project_get_n_neurons(self->project))
    pct_slide_reset(self->slide, &neuron, 1);
}

static void
silence(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  guint n;
  const int *neurons = pct_selection_get_neurons(self->selection, &n);
  pct_slide_silence(self->slide, neurons, n);
}

static void
pin(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  int neuron = g_variant_get_int32(parameter);
  if (neuron >= 0 && neuron < pct_project_get_n_neurons(self->project))
    pct_selection_add_neuron(self->selection, neuron);
}

// A neuron let go returns to its recorded value: what is not in sight must not keep changing the picture.
static void
unpin(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  reset_neuron(action, parameter, data);
  pct_selection_remove_neuron(self->selection, g_variant_get_int32(parameter));
}

static void
unpin_all(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  pct_slide_reset(self->slide, NULL, 0);
  pct_selection_set_neurons(self->selection, NULL, 0);
}

static void
pin_strongest(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  int image = pct_slide_get_image(self->slide);
  g_autoptr(PctResponses) responses =
    image >= 0 ? pct_project_dup_responses(self->project, image, pct_slide_get_repeat(self->slide)) : NULL;
  if (!responses)
    return;
  g_autoptr(GArray) strongest = pct_project_dup_strongest(self->project, responses, N_STRONGEST);
  int neurons[N_STRONGEST];
  for (guint i = 0; i < strongest->len; i++)
    neurons[i] = g_array_index(strongest, PctNeuronResponse, i).neuron;
  pct_slide_reset(self->slide, NULL, 0);
  pct_selection_set_neurons(self->selection, neurons, strongest->len);
}

static void
set_response(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  int neuron;
  double value;
  g_variant_get(parameter, "(id)", &neuron, &value);
  if (pct_slide_get_responses(self->slide) && neuron >= 0 && neuron < pct_project_get_n_neurons(self->project) &&
      isfinite(value)) {
    pct_selection_add_neuron(self->selection, neuron);
    pct_selection_set_neuron(self->selection, neuron);
    pct_slide_set_response(self->slide, neuron, (float)value);
  }
}

static void
redraw(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  pct_slide_draw_latent(self->slide, self->latent_seed + 1);
}

static void
zero_latent(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  pct_slide_zero_latent(self->slide);
}

static void
choose_model(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  const char *name = g_variant_get_string(parameter, NULL);
  PctModel *model = pct_project_find_model(self->project, name);
  if (model && pct_model_get_role(model) == PCT_ROLE_DECODER)
    pct_selection_set_model(self->selection, name);
}

static void
choose_repeat(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  pct_image_bar_set_repeat(PCT_IMAGE_BAR(self->bar), MAX(PCT_MEAN_OF_REPEATS, g_variant_get_int32(parameter)));
}

static void
search(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  pct_slide_panel_focus_search(PCT_SLIDE_PANEL(self->panel));
}

// Which of the two a toggle is now.
static gboolean
get_state(PctSlidePage *self, const char *name)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self->actions), name);
  return g_variant_get_boolean(state);
}

// The row's changes have one scale: the one that is locked, or what the largest needs.
static void
show_row(PctSlidePage *self)
{
  pct_decoder_row_set_changes(PCT_DECODER_ROW(self->row), get_state(self, "row-changes"),
                              self->locked && self->limit > 0 ? self->limit : NAN);
}

static void
change_all_decoders(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctSlidePage *self = data;
  g_simple_action_set_state(action, state);
  gboolean all = g_variant_get_boolean(state);
  gtk_stack_set_visible_child_name(GTK_STACK(self->views), all ? "all" : "one");
  pct_page_actions_set_enabled(self->actions, "row-changes", all);
}

static void
change_row_changes(GSimpleAction *action, GVariant *state, gpointer data)
{
  g_simple_action_set_state(action, state);
  show_row(data);
}

static void
change_lock(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctSlidePage *self = data;
  g_simple_action_set_state(action, state);
  self->locked = g_variant_get_boolean(state);
  pct_slide_page_show_change(self);
  show_row(self);
}

static void
show_photograph(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  pct_photograph_bar_show(PCT_PHOTOGRAPH_BAR(self->photograph), g_variant_get_string(parameter, NULL));
  pct_page_actions_set_enabled(self->actions, "close-photograph", TRUE);
}

static void
photograph_chosen(GtkNativeDialog *dialog, int response, PctSlidePage *self)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  g_clear_object(&self->chooser);
  if (path)
    g_action_group_activate_action(G_ACTION_GROUP(self->actions), "photograph", g_variant_new_string(path));
}

static void
open_photograph(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  if (self->chooser)
    return;
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  self->chooser = gtk_file_chooser_native_new(_("Show a Photograph"), GTK_WINDOW(root), GTK_FILE_CHOOSER_ACTION_OPEN, NULL,
                                              NULL);
  g_autoptr(GtkFileFilter) photographs = gtk_file_filter_new();
  gtk_file_filter_set_name(photographs, _("Photographs (PNG, JPEG)"));
  gtk_file_filter_add_mime_type(photographs, "image/png");
  gtk_file_filter_add_mime_type(photographs, "image/jpeg");
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(self->chooser), photographs);
  g_signal_connect_object(self->chooser, "response", G_CALLBACK(photograph_chosen), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(self->chooser));
}

static void
close_photograph(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_slide_page_take_image(data);
}

static void
change_photograph_noise(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctSlidePage *self = data;
  g_simple_action_set_state(action, state);
  pct_photograph_bar_set_noise(PCT_PHOTOGRAPH_BAR(self->photograph), g_variant_get_boolean(state));
}

static void
told(gpointer self, const char *sentence)
{
  pct_slide_panel_say(PCT_SLIDE_PANEL(((PctSlidePage *)self)->panel), sentence);
}

static void
save_view(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlidePage *self = data;
  const char *path = g_variant_get_string(parameter, NULL);
  g_autoptr(GError) error = NULL;
  // The list of jobs keeps it.
  g_autoptr(PctJob) job = pct_slide_save_view(self->slide, self->project, path, &error);
  if (job)
    pct_save_dialog_watch(GTK_WIDGET(self), job, path, told);
  else
    told(self, error->message);
}

static void
export_view(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const PctSaveFormat formats[] = { { ".png", N_("Pictures (PNG)") }, { ".npy", N_("Numbers (npy)") } };
  PctSlidePage *self = data;
  int image = pct_slide_get_image(self->slide);
  g_autofree char *name = image >= 0 ? g_strdup_printf("image-%d.png", image) : g_strdup("photograph.png");
  pct_save_dialog_ask(GTK_WIDGET(self), _("Save the Pictures"), name, formats, G_N_ELEMENTS(formats), "slide.save-view");
}

static void
choose_card(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_slide_page_show_card(data, g_variant_get_string(parameter, NULL));
}

static const GActionEntry entries[] = {
  { "previous", step }, { "next", step }, { "card", choose_card, "s" },
  { "reset", reset }, { "reset-neuron", reset_neuron, "i" }, { "silence", silence },
  { "pin", pin, "i" }, { "unpin", unpin, "i" }, { "unpin-all", unpin_all }, { "pin-strongest", pin_strongest },
  { "set-response", set_response, "(id)" },
  { "redraw", redraw }, { "zero-latent", zero_latent },
  { "model", choose_model, "s" }, { "repeat", choose_repeat, "i" }, { "search", search },
  { "save-view", save_view, "s" }, { "export-view", export_view },
  { "photograph", show_photograph, "s" }, { "open-photograph", open_photograph },
  { "close-photograph", close_photograph }, { "photograph-noise", NULL, NULL, "false", change_photograph_noise },
  { "all-decoders", NULL, NULL, "false", change_all_decoders },
  { "row-changes", NULL, NULL, "false", change_row_changes }, { "lock-scale", NULL, NULL, "false", change_lock },
};

static const struct {
  const char *key, *action;
} keys[] = {
  { "<Alt>Left", "slide.previous" }, { "<Alt>Right", "slide.next" }, { "<Control>f", "slide.search" },
  { "<Control>r", "slide.reset" }, { "<Control>m", "slide.silence" }, { "<Control>t", "slide.pin-strongest" },
  { "<Control>l", "slide.lock-scale" }, { "<Control>Return", "slide.all-decoders" },
  { "<Control>p", "slide.open-photograph" }, { "<Control>s", "slide.export-view" }, { "<Control>d", "slide.redraw" }, { "<Control>0", "slide.zero-latent" },
  { "<Control>space", "slide.sweep-play" }, { "<Control>period", "slide.sweep-stop" },
  { "<Alt>Page_Up", "slide.sweep-previous" }, { "<Alt>Page_Down", "slide.sweep-next" },
};

void
pct_slide_page_add_commands(PctSlidePage *self)
{
  self->actions = pct_page_actions_new(GTK_WIDGET(self), "slide", entries, G_N_ELEMENTS(entries), self);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    pct_page_actions_add_key(GTK_WIDGET(self), keys[i].key, keys[i].action);
}
