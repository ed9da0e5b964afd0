// SPDX-License-Identifier: GPL-3.0-or-later
#include "score-text.h"
#include <math.h>

char *
pct_score_text(double value, int decimals)
{
  if (!isfinite(value))
    return g_strdup("–");
  g_autofree char *text = g_strdup_printf("%'.*f", decimals, fabs(value));
  gboolean zero = round(value * pow(10, decimals)) == 0;
  return g_strconcat(value < 0 && !zero ? "−" : "", text, NULL);
}
