// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "compare/score-walk.h"
#include <glib/gi18n.h>
#include "measure-text.h"
#include "plots/number-text.h"

struct _PctScoreWalk {
  GtkWidget parent_instance;
  GtkWidget *box, *decoders, *measures, *rank;
  PctScoreTable *table;
  PctScoreRow *row;  // the decoder's; NULL: none. Its "changed" is followed
  PctMeasure measure;
  PctFrame frame;
  int image;
  gboolean filling;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE(PctScoreWalk, pct_score_walk, GTK_TYPE_WIDGET)

static void
show_rank(PctScoreWalk *self)
{
  int n = 0, at = 0;
  g_autofree int *order = self->row ? pct_score_row_dup_order(self->row, self->frame, self->measure, &n) : NULL;
  while (at < n && order[at] != self->image)
    at++;
  const char *problem = self->row ? pct_score_row_get_problem(self->row) : NULL;
  g_autofree char *text = NULL;
  if (at < n) {
    g_autofree char *value = pct_measure_dup_text(
      self->measure, pct_score_row_get_image_value(self->row, self->frame, self->measure, self->image));
    g_autofree char *rank = pct_number_text(at + 1, 0), *all = pct_number_text(n, 0);
    // Translators: an image's score, its place among all images, and how many they are.
    text = g_strdup_printf(_("%s, place %s of %s"), value, rank, all);
  } else
    text = g_strdup(!self->row ? "" : problem ? problem : order ? _("this image is not scored") : _("being scored …"));
  gtk_label_set_label(GTK_LABEL(self->rank), text);
  gtk_widget_set_tooltip_text(self->rank, problem);
}

static void
changed(PctScoreWalk *self)
{
  show_rank(self);
  g_signal_emit(self, changed_signal, 0);
}

static void
take_row(PctScoreWalk *self, PctScoreRow *row)
{
  if (row == self->row)
    return;
  if (self->row)
    g_signal_handlers_disconnect_by_data(self->row, self);
  g_set_object(&self->row, row);
  if (row)
    g_signal_connect_object(row, "changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
}

// Position of a model among the models; the row is borrowed from the table.
static PctScoreRow *
find_row(PctScoreWalk *self, const char *model, guint *position)
{
  GListModel *list = G_LIST_MODEL(self->table);
  *position = 0;
  for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
    g_autoptr(PctScoreRow) row = g_list_model_get_item(list, i);
    if (pct_score_row_get_kind(row) != PCT_ROW_MODEL)
      continue;
    if (g_str_equal(pct_model_get_name(pct_score_row_get_model(row)), model))
      return row;
    ++*position;
  }
  return NULL;
}

static void
fill_decoders(PctScoreWalk *self)
{
  GListModel *list = G_LIST_MODEL(self->table);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  PctModel *best = NULL;
  g_autofree char *wanted = g_strdup(pct_score_walk_get_decoder(self));
  guint position;
  for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
    g_autoptr(PctScoreRow) row = g_list_model_get_item(list, i);
    if (pct_score_row_get_kind(row) != PCT_ROW_MODEL)
      continue;
    PctModel *model = pct_score_row_get_model(row);
    gtk_string_list_append(names, pct_model_get_name(model));
    if (!best || pct_model_get_validation_pixcorr(model) > pct_model_get_validation_pixcorr(best))
      best = model;
  }
  // A table that is being made anew is empty for a moment; what was chosen stays chosen.
  if (!best && g_list_model_get_n_items(list) == 0)
    return;
  if (!wanted || !find_row(self, wanted, &position)) {
    g_free(wanted);
    wanted = best ? g_strdup(pct_model_get_name(best)) : NULL;
  }
  PctScoreRow *row = wanted ? find_row(self, wanted, &position) : NULL;
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->decoders), G_LIST_MODEL(names));
  if (row)
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->decoders), position);
  self->filling = FALSE;
  take_row(self, row);
  changed(self);
}

const char *
pct_score_walk_get_decoder(PctScoreWalk *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_WALK(self), NULL);
  return self->row ? pct_model_get_name(pct_score_row_get_model(self->row)) : NULL;
}

gboolean
pct_score_walk_set_decoder(PctScoreWalk *self, const char *model)
{
  g_return_val_if_fail(PCT_IS_SCORE_WALK(self) && model, FALSE);
  guint position;
  PctScoreRow *row = find_row(self, model, &position);
  if (!row)
    return FALSE;
  take_row(self, row);
  self->filling = TRUE;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->decoders), position);
  self->filling = FALSE;
  changed(self);
  return TRUE;
}

PctMeasure
pct_score_walk_get_measure(PctScoreWalk *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_WALK(self), PCT_MEASURE_PIXCORR);
  return self->measure;
}

void
pct_score_walk_set_measure(PctScoreWalk *self, PctMeasure measure)
{
  g_return_if_fail(PCT_IS_SCORE_WALK(self));
  self->measure = measure;
  self->filling = TRUE;
  for (guint i = 0; i < PCT_N_TABLE_MEASURES; i++)
    if (pct_table_measures[i] == measure)
      gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measures), i);
  self->filling = FALSE;
  changed(self);
}

void
pct_score_walk_set_frame(PctScoreWalk *self, PctFrame frame)
{
  g_return_if_fail(PCT_IS_SCORE_WALK(self) && frame < PCT_N_FRAMES);
  self->frame = frame;
  changed(self);
}

