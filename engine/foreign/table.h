// SPDX-License-Identifier: GPL-3.0-or-later
// A table as text (.csv, .tsv; quotes as in RFC 4180): cells separated by tabs, semicolons or commas, whichever the first
// row has, in this order. Between semicolons a comma in a number is a decimal one. The first row is a header if none of
// its cells is a number. A column is numbers, truth values ("True", "False"), or else text; what is empty or "NA" in a
// column of numbers is NaN. Every row has as many cells as the first.
#pragma once
#include "data/npy.h"

typedef struct {
  char *name;        // of the header; NULL if there is none
  PctNpyKind kind;   // FLOAT, BOOL or UNICODE
  double *numbers;   // (n_rows,), also of truth values; NULL: text
  char **texts;      // (n_rows,), NULL: numbers
} PctTableColumn;

typedef struct {
  gsize n_rows, n_columns;  // without the header; neither is 0
  PctTableColumn *columns;  // (n_columns,)
} PctTable;

// Of n bytes of text, UTF-8 or what is made so. NULL with PCT_ERROR_FORMAT (a row of other length, by its line; nothing
// in it) or _MEMORY.
PctTable *pct_table_parse(const char *text, gsize n, const char *shown, GError **error);
void pct_table_free(PctTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTable, pct_table_free)
