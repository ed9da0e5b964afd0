// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli import: foreign files as a recording, by flags. What the flags do not say is guessed, and said.
#include "config.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "import/plan.h"
#include "kinds.h"
#include "model/json-file.h"
#include "table.h"
#include "work/import-listing.h"
#include "work/import-process.h"

typedef struct {
  char *roles[PCT_N_IMPORT_ROLES];  // as given: ARRAY or ARRAY@AXES; "none"
  char **settings;
  char *output, *plan, *name, *preview;
  gboolean list, json;
} Request;

static void
request_clear(Request *request)
{
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    g_free(request->roles[i]);
  g_strfreev(request->settings);
  g_free(request->output);
  g_free(request->plan);
  g_free(request->name);
  g_free(request->preview);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, request_clear)

static char *
dup_shape(const PctForeignArray *array, const char *between)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < array->n_dims; i++)
    g_string_append_printf(text, "%s%zu", i ? between : "", array->shape[i]);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

// What a plan takes for what, as the flags that would say so, with the reason of a guess.
static void
print_plan(const PctImportPlan *plan, const PctImportGuess *guess, FILE *file)
{
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++) {
    const PctAssignment *assignment = &plan->roles[i];
    if (!assignment->array)
      continue;
    gboolean guessed = guess && g_strcmp0(guess->plan->roles[i].array, assignment->array) == 0 && guess->reasons[i];
    fprintf(file, "  --%s '%s@%s'%s%s\n", pct_import_role_get((PctImportRole)i)->name, assignment->array,
            pct_import_plan_get_axes(plan, (PctImportRole)i), guessed ? "  # " : "", guessed ? guess->reasons[i] : "");
  }
  const PctOptionTable *table = plan->settings->table;
  for (guint i = 0; i < table->n_options; i++)
    if (plan->settings->values[i] != table->presets[0].values[i]) {
      g_autofree char *text = pct_option_values_dup_text(plan->settings, table->options[i].name);
      fprintf(file, "  --set %s=%s\n", table->options[i].name, text);
    }
}

static void
print_listing(const PctImportListing *listing)
{
  g_autoptr(PctTable) table = pct_table_new("lrl");
  for (guint i = 0; i < listing->catalogue->entries->len; i++) {
    const PctCatalogueEntry *entry = listing->catalogue->entries->pdata[i];
    g_autofree char *shape = dup_shape(entry->array, " × ");
    pct_table_add(table, entry->name, shape, entry->array->note ? entry->array->note : "");
  }
  pct_table_print(table, "");
  for (guint i = 0; i < listing->catalogue->sources->len; i++) {
    const PctArraySource *source = listing->catalogue->sources->pdata[i];
    for (guint j = 0; j < source->remarks->len; j++)
      printf("%s: %s\n", source->shown, (const char *)source->remarks->pdata[j]);
  }
  if (listing->guess->layout)
    printf(_("\nThis looks like %s. What is guessed:\n"), listing->guess->layout);
  else
    puts(_("\nWhat is guessed:"));
  print_plan(listing->guess->plan, listing->guess, stdout);
  for (guint i = 0; i < listing->guess->missing->len; i++)
    puts(listing->guess->missing->pdata[i]);
}

// "ARRAY@AXES", unless that is an array's whole name.
static gboolean
assign(PctImportPlan *plan, const PctCatalogue *catalogue, PctImportRole role, const char *text, GError **error)
{
  const char *at = strrchr(text, '@');
  gboolean whole = !at || pct_catalogue_find(catalogue, text);
  g_autofree char *array = whole ? g_strdup(text) : g_strndup(text, (gsize)(at - text));
  if (g_str_equal(text, "none")) {
    pct_import_plan_assign(plan, role, NULL, NULL);
    return TRUE;
  }
  if (!pct_catalogue_find(catalogue, array)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("There is no array “%s”; “percept-cli import --list” says which there are."), array);
    return FALSE;
  }
  if (!whole) {
    pct_import_plan_assign(plan, role, array, at + 1);
    return TRUE;
  }
  // Of the axes that fit, the best; if none does, the plan's execution says why.
  g_autoptr(GPtrArray) axes = pct_import_list_axes(catalogue, plan, role, array);
  pct_import_plan_assign(plan, role, array, axes->len ? axes->pdata[0] : NULL);
  return TRUE;
}

static PctImportPlan *
load_plan(const char *path, GError **error)
{
  g_autoptr(JsonParser) parser = pct_json_file_load(path, error);
  g_autofree char *shown = g_filename_display_basename(path);
  return parser ? pct_import_plan_from_json(json_parser_get_root(parser), shown, error) : NULL;
}

// The files' own guess, or the plan's file, with what the flags say over it.
static PctImportPlan *
make_plan(const Request *request, const PctImportListing *listing, GError **error)
{
  g_autoptr(PctImportPlan) plan = request->plan ? load_plan(request->plan, error)
                                                : pct_import_plan_copy(listing->guess->plan);
  if (!plan)
    return NULL;
  g_ptr_array_set_size(plan->paths, 0);
  for (guint i = 0; i < listing->guess->plan->paths->len; i++)
    g_ptr_array_add(plan->paths, g_strdup(listing->guess->plan->paths->pdata[i]));
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    if (request->roles[i] && !assign(plan, listing->catalogue, (PctImportRole)i, request->roles[i], error))
      return NULL;
  for (char **setting = request->settings; setting && *setting; setting++)
    if (!pct_option_values_parse(plan->settings, *setting, error))
      return NULL;
  if (request->name) {
    g_free(plan->name);
    plan->name = g_strdup(request->name);
  }
  return g_steal_pointer(&plan);
}

