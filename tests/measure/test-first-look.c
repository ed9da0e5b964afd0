// SPDX-License-Identifier: GPL-3.0-or-later
// A first look finds what was planted, and nothing where nothing was; its figures against loops.
#include <math.h>
#include "base/blas.h"
#include "base/error.h"
#include "look-recording.h"
#include "measure/expected-score.h"
#include "measure/first-look-remarks.h"
#include "repeated-recording.h"

static PctFirstLook *
look_at(const PctRecording *recording, const PctRun *run)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, run, &error);
  g_assert_no_error(error);
  PctFirstLook *look = pct_first_look_new(recording, statistics, run, &error);
  g_assert_no_error(error);
  return look;
}

static PctFirstLook *
look_at_planted(const LookPlant *plant)
{
  g_autoptr(PctRecording) recording = look_recording_new(plant);
  return look_at(recording, NULL);
}

static const PctRemark *
find_remark(const GPtrArray *remarks, const char *name)
{
  for (guint i = 0; i < remarks->len; i++)
    if (g_str_equal(((PctRemark *)remarks->pdata[i])->name, name))
      return remarks->pdata[i];
  return NULL;
}

// Whether a remark of that name is made where something was planted, and is not made where nothing was.
static void
check_remark(const LookPlant *plant, const char *name, gboolean grave)
{
  g_autoptr(PctFirstLook) sound = look_at_planted(NULL), planted = look_at_planted(plant);
  g_autoptr(GPtrArray) without = pct_first_look_dup_remarks(sound, NULL);
  g_autoptr(GPtrArray) with = pct_first_look_dup_remarks(planted, NULL);
  g_assert_null(find_remark(without, name));
  const PctRemark *remark = find_remark(with, name);
  g_assert_nonnull(remark);
  g_assert_cmpint(remark->grave, ==, grave);
  g_assert_nonnull(remark->advice);
  for (guint i = 0; i + 1 < with->len; i++)  // grave ones first
    g_assert_cmpint(((PctRemark *)with->pdata[i])->grave, >=, ((PctRemark *)with->pdata[i + 1])->grave);
}

static void
test_counts(void)
{
  g_autoptr(PctFirstLook) look = look_at_planted(&(LookPlant){ .unshown = TRUE });
  const PctTierCensus *test = &look->census->tiers[PCT_TIER_TEST], *train = &look->census->tiers[PCT_TIER_TRAIN];
  g_assert_cmpint(test->n_images, ==, LOOK_TEST);
  g_assert_cmpint(test->n_trials, ==, LOOK_TEST * LOOK_REPEATS);
  g_assert_cmpint(test->least_repeats, ==, LOOK_REPEATS);
  g_assert_cmpint(test->most_repeats, ==, LOOK_REPEATS);
  g_assert_cmpint(test->n_repeated, ==, LOOK_TEST);
  g_assert_cmpint(train->n_trials, ==, LOOK_TRAIN);
  g_assert_cmpint(train->n_repeated, ==, 0);
  g_assert_cmpint(look->census->n_unshown, ==, 2);
  g_assert_cmpint(look->census->unshown[0], ==, LOOK_IMAGES);
  g_assert_true(look->repeated);
  g_assert_cmpint(look->repeats_tier, ==, PCT_TIER_TEST);
  g_autofree char *headline = pct_first_look_dup_headline(look, NULL);
  g_assert_cmpstr(headline, ==, "24 neurons, 148 images of 11 × 9 pixels, 216 trials; 14 test images shown 6 times.");
  check_remark(&(LookPlant){ .unshown = TRUE }, "unshown-images", FALSE);
}

static void
test_uneven_repeats(void)
{
  g_autoptr(PctRecording) recording = repeated_recording_new(0);
  g_autoptr(PctFirstLook) look = look_at(recording, NULL);
  const PctTierCensus *test = &look->census->tiers[PCT_TIER_TEST];
  g_assert_cmpint(test->least_repeats, ==, 1);
  g_assert_cmpint(test->most_repeats, ==, 5);
  g_assert_cmpint(test->n_repeated, ==, 24);
  // Image 3 is shown in the train tier too; and here all images have the same pixels.
  g_assert_cmpint(look->duplicates->n_shared[PCT_TIER_TEST][PCT_TIER_TRAIN], ==, test->n_images);
  g_assert_cmpint(look->duplicates->n_copies, ==, REPEATED_K - 1);
}

