// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/slide-lesion.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "decode/model-folder.h"
#include "work/project-private.h"
#include "work/slide-draw.h"

// After the last change; a slider under way must not wait for this.
#define REST_MS 120

struct _PctSlideLesion {
  GObject parent_instance;
  PctProject *project;
  PctSlide *slide;
  gboolean active, others;
  PctLesionOf of;
  int most;  // of the ranking
  GArray *pinned, *area, *ranking, *order;  // of int; ranking NULL: by response
  PctSlot *slot;
  guint rest_id;
  GArray *points;  // of PctLesionPoint; NULL: none
  int n_random;    // in them
};

G_DEFINE_FINAL_TYPE(PctSlideLesion, pct_slide_lesion, G_TYPE_OBJECT)

static guint changed_signal;

typedef struct {
  PctSlideRequest *at;
  PctOpened *opened;
  GArray *order;
  gboolean others;
  int n_random;
} Request;

typedef struct {
  GArray *points;
  int n_random;
} Answer;

static void
request_free(gpointer data)
{
  Request *request = data;
  pct_slide_request_free(request->at);
  pct_opened_unref(request->opened);
  g_array_unref(request->order);
  g_free(request);
}

static void
answer_free(gpointer data)
{
  Answer *answer = data;
  g_clear_pointer(&answer->points, g_array_unref);
  g_free(answer);
}

static PctLesion
lesion_of(const PctOpened *opened, const GArray *order, gboolean others, int n_random)
{
  return (PctLesion){ .mean = opened->statistics->response_mean, .order = (const int *)(gconstpointer)order->data,
                      .n_order = (int)order->len, .others = others, .n_random = n_random, .seed = PCT_LESION_SEED };
}

static gpointer
measure(gpointer state, gpointer data, const PctRun *run)
{
  const Request *request = data;
  const PctSlideRequest *at = request->at;
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(at->source, NULL);  // the slide says what is wrong with it
  if (!decoder)
    return NULL;
  g_autofree float *z = pct_slide_latent_new(at->latent_seed, pct_decoder_get_latent(decoder));
  PctLesion lesion = lesion_of(request->opened, request->order, request->others, request->n_random);
  PctLesionImage image = { at->responses, z, pct_picture_get_pixels(at->original), at->n_averaged };
  int n;
  g_autofree int *counts = pct_lesion_counts_new(lesion.n_order, &n);
  g_autoptr(GArray) points = g_array_new(FALSE, TRUE, sizeof(PctLesionPoint));
  g_array_set_size(points, (guint)n);
  if (!pct_lesion_measure_image(&lesion, decoder, &image, counts, n, (PctLesionPoint *)(gpointer)points->data, run, NULL))
    return NULL;
  Answer *answer = g_new(Answer, 1);
  *answer = (Answer){ g_steal_pointer(&points), request->n_random };
  return answer;
}

static void
ask(PctSlideLesion *self, int n_random)
{
  PctSlideRequest *at = self->active && self->order->len > 0 ? pct_slide_dup_request(self->slide) : NULL;
  if (!at)
    return;
  Request *request = g_new(Request, 1);
  *request = (Request){ at, pct_opened_ref(pct_project_get_opened(self->project)), g_array_ref(self->order), self->others,
                        n_random };
  pct_slot_request(self->slot, request);
}

static void
measured(gpointer owner, gpointer data)
{
  PctSlideLesion *self = owner;
  Answer *answer = data;
  g_clear_pointer(&self->points, g_array_unref);
  self->points = g_steal_pointer(&answer->points);
  self->n_random = answer->n_random;
  // What was named is there at once; what it is compared with takes several times as long.
  if (answer->n_random == 0)
    ask(self, PCT_LESION_RANDOM_OF_IMAGE);
  g_signal_emit(self, changed_signal, 0);
}

static const PctSlotClass slot_class = { measure, measured, request_free, answer_free, .supersede = TRUE, .rank = 2 };

static gboolean
on_rest(gpointer data)
{
  PctSlideLesion *self = data;
  self->rest_id = 0;
  ask(self, 0);
  return G_SOURCE_REMOVE;
}

static void
forget(PctSlideLesion *self)
{
  pct_slot_cancel(self->slot);
  g_clear_handle_id(&self->rest_id, g_source_remove);
  g_clear_pointer(&self->points, g_array_unref);
  if (self->active && self->order->len > 0 && pct_slide_get_model(self->slide) && pct_slide_get_responses(self->slide))
    self->rest_id = g_timeout_add(REST_MS, on_rest, self);
  g_signal_emit(self, changed_signal, 0);
}

