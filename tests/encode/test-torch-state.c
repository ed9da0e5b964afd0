// SPDX-License-Identifier: GPL-3.0-or-later
// Encoders and PyTorch: what goes in as a state dict comes out as the same one; and the published weights answer images
// as PyTorch does in double precision, with the gradients that central differences of double precision give.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "data/archive.h"
#include "encode/encoder.h"
#include "nn/torch-file.h"
#include "reference-encoder.h"

#define HEIGHT 36
#define WIDTH 64
#define PIXELS (HEIGHT * WIDTH)

typedef struct {
  const char *name;
  int rank;
  gsize shape[4];
} Array;

// What torch gives for state_dict() of a core of three channels with kernels of 5 and 3, and a readout of 7 neurons.
#define LAYER0 \
  { "core._input_weights_regularizer.laplace.filter", 4, { 1, 1, 3, 3 } }, \
  { "core.features.layer0.conv.weight", 4, { 3, 1, 5, 5 } }, NORM("core.features.layer0.norm")
#define NORM(name) \
  { name ".weight", 1, { 3 } }, { name ".bias", 1, { 3 } }, { name ".running_mean", 1, { 3 } }, \
  { name ".running_var", 1, { 3 } }, { name ".num_batches_tracked", 0, { 0 } }
#define SEPARABLE(name) \
  { name ".ds_conv.in_depth_conv.weight", 4, { 3, 3, 1, 1 } }, \
  { name ".ds_conv.spatial_conv.weight", 4, { 3, 1, 3, 3 } }, \
  { name ".ds_conv.out_depth_conv.weight", 4, { 3, 3, 1, 1 } }, NORM(name ".norm")
#define POINT(readout) \
  { readout ".sigma", 4, { 1, 7, 2, 2 } }, { readout "._features", 4, { 1, 3, 1, 7 } }, { readout ".bias", 1, { 7 } }

static const Array with_grid[] = {
  LAYER0, SEPARABLE("core.features.layer1"), SEPARABLE("core.features.layer2"), POINT("readout.dataset"),
  { "readout.dataset.source_grid", 2, { 7, 2 } }, { "readout.dataset.mu_transform.0.weight", 2, { 2, 2 } },
  { "readout.dataset.mu_transform.0.bias", 1, { 2 } },
};
static const Array with_mu[] = {
  LAYER0, { "core.features.layer1.conv.weight", 4, { 3, 3, 3, 3 } }, NORM("core.features.layer1.norm"),
  POINT("readout.dataset"), { "readout.dataset._mu", 4, { 1, 7, 1, 2 } },
};
static const Array one_layer[] = { LAYER0, POINT("readout.dataset"), { "readout.dataset._mu", 4, { 1, 7, 1, 2 } } };

static const struct {
  const char *name;
  const Array *arrays;
  guint n;
} state_dicts[] = {
  { "grid", with_grid, G_N_ELEMENTS(with_grid) },
  { "mu", with_mu, G_N_ELEMENTS(with_mu) },
  { "one-layer", one_layer, G_N_ELEMENTS(one_layer) },
};

// Beside a state dict an encoder saves these.
static gboolean
is_ours(const char *name)
{
  return strcmp(name, "response_scale") == 0 || strcmp(name, "input_mean") == 0 || strcmp(name, "input_scale") == 0;
}

// Names and shapes of both are the same, and the values but for those that PyTorch alone uses.
static void
check_same(const PctTensors *expected, const PctTensors *saved)
{
  guint n_ours = 0;
  for (guint i = 0; i < pct_tensors_get_n(saved); i++)
    n_ours += is_ours(pct_tensors_get(saved, i)->name);
  g_assert_cmpuint(pct_tensors_get_n(saved) - n_ours, ==, pct_tensors_get_n(expected));
  for (guint i = 0; i < pct_tensors_get_n(expected); i++) {
    const PctTensor *tensor = pct_tensors_get(expected, i);
    g_autoptr(GError) error = NULL;
    const PctTensor *same = pct_tensors_require(saved, tensor->name, tensor->rank, tensor->shape, &error);
    g_assert_no_error(error);
    if (!strstr(tensor->name, "num_batches_tracked") && !strstr(tensor->name, "laplace"))
      g_assert_cmpmem(same->values, same->count * sizeof(float), tensor->values, tensor->count * sizeof(float));
  }
}

