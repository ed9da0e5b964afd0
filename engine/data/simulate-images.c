// SPDX-License-Identifier: GPL-3.0-or-later
// Procedural pictures, and those of another recording. Half of the procedural train and validation scenes hold a glyph,
// and four in five of the test scenes, so that most held-out reconstructions are of something with a name.
#include "config.h"
#include "data/simulate-images.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"
#include "base/random.h"
#include "data/demo-glyphs.h"
#include "data/demo-images.h"
#include "data/recording-file.h"

#define STREAM_DECK ((guint64)0x40 << 32)
#define BATCH 64

void
pct_simulation_images_clear(PctSimulationImages *images)
{
  g_clear_pointer(&images->pixels, g_free);
}

static gboolean
allocate(PctSimulationImages *images, GError **error)
{
  gsize n = (gsize)images->n[0] + (gsize)images->n[1] + (gsize)images->n[2];
  gsize size = n * (gsize)images->height * (gsize)images->width;
  images->pixels = g_try_malloc(size);
  if (images->pixels)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %zu images."), n);
  return FALSE;
}

typedef struct {
  PctSimulationImages *images;
  const PctDemoScenes *scenes;
  const gint32 *glyphs;
  gsize offset;
} Draw;

static void
draw_scenes(gsize first, gsize end, guint thread, gpointer data)
{
  const Draw *draw = data;
  gsize pixels = (gsize)draw->images->height * (gsize)draw->images->width;
  for (gsize i = draw->offset + first; i < draw->offset + end; i++)
    pct_demo_scenes_draw(draw->scenes, i, draw->glyphs[i], draw->images->pixels + i * pixels);
}

// Which glyph each picture holds (-1: none): a shuffled deck is dealt again and again, so that all come equally often.
static gint32 *
deal_glyphs(const PctSimulationImages *images, guint64 seed)
{
  guint32 count = (guint32)pct_demo_glyphs_get_count();
  g_autofree guint32 *deck = g_new(guint32, count);
  gint32 *glyphs = g_new(gint32, images->n[0] + images->n[1] + images->n[2]);
  int at = 0;
  for (int tier = 0; tier < PCT_N_TIERS; tier++) {
    PctRandom random = pct_random(seed, STREAM_DECK + (guint64)tier);
    int dealt = 0;
    for (int i = 0; i < images->n[tier]; i++) {
      gboolean bare = tier == PCT_TIER_TEST ? i % 5 == 4 : i % 2 == 1;
      if (!bare && dealt % (int)count == 0)
        pct_random_permutation(&random, deck, count);
      glyphs[at++] = bare ? -1 : (gint32)deck[dealt++ % (int)count];
    }
  }
  return glyphs;
}

gboolean
pct_simulation_images_draw(PctSimulationImages *images, guint64 seed, const PctRun *run, double total_steps,
                           GError **error)
{
  if (!allocate(images, error))
    return FALSE;
  g_autoptr(PctDemoScenes) scenes = pct_demo_scenes_new(images->height, images->width, seed);
  g_autofree gint32 *glyphs = deal_glyphs(images, seed);
  gsize n = (gsize)images->n[0] + (gsize)images->n[1] + (gsize)images->n[2];
  Draw draw = { images, scenes, glyphs, 0 };
  for (; draw.offset < n; draw.offset += BATCH) {
    pct_parallel_for(pct_run_get_pool(run), MIN(BATCH, n - draw.offset), 4, draw_scenes, &draw);
    if (!pct_run_step(run, (double)MIN(n, draw.offset + BATCH), total_steps, error))
      return FALSE;
  }
  return TRUE;
}

// The images of each tier, in mixed order: the recording's own division, or ours (in the usual proportions) where a
// tier is missing. Returns all of them; ends[t] is where tier t ends.
static guint32 *
divide(const PctRecording *recording, const int *wanted, guint64 seed, int *ends)
{
  int k = pct_recording_get_n_images(recording), at = 0, n[PCT_N_TIERS];
  guint32 *order = g_new(guint32, k);
  PctRandom random = pct_random(seed, STREAM_DECK + PCT_N_TIERS);
  for (int tier = 0; tier < PCT_N_TIERS; tier++)
    pct_recording_get_tier_images(recording, tier, &n[tier]);
  if (n[0] && n[1] && n[2]) {
    g_autofree guint32 *mixed = g_new(guint32, k);
    for (int tier = 0; tier < PCT_N_TIERS; tier++) {
      const int *members = pct_recording_get_tier_images(recording, tier, &n[tier]);
      pct_random_permutation(&random, mixed, (guint32)n[tier]);
      int start = at;
      for (int i = 0; i < n[tier]; i++) {
        // An image that trials of two tiers showed belongs to that of its first.
        PctTier own;
        int image = members[mixed[i]];
        if (pct_recording_get_image_tier(recording, image, &own) && own == (PctTier)tier)
          order[at++] = (guint32)image;
      }
      ends[tier] = at;
      if (at == start)
        break;
      if (tier == PCT_TIER_TEST)
        return order;
    }
  }
  double total = (double)wanted[0] + wanted[1] + wanted[2];
  pct_random_permutation(&random, order, (guint32)k);
  int n_test = MAX(1, (int)(k * wanted[PCT_TIER_TEST] / total));
  int n_validation = MAX(1, (int)(k * wanted[PCT_TIER_VALIDATION] / total));
  ends[PCT_TIER_TRAIN] = k - n_test - n_validation;
  ends[PCT_TIER_VALIDATION] = k - n_test;
  ends[PCT_TIER_TEST] = k;
  return order;
}

gboolean
pct_simulation_images_from_recording(PctSimulationImages *images, const char *path, guint64 seed, const PctRun *run,
                                     GError **error)
{
  g_autoptr(PctRecording) recording = pct_recording_open(path, run, error);
  if (!recording)
    return FALSE;
  if (pct_recording_get_n_images(recording) < PCT_N_TIERS) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("A simulation needs at least three images, for training, validation and test, but “%s” has %d."), path,
                pct_recording_get_n_images(recording));
    return FALSE;
  }
  int ends[PCT_N_TIERS];
  g_autofree guint32 *order = divide(recording, images->n, seed, ends);
  for (int tier = 0; tier < PCT_N_TIERS; tier++)
    images->n[tier] = MIN(images->n[tier], ends[tier] - (tier ? ends[tier - 1] : 0));
  images->height = pct_recording_get_height(recording);
  images->width = pct_recording_get_width(recording);
  if (!allocate(images, error))
    return FALSE;
  gsize pixels = (gsize)images->height * (gsize)images->width, at = 0;
  g_autofree float *picture = g_new(float, pixels);
  for (int tier = 0; tier < PCT_N_TIERS; tier++)
    for (int i = 0; i < images->n[tier]; i++) {
      pct_recording_read_image(recording, (int)order[(tier ? ends[tier - 1] : 0) + i], picture);
      for (gsize j = 0; j < pixels; j++)
        images->pixels[at++] = (guint8)lrintf(CLAMP(picture[j], 0.0f, 255.0f));
    }
  return TRUE;
}
