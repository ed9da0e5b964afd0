// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "measure/first-look-remarks.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "measure/expected-score.h"

// Below these a figure over repeats is a guess; below that reliability responses hardly come back at all.
#define FEW_REPEATED 10
#define FEW_REPEATS 4
#define HARDLY_RELIABLE 0.05
// Expected PixCorr of a recording too small to see anything by.
#define TOO_LITTLE 0.1
// Noise correlations beyond what cortex is known to have by itself: something moves all neurons together.
#define MUCH_SHARED_NOISE 0.2

static void
remark_free(gpointer data)
{
  PctRemark *remark = data;
  g_free(remark->sentence);
  g_free(remark->advice);
  g_free(remark);
}

// sentence is taken.
static void
add(GPtrArray *remarks, const char *name, gboolean grave, char *sentence, const char *advice)
{
  PctRemark *remark = g_new(PctRemark, 1);
  *remark = (PctRemark){ name, grave, sentence, g_strdup(advice) };
  g_ptr_array_add(remarks, remark);
}

// "image 3 = image 210, image 7 = image 7" of the pairs of two tiers, at most three.
static char *
dup_examples(const PctImagePair *pairs, int n, PctTier tier, PctTier other, const char *sign)
{
  g_autoptr(GString) text = g_string_new(NULL);
  int told = 0;
  for (int i = 0; i < n && told < 3; i++)
    if (pairs[i].tier == tier && pairs[i].other_tier == other) {
      g_string_append_printf(text, "%s%d %s %d", told > 0 ? ", " : "", pairs[i].image, sign, pairs[i].other);
      told++;
    }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
tell_shared(GPtrArray *remarks, const PctFirstLook *look)
{
  static const struct {
    PctTier tier, other;
    const char *name;
    gboolean grave;
  } cases[] = {
    { PCT_TIER_TEST, PCT_TIER_TRAIN, "leak-test-train", TRUE },
    { PCT_TIER_VALIDATION, PCT_TIER_TRAIN, "leak-validation-train", TRUE },
    { PCT_TIER_TEST, PCT_TIER_VALIDATION, "leak-test-validation", FALSE },
  };
  const PctDuplicates *duplicates = look->duplicates;
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    PctTier tier = cases[i].tier, other = cases[i].other;
    int n = duplicates->n_shared[tier][other];
    if (n == 0)
      continue;
    g_autofree char *examples = dup_examples(duplicates->pairs, duplicates->n_pairs, tier, other, "=");
    add(remarks, cases[i].name, cases[i].grave,
        // Translators: two tiers, then pairs of images' numbers, "3 = 210, 7 = 7".
        g_strdup_printf(ngettext("%d of %d images of the tier “%s” is shown in the tier “%s” too (images %s): a leak, "
                                 "which "
                                 "makes scores too good.",
                                 "%d of %d images of the tier “%s” are shown in the tier “%s” too (images %s): a "
                                 "leak, which "
                                 "makes scores too good.", (gulong)n),
                        n, look->census->tiers[tier].n_images, pct_tier_get_name(tier), pct_tier_get_name(other),
                        examples),
        _("Import it anew with tiers assigned by image, copies counting as one image."));
  }
  int n = duplicates->n_alike;
  if (n > 0) {
    const PctImagePair *most = &duplicates->alike[0];
    add(remarks, "alike", FALSE,
        g_strdup_printf(ngettext("%d held-out image is nearly the same as a train image (the most alike: %d and %d, "
                                 "correlation %.3f).",
                                 "%d held-out images are nearly the same as a train image (the most alike: %d and %d, "
                                 "correlation %.3f).", (gulong)n),
                        n, most->image, most->other, most->correlation),
        _("Look at them: crops or neighbouring frames of one photograph belong in one tier."));
  }
  n = duplicates->n_copies;
  if (n > 0)
    add(remarks, "copies", FALSE,
        g_strdup_printf(ngettext("%d image has the same pixels as another one, under a number of its own.",
                                 "%d images have the same pixels as another one, under numbers of their own.",
                                 (gulong)n), n),
        _("They count as different images here; under one number their trials would be repeats."));
}

static void
tell_neurons(GPtrArray *remarks, const PctFirstLook *look)
{
  const PctCensus *census = look->census;
  if (census->n_constant > 0)
    add(remarks, "constant-neurons", census->n_constant > look->n_neurons / 10,
        g_strdup_printf(ngettext("%d of %d neurons never answers: its response is the same in every trial (neuron %d).",
                                 "%d of %d neurons never answer: their response is the same in every trial (the first: "
                                 "neuron %d).", (gulong)census->n_constant),
                        census->n_constant, look->n_neurons, census->constant[0]),
        _("They do no harm, but tell nothing: leave them out when you import."));
  if (census->n_silent > 0)
    add(remarks, "silent-neurons", census->n_silent > look->n_neurons / 10,
        g_strdup_printf(ngettext("%d of %d neurons is silent in the train tier and answers elsewhere (neuron %d).",
                                 "%d of %d neurons are silent in the train tier and answer elsewhere (the first: "
                                 "neuron %d).",
                                 (gulong)census->n_silent),
                        census->n_silent, look->n_neurons, census->silent[0]),
        _("Nothing can be learned of them: leave them out, or see whether trials of the tiers come from different "
          "days."));
}

