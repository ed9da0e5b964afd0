// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib/gstdio.h>
#include <hdf5.h>
#include <string.h>
#include "base/error.h"
#include "damage.h"
#include "samples.h"

static void
test_types(void)
{
  g_autoptr(GPtrArray) sources = open_sample("plain.h5");
  PctArraySource *source = sources->pdata[0];
  g_assert_cmpstr(source->format, ==, "HDF5");
  static const struct { const char *name; PctNpyKind kind; gsize item_size; double first; } types[] = {
    { "i1", PCT_NPY_INT, 1, 0 }, { "u1", PCT_NPY_UINT, 1, 0 }, { "i2", PCT_NPY_INT, 2, 0 },
    { "u2", PCT_NPY_UINT, 2, 0 }, { "i4", PCT_NPY_INT, 4, 0 }, { "u4", PCT_NPY_UINT, 4, 0 },
    { "i8", PCT_NPY_INT, 8, 0 }, { "u8", PCT_NPY_UINT, 8, 0 }, { "f2", PCT_NPY_FLOAT, 4, .5 },
    { "f4", PCT_NPY_FLOAT, 4, .5 }, { "f8", PCT_NPY_FLOAT, 8, .5 },
  };
  for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
    g_autofree char *name = g_strconcat("types/", types[i].name, NULL);
    COUNTED(source, name, types[i].first, types[i].kind, types[i].item_size, 2, 3);
  }
  check_texts(source, "fixed", "train|test");
  check_texts(source, "names", "first|second café|");
  check_texts(source, "title", "a session");
  g_autoptr(PctNpyArray) flag = READ(source, "flag", 3), kind = READ(source, "kind", 2), number = READ(source, "number", 0);
  g_assert_cmpint(flag->kind, ==, PCT_NPY_BOOL);
  g_assert_cmpmem(flag->data, 3, "\1\0\1", 3);
  g_assert_cmpint(kind->kind, ==, PCT_NPY_UINT);
  g_assert_cmpmem(kind->data, 2, "\2\1", 2);
  g_assert_cmpfloat(*(double *)number->data, ==, 4.5);
}

// One object, one name; no other file; no end of a cycle is waited for.
static void
test_links(void)
{
  g_autoptr(GPtrArray) sources = open_sample("plain.h5");
  PctArraySource *source = sources->pdata[0];
  COUNTED(source, "another/name", .5, PCT_NPY_FLOAT, 4, 50, 7);
  g_assert_cmpint(find_array(source, "packed/resp"), ==, -1);
  g_assert_cmpint(find_array(source, "a soft link"), ==, -1);
  const PctForeignArray *resp = source->arrays->pdata[find_array(source, "another/name")];
  g_assert_cmpstr(resp->note, ==, "responses of cells; dF/F");
  check_remark(source, "elsewhere");
  check_remark(source, "a dead link” and 1 other");
  check_remark(source, "records");
  check_remark(source, "references");
  check_remark(source, "empty");
}

static void
test_nwb(void)
{
  g_autoptr(GPtrArray) sources = open_sample("session.nwb");
  PctArraySource *source = sources->pdata[0];
  g_assert_cmpstr(source->format, ==, "NWB");
  COUNTED(source, "processing/behavior/running/data", .5, PCT_NPY_FLOAT, 4, 6);
  int times = find_array(source, "processing/behavior/running/timestamps");
  g_assert_cmpint(times, >=, 0);
  g_assert_nonnull(strstr(((const PctForeignArray *)source->arrays->pdata[times])->note, "computed"));
  g_autoptr(PctNpyArray) computed = READ(source, "processing/behavior/running/timestamps", 6);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat(((double *)computed->data)[i], ==, 2 + i / 4.0);
  g_autoptr(PctNpyArray) some = source->class->read(source, (guint)times, 3, 2, NULL);
  g_assert_cmpfloat(((double *)some->data)[0], ==, 2.75);
  g_autoptr(PctNpyArray) ends = READ(source, "units/spike_times_index", 3);
  g_assert_cmpint(((guint32 *)ends->data)[2], ==, 9);
  check_texts(source, "intervals/natural_images/image", "a|b|a");
  check_remark(source, "electrodes");
}

