// SPDX-License-Identifier: GPL-3.0-or-later
// A recording whose arrays are arbitrary, in a zip file that is sound. The input is a row of arrays: a byte that
// chooses the name, two bytes of length, the array.
#include <math.h>
#include <zip.h>
#include "data/recording-file.h"
#include "data/statistics.h"
#include "target.h"

static const char *const names[] = {
  "images.npy", "responses.npy", "image_index.npy", "tiers.npy", "unit_ids.npy", "cell_positions.npy",
  "trial_repeat.npy", "averaged.npy", "t/data/images/0.npy", "t/data/images/1.npy", "t/data/images/2.npy",
  "t/data/responses/0.npy", "t/data/responses/1.npy", "t/data/responses/2.npy", "t/meta/trials/tiers.npy",
  "t/meta/neurons/unit_ids.npy", "t/meta/neurons/cell_motor_coordinates.npy", "t/data/images/notes.txt",
  "running_speed.npy", "pupil_size.npy", "pupil_position.npy", "trial_time.npy", "cell_area.npy", "cell_layer.npy",
  "cell_depth.npy", "degrees_per_pixel.npy", "provenance.npy", "t/data/behavior/0.npy", "t/data/behavior/1.npy",
  "t/data/behavior/2.npy", "t/data/pupil_center/0.npy", "t/data/pupil_center/1.npy", "t/data/pupil_center/2.npy",
  "t/meta/neurons/area.npy", "t/meta/neurons/layer.npy", "t/meta/neurons/depth.npy",
};

static GBytes *
make_zip(const guint8 *bytes, gsize n)
{
  zip_error_t reason;
  zip_error_init(&reason);
  zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &reason);
  zip_t *zip = zip_open_from_source(memory, ZIP_CREATE | ZIP_TRUNCATE, &reason);
  g_assert_nonnull(zip);
  zip_source_keep(memory);
  while (n >= 3) {
    const char *name = names[bytes[0] % G_N_ELEMENTS(names)];
    gsize length = MIN(bytes[1] | (gsize)bytes[2] << 8, n - 3);
    zip_source_t *source = zip_source_buffer(zip, bytes + 3, length, 0);
    zip_int64_t index = zip_file_add(zip, name, source, ZIP_FL_OVERWRITE);
    g_assert_cmpint(index, >=, 0);
    zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
    bytes += 3 + length;
    n -= 3 + length;
  }
  g_assert_cmpint(zip_close(zip), ==, 0);
  zip_stat_t stat;
  if (zip_source_stat(memory, &stat) != 0 || zip_source_open(memory) != 0) {
    zip_source_free(memory);  // without a single array there is no zip file
    return NULL;
  }
  guint8 *out = g_malloc(stat.size + 1);
  g_assert_cmpint(zip_source_read(memory, out, stat.size), ==, (gint64)stat.size);
  zip_source_close(memory);
  zip_source_free(memory);
  return g_bytes_new_take(out, stat.size);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  g_autoptr(GBytes) zip = make_zip(bytes, n);
  if (!zip)
    return 0;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) recording = pct_recording_open_memory(zip, "input", NULL, &error);
  g_assert_true(!recording == !!error);
  if (!recording)
    return 0;
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  g_assert_true(statistics->response_scale[0] >= 0);
  pct_recording_get_fingerprint(recording);
  // What was believed of labels is as long as there are neurons.
  char *const *areas = pct_recording_get_cell_area(recording), *const *layers = pct_recording_get_cell_layer(recording);
  for (int i = 0; i < pct_recording_get_n_neurons(recording); i++)
    g_assert_true((!areas || g_utf8_validate(areas[i], -1, NULL)) && (!layers || g_utf8_validate(layers[i], -1, NULL)));
  g_autofree float *row = g_new(float, pct_recording_get_n_neurons(recording));
  for (int i = 0; i < pct_recording_get_n_images(recording); i++)
    pct_recording_read_mean_responses(recording, i, row);
  return 0;
}