static void
test_neurons(void)
{
  g_autoptr(PctFirstLook) sound = look_at_planted(NULL);
  g_autoptr(PctFirstLook) look = look_at_planted(&(LookPlant){ .constant = TRUE, .silent = TRUE });
  g_assert_cmpint(sound->census->n_constant, ==, 0);
  g_assert_cmpint(sound->census->n_silent, ==, 0);
  g_assert_cmpint(look->census->n_constant, ==, 1);
  g_assert_cmpint(look->census->constant[0], ==, 4);
  g_assert_cmpint(look->census->n_silent, ==, 1);
  g_assert_cmpint(look->census->silent[0], ==, 6);
  g_assert_cmpint(look->noise->n_varying, ==, LOOK_M - 1);
  check_remark(&(LookPlant){ .constant = TRUE }, "constant-neurons", FALSE);
  check_remark(&(LookPlant){ .silent = TRUE }, "silent-neurons", FALSE);
}

static void
test_copies(void)
{
  enum { FIRST_TEST = LOOK_TRAIN + LOOK_VALIDATION };
  g_autoptr(PctFirstLook) sound = look_at_planted(NULL), look = look_at_planted(&(LookPlant){ .copies = TRUE });
  for (int a = 0; a < PCT_N_TIERS; a++)
    for (int b = 0; b < PCT_N_TIERS; b++)
      g_assert_cmpint(sound->duplicates->n_shared[a][b], ==, 0);
  g_assert_cmpint(sound->duplicates->n_copies, ==, 0);
  const PctDuplicates *found = look->duplicates;
  g_assert_cmpint(found->n_copies, ==, 3);
  g_assert_cmpint(found->n_shared[PCT_TIER_TEST][PCT_TIER_TRAIN], ==, 2);
  g_assert_cmpint(found->n_shared[PCT_TIER_TRAIN][PCT_TIER_TEST], ==, 2);
  g_assert_cmpint(found->n_shared[PCT_TIER_VALIDATION][PCT_TIER_TEST], ==, 1);
  g_assert_cmpint(found->n_shared[PCT_TIER_VALIDATION][PCT_TIER_TRAIN], ==, 0);
  g_assert_cmpint(found->n_pairs, ==, 3);
  int seen = 0;
  for (int i = 0; i < found->n_pairs; i++) {
    const PctImagePair *pair = &found->pairs[i];
    int test = pair->image - FIRST_TEST;
    seen |= test == 0 && pair->other == 5            ? 1
            : test == 1 && pair->other == 7          ? 2
            : test == 3 && pair->other == LOOK_TRAIN ? 4
                                                     : 0;
    g_assert_cmpint(pair->other_tier, ==, test == 3 ? PCT_TIER_VALIDATION : PCT_TIER_TRAIN);
  }
  g_assert_cmpint(seen, ==, 7);
  check_remark(&(LookPlant){ .copies = TRUE }, "leak-test-train", TRUE);
  check_remark(&(LookPlant){ .copies = TRUE }, "leak-test-validation", FALSE);
  check_remark(&(LookPlant){ .copies = TRUE }, "copies", FALSE);
}

static void
test_same_number(void)
{
  g_autoptr(PctFirstLook) look = look_at_planted(&(LookPlant){ .same_number = TRUE });
  g_assert_cmpint(look->duplicates->n_copies, ==, 0);
  g_assert_cmpint(look->duplicates->n_shared[PCT_TIER_TEST][PCT_TIER_TRAIN], ==, 1);
  g_assert_cmpint(look->duplicates->pairs[0].image, ==, 9);
  g_assert_cmpint(look->duplicates->pairs[0].other, ==, 9);
  check_remark(&(LookPlant){ .same_number = TRUE }, "leak-test-train", TRUE);
}

