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

static void
run_damaged(const guint8 *seed, gsize n, guint64 stream)
{
  static const guint8 telling[] = { 0, 1, 0x7f, 0x80, 0xff, '(', ')', ',', '-', '9', '\'', '{' };
  PctRandom random = pct_random(1, stream);
  g_autofree guint8 *bytes = g_memdup2(seed, n);
  gsize length = n;
  for (guint32 i = 0; i < 1 + stream % 4; i++) {
    gsize at = pct_random_below(&random, (guint32)n);
    switch (pct_random_below(&random, 4)) {
    case 0: bytes[at] ^= (guint8)(1u << pct_random_below(&random, 8)); break;
    case 1: bytes[at] = telling[pct_random_below(&random, G_N_ELEMENTS(telling))]; break;
    case 2: length = MIN(length, at); break;
    default: {
      gsize from = pct_random_below(&random, (guint32)n), size = pct_random_below(&random, 32);
      memmove(bytes + at, bytes + from, MIN(size, n - MAX(at, from)));
    }
    }
  }
  run_copy(bytes, length);
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
