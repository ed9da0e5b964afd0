// SPDX-License-Identifier: GPL-3.0-or-later
// A curve of lesions in a sentence and in a file.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include "base/atomic-file.h"
#include "work/slide-lesion.h"

void
pct_lesion_curve_free(PctLesionCurve *curve)
{
  if (!curve)
    return;
  g_clear_pointer(&curve->points, g_array_unref);
  g_free(curve->order);
  g_free(curve->model);
  g_free(curve->model_hash);
  g_free(curve->recording);
  g_free(curve->fingerprint);
  g_free(curve->trials);
  g_free(curve);
}

static const PctLesionPoint *
get_point(const PctLesionCurve *curve, guint i)
{
  return &g_array_index(curve->points, PctLesionPoint, i);
}

static char *
dup_value(PctMeasure measure, double value)
{
  return g_strdup_printf("%.*f", measure == PCT_MEASURE_MSE ? 0 : 3, value);
}

static char *
dup_where(const PctLesionCurve *curve)
{
  if (!curve->tier_wide)
    return curve->image >= 0 ? g_strdup_printf(_("for image %d"), curve->image) : g_strdup(_("for this picture"));
  gulong n = (gulong)curve->n_images;
  switch (curve->tier) {
    case PCT_TIER_TRAIN: return g_strdup_printf(ngettext("over %d train image", "over %d train images", n), (int)n);
    case PCT_TIER_VALIDATION:
      return g_strdup_printf(ngettext("over %d validation image", "over %d validation images", n), (int)n);
    default: return g_strdup_printf(ngettext("over %d test image", "over %d test images", n), (int)n);
  }
}

// "Without these 40 neurons PixCorr falls from 0.414 to 0.392 over 100 test images", by the numbers as they are shown.
static char *
dup_without(int k, const char *name, const char *from, const char *to, gboolean falls, const char *where)
{
  gulong n = (gulong)k;
  // Translators: number of neurons, measure ("PixCorr"), its value, and where ("over 100 test images").
  if (g_str_equal(from, to))
    return g_strdup_printf(ngettext("Without this %d neuron %s stays at %s %s", "Without these %d neurons %s stays at %s %s",
                                    n), k, name, from, where);
  // Translators: number of neurons, measure ("PixCorr"), its values, and where ("over 100 test images").
  return falls ? g_strdup_printf(ngettext("Without this %d neuron %s falls from %s to %s %s",
                                          "Without these %d neurons %s falls from %s to %s %s", n), k, name, from, to, where)
               : g_strdup_printf(ngettext("Without this %d neuron %s rises from %s to %s %s",
                                          "Without these %d neurons %s rises from %s to %s %s", n), k, name, from, to, where);
}

char *
pct_lesion_curve_dup_sentence(const PctLesionCurve *curve, PctFrame frame, PctMeasure measure)
{
  g_return_val_if_fail(curve && curve->points && curve->points->len > 0, NULL);
  const PctLesionPoint *first = get_point(curve, 0), *last = get_point(curve, curve->points->len - 1);
  double before = first->score.mean[frame][measure], after = last->score.mean[frame][measure];
  double random = last->random.mean[frame][measure];
  const char *name = measure == PCT_MEASURE_MSE ? _("MSE") : measure == PCT_MEASURE_SSIM ? _("SSIM") : _("PixCorr");
  g_autofree char *where = dup_where(curve), *from = dup_value(measure, before), *to = dup_value(measure, after);
  gulong k = (gulong)last->count;
  g_autofree char *text =
    curve->others
      // Translators: number of neurons, measure ("PixCorr"), its value, where ("over 100 test images"), and the value of none.
      ? g_strdup_printf(ngettext("With this %d neuron alone %s is %s %s (with none: %s)",
                                 "With these %d neurons alone %s is %s %s (with none: %s)", k),
                        last->count, name, to, where, from)
      : dup_without(last->count, name, from, to, after < before, where);
  if (!isfinite(random))
    // Translators: the sentence without a comparison, with its full stop.
    return g_strdup_printf(_("%s."), text);
  g_autofree char *by_chance = dup_value(measure, random);
  return g_strdup_printf(ngettext("%s; %d random one: %s on average.", "%s; %d random ones: %s on average.", k), text,
                         last->count, by_chance);
}

