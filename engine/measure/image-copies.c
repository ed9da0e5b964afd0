// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/image-copies.h"
#include <stdlib.h>

// Images hashed between two reports, and a chunk of the loop over them.
#define BLOCK 1024
#define CHUNK 16

typedef struct {
  guint64 hash;
  int image;
} Hashed;

typedef struct {
  const PctRecording *recording;
  int offset;
  gsize n_pixels;
  Hashed *hashed;
} Task;

// FNV-1a (Fowler, Noll & Vo) over the bits of grey levels; adding zero makes one zero of the two.
static guint64
hash_pixels(const float *pixels, gsize n)
{
  guint64 hash = 0xcbf29ce484222325u;
  for (gsize i = 0; i < n; i++) {
    union {
      float value;
      guint32 bits;
    } pixel = { pixels[i] + 0.0f };
    hash = (hash ^ pixel.bits) * 0x100000001b3u;
  }
  return hash;
}

static void
hash_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  g_autofree float *pixels = g_new(float, task->n_pixels);
  for (gsize i = first; i < end; i++) {
    int image = task->offset + (int)i;
    pct_recording_read_image(task->recording, image, pixels);
    task->hashed[image] = (Hashed){ hash_pixels(pixels, task->n_pixels), image };
  }
}

static int
compare(const void *a, const void *b)
{
  const Hashed *x = a, *y = b;
  return x->hash != y->hash ? (x->hash > y->hash ? 1 : -1) : x->image - y->image;
}

static gboolean
equal(const float *a, const float *b, gsize n)
{
  gsize i = 0;
  while (i < n && a[i] == b[i])
    i++;
  return i == n;
}

gboolean
pct_image_copies_find(const PctRecording *recording, int *out, const PctRun *run, GError **error)
{
  int k = pct_recording_get_n_images(recording);
  gsize p = (gsize)pct_recording_get_height(recording) * (gsize)pct_recording_get_width(recording);
  g_autofree Hashed *hashed = g_new(Hashed, k);
  for (int first = 0; first < k; first += BLOCK) {
    int n = MIN(BLOCK, k - first);
    Task task = { recording, first, p, hashed };
    pct_parallel_for(pct_run_get_pool(run), (gsize)n, CHUNK, hash_images, &task);
    if (!pct_run_step(run, first + n, k, error))
      return FALSE;
  }
  qsort(hashed, (gsize)k, sizeof *hashed, compare);
  g_autofree float *one = g_new(float, p), *other = g_new(float, p);
  for (int i = 0; i < k; i++) {
    int image = out[hashed[i].image] = hashed[i].image;
    if (i == 0 || hashed[i].hash != hashed[i - 1].hash)
      continue;
    // The first of the hash is nearly always it; another one is a collision.
    pct_recording_read_image(recording, image, one);
    int run_first = i;
    while (run_first > 0 && hashed[run_first - 1].hash == hashed[i].hash && out[image] == image) {
      int candidate = out[hashed[--run_first].image];
      pct_recording_read_image(recording, candidate, other);
      if (equal(one, other, p))
        out[image] = candidate;
    }
  }
  return TRUE;
}
