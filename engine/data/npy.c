// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/npy.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "data/column-major.h"
#include "data/half.h"

// numpy's own headers have some hundred bytes.
#define MAX_HEADER 65536

void
pct_npy_array_free(PctNpyArray *array)
{
  if (!array)
    return;
  g_free(array->data);
  g_free(array);
}

static void
swap_bytes(guint8 *data, gsize n_units, gsize unit)
{
  for (gsize i = 0; i < n_units; i++, data += unit)
    for (gsize j = 0; j < unit / 2; j++) {
      guint8 byte = data[j];
      data[j] = data[unit - 1 - j];
      data[unit - 1 - j] = byte;
    }
}

static gpointer
allocate(gsize n_bytes, const char *shown, GError **error)
{
  gint64 pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  gpointer memory = pages > 0 && page > 0 && n_bytes > (guint64)pages * (guint64)page ? NULL
                    : g_try_malloc(MAX(n_bytes, 1));
  if (!memory)
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("“%s” needs %.1f GB of memory, more than there is."), shown,
                (double)n_bytes / 1e9);
  return memory;
}

PctNpyArray *
pct_npy_array_new(PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape, const char *shown, GError **error)
{
  g_return_val_if_fail(n_dims <= PCT_NPY_MAX_DIMS, NULL);
  g_autoptr(PctNpyArray) array = g_new0(PctNpyArray, 1);
  array->kind = kind;
  array->item_size = item_size;
  array->n_dims = n_dims;
  array->n_items = 1;
  gsize n_bytes = item_size;
  gboolean empty = FALSE;
  for (guint d = 0; d < n_dims; d++) {
    array->shape[d] = shape[d];
    empty = empty || shape[d] == 0;
  }
  for (guint d = 0; d < n_dims && !empty; d++)
    if (!g_size_checked_mul(&n_bytes, n_bytes, shape[d])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” declares more elements than any computer can hold."),
                  shown);
      return NULL;
    }
  array->n_items = empty ? 0 : n_bytes / MAX(item_size, 1);
  array->data = allocate(empty ? 0 : n_bytes, shown, error);
  return array->data ? g_steal_pointer(&array) : NULL;
}

// The next items of a file whose header was read.
static gboolean
read_data(PctNpyArray *array, const PctNpyHeader *header, PctNpyReadFunc func, gpointer source, const char *shown,
          GError **error)
{
  gsize n_bytes = array->n_items * array->item_size;
  if (!func(source, array->data, n_bytes, error))
    return FALSE;
  if (header->swapped) {
    gsize unit = header->kind == PCT_NPY_UNICODE ? 4 : header->item_size;
    swap_bytes(array->data, n_bytes / unit, unit);
  }
  if (header->fortran && header->n_dims > 1) {
    gpointer ordered = allocate(n_bytes, shown, error);
    if (!ordered)
      return FALSE;
    pct_column_major_put(ordered, array->data, array->item_size, array->n_dims, array->shape, 0,
                         array->shape[array->n_dims - 1]);
    g_free(array->data);
    array->data = ordered;
  }
  return TRUE;
}

gboolean
pct_npy_read_header(PctNpyReadFunc func, gpointer source, gsize n_bytes, const char *shown, PctNpyHeader *header,
                    GError **error)
{
  guint8 fixed[12] = { 0 };
  if (n_bytes >= 10 && !func(source, fixed, 10, error))
    return FALSE;
  if (n_bytes < 10 || memcmp(fixed, "\x93NUMPY", 6) != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is not an .npy array: expected a file that starts with \\x93NUMPY."), shown);
    return FALSE;
  }
  if (fixed[6] < 1 || fixed[6] > 3) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” has version %d of the .npy format; expected 1 to 3."),
                shown, fixed[6]);
    return FALSE;
  }
  gsize start = fixed[6] == 1 ? 10 : 12;
  if (n_bytes >= start && start == 12 && !func(source, fixed + 10, 2, error))
    return FALSE;
  gsize length = fixed[8] | (gsize)fixed[9] << 8 | (gsize)fixed[10] << 16 | (gsize)fixed[11] << 24;
  if (length > MAX_HEADER || start + length > n_bytes) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is cut short or damaged: its header is said to have %zu bytes, the file has %zu."),
                shown, length, n_bytes);
    return FALSE;
  }
  g_autofree char *text = g_malloc(length + 1);
  if (!func(source, text, length, error) || !pct_npy_header_parse(text, length, shown, header, error))
    return FALSE;
  gsize expected = header->n_items * header->item_size, found = n_bytes - start - length;
  if (expected != found) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is cut short or damaged: its header promises %zu bytes of data, %zu follow."),
                shown, expected, found);
    return FALSE;
  }
  return TRUE;
}

PctNpyArray *
pct_npy_read(PctNpyReadFunc func, gpointer source, gsize n_bytes, const char *shown, GError **error)
{
  PctNpyHeader header;
  if (!pct_npy_read_header(func, source, n_bytes, shown, &header, error))
    return NULL;
  g_autoptr(PctNpyArray) array = pct_npy_array_new(header.kind, header.item_size, header.n_dims, header.shape, shown,
                                                   error);
  return array && read_data(array, &header, func, source, shown, error) ? g_steal_pointer(&array) : NULL;
}

