// SPDX-License-Identifier: GPL-3.0-or-later
// A model's options: one static table a model feeds `--set name=value`, the rows of the Train page, model.json and the
// README. Values are a small record of fixed size beside the table; an unknown name or a value out of range is an error
// with one sentence, never ignored.
#pragma once
#include <glib.h>

typedef enum {
  PCT_OPTION_BOOLEAN,
  PCT_OPTION_INTEGER,
  PCT_OPTION_REAL,
  PCT_OPTION_CHOICE,   // one of choices
} PctOptionType;

typedef struct {
  const char *name;            // "latent", as in --set latent=32
  PctOptionType type;
  double minimum, maximum;     // inclusive; for numbers
  const char *const *choices;  // NULL-terminated, untranslated identifiers; for a choice
  const char *unit;            // "epochs", "grey levels"; NULL: none. Marked N_()
  const char *title;           // short label, marked N_()
  const char *help;            // one sentence, marked N_()
  gboolean advanced;           // folded away on the Train page
} PctOption;

// A named set of values for all options, in the table's order; the first preset is the default.
typedef struct {
  const char *name;      // "compact"
  const char *title;     // N_()
  const double *values;  // (n_options,); a choice by its index, a boolean as 0 or 1
} PctPreset;

typedef struct {
  const PctOption *options;
  guint n_options;
  const PctPreset *presets;
  guint n_presets;  // at least 1
} PctOptionTable;

typedef struct {
  const PctOptionTable *table;
  double *values;  // (n_options,)
} PctOptionValues;

gboolean pct_option_table_has(const PctOptionTable *table, const char *name);

PctOptionValues *pct_option_values_new(const PctOptionTable *table);  // the default preset
PctOptionValues *pct_option_values_copy(const PctOptionValues *values);
void pct_option_values_free(PctOptionValues *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctOptionValues, pct_option_values_free)

// "epochs=20"; "preset=NAME" sets all. FALSE with PCT_ERROR_UNSUPPORTED (no such option) or PCT_ERROR_FORMAT (bad value).
gboolean pct_option_values_parse(PctOptionValues *values, const char *assignment, GError **error);
gboolean pct_option_values_set(PctOptionValues *values, const char *name, const char *text, GError **error);
gboolean pct_option_values_set_number(PctOptionValues *values, const char *name, double value, GError **error);
// name must be in the table.
double pct_option_values_get(const PctOptionValues *values, const char *name);
// As text that pct_option_values_set takes back exactly; a choice by name. Free with g_free.
char *pct_option_values_dup_text(const PctOptionValues *values, const char *name);
