// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/table.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"

#define LONGEST_NUMBER 64
#define MOST_COLUMNS 1000000

// A place in the text. A cell is taken into one buffer, so that millions cost no memory.
typedef struct {
  const char *at, *end;
  char separator;
  gsize line;        // from 1
  GString *cell;
  gboolean quoted;   // the cell is text whatever it looks like
} Cursor;

void
pct_table_free(PctTable *table)
{
  if (!table)
    return;
  for (gsize c = 0; c < table->n_columns; c++) {
    PctTableColumn *column = table->columns + c;
    for (gsize i = 0; column->texts && i < table->n_rows; i++)
      g_free(column->texts[i]);
    g_free(column->texts);
    g_free(column->numbers);
    g_free(column->name);
  }
  g_free(table->columns);
  g_free(table);
}

static gboolean
is_line_end(const Cursor *cursor)
{
  return cursor->at < cursor->end && (*cursor->at == '\n' || *cursor->at == '\r');
}

static void
skip_line_end(Cursor *cursor)
{
  if (cursor->at + 1 < cursor->end && cursor->at[0] == '\r' && cursor->at[1] == '\n')
    cursor->at++;
  cursor->at++;
  cursor->line++;
}

static void
skip_empty_lines(Cursor *cursor)
{
  while (is_line_end(cursor))
    skip_line_end(cursor);
}

// Takes a cell, up to the separator or the end of the row; TRUE if another follows in the row.
static gboolean
take_cell(Cursor *cursor)
{
  g_string_truncate(cursor->cell, 0);
  cursor->quoted = FALSE;
  while (cursor->at < cursor->end && *cursor->at == ' ')
    cursor->at++;
  if (cursor->at < cursor->end && *cursor->at == '"') {
    cursor->quoted = TRUE;
    for (cursor->at++; cursor->at < cursor->end; cursor->at++) {
      if (*cursor->at == '"') {
        cursor->at++;
        // Two quotes are one; a single one ends the cell.
        if (cursor->at == cursor->end || *cursor->at != '"')
          break;
      }
      cursor->line += *cursor->at == '\n';
      g_string_append_c(cursor->cell, *cursor->at);
    }
  }
  const char *start = cursor->at;
  while (cursor->at < cursor->end && *cursor->at != cursor->separator && !is_line_end(cursor))
    cursor->at++;
  g_string_append_len(cursor->cell, start, cursor->at - start);
  if (!cursor->quoted)
    while (cursor->cell->len > 0 && cursor->cell->str[cursor->cell->len - 1] == ' ')
      g_string_truncate(cursor->cell, cursor->cell->len - 1);
  if (cursor->at < cursor->end && *cursor->at == cursor->separator) {
    cursor->at++;
    return TRUE;
  }
  if (cursor->at < cursor->end)
    skip_line_end(cursor);
  return FALSE;
}

static gboolean
is_missing(const char *text)
{
  return !*text || g_ascii_strcasecmp(text, "na") == 0 || g_ascii_strcasecmp(text, "nan") == 0;
}

// Of a cell that is a number or missing; FALSE: it is text.
static gboolean
parse_number(const Cursor *cursor, double *value)
{
  char text[LONGEST_NUMBER];
  gsize n = cursor->cell->len;
  *value = NAN;
  if (n >= sizeof text || memchr(cursor->cell->str, 0, n))
    return FALSE;
  memcpy(text, cursor->cell->str, n + 1);
  if (is_missing(text))
    return TRUE;
  char *comma = cursor->separator == ';' ? strchr(text, ',') : NULL;
  if (comma)
    *comma = '.';
  // Neither names that a C library knows as numbers, nor base 16.
  if (strspn(text, "0123456789+-.eE") != n && g_ascii_strcasecmp(text + (*text == '-' || *text == '+'), "inf") != 0)
    return FALSE;
  char *rest;
  *value = g_ascii_strtod(text, &rest);
  return !*rest && rest != text;
}

static gboolean
parse_truth(const Cursor *cursor, double *value)
{
  *value = g_ascii_strcasecmp(cursor->cell->str, "true") == 0;
  return *value == 1 || g_ascii_strcasecmp(cursor->cell->str, "false") == 0;
}

// The separator of the first row, outside of quotes; a table of one column has none.
static char
find_separator(const char *at, const char *end)
{
  gboolean quoted = FALSE, tab = FALSE, semicolon = FALSE;
  for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
    quoted ^= *at == '"';
    tab = tab || (!quoted && *at == '\t');
    semicolon = semicolon || (!quoted && *at == ';');
  }
  return tab ? '\t' : semicolon ? ';' : ',';
}

