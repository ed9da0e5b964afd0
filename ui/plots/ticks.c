// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/ticks.h"
#include <math.h>
#include "plots/number-text.h"

static PctTicks
linear_ticks(double minimum, double maximum, int most)
{
  PctTicks ticks = { 0 };
  double rough = (maximum - minimum) / most;
  double power = pow(10, floor(log10(rough)));
  double step = power;
  // Rounding at the range's ends decides whether a step fits, so steps are tried until one does.
  static const double factors[] = { 1, 2, 5, 10, 20 };
  for (guint i = 0; i < G_N_ELEMENTS(factors); i++) {
    step = factors[i] * power;
    if (floor(maximum / step + 1e-9) - ceil(minimum / step - 1e-9) + 1 <= most)
      break;
  }
  double first = ceil(minimum / step - 1e-9);
  for (int i = 0; i < most && (first + i) * step <= maximum + 1e-9 * step; i++)
    ticks.at[ticks.n++] = (first + i) * step + 0.0;
  ticks.decimals = MAX(0, (int)-floor(log10(step) + 1e-9));
  if (ticks.decimals > 6 || fabs(maximum) >= 1e7 || fabs(minimum) >= 1e7)
    ticks.decimals = -1;
  return ticks;
}

static PctTicks
logarithmic_ticks(double minimum, double maximum, int most)
{
  static const double factors[] = { 1, 2, 5 };
  PctTicks ticks = { .decimals = -1 };
  int low = (int)floor(log10(minimum)), high = (int)ceil(log10(maximum));
  int n_between = 0;  // in the range, powers of ten included
  for (int power = low; power <= high; power++)
    for (guint i = 0; i < G_N_ELEMENTS(factors); i++)
      n_between += factors[i] * pow(10, power) >= minimum && factors[i] * pow(10, power) <= maximum;
  gboolean between = n_between <= most;
  int stride = MAX(1, (high - low + most) / most);
  for (int power = low; power <= high; power += stride)
    for (guint i = 0; i < (between ? 3 : 1); i++) {
      double at = factors[i] * pow(10, power);
      if (at >= minimum * (1 - 1e-9) && at <= maximum * (1 + 1e-9) && ticks.n < most)
        ticks.at[ticks.n++] = at;
    }
  return ticks;
}

PctTicks
pct_ticks(double minimum, double maximum, int most, gboolean logarithmic)
{
  most = CLAMP(most, 2, PCT_MAX_TICKS);
  if (!isfinite(minimum) || !isfinite(maximum) || !(maximum > minimum) || (logarithmic && minimum <= 0))
    return (PctTicks){ 0 };
  if (logarithmic) {
    PctTicks ticks = logarithmic_ticks(minimum, maximum, most);
    if (ticks.n >= 2)
      return ticks;  // else less than a decade: numbers as on a linear axis tell more
  }
  return linear_ticks(minimum, maximum, most);
}

char *
pct_ticks_dup_label(const PctTicks *ticks, int i)
{
  double value = ticks->at[i];
  if (ticks->decimals >= 0)
    return pct_number_text(value, ticks->decimals);
  g_autofree char *text = g_strdup_printf("%.4g", fabs(value));
  return g_strconcat(value < 0 ? "−" : "", text, NULL);
}

void
pct_range_add(double *minimum, double *maximum, double value)
{
  if (!isfinite(value))
    return;
  *minimum = isfinite(*minimum) ? MIN(*minimum, value) : value;
  *maximum = isfinite(*maximum) ? MAX(*maximum, value) : value;
}
