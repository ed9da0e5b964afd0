// SPDX-License-Identifier: GPL-3.0-or-later
// The list keeps the order running, queued, finished by being rebuilt from `active` (in order of arrival) and
// `finished` (newest first) whenever a job changes its state; a handful of rows.
#include "config.h"
#include "work/lanes.h"
#include "base/blas.h"
#include "work/interactive.h"
#include "work/lane.h"

#define KEPT_FINISHED 8
#define SHUTDOWN_US (2 * G_USEC_PER_SEC)

struct _PctLanes {
  GObject parent_instance;
  PctLaneThread *threads[PCT_N_LANES];
  PctInteractive *interactive;
  GListStore *jobs;
  GPtrArray *active, *finished;  // PctJob
  PctJob *current;               // borrowed from active
  gboolean down;
};

G_DEFINE_FINAL_TYPE(PctLanes, pct_lanes, G_TYPE_OBJECT)

enum { PROP_N_RUNNING = 1, PROP_CURRENT, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctLanes *self = PCT_LANES(object);
  switch (id) {
    case PROP_N_RUNNING: g_value_set_uint(value, self->active->len); break;
    case PROP_CURRENT: g_value_set_object(value, self->current); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
dispose(GObject *object)
{
  pct_lanes_shutdown(PCT_LANES(object));
  G_OBJECT_CLASS(pct_lanes_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctLanes *self = PCT_LANES(object);
  pct_interactive_unref(self->interactive);
  g_object_unref(self->jobs);
  g_ptr_array_unref(self->active);
  g_ptr_array_unref(self->finished);
  G_OBJECT_CLASS(pct_lanes_parent_class)->finalize(object);
}

static void
pct_lanes_class_init(PctLanesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PROP_N_RUNNING] = g_param_spec_uint("n-running", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_CURRENT] = g_param_spec_object("current", NULL, NULL, PCT_TYPE_JOB, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
}

static void
pct_lanes_init(PctLanes *self)
{
  self->threads[PCT_LANE_HEAVY] = pct_lane_thread_new(10);
  self->threads[PCT_LANE_BACKGROUND] = pct_lane_thread_new(5);
  self->threads[PCT_LANE_OPENING] = pct_lane_thread_new(1);
  self->interactive = pct_interactive_new();
  self->jobs = g_list_store_new(PCT_TYPE_JOB);
  self->active = g_ptr_array_new_with_free_func(g_object_unref);
  self->finished = g_ptr_array_new_with_free_func(g_object_unref);
}

PctLanes *
pct_lanes_new(GError **error)
{
  return pct_blas_init(error) ? g_object_new(PCT_TYPE_LANES, NULL) : NULL;
}

static void
rebuild(PctLanes *self)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new();
  guint n_running = 0;
  for (guint i = 0; i < self->active->len; i++) {
    PctJob *job = g_ptr_array_index(self->active, i);
    g_ptr_array_insert(rows, pct_job_get_state(job) == PCT_JOB_RUNNING ? (gint)n_running++ : -1, job);
  }
  self->current = n_running ? g_ptr_array_index(rows, 0) : NULL;
  for (guint i = 0; i < self->finished->len; i++)
    g_ptr_array_add(rows, g_ptr_array_index(self->finished, i));
  g_list_store_splice(self->jobs, 0, g_list_model_get_n_items(G_LIST_MODEL(self->jobs)), rows->pdata, rows->len);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_N_RUNNING]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_CURRENT]);
}

static void
state_changed(PctJob *job, GParamSpec *pspec, PctLanes *self)
{
  if (pct_job_is_over(job)) {
    g_signal_handlers_disconnect_by_data(job, self);
    g_ptr_array_insert(self->finished, 0, g_object_ref(job));
    g_ptr_array_remove(self->active, job);
    if (self->finished->len > KEPT_FINISHED)
      g_ptr_array_set_size(self->finished, KEPT_FINISHED);
  }
  rebuild(self);
}

void
pct_lanes_submit(PctLanes *self, PctLane lane, PctJob *job)
{
  g_return_if_fail(PCT_IS_LANES(self) && PCT_IS_JOB(job) && lane < PCT_N_LANES);
  g_return_if_fail(pct_job_get_state(job) == PCT_JOB_QUEUED);
  g_ptr_array_add(self->active, g_object_ref(job));
  g_signal_connect(job, "notify::state", G_CALLBACK(state_changed), self);
  if (self->down)
    pct_job_cancel(job);
  else
    pct_lane_thread_push(self->threads[lane], job);
  rebuild(self);
}

GListModel *
pct_lanes_get_jobs(PctLanes *self)
{
  return G_LIST_MODEL(self->jobs);
}

guint
pct_lanes_get_n_running(PctLanes *self)
{
  return self->active->len;
}

PctJob *
pct_lanes_get_current(PctLanes *self)
{
  return self->current;
}

void
pct_lanes_clear_finished(PctLanes *self)
{
  g_ptr_array_set_size(self->finished, 0);
  rebuild(self);
}

PctInteractive *
pct_lanes_get_interactive(PctLanes *self)
{
  return self->interactive;
}

gboolean
pct_lanes_shutdown(PctLanes *self)
{
  if (self->down)
    return TRUE;
  self->down = TRUE;
  g_autoptr(GPtrArray) jobs = g_ptr_array_copy(self->active, (GCopyFunc)(void (*)(void))g_object_ref, NULL);
  g_ptr_array_set_free_func(jobs, g_object_unref);
  for (guint i = 0; i < jobs->len; i++)
    pct_job_cancel(g_ptr_array_index(jobs, i));
  gint64 deadline = g_get_monotonic_time() + SHUTDOWN_US;
  gboolean ended = pct_interactive_stop(self->interactive, deadline);
  for (int i = 0; i < PCT_N_LANES; i++)
    ended &= pct_lane_thread_stop(self->threads[i], deadline);
  for (guint i = 0; i < jobs->len; i++)
    pct_job_deliver(g_ptr_array_index(jobs, i));
  // A job whose thread was left behind is nobody's any more.
  for (guint i = 0; i < self->active->len; i++)
    g_signal_handlers_disconnect_by_data(g_ptr_array_index(self->active, i), self);
  g_ptr_array_set_size(self->active, 0);
  rebuild(self);
  return ended;
}
