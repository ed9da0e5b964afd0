// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/meicoder-training.h"

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
  return pct_training_checkpoint_save(tensors, t->curves, t->place, t->fit->folder, error);
}

gboolean
pct_meicoder_load_checkpoint(PctMeicoderTraining *t, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_training_checkpoint_open(t->fit->folder, error);
  return tensors && pct_parameters_load(t->parameters, "network.", tensors, error) &&
         pct_parameters_load(t->decoder->parameters, "average.", tensors, error) &&
         pct_parameters_load(t->best, "best.", tensors, error) &&
         pct_optimizer_load(t->optimizer, "optimizer.", tensors, error) &&
         (!t->discriminator ||
          (pct_parameters_load(t->discriminator, "discriminator.", tensors, error) &&
           pct_optimizer_load(t->discriminator_optimizer, "discriminator_optimizer.", tensors, error))) &&
         pct_training_checkpoint_read(tensors, t->curves, &t->schedule, &t->place, error);
}
