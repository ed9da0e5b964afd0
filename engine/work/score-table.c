// SPDX-License-Identifier: GPL-3.0-or-later
// Rows are made anew with every mode, so that scores of two modes can never meet in one; what was computed waits in the
// project's cache. A row has at most one job.
#include "config.h"
#include <glib/gi18n-lib.h>
#include "work/model-watch.h"
#include "work/project-private.h"
#include "work/score-row.h"

struct _PctScoreTable {
  GObject parent_instance;
  PctProject *project;
  PctModelWatch *watch;
  PctTier tier;
  gboolean averaged, active;
  GPtrArray *rows;
};

static void list_model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(PctScoreTable, pct_score_table, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

// What a row's job owns, and where its scores go.
typedef struct {
  PctOpened *opened;
  PctRowKind kind;
  PctModelDecoder *decoder;
  PctTier tier;
  gboolean averaged;
  char *key;
  GWeakRef project, row;
} Scoring;

static void
scoring_free(gpointer data)
{
  Scoring *scoring = data;
  pct_opened_unref(scoring->opened);
  pct_kept_unref(scoring->decoder);
  g_free(scoring->key);
  g_weak_ref_clear(&scoring->project);
  g_weak_ref_clear(&scoring->row);
  g_free(scoring);
}

// Of the project, key -> PctTierScores.
static GHashTable *
get_cache(PctProject *project)
{
  GHashTable *cache = g_object_get_data(G_OBJECT(project), "pct-tier-scores");
  if (!cache) {
    cache = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)pct_tier_scores_unref);
    g_object_set_data_full(G_OBJECT(project), "pct-tier-scores", cache, (GDestroyNotify)g_hash_table_unref);
  }
  return cache;
}

static gboolean
score_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const Scoring *scoring = pct_job_get_data(job);
  PctTierScores *scores = pct_tier_scores_compute(scoring->opened, scoring->kind, scoring->decoder, scoring->tier,
                                                  scoring->averaged, run, error);
  if (scores)
    pct_job_set_result(job, scores, (GDestroyNotify)pct_tier_scores_unref);
  return scores != NULL;
}

static void
scored(PctJob *job)
{
  Scoring *scoring = pct_job_get_data(job);
  g_autoptr(PctProject) project = g_weak_ref_get(&scoring->project);
  g_autoptr(PctScoreRow) row = g_weak_ref_get(&scoring->row);
  PctTierScores *scores = pct_job_get_result(job);
  if (scores && project)
    g_hash_table_insert(get_cache(project), g_strdup(scoring->key), pct_tier_scores_ref(scores));
  // The list of finished jobs must not keep a whole recording.
  g_clear_pointer(&scoring->opened, pct_opened_unref);
  g_clear_pointer(&scoring->decoder, pct_kept_unref);
  if (!row || pct_score_row_get_job(row) != job)
    return;
  pct_score_row_set_job(row, NULL);
  if (scores)
    pct_score_row_set(row, scores, NULL);
  else if (pct_job_get_error(job))
    pct_score_row_set(row, NULL, pct_job_get_error(job)->message);
}

static void
compute_row(PctScoreTable *self, PctScoreRow *row)
{
  if (pct_score_row_is_ready(row) || pct_score_row_get_job(row) || pct_score_row_get_problem(row))
    return;
  PctModel *model = pct_score_row_get_model(row);
  PctRowKind kind = pct_score_row_get_kind(row);
  g_autofree char *key = g_strdup_printf("%d/%d/%d/%s", (int)kind, (int)self->tier, self->averaged,
                                         model ? pct_model_get_folder(model) : "");
  PctTierScores *known = g_hash_table_lookup(get_cache(self->project), key);
  if (known) {
    pct_score_row_set(row, known, NULL);
    return;
  }
  if (!self->active)
    return;
  Scoring *scoring = g_new0(Scoring, 1);
  scoring->opened = pct_opened_ref(pct_project_get_opened(self->project));
  scoring->kind = kind;
  scoring->decoder = model ? pct_kept_ref(pct_model_get_decoder(model)) : NULL;
  scoring->tier = self->tier;
  scoring->averaged = self->averaged;
  scoring->key = g_steal_pointer(&key);
  g_weak_ref_init(&scoring->project, self->project);
  g_weak_ref_init(&scoring->row, row);
  g_autofree char *title = g_strdup_printf(_("Scoring: %s"), pct_score_row_get_title(row));
  g_autoptr(PctJob) job = pct_job_new(title, score_in_thread, scoring, scoring_free);
  g_signal_connect(job, "finished", G_CALLBACK(scored), NULL);
  pct_score_row_set_job(row, job);
  pct_lanes_submit(pct_project_get_lanes(self->project), PCT_LANE_BACKGROUND, job);
}

static void
compute_all(PctScoreTable *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    compute_row(self, g_ptr_array_index(self->rows, i));
}

