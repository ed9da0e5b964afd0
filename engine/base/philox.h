// SPDX-License-Identifier: GPL-3.0-or-later
// Philox 4x32-10 (Salmon et al. 2011): four random words that depend on seed, stream and index alone. What random.h and
// whoever draws in bulk are made of; without branches or calls, so that a loop over indices can be vectorised.
#pragma once
#include <glib.h>

static inline void
pct_philox(guint64 seed, guint64 stream, guint64 index, guint32 out[4])
{
  guint32 c0 = (guint32)index, c1 = (guint32)(index >> 32), c2 = (guint32)stream, c3 = (guint32)(stream >> 32);
  guint32 k0 = (guint32)seed, k1 = (guint32)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    guint64 a = (guint64)0xD2511F53u * c0, b = (guint64)0xCD9E8D57u * c2;
    guint32 n0 = (guint32)(b >> 32) ^ c1 ^ k0, n2 = (guint32)(a >> 32) ^ c3 ^ k1;
    c1 = (guint32)b;
    c3 = (guint32)a;
    c0 = n0;
    c2 = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}
