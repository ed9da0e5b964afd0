// SPDX-License-Identifier: GPL-3.0-or-later
// Named numbers at one moment of a job: immutable, boxed, shared between threads by reference count.
#pragma once
#include <glib-object.h>
#include "base/run.h"

G_BEGIN_DECLS

typedef struct _PctFigures PctFigures;
#define PCT_TYPE_FIGURES (pct_figures_get_type())
GType pct_figures_get_type(void);

// figures (n,), copied.
PctFigures *pct_figures_new(const PctFigure *figures, guint n);
PctFigures *pct_figures_ref(PctFigures *figures);
void pct_figures_unref(PctFigures *figures);

guint pct_figures_get_n(const PctFigures *figures);
// Stable identifiers; borrowed.
const char *pct_figures_get_name(const PctFigures *figures, guint i);
double pct_figures_get_value(const PctFigures *figures, guint i);
// NAN if there is none of this name, or figures is NULL.
double pct_figures_find(const PctFigures *figures, const char *name);
// (n,), borrowed.
const PctFigure *pct_figures_get_items(const PctFigures *figures);
// The same names and values, a NaN being equal to itself. Either may be NULL.
gboolean pct_figures_equal(const PctFigures *a, const PctFigures *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctFigures, pct_figures_unref)

G_END_DECLS
