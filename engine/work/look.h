// SPDX-License-Identifier: GPL-3.0-or-later
// A first look at a project's recording (measure/first-look.h) and its quick score (decode/quick-score.h), each by a
// job of the background lane, started when somebody looks and kept as long as the object. Nothing of it is written to
// disk: it is found again in seconds. Main thread only; arrays and structs are borrowed until the object goes.
//
// Signal "changed" (no arguments): a job began, ended or was stopped.
#pragma once
#include "decode/quick-score.h"
#include "measure/expected-score.h"
#include "measure/first-look-remarks.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_LOOK (pct_look_get_type())
G_DECLARE_FINAL_TYPE(PctLook, pct_look, PCT, LOOK, GObject)

typedef enum { PCT_LOOK_FACTS, PCT_LOOK_SCORE } PctLookPart;
#define PCT_N_LOOK_PARTS 2

// A score that takes about so many seconds starts by itself, with the facts.
#define PCT_LOOK_SECONDS 20

PctLook *pct_look_new(PctProject *project);
PctProject *pct_look_get_project(PctLook *self);

// Starts a part that is neither there nor under way.
void pct_look_start(PctLook *self, PctLookPart part);
// Stops a part that is under way.
void pct_look_cancel(PctLook *self, PctLookPart part);
// What shows its progress; NULL: it is not under way. Borrowed.
PctJob *pct_look_get_job(PctLook *self, PctLookPart part);
// A sentence why there is none; NULL: nothing went wrong. Borrowed.
const char *pct_look_get_problem(PctLook *self, PctLookPart part);

// NULL: not there yet.
const PctFirstLook *pct_look_get_facts(PctLook *self);
const PctQuickScore *pct_look_get_score(PctLook *self);
// Of PctRemark; NULL before the facts are there.
const GPtrArray *pct_look_get_remarks(PctLook *self);

// Seconds that the score takes, about.
double pct_look_estimate_score(PctLook *self);
// (N,) by trial; NULL: the recording does not have it.
const float *pct_look_get_behaviour(PctLook *self, PctBehaviour behaviour);

G_END_DECLS
