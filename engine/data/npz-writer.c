// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/npz-writer.h"
#include "data/zip-writer.h"

struct _PctNpzWriter {
  PctZipWriter *zip;
};

PctNpzWriter *
pct_npz_writer_new(void)
{
  PctNpzWriter *writer = g_new0(PctNpzWriter, 1);
  writer->zip = pct_zip_writer_new();
  return writer;
}

void
pct_npz_writer_free(PctNpzWriter *writer)
{
  if (!writer)
    return;
  pct_zip_writer_free(writer->zip);
  g_free(writer);
}

void
pct_npz_writer_add(PctNpzWriter *writer, const char *name, PctNpyKind kind, gsize item_size, guint n_dims,
                   const gsize *shape, gconstpointer data)
{
  g_autofree char *entry = g_strdup_printf("%s.npy", name);
  g_autoptr(GBytes) header = pct_npy_header_new(kind, item_size, n_dims, shape);
  gsize n = item_size;
  for (guint i = 0; i < n_dims; i++)
    n *= shape[i];
  pct_zip_writer_add(writer->zip, entry, header, data, n);
}

gboolean
pct_npz_writer_save(PctNpzWriter *writer, const char *path, const PctRun *run, GError **error)
{
  return pct_zip_writer_save(writer->zip, path, run, error);
}
