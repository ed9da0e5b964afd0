// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "decode/cgan-training.h"

gboolean
pct_cgan_save_checkpoint(const PctCganTraining *t, GError **error)
{
  if (!t->fit->folder)
    return TRUE;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_parameters_save(t->generator, "generator.", tensors);
  pct_parameters_save(t->discriminator, "discriminator.", tensors);
  pct_parameters_save(t->average, "average.", tensors);
  pct_parameters_save(t->best, "best.", tensors);
  pct_optimizer_save(t->generator_optimizer, "generator_optimizer.", tensors);
  pct_optimizer_save(t->discriminator_optimizer, "discriminator_optimizer.", tensors);
  pct_training_curves_save(t->curves, tensors);
  // A double each in text, which float32 could not hold exactly.
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  pct_tensors_set_metadata(tensors, "step", g_ascii_dtostr(number, sizeof number, (double)t->step));
  pct_tensors_set_metadata(tensors, "best_value", g_ascii_dtostr(number, sizeof number, t->best_value));
  pct_tensors_set_metadata(tensors, "best_epoch", g_ascii_dtostr(number, sizeof number, t->best_epoch));
  g_autofree char *path = g_build_filename(t->fit->folder, "optimizer.safetensors", NULL);
  g_autofree char *curves = g_build_filename(t->fit->folder, "curves.csv", NULL);
  return pct_safetensors_save(tensors, path, error) && pct_training_curves_save_csv(t->curves, curves, error);
}

gboolean
pct_cgan_load_checkpoint(PctCganTraining *t, GError **error)
{
  g_autofree char *path = g_build_filename(t->fit->folder, "optimizer.safetensors", NULL);
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  double step;
  if (!tensors || !pct_parameters_load(t->generator, "generator.", tensors, error) ||
      !pct_parameters_load(t->discriminator, "discriminator.", tensors, error) ||
      !pct_parameters_load(t->average, "average.", tensors, error) ||
      !pct_parameters_load(t->best, "best.", tensors, error) ||
      !pct_optimizer_load(t->generator_optimizer, "generator_optimizer.", tensors, error) ||
      !pct_optimizer_load(t->discriminator_optimizer, "discriminator_optimizer.", tensors, error) ||
      !pct_training_curves_load(t->curves, tensors, error) ||
      !pct_tensors_require_number(tensors, "step", &step, error) ||
      !pct_tensors_require_number(tensors, "best_value", &t->best_value, error) ||
      !pct_tensors_require_number(tensors, "best_epoch", &t->best_epoch, error))
    return FALSE;
  // A checkpoint is written at the end of an epoch.
  if (!pct_training_schedule_is_between_epochs(&t->schedule, step)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is the checkpoint of a longer training."), path);
    return FALSE;
  }
  t->step = (gint64)step;
  return TRUE;
}
