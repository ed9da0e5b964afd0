// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>
#include "base/error.h"
#include "damage.h"
#include "samples.h"

static void
test_version_5(gconstpointer name)
{
  g_autoptr(GPtrArray) sources = open_sample(name);
  PctArraySource *source = sources->pdata[0];
  g_assert_cmpstr(source->format, ==, "MATLAB 5");
  COUNTED(source, "resp", .5, PCT_NPY_FLOAT, 4, 5, 7);
  COUNTED(source, "istim", 0, PCT_NPY_INT, 4, 5, 1);
  COUNTED(source, "stack", 0, PCT_NPY_UINT, 1, 3, 4, 2);
  COUNTED(source, "whole", 0, PCT_NPY_FLOAT, 8, 4, 4);
  COUNTED(source, "stim/resp", .5, PCT_NPY_FLOAT, 8, 5, 7);
  COUNTED(source, "stim/deep/gain", 2.5, PCT_NPY_FLOAT, 8, 1, 1);
  COUNTED(source, "animals/weight", .5, PCT_NPY_FLOAT, 8, 3);
  COUNTED(source, "animals/patch", 0, PCT_NPY_INT, 2, 3, 2, 2);
  check_texts(source, "animals/name", "mouse 0|mouse 1|mouse 2");
  check_texts(source, "names", "first|second café|");
  check_texts(source, "table", "r0c0|r0c1|r0c2|r1c0|r1c1|r1c2");
  check_texts(source, "tiers", "train|test|validation");
  check_texts(source, "title", "a session");
  g_autoptr(PctNpyArray) flag = READ(source, "flag", 1, 3), big = READ(source, "big", 1, 1);
  g_assert_cmpmem(flag->data, 3, "\1\0\1", 3);
  g_assert_cmpint(*(gint64 *)big->data, ==, (1LL << 60) + 1);
  check_remark(source, "uneven");
  check_remark(source, "complex");
  check_remark(source, "sparse");
  check_remark(source, "nothing");
  g_assert_cmpint(find_array(source, "imaginary"), ==, -1);
}

// A stack of equal cells has the cells first.
static void
test_cells(gconstpointer name)
{
  g_autoptr(GPtrArray) sources = open_sample(name);
  COUNTED(sources->pdata[0], "frames", .5, PCT_NPY_FLOAT, 8, 4, 2, 3);
}

static void
test_version_4(void)
{
  g_autoptr(GPtrArray) sources = open_sample("v4.mat");
  PctArraySource *source = sources->pdata[0];
  g_assert_cmpstr(source->format, ==, "MATLAB 4");
  COUNTED(source, "resp", .5, PCT_NPY_FLOAT, 8, 5, 7);
  check_texts(source, "title", "a session");
}

static void
test_version_73(void)
{
  g_autoptr(GPtrArray) sources = open_sample("v73.mat");
  PctArraySource *source = sources->pdata[0];
  g_assert_cmpstr(source->format, ==, "MATLAB 7.3");
  COUNTED(source, "resp", .5, PCT_NPY_FLOAT, 4, 5, 7);
  COUNTED(source, "stack", 0, PCT_NPY_UINT, 1, 3, 4, 2);
  COUNTED(source, "stim/istim", 0, PCT_NPY_FLOAT, 8, 5, 1);
  check_texts(source, "names", "first|second café|third");
  check_texts(source, "title", "a session");
  g_autoptr(PctNpyArray) flag = READ(source, "flag", 1, 3);
  g_assert_cmpint(flag->kind, ==, PCT_NPY_BOOL);
  g_assert_cmpmem(flag->data, 3, "\1\0\1", 3);
}

static void
test_what_is_left_out(void)
{
  refuse_sample("function.mat", PCT_ERROR_UNSUPPORTED, "function handle");
  g_autoptr(GPtrArray) some = open_sample("handle-and-number.mat"), objects = open_sample("opaque.mat");
  COUNTED(some->pdata[0], "x", 4.5, PCT_NPY_FLOAT, 8, 1, 1);
  check_remark(some->pdata[0], "function handle");
  COUNTED(objects->pdata[0], "x", 4.5, PCT_NPY_FLOAT, 8, 1, 1);
  check_remark(objects->pdata[0], "object");
}

// 12.8 GB in 256 bytes, and files that end in the middle.
static void
test_refused(void)
{
  refuse_sample("giant.mat", PCT_ERROR_UNSUPPORTED, "more than the file holds");
  g_autofree char *folder = make_folder(), *path = g_build_filename(folder, "short.mat", NULL);
  for (guint i = 0; i < 3; i++) {
    const char *names[] = { "v4.mat", "v5.mat", "v5-packed.mat" };
    g_autofree char *whole = sample_path(names[i]), *bytes = NULL;
    gsize n;
    g_assert_true(g_file_get_contents(whole, &bytes, &n, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)(n - 3), NULL));
    refuse_path(path, PCT_ERROR_FORMAT, "cut short");
  }
  g_assert_true(g_file_set_contents(path, "not one of MATLAB's, but as long as its header", -1, NULL));
  refuse_path(path, PCT_ERROR_UNSUPPORTED, "none of the files");
  remove_folder(folder);
}

