// SPDX-License-Identifier: GPL-3.0-or-later
// A job in the list of jobs: title, what it is doing, progress, and a button that stops it.
#pragma once
#include <gtk/gtk.h>
#include "work/job.h"

G_BEGIN_DECLS

#define PCT_TYPE_JOB_ROW (pct_job_row_get_type())
G_DECLARE_FINAL_TYPE(PctJobRow, pct_job_row, PCT, JOB_ROW, GtkListBoxRow)

GtkWidget *pct_job_row_new(PctJob *job);

G_END_DECLS
