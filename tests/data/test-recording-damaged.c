// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are damaged, incomplete, hostile or something else: each is refused with a sentence that names it.
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>
#include "base/error.h"
#include "data/npy.h"
#include "data/recording-file.h"
#include "data/recording-hash.h"
#include "recording-files.h"

static void
refuse(const char *path, PctError code, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_path_get_basename(path);
  g_autoptr(PctRecording) recording = pct_recording_open(path, NULL, &error);
  g_assert_null(recording);
  g_test_message("%s", error->message);
  g_assert_error(error, PCT_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, name));
  g_assert_nonnull(strstr(error->message, word));
}

static void
refuse_content(const FilesContent *content, PctError code, const char *word)
{
  g_autofree char *path = files_write_npz(content, "bad.npz");
  refuse(path, code, word);
}

// Train alone is a recording; anything without train is not.
static void
test_tiers(void)
{
  FilesContent content = files_sound();
  const char *const train[N] = { "train", "train", "train", "train", "train", "train" };
  files_spell(content.tiers, train, N);
  g_autofree char *path = files_write_npz(&content, "train.npz");
  g_autoptr(PctRecording) recording = files_open(path);
  int n;
  pct_recording_get_tier_trials(recording, PCT_TIER_TEST, &n);
  g_assert_cmpint(n, ==, 0);
  const char *const test[N] = { "test", "test", "test", "test", "test", "test" };
  files_spell(content.tiers, test, N);
  refuse_content(&content, PCT_ERROR_SHAPE, "train");
  const char *const other[N] = { "train", "train", "training", "test", "test", "test" };
  files_spell(content.tiers, other, N);
  refuse_content(&content, PCT_ERROR_FORMAT, "“training” at trial 2");
}

static void
test_npz_refusals(void)
{
  const char *const arrays[] = { "images", "responses", "tiers" };
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++) {
    FilesContent content = files_sound();
    content.leave_out = arrays[i];
    refuse_content(&content, PCT_ERROR_FORMAT, arrays[i]);
  }
  FilesContent content = files_sound();
  content.leave_out = "image_index";
  refuse_content(&content, PCT_ERROR_SHAPE, "5 images and responses to 6 trials");
  content = files_sound();
  content.n_tiers = N - 1;
  refuse_content(&content, PCT_ERROR_SHAPE, "6 trials");
  content = files_sound();
  content.index[4] = K;
  refuse_content(&content, PCT_ERROR_SHAPE, "trial 4");
  content = files_sound();
  content.responses[2 * M + 3] = NAN;
  refuse_content(&content, PCT_ERROR_FORMAT, "trial 2, neuron 3");
  content = files_sound();
  content.responses[2 * M + 3] = -3e38f;
  refuse_content(&content, PCT_ERROR_FORMAT, "-3e+38");
  content = files_sound();
  content.n_images = 0;
  refuse_content(&content, PCT_ERROR_SHAPE, "0 images");
}

// Cut at every length, and with every byte changed: an error or a recording (a changed date is none of ours), no crash,
// and never other values than were written.
static void
test_npz_damaged(void)
{
  FilesContent content = files_sound();
  g_autofree char *path = files_write_npz(&content, "a.npz"), *bad = files_in_folder("bad.npz"), *bytes = NULL;
  gsize n;
  g_autoptr(PctRecording) whole = files_open(path);
  g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
  for (gsize i = 0; i < n; i += i < 64 ? 1 : 13) {
    g_assert_true(g_file_set_contents(bad, bytes, (gssize)i, NULL));
    refuse(bad, PCT_ERROR_FORMAT, i < 4 ? "is not a recording" : "damaged");
  }
  for (gsize i = 0; i < n; i += 3) {
    bytes[i] ^= 0x15;
    g_assert_true(g_file_set_contents(bad, bytes, (gssize)n, NULL));
    bytes[i] ^= 0x15;
    g_autoptr(GError) error = NULL;
    g_autoptr(PctRecording) recording = pct_recording_open(bad, NULL, &error);
    g_assert_true(!recording == !!error);
    if (recording && pct_recording_get_data(recording)->image_index)
      g_assert_cmpstr(pct_recording_get_fingerprint(recording), ==, pct_recording_get_fingerprint(whole));
  }
}

static char *
write_raw_npz(const char *name, const char *header, gsize n_data, gsize claimed)
{
  char *path = files_in_folder(name);
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  gsize length = strlen(header), n = 10 + length + n_data;
  guint8 *bytes = calloc(1, n);
  memcpy(bytes, "\x93NUMPY\1\0", 8);
  bytes[8] = (guint8)length;
  memcpy(bytes + 10, header, length);
  zip_int64_t index = zip_file_add(zip, "images.npy", zip_source_buffer(zip, bytes, n, 1), 0);
  zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 9);
  g_assert_cmpint(zip_close(zip), ==, 0);
  if (claimed) {  // the uncompressed size, in the local and in the central header
    g_autofree char *content = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &content, &size, NULL));
    guint32 value = GUINT32_TO_LE((guint32)claimed);
    memcpy(content + 22, &value, 4);
    for (gsize i = size - 22 - 200; i + 46 < size; i++)
      if (memcmp(content + i, "PK\1\2", 4) == 0)
        memcpy(content + i + 24, &value, 4);
    g_assert_true(g_file_set_contents(path, content, (gssize)size, NULL));
  }
  return path;
}

