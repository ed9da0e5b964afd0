// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder's weights on disk: what torch.save of the same modules' state dict holds, name by name and shape by shape
// (with the counters of batches and the Laplacian, which PyTorch keeps among the weights), and nothing else: what only we
// need is text in the file's metadata. A point readout's arrays have other shapes there, and are under
// "readout.<data key>."; the key may be anything.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "encode/encoder-private.h"

#define OURS "readout.dataset."
#define LAPLACE "core._input_weights_regularizer.laplace.filter"
#define MAX_LAYERS 32
#define MAX_CHANNELS 4096

static void
add_point_readout(const PctEncoder *encoder, PctTensors *tensors, const PctParameter *item)
{
  const float *values = encoder->parameters->values + item->offset;
  gsize m = (gsize)encoder->design.n_neurons, c = (gsize)encoder->design.channels;
  if (g_str_equal(item->name, OURS "features")) {
    float *turned = g_new(float, c * m);
    for (gsize i = 0; i < m; i++)
      for (gsize k = 0; k < c; k++)
        turned[k * m + i] = values[i * c + k];
    pct_tensors_add_take(tensors, OURS "_features", turned, 4, (gsize[]){ 1, c, 1, m });
  } else if (g_str_equal(item->name, OURS "sigma")) {
    pct_tensors_add(tensors, item->name, values, 4, (gsize[]){ 1, m, 2, 2 });
  } else if (g_str_equal(item->name, OURS "mu")) {
    pct_tensors_add(tensors, OURS "_mu", values, 4, (gsize[]){ 1, m, 1, 2 });
  } else {
    pct_tensors_add(tensors, item->name, values, item->rank, item->shape);
  }
}

// As text, nine digits each: what a float32 needs to come back as it was.
static void
add_numbers(PctTensors *tensors, const char *key, const float *values, gsize n)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (gsize i = 0; i < n; i++) {
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(text, i ? " %s" : "%s", g_ascii_formatd(number, sizeof number, "%.9g", values[i]));
  }
  pct_tensors_set_metadata(tensors, key, text->str);
}

static const char *
yes_or_no(gboolean yes)
{
  return yes ? "true" : "false";
}

void
pct_encoder_state_save(const PctEncoder *encoder, PctTensors *tensors)
{
  const PctEncoderDesign *d = &encoder->design;
  const PctParameterTable *table = encoder->parameters->table;
  g_autoptr(PctTensors) plain = pct_tensors_new();
  pct_parameters_save(encoder->parameters, "", plain);
  for (guint i = 0; i < table->n_items; i++) {
    const PctTensor *tensor = pct_tensors_find(plain, table->items[i].name);
    if (d->readout == PCT_READOUT_POINT && g_str_has_prefix(tensor->name, OURS))
      add_point_readout(encoder, tensors, &table->items[i]);
    else
      pct_tensors_add(tensors, tensor->name, tensor->values, tensor->rank, tensor->shape);
  }
  const float zero = 0, laplace[] = { 0, -1, 0, -1, 4, -1, 0, -1, 0 };
  for (int i = 0; i < d->n_layers; i++) {
    g_autofree char *name = g_strdup_printf("core.features.layer%d.norm.num_batches_tracked", i);
    pct_tensors_add(tensors, name, &zero, 0, NULL);
  }
  if (d->n_layers > 0)
    pct_tensors_add(tensors, LAPLACE, laplace, 4, (gsize[]){ 1, 1, 3, 3 });
  add_numbers(tensors, "response_scale", encoder->response_scale, (gsize)d->n_neurons);
  add_numbers(tensors, "input_mean", &encoder->input_mean, 1);
  add_numbers(tensors, "input_scale", &encoder->input_scale, 1);
  g_autofree char *pool = g_strdup_printf("%d", d->pool);
  pct_tensors_set_metadata(tensors, "linear", yes_or_no(d->linear));
  pct_tensors_set_metadata(tensors, "softplus", yes_or_no(d->softplus));
  pct_tensors_set_metadata(tensors, "non_negative", yes_or_no(d->non_negative));
  pct_tensors_set_metadata(tensors, "pool", pool);
}

static gboolean
refuse(const PctTensors *tensors, GError **error, const char *reason)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” does not hold an encoder’s weights: %s."),
              pct_tensors_get_source(tensors), reason);
  return FALSE;
}

