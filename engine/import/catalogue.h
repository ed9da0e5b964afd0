// SPDX-License-Identifier: GPL-3.0-or-later
// All arrays of the files that an import was given, each under one name: its source's ("session.mat", or as much of the
// path as tells two of a name apart), '/' and its own. Plans name arrays so. A table's column or row has a name as
// well: "session.h5/behavior[:,2]" or "session.h5/behavior[2,:]", counted from 0; it is among the entries once it was
// asked for. Not for several threads at once.
#pragma once
#include <json-glib/json-glib.h>
#include "import/array-source.h"

typedef struct {
  char *name;              // in the catalogue, UTF-8
  PctArraySource *source;  // borrowed
  guint number;            // in source->arrays
  const PctForeignArray *array;  // its kind and shape; borrowed from the source, or own: of a column or row
  PctForeignArray *own;
  gsize place;             // of the column or row
  gboolean is_row;
} PctCatalogueEntry;

typedef struct {
  GPtrArray *sources;  // of PctArraySource, owned
  GPtrArray *entries;  // of PctCatalogueEntry, owned, in the sources' order, then columns and rows
  struct _PctCatalogueIndex *index;  // of the entries by name, brought up to date by pct_catalogue_find
} PctCatalogue;

// Consumes sources, of PctArraySource.
PctCatalogue *pct_catalogue_new_take(GPtrArray *sources);
void pct_catalogue_free(PctCatalogue *catalogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctCatalogue, pct_catalogue_free)

// Borrowed; NULL if there is none. Columns and rows are of arrays with two dimensions.
const PctCatalogueEntry *pct_catalogue_find(const PctCatalogue *catalogue, const char *name);
// The whole array, or items first .. first + n - 1 of its first dimension, cut to what there is. NULL with the reader's
// error.
PctNpyArray *pct_catalogue_read(const PctCatalogueEntry *entry, GError **error);
PctNpyArray *pct_catalogue_read_part(const PctCatalogueEntry *entry, gsize first, gsize n, GError **error);

// {"sources": [{"path", "format", "remarks": [...]}], "arrays": [{"name", "type": "float32", "shape": [...], "note"}]}.
JsonNode *pct_catalogue_to_json(const PctCatalogue *catalogue);
// The same catalogue from what a process that may be taken over says: names, kinds and shapes; its arrays cannot be
// read here. NULL with PCT_ERROR_FORMAT.
PctCatalogue *pct_catalogue_from_json(JsonNode *node, GError **error);
