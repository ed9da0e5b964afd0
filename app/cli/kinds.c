// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli kinds: the decoders and their options, from the same tables that --set, the Train page and model.json
// use. --markdown is the README's section of them, in English whatever the language.
#include "config.h"
#include "kinds.h"
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include "command.h"
#include "table.h"

// What may be written after "name=".
static char *
dup_range(const PctOption *option)
{
  if (option->type == PCT_OPTION_BOOLEAN)
    return g_strdup("true|false");
  if (option->type == PCT_OPTION_CHOICE)
    return g_strjoinv("|", (char **)option->choices);
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(low, sizeof low, "%g", option->minimum);
  g_ascii_formatd(high, sizeof high, "%g", option->maximum);
  return g_strdup_printf("%s … %s", low, high);
}

static char *
dup_preset_value(const PctOptionTable *table, guint preset, const char *name)
{
  g_autoptr(PctOptionValues) values = pct_option_values_new(table);
  g_autofree char *assignment = g_strdup_printf("preset=%s", table->presets[preset].name);
  pct_option_values_parse(values, assignment, NULL);
  return pct_option_values_dup_text(values, name);
}

// The kind's text is marked for translation; markdown takes it as it stands in the source.
static void
print_markdown(const PctDecoderClass *klass)
{
  const PctOptionTable *table = klass->about.options;
  printf("\n### `%s`: %s\n\n%s\n\n    %s\n\n%s\n", klass->about.kind, klass->about.title, klass->about.summary, klass->about.formula,
         klass->about.source);
  if (table->n_options == 0)
    return;
  printf("\n| option |");
  for (guint i = 0; i < table->n_presets; i++)
    printf(" %s |", table->n_presets > 1 ? table->presets[i].name : "default");
  printf(" range | |\n| --- |");
  for (guint i = 0; i < table->n_presets; i++)
    printf(" --- |");
  printf(" --- | --- |\n");
  for (guint i = 0; i < table->n_options; i++) {
    const PctOption *option = &table->options[i];
    g_autofree char *range = dup_range(option);
    printf("| `%s` |", option->name);
    for (guint j = 0; j < table->n_presets; j++) {
      g_autofree char *value = dup_preset_value(table, j, option->name);
      printf(" %s |", value);
    }
    g_auto(GStrv) parts = g_strsplit(range, "|", -1);
    g_autofree char *safe = g_strjoinv("\\|", parts);  // a bar would end the cell
    printf(" %s%s%s | %s |\n", safe, option->unit ? " " : "", option->unit ? option->unit : "", option->help);
  }
}

void
pct_kinds_print(const PctDecoderClass *klass)
{
  const PctOptionTable *table = klass->about.options;
  printf("%s: %s\n  %s\n  %s\n  %s\n", klass->about.kind, _(klass->about.title), _(klass->about.summary), klass->about.formula, klass->about.source);
  if (table->n_presets > 1) {
    printf("\n  %s", _("Presets, as in --set preset=NAME:"));
    for (guint i = 0; i < table->n_presets; i++)
      printf("%s %s (%s)", i ? "," : "", table->presets[i].name, _(table->presets[i].title));
    puts("");
  }
  if (table->n_options == 0)
    return;
  printf("\n  %s\n", _("Options, as in --set name=value:"));
  g_autoptr(PctTable) rows = pct_table_new("lrll");
  pct_table_add(rows, "", _("default"), _("range"), "");
  for (guint i = 0; i < table->n_options; i++) {
    const PctOption *option = &table->options[i];
    g_autofree char *range = dup_range(option), *value = dup_preset_value(table, 0, option->name);
    g_autofree char *unit = option->unit ? g_strdup_printf("%s %s", range, _(option->unit)) : g_strdup(range);
    pct_table_add(rows, option->name, value, unit, _(option->help));
  }
  pct_table_print(rows, "    ");
}

static void
add_text(JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, value ? value : "");
}

static void
add_option(JsonBuilder *builder, const PctOptionTable *table, const PctOption *option)
{
  static const char *const types[] = { "boolean", "integer", "real", "choice" };
  json_builder_begin_object(builder);
  add_text(builder, "name", option->name);
  add_text(builder, "type", types[option->type]);
  g_autofree char *value = dup_preset_value(table, 0, option->name);
  add_text(builder, "default", value);
  if (option->type == PCT_OPTION_INTEGER || option->type == PCT_OPTION_REAL) {
    json_builder_set_member_name(builder, "minimum");
    json_builder_add_double_value(builder, option->minimum);
    json_builder_set_member_name(builder, "maximum");
    json_builder_add_double_value(builder, option->maximum);
  }
  if (option->type == PCT_OPTION_CHOICE) {
    json_builder_set_member_name(builder, "choices");
    json_builder_begin_array(builder);
    for (guint i = 0; option->choices[i]; i++)
      json_builder_add_string_value(builder, option->choices[i]);
    json_builder_end_array(builder);
  }
  if (option->unit)
    add_text(builder, "unit", _(option->unit));
  add_text(builder, "title", _(option->title));
  add_text(builder, "help", _(option->help));
  json_builder_end_object(builder);
}

static void
print_json(const PctDecoderClass *const *classes, guint n)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_array(builder);
  for (guint i = 0; i < n; i++) {
    const PctDecoderClass *klass = classes[i];
    json_builder_begin_object(builder);
    add_text(builder, "kind", klass->about.kind);
    add_text(builder, "title", _(klass->about.title));
    add_text(builder, "summary", _(klass->about.summary));
    add_text(builder, "formula", klass->about.formula);
    add_text(builder, "source", klass->about.source);
    json_builder_set_member_name(builder, "iterative");
    json_builder_add_boolean_value(builder, klass->about.iterative);
    json_builder_set_member_name(builder, "options");
    json_builder_begin_array(builder);
    for (guint j = 0; j < klass->about.options->n_options; j++)
      add_option(builder, klass->about.options, &klass->about.options->options[j]);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, TRUE);
  puts(text);
}

int
pct_kinds_refuse(const char *kind)
{
  guint n;
  const PctDecoderClass *const *classes = pct_decoder_get_classes(&n);
  g_autoptr(GString) known = g_string_new(NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf(known, "%s%s", i ? ", " : "", classes[i]->about.kind);
  return pct_command_refuse(_("There is no kind “%s”; the kinds are: %s."), kind, known->str);
}

static int
run_kinds(char **arguments)
{
  gboolean json = FALSE, markdown = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print as JSON"), NULL },
    { "markdown", 0, 0, G_OPTION_ARG_NONE, &markdown, N_("Print as the section of the README"), NULL },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "[KIND]", -1, NULL))
    return PCT_EXIT_USAGE;
  guint n;
  const PctDecoderClass *const *classes = pct_decoder_get_classes(&n);
  const PctDecoderClass *wanted = arguments[1] ? pct_decoder_find_class(arguments[1]) : NULL;
  if (arguments[1] && !wanted)
    return pct_kinds_refuse(arguments[1]);
  if (wanted) {
    classes = &wanted;
    n = 1;
  }
  if (json) {
    print_json(classes, n);
    return PCT_EXIT_DONE;
  }
  for (guint i = 0; i < n; i++)
    if (markdown) {
      print_markdown(classes[i]);
    } else {
      if (i)
        puts("");
      pct_kinds_print(classes[i]);
    }
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_kinds = { "kinds", N_("list the decoders and their options"), run_kinds };
