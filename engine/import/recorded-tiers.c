// SPDX-License-Identifier: GPL-3.0-or-later
// The tier of each trial: as the files say, or drawn by image where they do not. What the files say is kept even where
// it puts one picture in two tiers, but never in silence.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "import/assembly.h"
#include "import/tiers.h"

static gboolean
translate_names(const PctRoleArray *array, int n, guint8 *out, GError **error)
{
  g_auto(GStrv) names = pct_role_array_read_texts(array, error);
  for (int i = 0; names && i < n; i++) {
    PctTier tier;
    if (!pct_tier_from_any_name(names[i], &tier)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has the tier “%s” at place %d; expected train, validation or test."), array->entry->name,
                  names[i], i);
      return FALSE;
    }
    out[i] = (guint8)tier;
  }
  return names != NULL;
}

// "is_test" true is a test trial, "is_train" true one to learn from.
static void
translate_truths(const PctRoleArray *array, const double *values, int n, guint8 *out)
{
  g_autofree char *name = g_ascii_strdown(array->entry->array->name, -1);
  gboolean test = strstr(name, "test") || strstr(name, "held");
  gboolean validation = strstr(name, "val") != NULL;
  for (int i = 0; i < n; i++) {
    gboolean true_value = values[i] != 0;
    out[i] = test ? (true_value ? PCT_TIER_TEST : PCT_TIER_TRAIN)
             : validation ? (true_value ? PCT_TIER_VALIDATION : PCT_TIER_TRAIN)
             : true_value ? PCT_TIER_TRAIN : PCT_TIER_TEST;
  }
}

static gboolean
translate_numbers(const PctRoleArray *array, int n, guint8 *out, GError **error)
{
  g_autofree double *values = pct_role_array_read_doubles(array, error);
  if (!values)
    return FALSE;
  if (array->entry->array->kind == PCT_NPY_BOOL) {
    translate_truths(array, values, n, out);
    return TRUE;
  }
  double least = INFINITY, most = -INFINITY;
  for (int i = 0; i < n; i++) {
    least = MIN(least, values[i]);
    most = MAX(most, values[i]);
  }
  double first = least == 1 && most == 3 ? 1 : 0;
  for (int i = 0; i < n; i++) {
    double tier = values[i] - first;
    if (!(tier == 0 || tier == 1 || tier == 2)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has %g at place %d; expected 0 (train), 1 (validation) or 2 (test)."), array->entry->name,
                  values[i], i);
      return FALSE;
    }
    out[i] = (guint8)tier;
  }
  return TRUE;
}

// Of rows or of images, as they came: (n,).
static guint8 *
read_recorded(PctAssembly *assembly, const PctRoleArray *array, int n, GError **error)
{
  g_autofree guint8 *read = g_malloc((gsize)n);
  return (pct_role_array_is_text(array) ? translate_names(array, n, read, error)
                                        : translate_numbers(array, n, read, error)) ? g_steal_pointer(&read) : NULL;
}

// How many different pictures have trials in more than one tier.
static int
count_leaks(const guint8 *tiers, const PctRecordingData *data, const gint32 *same)
{
  g_autofree guint8 *seen = g_malloc0((gsize)data->n_images);
  int n = 0;
  for (int i = 0; i < data->n_trials; i++)
    seen[same[data->image_index[i]]] |= (guint8)(1 << tiers[i]);
  for (int i = 0; i < data->n_images; i++)
    n += (seen[i] & (seen[i] - 1)) != 0;
  return n;
}

static int
count_tier(const guint8 *tiers, int n, PctTier tier)
{
  int count = 0;
  for (int i = 0; i < n; i++)
    count += tiers[i] == tier;
  return count;
}

// Validation from train, by image: images that have train trials alone.
static void
add_validation(PctAssembly *assembly, guint8 *tiers, const PctRecordingData *data, const gint32 *same)
{
  g_autofree guint8 *of_image = g_malloc((gsize)data->n_images);
  memset(of_image, PCT_TIER_TRAIN, (gsize)data->n_images);
  for (int i = 0; i < data->n_trials; i++)
    if (tiers[i] != PCT_TIER_TRAIN)
      of_image[same[data->image_index[i]]] = tiers[i];
  for (int i = 0; i < data->n_images; i++)
    of_image[i] = of_image[same[i]];
  pct_tiers_draw_validation(of_image, same, data->n_images, pct_import_plan_get(assembly->plan, "validation"),
                            (guint64)pct_import_plan_get(assembly->plan, "seed"));
  int n = 0;
  for (int i = 0; i < data->n_trials; i++)
    if (tiers[i] == PCT_TIER_TRAIN && of_image[data->image_index[i]] == PCT_TIER_VALIDATION) {
      tiers[i] = PCT_TIER_VALIDATION;
      n++;
    }
  pct_assembly_take_remark(assembly, g_strdup_printf(
    _("The files have no validation tier; %d trials were moved to it from the train tier, by image."), n));
}