// The checksum of a packed variable is compared when it is read, and only then.
static void
test_damaged_pack(void)
{
  g_autofree char *folder = make_folder(), *path = g_build_filename(folder, "packed.mat", NULL);
  g_autofree char *whole = sample_path("v5-packed.mat"), *bytes = NULL;
  gsize n;
  g_assert_true(g_file_get_contents(whole, &bytes, &n, NULL));
  guint32 length;
  memcpy(&length, bytes + 128 + 4, 4);
  bytes[128 + 8 + length - 1] ^= 1;
  g_assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
  g_autoptr(GPtrArray) sources = open_path(path);
  PctArraySource *source = sources->pdata[0];
  g_autoptr(GError) error = NULL;
  g_assert_null(source->class->read(source, (guint)find_array(source, "resp"), 0, 5, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "packed.mat"));
  COUNTED(source, "stim/resp", .5, PCT_NPY_FLOAT, 8, 5, 7);
  remove_folder(folder);
}

// An array of more columns than are read at once, as MATLAB writes it without packing: value i of memory is i.
static void
write_large(const char *path, guint32 n_rows, guint32 n_columns)
{
  guint32 n_bytes = n_rows * n_columns * 4;
  // Flags of a single array, its sizes, its name "a", and the element of its numbers.
  const guint32 head[] = { 14, 16 + 16 + 8 + 8 + n_bytes, 6, 8, 7, 0, 5, 8, n_rows, n_columns, 1 | 1 << 16, 'a', 7, n_bytes };
  g_autofree guint8 *bytes = g_malloc0(128 + sizeof head + n_bytes);
  memset(bytes, ' ', 124);
  memcpy(bytes + 124, (guint8[]){ 0, 1, 'I', 'M' }, 4);
  memcpy(bytes + 128, head, sizeof head);
  float *values = (float *)(bytes + 128 + sizeof head);
  for (guint32 i = 0; i < n_rows * n_columns; i++)
    values[i] = (float)i;
  g_assert_true(g_file_set_contents(path, (char *)bytes, (gssize)(128 + sizeof head + n_bytes), NULL));
}

static void
test_large(void)
{
  enum { N_ROWS = 1000, N_COLUMNS = 5000 };
  g_autofree char *folder = make_folder();
  g_autofree char *path = g_build_filename(folder, "large.mat", NULL);
  write_large(path, N_ROWS, N_COLUMNS);
  g_autoptr(GPtrArray) sources = open_path(path);
  PctArraySource *source = sources->pdata[0];
  const gsize parts[][2] = { { 0, N_ROWS }, { 7, 5 }, { 900, 100 }, { 1, N_ROWS - 1 } };
  for (guint p = 0; p < G_N_ELEMENTS(parts); p++) {
    g_autoptr(PctNpyArray) array = source->class->read(source, 0, parts[p][0], parts[p][1], NULL);
    g_assert_nonnull(array);
    for (gsize r = 0; r < parts[p][1]; r++)
      for (gsize c = 0; c < N_COLUMNS; c++)
        if (((float *)array->data)[r * N_COLUMNS + c] != (float)(c * N_ROWS + parts[p][0] + r))
          g_error("part %u: row %zu, column %zu", p, r, c);
  }
  remove_folder(folder);
}

static void
test_damaged(void)
{
  check_damaged("v5.mat", 300, TRUE);
  check_damaged("v5-packed.mat", 300, TRUE);
  check_damaged("v4.mat", 200, TRUE);
  check_damaged("v73.mat", 200, TRUE);
  check_damaged("handle-and-number.mat", 200, TRUE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/mat/version-5", "v5.mat", test_version_5);
  g_test_add_data_func("/mat/version-5-packed", "v5-packed.mat", test_version_5);
  g_test_add_data_func("/mat/cells", "v5.mat", test_cells);
  g_test_add_data_func("/mat/cells-packed", "v5-packed.mat", test_cells);
  g_test_add_data_func("/mat/cells-7.3", "v73.mat", test_cells);
  g_test_add_func("/mat/version-4", test_version_4);
  g_test_add_func("/mat/version-7.3", test_version_73);
  g_test_add_func("/mat/left-out", test_what_is_left_out);
  g_test_add_func("/mat/refused", test_refused);
  g_test_add_func("/mat/large", test_large);
  g_test_add_func("/mat/damaged-pack", test_damaged_pack);
  g_test_add_func("/mat/damaged", test_damaged);
  return g_test_run();
}
