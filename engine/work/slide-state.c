// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/slide-state.h"
#include <math.h>
#include <string.h>

static void
take_changes(PctSlideState *state, GArray *neurons, GArray *values)
{
  g_free(state->neurons);
  g_free(state->values);
  state->n_changed = neurons->len;
  state->neurons = (int *)(gpointer)g_array_free(neurons, FALSE);
  state->values = (float *)(gpointer)g_array_free(values, FALSE);
}

static void
add_change(GArray *neurons, GArray *values, int neuron, float value)
{
  g_array_append_val(neurons, neuron);
  g_array_append_val(values, value);
}

PctSlideState *
pct_slide_state_new(PctSlide *slide, const int *pinned, guint n_pinned, const char *view)
{
  g_return_val_if_fail(PCT_IS_SLIDE(slide), NULL);
  PctSlideState *state = g_new0(PctSlideState, 1);
  PctModel *model = pct_slide_get_model(slide);
  const float *now = pct_slide_get_responses(slide), *recorded = pct_slide_get_recorded_responses(slide);
  state->image = pct_slide_get_image(slide);
  state->repeat = pct_slide_get_repeat(slide);
  state->latent_seed = pct_slide_get_latent_seed(slide);
  state->model = model ? g_strdup(pct_model_get_name(model)) : NULL;
  state->view = g_strdup(view);
  state->n_pinned = n_pinned;
  state->pinned = g_memdup2(pinned, n_pinned * sizeof(int));
  if (pct_slide_get_n_averaged(slide) != pct_slide_get_n_recorded(slide))
    state->n_averaged = pct_slide_get_n_averaged(slide);
  GArray *neurons = g_array_new(FALSE, FALSE, sizeof(int)), *values = g_array_new(FALSE, FALSE, sizeof(float));
  int m = now ? pct_project_get_n_neurons(pct_slide_get_project(slide)) : 0;
  for (int j = 0; j < m; j++)
    if (now[j] != recorded[j])
      add_change(neurons, values, j, now[j]);
  take_changes(state, neurons, values);
  return state;
}

PctSlideState *
pct_slide_state_copy(const PctSlideState *state)
{
  PctSlideState *copy = g_memdup2(state, sizeof *state);
  copy->model = g_strdup(state->model);
  copy->view = g_strdup(state->view);
  copy->neurons = g_memdup2(state->neurons, state->n_changed * sizeof(int));
  copy->values = g_memdup2(state->values, state->n_changed * sizeof(float));
  copy->pinned = g_memdup2(state->pinned, state->n_pinned * sizeof(int));
  return copy;
}

void
pct_slide_state_free(PctSlideState *state)
{
  if (!state)
    return;
  g_free(state->model);
  g_free(state->view);
  g_free(state->neurons);
  g_free(state->values);
  g_free(state->pinned);
  g_free(state);
}

static gboolean
is_same_base(const PctSlideState *a, const PctSlideState *b)
{
  return a->image == b->image && a->repeat == b->repeat;
}

PctSlideChange
pct_slide_state_compare(const PctSlideState *a, const PctSlideState *b)
{
  PctSlideChange change = 0;
  if (!is_same_base(a, b))
    change |= PCT_SLIDE_CHANGE_BASE;
  if (a->n_averaged != b->n_averaged || a->n_changed != b->n_changed ||
      (a->n_changed > 0 && (memcmp(a->neurons, b->neurons, a->n_changed * sizeof(int)) != 0 ||
                            memcmp(a->values, b->values, a->n_changed * sizeof(float)) != 0)))
    change |= PCT_SLIDE_CHANGE_RESPONSES;
  if (a->latent_seed != b->latent_seed)
    change |= PCT_SLIDE_CHANGE_LATENT;
  if (g_strcmp0(a->model, b->model) != 0)
    change |= PCT_SLIDE_CHANGE_MODEL;
  if (a->n_pinned != b->n_pinned ||
      (a->n_pinned > 0 && memcmp(a->pinned, b->pinned, a->n_pinned * sizeof(int)) != 0))
    change |= PCT_SLIDE_CHANGE_PINNED;
  return change;
}

PctSlideState *
pct_slide_state_difference(const PctSlideState *from, const PctSlideState *to)
{
  PctSlideState *difference = pct_slide_state_copy(to);
  if (!is_same_base(from, to))
    return difference;
  GArray *neurons = g_array_new(FALSE, FALSE, sizeof(int)), *values = g_array_new(FALSE, FALSE, sizeof(float));
  for (guint i = 0, k = 0; i < from->n_changed || k < to->n_changed;) {
    int old = i < from->n_changed ? from->neurons[i] : G_MAXINT, now = k < to->n_changed ? to->neurons[k] : G_MAXINT;
    if (old < now)
      add_change(neurons, values, old, NAN);
    else if (old > now || from->values[i] != to->values[k])
      add_change(neurons, values, now, to->values[k]);
    i += old <= now;
    k += now <= old;
  }
  take_changes(difference, neurons, values);
  return difference;
}

void
pct_slide_state_apply(PctSlideState *state, const PctSlideState *difference)
{
  g_autoptr(PctSlideState) before = g_memdup2(state, sizeof *state);
  g_autoptr(PctSlideState) after = pct_slide_state_copy(difference);
  GArray *neurons = g_array_new(FALSE, FALSE, sizeof(int)), *values = g_array_new(FALSE, FALSE, sizeof(float));
  guint n = is_same_base(before, after) ? before->n_changed : 0;
  for (guint i = 0, k = 0; i < n || k < after->n_changed;) {
    int old = i < n ? before->neurons[i] : G_MAXINT, now = k < after->n_changed ? after->neurons[k] : G_MAXINT;
    if (old < now)
      add_change(neurons, values, old, before->values[i]);
    else if (!isnan(after->values[k]))
      add_change(neurons, values, now, after->values[k]);
    i += old <= now;
    k += now <= old;
  }
  take_changes(after, neurons, values);
  *state = *after;
  g_clear_pointer(&after, g_free);
}

guint
pct_slide_state_get_size(const PctSlideState *state)
{
  return state->n_changed + state->n_pinned;
}

void
pct_slide_state_restore(const PctSlideState *state, PctSlide *slide)
{
  g_return_if_fail(state && PCT_IS_SLIDE(slide));
  if (pct_slide_get_image(slide) != state->image || pct_slide_get_repeat(slide) != state->repeat)
    pct_slide_set_base(slide, state->image, state->repeat);
  const float *recorded = pct_slide_get_recorded_responses(slide);
  if (recorded) {
    g_autofree float *values =
      g_memdup2(recorded, (gsize)pct_project_get_n_neurons(pct_slide_get_project(slide)) * sizeof(float));
    for (guint i = 0; i < state->n_changed; i++)
      values[state->neurons[i]] = state->values[i];
    pct_slide_set_all(slide, values, state->n_averaged);
  }
  if (state->latent_seed)
    pct_slide_draw_latent(slide, state->latent_seed);
  else
    pct_slide_zero_latent(slide);
}
