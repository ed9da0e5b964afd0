// SPDX-License-Identifier: GPL-3.0-or-later
// Whole files, sound and damaged, in the three layouts.
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>
#include "base/error.h"
#include "data/half.h"
#include "data/npz-writer.h"
#include "data/recording-file.h"
#include "data/recording-hash.h"

enum { K = 5, H = 3, W = 4, N = 6, M = 8 };

static char *folder;  // of the test that runs

static const char *const tier_words[N] = { "train", "train", "train", "validation", "test", "test" };
static const gint32 image_index[N] = { 0, 1, 2, 3, 4, 4 };

static char *
in_folder(const char *name)
{
  return g_build_filename(folder, name, NULL);
}

static void
remove_tree(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    remove_tree(inside);
  }
  g_remove(path);
}

static void
spell(guint32 *text, const char *const *words, int n)
{
  memset(text, 0, sizeof(guint32) * 10 * (gsize)n);
  for (int i = 0; i < n; i++)
    for (int j = 0; words[i][j]; j++)
      text[i * 10 + j] = (guint32)words[i][j];
}

// What a test may change before the file is written.
typedef struct {
  const char *leave_out;
  gsize n_images, n_trials, n_tiers;
  float images[K * H * W], responses[N * M];
  gint32 index[N];
  guint32 tiers[N * 10];
} Content;

static Content
sound(void)
{
  Content content = { NULL, K, N, N };
  for (int i = 0; i < K * H * W; i++)
    content.images[i] = (float)((i * 29) % 256);
  for (int i = 0; i < N * M; i++)
    content.responses[i] = (float)(i % 17) * 0.25f - 1;
  memcpy(content.index, image_index, sizeof image_index);
  spell(content.tiers, tier_words, N);
  return content;
}

static char *
write_npz(const Content *content, const char *name)
{
  const gsize images[] = { content->n_images, H, W }, responses[] = { content->n_trials, M };
  g_autoptr(PctNpzWriter) writer = pct_npz_writer_new();
  const char *out = content->leave_out ? content->leave_out : "";
  if (strcmp(out, "images") != 0)
    pct_npz_writer_add(writer, "images", PCT_NPY_FLOAT, 4, 3, images, content->images);
  if (strcmp(out, "responses") != 0)
    pct_npz_writer_add(writer, "responses", PCT_NPY_FLOAT, 4, 2, responses, content->responses);
  if (strcmp(out, "image_index") != 0)
    pct_npz_writer_add(writer, "image_index", PCT_NPY_INT, 4, 1, &content->n_trials, content->index);
  if (strcmp(out, "tiers") != 0)
    pct_npz_writer_add(writer, "tiers", PCT_NPY_UNICODE, 40, 1, &content->n_tiers, content->tiers);
  char *path = in_folder(name);
  g_autoptr(GError) error = NULL;
  pct_npz_writer_save(writer, path, NULL, &error);
  g_assert_no_error(error);
  return path;
}

// The same as a file tree, where every trial has an image of its own.
static char *
write_tree(const Content *content, const char *name)
{
  char *root = in_folder(name);
  const char *const folders[] = { "data/images", "data/responses", "meta/trials", "meta/neurons" };
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = g_build_filename(root, folders[i], NULL);
    g_assert_cmpint(g_mkdir_with_parents(path, 0755), ==, 0);
  }
  const gsize image[] = { 1, H, W }, m = M, n = N, position[] = { M, 3 };
  for (int i = 0; i < N; i++) {
    g_autofree char *file = g_strdup_printf("%s/data/images/%d.npy", root, i);
    g_assert_true(pct_npy_save(file, PCT_NPY_FLOAT, 4, 3, image, content->images + content->index[i] * H * W, NULL));
    g_autofree char *other = g_strdup_printf("%s/data/responses/%d.npy", root, i);
    g_assert_true(pct_npy_save(other, PCT_NPY_FLOAT, 4, 1, &m, content->responses + i * M, NULL));
  }
  gint64 ids[M], positions[M * 3];
  for (int i = 0; i < M * 3; i++)
    ids[i % M] = positions[i] = i + 100;
  g_autofree char *tiers = g_strdup_printf("%s/meta/trials/tiers.npy", root);
  g_assert_true(pct_npy_save(tiers, PCT_NPY_UNICODE, 40, 1, &n, content->tiers, NULL));
  g_autofree char *unit_ids = g_strdup_printf("%s/meta/neurons/unit_ids.npy", root);
  g_assert_true(pct_npy_save(unit_ids, PCT_NPY_INT, 8, 1, &m, ids, NULL));
  g_autofree char *cells = g_strdup_printf("%s/meta/neurons/cell_motor_coordinates.npy", root);
  g_assert_true(pct_npy_save(cells, PCT_NPY_INT, 8, 2, position, positions, NULL));
  return root;
}

