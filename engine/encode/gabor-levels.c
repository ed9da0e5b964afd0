// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/gabor-levels.h"
#include "base/blas.h"

// A size of this many blocks, and a frequency of so many cycles a block, are still told well.
#define LEAST_SIZE 1.5
#define MOST_FREQUENCY 0.25

typedef struct {
  const PctTierMeans *means;
  PctGaborLevels *levels;
  int height, width;
} Building;

// A strip of images; in blocks of 16, so that neither side of the transposition strides over single numbers.
static void
build_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Building *b = data;
  gsize n = b->levels->n, p = (gsize)b->means->n_pixels;
  for (int index = 0; index < PCT_GABOR_N_LEVELS; index++) {
    PctGaborLevel *level = &b->levels->level[index];
    float share = 1.0f / (float)(level->step * level->step);
    for (int row = 0; row < level->height; row++)
      for (int column = 0; column < level->width; column++) {
        float *out = level->pixels + ((gsize)row * (gsize)level->width + (gsize)column) * n;
        int bottom = MIN((row + 1) * level->step, b->height), right = MIN((column + 1) * level->step, b->width);
        for (gsize i = first; i < end; i++) {
          const float *image = b->means->images + i * p;
          float sum = 0;
          for (int y = row * level->step; y < bottom; y++)
            for (int x = column * level->step; x < right; x++)
              sum += image[y * b->width + x];
          out[i] = sum * share;
        }
      }
  }
}

PctGaborLevels *
pct_gabor_levels_new(const PctTierMeans *means, int height, int width, const PctRun *run, GError **error)
{
  g_autoptr(PctGaborLevels) levels = g_new0(PctGaborLevels, 1);
  levels->n = (gsize)means->n;
  for (int i = 0; i < PCT_GABOR_N_LEVELS; i++) {
    PctGaborLevel *level = &levels->level[i];
    level->step = 1 << i;
    level->height = (height + level->step - 1) / level->step;
    level->width = (width + level->step - 1) / level->step;
    level->pixels = pct_aligned_new((gsize)level->height * (gsize)level->width * levels->n, error);
    if (!level->pixels)
      return NULL;
  }
  Building building = { means, levels, height, width };
  pct_parallel_for(pct_run_get_pool(run), levels->n, 16, build_images, &building);
  return pct_run_step(run, 0, 0, error) ? g_steal_pointer(&levels) : NULL;
}

void
pct_gabor_levels_free(PctGaborLevels *levels)
{
  if (!levels)
    return;
  for (int i = 0; i < PCT_GABOR_N_LEVELS; i++)
    pct_aligned_free(levels->level[i].pixels);
  g_free(levels);
}

const PctGaborLevel *
pct_gabor_levels_choose(const PctGaborLevels *levels, double size, double frequency)
{
  int i = PCT_GABOR_N_LEVELS - 1;
  while (i > 0 && (size < LEAST_SIZE * levels->level[i].step || frequency * levels->level[i].step > MOST_FREQUENCY))
    i--;
  return &levels->level[i];
}

void
pct_gabor_to_level(PctGabor *gabor, const PctGaborLevel *level)
{
  gabor->x = (gabor->x + 0.5) / level->step - 0.5;
  gabor->y = (gabor->y + 0.5) / level->step - 0.5;
  gabor->size /= level->step;
  gabor->frequency *= level->step;
}

void
pct_gabor_from_level(PctGabor *gabor, const PctGaborLevel *level)
{
  gabor->x = (gabor->x + 0.5) * level->step - 0.5;
  gabor->y = (gabor->y + 0.5) * level->step - 0.5;
  gabor->size *= level->step;
  gabor->frequency /= level->step;
}
