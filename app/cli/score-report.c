// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "score-report.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include "score-format.h"
#include "table.h"

static void
line_free(gpointer data)
{
  PctScoreLine *line = data;
  g_free(line->name);
  g_free(line->model);
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
pct_score_section_add(PctScoreSection *section, const char *name, const char *model, PctScoreRole role,
                      const PctScore *score, const PctScoreSet *set, PctPool *pool)
{
  PctScoreLine *line = g_new(PctScoreLine, 1);
  *line = (PctScoreLine){ .name = g_strdup(name), .model = g_strdup(model), .role = role };
  pct_score_summarise(score, set->images, &line->score, pool);
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
  guint n_shown;
  const PctScoreShown *shown = pct_score_get_shown(&n_shown);
  g_autofree char *alignment = g_strnfill(1 + n_shown, 'r');
  g_autofree const char **top = g_new0(const char *, 1 + n_shown), **below = g_new0(const char *, 1 + n_shown);
  alignment[0] = 'l';
  for (guint i = 0; i < n_shown; i++) {
    top[1 + i] = _(shown[i].title);
    below[1 + i] = _(shown[i].below);
  }
  g_autoptr(PctTable) table = pct_table_new(alignment);
  pct_table_add_cells(table, top);
  pct_table_add_cells(table, below);
  for (guint i = 0; i < section->lines->len; i++) {
    const PctScoreLine *line = section->lines->pdata[i];
    g_auto(GStrv) cells = g_new0(char *, 2 + n_shown);
    cells[0] = g_strdup(line->name);
    for (guint j = 0; j < n_shown; j++)
      cells[1 + j] = pct_score_cell(line->score.mean[shown[j].frame][shown[j].measure],
                                    line->score.interval[shown[j].frame][shown[j].measure], shown[j].decimals,
                                    shown[j].factor);
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
  if (pct_recording_get_trials(report->recording))
    printf(_("Only trials with %s\n"), pct_recording_get_trials(report->recording));
  for (guint i = 0; i < report->sections->len; i++)
    print_section(report, report->sections->pdata[i]);
  if (report->sections->len > 0)
    puts(_("\nEach with the 95 % interval of a bootstrap over images. MSE in squared grey levels, SSIM at a data range of\n"
           "255. Identified: closer to its own image than to another one; chance is 50 %. Central: the middle of the frame.\n"
           "--json and --csv have every figure of both frames, SSIM after min-max and PixCorr by spatial frequency too."));
  if (report->repeats)
    pct_repeat_lines_print(report->repeats);
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
  pct_score_add_summary(builder, &line->score);
  json_builder_end_object(builder);
}

void
pct_score_report_print_json(const PctScoreReport *report)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  add_text(builder, "recording", pct_recording_get_name(report->recording));
  add_text(builder, "fingerprint", report->fingerprint);
  if (pct_recording_get_trials(report->recording))
    add_text(builder, "trials", pct_recording_get_trials(report->recording));
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
  if (report->repeats) {
    json_builder_set_member_name(builder, "repeats");
    pct_repeat_lines_add_json(report->repeats, builder);
  }
  if (report->encoders) {
    json_builder_set_member_name(builder, "encoders");
    pct_encoder_scores_add_json(report->encoders, builder);
  }
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, TRUE);
  puts(text);
}

static void
print_sections_csv(const PctScoreReport *report)
{
  printf("name,role,mode,pictures");
  pct_score_print_csv_names();
  puts("");
  for (guint i = 0; i < report->sections->len; i++) {
    const PctScoreSection *section = report->sections->pdata[i];
    for (guint j = 0; j < section->lines->len; j++) {
      const PctScoreLine *line = section->lines->pdata[j];
      pct_csv_print_text(line->name);
      printf(",%s,%s,%d", roles[line->role], get_mode(report, section), section->n);
      pct_score_print_csv_fields(&line->score);
      puts("");
    }
  }
}

void
pct_score_report_print_csv(const PctScoreReport *report)
{
  gboolean decoders = report->sections->len > 0;
  if (decoders)
    print_sections_csv(report);
  if (report->repeats) {
    puts("");
    pct_repeat_lines_print_csv(report->repeats);
  }
  if (decoders && report->encoders)
    puts("");
  if (report->encoders)
    pct_encoder_scores_print_csv(report->encoders);
}
