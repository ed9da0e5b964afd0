// SPDX-License-Identifier: GPL-3.0-or-later
// An import in a person's hands: the files, which array is what, the settings, and what would come of it. Whatever is
// changed has percept-import carry the plan out again, for a look; newest wins, and a change that comes meanwhile ends
// the run before. Main thread only; the work is a job of the opening lane and another process.
//
// Signals: "files-changed" after files came, went or were read (then arrays, plan and reasons are new);
// "plan-changed" after a role or a setting; "outcome-changed" after the look at it began, or came to an end.
#pragma once
#include "work/import-listing.h"
#include "work/import-outcome.h"
#include "work/lanes.h"

G_BEGIN_DECLS

#define PCT_TYPE_IMPORT (pct_import_get_type())
G_DECLARE_FINAL_TYPE(PctImport, pct_import, PCT, IMPORT, GObject)

// Whether a path is one that Percept imports and does not open: by its ending, or a folder that is no recording.
gboolean pct_import_is_foreign(const char *path);
// Whether an error of opening says that a file is no recording of ours: it may still be one to import.
gboolean pct_import_may_help(const GError *error);

// program: the importer; NULL: the one that belongs to this program.
PctImport *pct_import_new(PctLanes *lanes, const char *program);

// Files and folders, absolute, each once. Every change reads them anew; a role that a person assigned stays if its array
// is still there.
void pct_import_add_paths(PctImport *self, const char *const *paths);
void pct_import_remove_path(PctImport *self, guint i);
const GPtrArray *pct_import_get_paths(PctImport *self);

// Borrowed; NULL while there are no files, or they could not be read.
const PctImportListing *pct_import_get_listing(PctImport *self);
// Why they could not be, a sentence; NULL.
const char *pct_import_get_files_error(PctImport *self);
gboolean pct_import_is_listing(PctImport *self);

// The plan in hand. Borrowed.
const PctImportPlan *pct_import_get_plan(PctImport *self);
// array NULL: none; axes NULL: the best that fit.
void pct_import_assign(PctImport *self, PctImportRole role, const char *array, const char *axes);
// Whether a person gave or took a role: what the guess lacked is then no longer all that there is to say.
gboolean pct_import_has_choices(PctImport *self);
// Why a role has its array: the guess's reason, or NULL where a person chose it.
const char *pct_import_get_reason(PctImport *self, PctImportRole role);
void pct_import_set_number(PctImport *self, const char *setting, double value);
void pct_import_set_name(PctImport *self, const char *name);
const char *pct_import_get_name(PctImport *self);

// What would come of it; NULL while that is not known. Stays (of the plan before) while a new look is taken.
const PctImportOutcome *pct_import_get_outcome(PctImport *self);
// Why nothing would; NULL. Set also where something is missing that only a person can say.
const char *pct_import_get_error(PctImport *self);
// The job that lists, looks or makes, for its progress; NULL: nothing is done. Borrowed.
PctJob *pct_import_get_job(PctImport *self);

// Where the recording would be written: beside the first file if that can be, under a name that is not taken. Free with
// g_free; NULL without files.
char *pct_import_dup_output(PctImport *self);
// Writes it. The job's "finished" tells; its result is nothing. New reference.
PctJob *pct_import_make(PctImport *self, const char *path);

G_END_DECLS
