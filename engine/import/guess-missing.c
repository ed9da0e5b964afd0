// SPDX-License-Identifier: GPL-3.0-or-later
// What a recording still needs after all guesses, in sentences.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "import/guess-private.h"

// Whole numbers from 0 or 1 on that would be the image of each trial, were they as many or not so large. NULL: there are
// none. Free with g_free.
static char *
dup_near_miss(const PctCatalogueEntry *entry, int n_trials, int n_images)
{
  gsize n;
  g_autofree double *values = pct_guesser_read_vector(entry, &n);
  double most = 0;
  gboolean whole = values && n > 10;
  for (gsize i = 0; whole && i < n; i++) {
    whole = values[i] >= 0 && values[i] == floor(values[i]);
    most = MAX(most, values[i]);
  }
  if (!whole || most < n_images / 2 || fabs((double)n - n_trials) > 0.1 * n_trials)
    return NULL;
  return n == (gsize)n_trials
    ? g_strdup_printf(_("No array could say which image each trial showed; “%s” might, but goes up to %.0f where there are "
                        "%d images."), entry->name, most, n_images)
    : g_strdup_printf(_("No array could say which image each trial showed; “%s” might, but has %zu numbers for %d trials."),
                      entry->name, n, n_trials);
}

static char *
dup_missing_numbers(PctGuesser *guesser, int n_trials, int n_images)
{
  for (guint i = 0; i < guesser->catalogue->entries->len && n_trials > 0; i++) {
    char *sentence = dup_near_miss(guesser->catalogue->entries->pdata[i], n_trials, n_images);
    if (sentence)
      return sentence;
  }
  return g_strdup(_("No array could say which image each trial showed."));
}

void
pct_guess_list_missing(PctGuesser *guesser)
{
  GPtrArray *missing = guesser->guess->missing;
  gboolean traces = pct_guesser_has(guesser, PCT_ROLE_TRACES), spikes = pct_guesser_has(guesser, PCT_ROLE_SPIKE_TIMES);
  const PctImportPlan *plan = guesser->guess->plan;
  if (!pct_guesser_has(guesser, PCT_ROLE_RESPONSES) && !traces && !spikes)
    g_ptr_array_add(missing, g_strdup(_("No array could be the responses: a number for each trial and neuron, traces "
                                        "over time, or spike times.")));
  if (!pct_guesser_has(guesser, PCT_ROLE_IMAGES))
    g_ptr_array_add(missing, g_strdup(_("No array could be the images: add a folder of pictures, or a file with a "
                                        "stack of them.")));
  if ((traces || spikes) && !pct_guesser_has(guesser, PCT_ROLE_ONSETS))
    g_ptr_array_add(missing, g_strdup(_("No array could be the stimulus onsets, which responses are taken by.")));
  if (traces && !pct_guesser_has(guesser, PCT_ROLE_FRAME_TIMES) && pct_import_plan_get(plan, "frame_rate") <= 0)
    g_ptr_array_add(missing, g_strdup(_("When the frames of the traces were taken is not known: give frame times or a "
                                        "frame rate.")));
  PctRoleArray images, responses;
  if (!pct_role_array_open(&images, guesser->catalogue, plan, PCT_ROLE_IMAGES, NULL) ||
      !pct_role_array_open(&responses, guesser->catalogue, plan, PCT_ROLE_RESPONSES, NULL))
    return;
  int n = !responses.entry ? 0 : strchr(responses.form, 'k') ? pct_role_array_get_size(&responses, 'k')
                                                             : pct_role_array_get_size(&responses, 't');
  if (images.entry && !pct_guesser_has(guesser, PCT_ROLE_IMAGE_NUMBERS) && pct_role_array_get_size(&images, 'k') != n)
    g_ptr_array_add(missing, dup_missing_numbers(guesser, n, pct_role_array_get_size(&images, 'k')));
}
