// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/look.h"
#include <glib/gi18n-lib.h>
#include "model/recording-remarks.h"
#include "work/project-private.h"

struct _PctLook {
  GObject parent_instance;
  PctProject *project;
  PctJob *jobs[PCT_N_LOOK_PARTS];  // the last of each; one that is done holds what was found
  GPtrArray *remarks;              // of PctRemark; NULL: no facts yet
};

G_DEFINE_FINAL_TYPE(PctLook, pct_look, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

// The list of finished jobs must not keep a whole recording: a job drops it when it is over.
static void
opened_free(gpointer data)
{
  PctOpened **opened = data;
  pct_opened_unref(*opened);
  g_free(opened);
}

static void
drop_opened(PctJob *job)
{
  PctOpened **opened = pct_job_get_data(job);
  g_clear_pointer(opened, pct_opened_unref);
}

static gboolean
look_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const PctOpened *opened = *(PctOpened **)pct_job_get_data(job);
  PctFirstLook *facts = pct_first_look_new(opened->recording, opened->statistics, run, error);
  if (facts)
    pct_job_set_result(job, facts, (GDestroyNotify)pct_first_look_free);
  return facts != NULL;
}

static gboolean
score_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const PctOpened *opened = *(PctOpened **)pct_job_get_data(job);
  PctQuickScore *score = pct_quick_score_new(opened->recording, opened->statistics, run, error);
  if (score)
    pct_job_set_result(job, score, (GDestroyNotify)pct_quick_score_free);
  return score != NULL;
}

static void
on_finished(PctLook *self, PctJob *job)
{
  const PctFirstLook *facts = pct_look_get_facts(self);
  if (facts && !self->remarks) {
    g_auto(GStrv) imported = pct_recording_dup_remarks(pct_project_get_opened(self->project)->recording);
    self->remarks = pct_first_look_dup_remarks(facts, (const char *const *)imported);
  }
  g_signal_emit(self, signals[CHANGED], 0);
}

void
pct_look_start(PctLook *self, PctLookPart part)
{
  g_return_if_fail(PCT_IS_LOOK(self) && part < PCT_N_LOOK_PARTS);
  PctJob *last = self->jobs[part];
  if (last && (!pct_job_is_over(last) || pct_job_get_state(last) == PCT_JOB_DONE))
    return;
  g_clear_object(&self->jobs[part]);
  PctOpened **opened = g_new(PctOpened *, 1);
  *opened = pct_opened_ref(pct_project_get_opened(self->project));
  self->jobs[part] = part == PCT_LOOK_FACTS ? pct_job_new(_("A first look"), look_in_thread, opened, opened_free)
                                            : pct_job_new(_("A first score"), score_in_thread, opened, opened_free);
  g_signal_connect(self->jobs[part], "finished", G_CALLBACK(drop_opened), NULL);
  g_signal_connect_object(self->jobs[part], "finished", G_CALLBACK(on_finished), self, G_CONNECT_SWAPPED);
  pct_lanes_submit(pct_project_get_lanes(self->project), PCT_LANE_BACKGROUND, self->jobs[part]);
  g_signal_emit(self, signals[CHANGED], 0);
}

PctJob *
pct_look_get_job(PctLook *self, PctLookPart part)
{
  g_return_val_if_fail(PCT_IS_LOOK(self) && part < PCT_N_LOOK_PARTS, NULL);
  return self->jobs[part] && !pct_job_is_over(self->jobs[part]) ? self->jobs[part] : NULL;
}

void
pct_look_cancel(PctLook *self, PctLookPart part)
{
  PctJob *job = pct_look_get_job(self, part);
  if (job)
    pct_job_cancel(job);
}

const char *
pct_look_get_problem(PctLook *self, PctLookPart part)
{
  g_return_val_if_fail(PCT_IS_LOOK(self) && part < PCT_N_LOOK_PARTS, NULL);
  PctJob *job = self->jobs[part];
  if (!job || !pct_job_is_over(job) || pct_job_get_state(job) == PCT_JOB_DONE)
    return NULL;
  return pct_job_get_state(job) == PCT_JOB_CANCELLED ? _("It was stopped.") : pct_job_get_error(job)->message;
}

static gconstpointer
get_result(PctLook *self, PctLookPart part)
{
  return self->jobs[part] ? pct_job_get_result(self->jobs[part]) : NULL;
}

const PctFirstLook *
pct_look_get_facts(PctLook *self)
{
  g_return_val_if_fail(PCT_IS_LOOK(self), NULL);
  return get_result(self, PCT_LOOK_FACTS);
}

const PctQuickScore *
pct_look_get_score(PctLook *self)
{
  g_return_val_if_fail(PCT_IS_LOOK(self), NULL);
  return get_result(self, PCT_LOOK_SCORE);
}

const GPtrArray *
pct_look_get_remarks(PctLook *self)
{
  g_return_val_if_fail(PCT_IS_LOOK(self), NULL);
  return self->remarks;
}

double
pct_look_estimate_score(PctLook *self)
{
  g_return_val_if_fail(PCT_IS_LOOK(self), 0);
  return pct_quick_score_estimate(pct_project_get_opened(self->project)->recording);
}

const float *
pct_look_get_behaviour(PctLook *self, PctBehaviour behaviour)
{
  g_return_val_if_fail(PCT_IS_LOOK(self), NULL);
  return pct_behaviour_get_values(pct_project_get_opened(self->project)->recording, behaviour);
}

PctProject *
pct_look_get_project(PctLook *self)
{
  g_return_val_if_fail(PCT_IS_LOOK(self), NULL);
  return self->project;
}

static void
dispose(GObject *object)
{
  PctLook *self = PCT_LOOK(object);
  for (int part = 0; part < PCT_N_LOOK_PARTS; part++) {
    if (self->jobs[part]) {
      g_signal_handlers_disconnect_by_data(self->jobs[part], self);
      pct_job_cancel(self->jobs[part]);
    }
    g_clear_object(&self->jobs[part]);
  }
  g_clear_pointer(&self->remarks, g_ptr_array_unref);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_look_parent_class)->dispose(object);
}

static void
pct_look_class_init(PctLookClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  signals[CHANGED] = g_signal_new("changed", PCT_TYPE_LOOK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_look_init(PctLook *self)
{
}

PctLook *
pct_look_new(PctProject *project)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project), NULL);
  PctLook *self = g_object_new(PCT_TYPE_LOOK, NULL);
  self->project = g_object_ref(project);
  return self;
}
