// SPDX-License-Identifier: GPL-3.0-or-later
// One training step of the engine against one in double precision that shares nothing with it: the loss, the gradient
// of every parameter and the running statistics to 1e-4 of their size. Central differences check the reference itself.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "encode/encoder-step.h"
#include "reference-encoder.h"

#define RELATIVE 1e-4

typedef struct {
  const char *name;
  ReferenceDesign design;
  int batch;
  gboolean large;  // too many parameters for central differences of all
} Case;

static const Case cases[] = {
  { "grid", { 17, 21, 7, 3, 4, 5, 3, TRUE, FALSE, TRUE, 1, 2.439 }, 3 },
  { "free-positions", { 17, 21, 7, 3, 4, 5, 3, TRUE, FALSE, FALSE, 1, 2.439 }, 3 },
  { "linear", { 17, 21, 7, 3, 4, 5, 3, TRUE, TRUE, TRUE, 1, 2.439 }, 3 },
  { "full-convolutions", { 12, 15, 9, 3, 5, 4, 5, FALSE, FALSE, FALSE, 0.3, 0.1 }, 4 },
  { "one-layer", { 9, 8, 11, 1, 3, 3, 3, TRUE, FALSE, TRUE, 20, 0 }, 5 },
  { "no-regularisers", { 11, 14, 5, 2, 17, 7, 5, TRUE, FALSE, FALSE, 0, 0 }, 2 },
  { "recording", { 36, 64, 300, 4, 64, 15, 13, TRUE, FALSE, TRUE, 1, 2.439 }, 2, TRUE },
};

// Inputs as the engine sees them, single precision exactly.
typedef struct {
  double *images, *noise, *targets, weight;
  gsize n_images, n_noise, n_targets;
} Batch;

static double *
draw(gsize n, double mean, double scale, guint64 stream)
{
  double *out = g_new(double, n);
  PctRandom random = pct_random(11, stream);
  for (gsize i = 0; i < n; i++)
    out[i] = (float)(mean + scale * pct_random_normal(&random));
  return out;
}

static Batch
batch_new(const Case *c)
{
  const ReferenceDesign *d = &c->design;
  Batch batch = { .weight = sqrt(4500.0 / c->batch) };
  batch.n_images = (gsize)c->batch * (gsize)d->height * (gsize)d->width;
  batch.n_targets = (gsize)c->batch * (gsize)d->n_neurons;
  batch.n_noise = 2 * batch.n_targets;
  batch.images = draw(batch.n_images, 110, 50, 1);
  batch.noise = draw(batch.n_noise, 0, 1, 2);
  batch.targets = draw(batch.n_targets, 0.8, 1, 3);  // some below 0, where the loss takes them for 0
  return batch;
}

static void
batch_clear(Batch *batch)
{
  g_free(batch->images);
  g_free(batch->noise);
  g_free(batch->targets);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Batch, batch_clear)

// Values such that both halves of every ELU are used, and some points lie beyond the map.
static ReferenceEncoder *
encoder_new(const ReferenceDesign *design)
{
  ReferenceEncoder *e = reference_encoder_new(design);
  for (guint i = 0; i < e->n_arrays; i++) {
    ReferenceArray *array = &e->arrays[i];
    gboolean convolution = strstr(array->name, "conv.weight") != NULL;
    double scale = 0.3, mean = 0;
    if (convolution)
      scale = 1 / sqrt((double)array->n / design->channels);
    if (strstr(array->name, "norm.weight") || strstr(array->name, "running_var"))
      mean = 1, scale = 0.1;
    if (strstr(array->name, "mu_transform"))
      scale = 0.4;
    g_autofree double *values = draw(array->n, mean, scale, 100 + i);
    memcpy(array->values, values, array->n * sizeof(double));
  }
  for (int i = 0; i < 4; i++)
    reference_encoder_find(e, "readout.dataset.sigma")->values[i] *= 6;
  return e;
}

