// SPDX-License-Identifier: GPL-3.0-or-later
// What an iterative training sees, and in which order: epochs over imagined trials, if it is pretrained, then epochs over
// the recording's; and the streams of random numbers of its steps. Both are functions of the step alone, so that a
// training that is resumed is the same training.
#pragma once
#include <glib.h>

typedef struct {
  int pretrain, epochs;                   // epochs of either kind
  gint64 steps_pretraining, steps_an_epoch;  // steps an epoch of either kind
} PctTrainingSchedule;

typedef struct {
  gint64 first;       // its first step
  gint64 steps;
  int number;         // from 1
  gboolean imagined;
} PctTrainingEpoch;

gint64 pct_training_schedule_count_steps(const PctTrainingSchedule *schedule);
// The epoch that step belongs to; after the last one, one more.
PctTrainingEpoch pct_training_schedule_get_epoch(const PctTrainingSchedule *schedule, gint64 step);
// Whether a training may stand at this step between two epochs, or at either end; step is anything a file may say.
gboolean pct_training_schedule_is_between_epochs(const PctTrainingSchedule *schedule, double step);

// The stream of one of a step's n_draws draws; above those of initial values, which are 32-bit hashes of names.
guint64 pct_training_stream(gint64 step, int draw, int n_draws);
// 64 random bits of that stream, as a seed of what draws by itself.
guint64 pct_training_seed(guint64 seed, guint64 stream);
