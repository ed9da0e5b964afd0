// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/import-process.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/error.h"
#include "model/json-file.h"

// A catalogue of a hundred thousand arrays is some 20 MB.
#define MAX_LINE (64u << 20)
// How long a wish to stop may wait.
#define POLL_MILLISECONDS 50

typedef struct {
  GSubprocess *process;
  int output;            // its stdout, borrowed from process
  GString *pending;      // what was read and is no whole line yet
  const char *program;   // base name, for messages
  const PctImportLimits *limits;
  gint64 heard;          // when, monotonic
  PctProgress progress;  // as far as is known; without a phase
  JsonNode *result;
} Importer;

static void
importer_clear(Importer *importer)
{
  if (importer->process) {
    g_subprocess_force_exit(importer->process);
    g_subprocess_wait(importer->process, NULL, NULL);
    g_object_unref(importer->process);
  }
  if (importer->pending)
    g_string_free(importer->pending, TRUE);
  g_clear_pointer(&importer->result, json_node_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Importer, importer_clear)

char *
pct_import_process_locate(void)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
  char *beside = g_build_filename(folder, "percept-import", NULL);
  if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
    return beside;
  g_free(beside);
  return g_strdup(PCT_BUILD_DIR "/app/percept-import");
}

// A file without a name that holds the plan: a pipe would have to be written while the other end may die.
static int
open_plan(const PctImportPlan *plan, GError **error)
{
  g_autoptr(JsonNode) node = pct_import_plan_to_json(plan);
  g_autofree char *text = json_to_string(node, FALSE);
  gsize n = strlen(text), written = 0;
  int fd = memfd_create("plan", MFD_CLOEXEC);
  while (fd >= 0 && written < n) {
    ssize_t step = write(fd, text + written, n - written);
    if (step < 0 && errno != EINTR)
      break;
    written += step > 0 ? (gsize)step : 0;
  }
  if (fd >= 0 && written == n && lseek(fd, 0, SEEK_SET) == 0)
    return fd;
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("The importer could not be started: %s."), g_strerror(errno));
  if (fd >= 0)
    close(fd);
  return -1;
}

static guint64
choose_memory(const PctImportLimits *limits)
{
  if (limits->memory)
    return limits->memory;
  return (guint64)sysconf(_SC_PHYS_PAGES) * (guint64)sysconf(_SC_PAGESIZE) / 4 * 3;
}

static gboolean
start(Importer *importer, const char *program, PctImportVerb verb, const PctImportPlan *plan, const char *out,
      GError **error)
{
  static const char *const verbs[] = { "list", "preview", "make" };
  int fd = open_plan(plan, error);
  if (fd < 0)
    return FALSE;
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_take_stdin_fd(launcher, fd);
  // What it needs of the session is its language; a look at the network or at a bus is no part of reading a file.
  g_subprocess_launcher_setenv(launcher, "GIO_USE_VFS", "local", TRUE);
  g_subprocess_launcher_setenv(launcher, "HDF5_PLUGIN_PRELOAD", "::", TRUE);
  g_autofree char *memory = g_strdup_printf("--memory=%" G_GUINT64_FORMAT, choose_memory(importer->limits));
  g_autofree char *seconds = g_strdup_printf("--seconds=%u", importer->limits->seconds);
  const char *argv[] = { program, verbs[verb], memory, seconds, out, NULL };
  g_autoptr(GError) cause = NULL;
  importer->process = g_subprocess_launcher_spawnv(launcher, argv, &cause);
  if (!importer->process) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("The importer could not be started: %s."), cause->message);
    return FALSE;
  }
  GInputStream *stream = g_subprocess_get_stdout_pipe(importer->process);
  importer->output = g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(stream));
  importer->pending = g_string_new(NULL);
  importer->heard = g_get_monotonic_time();
  return TRUE;
}

static gboolean
talks_nonsense(GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The importer said something that is not understood; nothing was imported."));
  return FALSE;
}

static double
get_number(JsonObject *object, const char *name, double fallback)
{
  JsonNode *node = json_object_get_member(object, name);
  return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) != G_TYPE_STRING
           ? json_node_get_double(node) : fallback;
}

