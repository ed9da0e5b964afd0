// SPDX-License-Identifier: GPL-3.0-or-later
// Receptive fields to disk and back. The reader believes nothing: shapes come from one array and bind the others, and
// a Gabor is either wholly NAN (none was found) or within the ranges that its documentation promises.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "encode/receptive-field.h"
#include "nn/safetensors.h"

#define N_COLUMNS 13

static void
gabor_to_row(const PctGaborFit *fit, float row[N_COLUMNS])
{
  const PctGabor *g = &fit->gabor;
  double values[N_COLUMNS] = { fit->kind, g->x, g->y, g->orientation, g->frequency, g->size, g->aspect, g->phase,
                               fit->amplitude, fit->offset, fit->drive_scale, fit->train_correlation,
                               fit->validation_correlation };
  for (int i = 0; i < N_COLUMNS; i++)
    row[i] = (float)values[i];
}

static gboolean
gabor_from_row(const float row[N_COLUMNS], PctGaborFit *fit)
{
  if (row[0] != PCT_GABOR_SIMPLE && row[0] != PCT_GABOR_ENERGY)
    return FALSE;
  *fit = (PctGaborFit){ .kind = (PctGaborKind)row[0],
                        .gabor = { row[1], row[2], row[3], row[4], row[5], row[6], row[7] },
                        .amplitude = row[8], .offset = row[9], .drive_scale = row[10],
                        .train_correlation = row[11], .validation_correlation = row[12] };
  gboolean none = TRUE, finite = TRUE;
  for (int i = 1; i < 11; i++) {
    none = none && isnan(row[i]);
    finite = finite && isfinite(row[i]);
  }
  const PctGabor *g = &fit->gabor;
  // Rounding to float may reach the open ends of the angles.
  gboolean ranges = finite && g->orientation >= 0 && g->orientation <= 180 && g->phase >= 0 && g->phase <= 360 &&
                    g->frequency > 0 && g->size > 0 && g->aspect > 0 && fit->drive_scale > 0;
  for (int i = 11; i < 13; i++)
    ranges = ranges && (isnan(row[i]) || fabs(row[i]) <= 1.0001);
  return none || ranges;
}

gboolean
pct_receptive_fields_save(const PctReceptiveFields *fields, const char *fingerprint, const char *path, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  gsize m = (gsize)fields->n_neurons, shape[] = { m, (gsize)fields->height, (gsize)fields->width };
  pct_tensors_add(tensors, "sta", fields->sta, 3, shape);
  pct_tensors_add(tensors, "decorrelated", fields->decorrelated, 3, shape);
  pct_tensors_add_vector(tensors, "linear_correlation", fields->linear_correlation, m);
  pct_tensors_add_vector(tensors, "x", fields->x, m);
  pct_tensors_add_vector(tensors, "y", fields->y, m);
  pct_tensors_add_vector(tensors, "spread", fields->spread, m);
  float *rows = g_new(float, m * N_COLUMNS);
  for (gsize i = 0; i < m; i++)
    gabor_to_row(&fields->gabors[i], rows + i * N_COLUMNS);
  gsize table[] = { m, N_COLUMNS };
  pct_tensors_add_take(tensors, "gabors", rows, 2, table);
  char penalty[G_ASCII_DTOSTR_BUF_SIZE];
  pct_tensors_set_metadata(tensors, "penalty", g_ascii_dtostr(penalty, sizeof penalty, fields->penalty));
  pct_tensors_set_metadata(tensors, "held_out", fields->held_out ? "true" : "false");
  if (fingerprint)
    pct_tensors_set_metadata(tensors, "recording", fingerprint);
  return pct_safetensors_save(tensors, path, error);
}

// A copy of the named array, or NULL.
static float *
dup_array(const PctTensors *tensors, const char *name, int rank, const gsize *shape, GError **error)
{
  const PctTensor *tensor = pct_tensors_require(tensors, name, rank, shape, error);
  return tensor ? g_memdup2(tensor->values, tensor->count * sizeof(float)) : NULL;
}

static gboolean
read_gabors(PctReceptiveFields *fields, const PctTensors *tensors, const char *path, GError **error)
{
  gsize shape[] = { (gsize)fields->n_neurons, N_COLUMNS };
  const PctTensor *table = pct_tensors_require(tensors, "gabors", 2, shape, error);
  if (!table)
    return FALSE;
  fields->gabors = g_new(PctGaborFit, fields->n_neurons);
  for (int i = 0; i < fields->n_neurons; i++)
    if (!gabor_from_row(table->values + (gsize)i * N_COLUMNS, &fields->gabors[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” holds a Gabor for neuron %d whose numbers no Gabor can have."), path, i);
      return FALSE;
    }
  return TRUE;
}

PctReceptiveFields *
pct_receptive_fields_load(const char *path, const char *fingerprint, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  if (!tensors)
    return NULL;
  const char *recording = pct_tensors_get_metadata(tensors, "recording");
  if (fingerprint && g_strcmp0(recording, fingerprint) != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” holds the receptive fields of another recording."), path);
    return NULL;
  }
  const PctTensor *sta = pct_tensors_find(tensors, "sta");
  const char *penalty = pct_tensors_get_metadata(tensors, "penalty");
  if (!sta || sta->rank != 3 || sta->count == 0 || sta->shape[0] > G_MAXINT32 || sta->shape[1] > G_MAXINT32 ||
      sta->shape[2] > G_MAXINT32 || !penalty) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” does not hold receptive fields: an array “sta” of neurons, rows and columns was expected."),
                path);
    return NULL;
  }
  g_autoptr(PctReceptiveFields) fields = g_new0(PctReceptiveFields, 1);
  fields->n_neurons = (int)sta->shape[0];
  fields->height = (int)sta->shape[1];
  fields->width = (int)sta->shape[2];
  fields->penalty = g_ascii_strtod(penalty, NULL);
  fields->held_out = g_strcmp0(pct_tensors_get_metadata(tensors, "held_out"), "true") == 0;
  const gsize *shape = sta->shape;
  if (!(fields->sta = dup_array(tensors, "sta", 3, shape, error)) ||
      !(fields->decorrelated = dup_array(tensors, "decorrelated", 3, shape, error)) ||
      !(fields->linear_correlation = dup_array(tensors, "linear_correlation", 1, shape, error)) ||
      !(fields->x = dup_array(tensors, "x", 1, shape, error)) ||
      !(fields->y = dup_array(tensors, "y", 1, shape, error)) ||
      !(fields->spread = dup_array(tensors, "spread", 1, shape, error)) ||
      !read_gabors(fields, tensors, path, error))
    return NULL;
  return g_steal_pointer(&fields);
}
