// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "sandbox.h"
#include <errno.h>
#include <glib/gi18n.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/error.h"

// The sanitizers reserve terabytes of address space for themselves, and look for leaks as a debugger would.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

static int
limit(int resource, guint64 soft, guint64 hard)
{
  struct rlimit old;
  if (getrlimit(resource, &old) != 0)
    return errno;
  struct rlimit new = { MIN((rlim_t)soft, old.rlim_max), MIN((rlim_t)hard, old.rlim_max) };
  return setrlimit(resource, &new) == 0 ? 0 : errno;
}

// Refused with "permission denied", so that a library that tries goes on without.
static int
refuse_system_calls(void)
{
  const int refused[] = {
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept),
    SCMP_SYS(accept4), SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(process_vm_writev),
    SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(pidfd_open), SCMP_SYS(mount), SCMP_SYS(unshare), SCMP_SYS(setns),
    SCMP_SYS(bpf), SCMP_SYS(io_uring_setup), SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(perf_event_open),
  };
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (!filter)
    return ENOMEM;
  int code = 0;
  for (guint i = 0; i < G_N_ELEMENTS(refused) && code == 0; i++)
    code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
  if (code == 0 && !SANITIZED)
    code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(ptrace), 0);
  if (code == 0)
    code = seccomp_load(filter);
  seccomp_release(filter);
  return -code;
}

gboolean
pct_sandbox_enter(guint64 memory, guint64 seconds, GError **error)
{
  // Whoever asked for an import and is gone has no use for it.
  pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
  int code = limit(RLIMIT_CORE, 0, 0);
  if (code == 0 && memory && !SANITIZED)
    code = limit(RLIMIT_AS, memory, memory);
  // The first signal says what it was; the second cannot be caught.
  if (code == 0 && seconds)
    code = limit(RLIMIT_CPU, seconds, seconds + 5);
  if (code == 0)
    code = refuse_system_calls();
  if (code == 0)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("The importer cannot shut itself in here (%s), and does not open files without."), g_strerror(code));
  return FALSE;
}
