// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "images/score-order.h"

struct _PctScoreOrder {
  GObject parent_instance;
  PctProject *project;
  PctScoreTable *table;
  PctScoreRow *row;  // the decoder's; NULL: none, or there is none any more. Its "changed" is followed
  char *decoder;     // wanted; NULL: none
  PctMeasure measure;
  int *place;        // (n_images,) best first, G_MAXINT without a score
};

enum { CHANGED, DECODERS_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(PctScoreOrder, pct_score_order, G_TYPE_OBJECT)

static void
update(PctScoreOrder *self)
{
  int n_images = pct_project_get_n_images(self->project), n = 0;
  g_autofree int *order =
    self->row ? pct_score_row_dup_order(self->row, PCT_FRAME_FULL, self->measure, &n) : NULL;
  for (int i = 0; i < n_images; i++)
    self->place[i] = G_MAXINT;
  for (int i = 0; i < n; i++)
    self->place[order[i]] = i;
  g_signal_emit(self, signals[CHANGED], 0);
}

static void
find_row(PctScoreOrder *self)
{
  PctModel *model = self->decoder ? pct_project_find_model(self->project, self->decoder) : NULL;
  PctScoreRow *row = model ? pct_score_table_find(self->table, model) : NULL;
  if (row != self->row) {
    if (self->row)
      g_signal_handlers_disconnect_by_data(self->row, self);
    g_set_object(&self->row, row);
    if (row)
      g_signal_connect_object(row, "changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  }
  update(self);
}

static void
on_rows(PctScoreOrder *self)
{
  // A table that is being made anew is empty for a moment.
  if (g_list_model_get_n_items(G_LIST_MODEL(self->table)) == 0)
    return;
  find_row(self);
  g_signal_emit(self, signals[DECODERS_CHANGED], 0);
}

char **
pct_score_order_dup_decoders(PctScoreOrder *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_ORDER(self), NULL);
  GListModel *rows = G_LIST_MODEL(self->table);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new();
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(PctScoreRow) row = g_list_model_get_item(rows, i);
    if (pct_score_row_get_kind(row) == PCT_ROW_MODEL)
      g_strv_builder_add(names, pct_model_get_name(pct_score_row_get_model(row)));
  }
  return g_strv_builder_end(names);
}

gboolean
pct_score_order_set_decoder(PctScoreOrder *self, const char *model)
{
  g_return_val_if_fail(PCT_IS_SCORE_ORDER(self), FALSE);
  PctModel *found = model ? pct_project_find_model(self->project, model) : NULL;
  if (model && (!found || !pct_score_table_find(self->table, found)))
    return FALSE;
  if (g_strcmp0(model, self->decoder) == 0)
    return TRUE;
  g_free(self->decoder);
  self->decoder = g_strdup(model);
  pct_score_table_set_active(self->table, model != NULL);
  find_row(self);
  return TRUE;
}

const char *
pct_score_order_get_decoder(PctScoreOrder *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_ORDER(self), NULL);
  return self->decoder;
}

void
pct_score_order_set_measure(PctScoreOrder *self, PctMeasure measure)
{
  g_return_if_fail(PCT_IS_SCORE_ORDER(self) && (guint)measure < PCT_N_MEASURES);
  if (measure == self->measure)
    return;
  self->measure = measure;
  update(self);
}

PctMeasure
pct_score_order_get_measure(PctScoreOrder *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_ORDER(self), PCT_MEASURE_PIXCORR);
  return self->measure;
}

void
pct_score_order_set_tier(PctScoreOrder *self, int tier)
{
  g_return_if_fail(PCT_IS_SCORE_ORDER(self) && tier >= -1 && tier < PCT_N_TIERS);
  // A recording without a test tier still has something held out.
  PctTier held_out = pct_project_get_n_tier_images(self->project, PCT_TIER_TEST) > 0 ? PCT_TIER_TEST
                                                                                     : PCT_TIER_VALIDATION;
  pct_score_table_set_mode(self->table, tier < 0 ? held_out : (PctTier)tier, TRUE);
}

int
pct_score_order_compare(PctScoreOrder *self, int first, int second)
{
  int one = self->place[first], other = self->place[second];
  return one != other ? (one < other ? -1 : 1) : first - second;
}

static void
pct_score_order_dispose(GObject *object)
{
  PctScoreOrder *self = PCT_SCORE_ORDER(object);
  if (self->row)
    g_signal_handlers_disconnect_by_data(self->row, self);
  if (self->table)
    g_signal_handlers_disconnect_by_data(self->table, self);
  g_clear_object(&self->row);
  g_clear_object(&self->table);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_score_order_parent_class)->dispose(object);
}

static void
pct_score_order_finalize(GObject *object)
{
  g_free(PCT_SCORE_ORDER(object)->decoder);
  g_free(PCT_SCORE_ORDER(object)->place);
  G_OBJECT_CLASS(pct_score_order_parent_class)->finalize(object);
}

static void
pct_score_order_class_init(PctScoreOrderClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_score_order_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_score_order_finalize;
  signals[CHANGED] =
    g_signal_new("changed", PCT_TYPE_SCORE_ORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DECODERS_CHANGED] =
    g_signal_new("decoders-changed", PCT_TYPE_SCORE_ORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_score_order_init(PctScoreOrder *self)
{
  self->measure = PCT_MEASURE_PIXCORR;
}

PctScoreOrder *
pct_score_order_new(PctProject *project)
{
  PctScoreOrder *self = g_object_new(PCT_TYPE_SCORE_ORDER, NULL);
  self->project = g_object_ref(project);
  self->place = g_new(int, MAX(1, pct_project_get_n_images(project)));
  self->table = pct_score_table_new(project);
  pct_score_order_set_tier(self, -1);
  g_signal_connect_object(self->table, "items-changed", G_CALLBACK(on_rows), self, G_CONNECT_SWAPPED);
  update(self);
  return self;
}
