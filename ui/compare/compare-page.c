// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "compare/compare-page.h"
#include <glib/gi18n.h>
#include "compare/comparison-grid.h"
#include "compare/data-curves-card.h"
#include "compare/model-detail.h"
#include "compare/score-grid.h"
#include "compare/score-walk.h"
#include "empty-page.h"
#include "image-bar.h"
#include "measure-text.h"
#include "page-actions.h"
#include "work/command-line.h"

struct _PctComparePage {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctCompare *compare;
  GSimpleActionGroup *actions;
  GtkWidget *states, *bar, *walk, *legend, *cards, *scores, *curves;
  gboolean by_score;     // left and right walk in the order of scores
};

G_DEFINE_FINAL_TYPE(PctComparePage, pct_compare_page, GTK_TYPE_WIDGET)

static void
on_image(PctComparePage *self)
{
  int image = pct_image_bar_get_image(PCT_IMAGE_BAR(self->bar));
  pct_compare_set(self->compare, image, pct_image_bar_get_repeat(PCT_IMAGE_BAR(self->bar)));
  pct_comparison_grid_update(PCT_COMPARISON_GRID(self->cards));
  pct_score_grid_set_image(PCT_SCORE_GRID(self->scores), image);
  pct_score_walk_set_image(PCT_SCORE_WALK(self->walk), image);
}

// Without a model there is nothing to compare.
static void
show_models(PctComparePage *self)
{
  gboolean any = g_list_model_get_n_items(G_LIST_MODEL(self->compare)) > 0;
  gtk_stack_set_visible_child_name(GTK_STACK(self->states), any ? "cards" : "empty");
  pct_data_curves_card_update(PCT_DATA_CURVES_CARD(self->curves));
}

static void
step(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctComparePage *self = data;
  int by = g_str_equal(g_action_get_name(G_ACTION(action)), "next") ? 1 : -1;
  int image = self->by_score ? pct_score_walk_step(PCT_SCORE_WALK(self->walk),
                                                   pct_selection_get_image(self->selection), by)
                             : -1;
  if (image >= 0)
    pct_selection_set_image(self->selection, image);
  else
    pct_selection_step(self->selection, by);
}

static void
jump(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctComparePage *self = data;
  const char *name = g_action_get_name(G_ACTION(action));
  PctPlace place = g_str_equal(name, "best")     ? PCT_PLACE_BEST
                   : g_str_equal(name, "median") ? PCT_PLACE_MEDIAN
                                                 : PCT_PLACE_WORST;
  int image = pct_score_walk_find(PCT_SCORE_WALK(self->walk), place);
  if (image >= 0)
    pct_selection_set_image(self->selection, image);
}

static void
set_state(PctComparePage *self, const char *action, GVariant *state)
{
  g_simple_action_set_state(G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(self->actions), action)), state);
}

// What the walk knows is what the actions say.
static void
on_walk(PctComparePage *self)
{
  PctScoreWalk *walk = PCT_SCORE_WALK(self->walk);
  gboolean known = pct_score_walk_find(walk, PCT_PLACE_BEST) >= 0;
  const char *places[] = { "best", "median", "worst" }, *decoder = pct_score_walk_get_decoder(walk);
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    pct_page_actions_set_enabled(self->actions, places[i], known);
  set_state(self, "decoder", g_variant_new_string(decoder ? decoder : ""));
  set_state(self, "measure", g_variant_new_string(pct_measure_get_name(pct_score_walk_get_measure(walk))));
}

static void
set_decoder(GSimpleAction *action, GVariant *state, gpointer data)
{
  pct_score_walk_set_decoder(PCT_SCORE_WALK(((PctComparePage *)data)->walk), g_variant_get_string(state, NULL));
}

// The curves show what the table does.
static void
show_curves(PctComparePage *self)
{
  pct_data_curves_card_show(PCT_DATA_CURVES_CARD(self->curves), pct_score_grid_get_frame(PCT_SCORE_GRID(self->scores)),
                            pct_score_walk_get_measure(PCT_SCORE_WALK(self->walk)),
                            pct_score_grid_get_averaged(PCT_SCORE_GRID(self->scores)));
}

static void
set_measure(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctComparePage *self = data;
  PctMeasure measure;
  if (!pct_table_measure_from_name(g_variant_get_string(state, NULL), &measure))
    return;
  pct_score_walk_set_measure(PCT_SCORE_WALK(self->walk), measure);
  pct_score_grid_set_measure(PCT_SCORE_GRID(self->scores), measure);
  show_curves(self);
}

static void
set_order(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctComparePage *self = data;
  const char *order = g_variant_get_string(state, NULL);
  if (!g_str_equal(order, "score") && !g_str_equal(order, "recording"))
    return;
  self->by_score = g_str_equal(order, "score");
  g_simple_action_set_state(action, state);
}

static void
set_fields(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctComparePage *self = data;
  g_simple_action_set_state(action, state);
  pct_field_legend_set_wanted(PCT_FIELD_LEGEND(self->legend), g_variant_get_boolean(state));
}

