// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/tree-source.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/archive.h"
#include "data/file-tree.h"

#define TIERS "meta/trials/tiers"

typedef struct {
  PctArraySource base;
  PctArchive *archive;
  char *root;        // "" or a folder with its '/'
  gsize n_trials;
  gsize n_numbered;  // the first of base.arrays are of numbered files, the rest of one each
  const PctRun *run;
} TreeSource;

static char *
dup_file(const TreeSource *self, const char *name)
{
  return g_strdup_printf("%s%s.npy", self->root, name);
}

static char *
dup_numbered(const TreeSource *self, const char *folder, gsize i)
{
  return g_strdup_printf("%s%s/%zu.npy", self->root, folder, i);
}

// One trial's file into out (n_items,); NAN where there is none.
static gboolean
read_trial(TreeSource *self, const char *folder, gsize trial, gsize n_items, float *out, GError **error)
{
  g_autofree char *name = dup_numbered(self, folder, trial);
  if (!pct_archive_has(self->archive, name)) {
    for (gsize i = 0; i < n_items; i++)
      out[i] = NAN;
    return TRUE;
  }
  g_autofree char *shown = pct_archive_dup_shown(self->archive, name);
  g_autoptr(PctNpyArray) array = pct_archive_read(self->archive, name, error);
  if (!array)
    return FALSE;
  if (array->n_items != n_items) {
    g_autofree char *found = pct_npy_array_describe(array);
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” does not fit: expected %zu numbers as in other trials, found %s."), shown, n_items, found);
    return FALSE;
  }
  g_autofree float *values = pct_npy_array_steal_floats(array, shown, error);
  if (values && n_items > 0)
    memcpy(out, values, n_items * sizeof *out);
  return values != NULL;
}

static PctNpyArray *
read_numbered(TreeSource *self, const PctForeignArray *what, gsize first, gsize n, GError **error)
{
  g_autoptr(PctNpyArray) array = g_new0(PctNpyArray, 1);
  array->kind = PCT_NPY_FLOAT;
  array->item_size = sizeof(float);
  array->n_dims = what->n_dims;
  memcpy(array->shape, what->shape, sizeof array->shape);
  array->shape[0] = n;
  gsize row = 1;
  for (guint d = 1; d < what->n_dims; d++)
    row *= what->shape[d];
  array->n_items = n * row;
  array->data = g_try_malloc_n(MAX(array->n_items, 1), sizeof(float));
  if (!array->data) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for “%s”."), what->name);
    return NULL;
  }
  for (gsize i = 0; i < n; i++)
    if (!read_trial(self, what->name, first + i, row, (float *)array->data + i * row, error) ||
        (i % 32 == 31 && !pct_run_step(self->run, 0, 0, error)))
      return NULL;
  return g_steal_pointer(&array);
}

// Of a file that is one array, which are small.
static PctNpyArray *
read_file(TreeSource *self, const char *folder, gsize first, gsize n, GError **error)
{
  g_autofree char *name = dup_file(self, folder);
  g_autoptr(PctNpyArray) array = pct_archive_read(self->archive, name, error);
  if (!array || array->n_dims == 0 || (first == 0 && n == array->shape[0]))
    return g_steal_pointer(&array);
  gsize row = array->n_items / MAX(array->shape[0], 1) * array->item_size;
  memmove(array->data, (char *)array->data + first * row, n * row);
  array->n_items = array->n_items / MAX(array->shape[0], 1) * n;
  array->shape[0] = n;
  return g_steal_pointer(&array);
}

static PctNpyArray *
tree_source_read(PctArraySource *base, guint number, gsize first, gsize n, GError **error)
{
  TreeSource *self = (TreeSource *)base;
  const PctForeignArray *what = base->arrays->pdata[number];
  return number < self->n_numbered ? read_numbered(self, what, first, n, error)
                                   : read_file(self, what->name, first, n, error);
}

static void
tree_source_free(PctArraySource *base)
{
  TreeSource *self = (TreeSource *)base;
  pct_archive_free(self->archive);
  g_free(self->root);
  pct_array_source_clear(base);
  g_free(self);
}

static const PctArraySourceClass tree_source_class = { tree_source_read, tree_source_free };

