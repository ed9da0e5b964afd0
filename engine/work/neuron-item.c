// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/neuron-item.h"

struct _PctNeuronItem {
  GObject parent_instance;
  int neuron;
};

G_DEFINE_FINAL_TYPE(PctNeuronItem, pct_neuron_item, G_TYPE_OBJECT)

static void
pct_neuron_item_class_init(PctNeuronItemClass *klass)
{
}

static void
pct_neuron_item_init(PctNeuronItem *self)
{
}

PctNeuronItem *
pct_neuron_item_new(int neuron)
{
  PctNeuronItem *self = g_object_new(PCT_TYPE_NEURON_ITEM, NULL);
  self->neuron = neuron;
  return self;
}

int
pct_neuron_item_get_neuron(PctNeuronItem *self)
{
  return self->neuron;
}
