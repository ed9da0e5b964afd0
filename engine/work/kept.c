// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/kept.h"
#include <pthread.h>

struct _PctKept {
  const PctKeptClass *klass;
  gatomicrefcount references;
  char *folder;
  int n_neurons, height, width;
  pthread_mutex_t lock;
  gpointer thing;  // NULL: not loaded
};

PctKept *
pct_kept_new(const PctKeptClass *klass, const char *folder, int n_neurons, int height, int width)
{
  PctKept *self = g_new0(PctKept, 1);
  self->klass = klass;
  g_atomic_ref_count_init(&self->references);
  self->folder = g_strdup(folder);
  self->n_neurons = n_neurons;
  self->height = height;
  self->width = width;
  pthread_mutex_init(&self->lock, NULL);
  return self;
}

PctKept *
pct_kept_ref(PctKept *self)
{
  g_atomic_ref_count_inc(&self->references);
  return self;
}

void
pct_kept_unref(PctKept *self)
{
  if (!self || !g_atomic_ref_count_dec(&self->references))
    return;
  if (self->thing)
    self->klass->unref(self->thing);
  pthread_mutex_destroy(&self->lock);
  g_free(self->folder);
  g_free(self);
}

const char *
pct_kept_get_folder(const PctKept *self)
{
  return self->folder;
}

void
pct_kept_set(PctKept *self, gpointer thing)
{
  pthread_mutex_lock(&self->lock);
  gpointer old = self->thing;
  self->thing = self->klass->ref(thing);
  pthread_mutex_unlock(&self->lock);
  if (old)
    self->klass->unref(old);
}

gpointer
pct_kept_get(PctKept *self, GError **error)
{
  pthread_mutex_lock(&self->lock);
  if (!self->thing)
    self->thing = self->klass->load(self->folder, self->n_neurons, self->height, self->width, error);
  gpointer thing = self->thing ? self->klass->ref(self->thing) : NULL;
  pthread_mutex_unlock(&self->lock);
  return thing;
}