static void
test_alike(void)
{
  g_autoptr(PctFirstLook) sound = look_at_planted(NULL), look = look_at_planted(&(LookPlant){ .alike = TRUE });
  g_assert_cmpint(sound->duplicates->n_alike, ==, 0);
  g_assert_cmpint(look->duplicates->n_alike, ==, 1);
  g_assert_cmpint(look->duplicates->n_copies, ==, 0);
  g_assert_cmpint(look->duplicates->alike[0].image, ==, LOOK_TRAIN + LOOK_VALIDATION + 2);
  g_assert_cmpint(look->duplicates->alike[0].other, ==, 11);
  g_assert_cmpfloat(look->duplicates->alike[0].correlation, >, PCT_ALIKE);
  g_assert_cmpfloat(look->duplicates->alike[0].correlation, <, 1);
  check_remark(&(LookPlant){ .alike = TRUE }, "alike", FALSE);
}

// Residuals of a neuron around its image's mean, by loops; how many.
static int
residuals(const PctRecording *recording, int neuron, double *out)
{
  int n = 0;
  double trials[LOOK_TRIALS];
  for (int i = 0; i < LOOK_IMAGES; i++) {
    int count = repeated_trials(recording, i, neuron, trials);
    for (int k = 0; k < count && count > 1; k++)
      out[n++] = trials[k] - repeated_mean(trials, count);
  }
  return n;
}

static void
check_noise(const PctRecording *recording)
{
  g_autoptr(PctFirstLook) look = look_at(recording, NULL);
  double a[LOOK_TRIALS], b[LOOK_TRIALS], all[LOOK_M * LOOK_M];
  int pair = 0;
  for (int i = 0; i < LOOK_M; i++)
    for (int j = 0; j < i; j++) {
      int n = residuals(recording, i, a);
      residuals(recording, j, b);
      all[pair] = repeated_correlation(a, b, n);
      g_assert_cmpfloat_with_epsilon(look->noise->pairs[pair], all[pair], 1e-5);
      pair++;
    }
  g_assert_cmpuint(look->noise->n_pairs, ==, (guint)pair);
  g_assert_cmpfloat_with_epsilon(look->noise->mean, repeated_mean(all, pair), 1e-5);
  g_assert_cmpfloat_with_epsilon(look->noise->sd, sqrt(repeated_variance(all, pair)), 1e-5);
}

static void
test_noise(void)
{
  g_autoptr(PctRecording) sound = look_recording_new(NULL), shared = look_recording_new(&(LookPlant){ .shared = 0.8 });
  check_noise(sound);
  check_noise(shared);
  g_autoptr(PctFirstLook) quiet = look_at(sound, NULL), loud = look_at(shared, NULL);
  g_assert_cmpfloat(fabs(quiet->noise->mean), <, 0.05);
  // Half of the noise's variance is shared.
  g_assert_cmpfloat_with_epsilon(loud->noise->mean, 0.5, 0.12);
  check_remark(&(LookPlant){ .shared = 0.8 }, "shared-noise", FALSE);
}

// A choice of neurons is of those that vary, and depends on the seed alone.
static void
test_noise_choice(void)
{
  g_autoptr(PctRecording) recording = look_recording_new(&(LookPlant){ .constant = TRUE, .shared = 0.5 });
  g_autoptr(PctNoiseCorrelation) one = pct_noise_correlation_new(recording, PCT_TIER_TEST, 8, 1, NULL, NULL);
  g_autoptr(PctNoiseCorrelation) again = pct_noise_correlation_new(recording, PCT_TIER_TEST, 8, 1, NULL, NULL);
  g_autoptr(PctNoiseCorrelation) other = pct_noise_correlation_new(recording, PCT_TIER_TEST, 8, 2, NULL, NULL);
  g_assert_cmpint(one->n_neurons, ==, 8);
  g_assert_cmpint(one->n_varying, ==, LOOK_M - 1);
  g_assert_cmpuint(one->n_pairs, ==, 28);
  g_assert_cmpmem(one->pairs, 28 * sizeof(float), again->pairs, 28 * sizeof(float));
  g_assert_cmpfloat(fabs(one->mean - other->mean), >, 1e-6);
  for (gsize i = 0; i < one->n_pairs; i++)
    g_assert_true(isfinite(one->pairs[i]));
}

