// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/mei-net.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"

// Pictures drawn at a time.
#define BATCH 64

static const PctOption options[] = {
  { "epochs", PCT_OPTION_INTEGER, 1, 1000, NULL, N_("epochs"), N_("Epochs"), N_("How often every train trial is seen, at most.") },
  { "patience", PCT_OPTION_INTEGER, 0, 1000, NULL, N_("epochs"), N_("Patience"), N_("Stops after so many epochs without a better one on the validation tier; 0: never.") },
  { PCT_OPTION_PRETRAIN, PCT_OPTION_INTEGER, 0, 1000, NULL, N_("epochs"), N_("Pretraining"), N_("How often the encoder’s answers to images are seen, with fresh noise, before the recording’s trials; 0 needs no encoder. Needs a linear start.") },
  { "copies", PCT_OPTION_INTEGER, 0, 16, NULL, NULL, N_("Further views"), N_("How often every train image is shown to the encoder again for pretraining, mirrored, shifted or enlarged."), TRUE },
  { "width", PCT_OPTION_INTEGER, 1, 16384, NULL, N_("units"), N_("Width"), N_("Units of each hidden layer.") },
  { "linear_start", PCT_OPTION_BOOLEAN, .title = N_("Linear start"), .help = N_("Learns on linear features that are predicted without the image at hand, with a linear path that starts as the best linear decoder in the MEIs’ span; otherwise on all responses, from random weights.") },
  { "features", PCT_OPTION_INTEGER, 0, 512, NULL, NULL, N_("Linear features"), N_("How many linear features of the responses the network sees with a linear start; 0 chooses by the validation tier."), TRUE },
  { "normalise", PCT_OPTION_BOOLEAN, .title = N_("Normalise"), .help = N_("Z-scored responses, pictures about the mean image, MEIs in units of their contrast; otherwise all as they are."), .advanced = TRUE },
  { "last_relu", PCT_OPTION_BOOLEAN, .title = N_("Last rectifier"), .help = N_("Makes every transformed MEI non-negative, as the original does: dark lobes are lost."), .advanced = TRUE },
  { "clear_gradients", PCT_OPTION_BOOLEAN, .title = N_("Clear gradients"), .help = N_("Clears the gradients of the MEIs’ network before each of its steps; the original forgot to."), .advanced = TRUE },
  { "batch", PCT_OPTION_INTEGER, 1, 4096, NULL, N_("trials"), N_("Batch"), N_("Trials a training step."), TRUE },
  { "rate", PCT_OPTION_REAL, 1e-7, 0.1, NULL, NULL, N_("Learning rate"), N_("Of the network on the responses."), TRUE },
  { "transform_every", PCT_OPTION_INTEGER, 1, 1000, NULL, N_("steps"), N_("MEI interval"), N_("Steps whose gradients are added up before the MEIs’ network takes one, which costs a pass over all MEIs; it takes one at least once an epoch."), TRUE },
  { "transform_rate", PCT_OPTION_REAL, 0, 1000, NULL, NULL, N_("MEI learning rate"), N_("Of the MEIs’ network, as a multiple of the other; 0 leaves it as it starts."), TRUE },
  { "dropout", PCT_OPTION_REAL, 0, 0.9, NULL, NULL, N_("Dropout"), N_("Share of the features and hidden units dropped while training, with a linear start."), TRUE },
  { "decay", PCT_OPTION_REAL, 0, 10, NULL, NULL, N_("Weight decay"), N_("Decoupled weight decay of the network on the responses."), TRUE },
};

static const double compact[] = { 30, 4, 0, 3, 1024, 1, 0, 1, 0, 1, 250, 2e-4, 1000, 25, 0.3, 0.01 };
static const double original[] = { 100, 0, 0, 3, 8192, 0, 0, 0, 1, 0, 2, 2e-4, 1, 1, 0, 0 };
static const PctPreset presets[] = { { "compact", N_("Compact"), compact }, { "original", N_("As published"), original } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };
G_STATIC_ASSERT(G_N_ELEMENTS(compact) == G_N_ELEMENTS(options));
G_STATIC_ASSERT(G_N_ELEMENTS(original) == G_N_ELEMENTS(options));

