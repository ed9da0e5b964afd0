// SPDX-License-Identifier: GPL-3.0-or-later
// Invariant: `live` is the ranking by contribution or sensitivity of the last answer, `silenced` that of the last job;
// each knows what it was asked of.
#include "config.h"
#include "work/slide-influence.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "work/project-private.h"
#include "work/slide-draw.h"

// Milliseconds after a picture: while a slider moves there is another one sooner.
#define REST 60

// What is asked, as it was then; nothing in it changes afterwards. Shared by reference count (g_atomic_rc_box).
typedef struct {
  PctSlideRequest *from;
  PctOpened *opened;
  PctInfluenceMeasure measure;
  PctRegion region;
  int image, repeat;
  PctModelInfo *info;
} Request;

typedef struct {
  Request *of;
  int n;
  PctNeuronInfluence *ranking;  // (n,); NULL: a problem
  double change, gap;
  int n_steps;
  char *problem;
} Answer;

struct _PctSlideInfluence {
  GObject parent_instance;
  PctProject *project;
  PctSlide *slide;
  PctSlot *slot;
  gboolean active;
  guint rest;  // a timeout; 0: none
  PctRegion region;
  PctInfluenceMeasure measure;
  Answer *live, *silenced;  // NULL: none
  gboolean out_of_date;
  PctJob *job;
};

G_DEFINE_FINAL_TYPE(PctSlideInfluence, pct_slide_influence, G_TYPE_OBJECT)

