// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/mei-cache.h"
#include <math.h>
#include "plots/picture.h"

typedef struct {
  int neuron;
  cairo_surface_t *surface;  // NULL: there is none, which is worth knowing too
} Entry;

struct _PctMeiCache {
  PctNeurons *neurons;
  guint most;
  GHashTable *links;  // of neuron + 1: the entry's link
  GQueue queue;       // of Entry, the one asked for last at its head
};

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_clear_pointer(&entry->surface, cairo_surface_destroy);
  g_free(entry);
}

PctMeiCache *
pct_mei_cache_new(PctNeurons *neurons, guint most)
{
  g_return_val_if_fail(PCT_IS_NEURONS(neurons) && most > 0, NULL);
  PctMeiCache *cache = g_new0(PctMeiCache, 1);
  cache->neurons = g_object_ref(neurons);
  cache->most = most;
  cache->links = g_hash_table_new(NULL, NULL);
  g_queue_init(&cache->queue);
  return cache;
}

void
pct_mei_cache_free(PctMeiCache *cache)
{
  pct_mei_cache_clear(cache);
  g_hash_table_unref(cache->links);
  g_object_unref(cache->neurons);
  g_free(cache);
}

void
pct_mei_cache_clear(PctMeiCache *cache)
{
  g_hash_table_remove_all(cache->links);
  g_queue_clear_full(&cache->queue, entry_free);
}

guint
pct_mei_cache_get_n(const PctMeiCache *cache)
{
  return cache->queue.length;
}

PctPicture *
pct_mei_dup_stretched(const PctPicture *picture)
{
  int height = pct_picture_get_height(picture), width = pct_picture_get_width(picture);
  gsize n = (gsize)height * (gsize)width;
  const float *pixels = pct_picture_get_pixels(picture);
  double mean = 0, largest = 0;
  for (gsize i = 0; i < n; i++)
    mean += pixels[i] / (double)n;
  for (gsize i = 0; i < n; i++)
    largest = MAX(largest, fabs(pixels[i] - mean));
  // Flat grey stays flat: what is smaller than a hundredth of a grey level is rounding.
  double scale = largest > 0.01 ? 127.5 / largest : 1;
  float *stretched = g_new(float, n);
  for (gsize i = 0; i < n; i++)
    stretched[i] = (float)(127.5 + (pixels[i] - mean) * scale);
  return pct_picture_new_take(height, width, stretched);
}

cairo_surface_t *
pct_mei_cache_get(PctMeiCache *cache, int neuron)
{
  GList *link = g_hash_table_lookup(cache->links, GINT_TO_POINTER(neuron + 1));
  if (link) {
    g_queue_unlink(&cache->queue, link);
    g_queue_push_head_link(&cache->queue, link);
    return ((Entry *)link->data)->surface;
  }
  if (cache->queue.length >= cache->most) {
    Entry *oldest = g_queue_pop_tail(&cache->queue);
    g_hash_table_remove(cache->links, GINT_TO_POINTER(oldest->neuron + 1));
    entry_free(oldest);
  }
  g_autoptr(PctPicture) picture = pct_neurons_dup_mei(cache->neurons, neuron);
  Entry *entry = g_new0(Entry, 1);
  entry->neuron = neuron;
  if (picture) {
    g_autoptr(PctPicture) stretched = pct_mei_dup_stretched(picture);
    entry->surface = pct_picture_surface_new(pct_picture_get_pixels(stretched), pct_picture_get_height(stretched),
                                             pct_picture_get_width(stretched));
  }
  g_queue_push_head(&cache->queue, entry);
  g_hash_table_insert(cache->links, GINT_TO_POINTER(neuron + 1), cache->queue.head);
  return entry->surface;
}
