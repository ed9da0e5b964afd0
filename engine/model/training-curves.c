// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "model/training-curves.h"
#include <glib/gi18n-lib.h>
#include "base/atomic-file.h"
#include "base/error.h"

#define TENSOR "training.curves"

struct _PctTrainingCurves {
  guint n_names;
  PctFigure *figures;  // (n_names,)
  GArray *values;      // float, rows x n_names
};

PctTrainingCurves *
pct_training_curves_new(const char *const *names, guint n_names)
{
  PctTrainingCurves *curves = g_new0(PctTrainingCurves, 1);
  curves->n_names = n_names;
  curves->figures = g_new0(PctFigure, n_names);
  for (guint i = 0; i < n_names; i++)
    curves->figures[i].name = names[i];
  curves->values = g_array_new(FALSE, FALSE, sizeof(float));
  return curves;
}

void
pct_training_curves_free(PctTrainingCurves *curves)
{
  if (!curves)
    return;
  g_free(curves->figures);
  g_array_unref(curves->values);
  g_free(curves);
}

void
pct_training_curves_append(PctTrainingCurves *curves, const double *values)
{
  for (guint i = 0; i < curves->n_names; i++) {
    float value = (float)values[i];
    g_array_append_val(curves->values, value);
  }
}

const PctFigure *
pct_training_curves_get_last(PctTrainingCurves *curves, guint *n)
{
  *n = 0;
  if (curves->values->len == 0)
    return NULL;
  guint first = curves->values->len - curves->n_names;
  for (guint i = 0; i < curves->n_names; i++)
    curves->figures[i].value = g_array_index(curves->values, float, first + i);
  *n = curves->n_names;
  return curves->figures;
}

gboolean
pct_training_curves_save_csv(const PctTrainingCurves *curves, const char *path, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < curves->n_names; i++)
    g_string_append_printf(text, "%s%s", i ? "," : "", curves->figures[i].name);
  for (guint i = 0; i < curves->values->len; i++) {
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.6g", g_array_index(curves->values, float, i));
    g_string_append_printf(text, "%c%s", i % curves->n_names ? ',' : '\n', number);
  }
  g_string_append_c(text, '\n');
  return pct_atomic_file_set(path, text->str, text->len, error);
}

void
pct_training_curves_save(const PctTrainingCurves *curves, PctTensors *tensors)
{
  gsize shape[] = { curves->values->len / curves->n_names, curves->n_names };
  pct_tensors_add(tensors, TENSOR, (const float *)(gpointer)curves->values->data, 2, shape);
}

gboolean
pct_training_curves_load(PctTrainingCurves *curves, const PctTensors *tensors, GError **error)
{
  const PctTensor *tensor = pct_tensors_find(tensors, TENSOR);
  if (!tensor || tensor->rank != 2 || tensor->shape[1] != curves->n_names) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The checkpoint has no curves that fit this model."));
    return FALSE;
  }
  g_array_set_size(curves->values, 0);
  g_array_append_vals(curves->values, tensor->values, (guint)tensor->count);
  return TRUE;
}