static void
test_npz_bombs(void)
{
  g_autofree char *many = write_raw_npz("many.npz",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}", 4096, 0);
  refuse(many, PCT_ERROR_FORMAT, "4000000000000");
  const char *header = "{'descr': '|u1', 'fortran_order': False, 'shape': (4000000000, 1, 1)}";
  g_autofree char *lying = write_raw_npz("lying.npz", header, 4096, 4000000000u + 10 + strlen(header));
  // Before four gigabytes are asked for, not after.
  refuse(lying, PCT_ERROR_FORMAT, "images.npy” is cut short or damaged (it claims to be larger");
  const char *small = "{'descr': '|u1', 'fortran_order': False, 'shape': (9000, 1, 1)}";
  g_autofree char *longer = write_raw_npz("longer.npz", small, 9100, 9000 + 10 + strlen(small));
  refuse(longer, PCT_ERROR_FORMAT, "images.npy");
  g_autofree char *objects = write_raw_npz("objects.npz",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8, 0);
  refuse(objects, PCT_ERROR_UNSUPPORTED, "pickled");
  g_autofree char *negative = write_raw_npz("negative.npz",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 2, 2)}", 8, 0);
  refuse(negative, PCT_ERROR_FORMAT, "images.npy");
}

static void
test_tree_refusals(void)
{
  FilesContent content = files_sound();
  g_autofree char *tree = files_write_tree(&content, "tree"), *zip = NULL;
  g_autofree char *second = g_build_filename(tree, "data/images/2.npy", NULL);
  // Other files are passed over ...
  files_put_text(tree, "data/images/notes.txt", "what was seen");
  files_put_text(tree, "data/responses/.DS_Store", "");
  files_put_text(tree, "readme.txt", "hello");
  g_autoptr(PctRecording) recording = files_open(tree);
  files_check(recording);
  // ... unless they are all there is of a trial, or claim to be one.
  g_assert_cmpint(g_unlink(second), ==, 0);
  refuse(tree, PCT_ERROR_FORMAT, "no “2.npy”");
  refuse(tree, PCT_ERROR_FORMAT, "notes.txt");
  zip = files_zip_tree(tree, "tree.zip");
  refuse(zip, PCT_ERROR_FORMAT, "no “2.npy”");
  files_put_text(tree, "data/images/2.npy", "this is text");
  refuse(tree, PCT_ERROR_FORMAT, "data/images/2.npy");
  const gsize wrong[] = { 1, H, W + 1 };
  const float pixels[H * (W + 1)] = { 0 };
  g_assert_true(pct_npy_save(second, PCT_NPY_FLOAT, 4, 3, wrong, pixels, NULL));
  refuse(tree, PCT_ERROR_SHAPE, "3×4 pixels");
  g_assert_true(pct_npy_save(second, PCT_NPY_FLOAT, 4, 3, (const gsize[]){ 1, H, W }, pixels, NULL));
  g_autofree char *good = g_build_filename(tree, "data/images/6.npy", NULL);
  g_assert_true(pct_npy_save(good, PCT_NPY_FLOAT, 4, 3, (const gsize[]){ 1, H, W }, pixels, NULL));
  refuse(tree, PCT_ERROR_SHAPE, "6.npy");
  g_unlink(good);
  g_autofree char *tiers = g_build_filename(tree, "meta/trials/tiers.npy", NULL);
  g_unlink(tiers);
  refuse(tree, PCT_ERROR_FORMAT, "tiers.npy");
}

static void
test_other_files(void)
{
  const struct {
    const char *name, *content, *word;
  } cases[] = {
    { "text.npz", "hello, this is a text", "another kind of file" },
    { "empty.npz", "", "an empty file" },
    { "new.mat", "\x89HDF\r\n\x1a\n....", "HDF5" },
    { "old.mat", "MATLAB 5.0 MAT-file, Platform", "MAT" },
    { "single.npy", "\x93NUMPY\1", ".npy array" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    files_put_text(files_folder, cases[i].name, cases[i].content);
    g_autofree char *path = files_in_folder(cases[i].name);
    refuse(path, PCT_ERROR_FORMAT, cases[i].word);
  }
  g_autofree char *none = files_in_folder("none.npz"), *bare = files_in_folder("bare");
  g_autofree char *odd = write_raw_npz("x.npz", "{}", 0, 0);
  refuse(none, PCT_ERROR_IO, "none.npz");
  refuse(odd, PCT_ERROR_FORMAT, "images.npy");
  g_mkdir(bare, 0755);
  refuse(bare, PCT_ERROR_FORMAT, "it is empty");
  refuse("/dev/null", PCT_ERROR_IO, "neither");
}

int
main(int argc, char **argv)
{
  static const FilesTest tests[] = {
    { "/recording-damaged/tiers", test_tiers },
    { "/recording-damaged/npz-refusals", test_npz_refusals },
    { "/recording-damaged/npz-damaged", test_npz_damaged },
    { "/recording-damaged/npz-bombs", test_npz_bombs },
    { "/recording-damaged/tree-refusals", test_tree_refusals },
    { "/recording-damaged/other-files", test_other_files },
  };
  return files_run(argc, argv, tests, G_N_ELEMENTS(tests));
}
