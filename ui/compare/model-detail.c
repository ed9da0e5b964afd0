// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "compare/model-detail.h"
#include <glib/gi18n.h>
#include "measure-text.h"
#include "tier-badge.h"
#include "train/curves-card.h"

struct _PctModelDetail {
  AdwWindow parent_instance;
  GtkWidget *measures, *repeats, *bands, *bands_text, *judgements, *accuracy, *players;
  PctModel *model;
  PctScoreTable *table;
  PctScoreRow *row;  // of the model; NULL: the table has none (any more)
  GSimpleActionGroup *actions;
  PctFrame frame;
  PctMeasure measure;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE(PctModelDetail, pct_model_detail, ADW_TYPE_WINDOW)

static const PctMeasure bands[PCT_N_BANDS] = { PCT_MEASURE_BAND_1, PCT_MEASURE_BAND_2, PCT_MEASURE_BAND_3, PCT_MEASURE_BAND_4,
                                               PCT_MEASURE_BAND_5 };

// What a curve of a GAN's two players is called here.
static const struct {
  const char *name, *title;
} players[] = {
  { "d_matched", N_("D(x), its own responses") },
  { "d_mismatched", N_("D(x), another image’s") },
  { "d_drawn", N_("D(G(z))") },
  { "accuracy_matched", N_("matched") },
  { "accuracy_mismatched", N_("mismatched") },
  { "accuracy_fake", N_("fake") },
};

static void
show_bands(PctModelDetail *self)
{
  enum { N = PCT_N_BANDS };
  double highest[N], y[N], low[N], high[N];  // a band stands at its highest frequency
  g_autoptr(GString) text = g_string_new(NULL);
  pct_curves_card_clear(PCT_CURVES_CARD(self->bands));
  if (!self->row || !pct_score_row_is_ready(self->row)) {
    const char *problem = self->row ? pct_score_row_get_problem(self->row) : NULL;
    gtk_label_set_label(GTK_LABEL(self->bands_text), problem ? problem : _("Being scored …"));
    return;
  }
  for (int i = 0; i < N; i++) {
    PctInterval interval = pct_score_row_get_interval(self->row, self->frame, bands[i]);
    highest[i] = pct_band_get_highest(i);
    y[i] = pct_score_row_get_mean(self->row, self->frame, bands[i]);
    low[i] = interval.low;
    high[i] = interval.high;
    g_autofree char *value = pct_measure_dup_sentence(bands[i], y[i], interval);
    // Translators: a band of spatial frequency ("to 1/16") and the correlation in it.
    g_autofree char *line = g_strdup_printf(_("%s cycles a pixel: %s"), pct_measure_get_title(bands[i]), value);
    g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", line);
  }
  pct_curves_card_add_between(PCT_CURVES_CARD(self->bands), _("correlation"), FALSE, highest, y, low, high, N);
  const char *mode = pct_score_table_get_averaged(self->table) ? _("means over repeats") : _("single trials");
  g_autofree char *note =
    g_strdup_printf(_("%s tier, %s"), pct_tier_get_title(pct_score_table_get_tier(self->table)), mode);
  pct_curves_card_set_note(PCT_CURVES_CARD(self->bands), note);
  gtk_label_set_label(GTK_LABEL(self->bands_text), text->str);
}

static void
find_row(PctModelDetail *self)
{
  PctScoreRow *row = self->table ? pct_score_table_find(self->table, self->model) : NULL;
  if (row != self->row) {
    if (self->row)
      g_signal_handlers_disconnect_by_data(self->row, self);
    g_set_object(&self->row, row);
    if (row)
      g_signal_connect_object(row, "changed", G_CALLBACK(show_bands), self, G_CONNECT_SWAPPED);
  }
  show_bands(self);
}

// Only a GAN has two players; older ones kept less.
static void
show_players(PctModelDetail *self)
{
  g_autoptr(PctCurves) curves = pct_model_dup_curves(self->model, NULL);
  const double *x, *y;
  for (guint i = 0; curves && i < G_N_ELEMENTS(players); i++) {
    int series = pct_curves_find(curves, players[i].name);
    if (series < 0)
      continue;
    gsize n = pct_curves_get_points(curves, (guint)series, &x, &y);
    GtkWidget *card = g_str_has_prefix(players[i].name, "d_") ? self->judgements : self->accuracy;
    pct_curves_card_add(PCT_CURVES_CARD(card), _(players[i].title), FALSE, x, y, n);
  }
  gboolean judged = !pct_curves_card_is_empty(PCT_CURVES_CARD(self->judgements));
  gboolean counted = !pct_curves_card_is_empty(PCT_CURVES_CARD(self->accuracy));
  gtk_widget_set_visible(self->judgements, judged);
  gtk_widget_set_visible(self->accuracy, counted);
  gtk_widget_set_visible(self->players, judged || counted);
}

static void
set_measure(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctModelDetail *self = data;
  if (!pct_table_measure_from_name(g_variant_get_string(state, NULL), &self->measure))
    return;
  g_simple_action_set_state(action, state);
  self->filling = TRUE;
  for (guint i = 0; i < PCT_N_TABLE_MEASURES; i++)
    if (pct_table_measures[i] == self->measure)
      gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measures), i);
  self->filling = FALSE;
  pct_repeats_card_show(PCT_REPEATS_CARD(self->repeats), self->frame, self->measure);
}

