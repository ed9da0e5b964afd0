// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib/gstdio.h>
#include <string.h>
#include "base/error.h"
#include "samples.h"

char *
sample_path(const char *name)
{
  return g_test_build_filename(G_TEST_DIST, "foreign", "samples", name, NULL);
}

char *
make_folder(void)
{
  char *folder = g_dir_make_tmp("percept-foreign-XXXXXX", NULL);
  g_assert_nonnull(folder);
  return folder;
}

void
remove_folder(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
      remove_folder(path);
    else
      g_assert_true(g_unlink(path) == 0);
  }
  g_assert_true(g_rmdir(folder) == 0);
}

GPtrArray *
open_path(const char *path)
{
  g_autoptr(GError) error = NULL;
  const char *paths[] = { path, NULL };
  GPtrArray *sources = pct_foreign_open(paths, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(sources);
  g_assert_cmpuint(sources->len, >, 0);
  return sources;
}

GPtrArray *
open_sample(const char *name)
{
  g_autofree char *path = sample_path(name);
  return open_path(path);
}

void
refuse_path(const char *path, PctError code, const char *words)
{
  g_autoptr(GError) error = NULL;
  const char *paths[] = { path, NULL };
  g_assert_null(pct_foreign_open(paths, NULL, &error));
  g_assert_error(error, PCT_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, words));
  g_assert_true(g_str_has_suffix(error->message, ".") && !strchr(error->message, '\n'));
}

void
refuse_sample(const char *name, PctError code, const char *words)
{
  g_autofree char *path = sample_path(name);
  refuse_path(path, code, words);
}

int
find_array(const PctArraySource *source, const char *name)
{
  for (guint i = 0; i < source->arrays->len; i++)
    if (g_str_equal(((const PctForeignArray *)source->arrays->pdata[i])->name, name))
      return (int)i;
  return -1;
}

PctNpyArray *
read_array(PctArraySource *source, const char *name, const gsize *shape)
{
  g_autoptr(GError) error = NULL;
  int number = find_array(source, name);
  if (number < 0)
    g_error("there is no “%s” in %s", name, source->shown);
  const PctForeignArray *array = source->arrays->pdata[number];
  PctNpyArray *values = source->class->read(source, (guint)number, 0, array->n_dims ? array->shape[0] : 1, &error);
  g_assert_no_error(error);
  g_assert_cmpint(values->kind, ==, array->kind);
  g_assert_cmpuint(values->n_dims, ==, array->n_dims);
  if (array->item_size)
    g_assert_cmpuint(values->item_size, ==, array->item_size);
  for (guint d = 0; d < array->n_dims; d++) {
    g_assert_cmpuint(array->shape[d], ==, shape[d]);
    g_assert_cmpuint(values->shape[d], ==, shape[d]);
  }
  g_assert_cmpuint(shape[array->n_dims], ==, 0);
  return values;
}

static void
check_values(const PctNpyArray *array, double first)
{
  g_autofree float *values = pct_npy_array_dup_floats(array, "values", NULL);
  g_assert_nonnull(values);
  for (gsize i = 0; i < array->n_items; i++)
    g_assert_cmpfloat(values[i], ==, (float)(first + (double)i));
}

void
check_counted(PctArraySource *source, const char *name, double first, PctNpyKind kind, gsize item_size,
              const gsize *shape)
{
  g_autoptr(PctNpyArray) all = read_array(source, name, shape);
  g_assert_cmpint(all->kind, ==, kind);
  g_assert_cmpuint(all->item_size, ==, item_size);
  check_values(all, first);
  gsize row = all->n_items / all->shape[0];
  for (gsize i = 0; i < shape[0]; i++) {
    g_autoptr(GError) error = NULL;
    gsize n = MIN(2, shape[0] - i);
    g_autoptr(PctNpyArray) part = source->class->read(source, (guint)find_array(source, name), i, n, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(part->shape[0], ==, n);
    g_assert_cmpuint(part->n_items, ==, n * row);
    check_values(part, first + (double)(i * row));
  }
}

void
check_texts(PctArraySource *source, const char *name, const char *texts)
{
  g_autoptr(GError) error = NULL;
  int number = find_array(source, name);
  g_assert_cmpint(number, >=, 0);
  const PctForeignArray *array = source->arrays->pdata[number];
  g_autoptr(PctNpyArray) values = source->class->read(source, (guint)number, 0, array->n_dims ? array->shape[0] : 1, &error);
  g_assert_no_error(error);
  g_autoptr(GString) found = g_string_new(NULL);
  for (gsize i = 0; i < values->n_items; i++) {
    g_autofree char *text = pct_npy_array_dup_text(values, i);
    g_string_append_printf(found, "%s%s", i ? "|" : "", text);
  }
  g_assert_cmpstr(found->str, ==, texts);
}

void
check_remark(const PctArraySource *source, const char *words)
{
  for (guint i = 0; i < source->remarks->len; i++)
    if (strstr(source->remarks->pdata[i], words))
      return;
  g_error("no remark on %s says “%s”", source->shown, words);
}
