// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the small JSON files of a workspace (model.json, workspace.json), which may come from anybody: a size and a
// depth are checked before json-glib sees them, because its parser recurses once a bracket.
#pragma once
#include <json-glib/json-glib.h>

// The parser of the file at path; its root is an object. NULL with PCT_ERROR_IO or PCT_ERROR_FORMAT.
JsonParser *pct_json_file_load(const char *path, GError **error);
// The same for one that may be larger than most are: of so many bytes.
JsonParser *pct_json_file_load_up_to(const char *path, gsize most, GError **error);
// The same of n bytes of text that were not read from a file: shown names them in messages.
JsonParser *pct_json_text_load(const char *text, gsize n, const char *shown, GError **error);

// The text of a node, or of an object's member; NULL where it is none, or not there. Borrowed.
const char *pct_json_node_get_text(JsonNode *node);
const char *pct_json_get_text(JsonObject *object, const char *name);

// A path as a member holds it, and back. JSON is UTF-8 and a file's name need not be: that one is written as a URI.
// The path of a URI that names no local file is NULL. Free with g_free.
char *pct_json_dup_path_text(const char *path);
char *pct_json_dup_path(const char *text);

// A copy in which every text that is an absolute path (or such a URI) is its base name alone: what leaves this computer
// says nothing of its folders. Free with json_node_unref.
JsonNode *pct_json_dup_without_paths(JsonNode *node);