static void
test_drift(void)
{
  g_autoptr(PctFirstLook) sound = look_at_planted(NULL), rising = look_at_planted(&(LookPlant){ .drift = 0.8 });
  g_autoptr(PctFirstLook) timed = look_at_planted(&(LookPlant){ .drift = 0.8, .timed = TRUE });
  g_assert_false(pct_trial_course_drifts(sound->course));
  g_assert_true(pct_trial_course_drifts(rising->course));
  // z-scores are in units of the whole spread, of which the image has the greater part.
  double least = 0.8 * 0.5, most = 0.8;
  g_assert_cmpfloat(pct_trial_course_get_drift(rising->course), >, least);
  g_assert_cmpfloat(pct_trial_course_get_drift(rising->course), <, most);
  g_assert_false(rising->course->timed);
  // In the order of its times the file is reversed.
  g_assert_true(timed->course->timed);
  g_assert_cmpint(timed->course->order[0], ==, LOOK_TRIALS - 1);
  g_assert_cmpfloat_with_epsilon(pct_trial_course_get_drift(timed->course), -pct_trial_course_get_drift(rising->course),
                                 1e-9);
  check_remark(&(LookPlant){ .drift = 0.8 }, "drift", FALSE);
  check_remark(&(LookPlant){ .drift = -0.8 }, "drift", FALSE);
}

// The gain by loops: the slope over neurons of a trial's z-scores on the mean of its image's other trials.
static double
naive_gain(const PctRecording *recording, const PctStatistics *statistics, int trial)
{
  int n, count = 0, image = pct_recording_get_trial_image(recording, trial);
  const int *trials = pct_recording_get_image_trials(recording, image, &n);
  double x[LOOK_M], y[LOOK_M];
  float responses[LOOK_M];
  for (int j = 0; j < LOOK_M; j++) {
    x[count] = 0;
    for (int i = 0; i < n; i++) {
      pct_recording_read_responses(recording, trials[i], responses);
      double z = (responses[j] - statistics->response_mean[j]) / statistics->response_scale[j];
      if (trials[i] == trial)
        y[count] = z;
      else
        x[count] += z / (n - 1);
    }
    count += statistics->response_std[j] > 0;
  }
  return repeated_correlation(x, y, count) * sqrt(repeated_variance(y, count) / repeated_variance(x, count));
}

static void
test_gain(void)
{
  const LookPlant plant = { .running = TRUE, .pupil = TRUE, .constant = TRUE };
  g_autoptr(PctRecording) recording = look_recording_new(&plant);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_autoptr(PctFirstLook) look = look_at(recording, NULL);
  g_assert_true(look->course->regression);
  g_assert_cmpint(look->course->n_gains, ==, LOOK_TEST * LOOK_REPEATS);
  for (int t = 0; t < LOOK_TRIALS; t++)
    if (pct_recording_get_trial_tier(recording, t) == PCT_TIER_TEST)
      g_assert_cmpfloat_with_epsilon(look->course->gain[t], naive_gain(recording, statistics, t), 1e-5);
    else
      g_assert_true(isnan(look->course->gain[t]));
  const PctTrend *running = &look->behaviour[PCT_BEHAVIOUR_RUNNING], *pupil = &look->behaviour[PCT_BEHAVIOUR_PUPIL];
  // Trials whose speed is not known are passed over; the animal ran, and the gain went with it; the pupil did nothing.
  g_assert_cmpuint(running->n, <, LOOK_TEST * LOOK_REPEATS);
  g_assert_cmpuint(pupil->n, ==, LOOK_TEST * LOOK_REPEATS);
  g_assert_cmpfloat(running->slope, >, 0.5);
  g_assert_cmpfloat(running->interval.low, >, 0.3);
  g_assert_cmpfloat(running->interval.high, <=, 1);
  g_assert_cmpfloat(pupil->interval.low, <, 0);
  g_assert_cmpfloat(pupil->interval.high, >, 0);
  double a[LOOK_TRIALS], b[LOOK_TRIALS];
  int n = 0;
  for (int t = 0; t < LOOK_TRIALS; t++)
    if (isfinite(look->course->gain[t])) {
      a[n] = pct_recording_get_pupil_size(recording)[t];
      b[n++] = look->course->gain[t];
    }
  g_assert_cmpfloat_with_epsilon(pupil->slope, repeated_correlation(a, b, n), 1e-9);
}

