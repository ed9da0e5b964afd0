// SPDX-License-Identifier: GPL-3.0-or-later
// What a training makes its model with, as a person chooses it: an encoder and a set of most exciting inputs of the
// project, and a folder of photographs. Main thread only.
#pragma once
#include "work/project.h"

G_BEGIN_DECLS

// NULL: the project's best encoder, its newest set, no photographs. What the kind does not ask for with its options is
// NULL. Borrowed.
typedef struct {
  PctModel *encoder, *meis;
  const char *photographs;  // a path
} PctTrainingSources;

// The sentence that says what to train first, where a kind needs which and there is none. Free with g_free.
char *pct_training_sources_dup_missing(PctKind *kind, PctModelNeeds which);

// What needs and wanted (NULL: nothing chosen) come to, or what a model to be resumed (NULL: none) was begun with.
// found: borrowed from the project and from wanted or resume. FALSE with PCT_ERROR_UNSUPPORTED where there is none, or
// what is wanted is not finished or of another role.
gboolean pct_training_sources_find(PctTrainingSources *found, PctProject *project, PctKind *kind, PctModelNeeds needs,
                                   const PctTrainingSources *wanted, PctModel *resume, GError **error);

G_END_DECLS