static PctTensors *
save(const PctEncoder *encoder)
{
  PctTensors *tensors = pct_tensors_new();
  pct_encoder_save(encoder, tensors);
  return tensors;
}

static void
test_state_dict(gconstpointer data)
{
  guint which = GPOINTER_TO_UINT(data);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  for (guint i = 0; i < state_dicts[which].n; i++) {
    const Array *array = &state_dicts[which].arrays[i];
    gsize count = 1;
    for (int k = 0; k < array->rank; k++)
      count *= array->shape[k];
    g_autofree float *values = g_new(float, count);
    pct_random_fill_uniform(values, count, 1, i);
    pct_tensors_add(tensors, array->name, values, array->rank, array->shape);
  }
  g_autoptr(PctEncoder) encoder = pct_encoder_load(12, 15, tensors, &error);
  g_assert_no_error(error);
  g_autoptr(PctTensors) saved = save(encoder);
  check_same(tensors, saved);
  // The network of the file that was saved is the same one.
  g_autoptr(PctEncoder) again = pct_encoder_load(12, 15, saved, &error);
  g_assert_no_error(error);
  float images[2 * 12 * 15], rates[14], same[14];
  pct_random_fill_uniform(images, G_N_ELEMENTS(images), 2, 0);
  g_assert_true(pct_encoder_compute_rates(encoder, images, 2, rates, &(PctRun){ 0 }, &error));
  g_assert_true(pct_encoder_compute_rates(again, images, 2, same, &(PctRun){ 0 }, &error));
  g_assert_no_error(error);
  g_assert_cmpmem(rates, sizeof rates, same, sizeof same);
  g_assert_cmpfloat(rates[0], !=, rates[7]);
}

