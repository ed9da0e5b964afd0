// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "decode/meicoder-training.h"

static const char *const number_names[] = { "step", "best_value", "best_epoch" };

gboolean
pct_meicoder_save_checkpoint(const PctMeicoderTraining *t, GError **error)
{
  if (!t->fit->folder)
    return TRUE;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  // As they are written before anything changes, and the paper's are large, they are lent.
  pct_parameters_lend(t->parameters, "network.", tensors);
  pct_parameters_lend(t->decoder->parameters, "average.", tensors);
  pct_parameters_lend(t->best, "best.", tensors);
  pct_optimizer_lend(t->optimizer, "optimizer.", tensors);
  if (t->discriminator) {
    pct_parameters_lend(t->discriminator, "discriminator.", tensors);
    pct_optimizer_lend(t->discriminator_optimizer, "discriminator_optimizer.", tensors);
  }
  pct_training_curves_save(t->curves, tensors);
  // A double each in text, which float32 could not hold exactly.
  const double numbers[] = { (double)t->step, t->best_value, t->best_epoch };
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    pct_tensors_set_metadata(tensors, number_names[i], g_ascii_dtostr(text, sizeof text, numbers[i]));
  }
  g_autofree char *path = g_build_filename(t->fit->folder, "optimizer.safetensors", NULL);
  g_autofree char *curves = g_build_filename(t->fit->folder, "curves.csv", NULL);
  return pct_safetensors_save(tensors, path, error) && pct_training_curves_save_csv(t->curves, curves, error);
}

gboolean
pct_meicoder_load_checkpoint(PctMeicoderTraining *t, GError **error)
{
  g_autofree char *path = g_build_filename(t->fit->folder, "optimizer.safetensors", NULL);
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  if (!tensors || !pct_parameters_load(t->parameters, "network.", tensors, error) ||
      !pct_parameters_load(t->decoder->parameters, "average.", tensors, error) ||
      !pct_parameters_load(t->best, "best.", tensors, error) ||
      !pct_optimizer_load(t->optimizer, "optimizer.", tensors, error) ||
      (t->discriminator &&
       (!pct_parameters_load(t->discriminator, "discriminator.", tensors, error) ||
        !pct_optimizer_load(t->discriminator_optimizer, "discriminator_optimizer.", tensors, error))) ||
      !pct_training_curves_load(t->curves, tensors, error))
    return FALSE;
  double numbers[G_N_ELEMENTS(number_names)];
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    if (!pct_tensors_require_number(tensors, number_names[i], &numbers[i], error))
      return FALSE;
  // A checkpoint is written at the end of an epoch.
  if (!pct_training_schedule_is_between_epochs(&t->schedule, numbers[0])) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is the checkpoint of a longer training."), path);
    return FALSE;
  }
  t->step = (gint64)numbers[0];
  t->best_value = numbers[1];
  t->best_epoch = numbers[2];
  return TRUE;
}
