// SPDX-License-Identifier: GPL-3.0-or-later
// The page of all images: a grid to filter and sort, and the image in hand beside it, large, with what it evoked. What
// the grid shows, in its order, is what “next image” walks through on every page.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_IMAGES_PAGE (pct_images_page_get_type())
G_DECLARE_FINAL_TYPE(PctImagesPage, pct_images_page, PCT, IMAGES_PAGE, GtkWidget)

GtkWidget *pct_images_page_new(PctProject *project, PctSelection *selection);
// The percept-cli commands that make what it shows anew, one a line (HACKING.md). NULL with G_IO_ERROR_NOT_SUPPORTED:
// there are none, one sentence why. Free with g_free.
char *pct_images_page_dup_command(GtkWidget *page, GError **error);

G_END_DECLS
