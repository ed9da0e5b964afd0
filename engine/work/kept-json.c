// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/kept-json.h"
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "model/json-file.h"
#include "work/workspace.h"

struct _PctKeptJson {
  gatomicrefcount references;  // one for the owner, one for the reader, one for every write under way
  const PctKeptJsonClass *klass;
  PctProject *project;         // until it is read
  char *workspace, *recording, *fingerprint, *path;
  PctKeptJsonFunc read, written;
  gpointer owner;              // NULL: freed
  GThread *reader;             // NULL: taken
  gpointer found;              // by the reader
  GError *error;
  GMutex writing;              // held while writing; guards put_aside once it is read
  gboolean put_aside;          // what is there is not ours to write over
  GMutex mutex;                // guards newest; never held for long
  gpointer newest;             // not written yet; NULL: nothing waits
};

static void
refuse(PctKeptJson *self, GError **error)
{
  g_autofree char *shown = g_filename_display_name(self->path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” does not hold what it should; it is put aside, and nothing in it is lost."), shown);
}

static gpointer
load(PctKeptJson *self, GError **error)
{
  if (!g_file_test(self->path, G_FILE_TEST_EXISTS))
    return NULL;
  g_autofree char *shown = g_filename_display_name(self->path);
  g_autoptr(JsonParser) parser = pct_json_file_load_up_to(self->path, PCT_KEPT_JSON_MAX_BYTES, error);
  JsonObject *root = parser ? json_node_get_object(json_parser_get_root(parser)) : NULL;
  gpointer content = NULL;
  if (!root)
    ;
  else if (g_strcmp0(pct_json_get_text(root, "format"), self->klass->format) != 0)
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” is not of this version’s format “%s”; it is put aside, and nothing in it is lost."), shown,
                self->klass->format);
  else if (g_strcmp0(pct_json_get_text(root, "fingerprint"), self->fingerprint) != 0)
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” belongs to another recording; it is put aside, and nothing in it is lost."), shown);
  else if (!(content = self->klass->read(root, self->project)))
    refuse(self, error);
  self->put_aside = content == NULL;
  return content;
}

// "x.json" -> "x.json.1", or the next number that is free.
static gboolean
move_aside(PctKeptJson *self, GError **error)
{
  for (int n = 1; g_file_test(self->path, G_FILE_TEST_EXISTS); n++) {
    g_autofree char *aside = g_strdup_printf("%s.%d", self->path, n);
    if (g_file_test(aside, G_FILE_TEST_EXISTS))
      continue;
    if (g_rename(self->path, aside) == 0)
      break;
    g_autofree char *shown = g_filename_display_name(self->path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not put “%s” aside."), shown);
    return FALSE;
  }
  self->put_aside = FALSE;
  return TRUE;
}

static gboolean
write_content(PctKeptJson *self, gconstpointer content, GError **error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, "format");
  json_builder_add_string_value(builder, self->klass->format);
  json_builder_set_member_name(builder, "fingerprint");
  json_builder_add_string_value(builder, self->fingerprint);
  self->klass->write(content, builder);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, FALSE), *shown = g_filename_display_name(self->path);
  g_autofree char *settings = g_build_filename(self->workspace, "workspace.json", NULL);
  gsize n = strlen(text);
  if (n > PCT_KEPT_JSON_MAX_BYTES) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” would grow too large to be read again."), shown);
    return FALSE;
  }
  if (g_mkdir_with_parents(self->workspace, 0755) != 0) {
    g_autofree char *folder = g_filename_display_name(self->workspace);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("The workspace folder “%s” cannot be written."), folder);
    return FALSE;
  }
  if (!g_file_test(settings, G_FILE_TEST_EXISTS) &&
      !pct_workspace_folder_describe(self->workspace, self->recording, self->fingerprint, error))
    return FALSE;
  return (!self->put_aside || move_aside(self, error)) && pct_atomic_file_set(self->path, text, n, error);
}

