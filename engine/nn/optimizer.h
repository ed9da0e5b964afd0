// SPDX-License-Identifier: GPL-3.0-or-later
// Stochastic gradient descent, Adam and AdamW, as PyTorch computes them, over a parameter block's trainable parts.
// The state is as large as the parameters once (SGD) or twice; saved and loaded, it goes on with the same bits.
#pragma once
#include "nn/parameters.h"

typedef enum {
  PCT_OPTIMIZER_SGD,    // g += decay p; b = momentum b + g; p -= rate b
  PCT_OPTIMIZER_ADAM,   // g += decay p; Kingma & Ba 2015
  PCT_OPTIMIZER_ADAMW,  // p -= rate decay p; Loshchilov & Hutter 2019
} PctOptimizerKind;

typedef struct {
  PctOptimizerKind kind;
  double momentum;              // SGD
  double beta1, beta2, epsilon; // Adam, AdamW
  double weight_decay;
} PctOptimizerOptions;

#define PCT_SGD_DEFAULT ((PctOptimizerOptions){ .kind = PCT_OPTIMIZER_SGD })
#define PCT_ADAM_DEFAULT ((PctOptimizerOptions){ PCT_OPTIMIZER_ADAM, 0, 0.9, 0.999, 1e-8, 0 })
#define PCT_ADAMW_DEFAULT ((PctOptimizerOptions){ PCT_OPTIMIZER_ADAMW, 0, 0.9, 0.999, 1e-8, 0.01 })

typedef struct _PctOptimizer PctOptimizer;

// The table is borrowed. NULL with PCT_ERROR_MEMORY.
PctOptimizer *pct_optimizer_new(const PctParameterTable *table, const PctOptimizerOptions *options, GError **error);
void pct_optimizer_free(PctOptimizer *optimizer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctOptimizer, pct_optimizer_free)

// gradients (n_values,) laid out as the parameters; left as they are.
void pct_optimizer_step(PctOptimizer *optimizer, PctPool *pool, PctParameters *parameters, const float *gradients,
                        double learning_rate);
// Steps made so far.
guint pct_optimizer_get_n_steps(const PctOptimizer *optimizer);

// The state under PyTorch's names: prefix + "step"; prefix + "exp_avg.", "exp_avg_sq." or "momentum_buffer." + the
// parameter's.
void pct_optimizer_save(const PctOptimizer *optimizer, const char *prefix, PctTensors *tensors);
// As pct_parameters_lend.
void pct_optimizer_lend(const PctOptimizer *optimizer, const char *prefix, PctTensors *tensors);
// PCT_ERROR_FORMAT or _SHAPE if they are not of this optimiser; it is then to be thrown away.
gboolean pct_optimizer_load(PctOptimizer *optimizer, const char *prefix, const PctTensors *tensors, GError **error);

// average = decay average + (1 - decay) current, buffers included: an exponential moving average over a training.
void pct_parameters_average(PctParameters *average, const PctParameters *current, double decay, PctPool *pool);
