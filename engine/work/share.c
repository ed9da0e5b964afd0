// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/share.h"
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include "base/error.h"
#include "base/temporary-folder.h"
#include "data/recording-file.h"
#include "data/recording-hash.h"
#include "data/zip-writer.h"
#include "model/json-file.h"
#include "model/provenance.h"
#include "work/kept-json.h"
#include "work/kinds.h"
#include "work/workspace.h"

GPtrArray *
pct_share_list_models(const char *workspace, gboolean shipped)
{
  g_autoptr(GPtrArray) own = pct_workspace_folder_list_models(workspace);
  g_autoptr(GPtrArray) all = shipped ? pct_workspace_folder_list_shipped() : g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_extend_and_steal(all, g_steal_pointer(&own));
  for (guint i = 0; i < all->len;) {
    g_autoptr(PctModelInfo) info = pct_model_info_load(all->pdata[i], pct_model_kinds_find, NULL);
    if (info && info->finished)
      i++;
    else
      g_ptr_array_remove_index(all, i);
  }
  return g_steal_pointer(&all);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// What a walk over a workspace's files does with one: prefix is the zip's folder, "twin.percept/models/cgan-1".
typedef gboolean (*Visit)(gpointer data, const char *prefix, const char *name, const char *path, GError **error);

static gboolean
visit_folder(const char *folder, const char *prefix, Visit visit, gpointer data, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
  for (const char *name; directory && (name = g_dir_read_name(directory));)
    if (pct_workspace_folder_is_kept(name) && g_utf8_validate(name, -1, NULL))
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK) && g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
        !visit(data, prefix, names->pdata[i], path, error))
      return FALSE;
  }
  return TRUE;
}

