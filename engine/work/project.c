// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "work/kinds.h"
#include "work/project-private.h"
#include "work/sharing-private.h"

struct _PctProject {
  GObject parent_instance;
  PctLanes *lanes;
  PctOpened *opened;
  PctRecording *recording;  // opened's
  GListStore *images, *kinds, *models, *decoders;  // decoders: those of models
};

G_DEFINE_FINAL_TYPE(PctProject, pct_project, G_TYPE_OBJECT)

static void
finalize(GObject *object)
{
  PctProject *self = PCT_PROJECT(object);
  g_clear_object(&self->images);
  g_clear_object(&self->kinds);
  g_clear_object(&self->models);
  g_clear_object(&self->decoders);
  g_clear_object(&self->lanes);
  pct_opened_unref(self->opened);
  G_OBJECT_CLASS(pct_project_parent_class)->finalize(object);
}

static void
pct_project_class_init(PctProjectClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = finalize;
}

static void
pct_project_init(PctProject *self)
{
  self->images = g_list_store_new(PCT_TYPE_IMAGE_ITEM);
  self->kinds = g_list_store_new(PCT_TYPE_KIND);
  self->models = g_list_store_new(PCT_TYPE_MODEL);
  self->decoders = g_list_store_new(PCT_TYPE_MODEL);
}

static void
list_images(PctProject *self)
{
  int n_images = pct_project_get_n_images(self);
  g_autoptr(GPtrArray) items = g_ptr_array_new_full((guint)n_images, g_object_unref);
  for (int i = 0; i < n_images; i++) {
    PctTier tier;
    gboolean shown = pct_project_get_image_tier(self, i, &tier);
    g_ptr_array_add(items, pct_image_item_new(i, shown ? (int)tier : -1, pct_project_get_n_repeats(self, i),
                                              self->opened->image_means[i]));
  }
  g_list_store_splice(self->images, 0, 0, items->pdata, items->len);
}

PctProject *
pct_project_new(PctLanes *lanes, PctFound *found)
{
  PctProject *self = g_object_new(PCT_TYPE_PROJECT, NULL);
  self->lanes = g_object_ref(lanes);
  self->opened = g_steal_pointer(&found->opened);
  self->recording = self->opened->recording;
  list_images(self);
  const PctModelKind *about;
  for (guint i = 0; (about = pct_model_kinds_get(i)); i++) {
    g_autoptr(PctKind) kind = pct_kind_new(about);
    g_list_store_append(self->kinds, kind);
  }
  pct_project_add_found(self, found);
  return self;
}

void
pct_project_add_found(PctProject *self, PctFound *found)
{
  PctModelFrame frame = pct_project_get_frame(self);
  for (guint i = 0; i < found->models->len; i++) {
    PctFoundModel *model = g_ptr_array_index(found->models, i);
    PctKind *kind = model->info ? pct_project_find_kind(self, model->info->kind->kind) : NULL;
    g_autoptr(PctModel) item = pct_model_new(model->folder, model->shipped, kind, g_steal_pointer(&model->info),
                                             model->problem, &frame);
    pct_project_add_model(self, item);
  }
}

// What the opening job owns.
typedef struct {
  char *path;      // NULL: the demo
  char *trials;    // the condition of a filter; NULL: all
  char *shared;    // a shared file whose models the recording gets; NULL: none
  PctSharedFile *wanting;  // path is one that does not hold its recording; NULL: it does, or is none
  GWeakRef lanes;  // which keep finished jobs
} Opening;

static void
opening_free(gpointer data)
{
  Opening *opening = data;
  g_free(opening->path);
  g_free(opening->shared);
  pct_shared_file_free(opening->wanting);
  g_free(opening->trials);
  g_weak_ref_clear(&opening->lanes);
  g_free(opening);
}

