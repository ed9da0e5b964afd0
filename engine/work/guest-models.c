// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/guest-models.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include "base/error.h"
#include "model/model-info.h"
#include "model/weights-hash.h"
#include "work/encoder-folder.h"
#include "work/kinds.h"
#include "work/workspace.h"

// A model of the other workspace, and where it goes.
typedef struct {
  char *folder;        // in the other
  PctModelInfo *info;
  char *twin;          // the name of one that is there with the same weights; NULL: none
  char *claimed;       // its place; NULL: none yet
} Guest;

static void
guest_free(gpointer data)
{
  Guest *guest = data;
  g_free(guest->folder);
  g_free(guest->twin);
  g_free(guest->claimed);
  pct_model_info_free(guest->info);
  g_free(guest);
}

// What tells it from another: of its weights, or of a set's images.
static char *
dup_weights(const char *folder, const PctModelInfo *info)
{
  return info->kind->role == PCT_ROLE_MEI_SET ? pct_workspace_folder_dup_meis_path(folder)
                                              : pct_encoder_folder_dup_weights_path(folder);
}

static gboolean
find_twin(Guest *guest, GPtrArray *there, const PctRun *run, GError **error)
{
  g_autofree char *path = dup_weights(guest->folder, guest->info);
  g_autofree char *hash = pct_weights_hash(path, run, error);
  GStatBuf size, other;
  if (!hash || g_stat(path, &size) != 0)
    return FALSE;
  for (guint i = 0; i < there->len && !guest->twin; i++) {
    g_autoptr(PctModelInfo) info = pct_model_info_load(there->pdata[i], pct_model_kinds_find, NULL);
    g_autofree char *weights = info && info->finished && info->kind == guest->info->kind
                                 ? dup_weights(there->pdata[i], info) : NULL;
    // Most differ in size already, and need not be read.
    if (!weights || g_stat(weights, &other) != 0 || other.st_size != size.st_size)
      continue;
    g_autofree char *same = pct_weights_hash(weights, run, error);
    if (!same)
      return FALSE;
    if (g_str_equal(same, hash))
      guest->twin = g_strdup(info->name);
  }
  return TRUE;
}

// The finished ones.
static GPtrArray *
list_guests(const char *folder, GPtrArray *there, const PctRun *run, GError **error)
{
  g_autoptr(GPtrArray) guests = g_ptr_array_new_with_free_func(guest_free);
  g_autoptr(GPtrArray) folders = pct_workspace_folder_list_models(folder);
  for (guint i = 0; i < folders->len; i++) {
    Guest *guest = g_new0(Guest, 1);
    g_ptr_array_add(guests, guest);
    guest->folder = g_strdup(folders->pdata[i]);
    guest->info = pct_model_info_load(guest->folder, pct_model_kinds_find, error);
    if (!guest->info || (guest->info->finished && !find_twin(guest, there, run, error)))
      return NULL;
    if (!guest->info->finished)
      g_ptr_array_remove(guests, guest);
  }
  return g_steal_pointer(&guests);
}

// Its name here: its own, the next that was free, or that of the one that was here before it.
static void
rename_source(char **name, GPtrArray *guests, gboolean *changed)
{
  for (guint i = 0; *name && i < guests->len; i++) {
    Guest *guest = guests->pdata[i];
    if (g_strcmp0(*name, guest->info->name) != 0)
      continue;
    g_autofree char *here = guest->twin ? g_strdup(guest->twin) : g_path_get_basename(guest->claimed);
    if (g_str_equal(here, *name))
      return;
    g_free(*name);
    *name = g_steal_pointer(&here);
    *changed = TRUE;
    return;
  }
}

static gboolean
claim_all(GPtrArray *guests, const char *workspace, GError **error)
{
  for (guint i = 0; i < guests->len; i++) {
    Guest *guest = guests->pdata[i];
    if (!guest->twin &&
        !(guest->claimed = pct_workspace_folder_claim_model(workspace, guest->info->kind, guest->info->name, error)))
      return FALSE;
  }
  return TRUE;
}

// Each replaces the empty folder that claimed its name.
static gboolean
move_all(GPtrArray *guests, GPtrArray *taken, GError **error)
{
  for (guint i = 0; i < guests->len; i++) {
    Guest *guest = guests->pdata[i];
    if (guest->twin)
      continue;
    gboolean changed = FALSE;
    rename_source(&guest->info->encoder, guests, &changed);
    rename_source(&guest->info->meis, guests, &changed);
    if (changed && !pct_model_info_save(guest->info, guest->folder, error))
      return FALSE;
    if (g_rename(guest->folder, guest->claimed) != 0) {
      int code = errno;
      g_autofree char *shown = g_filename_display_name(guest->claimed);
      g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not write “%s”: %s."), shown, g_strerror(code));
      return FALSE;
    }
    g_ptr_array_add(taken, g_strdup(guest->claimed));
  }
  return TRUE;
}

static void
undo(GPtrArray *guests)
{
  for (guint i = 0; i < guests->len; i++)
    if (((Guest *)guests->pdata[i])->claimed)
      pct_workspace_folder_remove_model(((Guest *)guests->pdata[i])->claimed);
}

GPtrArray *
pct_guest_models_take_in(const char *from, const char *workspace, gboolean shipped, const PctRun *run, GError **error)
{
  g_return_val_if_fail(from && workspace, NULL);
  g_autoptr(GPtrArray) there = pct_workspace_folder_list_models(workspace);
  if (shipped) {
    g_autoptr(GPtrArray) others = pct_workspace_folder_list_shipped();
    g_ptr_array_extend_and_steal(there, g_steal_pointer(&others));
  }
  PctRun quiet = pct_run_preparation(run);
  g_autoptr(GPtrArray) guests = list_guests(from, there, &quiet, error);
  g_autoptr(GPtrArray) taken = g_ptr_array_new_with_free_func(g_free);
  if (guests && claim_all(guests, workspace, error) && move_all(guests, taken, error))
    return g_steal_pointer(&taken);
  if (guests)
    undo(guests);
  return NULL;
}
