// SPDX-License-Identifier: GPL-3.0-or-later
// Training a model into the project's workspace: an encoder, a set of most exciting inputs (which its PctMeis shows while
// it fills) or a decoder. A decoder's job keeps curves and previews of a few held-out images; the model
// is in the project's list from the start and becomes finished, or unfinished if it was stopped after a checkpoint, or
// leaves the list again if there is nothing to keep.
#pragma once
#include "work/training-sources.h"

G_BEGIN_DECLS

// The held-out images that previews show, drawn from the mean of n_averaged trials each. Nothing in the training
// depends on them.
typedef struct {
  int n;              // at most 6
  const int *images;  // (n,)
  PctTier tier;       // test or validation
  int n_averaged;
  const float *originals;  // (n,H,W) grey levels
  int height, width;
} PctHeldOut;

// Starts (queues) a training; options are copied, NULL: the kind's default. resume: an unfinished model of that kind
// goes on from its checkpoint with its own options and seed; NULL: a new one. Returns the job, already submitted; NULL
// with PCT_ERROR_IO (the workspace cannot be written: the sentence says which folder) or _UNSUPPORTED (resume is not
// such a model, or there is nothing to make it with). What it is made with: sources as training-sources.h says, for a
// resumed one what it began with, if that is the same still, which the job finds out. Give back with g_object_unref.
PctJob *pct_project_train_with(PctProject *self, PctKind *kind, const PctOptionValues *options, guint64 seed,
                               const PctTrainingSources *sources, PctModel *resume, GError **error);
// The same with the best encoder and the newest set that there are, where it needs them.
PctJob *pct_project_train(PctProject *self, PctKind *kind, const PctOptionValues *options, guint64 seed,
                          PctModel *resume, GError **error);

// Of a job made by pct_project_train. Borrowed. The job's figures, curves and previews tell the rest.
PctModel *pct_training_get_model(PctJob *job);
const PctHeldOut *pct_training_get_held_out(PctJob *job);  // n is 0 where the recording holds nothing out

G_END_DECLS
