// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/sweep-card-private.h"
#include <glib/gi18n.h>
#include <math.h>
#include "plots/number-text.h"
#include "slide/sweep-setup.h"
#include "slide/sweep-strip.h"

G_DEFINE_FINAL_TYPE(PctSweepCard, pct_sweep_card, GTK_TYPE_WIDGET)

enum { PROP_FRAME = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

static const char *const latent_titles[PCT_N_SWEEP_LATENTS] = { N_("z fixed"), N_("z redrawn"), N_("z averaged") };

static const PctSweepMode *
get_mode(PctSweepCard *self)
{
  return &pct_sweep_modes[pct_sweep_mode_find(&self->request.recipe)];
}

static GSimpleAction *
find_action(PctSweepCard *self, const char *name)
{
  return G_SIMPLE_ACTION(g_action_map_lookup_action(self->actions, name));
}

static char *
dup_title(PctSweepCard *self)
{
  const PctSweepRecipe *recipe = &self->request.recipe;
  int image = pct_slide_get_image(self->slide);
  switch (recipe->kind) {
    case PCT_SWEEP_GRID:
      return g_strdup_printf(_("Sweep of neurons %d and %d"), recipe->neurons[0], recipe->neurons[1]);
    case PCT_SWEEP_WALK:
      return image < 0 ? g_strdup_printf(_("To image %d"), recipe->image)
                       : g_strdup_printf(_("From image %d to image %d"), image, recipe->image);
    case PCT_SWEEP_REPEATS:
      return image < 0           ? g_strdup(_("Trials"))
             : recipe->image < 0 ? g_strdup_printf(_("Trials of image %d"), image)
                               : g_strdup_printf(_("Trials of image %d, then %d"), image, recipe->image);
    case PCT_SWEEP_ALONE:
    case PCT_SWEEP_COMPANIONS:
    default: return g_strdup_printf(_("Sweep of neuron %d"), recipe->neurons[0]);
  }
}

// What stands in the way, or what the strip shows and how much of it is the responses' doing and how much z's.
static void
show_words(PctSweepCard *self)
{
  const PctSlideSweepRequest *asked = pct_slide_sweep_get_request(self->sweep);
  const char *problem = pct_slide_sweep_get_problem(self->sweep);
  g_autofree char *title = asked ? dup_title(self) : g_strdup(_("Sweep"));
  gtk_label_set_label(GTK_LABEL(self->title), title);
  g_autoptr(GString) text = g_string_new(NULL);
  if (problem || !asked)
    g_string_append(text, problem ? problem : _("Pin a neuron, and its response is swept here."));
  else {
    double change = pct_slide_sweep_get_change(self->sweep), spread = pct_slide_sweep_get_spread(self->sweep);
    g_autofree char *moved = pct_number_text(change, 1), *drawn = pct_number_text(spread, 1);
    const PctSweep *sweep = pct_slide_sweep_get_sweep(self->sweep);
    guint n_ready = pct_slide_sweep_get_n_ready(self->sweep);
    // The numbers first: where there is little room, the words go.
    if (sweep && n_ready > 0 && n_ready < sweep->n)
      g_string_append_printf(text, _("%d of %d pictures are drawn. "), (int)n_ready, (int)sweep->n);
    if (!isnan(change))
      g_string_append_printf(text, _("The picture moves by ±%s grey levels. "), moved);
    if (!isnan(spread))
      g_string_append_printf(text, _("Spread over %d draws of z ±%s. "), self->request.n_draws, drawn);
    g_string_append(text, _(get_mode(self)->help));
  }
  gtk_label_set_label(GTK_LABEL(self->note), text->str);
  gtk_widget_set_tooltip_text(self->note, text->str);
}

static void
enable(PctSweepCard *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled(find_action(self, name), enabled);
}

static void
show_actions(PctSweepCard *self)
{
  const PctSweep *sweep = pct_slide_sweep_get_sweep(self->sweep);
  int n = sweep ? (int)sweep->n : 0, nearest = pct_slide_sweep_get_nearest(self->sweep);
  enable(self, "sweep-take", n > 0);
  enable(self, "sweep-previous", n > 0 && nearest > 0);
  enable(self, "sweep-next", n > 0 && nearest < n - 1);
  enable(self, "sweep-play", n > 1);
  enable(self, "sweep-export", pct_slide_sweep_is_done(self->sweep));
  enable(self, "sweep-save", pct_slide_sweep_is_done(self->sweep));
}

void
pct_sweep_card_show_setup(PctSweepCard *self)
{
  gboolean has_latent = pct_slide_get_n_latent(self->slide) > 0;
  pct_sweep_setup_show(PCT_SWEEP_SETUP(self->setup), &self->request, pct_slide_sweep_get_recipe(self->sweep),
                       has_latent, pct_sweep_player_get_rate(self->player));
  gtk_widget_set_visible(self->latent, has_latent);
}

static void
on_sweep(PctSweepCard *self)
{
  const PctSweep *sweep = pct_slide_sweep_get_sweep(self->sweep);
  pct_sweep_player_set_n(self->player, sweep ? (guint)sweep->n : 0);
  show_words(self);
  pct_sweep_card_show_setup(self);
  show_actions(self);
  if (pct_sweep_player_get_frame(self->player) >= 0)  // its picture may be another
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_FRAME]);
}

