// SPDX-License-Identifier: GPL-3.0-or-later
// What a model is made with, as its description keeps it: an encoder and a set of most exciting inputs by name and by the
// hash of the file that holds them, photographs by their folder. A training that is resumed goes on with what it was
// begun with, or not at all. For work/ itself and percept-cli. Any thread.
#pragma once
#include "base/run.h"
#include "model/model-info.h"

// Notes in info that its model is made with what lies in the file at path: weights (which PCT_NEEDS_ENCODER) or images
// (PCT_NEEDS_MEIS), under this name. resume: info says already, and the file must be the same. FALSE with
// PCT_ERROR_UNSUPPORTED (it is another now), _IO or _CANCELLED.
gboolean pct_origin_note(PctModelInfo *info, PctModelNeeds which, const char *name, const char *path, gboolean resume,
                         const PctRun *run, GError **error);
// The same of a folder of photographs; NULL: none. FALSE with PCT_ERROR_IO where there is no such folder.
gboolean pct_origin_note_photographs(PctModelInfo *info, const char *folder, GError **error);
