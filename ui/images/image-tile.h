// SPDX-License-Identifier: GPL-3.0-or-later
// One tile of the grid: a thumbnail, and how often it was shown where that was more than once.
#pragma once
#include <gtk/gtk.h>
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_IMAGE_TILE (pct_image_tile_get_type())
G_DECLARE_FINAL_TYPE(PctImageTile, pct_image_tile, PCT, IMAGE_TILE, GtkWidget)

GtkWidget *pct_image_tile_new(void);
void pct_image_tile_show(PctImageTile *self, PctImageItem *item, const PctPicture *picture);

G_END_DECLS
