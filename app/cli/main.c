// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli: the engine without a display. Finds the subcommand; everything else is in its file.
#include "config.h"
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include "command.h"
#include "table.h"

static const PctCommand *const commands[] = {
  &pct_command_info, &pct_command_look, &pct_command_import, &pct_command_simulate, &pct_command_train,
  &pct_command_predict, &pct_command_mei,
  &pct_command_reconstruct, &pct_command_score, &pct_command_curves, &pct_command_contribute, &pct_command_sweep,
  &pct_command_lesion, &pct_command_neurons, &pct_command_images, &pct_command_share, &pct_command_unpack,
  &pct_command_kinds, &pct_command_bench,
};

static void
print_help(void)
{
  g_autoptr(PctTable) table = pct_table_new("ll");
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
    pct_table_add(table, commands[i]->name, _(commands[i]->summary));
  puts(_("Usage:\n  percept-cli COMMAND [OPTION…]\n\nCommands:"));
  pct_table_print(table, "  ");
  puts(_("\n“percept-cli COMMAND --help” says more of one. A RECORDING is an .npz file, a file tree (a folder or a zip of\n"
         "one), or “demo”, the recording that Percept makes itself. A MODEL is a model’s folder, or its name in a workspace."));
}

static int
run_command(char **arguments)
{
  const char *name = arguments[0];
  if (!name)
    return pct_command_refuse(_("A command is missing."));
  if (g_str_equal(name, "--help") || g_str_equal(name, "-h") || g_str_equal(name, "help")) {
    print_help();
    return PCT_EXIT_DONE;
  }
  if (g_str_equal(name, "--version")) {
    puts("percept-cli " PCT_VERSION);
    return PCT_EXIT_DONE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
    if (g_str_equal(name, commands[i]->name))
      return commands[i]->run(arguments);
  return pct_command_refuse(_("There is no command “%s”."), name);
}

int
main(int argc, char **argv)
{
  setlocale(LC_ALL, "");
  // What one program prints, another reads: numbers have a point everywhere.
  setlocale(LC_NUMERIC, "C");
  // An uninstalled program finds the translations that were built beside it.
  bindtextdomain(GETTEXT_PACKAGE,
                 g_file_test(PCT_BUILD_DIR "/po", G_FILE_TEST_IS_DIR) ? PCT_BUILD_DIR "/po" : PCT_LOCALE_DIR);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_set_prgname("percept-cli");
  // Owned by nobody else: parsing moves the pointers about and drops some.
  g_autofree char **arguments = g_memdup2(argv + 1, (gsize)argc * sizeof *argv);
  int code = run_command(arguments);
  // A result that did not reach its reader is no result.
  if (fflush(stdout) != 0 && code == PCT_EXIT_DONE) {
    fprintf(stderr, "percept-cli: %s\n", _("The results could not be written."));
    return PCT_EXIT_FAILED;
  }
  return code;
}
