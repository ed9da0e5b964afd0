// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/shared-file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/json-depth.h"
#include "base/temporary-folder.h"
#include "data/packed-folder.h"
#include "model/json-file.h"
#include "work/guest-models.h"
#include "work/workspace.h"

#define MOST_BYTES (64 << 10)
#define MOST_DEPTH 8
// Characters of a recording’s name in a sentence.
#define LONGEST_NAME 80

struct _PctSharedFile {
  PctSharedAbout about;
  PctPackedFolder *packed;
  char *path, *name;  // name: "twin", of twin.percept/ and twin.npz
};

// "twin" of "twin.percept/workspace.json"; NULL: another file.
static char *
dup_name(const char *entry)
{
  const char *slash = strchr(entry, '/');
  g_autofree char *folder =
    slash && g_str_equal(slash, "/workspace.json") ? g_strndup(entry, (gsize)(slash - entry)) : NULL;
  gsize n = folder && g_str_has_suffix(folder, ".percept") ? strlen(folder) - strlen(".percept") : 0;
  return n > 0 ? g_strndup(folder, n) : NULL;
}

// The description's number among the files; -1: there is none, or more than one. name: free.
static int
find_description(const PctPackedFolder *packed, char **name)
{
  int found = -1;
  *name = NULL;
  for (guint i = 0; i < pct_packed_folder_get_n_files(packed); i++) {
    g_autofree char *here = dup_name(pct_packed_folder_get_name(packed, i));
    if (!here)
      continue;
    if (*name) {
      g_clear_pointer(name, g_free);
      return -1;
    }
    *name = g_steal_pointer(&here);
    found = (int)i;
  }
  return found;
}

gboolean
pct_shared_file_is_one(const char *path)
{
  g_return_val_if_fail(path, FALSE);
  if (g_str_has_suffix(path, ".percept.zip"))
    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
  g_autoptr(PctPackedFolder) packed = g_str_has_suffix(path, ".zip") ? pct_packed_folder_open(path, NULL) : NULL;
  g_autofree char *name = NULL;
  return packed && find_description(packed, &name) >= 0;
}

// At least 1; 0: there is no such number.
static int
get_count(JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member(object, member);
  gint64 n = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64
               ? json_node_get_int(node) : 0;
  return n >= 1 && n <= G_MAXINT ? (int)n : 0;
}

static gboolean
is_fingerprint(const char *text)
{
  return text && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static gboolean
take_description(PctSharedFile *file, const char *text, gsize n)
{
  PctSharedAbout *about = &file->about;
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  if (!g_utf8_validate(text, (gssize)n, NULL) || !pct_json_is_shallow(text, n, MOST_DEPTH) ||
      !json_parser_load_from_data(parser, text, (gssize)n, NULL) || !json_parser_get_root(parser) ||
      !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
    return FALSE;
  JsonObject *root = json_node_get_object(json_parser_get_root(parser));
  const char *name = pct_json_get_text(root, "name"), *recording = pct_json_get_text(root, "recording");
  JsonNode *demo = json_object_get_member(root, "demo");
  about->fingerprint = g_strdup(pct_json_get_text(root, "fingerprint"));
  // For a sentence: one line of it.
  char *shown = name ? g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), LONGEST_NAME)) : NULL;
  about->recording = shown ? g_strdelimit(shown, "\n\r\t", ' ') : NULL;
  about->n_neurons = get_count(root, "neurons");
  about->n_images = get_count(root, "images");
  about->n_trials = get_count(root, "trials");
  about->demo = demo && JSON_NODE_HOLDS_VALUE(demo) && json_node_get_value_type(demo) == G_TYPE_BOOLEAN &&
                json_node_get_boolean(demo);
  about->has_recording = recording != NULL;
  g_autofree char *expected = g_strconcat(file->name, ".npz", NULL);
  gboolean there = FALSE;
  for (guint i = 0; i < pct_packed_folder_get_n_files(file->packed); i++)
    there = there || g_str_equal(pct_packed_folder_get_name(file->packed, i), expected);
  return is_fingerprint(about->fingerprint) && about->recording && *about->recording && about->n_neurons &&
         about->n_images && about->n_trials && (!recording || (there && g_str_equal(recording, expected)));
}

