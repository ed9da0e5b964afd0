// SPDX-License-Identifier: GPL-3.0-or-later
// Memory in which the first index runs fastest (MATLAB's, Fortran's), turned into memory in which the last one does.
// Done for some of the last index at a time, so that a large array may arrive in pieces.
#pragma once
#include <glib.h>

// out: the whole row-major array (shape), n_dims > 0, of which those elements are written whose last index is first ..
// first + n - 1. in: these elements, column-major. Both have items of item_size bytes.
void pct_column_major_put(gpointer out, gconstpointer in, gsize item_size, guint n_dims, const gsize *shape,
                          gsize first, gsize n);