static const PctTensor *
find_of_layer(const PctTensors *tensors, int layer, const char *part)
{
  g_autofree char *name = g_strdup_printf("core.features.layer%d.%s", layer, part);
  return pct_tensors_find(tensors, name);
}

// "readout.<key>." of the one array "readout.<key>._features"; NULL: there is none, or more than one.
static char *
find_point_readout(const PctTensors *tensors)
{
  char *found = NULL;
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++) {
    const char *name = pct_tensors_get(tensors, i)->name;
    if (!g_str_has_prefix(name, "readout.") || !g_str_has_suffix(name, "._features"))
      continue;
    if (found) {
      g_free(found);
      return NULL;
    }
    found = g_strndup(name, strlen(name) - strlen("_features"));
  }
  return found;
}

static gboolean
read_core(const PctTensors *tensors, PctEncoderDesign *d, GError **error)
{
  const PctTensor *first = find_of_layer(tensors, 0, "conv.weight");
  if (!first || first->rank != 4 || first->shape[1] != 1 || first->shape[2] != first->shape[3] ||
      first->shape[0] > MAX_CHANNELS || first->shape[2] > 4096)
    return refuse(tensors, error, _("the first layer is missing or not a convolution of one channel with square kernels"));
  d->channels = (int)first->shape[0];
  d->input_kernel = (int)first->shape[2];
  for (d->n_layers = 1; d->n_layers < MAX_LAYERS; d->n_layers++) {
    const PctTensor *separable = find_of_layer(tensors, d->n_layers, "ds_conv.spatial_conv.weight");
    const PctTensor *full = find_of_layer(tensors, d->n_layers, "conv.weight"), *any = separable ? separable : full;
    if (!any)
      break;
    if (any->rank != 4 || any->shape[2] != any->shape[3] || any->shape[2] % 2 == 0 || any->shape[2] > 4096 ||
        (d->n_layers > 1 && (d->hidden_kernel != (int)any->shape[2] || d->depth_separable != (separable != NULL))))
      return refuse(tensors, error, _("its layers are not alike, or their kernels are not odd squares"));
    d->hidden_kernel = (int)any->shape[2];
    d->depth_separable = separable != NULL;
  }
  return TRUE;
}

static gboolean
read_flag(const PctTensors *tensors, const char *key, gboolean otherwise)
{
  const char *text = pct_tensors_get_metadata(tensors, key);
  return text ? g_str_equal(text, "true") : otherwise;
}

// The pool that turns the map into the mask's size; 0 if none does.
static int
find_pool(const PctEncoderDesign *d, const PctTensor *mask)
{
  int height = pct_encoder_design_get_map_height(d), width = pct_encoder_design_get_map_width(d);
  for (int pool = 1; pool <= MAX(height, 1); pool++)
    if ((gsize)((height + pool - 1) / pool) == mask->shape[1] && (gsize)((width + pool - 1) / pool) == mask->shape[2])
      return pool;
  return 0;
}

static gboolean
read_readout(const PctTensors *tensors, const char *point, PctEncoderDesign *d, GError **error)
{
  const PctTensor *mask = pct_tensors_find(tensors, "readout.mask"), *bias;
  if (point) {
    g_autofree char *of_bias = g_strconcat(point, "bias", NULL), *of_map = g_strconcat(point, "mu_transform.0.weight", NULL);
    d->readout = PCT_READOUT_POINT;
    bias = pct_tensors_find(tensors, of_bias);
    d->has_positions = pct_tensors_find(tensors, of_map) != NULL;
  } else {
    const PctTensor *weight = pct_tensors_find(tensors, "readout.weight");
    bias = pct_tensors_find(tensors, "readout.bias");
    d->readout = mask ? PCT_READOUT_MASK : PCT_READOUT_FULL;
    if (mask && (mask->rank != 3 || !(d->pool = find_pool(d, mask))))
      return refuse(tensors, error, _("its readout’s masks do not fit the images’ size"));
    if (!mask && pct_tensors_find(tensors, "readout.basis.weight"))
      d->rank = weight && weight->rank == 2 && weight->shape[1] < G_MAXINT32 ? (int)weight->shape[1] : 0;
  }
  if (!bias || bias->rank != 1 || bias->count == 0 || bias->count > G_MAXINT32 / 8)
    return refuse(tensors, error, _("there is no readout with a bias for each neuron"));
  d->n_neurons = (int)bias->count;
  return TRUE;
}

