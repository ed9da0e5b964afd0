// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/neuron-pictures.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "encode/gabor-field.h"
#include "encode/gradient-field.h"
#include "encode/mei.h"
#include "encode/spike-triggered.h"

const char *const pct_neuron_basis_names[] = { "mei", "gradient", "sta", "gabor", NULL };

PctModelNeeds
pct_neuron_basis_get_needs(PctNeuronBasis basis)
{
  return basis == PCT_BASIS_MEI ? PCT_NEEDS_MEIS : basis == PCT_BASIS_GRADIENT ? PCT_NEEDS_ENCODER : PCT_NEEDS_NOTHING;
}

static gboolean
report_phase(const PctRun *run, const char *phase, GError **error)
{
  PctProgress progress = { .phase = phase };
  return pct_run_report(run, &progress, error);
}

static gboolean
refuse(PctError code, const char *sentence, GError **error)
{
  g_set_error_literal(error, PCT_ERROR, code, sentence);
  return FALSE;
}

// Rows that are not ready, and neurons that the recording does not have, are passed over.
static gboolean
copy_meis(const PctFit *fit, float *pictures, GError **error)
{
  int m = pct_recording_get_n_neurons(fit->recording);
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  const PctMeiSet *set = fit->meis;
  gsize p = (gsize)height * (gsize)width;
  if (!set)
    return refuse(PCT_ERROR_UNSUPPORTED, _("A sum of most exciting inputs needs a set of them."), error);
  if (set->height != height || set->width != width) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("The most exciting inputs have %d × %d pixels, the recording’s images %d × %d."), set->width,
                set->height, width, height);
    return FALSE;
  }
  memset(pictures, 0, (gsize)m * p * sizeof(float));
  for (int row = 0; row < set->n; row++)
    if (set->neurons[row] >= 0 && set->neurons[row] < m && pct_mei_set_is_ready(set, row))
      memcpy(pictures + (gsize)set->neurons[row] * p, set->images + (gsize)row * p, p * sizeof(float));
  return TRUE;
}

static gboolean
find_gradients(const PctFit *fit, float *pictures, const PctRun *run, GError **error)
{
  int m = pct_recording_get_n_neurons(fit->recording);
  if (!fit->encoder)
    return refuse(PCT_ERROR_UNSUPPORTED, _("A sum of an encoder’s receptive fields needs the encoder."), error);
  const PctEncoderDesign *design = pct_encoder_get_design(fit->encoder);
  if (design->n_neurons != m || design->height != pct_recording_get_height(fit->recording) ||
      design->width != pct_recording_get_width(fit->recording)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("The encoder is for %d neurons and images of %d × %d pixels, the recording has %d and %d × %d."),
                design->n_neurons, design->width, design->height, m, pct_recording_get_width(fit->recording),
                pct_recording_get_height(fit->recording));
    return FALSE;
  }
  g_autofree int *neurons = g_new(int, m);
  for (int i = 0; i < m; i++)
    neurons[i] = i;
  return report_phase(run, _("Asking the encoder for its receptive fields"), error) &&
         pct_gradient_fields(fit->encoder, fit->statistics->image_mean, neurons, (gsize)m, pictures, NULL, run, error);
}

// What the responses themselves say.
static gboolean
find_fields(PctNeuronBasis basis, const PctFit *fit, float *pictures, const PctRun *run, GError **error)
{
  g_autofree int *fitted_trials = NULL, *held_trials = NULL;
  int n_fitted, n_held;
  pct_tier_means_split(fit->recording, &fitted_trials, &n_fitted, &held_trials, &n_held);
  if (!report_phase(run, _("Averaging images by response"), error))
    return FALSE;
  g_autoptr(PctTierMeans) fitted =
    pct_tier_means_new(fit->recording, fit->statistics, fitted_trials, n_fitted, run, error);
  g_autoptr(PctTierMeans) held =
    fitted ? pct_tier_means_new(fit->recording, fit->statistics, held_trials, n_held, run, error) : NULL;
  if (!held)
    return FALSE;
  if (basis == PCT_BASIS_STA)
    return report_phase(run, _("Taking out the images’ own correlations"), error) &&
           pct_spike_triggered_decorrelate(fitted, held, pictures, NULL, NULL, run, error);
  g_autofree PctGaborFit *gabors = g_new0(PctGaborFit, pct_recording_get_n_neurons(fit->recording));
  return pct_gabor_fit(fit->recording, fit->statistics, fitted, held, gabors, run, error) &&
         report_phase(run, _("Drawing each neuron’s Gabor"), error) &&
         pct_gabor_fields(gabors, fitted, pct_recording_get_height(fit->recording),
                          pct_recording_get_width(fit->recording), pictures, run, error);
}

gboolean
pct_neuron_pictures(PctNeuronBasis basis, const PctFit *fit, float *pictures, const PctRun *run, GError **error)
{
  gsize n = (gsize)pct_recording_get_n_neurons(fit->recording) * (gsize)pct_recording_get_height(fit->recording) *
            (gsize)pct_recording_get_width(fit->recording);
  if (!(basis == PCT_BASIS_MEI        ? copy_meis(fit, pictures, error)
        : basis == PCT_BASIS_GRADIENT ? find_gradients(fit, pictures, run, error)
                                      : find_fields(basis, fit, pictures, run, error)))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (pictures[i] != 0)
      return TRUE;
  return refuse(PCT_ERROR_UNSUPPORTED, _("Not one neuron of the recording has a picture to add up."), error);
}
