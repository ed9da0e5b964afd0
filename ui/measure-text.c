// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "measure-text.h"
#include <glib/gi18n.h>
#include "plots/number-text.h"

const PctMeasure pct_table_measures[PCT_N_TABLE_MEASURES] = {
  PCT_MEASURE_PIXCORR, PCT_MEASURE_SSIM, PCT_MEASURE_SSIM_MIN_MAX, PCT_MEASURE_IDENTIFICATION, PCT_MEASURE_MSE,
};

const char *
pct_measure_get_title(PctMeasure measure)
{
  static const char *const titles[PCT_N_MEASURES] = {
    N_("MSE"), N_("PixCorr"), N_("SSIM"), N_("SSIM min–max"), N_("Identification"), N_("PixCorr beyond the mean image"),
    N_("to 1/32"), N_("to 1/16"), N_("to 1/8"), N_("to 1/4"), N_("beyond 1/4"),
  };
  g_return_val_if_fail((guint)measure < PCT_N_MEASURES, NULL);
  return _(titles[measure]);
}

gboolean
pct_table_measure_from_name(const char *name, PctMeasure *measure)
{
  for (guint i = 0; i < PCT_N_TABLE_MEASURES; i++)
    if (g_strcmp0(pct_measure_get_name(pct_table_measures[i]), name) == 0) {
      *measure = pct_table_measures[i];
      return TRUE;
    }
  return FALSE;
}

char *
pct_measure_dup_text(PctMeasure measure, double value)
{
  return pct_number_text(value, pct_measure_is_error(measure) ? 0 : 3);
}

char *
pct_measure_dup_interval_text(PctMeasure measure, PctInterval interval)
{
  if (!isfinite(interval.low) || !isfinite(interval.high))
    return NULL;
  g_autofree char *low = pct_measure_dup_text(measure, interval.low);
  g_autofree char *high = pct_measure_dup_text(measure, interval.high);
  return g_strdup_printf("%s – %s", low, high);
}

char *
pct_measure_dup_sentence(PctMeasure measure, double value, PctInterval interval)
{
  g_autofree char *text = pct_measure_dup_text(measure, value);
  g_autofree char *between = pct_measure_dup_interval_text(measure, interval);
  // Translators: a mean and the 95 % interval that it lies in.
  return between ? g_strdup_printf(_("%s (95 %%: %s)"), text, between) : g_steal_pointer(&text);
}
