// SPDX-License-Identifier: GPL-3.0-or-later
// A recording: K images, N trials (which image each showed, in which tier), and the responses of M neurons to each
// trial, in the recording's own units. Immutable once built and shared between threads by reference count.
// Responses are held as the file had them, float16 or float32, never as double; images as bytes where they are whole
// grey levels, else as float32. Trials keep the file's order.
#pragma once
#include <glib.h>

typedef struct _PctRecording PctRecording;

typedef enum {
  PCT_TIER_TRAIN,
  PCT_TIER_VALIDATION,
  PCT_TIER_TEST,
} PctTier;
#define PCT_N_TIERS 3

// "train", "validation", "test": as in files. Not translated.
const char *pct_tier_get_name(PctTier tier);
// FALSE if name is none of them.
gboolean pct_tier_from_name(const char *name, PctTier *tier);

PctRecording *pct_recording_ref(PctRecording *recording);
void pct_recording_unref(PctRecording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctRecording, pct_recording_unref)

// What a reader found. Everything is copied or consumed by pct_recording_new_take; pointers may be NULL where said so.
// Arrays are g_malloc'ed, row-major.
typedef struct {
  char *name;                 // shown to a person, e.g. the file's base name
  int n_images, height, width;
  guint8 *image_bytes;        // (K,H,W) grey levels, or NULL: then
  float *image_floats;        // (K,H,W) grey levels 0..255
  int n_trials, n_neurons;
  guint16 *responses_half;    // (N,M) IEEE float16, or NULL: then
  float *responses_float;     // (N,M)
  gint32 *image_index;        // (N,) 0 <= i < K; NULL: trial i showed image i
  guint8 *tiers;              // (N,) PctTier
  gint64 *unit_ids;           // (M,) or NULL
  float *cell_positions;      // (M, position_dimensions) micrometres, or NULL
  int position_dimensions;    // 2 or 3
  gint32 *trial_repeat;       // (N,) or NULL
  gboolean averaged;          // the responses are means over repeats, not single trials
  // What the animal did, each NULL where unknown; NAN: not measured in that trial.
  float *running_speed;       // (N,) cm/s, or the source's own unit
  float *pupil_size;          // (N,) in the source's unit
  float *pupil_position;      // (N,2) in the source's unit
  double *trial_time;         // (N,) seconds from the start of the recording
  // What is known of the neurons beside their numbers, each NULL where unknown.
  char **cell_area;           // (M,) and a NULL; UTF-8, "": not known of that neuron
  char **cell_layer;          // (M,) and a NULL
  float *cell_depth;          // (M,) micrometres; NAN: not known of that neuron
  float degrees_per_pixel;    // of the visual field; 0: unknown
  char *provenance;           // how the file came about, a JSON object, or NULL
} PctRecordingData;

void pct_recording_data_clear(PctRecordingData *data);

// Checks everything (indices in range, a train trial there, no NaN or Inf in responses: the sentence names trial and
// neuron) and consumes data in any case. NULL with PCT_ERROR_SHAPE or PCT_ERROR_FORMAT.
PctRecording *pct_recording_new_take(PctRecordingData *data, GError **error);

const char *pct_recording_get_name(const PctRecording *recording);
// Hash over the values trial by trial (image shown, tier, responses), so that folder, zip and npz of one recording
// share it, however they number their images. 64 hex digits. Computed at the first call, thread-safe. A recording
// whose trials were filtered has the whole one's: it is the same recording, less looked at.
const char *pct_recording_get_fingerprint(PctRecording *recording);
// The condition that chose its trials from a whole recording (pct_recording_filter_trials); NULL: these are all.
const char *pct_recording_get_trials(const PctRecording *recording);
int pct_recording_get_n_images(const PctRecording *recording);
int pct_recording_get_height(const PctRecording *recording);
int pct_recording_get_width(const PctRecording *recording);
int pct_recording_get_n_trials(const PctRecording *recording);
int pct_recording_get_n_neurons(const PctRecording *recording);
gboolean pct_recording_is_averaged(const PctRecording *recording);
// (M, dimensions) or NULL.
const float *pct_recording_get_cell_positions(const PctRecording *recording, int *dimensions);
// The file's own id of a neuron; its number where the file has none.
gint64 pct_recording_get_unit_id(const PctRecording *recording, int neuron);

// What the animal did in each trial (data/recording-behaviour.h). Borrowed, NULL: not in the recording; NAN: not
// measured in that trial. Speed (N,) cm/s; size (N,) and position (N,2) in the source's units; time (N,) seconds.
const float *pct_recording_get_running_speed(const PctRecording *recording);
const float *pct_recording_get_pupil_size(const PctRecording *recording);
const float *pct_recording_get_pupil_position(const PctRecording *recording);
const double *pct_recording_get_trial_time(const PctRecording *recording);
// Of each neuron (data/recording-labels.h). Borrowed, NULL: not in the recording. Area and layer (M,) end with a NULL,
// "": not known of that neuron. Depth (M,) micrometres, NAN: not known.
char *const *pct_recording_get_cell_area(const PctRecording *recording);
char *const *pct_recording_get_cell_layer(const PctRecording *recording);
const float *pct_recording_get_cell_depth(const PctRecording *recording);
// Of the visual field; NAN: unknown.
float pct_recording_get_degrees_per_pixel(const PctRecording *recording);
// A JSON object: how the file came about; or NULL. Borrowed.
const char *pct_recording_get_provenance(const PctRecording *recording);

int pct_recording_get_trial_image(const PctRecording *recording, int trial);
PctTier pct_recording_get_trial_tier(const PctRecording *recording, int trial);

// The trials of a tier in the file's order. Borrowed (n,) indices.
const int *pct_recording_get_tier_trials(const PctRecording *recording, PctTier tier, int *n_trials);
// The images that a tier's trials showed, in order of first appearance. Borrowed.
const int *pct_recording_get_tier_images(const PctRecording *recording, PctTier tier, int *n_images);
// The trials that showed an image, in the file's order; empty for an image no trial showed. Borrowed.
const int *pct_recording_get_image_trials(const PctRecording *recording, int image, int *n_trials);
// The tier of an image: that of its first trial. FALSE if no trial showed it.
gboolean pct_recording_get_image_tier(const PctRecording *recording, int image, PctTier *tier);

// out (H,W) grey levels.
void pct_recording_read_image(const PctRecording *recording, int image, float *out);
// out (n,H,W).
void pct_recording_read_images(const PctRecording *recording, const int *images, int n, float *out);
// out (M,) in the recording's units.
void pct_recording_read_responses(const PctRecording *recording, int trial, float *out);
// out (n,M).
void pct_recording_read_trials(const PctRecording *recording, const int *trials, int n, float *out);
// One neuron's responses to all trials, in the file's order: out (N,).
void pct_recording_read_neuron(const PctRecording *recording, int neuron, float *out);
// Mean over an image's trials; out (M,). Returns how many trials there were (0: out is zeros).
int pct_recording_read_mean_responses(const PctRecording *recording, int image, float *out);
