// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's front end, a chunk of neurons at a time. For a chunk of N and a batch of B: hidden (B*N,128) = relu of the
// embedding's part, which is the same for all trials, plus the response times its column; masks (B*N,P) = hidden
// mask^T + bias; times the MEIs; and context (P,C) of each trial += masked^T gather^T. Backward makes hidden and masks
// anew.
#include <string.h>
#include "base/blas.h"
#include "decode/meicoder-front.h"

#define CHUNK 64  // neurons
#define H PCT_MEICODER_HIDDEN
#define E PCT_MEICODER_EMBEDDING
#define COLUMNS (1 + E)

static gsize
scratch(const PctMeicoderSizes *s, gsize batch)
{
  gsize p = (gsize)s->height * (gsize)s->width, rows = batch * CHUNK;
  return CHUNK * H * 2 + 2 * rows * H + 2 * rows * p + p + (gsize)s->channels;
}

typedef struct {
  const PctMeicoderFront *front;
  const float *z, *embedding, *hidden_weight, *hidden_bias, *mask_weight, *mask_bias, *gather;
  gsize batch, first, n;              // the chunk's neurons
  float *own;                         // (n,H) the embedding's part of the hidden units
  float *d_own;                       // (n,H)
  float *hidden, *d_hidden;           // (B*n,H)
  float *masks, *d_masks;             // (B*n,P)
} Chunk;

static Chunk
chunk_new(const PctMeicoderFront *front, const PctParameters *parameters, const float *z, gsize batch)
{
  Chunk chunk = { .front = front, .z = z, .batch = batch,
                  .embedding = pct_parameters_find(parameters, "embedding.weight"),
                  .hidden_weight = pct_parameters_find(parameters, "hidden.weight"),
                  .hidden_bias = pct_parameters_find(parameters, "hidden.bias"),
                  .mask_weight = pct_parameters_find(parameters, "mask.weight"),
                  .mask_bias = pct_parameters_find(parameters, "mask.bias"),
                  .gather = pct_parameters_find(parameters, "gather.weight") };
  chunk.own = front->scratch;
  chunk.d_own = chunk.own + CHUNK * H;
  chunk.hidden = chunk.d_own + CHUNK * H;
  chunk.d_hidden = chunk.hidden + batch * CHUNK * H;
  chunk.masks = chunk.d_hidden + batch * CHUNK * H;
  chunk.d_masks = chunk.masks + batch * CHUNK * front->p;
  return chunk;
}

// A row is a trial and a neuron, row b n + i.
static void
finish_masks(gsize first, gsize end, guint thread, gpointer data)
{
  const Chunk *a = data;
  gsize p = a->front->p;
  for (gsize row = first; row < end; row++) {
    const float *mei = a->front->meis + (a->first + row % a->n) * p;
    float *mask = a->masks + row * p;
    for (gsize j = 0; j < p; j++)
      mask[j] = (mask[j] + a->mask_bias[j]) * mei[j];
  }
}

// hidden, and masks times MEIs, of neurons first .. first + n.
static void
compute_chunk(Chunk *a, gsize first, gsize n)
{
  PctPool *pool = a->front->pool;
  gsize p = a->front->p, rows = a->batch * n;
  a->first = first;
  a->n = n;
  for (gsize i = 0; i < n; i++)
    memcpy(a->own + i * H, a->hidden_bias, H * sizeof(float));
  pct_gemm(pool, FALSE, TRUE, n, H, E, 1, a->embedding + first * E, E, a->hidden_weight + 1, COLUMNS, 1, a->own, H);
  for (gsize row = 0; row < rows; row++) {
    float z = a->z[row / n * a->front->m + first + row % n];
    const float *own = a->own + row % n * H;
    for (gsize k = 0; k < H; k++)
      a->hidden[row * H + k] = MAX(own[k] + z * a->hidden_weight[k * COLUMNS], 0);
  }
  pct_gemm(pool, FALSE, TRUE, rows, p, H, 1, a->hidden, H, a->mask_weight, H, 0, a->masks, p);
  pct_parallel_for(pool, rows, 8, finish_masks, a);
}

