// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/neuron-facts.h"
#include <math.h>

// values stride apart; NULL: the column becomes unknown.
static void
set(double *columns[PCT_N_COLUMNS], PctNeuronColumn column, const float *values, int n, int stride)
{
  g_clear_pointer(&columns[column], g_free);
  if (!values)
    return;
  columns[column] = g_new(double, n);
  for (int i = 0; i < n; i++)
    columns[column][i] = values[(gsize)i * (gsize)stride];
}

void
pct_neuron_facts_of_recording(const PctOpened *opened, const PctNeuronLabels *labels, double *columns[PCT_N_COLUMNS])
{
  int m = pct_recording_get_n_neurons(opened->recording), dimensions;
  const float *positions = pct_recording_get_cell_positions(opened->recording, &dimensions);
  columns[PCT_COLUMN_NUMBER] = g_new(double, m);
  columns[PCT_COLUMN_UNIT_ID] = g_new(double, m);
  for (int i = 0; i < m; i++) {
    columns[PCT_COLUMN_NUMBER][i] = i;
    columns[PCT_COLUMN_UNIT_ID][i] = (double)pct_recording_get_unit_id(opened->recording, i);
  }
  for (int d = 0; positions && d < MIN(dimensions, 3); d++)
    set(columns, PCT_COLUMN_X + d, positions + d, m, dimensions);
  for (PctNeuronColumn column = PCT_COLUMN_AREA; column <= PCT_COLUMN_LAYER; column++) {
    const double *values = pct_neuron_labels_get_values(labels, column);
    columns[column] = values ? g_memdup2(values, (gsize)m * sizeof *values) : NULL;
  }
  set(columns, PCT_COLUMN_DEPTH, pct_recording_get_cell_depth(opened->recording), m, 1);
  set(columns, PCT_COLUMN_MEAN, opened->statistics->response_mean, m, 1);
  set(columns, PCT_COLUMN_STD, opened->statistics->response_std, m, 1);
}

void
pct_neuron_facts_of_reliability(const PctReliability *reliability, double *columns[PCT_N_COLUMNS])
{
  set(columns, PCT_COLUMN_RELIABILITY, reliability->oracle, reliability->n_neurons, 1);
  set(columns, PCT_COLUMN_EXPLAINABLE_VARIANCE, reliability->explainable_variance, reliability->n_neurons, 1);
}

void
pct_neuron_facts_of_score(const PctPredictionScore *score, double *columns[PCT_N_COLUMNS])
{
  static const PctNeuronColumn of_measure[PCT_N_PREDICTION_MEASURES] = {
    [PCT_PREDICTION_SINGLE] = PCT_COLUMN_CORRELATION,
    [PCT_PREDICTION_AVERAGED] = PCT_COLUMN_CORRELATION_AVERAGED,
    [PCT_PREDICTION_CC_NORM] = PCT_COLUMN_CC_NORM,
    [PCT_PREDICTION_FEVE] = PCT_COLUMN_FEVE,
  };
  for (int i = 0; i < PCT_N_PREDICTION_MEASURES; i++) {
    // Nothing was measured where there are no trials, and nothing of means where no image came twice.
    gboolean measured = i == PCT_PREDICTION_SINGLE ? score->n_trials > 0 : score->n_repeated > 0;
    set(columns, of_measure[i], measured ? score->values[i] : NULL, score->n_neurons, 1);
  }
}

void
pct_neuron_facts_of_fields(const PctReceptiveFields *fields, double *columns[PCT_N_COLUMNS])
{
  int m = fields->n_neurons;
  set(columns, PCT_COLUMN_RF_X, fields->x, m, 1);
  set(columns, PCT_COLUMN_RF_Y, fields->y, m, 1);
  set(columns, PCT_COLUMN_RF_SIZE, fields->spread, m, 1);
  for (PctNeuronColumn column = PCT_COLUMN_ORIENTATION; column <= PCT_COLUMN_GABOR_KIND; column++) {
    g_free(columns[column]);
    columns[column] = g_new(double, m);
  }
  for (int i = 0; i < m; i++) {
    const PctGaborFit *fit = &fields->gabors[i];
    gboolean fitted = isfinite(fit->gabor.x);
    columns[PCT_COLUMN_ORIENTATION][i] = fit->gabor.orientation;
    columns[PCT_COLUMN_FREQUENCY][i] = fit->gabor.frequency;
    columns[PCT_COLUMN_GABOR_SIZE][i] = fit->gabor.size;
    columns[PCT_COLUMN_ASPECT][i] = fit->gabor.aspect;
    columns[PCT_COLUMN_PHASE][i] = fit->kind == PCT_GABOR_SIMPLE ? fit->gabor.phase : NAN;
    columns[PCT_COLUMN_GABOR_FIT][i] = fit->validation_correlation;
    columns[PCT_COLUMN_GABOR_KIND][i] = !fitted ? NAN : fit->kind == PCT_GABOR_SIMPLE ? 0 : 1;
  }
}

void
pct_neuron_facts_of_meis(PctMeis *meis, int n_neurons, double *columns[PCT_N_COLUMNS])
{
  pct_neuron_facts_forget(PCT_COLUMNS_OF_MEIS, columns);
  double *response = columns[PCT_COLUMN_MEI_RESPONSE] = g_new(double, n_neurons);
  double *gain = columns[PCT_COLUMN_MEI_GAIN] = g_new(double, n_neurons);
  for (int i = 0; i < n_neurons; i++)
    response[i] = gain[i] = NAN;
  for (int row = 0; row < pct_meis_get_n_rows(meis); row++)
    if (pct_meis_is_ready(meis, row)) {
      int neuron = pct_meis_get_neuron(meis, row);
      double baseline = pct_meis_get_baseline(meis, row);
      response[neuron] = pct_meis_get_activation(meis, row);
      gain[neuron] = baseline > 0 ? response[neuron] / baseline : NAN;
    }
}

void
pct_neuron_facts_forget(PctNeuronColumns which, double *columns[PCT_N_COLUMNS])
{
  for (guint i = 0; i < PCT_N_COLUMNS; i++)
    if (which & PCT_COLUMN_BIT(i))
      g_clear_pointer(&columns[i], g_free);
}

gboolean
pct_neuron_facts_find_repeats(const PctRecording *recording, PctTier *tier)
{
  static const PctTier order[] = { PCT_TIER_TEST, PCT_TIER_VALIDATION, PCT_TIER_TRAIN };
  for (guint k = 0; k < G_N_ELEMENTS(order); k++) {
    int n;
    const int *images = pct_recording_get_tier_images(recording, order[k], &n);
    for (int i = 0; i < n; i++) {
      int n_trials, n_here = 0;
      const int *trials = pct_recording_get_image_trials(recording, images[i], &n_trials);
      // An image may be in two tiers.
      for (int t = 0; t < n_trials; t++)
        n_here += pct_recording_get_trial_tier(recording, trials[t]) == order[k];
      if (n_here > 1) {
        *tier = order[k];
        return TRUE;
      }
    }
  }
  return FALSE;
}
