// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli images: the images of a recording as the Images page lists them: of one tier or all, by number, by mean
// response, or by how well a decoder draws them.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "project-argument.h"
#include "table.h"
#include "work/scores.h"

typedef struct {
  int image, tier, n_trials;  // tier -1: no trial showed it
  double response, score;     // score NAN: none
} Line;

typedef enum { BY_NUMBER, BY_RESPONSE, BY_SCORE } Order;

typedef struct {
  const char *recording, *trials, *model;  // model NULL: no scores
  int tier;                       // -1: all
  PctMeasure measure;
  Order order;
  gboolean csv;
} Request;

static gboolean
is_ready(gpointer row)
{
  return pct_score_row_is_ready(row) || pct_score_row_get_problem(row);
}

// The row of the model's scores, ready: of means over repeats, or of single trials where there is nothing else.
static PctScoreRow *
score(const Request *request, PctOpenedProject *opened, PctScoreTable *table, const PctRun *run, GError **error)
{
  PctModel *model = pct_project_find_model(opened->project, request->model);
  if (!model || pct_model_get_role(model) != PCT_ROLE_DECODER || pct_model_get_state(model) != PCT_MODEL_FINISHED) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("There is no trained decoder “%s” in the recording’s workspace."), request->model);
    return NULL;
  }
  // A recording without a test tier still has something held out.
  PctTier held_out = pct_project_get_n_tier_images(opened->project, PCT_TIER_TEST) > 0 ? PCT_TIER_TEST
                                                                                       : PCT_TIER_VALIDATION;
  pct_score_table_set_mode(table, request->tier < 0 ? held_out : (PctTier)request->tier, TRUE);
  pct_score_table_set_active(table, TRUE);
  PctScoreRow *row = pct_score_table_find(table, model);
  if (!row || !pct_project_wait(opened, is_ready, row, run, error))
    return NULL;
  if (pct_score_row_get_problem(row)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, pct_score_row_get_problem(row));
    return NULL;
  }
  return row;
}

static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  const Request *request = data;
  const Line *one = a, *other = b;
  gboolean least = request->order == BY_SCORE && request->measure == PCT_MEASURE_MSE;
  double first = request->order == BY_SCORE ? one->score : one->response;
  double second = request->order == BY_SCORE ? other->score : other->response;
  if (request->order == BY_NUMBER || first == second || (isnan(first) && isnan(second)))
    return one->image - other->image;
  if (isnan(first) || isnan(second))
    return isnan(first) ? 1 : -1;
  return (first > second) != least ? -1 : 1;
}

static GArray *
list_images(const Request *request, PctProject *project, PctScoreRow *row)
{
  GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
  GListModel *images = pct_project_get_images(project);
  for (guint i = 0; i < g_list_model_get_n_items(images); i++) {
    g_autoptr(PctImageItem) item = g_list_model_get_item(images, i);
    int image = pct_image_item_get_image(item);
    Line line = { image, pct_image_item_get_tier(item), pct_project_get_n_repeats(project, image),
                  pct_image_item_get_mean_response(item),
                  row ? pct_score_row_get_image_value(row, PCT_FRAME_FULL, request->measure, image) : NAN };
    // Of a filter's trials none showed it.
    if (pct_project_get_trials(project) && line.n_trials == 0)
      continue;
    if (request->tier < 0 || line.tier == request->tier)
      g_array_append_val(lines, line);
  }
  g_array_sort_with_data(lines, compare, (gpointer)request);
  return lines;
}

