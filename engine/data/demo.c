// SPDX-License-Identifier: GPL-3.0-or-later
// The demo is the default simulation under a name. Its cache is a convenience: whatever is wrong with it, the recording
// is made again.
#include "data/demo.h"
#include <glib/gstdio.h>
#include "base/error.h"
#include "data/archive.h"
#include "data/npz-recording.h"
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
         pct_recording_get_height(recording) == demo.height && pct_recording_get_width(recording) == demo.width &&
         pct_recording_get_running_speed(recording) && pct_recording_get_cell_layer(recording);
}

// NULL without an error where it is not there, not sound, or of a version that knew less.
static PctRecording *
open_cached(const char *path, const PctRun *run, GError **error)
{
  g_autoptr(GError) reason = NULL;
  g_autoptr(PctArchive) archive = pct_archive_open(path, run, &reason);
  g_autoptr(PctRecording) cached = archive ? pct_npz_recording_read(archive, "demo", &reason) : NULL;
  if (g_error_matches(reason, PCT_ERROR, PCT_ERROR_CANCELLED))
    g_propagate_error(error, g_steal_pointer(&reason));
  return cached && is_demo(cached) ? g_steal_pointer(&cached) : NULL;
}

PctRecording *
pct_demo_open(const PctRun *run, GError **error)
{
  g_autofree char *name = g_strdup_printf("demo-%d-%d.npz", PCT_DEMO_VERSION, PCT_DEMO_SEED);
  g_autofree char *folder = g_build_filename(g_get_user_cache_dir(), "percept", NULL);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GError) stopped = NULL;
  PctRecording *cached = open_cached(path, run, &stopped);
  if (cached)
    return cached;
  if (stopped) {
    g_propagate_error(error, g_steal_pointer(&stopped));
    return NULL;
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
