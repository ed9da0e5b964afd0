// SPDX-License-Identifier: GPL-3.0-or-later
// What the facts of a first look mean: one sentence each on what makes a recording less worth than it seems, and what
// to do about it. The same sentences stand in the window and on the command line. Nothing to say is a good recording.
#pragma once
#include "measure/first-look.h"

typedef struct {
  const char *name;  // "leak-test-train": stable, not translated
  gboolean grave;    // scores would mislead, or little can be expected; else good to know
  char *sentence;    // translated
  char *advice;      // translated, what to do; NULL: nothing
} PctRemark;

// Of PctRemark, grave ones first. imported: NULL-terminated sentences of whoever made the recording (NULL: none), told
// last. Free with g_ptr_array_unref.
GPtrArray *pct_first_look_dup_remarks(const PctFirstLook *look, const char *const *imported);

// How numbers are written, as ui/plots has it; NULL below: as digits. Free with g_free.
typedef char *(*PctNumberText)(double value, int decimals);

// "5,335 neurons, 4,500 images of 64 × 36 pixels, 5,200 trials; 100 test images shown 8 times." Free with g_free.
char *pct_first_look_dup_headline(const PctFirstLook *look, PctNumberText number);
// What can be expected of so many neurons and images, and of what the expectation is; one or two sentences. Free with
// g_free.
char *pct_first_look_dup_expectation(const PctFirstLook *look, PctNumberText number);
// How the gain of a trial was measured, one sentence. Borrowed.
const char *pct_first_look_get_gain_sentence(const PctFirstLook *look);
