// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/lane.h"
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct _PctLaneThread {
  gatomicrefcount references;  // the owner's and the thread's
  int niceness;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  pthread_t thread;
  gboolean started, stopping;
  GQueue jobs;                 // each with a reference that pct_job_run consumes
};

PctLaneThread *
pct_lane_thread_new(int niceness)
{
  PctLaneThread *self = g_new0(PctLaneThread, 1);
  g_atomic_ref_count_init(&self->references);
  self->niceness = niceness;
  pthread_mutex_init(&self->lock, NULL);
  pthread_cond_init(&self->wake, NULL);
  g_queue_init(&self->jobs);
  return self;
}

static void
release(PctLaneThread *self)
{
  if (!g_atomic_ref_count_dec(&self->references))
    return;
  pthread_cond_destroy(&self->wake);
  pthread_mutex_destroy(&self->lock);
  g_free(self);
}

static void *
thread_main(void *data)
{
  PctLaneThread *self = data;
  setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), self->niceness);
  // The thread is nice already, and its workers inherit that: no second helping.
  g_autoptr(PctPool) pool = pct_pool_new(0, 0);
  pct_pool_bind_caller(pool);
  pthread_mutex_lock(&self->lock);
  for (;;) {
    PctJob *job = g_queue_pop_head(&self->jobs);
    if (!job && self->stopping)
      break;
    if (!job) {
      pthread_cond_wait(&self->wake, &self->lock);
      continue;
    }
    pthread_mutex_unlock(&self->lock);
    pct_job_run(job, pool);
    pthread_mutex_lock(&self->lock);
  }
  pthread_mutex_unlock(&self->lock);
  release(self);
  return NULL;
}

void
pct_lane_thread_push(PctLaneThread *self, PctJob *job)
{
  pthread_mutex_lock(&self->lock);
  g_queue_push_tail(&self->jobs, g_object_ref(job));
  if (!self->started) {
    g_atomic_ref_count_inc(&self->references);
    self->started = pthread_create(&self->thread, NULL, thread_main, self) == 0;
    if (!self->started)
      g_atomic_ref_count_dec(&self->references);
  }
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
}

gboolean
pct_lane_thread_stop(PctLaneThread *self, gint64 deadline)
{
  pthread_mutex_lock(&self->lock);
  self->stopping = TRUE;
  gboolean started = self->started;
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  struct timespec until = { deadline / G_USEC_PER_SEC, deadline % G_USEC_PER_SEC * 1000 };
  gboolean ended = !started || pthread_clockjoin_np(self->thread, NULL, CLOCK_MONOTONIC, &until) == 0;
  if (!ended)
    pthread_detach(self->thread);
  release(self);
  return ended;
}
