// SPDX-License-Identifier: GPL-3.0-or-later
// The conditional GAN as first used on cortical responses, as a decoder: what a fitted one holds, shared by its training
// (cgan-original-train.c) and its use (cgan-original.c). Responses go in as recorded and grey levels come out, so nothing
// but the generator and the frame is kept.
#pragma once
#include "decode/cgan.h"
#include "decode/cgan-original-network.h"

// The members that are a design's own: all but what describes the kind.
extern const PctDecoderClass pct_cgan_original_design;

typedef struct {
  PctCganDesigned base;
  PctCganOriginalSizes sizes;
  PctCganOriginalNetwork *network;
  PctParameters *generator;   // NULL until a fit or a load makes them
} PctCganOriginal;

// A decoder without its numbers. NULL with PCT_ERROR_SHAPE for too small a frame.
PctCganOriginal *pct_cgan_original_new(int n_neurons, int height, int width, const PctOptionValues *options,
                                       GError **error);
// Pictures (n,H,W) of responses (n,M) and z (n,Z) or NULL, z = 0; in a workspace of the generator of at least n.
void pct_cgan_original_draw(const PctCganOriginal *self, PctWorkspace *workspace, const float *responses, gsize n,
                            const float *z, float *images);

// PctDecoderClass.fit.
PctDecoder *pct_cgan_original_fit(const PctFit *fit, const PctRun *run, GError **error);
