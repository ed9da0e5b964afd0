// SPDX-License-Identifier: GPL-3.0-or-later
// Linear decoders. A session keeps its picture as a sum in double: a change of one response adds one row, and rounding
// after millions of changes is still far below a grey level, so it never has to be computed afresh.
#include "config.h"
#include "decode/linear-decoder.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"

// Rows of responses at a time: enough for gemm's rate, little scratch, and a report well within 100 ms.
#define BATCH 128

gboolean
pct_linear_decoder_init(PctLinearDecoder *self, const PctDecoderClass *klass, int n_neurons, int height, int width,
                        GError **error)
{
  pct_decoder_init(&self->decoder, klass, n_neurons, height, width);
  gsize m = (gsize)n_neurons, p = (gsize)height * (gsize)width;
  self->mean_image = g_new0(float, p);
  self->response_mean = g_new0(float, m);
  self->response_scale = g_new0(float, m);
  for (gsize i = 0; i < m; i++)
    self->response_scale[i] = 1;
  self->weight = pct_aligned_new(m * p, error);
  return self->weight != NULL;
}

void
pct_linear_decoder_set_statistics(PctLinearDecoder *self, const PctStatistics *statistics)
{
  gsize m = (gsize)self->decoder.n_neurons, p = (gsize)self->decoder.height * (gsize)self->decoder.width;
  memcpy(self->mean_image, statistics->mean_image, p * sizeof(float));
  memcpy(self->response_mean, statistics->response_mean, m * sizeof(float));
  for (gsize i = 0; i < m; i++)  // All silent: nothing to divide by, and nothing to learn from.
    self->response_scale[i] = statistics->response_scale[i] > 0 ? statistics->response_scale[i] : 1;
}

void
pct_linear_decoder_clear(PctLinearDecoder *self)
{
  g_clear_pointer(&self->weight, pct_aligned_free);
  g_clear_pointer(&self->mean_image, g_free);
  g_clear_pointer(&self->response_mean, g_free);
  g_clear_pointer(&self->response_scale, g_free);
}

typedef struct {
  const PctLinearDecoder *self;
  const float *in;
  float *out;
} Standardise;

static void
standardise_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Standardise *s = data;
  gsize m = (gsize)s->self->decoder.n_neurons;
  const float *mean = s->self->response_mean, *scale = s->self->response_scale;
  for (gsize i = first; i < end; i++)
    for (gsize j = 0; j < m; j++)
      s->out[i * m + j] = (s->in[i * m + j] - mean[j]) / scale[j];
}

void
pct_linear_decoder_standardise(const PctLinearDecoder *self, const float *responses, gsize n, float *out, PctPool *pool)
{
  Standardise task = { self, responses, out };
  pct_parallel_for(pool, n, 16, standardise_rows, &task);
}

