// SPDX-License-Identifier: GPL-3.0-or-later
// The front end of codes: 2 C learned numbers a neuron. Codes lie neurons first, (M,B*C), and gathered pictures pixels
// first, (P,B*C), so that either way is one matrix product with the MEIs as they are.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "decode/meicoder-front.h"

#define EVEN_MEAN 1.3545308f  // of sqrt(1 + z^2), z ~ N(0,1)

static inline float
even_of(float z)
{
  return sqrtf(1 + z * z) - EVEN_MEAN;
}

static gsize
scratch(const PctMeicoderSizes *s, gsize batch)
{
  gsize m = (gsize)s->n_neurons, p = (gsize)s->height * (gsize)s->width, c = (gsize)s->channels;
  return (m + p) * batch * c + p + c;
}

typedef struct {
  const PctMeicoderFront *front;
  const float *z, *linear, *even;
  gsize batch;
  float *codes;
  float *d_linear, *d_even, *d_z;  // backward
} Codes;

static void
code_neurons(gsize first, gsize end, guint thread, gpointer data)
{
  const Codes *a = data;
  gsize c = a->front->c, m = a->front->m;
  for (gsize n = first; n < end; n++)
    for (gsize b = 0; b < a->batch; b++) {
      float z = a->z[b * m + n], even = even_of(z), *code = a->codes + (n * a->batch + b) * c;
      for (gsize k = 0; k < c; k++)
        code[k] = a->linear[n * c + k] * z + a->even[n * c + k] * even;
    }
}

static void
code_neurons_backward(gsize first, gsize end, guint thread, gpointer data)
{
  const Codes *a = data;
  gsize c = a->front->c, m = a->front->m;
  for (gsize n = first; n < end; n++)
    for (gsize b = 0; b < a->batch; b++) {
      float z = a->z[b * m + n], even = even_of(z), slope = z / sqrtf(1 + z * z), sum = 0;
      const float *d_code = a->codes + (n * a->batch + b) * c;
      for (gsize k = 0; k < c; k++) {
        if (a->d_linear) {
          a->d_linear[n * c + k] += d_code[k] * z;
          a->d_even[n * c + k] += d_code[k] * even;
        }
        sum += d_code[k] * (a->linear[n * c + k] + a->even[n * c + k] * slope);
      }
      if (a->d_z)
        a->d_z[b * m + n] = sum;
    }
}

#define NEURONS_A_CHUNK 64

// (P,B,C) to (B,P,C) and back.
static void
exchange(const float *from, gsize rows, gsize columns, gsize c, float *to)
{
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < columns; j++)
      memcpy(to + (j * rows + i) * c, from + (i * columns + j) * c, c * sizeof(float));
}

static Codes
codes_of(const PctMeicoderFront *front, const PctParameters *parameters, const float *z, gsize batch)
{
  return (Codes){ .front = front, .z = z, .batch = batch, .codes = front->scratch,
                  .linear = pct_parameters_find(parameters, "codes.linear"),
                  .even = pct_parameters_find(parameters, "codes.even") };
}

static gboolean
forward(PctMeicoderFront *front, const PctParameters *parameters, const float *z, gsize batch, float *context,
        const PctRun *run, GError **error)
{
  gsize m = front->m, p = front->p, wide = batch * front->c;
  Codes codes = codes_of(front, parameters, z, batch);
  float *gathered = codes.codes + m * wide;
  pct_parallel_for(front->pool, m, NEURONS_A_CHUNK, code_neurons, &codes);
  pct_gemm(front->pool, TRUE, FALSE, p, wide, m, 1, front->meis, p, codes.codes, wide, 0, gathered, wide);
  exchange(gathered, p, batch, front->c, context);
  return pct_run_step(run, 0, 0, error);
}

static gboolean
backward(PctMeicoderFront *front, const PctParameters *parameters, const float *z, gsize batch, const float *d_context,
         float *gradients, float *d_z, const PctRun *run, GError **error)
{
  gsize m = front->m, p = front->p, wide = batch * front->c;
  Codes codes = codes_of(front, parameters, z, batch);
  codes.d_linear = pct_meicoder_front_gradient(parameters, "codes.linear", gradients);
  codes.d_even = pct_meicoder_front_gradient(parameters, "codes.even", gradients);
  codes.d_z = d_z;
  float *gathered = codes.codes + m * wide;
  exchange(d_context, batch, p, front->c, gathered);
  pct_gemm(front->pool, FALSE, FALSE, m, wide, p, 1, front->meis, p, gathered, wide, 0, codes.codes, wide);
  pct_parallel_for(front->pool, m, NEURONS_A_CHUNK, code_neurons_backward, &codes);
  return pct_run_step(run, 0, 0, error);
}

static void
change(PctMeicoderFront *front, const PctParameters *parameters, gsize neuron, float z_before, float z, float *picture,
       float *channels)
{
  gsize c = front->c;
  Codes codes = codes_of(front, parameters, NULL, 1);
  memcpy(picture, front->meis + neuron * front->p, front->p * sizeof(float));
  for (gsize k = 0; k < c; k++)
    channels[k] = codes.linear[neuron * c + k] * (z - z_before) +
                  codes.even[neuron * c + k] * (even_of(z) - even_of(z_before));
}

const PctMeicoderFrontClass pct_meicoder_codes_front = { scratch, forward, backward, change };
