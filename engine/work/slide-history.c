// SPDX-License-Identifier: GPL-3.0-or-later
// While `away`, as after opening, what is in hand is `origin`, no state of the steps yet.
#include "config.h"
#include "work/slide-history.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "work/kept-json.h"
#include "work/slide-steps.h"

#define SAME_STEP_US (1 * G_USEC_PER_SEC)
#define SAVE_AFTER_MS 1000
#define LOOKING (PCT_SLIDE_CHANGE_BASE | PCT_SLIDE_CHANGE_MODEL)

struct _PctSlideHistory {
  GObject parent_instance;
  PctProject *project;
  PctSlide *slide;
  int *pinned;
  guint n_pinned;
  char *view;
  PctSlideSteps *steps;
  PctSlideState *current, *origin;  // current: the steps' at their position
  gboolean away;
  // Of the newest step, for what may still be a part of it.
  PctSlideChange last;
  gint64 last_time;
  gboolean sealed, held, restoring, loaded;
  guint flush_id, save_id;
  PctKeptJson *file;
  char *problem;
};

G_DEFINE_FINAL_TYPE(PctSlideHistory, pct_slide_history, G_TYPE_OBJECT)

static guint restore_signal, changed_signal;

static void
replace(PctSlideState **state, PctSlideState *by)
{
  pct_slide_state_free(*state);
  *state = by;
}

PctSlideState *
pct_slide_history_dup_state(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), NULL);
  return pct_slide_state_new(self->slide, self->pinned, self->n_pinned, self->view);
}

static void
set_problem(PctSlideHistory *self, const char *problem)
{
  if (g_strcmp0(self->problem, problem) == 0)
    return;
  g_free(self->problem);
  self->problem = g_strdup(problem);
  g_signal_emit(self, changed_signal, 0);
}

static void
on_written(gpointer owner, const char *problem)
{
  set_problem(owner, problem);
}

// state: taken.
static void
push(PctSlideHistory *self, PctSlideState *state)
{
  pct_slide_steps_push(self->steps, self->current, state);
  replace(&self->current, state);
}

static void
save_now(PctSlideHistory *self)
{
  g_clear_handle_id(&self->save_id, g_source_remove);
  pct_kept_json_save(self->file, pct_slide_steps_copy(self->steps));
}

static gboolean
on_save(gpointer data)
{
  PctSlideHistory *self = data;
  self->save_id = 0;
  save_now(self);
  return G_SOURCE_REMOVE;
}

static void
save_soon(PctSlideHistory *self)
{
  if (!self->save_id)
    self->save_id = g_timeout_add(SAVE_AFTER_MS, on_save, self);
}

// The newest step as far as `state`, taken, instead; or no step, if it leads nowhere.
static void
extend(PctSlideHistory *self, PctSlideState *state)
{
  pct_slide_steps_pop(self->steps);
  replace(&self->current, pct_slide_steps_dup_state(self->steps));
  if (pct_slide_state_compare(self->current, state)) {
    push(self, state);
    return;
  }
  pct_slide_state_free(state);
  self->last = 0;
}

