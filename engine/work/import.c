// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/import.h"
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"

// Milliseconds after the last change: a number is typed digit by digit.
#define REST 250

struct _PctImport {
  GObject parent_instance;
  PctLanes *lanes;
  char *program;
  PctImportPlan *plan;          // with the paths
  gboolean chosen[PCT_N_IMPORT_ROLES];  // by a person
  PctImportListing *listing;    // NULL: none
  char *files_error;
  PctImportOutcome *outcome;    // NULL: none
  char *error;
  PctJob *job;                  // NULL: nothing is done
  gboolean is_listing;
  guint rest;                   // until the next look; 0: none is due
};

G_DEFINE_FINAL_TYPE(PctImport, pct_import, G_TYPE_OBJECT)

enum { FILES_CHANGED, PLAN_CHANGED, OUTCOME_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

// What a job takes to its thread.
typedef struct {
  char *program, *out;
  PctImportVerb verb;
  PctImportPlan *plan;
} Work;

static void
work_free(gpointer data)
{
  Work *work = data;
  g_free(work->program);
  g_free(work->out);
  pct_import_plan_free(work->plan);
  g_free(work);
}

gboolean
pct_import_is_foreign(const char *path)
{
  static const char *const endings[] = { ".mat", ".h5", ".hdf5", ".nwb", ".npy", ".csv", ".tsv", ".txt", ".png", ".jpg",
                                         ".jpeg", ".tif", ".tiff" };
  if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
    g_autofree char *tiers = g_build_filename(path, "meta", "trials", "tiers.npy", NULL);
    g_autofree char *workspace = g_build_filename(path, "workspace.json", NULL);
    return !g_str_has_suffix(path, ".percept") && !g_file_test(tiers, G_FILE_TEST_EXISTS) &&
           !g_file_test(workspace, G_FILE_TEST_EXISTS);
  }
  g_autofree char *lower = g_ascii_strdown(path, -1);
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(lower, endings[i]))
      return TRUE;
  return FALSE;
}

gboolean
pct_import_may_help(const GError *error)
{
  return g_error_matches(error, PCT_ERROR, PCT_ERROR_FORMAT) || g_error_matches(error, PCT_ERROR, PCT_ERROR_SHAPE) ||
         g_error_matches(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
}

static void
end_job(PctImport *self)
{
  g_clear_handle_id(&self->rest, g_source_remove);
  if (!self->job)
    return;
  g_signal_handlers_disconnect_by_data(self->job, self);
  pct_job_cancel(self->job);
  g_clear_object(&self->job);
}

static Work *
work_new(PctImport *self, PctImportVerb verb, const char *out)
{
  Work *work = g_new0(Work, 1);
  work->program = g_strdup(self->program);
  work->out = g_strdup(out);
  work->verb = verb;
  work->plan = pct_import_plan_copy(self->plan);
  return work;
}

static gboolean
list_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  Work *work = pct_job_get_data(job);
  const PctImportLimits limits = PCT_IMPORT_LIMITS_DEFAULT;
  PctImportListing *listing = pct_import_listing_new(work->program, work->plan, &limits, run, error);
  if (listing)
    pct_job_set_result(job, listing, (GDestroyNotify)pct_import_listing_free);
  return listing != NULL;
}

static gboolean
look_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  Work *work = pct_job_get_data(job);
  const PctImportLimits limits = PCT_IMPORT_LIMITS_DEFAULT;
  g_autoptr(GError) cause = NULL;
  g_autofree char *folder = g_dir_make_tmp("percept-import-XXXXXX", &cause);
  if (!folder) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("There is no place for temporary files: %s."), cause->message);
    return FALSE;
  }
  g_autofree char *preview = g_build_filename(folder, "preview.npz", NULL);
  g_autoptr(JsonNode) result =
    pct_import_process_run(work->program, PCT_IMPORT_PREVIEW, work->plan, folder, &limits, run, error);
  PctImportOutcome *outcome = result ? pct_import_outcome_new(result, preview, run, error) : NULL;
  g_unlink(preview);
  g_rmdir(folder);
  if (outcome)
    pct_job_set_result(job, outcome, (GDestroyNotify)pct_import_outcome_free);
  return outcome != NULL;
}

static gboolean
make_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  Work *work = pct_job_get_data(job);
  const PctImportLimits limits = PCT_IMPORT_LIMITS_DEFAULT;
  g_autoptr(JsonNode) result =
    pct_import_process_run(work->program, PCT_IMPORT_MAKE, work->plan, work->out, &limits, run, error);
  return result != NULL;
}