void
pct_score_walk_set_image(PctScoreWalk *self, int image)
{
  g_return_if_fail(PCT_IS_SCORE_WALK(self));
  self->image = image;
  show_rank(self);
}

int
pct_score_walk_find(PctScoreWalk *self, PctPlace place)
{
  g_return_val_if_fail(PCT_IS_SCORE_WALK(self), -1);
  int n = 0;
  g_autofree int *order = self->row ? pct_score_row_dup_order(self->row, self->frame, self->measure, &n) : NULL;
  if (n == 0)
    return -1;
  return order[place == PCT_PLACE_BEST ? 0 : place == PCT_PLACE_MEDIAN ? (n - 1) / 2 : n - 1];
}

int
pct_score_walk_step(PctScoreWalk *self, int image, int by)
{
  g_return_val_if_fail(PCT_IS_SCORE_WALK(self), -1);
  int n = 0, at = 0;
  g_autofree int *order = self->row ? pct_score_row_dup_order(self->row, self->frame, self->measure, &n) : NULL;
  while (at < n && order[at] != image)
    at++;
  if (n == 0)
    return -1;
  return order[at == n ? 0 : CLAMP(at + by, 0, n - 1)];
}

static void
on_decoder_chosen(PctScoreWalk *self)
{
  GtkStringObject *chosen = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(self->decoders));
  if (!self->filling && chosen)
    gtk_widget_activate_action(GTK_WIDGET(self), "compare.decoder", "s", gtk_string_object_get_string(chosen));
}

static void
on_measure_chosen(PctScoreWalk *self)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measures));
  if (!self->filling && chosen < PCT_N_TABLE_MEASURES)
    gtk_widget_activate_action(GTK_WIDGET(self), "compare.measure", "s",
                               pct_measure_get_name(pct_table_measures[chosen]));
}

static void
pct_score_walk_dispose(GObject *object)
{
  PctScoreWalk *self = PCT_SCORE_WALK(object);
  take_row(self, NULL);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->table);
  G_OBJECT_CLASS(pct_score_walk_parent_class)->dispose(object);
}

static void
pct_score_walk_class_init(PctScoreWalkClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_score_walk_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  changed_signal = g_signal_new("changed", PCT_TYPE_SCORE_WALK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_score_walk_init(PctScoreWalk *self)
{
  self->measure = pct_table_measures[0];
  self->image = -1;
}

static GtkWidget *
make_places(void)
{
  const char *names[] = { _("Best"), _("Median"), _("Worst") };
  const char *actions[] = { "compare.best", "compare.median", "compare.worst" };
  const char *tooltips[] = { _("Go to the image that this decoder draws best (Home)"),
                             _("Go to the image in the middle of this decoder’s images (M)"),
                             _("Go to the image that this decoder draws worst (End)") };
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class(box, "linked");
  gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    GtkWidget *button = gtk_button_new_with_label(names[i]);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), actions[i]);
    gtk_widget_set_tooltip_text(button, tooltips[i]);
    gtk_box_append(GTK_BOX(box), button);
  }
  return box;
}

static GtkWidget *
make_orders(void)
{
  const char *names[] = { _("Recording"), _("Score") }, *targets[] = { "recording", "score" };
  const char *tooltips[] = { _("Left and right walk in the order of the Images page"),
                             _("Left and right walk from the best score to the worst") };
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    GtkWidget *pill = gtk_toggle_button_new_with_label(names[i]);
    gtk_widget_add_css_class(pill, "pill-toggle");
    gtk_actionable_set_action_name(GTK_ACTIONABLE(pill), "compare.order");
    gtk_actionable_set_action_target(GTK_ACTIONABLE(pill), "s", targets[i]);
    gtk_widget_set_tooltip_text(pill, tooltips[i]);
    gtk_box_append(GTK_BOX(box), pill);
  }
  return box;
}

static GtkWidget *
dim_label(const char *text)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_add_css_class(label, "numeric");
  return label;
}

GtkWidget *
pct_score_walk_new(PctScoreTable *table)
{
  PctScoreWalk *self = g_object_new(PCT_TYPE_SCORE_WALK, NULL);
  self->table = g_object_ref(table);
  self->decoders = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_tooltip_text(self->decoders, _("The decoder whose scores order the images"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->decoders), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Decoder"), -1);
  const char *titles[PCT_N_TABLE_MEASURES + 1] = { NULL };
  for (guint i = 0; i < PCT_N_TABLE_MEASURES; i++)
    titles[i] = pct_measure_get_title(pct_table_measures[i]);
  self->measures = gtk_drop_down_new_from_strings(titles);
  gtk_widget_set_tooltip_text(self->measures, _("The measure that orders the images, and whose spread is shown below"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->measures), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Measure"), -1);
  g_signal_connect_swapped(self->decoders, "notify::selected", G_CALLBACK(on_decoder_chosen), self);
  g_signal_connect_swapped(self->measures, "notify::selected", G_CALLBACK(on_measure_chosen), self);
  self->rank = dim_label(NULL);
  gtk_label_set_ellipsize(GTK_LABEL(self->rank), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(self->rank), 0);
  gtk_widget_set_hexpand(self->rank, TRUE);
  GtkWidget *parts[] = { self->decoders, self->measures, make_places(), self->rank, dim_label(_("← → in order of")),
                         make_orders() };
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->box), parts[i]);
  g_signal_connect_object(table, "items-changed", G_CALLBACK(fill_decoders), self, G_CONNECT_SWAPPED);
  fill_decoders(self);
  return GTK_WIDGET(self);
}
