// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/neurons.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "work/neurons-private.h"

static void list_model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(PctNeurons, pct_neurons, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

static GParamSpec *props[PCT_NEURONS_N_PROPS];
static guint changed_signal, meis_changed_signal;

GType
pct_receptive_field_state_get_type(void)
{
  static const GEnumValue values[] = {
    { PCT_RECEPTIVE_FIELDS_UNKNOWN, "PCT_RECEPTIVE_FIELDS_UNKNOWN", "unknown" },
    { PCT_RECEPTIVE_FIELDS_READING, "PCT_RECEPTIVE_FIELDS_READING", "reading" },
    { PCT_RECEPTIVE_FIELDS_NONE, "PCT_RECEPTIVE_FIELDS_NONE", "none" },
    { PCT_RECEPTIVE_FIELDS_DAMAGED, "PCT_RECEPTIVE_FIELDS_DAMAGED", "damaged" },
    { PCT_RECEPTIVE_FIELDS_FINDING, "PCT_RECEPTIVE_FIELDS_FINDING", "finding" },
    { PCT_RECEPTIVE_FIELDS_READY, "PCT_RECEPTIVE_FIELDS_READY", "ready" },
    { 0, NULL, NULL },
  };
  static gsize type;
  if (g_once_init_enter(&type))
    g_once_init_leave(&type, g_enum_register_static("PctReceptiveFieldState", values));
  return type;
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctNeurons *self = PCT_NEURONS(object);
  switch (id) {
    case PCT_NEURONS_PROP_ENCODER: g_value_set_object(value, self->encoder); break;
    case PCT_NEURONS_PROP_MEI_SET: g_value_set_object(value, self->mei_set); break;
    case PCT_NEURONS_PROP_PROBLEM: g_value_set_string(value, pct_neurons_get_problem(self)); break;
    case PCT_NEURONS_PROP_RECEPTIVE_FIELDS: g_value_set_enum(value, (int)self->field_state); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
dispose(GObject *object)
{
  PctNeurons *self = PCT_NEURONS(object);
  if (self->watched)
    pct_neurons_unwatch_models(self);
  for (guint i = 0; i < PCT_NEURONS_N_PURPOSES; i++) {
    // What a person started goes on; what this started does not.
    if (i == PCT_NEURONS_FIELDS && self->field_state == PCT_RECEPTIVE_FIELDS_FINDING)
      g_clear_object(&self->jobs[i]);
    else
      pct_neurons_stop(self, i);
  }
  G_OBJECT_CLASS(pct_neurons_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctNeurons *self = PCT_NEURONS(object);
  pct_neuron_facts_forget(~(PctNeuronColumns)0, self->columns);
  for (guint i = 0; i < PCT_NEURONS_N_PURPOSES; i++)
    g_free(self->problems[i]);
  g_clear_object(&self->encoder);
  g_clear_object(&self->mei_set);
  g_clear_object(&self->set_encoder);
  g_clear_object(&self->set_mei_set);
  g_clear_pointer(&self->items, g_ptr_array_unref);
  g_clear_pointer(&self->sources, pct_neuron_sources_unref);
  g_clear_pointer(&self->labels, pct_neuron_labels_free);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_neurons_parent_class)->finalize(object);
}

static void
pct_neurons_class_init(PctNeuronsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PCT_NEURONS_PROP_ENCODER] = g_param_spec_object("encoder", NULL, NULL, PCT_TYPE_MODEL, flags);
  props[PCT_NEURONS_PROP_MEI_SET] = g_param_spec_object("mei-set", NULL, NULL, PCT_TYPE_MODEL, flags);
  props[PCT_NEURONS_PROP_PROBLEM] = g_param_spec_string("problem", NULL, NULL, NULL, flags);
  props[PCT_NEURONS_PROP_RECEPTIVE_FIELDS] = g_param_spec_enum(
    "receptive-fields", NULL, NULL, PCT_TYPE_RECEPTIVE_FIELD_STATE, PCT_RECEPTIVE_FIELDS_UNKNOWN, flags);
  g_object_class_install_properties(object_class, PCT_NEURONS_N_PROPS, props);
  changed_signal = g_signal_new("changed", PCT_TYPE_NEURONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_UINT64);
  meis_changed_signal = g_signal_new("meis-changed", PCT_TYPE_NEURONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
}

static void
pct_neurons_init(PctNeurons *self)
{
  self->items = g_ptr_array_new_with_free_func(g_object_unref);
}

static GType
get_item_type(GListModel *model)
{
  return PCT_TYPE_NEURON_ITEM;
}

static guint
get_n_items(GListModel *model)
{
  return PCT_NEURONS(model)->items->len;
}

static gpointer
get_item(GListModel *model, guint position)
{
  GPtrArray *items = PCT_NEURONS(model)->items;
  return position < items->len ? g_object_ref(g_ptr_array_index(items, position)) : NULL;
}

static void
list_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

PctNeurons *
pct_neurons_new(PctProject *project)
{
  PctNeurons *self = g_object_new(PCT_TYPE_NEURONS, NULL);
  self->project = g_object_ref(project);
  for (int i = 0; i < pct_project_get_n_neurons(project); i++)
    g_ptr_array_add(self->items, pct_neuron_item_new(i));
  PctOpened *opened = pct_project_get_opened(project);
  self->sources = pct_neuron_sources_new(opened, NULL, NULL, NULL);
  self->labels = pct_neuron_labels_new(pct_recording_get_cell_area(opened->recording),
                                       pct_recording_get_cell_layer(opened->recording));
  pct_neuron_facts_of_recording(opened, self->labels, self->columns);
  pct_neurons_watch_models(self);
  return self;
}

static void
forget_shared(gpointer project, GObject *gone)
{
  g_object_set_data(project, "pct-neurons", NULL);
}

PctNeurons *
pct_neurons_dup_shared(PctProject *project)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project), NULL);
  PctNeurons *shared = g_object_get_data(G_OBJECT(project), "pct-neurons");
  if (shared)
    return g_object_ref(shared);
  shared = pct_neurons_new(project);
  // It holds the project, so that the project is there when it goes.
  g_object_set_data(G_OBJECT(project), "pct-neurons", shared);
  g_object_weak_ref(G_OBJECT(shared), forget_shared, project);
  return shared;
}

