// SPDX-License-Identifier: GPL-3.0-or-later
// The image in hand, as a bar over a page: its number to read and to type, previous and next, its tier, and which of
// its trials is meant: the mean over all of them, or a single one. Changes go to the selection; pages follow that.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_IMAGE_BAR (pct_image_bar_get_type())
G_DECLARE_FINAL_TYPE(PctImageBar, pct_image_bar, PCT, IMAGE_BAR, GtkWidget)

// The buttons activate group.previous and group.next, of the page's action group. Property "repeat" notifies.
GtkWidget *pct_image_bar_new(PctProject *project, PctSelection *selection, const char *group);

// A trial 0..n-1 of the image, or PCT_MEAN_OF_REPEATS; stays as it is from image to image where it can.
// The image in hand; -1: none that the recording has.
int pct_image_bar_get_image(PctImageBar *self);
int pct_image_bar_get_repeat(PctImageBar *self);
void pct_image_bar_set_repeat(PctImageBar *self, int repeat);

// "mean of 8 trials", "trial 3 of 8", "single trial", or "mean over repeats" for a recording of averages. Free with
// g_free.
char *pct_image_bar_dup_trials_text(PctProject *project, int image, int repeat);

// For a page that tells the tier elsewhere.
void pct_image_bar_hide_badge(PctImageBar *self);

G_END_DECLS
