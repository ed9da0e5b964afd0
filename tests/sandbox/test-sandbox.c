// SPDX-License-Identifier: GPL-3.0-or-later
// What percept-import gives up, tried in a child: network, other programs, memory and time.
#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../app/import/sandbox.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

// What becomes of a child that shuts itself in and runs attempt, whose result is its exit code.
static int
try(guint64 memory, guint64 seconds, int (*attempt)(void))
{
  pid_t child = fork();
  if (child == 0)
    _exit(pct_sandbox_enter(memory, seconds, NULL) ? attempt() : 99);
  int status = 0;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  return status;
}

static int
nothing(void)
{
  return 7;
}

static int
connects(void)
{
  return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EACCES && socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? 7 : 1;
}

static int
executes(void)
{
  execl("/bin/true", "true", NULL);
  return errno == EACCES ? 7 : 1;
}

static int
allocates(void)
{
  // Touched, so that no compiler takes it away.
  volatile char *bytes = malloc((gsize)1 << 30);
  if (bytes)
    bytes[1 << 29] = 1;
  return bytes ? 1 : 7;
}

static int
loops(void)
{
  for (volatile guint i = 0;; i++)
    ;
  return 1;
}

static int
reads(void)
{
  return access("/proc/self/exe", R_OK) == 0 ? 7 : 1;
}

static void
test_works(void)
{
  g_assert_cmpint(WEXITSTATUS(try(0, 0, nothing)), ==, 7);
  g_assert_cmpint(WEXITSTATUS(try(0, 0, reads)), ==, 7);
}

static void
test_network(void)
{
  g_assert_cmpint(WEXITSTATUS(try(0, 0, connects)), ==, 7);
}

static void
test_programs(void)
{
  g_assert_cmpint(WEXITSTATUS(try(0, 0, executes)), ==, 7);
}

static void
test_memory(void)
{
  if (SANITIZED) {
    g_test_skip("the sanitizers reserve terabytes");
    return;
  }
  g_assert_cmpint(WEXITSTATUS(try((guint64)512 << 20, 0, allocates)), ==, 7);
  g_assert_cmpint(WEXITSTATUS(try((guint64)4 << 30, 0, allocates)), ==, 1);
}

static void
test_time(void)
{
  int status = try(0, 1, loops);
  g_assert_true(WIFSIGNALED(status));
  g_assert_cmpint(WTERMSIG(status), ==, SIGXCPU);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sandbox/works", test_works);
  g_test_add_func("/sandbox/network", test_network);
  g_test_add_func("/sandbox/programs", test_programs);
  g_test_add_func("/sandbox/memory", test_memory);
  g_test_add_func("/sandbox/time", test_time);
  return g_test_run();
}