// A shared file becomes the folder that it holds, unless it lacks its recording.
static PctFound *
unpack_in_thread(Opening *opening, const PctRun *run, GError **error)
{
  g_autoptr(PctSharedFile) file = pct_shared_file_open(opening->path, error);
  if (!file)
    return NULL;
  if (!pct_shared_file_get_about(file)->has_recording) {
    g_autofree char *sentence = pct_shared_file_dup_wanted(file);
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, sentence);
    opening->wanting = g_steal_pointer(&file);
    return NULL;
  }
  g_autofree char *folder = pct_shared_file_unpack(file, NULL, run, error);
  return folder ? pct_found_new(folder, opening->trials, run, error) : NULL;
}

static PctFound *
take_in_in_thread(const Opening *opening, const PctRun *run, GError **error)
{
  g_autoptr(PctSharedFile) file = pct_shared_file_open(opening->shared, error);
  g_autoptr(PctOpened) opened = file ? pct_opened_new(opening->path, NULL, run, error) : NULL;
  g_autoptr(GPtrArray) taken = opened ? pct_opened_take_in(opened, file, run, error) : NULL;
  return taken ? pct_found_new_take(g_steal_pointer(&opened)) : NULL;
}

static gboolean
open_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  Opening *opening = pct_job_get_data(job);
  gboolean packed = !opening->shared && opening->path && pct_shared_file_is_one(opening->path);
  PctFound *found = opening->shared ? take_in_in_thread(opening, run, error)
                    : packed        ? unpack_in_thread(opening, run, error)
                                    : pct_found_new(opening->path, opening->trials, run, error);
  if (found)
    pct_job_set_result(job, found, (GDestroyNotify)pct_found_free);
  return found != NULL;
}

static PctJob *
start_opening(PctLanes *lanes, const char *path, const char *trials, const char *shared)
{
  Opening *opening = g_new0(Opening, 1);
  opening->path = g_strdup(path);
  opening->shared = g_strdup(shared);
  opening->trials = g_strdup(trials);
  g_weak_ref_init(&opening->lanes, lanes);
  g_autofree char *shown = path ? g_filename_display_basename(path) : NULL;
  g_autofree char *title = path ? g_strdup_printf(_("Opening “%s”"), shown) : g_strdup(_("Opening the demo recording"));
  PctJob *job = pct_job_new(title, open_in_thread, opening, opening_free);
  pct_lanes_submit(lanes, PCT_LANE_OPENING, job);
  return job;
}

PctJob *
pct_project_open_async(PctLanes *lanes, const char *path, const char *trials)
{
  g_return_val_if_fail(PCT_IS_LANES(lanes), NULL);
  return start_opening(lanes, path, trials, NULL);
}

PctJob *
pct_project_open_shared_async(PctLanes *lanes, const char *path, const char *shared)
{
  g_return_val_if_fail(PCT_IS_LANES(lanes) && shared, NULL);
  return start_opening(lanes, path, NULL, shared);
}

const PctSharedAbout *
pct_project_open_get_wanted(PctJob *job)
{
  g_return_val_if_fail(PCT_IS_JOB(job) && pct_job_is_over(job), NULL);
  const PctSharedFile *file = ((Opening *)pct_job_get_data(job))->wanting;
  return file ? pct_shared_file_get_about(file) : NULL;
}

PctProject *
pct_project_open_finish(PctJob *job, GError **error)
{
  g_return_val_if_fail(PCT_IS_JOB(job) && pct_job_is_over(job), NULL);
  if (pct_job_get_error(job)) {
    g_propagate_error(error, g_error_copy(pct_job_get_error(job)));
    return NULL;
  }
  g_autoptr(PctFound) found = pct_job_steal_result(job);
  if (!found) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_CANCELLED, _("Cancelled."));
    return NULL;
  }
  Opening *opening = pct_job_get_data(job);
  g_autoptr(PctLanes) lanes = g_weak_ref_get(&opening->lanes);
  g_return_val_if_fail(lanes, NULL);
  return pct_project_new(lanes, found);
}

