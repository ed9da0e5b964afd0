// SPDX-License-Identifier: GPL-3.0-or-later
// The window's program: the language, then the application. What may be wrong with this machine, the window says.
#include "config.h"
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include "application.h"

int
main(int argc, char **argv)
{
  setlocale(LC_ALL, "");
  // An uninstalled program finds the translations that were built beside it.
  bindtextdomain(GETTEXT_PACKAGE,
                 g_file_test(PCT_BUILD_DIR "/po", G_FILE_TEST_IS_DIR) ? PCT_BUILD_DIR "/po" : PCT_LOCALE_DIR);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  // A limit on the size of files is told as an error of writing, not by ending the program.
  signal(SIGXFSZ, SIG_IGN);
  g_set_application_name("Percept");
  g_autoptr(PctApplication) application = pct_application_new();
  return g_application_run(G_APPLICATION(application), argc, argv);
}