PctSharedFile *
pct_shared_file_open(const char *path, GError **error)
{
  g_return_val_if_fail(path, NULL);
  g_autoptr(PctSharedFile) file = g_new0(PctSharedFile, 1);
  file->path = g_canonicalize_filename(path, NULL);
  file->about.shown = g_filename_display_basename(path);
  file->packed = pct_packed_folder_open(path, error);
  if (!file->packed)
    return NULL;
  int description = find_description(file->packed, &file->name);
  if (description < 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is not a shared workspace: expected one folder NAME.percept with a workspace.json in it."),
                file->about.shown);
    return NULL;
  }
  gsize n;
  g_autofree char *text = pct_packed_folder_read(file->packed, (guint)description, MOST_BYTES, &n, error);
  if (!text)
    return NULL;
  if (!take_description(file, text, n)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is not a shared workspace: its workspace.json does not say which recording it belongs to."),
                file->about.shown);
    return NULL;
  }
  return g_steal_pointer(&file);
}

void
pct_shared_file_free(PctSharedFile *file)
{
  if (!file)
    return;
  pct_packed_folder_free(file->packed);
  g_free(file->about.shown);
  g_free(file->about.recording);
  g_free(file->about.fingerprint);
  g_free(file->path);
  g_free(file->name);
  g_free(file);
}

const PctSharedAbout *
pct_shared_file_get_about(const PctSharedFile *file)
{
  return &file->about;
}

// "“twin” (5335 neurons, 5994 images, 9000 trials)", a part of a sentence.
static char *
describe_recording(const PctSharedAbout *about)
{
  int n = about->n_neurons, k = about->n_images, m = about->n_trials;
  g_autofree char *neurons = g_strdup_printf(ngettext("%d neuron", "%d neurons", (gulong)n), n);
  g_autofree char *images = g_strdup_printf(ngettext("%d image", "%d images", (gulong)k), k);
  g_autofree char *trials = g_strdup_printf(ngettext("%d trial", "%d trials", (gulong)m), m);
  // Translators: a recording’s name, then “5335 neurons”, “5994 images”, “9000 trials”.
  return g_strdup_printf(_("“%s” (%s, %s, %s)"), about->recording, neurons, images, trials);
}

char *
pct_shared_file_dup_wanted(const PctSharedFile *file)
{
  g_autofree char *recording = describe_recording(&file->about);
  return g_strdup_printf(_("“%s” holds models of the recording %s, and not the recording itself."), file->about.shown,
                         recording);
}

gboolean
pct_shared_file_check(const PctSharedFile *file, PctRecording *recording, gboolean demo, GError **error)
{
  const PctSharedAbout *about = &file->about;
  // The demo is made anew on every machine; the last bits of it may differ, and mean nothing.
  if (g_str_equal(about->fingerprint, pct_recording_get_fingerprint(recording)) ||
      (demo && about->demo && about->n_neurons == pct_recording_get_n_neurons(recording) &&
       about->n_images == pct_recording_get_n_images(recording)))
    return TRUE;
  g_autofree char *expected = describe_recording(about);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” belongs to the recording %s, and “%s” is another."),
              about->shown, expected, pct_recording_get_name(recording));
  return FALSE;
}

// What of the zip is the workspace's; the rest (what other programs add of their own) stays there.
static gboolean
is_ours(const char *entry, gpointer data)
{
  const PctSharedFile *file = data;
  gsize n = strlen(file->name);
  if (strncmp(entry, file->name, n) != 0)
    return FALSE;
  g_autofree char *base = g_path_get_basename(entry);
  return (file->about.has_recording && g_str_equal(entry + n, ".npz")) ||
         (g_str_has_prefix(entry + n, ".percept/") && pct_workspace_folder_is_kept(base));
}

