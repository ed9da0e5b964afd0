// SPDX-License-Identifier: GPL-3.0-or-later
// The demo is the default simulation under a name. Its cache is a convenience: whatever is wrong with it, the recording
// is made again.
#include "data/demo.h"
#include <glib/gstdio.h>
#include "base/error.h"
#include "data/half.h"
#include "data/recording-file.h"
#include "data/simulate.h"

PctRecording *
pct_demo_new(guint64 seed, const PctRun *run, GError **error)
{
  PctSimulation simulation = PCT_SIMULATION_DEFAULT;
  simulation.seed = seed;
  simulation.name = "demo";
  return pct_simulate(&simulation, run, error);
}

// A cached file that opens but was cut short, or swapped for something else, has other sizes.
static gboolean
is_demo(const PctRecording *recording)
{
  const PctSimulation demo = PCT_SIMULATION_DEFAULT;
  return pct_recording_get_n_neurons(recording) == demo.n_neurons &&
         pct_recording_get_n_trials(recording) == demo.n_trials &&
         pct_recording_get_height(recording) == demo.height && pct_recording_get_width(recording) == demo.width;
}

// A recording takes its file's name; the demo's is its own, cached or not. Bytes and float16 survive the round trip
// through float32 exactly.
static PctRecording *
copy_as_demo(const PctRecording *cached, GError **error)
{
  int n = pct_recording_get_n_trials(cached), m = pct_recording_get_n_neurons(cached), dimensions = 0;
  int height = pct_recording_get_height(cached), width = pct_recording_get_width(cached);
  gsize pixels = (gsize)height * (gsize)width, n_images = (gsize)pct_recording_get_n_images(cached);
  const float *positions = pct_recording_get_cell_positions(cached, &dimensions);
  PctRecordingData data = { .name = g_strdup("demo"), .n_images = (int)n_images, .height = height, .width = width,
                            .n_trials = n, .n_neurons = m, .position_dimensions = dimensions };
  data.image_bytes = g_new(guint8, n_images * pixels);
  data.responses_half = g_new(guint16, (gsize)n * (gsize)m);
  data.image_index = g_new(gint32, n);
  data.trial_repeat = g_new(gint32, n);
  data.tiers = g_new(guint8, n);
  data.cell_positions = positions ? g_memdup2(positions, (gsize)m * (gsize)dimensions * sizeof(float)) : NULL;
  g_autofree float *scratch = g_new(float, MAX(pixels, (gsize)m));
  g_autofree int *seen = g_new0(int, n_images);
  for (gsize i = 0; i < n_images; i++) {
    pct_recording_read_image(cached, (int)i, scratch);
    for (gsize j = 0; j < pixels; j++)
      data.image_bytes[i * pixels + j] = (guint8)scratch[j];
  }
  for (int i = 0; i < n; i++) {
    pct_recording_read_responses(cached, i, scratch);
    pct_half_from_float(data.responses_half + (gsize)i * (gsize)m, scratch, (gsize)m);
    data.image_index[i] = pct_recording_get_trial_image(cached, i);
    data.trial_repeat[i] = seen[data.image_index[i]]++;
    data.tiers[i] = (guint8)pct_recording_get_trial_tier(cached, i);
  }
  return pct_recording_new_take(&data, error);
}

PctRecording *
pct_demo_open(const PctRun *run, GError **error)
{
  g_autofree char *name = g_strdup_printf("demo-%d-%d.npz", PCT_DEMO_VERSION, PCT_DEMO_SEED);
  g_autofree char *folder = g_build_filename(g_get_user_cache_dir(), "percept", NULL);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autoptr(GError) reason = NULL;
    g_autoptr(PctRecording) cached = pct_recording_open(path, run, &reason);
    if (cached && is_demo(cached))
      return copy_as_demo(cached, error);
    if (g_error_matches(reason, PCT_ERROR, PCT_ERROR_CANCELLED)) {
      g_propagate_error(error, g_steal_pointer(&reason));
      return NULL;
    }
  }
  g_autoptr(PctRecording) recording = pct_demo_new(PCT_DEMO_SEED, run, error);
  if (!recording)
    return NULL;
  if (g_mkdir_with_parents(folder, 0700) == 0) {
    g_autoptr(GError) reason = NULL;
    if (!pct_recording_save(recording, path, run, &reason) &&
        g_error_matches(reason, PCT_ERROR, PCT_ERROR_CANCELLED)) {
      g_propagate_error(error, g_steal_pointer(&reason));
      return NULL;
    }
  }
  return g_steal_pointer(&recording);
}
