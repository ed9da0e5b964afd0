// SPDX-License-Identifier: GPL-3.0-or-later
// model.json holds one object: format, version, kind, state, options (as text), recording, sizes, seed (as text:
// JSON numbers have no 64 bits), created, seconds, validation, and where there are such, encoder, meis and photographs.
// Written by json-glib; read with every member's type and range checked, since json-glib forgives.
#include "config.h"
#include "model/model-info.h"
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "model/json-file.h"

#define FORMAT "percept-model"
#define FORMAT_VERSION 1
#define MAX_SIDE 100000000

PctModelInfo *
pct_model_info_new(const PctModelKind *kind)
{
  g_return_val_if_fail(kind, NULL);
  PctModelInfo *info = g_new0(PctModelInfo, 1);
  info->kind = kind;
  info->options = pct_option_values_new(kind->options);
  info->validation_pixcorr = info->validation_ssim = info->validation_correlation = NAN;
  return info;
}

PctModelInfo *
pct_model_info_copy(const PctModelInfo *info)
{
  g_return_val_if_fail(info, NULL);
  PctModelInfo *copy = g_memdup2(info, sizeof *info);
  copy->name = g_strdup(info->name);
  copy->fingerprint = g_strdup(info->fingerprint);
  copy->recording_name = g_strdup(info->recording_name);
  copy->trials = g_strdup(info->trials);
  copy->options = pct_option_values_copy(info->options);
  copy->encoder = g_strdup(info->encoder);
  copy->encoder_hash = g_strdup(info->encoder_hash);
  copy->meis = g_strdup(info->meis);
  copy->meis_hash = g_strdup(info->meis_hash);
  copy->photographs = g_strdup(info->photographs);
  copy->created = g_strdup(info->created);
  copy->version = g_strdup(info->version);
  return copy;
}

void
pct_model_info_free(PctModelInfo *info)
{
  if (!info)
    return;
  g_free(info->name);
  g_free(info->fingerprint);
  g_free(info->recording_name);
  g_free(info->trials);
  pct_option_values_free(info->options);
  g_free(info->encoder);
  g_free(info->encoder_hash);
  g_free(info->meis);
  g_free(info->meis_hash);
  g_free(info->photographs);
  g_free(info->created);
  g_free(info->version);
  g_free(info);
}

// What a reader is at, for messages.
typedef struct {
  const char *path;
  GError **error;
} Reader;

