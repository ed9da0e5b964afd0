// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "score-repeats.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include "score-format.h"
#include "table.h"

void
pct_repeat_line_free(gpointer data)
{
  PctRepeatLine *line = data;
  g_free(line->name);
  g_free(line->model);
  pct_repeat_curve_free(line->curve);
  g_free(line);
}

// A row of the table; title is taken.
static void
add_row(PctTable *table, char *title, const PctScoreSummary *summary)
{
  guint n_shown;
  const PctScoreShown *shown = pct_score_get_shown(&n_shown);
  g_auto(GStrv) cells = g_new0(char *, 2 + n_shown);
  cells[0] = title;
  for (guint i = 0; i < n_shown; i++)
    cells[1 + i] =
      pct_score_cell(summary->mean[shown[i].frame][shown[i].measure], summary->interval[shown[i].frame][shown[i].measure],
                     shown[i].decimals, shown[i].factor);
  pct_table_add_cells(table, (const char *const *)cells);
}

static void
print_curve(const PctRepeatLine *line)
{
  const PctRepeatCurve *curve = line->curve;
  guint n_shown;
  const PctScoreShown *shown = pct_score_get_shown(&n_shown);
  g_autofree char *alignment = g_strnfill(1 + n_shown, 'r');
  g_autofree const char **top = g_new0(const char *, 1 + n_shown), **below = g_new0(const char *, 1 + n_shown);
  alignment[0] = 'l';
  below[0] = _("trials averaged");
  for (guint i = 0; i < n_shown; i++) {
    top[1 + i] = _(shown[i].title);
    below[1 + i] = _(shown[i].below);
  }
  g_autoptr(PctTable) table = pct_table_new(alignment);
  pct_table_add_cells(table, top);
  pct_table_add_cells(table, below);
  for (int i = 0; i < curve->n_points; i++)
    add_row(table, g_strdup_printf("%d", curve->points[i].n), &curve->points[i].score);
  if (curve->n_points > 2)
    add_row(table, g_strdup(_("∞ (fitted)")), &curve->limit);
  add_row(table, g_strdup_printf(_("%d against %d"), curve->half, curve->half), &curve->halves);
  printf(ngettext("\n%s against the number of repeats averaged (%d image)\n",
                  "\n%s against the number of repeats averaged (%d images)\n", (gulong)curve->n_images),
         line->name, curve->n_images);
  pct_table_print(table, "  ");
  if (curve->n_left_out > 0)
    printf(ngettext("  %d image shown less often than %d times is left out.\n",
                    "  %d images shown less often than %d times are left out.\n", (gulong)curve->n_left_out),
           curve->n_left_out, curve->n_repeats);
}

void
pct_repeat_lines_print(const GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    print_curve(lines->pdata[i]);
  if (lines->len > 0)
    puts(_("\n∞: the limit of a − c / (n + k) fitted to the points. The last row compares the pictures of two halves of the\n"
           "repeats with each other: identified is a half’s picture among those of the other halves."));
}

static void
add_points(const PctRepeatCurve *curve, JsonBuilder *builder)
{
  json_builder_set_member_name(builder, "points");
  json_builder_begin_array(builder);
  for (int i = 0; i < curve->n_points; i++) {
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "averaged");
    json_builder_add_int_value(builder, curve->points[i].n);
    json_builder_set_member_name(builder, "pictures");
    json_builder_add_int_value(builder, curve->points[i].n_pictures);
    pct_score_add_summary(builder, &curve->points[i].score);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
}

void
pct_repeat_lines_add_json(const GPtrArray *lines, JsonBuilder *builder)
{
  json_builder_begin_array(builder);
  for (guint i = 0; i < lines->len; i++) {
    const PctRepeatLine *line = lines->pdata[i];
    const PctRepeatCurve *curve = line->curve;
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "name");
    json_builder_add_string_value(builder, line->name);
    json_builder_set_member_name(builder, "model");
    json_builder_add_string_value(builder, line->model);
    json_builder_set_member_name(builder, "images");
    json_builder_add_int_value(builder, curve->n_images);
    json_builder_set_member_name(builder, "images_left_out");
    json_builder_add_int_value(builder, curve->n_left_out);
    add_points(curve, builder);
    json_builder_set_member_name(builder, "limit");
    json_builder_begin_object(builder);
    pct_score_add_summary(builder, &curve->limit);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "split_half");
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "averaged");
    json_builder_add_int_value(builder, curve->half);
    pct_score_add_summary(builder, &curve->halves);
    json_builder_end_object(builder);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
}

static void
print_csv_row(const PctRepeatLine *line, const char *role, const char *averaged, int pictures,
              const PctScoreSummary *summary)
{
  pct_csv_print_text(line->name);
  printf(",%s,%s,%d", role, averaged, pictures);
  pct_score_print_csv_fields(summary);
  puts("");
}

void
pct_repeat_lines_print_csv(const GPtrArray *lines)
{
  printf("repeats_of,role,averaged,pictures");
  pct_score_print_csv_names();
  puts("");
  for (guint i = 0; i < lines->len; i++) {
    const PctRepeatLine *line = lines->pdata[i];
    const PctRepeatCurve *curve = line->curve;
    for (int j = 0; j < curve->n_points; j++) {
      g_autofree char *n = g_strdup_printf("%d", curve->points[j].n);
      print_csv_row(line, "point", n, curve->points[j].n_pictures, &curve->points[j].score);
    }
    g_autofree char *half = g_strdup_printf("%d", curve->half);
    print_csv_row(line, "limit", "inf", 0, &curve->limit);
    print_csv_row(line, "split_half", half, curve->n_images, &curve->halves);
  }
}
