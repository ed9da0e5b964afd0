// SPDX-License-Identifier: GPL-3.0-or-later
// Storages are not packed in such a file, so together they are no larger than it is, and neither is what a storage's
// size is believed to be before it was read. Views may overlap, but all of them together may have no more elements than
// the file has bytes: honest files share little, and a small file cannot fill the memory.
#include "config.h"
#include "nn/torch-file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>
#include "base/error.h"
#include "nn/float-bits.h"
#include "nn/unpickler.h"

typedef struct {
  zip_t *zip;
  const char *shown;
  char *folder;          // "archive/": where everything lies
  guint64 bytes_left;    // that may still be read
  guint64 values_left;   // that may still be made of them
  GHashTable *storages;  // name -> GBytes
} TorchFile;

static const gsize element_bytes[] = {
  [PCT_STORAGE_FLOAT] = 4, [PCT_STORAGE_DOUBLE] = 8, [PCT_STORAGE_HALF] = 2, [PCT_STORAGE_LONG] = 8
};

static gboolean
refuse_entry(const TorchFile *file, const char *name, GError **error, const char *reason)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is cut short or damaged: its part “%s” %s."), file->shown,
              name, reason);
  return FALSE;
}

static gboolean
refuse_array(const TorchFile *file, const char *name, GError **error, const char *reason)
{
  g_autofree char *start = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), 80));
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("In “%s”, array “%s” %s."), file->shown, start, reason);
  return FALSE;
}

static GBytes *
out_of_memory(const TorchFile *file, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for “%s”."), file->shown);
  return NULL;
}

// The whole of a part, its checksum compared.
static GBytes *
read_entry(TorchFile *file, const char *name, GError **error)
{
  g_autofree char *path = g_strconcat(file->folder, name, NULL);
  zip_stat_t stat;
  zip_uint64_t wanted = ZIP_STAT_INDEX | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  if (zip_stat(file->zip, path, 0, &stat) != 0 || (stat.valid & wanted) != wanted) {
    refuse_entry(file, name, error, _("is missing"));
    return NULL;
  }
  if (stat.comp_method != ZIP_CM_STORE) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("In “%s”, the part “%s” is compressed; PyTorch never does that, and it is not read."), file->shown,
                name);
    return NULL;
  }
  if (stat.size != stat.comp_size || stat.size > file->bytes_left) {
    refuse_entry(file, name, error, _("claims to be larger than the file"));
    return NULL;
  }
  file->bytes_left -= stat.size;
  g_autofree guint8 *bytes = g_try_malloc(stat.size + 1);
  if (!bytes)
    return out_of_memory(file, error);
  zip_file_t *part = zip_fopen_index(file->zip, stat.index, 0);
  // Asking for one byte more makes libzip meet the end and compare the checksum.
  gsize n = 0;
  zip_int64_t got = part ? 1 : -1;
  while (got > 0 && n <= stat.size) {
    got = zip_fread(part, bytes + n, stat.size + 1 - n);
    n += got > 0 ? (gsize)got : 0;
  }
  if (part)
    zip_fclose(part);
  if (got < 0 || n != stat.size) {
    refuse_entry(file, name, error, _("cannot be read whole"));
    return NULL;
  }
  return g_bytes_new_take(g_steal_pointer(&bytes), stat.size);
}

