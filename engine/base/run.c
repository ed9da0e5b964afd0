// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "base/run.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"

PctPool *
pct_run_get_pool(const PctRun *run)
{
  return run ? run->pool : NULL;
}

gboolean
pct_run_report(const PctRun *run, const PctProgress *progress, GError **error)
{
  if (!run || !run->func || run->func(progress, run->data))
    return TRUE;
  g_set_error_literal(error, PCT_ERROR, PCT_ERROR_CANCELLED, _("Stopped."));
  return FALSE;
}

gboolean
pct_run_step(const PctRun *run, double step, double total, GError **error)
{
  PctProgress progress = { .step = step, .total = total };
  return pct_run_report(run, &progress, error);
}

static gboolean
report_preparation(const PctProgress *progress, gpointer data)
{
  PctProgress told = { .phase = progress->phase };
  return pct_run_report(data, &told, NULL);
}

PctRun
pct_run_preparation(const PctRun *whole)
{
  return (PctRun){ report_preparation, (gpointer)whole, pct_run_get_pool(whole) };
}

static gboolean
report_part(const PctProgress *progress, gpointer data)
{
  const PctRunPart *part = data;
  double share = progress->total > 0 ? CLAMP(progress->step / progress->total, 0, 1) : 0;
  PctProgress told = *progress;
  told.step = part->total > 0 ? part->done + share * part->share : 0;
  told.total = part->total;
  return pct_run_report(part->whole, &told, NULL);
}

const PctRun *
pct_run_part(PctRunPart *part, const PctRun *whole, double done, double share, double total)
{
  *part = (PctRunPart){ whole, done, share, total, { report_part, part, pct_run_get_pool(whole) } };
  return &part->run;
}