static void
set_difference(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctComparePage *self = data;
  g_simple_action_set_state(action, state);
  pct_comparison_grid_set_differences(PCT_COMPARISON_GRID(self->cards), g_variant_get_boolean(state));
}

static void
set_averaged(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctComparePage *self = data;
  gboolean averaged = g_variant_get_boolean(state);
  // Where there is but one way, it stays that way.
  if (self->scores && pct_score_grid_has_both(PCT_SCORE_GRID(self->scores))) {
    pct_score_grid_set_averaged(PCT_SCORE_GRID(self->scores), averaged);
    g_simple_action_set_state(action, state);
    show_curves(self);
  }
}

static void
set_central(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctComparePage *self = data;
  g_simple_action_set_state(action, state);
  PctFrame frame = g_variant_get_boolean(state) ? PCT_FRAME_CENTRAL : PCT_FRAME_FULL;
  pct_score_grid_set_frame(PCT_SCORE_GRID(self->scores), frame);
  pct_score_walk_set_frame(PCT_SCORE_WALK(self->walk), frame);
  show_curves(self);
}

static void
show_detail(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctComparePage *self = data;
  PctModel *model = pct_project_find_model(self->project, g_variant_get_string(parameter, NULL));
  PctScoreTable *table = pct_score_grid_get_table(PCT_SCORE_GRID(self->scores));
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  if (!model || !pct_score_table_find(table, model))
    return;
  GtkWidget *detail = pct_model_detail_new(self->project, table, model,
                                           pct_score_grid_get_frame(PCT_SCORE_GRID(self->scores)),
                                           pct_score_walk_get_measure(PCT_SCORE_WALK(self->walk)));
  if (root) {
    gtk_window_set_transient_for(GTK_WINDOW(detail), GTK_WINDOW(root));
    gtk_window_set_destroy_with_parent(GTK_WINDOW(detail), TRUE);
  }
  gtk_window_present(GTK_WINDOW(detail));
}

static void
start_curve(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *against, *what;
  g_variant_get(parameter, "(&s&s)", &against, &what);
  pct_data_curves_card_start(PCT_DATA_CURVES_CARD(((PctComparePage *)data)->curves), against, what);
}

static void
cancel_curve(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_data_curves_card_cancel(PCT_DATA_CURVES_CARD(((PctComparePage *)data)->curves));
}

static void
on_curve(PctComparePage *self)
{
  gboolean running = pct_data_curves_card_get_job(PCT_DATA_CURVES_CARD(self->curves)) != NULL;
  pct_page_actions_set_enabled(self->actions, "start-curve", !running);
  pct_page_actions_set_enabled(self->actions, "cancel-curve", running);
}

// A state with a parameter of its type: pills and menus set it to what they stand for.
static void
activate_state(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_action_change_state(G_ACTION(action), parameter);
}

static void
choose_repeat(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctComparePage *self = data;
  pct_image_bar_set_repeat(PCT_IMAGE_BAR(self->bar), MAX(PCT_MEAN_OF_REPEATS, g_variant_get_int32(parameter)));
}

static const GActionEntry entries[] = {
  { "previous", step }, { "next", step }, { "repeat", choose_repeat, "i" },
  { "best", jump }, { "median", jump }, { "worst", jump },
  { "decoder", activate_state, "s", "''", set_decoder },
  { "measure", activate_state, "s", "'pixcorr'", set_measure },
  { "order", activate_state, "s", "'recording'", set_order },
  { "detail", show_detail, "s" }, { "start-curve", start_curve, "(ss)" }, { "cancel-curve", cancel_curve },
  { "difference", NULL, NULL, "false", set_difference },
  { "fields", NULL, NULL, "false", set_fields },
  { "averaged", activate_state, "b", "true", set_averaged },
  { "central", activate_state, "b", "false", set_central },
};

static const struct {
  const char *key, *action;
} keys[] = {
  { "Left", "compare.previous" }, { "Right", "compare.next" }, { "<Alt>Left", "compare.previous" },
  { "<Alt>Right", "compare.next" }, { "<Control>d", "compare.difference" }, { "<Control>r", "compare.fields" },
  { "Home", "compare.best" }, { "m", "compare.median" }, { "End", "compare.worst" },
};

static void
pct_compare_page_dispose(GObject *object)
{
  PctComparePage *self = PCT_COMPARE_PAGE(object);
  GtkWidget *child;
  if (self->compare)
    g_signal_handlers_disconnect_by_data(self->compare, self);
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self))))
    gtk_widget_unparent(child);
  g_clear_object(&self->compare);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_compare_page_parent_class)->dispose(object);
}

