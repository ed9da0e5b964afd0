// SPDX-License-Identifier: GPL-3.0-or-later
// libhdf5's identifiers, closed where they go out of scope, and what a dataset or an object has beside its values.
#pragma once
#include <glib.h>
#include <hdf5.h>

typedef hid_t PctHid;

static inline void
pct_hid_close(PctHid id)
{
  H5Idec_ref(id);
}
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(PctHid, pct_hid_close, H5I_INVALID_HID)

// The library keeps its messages to itself, and loads no filters from wherever a variable of the environment says: they
// are code.
void pct_hdf5_make_safe(void);
// Links into other files are not followed, whichever link leads to them. Close it.
PctHid pct_hdf5_link_access_new(void);

// A text attribute of an object, UTF-8; NULL if it has none such. Free with g_free.
char *pct_hdf5_dup_text_attribute(hid_t object, const char *name);
// FALSE if it has no such single number.
gboolean pct_hdf5_get_number_attribute(hid_t object, const char *name, double *value);
// Description, unit and comments of a dataset as a line for a person, or NULL. Free with g_free.
char *pct_hdf5_dup_note(hid_t object);