enum { PROP_REGION = 1, PROP_MEASURE, PROP_BUSY, PROP_JOB, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint changed_signal;

static void
request_clear(gpointer data)
{
  Request *request = data;
  pct_slide_request_free(request->from);
  pct_opened_unref(request->opened);
  pct_model_info_free(request->info);
}

static void
request_unref(gpointer request)
{
  if (request)
    g_atomic_rc_box_release_full(request, request_clear);
}

static void
answer_free(gpointer data)
{
  Answer *answer = data;
  if (!answer)
    return;
  request_unref(answer->of);
  g_free(answer->ranking);
  g_free(answer->problem);
  g_free(answer);
}

// NULL: nothing is drawn.
static Request *
request_new(PctSlideInfluence *self)
{
  PctSlideRequest *from = pct_slide_dup_request(self->slide);
  if (!from)
    return NULL;
  Request *request = g_atomic_rc_box_new0(Request);
  *request = (Request){ from, pct_opened_ref(pct_project_get_opened(self->project)), self->measure, self->region,
                        pct_slide_get_image(self->slide), pct_slide_get_repeat(self->slide),
                        pct_model_info_copy(pct_model_get_info(pct_slide_get_model(self->slide))) };
  return request;
}

// problem: taken; NULL: none.
static Answer *
answer_new(const Request *request, char *problem)
{
  Answer *answer = g_new0(Answer, 1);
  answer->of = g_atomic_rc_box_acquire((Request *)request);
  answer->problem = problem;
  return answer;
}

// In the lane's or the job's thread. NULL with the errors of pct_influence_new and of loading.
static Answer *
compute(const Request *request, const PctRun *run, GError **error)
{
  const PctSlideRequest *from = request->from;
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(from->source, error);
  if (!decoder)
    return NULL;
  g_autofree float *z = pct_slide_latent_new(from->latent_seed, pct_decoder_get_latent(decoder));
  const PctStatistics *statistics = request->opened->statistics;
  PctInfluencePoint at = { from->responses, from->n_averaged, z, statistics->response_mean,
                           statistics->response_std, request->region };
  g_autoptr(PctInfluence) influence = pct_influence_new(decoder, request->measure, &at, run, error);
  if (!influence)
    return NULL;
  g_autofree int *order = pct_influence_dup_order(influence);
  Answer *answer = answer_new(request, NULL);
  answer->n = influence->n_neurons;
  answer->n_steps = influence->n_steps;
  answer->change = influence->change;
  answer->gap = influence->gap;
  answer->ranking = g_new(PctNeuronInfluence, answer->n);
  for (int i = 0; i < answer->n; i++)
    answer->ranking[i] = (PctNeuronInfluence){ order[i], influence->values[order[i]] };
  return answer;
}

static gpointer
work(gpointer state, gpointer request, const PctRun *run)
{
  g_autoptr(GError) error = NULL;
  Answer *answer = compute(request, run, &error);
  if (!answer && !g_error_matches(error, PCT_ERROR, PCT_ERROR_CANCELLED))
    answer = answer_new(request, g_strdup(error->message));
  return answer;
}

static void
emit(PctSlideInfluence *self)
{
  g_signal_emit(self, changed_signal, 0);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
}

static void
done(gpointer owner, gpointer data)
{
  PctSlideInfluence *self = owner;
  answer_free(self->live);
  self->live = g_memdup2(data, sizeof(Answer));
  memset(data, 0, sizeof(Answer));
  emit(self);
}

// Behind the slider's pictures and the film strip's.
static const PctSlotClass slot_class = { work, done, request_unref, answer_free, .supersede = TRUE, .rank = 2 };

static gboolean
is_same(const Request *a, const Request *b)
{
  const PctSlideRequest *p = a->from, *q = b->from;
  return p->source == q->source && p->latent_seed == q->latent_seed &&
         p->n_averaged == q->n_averaged &&
         memcmp(p->responses, q->responses, (gsize)pct_responses_get_n_neurons(p->base) * sizeof(float)) == 0;
}

static void
ask(PctSlideInfluence *self)
{
  Request *request = request_new(self);
  if (self->silenced)
    self->out_of_date = !request || !is_same(request, self->silenced->of);
  if (request && self->measure != PCT_INFLUENCE_SILENCING)
    pct_slot_request(self->slot, g_steal_pointer(&request));
  else if (!request)
    g_clear_pointer(&self->live, answer_free);
  request_unref(request);
  emit(self);
}

static gboolean
rested(gpointer data)
{
  PctSlideInfluence *self = data;
  self->rest = 0;
  ask(self);
  return G_SOURCE_REMOVE;
}

static void
stop_waiting(PctSlideInfluence *self)
{
  g_clear_handle_id(&self->rest, g_source_remove);
}

// The slide draws: whoever moves a slider must not wait for a ranking that is old already.
static void
follow(PctSlideInfluence *self)
{
  pct_slot_cancel(self->slot);
  stop_waiting(self);
  if (self->active && !pct_slide_is_busy(self->slide))
    self->rest = g_timeout_add(REST, rested, self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctSlideInfluence *self = PCT_SLIDE_INFLUENCE(object);
  switch (id) {
    case PROP_REGION: g_value_set_pointer(value, &self->region); break;
    case PROP_MEASURE: g_value_set_int(value, (int)self->measure); break;
    case PROP_BUSY: g_value_set_boolean(value, pct_slide_influence_is_busy(self)); break;
    case PROP_JOB: g_value_set_object(value, self->job); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
dispose(GObject *object)
{
  PctSlideInfluence *self = PCT_SLIDE_INFLUENCE(object);
  stop_waiting(self);
  g_clear_pointer(&self->slot, pct_slot_close);
  if (self->job) {
    g_signal_handlers_disconnect_by_data(self->job, self);
    pct_job_cancel(self->job);
  }
  g_clear_object(&self->job);
  G_OBJECT_CLASS(pct_slide_influence_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctSlideInfluence *self = PCT_SLIDE_INFLUENCE(object);
  answer_free(self->live);
  answer_free(self->silenced);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_influence_parent_class)->finalize(object);
}

static void
pct_slide_influence_class_init(PctSlideInfluenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PROP_REGION] = g_param_spec_pointer("region", NULL, NULL, flags);
  props[PROP_MEASURE] = g_param_spec_int("measure", NULL, NULL, 0, PCT_N_INFLUENCE_MEASURES - 1, 0, flags);
  props[PROP_BUSY] = g_param_spec_boolean("busy", NULL, NULL, FALSE, flags);
  props[PROP_JOB] = g_param_spec_object("job", NULL, NULL, PCT_TYPE_JOB, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
  changed_signal = g_signal_new("changed", PCT_TYPE_SLIDE_INFLUENCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
pct_slide_influence_init(PctSlideInfluence *self)
{
}

PctSlideInfluence *
pct_slide_influence_new(PctProject *project, PctSlide *slide)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project) && PCT_IS_SLIDE(slide), NULL);
  PctSlideInfluence *self = g_object_new(PCT_TYPE_SLIDE_INFLUENCE, NULL);
  self->project = g_object_ref(project);
  self->slide = g_object_ref(slide);
  self->slot = pct_slot_new(pct_project_get_lanes(project), &slot_class, self, NULL, NULL);
  g_signal_connect_object(slide, "notify::busy", G_CALLBACK(follow), self, G_CONNECT_SWAPPED);
  return self;
}

void
pct_slide_influence_set_active(PctSlideInfluence *self, gboolean active)
{
  g_return_if_fail(PCT_IS_SLIDE_INFLUENCE(self));
  if (active == self->active)
    return;
  self->active = active;
  follow(self);
}

void
pct_slide_influence_set_region(PctSlideInfluence *self, const PctRegion *region)
{
  g_return_if_fail(PCT_IS_SLIDE_INFLUENCE(self));
  PctRegion wanted = { 0 };
  if (region && pct_region_check(region, pct_project_get_height(self->project), pct_project_get_width(self->project),
                                 NULL))
    wanted = *region;
  if (memcmp(&wanted, &self->region, sizeof wanted) == 0)
    return;
  self->region = wanted;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_REGION]);
  // Silencing knows no region.
  if (self->measure != PCT_INFLUENCE_SILENCING)
    follow(self);
}

PctRegion
pct_slide_influence_get_region(PctSlideInfluence *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self), (PctRegion){ 0 });
  return self->region;
}

void
pct_slide_influence_set_measure(PctSlideInfluence *self, PctInfluenceMeasure measure)
{
  g_return_if_fail(PCT_IS_SLIDE_INFLUENCE(self) && (guint)measure < PCT_N_INFLUENCE_MEASURES);
  if (measure == self->measure)
    return;
  self->measure = measure;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_MEASURE]);
  follow(self);
  emit(self);
}

