// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/response-text.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"

char *
pct_response_text_new(const float *values, int m)
{
  g_return_val_if_fail(values && m >= 0, NULL);
  GString *text = g_string_new(NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  for (int j = 0; j < m; j++)
    g_string_append_printf(text, "%d\t%s\n", j, g_ascii_formatd(number, sizeof number, "%.9g", (double)values[j]));
  return g_string_free(text, FALSE);
}

// "12 <tab> 0.5": FALSE if it is not.
static gboolean
parse_line(const char *line, guint64 *neuron, double *value)
{
  char *end;
  if (!g_ascii_isdigit(*line))
    return FALSE;
  *neuron = g_ascii_strtoull(line, &end, 10);
  const char *after = end + strspn(end, " \t,;");
  if (after == end || !*after)
    return FALSE;
  *value = g_ascii_strtod(after, &end);
  return end != after && end[strspn(end, " \t\r")] == '\0';
}

gboolean
pct_response_text_parse(const char *text, int m, GArray *neurons, GArray *values, GError **error)
{
  g_return_val_if_fail(text && m > 0 && neurons && values, FALSE);
  g_autofree guint8 *seen = g_malloc0((gsize)m);
  g_array_set_size(neurons, 0);
  g_array_set_size(values, 0);
  int number = 0;
  for (const char *at = text, *next; *at; at = next) {
    const char *end = strchrnul(at, '\n');
    next = *end ? end + 1 : end;
    number++;
    g_autofree char *line = g_strstrip(g_strndup(at, (gsize)(end - at)));
    guint64 neuron;
    double value;
    if (!*line || (number == 1 && !g_ascii_isdigit(*line)))
      continue;
    if (!parse_line(line, &neuron, &value)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("Line %d of the clipboard is not a neuron’s number and its response, apart by a tab."), number);
      return FALSE;
    }
    if (neuron >= (guint64)m || seen[neuron] || !isfinite((float)value)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("Line %d of the clipboard is of no neuron (they are numbered 0 to %d), of one a second time, or not "
                    "finite."), number, m - 1);
      return FALSE;
    }
    seen[neuron] = 1;
    int which = (int)neuron;
    float response = (float)value;
    g_array_append_val(neurons, which);
    g_array_append_val(values, response);
  }
  if (neurons->len > 0)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The clipboard holds no responses."));
  return FALSE;
}
