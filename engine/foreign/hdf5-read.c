// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/hdf5-read.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "foreign/hdf5-ids.h"
#include "foreign/text-array.h"

// zlib's; the other filters that a plain libhdf5 has pack less.
#define MAX_PACKING 1032
// A dataset of fill values up to this size need not be stored anywhere.
#define SMALL ((gsize)1 << 20)

static gboolean
is_truth(hid_t type)
{
  gboolean found = H5Tget_nmembers(type) == 2 && H5Tget_size(type) == 1;
  for (unsigned i = 0; i < 2 && found; i++) {
    char *name = H5Tget_member_name(type, i);
    guint8 value = 2;
    found = name && H5Tget_member_value(type, i, &value) >= 0 && strcmp(name, value == 1 ? "TRUE" : "FALSE") == 0;
    H5free_memory(name);
  }
  return found;
}

// What is wrong with a type; NULL and what it is in memory, of text 0 bytes.
static const char *
describe_type(hid_t type, PctNpyKind *kind, gsize *item_size)
{
  gsize size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
  case H5T_INTEGER:
  case H5T_ENUM: {
    g_auto(PctHid) base = H5Tget_class(type) == H5T_ENUM ? H5Tget_super(type) : H5Tcopy(type);
    *kind = H5Tget_class(type) == H5T_ENUM && is_truth(type) ? PCT_NPY_BOOL
            : H5Tget_sign(base) == H5T_SGN_NONE             ? PCT_NPY_UINT
                                                            : PCT_NPY_INT;
    *item_size = size <= 2 ? size : size <= 4 ? 4 : 8;
    return size < 1 || size > 8 ? _("its integers have more than 64 bits") : NULL;
  }
  case H5T_FLOAT:
    *kind = PCT_NPY_FLOAT;
    *item_size = size <= 4 ? 4 : 8;
    return NULL;
  case H5T_STRING:
    *kind = PCT_NPY_UNICODE;
    *item_size = 0;
    return NULL;
  case H5T_COMPOUND: return _("it is a table of records (compound)");
  case H5T_REFERENCE: return _("it holds references to other objects");
  case H5T_VLEN: return _("its rows have different lengths");
  default: return _("its type is neither numbers nor text");
  }
}

static const char *
find_fault_of_storage(hid_t dataset, gsize declared, gsize n_bytes)
{
  g_auto(PctHid) plist = H5Dget_create_plist(dataset);
  H5D_layout_t layout = plist >= 0 ? H5Pget_layout(plist) : H5D_LAYOUT_ERROR;
  if (layout == H5D_VIRTUAL || (layout == H5D_CONTIGUOUS && H5Pget_external_count(plist) != 0))
    return _("its values lie in other files");
  if (layout == H5D_LAYOUT_ERROR)
    return _("it is damaged");
  int n_filters = layout == H5D_CHUNKED ? H5Pget_nfilters(plist) : 0;
  for (int i = 0; i < n_filters; i++) {
    unsigned flags, config;
    gsize n_values = 0;
    H5Z_filter_t filter = H5Pget_filter2(plist, (unsigned)i, &flags, &n_values, NULL, 0, NULL, &config);
    if (filter < 0 || H5Zfilter_avail(filter) <= 0)
      return _("it is packed by a filter that is not known here; “h5repack -f GZIP=4” repacks it");
  }
  guint64 stored = H5Dget_storage_size(dataset), most = layout == H5D_CONTIGUOUS ? n_bytes : 0;
  if (layout != H5D_CONTIGUOUS && !g_uint64_checked_mul(&most, MIN(stored, n_bytes), MAX_PACKING))
    most = G_MAXUINT64;
  return declared > MAX(most, SMALL) ? _("it declares more than the file holds") : NULL;
}

PctForeignArray *
pct_hdf5_describe(hid_t dataset, const char *name, gsize n_bytes, const char **fault)
{
  g_auto(PctHid) type = H5Dget_type(dataset);
  g_auto(PctHid) space = H5Dget_space(dataset);
  hsize_t extent[H5S_MAX_RANK];
  gsize shape[PCT_NPY_MAX_DIMS], item_size = 0, declared;
  PctNpyKind kind = PCT_NPY_FLOAT;
  int n_dims = space >= 0 && type >= 0 ? H5Sget_simple_extent_ndims(space) : -1;
  H5S_class_t class = n_dims >= 0 ? H5Sget_simple_extent_type(space) : H5S_NO_CLASS;
  *fault = n_dims < 0                                                         ? _("it is damaged")
           : n_dims > PCT_NPY_MAX_DIMS                                        ? _("it has too many dimensions")
           : class == H5S_NULL || H5Sget_simple_extent_npoints(space) == 0    ? _("it is empty")
           : H5Sget_simple_extent_dims(space, extent, NULL) != n_dims         ? _("it is damaged")
                                                                              : describe_type(type, &kind, &item_size);
  declared = *fault ? 0 : H5Tget_size(type);
  for (int d = 0; d < n_dims && !*fault; d++) {
    shape[d] = extent[d];
    if (!g_size_checked_mul(&declared, declared, extent[d]))
      *fault = _("it declares more than the file holds");
  }
  if (!*fault)
    *fault = find_fault_of_storage(dataset, declared, n_bytes);
  return *fault ? NULL : pct_foreign_array_new(name, kind, item_size, (guint)n_dims, shape);
}

