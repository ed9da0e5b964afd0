// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "score-report.h"
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include "table.h"

// In the order of the table's columns.
static const struct {
  PctMeasure measure;
  const char *title;
  int decimals;
  double factor;
  const char *unit;
} columns[] = {
  { PCT_MEASURE_PIXCORR, N_("PixCorr"), 3, 1, "" },
  { PCT_MEASURE_SSIM, N_("SSIM"), 3, 1, "" },
  { PCT_MEASURE_MSE, N_("MSE"), 0, 1, "" },
  { PCT_MEASURE_IDENTIFICATION, N_("identified"), 1, 100, " %" },
  { PCT_MEASURE_SSIM_MIN_MAX, N_("SSIM 0–1"), 3, 1, "" },
};
#define N_CELLS (1 + G_N_ELEMENTS(columns) * PCT_N_FRAMES)

static void
line_free(gpointer data)
{
  PctScoreLine *line = data;
  g_free(line->name);
  g_free(line->model);
  pct_score_free(line->score);
  g_free(line);
}

PctScoreSection *
pct_score_section_new(const PctScoreSet *set)
{
  PctScoreSection *section = g_new0(PctScoreSection, 1);
  section->averaged = set->averaged;
  section->n = set->n;
  section->least_repeats = set->n ? set->repeats[0] : 0;
  for (int i = 0; i < set->n; i++) {
    section->least_repeats = MIN(section->least_repeats, set->repeats[i]);
    section->most_repeats = MAX(section->most_repeats, set->repeats[i]);
  }
  section->lines = g_ptr_array_new_with_free_func(line_free);
  return section;
}

void
pct_score_section_free(PctScoreSection *section)
{
  g_ptr_array_unref(section->lines);
  g_free(section);
}

void
pct_score_section_add(PctScoreSection *section, const char *name, const char *model, PctScoreRole role, PctScore *score)
{
  PctScoreLine *line = g_new(PctScoreLine, 1);
  *line = (PctScoreLine){ g_strdup(name), g_strdup(model), role, score };
  g_ptr_array_add(section->lines, line);
}

static char *
dup_title(const PctScoreReport *report, const PctScoreSection *section)
{
  if (pct_recording_is_averaged(report->recording))
    return g_strdup_printf(ngettext("Responses recorded as means over repeats (%d picture)",
                                    "Responses recorded as means over repeats (%d pictures)", (gulong)section->n),
                           section->n);
  if (!section->averaged)
    return g_strdup_printf(ngettext("Single trials (%d picture)", "Single trials (%d pictures)", (gulong)section->n),
                           section->n);
  if (section->least_repeats == section->most_repeats)
    return g_strdup_printf(_("Means of %d trials (%d pictures)"), section->most_repeats, section->n);
  return g_strdup_printf(_("Means of %d to %d trials (%d pictures)"), section->least_repeats, section->most_repeats,
                         section->n);
}

static void
print_section(const PctScoreReport *report, const PctScoreSection *section)
{
  g_autofree char *title = dup_title(report, section);
  char alignment[N_CELLS + 1] = { 'l' };
  const char *top[N_CELLS] = { NULL }, *below[N_CELLS] = { NULL };
  for (guint i = 1; i < N_CELLS; i++) {
    alignment[i] = 'r';
    if (i % PCT_N_FRAMES == 1)
      top[i] = _(columns[(i - 1) / PCT_N_FRAMES].title);
    below[i] = i % PCT_N_FRAMES == 1 ? _("full") : _("central");
  }
  g_autoptr(PctTable) table = pct_table_new(alignment);
  pct_table_add_cells(table, top);
  pct_table_add_cells(table, below);
  for (guint i = 0; i < section->lines->len; i++) {
    const PctScoreLine *line = section->lines->pdata[i];
    g_auto(GStrv) cells = g_new0(char *, N_CELLS + 1);
    cells[0] = g_strdup(line->name);
    for (guint j = 1; j < N_CELLS; j++) {
      guint c = (j - 1) / PCT_N_FRAMES;
      double value = line->score->mean[(j - 1) % PCT_N_FRAMES][columns[c].measure] * columns[c].factor;
      cells[j] = isfinite(value) ? g_strdup_printf("%.*f%s", columns[c].decimals, value, columns[c].unit)
                                 : g_strdup("–");
    }
    pct_table_add_cells(table, (const char *const *)cells);
  }
  printf("\n%s\n", title);
  pct_table_print(table, "  ");
}

