// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/model-decoder.h"
#include <glib/gi18n-lib.h>
#include <pthread.h>
#include "base/error.h"
#include "decode/model-folder.h"

struct _PctModelDecoder {
  gatomicrefcount references;
  char *folder;
  int n_neurons, height, width;
  pthread_mutex_t lock;
  PctDecoder *decoder;  // NULL: not loaded
};

PctModelDecoder *
pct_model_decoder_new(const char *folder, int n_neurons, int height, int width)
{
  PctModelDecoder *self = g_new0(PctModelDecoder, 1);
  g_atomic_ref_count_init(&self->references);
  self->folder = g_strdup(folder);
  self->n_neurons = n_neurons;
  self->height = height;
  self->width = width;
  pthread_mutex_init(&self->lock, NULL);
  return self;
}

PctModelDecoder *
pct_model_decoder_ref(PctModelDecoder *self)
{
  g_atomic_ref_count_inc(&self->references);
  return self;
}

void
pct_model_decoder_unref(PctModelDecoder *self)
{
  if (!self || !g_atomic_ref_count_dec(&self->references))
    return;
  pct_decoder_unref(self->decoder);
  pthread_mutex_destroy(&self->lock);
  g_free(self->folder);
  g_free(self);
}

void
pct_model_decoder_set(PctModelDecoder *self, PctDecoder *decoder)
{
  pthread_mutex_lock(&self->lock);
  PctDecoder *old = self->decoder;
  self->decoder = pct_decoder_ref(decoder);
  pthread_mutex_unlock(&self->lock);
  pct_decoder_unref(old);
}

static PctDecoder *
load(PctModelDecoder *self, GError **error)
{
  g_autoptr(PctDecoder) decoder = pct_decoder_load(self->folder, error);
  if (!decoder || (decoder->n_neurons == self->n_neurons && decoder->height == self->height &&
                   decoder->width == self->width))
    return g_steal_pointer(&decoder);
  g_autofree char *name = g_path_get_basename(self->folder);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("The model “%s” decodes %d neurons to %d × %d pixels; the recording has %d neurons and %d × %d pixels."),
              name, decoder->n_neurons, decoder->width, decoder->height, self->n_neurons, self->width, self->height);
  return NULL;
}

PctDecoder *
pct_model_decoder_get(PctModelDecoder *self, GError **error)
{
  pthread_mutex_lock(&self->lock);
  if (!self->decoder)
    self->decoder = load(self, error);
  PctDecoder *decoder = self->decoder ? pct_decoder_ref(self->decoder) : NULL;
  pthread_mutex_unlock(&self->lock);
  return decoder;
}
