// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/workspace.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "data/demo.h"
#include "model/json-file.h"

#define SUFFIX ".percept"
#define SETTINGS "workspace.json"
#define CHECKPOINT "optimizer.safetensors"
#define MODELS "models"
#define MEIS "meis"
#define CURVES "curves"
#define IMAGES "meis.npz"

static gboolean
is_folder(const char *path)
{
  return g_file_test(path, G_FILE_TEST_IS_DIR);
}

// "/data/twin.npz" -> "twin"; a folder keeps its whole name.
static char *
dup_stem(const char *path)
{
  char *stem = g_path_get_basename(path);
  char *dot = strrchr(stem, '.');
  if (dot && dot != stem && !is_folder(path))
    *dot = '\0';
  return stem;
}

char *
pct_workspace_folder_locate(const char *path, const char *fingerprint)
{
  g_return_val_if_fail(fingerprint, NULL);
  if (!path) {
    g_autofree char *name = g_strdup_printf("demo-%d-%d" SUFFIX, PCT_DEMO_VERSION, PCT_DEMO_SEED);
    return g_build_filename(g_get_user_data_dir(), "percept", name, NULL);
  }
  g_autofree char *stem = dup_stem(path);
  g_autofree char *parent = g_path_get_dirname(path);
  g_autofree char *name = g_strconcat(stem, SUFFIX, NULL);
  g_autofree char *beside = g_build_filename(parent, name, NULL);
  // One that is there is used even if it cannot be written: what was trained in it can still be looked at.
  if (is_folder(beside) || faccessat(AT_FDCWD, parent, W_OK | X_OK, AT_EACCESS) == 0)
    return g_steal_pointer(&beside);
  // Away from the recording, names may meet: the fingerprint keeps them apart.
  g_autofree char *apart = g_strdup_printf("%s-%.8s" SUFFIX, stem, fingerprint);
  return g_build_filename(g_get_user_data_dir(), "percept", apart, NULL);
}

char *
pct_workspace_folder_find_recording(const char *folder, GError **error)
{
  g_return_val_if_fail(folder, NULL);
  g_autofree char *path = g_build_filename(folder, SETTINGS, NULL);
  g_autofree char *shown = g_filename_display_name(path);
  g_autoptr(JsonParser) parser = pct_json_file_load(path, error);
  if (!parser)
    return NULL;
  JsonNode *member = json_object_get_member(json_node_get_object(json_parser_get_root(parser)), "recording");
  char *recording = NULL;
  if (member && JSON_NODE_HOLDS_VALUE(member) && json_node_get_value_type(member) == G_TYPE_STRING)
    recording = pct_json_dup_path(json_node_get_string(member));
  // One that was shared lies beside its recording, wherever that is.
  if (recording && !g_path_is_absolute(recording)) {
    g_autofree char *parent = g_path_get_dirname(folder), *name = g_steal_pointer(&recording);
    recording = g_build_filename(parent, name, NULL);
  }
  if (recording)
    return recording;
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” does not name the recording that its workspace belongs to."),
              shown);
  return NULL;
}

static gboolean
make_folder(const char *folder, GError **error)
{
  if (g_mkdir_with_parents(folder, 0755) == 0)
    return TRUE;
  int code = errno;
  g_autofree char *shown = g_filename_display_name(folder);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not make the workspace folder “%s”: %s."), shown,
              g_strerror(code));
  return FALSE;
}

static gboolean
prepare_inside(const char *folder, const char *name, GError **error)
{
  g_autofree char *inside = g_build_filename(folder, name, NULL);
  if (!make_folder(inside, error))
    return FALSE;
  // By the effective user, which is whom open() will ask about.
  if (faccessat(AT_FDCWD, inside, W_OK | X_OK, AT_EACCESS) == 0)
    return TRUE;
  int code = errno;
  g_autofree char *shown = g_filename_display_name(inside);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO,
              _("Nothing can be trained here, because the workspace folder “%s” cannot be written: %s."), shown,
              g_strerror(code));
  return FALSE;
}

gboolean
pct_workspace_folder_prepare(const char *folder, GError **error)
{
  g_return_val_if_fail(folder, FALSE);
  return prepare_inside(folder, MODELS, error);
}