// Whether all responses that differ are among those that the newest step changed.
static gboolean
is_of_same_neurons(PctSlideHistory *self, const PctSlideState *state)
{
  const PctSlideState *step = pct_slide_steps_get_last(self->steps);
  g_autoptr(PctSlideState) difference = pct_slide_state_difference(self->current, state);
  for (guint i = 0, k = 0; i < difference->n_changed; i++) {
    while (k < step->n_changed && step->neurons[k] < difference->neurons[i])
      k++;
    if (k == step->n_changed || step->neurons[k] != difference->neurons[i])
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_same_step(PctSlideHistory *self, const PctSlideState *state, PctSlideChange change)
{
  if (self->sealed || !pct_slide_steps_get_last(self->steps) || change != self->last)
    return FALSE;
  if (self->held)
    return TRUE;
  return g_get_monotonic_time() - self->last_time < SAME_STEP_US &&
         (change == PCT_SLIDE_CHANGE_BASE || (change == PCT_SLIDE_CHANGE_RESPONSES && is_of_same_neurons(self, state)));
}

static void touch(PctSlideHistory *self);

// The steps of before, as soon as they are wanted or there.
static void
ensure_loaded(PctSlideHistory *self)
{
  if (self->loaded)
    return;
  self->loaded = TRUE;
  g_autoptr(GError) error = NULL;
  PctSlideSteps *steps = pct_kept_json_take(self->file, &error);
  if (steps) {
    pct_slide_steps_free(self->steps);
    self->steps = steps;
    self->current = pct_slide_steps_dup_state(steps);
    self->away = pct_slide_steps_get_n(steps) > 0;
  }
  self->problem = error ? g_strdup(error->message) : NULL;
  touch(self);
}

// A picture from outside the recording cannot be brought back; what is done to it is no step.
static gboolean
is_photograph(PctSlideHistory *self)
{
  return pct_slide_get_image(self->slide) < 0 && pct_slide_get_responses(self->slide);
}

void
pct_slide_history_flush(PctSlideHistory *self)
{
  g_return_if_fail(PCT_IS_SLIDE_HISTORY(self));
  if (!self->flush_id)
    return;
  ensure_loaded(self);
  g_clear_handle_id(&self->flush_id, g_source_remove);
  if (is_photograph(self))
    return;
  g_autoptr(PctSlideState) now = pct_slide_state_new(self->slide, self->pinned, self->n_pinned, NULL);
  PctSlideState **in_hand = self->away ? &self->origin : &self->current;
  PctSlideChange change = *in_hand ? pct_slide_state_compare(*in_hand, now) : PCT_SLIDE_CHANGE_BASE;
  // Nothing was done yet: looking around is not worth going back to.
  gboolean looking = (change & ~(PctSlideChange)LOOKING) == 0 && (self->away || pct_slide_steps_get_n(self->steps) == 0);
  if (!change)
    return;
  if (looking) {
    replace(in_hand, pct_slide_state_copy(now));
    if (!self->away)
      pct_slide_steps_begin(self->steps, now);
    g_signal_emit(self, changed_signal, 0);
    return;
  }
  if (self->away) {
    self->away = FALSE;
    push(self, g_steal_pointer(&self->origin));
    self->last = 0;
  }
  if (is_same_step(self, now, change)) {
    extend(self, g_steal_pointer(&now));
  } else {
    push(self, g_steal_pointer(&now));
    self->last = change;
    self->sealed = FALSE;
  }
  self->last_time = g_get_monotonic_time();
  save_soon(self);
  g_signal_emit(self, changed_signal, 0);
}

static gboolean
on_flush(gpointer data)
{
  PctSlideHistory *self = data;
  if (self->loaded)
    pct_slide_history_flush(self);
  else
    self->flush_id = 0;  // what was read comes first, and asks again
  return G_SOURCE_REMOVE;
}

static void
touch(PctSlideHistory *self)
{
  if (!self->restoring && !self->flush_id)
    self->flush_id = g_idle_add_full(G_PRIORITY_HIGH, on_flush, self, NULL);
}

void
pct_slide_history_set_pinned(PctSlideHistory *self, const int *neurons, guint n)
{
  g_return_if_fail(PCT_IS_SLIDE_HISTORY(self));
  g_free(self->pinned);
  self->pinned = g_memdup2(neurons, n * sizeof(int));
  self->n_pinned = n;
  touch(self);
}

void
pct_slide_history_set_view(PctSlideHistory *self, const char *view)
{
  g_return_if_fail(PCT_IS_SLIDE_HISTORY(self));
  g_free(self->view);
  self->view = g_strdup(view);
}

void
pct_slide_history_hold(PctSlideHistory *self)
{
  g_return_if_fail(PCT_IS_SLIDE_HISTORY(self));
  pct_slide_history_flush(self);
  self->sealed = self->held = TRUE;
}

void
pct_slide_history_release(PctSlideHistory *self)
{
  g_return_if_fail(PCT_IS_SLIDE_HISTORY(self));
  pct_slide_history_flush(self);
  self->held = FALSE;
  self->sealed = TRUE;
}

static void
put_in_hand(PctSlideHistory *self, const PctSlideState *state)
{
  self->restoring = TRUE;
  g_signal_emit(self, restore_signal, 0, state);
  self->restoring = FALSE;
}

static void
move(PctSlideHistory *self, guint position)
{
  pct_slide_steps_move(self->steps, position);
  replace(&self->current, pct_slide_steps_dup_state(self->steps));
  self->sealed = TRUE;
  put_in_hand(self, self->current);
  save_soon(self);
  g_signal_emit(self, changed_signal, 0);
}

gboolean
pct_slide_history_can_undo(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), FALSE);
  return self->away || pct_slide_steps_get_position(self->steps) > 0;
}

gboolean
pct_slide_history_can_redo(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), FALSE);
  return !self->away && pct_slide_steps_get_position(self->steps) < pct_slide_steps_get_n(self->steps);
}

