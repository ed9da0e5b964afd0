// SPDX-License-Identifier: GPL-3.0-or-later
// An importer that crashes, loops, floods, talks nonsense or dies of memory leaves whoever asked alive, with a sentence.
// The importers here are shell scripts.
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include "fixture.h"
#include "work/import-process.h"

typedef struct {
  char *folder, *program, *note;
  PctImportPlan *plan;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer script)
{
  fixture->folder = g_dir_make_tmp("percept-importer-XXXXXX", NULL);
  fixture->program = g_build_filename(fixture->folder, "importer", NULL);
  fixture->note = g_build_filename(fixture->folder, "note", NULL);
  g_autofree char *text = g_strdup_printf("#!/bin/sh\nnote='%s'\n%s\n", fixture->note, (const char *)script);
  g_assert_true(g_file_set_contents(fixture->program, text, -1, NULL));
  g_assert_cmpint(g_chmod(fixture->program, 0700), ==, 0);
  fixture->plan = pct_import_plan_new();
  g_ptr_array_add(fixture->plan->paths, g_strdup("/a/file.mat"));
}

static void
tear_down(Fixture *fixture, gconstpointer script)
{
  g_unlink(fixture->program);
  g_unlink(fixture->note);
  g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
  g_free(fixture->folder);
  g_free(fixture->program);
  g_free(fixture->note);
  pct_import_plan_free(fixture->plan);
}

static JsonNode *
run_importer(Fixture *fixture, const PctRun *run, GError **error)
{
  const PctImportLimits limits = { .silence = 1 };
  return pct_import_process_run(fixture->program, PCT_IMPORT_LIST, fixture->plan, NULL, &limits, run, error);
}

#define FAILS(name, code, piece)                                                 \
  static void test_##name(Fixture *fixture, gconstpointer script)                \
  {                                                                              \
    g_autoptr(GError) error = NULL;                                              \
    g_assert_null(run_importer(fixture, NULL, &error));                          \
    g_assert_error(error, PCT_ERROR, code);                                      \
    g_assert_nonnull(strstr(error->message, piece));                             \
  }

FAILS(crash, PCT_ERROR_IO, "broke down")
FAILS(killed, PCT_ERROR_MEMORY, "memory")
FAILS(loop, PCT_ERROR_IO, "1 seconds")
FAILS(silent_end, PCT_ERROR_IO, "without a result")
FAILS(half_a_line, PCT_ERROR_IO, "without a result")
FAILS(nonsense, PCT_ERROR_FORMAT, "not understood")
FAILS(deep, PCT_ERROR_FORMAT, "not understood")
FAILS(no_object, PCT_ERROR_FORMAT, "not understood")
FAILS(two_results, PCT_ERROR_FORMAT, "not understood")
FAILS(sentence, PCT_ERROR_SHAPE, "the table is one row short")
FAILS(strange_code, PCT_ERROR_FORMAT, "a reason")

static void
test_result(Fixture *fixture, gconstpointer script)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) result = run_importer(fixture, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(json_object_get_int_member(json_node_get_object(result), "neurons"), ==, 7);
  // What it was asked, and how.
  g_autofree char *note = NULL;
  g_assert_true(g_file_get_contents(fixture->note, &note, NULL, NULL));
  g_assert_nonnull(strstr(note, "list --memory="));
  g_assert_nonnull(strstr(note, "\"paths\":[\"/a/file.mat\"]"));
}

typedef struct {
  double step;
  char phase[32];
  guint calls, stop_at;
} Heard;

static gboolean
hear(const PctProgress *progress, gpointer data)
{
  Heard *heard = data;
  heard->step = progress->step;
  if (progress->phase)
    g_strlcpy(heard->phase, progress->phase, sizeof heard->phase);
  return ++heard->calls < heard->stop_at;
}

static void
test_progress(Fixture *fixture, gconstpointer script)
{
  g_autoptr(GError) error = NULL;
  Heard heard = { .stop_at = 1000 };
  PctRun run = { hear, &heard, NULL };
  g_autoptr(JsonNode) result = run_importer(fixture, &run, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(heard.step, ==, 0.5);
  g_assert_cmpstr(heard.phase, ==, "Reading");
}

// The process is gone when the call is.
static void
test_cancel(Fixture *fixture, gconstpointer script)
{
  g_autoptr(GError) error = NULL;
  Heard heard = { .stop_at = 4 };
  PctRun run = { hear, &heard, NULL };
  g_assert_null(run_importer(fixture, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_autofree char *note = NULL;
  g_assert_true(g_file_get_contents(fixture->note, &note, NULL, NULL));
  g_assert_cmpint(kill((pid_t)g_ascii_strtoll(note, NULL, 10), 0), !=, 0);
}

static void
test_not_there(Fixture *fixture, gconstpointer script)
{
  g_autoptr(GError) error = NULL;
  g_unlink(fixture->program);
  g_assert_null(run_importer(fixture, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, script) g_test_add("/import-process/" #name, Fixture, script, set_up, test_##name, tear_down)
  ADD(result, "echo \"$@\" >\"$note\"; cat >>\"$note\"; echo '{\"result\":{\"neurons\":7}}'");
  ADD(progress, "echo '{\"phase\":\"Reading\"}'; echo '{\"progress\":0.5}'; echo '{\"result\":{}}'");
  ADD(crash, "kill -SEGV $$");
  ADD(killed, "kill -KILL $$");
  ADD(loop, "while :; do :; done");
  ADD(silent_end, "exit 0");
  ADD(half_a_line, "printf '{\"result\":{'");
  ADD(nonsense, "echo hello");
  ADD(deep, "printf '%s\\n' '[[[[[[[[[[[[[[[[[[[[[[[['");
  ADD(no_object, "echo '{\"result\":3}'");
  ADD(two_results, "echo '{\"result\":{}}'; echo '{\"result\":{}}'");
  ADD(sentence, "echo '{\"error\":\"the table is one row short\",\"code\":1}'; exit 1");
  ADD(strange_code, "echo '{\"error\":\"a reason\",\"code\":5}'; exit 1");
  ADD(cancel, "echo $$ >\"$note\"; while :; do sleep 1; done");
  ADD(not_there, "true");
  return g_test_run();
}
