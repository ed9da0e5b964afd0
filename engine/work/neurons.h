// SPDX-License-Identifier: GPL-3.0-or-later
// All neurons of a project: a GListModel of M PctNeuronItem in the order of their numbers (item i is neuron i; it never
// changes), and what is known of them by columns, which come as they are computed. Until it is active it computes
// nothing. Main thread only.
//
// Signal "changed" (guint64 columns: PctNeuronColumns): these have other values now, or became known or unknown.
// Signal "meis-changed": other MEIs are ready than before; while a set is being made at most a few times a second.
#pragma once
#include "work/neuron-columns.h"
#include "work/neuron-filter.h"
#include "work/neuron-item.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_NEURONS (pct_neurons_get_type())
G_DECLARE_FINAL_TYPE(PctNeurons, pct_neurons, PCT, NEURONS, GObject)

PctNeurons *pct_neurons_new(PctProject *project);
// The one that a project's pages share, so that nothing is computed twice: made for the first who asks, and the same as
// long as anybody holds it. Give back with g_object_unref.
PctNeurons *pct_neurons_dup_shared(PctProject *project);
PctProject *pct_neurons_get_project(PctNeurons *self);  // borrowed
int pct_neurons_get_n(PctNeurons *self);

// E.g. when its page is first visible: starts the background jobs of what is not known yet, and reads the receptive
// fields found before. What is under way goes on when it is FALSE again. Whoever shares it takes back his own TRUE.
void pct_neurons_set_active(PctNeurons *self, gboolean active);

// (M,), borrowed until the next "changed" with this column; NULL while unknown. Number, unit id, mean, std and
// positions (as many coordinates as the recording has) are known from the start.
const double *pct_neurons_get_column(PctNeurons *self, PctNeuronColumn column);
// NAN while unknown.
double pct_neurons_get_value(PctNeurons *self, PctNeuronColumn column, int neuron);
// As pct_column_format, but the text itself for a column of text. Free with g_free.
char *pct_neurons_format(PctNeurons *self, PctNeuronColumn column, int neuron);
// The names that the values 0, 1, ... of a column of text stand for, NULL at the end; NULL: it has none. Borrowed.
char *const *pct_neurons_get_names(PctNeurons *self, PctNeuronColumn column);
// A filter that knows this recording's areas and layers; arguments and errors as pct_neuron_filter_new.
PctNeuronFilter *pct_neurons_new_filter(PctNeurons *self, const char *text, int *position, GError **error);
// Columns that a job queued or under way is going to fill.
PctNeuronColumns pct_neurons_get_pending(PctNeurons *self);
// pass (M,) 1 or 0 by the columns as they are now. Returns how many pass.
int pct_neurons_evaluate(PctNeurons *self, const PctNeuronFilter *filter, guint8 *pass);
// The tier whose repeated images reliability was measured on: test if it repeats images, else validation, else train.
// FALSE: none repeats any.
gboolean pct_neurons_get_reliability_tier(PctNeurons *self, PctTier *tier);

// The encoder and the MEI set in use: as set, else the project's best finished encoder (highest validation
// correlation) and newest finished MEI set; while no set is finished, the newest that fills or was stopped. Borrowed;
// NULL: there is none. Properties "encoder" and "mei-set" notify. set with NULL: back to that choice. A set one that
// leaves the project is forgotten.
PctModel *pct_neurons_get_encoder(PctNeurons *self);
void pct_neurons_set_encoder(PctNeurons *self, PctModel *encoder);
PctModel *pct_neurons_get_mei_set(PctNeurons *self);
void pct_neurons_set_mei_set(PctNeurons *self, PctModel *mei_set);
// Why the encoder or MEI set in use gives nothing (cannot be read, is for another image size); NULL: no problem.
// Property "problem".
const char *pct_neurons_get_problem(PctNeurons *self);
// The neuron's MEI in grey levels, a new reference, quickly enough for a grid that scrolls; NULL: none, or not ready.
PctPicture *pct_neurons_dup_mei(PctNeurons *self, int neuron);
int pct_neurons_get_n_meis(PctNeurons *self);  // ready

// Receptive fields: minutes of the heavy lane for a large recording, so a person starts it. Kept in the workspace
// (receptive-fields.safetensors) and read back when it is opened again; the job goes on, and keeps what it finds, when
// the project is closed meanwhile. Property "receptive-fields" notifies.
typedef enum {
  PCT_RECEPTIVE_FIELDS_UNKNOWN,  // not looked for yet (not active)
  PCT_RECEPTIVE_FIELDS_READING,  // what was found before
  PCT_RECEPTIVE_FIELDS_NONE,     // there are none: offer to find them
  PCT_RECEPTIVE_FIELDS_DAMAGED,  // the file cannot be used: offer to find them anew (the sentence: _get_problem below)
  PCT_RECEPTIVE_FIELDS_FINDING,  // the job is queued or under way
  PCT_RECEPTIVE_FIELDS_READY,
} PctReceptiveFieldState;
#define PCT_TYPE_RECEPTIVE_FIELD_STATE (pct_receptive_field_state_get_type())
GType pct_receptive_field_state_get_type(void);
PctReceptiveFieldState pct_neurons_get_receptive_field_state(PctNeurons *self);
// Why there are none (a damaged file, the job's error), or why those found could not be kept. NULL: no problem.
const char *pct_neurons_get_receptive_field_problem(PctNeurons *self);
// Starts the job, or returns the one under way. Already submitted; give back with g_object_unref. NULL with
// PCT_ERROR_IO (the workspace cannot be written: the sentence says which folder).
PctJob *pct_neurons_find_receptive_fields(PctNeurons *self, GError **error);
// NULL: none is under way. Borrowed.
PctJob *pct_neurons_get_receptive_field_job(PctNeurons *self);

G_END_DECLS
