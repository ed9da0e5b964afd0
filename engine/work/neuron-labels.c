// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/neuron-labels.h"
#include <math.h>

enum { AREA, LAYER, N_LABELS };

struct _PctNeuronLabels {
  char **names[N_LABELS];
  double *values[N_LABELS];
};

// labels (M,) and a NULL; "" is unknown, and where all are, there are none.
static void
number(PctNeuronLabels *self, int which, char *const *labels)
{
  g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
  for (int i = 0; labels && labels[i]; i++)
    if (*labels[i])
      g_hash_table_add(places, labels[i]);
  if (g_hash_table_size(places) == 0)
    return;
  g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(places), (GCompareFunc)g_strcmp0);
  int n = 0, m = (int)g_strv_length((char **)labels);
  self->names[which] = g_new0(char *, g_hash_table_size(places) + 1);
  for (GList *l = names; l; l = l->next) {
    g_hash_table_insert(places, l->data, GINT_TO_POINTER(n));
    self->names[which][n++] = g_strdup(l->data);
  }
  self->values[which] = g_new(double, m);
  for (int i = 0; i < m; i++)
    self->values[which][i] = *labels[i] ? GPOINTER_TO_INT(g_hash_table_lookup(places, labels[i])) : (double)NAN;
}

PctNeuronLabels *
pct_neuron_labels_new(char *const *area, char *const *layer)
{
  PctNeuronLabels *self = g_new0(PctNeuronLabels, 1);
  number(self, AREA, area);
  number(self, LAYER, layer);
  return self;
}

void
pct_neuron_labels_free(PctNeuronLabels *self)
{
  for (int i = 0; self && i < N_LABELS; i++) {
    g_strfreev(self->names[i]);
    g_free(self->values[i]);
  }
  g_free(self);
}

char *const *
pct_neuron_labels_get(const PctNeuronLabels *self, PctNeuronColumn column)
{
  return column == PCT_COLUMN_AREA ? self->names[AREA] : column == PCT_COLUMN_LAYER ? self->names[LAYER] : NULL;
}

const double *
pct_neuron_labels_get_values(const PctNeuronLabels *self, PctNeuronColumn column)
{
  return column == PCT_COLUMN_AREA ? self->values[AREA] : column == PCT_COLUMN_LAYER ? self->values[LAYER] : NULL;
}
