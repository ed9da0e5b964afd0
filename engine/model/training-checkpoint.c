// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "model/training-checkpoint.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"

#define FILE_NAME "optimizer.safetensors"

gboolean
pct_training_checkpoint_save(PctTensors *tensors, const PctTrainingCurves *curves, PctTrainingPlace place,
                             const char *folder, GError **error)
{
  const struct {
    const char *name;
    double value;
  } numbers[] = { { "step", (double)place.step }, { "best_value", place.best_value }, { "best_epoch", place.best_epoch } };
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    pct_tensors_set_metadata(tensors, numbers[i].name, g_ascii_dtostr(text, sizeof text, numbers[i].value));
  }
  pct_training_curves_save(curves, tensors);
  g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
  g_autofree char *csv = g_build_filename(folder, "curves.csv", NULL);
  return pct_safetensors_save(tensors, path, error) && pct_training_curves_save_csv(curves, csv, error);
}

PctTensors *
pct_training_checkpoint_open(const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
  return pct_safetensors_load(path, error);
}

gboolean
pct_training_checkpoint_read(const PctTensors *tensors, PctTrainingCurves *curves, const PctTrainingSchedule *schedule,
                             PctTrainingPlace *place, GError **error)
{
  double step;
  if (!pct_training_curves_load(curves, tensors, error) || !pct_tensors_require_number(tensors, "step", &step, error) ||
      !pct_tensors_require_number(tensors, "best_value", &place->best_value, error) ||
      !pct_tensors_require_number(tensors, "best_epoch", &place->best_epoch, error))
    return FALSE;
  if (!pct_training_schedule_is_between_epochs(schedule, step)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is the checkpoint of a longer training."),
                pct_tensors_get_source(tensors));
    return FALSE;
  }
  place->step = (gint64)step;
  return TRUE;
}
