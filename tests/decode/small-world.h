// SPDX-License-Identifier: GPL-3.0-or-later
// Something to try every decoder of the registry on: a small recording with an encoder and most exciting inputs of its
// own, and how a kind is fitted to it, small.
#pragma once
#include "decode/decoder.h"
#include "encode/mei.h"
#include "small-recording.h"

// 24 neurons, 12 x 16 pixels; the test tier's own repeats are what is scrambled.
extern const SmallRecording small_world;

// A recording with all that a decoder may be made with. Nothing changes it.
typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  PctEncoder *encoder;
  PctMeiSet *meis;
  PctPool *pool;
} World;

void world_init(World *self, gboolean scrambled_test);
void world_clear(World *self);

// A kind, with the options that it is tried with: small, and where it can be pretrained, without and with that.
typedef struct {
  const PctDecoderClass *klass;
  double pretrain;  // -1: it has no such option
} Variant;

PctOptionValues *variant_dup_options(const Variant *variant);
PctDecoder *variant_fit(const Variant *variant, const World *in, const PctRun *run, GError **error);
// It must succeed. threads: with the world's pool.
PctDecoder *variant_must_fit(const Variant *variant, const World *in, gboolean threads);
