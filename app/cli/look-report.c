// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "look-report.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "measure/expected-score.h"
#include "score-format.h"
#include "table.h"

void
pct_look_count(const float *values, gsize n, double minimum, double maximum, int counts[PCT_LOOK_BINS])
{
  memset(counts, 0, PCT_LOOK_BINS * sizeof *counts);
  for (gsize i = 0; i < n; i++)
    if (isfinite(values[i])) {
      double at = floor((values[i] - minimum) / (maximum - minimum) * PCT_LOOK_BINS);
      counts[(int)CLAMP(at, 0, PCT_LOOK_BINS - 1)]++;
    }
}

// "−0.5 ▁▃▇▂ 1.0"
static void
print_histogram(const float *values, gsize n, double minimum, double maximum)
{
  static const char *const levels[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
  int counts[PCT_LOOK_BINS], most = 1;
  pct_look_count(values, n, minimum, maximum, counts);
  for (int i = 0; i < PCT_LOOK_BINS; i++)
    most = MAX(most, counts[i]);
  printf("    %.1f ", minimum);
  for (int i = 0; i < PCT_LOOK_BINS; i++)
    fputs(levels[counts[i] == 0 ? 0 : 1 + 7 * counts[i] / most], stdout);
  printf(" %.1f\n", maximum);
}

static void
print_tiers(const PctLookReport *report)
{
  g_autoptr(PctTable) table = pct_table_new("lrrr");
  pct_table_add(table, _("Tier"), _("trials"), _("images"), _("shown"));
  for (int tier = 0; tier < PCT_N_TIERS; tier++) {
    const PctTierCensus *census = &report->look->census->tiers[tier];
    g_autofree char *trials = g_strdup_printf("%d", census->n_trials);
    g_autofree char *images = g_strdup_printf("%d", census->n_images);
    g_autofree char *times = census->least_repeats == census->most_repeats
                               ? g_strdup_printf(_("%d×"), census->most_repeats)
                               : g_strdup_printf(_("%d–%d×"), census->least_repeats, census->most_repeats);
    pct_table_add(table, pct_tier_get_name((PctTier)tier), trials, images, census->n_trials > 0 ? times : "–");
  }
  puts("");
  pct_table_print(table, "  ");
}

static void
print_remarks(const PctLookReport *report)
{
  if (report->remarks->len == 0)
    puts(_("\nNothing is odd about it."));
  else
    puts("");
  for (guint i = 0; i < report->remarks->len; i++) {
    const PctRemark *remark = report->remarks->pdata[i];
    printf("%s %s\n", remark->grave ? "!" : "·", remark->sentence);
    if (remark->advice)
      printf("  %s\n", remark->advice);
  }
}

static void
print_repeats(const PctFirstLook *look)
{
  if (!look->repeated)
    return;
  const PctReliability *reliability = look->reliability;
  printf(_("\nReliability (a trial’s correlation with the mean of the image’s other trials; %d images, %d trials): "
           "median %.3f, mean %.3f\n"),
         reliability->n_images, reliability->n_trials, look->median_oracle, reliability->mean_oracle);
  print_histogram(reliability->oracle, (gsize)reliability->n_neurons, -0.5, 1);
  const PctNoiseCorrelation *noise = look->noise;
  printf(_("Noise correlations: %.3f ± %.3f (mean ± standard deviation over %d pairs)\n"), noise->mean, noise->sd,
         (int)noise->n_pairs);
  print_histogram(noise->pairs, noise->n_pairs, -0.5, 0.5);
  if (noise->n_neurons < noise->n_varying)
    printf(_("    of %d neurons, chosen at random from %d\n"), noise->n_neurons, noise->n_varying);
}

static void
print_course(const PctFirstLook *look)
{
  const PctTrialCourse *course = look->course;
  double times = course->n_trials - 1;
  if (!isfinite(pct_trial_course_get_drift(course)))
    puts(_("\nDrift: too few trials to tell"));
  else
    printf(_("\nDrift of the mean response over the trials in order of %s: %+.3f standard deviations (95 %%: %+.3f to "
           "%+.3f)\n"),
         course->timed ? _("time") : _("the file"), pct_trial_course_get_drift(course),
         course->trend.interval.low * times, course->trend.interval.high * times);
  const char *const titles[PCT_N_BEHAVIOURS] = { N_("Running speed"), N_("Pupil size") };
  gboolean any = FALSE;
  for (int b = 0; b < PCT_N_BEHAVIOURS; b++) {
    const PctTrend *trend = &look->behaviour[b];
    if (trend->n == 0 || !isfinite(trend->slope))
      continue;
    printf(_("%s and response gain: correlation %.3f (95 %%: %.3f to %.3f) over %d trials\n"), _(titles[b]),
           trend->slope, trend->interval.low, trend->interval.high, (int)trend->n);
    any = TRUE;
  }
  if (any)
    puts(pct_first_look_get_gain_sentence(look));
}

static char *
dup_mode_title(const PctQuickScore *score, int mode)
{
  int n = score->n_pictures[mode];
  if (score->recorded_means)
    return g_strdup_printf(_("Ridge regression, %s tier, responses recorded as means over repeats (%d pictures)"),
                           pct_tier_get_name(score->tier), n);
  return mode ? g_strdup_printf(_("Ridge regression, %s tier, means of up to %d trials (%d pictures)"),
                                pct_tier_get_name(score->tier), score->most_repeats[mode], n)
              : g_strdup_printf(_("Ridge regression, %s tier, single trials (%d pictures)"),
                                pct_tier_get_name(score->tier), n);
}

static void
print_score(const PctQuickScore *score)
{
  guint n_shown;
  const PctScoreShown *shown = pct_score_get_shown(&n_shown);
  for (int mode = 0; mode < 2; mode++) {
    if (!score->modes[mode])
      continue;
    g_autofree char *title = dup_mode_title(score, mode), *alignment = g_strnfill(1 + n_shown, 'r');
    alignment[0] = 'l';
    g_autoptr(PctTable) table = pct_table_new(alignment);
    g_autofree const char **top = g_new0(const char *, 1 + n_shown), **below = g_new0(const char *, 1 + n_shown);
    for (guint i = 0; i < n_shown; i++) {
      top[1 + i] = _(shown[i].title);
      below[1 + i] = _(shown[i].below);
    }
    pct_table_add_cells(table, top);
    pct_table_add_cells(table, below);
    for (int row = 0; row < PCT_N_QUICK_ROWS; row++) {
      const PctScoreSummary *summary = &score->rows[mode][row];
      g_auto(GStrv) cells = g_new0(char *, 2 + n_shown);
      cells[0] = g_strdup(pct_quick_row_get_title((PctQuickRow)row));
      for (guint i = 0; i < n_shown; i++)
        cells[1 + i] = pct_score_cell(summary->mean[shown[i].frame][shown[i].measure],
                                      summary->interval[shown[i].frame][shown[i].measure], shown[i].decimals,
                                      shown[i].factor);
      pct_table_add_cells(table, (const char *const *)cells);
    }
    printf("\n%s\n", title);
    pct_table_print(table, "  ");
  }
}

void
pct_look_report_print(const PctLookReport *report)
{
  const PctFirstLook *look = report->look;
  g_autofree char *headline = pct_first_look_dup_headline(look, NULL);
  g_autofree char *expected = pct_first_look_dup_expectation(look, NULL);
  printf("%s: %s\n", pct_recording_get_name(report->recording), headline);
  if (pct_recording_get_trials(report->recording))
    printf(_("Only trials with %s\n"), pct_recording_get_trials(report->recording));
  print_remarks(report);
  print_tiers(report);
  print_repeats(look);
  print_course(look);
  if (report->score)
    print_score(report->score);
  else if (report->problem)
    printf("\n%s\n", report->problem);
  printf("\n%s\n", expected);
}
