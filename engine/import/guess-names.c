// SPDX-License-Identifier: GPL-3.0-or-later
// What laboratories call things.
#include "config.h"
#include <string.h>
#include "import/guess-private.h"

// A word matches a whole name, or a part of one between underscores; with '*' before or after it, a part of a part.
static const char *const words[PCT_N_IMPORT_ROLES] = {
  [PCT_ROLE_RESPONSES] =
    "responses response resp spike_counts spikecounts spike_count firing_rates rates "
    "counts activity neural_responses neural_data amplitudes",
  [PCT_ROLE_TRACES] =
    "traces trace dff df_f dfof fluorescence spks deconvolved calcium f f_dff events "
    "roi_traces",
  [PCT_ROLE_NEUROPIL] =
    "fneu neuropil f_neu neuropil_traces",
  [PCT_ROLE_FRAME_TIMES] =
    "frame_times frametimes frame_time timestamps time_stamps trace_times t_frames "
    "two_photon_times",
  [PCT_ROLE_SPIKE_TIMES] =
    "spike_times spiketimes spikes",
  [PCT_ROLE_SPIKE_ENDS] =
    "spike_times_index spike_ends spike_index",
  [PCT_ROLE_CELLS] =
    "iscell is_cell cells is_neuron is_roi accepted",
  [PCT_ROLE_IMAGES] =
    "images image imgs img stimuli stimulus stim pictures natural_scenes scenes "
    "image_stack stack frames photos",
  [PCT_ROLE_IMAGE_NAMES] =
    "image_names image_name names filenames file_names files image_files "
    "image_ids_of_stack",
  [PCT_ROLE_IMAGE_NUMBERS] =
    "istim image_index image_idx image_numbers image_number image_id image_ids img_id "
    "stim_id stim_ids stimulus_id stimulus_ids stimulus_index stim_index stim_idx imgid "
    "stimid image frame image_order stim_order order trial_image image_name stimulus "
    "stimulus_name stim filename condition",
  [PCT_ROLE_ONSETS] =
    "onsets onset start_time start_times stim_on stimulus_onset stim_onset stim_times "
    "stimulus_times stimulus_onsets stim_onsets t_on on_time start stim_frames "
    "frame_onsets onset_frame onset_frames onset_time onset_times",
  [PCT_ROLE_OFFSETS] =
    "offsets offset stop_time stop_times end_time end_times stim_off stimulus_offset "
    "stim_offset t_off off_time end stop stimulus_offsets stim_offsets offset_frame "
    "offset_frames offset_time offset_times",
  [PCT_ROLE_TIERS] =
    "tiers tier split splits partition subset is_test is_train istest istrain data_split",
  [PCT_ROLE_SPEED] =
    "running_speed speed run_speed running velocity treadmill locomotion wheel_speed "
    "runspeed run",
  [PCT_ROLE_PUPIL_SIZE] =
    "pupil_size pupil_area pupil_diameter pupil_dilation pupil_radius pupil pupilarea",
  [PCT_ROLE_PUPIL_POSITION] =
    "pupil_position pupil_center pupil_centre pupil_com gaze eye_position pupil_pos "
    "pupil_xy",
  [PCT_ROLE_BEHAVIOUR_TIMES] =
    "behavior_times behaviour_times pupil_times running_times speed_times eye_times "
    "behavior_timestamps behaviour_timestamps",
  [PCT_ROLE_UNIT_IDS] =
    "unit_ids unit_id unitids cell_ids cell_id neuron_ids neuron_id roi_ids roi_id "
    "cell_specimen_ids ids id",
  [PCT_ROLE_POSITIONS] =
    "cell_positions positions position med xyz xy cell_motor_coordinates coordinates "
    "centroids centers centres cell_xyz neuron_positions roi_positions pos",
  [PCT_ROLE_AREAS] =
    "areas area brain_area brain_areas cell_area region regions visual_area location "
    "structure",
  [PCT_ROLE_LAYERS] =
    "layers layer cell_layer cortical_layer",
  [PCT_ROLE_DEPTHS] =
    "depths depth cell_depth depth_um imaging_depth",
};

// The last part of a path, without an ending that a file may have, in small letters with underscores between words:
// "stimFrames.npy" -> "stim_frames". Free with g_free.
static char *
normalise(const char *name)
{
  g_autofree char *base = g_path_get_basename(name);
  static const char *const endings[] = { ".npy", ".npz", ".csv", ".tsv", ".txt", ".mat", ".h5", ".hdf5" };
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(base, endings[i]))
      base[strlen(base) - strlen(endings[i])] = 0;
  GString *out = g_string_new(NULL);
  for (const char *at = base; *at; at++) {
    if (g_ascii_isupper(*at) && at > base && g_ascii_islower(at[-1]))
      g_string_append_c(out, '_');
    g_string_append_c(out, g_ascii_isalnum(*at) ? g_ascii_tolower(*at) : '_');
  }
  return g_string_free(out, FALSE);
}

int
pct_guess_score_name(PctImportRole role, const char *name)
{
  g_autofree char *normal = normalise(name), *padded = g_strconcat("_", normal, "_", NULL);
  g_auto(GStrv) list = g_strsplit(words[role], " ", -1);
  int best = 0;
  for (int i = 0; list[i]; i++) {
    g_autofree char *part = g_strconcat("_", list[i], "_", NULL);
    int order = MIN(i, 5);  // earlier words say more
    if (g_str_equal(list[i], normal))
      best = MAX(best, 12 - order / 2);
    else if (strlen(list[i]) > 2 && strstr(padded, part))
      best = MAX(best, 5 - order / 2);
  }
  return best;
}
