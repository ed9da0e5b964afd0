// SPDX-License-Identifier: GPL-3.0-or-later
// Something large in a model's folder, loaded when somebody first needs it and kept: shared by the model and by the
// requests and jobs that use it, whichever thread they run in. What model-decoder.h and model-encoder.h have in common.
#pragma once
#include <glib.h>

typedef struct _PctKept PctKept;

typedef struct {
  // The thing, if it fits a recording of so many neurons and pixels. NULL with an error.
  gpointer (*load)(const char *folder, int n_neurons, int height, int width, GError **error);
  gpointer (*ref)(gpointer thing);
  void (*unref)(gpointer thing);
} PctKeptClass;

PctKept *pct_kept_new(const PctKeptClass *klass, const char *folder, int n_neurons, int height, int width);
PctKept *pct_kept_ref(PctKept *self);
void pct_kept_unref(PctKept *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctKept, pct_kept_unref)

const char *pct_kept_get_folder(const PctKept *self);
// One that was just made need not be read back. A reference is taken.
void pct_kept_set(PctKept *self, gpointer thing);
// A new reference; waits if another thread is loading it. NULL with the errors of load.
gpointer pct_kept_get(PctKept *self, GError **error);
