// SPDX-License-Identifier: GPL-3.0-or-later
// A state as members of a JSON object: image, repeat, n_averaged, latent_seed (a string: JSON's numbers hold 53 bits),
// model, view, neurons and values (null: as recorded again), pinned. What comes from a file is believed only as far as the
// recording can have it.
#include "config.h"
#include <math.h>
#include <string.h>
#include "work/slide-state.h"
#include "model/json-file.h"

static void
write_text(JsonBuilder *builder, const char *name, const char *text)
{
  if (!text)
    return;
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, text);
}

static void
write_number(JsonBuilder *builder, const char *name, int number)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, number);
}

static void
write_numbers(JsonBuilder *builder, const char *name, const int *numbers, guint n)
{
  json_builder_set_member_name(builder, name);
  json_builder_begin_array(builder);
  for (guint i = 0; i < n; i++)
    json_builder_add_int_value(builder, numbers[i]);
  json_builder_end_array(builder);
}

void
pct_slide_state_write(const PctSlideState *state, JsonBuilder *builder)
{
  write_number(builder, "image", state->image);
  write_number(builder, "repeat", state->repeat);
  write_number(builder, "n_averaged", state->n_averaged);
  g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, state->latent_seed);
  write_text(builder, "latent_seed", seed);
  write_text(builder, "model", state->model);
  write_text(builder, "view", state->view);
  write_numbers(builder, "neurons", state->neurons, state->n_changed);
  json_builder_set_member_name(builder, "values");
  json_builder_begin_array(builder);
  for (guint i = 0; i < state->n_changed; i++)
    if (isnan(state->values[i]))
      json_builder_add_null_value(builder);
    else
      json_builder_add_double_value(builder, (double)state->values[i]);
  json_builder_end_array(builder);
  write_numbers(builder, "pinned", state->pinned, state->n_pinned);
}

static gboolean
read_number(JsonNode *node, gint64 least, gint64 most, int *number)
{
  if (!node || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
    return FALSE;
  gint64 value = json_node_get_int(node);
  *number = (int)CLAMP(value, G_MININT, G_MAXINT);
  return value >= least && value <= most;
}

static JsonArray *
get_array(JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member(object, name);
  return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

// Different numbers below m; NULL if they are not. Free with g_free.
static int *
read_neurons(JsonArray *array, int m, gboolean ascending)
{
  guint n = json_array_get_length(array);
  if (n > (guint)m)
    return NULL;
  g_autofree int *neurons = g_new(int, MAX(n, 1));
  g_autofree guint8 *seen = g_malloc0((gsize)MAX(m, 1));
  for (guint i = 0; i < n; i++)
    if (!read_number(json_array_get_element(array, i), 0, (gint64)m - 1, &neurons[i]) || seen[neurons[i]]++ ||
        (ascending && i > 0 && neurons[i] < neurons[i - 1]))
      return NULL;
  return g_steal_pointer(&neurons);
}

static float *
read_values(JsonArray *array, gboolean difference)
{
  guint n = json_array_get_length(array);
  g_autofree float *values = g_new(float, MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element(array, i);
    GType type = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
    if (!JSON_NODE_HOLDS_NULL(node) && type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
      return NULL;
    values[i] = JSON_NODE_HOLDS_NULL(node) ? NAN : (float)json_node_get_double(node);
    if ((isnan(values[i]) && !difference) || isinf(values[i]) || (isnan(values[i]) && !JSON_NODE_HOLDS_NULL(node)))
      return NULL;
  }
  return g_steal_pointer(&values);
}

PctSlideState *
pct_slide_state_read(JsonObject *object, PctProject *project, gboolean difference)
{
  g_return_val_if_fail(object && PCT_IS_PROJECT(project), NULL);
  int m = pct_project_get_n_neurons(project);
  g_autoptr(PctSlideState) state = g_new0(PctSlideState, 1);
  const char *seed = pct_json_get_text(object, "latent_seed");
  JsonArray *neurons = get_array(object, "neurons"), *values = get_array(object, "values"),
            *pinned = get_array(object, "pinned");
  if (!read_number(json_object_get_member(object, "image"), -1, (gint64)pct_project_get_n_images(project) - 1,
                   &state->image) ||
      !read_number(json_object_get_member(object, "repeat"), PCT_MEAN_OF_REPEATS, G_MAXINT, &state->repeat) ||
      !read_number(json_object_get_member(object, "n_averaged"), 0, pct_project_get_n_trials(project),
                   &state->n_averaged) ||
      !seed || !g_ascii_string_to_unsigned(seed, 10, 0, G_MAXUINT64, &state->latent_seed, NULL) || !neurons || !values ||
      !pinned || json_array_get_length(neurons) != json_array_get_length(values))
    return NULL;
  if (state->repeat >= 0 && (state->image < 0 || state->repeat >= pct_project_get_n_repeats(project, state->image)))
    return NULL;
  state->model = g_strdup(pct_json_get_text(object, "model"));
  state->view = g_strdup(pct_json_get_text(object, "view"));
  state->n_changed = json_array_get_length(neurons);
  state->n_pinned = json_array_get_length(pinned);
  state->neurons = read_neurons(neurons, m, TRUE);
  state->values = read_values(values, difference);
  state->pinned = read_neurons(pinned, m, FALSE);
  return state->neurons && state->values && state->pinned ? g_steal_pointer(&state) : NULL;
}
