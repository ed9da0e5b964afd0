// SPDX-License-Identifier: GPL-3.0-or-later
// A table for a terminal: cells of text, columns as wide as their widest cell, two spaces apart. Widths are those on
// screen, where a Chinese character takes two cells.
#pragma once
#include <glib.h>

typedef struct _PctTable PctTable;

// alignment: a letter a column, 'l' or 'r'.
PctTable *pct_table_new(const char *alignment);
void pct_table_free(PctTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctTable, pct_table_free)

// As many cells as there are columns; NULL: an empty one.
void pct_table_add(PctTable *table, ...);
// The same from an array (n_columns,).
void pct_table_add_cells(PctTable *table, const char *const *cells);
void pct_table_print(const PctTable *table, const char *indent);
