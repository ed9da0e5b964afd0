// SPDX-License-Identifier: GPL-3.0-or-later
// The worker writes into `mail` under the lock and arms at most one source; `shown` is what the making thread last told
// the world, and belongs to it alone. Invariant: whatever is in the mailbox has a source armed, or is younger than the
// pause between two reports and will be told by the next report or the end.
#include "config.h"
#include "work/job.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include "base/error.h"

// Between two deliveries of a worker that reports faster: nobody reads more than thirty numbers a second.
#define PAUSE_US (30 * 1000)

typedef struct {
  double step;
  PctFigures *figures;
} Row;

typedef struct {
  PctJobState state;
  const char *phase;      // interned
  double step, total;
  gint64 started, ended;  // monotonic microseconds; 0: not yet
  PctFigures *figures;
} Snapshot;

struct _PctJob {
  GObject parent_instance;
  char *title;
  PctJobFunc func;
  gpointer data;
  GDestroyNotify destroy;
  GMainContext *context;
  gboolean keeps_history;
  _Atomic gboolean cancelled;

  pthread_mutex_t lock;
  Snapshot mail;
  float *preview;           // (n,H,W), NULL: none new
  int preview_n, preview_height, preview_width;
  double preview_step;
  GArray *rows;             // Row, for the curves
  PctFigures *last_row;
  GError *mail_error;
  gpointer result;
  GDestroyNotify free_result;
  GSource *source;          // armed; NULL: none
  gint64 armed_at;
  gboolean holds_worker;    // the worker's reference waits to be dropped

  Snapshot shown;
  GPtrArray *shown_preview;
  GError *error;
  PctCurves *curves;
  PctPreviews *previews;
};

G_DEFINE_FINAL_TYPE(PctJob, pct_job, G_TYPE_OBJECT)

enum { PROP_TITLE = 1, PROP_PHASE, PROP_STATE, PROP_PROGRESS, PROP_FIGURES, PROP_PREVIEW, PROP_ERROR, PROP_CANCELLING,
       N_PROPS };
static GParamSpec *props[N_PROPS];
static guint finished_signal;

GType
pct_job_state_get_type(void)
{
  static gsize type = 0;
  if (g_once_init_enter(&type)) {
    static const GEnumValue values[] = {
      { PCT_JOB_QUEUED, "PCT_JOB_QUEUED", "queued" },
      { PCT_JOB_RUNNING, "PCT_JOB_RUNNING", "running" },
      { PCT_JOB_DONE, "PCT_JOB_DONE", "done" },
      { PCT_JOB_FAILED, "PCT_JOB_FAILED", "failed" },
      { PCT_JOB_CANCELLED, "PCT_JOB_CANCELLED", "cancelled" },
      { 0, NULL, NULL },
    };
    g_once_init_leave(&type, g_enum_register_static("PctJobState", values));
  }
  return type;
}

