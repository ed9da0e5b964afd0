// SPDX-License-Identifier: GPL-3.0-or-later
// Quality against the amount of data: starts the measuring of such a curve for a kind of decoder, or for a model whose
// neurons are silenced, on the heavy lane; shows the points as they come, beside the curves that the workspace has kept.
// One is measured at a time; leaving the page does not stop it.
#pragma once
#include <gtk/gtk.h>
#include "work/data-curves.h"
#include "work/scores.h"

G_BEGIN_DECLS

#define PCT_TYPE_DATA_CURVES_CARD (pct_data_curves_card_get_type())
G_DECLARE_FINAL_TYPE(PctDataCurvesCard, pct_data_curves_card, PCT, DATA_CURVES_CARD, GtkWidget)

// Its buttons activate compare.start-curve ("(ss)", as pct_data_curves_card_start takes them) and compare.cancel-curve.
// Signal "changed" after a curve began or ended.
GtkWidget *pct_data_curves_card_new(PctProject *project, PctTier tier);
// After a model was finished or removed: offers what there is now.
void pct_data_curves_card_update(PctDataCurvesCard *self);
// Which of a curve's scores is drawn.
void pct_data_curves_card_show(PctDataCurvesCard *self, PctFrame frame, PctMeasure measure, gboolean averaged);

// against: "neurons", "silenced" or "images"; what: a kind of decoder, of "silenced" a finished model. FALSE where that
// cannot be, which the card tells.
gboolean pct_data_curves_card_start(PctDataCurvesCard *self, const char *against, const char *what);
void pct_data_curves_card_cancel(PctDataCurvesCard *self);
// The one under way; NULL: none. Borrowed.
PctJob *pct_data_curves_card_get_job(PctDataCurvesCard *self);
// Of PctDataCurveAbout, those kept and listed. Borrowed until "changed".
GPtrArray *pct_data_curves_card_get_kept(PctDataCurvesCard *self);

G_END_DECLS
