// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/figures.h"
#include <math.h>
#include <string.h>

struct _PctFigures {
  gatomicrefcount references;
  guint n;
  PctFigure items[];  // names interned
};

G_DEFINE_BOXED_TYPE(PctFigures, pct_figures, pct_figures_ref, pct_figures_unref)

PctFigures *
pct_figures_new(const PctFigure *figures, guint n)
{
  PctFigures *self = g_malloc(sizeof *self + n * sizeof(PctFigure));
  g_atomic_ref_count_init(&self->references);
  self->n = n;
  for (guint i = 0; i < n; i++)
    self->items[i] = (PctFigure){ g_intern_string(figures[i].name), figures[i].value };
  return self;
}

PctFigures *
pct_figures_ref(PctFigures *figures)
{
  g_return_val_if_fail(figures, NULL);
  g_atomic_ref_count_inc(&figures->references);
  return figures;
}

void
pct_figures_unref(PctFigures *figures)
{
  if (figures && g_atomic_ref_count_dec(&figures->references))
    g_free(figures);
}

guint
pct_figures_get_n(const PctFigures *figures)
{
  return figures->n;
}

const char *
pct_figures_get_name(const PctFigures *figures, guint i)
{
  g_return_val_if_fail(i < figures->n, NULL);
  return figures->items[i].name;
}

double
pct_figures_get_value(const PctFigures *figures, guint i)
{
  g_return_val_if_fail(i < figures->n, NAN);
  return figures->items[i].value;
}

double
pct_figures_find(const PctFigures *figures, const char *name)
{
  for (guint i = 0; figures && i < figures->n; i++)
    if (g_str_equal(figures->items[i].name, name))
      return figures->items[i].value;
  return NAN;
}

const PctFigure *
pct_figures_get_items(const PctFigures *figures)
{
  return figures->items;
}

gboolean
pct_figures_equal(const PctFigures *a, const PctFigures *b)
{
  // Bit by bit: NaN equals NaN. Interned names are equal where their addresses are.
  return a == b || (a && b && a->n == b->n && memcmp(a->items, b->items, a->n * sizeof(PctFigure)) == 0);
}
