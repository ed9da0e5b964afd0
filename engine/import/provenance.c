// SPDX-License-Identifier: GPL-3.0-or-later
// How the recording came about, as JSON that it carries: the program's version, each file or folder with its size and
// SHA-256, the plan and the remarks. Of a folder: of all its files' names, sizes and contents, in the order of names.
#include "config.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/error.h"
#include "import/assembly.h"
#include "model/json-file.h"

#define PIECE ((gsize)1 << 20)
#define DEEPEST 16  // folders within folders

typedef struct {
  GChecksum *sum;
  guint64 n_bytes;
  guint8 *piece;  // (PIECE,)
  const PctRun *run;
} Hash;

static gboolean
refuse(const char *path, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(code));
  return FALSE;
}

static gboolean
add_file(Hash *hash, const char *path, GError **error)
{
  FILE *file = fopen(path, "rbe");
  if (!file)
    return refuse(path, errno, error);
  gsize n;
  gboolean going = TRUE;
  while (going && (n = fread(hash->piece, 1, PIECE, file)) > 0) {
    g_checksum_update(hash->sum, hash->piece, (gssize)n);
    hash->n_bytes += n;
    going = pct_run_step(hash->run, 0, 0, error);
  }
  int code = ferror(file) ? EIO : 0;
  fclose(file);
  return going && (code == 0 || refuse(path, code, error));
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean add_path(Hash *hash, const char *path, int depth, GError **error);

static gboolean
add_folder(Hash *hash, const char *path, int depth, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) folder = g_dir_open(path, 0, error);
  if (!folder)
    return FALSE;
  for (const char *name; (name = g_dir_read_name(folder));)
    g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *inside = g_build_filename(path, name, NULL);
    struct stat status = { 0 };
    // Links are not followed, so that a folder which holds itself ends.
    if (lstat(inside, &status) != 0 || !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)))
      continue;
    guint64 size = GUINT64_TO_LE(S_ISREG(status.st_mode) ? (guint64)status.st_size : 0);
    g_checksum_update(hash->sum, (const guchar *)name, (gssize)strlen(name) + 1);
    g_checksum_update(hash->sum, (const guchar *)&size, sizeof size);
    if (!add_path(hash, inside, depth + 1, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_path(Hash *hash, const char *path, int depth, GError **error)
{
  if (!g_file_test(path, G_FILE_TEST_IS_DIR))
    return add_file(hash, path, error);
  return depth >= DEEPEST || add_folder(hash, path, depth, error);
}

static gboolean
add_source(JsonBuilder *builder, Hash *hash, const char *path, GError **error)
{
  g_autofree char *text = pct_json_dup_path_text(path);
  json_builder_begin_object(builder);
  json_builder_add_string_value(json_builder_set_member_name(builder, "path"), text);
  // What is no file on this machine (an array in memory) has no bytes to tell of.
  gboolean ok = TRUE;
  if (g_file_test(path, G_FILE_TEST_EXISTS)) {
    hash->n_bytes = 0;
    g_checksum_reset(hash->sum);
    ok = add_path(hash, path, 0, error);
    json_builder_add_int_value(json_builder_set_member_name(builder, "bytes"), (gint64)hash->n_bytes);
    json_builder_add_string_value(json_builder_set_member_name(builder, "sha256"), g_checksum_get_string(hash->sum));
  }
  json_builder_end_object(builder);
  return ok;
}

static gboolean
add_sources(JsonBuilder *builder, const PctAssembly *assembly, GError **error)
{
  const GPtrArray *sources = assembly->catalogue->sources;
  Hash hash = { g_checksum_new(G_CHECKSUM_SHA256), 0, g_malloc(PIECE), assembly->run };
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  gboolean ok = TRUE;
  for (guint i = 0; i < sources->len && ok; i++) {
    const PctArraySource *source = sources->pdata[i];
    if (g_hash_table_add(seen, source->path))
      ok = add_source(builder, &hash, source->path, error);
  }
  g_checksum_free(hash.sum);
  g_free(hash.piece);
  return ok;
}

char *
pct_import_provenance_new(const PctAssembly *assembly, GError **error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_builder_add_string_value(json_builder_set_member_name(builder, "made_by"), "percept-import " PCT_VERSION);
  json_builder_begin_array(json_builder_set_member_name(builder, "sources"));
  if (!add_sources(builder, assembly, error))
    return NULL;
  json_builder_end_array(builder);
  json_builder_add_value(json_builder_set_member_name(builder, "plan"), pct_import_plan_to_json(assembly->plan));
  json_builder_begin_array(json_builder_set_member_name(builder, "remarks"));
  for (guint i = 0; i < assembly->remarks->len; i++)
    json_builder_add_string_value(builder, assembly->remarks->pdata[i]);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  return json_to_string(root, FALSE);
}
