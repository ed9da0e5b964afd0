// SPDX-License-Identifier: GPL-3.0-or-later
// The interactive lane's thread and its slots share one lock, held for a few pointers' time only. A slot that has a
// request and is not at work is in the queue exactly once.
#include "work/slot.h"
#include <pthread.h>
#include <stdatomic.h>
#include "work/deadline.h"
#include "work/interactive.h"

struct _PctInteractive {
  _Atomic int references;
  pthread_mutex_t lock;
  pthread_cond_t wake, gone;
  pthread_t thread;
  gboolean started, stopping, ended;
  GQueue queue;  // PctSlot, each with a reference
};

struct _PctSlot {
  _Atomic int references;
  const PctSlotClass *klass;
  PctInteractive *lane;
  GMainContext *context;
  gpointer owner;
  // Under the lane's lock.
  gpointer request, answer;  // waiting; a mailbox of one
  gboolean queued, working, closed;
  gboolean stale;            // the answer under way is not wanted
  GSource *source;           // armed; NULL: none
  // The lane's thread's alone while working.
  gpointer state;
  GDestroyNotify free_state;
};

static void
slot_unref(PctSlot *slot)
{
  if (atomic_fetch_sub(&slot->references, 1) > 1)
    return;
  if (slot->state && slot->free_state)
    slot->free_state(slot->state);
  g_main_context_unref(slot->context);
  pct_interactive_unref(slot->lane);
  g_free(slot);
}

static PctSlot *
slot_ref(PctSlot *slot)
{
  atomic_fetch_add(&slot->references, 1);
  return slot;
}

static gboolean
may_go_on(const PctProgress *progress, gpointer data)
{
  PctSlot *slot = data;
  pthread_mutex_lock(&slot->lane->lock);
  gboolean superseded = slot->klass->supersede && slot->request;
  gboolean wanted = !slot->closed && !slot->stale && !superseded && !slot->lane->stopping;
  pthread_mutex_unlock(&slot->lane->lock);
  return wanted;
}

static gboolean
tell(gpointer data)
{
  PctSlot *slot = data;
  pthread_mutex_lock(&slot->lane->lock);
  gpointer answer = g_steal_pointer(&slot->answer);
  g_clear_pointer(&slot->source, g_source_unref);
  gboolean wanted = answer && !slot->closed;
  pthread_mutex_unlock(&slot->lane->lock);
  if (wanted)
    slot->klass->done(slot->owner, answer);
  if (answer)
    slot->klass->free_answer(answer);
  return G_SOURCE_REMOVE;
}

// Under the lock.
static void
post(PctSlot *slot, gpointer answer)
{
  gpointer old = slot->answer;
  slot->answer = answer;
  if (!slot->source) {
    slot->source = g_idle_source_new();
    // Ahead of events and drawing: the next frame shows it.
    g_source_set_priority(slot->source, G_PRIORITY_HIGH);
    g_source_set_callback(slot->source, tell, slot_ref(slot), (GDestroyNotify)slot_unref);
    g_source_attach(slot->source, slot->context);
  }
  if (old)
    slot->klass->free_answer(old);
}

// Under the lock: in order of rank, those of one rank in order of arrival.
static void
enqueue(PctSlot *slot)
{
  GQueue *queue = &slot->lane->queue;
  GList *before = queue->head;
  while (before && ((PctSlot *)before->data)->klass->rank <= slot->klass->rank)
    before = before->next;
  slot->queued = TRUE;
  if (before)
    g_queue_insert_before(queue, before, slot_ref(slot));
  else
    g_queue_push_tail(queue, slot_ref(slot));
}

// With the lock held, which is let go meanwhile.
static void
work_on(PctInteractive *self, PctSlot *slot, PctPool *pool)
{
  gpointer request = g_steal_pointer(&slot->request);
  slot->queued = FALSE;
  slot->stale = FALSE;
  slot->working = TRUE;
  pthread_mutex_unlock(&self->lock);
  PctRun run = { may_go_on, slot, pool };
  gpointer answer = slot->klass->work(slot->state, request, &run);
  slot->klass->free_request(request);
  pthread_mutex_lock(&self->lock);
  slot->working = FALSE;
  gpointer unwanted = NULL;
  if (answer && (slot->closed || slot->stale || (slot->klass->supersede && slot->request)))
    unwanted = answer;
  else if (answer)
    post(slot, answer);
  if (slot->request && !self->stopping)
    enqueue(slot);
  pthread_mutex_unlock(&self->lock);
  if (unwanted)
    slot->klass->free_answer(unwanted);
  slot_unref(slot);
  pthread_mutex_lock(&self->lock);
}