static void
test_unreliable(void)
{
  g_autoptr(PctFirstLook) sound = look_at_planted(NULL), scrambled = look_at_planted(&(LookPlant){ .scrambled = TRUE });
  g_assert_cmpfloat(sound->median_oracle, >, 0.4);
  g_assert_cmpfloat(fabs(scrambled->median_oracle), <, 0.15);
  check_remark(&(LookPlant){ .scrambled = TRUE }, "unreliable", TRUE);
  float sorted[LOOK_M], *oracle = sound->reliability->oracle;
  for (int i = 0; i < LOOK_M; i++) {  // by counting: as many below the median as above
    int below = 0;
    for (int j = 0; j < LOOK_M; j++)
      below += oracle[j] < oracle[i] || (oracle[j] == oracle[i] && j < i);
    sorted[below] = oracle[i];
  }
  g_assert_cmpfloat_with_epsilon(sound->median_oracle, 0.5 * (sorted[LOOK_M / 2 - 1] + sorted[LOOK_M / 2]), 1e-6);
}

static void
test_averaged(void)
{
  g_autoptr(PctFirstLook) look = look_at_planted(&(LookPlant){ .averaged = TRUE });
  g_assert_false(look->repeated);
  g_assert_null(look->reliability);
  g_assert_null(look->noise);
  g_assert_true(isnan(look->median_oracle));
  check_remark(&(LookPlant){ .averaged = TRUE }, "averaged", FALSE);
  g_autofree char *expectation = pct_first_look_dup_expectation(look, NULL);
  g_assert_nonnull(strstr(expectation, "means over repeats"));
}

static void
test_import_remarks(void)
{
  const char *const imported[] = { "Two blanks were dropped.", "Images were halved.", NULL };
  g_autoptr(PctFirstLook) look = look_at_planted(NULL);
  g_autoptr(GPtrArray) without = pct_first_look_dup_remarks(look, NULL);
  g_autoptr(GPtrArray) with = pct_first_look_dup_remarks(look, imported);
  g_assert_cmpuint(with->len, ==, without->len + 2);
  const PctRemark *last = with->pdata[with->len - 1];
  g_assert_cmpstr(last->name, ==, "import");
  g_assert_nonnull(strstr(last->sentence, "Images were halved."));
}

static void
test_same_bits(void)
{
  g_autoptr(PctRecording) recording = look_recording_new(&(LookPlant){ .running = TRUE, .alike = TRUE, .shared = 0.3 });
  g_autoptr(PctPool) pool = pct_pool_new(3, 0);
  PctRun run = { .pool = pool };
  g_autoptr(PctFirstLook) one = look_at(recording, NULL), other = look_at(recording, &run);
  g_assert_cmpmem(one->noise->pairs, one->noise->n_pairs * sizeof(float), other->noise->pairs,
                  other->noise->n_pairs * sizeof(float));
  g_assert_cmpmem(one->course->gain, LOOK_TRIALS * sizeof(double), other->course->gain, LOOK_TRIALS * sizeof(double));
  g_assert_cmpmem(one->behaviour, sizeof one->behaviour, other->behaviour, sizeof other->behaviour);
  g_assert_cmpmem(one->duplicates->alike, sizeof(PctImagePair), other->duplicates->alike, sizeof(PctImagePair));
}

