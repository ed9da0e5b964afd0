// SPDX-License-Identifier: GPL-3.0-or-later
// A kind of trained model, whichever way it goes: what a page, a command line and a model.json need to know of it. Each
// kind is one static PctModelKind; its name is its own among all roles.
#pragma once
#include "base/options.h"

typedef enum {
  PCT_ROLE_ENCODER,  // images to responses
  PCT_ROLE_MEI_SET,  // every neuron's most exciting input, made with an encoder
  PCT_ROLE_DECODER,  // responses to images
} PctRole;

typedef enum {
  PCT_NEEDS_NOTHING = 0,
  PCT_NEEDS_ENCODER = 1,
  PCT_NEEDS_MEIS = 2,  // a set of most exciting inputs
} PctModelNeeds;

typedef struct {
  PctRole role;
  const char *kind;      // "ridge"
  const char *title;     // N_("Ridge regression")
  const char *summary;   // N_(), one sentence: what it does
  const char *formula;   // plain text, UTF-8; not translated
  const char *source;    // citation; not translated
  const PctOptionTable *options;
  gboolean iterative;    // trained in steps: has curves, checkpoints, resume
  // What it is made with; where that depends on the options, get_needs tells, and needs is what they may come to.
  PctModelNeeds needs;
  gboolean imagines;    // always learns from an encoder's answers to images
  PctModelNeeds (*get_needs)(const PctOptionValues *options);  // NULL: always needs
} PctModelKind;

// What a model of the kind with these options is made with.
static inline PctModelNeeds
pct_model_kind_get_needs(const PctModelKind *kind, const PctOptionValues *options)
{
  return kind->get_needs ? kind->get_needs(options) : kind->needs;
}

// Whether the kind learns from an encoder’s answers to images, and so may be shown photographs: always, or where it is
// pretrained, for as many epochs as its option of this name says.
#define PCT_OPTION_PRETRAIN "pretrain"
static inline gboolean
pct_model_kind_takes_photographs(const PctModelKind *kind)
{
  return kind->imagines || pct_option_table_has(kind->options, PCT_OPTION_PRETRAIN);
}

// Whether a model of the kind with these options is.
static inline gboolean
pct_model_kind_uses_photographs(const PctModelKind *kind, const PctOptionValues *options)
{
  return kind->imagines || (pct_option_table_has(kind->options, PCT_OPTION_PRETRAIN) &&
                            pct_option_values_get(options, PCT_OPTION_PRETRAIN) > 0);
}
