// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as a safetensors file.
#include "nn/safetensors.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_safetensors_parse(bytes, n, "input", &error);
  g_assert_true(!tensors == !!error);
  for (guint i = 0; tensors && i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    volatile float last = tensor->count > 0 ? tensor->values[tensor->count - 1] : 0;
    (void)last;
    g_assert_nonnull(pct_tensors_find(tensors, tensor->name));
  }
  return 0;
}