// Writes what waits; FALSE: nothing did, or an error.
static gboolean
write_newest(PctKeptJson *self, GError **error)
{
  g_mutex_lock(&self->writing);
  g_mutex_lock(&self->mutex);
  gpointer content = g_steal_pointer(&self->newest);
  g_mutex_unlock(&self->mutex);
  gboolean written = content && write_content(self, content, error);
  g_mutex_unlock(&self->writing);
  if (content)
    self->klass->free(content);
  return written;
}

static void
release(gpointer data)
{
  PctKeptJson *self = data;
  if (!g_atomic_ref_count_dec(&self->references))
    return;
  g_free(self->workspace);
  g_free(self->recording);
  g_free(self->fingerprint);
  g_free(self->path);
  if (self->newest)
    self->klass->free(self->newest);
  g_mutex_clear(&self->mutex);
  g_mutex_clear(&self->writing);
  g_free(self);
}

static gboolean
on_read(gpointer data)
{
  PctKeptJson *self = data;
  if (self->owner && self->reader)
    self->read(self->owner, NULL);
  return G_SOURCE_REMOVE;
}

static gpointer
read_in_thread(gpointer data)
{
  PctKeptJson *self = data;
  self->found = load(self, &self->error);
  g_idle_add_full(G_PRIORITY_DEFAULT, on_read, self, release);
  return NULL;
}

static void
write_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean written = write_newest(data, &error);
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_boolean(task, written);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer data)
{
  PctKeptJson *self = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean written = g_task_propagate_boolean(G_TASK(result), &error);
  if (self->owner && (written || error))
    self->written(self->owner, error ? error->message : NULL);
}

void
pct_kept_json_save(PctKeptJson *self, gpointer content)
{
  g_return_if_fail(self && content && !self->reader);
  g_mutex_lock(&self->mutex);
  gpointer before = self->newest;
  self->newest = content;
  g_mutex_unlock(&self->mutex);
  if (before)
    self->klass->free(before);
  g_autoptr(GTask) task = g_task_new(NULL, NULL, on_written, NULL);
  g_atomic_ref_count_inc(&self->references);
  g_task_set_task_data(task, self, release);
  g_task_run_in_thread(task, write_in_thread);
}

gpointer
pct_kept_json_take(PctKeptJson *self, GError **error)
{
  g_return_val_if_fail(self, NULL);
  if (!self->reader)
    return NULL;
  g_thread_join(g_steal_pointer(&self->reader));
  g_clear_object(&self->project);
  if (self->error)
    g_propagate_error(error, g_steal_pointer(&self->error));
  return g_steal_pointer(&self->found);
}

void
pct_kept_json_free(PctKeptJson *self)
{
  if (!self)
    return;
  self->owner = NULL;
  gpointer unwanted = pct_kept_json_take(self, NULL);
  if (unwanted)
    self->klass->free(unwanted);
  write_newest(self, NULL);
  release(self);
}

PctKeptJson *
pct_kept_json_new(const PctKeptJsonClass *klass, PctProject *project, PctKeptJsonFunc read, PctKeptJsonFunc written,
                  gpointer owner)
{
  g_return_val_if_fail(klass && PCT_IS_PROJECT(project) && read && written && owner, NULL);
  PctKeptJson *self = g_new0(PctKeptJson, 1);
  g_atomic_ref_count_init(&self->references);
  g_mutex_init(&self->mutex);
  g_mutex_init(&self->writing);
  self->klass = klass;
  self->project = g_object_ref(project);
  self->workspace = g_strdup(pct_project_get_workspace(project));
  self->recording = g_strdup(pct_project_get_path(project));
  self->fingerprint = g_strdup(pct_project_get_fingerprint(project));
  self->path = g_build_filename(self->workspace, klass->name, NULL);
  self->read = read;
  self->written = written;
  self->owner = owner;
  g_atomic_ref_count_inc(&self->references);
  self->reader = g_thread_new("kept-json", read_in_thread, self);
  return self;
}
