// SPDX-License-Identifier: GPL-3.0-or-later
// For sources that can only read an array whole: the last one is kept while parts of it are asked for, so that reading
// an array piece by piece reads its file once.
#pragma once
#include "import/array-source.h"

typedef struct {
  PctNpyArray *array;  // NULL: none
  guint number;        // which
} PctKeptArray;

typedef PctNpyArray *(*PctReadWhole)(PctArraySource *source, guint number, GError **error);

// As PctArraySourceClass.read, by way of read_whole. Whoever asks for all of it is given the array itself.
PctNpyArray *pct_kept_array_read(PctKeptArray *kept, PctReadWhole read_whole, PctArraySource *source, guint number,
                                 gsize first, gsize n, GError **error);
void pct_kept_array_clear(PctKeptArray *kept);
