// SPDX-License-Identifier: GPL-3.0-or-later
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
  return pct_training_checkpoint_save(tensors, t->curves, t->place, t->fit->folder, error);
}

gboolean
pct_cgan_load_checkpoint(PctCganTraining *t, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_training_checkpoint_open(t->fit->folder, error);
  return tensors && pct_parameters_load(t->generator, "generator.", tensors, error) &&
         pct_parameters_load(t->discriminator, "discriminator.", tensors, error) &&
         pct_parameters_load(t->average, "average.", tensors, error) &&
         pct_parameters_load(t->best, "best.", tensors, error) &&
         pct_optimizer_load(t->generator_optimizer, "generator_optimizer.", tensors, error) &&
         pct_optimizer_load(t->discriminator_optimizer, "discriminator_optimizer.", tensors, error) &&
         pct_training_checkpoint_read(tensors, t->curves, &t->schedule, &t->place, error);
}