PctOpened *
pct_project_get_opened(PctProject *self)
{
  return self->opened;
}

PctModelFrame
pct_project_get_frame(PctProject *self)
{
  return (PctModelFrame){ pct_project_get_n_neurons(self), pct_project_get_height(self), pct_project_get_width(self) };
}

static int
compare_models(gconstpointer a, gconstpointer b, gpointer data)
{
  PctModel *one = (PctModel *)a, *other = (PctModel *)b;
  if (pct_model_is_shipped(one) != pct_model_is_shipped(other))
    return pct_model_is_shipped(one) ? -1 : 1;
  g_autofree char *first = g_utf8_collate_key_for_filename(pct_model_get_name(one), -1);
  g_autofree char *second = g_utf8_collate_key_for_filename(pct_model_get_name(other), -1);
  return strcmp(first, second);
}

void
pct_project_add_model(PctProject *self, PctModel *model)
{
  g_list_store_insert_sorted(self->models, model, compare_models, NULL);
  if (pct_model_get_role(model) == PCT_ROLE_DECODER)
    g_list_store_insert_sorted(self->decoders, model, compare_models, NULL);
}

void
pct_project_remove_model(PctProject *self, PctModel *model)
{
  guint position;
  if (g_list_store_find(self->models, model, &position))
    g_list_store_remove(self->models, position);
  if (g_list_store_find(self->decoders, model, &position))
    g_list_store_remove(self->decoders, position);
}

PctLanes *
pct_project_get_lanes(PctProject *self)
{
  return self->lanes;
}

const char *
pct_project_get_name(PctProject *self)
{
  return pct_recording_get_name(self->recording);
}

const char *
pct_project_get_path(PctProject *self)
{
  return self->opened->path;
}

gboolean
pct_project_is_demo(PctProject *self)
{
  return self->opened->path == NULL;
}

gboolean
pct_project_is_averaged(PctProject *self)
{
  return pct_recording_is_averaged(self->recording);
}

const char *
pct_project_get_fingerprint(PctProject *self)
{
  return pct_recording_get_fingerprint(self->recording);
}

const char *
pct_project_get_trials(PctProject *self)
{
  return pct_recording_get_trials(self->recording);
}

PctTrialTable *
pct_project_get_trial_table(PctProject *self)
{
  return self->opened->trials;
}

const char *
pct_project_get_workspace(PctProject *self)
{
  return self->opened->workspace;
}

int
pct_project_get_n_neurons(PctProject *self)
{
  return pct_recording_get_n_neurons(self->recording);
}

int
pct_project_get_n_images(PctProject *self)
{
  return pct_recording_get_n_images(self->recording);
}

int
pct_project_get_n_trials(PctProject *self)
{
  return pct_recording_get_n_trials(self->recording);
}

int
pct_project_get_height(PctProject *self)
{
  return pct_recording_get_height(self->recording);
}

int
pct_project_get_width(PctProject *self)
{
  return pct_recording_get_width(self->recording);
}

int
pct_project_get_n_tier_images(PctProject *self, PctTier tier)
{
  int n;
  pct_recording_get_tier_images(self->recording, tier, &n);
  return n;
}

int
pct_project_get_n_tier_trials(PctProject *self, PctTier tier)
{
  int n;
  pct_recording_get_tier_trials(self->recording, tier, &n);
  return n;
}

const int *
pct_project_get_tier_images(PctProject *self, PctTier tier, int *n)
{
  return pct_recording_get_tier_images(self->recording, tier, n);
}

GListModel *
pct_project_get_images(PctProject *self)
{
  return G_LIST_MODEL(self->images);
}

PctPicture *
pct_project_dup_picture(PctProject *self, int image)
{
  g_return_val_if_fail(image >= 0 && image < pct_project_get_n_images(self), NULL);
  int height = pct_project_get_height(self), width = pct_project_get_width(self);
  float *pixels = g_new(float, (gsize)height * width);
  pct_recording_read_image(self->recording, image, pixels);
  return pct_picture_new_take(height, width, pixels);
}

