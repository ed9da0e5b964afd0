// SPDX-License-Identifier: GPL-3.0-or-later
// The values of one MATLAB variable of which matio knows where they are: numbers row-major, texts a row each. Nothing is
// allocated that the file's bytes could not hold.
#pragma once
#include <matio.h>
#include "data/npy.h"

typedef struct {
  mat_t *mat;        // borrowed
  gsize n_bytes;     // of the file
  const char *shown; // the file, for messages
} PctMatFile;

// What numbers of the variable are in memory; FALSE if it holds none that can be read.
gboolean pct_mat_number_type(const matvar_t *variable, PctNpyKind *kind, gsize *item_size);
// Product of its dimensions; FALSE if that is more than the file can hold.
gboolean pct_mat_count(const PctMatFile *file, const matvar_t *variable, gsize *n);

// Whether matio reads only all of it at once without unpacking it again and again.
gboolean pct_mat_is_packed(const PctMatFile *file, const matvar_t *variable);
// Items first .. first + n - 1 of its first dimension, into out, row-major. FALSE with PCT_ERROR_FORMAT or _MEMORY.
gboolean pct_mat_read_numbers(const PctMatFile *file, matvar_t *variable, gsize first, gsize n, gpointer out,
                              GError **error);
// The rows of a char array, of char *; free with g_ptr_array_unref. NULL with PCT_ERROR_FORMAT or _MEMORY.
GPtrArray *pct_mat_read_texts(const PctMatFile *file, matvar_t *variable, GError **error);
