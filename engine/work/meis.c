// SPDX-License-Identifier: GPL-3.0-or-later
// The set comes once and stays; the lock guards its coming alone. Which rows are ready is read off the set's own flags
// (acquire), so that the worker need not know who watches; what was told is kept beside it.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <pthread.h>
#include "base/error.h"
#include "work/meis-private.h"
#include "work/workspace.h"

struct _PctMeis {
  GObject parent_instance;
  char *path, *problem;
  int n_neurons, height, width;
  pthread_mutex_t lock;
  PctMeiSet *set;    // under the lock until it is there
  // The main thread's:
  gboolean asked;    // to read the file
  guint8 *told;      // (n,) rows that were told to be ready
  int *rows;         // (n_neurons,) of each neuron, -1: none
  int n_ready;
};

G_DEFINE_FINAL_TYPE(PctMeis, pct_meis, G_TYPE_OBJECT)

enum { PROP_PROBLEM = 1, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint changed_signal;

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PROBLEM)
    g_value_set_string(value, PCT_MEIS(object)->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
finalize(GObject *object)
{
  PctMeis *self = PCT_MEIS(object);
  g_free(self->path);
  g_free(self->problem);
  g_free(self->told);
  g_free(self->rows);
  pct_mei_set_free(self->set);
  pthread_mutex_destroy(&self->lock);
  G_OBJECT_CLASS(pct_meis_parent_class)->finalize(object);
}

static void
pct_meis_class_init(PctMeisClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  props[PROP_PROBLEM] =
    g_param_spec_string("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(object_class, N_PROPS, props);
  changed_signal = g_signal_new("changed", PCT_TYPE_MEIS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_ARRAY | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
pct_meis_init(PctMeis *self)
{
  pthread_mutex_init(&self->lock, NULL);
}

PctMeis *
pct_meis_new(const char *folder, int n_neurons, int height, int width)
{
  PctMeis *self = g_object_new(PCT_TYPE_MEIS, NULL);
  self->path = pct_workspace_folder_dup_meis_path(folder);
  self->n_neurons = n_neurons;
  self->height = height;
  self->width = width;
  return self;
}

const char *
pct_meis_get_path(PctMeis *self)
{
  return self->path;
}

PctMeiSet *
pct_meis_get_set(PctMeis *self)
{
  pthread_mutex_lock(&self->lock);
  PctMeiSet *set = self->set;
  pthread_mutex_unlock(&self->lock);
  return set;
}

void
pct_meis_take_set(PctMeis *self, PctMeiSet *set)
{
  pthread_mutex_lock(&self->lock);
  // Two threads may have read the same file; the first one's is in use.
  PctMeiSet *unwanted = self->set ? set : NULL;
  if (!self->set)
    self->set = set;
  pthread_mutex_unlock(&self->lock);
  pct_mei_set_free(unwanted);
}

PctMeiSet *
pct_meis_load_set(const char *path, int n_neurons, int height, int width, GError **error)
{
  g_autoptr(PctMeiSet) set = pct_mei_set_load(path, error);
  if (!set)
    return NULL;
  gboolean fits = set->height == height && set->width == width;
  for (int i = 0; fits && i < set->n; i++)
    fits = set->neurons[i] >= 0 && set->neurons[i] < n_neurons;
  if (fits)
    return g_steal_pointer(&set);
  g_autofree char *shown = g_filename_display_name(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("“%s” holds most exciting inputs of %d × %d pixels; the recording has %d × %d pixels and %d neurons."),
              shown, set->width, set->height, width, height, n_neurons);
  return NULL;
}

gboolean
pct_meis_read(PctMeis *self, GError **error)
{
  if (pct_meis_get_set(self))
    return TRUE;
  g_autoptr(PctMeiSet) set = pct_meis_load_set(self->path, self->n_neurons, self->height, self->width, error);
  if (!set)
    return FALSE;
  pct_meis_take_set(self, g_steal_pointer(&set));
  return TRUE;
}

void
pct_meis_update(PctMeis *self)
{
  const PctMeiSet *set = pct_meis_get_set(self);
  if (!set)
    return;
  if (!self->told) {
    self->told = g_new0(guint8, MAX(set->n, 1));
    self->rows = g_new(int, MAX(self->n_neurons, 1));
    for (int j = 0; j < self->n_neurons; j++)
      self->rows[j] = -1;
    for (int i = 0; i < set->n; i++)
      self->rows[set->neurons[i]] = i;
  }
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; i < set->n; i++)
    if (!self->told[i] && pct_mei_set_is_ready(set, i)) {
      self->told[i] = 1;
      g_array_append_val(rows, i);
    }
  self->n_ready += (int)rows->len;
  if (rows->len)
    g_signal_emit(self, changed_signal, 0, rows);
}

static gboolean
read_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  return pct_meis_read(pct_job_get_data(job), error);
}

static void
was_read(PctJob *job)
{
  PctMeis *self = pct_job_get_data(job);
  if (pct_job_get_state(job) == PCT_JOB_FAILED) {
    g_free(self->problem);
    self->problem = g_strdup(pct_job_get_error(job)->message);
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PROBLEM]);
  } else if (pct_job_get_state(job) == PCT_JOB_CANCELLED) {
    self->asked = FALSE;
  }
  pct_meis_update(self);
}

void
pct_meis_load(PctMeis *self, PctLanes *lanes)
{
  g_return_if_fail(PCT_IS_MEIS(self) && PCT_IS_LANES(lanes));
  if (self->asked || pct_meis_get_set(self))
    return;
  self->asked = TRUE;
  g_autoptr(PctJob) job = pct_job_new(_("Reading most exciting inputs"), read_in_thread, g_object_ref(self),
                                      g_object_unref);
  g_signal_connect(job, "finished", G_CALLBACK(was_read), NULL);
  pct_lanes_submit(lanes, PCT_LANE_BACKGROUND, job);
}

const char *
pct_meis_get_problem(PctMeis *self)
{
  return self->problem;
}

int
pct_meis_get_n_rows(PctMeis *self)
{
  return self->told ? self->set->n : 0;
}

int
pct_meis_get_n_ready(PctMeis *self)
{
  return self->n_ready;
}

gboolean
pct_meis_is_ready(PctMeis *self, int row)
{
  g_return_val_if_fail(row >= 0 && row < pct_meis_get_n_rows(self), FALSE);
  return self->told[row];
}

int
pct_meis_get_neuron(PctMeis *self, int row)
{
  g_return_val_if_fail(row >= 0 && row < pct_meis_get_n_rows(self), -1);
  return self->set->neurons[row];
}

int
pct_meis_find_row(PctMeis *self, int neuron)
{
  return self->rows && neuron >= 0 && neuron < self->n_neurons ? self->rows[neuron] : -1;
}

PctPicture *
pct_meis_dup_picture(PctMeis *self, int row)
{
  g_return_val_if_fail(pct_meis_is_ready(self, row), NULL);
  gsize pixels = (gsize)self->height * (gsize)self->width;
  return pct_picture_new_take(self->height, self->width,
                              g_memdup2(self->set->images + (gsize)row * pixels, pixels * sizeof(float)));
}

double
pct_meis_get_activation(PctMeis *self, int row)
{
  g_return_val_if_fail(pct_meis_is_ready(self, row), 0);
  return self->set->activations[row];
}

double
pct_meis_get_baseline(PctMeis *self, int row)
{
  g_return_val_if_fail(pct_meis_is_ready(self, row), 0);
  return self->set->baselines[row];
}
