// SPDX-License-Identifier: GPL-3.0-or-later
// What would come of an import, to be looked at before anything is kept: counts in a sentence, trials and images of each
// tier, pictures as they came and as the recording has them, the response around the onset where it is taken from
// traces, and whatever is doubtful. While a new look is taken the old one stays, dimmed.
#pragma once
#include <gtk/gtk.h>
#include "work/import.h"

G_BEGIN_DECLS

#define PCT_TYPE_OUTCOME_VIEW (pct_outcome_view_get_type())
G_DECLARE_FINAL_TYPE(PctOutcomeView, pct_outcome_view, PCT, OUTCOME_VIEW, GtkWidget)

GtkWidget *pct_outcome_view_new(PctImport *import);

G_END_DECLS
