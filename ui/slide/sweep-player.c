// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/sweep-player.h"

struct _PctSweepPlayer {
  GObject parent_instance;
  guint n, source;  // source 0: not playing
  int frame, by;
  double rate;
};

G_DEFINE_FINAL_TYPE(PctSweepPlayer, pct_sweep_player, G_TYPE_OBJECT)

enum { PROP_FRAME = 1, PROP_PLAYING, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctSweepPlayer *self = PCT_SWEEP_PLAYER(object);
  switch (id) {
    case PROP_FRAME: g_value_set_int(value, self->frame); break;
    case PROP_PLAYING: g_value_set_boolean(value, self->source != 0); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
dispose(GObject *object)
{
  g_clear_handle_id(&PCT_SWEEP_PLAYER(object)->source, g_source_remove);
  G_OBJECT_CLASS(pct_sweep_player_parent_class)->dispose(object);
}

static void
pct_sweep_player_class_init(PctSweepPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PROP_FRAME] = g_param_spec_int("frame", NULL, NULL, -1, G_MAXINT, -1, flags);
  props[PROP_PLAYING] = g_param_spec_boolean("playing", NULL, NULL, FALSE, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
}

static void
pct_sweep_player_init(PctSweepPlayer *self)
{
  self->frame = -1;
  self->by = 1;
  self->rate = 6;
}

PctSweepPlayer *
pct_sweep_player_new(void)
{
  return g_object_new(PCT_TYPE_SWEEP_PLAYER, NULL);
}

static void
set_frame(PctSweepPlayer *self, int frame)
{
  if (frame == self->frame)
    return;
  self->frame = frame;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_FRAME]);
}

static gboolean
advance(gpointer data)
{
  PctSweepPlayer *self = data;
  if (self->frame + self->by < 0 || self->frame + self->by >= (int)self->n)
    self->by = -self->by;
  set_frame(self, CLAMP(self->frame + self->by, 0, (int)self->n - 1));
  return G_SOURCE_CONTINUE;
}

static void
start_clock(PctSweepPlayer *self)
{
  self->source = g_timeout_add((guint)(1000 / self->rate + 0.5), advance, self);
}

void
pct_sweep_player_set_n(PctSweepPlayer *self, guint n)
{
  g_return_if_fail(PCT_IS_SWEEP_PLAYER(self));
  if (n == self->n)
    return;
  pct_sweep_player_stop(self);
  self->n = n;
}

void
pct_sweep_player_set_rate(PctSweepPlayer *self, double rate)
{
  g_return_if_fail(PCT_IS_SWEEP_PLAYER(self) && rate > 0);
  self->rate = rate;
  if (!self->source)
    return;
  g_clear_handle_id(&self->source, g_source_remove);
  start_clock(self);
}

double
pct_sweep_player_get_rate(PctSweepPlayer *self)
{
  return self->rate;
}

void
pct_sweep_player_play(PctSweepPlayer *self, guint from)
{
  g_return_if_fail(PCT_IS_SWEEP_PLAYER(self));
  if (self->source || self->n < 2)
    return;
  start_clock(self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PLAYING]);
  if (self->frame < 0) {
    self->by = 1;
    set_frame(self, (int)MIN(from, self->n - 1));
  }
}

void
pct_sweep_player_pause(PctSweepPlayer *self)
{
  g_return_if_fail(PCT_IS_SWEEP_PLAYER(self));
  if (!self->source)
    return;
  g_clear_handle_id(&self->source, g_source_remove);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PLAYING]);
}

void
pct_sweep_player_stop(PctSweepPlayer *self)
{
  pct_sweep_player_pause(self);
  set_frame(self, -1);
}

gboolean
pct_sweep_player_is_playing(PctSweepPlayer *self)
{
  return self->source != 0;
}

int
pct_sweep_player_get_frame(PctSweepPlayer *self)
{
  return self->frame;
}
