// SPDX-License-Identifier: GPL-3.0-or-later
// The sweep card's commands: whatever its buttons and fields do can be asked for by name.
#include "config.h"
#include <math.h>
#include <string.h>
#include "slide/sweep-card-private.h"
#include <glib/gi18n.h>
#include "save-dialog.h"

#define USUAL_WIDTH 512  // pixels of a picture in a file, about

#define MOST_STEPS 32

static void
change_mode(GSimpleAction *action, GVariant *value, gpointer data)
{
  guint i = pct_sweep_mode_from_name(g_variant_get_string(value, NULL));
  if (i < PCT_N_SWEEP_MODES)
    pct_sweep_card_set_mode(data, i);
}

static void
change_latent(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctSweepCard *self = data;
  if (pct_sweep_latent_from_name(g_variant_get_string(value, NULL), &self->request.latent))
    pct_sweep_card_ask(self);
}

static void
change_play(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctSweepCard *self = data;
  if (g_variant_get_boolean(value))
    pct_sweep_player_play(self->player, (guint)MAX(pct_slide_sweep_get_nearest(self->sweep), 0));
  else
    pct_sweep_player_pause(self->player);
}

// One number of the request: what the action is called after.
static void
set_number(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSweepCard *self = data;
  PctSweepRecipe *recipe = &self->request.recipe;
  const char *name = g_action_get_name(G_ACTION(action));
  int value = g_variant_get_int32(parameter), n_neurons = pct_project_get_n_neurons(self->project);
  if (g_str_equal(name, "sweep-neuron") && value >= 0 && value < n_neurons)
    pct_sweep_card_take_in_hand(self, value);
  else if (g_str_equal(name, "sweep-other") && value >= 0 && value < n_neurons) {
    recipe->neurons[1] = value;
    recipe->from[1] = recipe->to[1] = NAN;
  } else if (g_str_equal(name, "sweep-image") && value >= 0 && value < pct_project_get_n_images(self->project) &&
           pct_sweep_modes[pct_sweep_mode_find(recipe)].image)
    recipe->image = value;
  else if (g_str_equal(name, "sweep-steps") && value >= 1 && value <= MOST_STEPS)
    recipe->n_steps[0] = value;
  else if (g_str_equal(name, "sweep-columns") && value >= 1 && value <= MOST_STEPS)
    recipe->n_steps[1] = value;
  pct_sweep_card_ask(self);
}

static void
set_range(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSweepCard *self = data;
  double from = NAN, to = NAN;
  if (parameter)
    g_variant_get(parameter, "(dd)", &from, &to);
  // All ends are set or none is.
  for (int axis = 0; axis < 2; axis++) {
    self->request.recipe.from[axis] = isfinite(from) ? (float)from : NAN;
    self->request.recipe.to[axis] = isfinite(to) ? (float)to : NAN;
  }
  pct_sweep_card_ask(self);
}

static void
take_one(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *name = g_action_get_name(G_ACTION(action));
  PctSweepCard *self = data;
  int nearest = pct_slide_sweep_get_nearest(self->sweep);
  pct_sweep_card_take(self, parameter                              ? g_variant_get_int32(parameter)
             : g_str_equal(name, "sweep-previous") ? nearest - 1
                                                    : nearest + 1);
}

static void
stop(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_sweep_player_stop(PCT_SWEEP_CARD(data)->player);
}

static void
set_rate(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSweepCard *self = data;
  double rate = g_variant_get_double(parameter);
  if (!(rate >= PCT_ANIMATION_LEAST_RATE && rate <= PCT_ANIMATION_MOST_RATE))
    return;
  pct_sweep_player_set_rate(self->player, rate);
  pct_sweep_card_show_setup(self);
}

static void
say(gpointer self, const char *sentence)
{
  gtk_label_set_label(GTK_LABEL(PCT_SWEEP_CARD(self)->note), sentence);
}

static const PctSaveFormat formats[] = {
  { ".webp", N_("Animation (WebP)") },
  { ".png", N_("Strip or grid (PNG)") },
  { ".npy", N_("Numbers (npy)") },
};

static void
save(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSweepCard *self = data;
  const char *path = g_variant_get_string(parameter, NULL);
  PctPicture *first = pct_slide_sweep_get_picture(self->sweep, 0);
  PctAnimationOptions options = PCT_ANIMATION_OPTIONS_DEFAULT;
  options.rate = pct_sweep_player_get_rate(self->player);
  options.scale = first ? MAX(1, USUAL_WIDTH / pct_picture_get_width(first)) : 1;
  g_autoptr(GError) error = NULL;
  // The list of jobs keeps it.
  g_autoptr(PctJob) job = pct_slide_sweep_save(self->sweep, path, &options, &error);
  if (job)
    pct_save_dialog_watch(GTK_WIDGET(self), job, path, say);
  else
    say(self, error->message);
}

static char *
dup_name(PctSlideSweep *sweep)
{
  const PctSweepRecipe *recipe = pct_slide_sweep_get_recipe(sweep);
  if (recipe->kind == PCT_SWEEP_GRID)
    return g_strdup_printf("neurons-%d-%d.webp", recipe->neurons[0], recipe->neurons[1]);
  if (recipe->kind == PCT_SWEEP_WALK || recipe->image >= 0)
    return g_strdup_printf("to-image-%d.webp", recipe->image);
  return recipe->kind == PCT_SWEEP_REPEATS ? g_strdup("trials.webp")
                                           : g_strdup_printf("neuron-%d.webp", recipe->neurons[0]);
}

static void
export(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSweepCard *self = data;
  if (!pct_slide_sweep_get_recipe(self->sweep))
    return;
  g_autofree char *name = dup_name(self->sweep);
  pct_save_dialog_ask(GTK_WIDGET(self), _("Save the Sweep"), name, formats, G_N_ELEMENTS(formats), "slide.sweep-save");
}

static const GActionEntry entries[] = {
  { "sweep-mode", NULL, "s", "'alone'", change_mode }, { "sweep-latent", NULL, "s", "'fixed'", change_latent },
  { "sweep-neuron", set_number, "i" }, { "sweep-other", set_number, "i" }, { "sweep-image", set_number, "i" },
  { "sweep-steps", set_number, "i" }, { "sweep-columns", set_number, "i" }, { "sweep-range", set_range, "(dd)" },
  { "sweep-observed", set_range }, { "sweep-take", take_one, "i" }, { "sweep-previous", take_one },
  { "sweep-next", take_one }, { "sweep-play", NULL, NULL, "false", change_play }, { "sweep-stop", stop },
  { "sweep-rate", set_rate, "d" }, { "sweep-export", export }, { "sweep-save", save, "s" },
};

void
pct_sweep_commands_add(PctSweepCard *self)
{
  g_action_map_add_action_entries(self->actions, entries, G_N_ELEMENTS(entries), self);
}

void
pct_sweep_commands_remove(PctSweepCard *self)
{
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(self->actions, entries[i].name);
}
