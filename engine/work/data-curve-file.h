// SPDX-License-Identifier: GPL-3.0-or-later
// A curve of quality against the amount of data on disk: NAME.csv, a row a point, and NAME.json beside it, which says what
// of (kind, options, seed, recording, tier, what it was made with, version). The JSON is written first, the CSV anew after
// every point, both at once or not at all; so a curve that was stopped goes on from the points it has, and other points
// may be added. In a workspace they are curves/<kind>-<n>. For work/ itself and percept-cli. Any thread.
//
// CSV: count (neurons or images), share (of all), seconds (of the fit), then "single_" and "averaged_" with the columns of
// measure/score-summary.h; empty where there is none.
#pragma once
#include "decode/data-curve.h"
#include "model/model-info.h"

// What every point is of; all borrowed. curve: whole may be NULL, and is then fitted when it is needed.
typedef struct {
  PctDataCurve curve;
  const PctModelInfo *info;  // kind, options, seed, what it is made with, and the recording
  const char *model, *model_hash;  // that neurons are silenced in, its name and its weights'; NULL: fitted for the curve
} PctDataCurveWork;

// Shares of all, ascending: 1/32, 1/16 .. 1.
#define PCT_DATA_CURVE_N_SHARES 6
extern const double pct_data_curve_shares[PCT_DATA_CURVE_N_SHARES];

// Where a curve lies in a workspace: one that is of the same thing, to go on with, or the lowest free number. Makes the
// folder. NULL with PCT_ERROR_IO. Free with g_free.
char *pct_data_curve_locate(const char *workspace, const PctDataCurveWork *work, GError **error);

// Measures the points at shares (n,) that path, a CSV, has not, in that order, and adds each to it as it comes. A
// point is reported by its columns as figures ("count" first), once; the points that were there before as well, at
// once. FALSE with PCT_ERROR_UNSUPPORTED (path holds a curve of something else), _IO, _FORMAT, or the errors of
// pct_data_curve_measure; the points that are ready stay.
gboolean pct_data_curve_run(const PctDataCurveWork *work, const double *shares, guint n, const char *path,
                            const PctRun *run, GError **error);

// Of PctDataPoint, fewest first. NULL with PCT_ERROR_IO or _FORMAT. Free with g_array_unref.
GArray *pct_data_curve_load(const char *path, GError **error);
