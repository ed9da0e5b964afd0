// SPDX-License-Identifier: GPL-3.0-or-later
// One thread budget. A pool owns its worker threads (bound to a core each: unbound ones were seen to share one) and
// runs loops over fixed chunks: which chunk holds which index depends on the sizes alone, never on the number of
// threads, so results are the same bits on one thread and on two. Invariant: one loop at a time a pool, never nested.
#pragma once
#include <glib.h>

typedef struct _PctPool PctPool;

// Works on indices first <= i < end. thread is 0 .. n_threads-1, for scratch memory of its own.
typedef void (*PctParallelFunc)(gsize first, gsize end, guint thread, gpointer data);

// A pool of n_threads, the caller of each loop being one of them; 0: as many as this process may use cores.
// niceness is added to the workers' (0: none).
PctPool *pct_pool_new(guint n_threads, int niceness);
void pct_pool_free(PctPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctPool, pct_pool_free)

// 1 for NULL.
guint pct_pool_get_n_threads(const PctPool *pool);

// Binds the calling thread to the core that the pool's workers leave free. For a thread that lives for the pool
// (a job's lane, a command-line program), never for one that also runs a main loop.
void pct_pool_bind_caller(PctPool *pool);

// Calls func for every chunk of [0, n) and returns when all are done. pool may be NULL. Same chunks in any case.
void pct_parallel_for(PctPool *pool, gsize n, gsize chunk, PctParallelFunc func, gpointer data);