static void
tell_repeats(GPtrArray *remarks, const PctFirstLook *look)
{
  if (look->averaged) {
    add(remarks, "averaged", FALSE,
        g_strdup(_("The responses are means over repeats: no score here is of single trials, and reliability, noise "
                   "and gain "
                   "cannot be told.")),
        _("If you have the single trials, import those."));
    return;
  }
  if (!look->repeated) {
    add(remarks, "no-repeats", FALSE,
        g_strdup(_("No image is shown twice, so that nobody can tell how reliable the neurons are.")),
        _("Next time repeat some images; ten repeats of a hundred test images are plenty."));
    return;
  }
  const PctTierCensus *tier = &look->census->tiers[look->repeats_tier];
  if (tier->n_repeated < FEW_REPEATED || tier->most_repeats < FEW_REPEATS)
    add(remarks, "few-repeats", FALSE,
        g_strdup_printf(ngettext("Only %d image of the tier “%s” is repeated, at most %d times: reliability and noise "
                                 "correlations are guesses.",
                                 "Only %d images of the tier “%s” are repeated, at most %d times: reliability and "
                                 "noise "
                                 "correlations are guesses.", (gulong)tier->n_repeated),
                        tier->n_repeated, pct_tier_get_name(look->repeats_tier), tier->most_repeats),
        _("Take their histograms for what they are; scores do not depend on them."));
  if (look->median_oracle < HARDLY_RELIABLE)
    add(remarks, "unreliable", TRUE,
        g_strdup_printf(_("Responses hardly come back when an image does: the neurons’ median reliability is %.3f."),
                        look->median_oracle),
        _("See whether each trial is assigned to the image that it showed; a shift by one trial looks just like "
          "this."));
  if (look->noise->mean > MUCH_SHARED_NOISE)
    add(remarks, "shared-noise", FALSE,
        g_strdup_printf(_("Neurons vary together around their mean answers (mean noise correlation %.2f), more than "
                          "cortex "
                          "usually does."), look->noise->mean),
        _("Look for movement of the tissue, neuropil that was not taken off, or trials of very different states."));
}

static void
tell_size(GPtrArray *remarks, const PctFirstLook *look)
{
  const PctTierCensus *tiers = look->census->tiers;
  int n_train = tiers[PCT_TIER_TRAIN].n_images;
  if (pct_expected_pixcorr(look->n_neurons, n_train, NULL) < TOO_LITTLE)
    add(remarks, "too-small", TRUE,
        g_strdup_printf(_("%d neurons and %d train images are few: expect blurs, and scores not far from the mean "
                          "image’s."),
                        look->n_neurons, n_train),
        _("More different train images help most."));
  if (tiers[PCT_TIER_TEST].n_trials == 0)
    add(remarks, "no-test", TRUE, g_strdup(_("There is no test tier: whatever is scored was also used to choose a "
                                             "model.")),
        _("Import it anew with some images, best the repeated ones, in the tier “test”."));
  if (tiers[PCT_TIER_VALIDATION].n_trials == 0)
    add(remarks, "no-validation", FALSE,
        g_strdup(_("There is no validation tier: models choose their settings on a tenth of the train images.")), NULL);
  if (look->census->n_unshown > 0)
    add(remarks, "unshown-images", FALSE,
        g_strdup_printf(ngettext("%d of %d images was shown in no trial (image %d).",
                                 "%d of %d images were shown in no trial (the first: image %d).",
                                 (gulong)look->census->n_unshown),
                        look->census->n_unshown, look->n_images, look->census->unshown[0]),
        _("If you expected them to be shown, look at how trials and images were joined."));
}

static void
tell_drift(GPtrArray *remarks, const PctFirstLook *look)
{
  if (!pct_trial_course_drifts(look->course))
    return;
  double drift = pct_trial_course_get_drift(look->course);
  g_autofree char *much = g_strdup_printf("%.2f", fabs(drift));
  add(remarks, "drift", FALSE,
      g_strdup_printf(drift > 0 ? _("The population drifts: its mean response rises by %s standard deviations from "
                                    "the first "
                                    "trial to the last.")
                                : _("The population drifts: its mean response falls by %s standard deviations from "
                                    "the first "
                                    "trial to the last."), much),
      _("Scores suffer where tiers are not mixed in time; leave the odd part out when you import."));
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const PctRemark *x = *(const PctRemark *const *)a, *y = *(const PctRemark *const *)b;
  return (int)y->grave - (int)x->grave;
}

GPtrArray *
pct_first_look_dup_remarks(const PctFirstLook *look, const char *const *imported)
{
  GPtrArray *remarks = g_ptr_array_new_with_free_func(remark_free);
  tell_shared(remarks, look);
  tell_repeats(remarks, look);
  tell_size(remarks, look);
  tell_neurons(remarks, look);
  tell_drift(remarks, look);
  // What a condition leaves is no fault of the recording, and no import would mend it.
  for (guint i = 0; look->filtered && i < remarks->len; i++) {
    PctRemark *remark = remarks->pdata[i];
    g_free(remark->advice);
    remark->advice = g_strdup(_("This is so of the trials that meet the condition."));
  }
  for (guint i = 0; imported && imported[i]; i++)
    add(remarks, "import", FALSE, g_strdup_printf(_("On import: %s"), imported[i]), NULL);
  g_ptr_array_sort(remarks, compare);  // stable
  return remarks;
}
