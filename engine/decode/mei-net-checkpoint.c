// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/mei-net-training.h"

typedef struct {
  const char *prefix;
  PctParameters *parameters;
} Part;

static void
list_parts(const PctMeiNetTraining *t, Part parts[5])
{
  parts[0] = (Part){ "network.", t->network_parameters };
  parts[1] = (Part){ "transform.", t->transform_parameters };
  parts[2] = (Part){ "best_network.", t->best_network };
  parts[3] = (Part){ "best_transform.", t->best_transform };
  parts[4] = (Part){ "transform_gradient.", t->transform_gradient };
}

gboolean
pct_mei_net_save_checkpoint(const PctMeiNetTraining *t, GError **error)
{
  if (!t->fit->folder)
    return TRUE;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  Part parts[5];
  list_parts(t, parts);
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    pct_parameters_save(parts[i].parameters, parts[i].prefix, tensors);
  pct_optimizer_save(t->network_optimizer, "network_optimizer.", tensors);
  pct_optimizer_save(t->transform_optimizer, "transform_optimizer.", tensors);
  return pct_training_checkpoint_save(tensors, t->curves, t->place, t->fit->folder, error);
}

gboolean
pct_mei_net_load_checkpoint(PctMeiNetTraining *t, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_training_checkpoint_open(t->fit->folder, error);
  if (!tensors)
    return FALSE;
  Part parts[5];
  list_parts(t, parts);
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    if (!pct_parameters_load(parts[i].parameters, parts[i].prefix, tensors, error))
      return FALSE;
  return pct_optimizer_load(t->network_optimizer, "network_optimizer.", tensors, error) &&
         pct_optimizer_load(t->transform_optimizer, "transform_optimizer.", tensors, error) &&
         pct_training_checkpoint_read(tensors, t->curves, &t->schedule, &t->place, error);
}