static void
print_lines(const Request *request, const GArray *lines)
{
  const char *titles[] = { "image", "tier", "trials", "mean_response", pct_measure_get_name(request->measure) };
  g_autoptr(PctTable) table = pct_table_new("rlrrr");
  if (request->csv)
    printf("%s,%s,%s,%s%s%s\n", titles[0], titles[1], titles[2], titles[3], request->model ? "," : "",
           request->model ? titles[4] : "");
  else
    pct_table_add(table, titles[0], titles[1], titles[2], titles[3], request->model ? titles[4] : "");
  for (guint i = 0; i < lines->len; i++) {
    const Line *line = &g_array_index(lines, Line, i);
    const char *tier = line->tier >= 0 ? pct_tier_get_name((PctTier)line->tier) : "";
    char image[16], trials[16], response[32], score[32] = "";
    g_snprintf(image, sizeof image, "%d", line->image);
    g_snprintf(trials, sizeof trials, "%d", line->n_trials);
    g_snprintf(response, sizeof response, request->csv ? "%.9g" : "%.3f", line->response);
    if (isfinite(line->score))
      g_snprintf(score, sizeof score, request->csv ? "%.9g" : "%.3f", line->score);
    if (request->csv)
      printf("%s,%s,%s,%s%s%s\n", image, tier, trials, response, request->model ? "," : "", score);
    else
      pct_table_add(table, image, tier, trials, response, score);
  }
  if (!request->csv)
    pct_table_print(table, "");
}

static gboolean
list(const Request *request, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedProject) opened = { 0 };
  if (!pct_project_argument_open(&opened, request->recording, request->trials, run, error))
    return FALSE;
  g_autoptr(PctScoreTable) table = pct_score_table_new(opened.project);
  PctScoreRow *row = request->model ? score(request, &opened, table, run, error) : NULL;
  if (request->model && !row)
    return FALSE;
  pct_console_finish(console);
  g_autoptr(GArray) lines = list_images(request, opened.project, row);
  print_lines(request, lines);
  return TRUE;
}

static int
run_images(char **arguments)
{
  g_autofree char *model = NULL, *tier = NULL, *sort = NULL, *measure = NULL, *trials = NULL;
  gboolean csv = FALSE;
  const GOptionEntry entries[] = {
    { "tier", 0, 0, G_OPTION_ARG_STRING, &tier, N_("Of this tier (default: all)"), "train|validation|test" },
    { "model", 'm', 0, G_OPTION_ARG_STRING, &model,
      N_("A decoder of the recording’s workspace, for its scores (without --tier: on the test tier)"), "NAME" },
    { "measure", 0, 0, G_OPTION_ARG_STRING, &measure, N_("Which score, of the full frame (default: pixcorr)"), "NAME" },
    { "sort", 0, 0, G_OPTION_ARG_STRING, &sort, N_("By what (default: number)"), "number|mean-response|score" },
    PCT_TRIALS_ENTRY(&trials),
    { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_("Print as CSV"), NULL },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "RECORDING", 1,
                         _("Scores are of means over repeats. A mean response is over trials and neurons, each neuron in\n"
                           "units of its standard deviation.")))
    return PCT_EXIT_USAGE;
  Request request = { arguments[1], trials, model, -1, PCT_MEASURE_PIXCORR, BY_NUMBER, csv };
  PctTier found;
  if (tier && !pct_tier_from_name(tier, &found))
    return pct_command_refuse(_("There is no tier “%s”; the tiers are train, validation and test"), tier);
  request.tier = tier ? (int)found : -1;
  int index = 0;
  while (measure && index < PCT_N_MEASURES && !g_str_equal(measure, pct_measure_get_name((PctMeasure)index)))
    index++;
  request.measure = measure ? (PctMeasure)index : PCT_MEASURE_PIXCORR;
  if (index == PCT_N_MEASURES)
    return pct_command_refuse(_("There is no measure “%s”"), measure);
  const char *const orders[] = { "number", "mean-response", "score" };
  gboolean known = !sort;
  for (guint i = 0; sort && i < G_N_ELEMENTS(orders); i++)
    if (g_str_equal(sort, orders[i])) {
      request.order = (Order)i;
      known = TRUE;
    }
  if (!known)
    return pct_command_refuse(_("Images are sorted by number, mean-response or score, not “%s”"), sort);
  if (!model && (measure || request.order == BY_SCORE))
    return pct_command_refuse(_("%s is missing"), "-m NAME");
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !list(&request, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_images = { "images", N_("list the images, by number, response or a decoder’s score"),
                                        run_images };
