// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/kept-array.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "foreign/text-array.h"

void
pct_kept_array_clear(PctKeptArray *kept)
{
  g_clear_pointer(&kept->array, pct_npy_array_free);
}

PctNpyArray *
pct_kept_array_read(PctKeptArray *kept, PctReadWhole read_whole, PctArraySource *source, guint number, gsize first,
                    gsize n, GError **error)
{
  if (!kept->array || kept->number != number) {
    pct_kept_array_clear(kept);
    kept->array = read_whole(source, number, error);
    kept->number = number;
    if (!kept->array)
      return NULL;
  }
  gsize there = kept->array->n_dims > 0 ? kept->array->shape[0] : 1;
  if (first == 0 && n == there)
    return g_steal_pointer(&kept->array);
  // The file may be another than the one that was listed.
  if (first > there || n > there - first) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), source->shown,
                _("it became shorter meanwhile"));
    return NULL;
  }
  return pct_array_slice(kept->array, first, n, source->shown, error);
}