gboolean
pct_project_get_image_tier(PctProject *self, int image, PctTier *tier)
{
  return pct_recording_get_image_tier(self->recording, image, tier);
}

int
pct_project_get_n_repeats(PctProject *self, int image)
{
  int n;
  pct_recording_get_image_trials(self->recording, image, &n);
  return n;
}

PctResponses *
pct_project_dup_responses(PctProject *self, int image, int repeat)
{
  g_return_val_if_fail(image >= 0 && image < pct_project_get_n_images(self), NULL);
  int n, m = pct_project_get_n_neurons(self);
  const int *trials = pct_recording_get_image_trials(self->recording, image, &n);
  if (n == 0 || repeat >= n || repeat < PCT_MEAN_OF_REPEATS)
    return NULL;
  g_autofree float *values = g_new(float, m);
  if (repeat == PCT_MEAN_OF_REPEATS)
    pct_recording_read_mean_responses(self->recording, image, values);
  else
    pct_recording_read_responses(self->recording, trials[repeat], values);
  return pct_responses_new(m, values, repeat == PCT_MEAN_OF_REPEATS ? n : 1);
}

static int
compare_strength(gconstpointer a, gconstpointer b)
{
  const PctNeuronResponse *one = a, *other = b;
  if (one->z != other->z)
    return one->z > other->z ? -1 : 1;
  return one->neuron - other->neuron;
}

GArray *
pct_project_dup_strongest(PctProject *self, const PctResponses *responses, int n)
{
  g_return_val_if_fail(responses, NULL);
  int m = pct_responses_get_n_neurons(responses);
  const float *values = pct_responses_get_values(responses), *mean = self->opened->statistics->response_mean;
  // The scale, not the bare deviation: a neuron that hardly ever answers is not the strongest for a flicker.
  const float *scale = self->opened->statistics->response_scale;
  GArray *found = g_array_sized_new(FALSE, FALSE, sizeof(PctNeuronResponse), (guint)m);
  for (int i = 0; i < m; i++) {
    PctNeuronResponse one = { i, values[i], (values[i] - mean[i]) / scale[i] };
    g_array_append_val(found, one);
  }
  g_array_sort(found, compare_strength);
  g_array_set_size(found, (guint)CLAMP(n, 0, m));
  return found;
}

const PctResponseRanges *
pct_project_get_ranges(PctProject *self)
{
  return &self->opened->ranges;
}

gint64
pct_project_get_unit_id(PctProject *self, int neuron)
{
  return pct_recording_get_unit_id(self->recording, neuron);
}

double
pct_project_get_degrees_per_pixel(PctProject *self)
{
  return (double)pct_recording_get_degrees_per_pixel(self->recording);
}

const float *
pct_project_get_cell_positions(PctProject *self, int *dimensions)
{
  return pct_recording_get_cell_positions(self->recording, dimensions);
}

GListModel *
pct_project_get_kinds(PctProject *self)
{
  return G_LIST_MODEL(self->kinds);
}

GListModel *
pct_project_get_models(PctProject *self)
{
  return G_LIST_MODEL(self->models);
}

GListModel *
pct_project_get_decoders(PctProject *self)
{
  return G_LIST_MODEL(self->decoders);
}

PctKind *
pct_project_find_kind(PctProject *self, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(self->kinds)); i++) {
    g_autoptr(PctKind) kind = g_list_model_get_item(G_LIST_MODEL(self->kinds), i);
    if (g_strcmp0(pct_kind_get_name(kind), name) == 0)
      return kind;
  }
  return NULL;
}

PctModel *
pct_project_find_model(PctProject *self, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(self->models)); i++) {
    g_autoptr(PctModel) model = g_list_model_get_item(G_LIST_MODEL(self->models), i);
    if (g_strcmp0(pct_model_get_name(model), name) == 0)
      return model;
  }
  return NULL;
}
