// SPDX-License-Identifier: GPL-3.0-or-later
// numpy's .npy arrays (format versions 1 to 3; numpy's documentation, "numpy.lib.format"). Whatever a file's byte order
// and memory order are, an array in memory is in this machine's byte order and row-major.
// A file is believed only as far as it is long: a header whose product of sizes is not exactly the bytes that
// follow is refused before anything is allocated. Pickled objects (|O) are refused, never read.
#pragma once
#include <glib.h>

#define PCT_NPY_MAX_DIMS 32

typedef enum {
  PCT_NPY_BOOL,
  PCT_NPY_INT,      // item_size 1, 2, 4 or 8
  PCT_NPY_UINT,     // item_size 1, 2, 4 or 8
  PCT_NPY_FLOAT,    // item_size 2, 4 or 8
  PCT_NPY_UNICODE,  // item_size 4 * characters, UCS-4, padded with zeros
  PCT_NPY_BYTES,    // item_size bytes, padded with zeros
} PctNpyKind;

// What a header says.
typedef struct {
  PctNpyKind kind;
  gsize item_size;    // bytes
  gboolean swapped;   // the other byte order than this machine's
  gboolean fortran;   // the first index runs fastest
  guint n_dims;
  gsize shape[PCT_NPY_MAX_DIMS];
  gsize n_items;      // product of shape; n_items * item_size does not overflow
} PctNpyHeader;

typedef struct {
  PctNpyKind kind;
  gsize item_size;
  guint n_dims;
  gsize shape[PCT_NPY_MAX_DIMS];
  gsize n_items;
  gpointer data;  // (shape), g_malloc'ed; may be stolen
} PctNpyArray;

void pct_npy_array_free(PctNpyArray *array);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctNpyArray, pct_npy_array_free)

// One whose data are still to be written. shown is whose memory is asked for, in error messages. NULL with
// PCT_ERROR_MEMORY (more than the machine has) or _FORMAT (more than any has).
PctNpyArray *pct_npy_array_new(PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape, const char *shown,
                               GError **error);

// Puts the next n bytes in out; FALSE with an error if there are not so many.
typedef gboolean (*PctNpyReadFunc)(gpointer source, gpointer out, gsize n, GError **error);

// Reads an array of n_bytes in all, straight into its final memory. shown names it in error messages.
// NULL with PCT_ERROR_FORMAT, _UNSUPPORTED (a dtype not read here), _MEMORY, or what func said.
PctNpyArray *pct_npy_read(PctNpyReadFunc func, gpointer source, gsize n_bytes, const char *shown, GError **error);
PctNpyArray *pct_npy_read_memory(gconstpointer bytes, gsize n_bytes, const char *shown, GError **error);
// shown NULL: the base name of path. PCT_ERROR_IO if it cannot be read.
PctNpyArray *pct_npy_load(const char *path, const char *shown, GError **error);

// The header alone, checked against n_bytes as when all is read. FALSE with the errors of pct_npy_read.
gboolean pct_npy_read_header(PctNpyReadFunc func, gpointer source, gsize n_bytes, const char *shown,
                             PctNpyHeader *header, GError **error);
gboolean pct_npy_load_header(const char *path, const char *shown, PctNpyHeader *header, GError **error);
// Items first .. first + n - 1 of the first dimension, which exist, of a row-major array; nothing else is read.
// PCT_ERROR_UNSUPPORTED if the file is column-major.
PctNpyArray *pct_npy_load_rows(const char *path, const char *shown, gsize first, gsize n, GError **error);

// "<f4 (4500, 36, 64)", for a person. Free with g_free.
char *pct_npy_array_describe(const PctNpyArray *array);

// Numbers of any kind as others; NULL with PCT_ERROR_FORMAT for text, for floats that are not whole (to integers),
// and for integers beyond 64 bits with sign. (n_items,), free with g_free.
float *pct_npy_array_dup_floats(const PctNpyArray *array, const char *shown, GError **error);
double *pct_npy_array_dup_doubles(const PctNpyArray *array, const char *shown, GError **error);
gint64 *pct_npy_array_dup_integers(const PctNpyArray *array, const char *shown, GError **error);
// The same for floats, but gives the array's own memory away if it is float32 already.
float *pct_npy_array_steal_floats(PctNpyArray *array, const char *shown, GError **error);
// Text i of a text array, as UTF-8. Free with g_free.
char *pct_npy_array_dup_text(const PctNpyArray *array, gsize i);

// The bytes before the data of a row-major array in this machine's byte order.
GBytes *pct_npy_header_new(PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape);
// Header and data. data (shape) in this machine's byte order.
GBytes *pct_npy_encode(PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape, gconstpointer data);
// Atomically. FALSE with PCT_ERROR_IO.
gboolean pct_npy_save(const char *path, PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape,
                      gconstpointer data, GError **error);

// For pct_npy_read: text is what lies between the fixed part of a header and the data.
gboolean pct_npy_header_parse(const char *text, gsize n, const char *shown, PctNpyHeader *header, GError **error);
