// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/table-source.h"
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include "base/error.h"
#include "foreign/source-list.h"
#include "foreign/table.h"
#include "foreign/text-array.h"

// Bytes of text; what is larger is better kept in another format.
#define LARGEST ((guint64)2 << 30)
#define WHOLE G_MAXSIZE

typedef struct {
  PctArraySource base;
  PctTable *table;
  GArray *columns;  // gsize, as base.arrays; WHOLE: all
} TableSource;

static void
table_source_free(PctArraySource *base)
{
  TableSource *self = (TableSource *)base;
  pct_table_free(self->table);
  g_array_unref(self->columns);
  pct_array_source_clear(base);
  g_free(self);
}

static PctNpyArray *
table_source_read(PctArraySource *base, guint number, gsize first, gsize n, GError **error)
{
  TableSource *self = (TableSource *)base;
  const PctTable *table = self->table;
  gsize which = g_array_index(self->columns, gsize, number), shape[] = { n, table->n_columns };
  const PctTableColumn *columns = which == WHOLE ? table->columns : table->columns + which;
  gsize n_columns = which == WHOLE ? table->n_columns : 1;
  if (columns->texts)
    return pct_text_array_new((const char *const *)columns->texts + first, 1, shape, base->shown, error);
  gboolean truth = which != WHOLE && columns->kind == PCT_NPY_BOOL;
  PctNpyArray *array = pct_npy_array_new(truth ? PCT_NPY_BOOL : PCT_NPY_FLOAT, truth ? 1 : sizeof(double),
                                         which == WHOLE ? 2 : 1, shape, base->shown, error);
  for (gsize i = 0; array && i < n; i++)
    for (gsize c = 0; c < n_columns; c++) {
      double value = columns[c].numbers[first + i];
      if (truth)
        ((guint8 *)array->data)[i] = value != 0;
      else
        ((double *)array->data)[i * n_columns + c] = value;
    }
  return array;
}

static const PctArraySourceClass table_source_class = { table_source_read, table_source_free };

static void
list(TableSource *self, PctSourceList *sources)
{
  const PctTable *table = self->table;
  gsize shape[] = { table->n_rows, table->n_columns }, whole = WHOLE, n_text = 0;
  for (gsize c = 0; c < table->n_columns; c++)
    n_text += table->columns[c].texts != NULL;
  if (n_text == 0 && pct_source_list_add_take(sources, pct_foreign_array_new("", PCT_NPY_FLOAT, sizeof(double), 2, shape)))
    g_array_append_val(self->columns, whole);
  for (gsize c = 0; c < table->n_columns; c++) {
    const PctTableColumn *column = table->columns + c;
    gboolean named = column->name && *column->name;
    // Of numbers alone, what has no name is found in the whole.
    if (!named && n_text == 0)
      continue;
    g_autofree char *name = named ? g_strdup(column->name) : g_strdup_printf("%zu", c + 1);
    gsize size = column->texts ? 0 : column->kind == PCT_NPY_BOOL ? 1 : sizeof(double);
    if (pct_source_list_add_take(sources, pct_foreign_array_new(name, column->kind, size, 1, shape)))
      g_array_append_val(self->columns, c);
  }
}

PctArraySource *
pct_table_source_open(const char *path, const PctRun *run, GError **error)
{
  g_autoptr(GError) reason = NULL;
  g_autofree char *text = NULL;
  gsize n;
  GStatBuf status;
  TableSource *self = g_new0(TableSource, 1);
  pct_array_source_init(&self->base, &table_source_class, path, "table");
  g_autoptr(PctArraySource) source = &self->base;
  self->columns = g_array_new(FALSE, FALSE, sizeof(gsize));
  if (g_stat(path, &status) == 0 && (guint64)status.st_size > LARGEST) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("“%s” is a table of %.1f GB; as text, up to 2 GB are read."),
                source->shown, (double)status.st_size / 1e9);
    return NULL;
  }
  if (!g_file_get_contents(path, &text, &n, &reason)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), source->shown, reason->message);
    return NULL;
  }
  self->table = pct_table_parse(text, n, source->shown, error);
  if (!self->table || !pct_run_step(run, 1, 1, error))
    return NULL;
  g_auto(PctSourceList) sources = { 0 };
  pct_source_list_init(&sources, source);
  list(self, &sources);
  return pct_source_list_finish(&sources, error) ? g_steal_pointer(&source) : NULL;
}