static void
row_clear(gpointer data)
{
  pct_figures_unref(((Row *)data)->figures);
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctJob *self = PCT_JOB(object);
  switch (id) {
    case PROP_TITLE: g_value_set_string(value, self->title); break;
    case PROP_PHASE: g_value_set_static_string(value, self->shown.phase); break;
    case PROP_STATE: g_value_set_enum(value, (gint)self->shown.state); break;
    case PROP_PROGRESS: g_value_set_double(value, pct_job_get_progress(self)); break;
    case PROP_FIGURES: g_value_set_boxed(value, self->shown.figures); break;
    case PROP_PREVIEW: g_value_set_boxed(value, self->shown_preview); break;
    case PROP_ERROR: g_value_set_boxed(value, self->error); break;
    case PROP_CANCELLING: g_value_set_boolean(value, pct_job_is_cancelling(self)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
finalize(GObject *object)
{
  PctJob *self = PCT_JOB(object);
  if (self->destroy)
    self->destroy(self->data);
  if (self->result && self->free_result)
    self->free_result(self->result);
  pct_figures_unref(self->mail.figures);
  pct_figures_unref(self->shown.figures);
  pct_figures_unref(self->last_row);
  g_array_unref(self->rows);
  g_free(self->preview);
  g_clear_pointer(&self->shown_preview, g_ptr_array_unref);
  g_clear_error(&self->mail_error);
  g_clear_error(&self->error);
  g_clear_object(&self->curves);
  g_clear_object(&self->previews);
  g_main_context_unref(self->context);
  g_free(self->title);
  pthread_mutex_destroy(&self->lock);
  G_OBJECT_CLASS(pct_job_parent_class)->finalize(object);
}

static void
pct_job_class_init(PctJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PROP_TITLE] = g_param_spec_string("title", NULL, NULL, NULL, flags);
  props[PROP_PHASE] = g_param_spec_string("phase", NULL, NULL, NULL, flags);
  props[PROP_STATE] = g_param_spec_enum("state", NULL, NULL, PCT_TYPE_JOB_STATE, PCT_JOB_QUEUED, flags);
  props[PROP_PROGRESS] = g_param_spec_double("progress", NULL, NULL, -1, 1, -1, flags);
  props[PROP_FIGURES] = g_param_spec_boxed("figures", NULL, NULL, PCT_TYPE_FIGURES, flags);
  props[PROP_PREVIEW] = g_param_spec_boxed("preview", NULL, NULL, G_TYPE_PTR_ARRAY, flags);
  props[PROP_ERROR] = g_param_spec_boxed("error", NULL, NULL, G_TYPE_ERROR, flags);
  props[PROP_CANCELLING] = g_param_spec_boolean("cancelling", NULL, NULL, FALSE, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
  finished_signal = g_signal_new("finished", PCT_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_job_init(PctJob *self)
{
  pthread_mutex_init(&self->lock, NULL);
  self->context = g_main_context_ref_thread_default();
  self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
  g_array_set_clear_func(self->rows, row_clear);
}

PctJob *
pct_job_new(const char *title, PctJobFunc func, gpointer data, GDestroyNotify destroy)
{
  g_return_val_if_fail(title && func, NULL);
  PctJob *self = g_object_new(PCT_TYPE_JOB, NULL);
  self->title = g_strdup(title);
  self->func = func;
  self->data = data;
  self->destroy = destroy;
  return self;
}

// The worker's side.

static gboolean
tell(gpointer data)
{
  pct_job_deliver(data);
  return G_SOURCE_REMOVE;
}

// Under the lock. Below drawing in priority: a job that reports in every turn of the main loop must not keep it from
// drawing.
static void
arm(PctJob *self)
{
  if (self->source)
    return;
  self->source = g_idle_source_new();
  self->armed_at = g_get_monotonic_time();
  g_source_set_callback(self->source, tell, g_object_ref(self), g_object_unref);
  g_source_attach(self->source, self->context);
}

static gboolean
report(const PctProgress *progress, gpointer data)
{
  PctJob *self = data;
  PctFigures *figures = progress->n_figures ? pct_figures_new(progress->figures, progress->n_figures) : NULL;
  pthread_mutex_lock(&self->lock);
  if (progress->phase)
    self->mail.phase = g_intern_string(progress->phase);
  self->mail.step = progress->step;
  self->mail.total = progress->total;
  if (figures) {
    gboolean is_row = FALSE;
    for (guint i = 0; self->keeps_history && i < progress->n_figures; i++)
      is_row = is_row || pct_curves_is_place(progress->figures[i].name);
    if (is_row && !pct_figures_equal(figures, self->last_row)) {
      Row row = { progress->step, pct_figures_ref(figures) };
      g_array_append_val(self->rows, row);
      pct_figures_unref(self->last_row);
      self->last_row = pct_figures_ref(figures);
    }
    pct_figures_unref(self->mail.figures);
    self->mail.figures = figures;
  }
  if (progress->preview && progress->preview->n > 0) {
    const PctPreview *preview = progress->preview;
    gsize size = (gsize)preview->n * preview->height * preview->width * sizeof(float);
    g_free(self->preview);
    self->preview = g_memdup2(preview->pixels, size);
    self->preview_n = preview->n;
    self->preview_height = preview->height;
    self->preview_width = preview->width;
    self->preview_step = progress->step;
  }
  if (g_get_monotonic_time() - self->armed_at >= PAUSE_US)
    arm(self);
  pthread_mutex_unlock(&self->lock);
  return !atomic_load(&self->cancelled);
}

// Under the lock.
static void
end(PctJob *self, gboolean done, GError *error)
{
  self->mail.ended = g_get_monotonic_time();
  if (done)
    self->mail.state = PCT_JOB_DONE;
  else if (g_error_matches(error, PCT_ERROR, PCT_ERROR_CANCELLED))
    self->mail.state = PCT_JOB_CANCELLED;
  else
    self->mail.state = PCT_JOB_FAILED;
  if (self->mail.state == PCT_JOB_FAILED)
    self->mail_error = error;
  else
    g_clear_error(&error);
}

void
pct_job_run(PctJob *self, PctPool *pool)
{
  pthread_mutex_lock(&self->lock);
  if (!self->mail.ended) {
    self->mail.state = PCT_JOB_RUNNING;
    self->mail.started = g_get_monotonic_time();
    arm(self);
    pthread_mutex_unlock(&self->lock);
    GError *error = NULL;
    PctRun run = { report, self, pool };
    gboolean done = self->func(self, &run, &error);
    g_warn_if_fail(done == (error == NULL));
    pthread_mutex_lock(&self->lock);
    end(self, done, error);
  }
  self->holds_worker = TRUE;
  arm(self);
  pthread_mutex_unlock(&self->lock);
}

void
pct_job_set_result(PctJob *self, gpointer result, GDestroyNotify destroy)
{
  pthread_mutex_lock(&self->lock);
  g_warn_if_fail(!self->result);
  self->result = result;
  self->free_result = destroy;
  pthread_mutex_unlock(&self->lock);
}

// The watcher's side.

static void
show_preview(PctJob *self, float *pixels, int n, int height, int width, double step)
{
  g_clear_pointer(&self->shown_preview, g_ptr_array_unref);
  self->shown_preview = g_ptr_array_new_with_free_func((GDestroyNotify)pct_picture_unref);
  for (int i = 0; i < n; i++)
    g_ptr_array_add(self->shown_preview, pct_picture_new(height, width, pixels + (gsize)i * height * width));
  if (self->previews)
    pct_previews_append(self->previews, step, pixels, n, height, width);
  g_free(pixels);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PREVIEW]);
}

static void
show_rows(PctJob *self, GArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = &g_array_index(rows, Row, i);
    pct_curves_append(self->curves, row->step, pct_figures_get_items(row->figures), pct_figures_get_n(row->figures));
  }
  if (rows->len)
    pct_curves_changed(self->curves);
}

void
pct_job_deliver(PctJob *self)
{
  g_object_ref(self);
  pthread_mutex_lock(&self->lock);
  GSource *source = g_steal_pointer(&self->source);
  gboolean drops_worker = self->holds_worker;
  self->holds_worker = FALSE;
  Snapshot old = self->shown;
  self->shown = self->mail;
  if (self->shown.figures)
    pct_figures_ref(self->shown.figures);
  float *preview = g_steal_pointer(&self->preview);
  int n = self->preview_n, height = self->preview_height, width = self->preview_width;
  double step = self->preview_step;
  GArray *rows = self->rows;
  self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
  g_array_set_clear_func(self->rows, row_clear);
  if (self->mail_error)
    self->error = g_steal_pointer(&self->mail_error);
  pthread_mutex_unlock(&self->lock);

  GObject *object = G_OBJECT(self);
  g_object_freeze_notify(object);
  if (old.phase != self->shown.phase)
    g_object_notify_by_pspec(object, props[PROP_PHASE]);
  if (old.step != self->shown.step || old.total != self->shown.total || old.state != self->shown.state)
    g_object_notify_by_pspec(object, props[PROP_PROGRESS]);
  if (old.figures != self->shown.figures)
    g_object_notify_by_pspec(object, props[PROP_FIGURES]);
  if (preview)
    show_preview(self, preview, n, height, width, step);
  if (self->curves)
    show_rows(self, rows);
  if (old.state != self->shown.state) {
    if (self->error)
      g_object_notify_by_pspec(object, props[PROP_ERROR]);
    g_object_notify_by_pspec(object, props[PROP_STATE]);
    if (pct_job_is_over(self) && atomic_load(&self->cancelled))
      g_object_notify_by_pspec(object, props[PROP_CANCELLING]);
  }
  g_object_thaw_notify(object);
  if (old.state != self->shown.state && pct_job_is_over(self))
    g_signal_emit(self, finished_signal, 0);

  pct_figures_unref(old.figures);
  g_array_unref(rows);
  if (drops_worker)
    g_object_unref(self);
  if (source) {
    g_source_destroy(source);
    g_source_unref(source);
  }
  g_object_unref(self);
}

void
pct_job_cancel(PctJob *self)
{
  g_return_if_fail(PCT_IS_JOB(self));
  if (pct_job_is_over(self) || atomic_exchange(&self->cancelled, TRUE))
    return;
  pthread_mutex_lock(&self->lock);
  gboolean waits = !self->mail.started && !self->mail.ended;
  if (waits)
    end(self, FALSE, g_error_new_literal(PCT_ERROR, PCT_ERROR_CANCELLED, _("Cancelled.")));
  pthread_mutex_unlock(&self->lock);
  if (waits)
    pct_job_deliver(self);
  else
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_CANCELLING]);
}

