// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/mei-net-transform.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"

#define LAST (PCT_MEI_TRANSFORM_STAGES - 1)
#define CHUNK 64             // MEIs at a time through a stage
#define EPSILON 1e-5f
// A start near the identity: pictures of unit variance shrunk and raised so that the rectifiers cut off what is more
// than 10 standard deviations below the mean.
#define RAISED_WEIGHT 0.3f
#define RAISED_BIAS 3.0f

// What stage s begins with is norm s; the first has none.
static const char *const norms[PCT_MEI_TRANSFORM_STAGES] = { NULL, "norm1", "norm2", "norm3", "norm4" };

static void
start_from(PctGraph *graph, gboolean near_identity, PctInitial initial)
{
  if (near_identity)
    pct_graph_set_weight_initial(graph, initial);
}

// The stage's operations after x: what follows the convolution of the stage before, then its own convolution. No biases:
// a norm follows each.
static int
add_stage(PctGraph *graph, int x, int stage, gboolean last_relu, gboolean near_identity)
{
  const PctConv2d doubled = { stage == 0 ? 2 : 1, { 4, 4 }, { 2, 2 }, { 1, 1 }, FALSE };
  const PctConv2d same = { 1, { 4, 4 }, { 1, 1 }, { 2, 2 }, FALSE };
  if (stage > 0)
    x = pct_graph_batch_norm(graph, x, norms[stage], EPSILON, 0);
  if (stage > 2)
    x = pct_graph_max_pool(graph, x, 2);
  if (stage > 0 && (stage < LAST || last_relu))
    x = pct_graph_relu(graph, x);
  // Kernels about bilinear interpolation and a mean over 4 x 4 (a pixel of the MEI has become that large), a little
  // different from each other.
  start_from(graph, near_identity, stage < 2 ? (PctInitial){ PCT_INITIAL_INTERPOLATING, 1, 0.1f }
                                               : (PctInitial){ PCT_INITIAL_NORMAL, 1.0f / 16, 0.006f });
  switch (stage) {
  case 0:
    return pct_graph_conv_transpose2d(graph, x, "up1", doubled);
  case 1:
    return pct_graph_conv_transpose2d(graph, x, "up2", doubled);
  case 2:
    return pct_graph_conv2d(graph, x, "conv1", same);
  case 3:
    return pct_graph_conv2d(graph, x, "conv2", same);
  default:
    return x;
  }
}

PctMeiTransform *
pct_mei_transform_new(int height, int width, gboolean last_relu, gboolean near_identity, float rate)
{
  PctMeiTransform *transform = g_new0(PctMeiTransform, 1);
  transform->height = height;
  transform->width = width;
  transform->near_identity = near_identity;
  PctGraph *whole = transform->whole = pct_graph_new();
  pct_graph_set_rate(whole, rate, 0);
  int x = transform->whole_in = pct_graph_input(whole, (PctShape){ height, width, 1 });
  for (int s = 0; s < PCT_MEI_TRANSFORM_STAGES; s++) {
    PctGraph *graph = transform->stages[s].graph = pct_graph_new();
    transform->stages[s].first = pct_graph_get_parameters(whole)->n_values;
    int in = transform->stages[s].in = pct_graph_input(graph, pct_graph_get_shape(whole, x));
    transform->stages[s].out = add_stage(graph, in, s, last_relu, near_identity);
    pct_graph_output(graph, transform->stages[s].out);
    x = add_stage(whole, x, s, last_relu, near_identity);
  }
  transform->whole_out = x;
  pct_graph_output(whole, x);
  return transform;
}

void
pct_mei_transform_free(PctMeiTransform *transform)
{
  if (!transform)
    return;
  pct_graph_free(transform->whole);
  for (int s = 0; s < PCT_MEI_TRANSFORM_STAGES; s++)
    pct_graph_free(transform->stages[s].graph);
  g_free(transform);
}

static float *
find_of_norm(const PctParameters *parameters, int stage, const char *what)
{
  g_autofree char *name = g_strconcat(norms[stage], what, NULL);
  return pct_parameters_find(parameters, name);
}

void
pct_mei_transform_initialise(const PctMeiTransform *transform, PctParameters *parameters, guint64 seed)
{
  pct_parameters_initialise(parameters, seed);
  for (int s = 1; s < LAST && transform->near_identity; s++) {  // those before a rectifier
    int channels = pct_graph_get_shape(transform->stages[s].graph, transform->stages[s].in).channels;
    for (int c = 0; c < channels; c++) {
      find_of_norm(parameters, s, ".weight")[c] = RAISED_WEIGHT;
      find_of_norm(parameters, s, ".bias")[c] = RAISED_BIAS;
    }
  }
}

struct _PctMeiPass {
  const PctMeiTransform *transform;
  gsize n;
  PctPool *pool;
  PctWorkspace *workspaces[PCT_MEI_TRANSFORM_STAGES];
  // What stage s gives (n, its shape), for all but the last; after a backward pass, its gradient.
  float *values[LAST];
  float *held;            // with_backward: a gradient with the statistics held, of the largest of them
  float *own;             // (n_values,) of this backward pass alone
  double *sums;           // (chunks, 2, 2)
};

