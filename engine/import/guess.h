// SPDX-License-Identifier: GPL-3.0-or-later
// What the arrays of a catalogue may be, from layouts that are known, names, shapes and values. A guess is offered to a
// person, never carried out unseen: for each role it says which array, along which axes, and why.
#pragma once
#include "base/run.h"
#include "import/catalogue.h"
#include "import/plan.h"

typedef struct {
  PctImportPlan *plan;     // paths as of the sources; settings where a layout tells them
  const char *layout;      // identifier of the layout that was recognised ("natimg", "suite2p", ...); NULL: none
  char *reasons[PCT_N_IMPORT_ROLES];  // sentences for each role that has an array: "Its name says so."; else NULL
  GPtrArray *missing;      // of char *: sentences on what a recording still needs ("No array could be the images ...")
} PctImportGuess;

void pct_import_guess_free(PctImportGuess *guess);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctImportGuess, pct_import_guess_free)

// Reads small arrays and pieces of large ones; what cannot be read is not guessed at. NULL with PCT_ERROR_CANCELLED.
PctImportGuess *pct_import_guess(const PctCatalogue *catalogue, const PctRun *run, GError **error);

// The axes along which an array could have a role, best first, as letters ("tm", "mt"), given what the plan has
// assigned besides; empty: none. For the assistant's choice of transposes. Of char *; free with g_ptr_array_unref.
GPtrArray *pct_import_list_axes(const PctCatalogue *catalogue, const PctImportPlan *plan, PctImportRole role,
                                const char *array);
