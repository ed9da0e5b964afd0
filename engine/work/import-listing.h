// SPDX-License-Identifier: GPL-3.0-or-later
// What percept-import says that it found in files: which arrays there are, and what they may be. Arrays are known by
// name, kind and shape alone; nothing of them is in this process.
#pragma once
#include "base/run.h"
#include "import/guess.h"
#include "work/import-process.h"

typedef struct {
  PctCatalogue *catalogue;
  PctImportGuess *guess;  // its plan has the paths that were asked for
} PctImportListing;

void pct_import_listing_free(PctImportListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctImportListing, pct_import_listing_free)

// Runs the importer over the plan's paths. NULL with the errors of pct_import_process_run. Any thread.
PctImportListing *pct_import_listing_new(const char *program, const PctImportPlan *plan, const PctImportLimits *limits,
                                         const PctRun *run, GError **error);

// Texts of a result's member, which may be anything; of char *. Free with g_ptr_array_unref.
GPtrArray *pct_import_result_dup_texts(JsonObject *object, const char *name);
