// SPDX-License-Identifier: GPL-3.0-or-later
// Responses as text, for the clipboard and any spreadsheet: a line a neuron, its number, a tab, its response in the
// recording's units to its last bit. Any thread.
#pragma once
#include <glib.h>

// values (m,). Free with g_free.
char *pct_response_text_new(const float *values, int m);
// What such text, or a part of its lines, says of m neurons: fills neurons and values (GArrays of int and float, emptied
// first). Blank lines, and a first line without a number, are passed over; a comma or blanks may stand for the tab. FALSE
// with PCT_ERROR_FORMAT, which names the line.
gboolean pct_response_text_parse(const char *text, int m, GArray *neurons, GArray *values, GError **error);
