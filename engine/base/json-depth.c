// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json-depth.h"

gboolean
pct_json_is_shallow(const char *text, gsize n, int most)
{
  int depth = 0;
  gboolean quoted = FALSE;
  for (gsize i = 0; i < n; i++)
    if (quoted) {
      if (text[i] == '\\')
        i++;
      else
        quoted = text[i] != '"';
    } else if (text[i] == '"') {
      quoted = TRUE;
    } else if (text[i] == '/' || text[i] == '#' || text[i] == '\'') {
      return FALSE;
    } else if (text[i] == '[' || text[i] == '{') {
      if (++depth > most)
        return FALSE;
    } else if (text[i] == ']' || text[i] == '}') {
      depth--;
    }
  return TRUE;
}
