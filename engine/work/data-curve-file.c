// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/data-curve-file.h"
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "model/provenance.h"
#include "work/curves.h"
#include "work/workspace.h"

#define N_FIRST 3
#define N_COLUMNS (N_FIRST + PCT_N_MODES * PCT_N_SCORE_COLUMNS)

const double pct_data_curve_shares[PCT_DATA_CURVE_N_SHARES] = { 1.0 / 32, 1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 1 };

// Interned, so that figures may bear it.
static const char *
get_column_name(guint column)
{
  static const char *const first[N_FIRST] = { "count", "share", "seconds" };
  static const char *const modes[PCT_N_MODES] = { "single", "averaged" };
  if (column < N_FIRST)
    return first[column];
  guint mode = (column - N_FIRST) / PCT_N_SCORE_COLUMNS;
  g_autofree char *name = pct_score_column_dup_name((column - N_FIRST) % PCT_N_SCORE_COLUMNS);
  g_autofree char *whole = g_strdup_printf("%s_%s", modes[mode], name);
  return g_intern_string(whole);
}

static double
get_column(const PctDataPoint *point, guint column)
{
  if (column < N_FIRST)
    return column == 0 ? point->count : column == 1 ? point->share : point->seconds;
  return pct_score_summary_get_column(&point->score[(column - N_FIRST) / PCT_N_SCORE_COLUMNS],
                                      (column - N_FIRST) % PCT_N_SCORE_COLUMNS);
}

static void
set_column(PctDataPoint *point, guint column, double value)
{
  if (column == 0)
    point->count = (int)CLAMP(value, 0, G_MAXINT);
  else if (column < N_FIRST)
    *(column == 1 ? &point->share : &point->seconds) = value;
  else
    pct_score_summary_set_column(&point->score[(column - N_FIRST) / PCT_N_SCORE_COLUMNS],
                                 (column - N_FIRST) % PCT_N_SCORE_COLUMNS, value);
}

// What the points are of, and nothing that differs between two runs of the same: two curves are one if this is.
static char *
dup_provenance(const PctDataCurveWork *work)
{
  const PctModelInfo *info = work->info;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  pct_provenance_add_text(builder, "format", "percept-data-curve-1");
  pct_provenance_add_text(builder, "version", PCT_VERSION);
  pct_provenance_add_text(builder, "against", pct_curve_against_get_name(work->curve.against));
  pct_provenance_add_text(builder, "tier", pct_tier_get_name(work->curve.tier));
  pct_provenance_add_model(builder, info->recording_name, info->fingerprint,
                           pct_recording_get_trials(work->curve.fit.recording), work->model, work->model_hash, info);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  return json_to_string(root, TRUE);
}

// Whether what lies there is of the same; FALSE too where there is nothing.
static gboolean
is_same(const char *path, const char *provenance)
{
  g_autofree char *sidecar = pct_provenance_dup_path(path), *text = NULL;
  return g_file_get_contents(sidecar, &text, NULL, NULL) && g_str_equal(text, provenance);
}

static gboolean
is_free(const char *path)
{
  g_autofree char *sidecar = pct_provenance_dup_path(path);
  return !g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(sidecar, G_FILE_TEST_EXISTS);
}

char *
pct_data_curve_locate(const char *workspace, const PctDataCurveWork *work, GError **error)
{
  g_autofree char *folder = pct_workspace_folder_make_curves(workspace, error);
  g_autofree char *provenance = dup_provenance(work);
  for (int n = 1; folder; n++) {
    g_autofree char *name = g_strdup_printf("%s-%d.csv", work->info->kind->kind, n);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (is_free(path) || is_same(path, provenance))
      return g_steal_pointer(&path);
  }
  return NULL;
}

static int
compare_points(gconstpointer a, gconstpointer b)
{
  int one = ((const PctDataPoint *)a)->count, other = ((const PctDataPoint *)b)->count;
  return (one > other) - (one < other);
}

GArray *
pct_data_curve_load(const char *path, GError **error)
{
  g_autoptr(PctCurves) curves = pct_curves_new_from_csv(path, error);
  if (!curves)
    return NULL;
  g_autoptr(GArray) points = g_array_new(FALSE, TRUE, sizeof(PctDataPoint));
  for (guint column = 0; column < N_COLUMNS; column++) {
    int series = pct_curves_find(curves, get_column_name(column == 0 ? 1 : column));
    const double *x, *y;
    if (series < 0) {
      g_autofree char *shown = g_filename_display_basename(path);
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is not a curve of quality: it has no column “%s”."), shown,
                  get_column_name(column));
      return NULL;
    }
    gsize n = pct_curves_get_points(curves, (guint)series, &x, &y);
    g_array_set_size(points, (guint)n);
    for (gsize i = 0; i < n; i++)
      set_column(&g_array_index(points, PctDataPoint, i), column, column == 0 ? x[i] : y[i]);
  }
  g_array_sort(points, compare_points);
  return g_steal_pointer(&points);
}

