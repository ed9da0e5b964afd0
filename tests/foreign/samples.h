// SPDX-License-Identifier: GPL-3.0-or-later
// The files of tests/foreign/samples (made by make-samples.py), opened as foreign sources, and what is in them.
#pragma once
#include "foreign/foreign.h"

// Free with g_free.
char *sample_path(const char *name);
// A new folder for what a test writes; remove_folder takes it away with all that is in it.
char *make_folder(void);
void remove_folder(const char *folder);

// The sources of a path, which opens; free with g_ptr_array_unref.
GPtrArray *open_path(const char *path);
GPtrArray *open_sample(const char *name);
// It does not open: with this error, in one sentence, which holds the words.
void refuse_path(const char *path, PctError code, const char *words);
void refuse_sample(const char *name, PctError code, const char *words);

// The array, or -1.
int find_array(const PctArraySource *source, const char *name);
// All of the array, which is there and has this shape, 0 ending it.
PctNpyArray *read_array(PctArraySource *source, const char *name, const gsize *shape);
#define READ(source, name, ...) read_array(source, name, (const gsize[]){ __VA_ARGS__, 0 })
// Its values are first, first + 1, ...; read whole and in parts.
void check_counted(PctArraySource *source, const char *name, double first, PctNpyKind kind, gsize item_size,
                   const gsize *shape);
#define COUNTED(source, name, first, kind, item_size, ...) \
  check_counted(source, name, first, kind, item_size, (const gsize[]){ __VA_ARGS__, 0 })
// Its texts, separated by '|'.
void check_texts(PctArraySource *source, const char *name, const char *texts);
// A remark holds the words.
void check_remark(const PctArraySource *source, const char *words);
