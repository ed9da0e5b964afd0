// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "report.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include "base/error.h"

#define PAUSE (50 * G_TIME_SPAN_MILLISECOND)

// Consumes builder.
static void
say(JsonBuilder *builder)
{
  g_autoptr(JsonNode) node = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(node, FALSE);
  puts(text);
  fflush(stdout);
  g_object_unref(builder);
}

static JsonBuilder *
begin(void)
{
  return json_builder_begin_object(json_builder_new());
}

gboolean
pct_report_progress(const PctProgress *progress, gpointer data)
{
  PctReporter *reporter = data;
  gint64 now = g_get_monotonic_time();
  if (!progress->phase && now - reporter->said < PAUSE)
    return TRUE;
  reporter->said = now;
  JsonBuilder *builder = begin();
  if (progress->phase)
    json_builder_add_string_value(json_builder_set_member_name(builder, "phase"), progress->phase);
  if (progress->total > 0)
    json_builder_add_double_value(json_builder_set_member_name(builder, "progress"), progress->step / progress->total);
  say(json_builder_end_object(builder));
  return TRUE;
}

void
pct_report_result(JsonNode *result)
{
  JsonBuilder *builder = begin();
  json_builder_add_value(json_builder_set_member_name(builder, "result"), result);
  say(json_builder_end_object(builder));
}

void
pct_report_error(const GError *error)
{
  JsonBuilder *builder = begin();
  json_builder_add_string_value(json_builder_set_member_name(builder, "error"),
                                error ? error->message : _("The import failed."));
  json_builder_add_int_value(json_builder_set_member_name(builder, "code"),
                             error && error->domain == PCT_ERROR ? error->code : PCT_ERROR_FORMAT);
  say(json_builder_end_object(builder));
}