static gboolean
refuse(const Reader *reader, const char *reason)
{
  g_autofree char *shown = g_filename_display_name(reader->path);
  g_set_error(reader->error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” does not describe a model: %s."), shown, reason);
  return FALSE;
}

static gboolean
refuse_member(const Reader *reader, const char *name)
{
  g_autofree char *reason = g_strdup_printf(_("“%s” is missing or not what it should be"), name);
  return refuse(reader, reason);
}

static const JsonNode *
member(JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member(object, name);
  return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type ? node : NULL;
}

// *out: a copy.
static gboolean
read_text(const Reader *reader, JsonObject *object, const char *name, char **out)
{
  const JsonNode *node = member(object, name, G_TYPE_STRING);
  if (!node)
    return refuse_member(reader, name);
  g_free(*out);
  *out = g_strdup(json_node_get_string((JsonNode *)node));
  return TRUE;
}

static gboolean
read_size(const Reader *reader, JsonObject *object, const char *name, int *out)
{
  const JsonNode *node = member(object, name, G_TYPE_INT64);
  gint64 value = node ? json_node_get_int((JsonNode *)node) : -1;
  if (value < 0 || value > MAX_SIDE)
    return refuse_member(reader, name);
  *out = (int)value;
  return TRUE;
}

// null is NAN.
static gboolean
read_number(const Reader *reader, JsonObject *object, const char *name, double *out)
{
  JsonNode *node = json_object_get_member(object, name);
  if (node && JSON_NODE_HOLDS_NULL(node)) {
    *out = NAN;
    return TRUE;
  }
  if (!member(object, name, G_TYPE_DOUBLE) && !member(object, name, G_TYPE_INT64))
    return refuse_member(reader, name);
  *out = json_node_get_double(node);
  return isfinite(*out) || refuse_member(reader, name);
}

static JsonObject *
read_object(const Reader *reader, JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member(object, name);
  if (node && JSON_NODE_HOLDS_OBJECT(node))
    return json_node_get_object(node);
  refuse_member(reader, name);
  return NULL;
}

// An option that an older version wrote and this one has no more, or a value out of range, is an error, not a guess;
// one that the file lacks keeps its default.
static gboolean
read_options(const Reader *reader, JsonObject *object, PctModelInfo *info)
{
  JsonObject *options = read_object(reader, object, "options");
  if (!options)
    return FALSE;
  g_autoptr(GList) names = json_object_get_members(options);
  for (GList *l = names; l; l = l->next) {
    const JsonNode *node = member(options, l->data, G_TYPE_STRING);
    g_autoptr(GError) error = NULL;
    if (!node)
      return refuse_member(reader, l->data);
    if (!pct_option_values_set(info->options, l->data, json_node_get_string((JsonNode *)node), &error)) {
      g_autofree char *shown = g_filename_display_name(reader->path);
      g_set_error(reader->error, PCT_ERROR, PCT_ERROR_FORMAT, "“%s”: %s", shown, error->message);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_state_and_seed(const Reader *reader, JsonObject *object, PctModelInfo *info)
{
  g_autofree char *state = NULL, *seed = NULL;
  if (!read_text(reader, object, "state", &state) || !read_text(reader, object, "seed", &seed))
    return FALSE;
  info->finished = g_str_equal(state, "finished");
  if (!info->finished && !g_str_equal(state, "stopped"))
    return refuse_member(reader, "state");
  return g_ascii_string_to_unsigned(seed, 10, 0, G_MAXUINT64, &info->seed, NULL) || refuse_member(reader, "seed");
}

// What it was made with, {"name", "hash"}: both or neither. Older files have no such member.
static gboolean
read_origin(const Reader *reader, JsonObject *object, const char *name, char **origin, char **hash)
{
  if (!json_object_has_member(object, name))
    return TRUE;
  JsonObject *made_with = read_object(reader, object, name);
  g_autofree char *text = NULL;
  if (!made_with || !read_text(reader, made_with, "name", &text) || !read_text(reader, made_with, "hash", hash))
    return FALSE;
  *origin = pct_json_dup_path(text);
  return *origin || refuse_member(reader, name);
}

static gboolean
read_photographs(const Reader *reader, JsonObject *object, PctModelInfo *info)
{
  g_autofree char *text = NULL;
  if (!json_object_has_member(object, "photographs"))
    return TRUE;
  if (!read_text(reader, object, "photographs", &text))
    return FALSE;
  info->photographs = pct_json_dup_path(text);
  return info->photographs || refuse_member(reader, "photographs");
}

static PctModelInfo *
read_info(const Reader *reader, JsonObject *object, PctModelKindFind find)
{
  g_autofree char *format = NULL, *kind_name = NULL;
  int version = 0;
  if (!read_text(reader, object, "format", &format) || !read_size(reader, object, "format_version", &version) ||
      !read_text(reader, object, "kind", &kind_name))
    return NULL;
  if (!g_str_equal(format, FORMAT)) {
    refuse_member(reader, "format");
    return NULL;
  }
  const PctModelKind *kind = find(kind_name);
  if (version != FORMAT_VERSION || !kind) {
    g_autofree char *shown = g_filename_display_name(reader->path), *wanted = g_strndup(kind_name, 80);
    g_set_error(reader->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” describes a model of kind “%s” in format %d, which this version of Percept does not know."),
                shown, wanted, version);
    return NULL;
  }
  g_autoptr(PctModelInfo) info = pct_model_info_new(kind);
  JsonObject *recording = read_object(reader, object, "recording");
  JsonObject *validation = recording ? read_object(reader, object, "validation") : NULL;
  if (!validation || !read_text(reader, recording, "name", &info->recording_name) ||
      !read_text(reader, recording, "fingerprint", &info->fingerprint) ||
      (json_object_has_member(recording, "trials") && !read_text(reader, recording, "trials", &info->trials)) ||
      !read_size(reader, object, "neurons", &info->n_neurons) || !read_size(reader, object, "height", &info->height) ||
      !read_size(reader, object, "width", &info->width) || !read_text(reader, object, "version", &info->version) ||
      !read_text(reader, object, "created", &info->created) ||
      !read_number(reader, object, "seconds", &info->seconds) ||
      !read_number(reader, validation, "pixcorr", &info->validation_pixcorr) ||
      !read_number(reader, validation, "ssim", &info->validation_ssim) ||
      (json_object_has_member(validation, "correlation") &&
       !read_number(reader, validation, "correlation", &info->validation_correlation)) ||
      !read_origin(reader, object, "encoder", &info->encoder, &info->encoder_hash) ||
      !read_origin(reader, object, "meis", &info->meis, &info->meis_hash) || !read_photographs(reader, object, info) ||
      !read_state_and_seed(reader, object, info) || !read_options(reader, object, info))
    return NULL;
  return g_steal_pointer(&info);
}

PctModelInfo *
pct_model_info_load(const char *folder, PctModelKindFind find, GError **error)
{
  g_return_val_if_fail(folder && find, NULL);
  g_autofree char *path = g_build_filename(folder, "model.json", NULL);
  Reader reader = { path, error };
  g_autoptr(JsonParser) parser = pct_json_file_load(path, error);
  if (!parser)
    return NULL;
  g_autoptr(PctModelInfo) info = read_info(&reader, json_node_get_object(json_parser_get_root(parser)), find);
  if (!info)
    return NULL;
  g_autofree char *whole = g_canonicalize_filename(folder, NULL);
  info->name = g_path_get_basename(whole);
  return g_steal_pointer(&info);
}

gboolean
pct_model_info_check_trials(const PctModelInfo *info, const char *trials, GError **error)
{
  if (g_strcmp0(info->trials, trials) == 0)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              info->trials ? _("“%s” was begun with the trials of “%s” and can go on with those only.")
                           : _("“%s” was begun with all trials and can go on with those only."), info->name, info->trials);
  return FALSE;
}

static void
add_text(JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, value ? value : "");
}

static void
add_number(JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name(builder, name);
  if (isfinite(value))
    json_builder_add_double_value(builder, value);
  else
    json_builder_add_null_value(builder);
}

static void
add_size(JsonBuilder *builder, const char *name, int value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, value);
}

static void
add_origin(JsonBuilder *builder, const char *name, const char *origin, const char *hash)
{
  if (!origin)
    return;
  json_builder_set_member_name(builder, name);
  json_builder_begin_object(builder);
  g_autofree char *text = pct_json_dup_path_text(origin);
  add_text(builder, "name", text);
  add_text(builder, "hash", hash);
  json_builder_end_object(builder);
}

static JsonNode *
describe(const PctModelInfo *info)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, info->seed), *created = g_strdup(info->created);
  if (!created) {
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    created = g_date_time_format_iso8601(now);
  }
  json_builder_begin_object(builder);
  add_text(builder, "format", FORMAT);
  add_size(builder, "format_version", FORMAT_VERSION);
  add_text(builder, "version", PCT_VERSION);
  add_text(builder, "kind", info->kind->kind);
  add_text(builder, "state", info->finished ? "finished" : "stopped");
  json_builder_set_member_name(builder, "recording");
  json_builder_begin_object(builder);
  add_text(builder, "name", info->recording_name);
  add_text(builder, "fingerprint", info->fingerprint);
  if (info->trials)
    add_text(builder, "trials", info->trials);
  json_builder_end_object(builder);
  add_size(builder, "neurons", info->n_neurons);
  add_size(builder, "height", info->height);
  add_size(builder, "width", info->width);
  json_builder_set_member_name(builder, "options");
  json_builder_begin_object(builder);
  const PctOptionTable *table = info->options->table;
  for (guint i = 0; i < table->n_options; i++) {
    g_autofree char *text = pct_option_values_dup_text(info->options, table->options[i].name);
    add_text(builder, table->options[i].name, text);
  }
  json_builder_end_object(builder);
  add_text(builder, "seed", seed);
  add_text(builder, "created", created);
  add_number(builder, "seconds", info->seconds);
  json_builder_set_member_name(builder, "validation");
  json_builder_begin_object(builder);
  add_number(builder, "pixcorr", info->validation_pixcorr);
  add_number(builder, "ssim", info->validation_ssim);
  if (info->kind->role == PCT_ROLE_ENCODER)
    add_number(builder, "correlation", info->validation_correlation);
  json_builder_end_object(builder);
  add_origin(builder, "encoder", info->encoder, info->encoder_hash);
  add_origin(builder, "meis", info->meis, info->meis_hash);
  if (info->photographs) {
    g_autofree char *photographs = pct_json_dup_path_text(info->photographs);
    add_text(builder, "photographs", photographs);
  }
  json_builder_end_object(builder);
  return json_builder_get_root(builder);
}

gboolean
pct_model_info_save(const PctModelInfo *info, const char *folder, GError **error)
{
  g_return_val_if_fail(info && info->kind && info->options && folder, FALSE);
  g_autoptr(JsonNode) root = describe(info);
  g_autoptr(JsonGenerator) generator = json_generator_new();
  json_generator_set_root(generator, root);
  json_generator_set_pretty(generator, TRUE);
  gsize n;
  g_autofree char *text = json_generator_to_data(generator, &n);
  g_autofree char *path = g_build_filename(folder, "model.json", NULL);
  return pct_atomic_file_set(path, text, n, error);
}