// The one folder with a data.pkl, and what may be said beside it of the order of bytes.
static gboolean
find_folder(TorchFile *file, GError **error)
{
  zip_int64_t n = zip_get_num_entries(file->zip, 0);
  for (zip_int64_t i = 0; i < n && !file->folder; i++) {
    const char *name = zip_get_name(file->zip, (zip_uint64_t)i, 0), *slash = name ? strchr(name, '/') : NULL;
    if (slash && strcmp(slash, "/data.pkl") == 0)
      file->folder = g_strndup(name, (gsize)(slash + 1 - name));
  }
  if (!file->folder) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is a zip file, but not PyTorch's: it has no “data.pkl”."),
                file->shown);
    return FALSE;
  }
  g_autofree char *path = g_strconcat(file->folder, "byteorder", NULL);
  if (zip_name_locate(file->zip, path, 0) < 0)
    return TRUE;
  g_autoptr(GBytes) order = read_entry(file, "byteorder", error);
  if (!order)
    return FALSE;
  if (g_bytes_get_size(order) == 6 && memcmp(g_bytes_get_data(order, NULL), "little", 6) == 0)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” was not written on a little-endian machine."),
              file->shown);
  return FALSE;
}

// Borrowed. A storage is read once, however many arrays share it.
static const guint8 *
get_storage(TorchFile *file, const PctPickledTensor *tensor, GError **error)
{
  GBytes *bytes = g_hash_table_lookup(file->storages, tensor->storage);
  if (!bytes) {
    g_autofree char *name = g_strconcat("data/", tensor->storage, NULL);
    bytes = read_entry(file, name, error);
    if (!bytes)
      return NULL;
    g_hash_table_insert(file->storages, g_strdup(tensor->storage), bytes);
  }
  gsize size = g_bytes_get_size(bytes), each = element_bytes[tensor->type];
  if (tensor->n_storage < 0 || size % each != 0 || (guint64)tensor->n_storage != size / each) {
    refuse_array(file, tensor->name, error, _("has a storage of another length than it says"));
    return NULL;
  }
  static const guint8 none;
  return size > 0 ? g_bytes_get_data(bytes, NULL) : &none;
}

// Whether every element lies in the storage; the number of elements.
static gboolean
check_view(TorchFile *file, const PctPickledTensor *tensor, gsize *count, GError **error)
{
  *count = 1;
  for (int i = 0; i < tensor->rank; i++) {
    if (tensor->shape[i] < 0 || tensor->stride[i] < 0)
      return refuse_array(file, tensor->name, error, _("has a negative size or stride"));
    if (!g_size_checked_mul(count, *count, (gsize)tensor->shape[i]))
      return refuse_array(file, tensor->name, error, _("has an impossible shape"));
  }
  if (tensor->offset < 0 || tensor->offset > tensor->n_storage)
    return refuse_array(file, tensor->name, error, _("begins outside its storage"));
  guint64 last = (guint64)tensor->offset;
  for (int i = 0; *count > 0 && i < tensor->rank; i++) {
    guint64 reach;
    if (!g_uint64_checked_mul(&reach, (guint64)tensor->shape[i] - 1, (guint64)tensor->stride[i]) ||
        !g_uint64_checked_add(&last, last, reach))
      return refuse_array(file, tensor->name, error, _("reaches beyond its storage"));
  }
  if (*count > 0 && last >= (guint64)MAX(tensor->n_storage, 0))
    return refuse_array(file, tensor->name, error, _("reaches beyond its storage"));
  if (*count > file->values_left)
    return refuse_array(file, tensor->name, error, _("has more elements than the file can hold"));
  file->values_left -= *count;
  return TRUE;
}

static float
element(const guint8 *storage, PctStorageType type, gsize i)
{
  float single;
  double value;
  guint16 half;
  gint64 whole;
  switch (type) {
  case PCT_STORAGE_FLOAT: memcpy(&single, storage + 4 * i, sizeof single); return single;
  case PCT_STORAGE_DOUBLE: memcpy(&value, storage + 8 * i, sizeof value); return (float)value;
  case PCT_STORAGE_HALF: memcpy(&half, storage + 2 * i, sizeof half); return pct_float_of_half(half);
  case PCT_STORAGE_LONG: memcpy(&whole, storage + 8 * i, sizeof whole); return (float)whole;
  }
  g_return_val_if_reached(0);
}

