// SPDX-License-Identifier: GPL-3.0-or-later
// The history of a training's figures: named series of points that grow while it runs, and the same read back from a
// finished run's curves.csv. Main thread only. Signal "changed" after points were added (once for any number of them).
//
// x is the figure called "epoch" or "count" (of a curve against the amount of data) where there is one, else the step (of
// a file: the row, from 1); that one itself is then no series. A job adds the reports that have it, one each, as
// curves.csv has rows. Names are stable
// identifiers ("loss", "validation_pixcorr"), for a view to translate.
#pragma once
#include <glib-object.h>
#include "base/run.h"

G_BEGIN_DECLS

#define PCT_TYPE_CURVES (pct_curves_get_type())
G_DECLARE_FINAL_TYPE(PctCurves, pct_curves, PCT, CURVES, GObject)

PctCurves *pct_curves_new(void);
// A CSV of a header line of names and rows of numbers (C locale); an empty field or "nan" is a gap. NULL with
// PCT_ERROR_IO or _FORMAT.
PctCurves *pct_curves_new_from_csv(const char *path, GError **error);

guint pct_curves_get_n_series(PctCurves *self);
// In order of first appearance. Borrowed.
const char *pct_curves_get_name(PctCurves *self, guint series);
// -1 if there is none of this name.
int pct_curves_find(PctCurves *self, const char *name);
// The points of a series: x and y (n,), borrowed until the next "changed". Returns n. x or y may be NULL.
gsize pct_curves_get_points(PctCurves *self, guint series, const double **x, const double **y);

// Whether a figure of this name is no series, but where on the x axis the others of its report are.
gboolean pct_curves_is_place(const char *name);
// Adds one report without a signal; pct_curves_changed tells. For those who fill it.
void pct_curves_append(PctCurves *self, double step, const PctFigure *figures, guint n_figures);
void pct_curves_changed(PctCurves *self);
// Adds all points of another.
void pct_curves_add(PctCurves *self, PctCurves *other);

G_END_DECLS