gboolean
pct_linear_decoder_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged,
                               const float *z, float *images, const PctRun *run, GError **error)
{
  const PctLinearDecoder *self = (const PctLinearDecoder *)decoder;
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  PctPool *pool = pct_run_get_pool(run);
  g_autoptr(PctFloats) scores = pct_aligned_new(MIN(n, BATCH) * m, error);
  if (!scores)
    return FALSE;
  for (gsize first = 0; first < n; first += BATCH) {
    gsize rows = MIN(BATCH, n - first);
    float *out = images + first * p;
    pct_linear_decoder_standardise(self, responses + first * m, rows, scores, pool);
    for (gsize i = 0; i < rows; i++)
      memcpy(out + i * p, self->mean_image, p * sizeof(float));
    pct_gemm(pool, FALSE, FALSE, rows, p, m, 1, scores, m, self->weight, p, 1, out, p);
    if (!pct_run_step(run, (double)(first + rows), (double)n, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pct_linear_decoder_pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z,
                            const float *cotangent, float *out, const PctRun *run, GError **error)
{
  const PctLinearDecoder *self = (const PctLinearDecoder *)decoder;
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  pct_gemv(pct_run_get_pool(run), FALSE, m, p, 1, self->weight, p, cotangent, 0, out);
  for (gsize i = 0; i < m; i++)
    out[i] /= self->response_scale[i];
  return pct_run_step(run, 1, 1, error);
}

typedef struct {
  PctDecoderSession session;
  PctPool *pool;
  double *scores;  // (M,)
  double *sum;     // (H,W)
  float *scratch;  // (M + H*W,)
} LinearSession;

static void
session_set_responses(PctDecoderSession *session, const float *responses, double n_averaged)
{
  LinearSession *self = (LinearSession *)session;
  const PctLinearDecoder *linear = (const PctLinearDecoder *)session->decoder;
  gsize m = (gsize)session->decoder->n_neurons, p = (gsize)session->decoder->height * (gsize)session->decoder->width;
  float *scores = self->scratch, *image = self->scratch + m;
  for (gsize i = 0; i < m; i++) {
    self->scores[i] = ((double)responses[i] - linear->response_mean[i]) / linear->response_scale[i];
    scores[i] = (float)self->scores[i];
  }
  pct_gemv(self->pool, TRUE, p, m, 1, linear->weight, p, scores, 0, image);
  for (gsize i = 0; i < p; i++)
    self->sum[i] = (double)image[i] + linear->mean_image[i];
}

static void
session_set_response(PctDecoderSession *session, int neuron, float value)
{
  LinearSession *self = (LinearSession *)session;
  const PctLinearDecoder *linear = (const PctLinearDecoder *)session->decoder;
  gsize p = (gsize)session->decoder->height * (gsize)session->decoder->width;
  double score = ((double)value - linear->response_mean[neuron]) / linear->response_scale[neuron];
  double change = score - self->scores[neuron];
  const float *row = linear->weight + (gsize)neuron * p;
  self->scores[neuron] = score;
  for (gsize i = 0; i < p; i++)
    self->sum[i] += change * row[i];
}

static void
session_set_latent(PctDecoderSession *session, const float *z)
{
}

static void
session_draw(PctDecoderSession *session, float *image)
{
  const LinearSession *self = (const LinearSession *)session;
  gsize p = (gsize)session->decoder->height * (gsize)session->decoder->width;
  for (gsize i = 0; i < p; i++)
    image[i] = (float)self->sum[i];
}

static void
session_free(PctDecoderSession *session)
{
  LinearSession *self = (LinearSession *)session;
  g_free(self->scores);
  g_free(self->sum);
  g_free(self->scratch);
  g_free(self);
}

PctDecoderSession *
pct_linear_decoder_session_new(const PctDecoder *decoder, PctPool *pool)
{
  const PctLinearDecoder *linear = (const PctLinearDecoder *)decoder;
  gsize m = (gsize)decoder->n_neurons, p = (gsize)decoder->height * (gsize)decoder->width;
  LinearSession *self = g_new0(LinearSession, 1);
  self->session = (PctDecoderSession){ NULL, session_set_responses, session_set_response, session_set_latent,
                                       session_draw, session_free };
  self->pool = pool;
  self->scores = g_new0(double, m);
  self->sum = g_new0(double, p);
  self->scratch = g_new0(float, m + p);
  // Until somebody says otherwise every neuron answers as usual, and the picture is the mean image.
  for (gsize i = 0; i < p; i++)
    self->sum[i] = linear->mean_image[i];
  return &self->session;
}

void
pct_linear_decoder_save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctLinearDecoder *self = (const PctLinearDecoder *)decoder;
  gsize m = (gsize)decoder->n_neurons, shape[3] = { m, (gsize)decoder->height, (gsize)decoder->width };
  pct_tensors_add(tensors, "weight", self->weight, 3, shape);
  pct_tensors_add(tensors, "mean_image", self->mean_image, 2, shape + 1);
  pct_tensors_add_vector(tensors, "response_mean", self->response_mean, m);
  pct_tensors_add_vector(tensors, "response_scale", self->response_scale, m);
}

gboolean
pct_linear_decoder_load(PctLinearDecoder *self, const PctDecoderClass *klass, const PctTensors *tensors, GError **error)
{
  const PctTensor *weight = pct_tensors_find(tensors, "weight");
  if (!weight || weight->rank != 3 || weight->count == 0 || weight->shape[0] > G_MAXINT ||
      weight->shape[1] > G_MAXINT || weight->shape[2] > G_MAXINT) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_FORMAT,
                        _("There is no array “weight” of shape (neurons, height, width)."));
    return FALSE;
  }
  const gsize *shape = weight->shape;
  const PctTensor *image = pct_tensors_require(tensors, "mean_image", 2, shape + 1, error);
  const PctTensor *mean = image ? pct_tensors_require(tensors, "response_mean", 1, shape, error) : NULL;
  const PctTensor *scale = mean ? pct_tensors_require(tensors, "response_scale", 1, shape, error) : NULL;
  if (!scale)
    return FALSE;
  for (gsize i = 0; i < scale->count; i++)
    if (!(scale->values[i] > 0) || !isfinite(scale->values[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("The scale of neuron %zu is %g; a number above 0 was expected."), i, scale->values[i]);
      return FALSE;
    }
  if (!pct_linear_decoder_init(self, klass, (int)shape[0], (int)shape[1], (int)shape[2], error))
    return FALSE;
  memcpy(self->weight, weight->values, weight->count * sizeof(float));
  memcpy(self->mean_image, image->values, image->count * sizeof(float));
  memcpy(self->response_mean, mean->values, mean->count * sizeof(float));
  memcpy(self->response_scale, scale->values, scale->count * sizeof(float));
  return TRUE;
}
