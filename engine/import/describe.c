// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/describe.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static void
describe_counts(const PctRecording *recording, GPtrArray *sentences)
{
  int n_images = pct_recording_get_n_images(recording), repeated = 0, most = 0;
  for (int i = 0; i < n_images; i++) {
    int n;
    pct_recording_get_image_trials(recording, i, &n);
    repeated += n > 1;
    most = MAX(most, n);
  }
  g_ptr_array_add(sentences, g_strdup_printf(
    _("%'d neurons answered %'d trials of %'d images (%d × %d)."), pct_recording_get_n_neurons(recording),
    pct_recording_get_n_trials(recording), n_images, pct_recording_get_height(recording),
    pct_recording_get_width(recording)));
  if (repeated > 0)
    g_ptr_array_add(sentences, g_strdup_printf(
      _("%'d images were shown more than once, up to %'d times."), repeated, most));
  else
    g_ptr_array_add(sentences, g_strdup(_("No image was shown more than once, so that nothing tells how reliable the "
                                          "neurons are.")));
}

static void
describe_responses(const PctAssembly *assembly, const PctRecording *recording, GPtrArray *sentences)
{
  const PctImportPreview *preview = assembly->preview;
  if (assembly->plan->roles[PCT_ROLE_RESPONSES].array) {
    if (pct_recording_is_averaged(recording))
      g_ptr_array_add(sentences, g_strdup(_("Each response counts as a mean over repeats, not as a single trial.")));
    return;
  }
  gboolean spikes = !assembly->plan->roles[PCT_ROLE_TRACES].array;
  const char *what = pct_assembly_setting_is(assembly, "summary", "sum")
                       ? (spikes ? _("the number of spikes") : _("the sum of the trace"))
                     : pct_assembly_setting_is(assembly, "summary", "maximum") ? _("the maximum of the trace")
                     : spikes ? _("spikes per second") : _("the mean of the trace");
  g_ptr_array_add(sentences, g_strdup_printf(
    preview->baseline > 0 ? _("A response is %s from %.3g s after the onset, for %.3g s, less the mean of %.3g s "
                              "before it.")
                          : _("A response is %s from %.3g s after the onset, for %.3g s."),
    what, preview->delay, preview->window, preview->baseline));
}

static void
describe_tiers(const PctRecording *recording, GPtrArray *sentences)
{
  int n[PCT_N_TIERS], images[PCT_N_TIERS];
  for (int t = 0; t < PCT_N_TIERS; t++) {
    pct_recording_get_tier_trials(recording, (PctTier)t, &n[t]);
    pct_recording_get_tier_images(recording, (PctTier)t, &images[t]);
  }
  g_ptr_array_add(sentences, g_strdup_printf(
    _("To learn from: %'d trials of %'d images; for validation: %'d of %'d; for testing: %'d of %'d."), n[0], images[0],
    n[1], images[1], n[2], images[2]));
}

static int
count_known(const float *values, int n, int columns)
{
  int count = 0;
  for (int i = 0; values && i < n; i++)
    count += !isnan(values[(gsize)i * (gsize)columns]);
  return count;
}

static void
describe_behaviour(const PctRecording *recording, GPtrArray *sentences)
{
  int n = pct_recording_get_n_trials(recording);
  const float *speed = pct_recording_get_running_speed(recording), *size = pct_recording_get_pupil_size(recording);
  const float *position = pct_recording_get_pupil_position(recording);
  if (speed)
    g_ptr_array_add(sentences, g_strdup_printf(_("The running speed is known of %'d of %'d trials."),
                                               count_known(speed, n, 1), n));
  if (size)
    g_ptr_array_add(sentences, g_strdup_printf(_("The size of the pupil is known of %'d of %'d trials."),
                                               count_known(size, n, 1), n));
  if (position)
    g_ptr_array_add(sentences, g_strdup_printf(_("The position of the pupil is known of %'d of %'d trials."),
                                               count_known(position, n, 2), n));
}

void
pct_import_describe(const PctAssembly *assembly, const PctRecording *recording, GPtrArray *sentences)
{
  describe_counts(recording, sentences);
  describe_responses(assembly, recording, sentences);
  describe_tiers(recording, sentences);
  describe_behaviour(recording, sentences);
  float degrees = pct_recording_get_degrees_per_pixel(recording);
  if (isfinite(degrees))
    g_ptr_array_add(sentences, g_strdup_printf(_("A pixel covers %.3g° of the visual field."), (double)degrees));
}
