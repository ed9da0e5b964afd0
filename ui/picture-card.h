// SPDX-License-Identifier: GPL-3.0-or-later
// A picture on a card: its title with a dim word beside it, the picture, and one line below where there is something to
// say: scores, or a sentence.
#pragma once
#include <gtk/gtk.h>
#include "picture-view.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_PICTURE_CARD (pct_picture_card_get_type())
G_DECLARE_FINAL_TYPE(PctPictureCard, pct_picture_card, PCT, PICTURE_CARD, GtkWidget)

// title as shown; label: what a screen reader calls the picture.
GtkWidget *pct_picture_card_new(const char *title, const char *label);
// Dim, beside the title; NULL: nothing.
void pct_picture_card_set_subtitle(PctPictureCard *self, const char *subtitle);
// Something small at the right of the title, e.g. a badge; consumed if floating. NULL: nothing.
void pct_picture_card_set_suffix(PctPictureCard *self, GtkWidget *suffix);

// picture is copied; NULL: an empty frame.
void pct_picture_card_show(PctPictureCard *self, PctPicture *picture);
// Instead of the picture: values (H,W), grey levels; see picture-view.h for limit.
void pct_picture_card_set_difference(PctPictureCard *self, const float *values, int height, int width, double limit);
// No picture (yet).
void pct_picture_card_clear(PctPictureCard *self);
// The picture itself. Borrowed.
PctPictureView *pct_picture_card_get_view(PctPictureCard *self);

// The line below, absent until set: the three scores (NAN: a dash), or a sentence, dim.
void pct_picture_card_set_scores(PctPictureCard *self, double pixcorr, double ssim, double mse);
void pct_picture_card_set_note(PctPictureCard *self, const char *note);

G_END_DECLS
