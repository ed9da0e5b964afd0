// SPDX-License-Identifier: GPL-3.0-or-later
// The project's finished models as a row of pills, one of them in hand: the selection's; where they do not all fit, as a
// list. Follows both lists.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_MODEL_PILLS (pct_model_pills_get_type())
G_DECLARE_FINAL_TYPE(PctModelPills, pct_model_pills, PCT, MODEL_PILLS, GtkWidget)

// Property "n-models" (finished ones) and "model" (the one in hand; NULL: none) notify.
GtkWidget *pct_model_pills_new(PctProject *project, PctSelection *selection);
guint pct_model_pills_get_n_models(PctModelPills *self);
// The selection's model where it is finished, else the first finished one; NULL if there is none. Borrowed.
PctModel *pct_model_pills_get_model(PctModelPills *self);

G_END_DECLS
