// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/model-decoder.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "decode/model-folder.h"

static gpointer
load(const char *folder, int n_neurons, int height, int width, GError **error)
{
  g_autoptr(PctDecoder) decoder = pct_decoder_load(folder, error);
  if (!decoder || (decoder->n_neurons == n_neurons && decoder->height == height && decoder->width == width))
    return g_steal_pointer(&decoder);
  g_autofree char *name = g_path_get_basename(folder);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("The model “%s” decodes %d neurons to %d × %d pixels; the recording has %d neurons and %d × %d pixels."),
              name, decoder->n_neurons, decoder->width, decoder->height, n_neurons, width, height);
  return NULL;
}

static const PctKeptClass klass = { load, (gpointer (*)(gpointer))pct_decoder_ref, (void (*)(gpointer))pct_decoder_unref };

PctModelDecoder *
pct_model_decoder_new(const char *folder, int n_neurons, int height, int width)
{
  return pct_kept_new(&klass, folder, n_neurons, height, width);
}

void
pct_model_decoder_set(PctModelDecoder *self, PctDecoder *decoder)
{
  pct_kept_set(self, decoder);
}

PctDecoder *
pct_model_decoder_get(PctModelDecoder *self, GError **error)
{
  return pct_kept_get(self, error);
}
