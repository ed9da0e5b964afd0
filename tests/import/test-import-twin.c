// SPDX-License-Identifier: GPL-3.0-or-later
// Real recordings and the twin, taken apart into arrays as others would keep them, come together again bit by bit.
#include <string.h>
#include "data/half.h"
#include "data/recording-file.h"
#include "data/recording-hash.h"
#include "import/assemble.h"
#include "import/guess.h"
#include "memory-source.h"

static gpointer
turn(gconstpointer in, gsize rows, gsize columns, gsize size)
{
  char *out = g_malloc(rows * columns * size);
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < columns; j++)
      memcpy(out + (j * rows + i) * size, (const char *)in + (i * columns + j) * size, size);
  return out;
}

// As MATLAB has it: everything the other way round, numbers from 1, double.
static PctCatalogue *
take_apart(const PctRecordingData *data, gboolean matlab)
{
  gsize n = (gsize)data->n_trials, m = (gsize)data->n_neurons, k = (gsize)data->n_images;
  gsize h = (gsize)data->height, w = (gsize)data->width;
  PctArraySource *source = memory_source_new("/nowhere/session.mat", matlab ? "MATLAB 5" : "HDF5");
  gsize size = data->responses_half ? 2 : 4;
  gconstpointer responses = data->responses_half ? (gconstpointer)data->responses_half : data->responses_float;
  g_autofree gpointer turned = matlab ? turn(responses, n, m, size) : NULL;
  gsize image_size = data->image_bytes ? 1 : 4;
  gconstpointer images = data->image_bytes ? (gconstpointer)data->image_bytes : data->image_floats;
  g_autofree gpointer images_turned = matlab ? turn(images, k, h * w, image_size) : NULL;
  memory_source_add(source, "resp", PCT_NPY_FLOAT, size, 2, matlab ? (gsize[]){ m, n } : (gsize[]){ n, m },
                    matlab ? turned : responses);
  memory_source_add(source, "images", image_size == 1 ? PCT_NPY_UINT : PCT_NPY_FLOAT, image_size, 3,
                    matlab ? (gsize[]){ h, w, k } : (gsize[]){ k, h, w }, matlab ? images_turned : images);
  g_autofree double *numbers = g_new(double, n);
  g_autofree const char **tiers = g_new(const char *, n);
  for (gsize i = 0; i < n; i++) {
    numbers[i] = (data->image_index ? data->image_index[i] : (int)i) + (matlab ? 1 : 0);
    tiers[i] = pct_tier_get_name((PctTier)data->tiers[i]);
  }
  if (data->image_index)
    memory_source_add_doubles(source, "image_index", numbers, n);
  memory_source_add_texts(source, "tiers", tiers, n);
  return memory_catalogue_new(source, NULL);
}

static void
check(gconstpointer name)
{
  const char *folder = g_getenv("PCT_TEST_DATA");
  g_autofree char *path = folder ? g_build_filename(folder, name, NULL) : NULL;
  if (!path || !g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("no PCT_TEST_DATA");
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) recording = pct_recording_open(path, NULL, &error);
  g_assert_no_error(error);
  const PctRecordingData *data = pct_recording_get_data(recording);
  for (int matlab = 0; matlab < 2; matlab++) {
    g_autoptr(PctCatalogue) catalogue = take_apart(data, matlab);
    g_autoptr(PctImportGuess) guess = pct_import_guess(catalogue, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(guess->missing->len, ==, 0);
    g_test_timer_start();
    g_autoptr(PctImportResult) result = pct_import_assemble(catalogue, guess->plan, NULL, &error);
    g_test_message("%s: %.2f s", (const char *)name, g_test_timer_elapsed());
    g_assert_no_error(error);
    g_assert_cmpstr(pct_recording_get_fingerprint(result->recording), ==, pct_recording_get_fingerprint(recording));
    g_assert_cmpint(pct_recording_is_averaged(result->recording), ==, pct_recording_is_averaged(recording));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/import-twin/mouse", "mouse-v1-allen-616886391.npz", check);
  g_test_add_data_func("/import-twin/macaque", "macaque-v4-201025.npz", check);
  g_test_add_data_func("/import-twin/twin", "twin.npz", check);
  return g_test_run();
}