static void
look_finished(PctJob *job, PctImport *self)
{
  const GError *error = pct_job_get_error(job);
  PctImportOutcome *outcome = pct_job_steal_result(job);
  g_clear_pointer(&self->outcome, pct_import_outcome_free);
  g_clear_pointer(&self->error, g_free);
  self->outcome = outcome;
  self->error = error ? g_strdup(error->message) : NULL;
  g_signal_handlers_disconnect_by_data(job, self);
  g_clear_object(&self->job);
  g_signal_emit(self, signals[OUTCOME_CHANGED], 0);
}

static gboolean
look(gpointer data)
{
  PctImport *self = data;
  self->rest = 0;
  end_job(self);
  self->job = pct_job_new(_("Looking at what comes of the import"), look_in_thread,
                          work_new(self, PCT_IMPORT_PREVIEW, ""), work_free);
  g_signal_connect(self->job, "finished", G_CALLBACK(look_finished), self);
  pct_lanes_submit(self->lanes, PCT_LANE_OPENING, self->job);
  g_signal_emit(self, signals[OUTCOME_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

// While files are read there is nothing to look at.
static void
look_soon(PctImport *self)
{
  if (self->is_listing || !self->listing)
    return;
  g_clear_handle_id(&self->rest, g_source_remove);
  self->rest = g_timeout_add(REST, look, self);
}

static void
set_error(PctImport *self, const char *sentence)
{
  g_free(self->error);
  self->error = g_strdup(sentence);
}

// The guess, with what a person chose over it where that is still there.
static void
take_guess(PctImport *self)
{
  const PctImportPlan *guess = self->listing->guess->plan;
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++) {
    const char *kept = self->plan->roles[i].array;
    if (self->chosen[i] && (!kept || pct_catalogue_find(self->listing->catalogue, kept)))
      continue;
    self->chosen[i] = FALSE;
    pct_import_plan_assign(self->plan, (PctImportRole)i, guess->roles[i].array, guess->roles[i].axes);
  }
  // Settings that are as they began are the layout's to say.
  const PctOptionValues *said = guess->settings;
  for (guint i = 0; i < said->table->n_options; i++)
    if (self->plan->settings->values[i] == said->table->presets[0].values[i])
      self->plan->settings->values[i] = said->values[i];
}

static void
list_finished(PctJob *job, PctImport *self)
{
  const GError *error = pct_job_get_error(job);
  self->is_listing = FALSE;
  self->listing = pct_job_steal_result(job);
  self->files_error = error ? g_strdup(error->message) : NULL;
  g_signal_handlers_disconnect_by_data(job, self);
  g_clear_object(&self->job);
  if (self->listing)
    take_guess(self);
  g_signal_emit(self, signals[FILES_CHANGED], 0);
  look_soon(self);
}

static void
list(PctImport *self)
{
  end_job(self);
  g_clear_pointer(&self->listing, pct_import_listing_free);
  g_clear_pointer(&self->outcome, pct_import_outcome_free);
  g_clear_pointer(&self->files_error, g_free);
  set_error(self, NULL);
  self->is_listing = self->plan->paths->len > 0;
  if (self->is_listing) {
    self->job = pct_job_new(_("Reading what the files hold"), list_in_thread, work_new(self, PCT_IMPORT_LIST, NULL), work_free);
    g_signal_connect(self->job, "finished", G_CALLBACK(list_finished), self);
    pct_lanes_submit(self->lanes, PCT_LANE_OPENING, self->job);
  }
  g_signal_emit(self, signals[FILES_CHANGED], 0);
  g_signal_emit(self, signals[OUTCOME_CHANGED], 0);
}

void
pct_import_add_paths(PctImport *self, const char *const *paths)
{
  g_return_if_fail(PCT_IS_IMPORT(self) && paths);
  gboolean added = FALSE;
  for (; *paths; paths++) {
    g_autofree char *path = g_canonicalize_filename(*paths, NULL);
    if (g_ptr_array_find_with_equal_func(self->plan->paths, path, g_str_equal, NULL))
      continue;
    g_ptr_array_add(self->plan->paths, g_steal_pointer(&path));
    added = TRUE;
  }
  if (added)
    list(self);
}

void
pct_import_remove_path(PctImport *self, guint i)
{
  g_return_if_fail(PCT_IS_IMPORT(self) && i < self->plan->paths->len);
  g_ptr_array_remove_index(self->plan->paths, i);
  list(self);
}

const GPtrArray *
pct_import_get_paths(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  return self->plan->paths;
}

const PctImportListing *
pct_import_get_listing(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  return self->listing;
}

const char *
pct_import_get_files_error(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  return self->files_error;
}

gboolean
pct_import_is_listing(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), FALSE);
  return self->is_listing;
}

const PctImportPlan *
pct_import_get_plan(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  return self->plan;
}

