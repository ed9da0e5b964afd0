// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of any length as an array of text, and a part of an array as one of its own.
#pragma once
#include "data/npy.h"

// Characters of a text that are kept; names of images, tiers and areas have fewer.
#define PCT_LONGEST_TEXT 4096

// texts: as many as shape has places, NULL being empty; what is not UTF-8 is made so. shown is whose memory is asked
// for. NULL with PCT_ERROR_MEMORY.
PctNpyArray *pct_text_array_new(const char *const *texts, guint n_dims, const gsize *shape, const char *shown,
                                GError **error);

// A copy of items first .. first + n - 1 of the first dimension, which exist; of all of an array without dimensions.
PctNpyArray *pct_array_slice(const PctNpyArray *array, gsize first, gsize n, const char *shown, GError **error);
