// SPDX-License-Identifier: GPL-3.0-or-later
// Tells whenever the set of finished models in a list of a project changes: one came, went, or finished. For work/ itself.
#pragma once
#include "work/project.h"

typedef struct _PctModelWatch PctModelWatch;

// models: of PctModel, e.g. the project's decoders.
PctModelWatch *pct_model_watch_new(GListModel *models, void (*changed)(gpointer data), gpointer data);
void pct_model_watch_free(PctModelWatch *self);
// The finished ones in the list's order, each with a reference. Free with g_ptr_array_unref.
GPtrArray *pct_model_watch_dup_finished(PctModelWatch *self);
