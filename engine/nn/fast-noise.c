// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/fast-noise.h"
#include <math.h>
#include <string.h>
#include "base/philox.h"
#include "nn/simd.h"

#define BLOCK 64  // indices at a time: 256 numbers
#define CHUNK 64  // blocks a task

// log x for 0 < x <= 1 to about 1e-7: x = m 2^e with sqrt(1/2) <= m < sqrt 2, log m = 2 artanh((m - 1) / (m + 1)).
static inline float
logarithm(float x)
{
  guint32 bits;
  memcpy(&bits, &x, sizeof bits);
  guint32 shifted = bits - 0x3f3504f3u;
  float exponent = (float)((gint32)shifted >> 23), m;
  bits = (shifted & 0x7fffffu) + 0x3f3504f3u;
  memcpy(&m, &bits, sizeof m);
  float s = (m - 1) / (m + 1), t = s * s;
  return exponent * 0.69314718f + 2 * s * (1 + t * (1 / 3.0f + t * (0.2f + t * (1 / 7.0f + t * (1 / 9.0f)))));
}

// Two normals from two words (Box & Muller 1958): the angle is a quarter of a turn, chosen by two bits, plus or minus
// an eighth, of which the series are short.
static inline void
normals(guint32 a, guint32 b, float *x, float *y)
{
  float u = ((float)(a >> 8) + 0.5f) * 0x1p-24f, r = sqrtf(-2 * logarithm(u));
  float angle = ((float)(gint32)(b >> 2) - 0x1p29f) * (0x1p-30f * 1.57079633f), t = angle * angle;
  float sine = angle * (1 + t * (-1 / 6.0f + t * (1 / 120.0f - t * (1 / 5040.0f))));
  float cosine = 1 + t * (-0.5f + t * (1 / 24.0f + t * (-1 / 720.0f + t * (1 / 40320.0f))));
  float swapped = (b & 1) ? cosine : sine, other = (b & 1) ? -sine : cosine;
  float sign = (b & 2) ? -r : r;
  *x = sign * swapped;
  *y = sign * other;
}

PCT_SIMD static void
fill_block(float *restrict out, guint64 seed, guint64 stream, guint64 first)
{
  float x[4][BLOCK];
  for (int i = 0; i < BLOCK; i++) {
    guint32 words[4];
    pct_philox(seed, stream, first + (guint64)i, words);
    normals(words[0], words[1], &x[0][i], &x[1][i]);
    normals(words[2], words[3], &x[2][i], &x[3][i]);
  }
  for (int k = 0; k < 4; k++)
    for (int i = 0; i < BLOCK; i++)
      out[k * BLOCK + i] = x[k][i];
}

typedef struct {
  float *out;
  gsize n;
  guint64 seed, stream;
} Task;

static void
fill(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *t = data;
  for (gsize block = first; block < end; block++) {
    gsize at = block * 4 * BLOCK, left = MIN(t->n - at, 4 * BLOCK);
    if (left == 4 * BLOCK) {
      fill_block(t->out + at, t->seed, t->stream, block * BLOCK);
      continue;
    }
    float last[4 * BLOCK];
    fill_block(last, t->seed, t->stream, block * BLOCK);
    memcpy(t->out + at, last, left * sizeof(float));
  }
}

void
pct_fast_noise(float *out, gsize n, guint64 seed, guint64 stream, PctPool *pool)
{
  pct_parallel_for(pool, (n + 4 * BLOCK - 1) / (4 * BLOCK), CHUNK, fill, &(Task){ out, n, seed, stream });
}
