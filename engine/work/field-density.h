// SPDX-License-Identifier: GPL-3.0-or-later
// Where the neurons' receptive fields lie on the image, for a contour on a picture: a map from what is known of them, by
// a job of the background lane. Main thread only.
#pragma once
#include "work/project.h"

G_BEGIN_DECLS

typedef enum {
  PCT_DENSITY_OF_FIELDS,   // the receptive fields found in the workspace
  PCT_DENSITY_OF_ENCODER,  // the project's best encoder
} PctDensitySource;

// Of a job that is done. A contour at a half goes round half of what is seen best.
typedef struct {
  int height, width;
  float *values;  // (H,W) 0..1, 1 where receptive fields lie most densely
  PctDensitySource source;
} PctFieldDensity;

// Starts to make the map. NULL with PCT_ERROR_UNSUPPORTED where there are neither receptive fields in the workspace nor
// an encoder: the sentence says what to do. Already submitted; give back with g_object_unref.
PctJob *pct_project_find_field_density(PctProject *self, GError **error);
// NULL before the job is done. Borrowed from it.
const PctFieldDensity *pct_field_density_job_get(PctJob *job);

G_END_DECLS
