// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/score-summary.h"
#include <string.h>

void
pct_score_summarise(const PctScore *score, const int *images, PctScoreSummary *out, PctPool *pool)
{
  memcpy(out->mean, score->mean, sizeof out->mean);
  // Frames and measures in a row, as they lie in both structs.
  pct_bootstrap_intervals((const float *const *)&score->values[0][0], PCT_N_FRAMES * PCT_N_MEASURES, images,
                          (gsize)score->n, &out->interval[0][0], pool);
}

static double *
find(PctScoreSummary *summary, guint column)
{
  guint measure = column / 3 % PCT_N_MEASURES, frame = column / 3 / PCT_N_MEASURES;
  PctInterval *interval = &summary->interval[frame][measure];
  return column % 3 == 0 ? &summary->mean[frame][measure] : column % 3 == 1 ? &interval->low : &interval->high;
}

void
pct_score_summary_clear(PctScoreSummary *summary)
{
  for (guint column = 0; column < PCT_N_SCORE_COLUMNS; column++)
    *find(summary, column) = NAN;
}

char *
pct_score_column_dup_name(guint column)
{
  static const char *const parts[] = { "", "_low", "_high" };
  g_return_val_if_fail(column < PCT_N_SCORE_COLUMNS, NULL);
  return g_strdup_printf("%s_%s%s", pct_measure_get_name((PctMeasure)(column / 3 % PCT_N_MEASURES)),
                         pct_frame_get_name((PctFrame)(column / 3 / PCT_N_MEASURES)), parts[column % 3]);
}

double
pct_score_summary_get_column(const PctScoreSummary *summary, guint column)
{
  g_return_val_if_fail(column < PCT_N_SCORE_COLUMNS, NAN);
  return *find((PctScoreSummary *)summary, column);
}

void
pct_score_summary_set_column(PctScoreSummary *summary, guint column, double value)
{
  g_return_if_fail(column < PCT_N_SCORE_COLUMNS);
  *find(summary, column) = value;
}
