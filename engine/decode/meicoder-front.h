// SPDX-License-Identifier: GPL-3.0-or-later
// The front end of meicoder: z-scored responses to a context of C channels a pixel, each a weighted sum of all neurons'
// MEIs. Neurons, trials and pixels together are too many for one array (B,M,H,W): the sum is a matrix product over
// neurons, and what backward needs it computes anew.
// - codes: context_c = sum_n (w_nc z_n + v_nc e(z_n)) MEI_n, with e(z) = sqrt(1 + z^2) less its mean for normal z: what
//   a response says by its size alone, as |z| but smooth. One product (H*W,M) x (M,B*C).
// - paper: context = sum_n g_n q(z_n, a_n) MEI_n, q = mask relu(hidden [z_n, a_n]): neurons in chunks, so that only
//   (B,chunk,H*W) is ever there.
// Parameters are those of meicoder-network.h. Fixed chunks: the same bits on any number of threads.
#pragma once
#include "base/run.h"
#include "decode/meicoder-network.h"

typedef struct _PctMeicoderFront PctMeicoderFront;

// meis (M,P), borrowed. pool may be NULL and is borrowed. NULL with PCT_ERROR_MEMORY.
PctMeicoderFront *pct_meicoder_front_new(const PctMeicoderNetwork *network, const float *meis, int max_batch,
                                         PctPool *pool, GError **error);
void pct_meicoder_front_free(PctMeicoderFront *front);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctMeicoderFront, pct_meicoder_front_free)

// z (batch,M); context (batch,P,C). run is asked between chunks. FALSE with PCT_ERROR_CANCELLED.
gboolean pct_meicoder_front_forward(PctMeicoderFront *front, const PctParameters *parameters, const float *z, int batch,
                                    float *context, const PctRun *run, GError **error);
// d_context (batch,P,C). gradients (n_values,) laid out as the parameters, added to; d_z (batch,M), written; either may
// be NULL. Needs no forward pass before it. FALSE with PCT_ERROR_CANCELLED.
gboolean pct_meicoder_front_backward(PctMeicoderFront *front, const PctParameters *parameters, const float *z, int batch,
                                     const float *d_context, float *gradients, float *d_z, const PctRun *run,
                                     GError **error);
// context (P,C) += what one neuron adds at z less what it adds at z_before.
void pct_meicoder_front_change(PctMeicoderFront *front, const PctParameters *parameters, int neuron, float z_before,
                               float z, double *context);

// The two kinds, a file each; contracts as above.
typedef struct {
  gsize (*scratch)(const PctMeicoderSizes *sizes, gsize batch);  // floats
  gboolean (*forward)(PctMeicoderFront *front, const PctParameters *parameters, const float *z, gsize batch,
                      float *context, const PctRun *run, GError **error);
  gboolean (*backward)(PctMeicoderFront *front, const PctParameters *parameters, const float *z, gsize batch,
                       const float *d_context, float *gradients, float *d_z, const PctRun *run, GError **error);
  // One neuron's share of the context is an outer product: picture (P,) x channels (C,), of the change.
  void (*change)(PctMeicoderFront *front, const PctParameters *parameters, gsize neuron, float z_before, float z,
                 float *picture, float *channels);
} PctMeicoderFrontClass;

extern const PctMeicoderFrontClass pct_meicoder_codes_front, pct_meicoder_paper_front;

struct _PctMeicoderFront {
  const PctMeicoderFrontClass *klass;
  const PctMeicoderSizes *sizes;
  gsize m, p, c, max_batch;
  const float *meis;
  PctPool *pool;
  float *scratch;
};

// Where a parameter's gradient lies; NULL without gradients.
static inline float *
pct_meicoder_front_gradient(const PctParameters *parameters, const char *name, float *gradients)
{
  return gradients ? gradients + (pct_parameters_find(parameters, name) - parameters->values) : NULL;
}