// The network's own arrays from those on disk.
static PctTensors *
to_plain(const PctTensors *tensors, const PctParameterTable *table, const char *point, const PctEncoderDesign *d,
         GError **error)
{
  g_autoptr(PctTensors) plain = pct_tensors_new();
  pct_tensors_set_source(plain, pct_tensors_get_source(tensors));
  gsize m = (gsize)d->n_neurons, c = (gsize)d->channels;
  for (guint i = 0; i < table->n_items; i++) {
    const PctParameter *item = &table->items[i];
    gboolean is_point = point && g_str_has_prefix(item->name, OURS);
    const char *part = is_point ? item->name + strlen(OURS) : NULL;
    gboolean features = is_point && g_str_equal(part, "features"), sigma = is_point && g_str_equal(part, "sigma");
    gboolean mu = is_point && g_str_equal(part, "mu");
    const gsize shapes[3][4] = { { 1, c, 1, m }, { 1, m, 2, 2 }, { 1, m, 1, 2 } };
    const gsize *shape = features ? shapes[0] : sigma ? shapes[1] : mu ? shapes[2] : item->shape;
    g_autofree char *name = is_point ? g_strconcat(point, features || mu ? "_" : "", part, NULL) : g_strdup(item->name);
    const PctTensor *tensor = pct_tensors_require(tensors, name, features || sigma || mu ? 4 : item->rank, shape, error);
    if (!tensor)
      return NULL;
    float *values = g_memdup2(tensor->values, tensor->count * sizeof(float));
    for (gsize k = 0; features && k < c; k++)
      for (gsize j = 0; j < m; j++)
        values[j * c + k] = tensor->values[k * m + j];
    pct_tensors_add_take(plain, item->name, values, item->rank, item->shape);
  }
  return g_steal_pointer(&plain);
}

// n finite numbers; where the file does not speak of them, values stay as they are.
static gboolean
read_numbers(const PctTensors *tensors, const char *key, float *values, gsize n)
{
  const char *text = pct_tensors_get_metadata(tensors, key);
  if (!text)
    return TRUE;
  for (gsize i = 0; i < n; i++) {
    char *end;
    values[i] = (float)g_ascii_strtod(text, &end);
    if (end == text || !isfinite(values[i]))
      return FALSE;
    text = end;
  }
  return *text == '\0';
}

static gboolean
read_extras(const PctTensors *tensors, PctEncoder *encoder, GError **error)
{
  if (!read_numbers(tensors, "response_scale", encoder->response_scale, (gsize)encoder->design.n_neurons))
    return refuse(tensors, error, _("it does not have a scale of responses for each neuron"));
  return (read_numbers(tensors, "input_mean", &encoder->input_mean, 1) &&
          read_numbers(tensors, "input_scale", &encoder->input_scale, 1) && encoder->input_scale > 0) ||
         refuse(tensors, error, _("what it divides images by is not a positive number"));
}

PctEncoder *
pct_encoder_state_load(const PctTensors *tensors, gboolean linear, int height, int width, GError **error)
{
  g_autofree char *point = find_point_readout(tensors);
  PctEncoderDesign design = { .height = height, .width = width, .pool = 1 };
  gboolean core = find_of_layer(tensors, 0, "norm.weight") != NULL;
  if (!core && point)
    return refuse(tensors, error, _("there is a readout without a core")), NULL;
  if ((core && !read_core(tensors, &design, error)) || !read_readout(tensors, point, &design, error))
    return NULL;
  if (core && design.readout == PCT_READOUT_FULL)
    return refuse(tensors, error, _("there is a core without a readout")), NULL;
  design.linear = read_flag(tensors, "linear", linear);
  design.softplus = read_flag(tensors, "softplus", FALSE);
  design.non_negative = read_flag(tensors, "non_negative", FALSE);
  g_autoptr(PctEncoder) encoder = pct_encoder_new(&design, &PCT_ENCODER_INITIAL_DEFAULT, error);
  if (!encoder)
    return NULL;
  g_autoptr(PctTensors) plain = to_plain(tensors, encoder->parameters->table, point, &design, error);
  if (!plain || !pct_parameters_load(encoder->parameters, "", plain, error) || !read_extras(tensors, encoder, error))
    return NULL;
  pct_encoder_find_points(encoder);
  return g_steal_pointer(&encoder);
}