char *
pct_workspace_folder_dup_curves(const char *folder)
{
  g_return_val_if_fail(folder, NULL);
  return g_build_filename(folder, CURVES, NULL);
}

char *
pct_workspace_folder_make_curves(const char *folder, GError **error)
{
  return prepare_inside(folder, CURVES, error) ? pct_workspace_folder_dup_curves(folder) : NULL;
}

char *
pct_workspace_folder_dup_receptive_fields(const char *folder, const char *trials)
{
  g_return_val_if_fail(folder, NULL);
  g_autofree char *hash = trials ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, trials, -1) : NULL;
  g_autofree char *name = trials ? g_strdup_printf("receptive-fields-%.16s.safetensors", hash)
                                 : g_strdup("receptive-fields.safetensors");
  return g_build_filename(folder, name, NULL);
}

gboolean
pct_workspace_folder_describe(const char *folder, const char *path, const char *fingerprint, GError **error)
{
  g_return_val_if_fail(folder && fingerprint, FALSE);
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, "format");
  json_builder_add_int_value(builder, 1);
  if (path) {
    json_builder_set_member_name(builder, "recording");
    g_autofree char *text = pct_json_dup_path_text(path);
    json_builder_add_string_value(builder, text);
  }
  json_builder_set_member_name(builder, "fingerprint");
  json_builder_add_string_value(builder, fingerprint);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, TRUE);
  g_autofree char *settings = g_build_filename(folder, SETTINGS, NULL);
  return pct_atomic_file_set(settings, text, strlen(text), error);
}

// The number of "<kind>-<n>"; 0 for another name.
static guint64
model_number(const char *name, const char *kind)
{
  gsize n = strlen(kind);
  if (!g_str_has_prefix(name, kind) || name[n] != '-')
    return 0;
  guint64 number;
  return g_ascii_string_to_unsigned(name + n + 1, 10, 1, G_MAXINT32, &number, NULL) ? number : 0;
}

char *
pct_workspace_folder_new_model(const char *folder, const PctModelKind *kind, GError **error)
{
  g_return_val_if_fail(folder && kind, NULL);
  const char *inside = kind->role == PCT_ROLE_MEI_SET ? MEIS : MODELS;
  if (!prepare_inside(folder, inside, error))
    return NULL;
  g_autofree char *models = g_build_filename(folder, inside, NULL);
  guint64 last = 0;
  g_autoptr(GDir) directory = g_dir_open(models, 0, NULL);
  for (const char *name; directory && (name = g_dir_read_name(directory));)
    last = MAX(last, model_number(name, kind->kind));
  // Making the folder claims the name: another program may train into the same workspace.
  for (int attempt = 0; attempt < 100; attempt++) {
    g_autofree char *name = g_strdup_printf("%s-%" G_GUINT64_FORMAT, kind->kind, ++last);
    g_autofree char *path = g_build_filename(models, name, NULL);
    if (g_mkdir(path, 0755) == 0)
      return g_steal_pointer(&path);
    if (errno == EEXIST)
      continue;
    int code = errno;
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not make the model’s folder “%s”: %s."), shown,
                g_strerror(code));
    return NULL;
  }
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not find a free name for a model in “%s”."), models);
  return NULL;
}

char *
pct_workspace_folder_dup_meis_path(const char *model_folder)
{
  return g_build_filename(model_folder, IMAGES, NULL);
}

gboolean
pct_workspace_folder_has_checkpoint(const char *model_folder)
{
  g_autofree char *path = g_build_filename(model_folder, CHECKPOINT, NULL);
  g_autofree char *images = pct_workspace_folder_dup_meis_path(model_folder);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR) || g_file_test(images, G_FILE_TEST_IS_REGULAR);
}

void
pct_workspace_folder_remove_checkpoint(const char *model_folder)
{
  // With what a killed program had begun to write beside it.
  g_autoptr(GDir) directory = g_dir_open(model_folder, 0, NULL);
  for (const char *name; directory && (name = g_dir_read_name(directory));)
    if (g_str_has_prefix(name, CHECKPOINT) || g_str_has_prefix(name, "curves.csv.")) {
      g_autofree char *path = g_build_filename(model_folder, name, NULL);
      g_unlink(path);
    }
}

