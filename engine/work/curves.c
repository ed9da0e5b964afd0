// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/curves.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"

// What a training writes in a week stays far below this; a longer file is not one of ours.
#define MAXIMUM_BYTES (64 << 20)

typedef struct {
  const char *name;  // interned
  GArray *x, *y;     // double
} Series;

struct _PctCurves {
  GObject parent_instance;
  GPtrArray *series;
};

G_DEFINE_FINAL_TYPE(PctCurves, pct_curves, G_TYPE_OBJECT)

static guint changed_signal;

static void
series_free(gpointer data)
{
  Series *series = data;
  g_array_unref(series->x);
  g_array_unref(series->y);
  g_free(series);
}

static void
finalize(GObject *object)
{
  g_ptr_array_unref(PCT_CURVES(object)->series);
  G_OBJECT_CLASS(pct_curves_parent_class)->finalize(object);
}

static void
pct_curves_class_init(PctCurvesClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = finalize;
  changed_signal = g_signal_new("changed", PCT_TYPE_CURVES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_curves_init(PctCurves *self)
{
  self->series = g_ptr_array_new_with_free_func(series_free);
}

PctCurves *
pct_curves_new(void)
{
  return g_object_new(PCT_TYPE_CURVES, NULL);
}

guint
pct_curves_get_n_series(PctCurves *self)
{
  return self->series->len;
}

static Series *
get_series(PctCurves *self, guint i)
{
  g_return_val_if_fail(i < self->series->len, NULL);
  return g_ptr_array_index(self->series, i);
}

const char *
pct_curves_get_name(PctCurves *self, guint series)
{
  return get_series(self, series)->name;
}

int
pct_curves_find(PctCurves *self, const char *name)
{
  for (guint i = 0; i < self->series->len; i++)
    if (g_str_equal(get_series(self, i)->name, name))
      return (int)i;
  return -1;
}

gsize
pct_curves_get_points(PctCurves *self, guint series, const double **x, const double **y)
{
  const Series *found = get_series(self, series);
  if (x)
    *x = (const double *)(gpointer)found->x->data;
  if (y)
    *y = (const double *)(gpointer)found->y->data;
  return found->x->len;
}

static Series *
ensure_series(PctCurves *self, const char *name)
{
  int i = pct_curves_find(self, name);
  if (i >= 0)
    return get_series(self, (guint)i);
  Series *series = g_new(Series, 1);
  *series = (Series){ g_intern_string(name), g_array_new(FALSE, FALSE, sizeof(double)),
                      g_array_new(FALSE, FALSE, sizeof(double)) };
  g_ptr_array_add(self->series, series);
  return series;
}

gboolean
pct_curves_is_place(const char *name)
{
  return g_str_equal(name, "epoch") || g_str_equal(name, "count");
}

void
pct_curves_append(PctCurves *self, double step, const PctFigure *figures, guint n_figures)
{
  double x = step;
  for (guint i = 0; i < n_figures; i++)
    if (pct_curves_is_place(figures[i].name))
      x = figures[i].value;
  for (guint i = 0; i < n_figures; i++) {
    if (pct_curves_is_place(figures[i].name))
      continue;
    Series *series = ensure_series(self, figures[i].name);
    g_array_append_val(series->x, x);
    g_array_append_val(series->y, figures[i].value);
  }
}

void
pct_curves_add(PctCurves *self, PctCurves *other)
{
  for (guint i = 0; i < other->series->len; i++) {
    const Series *from = get_series(other, i);
    Series *to = ensure_series(self, from->name);
    g_array_append_vals(to->x, from->x->data, from->x->len);
    g_array_append_vals(to->y, from->y->data, from->y->len);
  }
}

void
pct_curves_changed(PctCurves *self)
{
  g_signal_emit(self, changed_signal, 0);
}

static gboolean
refuse(const char *path, guint line, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("Line %u of “%s” is not a row of numbers, one for each name of the first line."), line, shown);
  return FALSE;
}

static gboolean
parse_row(PctCurves *self, char **names, const char *text, const char *path, guint line, GError **error)
{
  guint n = g_strv_length(names);
  g_auto(GStrv) fields = g_strsplit(text, ",", (int)n + 1);
  if (g_strv_length(fields) != n)
    return refuse(path, line, error);
  g_autofree PctFigure *figures = g_new(PctFigure, n);
  for (guint i = 0; i < n; i++) {
    char *end;
    figures[i] = (PctFigure){ names[i], NAN };
    if (*fields[i] == '\0')
      continue;
    figures[i].value = g_ascii_strtod(fields[i], &end);
    if (end == fields[i] || *end != '\0')
      return refuse(path, line, error);
  }
  pct_curves_append(self, line - 1, figures, n);
  return TRUE;
}

PctCurves *
pct_curves_new_from_csv(const char *path, GError **error)
{
  g_return_val_if_fail(path, NULL);
  g_autoptr(PctCurves) self = pct_curves_new();
  g_autofree char *text = NULL;
  g_autoptr(GError) found = NULL;
  gsize n;
  if (!g_file_get_contents(path, &text, &n, &found)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_IO, found->message);
    return NULL;
  }
  if (n > MAXIMUM_BYTES || memchr(text, '\0', n)) {
    refuse(path, 1, error);
    return NULL;
  }
  g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
  if (!lines[0])
    return g_steal_pointer(&self);
  g_auto(GStrv) names = g_strsplit(g_strchomp(lines[0]), ",", -1);
  for (guint i = 1; lines[i]; i++)
    if (!parse_row(self, names, g_strchomp(lines[i]), path, i + 1, error))
      return NULL;
  return g_steal_pointer(&self);
}
