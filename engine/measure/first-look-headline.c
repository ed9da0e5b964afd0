// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences of a first look that are there for every recording, good or bad.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "measure/expected-score.h"
#include "measure/first-look-remarks.h"

static char *
dup_digits(double value, int decimals)
{
  return g_strdup_printf("%.*f", decimals, value);
}

// What a tier repeats; NULL: nothing.
static char *
dup_repeats(const PctTierCensus *tier, const char *name, PctNumberText text)
{
  if (tier->n_repeated == 0)
    return NULL;
  g_autofree char *images = text(tier->n_repeated, 0), *times = text(tier->most_repeats, 0);
  if (tier->n_repeated == tier->n_images && tier->least_repeats == tier->most_repeats)
    // Translators: a number of images, a tier, a number of times.
    return g_strdup_printf(ngettext("%s %s image shown %s times", "%s %s images shown %s times",
                                    (gulong)tier->n_images), images, name, times);
  // Translators: a number of images, a tier, a number of times.
  return g_strdup_printf(ngettext("%s %s image shown repeatedly, up to %s times",
                                  "%s %s images shown repeatedly, up to %s times", (gulong)tier->n_repeated), images, name,
                         times);
}

char *
pct_first_look_dup_headline(const PctFirstLook *look, PctNumberText number)
{
  PctNumberText text = number ? number : dup_digits;
  g_autofree char *n_neurons = text(look->n_neurons, 0), *n_images = text(look->n_images, 0);
  g_autofree char *n_trials = text(look->n_trials, 0);
  g_autofree char *neurons =
    g_strdup_printf(ngettext("%s neuron", "%s neurons", (gulong)look->n_neurons), n_neurons);
  g_autofree char *images = g_strdup_printf(ngettext("%s image of %d × %d pixels", "%s images of %d × %d pixels",
                                                     (gulong)look->n_images), n_images, look->width, look->height);
  g_autofree char *trials =
    g_strdup_printf(look->averaged ? ngettext("%s mean response", "%s mean responses", (gulong)look->n_trials)
                                   : ngettext("%s trial", "%s trials", (gulong)look->n_trials), n_trials);
  // Translators: neurons, images and trials, counted.
  g_autofree char *counts = g_strdup_printf(_("%s, %s, %s"), neurons, images, trials);
  g_autoptr(GString) all = g_string_new(counts);
  for (int tier = PCT_N_TIERS - 1, told = 0; tier >= 0; tier--) {
    g_autofree char *repeats = dup_repeats(&look->census->tiers[tier], pct_tier_get_name((PctTier)tier), text);
    if (repeats)
      g_string_append_printf(all, "%s%s", told++ == 0 ? _("; ") : _(", "), repeats);
  }
  g_string_append(all, _("."));
  return g_string_free(g_steal_pointer(&all), FALSE);
}

char *
pct_first_look_dup_expectation(const PctFirstLook *look, PctNumberText number)
{
  PctNumberText dup = number ? number : dup_digits;
  const PctTierCensus *train = &look->census->tiers[PCT_TIER_TRAIN];
  gboolean inside;
  g_autofree char *neurons = dup(look->n_neurons, 0), *images = dup(train->n_images, 0);
  double expected = pct_expected_pixcorr(look->n_neurons, train->n_images, &inside);
  g_autoptr(GString) text = g_string_new(NULL);
  // Translators: numbers of neurons and images, then two figures.
  g_string_append_printf(text, _("With %s neurons and %s train images a ridge regression reaches a PixCorr of about "
                                 "%.2f on "
                                 "single trials: in simulated responses of mouse V1 with a median reliability of "
                                 "%.2f, each "
                                 "train image shown once."),
                         neurons, images, expected, PCT_EXPECTED_RELIABILITY);
  if (!inside)
    g_string_append(text, _(" The size lies beyond what was measured; the nearest stands for it."));
  if (look->averaged)
    g_string_append(text, _(" Here responses are means over repeats, which score higher."));
  else if (train->most_repeats > 1)
    g_string_append(text, _(" Here train images are repeated, which helps."));
  if (isfinite(look->median_oracle))
    g_string_append_printf(text, _(" The median reliability here is %.2f."), look->median_oracle);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

const char *
pct_first_look_get_gain_sentence(const PctFirstLook *look)
{
  return look->course->regression
           ? _("Gain: the slope of a trial’s z-scored responses on the mean of the image’s other trials, over the "
               "neurons.")
           : _("Gain: the mean z-scored response over the neurons, for there are too few repeats to regress on.");
}
