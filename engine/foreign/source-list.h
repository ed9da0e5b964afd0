// SPDX-License-Identifier: GPL-3.0-or-later
// How a reader fills a source: arrays under names that occur once, and what is left out, gathered by reason, so that a
// file of a thousand strange things says so in one sentence and not in a thousand.
#pragma once
#include "import/array-source.h"

typedef struct {
  PctArraySource *source;  // borrowed
  GHashTable *names;       // of the arrays, borrowed from them
  GPtrArray *reasons;      // of what is left out
} PctSourceList;

// What a file may hold at most; more is no experiment's.
#define PCT_MOST_ARRAYS 10000

void pct_source_list_init(PctSourceList *list, PctArraySource *source);
void pct_source_list_clear(PctSourceList *list);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctSourceList, pct_source_list_clear)

// Consumes array. FALSE, with the array left out, if its name is taken or there are too many.
gboolean pct_source_list_add_take(PctSourceList *list, PctForeignArray *array);
// name is not listed because of reason, the rest of a sentence, translated: "it holds complex numbers".
void pct_source_list_leave_out(PctSourceList *list, const char *name, const char *reason);

// Writes the remarks. FALSE with PCT_ERROR_UNSUPPORTED if there is no array: the first remark, or that there is none.
gboolean pct_source_list_finish(PctSourceList *list, GError **error);