// A new array every time: one that a request or a job holds does not change.
static GArray *
order_new(PctSlideLesion *self)
{
  GArray *order = g_array_new(FALSE, FALSE, sizeof(int));
  if (self->of != PCT_LESION_FIRST) {
    const GArray *named = self->of == PCT_LESION_PINNED ? self->pinned : self->area;
    g_array_append_vals(order, named->data, named->len);
    return order;
  }
  if (self->ranking) {
    g_array_append_vals(order, self->ranking->data, MIN(self->ranking->len, (guint)self->most));
    return order;
  }
  const float *values = pct_slide_get_recorded_responses(self->slide);
  if (!values)
    return order;
  g_autoptr(PctResponses) recorded =
    pct_responses_new(pct_project_get_n_neurons(self->project), values, pct_slide_get_n_recorded(self->slide));
  g_autoptr(GArray) strongest = pct_project_dup_strongest(self->project, recorded, self->most);
  for (guint i = 0; i < strongest->len; i++)
    g_array_append_val(order, g_array_index(strongest, PctNeuronResponse, i).neuron);
  return order;
}

static void
order_anew(PctSlideLesion *self)
{
  g_autoptr(GArray) order = self->active ? order_new(self) : g_array_ref(self->order);
  if (order->len != self->order->len ||
      (order->len > 0 && memcmp(order->data, self->order->data, order->len * sizeof(int)) != 0)) {
    g_array_unref(self->order);
    self->order = g_array_ref(order);
  }
  forget(self);
}

void
pct_slide_lesion_set_active(PctSlideLesion *self, gboolean active)
{
  g_return_if_fail(PCT_IS_SLIDE_LESION(self));
  if (self->active == active)
    return;
  self->active = active;
  order_anew(self);
}

void
pct_slide_lesion_set_pinned(PctSlideLesion *self, const int *neurons, guint n)
{
  g_return_if_fail(PCT_IS_SLIDE_LESION(self));
  g_array_set_size(self->pinned, 0);
  g_array_append_vals(self->pinned, neurons, n);
  if (self->of == PCT_LESION_PINNED)
    order_anew(self);
}

void
pct_slide_lesion_set_area(PctSlideLesion *self, const int *neurons, guint n)
{
  g_return_if_fail(PCT_IS_SLIDE_LESION(self));
  g_array_set_size(self->area, 0);
  g_array_append_vals(self->area, neurons, n);
  if (self->of == PCT_LESION_AREA)
    order_anew(self);
}

void
pct_slide_lesion_set_ranking(PctSlideLesion *self, const int *neurons, guint n)
{
  g_return_if_fail(PCT_IS_SLIDE_LESION(self));
  if (neurons && self->ranking && self->ranking->len == n &&
      (n == 0 || memcmp(self->ranking->data, neurons, n * sizeof(int)) == 0))
    return;
  g_clear_pointer(&self->ranking, g_array_unref);
  if (neurons) {
    self->ranking = g_array_new(FALSE, FALSE, sizeof(int));
    g_array_append_vals(self->ranking, neurons, n);
  }
  if (self->of == PCT_LESION_FIRST)
    order_anew(self);
}

gboolean
pct_slide_lesion_has_ranking(PctSlideLesion *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self), FALSE);
  return self->ranking != NULL;
}

void
pct_slide_lesion_set_most(PctSlideLesion *self, int most)
{
  g_return_if_fail(PCT_IS_SLIDE_LESION(self) && most > 0);
  if (self->most == most)
    return;
  self->most = most;
  if (self->of == PCT_LESION_FIRST)
    order_anew(self);
}

int
pct_slide_lesion_get_most(PctSlideLesion *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self), 0);
  return self->most;
}

void
pct_slide_lesion_set_of(PctSlideLesion *self, PctLesionOf of, gboolean others)
{
  g_return_if_fail(PCT_IS_SLIDE_LESION(self));
  if (self->of == of && self->others == others)
    return;
  self->of = of;
  self->others = others;
  order_anew(self);
}

PctLesionOf
pct_slide_lesion_get_of(PctSlideLesion *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self), PCT_LESION_PINNED);
  return self->of;
}

gboolean
pct_slide_lesion_get_others(PctSlideLesion *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self), FALSE);
  return self->others;
}