static gboolean
forward(PctMeicoderFront *front, const PctParameters *parameters, const float *z, gsize batch, float *context,
        const PctRun *run, GError **error)
{
  gsize m = front->m, p = front->p, c = front->c;
  Chunk a = chunk_new(front, parameters, z, batch);
  memset(context, 0, batch * p * c * sizeof(float));
  for (gsize first = 0; first < m; first += CHUNK) {
    compute_chunk(&a, first, MIN(CHUNK, m - first));
    for (gsize b = 0; b < batch; b++)
      pct_gemm(front->pool, TRUE, TRUE, p, c, a.n, 1, a.masks + b * a.n * p, p, a.gather + first, m, 1,
               context + b * p * c, c);
    if (!pct_run_step(run, 0, 0, error))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  float *embedding, *hidden_weight, *hidden_bias, *mask_weight, *mask_bias, *gather;
} Gradients;

// d_masks is by masks times MEIs; becomes by the masks alone.
static void
mask_gradients(gsize first, gsize end, guint thread, gpointer data)
{
  const Chunk *a = data;
  gsize p = a->front->p;
  for (gsize row = first; row < end; row++) {
    const float *mei = a->front->meis + (a->first + row % a->n) * p;
    for (gsize j = 0; j < p; j++)
      a->d_masks[row * p + j] *= mei[j];
  }
}

// Of the chunk's d_hidden: those of the first layer, the embeddings and the responses.
static void
hidden_gradients(const Chunk *a, const Gradients *g, float *d_z)
{
  gsize rows = a->batch * a->n, m = a->front->m;
  memset(a->d_own, 0, a->n * H * sizeof(float));
  for (gsize row = 0; row < rows; row++) {
    gsize at = row / a->n * m + a->first + row % a->n;
    float *d_own = a->d_own + row % a->n * H, sum = 0;
    for (gsize k = 0; k < H; k++) {
      float d = a->hidden[row * H + k] > 0 ? a->d_hidden[row * H + k] : 0;
      d_own[k] += d;
      sum += d * a->hidden_weight[k * COLUMNS];
      if (g->hidden_weight)
        g->hidden_weight[k * COLUMNS] += d * a->z[at];
    }
    if (d_z)
      d_z[at] = sum;
  }
  if (!g->hidden_weight)
    return;
  for (gsize i = 0; i < a->n; i++)
    for (gsize k = 0; k < H; k++)
      g->hidden_bias[k] += a->d_own[i * H + k];
  PctPool *pool = a->front->pool;
  pct_gemm(pool, TRUE, FALSE, H, E, a->n, 1, a->d_own, H, a->embedding + a->first * E, E, 1, g->hidden_weight + 1, COLUMNS);
  pct_gemm(pool, FALSE, FALSE, a->n, E, H, 1, a->d_own, H, a->hidden_weight + 1, COLUMNS, 1,
           g->embedding + a->first * E, E);
}

static gboolean
backward(PctMeicoderFront *front, const PctParameters *parameters, const float *z, gsize batch, const float *d_context,
         float *gradients, float *d_z, const PctRun *run, GError **error)
{
  gsize m = front->m, p = front->p, c = front->c;
  PctPool *pool = front->pool;
  Chunk a = chunk_new(front, parameters, z, batch);
  Gradients g = { .embedding = pct_meicoder_front_gradient(parameters, "embedding.weight", gradients),
                  .hidden_weight = pct_meicoder_front_gradient(parameters, "hidden.weight", gradients),
                  .hidden_bias = pct_meicoder_front_gradient(parameters, "hidden.bias", gradients),
                  .mask_weight = pct_meicoder_front_gradient(parameters, "mask.weight", gradients),
                  .mask_bias = pct_meicoder_front_gradient(parameters, "mask.bias", gradients),
                  .gather = pct_meicoder_front_gradient(parameters, "gather.weight", gradients) };
  for (gsize first = 0; first < m; first += CHUNK) {
    compute_chunk(&a, first, MIN(CHUNK, m - first));
    gsize rows = batch * a.n;
    for (gsize b = 0; b < batch; b++) {
      const float *slope = d_context + b * p * c;
      if (g.gather)
        pct_gemm(pool, TRUE, TRUE, c, a.n, p, 1, slope, c, a.masks + b * a.n * p, p, 1, g.gather + first, m);
      pct_gemm(pool, TRUE, TRUE, a.n, p, c, 1, a.gather + first, m, slope, c, 0, a.d_masks + b * a.n * p, p);
    }
    pct_parallel_for(pool, rows, 8, mask_gradients, &a);
    if (g.mask_weight) {
      pct_gemm(pool, TRUE, FALSE, p, H, rows, 1, a.d_masks, p, a.hidden, H, 1, g.mask_weight, H);
      for (gsize row = 0; row < rows; row++)
        for (gsize j = 0; j < p; j++)
          g.mask_bias[j] += a.d_masks[row * p + j];
    }
    pct_gemm(pool, FALSE, FALSE, rows, H, p, 1, a.d_masks, p, a.mask_weight, H, 0, a.d_hidden, H);
    hidden_gradients(&a, &g, d_z);
    if (!pct_run_step(run, 0, 0, error))
      return FALSE;
  }
  return TRUE;
}

static void
change(PctMeicoderFront *front, const PctParameters *parameters, gsize neuron, float z_before, float z, float *picture,
       float *channels)
{
  gsize p = front->p;
  // picture and channels begin the scratch memory, which the chunk needs.
  g_autofree float *responses = g_new0(float, front->m), *before = g_new(float, p);
  Chunk a = chunk_new(front, parameters, responses, 1);
  responses[neuron] = z_before;
  compute_chunk(&a, neuron, 1);
  memcpy(before, a.masks, p * sizeof(float));
  responses[neuron] = z;
  compute_chunk(&a, neuron, 1);
  for (gsize j = 0; j < p; j++)
    before[j] = a.masks[j] - before[j];
  for (gsize k = 0; k < front->c; k++)
    channels[k] = a.gather[k * front->m + neuron];
  memcpy(picture, before, p * sizeof(float));
}

const PctMeicoderFrontClass pct_meicoder_paper_front = { scratch, forward, backward, change };
