// SPDX-License-Identifier: GPL-3.0-or-later
// What percept-import found or made, as the JSON that work/import-process.h hands on.
#pragma once
#include "import/assemble.h"
#include "import/guess.h"

// {"catalogue", "guess": {"plan", "layout", "reasons": {role: sentence}, "missing": [sentences]}}.
JsonNode *pct_describe_guess(const PctCatalogue *catalogue, const PctImportGuess *guess);
// {"sentences", "remarks", "neurons", "images", "trials", "height", "width", "averaged", "tiers": {name: {"images",
// "trials"}}}.
JsonNode *pct_describe_result(const PctImportResult *result);
// What a person looks at before anything is kept: an .npz at path with pictures, full, times, mean, deviation, and
// delay, window, baseline (); those that there are. FALSE with PCT_ERROR_IO.
gboolean pct_save_preview(const PctImportPreview *preview, const char *path, const PctRun *run, GError **error);
