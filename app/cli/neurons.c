// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli neurons: what is known of each neuron as the Neurons page lists it: those that pass a filter, in an order.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "project-argument.h"
#include "table.h"
#include "work/neurons.h"

typedef struct {
  const char *recording, *trials, *filter, *encoder, *meis;  // as given; NULL: not
  GArray *only;                                     // of int; NULL: all
  PctNeuronColumn sort;
  gboolean descending, csv;
} Request;

static gboolean
is_known(gpointer neurons)
{
  return pct_neurons_get_pending(neurons) == 0;
}

// The model of that name and role, NULL: there is none. name NULL: none is asked for.
static gboolean
find_model(PctProject *project, const char *name, PctRole role, PctModel **model, GError **error)
{
  *model = name ? pct_project_find_model(project, name) : NULL;
  if (!name || (*model && pct_model_get_role(*model) == role))
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              role == PCT_ROLE_ENCODER ? _("There is no encoder “%s” in the recording’s workspace.")
                                       : _("There is no set of most exciting inputs “%s” in the recording’s workspace."),
              name);
  return FALSE;
}

// Unknown values last, equals in the order of their numbers.
typedef struct {
  const double *values;
  gboolean descending;
} Sort;

static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  const Sort *sort = data;
  int one = *(const int *)a, other = *(const int *)b;
  double first = sort->values ? sort->values[one] : NAN, second = sort->values ? sort->values[other] : NAN;
  if (isnan(first) || isnan(second) || first == second)
    return isnan(first) != isnan(second) ? (isnan(first) ? 1 : -1) : one - other;
  return (first < second) != sort->descending ? -1 : 1;
}

static GArray *
list_neurons(const Request *request, PctNeurons *neurons, const PctNeuronFilter *filter)
{
  int n = pct_neurons_get_n(neurons);
  g_autofree guint8 *pass = g_new(guint8, MAX(n, 1)), *only = g_new0(guint8, MAX(n, 1));
  pct_neurons_evaluate(neurons, filter, pass);
  for (guint i = 0; request->only && i < request->only->len; i++)
    if (g_array_index(request->only, int, i) < n)
      only[g_array_index(request->only, int, i)] = 1;
  GArray *list = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; i < n; i++)
    if (pass[i] && (!request->only || only[i]))
      g_array_append_val(list, i);
  Sort sort = { pct_neurons_get_column(neurons, request->sort), request->descending };
  g_array_sort_with_data(list, compare, &sort);
  return list;
}

static void
print_csv(PctNeurons *neurons, const GArray *list)
{
  for (int column = 0, first = 1; column < PCT_N_COLUMNS; column++)
    if (pct_neurons_get_column(neurons, (PctNeuronColumn)column)) {
      printf("%s%s", first ? "" : ",", pct_column_get_name((PctNeuronColumn)column));
      first = 0;
    }
  puts("");
  for (guint i = 0; i < list->len; i++) {
    for (int column = 0, first = 1; column < PCT_N_COLUMNS; column++) {
      const double *values = pct_neurons_get_column(neurons, (PctNeuronColumn)column);
      if (!values)
        continue;
      int neuron = g_array_index(list, int, i);
      printf("%s", first ? "" : ",");
      if (isnan(values[neuron]))
        ;  // not known: an empty field
      else if (pct_neurons_get_names(neurons, (PctNeuronColumn)column)) {
        g_autofree char *text = pct_neurons_format(neurons, (PctNeuronColumn)column, neuron);
        g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
        g_autofree char *doubled = g_strjoinv("\"\"", parts);
        printf("\"%s\"", doubled);
      } else
        printf("%.9g", values[neuron]);
      first = 0;
    }
    puts("");
  }
}

