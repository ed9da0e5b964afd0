// SPDX-License-Identifier: GPL-3.0-or-later
// A project given away as one file (work/share.h), and what others gave away taken in: jobs for the window. Main thread.
#pragma once
#include "work/project.h"

G_BEGIN_DECLS

// models: of PctModel, finished ones. How large the file will be, in bytes: looks at the disk, which is quick.
guint64 pct_project_measure_share(PctProject *self, GPtrArray *models, gboolean with_recording);
// Writes the file at path. The job is submitted; its error says what went wrong. Give back with g_object_unref.
PctJob *pct_project_share_async(PctProject *self, GPtrArray *models, gboolean with_recording, const char *path);

// Takes the models of a shared file, which must belong to this recording, into the workspace. The job is submitted. Give
// back with g_object_unref.
PctJob *pct_project_take_in_async(PctProject *self, const char *path);
// After the job's "finished" with PCT_JOB_DONE: lists the models in the project. Returns how many there are.
guint pct_project_take_in_finish(PctProject *self, PctJob *job);

G_END_DECLS
