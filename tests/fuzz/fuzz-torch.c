// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as a PyTorch file: as they are where they begin as a zip file does; else three bytes and a pickle, in
// a zip of a few storages that is sound, since checksums would keep most changes from reaching the pickle. The three
// bytes choose one part of the zip, a lie about it, and by how much.
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../nn/small-torch-file.h"
#include "nn/torch-file.h"
#include "pickle-mutator.h"
#include "target.h"

#define N_CHOICES 3

static const float floats[] = { 1, -2, 3.5f, 4, 5, 6 };
static const double doubles[] = { 0.1, -1e300 };
static const guint16 halves[] = { 0x3c00, 0xc000, 0x0001 };
static const gint64 longs[] = { 1950, -3 };

static const struct {
  const char *name;
  gconstpointer content;
  gsize n;
} parts[] = {
  { "archive/data.pkl", NULL, 0 },  // the input
  { "archive/data/0", floats, sizeof floats },
  { "archive/data/1", doubles, sizeof doubles },
  { "archive/data/2", halves, sizeof halves },
  { "archive/data/3", longs, sizeof longs },
  { "archive/byteorder", "little", 6 },
};

static void
add_lying(SmallZip *zip, const char *name, gconstpointer content, gsize n, guint8 lie, guint8 amount)
{
  guint32 size = (guint32)n;
  switch (lie % 8) {
  case 0: break;
  case 1: small_zip_add(zip, name, content, MIN(n, amount)); break;
  case 2: small_zip_add_lying(zip, name, content, n, amount, size, size); break;
  case 3: small_zip_add_lying(zip, name, content, n, 0, size, size + amount); break;
  case 4: small_zip_add_lying(zip, name, content, n, 0, size + amount, size + amount); break;
  case 5: small_zip_add_lying(zip, name, content, n, 0, size - MIN(size, amount), size - MIN(size, amount)); break;
  case 6: small_zip_add(zip, name, "big", 3); break;
  default:
    small_zip_add(zip, name, content, n);
    if (n > 0)
      zip->bytes->data[zip->bytes->len - 1 - amount % n] ^= 1;  // the checksum is wrong
  }
}

static GByteArray *
make_file(const guint8 *bytes, gsize n)
{
  SmallZip zip;
  small_zip_init(&zip);
  guint8 choices[N_CHOICES] = { 0xff };
  gsize n_choices = MIN(n, N_CHOICES);
  if (n_choices > 0)
    memcpy(choices, bytes, n_choices);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    gconstpointer content = i == 0 ? (n > n_choices ? bytes + n_choices : (const guint8 *)"") : parts[i].content;
    gsize length = i == 0 ? n - n_choices : parts[i].n;
    if (i == choices[0])
      add_lying(&zip, parts[i].name, content, length, choices[1], choices[2]);
    else
      small_zip_add(&zip, parts[i].name, content, length);
  }
  return small_zip_end(&zip);
}

static gboolean
is_zip(const guint8 *bytes, gsize n)
{
  return n >= 2 && memcmp(bytes, "PK", 2) == 0;
}

gsize
LLVMFuzzerCustomMutator(guint8 *bytes, gsize n, gsize max, guint seed)
{
  if (is_zip(bytes, n) || n < N_CHOICES || seed % 4 == 0)
    return LLVMFuzzerMutate(bytes, n, max);
  if (seed % 64 == 1)
    for (guint i = 0; i < N_CHOICES; i++)
      bytes[i] = (guint8)(i == 2 ? seed >> 16 : (seed >> (8 + 4 * i)) % 9);
  return N_CHOICES + pickle_mutate(bytes + N_CHOICES, n - N_CHOICES, max - N_CHOICES, seed);
}

static void
check(PctTensors *tensors, const GError *error)
{
  g_assert_true(!tensors == !!error);
  g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
  for (guint i = 0; tensors && i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    volatile float last = tensor->count > 0 ? tensor->values[tensor->count - 1] : 0;
    (void)last;
    g_assert_true(pct_tensors_find(tensors, tensor->name) == tensor);
  }
}

// The same from a file: no more and no less is read.
static void
check_file(const guint8 *bytes, gsize n, gboolean good)
{
  int descriptor = memfd_create("input", MFD_CLOEXEC);
  g_assert_true(descriptor >= 0 && write(descriptor, bytes, n) == (gssize)n);
  g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", descriptor);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_torch_load(path, &error);
  close(descriptor);
  check(tensors, error);
  g_assert_true(good == (tensors != NULL));
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  gboolean whole = is_zip(bytes, n);
  g_autoptr(GByteArray) file = whole ? NULL : make_file(bytes, n);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors =
      pct_torch_parse(whole ? bytes : file->data, whole ? n : file->len, "input", &error);
  check(tensors, error);
  if (whole)
    check_file(bytes, n, tensors != NULL);
  return 0;
}
