// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/neuron-figures.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>
#include "plot-view.h"
#include "plots/heat-matrix.h"
#include "plots/number-text.h"
#include "plots/tuning.h"

typedef struct {
  PctTuningPlot plot;
  float *means, *repeats;
  gsize *first_repeat;
  int *images;   // (n,)
} Tuning;

typedef struct {
  PctHeatMatrix matrix;
  float *values;
  char **labels;
  int *neurons;
} Cross;

static void
tuning_free(gpointer data)
{
  Tuning *tuning = data;
  g_free(tuning->means);
  g_free(tuning->repeats);
  g_free(tuning->first_repeat);
  g_free(tuning->images);
  g_free(tuning);
}

static void
cross_free(gpointer data)
{
  Cross *cross = data;
  g_free(cross->values);
  g_strfreev(cross->labels);
  g_free(cross->neurons);
  g_free(cross);
}

static gboolean
query_tuning(GtkWidget *view, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  const Tuning *tuning = pct_plot_view_get_figure(PCT_PLOT_VIEW(view));
  PctPlotTheme theme = pct_plot_view_theme(view);
  gsize i = tuning && !keyboard ? pct_tuning_plot_find(&tuning->plot, &theme, gtk_widget_get_width(view), x) : G_MAXSIZE;
  if (i == G_MAXSIZE)
    return FALSE;
  g_autofree char *mean = pct_number_text(tuning->means[i], 2);
  int n = (int)(tuning->first_repeat[i + 1] - tuning->first_repeat[i]);
  g_autofree char *text = g_strdup_printf(ngettext("Image %d: %s, mean of %d trial", "Image %d: %s, mean of %d trials",
                                                   (gulong)n), tuning->images[i], mean, n);
  gtk_tooltip_set_text(tooltip, text);
  return TRUE;
}

GtkWidget *
pct_tuning_view_new(void)
{
  GtkWidget *view = pct_plot_view_new(pct_tuning_plot_draw, 200, 132);
  gtk_widget_set_has_tooltip(view, TRUE);
  g_signal_connect(view, "query-tooltip", G_CALLBACK(query_tuning), NULL);
  return view;
}

gboolean
pct_tuning_view_show(GtkWidget *view, PctNeuronDetail *detail, double usual, int image)
{
  int n = 0;
  gsize n_repeats = 0;
  const PctNeuronAnswer *answers = pct_neuron_detail_get_tuning(detail, &n);
  if (n < 1) {
    pct_plot_view_take_figure(PCT_PLOT_VIEW(view), NULL, NULL);
    return FALSE;
  }
  for (int i = 0; i < n; i++)
    n_repeats += (gsize)answers[i].n_repeats;
  Tuning *tuning = g_new0(Tuning, 1);
  tuning->means = g_new(float, (gsize)n);
  tuning->images = g_new(int, (gsize)n);
  tuning->repeats = g_new(float, MAX(n_repeats, 1));
  tuning->first_repeat = g_new(gsize, (gsize)n + 1);
  tuning->plot = (PctTuningPlot){ tuning->means, tuning->repeats, tuning->first_repeat, (gsize)n, usual, G_MAXSIZE,
                                  _("images, by mean answer"), _("response") };
  n_repeats = 0;
  for (int i = 0; i < n; i++) {
    tuning->means[i] = (float)answers[i].mean;
    tuning->images[i] = answers[i].image;
    tuning->first_repeat[i] = n_repeats;
    memcpy(tuning->repeats + n_repeats, answers[i].repeats, (gsize)answers[i].n_repeats * sizeof(float));
    n_repeats += (gsize)answers[i].n_repeats;
    if (answers[i].image == image)
      tuning->plot.highlighted = (gsize)i;
  }
  tuning->first_repeat[n] = n_repeats;
  g_autofree char *most = pct_number_text(answers[0].mean, 2), *least = pct_number_text(answers[n - 1].mean, 2);
  g_autofree char *description =
    g_strdup_printf(_("Mean answers to %d images shown more than once, from %s (image %d) down to %s (image %d)"), n, most,
                    answers[0].image, least, answers[n - 1].image);
  pct_plot_view_describe(PCT_PLOT_VIEW(view), _("Tuning over repeats"), description);
  pct_plot_view_take_figure(PCT_PLOT_VIEW(view), tuning, tuning_free);
  return TRUE;
}

static gboolean
query_cross(GtkWidget *view, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  const Cross *cross = pct_plot_view_get_figure(PCT_PLOT_VIEW(view));
  PctPlotTheme theme = pct_plot_view_theme(view);
  gsize row, column;
  if (!cross || keyboard ||
      !pct_heat_matrix_find(&cross->matrix, &theme, gtk_widget_get_width(view), gtk_widget_get_height(view), x, y, &row,
                            &column))
    return FALSE;
  g_autofree char *share = pct_number_text(cross->values[row * cross->matrix.n_columns + column] * 100, 0);
  g_autofree char *text = g_strdup_printf(_("Neuron %d answers to the MEI of neuron %d with %s %% of its own best answer"),
                                          cross->neurons[column], cross->neurons[row], share);
  gtk_tooltip_set_text(tooltip, text);
  return TRUE;
}

GtkWidget *
pct_cross_view_new(void)
{
  GtkWidget *view = pct_plot_view_new(pct_heat_matrix_draw, 200, 60);
  gtk_widget_set_has_tooltip(view, TRUE);
  g_signal_connect(view, "query-tooltip", G_CALLBACK(query_cross), NULL);
  return view;
}

gboolean
pct_cross_view_show(GtkWidget *view, PctCrossActivation *activation, int neuron)
{
  int n = 0;
  const int *neurons = NULL;
  const float *values = pct_cross_activation_get(activation, &n, &neurons);
  if (!values || n < 2) {
    pct_plot_view_take_figure(PCT_PLOT_VIEW(view), NULL, NULL);
    return FALSE;
  }
  Cross *cross = g_new0(Cross, 1);
  cross->values = g_memdup2(values, (gsize)n * (gsize)n * sizeof(float));
  cross->neurons = g_memdup2(neurons, (gsize)n * sizeof(int));
  cross->labels = g_new0(char *, (gsize)n + 1);
  cross->matrix = (PctHeatMatrix){ .values = cross->values, .n_rows = (gsize)n, .n_columns = (gsize)n,
                                   .row_labels = (const char *const *)cross->labels,
                                   .column_labels = (const char *const *)cross->labels, .row_title = NULL,
                                   .column_title = _("to each row’s MEI, relative to the own"), .highlighted_row = -1 };
  for (int i = 0; i < n; i++) {
    cross->labels[i] = g_strdup_printf("#%d", neurons[i]);
    if (neurons[i] == neuron)
      cross->matrix.highlighted_row = i;
  }
  PctPlotTheme theme = pct_plot_view_theme(view);
  // Visible first: what a hidden widget asks for is not asked again when it is shown.
  gtk_widget_set_visible(view, TRUE);
  gtk_widget_set_size_request(view, -1, (int)pct_heat_matrix_natural_height(&cross->matrix, &theme));
  g_autofree char *description = g_strdup_printf(_("%d neurons; hover over a cell for its number"), n);
  pct_plot_view_describe(PCT_PLOT_VIEW(view), _("Cross-activation"), description);
  pct_plot_view_take_figure(PCT_PLOT_VIEW(view), cross, cross_free);
  return TRUE;
}
