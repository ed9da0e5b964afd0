// SPDX-License-Identifier: GPL-3.0-or-later
// File trees whose tiers have other names, whose frames are large and whose last responses are withheld; and provenance
// of what is a file.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/npy.h"
#include "data/recording-file.h"
#include "import/assemble.h"
#include "import/guess.h"
#include "import/tree-source.h"

enum { N = 24, M = 5, H = 144, W = 256 };

static float
pixel(int image, int y, int x)
{
  return (float)((image * 31 + y * 7 + x * 3) % 256);
}

static void
save(const char *folder, const char *name, PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape,
     gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, name, NULL), *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  pct_npy_save(path, kind, item_size, n_dims, shape, data, &error);
  g_assert_no_error(error);
}

// The last four trials are a hidden test; trials 0 and 19 showed one picture.
static char *
make_tree(void)
{
  char *folder = g_dir_make_tmp("percept-tree-XXXXXX", NULL);
  guint32 tiers[N][10] = { 0 };
  g_autofree float *image = g_new(float, H * W);
  for (int i = 0; i < N; i++) {
    const char *tier = i < 14 ? "train" : i < 18 ? "validation" : i < 20 ? "test" : "final_test";
    for (int c = 0; tier[c]; c++)
      tiers[i][c] = (guint32)tier[c];
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++)
        image[y * W + x] = pixel(i == 19 ? 18 : i, y, x);
    g_autofree char *images = g_strdup_printf("data/images/%d.npy", i);
    save(folder, images, PCT_NPY_FLOAT, 4, 3, (gsize[]){ 1, H, W }, image);
    float responses[M], behaviour[3] = { (float)i, 0, (float)(2 * i) }, pupil[2] = { (float)i, (float)-i };
    for (int j = 0; j < M; j++)
      responses[j] = (float)(i * M + j) / 7;
    g_autofree char *response = g_strdup_printf("data/responses/%d.npy", i);
    g_autofree char *behaviours = g_strdup_printf("data/behavior/%d.npy", i);
    g_autofree char *pupils = g_strdup_printf("data/pupil_center/%d.npy", i);
    if (i < 20)
      save(folder, response, PCT_NPY_FLOAT, 4, 1, (gsize[]){ M }, responses);
    save(folder, behaviours, PCT_NPY_FLOAT, 4, 1, (gsize[]){ 3 }, behaviour);
    save(folder, pupils, PCT_NPY_FLOAT, 4, 1, (gsize[]){ 2 }, pupil);
  }
  gint64 ids[M] = { 4, 8, 15, 16, 23 };
  save(folder, "meta/trials/tiers.npy", PCT_NPY_UNICODE, 40, 1, (gsize[]){ N }, tiers);
  save(folder, "meta/neurons/unit_ids.npy", PCT_NPY_INT, 8, 1, (gsize[]){ M }, ids);
  return folder;
}

static void
remove_tree(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    remove_tree(inside);
  }
  g_assert_cmpint(g_remove(path), ==, 0);
}

static PctCatalogue *
open_catalogue(const char *path)
{
  g_autoptr(GError) error = NULL;
  PctArraySource *source = pct_tree_source_open(path, NULL, &error);
  g_assert_no_error(error);
  GPtrArray *sources = g_ptr_array_new();
  g_ptr_array_add(sources, source);
  return pct_catalogue_new_take(sources);
}

