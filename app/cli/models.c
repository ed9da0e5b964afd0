// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "models.h"
#include <glib/gi18n.h>
#include <math.h>
#include "base/error.h"
#include "command.h"
#include "data/demo.h"
#include "data/recording-file.h"
#include "work/encoder-folder.h"
#include "work/meis-private.h"
#include "work/shared-file.h"
#include "work/trial-filter.h"
#include "work/workspace.h"

gboolean
pct_recording_argument_check(const char *argument, GError **error)
{
  const char *path = pct_command_recording_path(argument);
  if (!path || !pct_shared_file_is_one(path))
    return TRUE;
  g_autofree char *shown = g_filename_display_basename(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("“%s” is a shared workspace: “percept-cli unpack” makes a folder of it, with the recording in it."), shown);
  return FALSE;
}

gboolean
pct_recording_argument_open(PctOpenedRecording *opened, const char *argument, const char *trials, const PctRun *run,
                            GError **error)
{
  const char *path = pct_command_recording_path(argument);
  PctProgress progress = { .phase = _("Opening the recording") };
  if (!pct_recording_argument_check(argument, error) || !pct_run_report(run, &progress, error))
    return FALSE;
  opened->path = path ? g_canonicalize_filename(path, NULL) : NULL;
  g_autoptr(PctRecording) whole = path ? pct_recording_open(path, run, error) : pct_demo_open(run, error);
  if (!whole)
    return FALSE;
  opened->n_all_trials = pct_recording_get_n_trials(whole);
  g_autoptr(PctTrialTable) table = pct_trial_table_new(whole);
  opened->recording = pct_trial_table_apply(table, whole, trials, error);
  opened->statistics = opened->recording ? pct_statistics_new(opened->recording, run, error) : NULL;
  return opened->statistics != NULL;
}

void
pct_opened_recording_clear(PctOpenedRecording *opened)
{
  g_clear_pointer(&opened->recording, pct_recording_unref);
  g_clear_pointer(&opened->statistics, pct_statistics_free);
  g_clear_pointer(&opened->path, g_free);
}

gboolean
pct_image_argument_read(const PctRecording *recording, int image, int repeat, float *out, int *n_averaged,
                        GError **error)
{
  int n = 0, n_images = pct_recording_get_n_images(recording);
  const char *name = pct_recording_get_name(recording);
  if (image >= n_images) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("There is no image %d in “%s”; they are numbered 0 to %d."), image,
                name, n_images - 1);
    return FALSE;
  }
  const int *trials = pct_recording_get_image_trials(recording, image, &n);
  if (n == 0 || repeat >= n) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                ngettext("“%s” has %d trial of image %d, numbered from 0; there is no trial %d.",
                         "“%s” has %d trials of image %d, numbered from 0; there is no trial %d.", (gulong)n),
                name, n, image, MAX(repeat, 0));
    return FALSE;
  }
  if (repeat >= 0)
    pct_recording_read_responses(recording, trials[repeat], out);
  else
    pct_recording_read_mean_responses(recording, image, out);
  *n_averaged = repeat >= 0 ? 1 : n;
  return TRUE;
}

char *
pct_model_argument_find(const char *argument, const char *workspace)
{
  if (!workspace || g_path_is_absolute(argument) || g_file_test(argument, G_FILE_TEST_IS_DIR))
    return g_strdup(argument);
  char *folder = pct_workspace_folder_find_model(workspace, argument);
  if (g_file_test(folder, G_FILE_TEST_IS_DIR))
    return folder;
  g_autofree char *shipped = pct_workspace_folder_find_shipped(argument);
  if (!shipped)
    return folder;
  g_free(folder);
  return g_steal_pointer(&shipped);
}

PctModelInfo *
pct_model_describe(const char *folder, GError **error)
{
  g_autofree char *description = g_build_filename(folder, "model.json", NULL);
  if (!g_file_test(description, G_FILE_TEST_EXISTS)) {
    g_autofree char *shown = g_filename_display_name(folder);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("There is no model in “%s”: it has no model.json."), shown);
    return NULL;
  }
  g_autoptr(PctModelInfo) found = pct_model_info_load(folder, pct_model_kinds_find, error);
  if (!found || found->finished)
    return g_steal_pointer(&found);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("The training of “%s” was stopped before its end; “percept-cli train %s --resume” goes on with it."),
              found->name, found->kind->kind);
  return NULL;
}

// What a model is, where another is wanted.
static const char *
get_role_text(PctRole role)
{
  return role == PCT_ROLE_ENCODER   ? _("an encoder, which turns images into responses")
         : role == PCT_ROLE_MEI_SET ? _("a set of most exciting inputs")
                                    : _("a decoder, which turns responses into images");
}

static gboolean
check_role(const PctModelInfo *info, PctRole wanted, GError **error)
{
  if (info->kind->role == wanted)
    return TRUE;
  // Translators: “gaussian-1” is an encoder, which … ; this needs a decoder, which … .
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” is %s; this needs %s."), info->name,
              get_role_text(info->kind->role), get_role_text(wanted));
  return FALSE;
}

