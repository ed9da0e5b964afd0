// SPDX-License-Identifier: GPL-3.0-or-later
// A source of arrays that are in memory, for tests of what is made of foreign arrays without any reader.
#pragma once
#include "import/catalogue.h"

PctArraySource *memory_source_new(const char *path, const char *format);
// data is copied. dims: n_dims sizes.
void memory_source_add(PctArraySource *source, const char *name, PctNpyKind kind, gsize item_size, guint n_dims,
                       const gsize *shape, gconstpointer data);
#define MEMORY_SHAPE(...) (sizeof((gsize[]){ __VA_ARGS__ }) / sizeof(gsize)), (gsize[]){ __VA_ARGS__ }
#define memory_source_add_floats(source, name, data, ...) \
  memory_source_add(source, name, PCT_NPY_FLOAT, 4, MEMORY_SHAPE(__VA_ARGS__), data)
#define memory_source_add_doubles(source, name, data, ...) \
  memory_source_add(source, name, PCT_NPY_FLOAT, 8, MEMORY_SHAPE(__VA_ARGS__), data)
#define memory_source_add_ints(source, name, data, ...) \
  memory_source_add(source, name, PCT_NPY_INT, 4, MEMORY_SHAPE(__VA_ARGS__), data)
#define memory_source_add_bytes(source, name, data, ...) \
  memory_source_add(source, name, PCT_NPY_UINT, 1, MEMORY_SHAPE(__VA_ARGS__), data)
// (n,) texts of at most 31 characters, ASCII.
void memory_source_add_texts(PctArraySource *source, const char *name, const char *const *texts, gsize n);
// How many items have been read from it altogether, along first dimensions.
gsize memory_source_get_n_read(PctArraySource *source);

// A catalogue of the sources, which it consumes; NULL ends them.
PctCatalogue *memory_catalogue_new(PctArraySource *source, ...) G_GNUC_NULL_TERMINATED;

// Whether one of the sentences has these words.
gboolean small_says(const GPtrArray *sentences, const char *what);
