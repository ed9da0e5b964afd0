// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli look: what one ought to know of a recording before trusting it, with a first score: the First Look page.
#include "config.h"
#include <glib/gi18n.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "look-report.h"
#include "model/recording-remarks.h"
#include "models.h"

static gboolean
look(const char *argument, const char *trials, gboolean json, gboolean no_score, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!pct_recording_argument_open(&opened, argument, trials, run, error))
    return FALSE;
  g_autoptr(PctFirstLook) facts = pct_first_look_new(opened.recording, opened.statistics, run, error);
  if (!facts)
    return FALSE;
  g_autoptr(GError) problem = NULL;
  g_autoptr(PctQuickScore) score =
    no_score ? NULL : pct_quick_score_new(opened.recording, opened.statistics, run, &problem);
  // That there is nothing to score on is a fact like the others; that it was stopped is not.
  if (g_error_matches(problem, PCT_ERROR, PCT_ERROR_CANCELLED) ||
      g_error_matches(problem, PCT_ERROR, PCT_ERROR_MEMORY)) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  pct_console_finish(console);
  g_auto(GStrv) imported = pct_recording_dup_remarks(opened.recording);
  g_autoptr(GPtrArray) remarks = pct_first_look_dup_remarks(facts, (const char *const *)imported);
  PctLookReport report = { opened.recording, opened.n_all_trials, facts, remarks, score,
                           problem ? problem->message : NULL };
  if (json)
    pct_look_report_print_json(&report);
  else
    pct_look_report_print(&report);
  return TRUE;
}

static int
run_look(char **arguments)
{
  g_autofree char *trials = NULL;
  gboolean json = FALSE, no_score = FALSE;
  const GOptionEntry entries[] = {
    { "no-score", 0, 0, G_OPTION_ARG_NONE, &no_score,
      N_("Facts alone: no ridge regression is fitted and scored"), NULL },
    PCT_TRIALS_ENTRY(&trials),
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print as JSON"), NULL },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "RECORDING", 1,
                         _("Tells what is odd about a recording, how reliable its neurons are, what they share "
                           "besides the\n"
                           "images, whether they drift, and what a ridge regression makes of it beside the floors.")))
    return PCT_EXIT_USAGE;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || !look(arguments[1], trials, json, no_score, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_look = { "look", N_("take a first look at a recording: what to trust, and a first score"),
                                      run_look };
