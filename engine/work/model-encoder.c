// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/model-encoder.h"
#include <glib/gi18n-lib.h>
#include <pthread.h>
#include "base/error.h"
#include "model/weights-hash.h"
#include "work/encoder-folder.h"

struct _PctModelEncoder {
  gatomicrefcount references;
  char *folder;
  int n_neurons, height, width;
  pthread_mutex_t lock;
  PctEncoder *encoder;  // NULL: not loaded
};

PctModelEncoder *
pct_model_encoder_new(const char *folder, int n_neurons, int height, int width)
{
  PctModelEncoder *self = g_new0(PctModelEncoder, 1);
  g_atomic_ref_count_init(&self->references);
  self->folder = g_strdup(folder);
  self->n_neurons = n_neurons;
  self->height = height;
  self->width = width;
  pthread_mutex_init(&self->lock, NULL);
  return self;
}

PctModelEncoder *
pct_model_encoder_ref(PctModelEncoder *self)
{
  g_atomic_ref_count_inc(&self->references);
  return self;
}

void
pct_model_encoder_unref(PctModelEncoder *self)
{
  if (!self || !g_atomic_ref_count_dec(&self->references))
    return;
  pct_encoder_unref(self->encoder);
  pthread_mutex_destroy(&self->lock);
  g_free(self->folder);
  g_free(self);
}

void
pct_model_encoder_set(PctModelEncoder *self, PctEncoder *encoder)
{
  pthread_mutex_lock(&self->lock);
  PctEncoder *old = self->encoder;
  self->encoder = pct_encoder_ref(encoder);
  pthread_mutex_unlock(&self->lock);
  pct_encoder_unref(old);
}

static PctEncoder *
load(PctModelEncoder *self, GError **error)
{
  g_autoptr(PctModelInfo) info = pct_model_info_load(self->folder, pct_encoder_find_kind, error);
  g_autoptr(PctEncoder) encoder = info ? pct_encoder_folder_load(self->folder, info, error) : NULL;
  if (!encoder)
    return NULL;
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  if (design->n_neurons == self->n_neurons && design->height == self->height && design->width == self->width)
    return g_steal_pointer(&encoder);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("The model “%s” encodes %d × %d pixels for %d neurons; the recording has %d × %d pixels and %d neurons."),
              info->name, design->width, design->height, design->n_neurons, self->width, self->height, self->n_neurons);
  return NULL;
}

PctEncoder *
pct_model_encoder_get(PctModelEncoder *self, GError **error)
{
  pthread_mutex_lock(&self->lock);
  if (!self->encoder)
    self->encoder = load(self, error);
  PctEncoder *encoder = self->encoder ? pct_encoder_ref(self->encoder) : NULL;
  pthread_mutex_unlock(&self->lock);
  return encoder;
}

char *
pct_model_encoder_dup_hash(PctModelEncoder *self, const PctRun *run, GError **error)
{
  g_autofree char *path = pct_encoder_folder_dup_weights_path(self->folder);
  return pct_weights_hash(path, run, error);
}