static void *
thread_main(void *data)
{
  PctInteractive *self = data;
  // One thread: what answers a hand takes a few milliseconds, in which no other is awake, and the window wants the rest.
  g_autoptr(PctPool) pool = pct_pool_new(1, 0);
  pct_pool_bind_caller(pool);
  pthread_mutex_lock(&self->lock);
  while (!self->stopping) {
    PctSlot *slot = g_queue_pop_head(&self->queue);
    if (!slot)
      pthread_cond_wait(&self->wake, &self->lock);
    else if (slot->request)
      work_on(self, slot, pool);
    else {
      slot->queued = FALSE;
      pthread_mutex_unlock(&self->lock);
      slot_unref(slot);
      pthread_mutex_lock(&self->lock);
    }
  }
  self->ended = TRUE;
  pthread_cond_signal(&self->gone);
  pthread_mutex_unlock(&self->lock);
  pct_interactive_unref(self);
  return NULL;
}

PctInteractive *
pct_interactive_new(void)
{
  PctInteractive *self = g_new0(PctInteractive, 1);
  atomic_init(&self->references, 1);
  pthread_mutex_init(&self->lock, NULL);
  pthread_cond_init(&self->wake, NULL);
  pct_deadline_cond_init(&self->gone);
  g_queue_init(&self->queue);
  return self;
}

PctInteractive *
pct_interactive_ref(PctInteractive *self)
{
  atomic_fetch_add(&self->references, 1);
  return self;
}

void
pct_interactive_unref(PctInteractive *self)
{
  if (atomic_fetch_sub(&self->references, 1) > 1)
    return;
  pthread_cond_destroy(&self->wake);
  pthread_cond_destroy(&self->gone);
  pthread_mutex_destroy(&self->lock);
  g_free(self);
}

gboolean
pct_interactive_stop(PctInteractive *self, gint64 deadline)
{
  pthread_mutex_lock(&self->lock);
  gboolean running = self->started && !self->stopping;
  self->stopping = TRUE;
  GQueue waiting = self->queue;
  g_queue_init(&self->queue);
  pthread_cond_signal(&self->wake);
  gboolean ended = !running || pct_deadline_wait(&self->gone, &self->lock, &self->ended, deadline);
  pthread_mutex_unlock(&self->lock);
  for (PctSlot *slot; (slot = g_queue_pop_head(&waiting));)
    slot_unref(slot);
  if (running && ended)
    pthread_join(self->thread, NULL);
  else if (running)
    pthread_detach(self->thread);
  return ended;
}

PctSlot *
pct_slot_new(PctLanes *lanes, const PctSlotClass *klass, gpointer owner, gpointer state, GDestroyNotify free_state)
{
  PctSlot *slot = g_new0(PctSlot, 1);
  atomic_init(&slot->references, 1);
  slot->klass = klass;
  slot->lane = pct_interactive_ref(pct_lanes_get_interactive(lanes));
  slot->context = g_main_context_ref_thread_default();
  slot->owner = owner;
  slot->state = state;
  slot->free_state = free_state;
  return slot;
}

void
pct_slot_request(PctSlot *slot, gpointer request)
{
  PctInteractive *lane = slot->lane;
  gpointer dropped = request;
  pthread_mutex_lock(&lane->lock);
  if (!lane->stopping) {
    dropped = slot->request;
    slot->request = request;
    if (!slot->queued && !slot->working)
      enqueue(slot);
    if (!lane->started) {
      pct_interactive_ref(lane);
      lane->started = pthread_create(&lane->thread, NULL, thread_main, lane) == 0;
      if (!lane->started)
        pct_interactive_unref(lane);
    }
    pthread_cond_signal(&lane->wake);
  }
  pthread_mutex_unlock(&lane->lock);
  if (dropped)
    slot->klass->free_request(dropped);
}

void
pct_slot_cancel(PctSlot *slot)
{
  pthread_mutex_lock(&slot->lane->lock);
  gpointer request = g_steal_pointer(&slot->request), answer = g_steal_pointer(&slot->answer);
  slot->stale = slot->working;
  pthread_mutex_unlock(&slot->lane->lock);
  if (request)
    slot->klass->free_request(request);
  if (answer)
    slot->klass->free_answer(answer);
}

gboolean
pct_slot_is_busy(PctSlot *slot)
{
  pthread_mutex_lock(&slot->lane->lock);
  gboolean busy = slot->request || slot->answer || (slot->working && !slot->stale);
  pthread_mutex_unlock(&slot->lane->lock);
  return busy;
}

void
pct_slot_close(PctSlot *slot)
{
  if (!slot)
    return;
  pthread_mutex_lock(&slot->lane->lock);
  slot->closed = TRUE;
  GSource *source = g_steal_pointer(&slot->source);
  pthread_mutex_unlock(&slot->lane->lock);
  pct_slot_cancel(slot);
  if (source) {
    g_source_destroy(source);
    g_source_unref(source);
  }
  slot_unref(slot);
}
