// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for a thread to end, but not for ever: a flag under a lock and a condition on the monotonic clock.
#pragma once
#include <glib.h>
#include <pthread.h>

static inline void
pct_deadline_cond_init(pthread_cond_t *condition)
{
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

// With the lock held: waits until *flag or until deadline (monotonic microseconds). Returns *flag.
static inline gboolean
pct_deadline_wait(pthread_cond_t *condition, pthread_mutex_t *lock, const gboolean *flag, gint64 deadline)
{
  struct timespec until = { deadline / G_USEC_PER_SEC, deadline % G_USEC_PER_SEC * 1000 };
  while (!*flag && pthread_cond_timedwait(condition, lock, &until) == 0)
    ;
  return *flag;
}
