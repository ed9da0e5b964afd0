// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one fuzz target without a fuzzer: on every seed of a folder, and on some thousand damaged copies of each that
// are the same in every run.
#include <string.h>
#include "base/random.h"
#include "target.h"

#define N_DAMAGED 1500

// An exact copy each time, so that the sanitizer sees a read beyond the end.
static void
run_copy(const guint8 *bytes, gsize n)
{
  g_autofree guint8 *copy = g_malloc(MAX(n, 1));
  if (n > 0)
    memcpy(copy, bytes, n);
  LLVMFuzzerTestOneInput(copy, n);
}

// Where the changes of one copy are drawn from.
static PctRandom drawn;

// One change of any bytes, as libFuzzer's own.
gsize
LLVMFuzzerMutate(guint8 *bytes, gsize n, gsize max)
{
  static const guint8 telling[] = { 0, 1, 0x7f, 0x80, 0xff, '(', ')', ',', '-', '9', '\'', '{' };
  if (n == 0)
    return 0;
  gsize at = pct_random_below(&drawn, (guint32)n);
  switch (pct_random_below(&drawn, 4)) {
  case 0: bytes[at] ^= (guint8)(1u << pct_random_below(&drawn, 8)); return n;
  case 1: bytes[at] = telling[pct_random_below(&drawn, G_N_ELEMENTS(telling))]; return n;
  case 2: return at;
  default: {
    gsize from = pct_random_below(&drawn, (guint32)n), size = pct_random_below(&drawn, 32);
    memmove(bytes + at, bytes + from, MIN(size, n - MAX(at, from)));
    return n;
  }
  }
}

static void
run_damaged(const guint8 *seed, gsize n, guint change)
{
  gsize max = n + 256;
  g_autofree guint8 *bytes = g_malloc0(max);
  memcpy(bytes, seed, n);
  drawn = pct_random(1, change);
  for (guint i = 0; i < 1 + change % 4; i++)
    n = change % 2 && LLVMFuzzerCustomMutator ? LLVMFuzzerCustomMutator(bytes, n, max, change * 4 + i)
                                              : LLVMFuzzerMutate(bytes, n, max);
  run_copy(bytes, n);
}

static void
test_seeds(gconstpointer data)
{
  const char *folder = data;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  guint n_seeds = 0;
  for (const char *name; (name = g_dir_read_name(dir)); n_seeds++) {
    g_autofree char *path = g_build_filename(folder, name, NULL), *bytes = NULL;
    gsize n;
    g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
    g_test_message("%s", name);
    run_copy((const guint8 *)bytes, n);
    for (guint i = 0; n > 0 && i < N_DAMAGED; i++)
      run_damaged((const guint8 *)bytes, n, i);
  }
  run_copy(NULL, 0);
  g_assert_cmpuint(n_seeds, >, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_cmpint(argc, ==, 2);
  g_test_add_data_func("/fuzz/seeds", argv[1], test_seeds);
  return g_test_run();
}