static void
add_to_zip(zip_t *zip, const char *path, const char *name)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *child; dir && (child = g_dir_read_name(dir));) {
    g_autofree char *inside = g_build_filename(path, child, NULL), *inner = g_strdup_printf("%s/%s", name, child);
    add_to_zip(zip, inside, inner);
  }
  if (!dir) {
    zip_int64_t index = zip_file_add(zip, name, zip_source_file(zip, path, 0, 0), 0);
    g_assert_cmpint(index, >=, 0);
    zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 9);
  }
}

static char *
zip_tree(const char *root, const char *name)
{
  char *path = in_folder(name);
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  g_assert_nonnull(zip);
  add_to_zip(zip, root, "static1-2-3");
  g_assert_cmpint(zip_close(zip), ==, 0);
  return path;
}

static PctRecording *
open_sound(const char *path)
{
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_open(path, NULL, &error);
  g_assert_no_error(error);
  return recording;
}

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
refuse_content(const Content *content, PctError code, const char *word)
{
  g_autofree char *path = write_npz(content, "bad.npz");
  refuse(path, code, word);
}

static void
put_text(const char *path, const char *name, const char *text)
{
  g_autofree char *file = g_build_filename(path, name, NULL);
  g_assert_true(g_file_set_contents(file, text, -1, NULL));
}

static void
check_sound(PctRecording *recording)
{
  Content content = sound();
  float image[H * W], responses[M];
  g_assert_cmpint(pct_recording_get_n_images(recording), ==, K);
  g_assert_cmpint(pct_recording_get_n_trials(recording), ==, N);
  g_assert_cmpint(pct_recording_get_height(recording), ==, H);
  g_assert_cmpint(pct_recording_get_width(recording), ==, W);
  for (int i = 0; i < N; i++) {
    g_assert_cmpint(pct_recording_get_trial_image(recording, i), ==, image_index[i]);
    g_assert_cmpstr(pct_tier_get_name(pct_recording_get_trial_tier(recording, i)), ==, tier_words[i]);
    pct_recording_read_responses(recording, i, responses);
    g_assert_cmpmem(responses, sizeof responses, content.responses + i * M, sizeof responses);
    pct_recording_read_image(recording, image_index[i], image);
    g_assert_cmpmem(image, sizeof image, content.images + image_index[i] * H * W, sizeof image);
  }
  g_assert_false(pct_recording_is_averaged(recording));
}

static void
test_layouts(void)
{
  Content content = sound();
  g_autofree char *npz = write_npz(&content, "a.npz"), *tree = write_tree(&content, "tree");
  g_autofree char *zip = zip_tree(tree, "tree.zip"), *saved = in_folder("saved.npz");
  g_autoptr(PctRecording) first = open_sound(npz), second = open_sound(tree), third = open_sound(zip);
  g_autoptr(GError) error = NULL;
  pct_recording_save(second, saved, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(PctRecording) fourth = open_sound(saved);
  PctRecording *all[] = { first, second, third, fourth };
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    check_sound(all[i]);
    g_assert_cmpstr(pct_recording_get_fingerprint(all[i]), ==, pct_recording_get_fingerprint(first));
    // Whole grey levels are held as bytes, whatever the file had.
    g_assert_nonnull(pct_recording_get_data(all[i])->image_bytes);
  }
  g_assert_cmpstr(pct_recording_get_name(first), ==, "a.npz");
  int dimensions;
  const float *positions = pct_recording_get_cell_positions(fourth, &dimensions);
  g_assert_cmpint(dimensions, ==, 3);
  g_assert_cmpfloat(positions[7], ==, 107);
  g_assert_cmpint(pct_recording_get_unit_id(fourth, 7), ==, 100 + 23);
}

