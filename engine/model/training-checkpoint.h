// SPDX-License-Identifier: GPL-3.0-or-later
// What the checkpoints of all trainings by a schedule have in common: a file optimizer.safetensors in the model's folder,
// written at the end of an epoch, with the curves so far, where the training is and its best epoch; curves.csv beside it.
// What else a later step depends on is the training's own. Numbers are text, as float32 could not hold them exactly.
#pragma once
#include "model/training-curves.h"
#include "model/training-schedule.h"
#include "nn/safetensors.h"

typedef struct {
  gint64 step;
  double best_value, best_epoch;
} PctTrainingPlace;

// Adds these to tensors, which hold the rest, and writes. PCT_ERROR_IO.
gboolean pct_training_checkpoint_save(PctTensors *tensors, const PctTrainingCurves *curves, PctTrainingPlace place,
                                      const char *folder, GError **error);
// The file's tensors. NULL with PCT_ERROR_IO or _FORMAT.
PctTensors *pct_training_checkpoint_open(const char *folder, GError **error);
// FALSE with PCT_ERROR_FORMAT, e.g. where the schedule has no epoch that ends there.
gboolean pct_training_checkpoint_read(const PctTensors *tensors, PctTrainingCurves *curves,
                                      const PctTrainingSchedule *schedule, PctTrainingPlace *place, GError **error);
