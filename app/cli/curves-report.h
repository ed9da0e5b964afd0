// SPDX-License-Identifier: GPL-3.0-or-later
// The points of a curve of quality as percept-cli prints them: for a person, and as JSON.
#pragma once
#include "decode/data-curve.h"

// points: of PctDataPoint. path: of the CSV they are from.
void pct_data_points_print(const GArray *points, PctCurveAgainst against);
void pct_data_points_print_json(const GArray *points, PctCurveAgainst against, const char *path);
