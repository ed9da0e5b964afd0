// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/recording-remarks.h"
#include <json-glib/json-glib.h>
#include <string.h>

#define LONGEST 1000

// One line, not endless.
static char *
dup_line(const char *text)
{
  char *line = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), LONGEST));
  return g_strstrip(g_strdelimit(line, "\n\r\t", ' '));
}

char **
pct_recording_dup_remarks(const PctRecording *recording)
{
  // Its depth was checked when the recording was made.
  const char *text = pct_recording_get_provenance(recording);
  g_autoptr(JsonParser) parser = json_parser_new();
  if (!text || !json_parser_load_from_data(parser, text, -1, NULL) ||
      !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
    return NULL;
  JsonNode *node = json_object_get_member(json_node_get_object(json_parser_get_root(parser)), "remarks");
  if (!node || !JSON_NODE_HOLDS_ARRAY(node))
    return NULL;
  JsonArray *array = json_node_get_array(node);
  g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
  gboolean any = FALSE;
  for (guint i = 0; i < MIN(json_array_get_length(array), PCT_RECORDING_REMARKS); i++) {
    JsonNode *element = json_array_get_element(array, i);
    if (json_node_get_value_type(element) != G_TYPE_STRING)
      continue;
    g_autofree char *line = dup_line(json_node_get_string(element));
    g_strv_builder_add(lines, line);
    any = TRUE;
  }
  return any ? g_strv_builder_end(lines) : NULL;
}
