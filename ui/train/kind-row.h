// SPDX-License-Identifier: GPL-3.0-or-later
// A kind of model in the list of kinds: its state as a dot and in words (how well its best model scores, or how far its
// training is).
#pragma once
#include <gtk/gtk.h>
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_KIND_ROW (pct_kind_row_get_type())
G_DECLARE_FINAL_TYPE(PctKindRow, pct_kind_row, PCT, KIND_ROW, GtkListBoxRow)

GtkWidget *pct_kind_row_new(PctProject *project, PctKind *kind);
PctKind *pct_kind_row_get_kind(PctKindRow *self);
// After any model of the kind changed.
void pct_kind_row_update(PctKindRow *self);
// A GtkListBoxUpdateHeaderFunc: a heading where the encoders (with what is made of them) and where the decoders begin.
void pct_kind_row_update_header(GtkListBoxRow *row, GtkListBoxRow *before, gpointer data);

G_END_DECLS
