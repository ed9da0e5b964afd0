// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "settings.h"

#define SCHEMA_ID "org.percept.Percept"

GSettings *
pct_settings_new(void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default();
  g_autoptr(GSettingsSchemaSource) built =
    g_settings_schema_source_new_from_directory(PCT_BUILD_DIR "/resources", installed, FALSE, NULL);
  GSettingsSchemaSource *source = built != NULL ? built : installed;
  if (source == NULL)
    return NULL;
  g_autoptr(GSettingsSchema) schema = g_settings_schema_source_lookup(source, SCHEMA_ID, TRUE);
  return schema != NULL ? g_settings_new_full(schema, NULL, NULL) : NULL;
}
