// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison has a slot of its own, so that a slow decoder keeps no quick one waiting longer than its own turn, and
// each shows its newest picture alone.
#include "config.h"
#include "work/compare.h"
#include "base/error.h"
#include "work/model-watch.h"
#include "work/project-private.h"
#include "work/slot.h"

struct _PctComparison {
  GObject parent_instance;
  PctModel *model;
  PctSlot *slot;
  PctPicture *picture;
  PctPictureScore score;
  char *problem;
};

G_DEFINE_FINAL_TYPE(PctComparison, pct_comparison, G_TYPE_OBJECT)

struct _PctCompare {
  GObject parent_instance;
  PctProject *project;
  PctModelWatch *watch;
  GPtrArray *comparisons;
  int image, repeat;
  PctPicture *original;
  PctResponses *responses;  // NULL: none
};

static void list_model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(PctCompare, pct_compare, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

static guint changed_signal;

typedef struct {
  PctResponses *responses;
  PctPicture *original;
} Request;

typedef struct {
  PctPicture *picture;  // NULL: a problem
  PctPictureScore score;
  char *problem;
} Answer;

static void
request_free(gpointer data)
{
  Request *request = data;
  pct_responses_unref(request->responses);
  pct_picture_unref(request->original);
  g_free(request);
}

static void
answer_free(gpointer data)
{
  Answer *answer = data;
  pct_picture_unref(answer->picture);
  g_free(answer->problem);
  g_free(answer);
}

static gpointer
draw(gpointer state, gpointer data, const PctRun *run)
{
  const Request *request = data;
  int height = pct_picture_get_height(request->original), width = pct_picture_get_width(request->original);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(state, &error);
  float *pixels = g_new0(float, (gsize)height * width);
  Answer *answer = g_new0(Answer, 1);
  if (decoder && pct_decoder_reconstruct(decoder, pct_responses_get_values(request->responses), 1,
                                         pct_responses_get_n_averaged(request->responses), NULL, pixels, run, &error)) {
    answer->picture = pct_picture_new_take(height, width, pixels);
    answer->score = pct_picture_score(answer->picture, request->original);
    return answer;
  }
  g_free(pixels);
  if (g_error_matches(error, PCT_ERROR, PCT_ERROR_CANCELLED)) {
    answer_free(answer);
    return NULL;
  }
  answer->score = PCT_PICTURE_SCORE_UNKNOWN;
  answer->problem = g_strdup(error->message);
  return answer;
}

static void
drawn(gpointer owner, gpointer data)
{
  PctComparison *self = owner;
  Answer *answer = data;
  pct_picture_unref(self->picture);
  self->picture = g_steal_pointer(&answer->picture);
  self->score = answer->score;
  g_free(self->problem);
  self->problem = g_steal_pointer(&answer->problem);
  g_signal_emit(self, changed_signal, 0);
}

static const PctSlotClass slot_class = { draw, drawn, request_free, answer_free, .supersede = TRUE, .rank = 1 };

static void
comparison_dispose(GObject *object)
{
  PctComparison *self = PCT_COMPARISON(object);
  g_clear_pointer(&self->slot, pct_slot_close);
  G_OBJECT_CLASS(pct_comparison_parent_class)->dispose(object);
}

static void
comparison_finalize(GObject *object)
{
  PctComparison *self = PCT_COMPARISON(object);
  g_clear_object(&self->model);
  pct_picture_unref(self->picture);
  g_free(self->problem);
  G_OBJECT_CLASS(pct_comparison_parent_class)->finalize(object);
}

static void
pct_comparison_class_init(PctComparisonClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = comparison_dispose;
  G_OBJECT_CLASS(klass)->finalize = comparison_finalize;
  changed_signal = g_signal_new("changed", PCT_TYPE_COMPARISON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_comparison_init(PctComparison *self)
{
  self->score = PCT_PICTURE_SCORE_UNKNOWN;
}

static PctComparison *
comparison_new(PctLanes *lanes, PctModel *model)
{
  PctComparison *self = g_object_new(PCT_TYPE_COMPARISON, NULL);
  self->model = g_object_ref(model);
  self->slot = pct_slot_new(lanes, &slot_class, self, pct_kept_ref(pct_model_get_decoder(model)),
                            (GDestroyNotify)pct_kept_unref);
  return self;
}

// responses NULL: shows nothing.
static void
comparison_request(PctComparison *self, PctResponses *responses, PctPicture *original)
{
  if (responses) {
    Request *request = g_new(Request, 1);
    *request = (Request){ pct_responses_ref(responses), pct_picture_ref(original) };
    pct_slot_request(self->slot, request);
    return;
  }
  pct_slot_cancel(self->slot);
  g_clear_pointer(&self->picture, pct_picture_unref);
  self->score = PCT_PICTURE_SCORE_UNKNOWN;
  g_signal_emit(self, changed_signal, 0);
}

PctModel *
pct_comparison_get_model(PctComparison *self)
{
  return self->model;
}

PctPicture *
pct_comparison_get_picture(PctComparison *self)
{
  return self->picture;
}

PctPictureScore
pct_comparison_get_score(PctComparison *self)
{
  return self->score;
}

gboolean
pct_comparison_is_busy(PctComparison *self)
{
  return pct_slot_is_busy(self->slot);
}

const char *
pct_comparison_get_problem(PctComparison *self)
{
  return self->problem;
}

static PctComparison *
find(PctCompare *self, PctModel *model)
{
  for (guint i = 0; i < self->comparisons->len; i++)
    if (pct_comparison_get_model(g_ptr_array_index(self->comparisons, i)) == model)
      return g_ptr_array_index(self->comparisons, i);
  return NULL;
}

static void
models_changed(gpointer data)
{
  PctCompare *self = data;
  g_autoptr(GPtrArray) models = pct_model_watch_dup_finished(self->watch);
  gboolean same = models->len == self->comparisons->len;
  for (guint i = 0; same && i < models->len; i++)
    same = pct_comparison_get_model(g_ptr_array_index(self->comparisons, i)) == g_ptr_array_index(models, i);
  if (same)
    return;
  GPtrArray *now = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < models->len; i++) {
    PctModel *model = g_ptr_array_index(models, i);
    PctComparison *known = find(self, model);
    PctComparison *comparison =
      known ? g_object_ref(known) : comparison_new(pct_project_get_lanes(self->project), model);
    if (!known && self->responses)
      comparison_request(comparison, self->responses, self->original);
    g_ptr_array_add(now, comparison);
  }
  guint n_before = self->comparisons->len;
  g_ptr_array_unref(self->comparisons);
  self->comparisons = now;
  g_list_model_items_changed(G_LIST_MODEL(self), 0, n_before, now->len);
}

static void
compare_finalize(GObject *object)
{
  PctCompare *self = PCT_COMPARE(object);
  pct_model_watch_free(self->watch);
  g_ptr_array_unref(self->comparisons);
  pct_picture_unref(self->original);
  pct_responses_unref(self->responses);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_compare_parent_class)->finalize(object);
}

static void
pct_compare_class_init(PctCompareClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = compare_finalize;
}

static void
pct_compare_init(PctCompare *self)
{
  self->image = -1;
  self->repeat = PCT_MEAN_OF_REPEATS;
  self->comparisons = g_ptr_array_new_with_free_func(g_object_unref);
}

static GType
get_item_type(GListModel *model)
{
  return PCT_TYPE_COMPARISON;
}

static guint
get_n_items(GListModel *model)
{
  return PCT_COMPARE(model)->comparisons->len;
}

static gpointer
get_item(GListModel *model, guint position)
{
  GPtrArray *items = PCT_COMPARE(model)->comparisons;
  return position < items->len ? g_object_ref(g_ptr_array_index(items, position)) : NULL;
}

static void
list_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

PctCompare *
pct_compare_new(PctProject *project)
{
  PctCompare *self = g_object_new(PCT_TYPE_COMPARE, NULL);
  self->project = g_object_ref(project);
  self->watch = pct_model_watch_new(pct_project_get_decoders(project), models_changed, self);
  models_changed(self);
  return self;
}

void
pct_compare_set(PctCompare *self, int image, int repeat)
{
  g_return_if_fail(image >= -1 && image < pct_project_get_n_images(self->project));
  if (self->image == image && self->repeat == repeat)
    return;
  self->image = image;
  self->repeat = repeat;
  pct_picture_unref(self->original);
  pct_responses_unref(self->responses);
  self->original = image >= 0 ? pct_project_dup_picture(self->project, image) : NULL;
  self->responses = image >= 0 ? pct_project_dup_responses(self->project, image, repeat) : NULL;
  for (guint i = 0; i < self->comparisons->len; i++)
    comparison_request(g_ptr_array_index(self->comparisons, i), self->responses, self->original);
}

int
pct_compare_get_image(PctCompare *self)
{
  return self->image;
}

int
pct_compare_get_repeat(PctCompare *self)
{
  return self->repeat;
}

PctPicture *
pct_compare_get_original(PctCompare *self)
{
  return self->original;
}
