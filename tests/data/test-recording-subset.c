// SPDX-License-Identifier: GPL-3.0-or-later
// Smaller recordings, value by value against the whole one, and nested choices.
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "data/recording-subset.h"

enum { K = 10, H = 3, W = 4, N = 24, M = 9 };

// Images 0 .. 5 are train, 6 and 7 validation, 8 and 9 test; trial i shows image (i * 7) % K.
static PctRecording *
recording_new(gboolean half, gboolean ids)
{
  PctRecordingData data = { .name = g_strdup("whole"), .n_images = K, .height = H, .width = W, .n_trials = N,
                            .n_neurons = M, .position_dimensions = 2 };
  if (half)
    data.image_bytes = g_new(guint8, K * H * W);
  else
    data.image_floats = g_new(float, K * H * W);
  for (int i = 0; i < K * H * W; i++)
    if (half)
      data.image_bytes[i] = (guint8)i;
    else
      data.image_floats[i] = (float)i + 0.5f;
  data.responses_half = half ? g_new(guint16, N * M) : NULL;
  data.responses_float = half ? NULL : g_new(float, N * M);
  for (int i = 0; i < N * M; i++)
    if (half)
      data.responses_half[i] = (guint16)(0x3c00 + i);
    else
      data.responses_float[i] = (float)i * 0.25f;
  data.image_index = g_new(gint32, N);
  data.tiers = g_new(guint8, N);
  data.trial_repeat = g_new(gint32, N);
  data.cell_positions = g_new(float, 2 * M);
  data.unit_ids = ids ? g_new(gint64, M) : NULL;
  for (int i = 0; i < N; i++) {
    int image = data.image_index[i] = i * 7 % K;
    data.tiers[i] = image < 6 ? PCT_TIER_TRAIN : image < 8 ? PCT_TIER_VALIDATION : PCT_TIER_TEST;
    data.trial_repeat[i] = i / K;
  }
  for (int j = 0; j < M; j++) {
    data.cell_positions[2 * j] = (float)j;
    data.cell_positions[2 * j + 1] = (float)-j;
    if (ids)
      data.unit_ids[j] = 1000 + j;
  }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}

// neurons and images NULL: all.
static void
compare(PctRecording *whole, gboolean ids, const int *neurons, int n_neurons, const int *images, int n_images)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) part = pct_recording_subset(whole, neurons, n_neurons, images, n_images, &error);
  g_assert_no_error(error);
  int m = neurons ? n_neurons : M, trial = 0;
  g_assert_cmpint(pct_recording_get_n_neurons(part), ==, m);
  g_assert_cmpint(pct_recording_get_n_images(part), ==, K);
  for (int i = 0; i < N; i++) {
    int image = pct_recording_get_trial_image(whole, i);
    gboolean kept = !images || image >= 6;
    for (int k = 0; images && k < n_images; k++)
      kept = kept || images[k] == image;
    if (!kept)
      continue;
    float here[M], there[M];
    g_assert_cmpint(pct_recording_get_trial_image(part, trial), ==, image);
    g_assert_cmpint(pct_recording_get_trial_tier(part, trial), ==, pct_recording_get_trial_tier(whole, i));
    pct_recording_read_responses(part, trial++, here);
    pct_recording_read_responses(whole, i, there);
    for (int j = 0; j < m; j++)
      g_assert_cmpfloat(here[j], ==, there[neurons ? neurons[j] : j]);
  }
  g_assert_cmpint(pct_recording_get_n_trials(part), ==, trial);
  for (int j = 0; j < m; j++) {
    int neuron = neurons ? neurons[j] : j, dimensions;
    g_assert_cmpint(pct_recording_get_unit_id(part, j), ==, ids ? 1000 + neuron : neuron);
    g_assert_cmpfloat(pct_recording_get_cell_positions(part, &dimensions)[2 * j + 1], ==, (float)-neuron);
    g_assert_cmpint(dimensions, ==, 2);
  }
  for (int i = 0; i < K; i++) {
    float here[H * W], there[H * W];
    pct_recording_read_image(part, i, here);
    pct_recording_read_image(whole, i, there);
    g_assert_cmpmem(here, sizeof here, there, sizeof there);
  }
}

static void
test_subsets(void)
{
  static const int neurons[] = { 1, 2, 7 }, images[] = { 0, 4 };
  for (int half = 0; half < 2; half++)
    for (int ids = 0; ids < 2; ids++) {
      g_autoptr(PctRecording) whole = recording_new(half, ids);
      compare(whole, ids, neurons, 3, NULL, 0);
      compare(whole, ids, NULL, 0, images, 2);
      compare(whole, ids, neurons, 3, images, 2);
    }
  // All of it is the same recording, fewer neurons are another.
  g_autoptr(PctRecording) whole = recording_new(FALSE, TRUE);
  g_autoptr(PctRecording) all = pct_recording_subset(whole, NULL, 0, NULL, 0, NULL);
  g_autoptr(PctRecording) few = pct_recording_subset(whole, neurons, 3, NULL, 0, NULL);
  g_assert_cmpstr(pct_recording_get_fingerprint(all), ==, pct_recording_get_fingerprint(whole));
  g_assert_cmpstr(pct_recording_get_fingerprint(few), !=, pct_recording_get_fingerprint(whole));
}

static void
test_nothing_to_learn_from(void)
{
  g_autoptr(PctRecording) whole = recording_new(FALSE, FALSE);
  static const int images[] = { 8 };
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_recording_subset(whole, NULL, 0, images, 1, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
}

static void
test_nested(void)
{
  enum { ALL = 50 };
  int before[ALL], now[ALL], other[ALL];
  for (int count = 0; count <= ALL; count++) {
    pct_choose_nested(ALL, count, 3, 1, now);
    for (int i = 0; i < count; i++)
      g_assert_true(now[i] >= 0 && now[i] < ALL && (i == 0 || now[i] > now[i - 1]));
    // The smaller choice is part of the larger.
    int found = 0;
    for (int i = 0; i < count - 1; i++)
      for (int k = 0; k < count; k++)
        found += now[k] == before[i];
    g_assert_cmpint(found, ==, MAX(count - 1, 0));
    memcpy(before, now, sizeof before);
  }
  pct_choose_nested(ALL, 20, 3, 1, now);
  pct_choose_nested(ALL, 20, 4, 1, other);
  g_assert_true(memcmp(now, other, 20 * sizeof(int)) != 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/recording-subset/subsets", test_subsets);
  g_test_add_func("/recording-subset/nothing-to-learn-from", test_nothing_to_learn_from);
  g_test_add_func("/recording-subset/nested", test_nested);
  return g_test_run();
}
