// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "command.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include "base/atomic-file.h"

// “--set a=1 b=2” is “--set a=1 --set b=2”. Returns what was made for it, to be freed after parsing.
static GPtrArray *
spread_settings(char **arguments)
{
  GPtrArray *made = g_ptr_array_new_with_free_func(g_free);
  gboolean setting = FALSE;
  for (int i = 1; arguments[i] && !g_str_equal(arguments[i], "--"); i++) {
    if (g_str_equal(arguments[i], "--set") && arguments[i + 1]) {
      setting = TRUE;
      i++;
    } else if (setting && arguments[i][0] != '-' && strchr(arguments[i], '=')) {
      arguments[i] = g_strconcat("--set=", arguments[i], NULL);
      g_ptr_array_add(made, arguments[i]);
    } else {
      setting = g_str_has_prefix(arguments[i], "--set=");
    }
  }
  return made;
}

gboolean
pct_command_parse(char **arguments, const GOptionEntry *entries, const char *operands, int n_operands,
                  const char *description)
{
  g_autofree char *program = g_strdup_printf("percept-cli %s", arguments[0]);
  g_set_prgname(program);
  g_autoptr(GOptionContext) context = g_option_context_new(operands);
  g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
  g_option_context_set_translation_domain(context, GETTEXT_PACKAGE);
  g_option_context_set_description(context, description);
  g_autoptr(GPtrArray) made = spread_settings(arguments);
  int n = (int)g_strv_length(arguments);
  char **rest = arguments;
  g_autoptr(GError) error = NULL;
  if (!g_option_context_parse(context, &n, &rest, &error)) {
    pct_command_refuse("%s", error->message);
    return FALSE;
  }
  arguments[n] = NULL;
  // "--" ends the options, and is none of what follows it.
  if (n > 1 && g_str_equal(arguments[1], "--")) {
    memmove(arguments + 1, arguments + 2, (gsize)(n - 1) * sizeof *arguments);
    n--;
  }
  int given = n - 1, most = ABS(n_operands);
  if (given > most) {
    pct_command_refuse(_("“%s” is one argument too many"), arguments[most + 1]);
    return FALSE;
  }
  if (given < n_operands) {
    pct_command_refuse(_("%s is missing"), operands);
    return FALSE;
  }
  return TRUE;
}

int
pct_command_refuse(const char *format, ...)
{
  va_list values;
  va_start(values, format);
  g_autofree char *message = g_strdup_vprintf(format, values);
  va_end(values);
  fprintf(stderr, "%s: %s%s\n", g_get_prgname(), message, g_str_has_suffix(message, ".") ? "" : ".");
  // Translators: %s is a command, as in “percept-cli train”.
  fprintf(stderr, _("“%s --help” says how it is used.\n"), g_get_prgname());
  return PCT_EXIT_USAGE;
}

const char *
pct_command_recording_path(const char *argument)
{
  return g_str_equal(argument, "demo") && !g_file_test(argument, G_FILE_TEST_EXISTS) ? NULL : argument;
}

gboolean
pct_command_check_output(const char *path, GError **error)
{
  // Never committed: the temporary goes, and what is there stays.
  g_autoptr(PctAtomicFile) file = pct_atomic_file_open(path, error);
  return file != NULL;
}
