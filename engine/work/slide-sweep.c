// SPDX-License-Identifier: GPL-3.0-or-later
// Invariant: `shown` is the work whose pictures (some perhaps still of the one before) are told, `wanted` the newest
// asked for; they are the same once its first slice has come.
#include "config.h"
#include "work/slide-sweep.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "work/project-private.h"
#include "work/slide-sweep-draw.h"
#include "work/slide-sweep-save.h"
#include "work/sweep-file.h"

// How long a hand rests before what it did is swept.
#define REST 120  // milliseconds
// A wish waits for what else is done in the same breath: a slider that is touched changes the neuron in hand, then its
// response, and the lane is the slider's.
#define BREATH 20

struct _PctSlideSweep {
  GObject parent_instance;
  PctProject *project;
  PctSlide *slide;
  PctSlot *slot;
  gboolean asked, active;
  gboolean fresh;       // asked for something else, and not looked at yet
  PctSlideSweepRequest request;
  PctSweepWork *wanted, *shown;
  GPtrArray *pictures;  // PctPicture or NULL, one a vector of shown
  gsize n_ready;        // of wanted
  double spread, change;
  char *problem;
  int nearest;
  guint rest;           // source; 0: none
};

G_DEFINE_FINAL_TYPE(PctSlideSweep, pct_slide_sweep, G_TYPE_OBJECT)