gboolean
pct_model_open(const char *folder, PctModelInfo **info, PctDecoder **decoder, GError **error)
{
  g_autoptr(PctModelInfo) found = pct_model_describe(folder, error);
  if (!found || !check_role(found, PCT_ROLE_DECODER, error) || !(*decoder = pct_decoder_load(folder, error)))
    return FALSE;
  *info = g_steal_pointer(&found);
  return TRUE;
}

void
pct_opened_encoder_clear(PctOpenedEncoder *opened)
{
  g_clear_pointer(&opened->encoder, pct_encoder_unref);
  g_clear_pointer(&opened->info, pct_model_info_free);
  g_clear_pointer(&opened->name, g_free);
  g_clear_pointer(&opened->weights, g_free);
}

gboolean
pct_encoder_argument_open(PctOpenedEncoder *opened, const char *argument, const char *workspace, gboolean linear,
                          int height, int width, GError **error)
{
  if (g_file_test(argument, G_FILE_TEST_IS_REGULAR)) {
    opened->weights = g_canonicalize_filename(argument, NULL);
    opened->name = g_strdup(opened->weights);
    opened->encoder = pct_encoder_open_weights(opened->weights, linear, height, width, error);
    return opened->encoder != NULL;
  }
  g_autofree char *folder = pct_model_argument_find(argument, workspace);
  opened->info = pct_model_describe(folder, error);
  if (!opened->info || !check_role(opened->info, PCT_ROLE_ENCODER, error))
    return FALSE;
  opened->weights = pct_encoder_folder_dup_weights_path(folder);
  opened->name = g_strdup(opened->info->name);
  opened->encoder = pct_encoder_folder_load(folder, opened->info, error);
  return opened->encoder != NULL;
}

void
pct_opened_meis_clear(PctOpenedMeis *opened)
{
  g_clear_pointer(&opened->set, pct_mei_set_free);
  g_clear_pointer(&opened->info, pct_model_info_free);
  g_clear_pointer(&opened->name, g_free);
  g_clear_pointer(&opened->path, g_free);
}

gboolean
pct_meis_argument_open(PctOpenedMeis *opened, const char *argument, const char *workspace, int n_neurons, int height,
                       int width, GError **error)
{
  if (g_file_test(argument, G_FILE_TEST_IS_REGULAR)) {
    opened->path = g_canonicalize_filename(argument, NULL);
    opened->name = g_strdup(opened->path);
  } else {
    g_autofree char *folder = pct_model_argument_find(argument, workspace);
    opened->info = pct_model_describe(folder, error);
    if (!opened->info || !check_role(opened->info, PCT_ROLE_MEI_SET, error))
      return FALSE;
    opened->path = pct_workspace_folder_dup_meis_path(folder);
    opened->name = g_strdup(opened->info->name);
  }
  opened->set = pct_meis_load_set(opened->path, n_neurons, height, width, error);
  return opened->set != NULL;
}

// Whether one was validated better than other (NULL: there is none), of equals whether it is newer.
static gboolean
is_better(const PctModelInfo *one, const PctModelInfo *other)
{
  if (!other)
    return TRUE;
  double here = isnan(one->validation_correlation) ? -INFINITY : one->validation_correlation;
  double there = isnan(other->validation_correlation) ? -INFINITY : other->validation_correlation;
  return here > there || (here == there && g_strcmp0(one->created, other->created) >= 0);
}

char *
pct_best_source_find(const char *workspace, PctRole role, const char *fingerprint, gboolean shipped, GError **error)
{
  g_autoptr(GPtrArray) folders = pct_workspace_folder_list_models(workspace);
  if (shipped) {
    g_autoptr(GPtrArray) others = pct_workspace_folder_list_shipped();
    g_ptr_array_extend_and_steal(folders, g_steal_pointer(&others));
  }
  g_autoptr(PctModelInfo) best = NULL;
  const char *found = NULL;
  for (guint i = 0; i < folders->len; i++) {
    g_autoptr(PctModelInfo) info = pct_model_info_load(folders->pdata[i], pct_model_kinds_find, NULL);
    // The demo's last bits may differ between machines, and with them the fingerprint.
    if (!info || !info->finished || info->kind->role != role ||
        (!shipped && g_strcmp0(info->fingerprint, fingerprint) != 0) || !is_better(info, best))
      continue;
    pct_model_info_free(best);
    best = g_steal_pointer(&info);
    found = folders->pdata[i];
  }
  if (!found) {
    g_autofree char *shown = g_filename_display_name(workspace);
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                role == PCT_ROLE_ENCODER
                  ? _("There is no trained encoder of this recording in “%s”; “percept-cli train gaussian” makes one.")
                  : _("There is no set of most exciting inputs of this recording in “%s”; “percept-cli train mei” makes "
                      "one."),
                shown);
  }
  return g_strdup(found);
}
