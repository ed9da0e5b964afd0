// SPDX-License-Identifier: GPL-3.0-or-later
// Writes seeds/torch and seeds/unpickler: `ninja tests/fuzz/make-torch-seeds && tests/fuzz/make-torch-seeds SEEDS`. Each
// dict of arrays as a whole file, as what fuzz-torch.c makes one of, and as the pickle alone.
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
write_seed(const char *seeds, const char *target, const char *name, const char *ending, const GByteArray *bytes)
{
  g_autofree char *file = g_strconcat(name, ending, NULL), *path = g_build_filename(seeds, target, file, NULL);
  g_autoptr(GError) error = NULL;
  if (!g_file_set_contents(path, (const char *)bytes->data, bytes->len, &error))
    g_error("%s", error->message);
}

static void
write_all(const char *seeds, const char *name, const GByteArray *pickle)
{
  SmallZip zip;
  small_zip_init(&zip);
  small_zip_add(&zip, "archive/data.pkl", pickle->data, pickle->len);
  for (guint i = 0; i < G_N_ELEMENTS(storages); i++)
    small_zip_add(&zip, storages[i].name, storages[i].content, storages[i].n);
  g_autoptr(GByteArray) whole = small_zip_end(&zip), chosen = g_byte_array_new();
  write_seed(seeds, "torch", name, ".pt", whole);
  g_byte_array_append(chosen, (const guint8[]){ 0xff, 0, 0 }, 3);
  g_byte_array_append(chosen, pickle->data, pickle->len);
  write_seed(seeds, "torch", name, ".chosen", chosen);
  write_seed(seeds, "unpickler", name, ".pickle", pickle);
}

int
main(int argc, char **argv)
{
  g_return_val_if_fail(argc == 2, 2);
  g_autoptr(GByteArray) all = small_pickle_state_dict(arrays, G_N_ELEMENTS(arrays));
  g_autoptr(GByteArray) two = small_pickle_state_dict(arrays, 2);
  g_autoptr(GByteArray) none = small_pickle_state_dict(arrays, 0);
  write_all(argv[1], "all-types", all);
  write_all(argv[1], "two-arrays", two);
  write_all(argv[1], "no-arrays", none);
  return 0;
}