void
pct_neurons_notify(PctNeurons *self, int prop)
{
  g_object_notify_by_pspec(G_OBJECT(self), props[prop]);
}

void
pct_neurons_emit_changed(PctNeurons *self, PctNeuronColumns which)
{
  g_signal_emit(self, changed_signal, 0, which);
}

void
pct_neurons_emit_meis_changed(PctNeurons *self)
{
  g_signal_emit(self, meis_changed_signal, 0);
}

static void
task_free(gpointer data)
{
  PctNeuronsTask *task = data;
  g_weak_ref_clear(&task->neurons);
  pct_opened_unref(task->opened);
  g_free(task->path);
  pct_kept_unref(task->encoder);
  g_free(task);
}

static void
finished(PctJob *job)
{
  PctNeuronsTask *task = pct_job_get_data(job);
  g_autoptr(PctNeurons) self = g_weak_ref_get(&task->neurons);
  // The list of finished jobs must not keep a whole recording.
  g_clear_pointer(&task->opened, pct_opened_unref);
  g_clear_pointer(&task->encoder, pct_kept_unref);
  if (!self || self->jobs[task->purpose] != job)
    return;
  const GError *error = pct_job_get_error(job);
  g_free(self->problems[task->purpose]);
  self->problems[task->purpose] = error ? g_strdup(error->message) : NULL;
  g_autoptr(PctJob) kept = g_steal_pointer(&self->jobs[task->purpose]);
  task->answered(self, job);
}

PctJob *
pct_neurons_start(PctNeurons *self, PctNeuronsPurpose purpose, PctLane lane, const char *title, PctJobFunc func,
                  const char *path, PctModelEncoder *encoder, void (*answered)(PctNeurons *self, PctJob *job))
{
  pct_neurons_stop(self, purpose);
  PctNeuronsTask *task = g_new0(PctNeuronsTask, 1);
  g_weak_ref_init(&task->neurons, self);
  task->purpose = purpose;
  task->opened = pct_opened_ref(pct_project_get_opened(self->project));
  task->path = g_strdup(path);
  task->encoder = encoder ? pct_kept_ref(encoder) : NULL;
  task->answered = answered;
  PctJob *job = pct_job_new(title, func, task, task_free);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  self->jobs[purpose] = g_object_ref(job);
  g_clear_pointer(&self->problems[purpose], g_free);
  pct_lanes_submit(pct_project_get_lanes(self->project), lane, job);
  return job;
}

void
pct_neurons_stop(PctNeurons *self, PctNeuronsPurpose purpose)
{
  // Forgotten first: a queued job ends while it is being cancelled.
  g_autoptr(PctJob) job = g_steal_pointer(&self->jobs[purpose]);
  if (job)
    pct_job_cancel(job);
}

void
pct_neurons_set_sources(PctNeurons *self, PctEncoder *encoder, PctMeis *meis, PctNeuronFields *fields)
{
  PctNeuronSources *old = self->sources;
  self->sources = pct_neuron_sources_new(old->opened, encoder, meis, fields);
  pct_neuron_sources_unref(old);
}

PctNeuronSources *
pct_neurons_get_sources(PctNeurons *self)
{
  return self->sources;
}