static void
set_central(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctModelDetail *self = data;
  g_simple_action_set_state(action, state);
  self->frame = g_variant_get_boolean(state) ? PCT_FRAME_CENTRAL : PCT_FRAME_FULL;
  pct_repeats_card_show(PCT_REPEATS_CARD(self->repeats), self->frame, self->measure);
  show_bands(self);
}

static void
activate_state(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_action_change_state(G_ACTION(action), parameter);
}

static const GActionEntry entries[] = {
  { "measure", activate_state, "s", "'pixcorr'", set_measure },
  { "central", activate_state, "b", "false", set_central },
};

static void
on_measure_chosen(PctModelDetail *self)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measures));
  if (!self->filling && chosen < PCT_N_TABLE_MEASURES)
    gtk_widget_activate_action(GTK_WIDGET(self), "detail.measure", "s",
                               pct_measure_get_name(pct_table_measures[chosen]));
}

static void
pct_model_detail_dispose(GObject *object)
{
  PctModelDetail *self = PCT_MODEL_DETAIL(object);
  if (self->row)
    g_signal_handlers_disconnect_by_data(self->row, self);
  if (self->table)
    g_signal_handlers_disconnect_by_data(self->table, self);
  g_clear_object(&self->row);
  g_clear_object(&self->table);
  g_clear_object(&self->model);
  g_clear_object(&self->actions);
  G_OBJECT_CLASS(pct_model_detail_parent_class)->dispose(object);
}

static void
pct_model_detail_class_init(PctModelDetailClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_model_detail_dispose;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pct_model_detail_init(PctModelDetail *self)
{
  self->measure = pct_table_measures[0];
  self->actions = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(self->actions), entries, G_N_ELEMENTS(entries), self);
  gtk_widget_insert_action_group(GTK_WIDGET(self), "detail", G_ACTION_GROUP(self->actions));
}

static GtkWidget *
make_card(const char *title, const char *x_title)
{
  GtkWidget *card = g_object_new(PCT_TYPE_CURVES_CARD, NULL);
  pct_curves_card_set_title(PCT_CURVES_CARD(card), title, x_title);
  return card;
}

static GtkWidget *
make_top(PctModelDetail *self)
{
  const char *titles[PCT_N_TABLE_MEASURES + 1] = { NULL };
  const char *frames[] = { _("Full frame"), _("Central window") };
  for (guint i = 0; i < PCT_N_TABLE_MEASURES; i++)
    titles[i] = pct_measure_get_title(pct_table_measures[i]);
  self->measures = gtk_drop_down_new_from_strings(titles);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->measures), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Measure"), -1);
  g_signal_connect_swapped(self->measures, "notify::selected", G_CALLBACK(on_measure_chosen), self);
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_hexpand(self->measures, TRUE);
  gtk_widget_set_halign(self->measures, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(top), self->measures);
  for (int i = 0; i < 2; i++) {
    GtkWidget *pill = gtk_toggle_button_new_with_label(frames[i]);
    gtk_widget_add_css_class(pill, "pill-toggle");
    gtk_widget_set_valign(pill, GTK_ALIGN_CENTER);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(pill), "detail.central");
    gtk_actionable_set_action_target(GTK_ACTIONABLE(pill), "b", i);
    gtk_box_append(GTK_BOX(top), pill);
  }
  return top;
}

