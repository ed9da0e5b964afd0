// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/lane.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "work/deadline.h"

struct _PctLaneThread {
  _Atomic int references;  // the owner's and the thread's
  int niceness;
  pthread_mutex_t lock;
  pthread_cond_t wake, gone;
  pthread_t thread;
  gboolean started, stopping, ended;
  GQueue jobs;                 // each with a reference that pct_job_run consumes
};

PctLaneThread *
pct_lane_thread_new(int niceness)
{
  PctLaneThread *self = g_new0(PctLaneThread, 1);
  atomic_init(&self->references, 1);
  self->niceness = niceness;
  pthread_mutex_init(&self->lock, NULL);
  pthread_cond_init(&self->wake, NULL);
  pct_deadline_cond_init(&self->gone);
  g_queue_init(&self->jobs);
  return self;
}

static void
release(PctLaneThread *self)
{
  if (atomic_fetch_sub(&self->references, 1) > 1)
    return;
  pthread_cond_destroy(&self->wake);
  pthread_cond_destroy(&self->gone);
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
  self->ended = TRUE;
  pthread_cond_signal(&self->gone);
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
    atomic_fetch_add(&self->references, 1);
    self->started = pthread_create(&self->thread, NULL, thread_main, self) == 0;
    if (!self->started)
      atomic_fetch_sub(&self->references, 1);
  }
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
}

gboolean
pct_lane_thread_stop(PctLaneThread *self, gint64 deadline)
{
  pthread_mutex_lock(&self->lock);
  self->stopping = TRUE;
  pthread_cond_signal(&self->wake);
  gboolean started = self->started;
  gboolean ended = !started || pct_deadline_wait(&self->gone, &self->lock, &self->ended, deadline);
  pthread_mutex_unlock(&self->lock);
  if (started && ended)
    pthread_join(self->thread, NULL);
  else if (started)
    pthread_detach(self->thread);
  release(self);
  return ended;
}