// All files that are shared, but for workspace.json and the recording. root: "twin.percept".
static gboolean
visit_all(const PctShare *share, const char *root, Visit visit, gpointer data, GError **error)
{
  g_autofree char *curves = pct_workspace_folder_dup_curves(share->workspace);
  g_autofree char *name = g_path_get_basename(curves), *inside = g_build_path("/", root, name, NULL);
  if (!visit_folder(share->workspace, root, visit, data, error) || !visit_folder(curves, inside, visit, data, error))
    return FALSE;
  g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < share->models->len; i++) {
    const char *folder = share->models->pdata[i];
    g_autoptr(PctModelInfo) info = pct_model_info_load(folder, pct_model_kinds_find, error);
    if (!info)
      return FALSE;
    if (!info->finished || !g_hash_table_add(taken, g_strdup(info->name))) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                  info->finished ? _("Two of the models are called “%s”; only one of them can be shared.")
                                 : _("“%s” cannot be shared, because its training is not finished."), info->name);
      return FALSE;
    }
    g_autofree char *prefix =
      g_build_path("/", root, info->kind->role == PCT_ROLE_MEI_SET ? "meis" : "models", info->name, NULL);
    if (!visit_folder(folder, prefix, visit, data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_size(gpointer data, const char *prefix, const char *name, const char *path, GError **error)
{
  GStatBuf about;
  if (g_stat(path, &about) == 0)
    *(guint64 *)data += (guint64)about.st_size;
  return TRUE;
}

static guint64
measure_recording(PctRecording *recording)
{
  const PctRecordingData *data = pct_recording_get_data(recording);
  guint64 n = (guint64)data->n_trials, m = (guint64)data->n_neurons;
  guint64 pixels = (guint64)data->n_images * (guint64)data->height * (guint64)data->width;
  // Images and responses; what is known of trials and neurons is some bytes each.
  return pixels * (data->image_bytes ? 1 : 4) + n * m * (data->responses_half ? 2 : 4) + 64 * n + 64 * m;
}

guint64
pct_share_measure(const PctShare *share)
{
  guint64 size = share->with_recording ? measure_recording(share->recording) : 0;
  visit_all(share, "", add_size, &size, NULL);
  return size;
}

static void
add_text(PctZipWriter *writer, const char *name, JsonNode *root)
{
  g_autofree char *text = json_to_string(root, TRUE);
  gsize n = strlen(text);
  g_autoptr(GBytes) bytes = g_bytes_new_take(g_steal_pointer(&text), n);
  pct_zip_writer_add(writer, name, bytes, NULL, 0);
}

// A JSON file without the paths in it, any other as it is.
static gboolean
add_file(gpointer data, const char *prefix, const char *name, const char *path, GError **error)
{
  PctZipWriter *writer = data;
  g_autofree char *entry = g_build_path("/", prefix, name, NULL);
  if (!g_str_has_suffix(name, ".json")) {
    pct_zip_writer_add_file(writer, entry, path);
    return TRUE;
  }
  // Said anew for whoever gets it.
  if (g_str_equal(name, "workspace.json"))
    return TRUE;
  g_autoptr(JsonParser) parser = pct_json_file_load_up_to(path, PCT_KEPT_JSON_MAX_BYTES, error);
  if (!parser)
    return FALSE;
  g_autoptr(JsonNode) stripped = pct_json_dup_without_paths(json_parser_get_root(parser));
  add_text(writer, entry, stripped);
  return TRUE;
}

// recording: its file's name beside the folder; NULL: it stays at home.
static void
add_description(const PctShare *share, PctZipWriter *writer, const char *root, const char *recording)
{
  PctRecording *about = share->recording;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  pct_provenance_add_integer(builder, "format", 1);
  pct_provenance_add_text(builder, "recording", recording);
  pct_provenance_add_text(builder, "fingerprint", pct_recording_get_fingerprint(about));
  g_autofree char *name = g_filename_display_basename(pct_recording_get_name(about));
  pct_provenance_add_text(builder, "name", name);
  pct_provenance_add_integer(builder, "neurons", pct_recording_get_n_neurons(about));
  pct_provenance_add_integer(builder, "images", pct_recording_get_n_images(about));
  pct_provenance_add_integer(builder, "trials", pct_recording_get_n_trials(about));
  json_builder_set_member_name(builder, "demo");
  json_builder_add_boolean_value(builder, share->demo);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) node = json_builder_get_root(builder);
  g_autofree char *entry = g_build_path("/", root, "workspace.json", NULL);
  add_text(writer, entry, node);
}

static gboolean
save_recording(PctRecording *recording, const char *path, const PctRun *run, GError **error)
{
  const char *provenance = pct_recording_get_provenance(recording);
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  if (!provenance || !json_parser_load_from_data(parser, provenance, -1, NULL))
    return pct_recording_save_with_provenance(recording, NULL, path, run, error);
  g_autoptr(JsonNode) stripped = pct_json_dup_without_paths(json_parser_get_root(parser));
  g_autofree char *text = json_to_string(stripped, FALSE);
  return pct_recording_save_with_provenance(recording, text, path, run, error);
}

// "/home/me/twin.percept.zip" -> "twin".
static char *
dup_name(const char *path)
{
  g_autofree char *base = g_path_get_basename(path);
  const char *const suffixes[] = { PCT_SHARE_SUFFIX, ".zip" };
  for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++)
    if (g_str_has_suffix(base, suffixes[i]) && strlen(base) > strlen(suffixes[i]))
      base[strlen(base) - strlen(suffixes[i])] = '\0';
  // What is no name everywhere is none here.
  return g_utf8_validate(base, -1, NULL) && strlen(base) < 150 && !strpbrk(base, "\\:") && *base != '.'
           ? g_steal_pointer(&base) : g_strdup("shared");
}

gboolean
pct_share_write(const PctShare *share, const char *path, const PctRun *run, GError **error)
{
  g_return_val_if_fail(share->recording && share->workspace && share->models && path, FALSE);
  g_autofree char *name = dup_name(path), *root = g_strconcat(name, ".percept", NULL);
  g_autofree char *file = g_strconcat(name, ".npz", NULL), *parent = g_path_get_dirname(path);
  g_autoptr(PctZipWriter) writer = pct_zip_writer_new();
  add_description(share, writer, root, share->with_recording ? file : NULL);
  if (!visit_all(share, root, add_file, writer, error))
    return FALSE;
  PctRunPart part;
  PctProgress progress = { .phase = _("Writing the recording") };
  g_autoptr(PctTemporaryFolder) room = NULL;
  double whole = (double)pct_share_measure(share);
  double first = share->with_recording ? (double)measure_recording(share->recording) : 0;
  if (share->with_recording) {
    room = pct_temporary_folder_new(parent, error);
    g_autofree char *copy = room ? g_build_filename(pct_temporary_folder_get_path(room), file, NULL) : NULL;
    if (!room || !pct_run_report(run, &progress, error) ||
        !save_recording(share->recording, copy, pct_run_part(&part, run, 0, first, first + whole), error))
      return FALSE;
    pct_zip_writer_add_file(writer, file, copy);
  }
  progress.phase = _("Packing the workspace");
  return pct_run_report(run, &progress, error) &&
         pct_zip_writer_save(writer, path, pct_run_part(&part, run, first, whole, first + whole), error);
}
