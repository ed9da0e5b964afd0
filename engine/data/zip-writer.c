// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/zip-writer.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>
#include "base/atomic-file.h"
#include "base/error.h"

// A fixed date: the same entries make the same bytes. (1 January 1980, the oldest that zip files know.)
#define DATE 315532800

typedef struct {
  char *name, *path;  // path NULL: head and data
  GBytes *header;
  const guint8 *data;
  gsize n_data;
  gsize at;  // of header and data together, while libzip reads
} Entry;

struct _PctZipWriter {
  GPtrArray *entries;
};

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_free(entry->name);
  g_free(entry->path);
  if (entry->header)
    g_bytes_unref(entry->header);
  g_free(entry);
}

PctZipWriter *
pct_zip_writer_new(void)
{
  PctZipWriter *writer = g_new0(PctZipWriter, 1);
  writer->entries = g_ptr_array_new_with_free_func(entry_free);
  return writer;
}

void
pct_zip_writer_free(PctZipWriter *writer)
{
  if (!writer)
    return;
  g_ptr_array_unref(writer->entries);
  g_free(writer);
}

void
pct_zip_writer_add(PctZipWriter *writer, const char *name, GBytes *head, gconstpointer data, gsize n)
{
  Entry *entry = g_new0(Entry, 1);
  entry->name = g_strdup(name);
  entry->header = g_bytes_ref(head);
  entry->data = data;
  entry->n_data = n;
  g_ptr_array_add(writer->entries, entry);
}

void
pct_zip_writer_add_file(PctZipWriter *writer, const char *name, const char *path)
{
  Entry *entry = g_new0(Entry, 1);
  entry->name = g_strdup(name);
  entry->path = g_strdup(path);
  g_ptr_array_add(writer->entries, entry);
}

// The header and then the data, as one stream that libzip can read and wind back.
static zip_int64_t
stream(void *user, void *out, zip_uint64_t length, zip_source_cmd_t command)
{
  Entry *entry = user;
  gsize n_header, n_done = 0;
  const guint8 *header = g_bytes_get_data(entry->header, &n_header);
  switch (command) {
  case ZIP_SOURCE_OPEN:
    entry->at = 0;
    return 0;
  case ZIP_SOURCE_READ:
    if (entry->at < n_header) {
      n_done = MIN(length, n_header - entry->at);
      memcpy(out, header + entry->at, n_done);
      entry->at += n_done;
    }
    if (entry->at >= n_header) {
      gsize n = MIN(length - n_done, n_header + entry->n_data - entry->at);
      if (n > 0)
        memcpy((guint8 *)out + n_done, entry->data + (entry->at - n_header), n);
      entry->at += n;
      n_done += n;
    }
    return (zip_int64_t)n_done;
  case ZIP_SOURCE_STAT: {
    zip_stat_t *stat = out;
    zip_stat_init(stat);
    stat->size = stat->comp_size = n_header + entry->n_data;
    stat->comp_method = ZIP_CM_STORE;
    stat->encryption_method = ZIP_EM_NONE;
    stat->mtime = DATE;
    stat->valid = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD |
                  ZIP_STAT_MTIME;
    return sizeof *stat;
  }
  case ZIP_SOURCE_SUPPORTS:
    return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                          ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SUPPORTS, -1);
  case ZIP_SOURCE_ERROR:
    memset(out, 0, 2 * sizeof(int));
    return 2 * sizeof(int);
  default:
    return 0;
  }
}

typedef struct {
  const PctRun *run;
  double done;
  GError *error;
} Watch;

static void
watch_progress(zip_t *zip, double done, void *user)
{
  ((Watch *)user)->done = done;
}

static int
watch_cancel(zip_t *zip, void *user)
{
  Watch *watch = user;
  return watch->error || !pct_run_step(watch->run, watch->done, 1, &watch->error);
}

static gboolean
fail(const char *path, const char *reason, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not write “%s”: %s."), shown, reason);
  return FALSE;
}

// libzip puts a file of its own in the temporary's place, which must reach the disk before it gets its name.
static gboolean
flush(const char *temporary, const char *path, GError **error)
{
  int descriptor = open(temporary, O_RDONLY | O_CLOEXEC);
  int code = descriptor < 0 || fsync(descriptor) != 0 ? errno : 0;
  if (descriptor >= 0)
    close(descriptor);
  return code == 0 || fail(path, g_strerror(code), error);
}

static gboolean
add_to(zip_t *zip, Entry *entry)
{
  zip_source_t *source =
    entry->path ? zip_source_file(zip, entry->path, 0, 0) : zip_source_function(zip, stream, entry);
  zip_int64_t index = source ? zip_file_add(zip, entry->name, source, ZIP_FL_ENC_UTF_8) : -1;
  if (source && index < 0)
    zip_source_free(source);
  return index >= 0 && zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_mtime(zip, (zip_uint64_t)index, DATE, 0) == 0;
}

gboolean
pct_zip_writer_save(PctZipWriter *writer, const char *path, const PctRun *run, GError **error)
{
  g_autoptr(PctAtomicFile) file = pct_atomic_file_open(path, error);
  if (!file)
    return FALSE;
  const char *temporary = pct_atomic_file_get_temporary(file);
  int code;
  zip_t *zip = zip_open(temporary, ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (!zip) {
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    fail(path, zip_error_strerror(&reason), error);
    zip_error_fini(&reason);
    return FALSE;
  }
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < writer->entries->len; i++)
    ok = add_to(zip, writer->entries->pdata[i]);
  Watch watch = { run, 0, NULL };
  zip_register_progress_callback_with_state(zip, 0.01, watch_progress, NULL, &watch);
  zip_register_cancel_callback_with_state(zip, watch_cancel, NULL, &watch);
  if (!ok || zip_close(zip) != 0) {
    if (watch.error)
      g_propagate_error(error, watch.error);
    else
      fail(path, zip_strerror(zip), error);
    zip_discard(zip);
    return FALSE;
  }
  return flush(temporary, path, error) && pct_atomic_file_commit(file, error);
}
