// SPDX-License-Identifier: GPL-3.0-or-later
// How deeply JSON text nests, to be asked before json-glib sees text from elsewhere: its parser recurses once a bracket.
#pragma once
#include <glib.h>

// Whether text (n bytes) surely never nests deeper than most. What would hide brackets from this count and not from
// json-glib (comments, single quotes; neither is JSON) is answered by FALSE.
gboolean pct_json_is_shallow(const char *text, gsize n, int most);
