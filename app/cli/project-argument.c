// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "project-argument.h"
#include "command.h"
#include "models.h"

// Between two looks, microseconds.
#define PAUSE 2000

gboolean
pct_project_wait(PctOpenedProject *opened, gboolean (*is_so)(gpointer data), gpointer data, const PctRun *run,
                 GError **error)
{
  while (!is_so(data)) {
    PctJob *job = pct_lanes_get_current(opened->lanes);
    PctProgress progress = { .phase = job ? pct_job_get_title(job) : NULL, .step = job ? pct_job_get_step(job) : 0,
                             .total = job ? pct_job_get_total(job) : 0 };
    if (!pct_run_report(run, &progress, error))
      return FALSE;
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(PAUSE);
  }
  return TRUE;
}

static gboolean
is_over(gpointer job)
{
  return pct_job_is_over(job);
}

gboolean
pct_project_argument_open(PctOpenedProject *opened, const char *argument, const char *trials, const PctRun *run,
                          GError **error)
{
  // A subcommand that looks makes no folders.
  opened->lanes = pct_recording_argument_check(argument, error) ? pct_lanes_new(error) : NULL;
  if (!opened->lanes)
    return FALSE;
  g_autoptr(PctJob) job = pct_project_open_async(opened->lanes, pct_command_recording_path(argument), trials);
  return pct_project_wait(opened, is_over, job, run, error) && (opened->project = pct_project_open_finish(job, error));
}

void
pct_opened_project_clear(PctOpenedProject *opened)
{
  g_clear_object(&opened->project);
  if (opened->lanes)
    pct_lanes_shutdown(opened->lanes);
  g_clear_object(&opened->lanes);
}