void
pct_score_report_print(const PctScoreReport *report)
{
  int n_trials, n_images;
  pct_recording_get_tier_trials(report->recording, report->tier, &n_trials);
  pct_recording_get_tier_images(report->recording, report->tier, &n_images);
  printf(_("%s, %s tier: %d trials of %d images of %d × %d pixels, %d neurons\n"),
         pct_recording_get_name(report->recording), pct_tier_get_name(report->tier), n_trials, n_images,
         pct_recording_get_width(report->recording), pct_recording_get_height(report->recording),
         pct_recording_get_n_neurons(report->recording));
  for (guint i = 0; i < report->sections->len; i++)
    print_section(report, report->sections->pdata[i]);
  if (report->sections->len > 0)
    puts(_("\nMSE in squared grey levels, SSIM at a data range of 255, “SSIM 0–1” after stretching each picture to 0–1.\n"
           "Identified: closer to its own image than to another one; chance is 50 %. Central: the middle of the frame."));
  if (report->encoders)
    pct_encoder_scores_print(report->encoders);
}

static const char *
get_mode(const PctScoreReport *report, const PctScoreSection *section)
{
  return section->averaged || pct_recording_is_averaged(report->recording) ? "averaged" : "single";
}

static const char *const roles[] = { "floor", "model", "shuffled" };

static void
add_text(JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name(builder, name);
  if (value)
    json_builder_add_string_value(builder, value);
  else
    json_builder_add_null_value(builder);
}

static void
add_line(JsonBuilder *builder, const PctScoreReport *report, const PctScoreSection *section, const PctScoreLine *line)
{
  json_builder_begin_object(builder);
  add_text(builder, "name", line->name);
  add_text(builder, "role", roles[line->role]);
  add_text(builder, "model", line->model);
  add_text(builder, "mode", get_mode(report, section));
  json_builder_set_member_name(builder, "pictures");
  json_builder_add_int_value(builder, section->n);
  for (int frame = 0; frame < PCT_N_FRAMES; frame++) {
    json_builder_set_member_name(builder, pct_frame_get_name(frame));
    json_builder_begin_object(builder);
    for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
      json_builder_set_member_name(builder, pct_measure_get_name(measure));
      if (isfinite(line->score->mean[frame][measure]))
        json_builder_add_double_value(builder, line->score->mean[frame][measure]);
      else
        json_builder_add_null_value(builder);
    }
    json_builder_end_object(builder);
  }
  json_builder_end_object(builder);
}

void
pct_score_report_print_json(const PctScoreReport *report)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  add_text(builder, "recording", pct_recording_get_name(report->recording));
  add_text(builder, "fingerprint", report->fingerprint);
  add_text(builder, "tier", pct_tier_get_name(report->tier));
  json_builder_set_member_name(builder, "recorded_as_means");
  json_builder_add_boolean_value(builder, pct_recording_is_averaged(report->recording));
  json_builder_set_member_name(builder, "rows");
  json_builder_begin_array(builder);
  for (guint i = 0; i < report->sections->len; i++) {
    const PctScoreSection *section = report->sections->pdata[i];
    for (guint j = 0; j < section->lines->len; j++)
      add_line(builder, report, section, section->lines->pdata[j]);
  }
  json_builder_end_array(builder);
  if (report->encoders) {
    json_builder_set_member_name(builder, "encoders");
    pct_encoder_scores_add_json(report->encoders, builder);
  }
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, TRUE);
  puts(text);
}

// A field as RFC 4180 has it.
static void
print_field(const char *text)
{
  g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
  g_autofree char *doubled = g_strjoinv("\"\"", parts);
  printf("\"%s\"", doubled);
}

static void
print_sections_csv(const PctScoreReport *report)
{
  printf("name,role,mode,pictures");
  for (int frame = 0; frame < PCT_N_FRAMES; frame++)
    for (int measure = 0; measure < PCT_N_MEASURES; measure++)
      printf(",%s_%s", pct_measure_get_name(measure), pct_frame_get_name(frame));
  puts("");
  for (guint i = 0; i < report->sections->len; i++) {
    const PctScoreSection *section = report->sections->pdata[i];
    for (guint j = 0; j < section->lines->len; j++) {
      const PctScoreLine *line = section->lines->pdata[j];
      print_field(line->name);
      printf(",%s,%s,%d", roles[line->role], get_mode(report, section), section->n);
      for (int frame = 0; frame < PCT_N_FRAMES; frame++)
        for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
          double value = line->score->mean[frame][measure];
          printf(isfinite(value) ? ",%.6f" : ",", value);
        }
      puts("");
    }
  }
}

void
pct_score_report_print_csv(const PctScoreReport *report)
{
  if (report->sections->len > 0)
    print_sections_csv(report);
  if (report->sections->len > 0 && report->encoders)
    puts("");
  if (report->encoders)
    pct_encoder_scores_print_csv(report->encoders);
}
