// SPDX-License-Identifier: GPL-3.0-or-later
// y = (x - mean) / sqrt(var + epsilon) * weight + bias per channel, mean and (biased) variance over batch and pixels in
// training, the running ones otherwise; the running variance is unbiased (Ioffe & Szegedy 2015, as PyTorch does it).
// Sums: floats over blocks of rows, doubles over blocks, parts of the rows in parallel, merged in order.
#include <math.h>
#include <string.h>
#include "nn/operation.h"
#include "nn/simd.h"

#define BLOCK_ROWS 128
#define PARTS 32
// Up to so many channels, several rows are taken as one of LANES columns: a loop over one or two channels is no vector.
#define FEW_CHANNELS 2
#define LANES 16

enum { WEIGHT, BIAS, RUNNING_MEAN, RUNNING_VAR };

// State: mean (C,), then 1 / sqrt(var + epsilon) (C,).
static gsize
state_size(const PctNode *node, int batch)
{
  return 2 * (gsize)node->shape.channels;
}

// Per part 2 C doubles of sums and 2 C floats of the block at hand; for the second pass 2 C floats of factors.
static gsize
scratch_size(const PctNode *node, int batch, guint n_threads, gboolean training)
{
  return (gsize)node->shape.channels * (6 * PARTS + 2);
}

static inline gsize
rows_of(const PctCall *call)
{
  return (gsize)call->batch * call->shape.height * call->shape.width;
}

static inline double *
part_sums(const PctCall *call, gsize part)
{
  return (double *)(gpointer)call->scratch + part * 2 * (gsize)call->shape.channels;
}

static inline float *
part_block(const PctCall *call, gsize part)
{
  return call->scratch + (4 * PARTS + 2 * part) * (gsize)call->shape.channels;
}

static inline float *
factors(const PctCall *call)
{
  return call->scratch + 6 * PARTS * (gsize)call->shape.channels;
}

// first (C,) += sum over rows of a - shift, second (C,) += of its square.
PCT_SIMD static void
add_squares(float *restrict first, float *restrict second, const float *restrict a, const float *restrict shift,
            gsize rows, gsize channels)
{
  for (gsize r = 0; r < rows; r++, a += channels)
    for (gsize c = 0; c < channels; c++) {
      float d = a[c] - shift[c];
      first[c] += d;
      second[c] += d * d;
    }
}

// first (C,) += sum over rows of a, second (C,) += of a * (b - shift).
PCT_SIMD static void
add_products(float *restrict first, float *restrict second, const float *restrict a, const float *restrict b,
             const float *restrict shift, gsize rows, gsize channels)
{
  for (gsize r = 0; r < rows; r++, a += channels, b += channels)
    for (gsize c = 0; c < channels; c++) {
      first[c] += a[c];
      second[c] += a[c] * (b[c] - shift[c]);
    }
}

typedef struct {
  const PctCall *call;
  const float *shift;
  gboolean backward;
  gsize rows_a_part;
} Sums;

static inline void
repeat(float *out, const float *values, gsize channels)
{
  for (gsize i = 0; i < LANES; i++)
    out[i] = values[i % channels];
}

static void
sum_part(gsize first, gsize end, guint thread, gpointer data)
{
  const Sums *sums = data;
  const PctCall *call = sums->call;
  gsize channels = (gsize)call->shape.channels, part = first / sums->rows_a_part;
  double *total = part_sums(call, part);
  float *block = part_block(call, part);
  memset(total, 0, 2 * channels * sizeof(double));
  for (gsize row = first; row < end; row += BLOCK_ROWS) {
    gsize n = MIN(end - row, BLOCK_ROWS), wide = channels <= FEW_CHANNELS ? n * channels / LANES : 0;
    gsize rest = row + wide * LANES / channels;
    memset(block, 0, 2 * channels * sizeof(float));
    if (wide > 0) {
      float lanes[2 * LANES] = { 0 }, shift[LANES];
      repeat(shift, sums->shift, channels);
      if (sums->backward)
        add_products(lanes, lanes + LANES, call->d_out + row * channels, call->in[0] + row * channels, shift, wide, LANES);
      else
        add_squares(lanes, lanes + LANES, call->in[0] + row * channels, shift, wide, LANES);
      for (gsize i = 0; i < LANES; i++) {
        block[i % channels] += lanes[i];
        block[channels + i % channels] += lanes[LANES + i];
      }
    }
    if (sums->backward)
      add_products(block, block + channels, call->d_out + rest * channels, call->in[0] + rest * channels, sums->shift,
                   row + n - rest, channels);
    else
      add_squares(block, block + channels, call->in[0] + rest * channels, sums->shift, row + n - rest, channels);
    for (gsize i = 0; i < 2 * channels; i++)
      total[i] += block[i];
  }
}

