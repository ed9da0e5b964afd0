// SPDX-License-Identifier: GPL-3.0-or-later
// Values are doubles in the table's order: a boolean is 0 or 1, a choice its index. Text goes through the C locale, so
// a model.json written in one country opens in another. Invariant: a record never holds a value its table does not allow.
#include "config.h"
#include "base/options.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"

// -1 if there is none.
static int
find(const PctOptionTable *table, const char *name)
{
  for (guint i = 0; i < table->n_options; i++)
    if (g_str_equal(table->options[i].name, name))
      return (int)i;
  return -1;
}

gboolean
pct_option_table_has(const PctOptionTable *table, const char *name)
{
  g_return_val_if_fail(table && name, FALSE);
  return find(table, name) >= 0;
}

static int
require(const PctOptionTable *table, const char *name, GError **error)
{
  int i = find(table, name);
  if (i >= 0)
    return i;
  g_autoptr(GString) known = g_string_new(NULL);
  for (guint j = 0; j < table->n_options; j++)
    g_string_append_printf(known, "%s%s", j ? ", " : "", table->options[j].name);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("There is no option “%s”; the options here are: %s."), name,
              known->str);
  return -1;
}

PctOptionValues *
pct_option_values_new(const PctOptionTable *table)
{
  g_return_val_if_fail(table && table->n_presets > 0, NULL);
  PctOptionValues *values = g_new(PctOptionValues, 1);
  values->table = table;
  values->values = g_new0(double, MAX(table->n_options, 1));
  if (table->n_options)
    memcpy(values->values, table->presets[0].values, table->n_options * sizeof(double));
  return values;
}

PctOptionValues *
pct_option_values_copy(const PctOptionValues *values)
{
  g_return_val_if_fail(values, NULL);
  PctOptionValues *copy = pct_option_values_new(values->table);
  memcpy(copy->values, values->values, values->table->n_options * sizeof(double));
  return copy;
}

void
pct_option_values_free(PctOptionValues *values)
{
  if (!values)
    return;
  g_free(values->values);
  g_free(values);
}

static gboolean
set_preset(PctOptionValues *values, const char *name, GError **error)
{
  const PctOptionTable *table = values->table;
  g_autoptr(GString) known = g_string_new(NULL);
  for (guint i = 0; i < table->n_presets; i++) {
    if (g_str_equal(table->presets[i].name, name)) {
      memcpy(values->values, table->presets[i].values, table->n_options * sizeof(double));
      return TRUE;
    }
    g_string_append_printf(known, "%s%s", i ? ", " : "", table->presets[i].name);
  }
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("There is no preset “%s”; the presets here are: %s."), name,
              known->str);
  return FALSE;
}

gboolean
pct_option_values_parse(PctOptionValues *values, const char *assignment, GError **error)
{
  g_return_val_if_fail(values && assignment, FALSE);
  const char *equals = strchr(assignment, '=');
  if (!equals || equals == assignment) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("An option is set as name=value, and “%s” is not of that form."),
                assignment);
    return FALSE;
  }
  g_autofree char *name = g_strndup(assignment, (gsize)(equals - assignment));
  if (g_str_equal(name, "preset"))
    return set_preset(values, equals + 1, error);
  return pct_option_values_set(values, name, equals + 1, error);
}

static gboolean
refuse(const PctOption *option, const char *text, GError **error)
{
  g_autoptr(GString) expected = g_string_new(NULL);
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(low, sizeof low, "%.12g", option->minimum);
  g_ascii_formatd(high, sizeof high, "%.12g", option->maximum);
  switch (option->type) {
    case PCT_OPTION_BOOLEAN:
      g_string_append(expected, _("true or false"));
      break;
    case PCT_OPTION_INTEGER:
      g_string_append_printf(expected, _("a whole number from %s to %s"), low, high);
      break;
    case PCT_OPTION_REAL:
      g_string_append_printf(expected, _("a number from %s to %s"), low, high);
      break;
    case PCT_OPTION_CHOICE:
      for (guint i = 0; option->choices[i]; i++)
        g_string_append_printf(expected, "%s%s", i ? ", " : _("one of "), option->choices[i]);
      break;
  }
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The option “%s” is %s, not “%s”."), option->name, expected->str,
              text);
  return FALSE;
}

static gboolean
parse_number(const char *text, double *number)
{
  char *end;
  errno = 0;
  *number = g_ascii_strtod(text, &end);
  // g_ascii_strtod reads hexadecimal, "inf" and leading blanks too: none of them is how a person writes an option.
  return end != text && *end == '\0' && errno == 0 && isfinite(*number) && !strpbrk(text, "xX \t");
}

static gboolean
allowed(const PctOption *option, double value)
{
  switch (option->type) {
    case PCT_OPTION_BOOLEAN:
      return value == 0 || value == 1;
    case PCT_OPTION_INTEGER:
      return isfinite(value) && value == floor(value) && value >= option->minimum && value <= option->maximum;
    case PCT_OPTION_REAL:
      return isfinite(value) && value >= option->minimum && value <= option->maximum;
    case PCT_OPTION_CHOICE:
      return value >= 0 && value == floor(value) && value < g_strv_length((char **)option->choices);
  }
  return FALSE;
}

gboolean
pct_option_values_set(PctOptionValues *values, const char *name, const char *text, GError **error)
{
  g_return_val_if_fail(values && name && text, FALSE);
  int i = require(values->table, name, error);
  if (i < 0)
    return FALSE;
  const PctOption *option = &values->table->options[i];
  double value = -1;
  gboolean understood = FALSE;
  if (option->type == PCT_OPTION_BOOLEAN) {
    value = g_str_equal(text, "true");
    understood = value == 1 || g_str_equal(text, "false");
  } else if (option->type == PCT_OPTION_CHOICE) {
    for (guint j = 0; option->choices[j] && !understood; j++)
      if (g_str_equal(option->choices[j], text)) {
        value = j;
        understood = TRUE;
      }
  } else {
    understood = parse_number(text, &value);
  }
  if (!understood || !allowed(option, value))
    return refuse(option, text, error);
  values->values[i] = value;
  return TRUE;
}

gboolean
pct_option_values_set_number(PctOptionValues *values, const char *name, double value, GError **error)
{
  g_return_val_if_fail(values && name, FALSE);
  int i = require(values->table, name, error);
  if (i < 0)
    return FALSE;
  if (!allowed(&values->table->options[i], value)) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return refuse(&values->table->options[i], g_ascii_formatd(text, sizeof text, "%.12g", value), error);
  }
  values->values[i] = value;
  return TRUE;
}

double
pct_option_values_get(const PctOptionValues *values, const char *name)
{
  g_return_val_if_fail(values && name, 0);
  int i = find(values->table, name);
  g_return_val_if_fail(i >= 0, 0);
  return values->values[i];
}

char *
pct_option_values_dup_text(const PctOptionValues *values, const char *name)
{
  g_return_val_if_fail(values && name, NULL);
  int i = find(values->table, name);
  g_return_val_if_fail(i >= 0, NULL);
  const PctOption *option = &values->table->options[i];
  double value = values->values[i];
  if (option->type == PCT_OPTION_BOOLEAN)
    return g_strdup(value != 0 ? "true" : "false");
  if (option->type == PCT_OPTION_CHOICE)
    return g_strdup(option->choices[(guint)value]);
  // The shortest text that reads back as the same number.
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(text, sizeof text, "%.15g", value);
  if (g_ascii_strtod(text, NULL) != value)
    g_ascii_dtostr(text, sizeof text, value);
  return g_strdup(text);
}
