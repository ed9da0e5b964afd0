// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/population.h"
#include <glib/gi18n.h>
#include <math.h>
#include "plot-view.h"
#include "plots/histogram.h"
#include "plots/number-text.h"
#include "plots/scatter-map.h"

typedef struct {
  PctHistogramPlot plot;
  float values[];
} Spread;

typedef struct {
  PctScatterMap plot;
  double *x, *y;
  guint8 *shown, *selected;
} Scatter;

static void
scatter_free(gpointer data)
{
  Scatter *scatter = data;
  g_free(scatter->x);
  g_free(scatter->y);
  g_free(scatter->shown);
  g_free(scatter->selected);
  g_free(scatter);
}

// Means over repeats where there are any: they say more of the encoder and less of the noise.
static PctNeuronColumn
correlation_column(PctNeurons *neurons)
{
  const double *averaged = pct_neurons_get_column(neurons, PCT_COLUMN_CORRELATION_AVERAGED);
  for (int i = 0; averaged && i < pct_neurons_get_n(neurons); i++)
    if (isfinite(averaged[i]))
      return PCT_COLUMN_CORRELATION_AVERAGED;
  return PCT_COLUMN_CORRELATION;
}

GtkWidget *
pct_correlation_view_new(void)
{
  return pct_plot_view_new(pct_histogram_plot_draw, 120, 84);
}

gboolean
pct_correlation_view_show(GtkWidget *view, PctNeurons *neurons, int marked)
{
  PctNeuronColumn column = correlation_column(neurons);
  const double *values = pct_neurons_get_column(neurons, column);
  gsize n = (gsize)pct_neurons_get_n(neurons), n_known = 0;
  double sum = 0;
  for (gsize i = 0; values && i < n; i++)
    if (isfinite(values[i])) {
      sum += values[i];
      n_known++;
    }
  if (n_known == 0) {
    pct_plot_view_take_figure(PCT_PLOT_VIEW(view), NULL, NULL);
    return FALSE;
  }
  Spread *spread = g_malloc(sizeof *spread + n * sizeof(float));
  double least = 0;
  for (gsize i = 0; i < n; i++) {
    spread->values[i] = (float)values[i];
    least = isfinite(values[i]) ? MIN(least, values[i]) : least;
  }
  double own = marked >= 0 ? values[marked] : NAN;
  spread->plot = (PctHistogramPlot){ .values = spread->values, .n = n, .minimum = floor(least * 5) / 5, .maximum = 1,
                                     .n_bins = 30, .marked = own };
  pct_plot_view_take_figure(PCT_PLOT_VIEW(view), spread, g_free);
  g_autofree char *mean = pct_number_text(sum / (double)n_known, 3), *this_one = pct_number_text(own, 3);
  g_autofree char *text = g_strdup_printf(_("%s: mean %s, this neuron %s"), pct_column_get_title(column), mean, this_one);
  gtk_widget_set_tooltip_text(view, text);
  pct_plot_view_describe(PCT_PLOT_VIEW(view), _("Spread of the test correlation over all neurons"), text);
  return TRUE;
}

GtkWidget *
pct_reliability_view_new(void)
{
  return pct_plot_view_new(pct_scatter_map_draw, 120, 190);
}

gboolean
pct_reliability_view_show(GtkWidget *view, PctNeurons *neurons, const guint8 *shown, const guint8 *selected, int marked)
{
  PctNeuronColumn column = correlation_column(neurons);
  const double *x = pct_neurons_get_column(neurons, PCT_COLUMN_RELIABILITY), *y = pct_neurons_get_column(neurons, column);
  gsize n = (gsize)pct_neurons_get_n(neurons), n_known = 0;
  for (gsize i = 0; x && y && i < n; i++)
    n_known += isfinite(x[i]) && isfinite(y[i]);
  if (n_known == 0) {
    pct_plot_view_take_figure(PCT_PLOT_VIEW(view), NULL, NULL);
    return FALSE;
  }
  Scatter *scatter = g_new0(Scatter, 1);
  scatter->x = g_memdup2(x, n * sizeof *x);
  scatter->y = g_memdup2(y, n * sizeof *y);
  scatter->shown = g_memdup2(shown, n);
  scatter->selected = selected ? g_memdup2(selected, n) : NULL;
  scatter->plot = PCT_SCATTER_MAP_DEFAULT;
  scatter->plot.x = scatter->x;
  scatter->plot.y = scatter->y;
  scatter->plot.n = n;
  scatter->plot.shown = scatter->shown;
  scatter->plot.selected = scatter->selected;
  scatter->plot.marked = marked;
  scatter->plot.x_title = pct_column_get_title(PCT_COLUMN_RELIABILITY);
  scatter->plot.y_title = pct_column_get_title(column);
  pct_plot_view_take_figure(PCT_PLOT_VIEW(view), scatter, scatter_free);
  pct_plot_view_describe(PCT_PLOT_VIEW(view), _("Test correlation of each neuron against its reliability"),
                         _("The table lists both."));
  return TRUE;
}
