// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli score --repeats: decoders' scores against the number of repeats averaged, and their pictures of two halves
// of the repeats, for a person, as JSON and as CSV.
#pragma once
#include <json-glib/json-glib.h>
#include "decode/repeat-curve.h"

typedef struct {
  char *name, *model;  // for a person; its folder
  PctRepeatCurve *curve;
} PctRepeatLine;

void pct_repeat_line_free(gpointer line);

// lines: of PctRepeatLine.
void pct_repeat_lines_print(const GPtrArray *lines);
void pct_repeat_lines_add_json(const GPtrArray *lines, JsonBuilder *builder);
void pct_repeat_lines_print_csv(const GPtrArray *lines);
