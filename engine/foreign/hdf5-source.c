// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/hdf5-source.h"
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "foreign/hdf5-ids.h"
#include "foreign/hdf5-read.h"
#include "foreign/source-list.h"

#define DEEPEST 32
#define MOST_LINKS 200000

typedef struct {
  char *dataset;       // where its values are; NULL: computed
  double start, rate;  // seconds, per second
} Entry;

typedef struct {
  PctArraySource base;
  hid_t file;
  GPtrArray *entries;  // of Entry, as base.arrays
} Hdf5Source;

typedef struct {
  Hdf5Source *source;
  PctSourceList list;
  GHashTable *seen;  // identities of objects
  gsize n_bytes;     // of the file
  hid_t access;
  gboolean is_nwb;
  guint n_links;
  GPtrArray *soft;   // paths of soft links, followed when all else is listed: an array has the name of its own place
  const PctRun *run;
  GError **error;    // of a stop
} Listing;

// Of one group, while its links are visited.
typedef struct {
  Listing *listing;
  const char *path;
  int depth;
} Visit;

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_free(entry->dataset);
  g_free(entry);
}

static void
hdf5_source_free(PctArraySource *base)
{
  Hdf5Source *self = (Hdf5Source *)base;
  if (self->file >= 0)
    H5Fclose(self->file);
  g_ptr_array_unref(self->entries);
  pct_array_source_clear(base);
  g_free(self);
}

static PctNpyArray *
hdf5_source_read(PctArraySource *base, guint number, gsize first, gsize n, GError **error)
{
  Hdf5Source *self = (Hdf5Source *)base;
  const Entry *entry = self->entries->pdata[number];
  const PctForeignArray *array = base->arrays->pdata[number];
  g_autofree char *joined = g_strconcat(base->shown, "/", array->name, NULL), *shown = g_utf8_make_valid(joined, -1);
  if (!entry->dataset) {
    PctNpyArray *times = pct_npy_array_new(PCT_NPY_FLOAT, sizeof(double), 1, &n, shown, error);
    for (gsize i = 0; times && i < n; i++)
      ((double *)times->data)[i] = entry->start + (double)(first + i) / entry->rate;
    return times;
  }
  g_auto(PctHid) access = pct_hdf5_link_access_new();
  g_auto(PctHid) dataset = H5Oopen(self->file, entry->dataset, access);
  if (dataset < 0 || H5Iget_type(dataset) != H5I_DATASET) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The values of “%s” are damaged."), shown);
    return NULL;
  }
  return pct_hdf5_read(dataset, array, first, n, shown, error);
}

static const PctArraySourceClass hdf5_source_class = { hdf5_source_read, hdf5_source_free };

// What tells an object from all others of the file, whatever the links that lead to it.
static char *
dup_identity(hid_t object)
{
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  if (H5Oget_info3(object, &info, H5O_INFO_BASIC) < 0)
    return NULL;
  return g_base64_encode((const guchar *)&info.token, sizeof info.token);
#else
  H5O_info_t info;
  if (H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0)
    return NULL;
  return g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)info.addr);
#endif
}

static void
add(Listing *listing, PctForeignArray *array, const char *dataset, double start, double rate)
{
  if (!pct_source_list_add_take(&listing->list, array))
    return;
  Entry *entry = g_new0(Entry, 1);
  *entry = (Entry){ g_strdup(dataset), start, rate };
  g_ptr_array_add(listing->source->entries, entry);
}

// The times of an NWB series' rows, from where it starts and its rate.
static void
add_times(Listing *listing, const char *group, hid_t starting_time)
{
  g_autofree char *series = g_strconcat(group, "/data", NULL), *name = g_strconcat(group, "/timestamps", NULL);
  double start, rate;
  g_auto(PctHid) space = H5Dget_space(starting_time);
  if (space < 0 || H5Sget_simple_extent_npoints(space) != 1 ||
      H5Dread(starting_time, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &start) < 0 ||
      !pct_hdf5_get_number_attribute(starting_time, "rate", &rate) || !isfinite(start) || !isfinite(rate) || rate <= 0 ||
      H5Lexists(listing->source->file, series, listing->access) <= 0 ||
      H5Lexists(listing->source->file, name, listing->access) > 0)
    return;
  g_auto(PctHid) data = H5Oopen(listing->source->file, series, listing->access);
  const char *fault;
  g_autoptr(PctForeignArray) values = data >= 0 && H5Iget_type(data) == H5I_DATASET
                                          ? pct_hdf5_describe(data, series, listing->n_bytes, &fault)
                                          : NULL;
  if (!values || values->n_dims == 0)
    return;
  PctForeignArray *times = pct_foreign_array_new(name, PCT_NPY_FLOAT, sizeof(double), 1, values->shape);
  times->note = g_strdup_printf(_("seconds; computed from the starting time and a rate of %g Hz"), rate);
  add(listing, times, NULL, start, rate);
}

static void
add_dataset(Listing *listing, const char *group, const char *path, hid_t dataset)
{
  const char *fault;
  PctForeignArray *array = pct_hdf5_describe(dataset, path, listing->n_bytes, &fault);
  if (!array) {
    pct_source_list_leave_out(&listing->list, path, fault);
    return;
  }
  array->note = pct_hdf5_dup_note(dataset);
  gboolean starts = listing->is_nwb && array->kind == PCT_NPY_FLOAT && g_str_has_suffix(path, "/starting_time");
  add(listing, array, path, 0, 0);
  if (starts)
    add_times(listing, group, dataset);
}

