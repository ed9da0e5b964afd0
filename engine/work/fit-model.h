// SPDX-License-Identifier: GPL-3.0-or-later
// A training from its first step to a model on disk: fit, score on validation, save. Invariant: afterwards the folder
// holds a finished model, or one with a checkpoint to go on from, or nothing of use, which the caller removes
// (pct_workspace_folder_has_checkpoint tells). Any thread.
#pragma once
#include "decode/model-folder.h"
#include "encode/encoder.h"
#include "work/meis-private.h"

// What was fitted: one of the two, by the kind's role.
typedef struct {
  PctEncoder *encoder;
  PctDecoder *decoder;
} PctFitted;

void pct_fitted_clear(PctFitted *fitted);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctFitted, pct_fitted_clear)

// Of an encoder's or a decoder's kind. fit->folder is the model's, options and seed are info's. info: what is known of
// the model before; gains seconds, validation figures, sizes and finished. fitted: empty. A decoder that is not
// iterative decodes fit's preview once, at the end. FALSE with the errors of pct_encoder_fit, pct_decoder_fit or saving.
gboolean pct_fit_model(const PctFit *fit, PctModelInfo *info, PctFitted *fitted, const PctRun *run, GError **error);

// The MEI set of a model's folder, of all neurons of fit->encoder, likewise; meis is told of it when it begins. info's
// options gain mean and contrast where they are 0. The rows that are ready are its checkpoint. FALSE with the errors of
// pct_meis_fill_file or pct_meis_read.
gboolean pct_fit_meis(PctMeis *meis, const PctFit *fit, PctModelInfo *info, const PctRun *run, GError **error);
