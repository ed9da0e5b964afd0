// SPDX-License-Identifier: GPL-3.0-or-later
// What percept-import says: one JSON object a line on stdout, as work/import-process.h understands it.
#pragma once
#include <json-glib/json-glib.h>
#include "base/run.h"

// A PctRunFunc: tells progress, at most every 50 ms unless the phase is another. data: a PctReporter.
typedef struct {
  gint64 said;  // when, monotonic
} PctReporter;
gboolean pct_report_progress(const PctProgress *progress, gpointer data);

// Consumes result.
void pct_report_result(JsonNode *result);
void pct_report_error(const GError *error);