static gboolean list_group(Listing *listing, hid_t group, const char *path, int depth);

// FALSE: stop everything.
static gboolean
add_object(Listing *listing, const char *group, const char *path, int depth)
{
  g_auto(PctHid) object = H5Oopen(listing->source->file, path, listing->access);
  if (object < 0) {
    pct_source_list_leave_out(&listing->list, path, _("its link leads nowhere in this file, or it is damaged"));
    return TRUE;
  }
  g_autofree char *identity = dup_identity(object);
  if (!identity || !g_hash_table_add(listing->seen, g_steal_pointer(&identity)))
    return TRUE;
  if (H5Iget_type(object) == H5I_DATASET)
    add_dataset(listing, group, path, object);
  return H5Iget_type(object) != H5I_GROUP || list_group(listing, object, path, depth + 1);
}

static gboolean
add_soft_links(Listing *listing)
{
  for (guint i = 0; i < listing->soft->len; i++) {
    const char *path = listing->soft->pdata[i];
    g_autofree char *group = g_path_get_dirname(path);
    int depth = 0;
    for (const char *at = path; (at = strchr(at, '/')); at++)
      depth++;
    if (!add_object(listing, group, path, depth))
      return FALSE;
  }
  return TRUE;
}

static herr_t
visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
  const Visit *visit = data;
  Listing *listing = visit->listing;
  g_autofree char *path = g_strconcat(visit->path, *visit->path ? "/" : "", name, NULL);
  if (++listing->n_links > MOST_LINKS) {
    pct_source_list_leave_out(&listing->list, path, _("there are too many arrays"));
    return 1;
  }
  if (listing->n_links % 64 == 0 && !pct_run_step(listing->run, listing->n_links, 0, listing->error))
    return -1;
  if (info->type != H5L_TYPE_HARD && info->type != H5L_TYPE_SOFT) {
    pct_source_list_leave_out(&listing->list, path, _("it lies in another file"));
    return 0;
  }
  if (info->type == H5L_TYPE_SOFT) {
    g_ptr_array_add(listing->soft, g_steal_pointer(&path));
    return 0;
  }
  return add_object(listing, visit->path, path, visit->depth) ? 0 : -1;
}

static gboolean
list_group(Listing *listing, hid_t group, const char *path, int depth)
{
  Visit visit = { listing, path, depth };
  hsize_t at = 0;
  if (depth == DEEPEST) {
    pct_source_list_leave_out(&listing->list, path, _("it is nested too deeply"));
    return TRUE;
  }
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &at, visit_link, &visit) < 0) {
    if (*listing->error)
      return FALSE;
    pct_source_list_leave_out(&listing->list, path, _("it is damaged"));
  }
  return TRUE;
}

static hid_t
open_file(const char *path)
{
  pct_hdf5_make_safe();
  g_auto(PctHid) access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
#if H5_VERSION_GE(1, 10, 7)
  // Nothing is written, and folders of other machines often cannot lock.
  H5Pset_file_locking(access, FALSE, TRUE);
#endif
  return H5Fopen(path, H5F_ACC_RDONLY, access);
}

PctArraySource *
pct_hdf5_source_open(const char *path, const PctRun *run, GError **error)
{
  g_autoptr(GError) stopped = NULL;
  Hdf5Source *self = g_new0(Hdf5Source, 1);
  pct_array_source_init(&self->base, &hdf5_source_class, path, "HDF5");
  g_autoptr(PctArraySource) source = &self->base;
  self->entries = g_ptr_array_new_with_free_func(entry_free);
  self->file = open_file(path);
  GStatBuf status;
  if (self->file < 0 || g_stat(path, &status) != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is cut short or damaged: expected a whole HDF5 file, found one that does not open."),
                source->shown);
    return NULL;
  }
  g_auto(PctHid) access = pct_hdf5_link_access_new();
  g_auto(PctSourceList) list = { 0 };
  pct_source_list_init(&list, source);
  Listing listing = { self, list, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), (gsize)status.st_size,
                      access, FALSE, 0, g_ptr_array_new_with_free_func(g_free), run, &stopped };
  g_auto(PctHid) root = H5Gopen2(self->file, "/", H5P_DEFAULT);
  listing.is_nwb = root >= 0 && (H5Aexists(root, "nwb_version") > 0 ||
                                 H5Lexists(root, "nwb_version", H5P_DEFAULT) > 0);
  if (listing.is_nwb)
    source->format = "NWB";
  char *identity = root >= 0 ? dup_identity(root) : NULL;
  if (identity)
    g_hash_table_add(listing.seen, identity);
  gboolean ok = root < 0 || (list_group(&listing, root, "", 0) && add_soft_links(&listing));
  g_hash_table_unref(listing.seen);
  g_ptr_array_unref(listing.soft);
  if (!ok) {
    g_propagate_error(error, g_steal_pointer(&stopped));
    return NULL;
  }
  return pct_source_list_finish(&listing.list, error) ? g_steal_pointer(&source) : NULL;
}