void
pct_import_assign(PctImport *self, PctImportRole role, const char *array, const char *axes)
{
  g_return_if_fail(PCT_IS_IMPORT(self) && self->listing);
  g_autoptr(GPtrArray) fitting = array && !axes
    ? pct_import_list_axes(self->listing->catalogue, self->plan, role, array) : NULL;
  pct_import_plan_assign(self->plan, role, array, fitting && fitting->len ? fitting->pdata[0] : axes);
  self->chosen[role] = TRUE;
  g_signal_emit(self, signals[PLAN_CHANGED], 0);
  look_soon(self);
}

gboolean
pct_import_has_choices(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), FALSE);
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    if (self->chosen[i])
      return TRUE;
  return FALSE;
}

const char *
pct_import_get_reason(PctImport *self, PctImportRole role)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  const char *array = self->plan->roles[role].array;
  return self->listing && array && g_strcmp0(array, self->listing->guess->plan->roles[role].array) == 0
    ? self->listing->guess->reasons[role] : NULL;
}

void
pct_import_set_number(PctImport *self, const char *setting, double value)
{
  g_return_if_fail(PCT_IS_IMPORT(self));
  if (!pct_option_values_set_number(self->plan->settings, setting, value, NULL))
    return;
  g_signal_emit(self, signals[PLAN_CHANGED], 0);
  look_soon(self);
}

void
pct_import_set_name(PctImport *self, const char *name)
{
  g_return_if_fail(PCT_IS_IMPORT(self));
  g_free(self->plan->name);
  self->plan->name = name && *name ? g_strdup(name) : NULL;
}

const char *
pct_import_get_name(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  return self->plan->name;
}

const PctImportOutcome *
pct_import_get_outcome(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  return self->outcome;
}

const char *
pct_import_get_error(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  return self->error;
}

PctJob *
pct_import_get_job(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  return self->job;
}

char *
pct_import_dup_output(PctImport *self)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self), NULL);
  if (!self->plan->paths->len)
    return NULL;
  g_autofree char *folder = g_path_get_dirname(self->plan->paths->pdata[0]);
  g_autofree char *base = g_path_get_basename(self->plan->paths->pdata[0]);
  char *dot = strrchr(base, '.');
  if (dot && dot > base && !g_file_test(self->plan->paths->pdata[0], G_FILE_TEST_IS_DIR))
    *dot = '\0';
  if (access(folder, W_OK) != 0) {
    const char *documents = g_get_user_special_dir(G_USER_DIRECTORY_DOCUMENTS);
    g_free(folder);
    folder = g_strdup(documents ? documents : g_get_home_dir());
  }
  for (int i = 1;; i++) {
    g_autofree char *name = i == 1 ? g_strdup_printf("%s.npz", base) : g_strdup_printf("%s-%d.npz", base, i);
    char *path = g_build_filename(folder, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
      return path;
    g_free(path);
  }
}

static void
make_finished(PctJob *job, PctImport *self)
{
  g_signal_handlers_disconnect_by_data(job, self);
  g_clear_object(&self->job);
  g_signal_emit(self, signals[OUTCOME_CHANGED], 0);
}

PctJob *
pct_import_make(PctImport *self, const char *path)
{
  g_return_val_if_fail(PCT_IS_IMPORT(self) && path, NULL);
  end_job(self);
  self->job = pct_job_new(_("Importing"), make_in_thread, work_new(self, PCT_IMPORT_MAKE, path), work_free);
  g_signal_connect(self->job, "finished", G_CALLBACK(make_finished), self);
  pct_lanes_submit(self->lanes, PCT_LANE_OPENING, self->job);
  g_signal_emit(self, signals[OUTCOME_CHANGED], 0);
  return g_object_ref(self->job);
}

static void
pct_import_dispose(GObject *object)
{
  end_job(PCT_IMPORT(object));
  G_OBJECT_CLASS(pct_import_parent_class)->dispose(object);
}

static void
pct_import_finalize(GObject *object)
{
  PctImport *self = PCT_IMPORT(object);
  pct_import_plan_free(self->plan);
  pct_import_listing_free(self->listing);
  pct_import_outcome_free(self->outcome);
  g_free(self->files_error);
  g_free(self->error);
  g_free(self->program);
  g_object_unref(self->lanes);
  G_OBJECT_CLASS(pct_import_parent_class)->finalize(object);
}

static void
pct_import_class_init(PctImportClass *klass)
{
  static const char *const names[N_SIGNALS] = { "files-changed", "plan-changed", "outcome-changed" };
  G_OBJECT_CLASS(klass)->dispose = pct_import_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_import_finalize;
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_import_init(PctImport *self)
{
  self->plan = pct_import_plan_new();
}

PctImport *
pct_import_new(PctLanes *lanes, const char *program)
{
  g_return_val_if_fail(PCT_IS_LANES(lanes), NULL);
  PctImport *self = g_object_new(PCT_TYPE_IMPORT, NULL);
  self->lanes = g_object_ref(lanes);
  self->program = program ? g_strdup(program) : pct_import_process_locate();
  return self;
}
