// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib/gstdio.h>
#include <string.h>
#include "base/error.h"
#include "damage.h"
#include "data/npy.h"
#include "samples.h"

static void
test_one(void)
{
  g_autoptr(GPtrArray) sources = open_sample("one.npy");
  g_assert_cmpuint(sources->len, ==, 1);
  COUNTED(sources->pdata[0], "", .5, PCT_NPY_FLOAT, 4, 5, 7);
}

static void
test_npz(void)
{
  g_autoptr(GPtrArray) sources = open_sample("some.npz");
  PctArraySource *source = sources->pdata[0];
  g_assert_cmpstr(source->format, ==, "npz");
  COUNTED(source, "resp", .5, PCT_NPY_FLOAT, 4, 5, 7);
  COUNTED(source, "images", 0, PCT_NPY_UINT, 1, 3, 4, 2);
  check_texts(source, "tiers", "train|test");
}

// A file for each trial is one array; a column-major file reads as any. (A tree in the file-tree layout is import's.)
static void
test_folder(void)
{
  g_autoptr(GPtrArray) sources = open_sample("trials");
  g_assert_cmpuint(sources->len, ==, 1);
  PctArraySource *source = sources->pdata[0];
  COUNTED(source, "turned", .5, PCT_NPY_FLOAT, 4, 5, 7);
  COUNTED(source, "shown/pictures", .5, PCT_NPY_FLOAT, 4, 3, 1, 2, 3);
  COUNTED(source, "shown/answers", .5, PCT_NPY_FLOAT, 4, 3, 4);
  check_texts(source, "shown/tiers", "train|test|train");
}

static void
save(const char *folder, const char *name, gsize n)
{
  const float values[] = { .5f, 1.5f, 2.5f, 3.5f, 4.5f };
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_true(pct_npy_save(path, PCT_NPY_FLOAT, sizeof *values, 1, &n, values, NULL));
}

static void
test_numbered_files_that_do_not_fit(void)
{
  g_autofree char *folder = make_folder();
  save(folder, "0.npy", 3);
  save(folder, "1.npy", 2);
  g_autoptr(GPtrArray) sources = open_path(folder);
  PctArraySource *source = sources->pdata[0];
  g_autoptr(GError) error = NULL;
  g_assert_null(source->class->read(source, 0, 0, 2, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_assert_nonnull(strstr(error->message, "1.npy"));
  save(folder, "3.npy", 3);
  refuse_path(folder, PCT_ERROR_UNSUPPORTED, "without a gap");
  save(folder, "a.npy", 3);
  g_autoptr(GPtrArray) singly = open_path(folder);
  COUNTED(singly->pdata[0], "3", .5, PCT_NPY_FLOAT, 4, 3);
  remove_folder(folder);
}

// What one folder holds of several kinds is several sources; what is nothing is said.
static void
test_mixed_folder(void)
{
  g_autofree char *folder = make_folder(), *notes = g_build_filename(folder, "notes.bin", NULL);
  const char *names[] = { "one.npy", "v4.mat", "plain.h5", "some.npz", "float.tif" };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *from = sample_path(names[i]), *to = g_build_filename(folder, names[i], NULL), *bytes = NULL;
    gsize n;
    g_assert_true(g_file_get_contents(from, &bytes, &n, NULL) && g_file_set_contents(to, bytes, (gssize)n, NULL));
  }
  g_assert_true(g_file_set_contents(notes, "\0\1\2", 3, NULL));
  g_autoptr(GPtrArray) sources = open_path(folder);
  g_assert_cmpuint(sources->len, ==, 5);
  const char *formats[] = { "image folder", "HDF5", "npz", "MATLAB 4", "npy folder" };
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
    g_assert_cmpstr(((PctArraySource *)sources->pdata[i])->format, ==, formats[i]);
  check_remark(sources->pdata[0], "1 file in");
  remove_folder(folder);
}

static void
test_refused(void)
{
  g_autofree char *folder = make_folder();
  g_autofree char *text = g_build_filename(folder, "text", NULL), *none = g_build_filename(folder, "none", NULL);
  refuse_path(folder, PCT_ERROR_UNSUPPORTED, "none of the files that Percept reads");
  g_assert_true(g_file_set_contents(text, "\0\0\0\0", 4, NULL));
  refuse_path(text, PCT_ERROR_UNSUPPORTED, "none of the files that Percept reads");
  refuse_path(folder, PCT_ERROR_UNSUPPORTED, "none of the files that Percept reads");
  refuse_path(none, PCT_ERROR_IO, "Could not read");
  remove_folder(folder);
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_stop(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = sample_path("one.npy");
  const char *paths[] = { path, NULL };
  PctRun run = { .func = stop };
  g_assert_null(pct_foreign_open(paths, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

static void
test_damaged(void)
{
  check_damaged("one.npy", 300, FALSE);
  check_damaged("some.npz", 300, FALSE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/numpy/one", test_one);
  g_test_add_func("/numpy/npz", test_npz);
  g_test_add_func("/numpy/folder", test_folder);
  g_test_add_func("/numpy/numbered", test_numbered_files_that_do_not_fit);
  g_test_add_func("/numpy/mixed", test_mixed_folder);
  g_test_add_func("/numpy/refused", test_refused);
  g_test_add_func("/numpy/stop", test_stop);
  g_test_add_func("/numpy/damaged", test_damaged);
  return g_test_run();
}