// The one looked at, if it is pinned; else the first pinned; -1: none is.
static int
find_neuron(PctSweepCard *self)
{
  guint n;
  const int *pinned = pct_selection_get_neurons(self->selection, &n);
  int neuron = pct_selection_get_neuron(self->selection);
  if (neuron < 0 || !pct_selection_has_neuron(self->selection, neuron))
    neuron = n > 0 ? pinned[0] : -1;
  return neuron < pct_project_get_n_neurons(self->project) ? neuron : -1;
}

// Asks for what is wanted now, as far as it is possible.
void
pct_sweep_card_ask(PctSweepCard *self)
{
  PctSweepRecipe *recipe = &self->request.recipe;
  const PctSweepMode *mode = get_mode(self);
  gboolean possible = mode->n_neurons == 0 || find_neuron(self) >= 0;
  self->choosing = TRUE;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->mode), pct_sweep_mode_find(recipe));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->latent), self->request.latent);
  self->choosing = FALSE;
  g_simple_action_set_state(find_action(self, "sweep-mode"), g_variant_new_string(mode->name));
  g_simple_action_set_state(find_action(self, "sweep-latent"),
                            g_variant_new_string(pct_sweep_latent_get_name(self->request.latent)));
  pct_slide_sweep_set_request(self->sweep, possible ? &self->request : NULL);
  on_sweep(self);
}

// The neuron in hand is swept; of a grid, it and the one in hand before.
static void
choose_neuron(PctSweepCard *self)
{
  int *neurons = self->request.recipe.neurons, neuron = find_neuron(self);
  gboolean grid = self->request.recipe.kind == PCT_SWEEP_GRID;
  if (neuron >= 0 && neuron != neurons[0] && !(grid && neuron == neurons[1])) {
    if (pct_selection_has_neuron(self->selection, neurons[0]))
      neurons[1] = neurons[0];
    neurons[0] = neuron;
    for (int axis = 0; axis < 2; axis++)  // a range belongs to its neuron
      self->request.recipe.from[axis] = self->request.recipe.to[axis] = NAN;
  }
  pct_sweep_card_ask(self);
}

// Another test image than the one in hand.
static int
find_other_image(PctSweepCard *self)
{
  int n, image = pct_slide_get_image(self->slide);
  const int *images = pct_project_get_tier_images(self->project, PCT_TIER_TEST, &n);
  for (int i = 0; i < n; i++)
    if (images[i] != image)
      return images[i];
  return MAX(image, 0);
}