gboolean
pct_job_is_cancelling(PctJob *self)
{
  return atomic_load(&self->cancelled) && !pct_job_is_over(self);
}

void
pct_job_keep_history(PctJob *self)
{
  g_return_if_fail(self->shown.state == PCT_JOB_QUEUED && !self->keeps_history);
  self->keeps_history = TRUE;
  self->curves = pct_curves_new();
  self->previews = pct_previews_new();
}

gpointer
pct_job_get_data(PctJob *self)
{
  return self->data;
}

gpointer
pct_job_get_result(PctJob *self)
{
  return self->shown.state == PCT_JOB_DONE ? self->result : NULL;
}

gpointer
pct_job_steal_result(PctJob *self)
{
  return self->shown.state == PCT_JOB_DONE ? g_steal_pointer(&self->result) : NULL;
}

const char *
pct_job_get_title(PctJob *self)
{
  return self->title;
}

const char *
pct_job_get_phase(PctJob *self)
{
  return self->shown.phase;
}

PctJobState
pct_job_get_state(PctJob *self)
{
  return self->shown.state;
}

gboolean
pct_job_is_over(PctJob *self)
{
  return self->shown.state >= PCT_JOB_DONE;
}

double
pct_job_get_progress(PctJob *self)
{
  if (self->shown.state == PCT_JOB_DONE)
    return 1;
  return self->shown.total > 0 ? CLAMP(self->shown.step / self->shown.total, 0, 1) : -1;
}

double
pct_job_get_step(PctJob *self)
{
  return self->shown.step;
}

double
pct_job_get_total(PctJob *self)
{
  return self->shown.total;
}

double
pct_job_get_seconds(PctJob *self)
{
  gint64 until = self->shown.ended ? self->shown.ended : g_get_monotonic_time();
  return self->shown.started ? (double)(until - self->shown.started) / G_USEC_PER_SEC : 0;
}

PctFigures *
pct_job_get_figures(PctJob *self)
{
  return self->shown.figures;
}

GPtrArray *
pct_job_get_preview(PctJob *self)
{
  return self->shown_preview;
}

const GError *
pct_job_get_error(PctJob *self)
{
  return self->error;
}

PctCurves *
pct_job_get_curves(PctJob *self)
{
  return self->curves;
}

PctPreviews *
pct_job_get_previews(PctJob *self)
{
  return self->previews;
}