gboolean
pct_slide_history_undo(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), FALSE);
  ensure_loaded(self);
  pct_slide_history_flush(self);
  if (!pct_slide_history_can_undo(self))
    return FALSE;
  gboolean back = !self->away && !is_photograph(self);
  // So that a redo comes back here, unless there are steps ahead that this would cut off.
  if (self->away && self->origin && pct_slide_state_compare(self->current, self->origin) &&
      pct_slide_steps_get_position(self->steps) == pct_slide_steps_get_n(self->steps)) {
    push(self, g_steal_pointer(&self->origin));
    back = TRUE;
  }
  self->away = FALSE;
  move(self, pct_slide_steps_get_position(self->steps) - (back ? 1 : 0));
  return TRUE;
}

gboolean
pct_slide_history_redo(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), FALSE);
  ensure_loaded(self);
  pct_slide_history_flush(self);
  if (!pct_slide_history_can_redo(self))
    return FALSE;
  move(self, pct_slide_steps_get_position(self->steps) + 1);
  return TRUE;
}

void
pct_slide_history_go_to(PctSlideHistory *self, const PctSlideState *state)
{
  g_return_if_fail(PCT_IS_SLIDE_HISTORY(self) && state);
  pct_slide_history_flush(self);
  self->sealed = TRUE;
  put_in_hand(self, state);
  touch(self);
  pct_slide_history_flush(self);
  self->sealed = TRUE;
}

guint
pct_slide_history_get_n_steps(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), 0);
  return pct_slide_steps_get_n(self->steps);
}

const char *
pct_slide_history_get_problem(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), NULL);
  return self->problem;
}

char *
pct_slide_history_dup_undo_text(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), NULL);
  if (self->away)
    return g_strdup(_("back to what was in hand last time"));
  guint position = pct_slide_steps_get_position(self->steps);
  return position > 0 ? pct_slide_steps_dup_text(self->steps, position - 1) : NULL;
}

char *
pct_slide_history_dup_redo_text(PctSlideHistory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_HISTORY(self), NULL);
  return pct_slide_history_can_redo(self)
           ? pct_slide_steps_dup_text(self->steps, pct_slide_steps_get_position(self->steps))
           : NULL;
}

static gpointer
read_steps(JsonObject *root, PctProject *project)
{
  return pct_slide_steps_new_from_json(root, project);
}

static void
write_steps(gconstpointer steps, JsonBuilder *builder)
{
  pct_slide_steps_write(steps, builder);
}

static void
free_steps(gpointer steps)
{
  pct_slide_steps_free(steps);
}

static const PctKeptJsonClass file_class = { "slide-history.json", "percept-slide-history-1", read_steps, write_steps,
                                             free_steps };

static void
on_read(gpointer owner, const char *problem)
{
  PctSlideHistory *self = owner;
  ensure_loaded(self);
  g_signal_emit(self, changed_signal, 0);
}

static void
dispose(GObject *object)
{
  PctSlideHistory *self = PCT_SLIDE_HISTORY(object);
  if (self->file && self->slide)
    pct_slide_history_flush(self);
  if (self->save_id)
    save_now(self);
  g_clear_pointer(&self->file, pct_kept_json_free);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_history_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctSlideHistory *self = PCT_SLIDE_HISTORY(object);
  pct_slide_steps_free(self->steps);
  pct_slide_state_free(self->current);
  pct_slide_state_free(self->origin);
  g_free(self->pinned);
  g_free(self->view);
  g_free(self->problem);
  G_OBJECT_CLASS(pct_slide_history_parent_class)->finalize(object);
}

static void
pct_slide_history_class_init(PctSlideHistoryClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  G_OBJECT_CLASS(klass)->finalize = finalize;
  restore_signal = g_signal_new("restore", PCT_TYPE_SLIDE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_POINTER);
  changed_signal =
    g_signal_new("changed", PCT_TYPE_SLIDE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_slide_history_init(PctSlideHistory *self)
{
  self->steps = pct_slide_steps_new();
}

PctSlideHistory *
pct_slide_history_new(PctProject *project, PctSlide *slide)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project) && PCT_IS_SLIDE(slide), NULL);
  PctSlideHistory *self = g_object_new(PCT_TYPE_SLIDE_HISTORY, NULL);
  self->project = g_object_ref(project);
  self->slide = g_object_ref(slide);
  self->file = pct_kept_json_new(&file_class, project, on_read, on_written, self);
  const char *const signals[] = { "responses-changed", "notify::model", "notify::latent" };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(slide, signals[i], G_CALLBACK(touch), self, G_CONNECT_SWAPPED);
  touch(self);
  return self;
}
