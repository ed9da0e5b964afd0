// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/neuron-subset.h"
#include <string.h>
#include "encode/encoder-private.h"

// Whether the parameter has a row a neuron; the core, the basis and the map from cortex to image are shared by all.
static gboolean
has_row_per_neuron(const char *name)
{
  return g_str_has_prefix(name, "readout.") && !strstr(name, ".mu_transform.") && !strstr(name, ".basis.");
}

PctEncoder *
pct_encoder_subset(const PctEncoder *encoder, const int *neurons, int n, GError **error)
{
  PctEncoderDesign design = encoder->design;
  design.n_neurons = n;
  g_autoptr(PctEncoder) subset = pct_encoder_new(&design, &PCT_ENCODER_INITIAL_DEFAULT, error);
  if (!subset)
    return NULL;
  const PctParameterTable *from = encoder->parameters->table, *to = subset->parameters->table;
  for (guint i = 0; i < to->n_items; i++) {
    // One design, one table: only the number of rows differs.
    const PctParameter *source = &from->items[i], *target = &to->items[i];
    const float *values = encoder->parameters->values + source->offset;
    float *out = subset->parameters->values + target->offset;
    if (!has_row_per_neuron(target->name)) {
      memcpy(out, values, target->count * sizeof(float));
      continue;
    }
    gsize row = source->count / (gsize)encoder->design.n_neurons;
    for (gsize j = 0; j < (gsize)n; j++)
      memcpy(out + j * row, values + (gsize)neurons[j] * row, row * sizeof(float));
  }
  for (int j = 0; j < n; j++)
    subset->response_scale[j] = encoder->response_scale[neurons[j]];
  subset->input_mean = encoder->input_mean;
  subset->input_scale = encoder->input_scale;
  pct_encoder_find_points(subset);
  return g_steal_pointer(&subset);
}

PctMeiSet *
pct_mei_set_subset(const PctMeiSet *set, const int *neurons, int n, GError **error)
{
  g_autoptr(GHashTable) rows = g_hash_table_new(NULL, NULL);
  for (int i = 0; i < set->n; i++)
    if (pct_mei_set_is_ready(set, i))
      g_hash_table_insert(rows, GINT_TO_POINTER(set->neurons[i]), GINT_TO_POINTER(i));
  g_autofree int *numbers = g_new(int, MAX(n, 1)), *from = g_new(int, MAX(n, 1));
  int n_rows = 0;
  for (int j = 0; j < n; j++) {
    gpointer found;
    if (g_hash_table_lookup_extended(rows, GINT_TO_POINTER(neurons[j]), NULL, &found)) {
      numbers[n_rows] = j;
      from[n_rows++] = GPOINTER_TO_INT(found);
    }
  }
  PctMeiSet *subset = pct_mei_set_new(numbers, n_rows, set->height, set->width, error);
  if (!subset)
    return NULL;
  gsize pixels = (gsize)set->height * (gsize)set->width;
  for (int i = 0; i < n_rows; i++) {
    memcpy(subset->images + (gsize)i * pixels, set->images + (gsize)from[i] * pixels, pixels * sizeof(float));
    subset->activations[i] = set->activations[from[i]];
    subset->baselines[i] = set->baselines[from[i]];
    pct_mei_set_mark_ready(subset, i);
  }
  subset->mean = set->mean;
  subset->contrast = set->contrast;
  subset->seed = set->seed;
  return subset;
}
