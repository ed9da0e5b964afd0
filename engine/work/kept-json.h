// SPDX-License-Identifier: GPL-3.0-or-later
// A small JSON file of a workspace that a person's doings fill: read once, then written whole, both in a thread, the newest
// content alone. It says which recording it belongs to. Invariant: a file that could not be used is never written over, but
// put aside under another name first. For work/ itself; main thread only.
#pragma once
#include <json-glib/json-glib.h>
#include "work/project.h"

typedef struct {
  const char *name;    // in the workspace, "slide-history.json"
  const char *format;  // its member "format", "percept-slide-history-1"
  // In a thread. The content of the root; NULL: it is none. Of the project it may ask what never changes.
  gpointer (*read)(JsonObject *root, PctProject *project);
  // In a thread. Adds the content's members to the root.
  void (*write)(gconstpointer content, JsonBuilder *builder);
  GDestroyNotify free;
} PctKeptJsonClass;

// The largest file that is read, or written.
#define PCT_KEPT_JSON_MAX_BYTES (4 << 20)

typedef struct _PctKeptJson PctKeptJson;

// Told on the main thread: of a write that failed (a sentence) or succeeded (NULL), and, once, that it is read (NULL).
typedef void (*PctKeptJsonFunc)(gpointer owner, const char *problem);

// Starts to read. owner: borrowed, handed to both.
PctKeptJson *pct_kept_json_new(const PctKeptJsonClass *klass, PctProject *project, PctKeptJsonFunc read,
                               PctKeptJsonFunc written, gpointer owner);
// Waits until it is read. What it held, once: free it with the class's free. NULL without an error: there is no file yet.
// NULL with PCT_ERROR_FORMAT, _UNSUPPORTED (another version's, or another recording's) or _IO. `read` is not called after.
gpointer pct_kept_json_take(PctKeptJson *self, GError **error);
// content: taken. Makes the workspace if there is none. Only after take.
void pct_kept_json_save(PctKeptJson *self, gpointer content);
// Writes what waits. Nothing is told any more.
void pct_kept_json_free(PctKeptJson *self);
