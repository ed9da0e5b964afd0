// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "nn/optimizer.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include "base/error.h"
#include "nn/simd.h"

#define PIECE 16384
#define FLUSH_TO_ZERO 0x8040  // of results and of operands, in the processor's MXCSR
// A float, in which the count is saved, holds whole numbers up to here.
#define MAX_STEPS (1 << 24)

// A piece of the block that is trained; what lies between (buffers) is left alone.
typedef struct {
  gsize first, count;
  float rate, decay;  // multiples of the optimiser's own
} Piece;

static const char *const state_names[][2] = { [PCT_OPTIMIZER_SGD] = { "momentum_buffer.", NULL },
                                              [PCT_OPTIMIZER_ADAM] = { "exp_avg.", "exp_avg_sq." },
                                              [PCT_OPTIMIZER_ADAMW] = { "exp_avg.", "exp_avg_sq." } };

struct _PctOptimizer {
  PctOptimizerOptions options;
  GArray *pieces;            // Piece
  PctParameters *state[2];   // the second NULL for SGD
  guint n_steps;
};

PctOptimizer *
pct_optimizer_new(const PctParameterTable *table, const PctOptimizerOptions *options, GError **error)
{
  g_autoptr(PctOptimizer) optimizer = g_new0(PctOptimizer, 1);
  optimizer->options = *options;
  optimizer->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
  for (guint i = 0; i < table->n_items; i++) {
    const PctParameter *item = &table->items[i];
    for (gsize done = 0; item->trainable && done < item->count; done += PIECE) {
      Piece piece = { item->offset + done, MIN(item->count - done, PIECE), item->rate, item->decay };
      g_array_append_val(optimizer->pieces, piece);
    }
  }
  for (int i = 0; i < 2 && state_names[options->kind][i]; i++) {
    optimizer->state[i] = pct_parameters_new(table, error);
    if (!optimizer->state[i])
      return NULL;
  }
  return g_steal_pointer(&optimizer);
}

void
pct_optimizer_free(PctOptimizer *optimizer)
{
  if (!optimizer)
    return;
  g_clear_pointer(&optimizer->pieces, g_array_unref);
  pct_parameters_free(optimizer->state[0]);
  pct_parameters_free(optimizer->state[1]);
  g_free(optimizer);
}

// The numbers of one step, rounded once.
typedef struct {
  float rate, keep, decay, momentum, beta1, beta2, rest1, rest2, correction2, epsilon;
} Factors;

PCT_SIMD static void
step_sgd(float *restrict p, const float *restrict gradient, float *restrict buffer, gsize n, const Factors *factors)
{
  const Factors f = *factors;
  for (gsize i = 0; i < n; i++) {
    float g = gradient[i] + f.decay * p[i];
    buffer[i] = f.momentum * buffer[i] + g;
    p[i] -= f.rate * buffer[i];
  }
}

// m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
// p -= rate / (1 - beta1^t) m / (sqrt v / sqrt(1 - beta2^t) + epsilon).
// Adam adds the decay to g, AdamW shrinks p first.
PCT_SIMD static void
step_adam(float *restrict p, const float *restrict gradient, float *restrict m, float *restrict v, gsize n,
          const Factors *factors)
{
  const Factors f = *factors;
  for (gsize i = 0; i < n; i++) {
    float shrunk = f.keep * p[i], g = gradient[i] + f.decay * p[i];
    m[i] = f.beta1 * m[i] + f.rest1 * g;
    v[i] = f.beta2 * v[i] + f.rest2 * g * g;
    p[i] = shrunk - f.rate * m[i] / (sqrtf(v[i]) * f.correction2 + f.epsilon);
  }
}

typedef struct {
  const PctOptimizer *optimizer;
  float *values;
  const float *gradients;
  Factors factors;
  double shrink;  // AdamW: of a parameter by a step; too little beside 1 for a float
} Task;

static void
step_pieces(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  const PctOptimizer *optimizer = task->optimizer;
  // Moments of weights whose gradient has died decay towards numbers too small to be normal, with which many processors
  // are a hundred times slower: they become 0 instead.
  unsigned int mode = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(mode | FLUSH_TO_ZERO);
  for (gsize i = first; i < end; i++) {
    Piece piece = g_array_index(optimizer->pieces, Piece, i);
    Factors factors = task->factors;
    factors.rate *= piece.rate;
    factors.keep = (float)(1 - task->shrink * (double)(piece.rate * piece.decay));
    factors.decay *= piece.decay;
    float *p = task->values + piece.first, *state = optimizer->state[0]->values + piece.first;
    if (optimizer->options.kind == PCT_OPTIMIZER_SGD)
      step_sgd(p, task->gradients + piece.first, state, piece.count, &factors);
    else
      step_adam(p, task->gradients + piece.first, state, optimizer->state[1]->values + piece.first, piece.count,
                &factors);
  }
  __builtin_ia32_ldmxcsr(mode);
}

