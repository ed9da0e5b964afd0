// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/model-encoder.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "work/encoder-folder.h"

static gpointer
load(const char *folder, int n_neurons, int height, int width, GError **error)
{
  g_autoptr(PctModelInfo) info = pct_model_info_load(folder, pct_encoder_find_kind, error);
  g_autoptr(PctEncoder) encoder = info ? pct_encoder_folder_load(folder, info, error) : NULL;
  if (!encoder)
    return NULL;
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  if (design->n_neurons == n_neurons && design->height == height && design->width == width)
    return g_steal_pointer(&encoder);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("The model “%s” encodes %d × %d pixels for %d neurons; the recording has %d × %d pixels and %d neurons."),
              info->name, design->width, design->height, design->n_neurons, width, height, n_neurons);
  return NULL;
}

static const PctKeptClass klass = { load, (gpointer (*)(gpointer))pct_encoder_ref, (void (*)(gpointer))pct_encoder_unref };

PctModelEncoder *
pct_model_encoder_new(const char *folder, int n_neurons, int height, int width)
{
  return pct_kept_new(&klass, folder, n_neurons, height, width);
}

void
pct_model_encoder_set(PctModelEncoder *self, PctEncoder *encoder)
{
  pct_kept_set(self, encoder);
}

PctEncoder *
pct_model_encoder_get(PctModelEncoder *self, GError **error)
{
  return pct_kept_get(self, error);
}