const int *
pct_slide_lesion_get_order(PctSlideLesion *self, guint *n)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self) && n, NULL);
  *n = self->order->len;
  return (const int *)(gpointer)self->order->data;
}

const PctLesionPoint *
pct_slide_lesion_get_points(PctSlideLesion *self, guint *n)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self) && n, NULL);
  *n = self->points ? self->points->len : 0;
  return self->points ? (const PctLesionPoint *)(gpointer)self->points->data : NULL;
}

gboolean
pct_slide_lesion_is_busy(PctSlideLesion *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self), FALSE);
  return self->rest_id || (self->slot && pct_slot_is_busy(self->slot));
}

static PctLesionCurve *
curve_new(PctSlideLesion *self, int n_random)
{
  PctLesionCurve *curve = g_new0(PctLesionCurve, 1);
  curve->order = g_memdup2(self->order->data, self->order->len * sizeof(int));
  curve->n_order = (int)self->order->len;
  curve->others = self->others;
  curve->n_random = n_random;
  curve->seed = PCT_LESION_SEED;
  curve->image = pct_slide_get_image(self->slide);
  curve->repeat = pct_slide_get_repeat(self->slide);
  curve->n_images = 1;
  curve->model = g_strdup(pct_model_get_name(pct_slide_get_model(self->slide)));
  curve->recording = g_strdup(pct_project_get_name(self->project));
  curve->fingerprint = g_strdup(pct_project_get_fingerprint(self->project));
  curve->trials = g_strdup(pct_project_get_trials(self->project));
  return curve;
}

PctLesionCurve *
pct_slide_lesion_dup_curve(PctSlideLesion *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self), NULL);
  if (!self->points)
    return NULL;
  PctLesionCurve *curve = curve_new(self, self->n_random);
  curve->points = g_array_ref(self->points);
  return curve;
}

// The tier's job.
typedef struct {
  PctOpened *opened;  // dropped when the job is over
  PctModelDecoder *source;
  GArray *order;
  PctLesionCurve *curve;  // without points
} Work;

static void
work_free(gpointer data)
{
  Work *work = data;
  pct_opened_unref(work->opened);
  pct_kept_unref(work->source);
  g_array_unref(work->order);
  g_clear_pointer(&work->curve, pct_lesion_curve_free);
  g_free(work);
}

// The names are interned, so that figures may bear them.
static const char *
figure_name(const char *prefix, guint column)
{
  g_autofree char *name = pct_score_column_dup_name(column);
  g_autofree char *whole = g_strconcat(prefix, name, NULL);
  return g_intern_string(whole);
}

static gboolean
report_point(const PctLesionPoint *point, int done, int n, const PctRun *run, GError **error)
{
  PctFigure figures[1 + 2 * PCT_N_SCORE_COLUMNS];
  guint k = 0;
  figures[k++] = (PctFigure){ "count", point->count };
  for (guint column = 0; column < PCT_N_SCORE_COLUMNS; column++) {
    figures[k++] = (PctFigure){ figure_name("", column), pct_score_summary_get_column(&point->score, column) };
    figures[k++] = (PctFigure){ figure_name("random_", column), pct_score_summary_get_column(&point->random, column) };
  }
  PctProgress progress = { .step = done, .total = n, .figures = figures, .n_figures = k };
  return pct_run_report(run, &progress, error);
}

static gboolean
measure_tier(PctJob *job, const PctRun *run, GError **error)
{
  Work *work = pct_job_get_data(job);
  PctLesionCurve *curve = work->curve;
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(work->source, error);
  curve->model_hash = decoder ? pct_decoder_folder_dup_hash(pct_kept_get_folder(work->source), run, error) : NULL;
  if (!curve->model_hash)
    return FALSE;
  g_autoptr(PctScoreSet) set = pct_score_set_new(work->opened->recording, curve->tier, curve->averaged);
  set->mean_image = work->opened->statistics->mean_image;
  PctLesion lesion = lesion_of(work->opened, work->order, curve->others, curve->n_random);
  int n;
  g_autofree int *counts = pct_lesion_counts_new(lesion.n_order, &n);
  curve->points = g_array_new(FALSE, FALSE, sizeof(PctLesionPoint));
  for (int i = 0; i < n; i++) {
    PctLesionPoint point;
    PctRunPart part;
    const PctRun *inner = pct_run_part(&part, run, i, 1, n);
    if (!pct_lesion_measure(&lesion, decoder, set, counts[i], &point, inner, error) ||
        !report_point(&point, i + 1, n, run, error))
      return FALSE;
    g_array_append_val(curve->points, point);
  }
  pct_job_set_result(job, g_steal_pointer(&work->curve), (GDestroyNotify)pct_lesion_curve_free);
  return TRUE;
}

