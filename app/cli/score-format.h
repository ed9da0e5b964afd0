// SPDX-License-Identifier: GPL-3.0-or-later
// A figure with its interval, as every table of scores shows it: in a cell for a person, as JSON, as fields of a CSV.
#pragma once
#include <json-glib/json-glib.h>
#include "measure/score-summary.h"

// "0.359 .341–.377"; value and interval times factor. “–” for what is unknown. Free with g_free.
char *pct_score_cell(double value, PctInterval interval, int decimals, double factor);

// The measures of a frame worth a column of a table for people: *n of them.
typedef struct {
  PctMeasure measure;
  PctFrame frame;
  const char *title, *below;  // N_()
  int decimals;
  double factor;
} PctScoreShown;
const PctScoreShown *pct_score_get_shown(guint *n);

// Members "NAME": value and "NAME_interval": [low, high] of the object that is open; null for what is unknown.
void pct_score_add_figure(JsonBuilder *builder, const char *name, double value, PctInterval interval);
// Members "full" and "central", an object of all measures each.
void pct_score_add_summary(JsonBuilder *builder, const PctScoreSummary *summary);

// On stdout, each field after a comma, whatever is unknown empty.
void pct_score_print_csv_names(void);
void pct_score_print_csv_fields(const PctScoreSummary *summary);
// A field of text as RFC 4180 has it, without a comma.
void pct_csv_print_text(const char *text);
