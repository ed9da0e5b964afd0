// SPDX-License-Identifier: GPL-3.0-or-later
// At full size neither the checkpoint nor a network fits into memory twice: what can be is written from where it lies, and
// reading goes network by network.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"
#include "decode/cgan-original-training.h"

static char *
dup_path(const PctCganOriginalTraining *t)
{
  return g_build_filename(t->fit->folder, "optimizer.safetensors", NULL);
}

static void
set_number(PctTensors *tensors, const char *key, double value)
{
  // A double in text, which float32 could not hold exactly.
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  pct_tensors_set_metadata(tensors, key, g_ascii_dtostr(number, sizeof number, value));
}

gboolean
pct_cgan_original_save_checkpoint(const PctCganOriginalTraining *t, GError **error)
{
  if (!t->fit->folder)
    return TRUE;
  const PctCganOriginalStep *steps = t->steps;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_parameters_lend(t->decoder->generator, "generator.", tensors);
  pct_optimizer_lend(steps->generator_optimizer, "generator_optimizer.", tensors);
  if (steps->discriminator) {
    pct_parameters_lend(steps->discriminator, "discriminator.", tensors);
    pct_optimizer_lend(steps->discriminator_optimizer, "discriminator_optimizer.", tensors);
  }
  pct_training_curves_save(t->curves, tensors);
  set_number(tensors, "step", (double)t->step);
  // A training is stopped within an epoch, whose figures so far are a part of it.
  for (int i = PCT_CGAN_ORIGINAL_L1; i <= PCT_CGAN_ORIGINAL_DRAWN; i++) {
    g_autofree char *key = g_strdup_printf("sum%d", i);
    set_number(tensors, key, t->sums[i]);
  }
  g_autofree char *path = dup_path(t), *curves = g_build_filename(t->fit->folder, "curves.csv", NULL);
  return pct_safetensors_save(tensors, path, error) && pct_training_curves_save_csv(t->curves, curves, error);
}

static gboolean
read_number(const PctTensors *tensors, const char *key, double *number, GError **error)
{
  if (!pct_tensors_require_number(tensors, key, number, error))
    return FALSE;
  if (isfinite(*number))
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The checkpoint does not say its “%s”."), key);
  return FALSE;
}

static gboolean
load_network(const char *path, const char *prefix, PctParameters *parameters, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_safetensors_load_part(path, prefix, error);
  return tensors && pct_parameters_load(parameters, prefix, tensors, error);
}

static gboolean
load_optimizer(const char *path, const char *prefix, PctOptimizer *optimizer, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_safetensors_load_part(path, prefix, error);
  return tensors && pct_optimizer_load(optimizer, prefix, tensors, error);
}

gboolean
pct_cgan_original_load_checkpoint(PctCganOriginalTraining *t, GError **error)
{
  const PctCganOriginalStep *steps = t->steps;
  g_autofree char *path = dup_path(t);
  double step;
  g_autoptr(PctTensors) tensors = pct_safetensors_load_part(path, "training.", error);
  if (!tensors || !pct_training_curves_load(t->curves, tensors, error) || !read_number(tensors, "step", &step, error))
    return FALSE;
  for (int i = PCT_CGAN_ORIGINAL_L1; i <= PCT_CGAN_ORIGINAL_DRAWN; i++) {
    g_autofree char *key = g_strdup_printf("sum%d", i);
    if (!read_number(tensors, key, &t->sums[i], error))
      return FALSE;
  }
  if (!load_network(path, "generator.", t->decoder->generator, error) ||
      !load_optimizer(path, "generator_optimizer.", steps->generator_optimizer, error) ||
      (steps->discriminator &&
       (!load_network(path, "discriminator.", steps->discriminator, error) ||
        !load_optimizer(path, "discriminator_optimizer.", steps->discriminator_optimizer, error))))
    return FALSE;
  if (!(step >= 0 && step <= (double)t->epochs * t->steps_an_epoch && step == floor(step))) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is the checkpoint of a longer training."), path);
    return FALSE;
  }
  t->step = (gint64)step;
  return TRUE;
}
