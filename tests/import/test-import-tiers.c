// SPDX-License-Identifier: GPL-3.0-or-later
// Tiers as recorded, and drawn by image.
#include <string.h>
#include "import/tiers.h"
#include "small-import.h"

static void
count_tiers(const PctRecording *recording, int *trials, int *images)
{
  for (int t = 0; t < PCT_N_TIERS; t++) {
    pct_recording_get_tier_trials(recording, (PctTier)t, &trials[t]);
    pct_recording_get_tier_images(recording, (PctTier)t, &images[t]);
  }
}

static void
test_recorded_tiers(void)
{
  static const char *const words[] = { "train", "Training", "validation", "val", "oracle", "test", "final_test",
                                       "live_test_main" };
  static const PctTier meant[] = { PCT_TIER_TRAIN, PCT_TIER_TRAIN, PCT_TIER_VALIDATION, PCT_TIER_VALIDATION,
                                   PCT_TIER_VALIDATION, PCT_TIER_TEST, PCT_TIER_TEST, PCT_TIER_TEST };
  const char *texts[K];
  gint32 from_one[K];
  float responses[K * M], ignored[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(ignored, images, numbers);
  memcpy(responses, ignored, sizeof responses);
  for (int k = 0; k < K; k++) {
    texts[k] = words[k % 8];
    from_one[k] = 1 + (gint32)meant[k % 8];
  }
  for (int by = 0; by < 2; by++) {
    PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
    memory_source_add_floats(source, "resp", responses, K, M);
    memory_source_add_bytes(source, "images", images, K, H, W);
    if (by)
      memory_source_add_ints(source, "tiers", from_one, K);
    else
      memory_source_add_texts(source, "tiers", texts, K);
    g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
    g_autoptr(PctImportPlan) plan = small_plan();
    pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
    pct_import_plan_assign(plan, PCT_ROLE_TIERS, "s.mat/tiers", NULL);
    g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
    for (int k = 0; k < K; k++)
      g_assert_cmpint(pct_recording_get_trial_tier(result->recording, k), ==, meant[k % 8]);
  }
}

// Tiers of images, as they came, reach their trials though numbers close up.
static void
test_tiers_of_images(void)
{
  static const gint32 tiers[K] = { 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0 };
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N];
  small_fill(responses, images, numbers);
  for (int i = 0; i < N; i++)
    numbers[i] = 1 + i % 11;
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "Python");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  memory_source_add_ints(source, "tiers", tiers, K);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TIERS, "s.mat/tiers", NULL);
  g_assert_true(pct_option_values_set(plan->settings, "first_image", "0", NULL));
  g_autoptr(PctImportResult) result = small_assemble(catalogue, plan);
  for (int i = 0; i < N; i++)
    g_assert_cmpint(pct_recording_get_trial_tier(result->recording, i), ==, tiers[1 + i % 11]);
}

