// SPDX-License-Identifier: GPL-3.0-or-later
// Quality against the number of neurons or train images (decode/data-curve.h), for any kind of decoder, by a job of the
// heavy lane that keeps every point in the workspace (work/data-curve-file.h): it may be cancelled, and asked for again it
// goes on. Main thread only.
//
// The points as they come are the job's curves (pct_job_get_curves): x is the number of neurons or images, a series is a
// column, "single_pixcorr_full", its interval "single_pixcorr_full_low" and "_high"; "averaged_.." likewise. Curves of
// before are read from their files by pct_curves_new_from_csv, in the same form.
#pragma once
#include "decode/data-curve.h"
#include "work/training-sources.h"

G_BEGIN_DECLS

typedef struct {
  PctKind *kind;  // a decoder's
  // Of every fit; options NULL: the kind's default; sources NULL: what a training would take.
  const PctOptionValues *options;
  guint64 seed;
  const PctTrainingSources *sources;
  PctModel *model;  // PCT_AGAINST_SILENCED: a finished decoder of that kind, which brings its own options; NULL: fit one
  PctCurveAgainst against;
  PctTier tier;          // scored on
  const double *shares;  // (n_shares,) of all, ascending; NULL: 1/32, 1/16 .. 1
  guint n_shares;
} PctDataCurveRequest;

// Returns the job, already submitted; give back with g_object_unref. request is copied. NULL with PCT_ERROR_UNSUPPORTED
// (there is nothing to make such a model with).
PctJob *pct_project_measure_data_curve(PctProject *self, const PctDataCurveRequest *request, GError **error);
// The CSV with the points; NULL before the job is done. Borrowed from it.
const char *pct_data_curve_job_get_path(PctJob *job);

// A curve in the workspace.
typedef struct {
  char *path;   // of the CSV
  char *kind;   // "ridge"
  char *model;  // silenced in; NULL: fitted for the curve
  PctCurveAgainst against;
  PctTier tier;
} PctDataCurveAbout;

// Those measured on this recording, of PctDataCurveAbout, in the order of their names. What cannot be read is left out.
// Free with g_ptr_array_unref.
GPtrArray *pct_project_list_data_curves(PctProject *self);

G_END_DECLS
