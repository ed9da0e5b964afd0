// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train-sources.h"
#include <glib/gi18n.h>
#include "base/error.h"
#include "command.h"
#include "work/origins.h"
#include "work/workspace.h"

static gboolean
check_need(const char *given, PctModelNeeds which, const PctModelKind *kind, const PctOptionValues *options)
{
  gboolean encodes = which == PCT_NEEDS_ENCODER;
  if (!given || (pct_model_kind_get_needs(kind, options) & which))
    return TRUE;
  if (kind->needs & which)
    pct_command_refuse(encodes ? _("“%s” needs no encoder with these options")
                               : _("“%s” needs no most exciting inputs with these options"), kind->kind);
  else
    pct_command_refuse(encodes ? _("“%s” needs no encoder") : _("“%s” needs no most exciting inputs"), kind->kind);
  return FALSE;
}

gboolean
pct_source_arguments_check(const PctSourceArguments *arguments, const PctModelKind *kind, const PctOptionValues *options)
{
  if (!check_need(arguments->encoder, PCT_NEEDS_ENCODER, kind, options) ||
      !check_need(arguments->meis, PCT_NEEDS_MEIS, kind, options))
    return FALSE;
  if (!arguments->photographs || pct_model_kind_uses_photographs(kind, options))
    return TRUE;
  if (pct_model_kind_takes_photographs(kind))
    pct_command_refuse(_("“%s” is shown photographs when it is pretrained: “--set %s=EPOCHS”"), kind->kind,
                       PCT_OPTION_PRETRAIN);
  else
    pct_command_refuse(_("“%s” has no use for photographs"), kind->kind);
  return FALSE;
}

void
pct_opened_sources_clear(PctOpenedSources *opened)
{
  pct_opened_encoder_clear(&opened->encoder);
  pct_opened_meis_clear(&opened->meis);
}

// A model of the workspace, or one that is shipped, by its name, whatever else by its path. info NULL: path is that of a
// file alone.
static char *
dup_source_name(const PctModelInfo *info, const char *path, const char *workspace)
{
  if (!info)
    return g_strdup(path);
  g_autofree char *given = g_path_get_dirname(path), *folder = g_canonicalize_filename(given, NULL);
  g_autofree char *named = pct_workspace_folder_find_model(workspace, info->name);
  g_autofree char *shipped = pct_workspace_folder_find_shipped(info->name);
  gboolean is_known = g_str_equal(named, folder) || g_strcmp0(shipped, folder) == 0;
  return g_strdup(is_known ? info->name : folder);
}

// What was noted, what is given, or the best there is; free with g_free.
static char *
choose(const char *noted, const char *given, gboolean resume, PctRole role, const char *workspace,
       const PctOpenedRecording *recording, const PctModelInfo *info, GError **error)
{
  if (resume && !noted)
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The description of “%s” does not say what it was begun with."),
                info->name);
  if (resume || given)
    return g_strdup(resume ? noted : given);
  return pct_best_source_find(workspace, role, pct_recording_get_fingerprint(recording->recording),
                              recording->path == NULL, error);
}

static gboolean
open_encoder(PctOpenedEncoder *opened, const char *argument, gboolean linear, const char *workspace,
             const PctRecording *recording, GError **error)
{
  int height = pct_recording_get_height(recording), width = pct_recording_get_width(recording);
  if (!pct_encoder_argument_open(opened, argument, workspace, linear, height, width, error))
    return FALSE;
  const PctEncoderDesign *design = pct_encoder_get_design(opened->encoder);
  int m = pct_recording_get_n_neurons(recording);
  if (design->height == height && design->width == width && design->n_neurons == m)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("The model “%s” encodes %d × %d pixels for %d neurons; the recording has %d × %d pixels and %d neurons."),
              opened->name, design->width, design->height, design->n_neurons, width, height, m);
  return FALSE;
}

static gboolean
find_encoder(PctOpenedEncoder *opened, const PctSourceArguments *arguments, const char *workspace,
             const PctOpenedRecording *recording, PctModelInfo *info, gboolean resume, const PctRun *run, GError **error)
{
  g_autofree char *argument = choose(info->encoder, arguments->encoder, resume, PCT_ROLE_ENCODER, workspace, recording,
                                     info, error);
  if (!argument || !open_encoder(opened, argument, arguments->linear, workspace, recording->recording, error))
    return FALSE;
  g_autofree char *name = dup_source_name(opened->info, opened->weights, workspace);
  return pct_origin_note(info, PCT_NEEDS_ENCODER, name, opened->weights, resume, run, error);
}

static gboolean
find_meis(PctOpenedMeis *opened, const PctSourceArguments *arguments, const char *workspace,
          const PctOpenedRecording *recording, PctModelInfo *info, gboolean resume, const PctRun *run, GError **error)
{
  const PctRecording *seen = recording->recording;
  g_autofree char *argument = choose(info->meis, arguments->meis, resume, PCT_ROLE_MEI_SET, workspace, recording, info,
                                     error);
  if (!argument || !pct_meis_argument_open(opened, argument, workspace, pct_recording_get_n_neurons(seen),
                                           pct_recording_get_height(seen), pct_recording_get_width(seen), error))
    return FALSE;
  g_autofree char *name = dup_source_name(opened->info, opened->path, workspace);
  return pct_origin_note(info, PCT_NEEDS_MEIS, name, opened->path, resume, run, error);
}

gboolean
pct_sources_open(PctOpenedSources *opened, const PctSourceArguments *arguments, const char *workspace,
                 const PctOpenedRecording *recording, PctModelInfo *info, gboolean resume, const PctRun *run,
                 GError **error)
{
  PctModelNeeds needs = pct_model_kind_get_needs(info->kind, info->options);
  return (!(needs & PCT_NEEDS_ENCODER) ||
          find_encoder(&opened->encoder, arguments, workspace, recording, info, resume, run, error)) &&
         (!(needs & PCT_NEEDS_MEIS) ||
          find_meis(&opened->meis, arguments, workspace, recording, info, resume, run, error)) &&
         pct_origin_note_photographs(info, resume ? info->photographs : arguments->photographs, error);
}