static void
pct_compare_page_class_init(PctComparePageClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_compare_page_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_compare_page_init(PctComparePage *self)
{
}

static GtkWidget *
make_toggle(const char *title, const char *action, const char *tooltip)
{
  GtkWidget *pill = gtk_toggle_button_new_with_label(title);
  gtk_widget_add_css_class(pill, "pill-toggle");
  gtk_widget_set_valign(pill, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(pill, tooltip);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(pill), action);
  return pill;
}

static GtkWidget *
make_content(PctComparePage *self)
{
  GtkWidget *fields = make_toggle(_("Receptive fields"), "compare.fields",
                                  _("A line around where the neurons’ receptive fields lie (Ctrl+R)"));
  GtkWidget *difference = make_toggle(_("Difference"), "compare.difference",
                                      _("Reconstruction minus original: blue is too dark, red is too bright (Ctrl+D)"));
  gtk_widget_set_hexpand(self->bar, TRUE);
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_append(GTK_BOX(top), self->bar);
  gtk_box_append(GTK_BOX(top), fields);
  gtk_box_append(GTK_BOX(top), difference);

  self->scores = pct_score_grid_new(self->project);
  self->walk = pct_score_walk_new(pct_score_grid_get_table(PCT_SCORE_GRID(self->scores)));
  self->legend = pct_field_legend_new(self->project);
  self->cards = pct_comparison_grid_new(self->project, self->compare, PCT_FIELD_LEGEND(self->legend));
  self->curves = pct_data_curves_card_new(
    self->project, pct_score_table_get_tier(pct_score_grid_get_table(PCT_SCORE_GRID(self->scores))));
  GtkWidget *content = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class(content, "page-content");
  GtkWidget *parts[] = { top, self->walk, self->legend, self->cards, self->scores, self->curves };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(content), parts[i]);
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), content);
  return scroller;
}

GtkWidget *
pct_compare_page_new(PctProject *project, PctSelection *selection)
{
  PctComparePage *self = g_object_new(PCT_TYPE_COMPARE_PAGE, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->compare = pct_compare_new(project);
  self->actions = pct_page_actions_new(GTK_WIDGET(self), "compare", entries, G_N_ELEMENTS(entries), self);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    pct_page_actions_add_key(GTK_WIDGET(self), keys[i].key, keys[i].action);
  self->bar = pct_image_bar_new(project, selection, "compare");
  GtkWidget *empty =
    pct_empty_page_new("percept-compare-symbolic", _("Nothing to compare yet"),
                       _("Every decoder that you train shows here what it makes of the image in hand."));
  self->states = gtk_stack_new();
  gtk_stack_add_named(GTK_STACK(self->states), empty, "empty");
  gtk_stack_add_named(GTK_STACK(self->states), make_content(self), "cards");
  gtk_widget_set_parent(self->states, GTK_WIDGET(self));
  if (!pct_score_grid_has_both(PCT_SCORE_GRID(self->scores)))
    set_state(self, "averaged", g_variant_new_boolean(pct_score_grid_get_averaged(PCT_SCORE_GRID(self->scores))));
  g_signal_connect_object(self->walk, "changed", G_CALLBACK(on_walk), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->curves, "changed", G_CALLBACK(on_curve), self, G_CONNECT_SWAPPED);
  on_walk(self);
  on_curve(self);
  show_curves(self);
  g_signal_connect_object(selection, "notify::image", G_CALLBACK(on_image), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->bar, "notify::repeat", G_CALLBACK(on_image), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->compare, "items-changed", G_CALLBACK(show_models), self, G_CONNECT_SWAPPED);
  show_models(self);
  on_image(self);
  return GTK_WIDGET(self);
}

PctCompare *
pct_compare_page_get_compare(PctComparePage *self)
{
  g_return_val_if_fail(PCT_IS_COMPARE_PAGE(self), NULL);
  return self->compare;
}

// The table first, then the pictures of the image in hand, a decoder each.
char *
pct_compare_page_dup_command(GtkWidget *page, GError **error)
{
  PctComparePage *self = PCT_COMPARE_PAGE(page);
  PctScoreTable *table = pct_score_grid_get_table(PCT_SCORE_GRID(self->scores));
  int image = pct_compare_get_image(self->compare), repeat = pct_compare_get_repeat(self->compare);
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->compare));
  if (n == 0) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                        _("There is no decoder yet, and nothing to make again."));
    return NULL;
  }
  PctCommandLine *score = pct_command_line_new("score");
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  pct_command_line_add_recording(score, "-r", self->project);
  for (guint i = 0; i < n; i++) {
    g_autoptr(PctComparison) comparison = g_list_model_get_item(G_LIST_MODEL(self->compare), i);
    PctModel *model = pct_comparison_get_model(comparison);
    pct_command_line_add_model(score, "-m", model);
    if (image < 0)
      continue;
    PctCommandLine *picture = pct_command_line_new("reconstruct");
    g_autofree char *file = g_strdup_printf("image-%d-%s.npy", image, pct_model_get_name(model));
    pct_command_line_add_recording(picture, "-i", self->project);
    pct_command_line_add_model(picture, "-m", model);
    pct_command_line_add_integer(picture, "--image", image);
    if (repeat != PCT_MEAN_OF_REPEATS)
      pct_command_line_add_integer(picture, "--repeat", repeat);
    pct_command_line_add(picture, "-o", file, NULL);
    g_ptr_array_add(lines, pct_command_line_free(picture));
  }
  pct_command_line_add(score, "--tier", pct_tier_get_name(pct_score_table_get_tier(table)), NULL);
  g_ptr_array_insert(lines, 0, pct_command_line_free(score));
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}
