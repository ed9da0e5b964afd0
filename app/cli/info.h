// SPDX-License-Identifier: GPL-3.0-or-later
// What percept-cli info is made of: a list of fields, printed as lines or as JSON, and what it says of what was trained.
#pragma once
#include <json-glib/json-glib.h>
#include "data/recording.h"
#include "table.h"

// Where fields go: a table for a person or an object for a machine; the other is NULL.
typedef struct {
  PctTable *table;
  JsonBuilder *json;
} PctInfo;

void pct_info_add_text(PctInfo *out, const char *name, const char *label, const char *value);
void pct_info_add_integer(PctInfo *out, const char *name, const char *label, gint64 value);
void pct_info_add_number(PctInfo *out, const char *name, const char *label, double value, const char *unit);
void pct_info_add_size(PctInfo *out, int height, int width);
// What a recording knows beside images and responses: behaviour, labels of neurons, degrees, provenance.
void pct_info_add_recording(PctInfo *out, const PctRecording *recording);

// A model's folder of any role, a workspace, a file of weights (.pt, .safetensors), a set of most exciting inputs
// (.npz). FALSE with the errors of reading it.
gboolean pct_info_describe_model(PctInfo *out, const char *folder, GError **error);
gboolean pct_info_describe_workspace(PctInfo *out, const char *folder, GError **error);
gboolean pct_info_describe_weights(PctInfo *out, const char *path, GError **error);
gboolean pct_info_describe_meis(PctInfo *out, const char *path, GError **error);
