// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/source-files.h"
#include "work/encoder-folder.h"

static void
replace(char **text, const char *with)
{
  g_free(*text);
  *text = g_strdup(with);
}

void
pct_source_files_take(PctSourceFiles *files, const PctTrainingSources *found, PctModelInfo *info)
{
  files->encoder = found->encoder ? pct_kept_ref(pct_model_get_encoder(found->encoder)) : NULL;
  files->meis = found->meis ? g_strdup(pct_meis_get_path(pct_model_get_meis(found->meis))) : NULL;
  replace(&info->encoder, found->encoder ? pct_model_get_name(found->encoder) : NULL);
  replace(&info->meis, found->meis ? pct_model_get_name(found->meis) : NULL);
  replace(&info->photographs, found->photographs);
}

void
pct_source_files_clear(PctSourceFiles *files)
{
  g_clear_pointer(&files->encoder, pct_kept_unref);
  g_clear_pointer(&files->meis, g_free);
}

gboolean
pct_source_files_open(const PctSourceFiles *files, const PctRecording *recording, PctModelInfo *info, gboolean resume,
                      PctEncoder **encoder, PctMeiSet **meis, const PctRun *run, GError **error)
{
  g_autofree char *photographs = g_strdup(info->photographs);
  if (!pct_origin_note_photographs(info, photographs, error))
    return FALSE;
  if (files->encoder) {
    g_autofree char *weights = pct_encoder_folder_dup_weights_path(pct_kept_get_folder(files->encoder));
    if (!(*encoder = pct_model_encoder_get(files->encoder, error)) ||
        !pct_origin_note(info, PCT_NEEDS_ENCODER, info->encoder, weights, resume, run, error))
      return FALSE;
  }
  if (!files->meis)
    return TRUE;
  *meis = pct_meis_load_set(files->meis, pct_recording_get_n_neurons(recording), pct_recording_get_height(recording),
                            pct_recording_get_width(recording), error);
  return *meis && pct_origin_note(info, PCT_NEEDS_MEIS, info->meis, files->meis, resume, run, error);
}
