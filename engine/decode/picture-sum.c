// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/picture-sum.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/blas.h"
#include "decode/grey-map.h"

const char *const pct_sum_mapping_names[] = { "literal", "affine", "zscored", NULL };

typedef struct {
  PctLinearDecoder linear;
  float gain, offset;  // 1 and 0 where there is no map
} PctPictureSum;

void
pct_picture_sum_free(PctDecoder *decoder)
{
  pct_linear_decoder_clear((PctLinearDecoder *)decoder);
  g_free(decoder);
}

// A most exciting input is a pattern on grey, the same grey for every neuron. Summed up, that grey is the population's
// mean response, brighter than all patterns together: the best gain of such a sum even comes out negative. So whatever
// is mapped to grey levels is a sum of patterns alone.
static void
take_out_grey(PctLinearDecoder *self)
{
  gsize m = (gsize)self->decoder.n_neurons, p = (gsize)self->decoder.height * (gsize)self->decoder.width;
  for (gsize i = 0; i < m; i++) {
    float *row = self->weight + i * p;
    double sum = 0;
    for (gsize j = 0; j < p; j++)
      sum += row[j];
    for (gsize j = 0; j < p; j++)
      row[j] = (float)(row[j] - sum / (double)p);
  }
}

// weight: from B_i to what a standard deviation of neuron i adds to S. base (H,W): S at the mean responses, where R
// is not z-scored.
static void
weigh(PctLinearDecoder *self, PctSumMapping mapping, float *base)
{
  gsize m = (gsize)self->decoder.n_neurons, p = (gsize)self->decoder.height * (gsize)self->decoder.width;
  g_autofree double *sum = g_new0(double, p);
  for (gsize i = 0; i < m; i++) {
    double scale = mapping == PCT_MAPPING_ZSCORED ? 1 : self->response_scale[i], mean = self->response_mean[i];
    float *row = self->weight + i * p;
    for (gsize j = 0; j < p; j++) {
      sum[j] += mean * row[j] / (double)m;
      row[j] = (float)(scale * row[j] / (double)m);
    }
  }
  for (gsize j = 0; j < p; j++)
    base[j] = (float)sum[j];
}

static gboolean
fit_map(PctPictureSum *self, PctSumMapping mapping, const float *base, const PctFit *fit, const PctRun *run,
        GError **error)
{
  PctLinearDecoder *linear = &self->linear;
  gsize m = (gsize)linear->decoder.n_neurons, p = (gsize)linear->decoder.height * (gsize)linear->decoder.width;
  int n;
  const int *trials = pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &n);
  g_auto(PctTrialRows) train = { 0 };
  PctProgress phase = { .phase = _("Fitting the map to grey levels") };
  PctGreyMap map;
  if (!pct_run_report(run, &phase, error) ||
      !pct_trial_rows_read(&train, fit->recording, fit->statistics, trials, (gsize)n, run, error) ||
      !pct_grey_map_fit(&map, &train, linear->weight, m, p, mapping == PCT_MAPPING_ZSCORED ? NULL : base,
                        fit->statistics->mean_image, run, error))
    return FALSE;
  self->gain = (float)map.gain;
  self->offset = (float)map.offset;
  PctFigure figures[] = { { "gain", map.gain }, { "offset", map.offset } };
  PctProgress progress = { .figures = figures, .n_figures = G_N_ELEMENTS(figures) };
  return pct_run_report(run, &progress, error);
}

PctDecoder *
pct_picture_sum_fit(const PctDecoderClass *klass, PctNeuronBasis basis, PctSumMapping mapping, const PctFit *fit,
                    const PctRun *run, GError **error)
{
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  gsize m = (gsize)pct_recording_get_n_neurons(fit->recording), p = (gsize)height * (gsize)width;
  PctPictureSum *self = g_new0(PctPictureSum, 1);
  PctLinearDecoder *linear = &self->linear;
  gboolean made = pct_linear_decoder_init(linear, klass, (int)m, height, width, error);
  g_autoptr(PctDecoder) decoder = &linear->decoder;
  if (!made || !pct_neuron_pictures(basis, fit, linear->weight, run, error))
    return NULL;
  pct_linear_decoder_set_statistics(linear, fit->statistics);
  if (basis == PCT_BASIS_MEI && mapping != PCT_MAPPING_LITERAL)
    take_out_grey(linear);
  g_autofree float *base = g_new(float, p);
  weigh(linear, mapping, base);
  self->gain = 1;
  if (mapping != PCT_MAPPING_LITERAL && !fit_map(self, mapping, base, fit, run, error))
    return NULL;
  for (gsize j = 0; j < m * p; j++)
    linear->weight[j] *= self->gain;
  for (gsize j = 0; j < p && mapping != PCT_MAPPING_ZSCORED; j++)
    linear->mean_image[j] = self->gain * base[j] + self->offset;
  return pct_run_step(run, 1, 1, error) ? g_steal_pointer(&decoder) : NULL;
}

void
pct_picture_sum_save(const PctDecoder *decoder, PctTensors *tensors)
{
  const PctPictureSum *self = (const PctPictureSum *)decoder;
  pct_linear_decoder_save(decoder, tensors);
  pct_tensors_add(tensors, "gain", &self->gain, 0, NULL);
  pct_tensors_add(tensors, "offset", &self->offset, 0, NULL);
}

PctDecoder *
pct_picture_sum_load(const PctDecoderClass *klass, const PctTensors *tensors, GError **error)
{
  PctPictureSum *self = g_new0(PctPictureSum, 1);
  gboolean made = pct_linear_decoder_load(&self->linear, klass, tensors, error);
  const PctTensor *gain = made ? pct_tensors_require(tensors, "gain", 0, NULL, error) : NULL;
  const PctTensor *offset = gain ? pct_tensors_require(tensors, "offset", 0, NULL, error) : NULL;
  if (!offset) {
    pct_picture_sum_free(&self->linear.decoder);
    return NULL;
  }
  self->gain = gain->values[0];
  self->offset = offset->values[0];
  return &self->linear.decoder;
}