// Forward: the sums over rows of x - shift and its square; backward: of d_out and d_out * (x - shift).
// The result (2 C doubles) lies in the scratch memory.
static const double *
sum_rows(const PctCall *call, const float *shift, gboolean backward)
{
  gsize rows = rows_of(call), channels = (gsize)call->shape.channels;
  Sums sums = { call, shift, backward, MAX((rows + PARTS - 1) / PARTS, BLOCK_ROWS) };
  pct_parallel_for(call->pool, rows, sums.rows_a_part, sum_part, &sums);
  double *total = part_sums(call, 0);
  for (gsize part = 1; part * sums.rows_a_part < rows; part++)
    for (gsize i = 0; i < 2 * channels; i++)
      total[i] += part_sums(call, part)[i];
  return total;
}

// y = (x - mean) * scale + bias
PCT_SIMD static void
normalise(float *restrict y, const float *restrict x, const float *restrict mean, const float *restrict scale,
          const float *restrict bias, gsize rows, gsize channels)
{
  for (gsize r = 0; r < rows; r++, x += channels, y += channels)
    for (gsize c = 0; c < channels; c++)
      y[c] = (x[c] - mean[c]) * scale[c] + bias[c];
}

// d_in = beta d_in + scale * d_out - offset - slope * (x - mean)
PCT_SIMD static void
normalise_backward(float *restrict d_in, const float *restrict d_out, const float *restrict x,
                   const float *restrict mean, const float *restrict scale, const float *restrict offset,
                   const float *restrict slope, gboolean add, gsize rows, gsize channels)
{
  for (gsize r = 0; r < rows; r++, d_in += channels, d_out += channels, x += channels)
    if (add)
      for (gsize c = 0; c < channels; c++)
        d_in[c] += scale[c] * d_out[c] - offset[c] - slope[c] * (x[c] - mean[c]);
    else
      for (gsize c = 0; c < channels; c++)
        d_in[c] = scale[c] * d_out[c] - offset[c] - slope[c] * (x[c] - mean[c]);
}

typedef struct {
  const PctCall *call;
  const float *scale, *offset, *slope;
} Pass;

static void
forward_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Pass *pass = data;
  const PctCall *call = pass->call;
  gsize channels = (gsize)call->shape.channels;
  gsize wide = channels <= FEW_CHANNELS ? (end - first) * channels / LANES : 0, rest = first + wide * LANES / channels;
  if (wide > 0) {
    float mean[LANES], scale[LANES], bias[LANES];
    repeat(mean, call->state, channels);
    repeat(scale, pass->scale, channels);
    repeat(bias, call->parameter[BIAS], channels);
    normalise(call->out + first * channels, call->in[0] + first * channels, mean, scale, bias, wide, LANES);
  }
  normalise(call->out + rest * channels, call->in[0] + rest * channels, call->state, pass->scale,
            call->parameter[BIAS], end - rest, channels);
}

static void
backward_rows(gsize first, gsize end, guint thread, gpointer data)
{
  const Pass *pass = data;
  const PctCall *call = pass->call;
  gsize channels = (gsize)call->shape.channels, at = first * channels;
  gsize wide = channels <= FEW_CHANNELS ? (end - first) * channels / LANES : 0, rest = at + wide * LANES;
  gboolean add = call->beta[0] != 0;
  if (wide > 0) {
    float mean[LANES], scale[LANES], offset[LANES], slope[LANES];
    repeat(mean, call->state, channels);
    repeat(scale, pass->scale, channels);
    repeat(offset, pass->offset, channels);
    repeat(slope, pass->slope, channels);
    normalise_backward(call->d_in[0] + at, call->d_out + at, call->in[0] + at, mean, scale, offset, slope, add, wide,
                       LANES);
  }
  normalise_backward(call->d_in[0] + rest, call->d_out + rest, call->in[0] + rest, call->state, pass->scale,
                     pass->offset, pass->slope, add, end - first - wide * LANES / channels, channels);
}

static gsize
chunk_of(gsize channels)
{
  return MAX(16384 / channels, 1);
}

