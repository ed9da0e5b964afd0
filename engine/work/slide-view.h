// SPDX-License-Identifier: GPL-3.0-or-later
// What a slide shows, as files: the original, the picture of the recorded responses, that of the responses as set, and (as
// numbers) their difference; X.csv has the responses that were changed, X.json what all was made of. Main thread only.
#pragma once
#include "work/slide.h"

G_BEGIN_DECLS

// A job that saves what is shown now, as path's ending says: .png (the three pictures side by side) or .npy (the three and
// the change, (4,H,W) grey levels). Already submitted; give back with g_object_unref. NULL with PCT_ERROR_UNSUPPORTED
// (another ending, or nothing is drawn). The job's errors: PCT_ERROR_IO, _UNSUPPORTED, _MEMORY.
PctJob *pct_slide_save_view(PctSlide *slide, PctProject *project, const char *path, GError **error);

G_END_DECLS