static void
row_free(gpointer data)
{
  PctScoreRow *row = data;
  g_autoptr(PctJob) job = pct_score_row_get_job(row) ? g_object_ref(pct_score_row_get_job(row)) : NULL;
  pct_score_row_set_job(row, NULL);
  if (job)
    pct_job_cancel(job);
  g_object_unref(row);
}

// The row as it was, or a new one.
static PctScoreRow *
take_row(GPtrArray *old, PctRowKind kind, PctModel *model)
{
  for (guint i = 0; i < old->len; i++) {
    PctScoreRow *row = g_ptr_array_index(old, i);
    if (row && pct_score_row_get_kind(row) == kind && pct_score_row_get_model(row) == model) {
      old->pdata[i] = NULL;
      return row;
    }
  }
  return pct_score_row_new(kind, model);
}

static void
rebuild(PctScoreTable *self, GPtrArray *old)
{
  g_autoptr(GPtrArray) models = pct_model_watch_dup_finished(self->watch);
  guint n_before = old->len;
  self->rows = g_ptr_array_new_with_free_func(row_free);
  g_ptr_array_add(self->rows, take_row(old, PCT_ROW_MEAN_IMAGE, NULL));
  g_ptr_array_add(self->rows, take_row(old, PCT_ROW_NEAREST_NEIGHBOUR, NULL));
  for (guint i = 0; i < models->len; i++) {
    g_ptr_array_add(self->rows, take_row(old, PCT_ROW_MODEL, g_ptr_array_index(models, i)));
    g_ptr_array_add(self->rows, take_row(old, PCT_ROW_SHUFFLED, g_ptr_array_index(models, i)));
  }
  for (guint i = 0; i < n_before; i++)
    if (old->pdata[i])
      row_free(g_steal_pointer(&old->pdata[i]));
  g_ptr_array_set_free_func(old, NULL);
  g_ptr_array_unref(old);
  g_list_model_items_changed(G_LIST_MODEL(self), 0, n_before, self->rows->len);
  compute_all(self);
}

static void
models_changed(gpointer data)
{
  PctScoreTable *self = data;
  g_autoptr(GPtrArray) models = pct_model_watch_dup_finished(self->watch);
  gboolean same = self->rows->len == 2 + 2 * models->len;
  for (guint i = 0; same && i < models->len; i++)
    same = pct_score_row_get_model(g_ptr_array_index(self->rows, 2 + 2 * i)) == g_ptr_array_index(models, i);
  if (!same)
    rebuild(self, self->rows);
}

static void
finalize(GObject *object)
{
  PctScoreTable *self = PCT_SCORE_TABLE(object);
  pct_model_watch_free(self->watch);
  g_ptr_array_unref(self->rows);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_score_table_parent_class)->finalize(object);
}

static void
pct_score_table_class_init(PctScoreTableClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = finalize;
}

static void
pct_score_table_init(PctScoreTable *self)
{
  self->tier = PCT_TIER_TEST;
  self->averaged = TRUE;
}

static GType
get_item_type(GListModel *model)
{
  return PCT_TYPE_SCORE_ROW;
}

static guint
get_n_items(GListModel *model)
{
  return PCT_SCORE_TABLE(model)->rows->len;
}

static gpointer
get_item(GListModel *model, guint position)
{
  PctScoreTable *self = PCT_SCORE_TABLE(model);
  return position < self->rows->len ? g_object_ref(g_ptr_array_index(self->rows, position)) : NULL;
}

static void
list_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

PctScoreTable *
pct_score_table_new(PctProject *project)
{
  PctScoreTable *self = g_object_new(PCT_TYPE_SCORE_TABLE, NULL);
  self->project = g_object_ref(project);
  self->watch = pct_model_watch_new(pct_project_get_decoders(project), models_changed, self);
  rebuild(self, g_ptr_array_new());
  return self;
}

void
pct_score_table_set_mode(PctScoreTable *self, PctTier tier, gboolean averaged)
{
  if (self->tier == tier && self->averaged == averaged)
    return;
  self->tier = tier;
  self->averaged = averaged;
  guint n = self->rows->len;
  g_ptr_array_unref(self->rows);
  self->rows = g_ptr_array_new();
  g_list_model_items_changed(G_LIST_MODEL(self), 0, n, 0);
  rebuild(self, self->rows);
}

PctTier
pct_score_table_get_tier(PctScoreTable *self)
{
  return self->tier;
}

gboolean
pct_score_table_get_averaged(PctScoreTable *self)
{
  return self->averaged;
}

void
pct_score_table_set_active(PctScoreTable *self, gboolean active)
{
  self->active = active;
  if (active)
    compute_all(self);
}

PctScoreRow *
pct_score_table_find(PctScoreTable *self, PctModel *model)
{
  for (guint i = 0; i < self->rows->len; i++) {
    PctScoreRow *row = g_ptr_array_index(self->rows, i);
    if (pct_score_row_get_kind(row) == PCT_ROW_MODEL && pct_score_row_get_model(row) == model)
      return row;
  }
  return NULL;
}