static void
print_result(JsonNode *result, const char *output, gboolean json)
{
  if (json) {
    g_autofree char *text = json_to_string(result, TRUE);
    puts(text);
    return;
  }
  g_autoptr(GPtrArray) sentences = pct_import_result_dup_texts(json_node_get_object(result), "sentences");
  g_autoptr(GPtrArray) remarks = pct_import_result_dup_texts(json_node_get_object(result), "remarks");
  for (guint i = 0; i < sentences->len; i++)
    puts(sentences->pdata[i]);
  for (guint i = 0; i < remarks->len; i++)
    printf(_("Note: %s\n"), (const char *)remarks->pdata[i]);
  puts(output);
}

static gboolean
import(const Request *request, PctImportPlan *paths, PctConsole *console, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  const PctImportLimits limits = PCT_IMPORT_LIMITS_DEFAULT;
  g_autofree char *program = pct_import_process_locate();
  if (request->list && request->json) {
    g_autoptr(JsonNode) result = pct_import_process_run(program, PCT_IMPORT_LIST, paths, NULL, &limits, run, error);
    if (result)
      print_result(result, NULL, TRUE);
    return result != NULL;
  }
  g_autoptr(PctImportListing) listing = pct_import_listing_new(program, paths, &limits, run, error);
  if (!listing)
    return FALSE;
  pct_console_finish(console);
  if (request->list) {
    print_listing(listing);
    return TRUE;
  }
  g_autoptr(PctImportPlan) plan = make_plan(request, listing, error);
  if (!plan)
    return FALSE;
  if (!request->json) {
    fputs(_("Taken for what:\n"), stderr);
    print_plan(plan, listing->guess, stderr);
  }
  const char *out = request->preview ? request->preview : request->output;
  g_autoptr(JsonNode) result = pct_import_process_run(program, request->preview ? PCT_IMPORT_PREVIEW : PCT_IMPORT_MAKE,
                                                      plan, out, &limits, run, error);
  if (!result)
    return FALSE;
  pct_console_finish(console);
  print_result(result, out, request->json);
  return TRUE;
}

// An entry a role of the table after the fixed ones. Free with g_free.
static GOptionEntry *
make_entries(Request *request, const GOptionEntry *fixed, guint n_fixed)
{
  GOptionEntry *entries = g_new0(GOptionEntry, n_fixed + PCT_N_IMPORT_ROLES + 1);
  memcpy(entries, fixed, n_fixed * sizeof *fixed);
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++) {
    const PctRoleInfo *role = pct_import_role_get((PctImportRole)i);
    entries[n_fixed + (guint)i] = (GOptionEntry){ role->name, 0, 0, G_OPTION_ARG_STRING, &request->roles[i], role->help,
                                                  "ARRAY[@AXES]" };
  }
  return entries;
}

static char *
dup_description(void)
{
  g_autoptr(GString) text = g_string_new(
    _("ARRAY is a name that --list prints, “none” for no array; AXES are letters for its dimensions in the file’s order:\n"
      "t trials, m neurons, f frames, k images, h height, w width, c colours.\n\nSettings:\n"));
  const PctOptionTable *table = pct_import_get_settings();
  g_autoptr(PctOptionValues) values = pct_option_values_new(table);
  for (guint i = 0; i < table->n_options; i++) {
    const PctOption *option = &table->options[i];
    g_autofree char *range = pct_option_dup_range(option), *value = pct_option_values_dup_text(values, option->name);
    g_string_append_printf(text, "  %s=%s (%s)\n      %s\n", option->name, range, value, _(option->help));
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static int
run_import(char **arguments)
{
  g_auto(Request) request = { 0 };
  const GOptionEntry fixed[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request.output, N_("The recording to write"), "OUT.npz" },
    { "list", 'l', 0, G_OPTION_ARG_NONE, &request.list, N_("Say which arrays there are and what is guessed, and stop"),
      NULL },
    { "preview", 0, 0, G_OPTION_ARG_FILENAME, &request.preview,
      N_("Carry everything out, but keep only pictures and curves to look at, in DIR/preview.npz"), "DIR" },
    { "plan", 0, 0, G_OPTION_ARG_FILENAME, &request.plan, N_("Begin with this plan instead of a guess"), "PLAN.json" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &request.name, N_("Name of the recording"), "NAME" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &request.settings, N_("A setting of those below"),
      "NAME=VALUE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &request.json, N_("Print what was found or made as JSON"), NULL },
  };
  g_autofree GOptionEntry *entries = make_entries(&request, fixed, G_N_ELEMENTS(fixed));
  g_autofree char *description = dup_description();
  if (!pct_command_parse(arguments, entries, "PATH…", -10000, description))
    return PCT_EXIT_USAGE;
  if (!arguments[1])
    return pct_command_refuse(_("%s is missing"), "PATH");
  if (!request.list && !request.preview && !request.output)
    return pct_command_refuse(_("%s is missing"), "-o OUT.npz");
  g_autoptr(PctImportPlan) paths = pct_import_plan_new();
  for (char **path = arguments + 1; *path; path++)
    g_ptr_array_add(paths->paths, g_canonicalize_filename(*path, NULL));
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  if (!console || (request.output && !request.list && !request.preview &&
                   !pct_command_check_output(request.output, &error)) ||
      !import(&request, paths, console, &error))
    return pct_console_fail(console, error);
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_import = { "import", N_("make a recording of foreign files"), run_import };
