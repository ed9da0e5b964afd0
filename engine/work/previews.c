// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/previews.h"
#include <string.h>

// A strip of six pictures of 36 x 64 is 55 kB.
#define MAXIMUM_BYTES (16u << 20)

typedef struct {
  double step;
  int n, height, width;
  float *pixels;  // (n,H,W)
} Strip;

struct _PctPreviews {
  GObject parent_instance;
  GPtrArray *strips;
  gsize bytes;
  guint skip;     // of the reports to come, one in skip is kept for good
  guint arrived;  // reports so far
};

G_DEFINE_FINAL_TYPE(PctPreviews, pct_previews, G_TYPE_OBJECT)

static guint changed_signal;

static void
strip_free(gpointer data)
{
  Strip *strip = data;
  g_free(strip->pixels);
  g_free(strip);
}

static void
finalize(GObject *object)
{
  g_ptr_array_unref(PCT_PREVIEWS(object)->strips);
  G_OBJECT_CLASS(pct_previews_parent_class)->finalize(object);
}

static void
pct_previews_class_init(PctPreviewsClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = finalize;
  changed_signal = g_signal_new("changed", PCT_TYPE_PREVIEWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_previews_init(PctPreviews *self)
{
  self->strips = g_ptr_array_new_with_free_func(strip_free);
  self->skip = 1;
}

PctPreviews *
pct_previews_new(void)
{
  return g_object_new(PCT_TYPE_PREVIEWS, NULL);
}

guint
pct_previews_get_n(PctPreviews *self)
{
  return self->strips->len;
}

static const Strip *
get_strip(PctPreviews *self, guint i)
{
  g_return_val_if_fail(i < self->strips->len, NULL);
  return g_ptr_array_index(self->strips, i);
}

double
pct_previews_get_step(PctPreviews *self, guint i)
{
  return get_strip(self, i)->step;
}

const float *
pct_previews_get_pixels(PctPreviews *self, guint i, int *n, int *height, int *width)
{
  const Strip *strip = get_strip(self, i);
  if (n)
    *n = strip->n;
  if (height)
    *height = strip->height;
  if (width)
    *width = strip->width;
  return strip->pixels;
}

PctPicture *
pct_previews_dup_picture(PctPreviews *self, guint i, int k)
{
  const Strip *strip = get_strip(self, i);
  g_return_val_if_fail(k >= 0 && k < strip->n, NULL);
  return pct_picture_new(strip->height, strip->width, strip->pixels + (gsize)k * strip->height * strip->width);
}

static gsize
strip_bytes(const Strip *strip)
{
  return (gsize)strip->n * strip->height * strip->width * sizeof(float);
}

static void
forget(PctPreviews *self, guint i)
{
  self->bytes -= strip_bytes(get_strip(self, i));
  g_ptr_array_remove_index(self->strips, i);
}

void
pct_previews_append(PctPreviews *self, double step, const float *pixels, int n, int height, int width)
{
  g_return_if_fail(pixels && n > 0 && height > 0 && width > 0);
  // The newest is always here, but stays only if its turn has come.
  if (self->arrived > 1 && (self->arrived - 1) % self->skip != 0)
    forget(self, self->strips->len - 1);
  self->arrived++;
  Strip *strip = g_new(Strip, 1);
  *strip = (Strip){ step, n, height, width, NULL };
  strip->pixels = g_memdup2(pixels, strip_bytes(strip));
  g_ptr_array_add(self->strips, strip);
  self->bytes += strip_bytes(strip);
  if (self->bytes > MAXIMUM_BYTES && self->strips->len > 3) {
    for (guint i = self->strips->len - 2; i >= 1; i--)
      if (i % 2 == 1)
        forget(self, i);
    self->skip *= 2;
  }
  g_signal_emit(self, changed_signal, 0);
}
