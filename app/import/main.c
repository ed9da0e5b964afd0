// SPDX-License-Identifier: GPL-3.0-or-later
// percept-import: foreign files, read in a process of its own, because the libraries that know them were not made for
// hostile ones. It is started by the window and by `percept-cli import` (work/import-process.h), which give it a plan on
// stdin and listen to its stdout; it shuts itself in (sandbox.h) before it opens anything.
#include "config.h"
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "data/recording-file.h"
#include "describe.h"
#include "foreign/foreign.h"
#include "model/json-file.h"
#include "report.h"
#include "sandbox.h"

// A plan names files and arrays; ten thousand of them are within this.
#define MAX_PLAN (4u << 20)

static PctImportPlan *
read_plan(GError **error)
{
  g_autofree char *text = g_malloc(MAX_PLAN);
  gsize n = fread(text, 1, MAX_PLAN, stdin);
  const char *shown = _("The plan");
  g_autoptr(JsonParser) parser = pct_json_text_load(text, n, shown, error);
  return parser ? pct_import_plan_from_json(json_parser_get_root(parser), shown, error) : NULL;
}

static PctCatalogue *
open_catalogue(const PctImportPlan *plan, const PctRun *run, GError **error)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  for (guint i = 0; i < plan->paths->len; i++)
    g_ptr_array_add(paths, plan->paths->pdata[i]);
  g_ptr_array_add(paths, NULL);
  GPtrArray *sources = pct_foreign_open((const char *const *)paths->pdata, run, error);
  return sources ? pct_catalogue_new_take(sources) : NULL;
}

// The names as the files were given: a guess begins with them.
static JsonNode *
list(const PctCatalogue *catalogue, const PctImportPlan *plan, const PctRun *run, GError **error)
{
  g_autoptr(PctImportGuess) guess = pct_import_guess(catalogue, run, error);
  if (!guess)
    return NULL;
  g_ptr_array_set_size(guess->plan->paths, 0);
  for (guint i = 0; i < plan->paths->len; i++)
    g_ptr_array_add(guess->plan->paths, g_strdup(plan->paths->pdata[i]));
  return pct_describe_guess(catalogue, guess);
}

static JsonNode *
carry_out(const PctCatalogue *catalogue, const PctImportPlan *plan, const char *verb, const char *out,
          const PctRun *run, GError **error)
{
  g_autoptr(PctImportResult) result = pct_import_assemble(catalogue, plan, run, error);
  if (!result)
    return NULL;
  gboolean kept;
  if (g_str_equal(verb, "make")) {
    kept = pct_recording_save(result->recording, out, run, error);
  } else {
    g_autofree char *path = g_build_filename(out, "preview.npz", NULL);
    kept = pct_save_preview(&result->preview, path, run, error);
  }
  return kept ? pct_describe_result(result) : NULL;
}

static JsonNode *
work(const char *verb, const char *out, GError **error)
{
  PctReporter reporter = { 0 };
  PctRun run = { pct_report_progress, &reporter, NULL };
  g_autoptr(PctImportPlan) plan = read_plan(error);
  g_autoptr(PctCatalogue) catalogue = plan ? open_catalogue(plan, &run, error) : NULL;
  if (!catalogue)
    return NULL;
  return out ? carry_out(catalogue, plan, verb, out, &run, error) : list(catalogue, plan, &run, error);
}

static gboolean
takes_output(const char *verb)
{
  return g_str_equal(verb, "preview") || g_str_equal(verb, "make");
}

int
main(int argc, char **argv)
{
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C");
  bindtextdomain(GETTEXT_PACKAGE,
                 g_file_test(PCT_BUILD_DIR "/po", G_FILE_TEST_IS_DIR) ? PCT_BUILD_DIR "/po" : PCT_LOCALE_DIR);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  gint64 memory = 0, seconds = 0;
  const GOptionEntry entries[] = {
    { "memory", 0, 0, G_OPTION_ARG_INT64, &memory, N_("Most bytes of address space"), "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT64, &seconds, N_("Most seconds of processor time"), "N" },
    { NULL },
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new("list | preview FOLDER | make OUT.npz  < PLAN.json");
  g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary(context, _("Reads foreign files for percept and “percept-cli import”, which start it."));
  gboolean understood = g_option_context_parse(context, &argc, &argv, &error);
  if (!understood || argc < 2 || argc != (takes_output(argv[1]) ? 3 : 2) ||
      (!takes_output(argv[1]) && !g_str_equal(argv[1], "list"))) {
    g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
    fputs(help, stderr);
    return 2;
  }
  if (pct_sandbox_enter((guint64)MAX(memory, 0), (guint64)MAX(seconds, 0), &error)) {
    JsonNode *result = work(argv[1], argc > 2 ? argv[2] : NULL, &error);
    if (result) {
      pct_report_result(result);
      return 0;
    }
  }
  pct_report_error(error);
  return 1;
}