static gboolean
save(const GArray *points, const char *path, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint column = 0; column < N_COLUMNS; column++)
    g_string_append_printf(text, "%s%s", column ? "," : "", get_column_name(column));
  for (guint i = 0; i < points->len; i++)
    for (guint column = 0; column < N_COLUMNS; column++) {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      double value = get_column(&g_array_index(points, PctDataPoint, i), column);
      g_string_append_c(text, column ? ',' : '\n');
      if (isfinite(value))
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.9g", value));
    }
  g_string_append_c(text, '\n');
  return pct_atomic_file_set(path, text->str, text->len, error);
}

// The points there are, or none, of what the sidecar (written if there is none) says.
static GArray *
begin(const PctDataCurveWork *work, const char *path, GError **error)
{
  g_autofree char *provenance = dup_provenance(work), *sidecar = pct_provenance_dup_path(path);
  if (is_same(path, provenance))
    return g_file_test(path, G_FILE_TEST_EXISTS) ? pct_data_curve_load(path, error)
                                                 : g_array_new(FALSE, TRUE, sizeof(PctDataPoint));
  if (!is_free(path)) {
    g_autofree char *shown = g_filename_display_name(path), *beside = g_filename_display_basename(sidecar);
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” holds something else than this curve, as “%s” beside it would say; choose another name."), shown,
                beside);
    return NULL;
  }
  return pct_atomic_file_set(sidecar, provenance, strlen(provenance), error)
           ? g_array_new(FALSE, TRUE, sizeof(PctDataPoint))
           : NULL;
}

static gboolean
report_point(const PctDataPoint *point, guint done, guint n, const PctRun *run, GError **error)
{
  PctFigure figures[N_COLUMNS];
  for (guint column = 0; column < N_COLUMNS; column++)
    figures[column] = (PctFigure){ get_column_name(column), get_column(point, column) };
  PctProgress progress = { .step = done, .total = n, .figures = figures, .n_figures = N_COLUMNS };
  return pct_run_report(run, &progress, error);
}

// A fit reports as if it were all there is: what is left of it is that it lives, and what it is at.
typedef struct {
  const PctRun *run;
  guint done, n;
  char *title;
} Part;

static gboolean
report_part(const PctProgress *inner, gpointer data)
{
  const Part *part = data;
  g_autofree char *phase = inner->phase ? g_strdup_printf("%s: %s", part->title, inner->phase) : NULL;
  PctProgress progress = { .phase = phase, .step = part->done, .total = part->n };
  return pct_run_report(part->run, &progress, NULL);
}

static gboolean
measure(const PctDataCurve *curve, double share, PctDataPoint *point, guint done, guint n, const PctRun *run,
        GError **error)
{
  int count = pct_data_curve_get_count(curve, share);
  gboolean images = curve->against == PCT_AGAINST_IMAGES;
  g_autofree char *title = g_strdup_printf(images ? ngettext("%d image", "%d images", (gulong)count)
                                                  : ngettext("%d neuron", "%d neurons", (gulong)count), count);
  Part part = { run, done, n, title };
  PctRun inner = { report_part, &part, pct_run_get_pool(run) };
  return pct_data_curve_measure(curve, share, point, &inner, error);
}

static gboolean
has_count(const GArray *points, int count)
{
  for (guint i = 0; i < points->len; i++)
    if (g_array_index(points, PctDataPoint, i).count == count)
      return TRUE;
  return FALSE;
}

// The decoder whose neurons are silenced, if some point is to be measured and there is none yet. FALSE with an error.
static gboolean
ensure_whole(PctDataCurve *curve, PctDecoder **fitted, const PctRun *run, GError **error)
{
  if (curve->against != PCT_AGAINST_SILENCED || curve->whole)
    return TRUE;
  PctFit fit = curve->fit;
  fit.folder = NULL;
  curve->whole = *fitted = pct_decoder_fit(curve->klass, &fit, run, error);
  return *fitted != NULL;
}

gboolean
pct_data_curve_run(const PctDataCurveWork *work, const double *shares, guint n, const char *path, const PctRun *run,
                   GError **error)
{
  g_autoptr(GArray) points = begin(work, path, error);
  if (!points)
    return FALSE;
  for (guint i = 0; i < points->len; i++)
    if (!report_point(&g_array_index(points, PctDataPoint, i), 0, n, run, error))
      return FALSE;
  PctDataCurve curve = work->curve;
  g_autoptr(PctDecoder) fitted = NULL;
  for (guint i = 0; i < n; i++) {
    PctDataPoint point;
    // Of a small recording, two shares may come to one number.
    if (has_count(points, pct_data_curve_get_count(&curve, shares[i])))
      continue;
    Part part = { run, i, n, _("Fitting to all neurons") };
    PctRun inner = { report_part, &part, pct_run_get_pool(run) };
    if (!ensure_whole(&curve, &fitted, &inner, error) || !measure(&curve, shares[i], &point, i, n, run, error))
      return FALSE;
    g_array_append_val(points, point);
    g_array_sort(points, compare_points);
    if (!save(points, path, error) || !report_point(&point, i + 1, n, run, error))
      return FALSE;
  }
  return TRUE;
}
