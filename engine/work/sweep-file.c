// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/sweep-file.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "data/npy.h"
#include "data/picture-sheet.h"
#include "model/provenance.h"

#define GAP 4  // pixels between the pictures of a sheet

gboolean
pct_sweep_file_check(const char *path, GError **error)
{
  if (g_str_has_suffix(path, ".webp") || g_str_has_suffix(path, ".png") || g_str_has_suffix(path, ".npy"))
    return TRUE;
  g_autofree char *shown = g_filename_display_name(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("A sweep is saved as .webp, .png or .npy; “%s” is none of them."), shown);
  return FALSE;
}

static gboolean
save_array(const PctSweepPictures *pictures, const float *values, const char *path, GError **error)
{
  gsize shape[] = { pictures->n, (gsize)pictures->height, (gsize)pictures->width };
  return pct_npy_save(path, PCT_NPY_FLOAT, sizeof(float), 3, shape, values, error);
}

static gboolean
save_pictures(const PctSweepFile *file, const char *path, const PctAnimationOptions *animation, const PctRun *run,
              GError **error)
{
  const PctSweepPictures *pictures = file->pictures;
  if (g_str_has_suffix(path, ".webp"))
    return pct_animation_save(path, pictures->pictures, pictures->n, pictures->height, pictures->width, animation, run,
                              error);
  if (g_str_has_suffix(path, ".png"))
    return pct_picture_sheet_save(path, pictures->pictures, pictures->n, file->sweep->n_columns, pictures->height,
                                  pictures->width, animation->scale, GAP, error);
  g_autofree char *spread = pct_provenance_dup_beside(path, "-spread.npy");
  return save_array(pictures, pictures->pictures, path, error) &&
         (!pictures->spread || save_array(pictures, pictures->spread, spread, error));
}

static void
add_number(GString *text, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_c(text, ',');
  if (isfinite(value))
    g_string_append(text, g_ascii_formatd(number, sizeof number, "%.9g", value));
}

static gboolean
save_values(const PctSweepFile *file, const char *path, GError **error)
{
  const PctSweepRecipe *recipe = file->recipe;
  const PctSweep *sweep = file->sweep;
  int n_values = sweep->kind == PCT_SWEEP_GRID ? 2 : 1;
  g_autoptr(GString) text = g_string_new("step");
  if (sweep->kind == PCT_SWEEP_WALK)
    g_string_append(text, ",share");
  else if (sweep->kind == PCT_SWEEP_REPEATS)
    g_string_append(text, recipe->image < 0 ? ",trial" : ",exchanged");
  else
    for (int axis = 0; axis < n_values; axis++)
      g_string_append_printf(text, ",neuron_%d", recipe->neurons[axis]);
  g_string_append(text, file->pictures->spread ? ",n_averaged,spread\n" : ",n_averaged\n");
  for (gsize i = 0; i < sweep->n; i++) {
    g_string_append_printf(text, "%zu", i);
    for (int axis = 0; axis < n_values; axis++)
      add_number(text, sweep->values[2 * i + (gsize)axis]);
    add_number(text, sweep->n_averaged[i]);
    if (file->pictures->spread)
      add_number(text, pct_sweep_pictures_get_spread(file->pictures, i));
    g_string_append_c(text, '\n');
  }
  return pct_atomic_file_set(path, text->str, text->len, error);
}

static void
add_recipe(JsonBuilder *builder, const PctSweepFile *file)
{
  const PctSweepRecipe *recipe = file->recipe;
  pct_provenance_add_text(builder, "sweep", pct_sweep_kind_get_name(recipe->kind));
  if (recipe->kind <= PCT_SWEEP_GRID) {
    json_builder_set_member_name(builder, "neurons");
    json_builder_begin_array(builder);
    for (int axis = 0; axis < (recipe->kind == PCT_SWEEP_GRID ? 2 : 1); axis++) {
      json_builder_begin_object(builder);
      pct_provenance_add_integer(builder, "neuron", recipe->neurons[axis]);
      pct_provenance_add_number(builder, "from", recipe->from[axis]);
      pct_provenance_add_number(builder, "to", recipe->to[axis]);
      pct_provenance_add_integer(builder, "steps", recipe->n_steps[axis]);
      json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    return;
  }
  if (recipe->image >= 0)
    pct_provenance_add_integer(builder, "to_image", recipe->image);
  if (recipe->kind == PCT_SWEEP_WALK) {
    pct_provenance_add_integer(builder, "to_trial", recipe->repeat);
    pct_provenance_add_integer(builder, "steps", recipe->n_steps[0]);
  }
}

// Responses that are not as recorded, as pairs of neuron and value; of a picture that is not in the recording, all.
static void
add_changed(JsonBuilder *builder, const PctSweepFile *file)
{
  json_builder_set_member_name(builder, "changed");
  json_builder_begin_array(builder);
  for (int i = 0; i < file->sweep->n_neurons; i++)
    if (file->image < 0 || file->responses[i] != file->recorded[i]) {
      json_builder_begin_array(builder);
      json_builder_add_int_value(builder, i);
      json_builder_add_double_value(builder, file->responses[i]);
      json_builder_end_array(builder);
    }
  json_builder_end_array(builder);
}

static gboolean
save_provenance(const PctSweepFile *file, const char *path, GError **error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  pct_provenance_add_text(builder, "format", "percept-sweep-1");
  pct_provenance_add_text(builder, "version", PCT_VERSION);
  add_recipe(builder, file);
  pct_provenance_add_integer(builder, "image", file->image);
  pct_provenance_add_integer(builder, "trial", file->repeat);
  add_changed(builder, file);
  pct_provenance_add_text(builder, "z", pct_sweep_latent_get_name(file->latent));
  pct_provenance_add_seed(builder, "z_seed", file->latent == PCT_SWEEP_LATENT_FIXED ? file->fixed_seed : file->seed);
  if (file->pictures->spread) {
    pct_provenance_add_integer(builder, "draws", file->pictures->n_draws);
    pct_provenance_add_number(builder, "spread", pct_sweep_pictures_get_spread(file->pictures, G_MAXSIZE));
  }
  if (file->pictures->n > 1)
    pct_provenance_add_number(builder, "change", pct_sweep_pictures_get_change(file->pictures));
  pct_provenance_add_model(builder, file->recording, file->fingerprint, file->trials, file->info->name,
                           file->model_hash, file->info);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, TRUE);
  return pct_atomic_file_set(path, text, strlen(text), error);
}

gboolean
pct_sweep_file_save(const PctSweepFile *file, const char *path, const PctAnimationOptions *animation, const PctRun *run,
                    GError **error)
{
  g_return_val_if_fail(pct_sweep_pictures_is_done(file->pictures), FALSE);
  if (!pct_sweep_file_check(path, error) || !save_pictures(file, path, animation, run, error))
    return FALSE;
  g_autofree char *values = pct_provenance_dup_beside(path, ".csv"), *provenance = pct_provenance_dup_path(path);
  return save_values(file, values, error) && save_provenance(file, provenance, error);
}