static PctModelNeeds
get_needs(const PctOptionValues *values)
{
  return PCT_NEEDS_MEIS | (pct_option_values_get(values, PCT_OPTION_PRETRAIN) > 0 ? PCT_NEEDS_ENCODER : PCT_NEEDS_NOTHING);
}

static void
mei_net_free(PctDecoder *decoder)
{
  PctMeiNet *self = (PctMeiNet *)decoder;
  pct_parameters_free(self->parameters);
  pct_graph_free(self->network.graph);
  g_free(self->mean_image);
  g_free(self->bias);
  pct_aligned_free(self->first);
  pct_aligned_free(self->pictures);
  g_free(self);
}

PctMeiNet *
pct_mei_net_new(int n_neurons, int height, int width, int n_first, const PctOptionValues *values, GError **error)
{
  PctMeiNet *self = g_new0(PctMeiNet, 1);
  g_autoptr(PctDecoder) decoder = &self->decoder;
  gsize m = (gsize)n_neurons, pixels = (gsize)height * (gsize)width;
  pct_decoder_init(decoder, &pct_mei_net_class, n_neurons, height, width);
  self->linear_start = pct_option_values_get(values, "linear_start") != 0;
  self->width = (int)pct_option_values_get(values, "width");
  self->n_first = n_first;
  self->image_scale = 1;
  self->mean_image = g_new0(float, pixels);
  self->bias = g_new0(float, n_first);
  pct_mei_net_graph_init(&self->network, self->linear_start ? PCT_MEI_NET_FROM_FEATURES : PCT_MEI_NET_FROM_HIDDEN,
                         n_first, self->width, n_neurons, (float)pct_option_values_get(values, "dropout"));
  if (!(self->first = pct_aligned_new(m * (gsize)n_first, error)) ||
      !(self->pictures = pct_aligned_new(m * pixels, error)) ||
      !(self->parameters = pct_parameters_new(pct_graph_get_parameters(self->network.graph), error)))
    return NULL;
  g_steal_pointer(&decoder);
  return self;
}

void
pct_mei_net_compute_first(const PctMeiNet *self, const float *responses, gsize n, float *out, PctPool *pool)
{
  gsize k = (gsize)self->n_first, m = (gsize)self->decoder.n_neurons;
  for (gsize i = 0; i < n; i++)
    memcpy(out + i * k, self->bias, k * sizeof(float));
  pct_gemm(pool, FALSE, FALSE, n, k, m, 1, responses, m, self->first, k, 1, out, k);
}

void
pct_mei_net_combine(const PctMeiNet *self, const float *pictures, const float *weights, gsize n, float *images,
                    PctPool *pool)
{
  gsize m = (gsize)self->decoder.n_neurons, pixels = (gsize)self->decoder.height * (gsize)self->decoder.width;
  if (n == 1)
    pct_gemv(pool, TRUE, pixels, m, self->image_scale, pictures, pixels, weights, 0, images);
  else
    pct_gemm(pool, FALSE, FALSE, n, pixels, m, self->image_scale, weights, m, pictures, pixels, 0, images, pixels);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < pixels; j++)
      images[i * pixels + j] += self->mean_image[j];
}