static void
test_sensorium(void)
{
  g_autofree char *folder = make_tree();
  g_autoptr(GError) error = NULL;
  g_autoptr(PctCatalogue) catalogue = open_catalogue(folder);
  g_autoptr(PctImportGuess) guess = pct_import_guess(catalogue, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(guess->layout, ==, "sensorium-2022");
  g_assert_cmpuint(guess->missing->len, ==, 0);
  g_autoptr(PctImportResult) result = pct_import_assemble(catalogue, guess->plan, NULL, &error);
  g_assert_no_error(error);
  const PctRecording *recording = result->recording;
  g_assert_cmpint(pct_recording_get_n_trials(recording), ==, 20);
  g_assert_cmpint(pct_recording_get_n_images(recording), ==, 19);
  g_assert_cmpint(pct_recording_get_height(recording), ==, 36);
  g_assert_cmpint(pct_recording_get_width(recording), ==, 64);
  for (int i = 0; i < 20; i++) {
    float row[M], image[36 * 64];
    pct_recording_read_responses(recording, i, row);
    for (int j = 0; j < M; j++)
      g_assert_cmpfloat(row[j], ==, (float)(i * M + j) / 7);
    pct_recording_read_image(recording, pct_recording_get_trial_image(recording, i), image);
    double mean = 0;
    for (int v = 0; v < 4; v++)
      for (int u = 0; u < 4; u++)
        mean += pixel(i == 19 ? 18 : i, 8 + v, 20 + u) / 16;
    g_assert_cmpfloat_with_epsilon(image[2 * 64 + 5], mean, 1e-3);
    g_assert_cmpfloat(pct_recording_get_pupil_size(recording)[i], ==, i);
    g_assert_cmpfloat(pct_recording_get_running_speed(recording)[i], ==, 2 * i);
    g_assert_cmpfloat(pct_recording_get_pupil_position(recording)[2 * i + 1], ==, -i);
    g_assert_cmpint(pct_recording_get_trial_tier(recording, i), ==,
                    i < 14 ? PCT_TIER_TRAIN : i < 18 ? PCT_TIER_VALIDATION : PCT_TIER_TEST);
  }
  g_assert_cmpint(pct_recording_get_unit_id(recording, 4), ==, 23);
  g_assert_false(pct_recording_is_averaged(recording));
  gboolean said = FALSE;
  for (guint i = 0; i < result->remarks->len; i++)
    said |= strstr(result->remarks->pdata[i], "4 of 24") != NULL;
  g_assert_true(said);
  // The folder's bytes are told, and its content's hash; another content has another.
  const char *before = pct_recording_get_provenance(recording);
  g_assert_nonnull(strstr(before, "\"sha256\""));
  g_assert_nonnull(strstr(before, "\"bytes\""));
  save(folder, "data/behavior/23.npy", PCT_NPY_FLOAT, 4, 1, (gsize[]){ 3 }, (float[]){ 1, 2, 4 });
  g_autoptr(PctImportResult) again = pct_import_assemble(catalogue, guess->plan, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(pct_recording_get_provenance(again->recording), !=, before);
  g_assert_cmpstr(pct_recording_get_fingerprint(again->recording), ==,
                  pct_recording_get_fingerprint(result->recording));
  remove_tree(folder);
}

static void
test_damaged(void)
{
  g_autofree char *folder = make_tree();
  g_autoptr(GError) error = NULL;
  save(folder, "data/responses/11.npy", PCT_NPY_FLOAT, 4, 1, (gsize[]){ M - 1 }, (float[M]){ 0 });
  g_autoptr(PctCatalogue) catalogue = open_catalogue(folder);
  g_autoptr(PctImportGuess) guess = pct_import_guess(catalogue, NULL, &error);
  g_assert_no_error(error);
  g_assert_null(pct_import_assemble(catalogue, guess->plan, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_assert_nonnull(strstr(error->message, "11.npy"));
  g_assert_nonnull(strstr(error->message, "expected 5"));
  g_clear_error(&error);
  g_autofree char *elsewhere = g_build_filename(folder, "data", NULL);
  g_assert_null(pct_tree_source_open(elsewhere, NULL, &error));
  g_assert_no_error(error);
  remove_tree(folder);
}

// A sound tree comes out as by its own reader.
static void
test_twin(void)
{
  const char *folder = g_getenv("PCT_TEST_DATA");
  g_autofree char *path = folder ? g_build_filename(folder, "twin-filetree.zip", NULL) : NULL;
  if (!path || !g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("no PCT_TEST_DATA");
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) recording = pct_recording_open(path, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(PctCatalogue) catalogue = open_catalogue(path);
  g_autoptr(PctImportGuess) guess = pct_import_guess(catalogue, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(PctImportResult) result = pct_import_assemble(catalogue, guess->plan, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(pct_recording_get_fingerprint(result->recording), ==, pct_recording_get_fingerprint(recording));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tree-source/sensorium", test_sensorium);
  g_test_add_func("/tree-source/damaged", test_damaged);
  g_test_add_func("/tree-source/twin", test_twin);
  return g_test_run();
}
