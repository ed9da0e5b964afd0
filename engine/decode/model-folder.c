// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/model-folder.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "model/weights-hash.h"
#include "nn/safetensors.h"

gboolean
pct_decoder_save(const PctDecoder *decoder, const PctModelInfo *info, const char *folder, GError **error)
{
  g_return_val_if_fail(decoder && info && folder, FALSE);
  g_return_val_if_fail(info->kind == &decoder->klass->about, FALSE);
  if (g_mkdir_with_parents(folder, 0777) != 0) {
    int code = errno;
    g_autofree char *shown = g_filename_display_name(folder);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not make the folder “%s”: %s."), shown, g_strerror(code));
    return FALSE;
  }
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  decoder->klass->save(decoder, tensors);
  g_autofree char *path = g_build_filename(folder, "weights.safetensors", NULL);
  if (!pct_safetensors_save(tensors, path, error))
    return FALSE;
  PctModelInfo sized = *info;
  sized.n_neurons = decoder->n_neurons;
  sized.height = decoder->height;
  sized.width = decoder->width;
  return pct_model_info_save(&sized, folder, error);
}

PctDecoder *
pct_decoder_load(const char *folder, GError **error)
{
  g_autoptr(PctModelInfo) info = pct_model_info_load(folder, pct_decoder_find_kind, error);
  if (!info)
    return NULL;
  g_autofree char *path = g_build_filename(folder, "weights.safetensors", NULL);
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  if (!tensors)
    return NULL;
  PctDecoder *decoder = pct_decoder_find_class(info->kind->kind)->load(tensors, info->options, error);
  // The arrays' own complaints name the file already.
  g_autofree char *shown = g_filename_display_name(path);
  if (!decoder && error && !strstr((*error)->message, shown))
    g_prefix_error(error, "“%s”: ", shown);
  return decoder;
}

char *
pct_decoder_folder_dup_hash(const char *folder, const PctRun *run, GError **error)
{
  g_return_val_if_fail(folder, NULL);
  g_autofree char *path = g_build_filename(folder, "weights.safetensors", NULL);
  return pct_weights_hash(path, run, error);
}
