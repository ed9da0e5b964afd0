// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
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
pct_mei_net_load_checkpoint(PctMeiNetTraining *t, GError **error)
{
  g_autofree char *path = g_build_filename(t->fit->folder, "optimizer.safetensors", NULL);
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  if (!tensors)
    return FALSE;
  Part parts[5];
  list_parts(t, parts);
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    if (!pct_parameters_load(parts[i].parameters, parts[i].prefix, tensors, error))
      return FALSE;
  double step;
  if (!pct_optimizer_load(t->network_optimizer, "network_optimizer.", tensors, error) ||
      !pct_optimizer_load(t->transform_optimizer, "transform_optimizer.", tensors, error) ||
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
