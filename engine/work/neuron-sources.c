// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/neuron-sources.h"

static void
fields_clear(gpointer data)
{
  pct_receptive_fields_free(((PctNeuronFields *)data)->fields);
}

PctNeuronFields *
pct_neuron_fields_new(PctReceptiveFields *fields)
{
  PctNeuronFields *self = g_atomic_rc_box_new0(PctNeuronFields);
  self->fields = fields;
  return self;
}

PctNeuronFields *
pct_neuron_fields_ref(PctNeuronFields *fields)
{
  return g_atomic_rc_box_acquire(fields);
}

void
pct_neuron_fields_unref(PctNeuronFields *fields)
{
  if (fields)
    g_atomic_rc_box_release_full(fields, fields_clear);
}

static void
sources_clear(gpointer data)
{
  PctNeuronSources *sources = data;
  pct_opened_unref(sources->opened);
  g_clear_pointer(&sources->encoder, pct_encoder_unref);
  // Should this be the last reference, in the interactive thread: a PctMeis has nothing but memory to give back.
  g_clear_object(&sources->meis);
  pct_neuron_fields_unref(sources->fields);
}

PctNeuronSources *
pct_neuron_sources_new(PctOpened *opened, PctEncoder *encoder, PctMeis *meis, PctNeuronFields *fields)
{
  PctNeuronSources *sources = g_atomic_rc_box_new0(PctNeuronSources);
  sources->opened = pct_opened_ref(opened);
  sources->encoder = encoder ? pct_encoder_ref(encoder) : NULL;
  sources->meis = meis ? g_object_ref(meis) : NULL;
  sources->fields = fields ? pct_neuron_fields_ref(fields) : NULL;
  return sources;
}

PctNeuronSources *
pct_neuron_sources_ref(PctNeuronSources *sources)
{
  return g_atomic_rc_box_acquire(sources);
}

void
pct_neuron_sources_unref(PctNeuronSources *sources)
{
  if (sources)
    g_atomic_rc_box_release_full(sources, sources_clear);
}

int
pct_neuron_sources_find_mei(const PctNeuronSources *sources, int neuron)
{
  int row = sources->meis ? pct_meis_find_row(sources->meis, neuron) : -1;
  return row >= 0 && pct_meis_is_ready(sources->meis, row) ? row : -1;
}
