// SPDX-License-Identifier: GPL-3.0-or-later
// A zip file of a folder, from anybody. Invariant: what was opened has names that stay inside the folder they are
// unpacked to and that no disk takes for one another, holds files alone (no links), and claims sizes that its packed
// bytes can hold; what is unpacked has exactly those sizes and the right checksums. Not for several threads at once.
#pragma once
#include <glib.h>
#include "base/run.h"

typedef struct _PctPackedFolder PctPackedFolder;

// NULL with PCT_ERROR_IO or _FORMAT.
PctPackedFolder *pct_packed_folder_open(const char *path, GError **error);
void pct_packed_folder_free(PctPackedFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctPackedFolder, pct_packed_folder_free)

// Files, in the zip's order.
guint pct_packed_folder_get_n_files(const PctPackedFolder *folder);
// UTF-8, with '/' between its parts. Borrowed.
const char *pct_packed_folder_get_name(const PctPackedFolder *folder, guint file);
// A small file's content, with a NUL after it. NULL with PCT_ERROR_FORMAT (larger than most, or damaged). Free with g_free.
char *pct_packed_folder_read(const PctPackedFolder *folder, guint file, gsize most, gsize *n, GError **error);

// Whether a file is wanted.
typedef gboolean (*PctPackedFolderChoose)(const char *name, gpointer data);
// Writes what choose wants (NULL: all) into target, which is there and empty. FALSE with PCT_ERROR_FORMAT, _IO (a full
// disk is seen before it is full), or _CANCELLED; what was written by then is the caller's to remove.
gboolean pct_packed_folder_unpack(const PctPackedFolder *folder, const char *target, PctPackedFolderChoose choose,
                                  gpointer data, const PctRun *run, GError **error);
