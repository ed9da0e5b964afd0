// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/meicoder-front.h"
#include "base/blas.h"

PctMeicoderFront *
pct_meicoder_front_new(const PctMeicoderNetwork *network, const float *meis, int max_batch, PctPool *pool, GError **error)
{
  const PctMeicoderSizes *sizes = &network->sizes;
  const PctMeicoderFrontClass *klass =
    sizes->front == PCT_MEICODER_CODES ? &pct_meicoder_codes_front : &pct_meicoder_paper_front;
  float *scratch = pct_aligned_new(klass->scratch(sizes, (gsize)max_batch), error);
  if (!scratch)
    return NULL;
  PctMeicoderFront *front = g_new0(PctMeicoderFront, 1);
  *front = (PctMeicoderFront){ .klass = klass, .sizes = sizes, .m = (gsize)sizes->n_neurons,
                               .p = (gsize)sizes->height * (gsize)sizes->width, .c = (gsize)sizes->channels,
                               .max_batch = (gsize)max_batch, .meis = meis, .pool = pool, .scratch = scratch };
  return front;
}

void
pct_meicoder_front_free(PctMeicoderFront *front)
{
  if (!front)
    return;
  pct_aligned_free(front->scratch);
  g_free(front);
}

gboolean
pct_meicoder_front_forward(PctMeicoderFront *front, const PctParameters *parameters, const float *z, int batch,
                           float *context, const PctRun *run, GError **error)
{
  g_return_val_if_fail(batch > 0 && (gsize)batch <= front->max_batch, FALSE);
  return front->klass->forward(front, parameters, z, (gsize)batch, context, run, error);
}

gboolean
pct_meicoder_front_backward(PctMeicoderFront *front, const PctParameters *parameters, const float *z, int batch,
                            const float *d_context, float *gradients, float *d_z, const PctRun *run, GError **error)
{
  g_return_val_if_fail(batch > 0 && (gsize)batch <= front->max_batch, FALSE);
  return front->klass->backward(front, parameters, z, (gsize)batch, d_context, gradients, d_z, run, error);
}

void
pct_meicoder_front_change(PctMeicoderFront *front, const PctParameters *parameters, int neuron, float z_before, float z,
                          double *context)
{
  float *picture = front->scratch, *channels = picture + front->p;
  front->klass->change(front, parameters, (gsize)neuron, z_before, z, picture, channels);
  for (gsize j = 0; j < front->p; j++)
    for (gsize c = 0; c < front->c; c++)
      context[j * front->c + c] += (double)picture[j] * channels[c];
}