void
pct_workspace_folder_remove_model(const char *model_folder)
{
  // A model's folder is flat; whatever else somebody put there stays, and the folder with it.
  g_autoptr(GDir) directory = g_dir_open(model_folder, 0, NULL);
  for (const char *name; directory && (name = g_dir_read_name(directory));) {
    g_autofree char *path = g_build_filename(model_folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(model_folder);
}

char *
pct_workspace_folder_claim_model(const char *folder, const PctModelKind *kind, const char *name, GError **error)
{
  g_return_val_if_fail(folder && kind && name, NULL);
  const char *inside = kind->role == PCT_ROLE_MEI_SET ? MEIS : MODELS;
  if (!prepare_inside(folder, inside, error))
    return NULL;
  g_autofree char *path = g_build_filename(folder, inside, name, NULL);
  // Another's name may be no name that is given here.
  if (model_number(name, kind->kind) > 0 && g_mkdir(path, 0755) == 0)
    return g_steal_pointer(&path);
  return pct_workspace_folder_new_model(folder, kind, error);
}

gboolean
pct_workspace_folder_is_kept(const char *name)
{
  const char *const endings[] = { ".json", ".safetensors", ".csv", ".npz" };
  gboolean kept = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
    kept = kept || g_str_has_suffix(name, endings[i]);
  return kept && *name != '.' && !g_str_equal(name, CHECKPOINT);
}

// "cgan-2" before "cgan-10".
static int
compare_names(gconstpointer a, gconstpointer b)
{
  const char *one = *(const char *const *)a, *other = *(const char *const *)b;
  g_autofree char *first = g_utf8_collate_key_for_filename(one, -1);
  g_autofree char *second = g_utf8_collate_key_for_filename(other, -1);
  return strcmp(first, second);
}

// Those directly in the folder `models`, added to list.
static void
list_whole(const char *models, GPtrArray *list)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new();
  g_autoptr(GDir) directory = g_dir_open(models, 0, NULL);
  for (const char *name; directory && (name = g_dir_read_name(directory));) {
    g_autofree char *path = g_build_filename(models, name, NULL);
    g_autofree char *description = g_build_filename(path, "model.json", NULL);
    if (g_file_test(description, G_FILE_TEST_IS_REGULAR))
      g_ptr_array_add(found, g_steal_pointer(&path));
  }
  g_ptr_array_sort(found, compare_names);
  g_ptr_array_extend_and_steal(list, g_steal_pointer(&found));
}

char *
pct_workspace_folder_find_model(const char *folder, const char *name)
{
  g_return_val_if_fail(folder && name, NULL);
  g_autofree char *meis = g_build_filename(folder, MEIS, name, NULL);
  return is_folder(meis) ? g_steal_pointer(&meis) : g_build_filename(folder, MODELS, name, NULL);
}

GPtrArray *
pct_workspace_folder_list_models(const char *folder)
{
  g_return_val_if_fail(folder, NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  const char *const insides[] = { MODELS, MEIS };
  for (guint i = 0; i < G_N_ELEMENTS(insides); i++) {
    g_autofree char *inside = g_build_filename(folder, insides[i], NULL);
    list_whole(inside, list);
  }
  return list;
}

GPtrArray *
pct_workspace_folder_list_shipped(void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  // A test or a packager may say where; then the source tree this was built from, then where it is installed.
  const char *folders[] = { g_getenv("PCT_DEMO_MODELS"), PCT_SOURCE_DIR "/resources/demo-models",
                            PCT_DATA_DIR "/demo-models" };
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
    if (folders[i] && is_folder(folders[i])) {
      list_whole(folders[i], list);
      break;
    }
  return list;
}

char *
pct_workspace_folder_find_shipped(const char *name)
{
  g_autoptr(GPtrArray) folders = pct_workspace_folder_list_shipped();
  for (guint i = 0; i < folders->len; i++) {
    g_autofree char *base = g_path_get_basename(folders->pdata[i]);
    if (g_str_equal(base, name))
      return g_canonicalize_filename(folders->pdata[i], NULL);
  }
  return NULL;
}
