// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of a guess share: the plan so far, and the reasons for what is in it.
// Invariant: a role that has an array has a reason.
#pragma once
#include "import/guess.h"
#include "import/role-array.h"

typedef struct {
  const PctCatalogue *catalogue;
  PctImportGuess *guess;
  const PctRun *run;
  GError *stopped;  // PCT_ERROR_CANCELLED, once somebody said so
} PctGuesser;

// Gives an array a role, with axes if they can be, else the best for what is known so far; consumes reason. FALSE: it
// cannot have that role.
gboolean pct_guesser_assign(PctGuesser *guesser, PctImportRole role, const PctCatalogueEntry *entry, const char *axes,
                            char *reason);
gboolean pct_guesser_has(const PctGuesser *guesser, PctImportRole role);
// The values of an entry that is one-dimensional but for dimensions of one, small enough to read and numbers; NULL: it
// is none such. (*n,), free with g_free.
double *pct_guesser_read_vector(const PctCatalogueEntry *entry, gsize *n);

// guess-names.c: how much a name speaks for a role, 0: nothing; some ten: it is that.
int pct_guess_score_name(PctImportRole role, const char *name);

// list-axes.c: how well axes fit an array in a role, given what plan assigns besides; the higher the better, below 0:
// it contradicts something. *agrees: the array of the plan whose size it shares, or NULL; with *size and *letter.
double pct_axes_score(const PctCatalogue *catalogue, const PctImportPlan *plan, PctImportRole role,
                      const PctForeignArray *array, const char *axes, const char **agrees, gsize *size, char *letter);

// layouts.c: assigns the roles of a known layout. Sets guess->layout where one is recognised.
void pct_guess_known_layout(PctGuesser *guesser);
// guess-missing.c: sentences on what a recording still needs, into guess->missing.
void pct_guess_list_missing(PctGuesser *guesser);
