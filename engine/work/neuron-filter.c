// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/neuron-filter.h"
#include <glib/gi18n-lib.h>
#include "work/filter-parser.h"

struct _PctNeuronFilter {
  PctFilterProgram program;
};

static char *const *
get_texts(gconstpointer data, int column)
{
  const PctNeuronLabels *labels = data;
  return labels ? pct_neuron_labels_get(labels, (PctNeuronColumn)column) : NULL;
}

static gboolean
find(gconstpointer data, const char *word, PctFilterStep *step, char **why)
{
  PctNeuronColumn column;
  if (g_ascii_strcasecmp(word, "energy") == 0 || g_ascii_strcasecmp(word, "simple") == 0) {
    step->value = g_ascii_strcasecmp(word, "energy") == 0;
    return TRUE;
  }
  if (!pct_column_from_name(word, &column)) {
    int nearest = pct_column_find_nearest(word);
    if (nearest >= 0)
      *why = g_strdup_printf(_("there is no column “%s”; the nearest name is “%s”"), word,
                             pct_column_get_name((PctNeuronColumn)nearest));
    return FALSE;
  }
  if (pct_column_is_text(column) && !get_texts(data, (int)column)) {
    *why = g_strdup_printf(_("the recording does not say the %s of its neurons"), pct_column_get_name(column));
    return FALSE;
  }
  *step = (PctFilterStep){ PCT_FILTER_COLUMN, (int)column, 0 };
  return TRUE;
}

PctNeuronFilter *
pct_neuron_filter_new(const char *text, const PctNeuronLabels *labels, int *position, GError **error)
{
  g_return_val_if_fail(text, NULL);
  const PctFilterLanguage language = { N_("a column or a number"), N_("a column or a number, not a comparison"), find,
                                       get_texts, labels };
  g_autoptr(PctNeuronFilter) filter = g_new0(PctNeuronFilter, 1);
  pct_filter_program_init(&filter->program);
  return pct_filter_parse(&filter->program, &language, text, position, error) ? g_steal_pointer(&filter) : NULL;
}

void
pct_neuron_filter_free(PctNeuronFilter *filter)
{
  if (!filter)
    return;
  pct_filter_program_clear(&filter->program);
  g_free(filter);
}

PctNeuronColumns
pct_neuron_filter_get_columns(const PctNeuronFilter *filter)
{
  return filter->program.columns;
}

int
pct_neuron_filter_evaluate(const PctNeuronFilter *filter, const double *const columns[PCT_N_COLUMNS], int n,
                           guint8 *pass)
{
  return pct_filter_program_run(&filter->program, columns, n, pass);
}
