// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "model/provenance.h"
#include <string.h>
#include "model/json-file.h"

char *
pct_provenance_dup_beside(const char *path, const char *ending)
{
  const char *slash = strrchr(path, G_DIR_SEPARATOR), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
  // A name that is but an ending (".csv") has none.
  return g_strdup_printf("%.*s%s", dot && dot != name ? (int)(dot - path) : (int)strlen(path), path, ending);
}

char *
pct_provenance_dup_path(const char *path)
{
  return pct_provenance_dup_beside(path, ".json");
}

void
pct_provenance_add_text(JsonBuilder *builder, const char *name, const char *value)
{
  if (!value)
    return;
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, value);
}

void
pct_provenance_add_integer(JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, value);
}

void
pct_provenance_add_number(JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_double_value(builder, value);
}

void
pct_provenance_add_seed(JsonBuilder *builder, const char *name, guint64 seed)
{
  g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, seed);
  pct_provenance_add_text(builder, name, text);
}

void
pct_provenance_add_model(JsonBuilder *builder, const char *recording, const char *fingerprint, const char *trials,
                         const char *model, const char *model_hash, const PctModelInfo *info)
{
  pct_provenance_add_text(builder, "recording", recording);
  pct_provenance_add_text(builder, "fingerprint", fingerprint);
  pct_provenance_add_text(builder, "trials", trials);
  pct_provenance_add_text(builder, "model", model);
  pct_provenance_add_text(builder, "model_hash", model_hash);
  pct_provenance_add_text(builder, "kind", info->kind->kind);
  json_builder_set_member_name(builder, "options");
  json_builder_begin_object(builder);
  for (guint i = 0; i < info->kind->options->n_options; i++) {
    const char *name = info->kind->options->options[i].name;
    g_autofree char *text = pct_option_values_dup_text(info->options, name);
    pct_provenance_add_text(builder, name, text);
  }
  json_builder_end_object(builder);
  pct_provenance_add_seed(builder, "seed", info->seed);
  pct_provenance_add_text(builder, "encoder", info->encoder);
  pct_provenance_add_text(builder, "encoder_hash", info->encoder_hash);
  pct_provenance_add_text(builder, "meis", info->meis);
  pct_provenance_add_text(builder, "meis_hash", info->meis_hash);
  pct_provenance_add_text(builder, "model_trials", info->trials);
  g_autofree char *photographs = info->photographs ? pct_json_dup_path_text(info->photographs) : NULL;
  pct_provenance_add_text(builder, "photographs", photographs);
}
