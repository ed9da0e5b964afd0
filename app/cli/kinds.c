// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli kinds: encoders, MEI sets and decoders, and their options, from the same tables that --set, the Train page and model.json
// use. --markdown is the README's section of them, in English whatever the language.
#include "config.h"
#include "kinds.h"
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include "command.h"
#include "table.h"

char *
pct_option_dup_range(const PctOption *option)
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

// A bar would end a table's cell.
static char *
dup_cell(const char *text)
{
  g_auto(GStrv) parts = g_strsplit(text, "|", -1);
  return g_strjoinv("\\|", parts);
}

// What a model of the kind is made with whatever its options: asked of every preset with each option at its ends, since
// what decides is a choice, a switch or whether a number is 0.
static PctModelNeeds
get_lasting_needs(const PctModelKind *kind)
{
  const PctOptionTable *table = kind->options;
  PctModelNeeds lasting = kind->needs;
  if (!kind->get_needs)
    return lasting;
  for (guint i = 0; i < table->n_presets; i++) {
    PctOptionValues values = { table, g_memdup2(table->presets[i].values, table->n_options * sizeof(double)) };
    lasting &= kind->get_needs(&values);
    for (guint j = 0; j < table->n_options; j++) {
      const PctOption *option = &table->options[j];
      gboolean number = option->type == PCT_OPTION_INTEGER || option->type == PCT_OPTION_REAL;
      double first = number ? option->minimum : 0, kept = values.values[j];
      double last = number ? option->maximum
                    : option->type == PCT_OPTION_CHOICE ? (double)g_strv_length((char **)option->choices) - 1 : 1;
      // A number's ends, and every choice.
      for (double value = first; value <= last; value += number ? MAX(last - first, 1) : 1) {
        values.values[j] = value;
        lasting &= kind->get_needs(&values);
      }
      values.values[j] = kept;
    }
    g_free(values.values);
  }
  return lasting;
}

static const struct {
  PctModelNeeds need;
  const char *name, *always_name;  // in JSON: with some options, with all
  const char *always, *sometimes;
} need_texts[] = {
  { PCT_NEEDS_ENCODER, "needs_encoder", "always_needs_encoder", N_("Needs a trained encoder."),
    N_("May need a trained encoder, depending on its options.") },
  { PCT_NEEDS_MEIS, "needs_meis", "always_needs_meis", N_("Needs a set of most exciting inputs."),
    N_("May need a set of most exciting inputs, depending on its options.") },
};

// Sentence number i of what the kind needs, marked for translation; NULL: it does not.
static const char *
get_need_text(const PctModelKind *kind, guint i)
{
  if (!(kind->needs & need_texts[i].need))
    return NULL;
  return get_lasting_needs(kind) & need_texts[i].need ? need_texts[i].always : need_texts[i].sometimes;
}

// The kind's text is marked for translation; markdown takes it as it stands in the source.
static void
print_markdown(const PctModelKind *kind)
{
  const PctOptionTable *table = kind->options;
  printf("\n#### `%s`: %s\n\n%s\n\n    %s\n\n%s\n", kind->kind, kind->title, kind->summary, kind->formula,
         kind->source);
  for (guint i = 0; i < G_N_ELEMENTS(need_texts); i++)
    if (get_need_text(kind, i))
      printf("\n%s\n", get_need_text(kind, i));
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
    g_autofree char *range = pct_option_dup_range(option);
    printf("| `%s` |", option->name);
    for (guint j = 0; j < table->n_presets; j++) {
      g_autofree char *value = dup_preset_value(table, j, option->name);
      printf(" %s |", value);
    }
    g_autofree char *safe = dup_cell(range), *help = dup_cell(option->help);
    printf(" %s%s%s | %s |\n", safe, option->unit ? " " : "", option->unit ? option->unit : "", help);
  }
}

static const char *
get_role_name(PctRole role)
{
  return role == PCT_ROLE_ENCODER ? "encoder" : role == PCT_ROLE_MEI_SET ? "mei-set" : "decoder";
}