// Whether anything was measured that it holds.
static gboolean
has_column(const PctLesionCurve *curve, gboolean random, guint column)
{
  for (guint i = 0; i < curve->points->len; i++) {
    const PctLesionPoint *point = get_point(curve, i);
    if (isfinite(pct_score_summary_get_column(random ? &point->random : &point->score, column)))
      return TRUE;
  }
  return FALSE;
}

static char *
dup_csv(const PctLesionCurve *curve)
{
  g_autoptr(GString) text = g_string_new("count,silenced");
  g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < 2 * PCT_N_SCORE_COLUMNS; i++)
    if (has_column(curve, i >= PCT_N_SCORE_COLUMNS, i % PCT_N_SCORE_COLUMNS)) {
      g_autofree char *name = pct_score_column_dup_name(i % PCT_N_SCORE_COLUMNS);
      g_string_append_printf(text, ",%s%s", i >= PCT_N_SCORE_COLUMNS ? "random_" : "", name);
      g_array_append_val(columns, i);
    }
  for (guint i = 0; i < curve->points->len; i++) {
    const PctLesionPoint *point = get_point(curve, i);
    g_string_append_printf(text, "\n%d,%d", point->count, point->n_silenced);
    for (guint k = 0; k < columns->len; k++) {
      guint column = g_array_index(columns, guint, k);
      const PctScoreSummary *of = column >= PCT_N_SCORE_COLUMNS ? &point->random : &point->score;
      double value = pct_score_summary_get_column(of, column % PCT_N_SCORE_COLUMNS);
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      g_string_append_c(text, ',');
      if (isfinite(value))
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.9g", value));
    }
  }
  g_string_append_c(text, '\n');
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
add_text(JsonBuilder *builder, const char *name, const char *value)
{
  if (!value)
    return;
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, value);
}

static void
add_number(JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, value);
}

static char *
dup_provenance(const PctLesionCurve *curve)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  add_text(builder, "format", "percept-lesion-1");
  add_text(builder, "version", PCT_VERSION);
  add_text(builder, "recording", curve->recording);
  add_text(builder, "fingerprint", curve->fingerprint);
  if (curve->trials)
    add_text(builder, "trials", curve->trials);
  add_text(builder, "model", curve->model);
  add_text(builder, "model_hash", curve->model_hash);
  if (curve->tier_wide) {
    add_text(builder, "tier", pct_tier_get_name(curve->tier));
    add_text(builder, "trials", curve->averaged ? "averaged" : "single");
    add_number(builder, "n_images", curve->n_images);
  } else {
    add_number(builder, "image", curve->image);
    add_number(builder, "repeat", curve->repeat);
  }
  add_text(builder, "silenced", curve->others ? "all but the first" : "the first");
  add_number(builder, "n_random", curve->n_random);
  add_number(builder, "seed", (gint64)curve->seed);
  json_builder_set_member_name(builder, "order");
  json_builder_begin_array(builder);
  for (int i = 0; i < curve->n_order; i++)
    json_builder_add_int_value(builder, curve->order[i]);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  return json_to_string(root, TRUE);
}

gboolean
pct_lesion_curve_save(const PctLesionCurve *curve, const char *path, GError **error)
{
  g_return_val_if_fail(curve && curve->points && path, FALSE);
  gsize n = strlen(path) - (g_str_has_suffix(path, ".csv") ? strlen(".csv") : 0);
  g_autofree char *sidecar = g_strdup_printf("%.*s.json", (int)n, path);
  g_autofree char *csv = dup_csv(curve), *provenance = dup_provenance(curve);
  return pct_atomic_file_set(sidecar, provenance, strlen(provenance), error) &&
         pct_atomic_file_set(path, csv, strlen(csv), error);
}
