// SPDX-License-Identifier: GPL-3.0-or-later
// What the Slide page holds, as a value: image, repeat, responses (as differences from the recorded ones), z, decoder,
// pinned neurons and view. What a step of the history and a bookmark keep. Invariant: neurons changed are ascending, and
// every value is finite, but in a difference between two states, where NAN is a response that is as recorded again.
#pragma once
#include <json-glib/json-glib.h>
#include "work/slide.h"

G_BEGIN_DECLS

typedef struct {
  int image, repeat;    // as pct_slide_set_base
  int n_averaged;       // of the responses as set; 0: of the recorded ones
  guint64 latent_seed;  // 0: z = 0
  char *model;          // its name; NULL: none
  char *view;           // a word of the page's: what of it is in sight; NULL: nothing in particular
  guint n_changed;
  int *neurons;         // (n_changed,)
  float *values;        // (n_changed,) in the recording's units
  guint n_pinned;
  int *pinned;          // (n_pinned,) in the order in which they were pinned
} PctSlideState;

// Where two states differ, but for the view.
typedef enum {
  PCT_SLIDE_CHANGE_BASE = 1 << 0,  // image or repeat; responses start anew with it
  PCT_SLIDE_CHANGE_RESPONSES = 1 << 1,
  PCT_SLIDE_CHANGE_LATENT = 1 << 2,
  PCT_SLIDE_CHANGE_MODEL = 1 << 3,
  PCT_SLIDE_CHANGE_PINNED = 1 << 4,
} PctSlideChange;

// As it is now. pinned (n_pinned,) and view (may be NULL) are the page's; copied.
PctSlideState *pct_slide_state_new(PctSlide *slide, const int *pinned, guint n_pinned, const char *view);
PctSlideState *pct_slide_state_copy(const PctSlideState *state);
void pct_slide_state_free(PctSlideState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctSlideState, pct_slide_state_free)

PctSlideChange pct_slide_state_compare(const PctSlideState *a, const PctSlideState *b);
// What makes `to` of `from`: to, but of its responses those that differ. Never NULL.
PctSlideState *pct_slide_state_difference(const PctSlideState *from, const PctSlideState *to);
// state becomes what the difference makes of it.
void pct_slide_state_apply(PctSlideState *state, const PctSlideState *difference);
// Numbers that it takes to keep it: changed and pinned neurons.
guint pct_slide_state_get_size(const PctSlideState *state);

// The slide's part: base, responses and z, one redraw. Model, pins and view are whoever holds them's.
void pct_slide_state_restore(const PctSlideState *state, PctSlide *slide);

// Adds the members of an object that is begun.
void pct_slide_state_write(const PctSlideState *state, JsonBuilder *builder);
// NULL where a member is missing, of another type, or what this recording cannot have. difference: of
// two states, whose values may be null.
PctSlideState *pct_slide_state_read(JsonObject *object, PctProject *project, gboolean difference);

G_END_DECLS