static hid_t
native_type(const PctForeignArray *array)
{
  gboolean is_signed = array->kind == PCT_NPY_INT;
  if (array->kind == PCT_NPY_FLOAT)
    return array->item_size == 4 ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE;
  switch (array->item_size) {
  case 1: return is_signed ? H5T_NATIVE_INT8 : H5T_NATIVE_UINT8;
  case 2: return is_signed ? H5T_NATIVE_INT16 : H5T_NATIVE_UINT16;
  case 4: return is_signed ? H5T_NATIVE_INT32 : H5T_NATIVE_UINT32;
  default: return is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
  }
}

// Texts as the file has them, of n_items in the spaces.
static PctNpyArray *
read_text(hid_t dataset, hid_t type, hid_t memory, hid_t space, guint n_dims, const gsize *shape, gsize n_items,
          const char *shown, GError **error)
{
  gboolean variable = H5Tis_variable_str(type) > 0;
  gsize size = variable ? sizeof(char *) : H5Tget_size(type);
  g_autofree char *bytes = size > 0 ? g_try_malloc0_n(MAX(n_items, 1), size) : NULL;
  g_autofree char **texts = g_try_new0(char *, n_items + 1);
  PctNpyArray *array = NULL;
  if (!bytes || !texts) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for “%s”."), shown);
  } else if (H5Dread(dataset, type, memory, space, H5P_DEFAULT, bytes) < 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The text of “%s” is damaged."), shown);
  } else if (variable) {
    array = pct_text_array_new((const char *const *)bytes, n_dims, shape, shown, error);
    H5Dvlen_reclaim(type, memory, H5P_DEFAULT, bytes);
  } else {
    gboolean blanks = H5Tget_strpad(type) == H5T_STR_SPACEPAD;
    for (gsize i = 0; i < n_items; i++) {
      texts[i] = g_strndup(bytes + i * size, size);
      if (blanks)
        g_strchomp(texts[i]);
    }
    array = pct_text_array_new((const char *const *)texts, n_dims, shape, shown, error);
    for (gsize i = 0; i < n_items; i++)
      g_free(texts[i]);
  }
  return array;
}

PctNpyArray *
pct_hdf5_read(hid_t dataset, const PctForeignArray *array, gsize first, gsize n, const char *shown, GError **error)
{
  g_auto(PctHid) space = H5Dget_space(dataset);
  hsize_t start[PCT_NPY_MAX_DIMS] = { first }, count[PCT_NPY_MAX_DIMS] = { n };
  gsize shape[PCT_NPY_MAX_DIMS], n_items = 1;
  memcpy(shape, array->shape, sizeof shape);
  if (array->n_dims > 0)
    shape[0] = n;
  for (guint d = 0; d < array->n_dims; d++) {
    count[d] = shape[d];
    n_items *= shape[d];
  }
  if (space < 0 || H5Sget_simple_extent_ndims(space) != (int)array->n_dims ||
      (array->n_dims > 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) < 0) ||
      H5Sselect_valid(space) <= 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, _("it became shorter meanwhile"));
    return NULL;
  }
  g_auto(PctHid) memory = array->n_dims > 0 ? H5Screate_simple((int)array->n_dims, count, NULL) : H5Screate(H5S_SCALAR);
  g_auto(PctHid) type = H5Dget_type(dataset);
  if (array->kind == PCT_NPY_UNICODE)
    return read_text(dataset, type, memory, space, array->n_dims, shape, n_items, shown, error);
  g_autoptr(PctNpyArray) out = pct_npy_array_new(array->kind, array->item_size, array->n_dims, shape, shown, error);
  if (!out)
    return NULL;
  // Values of an enumeration are read as they are stored: a number that has no name stays itself.
  g_auto(PctHid) named = H5Tget_class(type) == H5T_ENUM ? H5Tget_native_type(type, H5T_DIR_ASCEND) : H5I_INVALID_HID;
  if (H5Dread(dataset, named >= 0 && H5Tget_size(named) == array->item_size ? named : native_type(array), memory, space,
              H5P_DEFAULT, out->data) < 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The values of “%s” are damaged."), shown);
    return NULL;
  }
  for (gsize i = 0; array->kind == PCT_NPY_BOOL && i < out->n_items; i++)
    ((guint8 *)out->data)[i] = ((guint8 *)out->data)[i] != 0;
  return g_steal_pointer(&out);
}