static char *
fens_path(const char *name)
{
  const char *root = g_getenv("PCT_TEST_DATA");
  g_autofree char *path = root ? g_build_filename(root, "fens2022", name, NULL) : NULL;
  if (path && g_file_test(path, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&path);
  g_test_skip("the FENS-2022 weights are not here");
  return NULL;
}

typedef struct {
  PctEncoder *encoder;
  ReferenceEncoder *reference;
  float *images;      // (5,H,W)
  double *responses;  // (5,M), by PyTorch
  int n_neurons;
} Fens;

static void
fens_clear(Fens *fens)
{
  pct_encoder_unref(fens->encoder);
  reference_encoder_free(fens->reference);
  g_free(fens->images);
  g_free(fens->responses);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fens, fens_clear)

// From the file's own arrays, not by way of an encoder of the engine.
static ReferenceEncoder *
open_reference(const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_torch_load(path, &error);
  g_assert_no_error(error);
  const ReferenceDesign design = { HEIGHT, WIDTH, 5335, 4, 64, 15, 13, TRUE, FALSE, TRUE };
  ReferenceEncoder *e = reference_encoder_new(&design);
  for (guint i = 0; i < e->n_arrays; i++) {
    ReferenceArray *array = &e->arrays[i];
    gboolean features = g_str_has_suffix(array->name, ".features");
    const PctTensor *tensor = pct_tensors_find(tensors, features ? "readout.dataset._features" : array->name);
    g_assert_nonnull(tensor);
    g_assert_cmpuint(tensor->count, ==, array->n);
    for (gsize k = 0; k < array->n; k++)  // (1,C,1,M) in the file
      array->values[k] = tensor->values[features ? k % 64 * 5335 + k / 64 : k];
  }
  return e;
}

static gboolean
fens_open(Fens *fens)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *weights = fens_path("sota_cnn_model_state.pt"), *answers = fens_path("reference-responses.npz");
  if (!weights || !answers)
    return FALSE;
  fens->encoder = pct_encoder_open_weights(weights, FALSE, HEIGHT, WIDTH, &error);
  g_assert_no_error(error);
  fens->n_neurons = pct_encoder_get_design(fens->encoder)->n_neurons;
  g_assert_cmpint(fens->n_neurons, ==, 5335);
  fens->reference = open_reference(weights);
  g_autoptr(PctArchive) archive = pct_archive_open(answers, &(PctRun){ 0 }, &error);
  g_assert_no_error(error);
  g_autoptr(PctNpyArray) images = pct_archive_read(archive, "images.npy", &error);
  g_autoptr(PctNpyArray) responses = pct_archive_read(archive, "responses.npy", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(images->n_items, ==, 5 * PIXELS);
  g_assert_cmpuint(responses->n_items, ==, 5 * 5335);
  g_assert_true(responses->kind == PCT_NPY_FLOAT && responses->item_size == 8);
  fens->images = pct_npy_array_dup_floats(images, "images", &error);
  fens->responses = g_steal_pointer(&responses->data);
  return TRUE;
}

static double *
image_in_double(const Fens *fens, int i)
{
  double *image = g_new(double, PIXELS);
  for (int k = 0; k < PIXELS; k++)
    image[k] = fens->images[i * PIXELS + k];
  return image;
}

// Five images, all neurons: to 1e-5; and the reference itself, to what double precision leaves.
static void
test_fens_responses(void)
{
  g_auto(Fens) fens = { 0 };
  g_autoptr(GError) error = NULL;
  if (!fens_open(&fens))
    return;
  gsize n = (gsize)fens.n_neurons;
  double worst = 0, of_reference = 0;
  g_autofree float *predicted = g_new(float, 5 * n);
  g_autofree double *rates = g_new(double, n);
  g_assert_true(pct_encoder_predict(fens.encoder, fens.images, 5, predicted, &(PctRun){ 0 }, &error));
  g_assert_no_error(error);
  for (gsize i = 0; i < 5 * n; i++)
    worst = MAX(worst, fabs(predicted[i] - fens.responses[i]));
  for (int i = 0; i < 5; i++) {
    g_autofree double *image = image_in_double(&fens, i);
    reference_encoder_rates(fens.reference, image, rates);
    for (gsize m = 0; m < n; m++)
      of_reference = MAX(of_reference, fabs(rates[m] - fens.responses[(gsize)i * n + m]));
  }
  g_test_message("largest differences of %" G_GSIZE_FORMAT " responses: %.2e, of the reference %.2e", 5 * n, worst,
                 of_reference);
  g_assert_cmpfloat(of_reference, <=, 1e-9);
  g_assert_cmpfloat(worst, <=, 1e-5);
}

// (rate(image + h direction) - rate(image - h direction)) / 2h in double precision.
static double
central_difference(const Fens *fens, const double *image, const double *direction, int neuron)
{
  const double h = 1e-4;
  g_autofree double *moved = g_new(double, PIXELS), *rates = g_new(double, (gsize)fens->n_neurons);
  double rate[2];
  for (int side = 0; side < 2; side++) {
    for (int k = 0; k < PIXELS; k++)
      moved[k] = image[k] + (side ? h : -h) * direction[k];
    reference_encoder_rates(fens->reference, moved, rates);
    rate[side] = rates[neuron];
  }
  return (rate[1] - rate[0]) / (2 * h);
}

static void
check_along(const Fens *fens, const double *image, const double *direction, int neuron, const float *gradient,
            double *worst)
{
  double expected = central_difference(fens, image, direction, neuron), along = 0;
  for (int k = 0; k < PIXELS; k++)
    along += direction[k] * gradient[k];
  *worst = MAX(*worst, fabs(along - expected) / fabs(expected));
  g_assert_cmpfloat(fabs(along - expected), <=, 1e-3 * fabs(expected));
}

// Three neurons on three images: the six pixels that count most and two random directions by central differences, every
// pixel by the reference's own gradient.
static void
test_fens_gradients(void)
{
  static const int neurons[] = { 10, 2600, 5334 };
  g_auto(Fens) fens = { 0 };
  g_autoptr(GError) error = NULL;
  if (!fens_open(&fens))
    return;
  g_autofree float *gradients = g_new(float, 3 * PIXELS);
  g_assert_true(pct_encoder_compute_gradients(fens.encoder, fens.images, neurons, 3, NULL, gradients, &(PctRun){ 0 },
                                              &error));
  g_assert_no_error(error);
  for (int i = 0; i < 3; i++) {
    g_autofree double *image = image_in_double(&fens, i), *exact = g_new(double, PIXELS);
    const float *gradient = gradients + i * PIXELS;
    reference_encoder_image_gradient(fens.reference, image, neurons[i], exact);
    double largest = 0, off = 0, worst = 0, limit = INFINITY;
    for (int k = 0; k < PIXELS; k++) {
      largest = MAX(largest, fabs(exact[k]));
      off = MAX(off, fabs(gradient[k] - exact[k]));
    }
    g_assert_cmpfloat(largest, >, 0);
    g_assert_cmpfloat(off, <=, 1e-3 * largest);
    for (int rank = 0; rank < 6; rank++) {
      g_autofree double *direction = g_new0(double, PIXELS);
      int at = -1;
      for (int k = 0; k < PIXELS; k++)
        if (fabs(exact[k]) < limit && (at < 0 || fabs(exact[k]) > fabs(exact[at])))
          at = k;
      limit = fabs(exact[at]);
      direction[at] = 1;
      check_along(&fens, image, direction, neurons[i], gradient, &worst);
    }
    for (guint64 stream = 0; stream < 2; stream++) {
      PctRandom random = pct_random(5, stream + 2 * (guint64)i);
      g_autofree double *direction = g_new(double, PIXELS);
      for (int k = 0; k < PIXELS; k++)
        direction[k] = exact[k] / largest + 0.1 * pct_random_normal(&random);
      check_along(&fens, image, direction, neurons[i], gradient, &worst);
    }
    g_test_message("neuron %d: off by %.1e of the largest %.3g a pixel, %.1e along differences", neurons[i],
                   off / largest, largest, worst);
  }
}

// The published files go through an encoder and come out with all their arrays.
static void
test_fens_state_dict(gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = fens_path(data);
  if (!path)
    return;
  g_autoptr(PctTensors) tensors = pct_torch_load(path, &error);
  g_autoptr(PctEncoder) encoder = pct_encoder_open_weights(path, strstr(path, "_ln_") != NULL, HEIGHT, WIDTH, &error);
  g_assert_no_error(error);
  g_autoptr(PctTensors) saved = save(encoder);
  check_same(tensors, saved);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_test_init(&argc, &argv, NULL);
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  for (guint i = 0; i < G_N_ELEMENTS(state_dicts); i++) {
    g_autofree char *path = g_strconcat("/torch-state/round-trip/", state_dicts[i].name, NULL);
    g_test_add_data_func(path, GUINT_TO_POINTER(i), test_state_dict);
  }
  g_test_add_data_func("/torch-state/fens/round-trip/cnn", "sota_cnn_model_state.pt", test_fens_state_dict);
  g_test_add_data_func("/torch-state/fens/round-trip/ln", "sota_ln_model_state.pt", test_fens_state_dict);
  g_test_add_func("/torch-state/fens/responses", test_fens_responses);
  g_test_add_func("/torch-state/fens/gradients", test_fens_gradients);
  return g_test_run();
}