static gboolean
read_from_memory(gpointer source, gpointer out, gsize n, GError **error)
{
  const guint8 **at = source;
  memcpy(out, *at, n);
  *at += n;
  return TRUE;
}

PctNpyArray *
pct_npy_read_memory(gconstpointer bytes, gsize n_bytes, const char *shown, GError **error)
{
  // pct_npy_read never asks for more than n_bytes in all.
  const guint8 *at = bytes;
  return pct_npy_read(read_from_memory, &at, n_bytes, shown, error);
}

typedef struct {
  int descriptor;
  const char *shown;
} OpenFile;

static gboolean
read_from_file(gpointer source, gpointer out, gsize n, GError **error)
{
  OpenFile *file = source;
  for (guint8 *at = out; n > 0;) {
    gssize got = read(file->descriptor, at, MIN(n, (gsize)1 << 30));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), file->shown,
                  got < 0 ? g_strerror(errno) : _("it became shorter meanwhile"));
      return FALSE;
    }
    at += got;
    n -= (gsize)got;
  }
  return TRUE;
}

// A descriptor of a regular file, and its size; or -1.
static int
open_regular(const char *path, const char *shown, gsize *n_bytes, GError **error)
{
  // Not to wait for ever on a named pipe.
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  int code = descriptor < 0 || fstat(descriptor, &status) != 0 ? errno : !S_ISREG(status.st_mode) ? EINVAL : 0;
  if (code == 0) {
    *n_bytes = (gsize)status.st_size;
    return descriptor;
  }
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(code));
  if (descriptor >= 0)
    close(descriptor);
  return -1;
}

PctNpyArray *
pct_npy_load(const char *path, const char *shown, GError **error)
{
  g_autofree char *name = g_filename_display_basename(path);
  OpenFile file = { .shown = shown ? shown : name };
  gsize n_bytes;
  file.descriptor = open_regular(path, file.shown, &n_bytes, error);
  if (file.descriptor < 0)
    return NULL;
  PctNpyArray *array = pct_npy_read(read_from_file, &file, n_bytes, file.shown, error);
  close(file.descriptor);
  return array;
}

gboolean
pct_npy_load_header(const char *path, const char *shown, PctNpyHeader *header, GError **error)
{
  OpenFile file = { .shown = shown };
  gsize n_bytes;
  file.descriptor = open_regular(path, shown, &n_bytes, error);
  if (file.descriptor < 0)
    return FALSE;
  gboolean ok = pct_npy_read_header(read_from_file, &file, n_bytes, shown, header, error);
  close(file.descriptor);
  return ok;
}

static PctNpyArray *
read_rows(OpenFile *file, gsize n_bytes, gsize first, gsize n, GError **error)
{
  PctNpyHeader header;
  if (!pct_npy_read_header(read_from_file, file, n_bytes, file->shown, &header, error))
    return NULL;
  if (header.n_dims == 0 || (header.fortran && header.n_dims > 1) || first + n > header.shape[0]) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” cannot be read in parts."), file->shown);
    return NULL;
  }
  gsize row = header.shape[0] ? header.n_items / header.shape[0] * header.item_size : 0;
  header.shape[0] = n;
  g_autoptr(PctNpyArray) array = pct_npy_array_new(header.kind, header.item_size, header.n_dims, header.shape,
                                                   file->shown, error);
  if (!array)
    return NULL;
  if (lseek(file->descriptor, (off_t)(first * row), SEEK_CUR) < 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), file->shown, g_strerror(errno));
    return NULL;
  }
  return read_data(array, &header, read_from_file, file, file->shown, error) ? g_steal_pointer(&array) : NULL;
}

PctNpyArray *
pct_npy_load_rows(const char *path, const char *shown, gsize first, gsize n, GError **error)
{
  OpenFile file = { .shown = shown };
  gsize n_bytes;
  file.descriptor = open_regular(path, shown, &n_bytes, error);
  if (file.descriptor < 0)
    return NULL;
  PctNpyArray *array = read_rows(&file, n_bytes, first, n, error);
  close(file.descriptor);
  return array;
}

GBytes *
pct_npy_encode(PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape, gconstpointer data)
{
  g_autoptr(GBytes) header = pct_npy_header_new(kind, item_size, n_dims, shape);
  gsize n_header, n_data = item_size;
  const guint8 *start = g_bytes_get_data(header, &n_header);
  for (guint i = 0; i < n_dims; i++)
    n_data *= shape[i];
  guint8 *bytes = g_malloc(n_header + n_data);
  memcpy(bytes, start, n_header);
  if (n_data > 0)
    memcpy(bytes + n_header, data, n_data);
  return g_bytes_new_take(bytes, n_header + n_data);
}

gboolean
pct_npy_save(const char *path, PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape, gconstpointer data,
             GError **error)
{
  g_autoptr(GBytes) bytes = pct_npy_encode(kind, item_size, n_dims, shape, data);
  gsize n;
  gconstpointer start = g_bytes_get_data(bytes, &n);
  return pct_atomic_file_set(path, start, n, error);
}
