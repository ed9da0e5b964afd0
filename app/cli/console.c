// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "console.h"
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/blas.h"
#include "base/error.h"
#include "command.h"

#define REDRAW_MICROSECONDS 100000
#define REPEAT_HEADER 24  // rows

struct _PctConsole {
  PctPool *pool;
  PctRun run;
  gboolean json, terminal;
  char *phase;
  gint64 start, drawn;  // monotonic microseconds
  gboolean line;        // a progress line stands on the terminal
  guint n_rows;
};

// A signal handler can reach nothing else.
static volatile sig_atomic_t interrupted;

static void
interrupt(int number)
{
  interrupted = 1;
}

static void
clear_line(PctConsole *self)
{
  if (self->line)
    fputs("\r\033[K", stderr);
  self->line = FALSE;
}

static void
add_number(JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name(builder, name);
  if (isfinite(value))
    json_builder_add_double_value(builder, value);
  else
    json_builder_add_null_value(builder);
}

static void
print_json(JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, FALSE);
  fprintf(stderr, "%s\n", text);
}

static void
report_json(PctConsole *self, const PctProgress *progress)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  if (self->phase) {
    json_builder_set_member_name(builder, "phase");
    json_builder_add_string_value(builder, self->phase);
  }
  add_number(builder, "seconds", (double)(g_get_monotonic_time() - self->start) / G_USEC_PER_SEC);
  add_number(builder, "step", progress->step);
  if (progress->total > 0)
    add_number(builder, "total", progress->total);
  for (guint i = 0; i < progress->n_figures; i++)
    add_number(builder, progress->figures[i].name, progress->figures[i].value);
  json_builder_end_object(builder);
  print_json(builder);
}

// "validation_pixcorr" stands as two lines at the head of its column.
static int
split_name(const char *name, char **first)
{
  const char *cut = strrchr(name, '_');
  *first = g_strndup(name, cut ? (gsize)(cut - name) : strlen(name));
  g_strdelimit(*first, "_", ' ');
  return cut ? (int)(cut + 1 - name) : -1;
}

static void
print_row(PctConsole *self, const PctProgress *progress)
{
  g_autoptr(GString) top = g_string_new(NULL), below = g_string_new(NULL), row = g_string_new(NULL);
  for (guint i = 0; i < progress->n_figures; i++) {
    const PctFigure *figure = &progress->figures[i];
    g_autofree char *first = NULL;
    int cut = split_name(figure->name, &first);
    const char *second = cut < 0 ? "" : figure->name + cut;
    int width = MAX(7, (int)MAX(strlen(first), strlen(second))) + (i > 0 ? 2 : 0);
    g_string_append_printf(top, "%*s", width, cut < 0 ? "" : first);
    g_string_append_printf(below, "%*s", width, cut < 0 ? first : second);
    if (g_str_equal(figure->name, "epoch"))
      g_string_append_printf(row, "%*.0f", width, figure->value);
    else
      g_string_append_printf(row, "%*.4f", width, figure->value);
  }
  if (self->n_rows++ % REPEAT_HEADER == 0)
    fprintf(stderr, "%s\n%s\n", top->str, below->str);
  fprintf(stderr, "%s\n", row->str);
}

static void
draw_line(PctConsole *self, const PctProgress *progress)
{
  gint64 now = g_get_monotonic_time();
  if (now - self->drawn < REDRAW_MICROSECONDS)
    return;
  self->drawn = now;
  double seconds = (double)(now - self->start) / G_USEC_PER_SEC;
  clear_line(self);
  fprintf(stderr, "%s", self->phase ? self->phase : _("Working"));
  if (progress->total > 0)
    fprintf(stderr, "  %3.0f %%", 100 * CLAMP(progress->step / progress->total, 0, 1));
  fprintf(stderr, "  %.0f s", seconds);
  self->line = TRUE;
}

static gboolean
has_epoch(const PctProgress *progress)
{
  for (guint i = 0; i < progress->n_figures; i++)
    if (g_str_equal(progress->figures[i].name, "epoch"))
      return TRUE;
  return FALSE;
}

static gboolean
report(const PctProgress *progress, gpointer data)
{
  PctConsole *self = data;
  gboolean new_phase = progress->phase && g_strcmp0(progress->phase, self->phase) != 0;
  if (new_phase) {
    g_free(self->phase);
    self->phase = g_strdup(progress->phase);
  }
  if (self->json) {
    report_json(self, progress);
  } else if (has_epoch(progress)) {
    clear_line(self);
    print_row(self, progress);
  } else if (self->terminal) {
    draw_line(self, progress);
  } else if (new_phase) {
    fprintf(stderr, "%s\n", self->phase);
  }
  fflush(stderr);
  return !interrupted;
}

PctConsole *
pct_console_new(gboolean json, GError **error)
{
  if (!pct_blas_init(error))
    return NULL;
  // The second Ctrl+C ends a program that does not listen.
  struct sigaction action = { .sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND };
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  // A file that must not grow any more is an error of writing, not the end of the program.
  signal(SIGXFSZ, SIG_IGN);
  PctConsole *self = g_new0(PctConsole, 1);
  self->pool = pct_pool_new(0, 0);
  pct_pool_bind_caller(self->pool);
  self->run = (PctRun){ report, self, self->pool };
  self->json = json;
  self->terminal = isatty(STDERR_FILENO) != 0;
  self->start = g_get_monotonic_time();
  return self;
}

void
pct_console_free(PctConsole *self)
{
  if (!self)
    return;
  clear_line(self);
  pct_pool_free(self->pool);
  g_free(self->phase);
  g_free(self);
}

const PctRun *
pct_console_get_run(PctConsole *self)
{
  return &self->run;
}

// A machine that reads reports gets this as one more object.
static void
say(PctConsole *self, const char *member, const char *sentence)
{
  if (self)
    clear_line(self);
  if (!self || !self->json) {
    fprintf(stderr, "%s%s\n", g_str_equal(member, "error") ? "percept-cli: " : "", sentence);
    return;
  }
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, member);
  json_builder_add_string_value(builder, sentence);
  json_builder_end_object(builder);
  print_json(builder);
}

void
pct_console_note(PctConsole *self, const char *format, ...)
{
  va_list values;
  va_start(values, format);
  g_autofree char *sentence = g_strdup_vprintf(format, values);
  va_end(values);
  say(self, "note", sentence);
}

int
pct_console_fail(PctConsole *self, const GError *error)
{
  say(self, "error", error->message);
  return g_error_matches(error, PCT_ERROR, PCT_ERROR_CANCELLED) ? PCT_EXIT_INTERRUPTED : PCT_EXIT_FAILED;
}

void
pct_console_finish(PctConsole *self)
{
  clear_line(self);
  fflush(stderr);
}
