// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/duplicates.h"
#include <stdlib.h>
#include "measure/image-copies.h"
#include "measure/image-likeness.h"

// Whose examples come first.
static const struct {
  PctTier tier, other;
} order[] = {
  { PCT_TIER_TEST, PCT_TIER_TRAIN },
  { PCT_TIER_VALIDATION, PCT_TIER_TRAIN },
  { PCT_TIER_TEST, PCT_TIER_VALIDATION },
};

// first (PCT_N_TIERS, K): the first image of each tier with the pixels of image k, at the lowest number that has them;
// -1.
static int *
find_first(const PctRecording *recording, const int *copies)
{
  int k = pct_recording_get_n_images(recording), n;
  int *first = g_new(int, PCT_N_TIERS * (gsize)k);
  for (gsize i = 0; i < PCT_N_TIERS * (gsize)k; i++)
    first[i] = -1;
  for (int tier = 0; tier < PCT_N_TIERS; tier++) {
    const int *images = pct_recording_get_tier_images(recording, (PctTier)tier, &n);
    for (int i = n - 1; i >= 0; i--)
      first[(gsize)tier * (gsize)k + (gsize)copies[images[i]]] = images[i];
  }
  return first;
}

static void
count_shared(PctDuplicates *self, const PctRecording *recording, const int *copies, const int *first)
{
  gsize k = (gsize)pct_recording_get_n_images(recording);
  for (int a = 0; a < PCT_N_TIERS; a++) {
    int n;
    const int *images = pct_recording_get_tier_images(recording, (PctTier)a, &n);
    for (int b = 0; b < PCT_N_TIERS; b++)
      for (int i = 0; i < n && a != b; i++)
        self->n_shared[a][b] += first[(gsize)b * k + (gsize)copies[images[i]]] >= 0;
  }
  for (guint o = 0; o < G_N_ELEMENTS(order); o++) {
    int n;
    const int *images = pct_recording_get_tier_images(recording, order[o].tier, &n);
    for (int i = 0; i < n && self->n_pairs < PCT_N_IMAGE_PAIRS; i++) {
      int other = first[(gsize)order[o].other * k + (gsize)copies[images[i]]];
      if (other >= 0)
        self->pairs[self->n_pairs++] = (PctImagePair){ images[i], other, order[o].tier, order[o].other, 1 };
    }
  }
}

static int
compare(const void *a, const void *b)
{
  const PctImagePair *x = a, *y = b;
  return x->correlation != y->correlation ? (x->correlation < y->correlation ? 1 : -1) : x->image - y->image;
}

// Held-out images that no train trial shows, against the train images.
static gboolean
find_alike(PctDuplicates *self, const PctRecording *recording, const int *copies, const int *first, const PctRun *run,
           GError **error)
{
  const PctTier held_out[] = { PCT_TIER_TEST, PCT_TIER_VALIDATION };
  int k = pct_recording_get_n_images(recording), n_train, n;
  const int *train = pct_recording_get_tier_images(recording, PCT_TIER_TRAIN, &n_train);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(PctImagePair));
  for (guint t = 0; t < G_N_ELEMENTS(held_out); t++) {
    const int *images = pct_recording_get_tier_images(recording, held_out[t], &n);
    PctRunPart part;
    g_autofree int *best = g_new(int, MAX(n, 1));
    g_autofree float *correlation = g_new(float, MAX(n, 1));
    if (!pct_image_likeness(recording, images, n, train, n_train, copies, best, correlation,
                            pct_run_part(&part, run, t, 1, G_N_ELEMENTS(held_out)), error))
      return FALSE;
    for (int i = 0; i < n; i++) {
      PctImagePair pair = { images[i], best[i], held_out[t], PCT_TIER_TRAIN, correlation[i] };
      gboolean shared = first[(gsize)PCT_TIER_TRAIN * (gsize)k + (gsize)copies[images[i]]] >= 0;
      if (best[i] >= 0 && correlation[i] > PCT_ALIKE && !shared)
        g_array_append_val(found, pair);
    }
  }
  g_array_sort(found, compare);
  self->n_alike = (int)found->len;
  for (guint i = 0; i < MIN(found->len, PCT_N_IMAGE_PAIRS); i++)
    self->alike[i] = g_array_index(found, PctImagePair, i);
  return TRUE;
}

PctDuplicates *
pct_duplicates_new(const PctRecording *recording, const PctRun *run, GError **error)
{
  int k = pct_recording_get_n_images(recording);
  PctRunPart hashing, comparing;
  g_autoptr(PctDuplicates) self = g_new0(PctDuplicates, 1);
  g_autofree int *copies = g_new(int, k), *first = NULL;
  if (!pct_image_copies_find(recording, copies, pct_run_part(&hashing, run, 0, 1, 2), error))
    return NULL;
  first = find_first(recording, copies);
  for (int i = 0; i < k; i++)
    self->n_copies += copies[i] != i;
  count_shared(self, recording, copies, first);
  return find_alike(self, recording, copies, first, pct_run_part(&comparing, run, 1, 1, 2), error)
           ? g_steal_pointer(&self) : NULL;
}

void
pct_duplicates_free(PctDuplicates *duplicates)
{
  g_free(duplicates);
}
