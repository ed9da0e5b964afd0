// SPDX-License-Identifier: GPL-3.0-or-later
// What a file of numbers or pictures was made of, as JSON beside it: the recording, the model, its options, its seed
// and what it was made with itself, so that the file can be made again. The same member always has the same name.
#pragma once
#include <json-glib/json-glib.h>
#include "model/model-info.h"

// "x.csv" -> "x" + ending. Free with g_free.
char *pct_provenance_dup_beside(const char *path, const char *ending);
// "x.csv" -> "x.json". Free with g_free.
char *pct_provenance_dup_path(const char *path);
// value NULL: nothing is added.
void pct_provenance_add_text(JsonBuilder *builder, const char *name, const char *value);
void pct_provenance_add_integer(JsonBuilder *builder, const char *name, gint64 value);
void pct_provenance_add_number(JsonBuilder *builder, const char *name, double value);
// Seeds as text: JSON's numbers have no 64 bits.
void pct_provenance_add_seed(JsonBuilder *builder, const char *name, guint64 seed);
// "recording", "fingerprint", "trials" (NULL: all) of what was decoded, "model", "model_hash" (NULL: a model that is in no folder), then
// "kind", "options", "seed", what it was made with and "model_trials" (where not all), of info.
void pct_provenance_add_model(JsonBuilder *builder, const char *recording, const char *fingerprint, const char *trials,
                              const char *model, const char *model_hash, const PctModelInfo *info);