enum { PROP_NEAREST = 1, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint changed_signal;

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_NEAREST: g_value_set_int(value, PCT_SLIDE_SWEEP(object)->nearest); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
dispose(GObject *object)
{
  PctSlideSweep *self = PCT_SLIDE_SWEEP(object);
  g_clear_handle_id(&self->rest, g_source_remove);
  g_clear_pointer(&self->slot, pct_slot_close);
  G_OBJECT_CLASS(pct_slide_sweep_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctSlideSweep *self = PCT_SLIDE_SWEEP(object);
  pct_sweep_work_unref(self->wanted);
  pct_sweep_work_unref(self->shown);
  g_ptr_array_unref(self->pictures);
  g_free(self->problem);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_sweep_parent_class)->finalize(object);
}

static void
pct_slide_sweep_class_init(PctSlideSweepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  props[PROP_NEAREST] = g_param_spec_int("nearest", NULL, NULL, -1, G_MAXINT, -1,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(object_class, N_PROPS, props);
  changed_signal =
    g_signal_new("changed", PCT_TYPE_SLIDE_SWEEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_slide_sweep_init(PctSlideSweep *self)
{
  self->pictures = g_ptr_array_new_with_free_func((GDestroyNotify)pct_picture_unref);
  self->spread = self->change = NAN;
  self->nearest = -1;
}

static void
find_nearest(PctSlideSweep *self)
{
  const float *responses = pct_slide_get_responses(self->slide);
  int nearest = self->shown && responses ? pct_sweep_find_nearest(self->shown->sweep, responses) : -1;
  if (nearest == self->nearest)
    return;
  self->nearest = nearest;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_NEAREST]);
}

static void
ask_slice(PctSlideSweep *self)
{
  PctSweepSlice *slice = g_new(PctSweepSlice, 1);
  *slice = (PctSweepSlice){ pct_sweep_work_ref(self->wanted), self->n_ready };
  pct_slot_request(self->slot, slice);
}

// Nothing is shown any more, because of problem (NULL: nothing is asked for).
static void
show_none(PctSlideSweep *self, const char *problem)
{
  gboolean before = self->shown || g_strcmp0(self->problem, problem) != 0;
  pct_slot_cancel(self->slot);
  g_clear_pointer(&self->shown, pct_sweep_work_unref);
  g_ptr_array_set_size(self->pictures, 0);
  self->spread = self->change = NAN;
  g_free(self->problem);
  self->problem = g_strdup(problem);
  find_nearest(self);
  if (before)
    g_signal_emit(self, changed_signal, 0);
}

static void
drawn(gpointer owner, gpointer data)
{
  PctSlideSweep *self = owner;
  PctSweepAnswer *answer = data;
  if (answer->work != self->wanted)
    return;
  if (answer->problem) {
    show_none(self, answer->problem);
    return;
  }
  if (self->shown != answer->work) {
    // Pictures of the same places stand until theirs come.
    if (!self->shown || memcmp(&self->shown->recipe, &answer->work->recipe, sizeof answer->work->recipe) != 0 ||
        self->shown->source != answer->work->source || self->shown->image != answer->work->image)
      g_ptr_array_set_size(self->pictures, 0);
    pct_sweep_work_unref(self->shown);
    self->shown = pct_sweep_work_ref(answer->work);
    g_ptr_array_set_size(self->pictures, (int)answer->work->sweep->n);
  }
  for (guint i = 0; i < answer->pictures->len; i++) {
    gpointer *place = &self->pictures->pdata[answer->first + i];
    pct_picture_unref(*place);
    *place = pct_picture_ref(answer->pictures->pdata[i]);
  }
  self->n_ready = answer->first + answer->pictures->len;
  self->spread = answer->spread;
  self->change = answer->change;
  g_clear_pointer(&self->problem, g_free);
  if (!answer->done)
    ask_slice(self);
  find_nearest(self);
  g_signal_emit(self, changed_signal, 0);
}

static const PctSlotClass slot_class = { pct_sweep_slice_draw, drawn, pct_sweep_slice_free, pct_sweep_answer_free,
                                         .supersede = TRUE, .rank = 2 };

static void
fill_ranges(PctSlideSweep *self, PctSweepRecipe *recipe, gboolean averaged)
{
  const PctResponseRanges *ranges = pct_project_get_ranges(self->project);
  for (int axis = 0; axis < 2; axis++) {
    int neuron = recipe->neurons[axis];
    if (isnan(recipe->from[axis]))
      recipe->from[axis] = averaged ? ranges->averaged_minimum[neuron] : ranges->single_minimum[neuron];
    if (isnan(recipe->to[axis]))
      recipe->to[axis] = averaged ? ranges->averaged_maximum[neuron] : ranges->single_maximum[neuron];
  }
}

// What is asked for, from what the slide has in hand now; NULL: it has nothing to draw of or with.
static PctSweepWork *
work_new(PctSlideSweep *self)
{
  PctModel *model = pct_slide_get_model(self->slide);
  const float *responses = pct_slide_get_responses(self->slide);
  const float *recorded = pct_slide_get_recorded_responses(self->slide);
  if (!self->asked || !responses || !model || pct_model_get_state(model) != PCT_MODEL_FINISHED)
    return NULL;
  PctSweepWork *work = g_new0(PctSweepWork, 1);
  *work = (PctSweepWork){
    .source = pct_kept_ref(pct_model_get_decoder(model)),
    .opened = pct_opened_ref(pct_project_get_opened(self->project)), .recipe = self->request.recipe,
    .latent = self->request.latent, .n_draws = self->request.n_draws, .seed = self->request.seed,
    .info = pct_model_info_copy(pct_model_get_info(model)),
    .fixed_seed = pct_slide_get_latent_seed(self->slide), .image = pct_slide_get_image(self->slide),
    .repeat = pct_slide_get_repeat(self->slide), .n_averaged = pct_slide_get_n_averaged(self->slide) };
  g_atomic_ref_count_init(&work->references);
  gboolean walk = work->recipe.kind == PCT_SWEEP_WALK;
  if (walk || work->recipe.kind == PCT_SWEEP_REPEATS) {
    // From what was recorded: a step taken must not move the start.
    work->n_averaged = pct_slide_get_n_recorded(self->slide);
    responses = recorded;
    work->recipe.repeat = walk && work->repeat >= 0 ? work->repeat : -1;
  }
  gsize size = (gsize)pct_project_get_n_neurons(self->project) * sizeof(float);
  work->responses = g_memdup2(responses, size);
  work->recorded = g_memdup2(recorded, size);
  fill_ranges(self, &work->recipe, work->n_averaged > 1);
  return work;
}

static void
look_again(PctSlideSweep *self)
{
  g_autoptr(PctSweepWork) work = self->active ? work_new(self) : NULL;
  gboolean fresh = self->fresh;
  g_clear_handle_id(&self->rest, g_source_remove);
  if (!self->active)
    return;
  self->fresh = FALSE;
  find_nearest(self);
  if (!work) {
    g_clear_pointer(&self->wanted, pct_sweep_work_unref);
    show_none(self, NULL);
    return;
  }
  if (!self->wanted || !pct_sweep_work_is_same(self->wanted, work)) {
    pct_sweep_work_unref(self->wanted);
    self->wanted = g_steal_pointer(&work);
    self->n_ready = 0;
    ask_slice(self);
  } else if (!pct_slide_sweep_is_done(self) && !self->problem && !pct_slot_is_busy(self->slot))
    ask_slice(self);  // gone on with, after a hand had it stopped
  else if (fresh)
    g_signal_emit(self, changed_signal, 0);  // it is done again
}

static gboolean
on_rest(gpointer data)
{
  PctSlideSweep *self = data;
  self->rest = 0;
  look_again(self);
  return G_SOURCE_REMOVE;
}

// The lane is free meanwhile.
static void
look_later(PctSlideSweep *self, guint milliseconds)
{
  if (!self->active)
    return;
  pct_slot_cancel(self->slot);
  g_clear_handle_id(&self->rest, g_source_remove);
  self->rest = g_timeout_add(milliseconds, on_rest, self);
}

// A hand moves.
static void
on_slide(PctSlideSweep *self)
{
  if (self->active)
    find_nearest(self);
  look_later(self, REST);
}

PctSlideSweep *
pct_slide_sweep_new(PctProject *project, PctSlide *slide)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project) && PCT_IS_SLIDE(slide), NULL);
  PctSlideSweep *self = g_object_new(PCT_TYPE_SLIDE_SWEEP, NULL);
  self->project = g_object_ref(project);
  self->slide = g_object_ref(slide);
  self->slot = pct_slot_new(pct_project_get_lanes(project), &slot_class, self, NULL, NULL);
  const char *signals[] = { "responses-changed", "notify::model", "notify::latent", "notify::baseline" };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(slide, signals[i], G_CALLBACK(on_slide), self, G_CONNECT_SWAPPED);
  return self;
}