// Responses keep their type, fractional images stay floats, optional arrays come back.
static void
test_save(void)
{
  for (int variant = 0; variant < 4; variant++) {
    PctRecordingData data = { .n_images = 2, .height = 1, .width = 2, .n_trials = 3, .n_neurons = 2,
                              .position_dimensions = 2, .averaged = variant & 1 };
    data.image_floats = g_memdup2((const float[]){ 0, 255, 3, variant & 2 ? 3.5f : 4 }, 4 * sizeof(float));
    const float responses[] = { 1, 0.1f, 3, 4, -5, 6 };
    data.responses_half = g_new(guint16, 6);
    pct_half_from_float(data.responses_half, responses, 6);
    if (variant & 2) {
      data.responses_float = g_memdup2(responses, sizeof responses);
      g_clear_pointer(&data.responses_half, g_free);
    }
    data.image_index = g_memdup2((const gint32[]){ 1, 0, 1 }, 12);
    data.tiers = g_memdup2((const guint8[]){ 0, 1, 2 }, 3);
    data.unit_ids = g_memdup2((const gint64[]){ G_MAXINT64, -7 }, 16);
    data.cell_positions = g_memdup2((const float[]){ 1, 2, 3, 4.5f }, 16);
    data.trial_repeat = g_memdup2((const gint32[]){ 0, 0, 1 }, 12);
    g_autoptr(GError) error = NULL;
    g_autoptr(PctRecording) recording = pct_recording_new_take(&data, &error);
    g_assert_no_error(error);
    g_autofree char *path = in_folder("s.npz");
    pct_recording_save(recording, path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(PctRecording) back = open_sound(path);
    const PctRecordingData *old = pct_recording_get_data(recording), *new = pct_recording_get_data(back);
    g_assert_cmpint(new->averaged, ==, variant & 1);
    g_assert_cmpint(new->image_bytes != NULL, ==, !(variant & 2));
    g_assert_cmpint(new->responses_half != NULL, ==, !(variant & 2));
    g_assert_cmpmem(new->unit_ids, 16, old->unit_ids, 16);
    g_assert_cmpmem(new->cell_positions, 16, old->cell_positions, 16);
    g_assert_cmpmem(new->trial_repeat, 12, old->trial_repeat, 12);
    g_assert_cmpstr(pct_recording_get_fingerprint(recording), ==, pct_recording_get_fingerprint(back));
  }
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  int n = 0;
  while (g_dir_read_name(dir))
    n++;
  g_assert_cmpint(n, ==, 1);  // no temporary is left
}

static gboolean
say_stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_save_cancelled(void)
{
  Content content = sound();
  g_autofree char *path = write_npz(&content, "a.npz"), *target = in_folder("t.npz");
  put_text(folder, "t.npz", "as it was");
  g_autoptr(PctRecording) recording = open_sound(path);
  g_autoptr(GError) error = NULL;
  PctRun run = { .func = say_stop };
  g_assert_false(pct_recording_save(recording, target, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(target, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "as it was");
  g_clear_error(&error);
  g_autofree char *nowhere = in_folder("none/t.npz");
  g_assert_false(pct_recording_save(recording, nowhere, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
}

static void
test_one_row_an_image(void)
{
  Content content = sound();
  content.leave_out = "image_index";
  content.n_images = content.n_trials = content.n_tiers = K;
  g_autofree char *path = write_npz(&content, "rows.npz");
  g_autoptr(PctRecording) recording = open_sound(path);
  g_assert_true(pct_recording_is_averaged(recording));
  g_assert_cmpint(pct_recording_get_trial_image(recording, 3), ==, 3);
}

// Train alone is a recording; anything without train is not.
static void
test_tiers(void)
{
  Content content = sound();
  const char *const train[N] = { "train", "train", "train", "train", "train", "train" };
  spell(content.tiers, train, N);
  g_autofree char *path = write_npz(&content, "train.npz");
  g_autoptr(PctRecording) recording = open_sound(path);
  int n;
  pct_recording_get_tier_trials(recording, PCT_TIER_TEST, &n);
  g_assert_cmpint(n, ==, 0);
  const char *const test[N] = { "test", "test", "test", "test", "test", "test" };
  spell(content.tiers, test, N);
  refuse_content(&content, PCT_ERROR_SHAPE, "train");
  const char *const other[N] = { "train", "train", "training", "test", "test", "test" };
  spell(content.tiers, other, N);
  refuse_content(&content, PCT_ERROR_FORMAT, "“training” at trial 2");
}

static void
test_npz_refusals(void)
{
  const char *const arrays[] = { "images", "responses", "tiers" };
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++) {
    Content content = sound();
    content.leave_out = arrays[i];
    refuse_content(&content, PCT_ERROR_FORMAT, arrays[i]);
  }
  Content content = sound();
  content.leave_out = "image_index";
  refuse_content(&content, PCT_ERROR_SHAPE, "5 images and responses to 6 trials");
  content = sound();
  content.n_tiers = N - 1;
  refuse_content(&content, PCT_ERROR_SHAPE, "6 trials");
  content = sound();
  content.index[4] = K;
  refuse_content(&content, PCT_ERROR_SHAPE, "trial 4");
  content = sound();
  content.responses[2 * M + 3] = NAN;
  refuse_content(&content, PCT_ERROR_FORMAT, "trial 2, neuron 3");
  content = sound();
  content.n_images = 0;
  refuse_content(&content, PCT_ERROR_SHAPE, "0 images");
}

// Cut at every length, and with every byte changed: an error or a recording (a changed date is none of ours), no crash,
// and never other values than were written.
static void
test_npz_damaged(void)
{
  Content content = sound();
  g_autofree char *path = write_npz(&content, "a.npz"), *bad = in_folder("bad.npz"), *bytes = NULL;
  gsize n;
  g_autoptr(PctRecording) whole = open_sound(path);
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
  char *path = in_folder(name);
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
  g_autofree char *many = write_raw_npz("many.npz", "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}",
                                        4096, 0);
  refuse(many, PCT_ERROR_FORMAT, "4000000000000");
  const char *header = "{'descr': '|u1', 'fortran_order': False, 'shape': (4000000000, 1, 1)}";
  g_autofree char *lying = write_raw_npz("lying.npz", header, 4096, 4000000000u + 10 + strlen(header));
  refuse(lying, PCT_ERROR_FORMAT, "images.npy");
  const char *small = "{'descr': '|u1', 'fortran_order': False, 'shape': (9000, 1, 1)}";
  g_autofree char *longer = write_raw_npz("longer.npz", small, 9100, 9000 + 10 + strlen(small));
  refuse(longer, PCT_ERROR_FORMAT, "images.npy");
  g_autofree char *objects = write_raw_npz("objects.npz", "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8, 0);
  refuse(objects, PCT_ERROR_UNSUPPORTED, "pickled");
  g_autofree char *negative = write_raw_npz("negative.npz", "{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 2, 2)}",
                                            8, 0);
  refuse(negative, PCT_ERROR_FORMAT, "images.npy");
}

static void
test_tree_refusals(void)
{
  Content content = sound();
  g_autofree char *tree = write_tree(&content, "tree"), *zip = NULL;
  g_autofree char *second = g_build_filename(tree, "data/images/2.npy", NULL);
  // Other files are passed over ...
  put_text(tree, "data/images/notes.txt", "what was seen");
  put_text(tree, "data/responses/.DS_Store", "");
  put_text(tree, "readme.txt", "hello");
  g_autoptr(PctRecording) recording = open_sound(tree);
  check_sound(recording);
  // ... unless they are all there is of a trial, or claim to be one.
  g_assert_cmpint(g_unlink(second), ==, 0);
  refuse(tree, PCT_ERROR_FORMAT, "no “2.npy”");
  refuse(tree, PCT_ERROR_FORMAT, "notes.txt");
  zip = zip_tree(tree, "tree.zip");
  refuse(zip, PCT_ERROR_FORMAT, "no “2.npy”");
  put_text(tree, "data/images/2.npy", "this is text");
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
    put_text(folder, cases[i].name, cases[i].content);
    g_autofree char *path = in_folder(cases[i].name);
    refuse(path, PCT_ERROR_FORMAT, cases[i].word);
  }
  g_autofree char *none = in_folder("none.npz"), *odd = write_raw_npz("x.npz", "{}", 0, 0), *bare = in_folder("bare");
  refuse(none, PCT_ERROR_IO, "none.npz");
  refuse(odd, PCT_ERROR_FORMAT, "images.npy");
  g_mkdir(bare, 0755);
  refuse(bare, PCT_ERROR_FORMAT, "it is empty");
  refuse("/dev/null", PCT_ERROR_IO, "neither");
}

static void
test_cancelled(void)
{
  enum { MANY = 64 };
  Content content = sound();
  char *tree = write_tree(&content, "tree");
  guint32 tiers[MANY * 10];
  const char *words[MANY];
  const gsize n = MANY, m = M;
  for (int i = 0; i < MANY; i++) {
    words[i] = "train";
    g_autofree char *image = g_strdup_printf("%s/data/images/%d.npy", tree, i);
    g_assert_true(pct_npy_save(image, PCT_NPY_FLOAT, 4, 3, (const gsize[]){ 1, H, W }, content.images, NULL));
    g_autofree char *other = g_strdup_printf("%s/data/responses/%d.npy", tree, i);
    g_assert_true(pct_npy_save(other, PCT_NPY_FLOAT, 4, 1, &m, content.responses, NULL));
  }
  spell(tiers, words, MANY);
  g_autofree char *path = g_build_filename(tree, "meta/trials/tiers.npy", NULL);
  g_assert_true(pct_npy_save(path, PCT_NPY_UNICODE, 40, 1, &n, tiers, NULL));
  g_autoptr(GError) error = NULL;
  PctRun run = { .func = say_stop };
  g_assert_null(pct_recording_open(tree, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_free(tree);
}

// The recordings that development uses, where they are.
static void
test_shared(void)
{
  const struct {
    const char *name;
    int k, h, w, n, m, test_trials, test_images;
    gboolean averaged;
  } files[] = {
    { "twin.npz", 4500, 36, 64, 5200, 5335, 800, 100, FALSE },
    { "twin-filetree.zip", 220, 36, 64, 280, 5335, 80, 20, FALSE },
    { "macaque-v4-201025.npz", 1200, 112, 112, 1200, 89, 120, 120, TRUE },
    { "mouse-v1-allen-616886391.npz", 118, 50, 64, 5900, 54, 900, 18, FALSE },
  };
  const char *data = g_getenv("PCT_TEST_DATA");
  int n_found = 0;
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = data ? g_build_filename(data, files[i].name, NULL) : NULL;
    if (!path || !g_file_test(path, G_FILE_TEST_EXISTS))
      continue;
    n_found++;
    g_autoptr(PctRecording) recording = open_sound(path);
    g_assert_cmpint(pct_recording_get_n_images(recording), ==, files[i].k);
    g_assert_cmpint(pct_recording_get_height(recording), ==, files[i].h);
    g_assert_cmpint(pct_recording_get_width(recording), ==, files[i].w);
    g_assert_cmpint(pct_recording_get_n_trials(recording), ==, files[i].n);
    g_assert_cmpint(pct_recording_get_n_neurons(recording), ==, files[i].m);
    g_assert_cmpint(pct_recording_is_averaged(recording), ==, files[i].averaged);
    int n_trials, n_images;
    pct_recording_get_tier_trials(recording, PCT_TIER_TEST, &n_trials);
    pct_recording_get_tier_images(recording, PCT_TIER_TEST, &n_images);
    g_assert_cmpint(n_trials, ==, files[i].test_trials);
    g_assert_cmpint(n_images, ==, files[i].test_images);
  }
  if (n_found == 0)
    g_test_skip("the shared recordings are not there");
}

static void
run_in_folder(gconstpointer data)
{
  folder = g_dir_make_tmp("percept-test-XXXXXX", NULL);
  g_assert_nonnull(folder);
  ((void (*)(void))data)();
  remove_tree(folder);
  g_clear_pointer(&folder, g_free);
}

int
main(int argc, char **argv)
{
  const struct {
    const char *path;
    void (*func)(void);
  } tests[] = {
    { "layouts", test_layouts },
    { "save", test_save },
    { "save-cancelled", test_save_cancelled },
    { "one-row-an-image", test_one_row_an_image },
    { "tiers", test_tiers },
    { "npz-refusals", test_npz_refusals },
    { "npz-damaged", test_npz_damaged },
    { "npz-bombs", test_npz_bombs },
    { "tree-refusals", test_tree_refusals },
    { "other-files", test_other_files },
    { "cancelled", test_cancelled },
    { "shared", test_shared },
  };
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/recording-file/", tests[i].path, NULL);
    g_test_add_data_func(path, (gconstpointer)tests[i].func, run_in_folder);
  }
  return g_test_run();
}
