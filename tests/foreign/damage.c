// SPDX-License-Identifier: GPL-3.0-or-later
#include "damage.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/error.h"
#include "base/random.h"
#include "samples.h"

// Processor seconds for one damaged file, and bytes of address space.
#define MOST_SECONDS 5
#define MOST_MEMORY ((rlim_t)2 << 30)

// What the child tells while it works.
typedef struct {
  volatile guint at;      // the change it is at
  volatile guint n_read;  // that opened
} Progress;

static gsize
change(guint8 *bytes, gsize n, guint seed)
{
  PctRandom random = pct_random(seed, 7);
  gsize at = pct_random_below(&random, (guint32)n);
  switch (seed % 4) {
  case 0: return at;
  case 1: bytes[at] = (guint8)(pct_random_below(&random, 2) ? 0xff : 0x7f); return n;
  default: bytes[at] ^= (guint8)(1u << pct_random_below(&random, 8)); return n;
  }
}

// Whatever it answers, it answers by arrays or by a sentence.
static gboolean
open_and_read(const char *path)
{
  g_autoptr(GError) error = NULL;
  const char *paths[] = { path, NULL };
  g_autoptr(GPtrArray) sources = pct_foreign_open(paths, NULL, &error);
  g_assert_true(!sources == !!error);
  if (error)
    g_assert_true(error->domain == PCT_ERROR && g_utf8_validate(error->message, -1, NULL));
  for (guint i = 0; sources && i < sources->len; i++) {
    PctArraySource *source = sources->pdata[i];
    for (guint k = 0; k < source->arrays->len; k++) {
      const PctForeignArray *array = source->arrays->pdata[k];
      g_autoptr(GError) reason = NULL;
      gsize n = array->n_dims ? array->shape[0] : 1;
      g_autoptr(PctNpyArray) values = source->class->read(source, k, 0, n, &reason);
      g_assert_true(!values == !!reason);
      g_autoptr(PctNpyArray) last = n > 0 ? source->class->read(source, k, n - 1, 1, NULL) : NULL;
    }
  }
  return sources != NULL;
}

static void
limit(int resource, rlim_t soft)
{
  struct rlimit limits;
  getrlimit(resource, &limits);
  limits.rlim_cur = MIN(soft, limits.rlim_max);
  setrlimit(resource, &limits);
}

static void G_GNUC_NORETURN
work(Progress *progress, const char *path, const guint8 *bytes, gsize n, guint n_changes)
{
  limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit(RLIMIT_AS, MOST_MEMORY);
#endif
  for (; progress->at < n_changes; progress->at++) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    limit(RLIMIT_CPU, (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + MOST_SECONDS));
    g_autofree guint8 *copy = g_memdup2(bytes, n);
    gsize left = change(copy, n, progress->at);
    // Without waiting for a disk; a new file, since a longer one would keep its end.
    g_unlink(path);
    if (!g_file_set_contents_full(path, (const char *)copy, (gssize)left, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
      _exit(2);
    progress->n_read += open_and_read(path);
  }
  _exit(0);
}

void
check_damaged(const char *name, guint n_changes, gboolean may_die)
{
  g_autofree char *folder = make_folder(), *original = sample_path(name), *base = g_path_get_basename(name), *bytes = NULL;
  g_autofree char *path = g_build_filename(folder, base, NULL);
  gsize n;
  g_assert_true(g_file_get_contents(original, &bytes, &n, NULL));
  Progress *progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true(progress != MAP_FAILED);
  guint n_died = 0;
  while (progress->at < n_changes) {
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0)
      work(progress, path, (const guint8 *)bytes, n, n_changes);
    int status;
    pid_t ended;
    do
      ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    g_assert_cmpint(ended, ==, child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      break;
    g_test_message("change %u of %s ended the reader: %s %d", progress->at, name,
                   WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    g_assert_true(may_die);
    n_died++;
    progress->at++;
  }
  g_test_message("%s: of %u changed copies %u were opened, %u ended the reader", name, n_changes, progress->n_read, n_died);
  // Most changes are noticed or harmless; a reader that refuses or dies of everything tells nothing.
  g_assert_cmpuint(progress->n_read, >, 0);
  g_assert_cmpuint(n_died, <, n_changes / 2);
  munmap(progress, sizeof *progress);
  remove_folder(folder);
}