static const char *
get_role_title(PctRole role)
{
  return role == PCT_ROLE_ENCODER   ? N_("Encoders: images to responses")
         : role == PCT_ROLE_MEI_SET ? N_("Most exciting inputs")
                                    : N_("Decoders: responses to images");
}

void
pct_kinds_print(const PctModelKind *kind)
{
  const PctOptionTable *table = kind->options;
  printf("%s: %s\n  %s\n  %s\n  %s\n", kind->kind, _(kind->title), _(kind->summary), kind->formula,
         kind->source);
  for (guint i = 0; i < G_N_ELEMENTS(need_texts); i++)
    if (get_need_text(kind, i))
      printf("  %s\n", _(get_need_text(kind, i)));
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
    g_autofree char *range = pct_option_dup_range(option), *value = dup_preset_value(table, 0, option->name);
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
add_boolean(JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_boolean_value(builder, value);
}

static void
add_kind(JsonBuilder *builder, const PctModelKind *kind)
{
  json_builder_begin_object(builder);
  add_text(builder, "role", get_role_name(kind->role));
  add_text(builder, "kind", kind->kind);
  add_text(builder, "title", _(kind->title));
  add_text(builder, "summary", _(kind->summary));
  add_text(builder, "formula", kind->formula);
  add_text(builder, "source", kind->source);
  add_boolean(builder, "iterative", kind->iterative);
  PctModelNeeds lasting = get_lasting_needs(kind);
  for (guint i = 0; i < G_N_ELEMENTS(need_texts); i++) {
    add_boolean(builder, need_texts[i].name, (kind->needs & need_texts[i].need) != 0);
    add_boolean(builder, need_texts[i].always_name, (lasting & need_texts[i].need) != 0);
  }
  add_boolean(builder, "takes_photographs", pct_model_kind_takes_photographs(kind));
  json_builder_set_member_name(builder, "options");
  json_builder_begin_array(builder);
  for (guint i = 0; i < kind->options->n_options; i++)
    add_option(builder, kind->options, &kind->options->options[i]);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
}

static void
print_json(const PctModelKind *const *kinds, guint n)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_array(builder);
  for (guint i = 0; i < n; i++)
    add_kind(builder, kinds[i]);
  json_builder_end_array(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, TRUE);
  puts(text);
}

int
pct_kinds_refuse(const char *kind)
{
  g_autoptr(GString) known = g_string_new(NULL);
  const PctModelKind *one;
  for (guint i = 0; (one = pct_model_kinds_get(i)); i++)
    g_string_append_printf(known, "%s%s", i ? ", " : "", one->kind);
  return pct_command_refuse(_("There is no kind “%s”; the kinds are: %s."), kind, known->str);
}

// Under a heading a role, where there are several.
static void
print_all(const PctModelKind *const *kinds, guint n, gboolean markdown)
{
  for (guint i = 0; i < n; i++) {
    gboolean first = i == 0 || kinds[i]->role != kinds[i - 1]->role;
    const char *title = get_role_title(kinds[i]->role);
    if (markdown) {
      if (first && n > 1)
        printf("\n### %s\n", title);
      print_markdown(kinds[i]);
      continue;
    }
    if (i)
      puts("");
    if (first && n > 1)
      printf("%s\n\n", _(title));
    pct_kinds_print(kinds[i]);
  }
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
  const PctModelKind *one, *wanted = arguments[1] ? pct_model_kinds_find(arguments[1]) : NULL;
  if (arguments[1] && !wanted)
    return pct_kinds_refuse(arguments[1]);
  g_autoptr(GPtrArray) kinds = g_ptr_array_new();
  for (guint i = 0; (one = pct_model_kinds_get(i)); i++)
    if (!wanted || one == wanted)
      g_ptr_array_add(kinds, (gpointer)one);
  if (json)
    print_json((const PctModelKind *const *)kinds->pdata, kinds->len);
  else
    print_all((const PctModelKind *const *)kinds->pdata, kinds->len, markdown);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_kinds = { "kinds", N_("list what can be trained, and its options"), run_kinds };