static gboolean
understand(Importer *importer, const char *line, gsize n, const PctRun *run, GError **error)
{
  g_autoptr(JsonParser) parser = pct_json_text_load(line, n, importer->program, NULL);
  if (!parser || importer->result)
    return talks_nonsense(error);
  JsonObject *object = json_node_get_object(json_parser_get_root(parser));
  JsonNode *result = json_object_get_member(object, "result");
  if (result) {
    if (!JSON_NODE_HOLDS_OBJECT(result))
      return talks_nonsense(error);
    importer->result = json_node_copy(result);
    return TRUE;
  }
  const char *said = pct_json_get_text(object, "error");
  if (said) {
    double code = get_number(object, "code", PCT_ERROR_FORMAT);
    gboolean known = code >= PCT_ERROR_FORMAT && code <= PCT_ERROR_UNSUPPORTED && code != PCT_ERROR_CANCELLED;
    g_set_error_literal(error, PCT_ERROR, known ? (int)code : PCT_ERROR_FORMAT, said);
    return FALSE;
  }
  double progress = get_number(object, "progress", -1);
  importer->progress = (PctProgress){ .step = CLAMP(progress, 0, 1), .total = progress < 0 ? 0 : 1 };
  PctProgress report = importer->progress;
  report.phase = pct_json_get_text(object, "phase");
  return pct_run_report(run, &report, error);
}

// All whole lines that were read.
static gboolean
hear(Importer *importer, const PctRun *run, GError **error)
{
  GString *pending = importer->pending;
  gsize done = 0;
  const char *end;
  while ((end = memchr(pending->str + done, '\n', pending->len - done))) {
    gsize n = (gsize)(end - pending->str) - done;
    if (!understand(importer, pending->str + done, n, run, error))
      return FALSE;
    done += n + 1;
  }
  g_string_erase(pending, 0, (gssize)done);
  return pending->len <= MAX_LINE || talks_nonsense(error);
}

// FALSE: an error, or with *over the end of what it says.
static gboolean
listen_once(Importer *importer, const PctRun *run, gboolean *over, GError **error)
{
  struct pollfd ready = { importer->output, POLLIN, 0 };
  int n = poll(&ready, 1, POLL_MILLISECONDS);
  if (n > 0) {
    char bytes[65536];
    ssize_t length = read(importer->output, bytes, sizeof bytes);
    if (length < 0 && errno == EINTR)
      return TRUE;
    *over = length <= 0;
    if (*over)
      return FALSE;
    importer->heard = g_get_monotonic_time();
    g_string_append_len(importer->pending, bytes, length);
    return hear(importer, run, error);
  }
  if (g_get_monotonic_time() - importer->heard > (gint64)importer->limits->silence * G_USEC_PER_SEC) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO,
                _("The importer was stopped because it said nothing for %u seconds; nothing was imported."),
                importer->limits->silence);
    return FALSE;
  }
  return pct_run_report(run, &importer->progress, error);
}

// Why there is no result, after it has ended of itself.
static void
explain_end(Importer *importer, GError **error)
{
  g_subprocess_wait(importer->process, NULL, NULL);
  if (!g_subprocess_get_if_signaled(importer->process)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("The importer ended without a result; nothing was imported."));
    return;
  }
  int signal = g_subprocess_get_term_sig(importer->process);
  // GLib traps where there is no memory; the system kills where there is none.
  if (signal == SIGXCPU)
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO,
                _("The importer was stopped after %u seconds of work; nothing was imported."),
                importer->limits->seconds);
  else if (signal == SIGTRAP || signal == SIGKILL)
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY,
                _("The importer was ended (%s), probably because the files want more memory than there is; nothing was "
                  "imported."), g_strsignal(signal));
  else
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO,
                _("The importer broke down while it read the files (%s); nothing was imported."), g_strsignal(signal));
}

JsonNode *
pct_import_process_run(const char *program, PctImportVerb verb, const PctImportPlan *plan, const char *out,
                       const PctImportLimits *limits, const PctRun *run, GError **error)
{
  g_return_val_if_fail(program && plan && limits && (verb == PCT_IMPORT_LIST) == (out == NULL), NULL);
  g_autofree char *shown = g_path_get_basename(program);
  g_auto(Importer) importer = { .program = shown, .limits = limits };
  if (!start(&importer, program, verb, plan, out, error))
    return NULL;
  g_autoptr(GError) cause = NULL;
  gboolean over = FALSE;
  while (listen_once(&importer, run, &over, &cause))
    ;
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
  }
  if (!importer.result || importer.pending->len) {
    explain_end(&importer, error);
    return NULL;
  }
  return g_steal_pointer(&importer.result);
}
