// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a zip file, unpacked, all or nothing: what numpy.savez writes, and what a workspace is shared as. Entries are
// arrays with a header, or files of the disk; both are borrowed until the file is saved, so that writing needs no second
// copy of them. The same entries make the same bytes: nothing in it says when or where it was made.
#pragma once
#include <gio/gio.h>
#include "base/run.h"

typedef struct _PctZipWriter PctZipWriter;

PctZipWriter *pct_zip_writer_new(void);
void pct_zip_writer_free(PctZipWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctZipWriter, pct_zip_writer_free)

// An entry of head (a reference is taken) and then n bytes of data (NULL: none), which must stay as they are until the
// writer is freed. name: UTF-8, with '/' between its parts.
void pct_zip_writer_add(PctZipWriter *writer, const char *name, GBytes *head, gconstpointer data, gsize n);
// An entry of a file's content.
void pct_zip_writer_add_file(PctZipWriter *writer, const char *name, const char *path);
// Once. FALSE with PCT_ERROR_IO or _CANCELLED; path is then as it was.
gboolean pct_zip_writer_save(PctZipWriter *writer, const char *path, const PctRun *run, GError **error);
