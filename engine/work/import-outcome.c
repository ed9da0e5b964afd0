// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/import-outcome.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/archive.h"
#include "work/import-listing.h"
#include "work/picture.h"

#define MAX_PICTURES 64
#define MAX_SIDE 8192

void
pct_import_outcome_free(PctImportOutcome *outcome)
{
  if (!outcome)
    return;
  g_ptr_array_unref(outcome->sentences);
  g_ptr_array_unref(outcome->remarks);
  g_ptr_array_unref(outcome->pictures);
  g_ptr_array_unref(outcome->full);
  g_free(outcome->times);
  g_free(outcome->mean);
  g_free(outcome->low);
  g_free(outcome->high);
  g_free(outcome);
}

static int
get_count(JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member(object, name);
  gint64 value = node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_int(node) : 0;
  return (int)CLAMP(value, 0, G_MAXINT);
}

static void
read_tiers(PctImportOutcome *outcome, JsonObject *object)
{
  JsonNode *node = json_object_get_member(object, "tiers");
  if (!node || !JSON_NODE_HOLDS_OBJECT(node))
    return;
  for (int i = 0; i < PCT_N_TIERS; i++) {
    JsonNode *tier = json_object_get_member(json_node_get_object(node), pct_tier_get_name((PctTier)i));
    if (!tier || !JSON_NODE_HOLDS_OBJECT(tier))
      continue;
    outcome->n_tier_images[i] = get_count(json_node_get_object(tier), "images");
    outcome->n_tier_trials[i] = get_count(json_node_get_object(tier), "trials");
  }
}

// Of n_dims dimensions; absent, or another: NULL without an error.
static PctNpyArray *
read_array(PctArchive *archive, const char *name, guint n_dims)
{
  g_autofree char *file = g_strdup_printf("%s.npy", name);
  g_autoptr(PctNpyArray) array = pct_archive_has(archive, file) ? pct_archive_read(archive, file, NULL) : NULL;
  return array && array->n_dims == n_dims ? g_steal_pointer(&array) : NULL;
}

static void
read_pictures(PctArchive *archive, const char *name, GPtrArray *pictures)
{
  g_autoptr(PctNpyArray) array = read_array(archive, name, 3);
  g_autofree float *pixels = array ? pct_npy_array_dup_floats(array, name, NULL) : NULL;
  if (!pixels || array->shape[0] > MAX_PICTURES || array->shape[1] > MAX_SIDE || array->shape[2] > MAX_SIDE ||
      !array->n_items)
    return;
  int height = (int)array->shape[1], width = (int)array->shape[2];
  for (gsize i = 0; i < array->shape[0]; i++)
    g_ptr_array_add(pictures, pct_picture_new(height, width, pixels + i * (gsize)height * (gsize)width));
}

// (n,) doubles of a curve, n set by the first; NULL where it is not there or another length.
static double *
read_curve(PctArchive *archive, const char *name, gsize *n)
{
  g_autoptr(PctNpyArray) array = read_array(archive, name, 1);
  g_autofree float *values = array && (*n == 0 || array->n_items == *n) ? pct_npy_array_dup_floats(array, name, NULL) : NULL;
  if (!values || !array->n_items)
    return NULL;
  *n = array->n_items;
  double *out = g_new(double, *n);
  for (gsize i = 0; i < *n; i++)
    out[i] = values[i];
  return out;
}

static double
read_number(PctArchive *archive, const char *name)
{
  g_autoptr(PctNpyArray) array = read_array(archive, name, 0);
  g_autofree float *value = array ? pct_npy_array_dup_floats(array, name, NULL) : NULL;
  return value ? value[0] : NAN;
}

static void
read_curves(PctImportOutcome *outcome, PctArchive *archive)
{
  gsize n = 0;
  outcome->times = read_curve(archive, "times", &n);
  outcome->mean = outcome->times ? read_curve(archive, "mean", &n) : NULL;
  g_autofree double *deviation = outcome->mean ? read_curve(archive, "deviation", &n) : NULL;
  if (!deviation)
    return;
  outcome->n_times = n;
  outcome->low = g_new(double, n);
  outcome->high = g_new(double, n);
  for (gsize i = 0; i < n; i++) {
    outcome->low[i] = outcome->mean[i] - deviation[i];
    outcome->high[i] = outcome->mean[i] + deviation[i];
  }
  outcome->delay = read_number(archive, "delay");
  outcome->window = read_number(archive, "window");
  outcome->baseline = read_number(archive, "baseline");
}

PctImportOutcome *
pct_import_outcome_new(JsonNode *result, const char *preview, const PctRun *run, GError **error)
{
  g_return_val_if_fail(JSON_NODE_HOLDS_OBJECT(result), NULL);
  JsonObject *object = json_node_get_object(result);
  g_autoptr(PctImportOutcome) outcome = g_new0(PctImportOutcome, 1);
  outcome->sentences = pct_import_result_dup_texts(object, "sentences");
  outcome->remarks = pct_import_result_dup_texts(object, "remarks");
  outcome->pictures = g_ptr_array_new_with_free_func((GDestroyNotify)pct_picture_unref);
  outcome->full = g_ptr_array_new_with_free_func((GDestroyNotify)pct_picture_unref);
  outcome->n_neurons = get_count(object, "neurons");
  outcome->n_images = get_count(object, "images");
  outcome->n_trials = get_count(object, "trials");
  outcome->height = get_count(object, "height");
  outcome->width = get_count(object, "width");
  JsonNode *averaged = json_object_get_member(object, "averaged");
  outcome->averaged = averaged && JSON_NODE_HOLDS_VALUE(averaged) && json_node_get_boolean(averaged);
  read_tiers(outcome, object);
  if (!preview || !g_file_test(preview, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&outcome);
  g_autoptr(PctArchive) archive = pct_archive_open(preview, run, error);
  if (!archive)
    return NULL;
  read_pictures(archive, "pictures", outcome->pictures);
  read_pictures(archive, "full", outcome->full);
  if (outcome->full->len != outcome->pictures->len)
    g_ptr_array_set_size(outcome->full, 0);
  read_curves(outcome, archive);
  return g_steal_pointer(&outcome);
}
