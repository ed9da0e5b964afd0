// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of neurons share.
#pragma once
#include "project-fixture.h"

static inline void
count(gpointer object, int *n)
{
  (*n)++;
}

static inline void
count_notify(GObject *object, GParamSpec *pspec, int *n)
{
  (*n)++;
}

static inline void
let_go(Fixture *fixture, PctProject *project)
{
  wait_until(pct_lanes_get_n_running(fixture->lanes) == 0);
  drain();
  pct_lanes_clear_finished(fixture->lanes);
  g_assert_finalize_object(project);
}
