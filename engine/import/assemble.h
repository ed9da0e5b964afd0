// SPDX-License-Identifier: GPL-3.0-or-later
// Carrying a plan out: arrays are read, turned the right way, checked against each other, and become a recording.
// Whatever does not fit is one sentence that names the arrays, what was expected and what was found; whatever was
// changed or left out on the way (blanks, missing responses, cropped images) is a remark that the recording keeps.
#pragma once
#include "base/run.h"
#include "data/recording.h"
#include "import/catalogue.h"
#include "import/plan.h"

// For a person to look at before anything is kept.
typedef struct {
  int n_pictures;                 // 0 .. 12, spread over the images
  int height, width;              // of the recording's
  int full_height, full_width;    // as they came
  float *pictures, *full;         // (n_pictures, height, width), (n_pictures, full_height, full_width) grey levels
  char **picture_names;           // (n_pictures,) as the file calls them, NULL-terminated; or NULL
  // Around the onset, where responses were taken from traces or spikes: the mean over trials of the neurons that answer
  // best, each z-scored by its baseline. They are chosen by every other trial, and shown by the rest.
  int n_times, n_best;            // n_times 0: none
  float *times;                   // (n_times,) seconds from the onset
  float *mean, *deviation;        // (n_times,): over the best neurons
  double delay, window, baseline; // as carried out, seconds
} PctImportPreview;

typedef struct {
  PctRecording *recording;
  GPtrArray *remarks;             // of char *, sentences
  GPtrArray *sentences;           // of char *: what it is, with counts and units: "4,500 images (36 × 64)"
  PctImportPreview preview;
} PctImportResult;

void pct_import_result_free(PctImportResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctImportResult, pct_import_result_free)

// The recording has its provenance (plan, sources with size and SHA-256, remarks; recording.h). NULL with
// PCT_ERROR_SHAPE, _FORMAT, _UNSUPPORTED (something missing in the plan), a reader's error or _CANCELLED.
PctImportResult *pct_import_assemble(const PctCatalogue *catalogue, const PctImportPlan *plan, const PctRun *run,
                                     GError **error);
