// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib/gstdio.h>
#include <string.h>
#include "base/error.h"
#include "damage.h"
#include "foreign/object-array.h"
#include "samples.h"

static void
test_folder(void)
{
  g_autoptr(GPtrArray) sources = open_sample("suite2p");
  g_assert_cmpuint(sources->len, ==, 1);
  PctArraySource *source = sources->pdata[0];
  g_assert_cmpstr(source->format, ==, "suite2p");
  COUNTED(source, "F", .5, PCT_NPY_FLOAT, 4, 3, 6);
  COUNTED(source, "stat/npix", 4, PCT_NPY_INT, 8, 3);
  COUNTED(source, "stat/radius", 1.5, PCT_NPY_FLOAT, 8, 3);
  COUNTED(source, "stat/footprint", 0, PCT_NPY_FLOAT, 4, 3);
  COUNTED(source, "ops/meanImg", .5, PCT_NPY_FLOAT, 4, 4, 5);
  check_texts(source, "ops/version", "0.14");
  check_texts(source, "ops/data_path", "/a|/b");
  g_autoptr(PctNpyArray) fs = READ(source, "ops/fs", 0), med = READ(source, "stat/med", 3, 2);
  g_autoptr(PctNpyArray) soma = READ(source, "stat/soma", 3), plane = READ(source, "stat/iplane", 3);
  g_assert_cmpfloat(*(double *)fs->data, ==, 7.5);
  g_assert_cmpint(((gint64 *)med->data)[4], ==, 12);
  g_assert_cmpint(((gint64 *)med->data)[5], ==, 22);
  g_assert_cmpmem(soma->data, 3, "\0\1\0", 3);
  g_assert_cmpint(((gint64 *)plane->data)[2], ==, (1LL << 40) + 2);
  g_assert_cmpint(find_array(source, "stat/ypix"), ==, -1);
  check_remark(source, "nested");
}

static void
copy(const char *name, const char *folder, const char *to)
{
  g_autofree char *from = sample_path(name), *path = g_build_filename(folder, to, NULL), *bytes = NULL;
  gsize n;
  g_assert_true(g_file_get_contents(from, &bytes, &n, NULL) && g_file_set_contents(path, bytes, (gssize)n, NULL));
}

// A session's folder: planes below it, other files beside; what asks for a program hinders nothing else.
static void
test_session(void)
{
  g_autofree char *folder = make_folder();
  for (int i = 0; i < 2; i++) {
    g_autofree char *plane = g_strdup_printf("%s/suite2p/plane%d", folder, i);
    g_assert_cmpint(g_mkdir_with_parents(plane, 0700), ==, 0);
    copy("suite2p/plane0/F.npy", plane, "F.npy");
    copy("harm.npy", plane, "stat.npy");
  }
  copy("one.npy", folder, "one.npy");
  copy("v4.mat", folder, "stimuli.mat");
  copy("short.csv", folder, "short.csv");
  g_autoptr(GPtrArray) sources = open_path(folder);
  g_assert_cmpuint(sources->len, ==, 3);
  const char *formats[] = { "MATLAB 4", "suite2p", "npy" };
  for (guint i = 0; i < 3; i++)
    g_assert_cmpstr(((PctArraySource *)sources->pdata[i])->format, ==, formats[i]);
  check_remark(sources->pdata[0], "not one table");
  check_remark(sources->pdata[1], "system”, which only a program could want");
  check_remark(sources->pdata[1], "Of 2 planes");
  COUNTED(sources->pdata[1], "F", .5, PCT_NPY_FLOAT, 4, 3, 6);
  remove_folder(folder);
}

#define HEADER "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}\n"
#define ARRAY "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\205C\1b\207R(K\1K\2\205cnumpy\ndtype\nX\2\0\0\0O8K\0K\1\207R\211"

// The file of a pickle; its columns by "name kind(shape)", or what its error says.
static char *
read_pickle(const char *pickle, gsize n)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  const guint8 fixed[] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, sizeof HEADER - 1, 0 };
  g_byte_array_append(bytes, fixed, sizeof fixed);
  g_byte_array_append(bytes, (const guint8 *)HEADER, sizeof HEADER - 1);
  g_byte_array_append(bytes, (const guint8 *)pickle, (guint)n);
  g_autofree guint8 *exact = g_memdup2(bytes->data, bytes->len);
  g_autoptr(GError) error = NULL;
  gboolean is_objects;
  g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) columns = pct_object_array_read(exact, bytes->len, "some.npy", &is_objects, left_out, &error);
  g_assert_true(is_objects && !columns == !!error);
  if (error) {
    g_assert_true(error->domain == PCT_ERROR && g_str_has_suffix(error->message, "."));
    g_assert_nonnull(strstr(error->message, "some.npy"));
    return g_strdup(error->message);
  }
  g_autoptr(GString) found = g_string_new(NULL);
  for (guint i = 0; i < columns->len; i++) {
    const PctObjectColumn *column = columns->pdata[i];
    g_autofree char *what = pct_npy_array_describe(column->array);
    g_string_append_printf(found, "%s %s;", column->name, what);
  }
  for (guint i = 0; i < left_out->len; i++)
    g_string_append_printf(found, "-%s;", (const char *)left_out->pdata[i]);
  return g_string_free(g_steal_pointer(&found), FALSE);
}