PctInfluenceMeasure
pct_slide_influence_get_measure(PctSlideInfluence *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self), PCT_INFLUENCE_CONTRIBUTION);
  return self->measure;
}

// The answer by the measure in use; NULL: none.
static const Answer *
get_answer(PctSlideInfluence *self)
{
  const Answer *answer = self->measure == PCT_INFLUENCE_SILENCING ? self->silenced : self->live;
  return answer && answer->of->measure == self->measure ? answer : NULL;
}

const PctNeuronInfluence *
pct_slide_influence_get_ranking(PctSlideInfluence *self, int *n)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self), NULL);
  const Answer *answer = get_answer(self);
  if (n)
    *n = answer ? answer->n : 0;
  return answer ? answer->ranking : NULL;
}

gboolean
pct_slide_influence_get_completeness(PctSlideInfluence *self, double *change, double *gap)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self), FALSE);
  const Answer *answer = get_answer(self);
  if (!answer || !answer->ranking || answer->of->measure != PCT_INFLUENCE_CONTRIBUTION)
    return FALSE;
  *change = answer->change;
  *gap = answer->gap;
  return TRUE;
}

gboolean
pct_slide_influence_is_out_of_date(PctSlideInfluence *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self), FALSE);
  return self->measure == PCT_INFLUENCE_SILENCING && self->silenced && self->out_of_date;
}

gboolean
pct_slide_influence_is_busy(PctSlideInfluence *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self), FALSE);
  return self->rest != 0 || (self->slot && pct_slot_is_busy(self->slot)) || self->job != NULL;
}

const char *
pct_slide_influence_get_problem(PctSlideInfluence *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self), NULL);
  const Answer *answer = get_answer(self);
  return answer ? answer->problem : NULL;
}

gboolean
pct_slide_influence_save(PctSlideInfluence *self, const char *path, GError **error)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self) && path, FALSE);
  const Answer *answer = get_answer(self);
  if (!answer || !answer->ranking) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("There is no ranking to save yet."));
    return FALSE;
  }
  const Request *of = answer->of;
  const PctSlideRequest *from = of->from;
  gsize size = (gsize)answer->n * sizeof(float);
  PctInfluenceFile file = {
    .measure = of->measure, .region = of->region, .ranking = answer->ranking, .n = answer->n, .change = answer->change,
    .gap = answer->gap, .n_steps = answer->n_steps, .recording = of->opened->recording,
    .statistics = of->opened->statistics, .responses = from->responses, .n_averaged = from->n_averaged,
    .changed = memcmp(from->responses, pct_responses_get_values(from->base), size) != 0,
    .latent_seed = from->latent_seed, .image = of->image, .repeat = of->repeat, .info = of->info,
  };
  return pct_influence_file_save(&file, path, error);
}

// A job's data, which is a reference, dropped when the job is over.
static void
asked_free(gpointer data)
{
  request_unref(*(Request **)data);
  g_free(data);
}

static gboolean
silence_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  Answer *answer = compute(*(Request **)pct_job_get_data(job), run, error);
  if (answer)
    pct_job_set_result(job, answer, answer_free);
  return answer != NULL;
}

static void
silenced(PctSlideInfluence *self)
{
  g_autoptr(PctJob) job = g_steal_pointer(&self->job);
  const GError *error = pct_job_get_error(job);
  Answer *answer = error ? answer_new(*(Request **)pct_job_get_data(job), g_strdup(error->message))
                         : pct_job_steal_result(job);
  if (answer) {
    answer_free(self->silenced);
    self->silenced = answer;
    Request *now = request_new(self);
    self->out_of_date = !now || !is_same(now, answer->of);
    request_unref(now);
  }
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_JOB]);
  emit(self);
}

// After whoever asked had what he wanted, or went: the list of finished jobs must not keep a whole recording, nor a
// model.
static void
finished(PctJob *job)
{
  answer_free(pct_job_steal_result(job));
  g_clear_pointer((Request **)pct_job_get_data(job), request_unref);
}

void
pct_slide_influence_silence(PctSlideInfluence *self)
{
  g_return_if_fail(PCT_IS_SLIDE_INFLUENCE(self));
  Request *request = self->job ? NULL : request_new(self);
  if (!request)
    return;
  request->measure = PCT_INFLUENCE_SILENCING;
  request->region = (PctRegion){ 0 };
  self->job = pct_job_new(_("Silencing every neuron in turn"), silence_in_thread,
                          g_memdup2(&request, sizeof request), asked_free);
  g_signal_connect_object(self->job, "finished", G_CALLBACK(silenced), self, G_CONNECT_SWAPPED);
  g_signal_connect(self->job, "finished", G_CALLBACK(finished), NULL);
  pct_lanes_submit(pct_project_get_lanes(self->project), PCT_LANE_BACKGROUND, self->job);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_JOB]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
}

PctJob *
pct_slide_influence_get_job(PctSlideInfluence *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_INFLUENCE(self), NULL);
  return self->job;
}
