// SPDX-License-Identifier: GPL-3.0-or-later
// Writes seeds/torch: `ninja tests/fuzz/make-torch-seeds && tests/fuzz/make-torch-seeds FOLDER`. Each dict of arrays as
// a whole file and as the row of parts that fuzz-torch.c reads.
#include <string.h>
#include "../nn/small-torch-file.h"

static const float floats[] = { 1, -2, 3.5f, 4, 5, 6 };
static const double doubles[] = { 0.1, -1e300 };
static const guint16 halves[] = { 0x3c00, 0xc000, 0x0001 };
static const gint64 longs[] = { 1950, -3 };

static const struct {
  const char *name;
  gconstpointer content;
  gsize n;
} storages[] = {
  { "archive/data/0", floats, sizeof floats },
  { "archive/data/1", doubles, sizeof doubles },
  { "archive/data/2", halves, sizeof halves },
  { "archive/data/3", longs, sizeof longs },
  { "archive/byteorder", "little", 6 },
  { "archive/version", "3\n", 2 },
};

static const SmallTensor arrays[] = {
  { "conv.weight", "FloatStorage", "0", 6, 0, 4, { 1, 1, 2, 3 }, { 6, 6, 3, 1 } },
  { "norm.num_batches_tracked", "LongStorage", "3", 2, 1, 0, { 0 }, { 0 } },
  { "view", "FloatStorage", "0", 6, 1, 2, { 2, 2 }, { 1, 3 } },
  { "bias", "DoubleStorage", "1", 2, 0, 1, { 2 }, { 1 } },
  { "half", "HalfStorage", "2", 3, 0, 3, { 1, 3, 1 }, { 70000, 1, G_MAXINT64 } },
  { "empty", "FloatStorage", "0", 6, 6, 2, { 0, 7 }, { 7, 1 } },
};

static void
add_part(GByteArray *row, guint8 which, gconstpointer content, gsize n)
{
  g_byte_array_append(row, (const guint8[]){ which, (guint8)n, (guint8)(n >> 8) }, 3);
  g_byte_array_append(row, content, (guint)n);
}

static void
write_seed(const char *folder, const char *name, const GByteArray *bytes)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GError) error = NULL;
  if (!g_file_set_contents(path, (const char *)bytes->data, bytes->len, &error))
    g_error("%s", error->message);
}

static void
write_both(const char *folder, const char *name, const GByteArray *pickle)
{
  g_autofree char *whole_name = g_strconcat(name, ".pt", NULL), *row_name = g_strconcat(name, ".parts", NULL);
  g_autoptr(GByteArray) row = g_byte_array_new();
  SmallZip zip;
  small_zip_init(&zip);
  small_zip_add(&zip, "archive/data.pkl", pickle->data, pickle->len);
  add_part(row, 0, pickle->data, pickle->len);
  for (guint i = 0; i < G_N_ELEMENTS(storages); i++) {
    small_zip_add(&zip, storages[i].name, storages[i].content, storages[i].n);
    add_part(row, (guint8)(i + 1), storages[i].content, storages[i].n);
  }
  g_autoptr(GByteArray) whole = small_zip_end(&zip);
  write_seed(folder, whole_name, whole);
  write_seed(folder, row_name, row);
}

int
main(int argc, char **argv)
{
  g_return_val_if_fail(argc == 2, 2);
  g_autoptr(GByteArray) all = small_pickle_state_dict(arrays, G_N_ELEMENTS(arrays));
  g_autoptr(GByteArray) two = small_pickle_state_dict(arrays, 2);
  g_autoptr(GByteArray) none = small_pickle_state_dict(arrays, 0);
  write_both(argv[1], "all-types", all);
  write_both(argv[1], "two-arrays", two);
  write_both(argv[1], "no-arrays", none);
  return 0;
}
