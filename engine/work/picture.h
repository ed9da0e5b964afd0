// SPDX-License-Identifier: GPL-3.0-or-later
// A picture of grey levels, as views pass it about: immutable, shared between threads by reference count, a boxed type
// (G_DEFINE_BOXED copies by reference). Grey levels are 0..255; a reconstruction may exceed them.
#pragma once
#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _PctPicture PctPicture;

#define PCT_TYPE_PICTURE (pct_picture_get_type())
GType pct_picture_get_type(void);

// pixels (H,W) row-major, copied / taken (g_malloc'ed). height and width are at least 1.
PctPicture *pct_picture_new(int height, int width, const float *pixels);
PctPicture *pct_picture_new_take(int height, int width, float *pixels);
PctPicture *pct_picture_ref(PctPicture *picture);
void pct_picture_unref(PctPicture *picture);

int pct_picture_get_height(const PctPicture *picture);
int pct_picture_get_width(const PctPicture *picture);
// (H,W), borrowed.
const float *pct_picture_get_pixels(const PctPicture *picture);
// (H,W) bytes, rounded and clipped to 0..255. Free with g_bytes_unref.
GBytes *pct_picture_dup_bytes(const PctPicture *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctPicture, pct_picture_unref)

G_END_DECLS
