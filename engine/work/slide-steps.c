// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/slide-steps.h"
#include <glib/gi18n-lib.h>

struct _PctSlideSteps {
  PctSlideState *first;    // NULL: not begun
  GPtrArray *differences;  // of PctSlideState
  guint position;
};

PctSlideSteps *
pct_slide_steps_new(void)
{
  PctSlideSteps *steps = g_new0(PctSlideSteps, 1);
  steps->differences = g_ptr_array_new_with_free_func((GDestroyNotify)pct_slide_state_free);
  return steps;
}

PctSlideSteps *
pct_slide_steps_copy(const PctSlideSteps *steps)
{
  PctSlideSteps *copy = pct_slide_steps_new();
  copy->first = steps->first ? pct_slide_state_copy(steps->first) : NULL;
  copy->position = steps->position;
  for (guint i = 0; i < steps->differences->len; i++)
    g_ptr_array_add(copy->differences, pct_slide_state_copy(steps->differences->pdata[i]));
  return copy;
}

void
pct_slide_steps_free(PctSlideSteps *steps)
{
  if (!steps)
    return;
  pct_slide_state_free(steps->first);
  g_ptr_array_unref(steps->differences);
  g_free(steps);
}

void
pct_slide_steps_begin(PctSlideSteps *steps, const PctSlideState *state)
{
  pct_slide_state_free(steps->first);
  steps->first = pct_slide_state_copy(state);
  g_ptr_array_set_size(steps->differences, 0);
  steps->position = 0;
}

guint
pct_slide_steps_get_n(const PctSlideSteps *steps)
{
  return steps->differences->len;
}

guint
pct_slide_steps_get_position(const PctSlideSteps *steps)
{
  return steps->position;
}

void
pct_slide_steps_move(PctSlideSteps *steps, guint position)
{
  g_return_if_fail(position <= steps->differences->len);
  steps->position = position;
}

static PctSlideState *
dup_state_at(const PctSlideSteps *steps, guint position)
{
  PctSlideState *state = pct_slide_state_copy(steps->first);
  for (guint i = 0; i < position; i++)
    pct_slide_state_apply(state, steps->differences->pdata[i]);
  return state;
}

PctSlideState *
pct_slide_steps_dup_state(const PctSlideSteps *steps)
{
  return dup_state_at(steps, steps->position);
}

const PctSlideState *
pct_slide_steps_get_last(const PctSlideSteps *steps)
{
  return steps->position > 0 && steps->position == steps->differences->len
           ? steps->differences->pdata[steps->position - 1]
           : NULL;
}

static void
forget_oldest(PctSlideSteps *steps)
{
  gsize size = pct_slide_state_get_size(steps->first);
  for (guint i = 0; i < steps->differences->len; i++)
    size += pct_slide_state_get_size(steps->differences->pdata[i]);
  while (steps->position > 0 && (steps->differences->len > PCT_SLIDE_STEPS_MOST || size > PCT_SLIDE_STEPS_NUMBERS)) {
    size -= pct_slide_state_get_size(steps->first) + pct_slide_state_get_size(steps->differences->pdata[0]);
    pct_slide_state_apply(steps->first, steps->differences->pdata[0]);
    size += pct_slide_state_get_size(steps->first);
    g_ptr_array_remove_index(steps->differences, 0);
    steps->position--;
  }
}

void
pct_slide_steps_push(PctSlideSteps *steps, const PctSlideState *from, const PctSlideState *to)
{
  g_ptr_array_set_size(steps->differences, (int)steps->position);
  g_ptr_array_add(steps->differences, pct_slide_state_difference(from, to));
  steps->position++;
  forget_oldest(steps);
}

void
pct_slide_steps_pop(PctSlideSteps *steps)
{
  g_return_if_fail(pct_slide_steps_get_last(steps));
  g_ptr_array_set_size(steps->differences, (int)--steps->position);
}

char *
pct_slide_steps_dup_text(const PctSlideSteps *steps, guint k)
{
  g_return_val_if_fail(k < steps->differences->len, NULL);
  const PctSlideState *step = steps->differences->pdata[k];
  g_autoptr(PctSlideState) before = dup_state_at(steps, k), after = dup_state_at(steps, k + 1);
  PctSlideChange change = pct_slide_state_compare(before, after);
  if (change & PCT_SLIDE_CHANGE_BASE)
    return before->image != after->image ? g_strdup_printf(_("image %d"), after->image) : g_strdup(_("trial"));
  if (change & PCT_SLIDE_CHANGE_RESPONSES)
    return step->n_changed == 1
             ? g_strdup_printf(_("response of neuron %d"), step->neurons[0])
             : g_strdup_printf(ngettext("response of %d neuron", "responses of %d neurons", (gulong)step->n_changed),
                               (int)step->n_changed);
  if (change & PCT_SLIDE_CHANGE_PINNED)
    return g_strdup(_("pinned neurons"));
  return g_strdup(change & PCT_SLIDE_CHANGE_LATENT ? _("z") : _("decoder"));
}

static void
write_state(const PctSlideState *state, JsonBuilder *builder)
{
  json_builder_begin_object(builder);
  pct_slide_state_write(state, builder);
  json_builder_end_object(builder);
}

void
pct_slide_steps_write(const PctSlideSteps *steps, JsonBuilder *builder)
{
  g_return_if_fail(steps->first);
  json_builder_set_member_name(builder, "position");
  json_builder_add_int_value(builder, steps->position);
  json_builder_set_member_name(builder, "first");
  write_state(steps->first, builder);
  json_builder_set_member_name(builder, "steps");
  json_builder_begin_array(builder);
  for (guint i = 0; i < steps->differences->len; i++)
    write_state(steps->differences->pdata[i], builder);
  json_builder_end_array(builder);
}

static PctSlideState *
read_state(JsonNode *node, PctProject *project, gboolean difference)
{
  return node && JSON_NODE_HOLDS_OBJECT(node) ? pct_slide_state_read(json_node_get_object(node), project, difference)
                                              : NULL;
}

PctSlideSteps *
pct_slide_steps_new_from_json(JsonObject *object, PctProject *project)
{
  JsonNode *list = json_object_get_member(object, "steps"), *position = json_object_get_member(object, "position");
  JsonArray *array = list && JSON_NODE_HOLDS_ARRAY(list) ? json_node_get_array(list) : NULL;
  gint64 at = position && JSON_NODE_HOLDS_VALUE(position) && json_node_get_value_type(position) == G_TYPE_INT64
                ? json_node_get_int(position)
                : -1;
  PctSlideSteps *steps = pct_slide_steps_new();
  steps->first = read_state(json_object_get_member(object, "first"), project, FALSE);
  guint n = array ? json_array_get_length(array) : 0;
  gboolean good = steps->first && array && n <= PCT_SLIDE_STEPS_MOST && at >= 0 && at <= n;
  for (guint i = 0; good && i < n; i++) {
    PctSlideState *step = read_state(json_array_get_element(array, i), project, TRUE);
    good = step != NULL;
    if (step)
      g_ptr_array_add(steps->differences, step);
  }
  if (!good) {
    pct_slide_steps_free(steps);
    return NULL;
  }
  steps->position = (guint)at;
  return steps;
}