// What a person looks at first, and what decided who is there.
static void
print_table(const Request *request, PctNeurons *neurons, const GArray *list, PctNeuronColumns wanted)
{
  const PctNeuronColumn usual[] = { PCT_COLUMN_NUMBER, PCT_COLUMN_RELIABILITY, PCT_COLUMN_CORRELATION, PCT_COLUMN_MEAN };
  PctNeuronColumn shown[8];
  guint n = 0;
  wanted |= PCT_COLUMN_BIT(request->sort);
  for (guint i = 0; i < G_N_ELEMENTS(usual); i++)
    wanted |= PCT_COLUMN_BIT(usual[i]);
  for (int column = 0; column < PCT_N_COLUMNS && n < G_N_ELEMENTS(shown); column++)
    if ((wanted & PCT_COLUMN_BIT(column)) && pct_neurons_get_column(neurons, (PctNeuronColumn)column))
      shown[n++] = (PctNeuronColumn)column;
  for (guint row = 0; row <= list->len; row++) {
    for (guint i = 0; i < n; i++) {
      g_autofree char *text = row == 0
        ? g_strdup(pct_column_get_name(shown[i]))
        : pct_neurons_format(neurons, shown[i], g_array_index(list, int, row - 1));
      printf("%s%12s", i > 0 ? "  " : "", text);
    }
    puts("");
  }
}

static gboolean
list(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedProject) opened = { 0 };
  PctModel *encoder, *meis;
  if (!pct_project_argument_open(&opened, request->recording, request->trials, run, error) ||
      !find_model(opened.project, request->encoder, PCT_ROLE_ENCODER, &encoder, error) ||
      !find_model(opened.project, request->meis, PCT_ROLE_MEI_SET, &meis, error))
    return FALSE;
  g_autoptr(PctNeurons) neurons = pct_neurons_new(opened.project);
  g_autoptr(PctNeuronFilter) filter = pct_neurons_new_filter(neurons, request->filter ?: "", NULL, error);
  if (!filter)
    return FALSE;
  if (encoder)
    pct_neurons_set_encoder(neurons, encoder);
  if (meis)
    pct_neurons_set_mei_set(neurons, meis);
  pct_neurons_set_active(neurons, TRUE);
  if (!pct_project_wait(&opened, is_known, neurons, run, error))
    return FALSE;
  pct_console_finish(console);
  g_autoptr(GArray) found = list_neurons(request, neurons, filter);
  if (request->csv)
    print_csv(neurons, found);
  else
    print_table(request, neurons, found, pct_neuron_filter_get_columns(filter));
  return TRUE;
}

static int
run_neurons(char **arguments)
{
  g_autofree char *filter = NULL, *sort = NULL, *encoder = NULL, *meis = NULL, *only = NULL, *trials = NULL;
  gboolean descending = FALSE, csv = FALSE;
  const GOptionEntry entries[] = {
    { "filter", 0, 0, G_OPTION_ARG_STRING, &filter,
      N_("Those that pass, as in the window: “reliability > 0.3 and rf_x < 32”"),
      "CONDITION" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &only, N_("Of these alone"), "I,J,…" },
    { "sort", 0, 0, G_OPTION_ARG_STRING, &sort, N_("By which column (default: number)"), "COLUMN" },
    { "descending", 0, 0, G_OPTION_ARG_NONE, &descending, N_("The largest first"), NULL },
    { "encoder", 'e', 0, G_OPTION_ARG_STRING, &encoder, N_("Whose predictions are judged (default: the best)"), "NAME" },
    { "meis", 0, 0, G_OPTION_ARG_STRING, &meis, N_("Which most exciting inputs (default: the newest)"), "NAME" },
    PCT_TRIALS_ENTRY(&trials),
    { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_("Print as CSV, every column that is known"), NULL },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "RECORDING", 1,
                         _("Models are those of the recording’s workspace. Receptive fields are known where they were\n"
                           "found before, in the window.")))
    return PCT_EXIT_USAGE;
  Request request = { arguments[1], trials, filter, encoder, meis, NULL, PCT_COLUMN_NUMBER, descending, csv };
  if (sort && !pct_column_from_name(sort, &request.sort))
    return pct_command_refuse(_("There is no column “%s”"), sort);
  g_autoptr(GArray) neurons = only ? g_array_new(FALSE, FALSE, sizeof(int)) : NULL;
  g_auto(GStrv) parts = only ? g_strsplit(only, ",", -1) : NULL;
  for (char **part = parts; part && *part; part++) {
    guint64 number;
    if (!g_ascii_string_to_unsigned(*part, 10, 0, G_MAXINT, &number, NULL))
      return pct_command_refuse(_("Neurons are numbered from 0"));
    int neuron = (int)number;
    g_array_append_val(neurons, neuron);
  }
  request.only = neurons;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !list(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_neurons = { "neurons", N_("list the neurons and what is known of each"), run_neurons };