static gboolean
is_possible(PctSlideSweep *self, const PctSlideSweepRequest *request)
{
  const PctSweepRecipe *recipe = &request->recipe;
  int m = pct_project_get_n_neurons(self->project), n_images = pct_project_get_n_images(self->project);
  gboolean grid = recipe->kind == PCT_SWEEP_GRID, neurons = TRUE;
  for (int axis = 0; axis < 2; axis++)
    neurons = neurons && recipe->neurons[axis] >= 0 && recipe->neurons[axis] < m && recipe->n_steps[axis] >= 1;
  return neurons && recipe->image >= -1 && recipe->image < n_images && recipe->n_steps[0] <= PCT_SWEEP_MOST &&
         (!grid || recipe->n_steps[1] <= PCT_SWEEP_MOST / recipe->n_steps[0]) &&
         (recipe->kind != PCT_SWEEP_WALK || recipe->image >= 0) &&
         (request->latent != PCT_SWEEP_LATENT_AVERAGED ||
          (request->n_draws >= 2 && request->n_draws <= PCT_SWEEP_MOST_DRAWS));
}

void
pct_slide_sweep_set_request(PctSlideSweep *self, const PctSlideSweepRequest *request)
{
  g_return_if_fail(PCT_IS_SLIDE_SWEEP(self) && (!request || is_possible(self, request)));
  self->asked = request != NULL;
  if (request)
    self->request = *request;
  self->fresh = TRUE;
  if (request)
    look_later(self, BREATH);
  else
    look_again(self);
}

const PctSlideSweepRequest *
pct_slide_sweep_get_request(PctSlideSweep *self)
{
  return self->asked ? &self->request : NULL;
}

void
pct_slide_sweep_set_active(PctSlideSweep *self, gboolean active)
{
  g_return_if_fail(PCT_IS_SLIDE_SWEEP(self));
  self->active = active;
  if (active)
    look_again(self);
  else {
    g_clear_handle_id(&self->rest, g_source_remove);
    pct_slot_cancel(self->slot);
  }
}

const PctSweep *
pct_slide_sweep_get_sweep(PctSlideSweep *self)
{
  return self->shown ? self->shown->sweep : NULL;
}

const PctSweepRecipe *
pct_slide_sweep_get_recipe(PctSlideSweep *self)
{
  return self->shown ? &self->shown->recipe : NULL;
}

PctPicture *
pct_slide_sweep_get_picture(PctSlideSweep *self, guint i)
{
  return i < self->pictures->len ? self->pictures->pdata[i] : NULL;
}

gboolean
pct_slide_sweep_is_done(PctSlideSweep *self)
{
  return self->shown && self->shown == self->wanted && !self->fresh && self->n_ready == self->shown->sweep->n;
}

guint
pct_slide_sweep_get_n_ready(PctSlideSweep *self)
{
  return self->shown && self->shown == self->wanted ? (guint)self->n_ready : 0;
}

double
pct_slide_sweep_get_spread(PctSlideSweep *self)
{
  return self->spread;
}

double
pct_slide_sweep_get_change(PctSlideSweep *self)
{
  return self->change;
}

const char *
pct_slide_sweep_get_problem(PctSlideSweep *self)
{
  return self->problem;
}

int
pct_slide_sweep_get_nearest(PctSlideSweep *self)
{
  return self->nearest;
}

void
pct_slide_sweep_take(PctSlideSweep *self, guint i)
{
  g_return_if_fail(PCT_IS_SLIDE_SWEEP(self));
  if (!self->shown || i >= self->shown->sweep->n || !pct_slide_get_responses(self->slide))
    return;
  const PctSweep *sweep = self->shown->sweep;
  const PctSweepRecipe *recipe = &self->shown->recipe;
  if (sweep->kind == PCT_SWEEP_ALONE || sweep->kind == PCT_SWEEP_GRID)
    pct_slide_set_responses(self->slide, recipe->neurons, sweep->values + 2 * (gsize)i,
                            sweep->kind == PCT_SWEEP_GRID ? 2 : 1);
  else
    pct_slide_set_all(self->slide, sweep->responses + (gsize)i * (gsize)sweep->n_neurons,
                      (int)lround(sweep->n_averaged[i]));
}

PctJob *
pct_slide_sweep_save(PctSlideSweep *self, const char *path, const PctAnimationOptions *animation, GError **error)
{
  g_return_val_if_fail(PCT_IS_SLIDE_SWEEP(self) && path && animation, NULL);
  if (self->rest)  // what a hand has just done counts
    look_again(self);
  if (!pct_slide_sweep_is_done(self)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("The sweep is not drawn to the end yet."));
    return NULL;
  }
  if (!pct_sweep_file_check(path, error))
    return NULL;
  PctJob *job = pct_sweep_work_save(self->shown, path, animation);
  pct_lanes_submit(pct_project_get_lanes(self->project), PCT_LANE_BACKGROUND, job);
  return job;
}
