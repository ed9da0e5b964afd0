// SPDX-License-Identifier: GPL-3.0-or-later
// The digits are grouped by hand where the locale says nothing of it, as the C locale does: a sum of grey levels or a
// count of images is no easier to read for want of a locale.
#include "plots/number-text.h"
#include <locale.h>
#include <math.h>
#include <string.h>

#define DIGITS "0123456789"

static char *
group_digits(const char *digits, const char *mark)
{
  gsize n = strspn(digits, DIGITS);
  GString *text = g_string_new(NULL);
  for (gsize i = 0; i < n; i++) {
    if (i > 0 && (n - i) % 3 == 0)
      g_string_append(text, mark);
    g_string_append_c(text, digits[i]);
  }
  g_string_append(text, digits + n);
  return g_string_free(text, FALSE);
}

char *
pct_number_text(double value, int decimals)
{
  if (!isfinite(value))
    return g_strdup("–");
  const struct lconv *locale = localeconv();
  gboolean grouped = *locale->thousands_sep != '\0';
  // A comma would read as the decimal point where that is a comma; a thin space reads as nothing else.
  const char *mark = strcmp(locale->decimal_point, ",") == 0 ? "\u202f" : ",";
  g_autofree char *digits =
    grouped ? g_strdup_printf("%'.*f", decimals, fabs(value)) : g_strdup_printf("%.*f", decimals, fabs(value));
  g_autofree char *text = grouped ? g_strdup(digits) : group_digits(digits, mark);
  gboolean zero = strpbrk(digits, "123456789") == NULL;
  return g_strconcat(value < 0 && !zero ? "−" : "", text, NULL);
}