static void
finished(PctJob *job)
{
  Work *work = pct_job_get_data(job);
  // The list of finished jobs must not keep a whole recording.
  g_clear_pointer(&work->opened, pct_opened_unref);
  g_clear_pointer(&work->source, pct_kept_unref);
}

PctJob *
pct_slide_lesion_measure_tier(PctSlideLesion *self, PctTier tier, gboolean averaged, GError **error)
{
  g_return_val_if_fail(PCT_IS_SLIDE_LESION(self), NULL);
  PctModel *model = pct_slide_get_model(self->slide);
  g_autoptr(GArray) order = order_new(self);
  const char *problem = !model || pct_model_get_state(model) != PCT_MODEL_FINISHED ? _("There is no decoder to ask.")
                        : order->len == 0                                      ? _("There is no neuron to silence.")
                        : pct_project_get_n_tier_images(self->project, tier) == 0 ? _("The tier has no images.")
                                                                                  : NULL;
  if (problem) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, problem);
    return NULL;
  }
  g_array_unref(self->order);
  self->order = g_array_ref(order);
  Work *work = g_new0(Work, 1);
  work->opened = pct_opened_ref(pct_project_get_opened(self->project));
  work->source = pct_kept_ref(pct_model_get_decoder(model));
  work->order = g_steal_pointer(&order);
  work->curve = curve_new(self, PCT_LESION_RANDOM_OF_TIER);
  work->curve->tier_wide = TRUE;
  work->curve->tier = tier;
  work->curve->averaged = averaged;
  work->curve->n_images = pct_project_get_n_tier_images(self->project, tier);
  g_autofree char *title = g_strdup_printf(_("Lesions of %s"), pct_model_get_name(model));
  PctJob *job = pct_job_new(title, measure_tier, work, work_free);
  pct_job_keep_history(job);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  pct_lanes_submit(pct_project_get_lanes(self->project), PCT_LANE_BACKGROUND, job);
  return job;
}

const PctLesionCurve *
pct_lesion_job_get_curve(PctJob *job)
{
  return pct_job_get_result(job);
}

static void
dispose(GObject *object)
{
  PctSlideLesion *self = PCT_SLIDE_LESION(object);
  g_clear_handle_id(&self->rest_id, g_source_remove);
  g_clear_pointer(&self->slot, pct_slot_close);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_lesion_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctSlideLesion *self = PCT_SLIDE_LESION(object);
  g_array_unref(self->pinned);
  g_array_unref(self->area);
  g_array_unref(self->order);
  g_clear_pointer(&self->ranking, g_array_unref);
  g_clear_pointer(&self->points, g_array_unref);
  G_OBJECT_CLASS(pct_slide_lesion_parent_class)->finalize(object);
}

static void
pct_slide_lesion_class_init(PctSlideLesionClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  G_OBJECT_CLASS(klass)->finalize = finalize;
  changed_signal = g_signal_new("changed", PCT_TYPE_SLIDE_LESION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_slide_lesion_init(PctSlideLesion *self)
{
  self->most = 100;
  self->pinned = g_array_new(FALSE, FALSE, sizeof(int));
  self->area = g_array_new(FALSE, FALSE, sizeof(int));
  self->order = g_array_new(FALSE, FALSE, sizeof(int));
}

PctSlideLesion *
pct_slide_lesion_new(PctProject *project, PctSlide *slide)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project) && PCT_IS_SLIDE(slide), NULL);
  PctSlideLesion *self = g_object_new(PCT_TYPE_SLIDE_LESION, NULL);
  self->project = g_object_ref(project);
  self->slide = g_object_ref(slide);
  self->slot = pct_slot_new(pct_project_get_lanes(project), &slot_class, self, NULL, NULL);
  g_signal_connect_object(slide, "notify::image", G_CALLBACK(order_anew), self, G_CONNECT_SWAPPED);
  const char *const signals[] = { "responses-changed", "notify::model", "notify::latent" };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(slide, signals[i], G_CALLBACK(forget), self, G_CONNECT_SWAPPED);
  return self;
}
