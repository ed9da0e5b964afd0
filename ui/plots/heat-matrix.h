// SPDX-License-Identifier: GPL-3.0-or-later
// A matrix of shares, each cell a shade: 0 is the ground, 1 the full accent colour, below 0 the warning colour, unknown
// a dash. Where a cell is large enough its number stands in it; else the strip below tells what a shade means.
#pragma once
#include "plots/plot.h"

typedef struct {
  const float *values;      // (n_rows, n_columns) row-major; NAN: unknown
  gsize n_rows, n_columns;
  const char *const *row_labels;     // (n_rows,); NULL: none
  const char *const *column_labels;  // (n_columns,), at the top; NULL: none
  const char *row_title, *column_title;  // what rows and columns are; NULL: not said
  gssize highlighted_row;   // its label bold; -1: none
} PctHeatMatrix;

// A PctPlotDrawFunc.
void pct_heat_matrix_draw(gconstpointer matrix, const PctPlotTheme *theme, cairo_t *cr, double width, double height);
// The height at which cells are as high as a line of text wants, for a plot of this theme.
double pct_heat_matrix_natural_height(const PctHeatMatrix *matrix, const PctPlotTheme *theme);
// The cell at a place of the drawing. FALSE: none.
gboolean pct_heat_matrix_find(const PctHeatMatrix *matrix, const PctPlotTheme *theme, double width, double height,
                              double x, double y, gsize *row, gsize *column);