static gsize
count_out(const PctMeiTransform *transform, int stage)
{
  return pct_shape_count(pct_graph_get_shape(transform->stages[stage].graph, transform->stages[stage].out));
}

PctMeiPass *
pct_mei_pass_new(const PctMeiTransform *transform, gsize n, gboolean with_backward, PctPool *pool, GError **error)
{
  g_autoptr(PctMeiPass) pass = g_new0(PctMeiPass, 1);
  *pass = (PctMeiPass){ .transform = transform, .n = n, .pool = pool };
  gsize largest = 0;
  for (int s = 0; s < PCT_MEI_TRANSFORM_STAGES; s++) {
    pass->workspaces[s] = pct_workspace_new(transform->stages[s].graph,
                                            with_backward ? PCT_WORKSPACE_BACKWARD : PCT_WORKSPACE_FORWARD,
                                            (int)MIN(n, CHUNK), pool, error);
    if (!pass->workspaces[s] || (s < LAST && !(pass->values[s] = pct_aligned_new(n * count_out(transform, s), error))))
      return NULL;
    if (s < LAST)
      largest = MAX(largest, count_out(transform, s));
  }
  gsize n_values = pct_graph_get_parameters(transform->whole)->n_values;
  if (with_backward && (!(pass->held = pct_aligned_new(n * largest, error)) ||
                        !(pass->own = pct_aligned_new(n_values, error))))
    return NULL;
  pass->sums = g_new(double, (n + CHUNK - 1) / CHUNK * 4);
  return g_steal_pointer(&pass);
}

void
pct_mei_pass_free(PctMeiPass *pass)
{
  if (!pass)
    return;
  for (int s = 0; s < PCT_MEI_TRANSFORM_STAGES; s++)
    pct_workspace_free(pass->workspaces[s]);
  for (int s = 0; s < LAST; s++)
    pct_aligned_free(pass->values[s]);
  pct_aligned_free(pass->held);
  pct_aligned_free(pass->own);
  g_free(pass->sums);
  g_free(pass);
}

// The stage's part of a block laid out as the whole's parameters.
static PctParameters
part_of(const PctMeiTransform *transform, int stage, float *values)
{
  return (PctParameters){ pct_graph_get_parameters(transform->stages[stage].graph),
                          values + transform->stages[stage].first };
}

typedef struct {
  const float *values, *shift;  // (rows, channels), (channels,)
  gsize rows, channels;         // rows of an MEI
  double *sums;
} Sums;

static void
sum_chunk(gsize first, gsize end, guint thread, gpointer data)
{
  const Sums *s = data;
  double *sums = s->sums + first / CHUNK * 4;
  for (gsize c = 0; c < s->channels; c++) {
    const float *x = s->values + first * s->rows * s->channels + c;
    double sum = 0, squares = 0, shift = s->shift[c];
    for (gsize i = 0; i < (end - first) * s->rows; i++) {
      double d = x[i * s->channels] - shift;
      sum += d;
      squares += d * d;
    }
    sums[2 * c] = sum;
    sums[2 * c + 1] = squares;
  }
}

// Mean and variance by channel over all MEIs of what the stage gave, into the norm that the next one begins with.
static void
take_statistics(PctMeiPass *pass, int stage, PctParameters *parameters)
{
  const PctMeiTransform *transform = pass->transform;
  PctShape shape = pct_graph_get_shape(transform->stages[stage].graph, transform->stages[stage].out);
  gsize channels = (gsize)shape.channels, rows = (gsize)shape.height * (gsize)shape.width;
  float shift[2];  // near the mean, so that a large mean does not swallow a small variance
  memcpy(shift, pass->values[stage], channels * sizeof(float));
  Sums task = { pass->values[stage], shift, rows, channels, pass->sums };
  pct_parallel_for(pass->pool, pass->n, CHUNK, sum_chunk, &task);
  float *mean = find_of_norm(parameters, stage + 1, ".running_mean");
  float *variance = find_of_norm(parameters, stage + 1, ".running_var");
  for (gsize c = 0; c < channels; c++) {
    double sum = 0, squares = 0, total = (double)pass->n * (double)rows;
    for (gsize chunk = 0; chunk * CHUNK < pass->n; chunk++) {
      sum += pass->sums[chunk * 4 + 2 * c];
      squares += pass->sums[chunk * 4 + 2 * c + 1];
    }
    double offset = sum / total, spread = squares / total - offset * offset;
    mean[c] = (float)(shift[c] + offset);
    variance[c] = (float)(spread < 0 ? 0 : spread);  // a NaN stays one, and stops the training
  }
}