// The view's elements in row-major order.
static void
copy_view(float *out, const guint8 *storage, const PctPickledTensor *tensor, gsize count)
{
  gsize index[PCT_TENSOR_MAX_RANK] = { 0 }, at = (gsize)tensor->offset;
  for (gsize i = 0; i < count; i++) {
    out[i] = element(storage, tensor->type, at);
    for (int axis = tensor->rank - 1; axis >= 0; axis--) {
      at += (gsize)tensor->stride[axis];
      if (++index[axis] < (gsize)tensor->shape[axis])
        break;
      at -= (gsize)tensor->shape[axis] * (gsize)tensor->stride[axis];
      index[axis] = 0;
    }
  }
}

static gboolean
read_tensor(TorchFile *file, const PctPickledTensor *tensor, PctTensors *tensors, GError **error)
{
  gsize count, shape[PCT_TENSOR_MAX_RANK];
  if (!check_view(file, tensor, &count, error))
    return FALSE;
  const guint8 *storage = get_storage(file, tensor, error);
  if (!storage)
    return FALSE;
  float *values = g_try_new(float, MAX(count, 1));
  if (!values)
    return out_of_memory(file, error) != NULL;
  copy_view(values, storage, tensor, count);
  for (int i = 0; i < tensor->rank; i++)
    shape[i] = (gsize)tensor->shape[i];
  pct_tensors_add_take(tensors, tensor->name, values, tensor->rank, shape);
  return TRUE;
}

static PctTensors *
read_all(TorchFile *file, GError **error)
{
  if (!find_folder(file, error))
    return NULL;
  g_autoptr(GBytes) pickle = read_entry(file, "data.pkl", error);
  if (!pickle)
    return NULL;
  gsize n;
  const guint8 *bytes = g_bytes_get_data(pickle, &n);
  g_autoptr(GPtrArray) described = pct_unpickle_state_dict(bytes, n, file->shown, error);
  if (!described)
    return NULL;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_tensors_set_source(tensors, file->shown);
  for (guint i = 0; i < described->len; i++)
    if (!read_tensor(file, described->pdata[i], tensors, error))
      return NULL;
  return g_steal_pointer(&tensors);
}

// source, of size bytes, is consumed; NULL if it could not be made, for the reason given.
static PctTensors *
read_source(zip_source_t *source, zip_error_t *reason, guint64 size, const char *shown, GError **error)
{
  TorchFile file = { .shown = shown, .bytes_left = size, .values_left = size };
  file.zip = source ? zip_open_from_source(source, ZIP_RDONLY, reason) : NULL;
  if (!file.zip) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is not a whole file of PyTorch 1.6 or later: it does not open as a zip file (%s)."), shown,
                zip_error_strerror(reason));
    if (source)
      zip_source_free(source);
    zip_error_fini(reason);
    return NULL;
  }
  zip_error_fini(reason);
  file.storages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  PctTensors *tensors = read_all(&file, error);
  g_hash_table_unref(file.storages);
  g_free(file.folder);
  zip_discard(file.zip);
  return tensors;
}

PctTensors *
pct_torch_parse(const guint8 *bytes, gsize n, const char *name, GError **error)
{
  zip_error_t reason;
  zip_error_init(&reason);
  return read_source(zip_source_buffer_create(bytes, n, 0, &reason), &reason, n, name, error);
}

PctTensors *
pct_torch_load(const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  struct stat status;
  // Not to be kept waiting by a FIFO.
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), code = errno;
  FILE *stream = NULL;
  if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
      !(stream = fdopen(descriptor, "rb"))) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not open “%s”: %s."), shown,
                descriptor < 0 ? g_strerror(code) : _("it is not a file"));
    if (descriptor >= 0)
      close(descriptor);
    return NULL;
  }
  zip_error_t reason;
  zip_error_init(&reason);
  zip_source_t *source = zip_source_filep_create(stream, 0, -1, &reason);
  if (!source)
    fclose(stream);
  return read_source(source, &reason, (guint64)status.st_size, shown, error);
}
