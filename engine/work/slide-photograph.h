// SPDX-License-Identifier: GPL-3.0-or-later
// Any photograph as if it had been shown: cropped and scaled to the recording's frame, and the responses that an encoder
// predicts for it, for a slide to start from (pct_slide_set_shown). With trial noise they scatter about the prediction as
// the validation tier's trials do about theirs (decode/informed-features.h), as a single trial's do; without, they are what
// the mean of very many trials would be. Main thread only.
#pragma once
#include "work/project.h"

G_BEGIN_DECLS

// Starts, in the lane that somebody waits for; already submitted; give back with g_object_unref. encoder: a finished one. Its error:
// PCT_ERROR_FORMAT, _SHAPE, _MEMORY of the file, or of the encoder's.
PctJob *pct_project_show_photograph(PctProject *self, const char *path, PctModel *encoder, gboolean with_noise,
                                    guint64 seed);

// Of a job that is done. All borrowed from it.
typedef struct {
  char *name;               // of the file, for a person
  PctPicture *picture;
  PctResponses *responses;
} PctPhotograph;
const PctPhotograph *pct_photograph_job_get(PctJob *job);

G_END_DECLS