static gboolean
settle_recorded(PctAssembly *assembly, guint8 *tiers, const PctRecordingData *data, const gint32 *same,
                const char *from, GError **error)
{
  int n_train = count_tier(tiers, data->n_trials, PCT_TIER_TRAIN), leaks = count_leaks(tiers, data, same);
  if (n_train == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” has none of %d trials in the train tier; nothing could be learned."), from, data->n_trials);
    return FALSE;
  }
  if (count_tier(tiers, data->n_trials, PCT_TIER_VALIDATION) == 0)
    add_validation(assembly, tiers, data, same);
  if (count_tier(tiers, data->n_trials, PCT_TIER_TEST) == 0)
    pct_assembly_take_remark(assembly, g_strdup(_("The files have no test tier: nothing can be scored on it.")));
  if (leaks > 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(
      _("A leak: %d images are in more than one tier by “%s”; what is tested was partly learned. Tiers made by image "
        "have none."), leaks, from));
  return TRUE;
}

static void
draw(PctAssembly *assembly, guint8 *tiers, const PctRecordingData *data, const gint32 *same)
{
  const PctImportPlan *plan = assembly->plan;
  PctTierShares shares = { pct_import_plan_get(plan, "test"), pct_import_plan_get(plan, "validation"),
                           pct_import_plan_get(plan, "repeats_to_test") != 0,
                           (guint64)pct_import_plan_get(plan, "seed") };
  g_autofree int *n_trials = g_new0(int, data->n_images);
  g_autofree guint8 *of_image = g_malloc((gsize)data->n_images);
  for (int i = 0; i < data->n_trials; i++)
    n_trials[data->image_index[i]]++;
  pct_tiers_draw(of_image, same, n_trials, data->n_images, &shares);
  for (int i = 0; i < data->n_trials; i++)
    tiers[i] = of_image[data->image_index[i]];
  pct_assembly_take_remark(assembly, g_strdup_printf(
    _("Tiers were made by image (seed %.0f): %d trials to learn from, %d for validation, %d for testing."),
    (double)shares.seed, count_tier(tiers, data->n_trials, PCT_TIER_TRAIN),
    count_tier(tiers, data->n_trials, PCT_TIER_VALIDATION), count_tier(tiers, data->n_trials, PCT_TIER_TEST)));
}

guint8 *
pct_tiers_read(PctAssembly *assembly, const PctRecordingData *data, const gint32 *same, const gint32 *source_image,
               int n_source_images, GError **error)
{
  PctRoleArray array;
  if (!pct_assembly_open(assembly, PCT_ROLE_TIERS, &array, error))
    return NULL;
  if (!array.entry && pct_assembly_setting_is(assembly, "tiers", "recorded")) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                        _("Nothing has the tiers; expected a name for each trial, or tiers made by image."));
    return NULL;
  }
  g_autofree guint8 *tiers = g_malloc((gsize)data->n_trials);
  if (!array.entry || pct_assembly_setting_is(assembly, "tiers", "by-image")) {
    draw(assembly, tiers, data, same);
    return g_steal_pointer(&tiers);
  }
  int n = pct_role_array_get_size(&array, array.form[0]);
  // Without letters, the number of places tells; of both kinds, trials.
  gboolean by_image = assembly->plan->roles[PCT_ROLE_TIERS].axes ? array.form[0] == 'k'
                                                                 : n != assembly->n_rows && n == n_source_images;
  if (by_image && n != n_source_images) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” has the tiers of %d images, but there are %d."),
                array.entry->name, n, n_source_images);
    return NULL;
  }
  if (!by_image && !pct_assembly_match_rows(assembly, n, array.entry->name, error))
    return NULL;
  g_autofree guint8 *recorded = read_recorded(assembly, &array, n, error);
  if (!recorded)
    return NULL;
  for (int i = 0, at = 0; i < assembly->n_rows; i++)
    if (assembly->image[i] >= 0)
      tiers[at++] = recorded[by_image ? source_image[assembly->image[i]] : i];
  return settle_recorded(assembly, tiers, data, same, array.entry->name, error) ? g_steal_pointer(&tiers) : NULL;
}
