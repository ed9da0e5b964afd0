// SPDX-License-Identifier: GPL-3.0-or-later
// Options that make any kind quick to train on a small recording.
#pragma once
#include "base/options.h"

// The default preset, but small where a number of these names is, as near as its range lets it.
static inline PctOptionValues *
small_options_new(const PctOptionTable *table)
{
  static const struct {
    const char *name;
    double value;
  } wanted[] = { { "epochs", 2 }, { "layers", 1 }, { "channels", 2 }, { "input_kernel", 5 }, { "width", 4 },
                 { "batch", 16 }, { "steps", 3 },  { "hidden", 8 },   { "features", 12 },    { "latent", 4 } };
  PctOptionValues *values = pct_option_values_new(table);
  for (guint i = 0; i < table->n_options; i++)
    for (guint j = 0; j < G_N_ELEMENTS(wanted); j++) {
      const PctOption *option = &table->options[i];
      if (g_str_equal(option->name, wanted[j].name) &&
          (option->type == PCT_OPTION_INTEGER || option->type == PCT_OPTION_REAL))
        values->values[i] = CLAMP(wanted[j].value, option->minimum, option->maximum);
    }
  return values;
}