static gboolean
reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z, float *images,
            const PctRun *run, GError **error)
{
  const PctMeiNet *self = (const PctMeiNet *)decoder;
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)decoder->n_neurons, pixels = (gsize)decoder->height * (gsize)decoder->width, batch = MIN(n, BATCH);
  g_autoptr(PctWorkspace) workspace =
    pct_workspace_new(self->network.graph, PCT_WORKSPACE_FORWARD, (int)batch, pool, error);
  if (!workspace)
    return FALSE;
  for (gsize i = 0; i < n; i += batch) {
    gsize count = MIN(batch, n - i);
    pct_mei_net_compute_first(self, responses + i * m, count, pct_workspace_get_input(workspace, self->network.in), pool);
    pct_workspace_forward(workspace, self->parameters, (int)count, FALSE, 0);
    pct_mei_net_combine(self, self->pictures, pct_workspace_get_output(workspace, self->network.out), count,
                        images + i * pixels, pool);
    if (!pct_run_step(run, (double)(i + count), (double)n, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z, const float *cotangent,
         float *out, const PctRun *run, GError **error)
{
  const PctMeiNet *self = (const PctMeiNet *)decoder;
  PctPool *pool = pct_run_get_pool(run);
  gsize m = (gsize)decoder->n_neurons, pixels = (gsize)decoder->height * (gsize)decoder->width, k = (gsize)self->n_first;
  g_autoptr(PctWorkspace) workspace = pct_workspace_new(self->network.graph, PCT_WORKSPACE_BACKWARD, 1, pool, error);
  if (!workspace)
    return FALSE;
  pct_mei_net_compute_first(self, responses, 1, pct_workspace_get_input(workspace, self->network.in), pool);
  pct_workspace_forward(workspace, self->parameters, 1, FALSE, 0);
  if (!pct_run_step(run, 0, 1, error))
    return FALSE;
  pct_gemv(pool, FALSE, m, pixels, self->image_scale, self->pictures, pixels, cotangent, 0,
           pct_workspace_get_gradient(workspace, self->network.out));
  pct_workspace_backward(workspace, self->parameters, NULL, TRUE);
  pct_gemv(pool, FALSE, m, k, 1, self->first, k, pct_workspace_get_gradient(workspace, self->network.in), 0, out);
  return TRUE;
}

// A live session: one response more or less moves the first layer's sums by one row (rank 1); they are kept in double, so
// that rounding does not add up over a long drag.
typedef struct {
  PctDecoderSession session;
  PctPool *pool;
  PctWorkspace *workspace;
  double *sums;      // (K,)
  float *responses;  // (M,)
} Session;

static void
session_set_responses(PctDecoderSession *session, const float *responses, double n_averaged)
{
  Session *self = (Session *)session;
  const PctMeiNet *net = (const PctMeiNet *)session->decoder;
  gsize m = (gsize)net->decoder.n_neurons, k = (gsize)net->n_first;
  memcpy(self->responses, responses, m * sizeof(float));
  for (gsize j = 0; j < k; j++)
    self->sums[j] = net->bias[j];
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      self->sums[j] += (double)responses[i] * net->first[i * k + j];
}

static void
session_set_response(PctDecoderSession *session, int neuron, float value)
{
  Session *self = (Session *)session;
  const PctMeiNet *net = (const PctMeiNet *)session->decoder;
  gsize k = (gsize)net->n_first;
  double change = (double)value - self->responses[neuron];
  self->responses[neuron] = value;
  for (gsize j = 0; j < k; j++)
    self->sums[j] += change * net->first[(gsize)neuron * k + j];
}

static void
session_set_latent(PctDecoderSession *session, const float *z)
{
}

static void
session_draw(PctDecoderSession *session, float *image)
{
  Session *self = (Session *)session;
  const PctMeiNet *net = (const PctMeiNet *)session->decoder;
  float *first = pct_workspace_get_input(self->workspace, net->network.in);
  for (int j = 0; j < net->n_first; j++)
    first[j] = (float)self->sums[j];
  pct_workspace_forward(self->workspace, net->parameters, 1, FALSE, 0);
  pct_mei_net_combine(net, net->pictures, pct_workspace_get_output(self->workspace, net->network.out), 1, image,
                      self->pool);
}

static void
session_free(PctDecoderSession *session)
{
  Session *self = (Session *)session;
  pct_workspace_free(self->workspace);
  g_free(self->sums);
  g_free(self->responses);
  g_free(self);
}

static PctDecoderSession *
session_new(const PctDecoder *decoder, PctPool *pool)
{
  const PctMeiNet *net = (const PctMeiNet *)decoder;
  g_autoptr(PctWorkspace) workspace = pct_workspace_new(net->network.graph, PCT_WORKSPACE_FORWARD, 1, pool, NULL);
  if (!workspace)
    return NULL;
  Session *self = g_new0(Session, 1);
  self->session = (PctDecoderSession){ .set_responses = session_set_responses, .set_response = session_set_response,
                                       .set_latent = session_set_latent, .draw = session_draw, .free = session_free };
  self->pool = pool;
  self->workspace = g_steal_pointer(&workspace);
  self->sums = g_new0(double, net->n_first);
  self->responses = g_new0(float, decoder->n_neurons);
  return &self->session;
}

// On disk as PyTorch would have them: first.weight is (K,M).
static void
save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctMeiNet *self = (const PctMeiNet *)decoder;
  gsize m = (gsize)decoder->n_neurons, k = (gsize)self->n_first;
  gsize shape[] = { m, (gsize)decoder->height, (gsize)decoder->width };
  float *transposed = g_new(float, m * k);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      transposed[j * m + i] = self->first[i * k + j];
  pct_tensors_add_take(tensors, "first.weight", transposed, 2, (gsize[]){ k, m });
  pct_tensors_add_vector(tensors, "first.bias", self->bias, k);
  pct_tensors_add(tensors, "pictures", self->pictures, 3, shape);
  pct_tensors_add(tensors, "image.mean", self->mean_image, 2, shape + 1);
  pct_tensors_add(tensors, "image.scale", &self->image_scale, 0, NULL);
  pct_parameters_save(self->parameters, "network.", tensors);
}

static PctDecoder *
load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  const PctTensor *first = pct_tensors_find(tensors, "first.weight"), *pictures = pct_tensors_find(tensors, "pictures");
  // The shapes of what is in memory already cannot be absurd, but their product with the options' width can.
  if (!first || !pictures || first->rank != 2 || pictures->rank != 3 || first->count == 0 || pictures->count == 0 ||
      first->shape[0] > 16384 || first->shape[1] > 1 << 20 || pictures->shape[0] != first->shape[1] ||
      pictures->shape[1] > 4096 || pictures->shape[2] > 4096) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” has no “first.weight” and “pictures” of a mei-net."),
                pct_tensors_get_source(tensors));
    return NULL;
  }
  gsize k = first->shape[0], m = first->shape[1];
  const PctTensor *bias = pct_tensors_require(tensors, "first.bias", 1, &k, error);
  const PctTensor *mean = bias ? pct_tensors_require(tensors, "image.mean", 2, pictures->shape + 1, error) : NULL;
  const PctTensor *scale = mean ? pct_tensors_require(tensors, "image.scale", 0, NULL, error) : NULL;
  if (!scale)
    return NULL;
  gboolean linear_start = pct_option_values_get(values, "linear_start") != 0;
  if (!linear_start && k != (gsize)pct_option_values_get(values, "width")) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("In “%s”, “first.weight” should have %d rows, as the option width says, but has %d."),
                pct_tensors_get_source(tensors), (int)pct_option_values_get(values, "width"), (int)k);
    return NULL;
  }
  PctMeiNet *self = pct_mei_net_new((int)m, (int)pictures->shape[1], (int)pictures->shape[2], (int)k, values, error);
  g_autoptr(PctDecoder) decoder = self ? &self->decoder : NULL;
  if (!self || !pct_parameters_load(self->parameters, "network.", tensors, error))
    return NULL;
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < k; j++)
      self->first[i * k + j] = first->values[j * m + i];
  memcpy(self->bias, bias->values, k * sizeof(float));
  memcpy(self->pictures, pictures->values, pictures->count * sizeof(float));
  memcpy(self->mean_image, mean->values, mean->count * sizeof(float));
  self->image_scale = scale->values[0];
  return g_steal_pointer(&decoder);
}

const PctDecoderClass pct_mei_net_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "mei-net",
    .title = N_("Network of MEIs"),
    .summary = N_("A weighted sum of all neurons’ most exciting inputs: one network turns the responses into weights, "
                  "another, small one transforms every most exciting input."),
    .formula = "I = m + s Σᵢ wᵢ(r) T(MEIᵢ),  w = MLP(r) + A f(r);  min |I − I*|²",
    .source = "the course project’s network; Adam: Kingma & Ba 2015, arXiv:1412.6980",
    .options = &table,
    .iterative = TRUE,
    .needs = PCT_NEEDS_MEIS | PCT_NEEDS_ENCODER,
    .get_needs = get_needs,
  },
  .fit = pct_mei_net_fit,
  .reconstruct = reconstruct,
  .save = save,
  .load = load,
  .free = mei_net_free,
  .session_new = session_new,
  .pullback = pullback,
};