#define PICKLE(text) { text, sizeof text - 1 }
static const struct { struct { const char *text; gsize n; } pickle; const char *says; } pickles[] = {
  { PICKLE("\200\3" ARRAY "](K\1K\2etb."), " i8 (2);" },
  { PICKLE("\200\3" ARRAY "](K\1G\77\370\0\0\0\0\0\0etb."), " f8 (2);" },
  { PICKLE("\200\3" ARRAY "](X\1\0\0\0aX\2\0\0\0bcetb."), " U2 (2);" },
  { PICKLE("\200\3" ARRAY "](]K\5a]K\6aetb."), " i8 (2, 1);" },
  { PICKLE("\200\3" ARRAY "](K\1Netb."), "neither numbers nor texts" },
  { PICKLE("\200\3" ARRAY "](}X\1\0\0\0xK\1s}X\1\0\0\0xNsetb."), "-x;" },
  { PICKLE("\200\3" ARRAY "](}X\1\0\0\0xK\1s}X\1\0\0\0yK\1setb."), "-x;" },
  { PICKLE("\200\3cos\nsystem\nX\4\0\0\0true\205R."), "“os.system”, which only a program could want" },
  { PICKLE("\200\4\214\2os\214\6system\223\214\4true\205R."), "“os.system”" },
  { PICKLE("\200\3cbuiltins\neval\nX\1\0\0\0001\205R."), "“builtins.eval”" },
  { PICKLE("\200\3c__builtin__\ngetattr\n."), "“__builtin__.getattr”" },
  { PICKLE("\200\3cnumpy\nload\n."), "“numpy.load”" },
  // Known names, but not to be called or made so.
  { PICKLE("\200\3cnumpy\nndarray\n)R."), "it calls what cannot be called" },
  { PICKLE("\200\3cnumpy\nndarray\n)\201."), "instruction 0x81" },
  { PICKLE("\200\3}q\0h\0b."), "it fills what cannot be filled" },
  { PICKLE("\200\3icollections\nOrderedDict\n."), "instruction 0x69" },
  { PICKLE("\200\3P1\n."), "instruction 0x50" },
  // A list in itself, an array filled with itself, and what ends too early.
  { PICKLE("\200\3" ARRAY "]q\1(h\1h\1etb."), "neither numbers nor texts" },
  { PICKLE("\200\3cnumpy.core.multiarray\n_reconstruct\n)Rq\1(h\1h\1h\1h\1]h\1ah\1atb."), "neither numbers nor texts" },
  { PICKLE("\200\3" ARRAY "](K\1K\2"), "it ends too early" },
  { PICKLE("\200\3."), "more than one value" },
  { PICKLE("\200\11N."), "protocol" },
  { PICKLE("\200\3X\377\377\377\377abc."), "it ends too early" },
  { PICKLE("\200\3a."), "take more than they gave" },
  { PICKLE("\200\3h\7."), "never noted" },
  // An array whose bytes are not as many as its shape says.
  { PICKLE("\200\3" ARRAY "](cnumpy.core.multiarray\n_reconstruct\n)R(K\1M\377\377M\377\377\206cnumpy\ndtype\nX\2\0\0\0f8\205R"
           "\211C\0tbq\1h\1etb."), "neither numbers nor texts" },
};

static void
test_pickles(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(pickles); i++) {
    g_autofree char *found = read_pickle(pickles[i].pickle.text, pickles[i].pickle.n);
    if (!strstr(found, pickles[i].says))
      g_error("pickle %u: expected “%s”, found “%s”", i, pickles[i].says, found);
  }
}

// Python's own writer of the same.
static void
test_harm(void)
{
  refuse_sample("harm.npy", PCT_ERROR_UNSUPPORTED, "system”, which only a program could want");
}

static void
test_damaged(void)
{
  check_damaged("suite2p/plane0/stat.npy", 600, FALSE);
  check_damaged("suite2p/plane0/ops.npy", 600, FALSE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/suite2p/folder", test_folder);
  g_test_add_func("/suite2p/session", test_session);
  g_test_add_func("/suite2p/pickles", test_pickles);
  g_test_add_func("/suite2p/harm", test_harm);
  g_test_add_func("/suite2p/damaged", test_damaged);
  return g_test_run();
}
