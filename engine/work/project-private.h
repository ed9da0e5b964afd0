// SPDX-License-Identifier: GPL-3.0-or-later
// What work/ itself does with a project beyond what views may.
#pragma once
#include "work/model-private.h"
#include "work/opened.h"
#include "work/project.h"

// A model's folder as the opening thread found it.
typedef struct {
  char *folder, *problem;  // problem NULL: none
  gboolean shipped;
  PctModelInfo *info;      // NULL: it could not be read
} PctFoundModel;

// The result of opening, and how to make it: the models of the workspace and, for the demo, those shipped.
typedef struct {
  PctOpened *opened;
  GPtrArray *models;  // PctFoundModel
} PctFound;

void pct_found_free(PctFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctFound, pct_found_free)
PctFound *pct_found_new(const char *path, const char *trials, const PctRun *run, GError **error);
// Of what is open already (taken).
PctFound *pct_found_new_take(PctOpened *opened);
// The same with the models of these folders alone.
PctFound *pct_found_new_of(PctOpened *opened, GPtrArray *folders);

// found is emptied, not freed.
PctProject *pct_project_new(PctLanes *lanes, PctFound *found);
PctOpened *pct_project_get_opened(PctProject *self);
// Lists the models found; their descriptions are taken.
void pct_project_add_found(PctProject *self, PctFound *found);
// Adds a model in its place / takes it off the list.
void pct_project_add_model(PctProject *self, PctModel *model);
void pct_project_remove_model(PctProject *self, PctModel *model);
// For a new model of this project.
PctModelFrame pct_project_get_frame(PctProject *self);
