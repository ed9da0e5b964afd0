// SPDX-License-Identifier: GPL-3.0-or-later
// The folder that belongs to a recording: NAME.percept/ with workspace.json (recording's path and fingerprint,
// settings), models/<kind>-<n>/, meis/mei-<n>/ and curves/. It lies beside the recording where that can be written, else in the user's data
// folder, and is made when something is first kept. For work/ itself, not for views. Any thread.
#pragma once
#include "model/model-kind.h"

// The folder for a recording at path (absolute), which need not exist; path NULL: the demo of that version and seed.
// Free with g_free.
char *pct_workspace_folder_locate(const char *path, const char *fingerprint);
// The recording that a .percept folder belongs to; a relative path is one beside the folder. NULL with PCT_ERROR_IO or
// _FORMAT. Free with g_free.
char *pct_workspace_folder_find_recording(const char *folder, GError **error);

// Makes folder and models/, which must then be writable. Quick. FALSE with PCT_ERROR_IO, one sentence.
gboolean pct_workspace_folder_prepare(const char *folder, GError **error);
// The path of curves/ (work/data-curve-file.h), which need not be there; and the same made, and writable, or NULL with
// PCT_ERROR_IO. Free with g_free.
char *pct_workspace_folder_dup_curves(const char *folder);
char *pct_workspace_folder_make_curves(const char *folder, GError **error);
// Where the recording's receptive fields are kept (encode/receptive-field.h), those found from the trials of a filter by
// themselves (trials: its condition; NULL: all trials); they need not be there. Free with g_free.
char *pct_workspace_folder_dup_receptive_fields(const char *folder, const char *trials);
// Writes workspace.json, flushed to the disk. path NULL: the demo. FALSE with PCT_ERROR_IO.
gboolean pct_workspace_folder_describe(const char *folder, const char *path, const char *fingerprint, GError **error);
// Makes models/<kind>-<n> (meis/<kind>-<n> for a set of most exciting inputs), n the lowest number above all there.
// Returns its path; NULL with PCT_ERROR_IO. Free with g_free.
char *pct_workspace_folder_new_model(const char *folder, const PctModelKind *kind, GError **error);
// The same under the name it had elsewhere, if that is free here and such a name. Free with g_free.
char *pct_workspace_folder_claim_model(const char *folder, const PctModelKind *kind, const char *name, GError **error);
// Whether a file of that name, anywhere in a workspace, is worth keeping: no checkpoint, and nothing half-written.
gboolean pct_workspace_folder_is_kept(const char *name);
// The path of a model by its name, which need not be there: in meis/ if it is there, else in models/. Free with g_free.
char *pct_workspace_folder_find_model(const char *folder, const char *name);
// The file of a set's images in its folder, which need not be there. Free with g_free.
char *pct_workspace_folder_dup_meis_path(const char *model_folder);
// Whether there is a checkpoint that a training could go on from (of a set, the rows it has).
gboolean pct_workspace_folder_has_checkpoint(const char *model_folder);
// For a finished model, whose checkpoint nobody needs any more.
void pct_workspace_folder_remove_checkpoint(const char *model_folder);
// Removes a model's folder and what it holds.
void pct_workspace_folder_remove_model(const char *model_folder);
// Paths of the models that are whole (have a model.json), those of models/, then those of meis/, each sorted as a person
// would. Free with g_ptr_array_unref.
GPtrArray *pct_workspace_folder_list_models(const char *folder);
// The shipped models of the demo: the same of resources/demo-models, from the source tree if run from there, else as
// installed; empty if there are none.
GPtrArray *pct_workspace_folder_list_shipped(void);
// The one of that name; NULL: there is none. Free with g_free.
char *pct_workspace_folder_find_shipped(const char *name);