typedef struct {
  char *folder, *path;
  hid_t file;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder();
  fixture->path = g_build_filename(fixture->folder, "made.h5", NULL);
  fixture->file = H5Fcreate(fixture->path, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
  g_assert_cmpint(fixture->file, >=, 0);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  remove_folder(fixture->folder);
  g_free(fixture->folder);
  g_free(fixture->path);
}

// A float64 dataset to which nothing is written. plist: H5P_DEFAULT, or taken.
static void
declare(Fixture *fixture, const char *name, hsize_t n, hid_t plist)
{
  hid_t space = H5Screate_simple(1, &n, NULL);
  hid_t dataset = H5Dcreate2(fixture->file, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, plist, H5P_DEFAULT);
  g_assert_cmpint(dataset, >=, 0);
  H5Dclose(dataset);
  H5Sclose(space);
  if (plist != H5P_DEFAULT)
    H5Pclose(plist);
}

static hid_t
chunked(hsize_t chunk)
{
  hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(plist, 1, &chunk);
  return plist;
}

// 80 GB in a file of some kB, however it is laid out.
static void
test_giants(Fixture *fixture, gconstpointer data)
{
  declare(fixture, "contiguous", 10000000000, H5P_DEFAULT);
  declare(fixture, "chunked", 10000000000, chunked(1000));
  hid_t packed = chunked(1000);
  H5Pset_deflate(packed, 9);
  declare(fixture, "packed", 10000000000, packed);
  H5Fclose(fixture->file);
  refuse_path(fixture->path, PCT_ERROR_UNSUPPORTED, "and 2 others are left out: it declares more than the file holds");
}

// Values in another file are somebody else's.
static void
test_other_files(Fixture *fixture, gconstpointer data)
{
  hid_t external = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(external, "/etc/passwd", 0, 80);
  declare(fixture, "external", 10, external);
  H5Fclose(fixture->file);
  refuse_path(fixture->path, PCT_ERROR_UNSUPPORTED, "lie in other files");
}

static void
test_unknown_filter(Fixture *fixture, gconstpointer data)
{
  hid_t plist = chunked(10);
  H5Pset_filter(plist, 32001, H5Z_FLAG_OPTIONAL, 0, NULL);
  declare(fixture, "blosc", 100, plist);
  declare(fixture, "plain", 3, H5P_DEFAULT);
  H5Fclose(fixture->file);
  g_autoptr(GPtrArray) sources = open_path(fixture->path);
  g_assert_cmpint(find_array(sources->pdata[0], "blosc"), ==, -1);
  check_remark(sources->pdata[0], "packed by a filter");
  // Never written: zeros.
  g_autoptr(PctNpyArray) plain = READ((PctArraySource *)sources->pdata[0], "plain", 3);
  g_assert_cmpfloat(((double *)plain->data)[2], ==, 0);
}

static void
test_thousands(Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 12000; i++) {
    g_autofree char *name = g_strdup_printf("d%05d", i);
    declare(fixture, name, i % 2000 ? 0 : 1, H5P_DEFAULT);
  }
  H5Fclose(fixture->file);
  g_autoptr(GPtrArray) sources = open_path(fixture->path);
  const PctArraySource *source = sources->pdata[0];
  g_assert_cmpuint(source->arrays->len, ==, 6);
  g_assert_cmpuint(source->remarks->len, ==, 1);
  check_remark(source, "11993 others");
}

static void
test_deep_and_cyclic(Fixture *fixture, gconstpointer data)
{
  hid_t at = H5Gopen2(fixture->file, "/", H5P_DEFAULT);
  for (int i = 0; i < 100; i++) {
    hid_t inner = H5Gcreate2(at, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_hard(fixture->file, "/", inner, "top", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("..", inner, "up", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/g/loop", inner, "loop", H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(at);
    at = inner;
  }
  H5Gclose(at);
  declare(fixture, "x", 3, H5P_DEFAULT);
  H5Fclose(fixture->file);
  g_autoptr(GPtrArray) sources = open_path(fixture->path);
  const PctArraySource *source = sources->pdata[0];
  g_assert_cmpuint(source->arrays->len, ==, 1);
  check_remark(source, "nested too deeply");
}

static void
test_cut_short(Fixture *fixture, gconstpointer data)
{
  H5Fclose(fixture->file);
  g_autofree char *whole = sample_path("plain.h5"), *bytes = NULL;
  gsize n;
  g_assert_true(g_file_get_contents(whole, &bytes, &n, NULL));
  g_assert_true(g_file_set_contents(fixture->path, bytes, (gssize)n / 2, NULL));
  refuse_path(fixture->path, PCT_ERROR_FORMAT, "cut short");
}

static void
test_damaged(void)
{
  check_damaged("plain.h5", 300, TRUE);
  check_damaged("session.nwb", 300, TRUE);
}

#define ADD(name, func) g_test_add("/hdf5/" name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/hdf5/types", test_types);
  g_test_add_func("/hdf5/links", test_links);
  g_test_add_func("/hdf5/nwb", test_nwb);
  ADD("giants", test_giants);
  ADD("other-files", test_other_files);
  ADD("unknown-filter", test_unknown_filter);
  ADD("thousands", test_thousands);
  ADD("deep-and-cyclic", test_deep_and_cyclic);
  ADD("cut-short", test_cut_short);
  g_test_add_func("/hdf5/damaged", test_damaged);
  return g_test_run();
}
