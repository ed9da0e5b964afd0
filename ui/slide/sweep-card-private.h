// SPDX-License-Identifier: GPL-3.0-or-later
// What the sweep card and its commands (sweep-commands.c) share.
#pragma once
#include "slide/sweep-card.h"
#include "slide/sweep-modes.h"
#include "slide/sweep-player.h"

struct _PctSweepCard {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  PctSlideSweep *sweep;
  PctSweepPlayer *player;
  GActionMap *actions;
  GtkWidget *box, *title, *note, *strip, *mode, *setup, *latent, *play, *stop;
  PctSlideSweepRequest request;
  char *frame_text;
  gboolean choosing;  // the drop-downs are being set
};

// Asks for `request`, as far as it is possible now.
void pct_sweep_card_ask(PctSweepCard *self);
// One of pct_sweep_modes.
void pct_sweep_card_set_mode(PctSweepCard *self, guint mode);
// Pins the neuron and makes it the one in hand.
void pct_sweep_card_take_in_hand(PctSweepCard *self, int neuron);
// Sets the responses to those of picture i; nothing happens if there is none.
void pct_sweep_card_take(PctSweepCard *self, int i);
void pct_sweep_card_show_setup(PctSweepCard *self);

// Into self->actions, and out of it.
void pct_sweep_commands_add(PctSweepCard *self);
void pct_sweep_commands_remove(PctSweepCard *self);
