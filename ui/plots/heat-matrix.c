// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/heat-matrix.h"
#include <math.h>
#include "plots/number-text.h"

#define LEAST_CELL 3.0
#define LARGEST_CELL_WIDTH 64.0

typedef struct {
  double left, top, cell_width, cell_height;  // pixels
} Grid;

static double
line_height(const PctPlotTheme *theme)
{
  return ceil(theme->text_size * 1.4);
}

static gsize
longest_label(const char *const *labels, gsize n)
{
  gsize longest = 0;
  for (gsize i = 0; labels && i < n; i++)
    longest = MAX(longest, (gsize)g_utf8_strlen(labels[i], -1));
  return longest;
}

// Labels are measured by their number of letters, so that what is found at a place needs no cairo.
static Grid
find_grid(const PctHeatMatrix *m, const PctPlotTheme *theme, double width, double height)
{
  double line = line_height(theme), above = (m->column_title ? line : 0) + (m->column_labels ? line : 0);
  Grid grid = { .left = ceil((double)longest_label(m->row_labels, m->n_rows) * theme->text_size * 0.66) + 8,
                .top = above + (m->row_title ? line : 0) };
  double below = line + 6;
  grid.cell_width = MIN(LARGEST_CELL_WIDTH, (width - grid.left) / (double)MAX(m->n_columns, 1));
  grid.cell_height = (height - grid.top - below) / (double)MAX(m->n_rows, 1);
  grid.cell_width = MAX(grid.cell_width, LEAST_CELL);
  grid.cell_height = CLAMP(grid.cell_height, LEAST_CELL, line * 1.6);
  return grid;
}

double
pct_heat_matrix_natural_height(const PctHeatMatrix *m, const PctPlotTheme *theme)
{
  double line = line_height(theme);
  Grid grid = find_grid(m, theme, 100, 100);
  double cell = m->n_rows <= 16 ? line * 1.3 : m->n_rows <= 32 ? line * 0.8 : 7;
  return ceil(grid.top + cell * (double)m->n_rows + line + 6);
}

gboolean
pct_heat_matrix_find(const PctHeatMatrix *m, const PctPlotTheme *theme, double width, double height, double x, double y,
                     gsize *row, gsize *column)
{
  Grid grid = find_grid(m, theme, width, height);
  double c = floor((x - grid.left) / grid.cell_width), r = floor((y - grid.top) / grid.cell_height);
  if (c < 0 || r < 0 || c >= (double)m->n_columns || r >= (double)m->n_rows)
    return FALSE;
  *row = (gsize)r;
  *column = (gsize)c;
  return TRUE;
}

static PctColour
shade(const PctPlotTheme *theme, double value)
{
  PctColour full = value < 0 ? theme->warning : theme->accent, ground = theme->background;
  double t = MIN(fabs(value), 1);
  return (PctColour){ ground.red + t * (full.red - ground.red), ground.green + t * (full.green - ground.green),
                      ground.blue + t * (full.blue - ground.blue) };
}

static void
draw_cell(const PctHeatMatrix *m, const PctPlotTheme *theme, cairo_t *cr, const Grid *grid, gsize row, gsize column,
          gboolean numbers)
{
  double value = m->values[row * m->n_columns + column], gap = grid->cell_width >= 8 ? 1 : 0;
  double x = grid->left + (double)column * grid->cell_width, y = grid->top + (double)row * grid->cell_height;
  double x0 = round(x), y0 = round(y);
  double wide = round(x + grid->cell_width) - x0 - gap, high = round(y + grid->cell_height) - y0 - gap;
  if (isfinite(value))
    pct_plot_set_colour(cr, shade(theme, value), 1);
  else
    pct_plot_set_colour(cr, theme->grid, 0.4);
  cairo_rectangle(cr, x0, y0, wide, high);
  cairo_fill(cr);
  if (!numbers)
    return;
  g_autofree char *text = pct_number_text(value, 2);
  PctColour white = { 1, 1, 1 };
  pct_plot_draw_text(cr, theme, fabs(value) > 0.55 ? white : theme->text, 0.9, FALSE, x0 + wide / 2,
                     y0 + (high - theme->text_size * 0.9 * 1.3) / 2, 0.5, text);
}

static void
draw_labels(const PctHeatMatrix *m, const PctPlotTheme *theme, cairo_t *cr, const Grid *grid)
{
  double line = line_height(theme), y = 0;
  if (m->column_title) {
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, grid->left, y, 0, m->column_title);
    y += line;
  }
  double needed = (double)longest_label(m->column_labels, m->n_columns) * theme->text_size * 0.66 + 4;
  gsize stride = (gsize)MAX(1, ceil(needed / grid->cell_width));
  for (gsize c = 0; m->column_labels && c < m->n_columns; c += stride)
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, grid->left + ((double)c + 0.5) * grid->cell_width, y, 0.5,
                       m->column_labels[c]);
  if (m->column_labels)
    y += line;
  if (m->row_title)
    pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, 0, y, 0, m->row_title);
  stride = (gsize)MAX(1, ceil(theme->text_size * 1.2 / grid->cell_height));
  for (gsize r = 0; m->row_labels && r < m->n_rows; r += stride) {
    double middle = grid->top + ((double)r + 0.5) * grid->cell_height;
    gboolean bold = (gssize)r == m->highlighted_row;
    pct_plot_draw_text(cr, theme, bold ? theme->text : theme->dim, 1, bold, grid->left - 6,
                       middle - theme->text_size * 0.65, 1, m->row_labels[r]);
  }
}

static void
draw_strip(const PctHeatMatrix *m, const PctPlotTheme *theme, cairo_t *cr, const Grid *grid)
{
  double y = ceil(grid->top + grid->cell_height * (double)m->n_rows) + 6, strip = ceil(theme->text_size * 0.6);
  double x = grid->left, wide = 72;
  x += pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x, y, 0, "0") + 5;
  for (int i = 0; i < (int)wide; i++) {
    pct_plot_set_colour(cr, shade(theme, (i + 0.5) / wide), 1);
    cairo_rectangle(cr, floor(x) + i, y + round((theme->text_size * 1.3 - strip) / 2), 1, strip);
    cairo_fill(cr);
  }
  pct_plot_draw_text(cr, theme, theme->dim, 1, FALSE, x + wide + 5, y, 0, "1");
}

void
pct_heat_matrix_draw(gconstpointer data, const PctPlotTheme *theme, cairo_t *cr, double width, double height)
{
  const PctHeatMatrix *m = data;
  if (m->n_rows == 0 || m->n_columns == 0)
    return;
  Grid grid = find_grid(m, theme, width, height);
  // Three letters and a half: "0.62", "−0.1".
  gboolean numbers = grid.cell_width >= theme->text_size * 2.4 && grid.cell_height >= theme->text_size * 1.2;
  draw_labels(m, theme, cr, &grid);
  for (gsize r = 0; r < m->n_rows; r++)
    for (gsize c = 0; c < m->n_columns; c++)
      draw_cell(m, theme, cr, &grid, r, c, numbers);
  draw_strip(m, theme, cr, &grid);
}