// One chunk through a stage, from MEI first on. Returns how many.
static gsize
run_chunk(PctMeiPass *pass, int stage, PctParameters *parameters, const float *meis, gsize first)
{
  const PctMeiTransform *transform = pass->transform;
  PctParameters part = part_of(transform, stage, parameters->values);
  gsize count = MIN(CHUNK, pass->n - first), pixels = (gsize)transform->height * (gsize)transform->width;
  gsize n_in = stage > 0 ? count_out(transform, stage - 1) : pixels;
  const float *in = stage > 0 ? pass->values[stage - 1] : meis;
  memcpy(pct_workspace_get_input(pass->workspaces[stage], transform->stages[stage].in), in + first * n_in,
         count * n_in * sizeof(float));
  // Not in training: the norm is to use the statistics it finds.
  pct_workspace_forward(pass->workspaces[stage], &part, (int)count, FALSE, 0);
  return count;
}

gboolean
pct_mei_pass_forward(PctMeiPass *pass, PctParameters *parameters, const float *meis, float *out, const PctRun *run,
                     GError **error)
{
  const PctMeiTransform *transform = pass->transform;
  for (int s = 0; s < PCT_MEI_TRANSFORM_STAGES; s++) {
    gsize n_out = count_out(transform, s);
    float *to = s < LAST ? pass->values[s] : out;
    for (gsize first = 0; first < pass->n; first += CHUNK) {
      gsize count = run_chunk(pass, s, parameters, meis, first);
      memcpy(to + first * n_out, pct_workspace_get_output(pass->workspaces[s], transform->stages[s].out),
             count * n_out * sizeof(float));
      if (!pct_run_step(run, 0, 0, error))
        return FALSE;
    }
    if (s < LAST)
      take_statistics(pass, s, parameters);
  }
  return TRUE;
}

typedef struct {
  float *x;                        // in: values; out: their gradient
  const float *held;
  gsize channels;
  float mean[2], offset[2], slope[2];
} Owed;

static void
subtract_chunk(gsize first, gsize end, guint thread, gpointer data)
{
  const Owed *o = data;
  for (gsize i = first; i < end; i++)
    for (gsize c = 0; c < o->channels; c++) {
      gsize at = i * o->channels + c;
      o->x[at] = o->held[at] - o->offset[c] - o->slope[c] * (o->x[at] - o->mean[c]);
    }
}

// What the statistics owe. With x^ = (x - mean) / sd over n values, the gradients d_bias = sum d_out and
// d_weight = sum d_out x^ of the norm give d_x = held - weight / (sd n) (d_bias + x^ d_weight)
// (Ioffe & Szegedy 2015). values of the stage become their gradient.
static void
subtract_owed(PctMeiPass *pass, int stage, PctParameters *parameters)
{
  const PctMeiTransform *transform = pass->transform;
  PctParameters own = { parameters->table, pass->own };
  const float *weight = find_of_norm(parameters, stage + 1, ".weight");
  const float *mean = find_of_norm(parameters, stage + 1, ".running_mean");
  const float *variance = find_of_norm(parameters, stage + 1, ".running_var");
  const float *d_weight = find_of_norm(&own, stage + 1, ".weight"), *d_bias = find_of_norm(&own, stage + 1, ".bias");
  PctShape shape = pct_graph_get_shape(transform->stages[stage].graph, transform->stages[stage].out);
  gsize rows = pass->n * (gsize)shape.height * (gsize)shape.width;
  Owed owed = { pass->values[stage], pass->held, (gsize)shape.channels };
  for (gsize c = 0; c < owed.channels; c++) {
    double inverse = 1 / sqrt((double)variance[c] + EPSILON), factor = weight[c] * inverse / (double)rows;
    owed.mean[c] = mean[c];
    owed.offset[c] = (float)(factor * d_bias[c]);
    owed.slope[c] = (float)(factor * inverse * d_weight[c]);
  }
  pct_parallel_for(pass->pool, rows, 65536, subtract_chunk, &owed);
}

gboolean
pct_mei_pass_backward(PctMeiPass *pass, PctParameters *parameters, const float *meis, const float *d_out,
                      float *gradients, const PctRun *run, GError **error)
{
  const PctMeiTransform *transform = pass->transform;
  gsize n_values = pct_graph_get_parameters(transform->whole)->n_values;
  memset(pass->own, 0, n_values * sizeof(float));
  for (int s = LAST; s >= 0; s--) {
    const float *d = s < LAST ? pass->values[s] : d_out;
    PctParameters part = part_of(transform, s, parameters->values), own = part_of(transform, s, pass->own);
    gsize n_out = count_out(transform, s), n_in = s > 0 ? count_out(transform, s - 1) : 0;
    for (gsize first = 0; first < pass->n; first += CHUNK) {
      gsize count = run_chunk(pass, s, parameters, meis, first);
      memcpy(pct_workspace_get_gradient(pass->workspaces[s], transform->stages[s].out), d + first * n_out,
             count * n_out * sizeof(float));
      pct_workspace_backward(pass->workspaces[s], &part, own.values, s > 0);
      if (s > 0)
        memcpy(pass->held + first * n_in, pct_workspace_get_gradient(pass->workspaces[s], transform->stages[s].in),
               count * n_in * sizeof(float));
      if (!pct_run_step(run, 0, 0, error))
        return FALSE;
    }
    if (s > 0)
      subtract_owed(pass, s - 1, parameters);
  }
  for (gsize i = 0; i < n_values; i++)
    gradients[i] += pass->own[i];
  return TRUE;
}
