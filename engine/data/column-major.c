// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/column-major.h"
#include <string.h>
#include "data/npy.h"

// So many streams of input are read side by side, each along its memory, while the output is written in stretches.
#define AT_ONCE 32

static inline void
put_run(guint8 *out, const guint8 *in, gsize item_size, gsize stride, gsize n)
{
  switch (item_size) {  // a copy of constant size is one instruction
  case 1: for (gsize i = 0; i < n; i++) out[i] = in[i * stride]; break;
  case 4: for (gsize i = 0; i < n; i++) memcpy(out + 4 * i, in + 4 * i * stride, 4); break;
  case 8: for (gsize i = 0; i < n; i++) memcpy(out + 8 * i, in + 8 * i * stride, 8); break;
  default: for (gsize i = 0; i < n; i++) memcpy(out + i * item_size, in + i * stride * item_size, item_size);
  }
}

void
pct_column_major_put(gpointer out, gconstpointer in, gsize item_size, guint n_dims, const gsize *shape, gsize first,
                     gsize n)
{
  g_return_if_fail(n_dims > 0 && n_dims <= PCT_NPY_MAX_DIMS && first + n <= shape[n_dims - 1]);
  guint last = n_dims - 1;
  gsize n_inner = 1, stride[PCT_NPY_MAX_DIMS], n_last = shape[last];
  for (guint d = 0; d < last; d++) {
    stride[d] = n_inner;
    n_inner *= shape[d];
  }
  for (gsize start = 0; start < n && n_inner > 0; start += AT_ONCE) {
    gsize index[PCT_NPY_MAX_DIMS] = { 0 }, offset = 0, some = MIN(AT_ONCE, n - start);
    const guint8 *from = (const guint8 *)in + start * n_inner * item_size;
    guint8 *to = (guint8 *)out + (first + start) * item_size;
    // Over the indices but the last in row-major order, counting the place in the input along.
    for (gsize i = 0; i < n_inner; i++) {
      put_run(to + i * n_last * item_size, from + offset * item_size, item_size, n_inner, some);
      for (guint d = last; d-- > 0;) {
        offset += stride[d];
        if (++index[d] < shape[d])
          break;
        offset -= stride[d] * shape[d];
        index[d] = 0;
      }
    }
  }
}
