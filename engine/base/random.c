// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include <math.h>
#include "base/philox.h"

// Two normals from two words (Box & Muller 1958). The offset by half a step keeps the logarithm's argument above 0.
static inline void
normals(guint32 a, guint32 b, double *x, double *y)
{
  double r = sqrt(-2.0 * log((a + 0.5) * 0x1p-32)), t = 2.0 * G_PI * ((b + 0.5) * 0x1p-32);
  *x = r * cos(t);
  *y = r * sin(t);
}

PctRandom
pct_random(guint64 seed, guint64 stream)
{
  return (PctRandom){ seed, stream, 0 };
}

guint32
pct_random_next(PctRandom *random)
{
  guint32 words[4];
  pct_philox(random->seed, random->stream, random->index / 4, words);
  return words[random->index++ % 4];
}

double
pct_random_uniform(PctRandom *random)
{
  return pct_random_next(random) * 0x1p-32;
}

guint32
pct_random_below(PctRandom *random, guint32 n)
{
  g_return_val_if_fail(n > 0, 0);
  guint32 limit = G_MAXUINT32 - G_MAXUINT32 % n, x;
  do
    x = pct_random_next(random);
  while (x >= limit);
  return x % n;
}

double
pct_random_normal(PctRandom *random)
{
  double x, y;
  guint32 a = pct_random_next(random), b = pct_random_next(random);
  normals(a, b, &x, &y);
  return x;
}

void
pct_random_permutation(PctRandom *random, guint32 *order, guint32 n)
{
  for (guint32 i = 0; i < n; i++) {
    guint32 j = pct_random_below(random, i + 1);
    order[i] = order[j];
    order[j] = i;
  }
}

void
pct_random_fill_normal(float *out, gsize n, guint64 seed, guint64 stream)
{
  for (gsize i = 0; i < n; i += 4) {
    guint32 words[4];
    double values[4];
    pct_philox(seed, stream, i / 4, words);
    normals(words[0], words[1], &values[0], &values[1]);
    normals(words[2], words[3], &values[2], &values[3]);
    for (gsize j = 0; j < 4 && i + j < n; j++)
      out[i + j] = (float)values[j];
  }
}

void
pct_random_fill_uniform(float *out, gsize n, guint64 seed, guint64 stream)
{
  for (gsize i = 0; i < n; i += 4) {
    guint32 words[4];
    pct_philox(seed, stream, i / 4, words);
    for (gsize j = 0; j < 4 && i + j < n; j++)
      out[i + j] = (float)(words[j] >> 8) * 0x1p-24f;
  }
}
