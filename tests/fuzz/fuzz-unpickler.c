// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as the pickle of a state dict, without the zip file around it: many more a second than fuzz-torch.c
// can try.
#include "nn/safetensors.h"
#include "nn/unpickler.h"
#include "pickle-mutator.h"
#include "target.h"

gsize
LLVMFuzzerCustomMutator(guint8 *bytes, gsize n, gsize max, guint seed)
{
  return seed % 4 == 0 ? LLVMFuzzerMutate(bytes, n, max) : pickle_mutate(bytes, n, max, seed);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tensors = pct_unpickle_state_dict(bytes, n, "input", &error);
  g_assert_true(!tensors == !!error);
  g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
  for (guint i = 0; tensors && i < tensors->len; i++) {
    const PctPickledTensor *tensor = tensors->pdata[i];
    g_assert_true(g_utf8_validate(tensor->name, -1, NULL) && g_utf8_validate(tensor->storage, -1, NULL));
    g_assert_true(tensor->type <= PCT_STORAGE_LONG);
    g_assert_true(tensor->rank >= 0 && tensor->rank <= PCT_TENSOR_MAX_RANK);
    volatile gint64 sum = 0;
    for (int k = 0; k < tensor->rank; k++)
      sum ^= tensor->shape[k] ^ tensor->stride[k];
    (void)sum;
  }
  return 0;
}
