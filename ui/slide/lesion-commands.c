// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n.h>
#include <string.h>
#include "measure-text.h"
#include "save-dialog.h"
#include "slide/lesion-card-private.h"
#include "work/neuron-area.h"

const PctMeasure pct_lesion_measures[PCT_N_LESION_MEASURES] = { PCT_MEASURE_PIXCORR, PCT_MEASURE_SSIM, PCT_MEASURE_MSE };
const char *const pct_lesion_of_names[PCT_N_LESION_OF] = { "pinned", "area", "first" };

static gboolean
get_flag(PctLesionCard *self, const char *action)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self->actions), action);
  return g_variant_get_boolean(state);
}

PctMeasure
pct_lesion_card_get_measure(PctLesionCard *self)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self->actions), "lesion-measure");
  for (guint i = 0; i < PCT_N_LESION_MEASURES; i++)
    if (g_str_equal(g_variant_get_string(state, NULL), pct_measure_get_name(pct_lesion_measures[i])))
      return pct_lesion_measures[i];
  return pct_lesion_measures[0];
}

PctFrame
pct_lesion_card_get_frame(PctLesionCard *self)
{
  return get_flag(self, "lesion-central") ? PCT_FRAME_CENTRAL : PCT_FRAME_FULL;
}

static void
measure_tier(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  const char *name;
  gboolean averaged;
  PctTier tier;
  g_autoptr(GError) error = NULL;
  g_variant_get(parameter, "(&sb)", &name, &averaged);
  if (self->job)
    return;
  if (!pct_tier_from_name(name, &tier)) {
    pct_lesion_card_say(self, _("There is no such tier."));
    return;
  }
  PctJob *job = pct_slide_lesion_measure_tier(self->lesion, tier, averaged, &error);
  pct_lesion_card_say(self, error ? error->message : NULL);
  if (job)
    pct_lesion_card_take_job(self, job);
}

static void
cancel_job(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  if (self->job)
    pct_job_cancel(self->job);
}

// The tier's, or, before one is measured, the image's.
static void
save_curve(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  g_autoptr(PctLesionCurve) live = self->whole ? NULL : pct_slide_lesion_dup_curve(self->lesion);
  g_autoptr(GError) error = NULL;
  const PctLesionCurve *curve = self->whole ? self->whole : live;
  if (!curve)
    return;
  const char *path = g_variant_get_string(parameter, NULL);
  g_autofree char *name = g_filename_display_basename(path);
  g_autofree char *saved = g_strdup_printf(_("Saved as “%s”."), name);
  pct_lesion_card_say(self, pct_lesion_curve_save(curve, path, &error) ? saved : error->message);
}

static void
export_curve(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const PctSaveFormat format = { ".csv", N_("Table (CSV)") };
  pct_save_dialog_ask(data, _("Export the Curve"), "lesion.csv", &format, 1, "slide.save-lesion");
}

// Receptive fields take a moment to be read, and are not there before somebody had them found.
static void
find_area(PctLesionCard *self)
{
  if (pct_slide_lesion_get_of(self->lesion) != PCT_LESION_AREA)
    return;
  if (!self->neurons) {
    self->neurons = pct_neurons_dup_shared(self->project);
    g_signal_connect_object(self->neurons, "notify::receptive-fields", G_CALLBACK(find_area), self, G_CONNECT_SWAPPED);
    pct_neurons_set_active(self->neurons, TRUE);
  }
  PctReceptiveFieldState state = pct_neurons_get_receptive_field_state(self->neurons);
  pct_lesion_card_say(self, state == PCT_RECEPTIVE_FIELDS_READY || state == PCT_RECEPTIVE_FIELDS_READING ? NULL
                            : state == PCT_RECEPTIVE_FIELDS_FINDING ? _("Receptive fields are being found …")
                                                                    : _("Which neurons see an area is told by their receptive "
                                                                        "fields: have them found on the Neurons page first."));
  const int *area = self->area;
  g_autoptr(GArray) seen = pct_neurons_dup_in_area(self->neurons, area[0], area[1], area[2], area[3]);
  pct_slide_lesion_set_area(self->lesion, (const int *)(gpointer)seen->data, seen->len);
}

void
pct_lesion_card_set_area(PctLesionCard *self, int x, int y, int width, int height)
{
  memcpy(self->area, (const int[]){ x, y, width, height }, sizeof self->area);
  find_area(self);
  pct_lesion_card_show_choice(self);
}

static void
change_of(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctLesionCard *self = data;
  for (guint i = 0; i < PCT_N_LESION_OF; i++)
    if (g_str_equal(g_variant_get_string(state, NULL), pct_lesion_of_names[i])) {
      g_simple_action_set_state(action, state);
      pct_lesion_card_say(self, NULL);
      pct_slide_lesion_set_of(self->lesion, (PctLesionOf)i, pct_slide_lesion_get_others(self->lesion));
      find_area(self);
      pct_lesion_card_show_choice(self);
    }
}

static void
set_area(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  int x, y, width, height;
  g_variant_get(parameter, "(iiii)", &x, &y, &width, &height);
  if (width < 1 || height < 1 || x < 0 || y < 0 || x > pct_project_get_width(self->project) - width ||
      y > pct_project_get_height(self->project) - height) {
    pct_lesion_card_say(self, _("This area is not inside the image."));
    return;
  }
  pct_lesion_card_set_area(self, x, y, width, height);
}

static void
change_others(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctLesionCard *self = data;
  g_simple_action_set_state(action, state);
  pct_slide_lesion_set_of(self->lesion, pct_slide_lesion_get_of(self->lesion), g_variant_get_boolean(state));
  pct_lesion_card_show_choice(self);
}

static gboolean
is_offered(PctMeasure measure)
{
  for (guint i = 0; i < PCT_N_LESION_MEASURES; i++)
    if (pct_lesion_measures[i] == measure)
      return TRUE;
  return FALSE;
}

static void
change_measure(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctMeasure measure;
  if (!pct_table_measure_from_name(g_variant_get_string(state, NULL), &measure) ||
      !is_offered(measure))
    return;
  g_simple_action_set_state(action, state);
  pct_lesion_card_show_choice(data);
}

static void
change_central(GSimpleAction *action, GVariant *state, gpointer data)
{
  g_simple_action_set_state(action, state);
  pct_lesion_card_show_choice(data);
}

static void
set_most(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  int most = g_variant_get_int32(parameter);
  pct_slide_lesion_set_most(self->lesion, CLAMP(most, 1, pct_project_get_n_neurons(self->project)));
  pct_lesion_card_show_choice(self);
}

static const GActionEntry entries[] = {
  { "lesion-of", NULL, "s", "'pinned'", change_of }, { "lesion-others", NULL, NULL, "false", change_others },
  { "lesion-measure", NULL, "s", "'pixcorr'", change_measure }, { "lesion-central", NULL, NULL, "false", change_central },
  { "lesion-most", set_most, "i" }, { "lesion-area", set_area, "(iiii)" }, { "lesion-tier", measure_tier, "(sb)" }, { "cancel-lesion", cancel_job },
  { "save-lesion", save_curve, "s" }, { "export-lesion", export_curve },
};

void
pct_lesion_card_add_commands(PctLesionCard *self)
{
  g_action_map_add_action_entries(G_ACTION_MAP(self->actions), entries, G_N_ELEMENTS(entries), self);
}

void
pct_lesion_card_remove_commands(PctLesionCard *self)
{
  for (guint i = 0; self->actions && i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->actions), entries[i].name);
}
