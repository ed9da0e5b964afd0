// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of decoders share; and what every decoder that is fitted in one go promises, whatever its formula: each check
// asserts, and names the options.
#pragma once
#include "decode/decoder.h"
#include "encode/mei.h"
#include "small-recording.h"

// A kind, how it is fitted, and with what.
typedef struct {
  const PctDecoderClass *klass;
  const char *options;  // "name=value name=value"; NULL: the defaults
  const PctEncoder *encoder;
  const PctMeiSet *meis;
} DecoderCase;

PctDecoder *decoder_case_fit(const DecoderCase *what, const PctRecording *recording, const PctRun *run, GError **error);
PctTensors *decoder_dup_tensors(const PctDecoder *decoder);
gboolean decoders_are_same(const PctDecoder *a, const PctDecoder *b);  // bit for bit
void decoder_remove_folder(const char *folder);                        // with the files in it

// The test tier's images and responses replaced by noise of their own change no bit, with a validation tier or
// without; options->n_test > 0.
void decoder_check_tiers(const DecoderCase *what, const SmallRecording *options);
// The same bits on one, two and three threads.
void decoder_check_threads(const DecoderCase *what, const PctRecording *recording);
// Saved as a file and loaded, it saves and reconstructs the same bits; each array missing, and arrays of wrong shapes
// or values, are refused with a sentence.
void decoder_check_file(const DecoderCase *what, const PctRecording *recording);
// Stopped at reports all along the fit, it is cancelled.
void decoder_check_cancel(const DecoderCase *what, const PctRecording *recording);
// The pullback against finite differences, and a session against reconstruct.
void decoder_check_derivative(const DecoderCase *what, const PctRecording *recording);