static void
forward(const PctCall *call)
{
  gsize channels = (gsize)call->shape.channels, rows = rows_of(call);
  float *mean = call->state, *inverse = call->state + channels, *scale = factors(call);
  float epsilon = call->node->number[0], momentum = call->node->number[1];
  float *running_mean = call->parameter[RUNNING_MEAN], *running_var = call->parameter[RUNNING_VAR];
  if (call->training) {
    // The first row as an offset, so that a large mean does not swallow a small variance.
    const float *shift = call->in[0];
    const double *sums = sum_rows(call, shift, FALSE);
    for (gsize c = 0; c < channels; c++) {
      double offset = sums[c] / (double)rows, squares = sums[channels + c] / (double)rows;
      double variance = MAX(squares - offset * offset, 0);
      double unbiased = variance * (double)rows / (double)MAX(rows - 1, 1);
      // MAX drops a NaN, which must be seen to stop a training.
      if (isnan(squares))
        variance = unbiased = squares;
      mean[c] = (float)(shift[c] + offset);
      inverse[c] = (float)(1 / sqrt(variance + epsilon));
      running_mean[c] += momentum * (mean[c] - running_mean[c]);
      running_var[c] += momentum * ((float)unbiased - running_var[c]);
    }
  } else {
    for (gsize c = 0; c < channels; c++) {
      mean[c] = running_mean[c];
      inverse[c] = 1 / sqrtf(running_var[c] + epsilon);
    }
  }
  for (gsize c = 0; c < channels; c++)
    scale[c] = call->parameter[WEIGHT][c] * inverse[c];
  pct_parallel_for(call->pool, rows, chunk_of(channels), forward_rows, &(Pass){ call, scale, NULL, NULL });
}

// With x^ = (x - mean) inverse and n rows: d_bias = sum d_out, d_weight = sum d_out x^, and in training
// d_in = weight inverse (d_out - d_bias / n - x^ d_weight / n).
static void
backward(const PctCall *call)
{
  gsize channels = (gsize)call->shape.channels, rows = rows_of(call);
  const float *inverse = call->state + channels, *weight = call->parameter[WEIGHT];
  // Over the parts' blocks, which are done with once the sums are.
  float *scale = factors(call), *offset = part_block(call, 0), *slope = offset + channels;
  const double *sums = NULL;
  if (call->training || call->d_parameter[WEIGHT] || call->d_parameter[BIAS])
    sums = sum_rows(call, call->state, TRUE);
  for (gsize c = 0; c < channels; c++) {
    if (call->d_parameter[BIAS])
      call->d_parameter[BIAS][c] += (float)sums[c];
    if (call->d_parameter[WEIGHT])
      call->d_parameter[WEIGHT][c] += (float)(sums[channels + c] * inverse[c]);
    double factor = (double)weight[c] * inverse[c] / (double)rows;
    scale[c] = weight[c] * inverse[c];
    offset[c] = call->training ? (float)(factor * sums[c]) : 0;
    slope[c] = call->training ? (float)(factor * sums[channels + c] * inverse[c] * inverse[c]) : 0;
  }
  if (call->d_in[0])
    pct_parallel_for(call->pool, rows, chunk_of(channels), backward_rows, &(Pass){ call, scale, offset, slope });
}

static const PctOperation batch_norm = { .name = "batch-norm", .forward = forward, .backward = backward,
                                         .keeps_input = TRUE, .state_size = state_size, .scratch_size = scratch_size };

int
pct_graph_batch_norm(PctGraph *graph, int x, const char *name, float epsilon, float momentum)
{
  static const struct {
    const char *part;
    gboolean trainable;
    PctInitialKind initial;
  } parts[] = { [WEIGHT] = { "weight", TRUE, PCT_INITIAL_ONE },
                [BIAS] = { "bias", TRUE, PCT_INITIAL_ZERO },
                [RUNNING_MEAN] = { "running_mean", FALSE, PCT_INITIAL_ZERO },
                [RUNNING_VAR] = { "running_var", FALSE, PCT_INITIAL_ONE } };
  PctShape shape = pct_graph_get_shape(graph, x);
  gsize channels = (gsize)shape.channels;
  PctNode node = { .operation = &batch_norm, .inputs = { x }, .n_inputs = 1, .shape = shape,
                   .number = { epsilon, momentum } };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    node.parameters[node.n_parameters++] =
        pct_graph_add_parameter(graph, name, parts[i].part, 1, &channels, PCT_LAYOUT_PLAIN, NULL, parts[i].trainable,
                                i == WEIGHT ? pct_graph_get_norm_initial(graph) : (PctInitial){ parts[i].initial });
  return pct_graph_add_node(graph, &node);
}
