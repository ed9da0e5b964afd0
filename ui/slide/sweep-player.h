// SPDX-License-Identifier: GPL-3.0-or-later
// Which picture of a sweep is on while it plays: there and back again, at a rate. It only counts: nobody's responses
// are touched. Property "frame": the picture that is on, -1: none; property "playing". Paused, the frame stays.
#pragma once
#include <glib-object.h>

G_BEGIN_DECLS

#define PCT_TYPE_SWEEP_PLAYER (pct_sweep_player_get_type())
G_DECLARE_FINAL_TYPE(PctSweepPlayer, pct_sweep_player, PCT, SWEEP_PLAYER, GObject)

PctSweepPlayer *pct_sweep_player_new(void);
// Pictures there are; another number stops it.
void pct_sweep_player_set_n(PctSweepPlayer *self, guint n);
// Pictures a second, above 0; 6 at first.
void pct_sweep_player_set_rate(PctSweepPlayer *self, double rate);
double pct_sweep_player_get_rate(PctSweepPlayer *self);
// Goes on from the frame that is on, or from `from`, if none is. Nothing happens with fewer than two pictures.
void pct_sweep_player_play(PctSweepPlayer *self, guint from);
void pct_sweep_player_pause(PctSweepPlayer *self);
void pct_sweep_player_stop(PctSweepPlayer *self);
gboolean pct_sweep_player_is_playing(PctSweepPlayer *self);
int pct_sweep_player_get_frame(PctSweepPlayer *self);

G_END_DECLS
