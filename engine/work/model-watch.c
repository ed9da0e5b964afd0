// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/model-watch.h"

struct _PctModelWatch {
  GListModel *models;
  GPtrArray *watched;  // PctModel, as they stand in the list
  void (*changed)(gpointer data);
  gpointer data;
};

static void
state_changed(PctModel *model, GParamSpec *pspec, PctModelWatch *self)
{
  self->changed(self->data);
}

static void
forget_all(PctModelWatch *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    g_signal_handlers_disconnect_by_data(g_ptr_array_index(self->watched, i), self);
  g_ptr_array_set_size(self->watched, 0);
}

static void
watch_all(PctModelWatch *self)
{
  for (guint i = 0; i < g_list_model_get_n_items(self->models); i++) {
    PctModel *model = g_list_model_get_item(self->models, i);
    g_signal_connect(model, "notify::state", G_CALLBACK(state_changed), self);
    g_ptr_array_add(self->watched, model);
  }
}

static void
items_changed(GListModel *models, guint position, guint removed, guint added, PctModelWatch *self)
{
  forget_all(self);
  watch_all(self);
  self->changed(self->data);
}

PctModelWatch *
pct_model_watch_new(GListModel *models, void (*changed)(gpointer data), gpointer data)
{
  PctModelWatch *self = g_new(PctModelWatch, 1);
  *self = (PctModelWatch){ g_object_ref(models),
                           g_ptr_array_new_with_free_func(g_object_unref), changed, data };
  g_signal_connect(self->models, "items-changed", G_CALLBACK(items_changed), self);
  watch_all(self);
  return self;
}

void
pct_model_watch_free(PctModelWatch *self)
{
  if (!self)
    return;
  g_signal_handlers_disconnect_by_data(self->models, self);
  forget_all(self);
  g_ptr_array_unref(self->watched);
  g_object_unref(self->models);
  g_free(self);
}

GPtrArray *
pct_model_watch_dup_finished(PctModelWatch *self)
{
  GPtrArray *finished = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < self->watched->len; i++)
    if (pct_model_get_state(g_ptr_array_index(self->watched, i)) == PCT_MODEL_FINISHED)
      g_ptr_array_add(finished, g_object_ref(g_ptr_array_index(self->watched, i)));
  return finished;
}
