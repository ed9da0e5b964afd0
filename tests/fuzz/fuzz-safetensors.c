// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as a safetensors file, from memory and from a file.
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/random.h"
#include "nn/safetensors.h"
#include "target.h"

// Words of a header that mean something, right or wrong.
static const char *const words[] = {
  "0", "1", "4", "8", "12", "1000000000000", "4611686018427387904", "9223372036854775807", ",1", "1,", "[]", "[0]", "{}",
  "[1,1,1,1,1,1,1,1,1]", "[1,4294967296,4294967296]", "\"F16\"", "\"BF16\"", "\"F32\"", "\"F64\"", "\"I64\"", "\"\"",
  "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"a\"", "\"__metadata__\"", "\"__metadata__\":{\"k\":\"v\"},",
  "\"__metadata__\":1,", "\"\\ud800\"", "\"\\u00e9\"", ":", ",", "{", "}", "[", "]", " ",
  "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},",
  "\"y\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},",
};

// Bytes of the word at the start: a number, a text, or one sign.
static gsize
word_length(const guint8 *bytes, gsize n)
{
  gsize length = 1;
  if (bytes[0] == '"') {
    while (length < n && bytes[length] != '"')
      length += bytes[length] == '\\' ? 2 : 1;
    length++;
  } else {
    while (length < n && g_ascii_isdigit(bytes[0]) && g_ascii_isdigit(bytes[length]))
      length++;
  }
  return MIN(length, n);
}

// A word of the header is exchanged, or one is put before it.
static gsize
change_word(PctRandom *random, guint8 *header, gsize n, gsize max)
{
  guint count = 0;
  gsize at = 0, length = 0;
  for (gsize i = 0, each; i < n; i += each, count++) {
    each = word_length(header + i, n - i);
    if (pct_random_below(random, count + 1) == 0)  // in the end any of them, each as likely
      at = i, length = each;
  }
  const char *word = words[pct_random_below(random, G_N_ELEMENTS(words))];
  gsize n_word = pct_random_below(random, 8) ? strlen(word) : 0;
  length = pct_random_below(random, 2) ? length : 0;
  if (n - length + n_word > max)
    return n;
  memmove(header + at + n_word, header + at + length, n - at - length);
  memcpy(header + at, word, n_word);
  return n - length + n_word;
}

// Mostly the header alone is changed, and its length made to fit: else the first check refuses.
gsize
LLVMFuzzerCustomMutator(guint8 *bytes, gsize n, gsize max, guint seed)
{
  PctRandom random = pct_random(seed, 0);
  guint64 length = 0;
  for (int i = 7; i >= 0 && n >= 8; i--)
    length = length << 8 | bytes[i];
  if (seed % 8 == 0 || n < 8 || length > n - 8)
    return LLVMFuzzerMutate(bytes, n, max);
  gsize n_data = n - 8 - length, room = max - 8 - n_data;
  g_autofree guint8 *data = g_memdup2(bytes + 8 + length, n_data);
  if (seed % 8 <= 2 && room > 0)
    length = LLVMFuzzerMutate(bytes + 8, length, room);
  else
    for (guint32 left = 1 + pct_random_below(&random, 3); left > 0; left--)
      length = change_word(&random, bytes + 8, length, room);
  for (int i = 0; i < 8; i++)
    bytes[i] = (guint8)(length >> 8 * i);
  if (n_data > 0)
    memcpy(bytes + 8 + length, data, n_data);
  return 8 + length + n_data;
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
    g_assert_nonnull(pct_tensors_find(tensors, tensor->name));
  }
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  g_autoptr(GError) error = NULL, file_error = NULL;
  g_autoptr(PctTensors) tensors = pct_safetensors_parse(bytes, n, "input", &error);
  check(tensors, error);
  int descriptor = memfd_create("input", MFD_CLOEXEC);
  g_assert_true(descriptor >= 0 && write(descriptor, bytes, n) == (gssize)n);
  g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", descriptor);
  g_autoptr(PctTensors) loaded = pct_safetensors_load(path, &file_error);
  close(descriptor);
  check(loaded, file_error);
  g_assert_true(!tensors == !loaded);
  return 0;
}
