// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"
#include <stdio.h>
#include <string.h>

struct _PctTable {
  char *alignment;
  GPtrArray *rows;  // of strv
};

PctTable *
pct_table_new(const char *alignment)
{
  PctTable *table = g_new(PctTable, 1);
  table->alignment = g_strdup(alignment);
  table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  return table;
}

void
pct_table_free(PctTable *table)
{
  if (!table)
    return;
  g_free(table->alignment);
  g_ptr_array_unref(table->rows);
  g_free(table);
}

void
pct_table_add_cells(PctTable *table, const char *const *cells)
{
  gsize n = strlen(table->alignment);
  char **row = g_new0(char *, n + 1);
  for (gsize i = 0; i < n; i++)
    row[i] = g_strdup(cells[i] ? cells[i] : "");
  g_ptr_array_add(table->rows, row);
}

void
pct_table_add(PctTable *table, ...)
{
  gsize n = strlen(table->alignment);
  g_autofree const char **cells = g_new0(const char *, n);
  va_list values;
  va_start(values, table);
  for (gsize i = 0; i < n; i++)
    cells[i] = va_arg(values, const char *);
  va_end(values);
  pct_table_add_cells(table, cells);
}

static int
width_of(const char *text)
{
  int width = 0;
  for (const char *at = text; *at; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
  }
  return width;
}

void
pct_table_print(const PctTable *table, const char *indent)
{
  gsize n = strlen(table->alignment);
  g_autofree int *widths = g_new0(int, n);
  for (guint r = 0; r < table->rows->len; r++) {
    char **row = table->rows->pdata[r];
    for (gsize i = 0; i < n; i++)
      widths[i] = MAX(widths[i], width_of(row[i]));
  }
  for (guint r = 0; r < table->rows->len; r++) {
    char **row = table->rows->pdata[r];
    g_autoptr(GString) line = g_string_new(indent);
    for (gsize i = 0; i < n; i++) {
      int gap = widths[i] - width_of(row[i]);
      if (table->alignment[i] == 'r')
        g_string_append_printf(line, "%*s%s", gap, "", row[i]);
      else
        g_string_append_printf(line, "%s%*s", row[i], gap, "");
      g_string_append(line, i + 1 < n ? "  " : "");
    }
    puts(g_strchomp(line->str));
  }
}
