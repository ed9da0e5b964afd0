// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/responses.h"

struct _PctResponses {
  gatomicrefcount references;
  int n_neurons, n_averaged;
  float *values;  // (M,)
};

G_DEFINE_BOXED_TYPE(PctResponses, pct_responses, pct_responses_ref, pct_responses_unref)

PctResponses *
pct_responses_new(int n_neurons, const float *values, int n_averaged)
{
  g_return_val_if_fail(n_neurons > 0 && values && n_averaged > 0, NULL);
  PctResponses *responses = g_new(PctResponses, 1);
  g_atomic_ref_count_init(&responses->references);
  responses->n_neurons = n_neurons;
  responses->n_averaged = n_averaged;
  responses->values = g_memdup2(values, (gsize)n_neurons * sizeof(float));
  return responses;
}

PctResponses *
pct_responses_ref(PctResponses *responses)
{
  g_return_val_if_fail(responses, NULL);
  g_atomic_ref_count_inc(&responses->references);
  return responses;
}

void
pct_responses_unref(PctResponses *responses)
{
  if (!responses || !g_atomic_ref_count_dec(&responses->references))
    return;
  g_free(responses->values);
  g_free(responses);
}

int
pct_responses_get_n_neurons(const PctResponses *responses)
{
  return responses->n_neurons;
}

int
pct_responses_get_n_averaged(const PctResponses *responses)
{
  return responses->n_averaged;
}

const float *
pct_responses_get_values(const PctResponses *responses)
{
  return responses->values;
}
