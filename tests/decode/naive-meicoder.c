// SPDX-License-Identifier: GPL-3.0-or-later
#include "naive-meicoder.h"
#include <math.h>

// What neuron n's picture is multiplied by at pixel j for channel c.
static double
factor(const PctMeicoderSizes *s, const PctParameters *parameters, int n, double z, int j, int c)
{
  if (s->front == PCT_MEICODER_CODES) {
    double linear = pct_parameters_find(parameters, "codes.linear")[n * s->channels + c];
    double even = pct_parameters_find(parameters, "codes.even")[n * s->channels + c];
    return linear * z + even * (sqrt(1 + z * z) - 1.3545308);
  }
  const float *embedding = pct_parameters_find(parameters, "embedding.weight") + n * 32;
  const float *hidden = pct_parameters_find(parameters, "hidden.weight");
  const float *hidden_bias = pct_parameters_find(parameters, "hidden.bias");
  const float *mask = pct_parameters_find(parameters, "mask.weight") + j * 128;
  double sum = pct_parameters_find(parameters, "mask.bias")[j];
  for (int k = 0; k < 128; k++) {
    double unit = hidden_bias[k] + hidden[k * 33] * z;
    for (int e = 0; e < 32; e++)
      unit += (double)hidden[k * 33 + 1 + e] * embedding[e];
    sum += unit > 0 ? mask[k] * unit : 0;
  }
  return sum * pct_parameters_find(parameters, "gather.weight")[c * s->n_neurons + n];
}

void
naive_meicoder_context(const PctMeicoderSizes *s, const PctParameters *parameters, const float *meis, const float *z,
                       int batch, double *context)
{
  int p = s->height * s->width;
  for (int b = 0; b < batch; b++)
    for (int j = 0; j < p; j++)
      for (int c = 0; c < s->channels; c++) {
        double sum = 0;
        for (int n = 0; n < s->n_neurons; n++)
          sum += factor(s, parameters, n, z[b * s->n_neurons + n], j, c) * meis[n * p + j];
        context[(b * p + j) * s->channels + c] = sum;
      }
}
