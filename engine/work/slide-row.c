// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/slide-row.h"
#include <string.h>
#include "work/model-watch.h"
#include "work/project-private.h"
#include "work/slide-draw.h"

typedef struct {
  PctSlideRow *row;  // borrowed
  PctModel *model;
  PctSlot *slot;
  PctSlideAnswer *answer;  // NULL: nothing yet
} Entry;

struct _PctSlideRow {
  GObject parent_instance;
  PctProject *project;
  PctSlide *slide;
  PctModelWatch *watch;
  GPtrArray *entries;
  gboolean active;
};

G_DEFINE_FINAL_TYPE(PctSlideRow, pct_slide_row, G_TYPE_OBJECT)

static guint changed_signal;

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  pct_slot_close(entry->slot);
  g_clear_pointer(&entry->answer, pct_slide_answer_free);
  g_object_unref(entry->model);
  g_free(entry);
}

static void
drawn(gpointer owner, gpointer data)
{
  Entry *entry = owner;
  PctSlideAnswer *answer = data;
  g_clear_pointer(&entry->answer, pct_slide_answer_free);
  entry->answer = g_memdup2(answer, sizeof *answer);
  memset(answer, 0, sizeof *answer);
  guint i;
  if (g_ptr_array_find(entry->row->entries, entry, &i))
    g_signal_emit(entry->row, changed_signal, 0, (int)i);
}

static const PctSlotClass slot_class = { pct_slide_draw, drawn, pct_slide_request_free, pct_slide_answer_free,
                                         .supersede = FALSE, .rank = 1 };

static void
redraw(PctSlideRow *self)
{
  for (guint i = 0; self->active && i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index(self->entries, i);
    PctSlideRequest *request = pct_slide_dup_request(self->slide);
    if (request) {
      pct_kept_unref(request->source);
      request->source = pct_kept_ref(pct_model_get_decoder(entry->model));
      pct_slot_request(entry->slot, request);
    } else {
      pct_slot_cancel(entry->slot);
      g_clear_pointer(&entry->answer, pct_slide_answer_free);
      g_signal_emit(self, changed_signal, 0, (int)i);
    }
  }
}

static gboolean
lists(PctSlideRow *self, GPtrArray *models)
{
  gboolean same = models->len == self->entries->len;
  for (guint i = 0; same && i < models->len; i++)
    same = ((Entry *)g_ptr_array_index(self->entries, i))->model == g_ptr_array_index(models, i);
  return same;
}

// Entries of models that stay keep their sessions.
static void
update_models(gpointer data)
{
  PctSlideRow *self = data;
  g_autoptr(GPtrArray) finished = pct_model_watch_dup_finished(self->watch);
  if (lists(self, finished))
    return;
  GPtrArray *before = self->entries;
  self->entries = g_ptr_array_new_with_free_func(entry_free);
  for (guint i = 0; i < finished->len; i++) {
    PctModel *model = g_ptr_array_index(finished, i);
    Entry *entry = NULL;
    for (guint j = 0; j < before->len && !entry; j++)
      if (((Entry *)g_ptr_array_index(before, j))->model == model)
        entry = g_ptr_array_steal_index(before, j);
    if (!entry) {
      entry = g_new0(Entry, 1);
      entry->row = self;
      entry->model = g_object_ref(model);
      entry->slot = pct_slot_new(pct_project_get_lanes(self->project), &slot_class, entry, pct_slide_drawing_new(),
                                 pct_slide_drawing_free);
    }
    g_ptr_array_add(self->entries, entry);
  }
  g_ptr_array_unref(before);
  g_signal_emit(self, changed_signal, 0, -1);
  redraw(self);
}

static void
dispose(GObject *object)
{
  PctSlideRow *self = PCT_SLIDE_ROW(object);
  g_clear_pointer(&self->watch, pct_model_watch_free);
  g_ptr_array_set_size(self->entries, 0);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_row_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_ptr_array_unref(PCT_SLIDE_ROW(object)->entries);
  G_OBJECT_CLASS(pct_slide_row_parent_class)->finalize(object);
}

static void
pct_slide_row_class_init(PctSlideRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  G_OBJECT_CLASS(klass)->finalize = finalize;
  changed_signal = g_signal_new("changed", PCT_TYPE_SLIDE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_INT);
}

static void
pct_slide_row_init(PctSlideRow *self)
{
  self->entries = g_ptr_array_new_with_free_func(entry_free);
}

PctSlideRow *
pct_slide_row_new(PctProject *project, PctSlide *slide)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project) && PCT_IS_SLIDE(slide), NULL);
  PctSlideRow *self = g_object_new(PCT_TYPE_SLIDE_ROW, NULL);
  self->project = g_object_ref(project);
  self->slide = g_object_ref(slide);
  self->watch = pct_model_watch_new(pct_project_get_decoders(project), update_models, self);
  g_signal_connect_object(slide, "responses-changed", G_CALLBACK(redraw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(slide, "notify::latent", G_CALLBACK(redraw), self, G_CONNECT_SWAPPED);
  update_models(self);
  return self;
}

void
pct_slide_row_set_active(PctSlideRow *self, gboolean active)
{
  g_return_if_fail(PCT_IS_SLIDE_ROW(self));
  if (self->active == active)
    return;
  self->active = active;
  redraw(self);
}

guint
pct_slide_row_get_n(PctSlideRow *self)
{
  return self->entries->len;
}

static const Entry *
get_entry(PctSlideRow *self, guint i)
{
  g_return_val_if_fail(PCT_IS_SLIDE_ROW(self) && i < self->entries->len, NULL);
  return g_ptr_array_index(self->entries, i);
}

PctModel *
pct_slide_row_get_model(PctSlideRow *self, guint i)
{
  return get_entry(self, i)->model;
}

PctPicture *
pct_slide_row_get_reconstruction(PctSlideRow *self, guint i)
{
  const PctSlideAnswer *answer = get_entry(self, i)->answer;
  return answer ? answer->reconstruction : NULL;
}

PctPicture *
pct_slide_row_get_baseline(PctSlideRow *self, guint i)
{
  const PctSlideAnswer *answer = get_entry(self, i)->answer;
  return answer ? answer->baseline : NULL;
}

PctPictureScore
pct_slide_row_get_score(PctSlideRow *self, guint i)
{
  const PctSlideAnswer *answer = get_entry(self, i)->answer;
  return answer ? answer->score : PCT_PICTURE_SCORE_UNKNOWN;
}

const char *
pct_slide_row_get_problem(PctSlideRow *self, guint i)
{
  const PctSlideAnswer *answer = get_entry(self, i)->answer;
  return answer ? answer->problem : NULL;
}