void
pct_optimizer_step(PctOptimizer *optimizer, PctPool *pool, PctParameters *parameters, const float *gradients,
                   double learning_rate)
{
  const PctOptimizerOptions *o = &optimizer->options;
  g_return_if_fail(parameters->table == optimizer->state[0]->table && optimizer->n_steps < MAX_STEPS);
  optimizer->n_steps++;
  gboolean adam = o->kind != PCT_OPTIMIZER_SGD, decoupled = o->kind == PCT_OPTIMIZER_ADAMW;
  double correction1 = adam ? 1 - pow(o->beta1, optimizer->n_steps) : 1;
  double correction2 = adam ? 1 - pow(o->beta2, optimizer->n_steps) : 1;
  Task task = { .optimizer = optimizer, .values = parameters->values, .gradients = gradients,
                .shrink = decoupled ? learning_rate * o->weight_decay : 0 };
  task.factors = (Factors){ .rate = (float)(learning_rate / correction1),
                            .decay = (float)(decoupled ? 0 : o->weight_decay), .momentum = (float)o->momentum,
                            .beta1 = (float)o->beta1, .beta2 = (float)o->beta2, .rest1 = (float)(1 - o->beta1),
                            .rest2 = (float)(1 - o->beta2), .correction2 = (float)(1 / sqrt(correction2)),
                            .epsilon = (float)o->epsilon };
  pct_parallel_for(pool, optimizer->pieces->len, 1, step_pieces, &task);
}

guint
pct_optimizer_get_n_steps(const PctOptimizer *optimizer)
{
  return optimizer->n_steps;
}

static void
add_state(const PctOptimizer *optimizer, const char *prefix, PctTensors *tensors,
          void (*add)(const PctParameters *parameters, const char *prefix, PctTensors *tensors))
{
  for (int i = 0; i < 2 && optimizer->state[i]; i++) {
    g_autofree char *full = g_strconcat(prefix, state_names[optimizer->options.kind][i], NULL);
    add(optimizer->state[i], full, tensors);
  }
  g_autofree char *name = g_strconcat(prefix, "step", NULL);
  float n_steps = (float)optimizer->n_steps;
  pct_tensors_add(tensors, name, &n_steps, 0, NULL);
}

void
pct_optimizer_save(const PctOptimizer *optimizer, const char *prefix, PctTensors *tensors)
{
  add_state(optimizer, prefix, tensors, pct_parameters_save);
}

void
pct_optimizer_lend(const PctOptimizer *optimizer, const char *prefix, PctTensors *tensors)
{
  add_state(optimizer, prefix, tensors, pct_parameters_lend);
}

gboolean
pct_optimizer_load(PctOptimizer *optimizer, const char *prefix, const PctTensors *tensors, GError **error)
{
  g_autofree char *name = g_strconcat(prefix, "step", NULL);
  const PctTensor *step = pct_tensors_require(tensors, name, 0, NULL, error);
  if (!step)
    return FALSE;
  float n_steps = step->values[0];
  if (!(n_steps >= 0 && n_steps <= MAX_STEPS && n_steps == floorf(n_steps))) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” should be a number of steps, but is %g."), name,
                (double)n_steps);
    return FALSE;
  }
  for (int i = 0; i < 2 && optimizer->state[i]; i++) {
    g_autofree char *full = g_strconcat(prefix, state_names[optimizer->options.kind][i], NULL);
    if (!pct_parameters_load(optimizer->state[i], full, tensors, error))
      return FALSE;
  }
  optimizer->n_steps = (guint)n_steps;
  return TRUE;
}

typedef struct {
  float *average;
  const float *current;
  float decay, rest;
} Average;

PCT_SIMD static void
average_range(float *restrict average, const float *restrict current, gsize n, float decay, float rest)
{
  for (gsize i = 0; i < n; i++)
    average[i] = decay * average[i] + rest * current[i];
}

static void
average_piece(gsize first, gsize end, guint thread, gpointer data)
{
  const Average *a = data;
  average_range(a->average + first, a->current + first, end - first, a->decay, a->rest);
}

void
pct_parameters_average(PctParameters *average, const PctParameters *current, double decay, PctPool *pool)
{
  g_return_if_fail(average->table == current->table);
  Average task = { average->values, current->values, (float)decay, (float)(1 - decay) };
  pct_parallel_for(pool, current->table->n_values, PIECE, average_piece, &task);
}