static gboolean
measure_reliability(PctJob *job, const PctRun *run, GError **error)
{
  const PctNeuronsTask *task = pct_job_get_data(job);
  PctTier tier;
  if (!pct_neuron_facts_find_repeats(task->opened->recording, &tier))
    return TRUE;
  PctReliability *reliability = pct_reliability_new(task->opened->recording, tier, run, error);
  if (reliability)
    pct_job_set_result(job, reliability, (GDestroyNotify)pct_reliability_free);
  return reliability != NULL;
}

static void
reliability_answered(PctNeurons *self, PctJob *job)
{
  const PctReliability *reliability = pct_job_get_result(job);
  if (!reliability)
    return;
  pct_neuron_facts_of_reliability(reliability, self->columns);
  pct_neurons_emit_changed(self, PCT_COLUMN_BIT(PCT_COLUMN_RELIABILITY) |
                                   PCT_COLUMN_BIT(PCT_COLUMN_EXPLAINABLE_VARIANCE));
}

void
pct_neurons_set_active(PctNeurons *self, gboolean active)
{
  self->active = MAX(0, self->active + (active ? 1 : -1));
  if (!active)
    return;
  PctTier tier;
  if (!self->columns[PCT_COLUMN_RELIABILITY] && !self->jobs[PCT_NEURONS_RELIABILITY] &&
      pct_neurons_get_reliability_tier(self, &tier))
    g_object_unref(pct_neurons_start(self, PCT_NEURONS_RELIABILITY, PCT_LANE_BACKGROUND,
                                     _("Reliability of the neurons"), measure_reliability, NULL, NULL,
                                     reliability_answered));
  pct_neurons_choose_models(self);
  pct_neurons_read_fields(self);
}

PctProject *
pct_neurons_get_project(PctNeurons *self)
{
  return self->project;
}

int
pct_neurons_get_n(PctNeurons *self)
{
  return (int)self->items->len;
}

const double *
pct_neurons_get_column(PctNeurons *self, PctNeuronColumn column)
{
  g_return_val_if_fail((guint)column < PCT_N_COLUMNS, NULL);
  return self->columns[column];
}

double
pct_neurons_get_value(PctNeurons *self, PctNeuronColumn column, int neuron)
{
  g_return_val_if_fail(neuron >= 0 && neuron < pct_neurons_get_n(self), NAN);
  const double *values = pct_neurons_get_column(self, column);
  return values ? values[neuron] : NAN;
}

char *
pct_neurons_format(PctNeurons *self, PctNeuronColumn column, int neuron)
{
  double value = pct_neurons_get_value(self, column, neuron);
  char *const *names = pct_neurons_get_names(self, column);
  return names && isfinite(value) ? g_strdup(names[(int)value]) : pct_column_format(column, value);
}

char *const *
pct_neurons_get_names(PctNeurons *self, PctNeuronColumn column)
{
  return pct_neuron_labels_get(self->labels, column);
}

PctNeuronFilter *
pct_neurons_new_filter(PctNeurons *self, const char *text, int *position, GError **error)
{
  return pct_neuron_filter_new(text, self->labels, position, error);
}

PctNeuronColumns
pct_neurons_get_pending(PctNeurons *self)
{
  static const PctNeuronColumns of_purpose[PCT_NEURONS_N_PURPOSES] = {
    [PCT_NEURONS_RELIABILITY] = PCT_COLUMN_BIT(PCT_COLUMN_RELIABILITY) |
                                PCT_COLUMN_BIT(PCT_COLUMN_EXPLAINABLE_VARIANCE),
    [PCT_NEURONS_ENCODER] = PCT_COLUMNS_OF_ENCODER,
    [PCT_NEURONS_FIELDS] = PCT_COLUMNS_OF_RECEPTIVE_FIELDS,
  };
  PctNeuronColumns pending = 0;
  for (guint i = 0; i < PCT_NEURONS_N_PURPOSES; i++)
    if (self->jobs[i])
      pending |= of_purpose[i];
  // A set is read, or filled, on its own account.
  PctMeis *meis = self->sources->meis;
  gboolean waiting = meis && self->active && !pct_meis_get_problem(meis) && pct_meis_get_n_rows(meis) == 0;
  if (waiting || (self->mei_set && pct_model_get_state(self->mei_set) == PCT_MODEL_TRAINING))
    pending |= PCT_COLUMNS_OF_MEIS;
  return pending;
}

int
pct_neurons_evaluate(PctNeurons *self, const PctNeuronFilter *filter, guint8 *pass)
{
  return pct_neuron_filter_evaluate(filter, (const double *const *)self->columns, pct_neurons_get_n(self), pass);
}

gboolean
pct_neurons_get_reliability_tier(PctNeurons *self, PctTier *tier)
{
  return pct_neuron_facts_find_repeats(self->sources->opened->recording, tier);
}
