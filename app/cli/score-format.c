// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "score-format.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>

static const PctScoreShown shown[] = {
  { PCT_MEASURE_PIXCORR, PCT_FRAME_FULL, N_("PixCorr"), N_("full"), 3, 1 },
  { PCT_MEASURE_PIXCORR, PCT_FRAME_CENTRAL, N_("PixCorr"), N_("central"), 3, 1 },
  { PCT_MEASURE_MSE, PCT_FRAME_FULL, N_("MSE"), N_("full"), 0, 1 },
  { PCT_MEASURE_SSIM, PCT_FRAME_FULL, N_("SSIM"), N_("full"), 3, 1 },
  { PCT_MEASURE_IDENTIFICATION, PCT_FRAME_FULL, N_("identified, %"), N_("full"), 1, 100 },
};

const PctScoreShown *
pct_score_get_shown(guint *n)
{
  *n = G_N_ELEMENTS(shown);
  return shown;
}

// A limit of an interval; beside its figure it needs no zero before the point.
static char *
dup_limit(double value, int decimals)
{
  g_autofree char *text = g_strdup_printf("%.*f", decimals, value);
  if (decimals < 3)
    return g_steal_pointer(&text);
  return g_str_has_prefix(text, "0.")    ? g_strdup(text + 1)
         : g_str_has_prefix(text, "-0.") ? g_strconcat("-", text + 2, NULL)
                                         : g_steal_pointer(&text);
}

char *
pct_score_cell(double value, PctInterval interval, int decimals, double factor)
{
  if (!isfinite(value))
    return g_strdup("–");
  if (!isfinite(interval.low))
    return g_strdup_printf("%.*f", decimals, value * factor);
  g_autofree char *low = dup_limit(interval.low * factor, decimals);
  g_autofree char *high = dup_limit(interval.high * factor, decimals);
  return g_strdup_printf("%.*f %s–%s", decimals, value * factor, low, high);
}

static void
add_number(JsonBuilder *builder, double value)
{
  if (isfinite(value))
    json_builder_add_double_value(builder, value);
  else
    json_builder_add_null_value(builder);
}

void
pct_score_add_figure(JsonBuilder *builder, const char *name, double value, PctInterval interval)
{
  g_autofree char *limits = g_strconcat(name, "_interval", NULL);
  json_builder_set_member_name(builder, name);
  add_number(builder, value);
  json_builder_set_member_name(builder, limits);
  json_builder_begin_array(builder);
  add_number(builder, interval.low);
  add_number(builder, interval.high);
  json_builder_end_array(builder);
}

void
pct_score_add_summary(JsonBuilder *builder, const PctScoreSummary *summary)
{
  for (int frame = 0; frame < PCT_N_FRAMES; frame++) {
    json_builder_set_member_name(builder, pct_frame_get_name(frame));
    json_builder_begin_object(builder);
    for (int measure = 0; measure < PCT_N_MEASURES; measure++)
      pct_score_add_figure(builder, pct_measure_get_name(measure), summary->mean[frame][measure],
                           summary->interval[frame][measure]);
    json_builder_end_object(builder);
  }
}

void
pct_score_print_csv_names(void)
{
  for (guint column = 0; column < PCT_N_SCORE_COLUMNS; column++) {
    g_autofree char *name = pct_score_column_dup_name(column);
    printf(",%s", name);
  }
}

void
pct_score_print_csv_fields(const PctScoreSummary *summary)
{
  for (guint column = 0; column < PCT_N_SCORE_COLUMNS; column++) {
    double value = pct_score_summary_get_column(summary, column);
    printf(isfinite(value) ? ",%.6f" : ",", value);
  }
}

void
pct_csv_print_text(const char *text)
{
  g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
  g_autofree char *doubled = g_strjoinv("\"\"", parts);
  printf("\"%s\"", doubled);
}