// Equal pictures, under two numbers, are in one tier; repeated ones for testing where enough others are left.
static void
test_drawn_tiers(void)
{
  enum { IMAGES = 40 };
  gint32 same[IMAGES];
  int n_trials[IMAGES];
  guint8 tier[IMAGES], again[IMAGES], other[IMAGES];
  for (int i = 0; i < IMAGES; i++) {
    same[i] = i % 10 == 9 ? i - 5 : i;  // 9, 19, 29, 39 look like 4, 14, 24, 34
    n_trials[i] = i >= 25 && i < 28 ? 5 : 1;
  }
  PctTierShares shares = { .test = .2, .validation = .25, .repeats_to_test = TRUE, .seed = 7 };
  int n[PCT_N_TIERS] = { 0 };
  pct_tiers_draw(tier, same, n_trials, IMAGES, &shares);
  for (int i = 0; i < IMAGES; i++) {
    g_assert_cmpint(tier[i], ==, tier[same[i]]);
    if (n_trials[same[i]] > 1 || i % 5 == 4)
      g_assert_cmpint(n_trials[i] > 1 || i % 10 == 4 || i % 10 == 9 ? tier[i] : PCT_TIER_TEST, ==, PCT_TIER_TEST);
    n[tier[i]] += same[i] == i;
  }
  // 3 shown five times and 4 pictures shown under two numbers are repeated, of 36; a share of .2 is 7.
  g_assert_cmpint(n[PCT_TIER_TEST], ==, 7);
  g_assert_cmpint(n[PCT_TIER_VALIDATION], ==, 7);
  g_assert_cmpint(n[PCT_TIER_TRAIN], ==, 22);
  pct_tiers_draw(again, same, n_trials, IMAGES, &shares);
  g_assert_cmpmem(tier, sizeof tier, again, sizeof again);
  shares.seed = 8;
  pct_tiers_draw(other, same, n_trials, IMAGES, &shares);
  g_assert_cmpint(memcmp(tier, other, sizeof tier), !=, 0);
  // All are repeated: a share of them is for testing, not all.
  for (int i = 0; i < IMAGES; i++)
    n_trials[i] = 3;
  pct_tiers_draw(tier, same, n_trials, IMAGES, &shares);
  memset(n, 0, sizeof n);
  for (int i = 0; i < IMAGES; i++)
    n[tier[i]] += same[i] == i;
  g_assert_cmpint(n[PCT_TIER_TEST], ==, 7);
  // Three pictures have a tier each, whatever the shares round to.
  int one[3] = { 1, 1, 1 };
  gint32 self[3] = { 0, 1, 2 };
  shares.test = shares.validation = .05;
  pct_tiers_draw(tier, self, one, 3, &shares);
  g_assert_cmpint(tier[0] + tier[1] + tier[2], ==, 3);
  g_assert_cmpint(tier[0] * tier[1] * tier[2], ==, 0);
}

static void
test_leak_and_validation(void)
{
  float responses[N * M];
  guint8 images[K * H * W];
  gint32 numbers[N], tiers[N];
  small_fill(responses, images, numbers);
  memcpy(images + 10 * H * W, images + 3 * H * W, H * W);
  // Image 10 looks like 3, and is tested; 3 is learned from.
  for (int i = 0; i < N; i++)
    tiers[i] = numbers[i] == 10 ? 2 : 0;
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  memory_source_add_floats(source, "resp", responses, N, M);
  memory_source_add_bytes(source, "images", images, K, H, W);
  memory_source_add_ints(source, "numbers", numbers, N);
  memory_source_add_ints(source, "tiers", tiers, N);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportPlan) plan = small_plan();
  pct_import_plan_assign(plan, PCT_ROLE_TIERS, "s.mat/tiers", NULL);
  g_autoptr(PctImportResult) recorded = small_assemble(catalogue, plan);
  int trials[PCT_N_TIERS], shown[PCT_N_TIERS];
  g_assert_true(small_says(recorded->remarks, "A leak: 1 images"));
  g_assert_true(small_says(recorded->remarks, "no validation tier"));
  count_tiers(recorded->recording, trials, shown);
  g_assert_cmpint(shown[PCT_TIER_VALIDATION], ==, 1);
  g_assert_cmpint(shown[PCT_TIER_TEST], ==, 1);
  g_assert_true(pct_option_values_set(plan->settings, "tiers", "by-image", NULL));
  g_autoptr(PctImportResult) drawn = small_assemble(catalogue, plan);
  g_assert_false(small_says(drawn->remarks, "A leak"));
  PctTier first, second;
  g_assert_true(pct_recording_get_image_tier(drawn->recording, 3, &first));
  g_assert_true(pct_recording_get_image_tier(drawn->recording, 10, &second));
  g_assert_cmpint(first, ==, second);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/import-tiers/recorded-tiers", test_recorded_tiers);
  g_test_add_func("/import-tiers/tiers-of-images", test_tiers_of_images);
  g_test_add_func("/import-tiers/drawn-tiers", test_drawn_tiers);
  g_test_add_func("/import-tiers/leak-and-validation", test_leak_and_validation);
  return g_test_run();
}
