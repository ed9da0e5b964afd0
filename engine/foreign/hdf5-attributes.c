// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <string.h>
#include "foreign/hdf5-ids.h"

// Bytes of a description that a person is shown.
#define LONGEST 2000

void
pct_hdf5_make_safe(void)
{
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5PLset_loading_state(0);
}

// The library would open the other file itself.
static herr_t
refuse_link(const char *parent_file, const char *parent_group, const char *child_file, const char *child_object,
            unsigned *flags, hid_t fapl, void *data)
{
  return -1;
}

PctHid
pct_hdf5_link_access_new(void)
{
  PctHid access = H5Pcreate(H5P_LINK_ACCESS);
  H5Pset_elink_cb(access, refuse_link, NULL);
  return access;
}

// The one value of an attribute; FALSE if it has several or none.
static gboolean
is_single(hid_t attribute)
{
  g_auto(PctHid) space = H5Aget_space(attribute);
  return space >= 0 && H5Sget_simple_extent_npoints(space) == 1;
}

char *
pct_hdf5_dup_text_attribute(hid_t object, const char *name)
{
  if (H5Aexists(object, name) <= 0)
    return NULL;
  g_auto(PctHid) attribute = H5Aopen(object, name, H5P_DEFAULT);
  g_auto(PctHid) type = attribute >= 0 ? H5Aget_type(attribute) : H5I_INVALID_HID;
  if (type < 0 || H5Tget_class(type) != H5T_STRING || !is_single(attribute))
    return NULL;
  g_auto(PctHid) memory = H5Tcopy(type);
  gsize size = H5Tget_size(type);
  if (H5Tis_variable_str(type) > 0) {
    char *text = NULL;
    if (H5Aread(attribute, memory, &text) < 0 || !text)
      return NULL;
    char *valid = g_utf8_make_valid(text, (gssize)strnlen(text, LONGEST));
    H5free_memory(text);
    return valid;
  }
  // Attributes are kept in object headers, below 64 kB; more is not believed.
  g_autofree char *bytes = size > 0 && size < 65536 ? g_malloc0(size + 1) : NULL;
  return bytes && H5Aread(attribute, memory, bytes) >= 0 ? g_utf8_make_valid(bytes, (gssize)strnlen(bytes, LONGEST)) : NULL;
}

gboolean
pct_hdf5_get_number_attribute(hid_t object, const char *name, double *value)
{
  if (H5Aexists(object, name) <= 0)
    return FALSE;
  g_auto(PctHid) attribute = H5Aopen(object, name, H5P_DEFAULT);
  g_auto(PctHid) type = attribute >= 0 ? H5Aget_type(attribute) : H5I_INVALID_HID;
  H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
  return (class == H5T_INTEGER || class == H5T_FLOAT) && is_single(attribute) &&
         H5Aread(attribute, H5T_NATIVE_DOUBLE, value) >= 0;
}

char *
pct_hdf5_dup_note(hid_t object)
{
  static const char *const names[] = { "description", "unit", "units", "comments" };
  g_autoptr(GString) note = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *text = pct_hdf5_dup_text_attribute(object, names[i]);
    if (text && *g_strstrip(text))
      g_string_append_printf(note, "%s%s", note->len ? "; " : "", text);
  }
  return note->len ? g_string_free(g_steal_pointer(&note), FALSE) : NULL;
}
