// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of work/ share: a turn of the main loop until something is so, and a small recording whose images a
// linear decoder can read off the responses.
#pragma once
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "data/recording-file.h"
#include "work/lanes.h"

#define N_NEURONS 24
#define N_TRAIN 80
#define N_VALIDATION 20
#define N_TEST 8
#define N_REPEATS 3
#define SIDE 12

// Runs the main loop until condition; fails after two minutes (a sanitizer is slow).
#define wait_until(condition)                                             \
  do {                                                                    \
    gint64 wait_end = g_get_monotonic_time() + 120 * G_USEC_PER_SEC;      \
    while (!(condition)) {                                                \
      g_main_context_iteration(NULL, FALSE);                              \
      g_assert_cmpint(g_get_monotonic_time(), <, wait_end);               \
      g_usleep(200);                                                      \
    }                                                                     \
  } while (0)

static inline void
drain(void)
{
  while (g_main_context_iteration(NULL, FALSE))
    ;
}

// A planted neuron alone makes one patch of the image, and nothing else.
#define PLANTED 17
#define PATCH_X 7
#define PATCH_Y 2
#define PATCH_SIDE 3

static inline float
fixture_wave(int j, int x, int y, gboolean planted)
{
  gboolean inside = x >= PATCH_X && x < PATCH_X + PATCH_SIDE && y >= PATCH_Y && y < PATCH_Y + PATCH_SIDE;
  if (planted && (inside || j == PLANTED))
    return inside && j == PLANTED ? 5 : 0;
  return sinf(0.3f * (float)(j % 5 + 1) * (float)x + (float)j) * cosf(0.3f * (float)(j / 5 + 1) * (float)y);
}

// Images are sums of smooth waves, one a neuron; responses are their weights and a little noise.
static inline PctRecording *
fixture_recording_new(guint64 seed, gboolean planted)
{
  int n_images = N_TRAIN + N_VALIDATION + N_TEST, n_trials = N_TRAIN + N_VALIDATION + N_TEST * N_REPEATS;
  g_autofree float *weights = g_new(float, n_images * N_NEURONS);
  pct_random_fill_normal(weights, (gsize)n_images * N_NEURONS, seed, 1);
  PctRecordingData data = { .name = g_strdup("tiny"), .n_images = n_images, .height = SIDE, .width = SIDE,
                            .n_trials = n_trials, .n_neurons = N_NEURONS };
  data.image_floats = g_new(float, n_images * SIDE * SIDE);
  data.responses_float = g_new(float, n_trials * N_NEURONS);
  data.image_index = g_new(gint32, n_trials);
  data.tiers = g_new(guint8, n_trials);
  data.cell_positions = g_new(float, 3 * N_NEURONS);
  data.position_dimensions = 3;
  for (int j = 0; j < N_NEURONS; j++) {
    data.cell_positions[3 * j] = 10 * (float)(j % 5);
    data.cell_positions[3 * j + 1] = -20 * (float)(j / 5);
    data.cell_positions[3 * j + 2] = 200 + (float)j;
  }
  for (int i = 0; i < n_images; i++)
    for (int y = 0; y < SIDE; y++)
      for (int x = 0; x < SIDE; x++) {
        float sum = 128;
        for (int j = 0; j < N_NEURONS; j++)
          sum += 6 * weights[i * N_NEURONS + j] * fixture_wave(j, x, y, planted);
        data.image_floats[(i * SIDE + y) * SIDE + x] = CLAMP(sum, 0, 255);
      }
  PctRandom random = pct_random(seed, 2);
  for (int t = 0; t < n_trials; t++) {
    int image = t < N_TRAIN + N_VALIDATION ? t : N_TRAIN + N_VALIDATION + (t - N_TRAIN - N_VALIDATION) % N_TEST;
    data.image_index[t] = image;
    data.tiers[t] = image < N_TRAIN                  ? PCT_TIER_TRAIN
                    : image < N_TRAIN + N_VALIDATION ? PCT_TIER_VALIDATION
                                                     : PCT_TIER_TEST;
    for (int j = 0; j < N_NEURONS; j++)
      data.responses_float[t * N_NEURONS + j] =
        2 + weights[image * N_NEURONS + j] + 0.3f * (float)pct_random_normal(&random);
  }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}

// Saved as folder/name. Free with g_free.
static inline char *
fixture_save(const char *folder, const char *name, gboolean planted)
{
  g_autoptr(PctRecording) recording = fixture_recording_new(7, planted);
  g_autoptr(GError) error = NULL;
  char *path = g_build_filename(folder, name, NULL);
  pct_recording_save(recording, path, NULL, &error);
  g_assert_no_error(error);
  return path;
}

static inline void
remove_tree(const char *path)
{
  g_autoptr(GDir) directory = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *name; directory && (name = g_dir_read_name(directory));) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    remove_tree(inside);
  }
  g_remove(path);
}