static gboolean
is_model(const char *entry, gpointer data)
{
  const char *inside = is_ours(entry, data) ? strchr(entry, '/') : NULL;
  return inside && (g_str_has_prefix(inside, "/models/") || g_str_has_prefix(inside, "/meis/"));
}

// Beside the file, or among the user's own.
static char *
dup_parent(const PctSharedFile *file, GError **error)
{
  g_autofree char *beside = g_path_get_dirname(file->path);
  if (faccessat(AT_FDCWD, beside, W_OK | X_OK, AT_EACCESS) == 0)
    return g_steal_pointer(&beside);
  g_autofree char *apart = g_build_filename(g_get_user_data_dir(), "percept", NULL);
  if (g_mkdir_with_parents(apart, 0755) == 0)
    return g_steal_pointer(&apart);
  int code = errno;
  g_autofree char *shown = g_filename_display_name(apart);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not make the folder “%s”: %s."), shown, g_strerror(code));
  return NULL;
}

char *
pct_shared_file_unpack(const PctSharedFile *file, const char *target, const PctRun *run, GError **error)
{
  g_return_val_if_fail(file->about.has_recording, NULL);
  PctProgress progress = { .phase = _("Unpacking") };
  g_autofree char *parent = target ? g_path_get_dirname(target) : dup_parent(file, error);
  g_autofree char *wanted = target ? g_strdup(target) : parent ? g_build_filename(parent, file->name, NULL) : NULL;
  g_autoptr(PctTemporaryFolder) room = parent ? pct_temporary_folder_new(parent, error) : NULL;
  if (!room || !pct_run_report(run, &progress, error) ||
      !pct_packed_folder_unpack(file->packed, pct_temporary_folder_get_path(room), is_ours, (gpointer)file, run, error))
    return NULL;
  g_autofree char *made = pct_temporary_folder_commit(room, wanted, error);
  if (!made)
    return NULL;
  g_autofree char *inside = g_strconcat(file->name, ".percept", NULL);
  return g_build_filename(made, inside, NULL);
}

// Into a workspace that is there.
static GPtrArray *
take_in(const PctSharedFile *file, const char *workspace, gboolean shipped, const PctRun *run, GError **error)
{
  PctProgress unpacking = { .phase = _("Unpacking") }, comparing = { .phase = _("Comparing the models") };
  g_autofree char *inside = g_strconcat(file->name, ".percept", NULL);
  g_autoptr(PctTemporaryFolder) room = pct_temporary_folder_new(workspace, error);
  if (!room || !pct_run_report(run, &unpacking, error) ||
      !pct_packed_folder_unpack(file->packed, pct_temporary_folder_get_path(room), is_model, (gpointer)file, run, error) ||
      !pct_run_report(run, &comparing, error))
    return NULL;
  g_autofree char *unpacked = g_build_filename(pct_temporary_folder_get_path(room), inside, NULL);
  return pct_guest_models_take_in(unpacked, workspace, shipped, run, error);
}

GPtrArray *
pct_shared_file_take_in(const PctSharedFile *file, const char *workspace, gboolean shipped, const PctRun *run,
                        GError **error)
{
  g_return_val_if_fail(file && workspace, NULL);
  gboolean fresh = !g_file_test(workspace, G_FILE_TEST_EXISTS);
  GPtrArray *taken = pct_workspace_folder_prepare(workspace, error)
                       ? take_in(file, workspace, shipped, run, error) : NULL;
  // One that was made for nothing goes again; a folder with something in it stays, whatever is asked.
  const char *const insides[] = { "models", "meis", "" };
  for (guint i = 0; fresh && !taken && i < G_N_ELEMENTS(insides); i++) {
    g_autofree char *path = g_build_filename(workspace, insides[i], NULL);
    g_rmdir(path);
  }
  return taken;
}
