// SPDX-License-Identifier: GPL-3.0-or-later
// Responses to an image as somebody holds them on the Slide page: the recorded ones, some of them set to other values,
// and the z that goes with them. The options that say so are the same wherever a subcommand starts from responses.
#pragma once
#include "data/recording.h"
#include "decode/decoder.h"

typedef struct {
  int image, repeat;   // image -1: none given; repeat as pct_image_argument_read
  char **settings;     // "NEURON=VALUE"
  int averaged_over;   // trials that they are the mean of; 0: as many as the recorded ones
  char *seed;          // of z; NULL: z = 0
} PctInHand;
#define PCT_IN_HAND_NONE ((PctInHand){ -1, -1, NULL, 0, NULL })

#define PCT_IN_HAND_IMAGE_ENTRIES(hand)                                                                              \
  { "image", 0, 0, G_OPTION_ARG_INT, &(hand).image, N_("The image whose responses are decoded"), "N" },             \
  { "repeat", 0, 0, G_OPTION_ARG_INT, &(hand).repeat, N_("One of its trials, from 0 (default: the mean of all)"), "K" }
#define PCT_IN_HAND_ENTRIES(hand)                                                                                    \
  { "response", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(hand).settings,                                                  \
    N_("A neuron that answers otherwise; may be given several times"), "NEURON=VALUE" },                            \
  { "z-seed", 0, 0, G_OPTION_ARG_STRING, &(hand).seed,                                                              \
    N_("Of a model that draws z: what it is drawn from (default: z = 0)"), "S" }
#define PCT_IN_HAND_AVERAGED_ENTRY(hand)                                                                             \
  { "averaged-over", 0, 0, G_OPTION_ARG_INT, &(hand).averaged_over,                                                 \
    N_("Trials that the responses are the mean of (default: as many as were recorded)"), "N" }

void pct_in_hand_clear(PctInHand *hand);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctInHand, pct_in_hand_clear)

// FALSE after a complaint about what was given.
gboolean pct_in_hand_check(const PctInHand *hand);
// As recorded and as set, (M,) each; recorded may be NULL. FALSE with PCT_ERROR_SHAPE (no such image, trial or neuron).
gboolean pct_in_hand_read(const PctInHand *hand, const PctRecording *recording, float *recorded, float *responses,
                          int *n_averaged, GError **error);
// 0: z = 0.
guint64 pct_in_hand_get_seed(const PctInHand *hand);
// (latent,); NULL for z = 0. Free with g_free.
float *pct_in_hand_dup_z(const PctInHand *hand, const PctDecoder *decoder);
