// SPDX-License-Identifier: GPL-3.0-or-later
// Sound files in the three layouts.
#include <string.h>
#include "base/error.h"
#include "data/half.h"
#include "data/npy.h"
#include "data/recording-file.h"
#include "data/recording-hash.h"
#include "recording-files.h"

static void
test_layouts(void)
{
  FilesContent content = files_sound();
  g_autofree char *npz = files_write_npz(&content, "a.npz"), *tree = files_write_tree(&content, "tree");
  g_autofree char *zip = files_zip_tree(tree, "tree.zip"), *saved = files_in_folder("saved.npz");
  g_autoptr(PctRecording) first = files_open(npz), second = files_open(tree), third = files_open(zip);
  g_autoptr(GError) error = NULL;
  pct_recording_save(second, saved, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(PctRecording) fourth = files_open(saved);
  PctRecording *all[] = { first, second, third, fourth };
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    files_check(all[i]);
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
    g_autofree char *path = files_in_folder("s.npz");
    pct_recording_save(recording, path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(PctRecording) back = files_open(path);
    const PctRecordingData *old = pct_recording_get_data(recording), *new = pct_recording_get_data(back);
    g_assert_cmpint(new->averaged, ==, variant & 1);
    g_assert_cmpint(new->image_bytes != NULL, ==, !(variant & 2));
    g_assert_cmpint(new->responses_half != NULL, ==, !(variant & 2));
    g_assert_cmpmem(new->unit_ids, 16, old->unit_ids, 16);
    g_assert_cmpmem(new->cell_positions, 16, old->cell_positions, 16);
    g_assert_cmpmem(new->trial_repeat, 12, old->trial_repeat, 12);
    g_assert_cmpstr(pct_recording_get_fingerprint(recording), ==, pct_recording_get_fingerprint(back));
  }
  g_autoptr(GDir) dir = g_dir_open(files_folder, 0, NULL);
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
  FilesContent content = files_sound();
  g_autofree char *path = files_write_npz(&content, "a.npz"), *target = files_in_folder("t.npz");
  files_put_text(files_folder, "t.npz", "as it was");
  g_autoptr(PctRecording) recording = files_open(path);
  g_autoptr(GError) error = NULL;
  PctRun run = { .func = say_stop };
  g_assert_false(pct_recording_save(recording, target, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(target, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "as it was");
  g_clear_error(&error);
  g_autofree char *nowhere = files_in_folder("none/t.npz");
  g_assert_false(pct_recording_save(recording, nowhere, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
}

static void
test_one_row_an_image(void)
{
  FilesContent content = files_sound();
  content.leave_out = "image_index";
  content.n_images = content.n_trials = content.n_tiers = K;
  g_autofree char *path = files_write_npz(&content, "rows.npz");
  g_autoptr(PctRecording) recording = files_open(path);
  g_assert_true(pct_recording_is_averaged(recording));
  g_assert_cmpint(pct_recording_get_trial_image(recording, 3), ==, 3);
}

static void
test_cancelled(void)
{
  enum { MANY = 64 };
  FilesContent content = files_sound();
  char *tree = files_write_tree(&content, "tree");
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
  files_spell(tiers, words, MANY);
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
    g_autoptr(PctRecording) recording = files_open(path);
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

int
main(int argc, char **argv)
{
  static const FilesTest tests[] = {
    { "/recording-file/layouts", test_layouts },
    { "/recording-file/save", test_save },
    { "/recording-file/save-cancelled", test_save_cancelled },
    { "/recording-file/one-row-an-image", test_one_row_an_image },
    { "/recording-file/cancelled", test_cancelled },
    { "/recording-file/shared", test_shared },
  };
  return files_run(argc, argv, tests, G_N_ELEMENTS(tests));
}
