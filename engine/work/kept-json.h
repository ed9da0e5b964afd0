// SPDX-License-Identifier: GPL-3.0-or-later
// A small JSON file of a workspace that a person's doings fill: read once, then written whole, in a thread, the newest
// content alone. It says which recording it belongs to. Invariant: a file that could not be used is never written over, but
// put aside under another name first. For work/ itself; main thread only.
#pragma once
#include <json-glib/json-glib.h>
#include "work/project.h"

typedef struct _PctKeptJson PctKeptJson;

// Told on the main thread, of a write that failed (a sentence) or succeeded (NULL).
typedef void (*PctKeptJsonFunc)(gpointer owner, const char *problem);

// name: in the workspace, "slide-history.json"; format: "percept-slide-history-1", its member "format". owner: borrowed,
// handed to written.
PctKeptJson *pct_kept_json_new(PctProject *project, const char *name, const char *format, PctKeptJsonFunc written,
                               gpointer owner);
// The largest file that is read, or written.
#define PCT_KEPT_JSON_MAX_BYTES (4 << 20)
// NULL without an error: there is none yet. NULL with PCT_ERROR_FORMAT, _UNSUPPORTED (another version's, or another
// recording's) or _IO. The parser holds its root, an object.
JsonParser *pct_kept_json_load(PctKeptJson *self, GError **error);
// What was loaded is of no use after all: PCT_ERROR_FORMAT that says so.
void pct_kept_json_refuse(PctKeptJson *self, GError **error);
// An object with format and fingerprint begun, for more members.
JsonBuilder *pct_kept_json_begin(PctKeptJson *self);
// Ends it, takes it, and has it written; makes the workspace if there is none.
void pct_kept_json_save(PctKeptJson *self, JsonBuilder *builder);
// Waits for what is being written. `written` is not called any more.
void pct_kept_json_free(PctKeptJson *self);