static void
check_points(const ReferenceEncoder *e, const Batch *batch)
{
  gsize n = 2 * (gsize)e->design.n_neurons;
  guint n_beyond = 0, n_inside = 0;
  g_autofree double *points = g_new(double, n);
  for (gsize at = 0; at < batch->n_noise; at += n) {
    reference_encoder_points(e, batch->noise + at, points);
    for (gsize i = 0; i < n; i++)
      *(fabs(points[i]) > 1 ? &n_beyond : &n_inside) += 1;
  }
  g_assert_cmpuint(n_beyond, >, 0);
  g_assert_cmpuint(n_inside, >, n_beyond);
}

// Every parameter's derivative against (loss(x + h) - loss(x - h)) / 2h.
static void
test_reference(gconstpointer data)
{
  const Case *c = data;
  g_auto(Batch) batch = batch_new(c);
  g_autoptr(ReferenceEncoder) e = encoder_new(&c->design);
  check_points(e, &batch);
  double loss = reference_encoder_loss(e, batch.images, batch.noise, batch.targets, c->batch, batch.weight);
  double same = reference_encoder_step(e, batch.images, batch.noise, batch.targets, c->batch, batch.weight);
  g_assert_cmpfloat(loss, ==, same);
  for (guint i = 0; i < e->n_arrays; i++) {
    ReferenceArray *array = &e->arrays[i];
    double largest = 0, worst = 0;
    for (gsize k = 0; array->trainable && k < array->n; k++) {
      double kept = array->values[k], step = 1e-6, low, high;
      array->values[k] = kept - step;
      low = reference_encoder_loss(e, batch.images, batch.noise, batch.targets, c->batch, batch.weight);
      array->values[k] = kept + step;
      high = reference_encoder_loss(e, batch.images, batch.noise, batch.targets, c->batch, batch.weight);
      array->values[k] = kept;
      worst = MAX(worst, fabs((high - low) / (2 * step) - array->gradients[k]));
      largest = MAX(largest, fabs(array->gradients[k]));
    }
    if (!array->trainable)
      continue;
    g_test_message("%s: off by %.1e of %.3g", array->name, worst, largest);
    g_assert_cmpfloat(largest, >, 0);
    g_assert_cmpfloat(worst, <=, 1e-6 * largest + 1e-9 * fabs(loss));
  }
}

typedef struct {
  PctEncoderDesign design;
  PctEncoderNetwork *network;
  PctParameters *parameters;
  float *gradients;
  double loss;
} Engine;

static void
engine_free(Engine *engine)
{
  pct_aligned_free(engine->gradients);
  pct_parameters_free(engine->parameters);
  pct_encoder_network_free(engine->network);
  g_free(engine);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Engine, engine_free)

// The reference's values go in under their names: the engine must know all of them, and no others.
static void
hand_over(const ReferenceEncoder *e, PctParameters *parameters)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  const PctParameterTable *table = parameters->table;
  g_assert_cmpuint(table->n_items, ==, e->n_arrays);
  for (guint i = 0; i < table->n_items; i++) {
    const PctParameter *item = &table->items[i];
    const ReferenceArray *array = reference_encoder_find(e, item->name);
    g_assert_cmpuint(item->count, ==, array->n);
    g_assert_true(item->trainable == array->trainable);
    g_autofree float *values = g_new(float, array->n);
    for (gsize k = 0; k < array->n; k++)
      values[k] = (float)array->values[k];
    pct_tensors_add(tensors, item->name, values, item->rank, item->shape);
  }
  g_assert_true(pct_parameters_load(parameters, "", tensors, &error));
  g_assert_no_error(error);
}

static void
fill(float *out, const double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = (float)values[i];
}

