// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder's pictures of a sweep, a batch at a time, so that whoever shows them can do something else in between.
// Where the decoder draws a latent z, what the neurons do is told apart from what z does: z stays, is drawn anew for
// every picture, or is averaged over. Invariant: batches depend on the sweep and the options alone, and z on seed and
// draw, so the pictures are the same bits however often somebody else came between.
#pragma once
#include "decode/decoder.h"
#include "decode/sweep.h"

typedef enum {
  PCT_SWEEP_LATENT_FIXED,     // one z for all pictures: what changes is the responses' doing
  PCT_SWEEP_LATENT_REDRAWN,   // another z for every picture
  PCT_SWEEP_LATENT_AVERAGED,  // the mean over n_draws of z, the same draws for every picture
} PctSweepLatent;
#define PCT_N_SWEEP_LATENTS 3
#define PCT_SWEEP_DRAWS 16
#define PCT_SWEEP_MOST_DRAWS 1000

// "fixed", "redrawn", "averaged": as in files and on the command line. Not translated.
const char *pct_sweep_latent_get_name(PctSweepLatent latent);
// FALSE if name is none of them.
gboolean pct_sweep_latent_from_name(const char *name, PctSweepLatent *latent);

typedef struct {
  PctSweepLatent latent;
  const float *z;  // FIXED: (latent,); NULL: zeros
  guint64 seed;    // REDRAWN, AVERAGED: z of picture (draw) i is N(0,1) from stream i of this seed
  int n_draws;     // AVERAGED: 2..PCT_SWEEP_MOST_DRAWS
} PctSweepOptions;
#define PCT_SWEEP_OPTIONS_DEFAULT \
  ((PctSweepOptions){ .latent = PCT_SWEEP_LATENT_FIXED, .seed = 1, .n_draws = PCT_SWEEP_DRAWS })

typedef struct {
  gsize n, n_ready;   // pictures in all; the first n_ready are there
  int height, width, n_draws;  // n_draws 1: not averaged
  float *pictures;    // (n,H,W) grey levels, unclipped; averaged: the means over the draws
  float *spread;      // (n,H,W) averaged: the standard deviation over the draws (n_draws - 1); NULL: not averaged
  float *draws;       // private: (n_draws,H,W) of the picture under way
  gsize n_drawn;      // private: pictures drawn, draws counted
} PctSweepPictures;

// Nothing drawn yet. NULL with PCT_ERROR_UNSUPPORTED (z is to be drawn, and the decoder has none) or _MEMORY.
PctSweepPictures *pct_sweep_pictures_new(const PctSweep *sweep, const PctDecoder *decoder,
                                         const PctSweepOptions *options, GError **error);
void pct_sweep_pictures_free(PctSweepPictures *pictures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctSweepPictures, pct_sweep_pictures_free)

gboolean pct_sweep_pictures_is_done(const PctSweepPictures *pictures);
// The next batch. sweep, decoder and options are those it was made for. FALSE with the errors of
// pct_decoder_reconstruct; it may then be called again.
gboolean pct_sweep_pictures_draw_batch(PctSweepPictures *pictures, const PctSweep *sweep, const PctDecoder *decoder,
                                       const PctSweepOptions *options, const PctRun *run, GError **error);
// All that are not drawn yet, with progress.
gboolean pct_sweep_pictures_draw(PctSweepPictures *pictures, const PctSweep *sweep, const PctDecoder *decoder,
                                 const PctSweepOptions *options, const PctRun *run, GError **error);

// What z does: root mean square of the spread over the pixels of picture i, or over all that are there (i G_MAXSIZE).
// Grey levels; NAN where there is none.
double pct_sweep_pictures_get_spread(const PctSweepPictures *pictures, gsize i);
// What the sweep does, in the same measure: the standard deviation over the pictures (n - 1), root mean square over
// pixels. NAN with fewer than two pictures.
double pct_sweep_pictures_get_change(const PctSweepPictures *pictures);
