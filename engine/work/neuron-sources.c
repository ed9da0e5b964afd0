// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/neuron-sources.h"

static void
meis_clear(gpointer data)
{
  PctNeuronMeis *meis = data;
  pct_mei_set_free(meis->set);
  g_free(meis->rows);
}

PctNeuronMeis *
pct_neuron_meis_new(PctMeiSet *set, int n_neurons)
{
  PctNeuronMeis *meis = g_atomic_rc_box_new0(PctNeuronMeis);
  meis->set = set;
  meis->rows = g_new(int, n_neurons);
  for (int i = 0; i < n_neurons; i++)
    meis->rows[i] = -1;
  for (int row = 0; row < set->n; row++)
    if (set->neurons[row] >= 0 && set->neurons[row] < n_neurons)
      meis->rows[set->neurons[row]] = row;
  return meis;
}

PctNeuronMeis *
pct_neuron_meis_ref(PctNeuronMeis *meis)
{
  return g_atomic_rc_box_acquire(meis);
}

void
pct_neuron_meis_unref(PctNeuronMeis *meis)
{
  if (meis)
    g_atomic_rc_box_release_full(meis, meis_clear);
}

int
pct_neuron_meis_find(const PctNeuronMeis *meis, int neuron)
{
  int row = meis ? meis->rows[neuron] : -1;
  return row >= 0 && __atomic_load_n(&meis->set->ready[row], __ATOMIC_ACQUIRE) ? row : -1;
}

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
  pct_neuron_meis_unref(sources->meis);
  pct_neuron_fields_unref(sources->fields);
}

PctNeuronSources *
pct_neuron_sources_new(PctOpened *opened, PctEncoder *encoder, PctNeuronMeis *meis, PctNeuronFields *fields)
{
  PctNeuronSources *sources = g_atomic_rc_box_new0(PctNeuronSources);
  sources->opened = pct_opened_ref(opened);
  sources->encoder = encoder ? pct_encoder_ref(encoder) : NULL;
  sources->meis = meis ? pct_neuron_meis_ref(meis) : NULL;
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
