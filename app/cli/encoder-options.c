// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "encoder-options.h"
#include <glib/gi18n.h>
#include <string.h>
#include "base/error.h"
#include "command.h"

gboolean
pct_encoder_settings_take(char **settings, gboolean *linear)
{
  guint kept = 0;
  for (guint i = 0; settings && settings[i]; i++) {
    g_autofree char *setting = settings[i];
    if (!g_str_has_prefix(setting, "linear=")) {
      settings[kept++] = g_steal_pointer(&setting);
      continue;
    }
    const char *value = setting + strlen("linear=");
    *linear = g_str_equal(value, "true");
    if (!*linear && !g_str_equal(value, "false")) {
      pct_command_refuse(_("“linear” is true or false, not “%s”"), value);
      settings[kept] = NULL;
      for (guint j = i + 1; settings[j]; j++)
        g_free(settings[j]);
      return FALSE;
    }
  }
  if (settings)
    settings[kept] = NULL;
  return TRUE;
}

gboolean
pct_encoder_settings_parse(char **settings, gboolean *linear)
{
  if (!pct_encoder_settings_take(settings, linear))
    return FALSE;
  if (!settings || !settings[0])
    return TRUE;
  pct_command_refuse(_("“%s”: of weights alone, only “linear=true” can be set"), settings[0]);
  return FALSE;
}

void
pct_neuron_choice_clear(PctNeuronChoice *choice)
{
  g_clear_pointer(&choice->ranges, g_array_unref);
}

static gboolean
parse_number(const char *text, int *number)
{
  guint64 value;
  if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32 - 1, &value, NULL))
    return FALSE;
  *number = (int)value;
  return TRUE;
}

gboolean
pct_neuron_choice_parse(PctNeuronChoice *choice, const char *text)
{
  if (!text || g_str_equal(text, "all"))
    return TRUE;
  choice->ranges = g_array_new(FALSE, FALSE, 2 * sizeof(int));
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  for (guint i = 0; parts[i]; i++) {
    g_auto(GStrv) ends = g_strsplit(parts[i], "-", 2);
    int range[2];
    if (!ends[0] || !parse_number(ends[0], &range[0]) || !parse_number(ends[1] ? ends[1] : ends[0], &range[1])) {
      pct_command_refuse(_("“%s” is no choice of neurons: expected “all”, or numbers and ranges as in 0,5,10-20"), text);
      return FALSE;
    }
    if (range[1] < range[0]) {
      pct_command_refuse(_("The range “%s” of neurons runs backwards"), parts[i]);
      return FALSE;
    }
    g_array_append_vals(choice->ranges, range, 1);
  }
  if (choice->ranges->len > 0)
    return TRUE;
  pct_command_refuse(_("“%s” is no choice of neurons: expected “all”, or numbers and ranges as in 0,5,10-20"), text);
  return FALSE;
}

int *
pct_neuron_choice_list(const PctNeuronChoice *choice, int n_neurons, int *n, GError **error)
{
  const int all[] = { 0, n_neurons - 1 };
  const int *ranges = choice->ranges ? (const int *)(gpointer)choice->ranges->data : all;
  guint n_ranges = choice->ranges ? choice->ranges->len : 1;
  g_autofree gboolean *taken = g_new0(gboolean, n_neurons);
  g_autofree int *list = g_new(int, n_neurons);
  *n = 0;
  for (guint i = 0; i < n_ranges; i++)
    for (int j = ranges[2 * i]; j <= ranges[2 * i + 1]; j++) {
      if (j >= n_neurons || taken[j]) {
        if (j >= n_neurons)
          g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("There is no neuron %d: the encoder’s are 0 to %d."),
                      ranges[2 * i + 1], n_neurons - 1);
        else
          g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("Neuron %d is chosen twice."), j);
        return NULL;
      }
      taken[j] = TRUE;
      list[(*n)++] = j;
    }
  return g_steal_pointer(&list);
}