static GtkWidget *
make_bands(PctModelDetail *self)
{
  self->bands = make_card(_("Coarse and fine structure"), _("cycles a pixel"));
  pct_curves_card_set_logarithmic_x(PCT_CURVES_CARD(self->bands), TRUE);
  self->bands_text = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->bands_text), 0);
  gtk_label_set_wrap(GTK_LABEL(self->bands_text), TRUE);
  gtk_label_set_selectable(GTK_LABEL(self->bands_text), TRUE);
  gtk_widget_add_css_class(self->bands_text, "numeric");
  gtk_widget_add_css_class(self->bands_text, "small");
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_box_append(GTK_BOX(box), self->bands);
  gtk_box_append(GTK_BOX(box), self->bands_text);
  return box;
}

GtkWidget *
pct_model_detail_new(PctProject *project, PctScoreTable *table, PctModel *model, PctFrame frame, PctMeasure measure)
{
  PctModelDetail *self = g_object_new(PCT_TYPE_MODEL_DETAIL, "default-width", 920, "default-height", 640, NULL);
  PctKind *kind = pct_model_get_kind(model);
  self->model = g_object_ref(model);
  self->table = g_object_ref(table);
  gtk_window_set_title(GTK_WINDOW(self), pct_model_get_name(model));
  GtkWidget *bar = adw_header_bar_new();
  const char *trials = pct_model_get_trials(model), *title = kind ? pct_kind_get_title(kind) : "";
  // Translators: a kind of model, and the condition that its training trials met.
  g_autofree char *about = trials ? g_strdup_printf(_("%s, on trials with %s"), title, trials) : g_strdup(title);
  adw_header_bar_set_title_widget(ADW_HEADER_BAR(bar), adw_window_title_new(pct_model_get_name(model), about));

  self->repeats = pct_repeats_card_new(project, model, pct_score_table_get_tier(table));
  GtkWidget *row = g_object_new(GTK_TYPE_BOX, "spacing", 12, "homogeneous", TRUE, NULL);
  gtk_box_append(GTK_BOX(row), self->repeats);
  gtk_box_append(GTK_BOX(row), make_bands(self));
  self->judgements = make_card(_("What the discriminator says"), _("epoch"));
  self->accuracy = make_card(_("Discriminator right"), _("epoch"));
  self->players = g_object_new(GTK_TYPE_BOX, "spacing", 12, "homogeneous", TRUE, NULL);
  gtk_box_append(GTK_BOX(self->players), self->judgements);
  gtk_box_append(GTK_BOX(self->players), self->accuracy);

  GtkWidget *content = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class(content, "page-content");
  GtkWidget *parts[] = { make_top(self), row, self->players };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(content), parts[i]);
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), content);
  gtk_widget_set_vexpand(scroller, TRUE);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(box), bar);
  gtk_box_append(GTK_BOX(box), scroller);
  adw_window_set_content(ADW_WINDOW(self), box);

  g_signal_connect_object(table, "items-changed", G_CALLBACK(find_row), self, G_CONNECT_SWAPPED);
  find_row(self);
  show_players(self);
  g_action_group_change_action_state(G_ACTION_GROUP(self->actions), "measure",
                                     g_variant_new_string(pct_measure_get_name(measure)));
  g_action_group_change_action_state(G_ACTION_GROUP(self->actions), "central",
                                     g_variant_new_boolean(frame == PCT_FRAME_CENTRAL));
  return GTK_WIDGET(self);
}

PctModel *
pct_model_detail_get_model(PctModelDetail *self)
{
  g_return_val_if_fail(PCT_IS_MODEL_DETAIL(self), NULL);
  return self->model;
}

PctRepeatsCard *
pct_model_detail_get_repeats(PctModelDetail *self)
{
  g_return_val_if_fail(PCT_IS_MODEL_DETAIL(self), NULL);
  return PCT_REPEATS_CARD(self->repeats);
}