// Beside the neuron in hand: where none was in hand before, another pinned one.
static void
choose_other(PctSweepCard *self)
{
  int *neurons = self->request.recipe.neurons, m = pct_project_get_n_neurons(self->project);
  guint n;
  const int *pinned = pct_selection_get_neurons(self->selection, &n);
  for (guint i = 0; i < n && (neurons[1] == neurons[0] || !pct_selection_has_neuron(self->selection, neurons[1])); i++)
    if (pinned[i] != neurons[0])
      neurons[1] = pinned[i];
  if (neurons[1] == neurons[0])
    neurons[1] = (neurons[0] + 1) % m;
}

void
pct_sweep_card_set_mode(PctSweepCard *self, guint i)
{
  PctSweepRecipe *recipe = &self->request.recipe;
  const PctSweepMode *mode = &pct_sweep_modes[i];
  recipe->kind = mode->kind;
  recipe->image = !mode->image ? -1 : recipe->image >= 0 ? recipe->image : find_other_image(self);
  // A strip that is in sight as a whole, as a rule, and a grid.
  recipe->n_steps[0] = mode->n_neurons > 1 ? 3 : 7;
  recipe->n_steps[1] = 7;
  choose_other(self);
  pct_sweep_card_ask(self);
}

static void
on_mode(PctSweepCard *self)
{
  if (!self->choosing)
    pct_sweep_card_set_mode(self, gtk_drop_down_get_selected(GTK_DROP_DOWN(self->mode)));
}

static void
on_latent(PctSweepCard *self)
{
  if (self->choosing)
    return;
  self->request.latent = (PctSweepLatent)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->latent));
  pct_sweep_card_ask(self);
}

// In hand is what is pinned.
void
pct_sweep_card_take_in_hand(PctSweepCard *self, int neuron)
{
  pct_selection_add_neuron(self->selection, neuron);
  pct_selection_set_neuron(self->selection, neuron);
}

static void
on_edited(PctSweepCard *self)
{
  double rate;
  int before = self->request.recipe.neurons[0];
  pct_sweep_setup_read(PCT_SWEEP_SETUP(self->setup), &self->request, &rate);
  if (rate != pct_sweep_player_get_rate(self->player))
    pct_sweep_player_set_rate(self->player, rate);
  int neuron = self->request.recipe.neurons[0];
  if (neuron != before && get_mode(self)->n_neurons > 0)
    pct_sweep_card_take_in_hand(self, neuron);
  pct_sweep_card_ask(self);
}

void
pct_sweep_card_take(PctSweepCard *self, int i)
{
  const PctSweepRecipe *recipe = pct_slide_sweep_get_recipe(self->sweep);
  const PctSweep *sweep = pct_slide_sweep_get_sweep(self->sweep);
  if (!sweep || i < 0 || i >= (int)sweep->n)
    return;
  // What was moved by hand stays in sight.
  int neurons[] = { recipe->neurons[0], recipe->neurons[1] };
  guint n = pct_sweep_modes[pct_sweep_mode_find(recipe)].n_neurons;
  for (guint axis = 0; axis < n; axis++)
    pct_selection_add_neuron(self->selection, neurons[axis]);
  pct_sweep_player_stop(self->player);
  pct_slide_sweep_take(self->sweep, (guint)i);
}

static void
on_responses(PctSweepCard *self)
{
  pct_sweep_player_stop(self->player);  // the stage shows what a hand does
}

static void
on_frame(PctSweepCard *self)
{
  int frame = pct_sweep_player_get_frame(self->player);
  g_free(self->frame_text);
  self->frame_text = frame >= 0 ? pct_sweep_dup_text(self->sweep, (guint)frame, TRUE) : NULL;
  pct_sweep_strip_set_playing(PCT_SWEEP_STRIP(self->strip), frame);
  gtk_widget_set_visible(self->stop, frame >= 0);
  enable(self, "sweep-stop", frame >= 0);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_FRAME]);
}

