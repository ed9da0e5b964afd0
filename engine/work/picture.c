// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/picture.h"
#include "data/enlarged.h"

struct _PctPicture {
  gatomicrefcount references;
  int height, width;
  float *pixels;
};

G_DEFINE_BOXED_TYPE(PctPicture, pct_picture, pct_picture_ref, pct_picture_unref)

PctPicture *
pct_picture_new_take(int height, int width, float *pixels)
{
  g_return_val_if_fail(height > 0 && width > 0 && pixels, NULL);
  PctPicture *picture = g_new(PctPicture, 1);
  g_atomic_ref_count_init(&picture->references);
  picture->height = height;
  picture->width = width;
  picture->pixels = pixels;
  return picture;
}

PctPicture *
pct_picture_new(int height, int width, const float *pixels)
{
  g_return_val_if_fail(height > 0 && width > 0 && pixels, NULL);
  return pct_picture_new_take(height, width, g_memdup2(pixels, (gsize)height * width * sizeof(float)));
}

PctPicture *
pct_picture_ref(PctPicture *picture)
{
  g_return_val_if_fail(picture, NULL);
  g_atomic_ref_count_inc(&picture->references);
  return picture;
}

void
pct_picture_unref(PctPicture *picture)
{
  if (!picture || !g_atomic_ref_count_dec(&picture->references))
    return;
  g_free(picture->pixels);
  g_free(picture);
}

int
pct_picture_get_height(const PctPicture *picture)
{
  return picture->height;
}

int
pct_picture_get_width(const PctPicture *picture)
{
  return picture->width;
}

const float *
pct_picture_get_pixels(const PctPicture *picture)
{
  return picture->pixels;
}

GBytes *
pct_picture_dup_bytes(const PctPicture *picture)
{
  gsize n = (gsize)picture->height * picture->width;
  guint8 *bytes = g_malloc(n);
  for (gsize i = 0; i < n; i++)
    bytes[i] = pct_grey_byte(picture->pixels[i]);
  return g_bytes_new_take(bytes, n);
}
