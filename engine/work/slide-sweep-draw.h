// SPDX-License-Identifier: GPL-3.0-or-later
// The interactive thread's half of a slide's sweep. A sweep is drawn in slices of a few hundredths of a second, each a
// request of its own, so that a slider has its turn between them; a slice that was stopped is gone on with.
#pragma once
#include "decode/sweep-pictures.h"
#include "model/model-info.h"
#include "work/model-decoder.h"
#include "work/opened.h"
#include "work/slot.h"

// One sweep, from the wish to the pictures; shared by reference count.
typedef struct {
  gatomicrefcount references;
  // What is asked for; nothing in it changes.
  PctModelDecoder *source;
  PctOpened *opened;
  PctSweepRecipe recipe;
  PctSweepLatent latent;   // of a decoder without z: as FIXED
  int n_draws;
  guint64 seed, fixed_seed;
  int image, repeat, n_averaged;
  float *responses, *recorded;  // (M,)
  PctModelInfo *info;
  // What was made. The lane's thread's own until an answer has told of it, then nobody changes it: the sweep once it is
  // there, the pictures once all are.
  PctSweep *sweep;
  PctSweepPictures *pictures;
  PctSweepLatent drawn_latent;
} PctSweepWork;

PctSweepWork *pct_sweep_work_ref(PctSweepWork *work);
void pct_sweep_work_unref(PctSweepWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctSweepWork, pct_sweep_work_unref)
// Whether the pictures are the same: all that is asked for, but the present response of a neuron that is moved anyway.
gboolean pct_sweep_work_is_same(const PctSweepWork *one, const PctSweepWork *other);

typedef struct {
  PctSweepWork *work;
  gsize n_had;  // pictures that the owner has already
} PctSweepSlice;

typedef struct {
  PctSweepWork *work;
  gsize first;          // number of the first of
  GPtrArray *pictures;  // PctPicture
  gboolean done;
  double spread, change;  // of those drawn so far; NAN: unknown
  char *problem;        // NULL: none
} PctSweepAnswer;

void pct_sweep_slice_free(gpointer slice);
void pct_sweep_answer_free(gpointer answer);
// PctSlotClass.work; state: none.
gpointer pct_sweep_slice_draw(gpointer state, gpointer slice, const PctRun *run);