static void
on_playing(PctSweepCard *self)
{
  gboolean playing = pct_sweep_player_is_playing(self->player);
  g_simple_action_set_state(find_action(self, "sweep-play"), g_variant_new_boolean(playing));
  gtk_button_set_icon_name(GTK_BUTTON(self->play),
                           playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_FRAME: g_value_set_boxed(value, pct_sweep_card_get_picture(PCT_SWEEP_CARD(object))); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
pct_sweep_card_dispose(GObject *object)
{
  PctSweepCard *self = PCT_SWEEP_CARD(object);
  if (self->actions)
    pct_sweep_commands_remove(self);
  g_clear_object(&self->actions);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  if (self->player)
    g_signal_handlers_disconnect_by_data(self->player, self);
  g_clear_object(&self->player);
  g_clear_object(&self->sweep);
  g_clear_object(&self->slide);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_sweep_card_parent_class)->dispose(object);
}

static void
pct_sweep_card_finalize(GObject *object)
{
  g_free(PCT_SWEEP_CARD(object)->frame_text);
  G_OBJECT_CLASS(pct_sweep_card_parent_class)->finalize(object);
}

static void
pct_sweep_card_map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(pct_sweep_card_parent_class)->map(widget);
  pct_slide_sweep_set_active(PCT_SWEEP_CARD(widget)->sweep, TRUE);
}

static void
pct_sweep_card_unmap(GtkWidget *widget)
{
  PctSweepCard *self = PCT_SWEEP_CARD(widget);
  pct_sweep_player_stop(self->player);
  pct_slide_sweep_set_active(self->sweep, FALSE);
  GTK_WIDGET_CLASS(pct_sweep_card_parent_class)->unmap(widget);
}

static void
pct_sweep_card_class_init(PctSweepCardClass *klass)
{
  G_OBJECT_CLASS(klass)->get_property = get_property;
  G_OBJECT_CLASS(klass)->dispose = pct_sweep_card_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_sweep_card_finalize;
  GTK_WIDGET_CLASS(klass)->map = pct_sweep_card_map;
  GTK_WIDGET_CLASS(klass)->unmap = pct_sweep_card_unmap;
  props[PROP_FRAME] = g_param_spec_boxed("frame", NULL, NULL, PCT_TYPE_PICTURE,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(G_OBJECT_CLASS(klass), N_PROPS, props);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
pct_sweep_card_init(PctSweepCard *self)
{
  self->request = PCT_SLIDE_SWEEP_REQUEST_DEFAULT;
}

static GtkWidget *
name(GtkWidget *widget, const char *label, const char *tooltip)
{
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text(widget, tooltip);
  return widget;
}

static GtkWidget *
make_button(const char *icon, const char *label, const char *tooltip, const char *action)
{
  GtkWidget *button = g_str_equal(action, "slide.sweep-play") ? gtk_toggle_button_new() : gtk_button_new();
  gtk_button_set_icon_name(GTK_BUTTON(button), icon);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return name(button, label, tooltip);
}

static GtkWidget *
make_header(PctSweepCard *self)
{
  const char *modes[PCT_N_SWEEP_MODES + 1] = { NULL }, *latents[PCT_N_SWEEP_LATENTS + 1] = { NULL };
  for (guint i = 0; i < PCT_N_SWEEP_MODES; i++)
    modes[i] = _(pct_sweep_modes[i].title);
  for (guint i = 0; i < PCT_N_SWEEP_LATENTS; i++)
    latents[i] = _(latent_titles[i]);
  self->title = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->title, "heading");
  gtk_label_set_xalign(GTK_LABEL(self->title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(self->title, TRUE);
  self->mode = name(gtk_drop_down_new_from_strings(modes), _("What is swept"), _("What is swept"));
  self->latent = name(gtk_drop_down_new_from_strings(latents), _("What z does meanwhile"),
                      _("What z does meanwhile: it stays as it is, is drawn anew for every picture, or is averaged "
                        "over"));
  GtkWidget *popover = gtk_popover_new(), *open = gtk_menu_button_new();
  self->setup = pct_sweep_setup_new(self->project);
  gtk_popover_set_child(GTK_POPOVER(popover), self->setup);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(open), popover);
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(open), "emblem-system-symbolic");
  name(open, _("Set up the sweep"), _("Neurons, range, number of pictures, speed"));
  self->play = make_button("media-playback-start-symbolic", _("Play"),
                           _("Show the pictures one after another in place of the reconstruction (Ctrl+Space)"),
                           "slide.sweep-play");
  self->stop = make_button("media-playback-stop-symbolic", _("Stop"), _("Stop, and show what is set again (Ctrl+.)"),
                           "slide.sweep-stop");
  gtk_widget_set_visible(self->stop, FALSE);
  GtkWidget *save_button = make_button("document-save-symbolic", _("Export…"),
                                       _("Save the sweep as an animation, a picture or an array, with its numbers"),
                                       "slide.sweep-export");
  GtkWidget *header = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *parts[] = { self->title, self->mode, open, self->latent,
                         self->play, self->stop, save_button };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(header), parts[i]);
  return header;
}

