// SPDX-License-Identifier: GPL-3.0-or-later
// A training step of the original conditional GAN in plain loops and double precision, at one small size: both networks,
// their losses and gradients, Adam, and the running statistics. Arrays are laid out as PyTorch's, (batch, channel, row,
// column), and no code is shared with what is tested but the starting values.
#pragma once
#include "decode/cgan-original-step.h"

enum { B = 4, MISMATCHED = 2, M = 7, H = 16, W = 16, HIDDEN = 6, CODE = 5, LATENT = 3,
       CHANNELS = 2 };

// A parameter with its gradient and Adam's moments.
typedef struct {
  char *name;
  gsize n, shape[4];
  double *p, *g, *m, *v;
} Parameter;

// All parameters, names and shapes as on disk, with gradients and moments of 0. Of Parameter; free with g_ptr_array_unref.
GPtrArray *naive_copy_parameters(const PctParameters *parameters);
// NULL if there is none.
Parameter *naive_find(const GPtrArray *all, const char *layer, const char *part);
// Step t (from 1) of both networks. losses: the discriminator's and the generator's.
void naive_step(GPtrArray *generator, GPtrArray *discriminator, const PctCganOriginalStepOptions *options, int t,
                const PctCganOriginalBatch *batch, double losses[2]);
