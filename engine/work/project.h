// SPDX-License-Identifier: GPL-3.0-or-later
// A recording with its workspace: all that the pages show. Immutable but for the list of models. The recording is
// shared with the jobs that use it, so a project may go while they run. Main thread only. Arrays are borrowed from the
// project unless said otherwise; images are numbered 0..n_images-1, neurons 0..n_neurons-1, responses in the
// recording's units.
#pragma once
#include <gio/gio.h>
#include "data/recording.h"
#include "work/image-item.h"
#include "work/lanes.h"
#include "work/model.h"
#include "work/options.h"
#include "work/picture.h"
#include "work/responses.h"
#include "work/shared-file.h"
#include "work/trial-filter.h"

G_BEGIN_DECLS

#define PCT_TYPE_PROJECT (pct_project_get_type())
G_DECLARE_FINAL_TYPE(PctProject, pct_project, PCT, PROJECT, GObject)

// Starts opening a recording (a file, a folder, or the .percept folder that belongs to one); path NULL: the demo.
// trials: the condition of a filter (work/trial-filter.h), so that all that is shown, measured and trained is of the
// trials that meet it; NULL: all.
// A shared file (work/share.h) is unpacked, and what it became is opened. Returns the job, already submitted, with progress
// and its error; cancel it to give up. Give back with g_object_unref.
PctJob *pct_project_open_async(PctLanes *lanes, const char *path, const char *trials);
// The same, with all its trials; the recording's workspace gets the models of a shared file, which must belong to it.
PctJob *pct_project_open_shared_async(PctLanes *lanes, const char *path, const char *shared);
// After the job's "finished": which recording a shared file belongs to and does not hold, which is why it could not be
// opened (the error's sentence says so); NULL else. Borrowed from the job.
const PctSharedAbout *pct_project_open_get_wanted(PctJob *job);
// After the job's "finished": the project (new reference), or NULL with the job's error (PCT_ERROR_CANCELLED if so).
PctProject *pct_project_open_finish(PctJob *job, GError **error);

PctLanes *pct_project_get_lanes(PctProject *self);

// What it is.
const char *pct_project_get_name(PctProject *self);         // for a person, "twin"
const char *pct_project_get_path(PctProject *self);         // NULL: the demo
gboolean pct_project_is_demo(PctProject *self);
gboolean pct_project_is_averaged(PctProject *self);         // its responses are means over repeats: label scores so
const char *pct_project_get_fingerprint(PctProject *self);  // 64 hex digits
const char *pct_project_get_trials(PctProject *self);       // the filter's condition; NULL: all trials
PctTrialTable *pct_project_get_trial_table(PctProject *self);  // of all trials, filter or not
const char *pct_project_get_workspace(PctProject *self);    // the folder; need not exist before something is trained
int pct_project_get_n_neurons(PctProject *self);
int pct_project_get_n_images(PctProject *self);
int pct_project_get_n_trials(PctProject *self);
int pct_project_get_height(PctProject *self);
int pct_project_get_width(PctProject *self);
int pct_project_get_n_tier_images(PctProject *self, PctTier tier);
int pct_project_get_n_tier_trials(PctProject *self, PctTier tier);
// (n,) image numbers, in order of first appearance.
const int *pct_project_get_tier_images(PctProject *self, PctTier tier, int *n);

// Images: a GListModel of PctImageItem in the order of their numbers (item i is image i). Borrowed.
GListModel *pct_project_get_images(PctProject *self);
PctPicture *pct_project_dup_picture(PctProject *self, int image);
// FALSE if no trial showed it.
gboolean pct_project_get_image_tier(PctProject *self, int image, PctTier *tier);
int pct_project_get_n_repeats(PctProject *self, int image);  // trials that showed it
// repeat 0..n_repeats-1, or PCT_MEAN_OF_REPEATS. NULL if there is no such trial.
PctResponses *pct_project_dup_responses(PctProject *self, int image, int repeat);
// The n neurons (fewer if there are not so many) that answered most against their usual answer, strongest first.
// Of PctNeuronResponse; free with g_array_unref.
GArray *pct_project_dup_strongest(PctProject *self, const PctResponses *responses, int n);

// Neurons.
const PctResponseRanges *pct_project_get_ranges(PctProject *self);
gint64 pct_project_get_unit_id(PctProject *self, int neuron);
// Of the visual field, a pixel of the images; NAN: unknown.
double pct_project_get_degrees_per_pixel(PctProject *self);
// (M, dimensions) micrometres; NULL: unknown.
const float *pct_project_get_cell_positions(PctProject *self, int *dimensions);

// What can be trained and what was, encoders, MEI sets and decoders: GListModels of PctKind (fixed, in the order they
// are shown) and PctModel (shipped ones first, then by name). Borrowed.
GListModel *pct_project_get_kinds(PctProject *self);
GListModel *pct_project_get_models(PctProject *self);
// The decoders among the models, in the same order.
GListModel *pct_project_get_decoders(PctProject *self);
// Borrowed; NULL if there is none.
PctKind *pct_project_find_kind(PctProject *self, const char *name);
PctModel *pct_project_find_model(PctProject *self, const char *name);
// The finished decoder of a kind with the highest validation PixCorr (of equals the last); NULL if there is none.
// Borrowed.
PctModel *pct_project_find_best_model(PctProject *self, const char *kind);
// The finished encoder with the highest validation correlation (of equals, and where it is unknown, the newest).
PctModel *pct_project_find_best_encoder(PctProject *self);
// The newest finished MEI set.
PctModel *pct_project_find_newest_meis(PctProject *self);

G_END_DECLS
