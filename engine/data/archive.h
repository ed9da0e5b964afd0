// SPDX-License-Identifier: GPL-3.0-or-later
// A read-only tree of .npy arrays, in a folder or in a zip file: npz files, zipped file trees and file trees are read
// by the same code. Names are relative, with '/' between parts. A zip entry's size is checked against what its packed
// bytes can hold before it is believed, and its checksum after it was read. Not for several threads at once.
#pragma once
#include <gio/gio.h>
#include "base/run.h"
#include "data/npy.h"

// Deflate cannot shrink by more than 1032 to 1; an entry of a zip file that claims to is lying about its size.
#define PCT_ARCHIVE_MOST_PACKED 1032

typedef struct _PctArchive PctArchive;

// run is told of bytes read and must outlive the archive. NULL with PCT_ERROR_IO (not there) or _FORMAT (not a sound
// zip).
PctArchive *pct_archive_open(const char *path, const PctRun *run, GError **error);
// A zip file in memory; shown names it in error messages.
PctArchive *pct_archive_open_memory(GBytes *bytes, const char *shown, const PctRun *run, GError **error);
void pct_archive_free(PctArchive *archive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctArchive, pct_archive_free)

// The archive's base name, for error messages.
const char *pct_archive_get_shown(const PctArchive *archive);
// "twin.npz/images.npy", for error messages. Free with g_free.
char *pct_archive_dup_shown(const PctArchive *archive, const char *name);

// Whether there is a file (not a folder) of this name.
gboolean pct_archive_has(const PctArchive *archive, const char *name);
// The names directly in a folder ("": the root), sorted, each once; empty if there is none such. Free with
// g_ptr_array_unref.
GPtrArray *pct_archive_list(const PctArchive *archive, const char *folder);
// NULL with what pct_npy_read says, PCT_ERROR_FORMAT (missing, damaged), _IO or _CANCELLED.
PctNpyArray *pct_archive_read(PctArchive *archive, const char *name, GError **error);
// Its header alone; and, where it is a file of a folder and row-major, items first .. first + n - 1 of its first
// dimension (else PCT_ERROR_UNSUPPORTED). Errors as above.
gboolean pct_archive_read_header(PctArchive *archive, const char *name, PctNpyHeader *header, GError **error);
PctNpyArray *pct_archive_read_rows(PctArchive *archive, const char *name, gsize first, gsize n, GError **error);
// All bytes of a file, of which there may be max at most (else PCT_ERROR_MEMORY). Errors as above.
GBytes *pct_archive_read_bytes(PctArchive *archive, const char *name, gsize max, GError **error);
