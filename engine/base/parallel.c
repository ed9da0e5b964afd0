// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/parallel.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// How long a worker looks for the next loop before it sleeps: a training step is hundreds of loops a few hundred
// microseconds apart, and a wake-up costs as much as a short one.
#define SPIN 4000

// The loop and its chunk counter are one 64-bit word (loop number << 32 | next chunk): a late worker that still holds
// an old loop number cannot take a chunk of a new loop.
struct _PctPool {
  guint n_threads;
  int niceness;
  cpu_set_t cores;
  pthread_t *workers;
  pthread_mutex_t lock;
  pthread_cond_t wake, done;
  _Atomic guint64 ticket;
  _Atomic guint generation;
  _Atomic guint busy;        // workers inside the current loop
  _Atomic gboolean quit;
  guint sleeping;            // under lock
  gsize n, chunk, n_chunks;  // of the current loop; written while no worker is busy
  PctParallelFunc func;
  gpointer data;
};

typedef struct {
  PctPool *pool;
  guint index;
} Worker;

static void
bind_to_core(const cpu_set_t *cores, guint index)
{
  int n = CPU_COUNT(cores);
  if (n <= 0)
    return;
  int wanted = (int)(index % (guint)n);
  for (int core = 0; core < CPU_SETSIZE; core++)
    if (CPU_ISSET(core, cores) && wanted-- == 0) {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(core, &one);
      pthread_setaffinity_np(pthread_self(), sizeof one, &one);
      return;
    }
}

static void
work(PctPool *pool, guint thread)
{
  guint32 loop = (guint32)(atomic_load_explicit(&pool->ticket, memory_order_acquire) >> 32);
  for (;;) {
    guint64 ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
    gsize chunk = (guint32)ticket;
    if ((guint32)(ticket >> 32) != loop || chunk >= pool->n_chunks)
      return;
    if (!atomic_compare_exchange_weak_explicit(&pool->ticket, &ticket, ticket + 1, memory_order_acq_rel,
                                               memory_order_acquire))
      continue;
    gsize first = chunk * pool->chunk;
    pool->func(first, MIN(first + pool->chunk, pool->n), thread, pool->data);
  }
}

static void *
worker_main(void *data)
{
  Worker *self = data;
  PctPool *pool = self->pool;
  guint index = self->index, seen = 0;
  g_free(self);
  bind_to_core(&pool->cores, index);
  if (pool->niceness != 0)
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), pool->niceness);
  for (;;) {
    guint generation = seen;
    for (guint i = 0; i < SPIN && generation == seen && !atomic_load(&pool->quit); i++) {
      __builtin_ia32_pause();
      generation = atomic_load_explicit(&pool->generation, memory_order_acquire);
    }
    if (generation == seen) {
      pthread_mutex_lock(&pool->lock);
      while ((generation = atomic_load(&pool->generation)) == seen && !atomic_load(&pool->quit)) {
        pool->sleeping++;
        pthread_cond_wait(&pool->wake, &pool->lock);
        pool->sleeping--;
      }
      pthread_mutex_unlock(&pool->lock);
    }
    if (atomic_load(&pool->quit))
      return NULL;
    seen = generation;
    work(pool, index);
    if (atomic_fetch_sub_explicit(&pool->busy, 1, memory_order_acq_rel) == 1) {
      pthread_mutex_lock(&pool->lock);
      pthread_cond_signal(&pool->done);
      pthread_mutex_unlock(&pool->lock);
    }
  }
}

PctPool *
pct_pool_new(guint n_threads, int niceness)
{
  PctPool *pool = g_new0(PctPool, 1);
  CPU_ZERO(&pool->cores);
  sched_getaffinity(0, sizeof pool->cores, &pool->cores);
  pool->n_threads = n_threads ? n_threads : (guint)MAX(1, CPU_COUNT(&pool->cores));
  pool->niceness = niceness;
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->wake, NULL);
  pthread_cond_init(&pool->done, NULL);
  pool->workers = g_new0(pthread_t, pool->n_threads);
  for (guint i = 1; i < pool->n_threads; i++) {
    Worker *worker = g_new(Worker, 1);
    *worker = (Worker){ pool, i };
    if (pthread_create(&pool->workers[i], NULL, worker_main, worker) != 0) {
      // Fewer threads are slower, not wrong.
      g_free(worker);
      pool->n_threads = i;
      break;
    }
  }
  return pool;
}

void
pct_pool_free(PctPool *pool)
{
  if (!pool)
    return;
  pthread_mutex_lock(&pool->lock);
  atomic_store(&pool->quit, TRUE);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->lock);
  for (guint i = 1; i < pool->n_threads; i++)
    pthread_join(pool->workers[i], NULL);
  pthread_cond_destroy(&pool->done);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->lock);
  g_free(pool->workers);
  g_free(pool);
}

guint
pct_pool_get_n_threads(const PctPool *pool)
{
  return pool ? pool->n_threads : 1;
}

void
pct_pool_bind_caller(PctPool *pool)
{
  g_return_if_fail(pool);
  if (pool->n_threads > 1)
    bind_to_core(&pool->cores, 0);
}

void
pct_parallel_for(PctPool *pool, gsize n, gsize chunk, PctParallelFunc func, gpointer data)
{
  g_return_if_fail(func && chunk > 0);
  gsize n_chunks = n / chunk + (n % chunk != 0);
  if (!pool || pool->n_threads == 1 || n_chunks <= 1) {
    for (gsize i = 0; i < n_chunks; i++)
      func(i * chunk, MIN((i + 1) * chunk, n), 0, data);
    return;
  }
  g_return_if_fail(n_chunks < G_MAXUINT32);
  pool->n = n;
  pool->chunk = chunk;
  pool->n_chunks = n_chunks;
  pool->func = func;
  pool->data = data;
  guint64 loop = (atomic_load(&pool->ticket) >> 32) + 1;
  atomic_store_explicit(&pool->busy, pool->n_threads - 1, memory_order_release);
  atomic_store_explicit(&pool->ticket, loop << 32, memory_order_release);
  pthread_mutex_lock(&pool->lock);
  atomic_fetch_add_explicit(&pool->generation, 1, memory_order_acq_rel);
  if (pool->sleeping)
    pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->lock);
  work(pool, 0);
  for (guint i = 0; i < SPIN && atomic_load_explicit(&pool->busy, memory_order_acquire); i++)
    __builtin_ia32_pause();
  if (atomic_load_explicit(&pool->busy, memory_order_acquire)) {
    pthread_mutex_lock(&pool->lock);
    while (atomic_load_explicit(&pool->busy, memory_order_acquire))
      pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
  }
}
