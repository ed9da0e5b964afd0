// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/parameters.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "nn/taps.h"

PctParameters *
pct_parameters_new(const PctParameterTable *table, GError **error)
{
  float *values = pct_aligned_new(table->n_values, error);
  if (!values)
    return NULL;
  PctParameters *parameters = g_new(PctParameters, 1);
  *parameters = (PctParameters){ table, values };
  return parameters;
}

PctParameters *
pct_parameters_copy(const PctParameters *parameters, GError **error)
{
  PctParameters *copy = pct_parameters_new(parameters->table, error);
  if (copy)
    memcpy(copy->values, parameters->values, parameters->table->n_values * sizeof(float));
  return copy;
}

void
pct_parameters_free(PctParameters *parameters)
{
  if (!parameters)
    return;
  pct_aligned_free(parameters->values);
  g_free(parameters);
}

// A triangle as wide as the stride, 1 in the middle: what bilinear interpolation multiplies a sample with.
static float
interpolation(int tap, gsize kernel, int stride)
{
  return MAX(1 - fabsf((float)tap - (float)(kernel - 1) / 2) / (float)stride, 0);
}

static void
initialise_interpolating(const PctParameter *item, float *values, guint64 seed, guint64 stream)
{
  gsize kh = item->shape[2], kw = item->shape[3], pairs = item->count / (kh * kw);
  g_autoptr(PctTaps) order = pct_taps_new((int)kh, (int)kw, item->stride[0], item->stride[1]);
  g_autofree float *channels = g_new(float, pairs);
  pct_random_fill_normal(channels, pairs, seed, stream);
  for (gsize t = 0; t < kh * kw; t++) {
    float y = interpolation(order->taps[t].y, kh, item->stride[0]), x = interpolation(order->taps[t].x, kw, item->stride[1]);
    float weight = item->initial.scale * y * x, mean = item->initial.mean * y * x;
    for (gsize i = 0; i < pairs; i++)
      values[t * pairs + i] = mean + weight * channels[i];
  }
}

void
pct_parameters_initialise(PctParameters *parameters, guint64 seed)
{
  for (guint i = 0; i < parameters->table->n_items; i++) {
    const PctParameter *item = &parameters->table->items[i];
    float *values = parameters->values + item->offset;
    guint64 stream = g_str_hash(item->name);
    switch (item->initial.kind) {
    case PCT_INITIAL_ZERO:
      memset(values, 0, item->count * sizeof(float));
      break;
    case PCT_INITIAL_ONE:
      for (gsize j = 0; j < item->count; j++)
        values[j] = 1;
      break;
    case PCT_INITIAL_NORMAL:
      pct_random_fill_normal(values, item->count, seed, stream);
      for (gsize j = 0; j < item->count; j++)
        values[j] = item->initial.mean + item->initial.scale * values[j];
      break;
    case PCT_INITIAL_INTERPOLATING:
      initialise_interpolating(item, values, seed, stream);
      break;
    case PCT_INITIAL_UNIFORM:
      pct_random_fill_uniform(values, item->count, seed, stream);
      for (gsize j = 0; j < item->count; j++)
        values[j] = item->initial.scale * (2 * values[j] - 1);
      break;
    }
  }
}

float *
pct_parameters_find(const PctParameters *parameters, const char *name)
{
  for (guint i = 0; i < parameters->table->n_items; i++)
    if (strcmp(parameters->table->items[i].name, name) == 0)
      return parameters->values + parameters->table->items[i].offset;
  return NULL;
}

// Copies between disk order (two channel axes, then kernel rows and columns) and memory order (tap, Ci, Co).
static void
reorder(const PctParameter *item, float *memory, float *disk, gboolean to_disk)
{
  gsize kh = item->shape[2], kw = item->shape[3], taps = kh * kw;
  gboolean transposed = item->layout == PCT_LAYOUT_CONV_TRANSPOSE2D;
  gsize n_in = item->shape[transposed ? 0 : 1], n_out = item->shape[transposed ? 1 : 0];
  g_autoptr(PctTaps) order = pct_taps_new((int)kh, (int)kw, item->stride[0], item->stride[1]);
  for (gsize t = 0; t < taps; t++) {
    gsize position = (gsize)order->taps[t].y * kw + (gsize)order->taps[t].x;
    for (gsize i = 0; i < n_in; i++)
      for (gsize o = 0; o < n_out; o++) {
        float *in_memory = memory + (t * n_in + i) * n_out + o;
        float *on_disk = disk + (transposed ? i * n_out + o : o * n_in + i) * taps + position;
        if (to_disk)
          *on_disk = *in_memory;
        else
          *in_memory = *on_disk;
      }
  }
}

static void
add_items(const PctParameters *parameters, const char *prefix, PctTensors *tensors, gboolean borrowed)
{
  for (guint i = 0; i < parameters->table->n_items; i++) {
    const PctParameter *item = &parameters->table->items[i];
    g_autofree char *name = g_strconcat(prefix, item->name, NULL);
    float *values = parameters->values + item->offset;
    if (item->layout == PCT_LAYOUT_PLAIN && borrowed) {
      pct_tensors_add_borrowed(tensors, name, values, item->rank, item->shape);
    } else if (item->layout == PCT_LAYOUT_PLAIN) {
      pct_tensors_add(tensors, name, values, item->rank, item->shape);
    } else {
      float *disk = g_new(float, item->count);
      reorder(item, values, disk, TRUE);
      pct_tensors_add_take(tensors, name, disk, item->rank, item->shape);
    }
  }
}

void
pct_parameters_save(const PctParameters *parameters, const char *prefix, PctTensors *tensors)
{
  add_items(parameters, prefix, tensors, FALSE);
}

void
pct_parameters_lend(const PctParameters *parameters, const char *prefix, PctTensors *tensors)
{
  add_items(parameters, prefix, tensors, TRUE);
}

gboolean
pct_parameters_load(PctParameters *parameters, const char *prefix, const PctTensors *tensors, GError **error)
{
  for (guint i = 0; i < parameters->table->n_items; i++) {
    const PctParameter *item = &parameters->table->items[i];
    g_autofree char *name = g_strconcat(prefix, item->name, NULL);
    const PctTensor *tensor = pct_tensors_require(tensors, name, item->rank, item->shape, error);
    if (!tensor)
      return FALSE;
    float *values = parameters->values + item->offset;
    if (item->layout == PCT_LAYOUT_PLAIN)
      memcpy(values, tensor->values, item->count * sizeof(float));
    else
      reorder(item, values, tensor->values, FALSE);
  }
  return TRUE;
}
