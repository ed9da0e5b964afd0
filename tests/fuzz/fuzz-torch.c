// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as a PyTorch file: as they are where they begin as a zip file does; else as a row of parts in a zip
// that is sound, since checksums would keep most changes from reaching the pickle. A part is a byte that chooses the
// name, two bytes of length, the content.
#include <string.h>
#include "../nn/small-torch-file.h"
#include "nn/torch-file.h"
#include "target.h"

static const char *const names[] = {
  "archive/data.pkl", "archive/data/0", "archive/data/1", "archive/data/2", "archive/data/3", "archive/byteorder",
  "archive/version",
};

static GByteArray *
make_file(const guint8 *bytes, gsize n)
{
  SmallZip zip;
  small_zip_init(&zip);
  while (n >= 3) {
    gsize length = MIN(bytes[1] | (gsize)bytes[2] << 8, n - 3);
    small_zip_add(&zip, names[bytes[0] % G_N_ELEMENTS(names)], bytes + 3, length);
    bytes += 3 + length;
    n -= 3 + length;
  }
  return small_zip_end(&zip);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  gboolean whole = n >= 2 && memcmp(bytes, "PK", 2) == 0;
  g_autoptr(GByteArray) file = whole ? NULL : make_file(bytes, n);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors =
      pct_torch_parse(whole ? bytes : file->data, whole ? n : file->len, "input", &error);
  g_assert_true(!tensors == !!error);
  g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
  for (guint i = 0; tensors && i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    volatile float last = tensor->count > 0 ? tensor->values[tensor->count - 1] : 0;
    (void)last;
    g_assert_true(pct_tensors_find(tensors, tensor->name) == tensor);
  }
  return 0;
}
