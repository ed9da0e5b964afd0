// SPDX-License-Identifier: GPL-3.0-or-later
// Writing .npz files as numpy.savez does: unpacked .npy arrays in a zip file, all or nothing. Arrays are borrowed until
// the file is saved, so that writing needs no second copy of them.
#pragma once
#include "base/run.h"
#include "data/npy.h"

typedef struct _PctNpzWriter PctNpzWriter;

PctNpzWriter *pct_npz_writer_new(void);
void pct_npz_writer_free(PctNpzWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctNpzWriter, pct_npz_writer_free)

// name without ".npy". data (shape) must stay as it is until the writer is freed.
void pct_npz_writer_add(PctNpzWriter *writer, const char *name, PctNpyKind kind, gsize item_size, guint n_dims,
                        const gsize *shape, gconstpointer data);
// Once. FALSE with PCT_ERROR_IO or _CANCELLED; path is then as it was.
gboolean pct_npz_writer_save(PctNpzWriter *writer, const char *path, const PctRun *run, GError **error);