static gboolean
stop_at(const PctProgress *progress, gpointer data)
{
  return --*(int *)data >= 0;
}

static void
test_cancel(void)
{
  g_autoptr(PctRecording) recording = look_recording_new(NULL);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  for (int after = 0;; after++) {
    int left = after;
    PctRun run = { .func = stop_at, .data = &left };
    g_autoptr(GError) error = NULL;
    g_autoptr(PctFirstLook) look = pct_first_look_new(recording, statistics, &run, &error);
    if (look) {
      g_assert_cmpint(after, >, 8);
      break;
    }
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  }
}

static void
test_expected(void)
{
  guint n_neurons, n_images;
  const int *neurons = pct_expected_get_neurons(&n_neurons), *images = pct_expected_get_images(&n_images);
  gboolean inside;
  for (guint i = 0; i < n_neurons; i++)
    for (guint j = 0; j < n_images; j++) {
      double here = pct_expected_pixcorr(neurons[i], images[j], &inside);
      g_assert_true(inside);
      g_assert_true(i == 0 || here > pct_expected_pixcorr(neurons[i - 1], images[j], NULL));
      g_assert_true(j == 0 || here > pct_expected_pixcorr(neurons[i], images[j - 1], NULL));
    }
  // Half way in logarithms: the geometric mean.
  double low = pct_expected_pixcorr(500, 300, NULL), high = pct_expected_pixcorr(500, 1000, NULL);
  g_assert_cmpfloat_with_epsilon(pct_expected_pixcorr(500, sqrt(300 * 1000), &inside), sqrt(low * high), 1e-12);
  g_assert_true(inside);
  g_assert_cmpfloat(pct_expected_pixcorr(20, 4000, &inside), ==, pct_expected_pixcorr(50, 4000, NULL));
  g_assert_false(inside);
  g_assert_cmpfloat(pct_expected_pixcorr(1e5, 1e5, &inside), ==, pct_expected_pixcorr(5335, 4000, NULL));
  g_assert_false(inside);
}

static void
test_twin(void)
{
  g_autoptr(PctRecording) recording = repeated_open_twin();
  if (!recording)
    return;
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(PctFirstLook) look = look_at(recording, &run);
  // As the data's description says: noise correlation 0.026 ± 0.05, and nothing is odd about it.
  g_assert_cmpfloat_with_epsilon(look->noise->mean, 0.026, 0.003);
  g_assert_cmpfloat_with_epsilon(look->noise->sd, 0.05, 0.005);
  g_assert_cmpfloat_with_epsilon(look->median_oracle, PCT_EXPECTED_RELIABILITY, 0.0006);
  g_autoptr(GPtrArray) remarks = pct_first_look_dup_remarks(look, NULL);
  g_assert_cmpuint(remarks->len, ==, 0);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_test_init(&argc, &argv, NULL);
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/first-look/counts", test_counts);
  g_test_add_func("/first-look/uneven-repeats", test_uneven_repeats);
  g_test_add_func("/first-look/neurons", test_neurons);
  g_test_add_func("/first-look/copies", test_copies);
  g_test_add_func("/first-look/same-number", test_same_number);
  g_test_add_func("/first-look/alike", test_alike);
  g_test_add_func("/first-look/noise", test_noise);
  g_test_add_func("/first-look/noise-choice", test_noise_choice);
  g_test_add_func("/first-look/drift", test_drift);
  g_test_add_func("/first-look/gain", test_gain);
  g_test_add_func("/first-look/unreliable", test_unreliable);
  g_test_add_func("/first-look/averaged", test_averaged);
  g_test_add_func("/first-look/import-remarks", test_import_remarks);
  g_test_add_func("/first-look/same-bits", test_same_bits);
  g_test_add_func("/first-look/cancel", test_cancel);
  g_test_add_func("/first-look/expected", test_expected);
  g_test_add_func("/first-look/twin", test_twin);
  return g_test_run();
}
