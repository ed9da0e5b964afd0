// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "command.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

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
