// SPDX-License-Identifier: GPL-3.0-or-later
// A first look as percept-cli prints it: for a person and as JSON.
#pragma once
#include "decode/quick-score.h"
#include "measure/first-look-remarks.h"

typedef struct {
  PctRecording *recording;
  int n_all_trials;            // before any condition
  const PctFirstLook *look;
  const GPtrArray *remarks;    // of PctRemark
  const PctQuickScore *score;  // NULL: not measured; then
  const char *problem;         // why, or NULL: nobody asked
} PctLookReport;

void pct_look_report_print(const PctLookReport *report);
void pct_look_report_print_json(const PctLookReport *report);

// Values (n,) counted in equal bins from minimum to maximum, those beyond in the end bins: counts (n_bins,). Those not
// finite are passed over.
#define PCT_LOOK_BINS 20
void pct_look_count(const float *values, gsize n, double minimum, double maximum, int counts[PCT_LOOK_BINS]);
