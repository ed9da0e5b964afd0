// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/tiers.h"
#include <math.h>
#include <string.h>
#include "base/random.h"

#define STREAM_TEST 1
#define STREAM_VALIDATION 2
#define ENOUGH_REPEATED 10  // images to score means over repeats by

gboolean
pct_tier_from_any_name(const char *name, PctTier *tier)
{
  static const struct {
    const char *start;
    PctTier tier;
  } names[] = {
    { "train", PCT_TIER_TRAIN }, { "val", PCT_TIER_VALIDATION }, { "dev", PCT_TIER_VALIDATION },
    { "oracle", PCT_TIER_VALIDATION }, { "test", PCT_TIER_TEST }, { "final", PCT_TIER_TEST },
    { "live", PCT_TIER_TEST }, { "held", PCT_TIER_TEST },
  };
  g_autofree char *folded = g_utf8_casefold(name, -1);
  const char *word = g_strstrip(folded);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_str_has_prefix(word, names[i].start)) {
      *tier = names[i].tier;
      return TRUE;
    }
  return FALSE;
}

// The different pictures among images of a tier (or all, tier -1): a permutation of them, by seed. (*n,)
static gint32 *
list_groups(const guint8 *tier, const gint32 *same, int n_images, PctTier of, guint64 seed, guint64 stream, int *n)
{
  g_autofree gint32 *groups = g_new(gint32, MAX(n_images, 1));
  *n = 0;
  for (int i = 0; i < n_images; i++)
    if (same[i] == i && tier[i] == of)
      groups[(*n)++] = i;
  g_autofree guint32 *order = g_new(guint32, MAX(*n, 1));
  PctRandom random = pct_random(seed, stream);
  pct_random_permutation(&random, order, (guint32)*n);
  gint32 *drawn = g_new(gint32, MAX(*n, 1));
  for (int i = 0; i < *n; i++)
    drawn[i] = groups[order[i]];
  return drawn;
}

// Equal pictures follow the one that stands for them.
static void
spread(guint8 *tier, const gint32 *same, int n_images)
{
  for (int i = 0; i < n_images; i++)
    tier[i] = tier[same[i]];
}

// How many of n images a share is: at least one where one can be spared.
static int
count_share(double share, int n)
{
  return share > 0 ? CLAMP((int)lround(share * n), 1, MAX(n - 1, 0)) : 0;
}

void
pct_tiers_draw_validation(guint8 *tier, const gint32 *same, int n_images, double share, guint64 seed)
{
  int n;
  g_autofree gint32 *groups = list_groups(tier, same, n_images, PCT_TIER_TRAIN, seed, STREAM_VALIDATION, &n);
  int count = count_share(share, n);
  g_autofree guint8 *chosen = g_malloc0((gsize)MAX(n_images, 1));
  for (int i = 0; i < count; i++)
    chosen[groups[i]] = 1;
  for (int i = 0; i < n_images; i++)
    if (tier[i] == PCT_TIER_TRAIN && chosen[same[i]])
      tier[i] = PCT_TIER_VALIDATION;
}

void
pct_tiers_draw(guint8 *tier, const gint32 *same, const int *n_trials, int n_images, const PctTierShares *shares)
{
  g_autofree int *shown = g_new0(int, MAX(n_images, 1));
  for (int i = 0; i < n_images; i++)
    shown[same[i]] += n_trials[i];
  memset(tier, PCT_TIER_TRAIN, (gsize)n_images);
  int n, n_repeated = 0;
  g_autofree gint32 *groups = list_groups(tier, same, n_images, PCT_TIER_TRAIN, shares->seed, STREAM_TEST, &n);
  for (int i = 0; i < n; i++)
    n_repeated += shown[groups[i]] > 1;
  int wanted = n >= 3 ? count_share(shares->test, n) : 0;
  gboolean repeated_first = shares->repeats_to_test && n_repeated > 0 && n_repeated <= n / 2;
  if (repeated_first) {
    for (int i = 0; i < n; i++)
      if (shown[groups[i]] > 1)
        tier[groups[i]] = PCT_TIER_TEST;
    wanted = n_repeated >= MIN(wanted, ENOUGH_REPEATED) ? 0 : wanted - n_repeated;
  }
  for (int i = 0; i < n && wanted > 0; i++)
    if (tier[groups[i]] != PCT_TIER_TEST) {
      tier[groups[i]] = PCT_TIER_TEST;
      wanted--;
    }
  spread(tier, same, n_images);
  pct_tiers_draw_validation(tier, same, n_images, shares->validation, shares->seed);
}
