// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of PctNeurons share: the object (neurons.c), where the encoder and the MEI set come from
// (neurons-models.c), and the receptive fields (neurons-fields.c). At most one job a purpose; the answer of any other
// is not wanted any more.
#pragma once
#include "work/neuron-facts.h"
#include "work/neurons.h"
#include "work/project-private.h"

typedef enum {
  PCT_NEURONS_RELIABILITY,
  PCT_NEURONS_ENCODER,
  PCT_NEURONS_FIELDS,
} PctNeuronsPurpose;
#define PCT_NEURONS_N_PURPOSES (PCT_NEURONS_FIELDS + 1)

struct _PctNeurons {
  GObject parent_instance;
  PctProject *project;
  GPtrArray *items;
  double *columns[PCT_N_COLUMNS];
  PctNeuronLabels *labels;
  PctNeuronSources *sources;
  int active;  // how many say so
  PctJob *jobs[PCT_NEURONS_N_PURPOSES];    // NULL: none under way
  char *problems[PCT_NEURONS_N_PURPOSES];  // of the last one
  GPtrArray *watched;                       // PctModel, as they stand in the project
  PctModel *encoder, *mei_set;              // in use
  guint meis_source;                        // until it fires, no MEIs are told of
  gboolean meis_untold;                     // there are more
  PctModel *set_encoder, *set_mei_set;      // as a person set them
  PctReceptiveFieldState field_state;
};

enum {
  PCT_NEURONS_PROP_ENCODER = 1,
  PCT_NEURONS_PROP_MEI_SET,
  PCT_NEURONS_PROP_PROBLEM,
  PCT_NEURONS_PROP_RECEPTIVE_FIELDS,
  PCT_NEURONS_N_PROPS
};
void pct_neurons_notify(PctNeurons *self, int prop);
// which may be 0 columns wide, if what they are made from changed all the same.
void pct_neurons_emit_changed(PctNeurons *self, PctNeuronColumns which);
void pct_neurons_emit_meis_changed(PctNeurons *self);

// What a job owns. It outlives PctNeurons if need be.
typedef struct {
  GWeakRef neurons;
  PctNeuronsPurpose purpose;
  PctOpened *opened;   // dropped when the job is over
  char *path;                // of a file; NULL
  PctModelEncoder *encoder;  // NULL
  void (*answered)(PctNeurons *self, PctJob *job);
} PctNeuronsTask;

// Starts a job in place of the one of that purpose. path is copied, encoder referenced; either may be NULL. Give back
// with g_object_unref.
PctJob *pct_neurons_start(PctNeurons *self, PctNeuronsPurpose purpose, PctLane lane, const char *title, PctJobFunc func,
                          const char *path, PctModelEncoder *encoder,
                          void (*answered)(PctNeurons *self, PctJob *job));
// Cancels it; its answer never comes.
void pct_neurons_stop(PctNeurons *self, PctNeuronsPurpose purpose);
// Replaces what figures and pictures are made from; NULL: none. References are taken.
void pct_neurons_set_sources(PctNeurons *self, PctEncoder *encoder, PctMeis *meis, PctNeuronFields *fields);
// Borrowed.
PctNeuronSources *pct_neurons_get_sources(PctNeurons *self);

// neurons-models.c: from here on it follows the project's models / does no more.
void pct_neurons_watch_models(PctNeurons *self);
void pct_neurons_unwatch_models(PctNeurons *self);
// Looks again which encoder and MEI set are in use, and starts what is missing.
void pct_neurons_choose_models(PctNeurons *self);
// neurons-fields.c: reads what was found before, if that has not been tried.
void pct_neurons_read_fields(PctNeurons *self);