GtkWidget *
pct_sweep_card_new(PctProject *project, PctSelection *selection, PctSlide *slide, GActionMap *actions)
{
  PctSweepCard *self = g_object_new(PCT_TYPE_SWEEP_CARD, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = g_object_ref(slide);
  self->sweep = pct_slide_sweep_new(project, slide);
  self->player = pct_sweep_player_new();
  self->actions = g_object_ref(actions);
  pct_sweep_commands_add(self);
  self->note = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->note), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->note), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(self->note, "caption");
  gtk_widget_add_css_class(self->note, "dim-label");
  self->strip = pct_sweep_strip_new(self->sweep, pct_project_get_height(project), pct_project_get_width(project));
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class(self->box, "card");
  gtk_widget_add_css_class(self->box, "picture-card");
  GtkWidget *parts[] = { make_header(self), self->note, self->strip };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->box), parts[i]);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  const struct {
    gpointer object;
    const char *signal;
    GCallback callback;
  } signals[] = {
    { self->sweep, "changed", G_CALLBACK(on_sweep) },
    { self->sweep, "notify::nearest", G_CALLBACK(show_actions) },
    { self->player, "notify::frame", G_CALLBACK(on_frame) },
    { self->player, "notify::playing", G_CALLBACK(on_playing) },
    { self->strip, "taken", G_CALLBACK(pct_sweep_card_take) },
    { self->setup, "edited", G_CALLBACK(on_edited) },
    { self->mode, "notify::selected", G_CALLBACK(on_mode) },
    { self->latent, "notify::selected", G_CALLBACK(on_latent) },
    { slide, "responses-changed", G_CALLBACK(on_responses) },
    { slide, "notify::image", G_CALLBACK(show_words) },
    { slide, "notify::n-latent", G_CALLBACK(pct_sweep_card_show_setup) },
    { selection, "notify::neuron", G_CALLBACK(choose_neuron) },
    { selection, "neurons-changed", G_CALLBACK(choose_neuron) },
  };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(signals[i].object, signals[i].signal, signals[i].callback, self, G_CONNECT_SWAPPED);
  enable(self, "sweep-stop", FALSE);
  choose_neuron(self);
  return GTK_WIDGET(self);
}

PctPicture *
pct_sweep_card_get_picture(PctSweepCard *self)
{
  int frame = self->player ? pct_sweep_player_get_frame(self->player) : -1;
  return frame >= 0 ? pct_slide_sweep_get_picture(self->sweep, (guint)frame) : NULL;
}

const char *
pct_sweep_card_get_frame_text(PctSweepCard *self)
{
  return self->frame_text;
}

PctSlideSweep *
pct_sweep_card_get_sweep(PctSweepCard *self)
{
  return self->sweep;
}
