// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "encode/encoder-training.h"

#define FILE_NAME "optimizer.safetensors"

// The numbers of a training, each under its name; doubles as text, which float32 could not hold exactly.
#define N_NUMBERS 7
static const char *const number_names[N_NUMBERS] = { "step", "rate", "best_value", "best_epoch", "waited", "decayed",
                                                     "ended" };

gboolean
pct_encoder_training_save(const PctEncoderTraining *t, GError **error)
{
  if (!t->fit->folder)
    return TRUE;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_parameters_save(t->encoder->parameters, "network.", tensors);
  pct_parameters_save(t->best, "best.", tensors);
  pct_optimizer_save(t->optimizer, "optimizer.", tensors);
  pct_training_curves_save(t->curves, tensors);
  const double numbers[N_NUMBERS] = { (double)t->steps, t->rate, t->best_value, t->best_epoch, t->waited, t->decayed,
                                      t->ended };
  for (int i = 0; i < N_NUMBERS; i++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    pct_tensors_set_metadata(tensors, number_names[i], g_ascii_dtostr(text, sizeof text, numbers[i]));
  }
  g_autofree char *path = g_build_filename(t->fit->folder, FILE_NAME, NULL);
  g_autofree char *curves = g_build_filename(t->fit->folder, "curves.csv", NULL);
  return pct_safetensors_save(tensors, path, error) && pct_training_curves_save_csv(t->curves, curves, error);
}

gboolean
pct_encoder_training_load(PctEncoderTraining *t, GError **error)
{
  g_autofree char *path = g_build_filename(t->fit->folder, FILE_NAME, NULL);
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  if (!tensors || !pct_parameters_load(t->encoder->parameters, "network.", tensors, error) ||
      !pct_parameters_load(t->best, "best.", tensors, error) ||
      !pct_optimizer_load(t->optimizer, "optimizer.", tensors, error) ||
      !pct_training_curves_load(t->curves, tensors, error))
    return FALSE;
  double numbers[N_NUMBERS];
  for (int i = 0; i < N_NUMBERS; i++)
    if (!pct_tensors_require_number(tensors, number_names[i], &numbers[i], error))
      return FALSE;
  if (!(numbers[0] >= 0 && numbers[0] < 1e15 && numbers[1] > 0 && numbers[4] >= 0 && numbers[4] < 1e6 &&
        numbers[5] >= 0 && numbers[5] < 1e6)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is the checkpoint of another training."), path);
    return FALSE;
  }
  t->steps = (gint64)numbers[0];
  t->rate = numbers[1];
  t->best_value = numbers[2];
  t->best_epoch = numbers[3];
  t->waited = (int)numbers[4];
  t->decayed = (int)numbers[5];
  t->ended = numbers[6] != 0;
  return TRUE;
}
