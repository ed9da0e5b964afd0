// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "window-trials.h"
#include "trials-dialog.h"
#include "trials-strip.h"

#define STRIP "percept-trials-strip"

static void
filter_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctProject *project = pct_main_window_get_project(data);
  if (project != NULL)
    gtk_window_present(GTK_WINDOW(pct_trials_dialog_new(GTK_WINDOW(data), project)));
}

static void
set_activated(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctProject *project = pct_main_window_get_project(data);
  g_autofree char *text = g_strstrip(g_variant_dup_string(parameter, NULL));
  const char *trials = *text ? text : NULL;
  if (project != NULL && g_strcmp0(trials, pct_project_get_trials(project)) != 0)
    pct_main_window_reopen(data, trials);
}

static void
enable(PctMainWindow *window, gboolean enabled)
{
  g_simple_action_set_enabled(G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(window), "filter-trials")), enabled);
}

void
pct_window_trials_attach(PctMainWindow *window, GtkBox *box, GtkWidget *header)
{
  static const GActionEntry entries[] = {
    { .name = "filter-trials", .activate = filter_activated },
    { .name = "set-trials", .parameter_type = "s", .activate = set_activated },
  };
  GtkWidget *strip = pct_trials_strip_new();
  g_action_map_add_action_entries(G_ACTION_MAP(window), entries, G_N_ELEMENTS(entries), window);
  enable(window, FALSE);
  g_object_set_data(G_OBJECT(window), STRIP, strip);
  gtk_box_insert_child_after(box, strip, header);
}

// Whether two projects differ in their filter alone. old may be NULL.
static gboolean
is_of_other_trials(PctProject *old, PctProject *project)
{
  return old != NULL && g_strcmp0(pct_project_get_path(old), pct_project_get_path(project)) == 0 &&
         g_strcmp0(pct_project_get_trials(old), pct_project_get_trials(project)) != 0 &&
         g_str_equal(pct_project_get_fingerprint(old), pct_project_get_fingerprint(project));
}

void
pct_window_trials_take(PctMainWindow *window, PctProject *old, PctProject *project)
{
  const PctTier tiers[] = { PCT_TIER_TEST, PCT_TIER_VALIDATION, PCT_TIER_TRAIN };
  PctSelection *selection = pct_main_window_get_selection(window);
  gboolean stays = is_of_other_trials(old, project);
  pct_trials_strip_show(g_object_get_data(G_OBJECT(window), STRIP), project);
  enable(window, TRUE);
  pct_selection_set_order(selection, NULL, 0);
  if (!stays) {
    pct_selection_set_neurons(selection, NULL, 0);
    pct_selection_set_neuron(selection, -1);
    pct_selection_set_model(selection, NULL);
  }
  int image = pct_selection_get_image(selection);
  if (!stays || image < 0 || pct_project_get_n_repeats(project, image) == 0)
    pct_selection_set_image(selection, -1);
  // A held-out image is what one came for: start with one where there is any.
  for (guint i = 0; i < G_N_ELEMENTS(tiers) && pct_selection_get_image(selection) < 0; i++) {
    int n_images;
    const int *images = pct_project_get_tier_images(project, tiers[i], &n_images);
    if (n_images > 0)
      pct_selection_set_image(selection, images[0]);
  }
}
