// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "curves-report.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include "score-format.h"
#include "table.h"

static void
add_cells(GPtrArray *cells, const PctDataPoint *point, const PctScoreShown *shown)
{
  for (int mode = 0; mode < PCT_N_MODES; mode++)
    g_ptr_array_add(cells, pct_score_cell(point->score[mode].mean[shown->frame][shown->measure],
                                          point->score[mode].interval[shown->frame][shown->measure], shown->decimals,
                                          shown->factor));
}

static gboolean
is_told(const PctScoreShown *shown)
{
  return shown->frame == PCT_FRAME_FULL && shown->measure != PCT_MEASURE_SSIM;
}

void
pct_data_points_print(const GArray *points, PctCurveAgainst against)
{
  guint n_shown;
  const PctScoreShown *shown = pct_score_get_shown(&n_shown);
  g_autoptr(GPtrArray) top = g_ptr_array_new(), below = g_ptr_array_new();
  g_ptr_array_add(top, (gpointer)(against == PCT_AGAINST_IMAGES ? _("images") : _("neurons")));
  g_ptr_array_add(below, NULL);
  for (guint i = 0; i < n_shown; i++)
    for (int mode = 0; is_told(&shown[i]) && mode < PCT_N_MODES; mode++) {
      g_ptr_array_add(top, (gpointer)_(shown[i].title));
      g_ptr_array_add(below, (gpointer)(mode == PCT_MODE_SINGLE ? _("single trials") : _("means")));
    }
  g_autofree char *alignment = g_strnfill(top->len, 'r');
  g_autoptr(PctTable) table = pct_table_new(alignment);
  pct_table_add_cells(table, (const char *const *)top->pdata);
  pct_table_add_cells(table, (const char *const *)below->pdata);
  for (guint i = 0; i < points->len; i++) {
    const PctDataPoint *point = &g_array_index(points, PctDataPoint, i);
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(cells, g_strdup_printf("%d", point->count));
    for (guint j = 0; j < n_shown; j++)
      if (is_told(&shown[j]))
        add_cells(cells, point, &shown[j]);
    pct_table_add_cells(table, (const char *const *)cells->pdata);
  }
  pct_table_print(table, "  ");
}

void
pct_data_points_print_json(const GArray *points, PctCurveAgainst against, const char *path)
{
  static const char *const modes[PCT_N_MODES] = { "single", "averaged" };
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autofree char *shown = g_filename_display_name(path);
  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, "path");
  json_builder_add_string_value(builder, shown);
  json_builder_set_member_name(builder, "against");
  json_builder_add_string_value(builder, pct_curve_against_get_name(against));
  json_builder_set_member_name(builder, "points");
  json_builder_begin_array(builder);
  for (guint i = 0; i < points->len; i++) {
    const PctDataPoint *point = &g_array_index(points, PctDataPoint, i);
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "count");
    json_builder_add_int_value(builder, point->count);
    json_builder_set_member_name(builder, "share");
    json_builder_add_double_value(builder, point->share);
    json_builder_set_member_name(builder, "seconds");
    json_builder_add_double_value(builder, point->seconds);
    for (int mode = 0; mode < PCT_N_MODES; mode++) {
      json_builder_set_member_name(builder, modes[mode]);
      json_builder_begin_object(builder);
      pct_score_add_summary(builder, &point->score[mode]);
      json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, TRUE);
  puts(text);
}