static Engine *
engine_step(const Case *c, const ReferenceEncoder *e, const Batch *batch, guint n_threads)
{
  const ReferenceDesign *d = &c->design;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctPool) pool = pct_pool_new(n_threads, 0);
  Engine *engine = g_new0(Engine, 1);
  engine->design = (PctEncoderDesign){ .height = d->height, .width = d->width, .n_neurons = d->n_neurons,
                                       .n_layers = d->n_layers, .channels = d->channels,
                                       .input_kernel = d->input_kernel, .hidden_kernel = d->hidden_kernel,
                                       .depth_separable = d->depth_separable, .linear = d->linear,
                                       .readout = PCT_READOUT_POINT, .has_positions = d->from_grid };
  PctEncoderStepOptions options = { .loss = PCT_RATE_POISSON, .smooth_input = d->smooth_input,
                                    .sparse_features = d->sparse_features };
  engine->network = pct_encoder_network_new(&engine->design, &PCT_ENCODER_INITIAL_DEFAULT);
  const PctParameterTable *table = pct_graph_get_parameters(engine->network->graph);
  // Room for one more than there will be: a batch may be smaller than the largest.
  g_autoptr(PctEncoderStep) step =
      pct_encoder_step_new(&engine->design, engine->network, &options, c->batch + 1, pool, &error);
  g_assert_no_error(error);
  engine->parameters = pct_parameters_new(table, &error);
  engine->gradients = pct_aligned_new(table->n_values, &error);
  g_assert_no_error(error);
  hand_over(e, engine->parameters);
  fill(pct_encoder_step_get_images(step), batch->images, batch->n_images);
  fill(pct_encoder_step_get_noise(step), batch->noise, batch->n_noise);
  g_autofree float *targets = g_new(float, batch->n_targets);
  fill(targets, batch->targets, batch->n_targets);
  memset(engine->gradients, 0xff, table->n_values * sizeof(float));  // NaN: what was there is not added to
  engine->loss =
      pct_encoder_step_run(step, engine->parameters, targets, c->batch, batch->weight, engine->gradients);
  return engine;
}

// Returns the largest difference as a share of the array's largest number.
static double
compare(const PctTensors *tensors, const char *name, const double *expected, gsize n)
{
  const PctTensor *tensor = pct_tensors_find(tensors, name);
  g_assert_nonnull(tensor);
  g_assert_cmpuint(tensor->count, ==, n);
  double largest = 0, worst = 0;
  for (gsize i = 0; i < n; i++) {
    g_assert_true(isfinite(tensor->values[i]));
    largest = MAX(largest, fabs(expected[i]));
    worst = MAX(worst, fabs(tensor->values[i] - expected[i]));
  }
  g_assert_cmpfloat(largest, >, 0);
  g_test_message("%s: off by %.1e of %.3g", name, worst / largest, largest);
  return worst / largest;
}

static void
test_agrees(gconstpointer data)
{
  const Case *c = data;
  g_auto(Batch) batch = batch_new(c);
  g_autoptr(ReferenceEncoder) e = encoder_new(&c->design);
  g_autoptr(Engine) one = engine_step(c, e, &batch, 1), two = engine_step(c, e, &batch, 2);
  gsize size = one->parameters->table->n_values * sizeof(float);
  g_assert_cmpfloat(one->loss, ==, two->loss);
  g_assert_cmpmem(one->gradients, size, two->gradients, size);
  check_points(e, &batch);
  double loss = reference_encoder_step(e, batch.images, batch.noise, batch.targets, c->batch, batch.weight);
  g_test_message("loss: %.9g, expected %.9g: off by %.1e", one->loss, loss, fabs(one->loss - loss) / fabs(loss));
  g_assert_cmpfloat(fabs(one->loss - loss), <=, RELATIVE * fabs(loss));
  g_autoptr(PctTensors) gradients = pct_tensors_new(), values = pct_tensors_new();
  PctParameters as_gradients = { one->parameters->table, one->gradients };
  pct_parameters_save(&as_gradients, "", gradients);
  pct_parameters_save(one->parameters, "", values);
  double worst = 0;
  for (guint i = 0; i < e->n_arrays; i++) {
    const ReferenceArray *array = &e->arrays[i];
    double off = array->trainable ? compare(gradients, array->name, array->gradients, array->n)
                                  : compare(values, array->name, array->values, array->n);
    g_assert_cmpfloat(off, <=, RELATIVE);
    worst = MAX(worst, off);
  }
  g_test_message("worst of all: %.1e", worst);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_test_init(&argc, &argv, NULL);
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *reference = g_strconcat("/encoder-step/reference/", cases[i].name, NULL);
    g_autofree char *agrees = g_strconcat("/encoder-step/agrees/", cases[i].name, NULL);
    if (!cases[i].large)
      g_test_add_data_func(reference, &cases[i], test_reference);
    g_test_add_data_func(agrees, &cases[i], test_agrees);
  }
  return g_test_run();
}
