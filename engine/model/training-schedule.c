// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/training-schedule.h"
#include <math.h>
#include "base/random.h"

static gint64
count_steps_pretraining(const PctTrainingSchedule *schedule)
{
  return schedule->pretrain * schedule->steps_pretraining;
}

gint64
pct_training_schedule_count_steps(const PctTrainingSchedule *schedule)
{
  return count_steps_pretraining(schedule) + schedule->epochs * schedule->steps_an_epoch;
}

PctTrainingEpoch
pct_training_schedule_get_epoch(const PctTrainingSchedule *schedule, gint64 step)
{
  gint64 before = count_steps_pretraining(schedule);
  gboolean imagined = step < before;
  gint64 start = imagined ? 0 : before, steps = imagined ? schedule->steps_pretraining : schedule->steps_an_epoch;
  gint64 done = (step - start) / steps;
  return (PctTrainingEpoch){ start + done * steps, steps, (int)done + 1 + (imagined ? 0 : schedule->pretrain), imagined };
}

gboolean
pct_training_schedule_is_between_epochs(const PctTrainingSchedule *schedule, double step)
{
  return step >= 0 && step <= (double)pct_training_schedule_count_steps(schedule) && step == floor(step) &&
         pct_training_schedule_get_epoch(schedule, (gint64)step).first == (gint64)step;
}

guint64
pct_training_stream(gint64 step, int draw, int n_draws)
{
  return (1ull << 32) + (guint64)step * (guint64)n_draws + (guint64)draw;
}

guint64
pct_training_seed(guint64 seed, guint64 stream)
{
  PctRandom random = pct_random(seed, stream);
  guint64 high = pct_random_next(&random);
  return high << 32 | pct_random_next(&random);
}
