// SPDX-License-Identifier: GPL-3.0-or-later
// Writing that is all or nothing: the content goes to a temporary file beside the target, is flushed to the disk, and
// takes the target's name in one step. A full disk or a crash leaves the old file as it was.
#pragma once
#include <gio/gio.h>

typedef struct _PctAtomicFile PctAtomicFile;

// Opens a temporary beside path. NULL with PCT_ERROR_IO.
PctAtomicFile *pct_atomic_file_open(const char *path, GError **error);
gboolean pct_atomic_file_write(PctAtomicFile *file, gconstpointer bytes, gsize n, GError **error);
// Where the file's bytes go meanwhile, for libraries that write by name.
const char *pct_atomic_file_get_temporary(const PctAtomicFile *file);
// Flushes, renames. The file is done with either way and must still be freed.
gboolean pct_atomic_file_commit(PctAtomicFile *file, GError **error);
// Without a commit: the temporary is removed, the target is as it was.
void pct_atomic_file_free(PctAtomicFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctAtomicFile, pct_atomic_file_free)

// All at once.
gboolean pct_atomic_file_set(const char *path, gconstpointer bytes, gsize n, GError **error);
