// SPDX-License-Identifier: GPL-3.0-or-later
// A card with curves: of a training, losses or a validation score with a line to beat; or of a score against something. It is cleared and filled
// again when points came, which is cheap beside drawing them.
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PCT_TYPE_CURVES_CARD (pct_curves_card_get_type())
G_DECLARE_FINAL_TYPE(PctCurvesCard, pct_curves_card, PCT, CURVES_CARD, GtkWidget)

// Translated. x_title may be NULL.
void pct_curves_card_set_title(PctCurvesCard *self, const char *title, const char *x_title);
// Stands dim below the title; NULL: nothing.
void pct_curves_card_set_note(PctCurvesCard *self, const char *note);
// Forgets every curve, the reference line and the mark.
void pct_curves_card_clear(PctCurvesCard *self);
// Adds a curve: title translated; x, y (n,), copied. dim: an earlier run.
void pct_curves_card_add(PctCurvesCard *self, const char *title, gboolean dim, const double *x, const double *y,
                         gsize n);
// The same, and what each value lies between: low, high (n,), copied; NULL: not known.
void pct_curves_card_add_between(PctCurvesCard *self, const char *title, gboolean dim, const double *x, const double *y,
                                 const double *low, const double *high, gsize n);
// A logarithmic x axis, for amounts.
void pct_curves_card_set_logarithmic_x(PctCurvesCard *self, gboolean logarithmic);
// A logarithmic y axis, for losses of different sizes.
void pct_curves_card_set_logarithmic(PctCurvesCard *self, gboolean logarithmic);
// A dashed line at y; NAN: none.
void pct_curves_card_set_reference(PctCurvesCard *self, double y, const char *title);
// A dot on the first curve at x; NAN: none.
void pct_curves_card_set_mark(PctCurvesCard *self, double x);
gboolean pct_curves_card_is_empty(PctCurvesCard *self);

G_END_DECLS