// How many trials lack a file in the folder; *sample: one that has one.
static gsize
count_absent(const TreeSource *self, const char *folder, gsize *sample)
{
  gsize absent = 0;
  for (gsize i = self->n_trials; i-- > 0;) {
    g_autofree char *name = dup_numbered(self, folder, i);
    if (pct_archive_has(self->archive, name))
      *sample = i;
    else
      absent++;
  }
  return absent;
}

// A folder of one file a trial becomes an array of all, whose dimensions of one are dropped: images are (1, H, W).
static gboolean
add_numbered(TreeSource *self, const char *folder, GError **error)
{
  gsize sample = 0, absent = count_absent(self, folder, &sample), shape[PCT_NPY_MAX_DIMS], n_items = 1;
  if (absent == self->n_trials)
    return TRUE;
  g_autofree char *name = dup_numbered(self, folder, sample);
  PctNpyHeader header;
  guint n_dims = 0;
  if (!pct_archive_read_header(self->archive, name, &header, error))
    return FALSE;
  shape[n_dims++] = self->n_trials;
  for (guint d = 0; d < header.n_dims && n_dims < PCT_NPY_MAX_DIMS; d++)
    if (header.shape[d] != 1)
      shape[n_dims++] = header.shape[d];
  for (guint d = 0; d < n_dims; d++)
    if (!g_size_checked_mul(&n_items, n_items, shape[d]) || n_items > G_MAXSIZE / sizeof(float)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” has sizes that no computer can hold."), name);
      return FALSE;
    }
  g_ptr_array_add(self->base.arrays, pct_foreign_array_new(folder, PCT_NPY_FLOAT, sizeof(float), n_dims, shape));
  self->n_numbered++;
  if (absent > 0)
    g_ptr_array_add(self->base.remarks, g_strdup_printf(
      _("%zu of %zu trials have no file in “%s”: what was withheld or not measured is missing."), absent,
      self->n_trials, folder));
  return TRUE;
}

static gboolean
add_file(TreeSource *self, const char *name, GError **error)
{
  g_autofree char *file = dup_file(self, name);
  PctNpyHeader header;
  if (!pct_archive_has(self->archive, file))
    return TRUE;
  if (!pct_archive_read_header(self->archive, file, &header, error))
    return FALSE;
  g_ptr_array_add(self->base.arrays,
                  pct_foreign_array_new(name, header.kind, header.item_size, header.n_dims, header.shape));
  return TRUE;
}

static gboolean
list_arrays(TreeSource *self, GError **error)
{
  static const char *const numbered[] = { "data/images", "data/responses", "data/behavior", "data/pupil_center" };
  static const char *const files[] = { TIERS, "meta/neurons/unit_ids", "meta/neurons/cell_motor_coordinates",
                                       "meta/neurons/area", "meta/neurons/layer", "meta/neurons/depth" };
  g_autofree char *tiers = dup_file(self, TIERS);
  PctNpyHeader header;
  if (!pct_archive_read_header(self->archive, tiers, &header, error))
    return FALSE;
  self->n_trials = header.n_items;
  if (self->n_trials == 0 || self->n_trials > G_MAXINT) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” has the tiers of %zu trials."), tiers, self->n_trials);
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(numbered); i++)
    if (!add_numbered(self, numbered[i], error) || !pct_run_step(self->run, 0, 0, error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(files); i++)
    if (!add_file(self, files[i], error))
      return FALSE;
  return TRUE;
}

PctArraySource *
pct_tree_source_open(const char *path, const PctRun *run, GError **error)
{
  g_return_val_if_fail(path, NULL);
  g_autoptr(PctArchive) archive = pct_archive_open(path, run, error);
  g_autofree char *root = archive ? pct_file_tree_find_root(archive) : NULL;
  g_autofree char *tiers = root ? g_strconcat(root, TIERS ".npy", NULL) : NULL;
  if (!tiers || !pct_archive_has(archive, tiers))
    return NULL;
  TreeSource *self = g_new0(TreeSource, 1);
  pct_array_source_init(&self->base, &tree_source_class, path, "file tree");
  self->archive = g_steal_pointer(&archive);
  self->root = g_steal_pointer(&root);
  self->run = run;
  if (list_arrays(self, error))
    return &self->base;
  tree_source_free(&self->base);
  return NULL;
}
