// SPDX-License-Identifier: GPL-3.0-or-later
// All or nothing: what a reader finds after a success, an abandoned write, a full disk, and a folder that cannot be
// written. The full disk is the process's own limit on file size.
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include "base/atomic-file.h"
#include "base/error.h"

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp("percept-XXXXXX", NULL);
  fixture->path = g_build_filename(fixture->folder, "file", NULL);
  g_assert_true(g_file_set_contents(fixture->path, "before", -1, NULL));
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  g_remove(fixture->path);
  g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);  // fails where a temporary was left behind
  g_free(fixture->folder);
  g_free(fixture->path);
}

static void
assert_content(const char *path, const char *expected)
{
  g_autofree char *content = NULL;
  g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
  g_assert_cmpstr(content, ==, expected);
}

static void
test_commit(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctAtomicFile) file = pct_atomic_file_open(fixture->path, &error);
  g_assert_no_error(error);
  g_assert_true(pct_atomic_file_write(file, "af", 2, &error));
  g_assert_true(pct_atomic_file_write(file, "ter", 3, &error));
  assert_content(fixture->path, "before");
  assert_content(pct_atomic_file_get_temporary(file), "after");
  g_assert_true(pct_atomic_file_commit(file, &error));
  g_assert_no_error(error);
  assert_content(fixture->path, "after");
}

static void
test_abandoned(Fixture *fixture, gconstpointer data)
{
  PctAtomicFile *file = pct_atomic_file_open(fixture->path, NULL);
  g_assert_true(pct_atomic_file_write(file, "after", 5, NULL));
  pct_atomic_file_free(file);
  assert_content(fixture->path, "before");
}

static void
test_full_disk(Fixture *fixture, gconstpointer data)
{
  struct rlimit old, small = { 4096, 0 };
  g_autoptr(GError) error = NULL;
  g_autofree char *large = g_malloc0(100000);
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &old), ==, 0);
  small.rlim_max = old.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
  gboolean written = pct_atomic_file_set(fixture->path, large, 100000, &error);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &old), ==, 0);
  g_assert_false(written);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(error->message, fixture->path));
  assert_content(fixture->path, "before");
}

static void
test_no_folder(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(fixture->folder, "none", "file", NULL);
  g_assert_null(pct_atomic_file_open(path, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(error->message, path));
}

// The target is a folder with something in it: the last step, the renaming, fails.
static void
test_rename_fails(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_build_filename(fixture->folder, "taken", NULL);
  g_assert_cmpint(g_mkdir(folder, 0777), ==, 0);
  g_assert_false(pct_atomic_file_set(folder, "x", 1, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/atomic-file/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("commit", test_commit);
  ADD("abandoned", test_abandoned);
  ADD("full-disk", test_full_disk);
  ADD("no-folder", test_no_folder);
  ADD("rename-fails", test_rename_fails);
  return g_test_run();
}
