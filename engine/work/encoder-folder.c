// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/encoder-folder.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "nn/safetensors.h"

char *
pct_encoder_folder_dup_weights_path(const char *folder)
{
  return g_build_filename(folder, "weights.safetensors", NULL);
}

gboolean
pct_encoder_folder_save(const PctEncoder *encoder, const PctModelInfo *info, const char *folder, GError **error)
{
  g_return_val_if_fail(encoder && info && folder && info->kind->role == PCT_ROLE_ENCODER, FALSE);
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_encoder_save(encoder, tensors);
  g_autofree char *path = pct_encoder_folder_dup_weights_path(folder);
  if (!pct_safetensors_save(tensors, path, error))
    return FALSE;
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  PctModelInfo sized = *info;
  sized.n_neurons = design->n_neurons;
  sized.height = design->height;
  sized.width = design->width;
  return pct_model_info_save(&sized, folder, error);
}

PctEncoder *
pct_encoder_folder_load(const char *folder, const PctModelInfo *info, GError **error)
{
  g_return_val_if_fail(folder && info && info->kind->role == PCT_ROLE_ENCODER, NULL);
  g_autofree char *path = pct_encoder_folder_dup_weights_path(folder);
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  g_autoptr(PctEncoder) encoder = tensors ? pct_encoder_load(info->height, info->width, tensors, error) : NULL;
  if (!encoder)
    return NULL;
  int n = pct_encoder_get_design(encoder)->n_neurons;
  if (n == info->n_neurons)
    return g_steal_pointer(&encoder);
  g_autofree char *shown = g_filename_display_name(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” holds an encoder of %d neurons; its model.json says %d."), shown,
              n, info->n_neurons);
  return NULL;
}
