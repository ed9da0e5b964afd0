// SPDX-License-Identifier: GPL-3.0-or-later
// A folder that is all or nothing, as base/atomic-file.h is for one file: it is filled under a name of its own and takes
// its target's name in one step. Nothing that is there already is ever touched, and without that step nothing is left.
#pragma once
#include <glib.h>

typedef struct _PctTemporaryFolder PctTemporaryFolder;

// Makes an empty folder in parent, which is there. NULL with PCT_ERROR_IO.
PctTemporaryFolder *pct_temporary_folder_new(const char *parent, GError **error);
const char *pct_temporary_folder_get_path(const PctTemporaryFolder *folder);
// Gives it the name path, or, where that is taken, "path 2" or the next that is free; on the same disk. Returns the name;
// the folder is done with. NULL with PCT_ERROR_IO. Free with g_free.
char *pct_temporary_folder_commit(PctTemporaryFolder *folder, const char *path, GError **error);
// Without a commit: the folder is removed with all that is in it.
void pct_temporary_folder_free(PctTemporaryFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTemporaryFolder, pct_temporary_folder_free)
