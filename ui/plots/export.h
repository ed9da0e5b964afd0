// SPDX-License-Identifier: GPL-3.0-or-later
// Any figure as a file: PNG at twice the size for print, SVG or PDF as drawn. All or nothing: a full disk leaves an
// older file as it was.
#pragma once
#include "plots/plot.h"

// The kind follows the path's ending: .png, .svg or .pdf. width and height in pixels (PNG: before doubling; SVG, PDF:
// as many points). FALSE with G_IO_ERROR_NOT_SUPPORTED (another ending), or G_FILE_ERROR where it cannot be written.
gboolean pct_plot_export(PctPlotDrawFunc draw, gconstpointer figure, const PctPlotTheme *theme, double width,
                         double height, const char *path, GError **error);