// What the first pass finds.
typedef struct {
  gsize n_rows, n_columns;
  gboolean has_header;
  GArray *kinds;  // PctNpyKind, of each column
} Form;

static gboolean
measure_row(Cursor *cursor, Form *form, const char *shown, GError **error)
{
  gsize n = 0, line = cursor->line;
  gboolean more = TRUE, first = form->n_rows == 0, any_number = FALSE, any_text = FALSE;
  for (; more && n < MOST_COLUMNS; n++) {
    double value;
    more = take_cell(cursor);
    gboolean missing = !cursor->quoted && is_missing(cursor->cell->str);
    gboolean number = !cursor->quoted && parse_number(cursor, &value);
    gboolean truth = !cursor->quoted && parse_truth(cursor, &value);
    any_number = any_number || (number && !missing);
    any_text = any_text || (!number && *cursor->cell->str);
    PctNpyKind kind = number ? PCT_NPY_FLOAT : truth ? PCT_NPY_BOOL : PCT_NPY_UNICODE;
    if (first) {
      g_array_append_val(form->kinds, kind);
    } else if (n < form->n_columns) {
      PctNpyKind *known = &g_array_index(form->kinds, PctNpyKind, n);
      // The first row may be a header, which says nothing of its columns.
      if (form->n_rows == 1 && form->has_header)
        *known = kind;
      else if (*known != kind)
        *known = PCT_NPY_UNICODE;
    }
  }
  if (first) {
    form->n_columns = n;
    form->has_header = any_text && !any_number;
  }
  form->n_rows++;
  if (n == form->n_columns && !more)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              g_dngettext(GETTEXT_PACKAGE, "“%s” is not one table: line %zu has %zu cell, its first row %zu.",
                          "“%s” is not one table: line %zu has %zu cells, its first row %zu.", n),
              shown, line, n, form->n_columns);
  return FALSE;
}

static gboolean
allocate(PctTable *table, const Form *form, const char *shown, GError **error)
{
  table->columns = g_try_new0(PctTableColumn, form->n_columns);
  table->n_columns = table->columns ? form->n_columns : 0;
  table->n_rows = form->n_rows - (form->has_header ? 1 : 0);
  gboolean ok = table->columns != NULL;
  for (gsize c = 0; c < form->n_columns && ok; c++) {
    PctTableColumn *column = table->columns + c;
    column->kind = g_array_index(form->kinds, PctNpyKind, c);
    if (column->kind == PCT_NPY_UNICODE)
      column->texts = g_try_new0(char *, table->n_rows);
    else
      column->numbers = g_try_new(double, table->n_rows);
    ok = column->texts || column->numbers;
  }
  if (!ok)
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for “%s”."), shown);
  return ok;
}

static char *
dup_cell(const Cursor *cursor)
{
  return g_utf8_make_valid(cursor->cell->str, (gssize)strlen(cursor->cell->str));
}

static void
fill(PctTable *table, const Form *form, Cursor *cursor)
{
  for (gsize c = 0; form->has_header && c < table->n_columns; c++) {
    take_cell(cursor);
    table->columns[c].name = dup_cell(cursor);
  }
  for (gsize i = 0; i < table->n_rows; i++) {
    skip_empty_lines(cursor);
    for (gsize c = 0; c < table->n_columns; c++) {
      PctTableColumn *column = table->columns + c;
      take_cell(cursor);
      if (column->texts)
        column->texts[i] = dup_cell(cursor);
      else if (column->kind == PCT_NPY_BOOL)
        parse_truth(cursor, column->numbers + i);
      else
        parse_number(cursor, column->numbers + i);
    }
  }
}

PctTable *
pct_table_parse(const char *text, gsize n, const char *shown, GError **error)
{
  const char *end = text + n;
  if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
    text += 3;
  g_autoptr(GString) cell = g_string_new(NULL);
  Cursor cursor = { text, end, ',', 1, cell, FALSE };
  skip_empty_lines(&cursor);
  cursor.separator = find_separator(cursor.at, end);
  Cursor start = cursor;
  g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(PctNpyKind));
  Form form = { .kinds = kinds };
  while (cursor.at < end) {
    if (!measure_row(&cursor, &form, shown, error))
      return NULL;
    skip_empty_lines(&cursor);
  }
  if (form.n_rows <= (form.has_header ? 1 : 0)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is a table without rows."), shown);
    return NULL;
  }
  g_autoptr(PctTable) table = g_new0(PctTable, 1);
  if (!allocate(table, &form, shown, error))
    return NULL;
  fill(table, &form, &start);
  return g_steal_pointer(&table);
}
