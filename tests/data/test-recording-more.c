// SPDX-License-Identifier: GPL-3.0-or-later
// What a recording knows beside images and responses: behaviour a trial, labels a neuron, degrees and provenance. It
// survives files and subsets value by value, leaves the fingerprint alone, and is refused where it is unsound.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/npy.h"
#include "data/npz-writer.h"
#include "data/recording-file.h"
#include "data/recording-hash.h"
#include "data/recording-labels.h"
#include "data/recording-subset.h"
#include "recording-files.h"

static const char *const areas[] = { "V1", "V1", "LM", "", "皮层", "V1", "AL", "LM" };

static PctRecordingData
make(gboolean more)
{
  FilesContent content = files_sound();
  PctRecordingData data = { .name = g_strdup("more"), .n_images = K, .height = H, .width = W, .n_trials = N,
                            .n_neurons = M };
  data.image_floats = g_memdup2(content.images, sizeof content.images);
  data.responses_float = g_memdup2(content.responses, sizeof content.responses);
  data.image_index = g_memdup2(content.index, sizeof content.index);
  data.tiers = g_memdup2((const guint8[N]){ 0, 0, 0, 1, 2, 2 }, N);
  if (!more)
    return data;
  data.running_speed = g_new(float, N);
  data.pupil_size = g_new(float, N);
  data.pupil_position = g_new(float, 2 * N);
  data.trial_time = g_new(double, N);
  for (int i = 0; i < N; i++) {
    data.running_speed[i] = i == 2 ? NAN : (float)i * 0.5f - 0.25f;
    data.pupil_size[i] = (float)i;
    data.pupil_position[2 * i] = (float)i + 10;
    data.pupil_position[2 * i + 1] = i == 3 ? NAN : (float)-i;
    data.trial_time[i] = 1e6 + i * 0.1;  // more digits than a float has
  }
  data.cell_area = g_new0(char *, M + 1);
  data.cell_layer = g_new0(char *, M + 1);
  data.cell_depth = g_new(float, M);
  for (int j = 0; j < M; j++) {
    data.cell_area[j] = g_strdup(areas[j]);
    data.cell_layer[j] = g_strdup_printf("L%d", j);
    data.cell_depth[j] = j == 1 ? NAN : (float)j * 12.5f;
  }
  data.degrees_per_pixel = 1.5f;
  data.provenance = g_strdup("{\"made_by\":\"a “test”\",\"plan\":{\"roles\":[1,2]}}");
  return data;
}

static PctRecording *
build(gboolean more)
{
  PctRecordingData data = make(more);
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}

static void
compare_value(double found, double expected)
{
  g_assert_true(found == expected || (isnan(found) && isnan(expected)));
}

// part's trials and neurons are these of whole's (NULL: all).
static void
compare(PctRecording *part, PctRecording *whole, const int *trials, const int *neurons)
{
  for (int i = 0; i < pct_recording_get_n_trials(part); i++) {
    int t = trials ? trials[i] : i;
    compare_value(pct_recording_get_running_speed(part)[i], pct_recording_get_running_speed(whole)[t]);
    compare_value(pct_recording_get_pupil_size(part)[i], pct_recording_get_pupil_size(whole)[t]);
    for (int k = 0; k < 2; k++)
      compare_value(pct_recording_get_pupil_position(part)[2 * i + k],
                    pct_recording_get_pupil_position(whole)[2 * t + k]);
    compare_value(pct_recording_get_trial_time(part)[i], pct_recording_get_trial_time(whole)[t]);
  }
  int m = pct_recording_get_n_neurons(part);
  for (int j = 0; j < m; j++) {
    int n = neurons ? neurons[j] : j;
    g_assert_cmpstr(pct_recording_get_cell_area(part)[j], ==, pct_recording_get_cell_area(whole)[n]);
    g_assert_cmpstr(pct_recording_get_cell_layer(part)[j], ==, pct_recording_get_cell_layer(whole)[n]);
    compare_value(pct_recording_get_cell_depth(part)[j], pct_recording_get_cell_depth(whole)[n]);
  }
  g_assert_null(pct_recording_get_cell_area(part)[m]);
  g_assert_cmpfloat(pct_recording_get_degrees_per_pixel(part), ==, pct_recording_get_degrees_per_pixel(whole));
  g_assert_cmpstr(pct_recording_get_provenance(part), ==, pct_recording_get_provenance(whole));
}

static void
test_absent(void)
{
  g_autoptr(PctRecording) plain = build(FALSE), more = build(TRUE);
  g_assert_null(pct_recording_get_running_speed(plain));
  g_assert_null(pct_recording_get_pupil_size(plain));
  g_assert_null(pct_recording_get_pupil_position(plain));
  g_assert_null(pct_recording_get_trial_time(plain));
  g_assert_null(pct_recording_get_cell_area(plain));
  g_assert_null(pct_recording_get_cell_layer(plain));
  g_assert_null(pct_recording_get_cell_depth(plain));
  g_assert_null(pct_recording_get_provenance(plain));
  g_assert_true(isnan(pct_recording_get_degrees_per_pixel(plain)));
  g_assert_cmpstr(pct_recording_get_fingerprint(plain), ==, pct_recording_get_fingerprint(more));
  g_autoptr(PctRecording) part = pct_recording_subset_trials(plain, (const int[]){ 0, 5 }, 2, NULL);
  g_assert_null(pct_recording_get_running_speed(part));
  g_assert_null(pct_recording_get_cell_area(part));
}

static void
test_round_trip(void)
{
  g_autoptr(PctRecording) recording = build(TRUE);
  g_autofree char *path = files_in_folder("more.npz");
  g_autoptr(GError) error = NULL;
  pct_recording_save(recording, path, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(PctRecording) back = files_open(path);
  compare(back, recording, NULL, NULL);
  compare_value(pct_recording_get_trial_time(back)[3], 1e6 + 3 * 0.1);
  g_assert_cmpstr(pct_recording_get_cell_area(back)[4], ==, "皮层");
  g_assert_cmpstr(pct_recording_get_fingerprint(back), ==, pct_recording_get_fingerprint(recording));
}

static void
test_subsets(void)
{
  static const int neurons[] = { 6, 1, 4 }, trials[] = { 1, 2, 5 }, images[] = { 1 };
  g_autoptr(PctRecording) whole = build(TRUE);
  g_autoptr(PctRecording) few = pct_recording_subset(whole, neurons, 3, NULL, 0, NULL);
  compare(few, whole, NULL, neurons);
  // Of image 1's trials, validation and test: 1, 3, 4 and 5.
  g_autoptr(PctRecording) learned = pct_recording_subset(whole, NULL, 0, images, 1, NULL);
  g_assert_cmpint(pct_recording_get_n_trials(learned), ==, 4);
  compare(learned, whole, (const int[]){ 1, 3, 4, 5 }, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) some = pct_recording_subset_trials(whole, trials, 3, &error);
  g_assert_no_error(error);
  compare(some, whole, trials, NULL);
  g_assert_cmpint(pct_recording_get_n_trials(some), ==, 3);
  for (int i = 0; i < 3; i++) {
    float here[M], there[M];
    g_assert_cmpint(pct_recording_get_trial_image(some, i), ==, pct_recording_get_trial_image(whole, trials[i]));
    g_assert_cmpint(pct_recording_get_trial_tier(some, i), ==, pct_recording_get_trial_tier(whole, trials[i]));
    pct_recording_read_responses(some, i, here);
    pct_recording_read_responses(whole, trials[i], there);
    g_assert_cmpmem(here, sizeof here, there, sizeof there);
  }
  g_assert_null(pct_recording_subset_trials(whole, trials + 2, 1, &error));  // a test trial alone
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_clear_error(&error);
  g_assert_null(pct_recording_subset_trials(whole, trials, 0, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
}

static void
refuse(PctRecordingData *data, PctError code, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_recording_new_take(data, &error));
  g_test_message("%s", error->message);
  g_assert_error(error, PCT_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, "“more”"));
  g_assert_nonnull(strstr(error->message, word));
  g_assert_null(data->running_speed);
}

static void
test_refusals(void)
{
  PctRecordingData data = make(TRUE);
  data.running_speed[4] = INFINITY;
  refuse(&data, PCT_ERROR_FORMAT, "running speed at trial 4");
  data = make(TRUE);
  data.pupil_size[0] = -INFINITY;
  refuse(&data, PCT_ERROR_FORMAT, "pupil size at trial 0");
  data = make(TRUE);
  data.pupil_position[2 * 3 + 1] = INFINITY;
  refuse(&data, PCT_ERROR_FORMAT, "pupil position at trial 3");
  data = make(TRUE);
  data.trial_time[5] = (double)INFINITY;
  refuse(&data, PCT_ERROR_FORMAT, "time at trial 5");
  data = make(TRUE);
  data.cell_depth[7] = INFINITY;
  refuse(&data, PCT_ERROR_FORMAT, "depth of neuron 7");
  data = make(TRUE);
  g_clear_pointer(&data.cell_area[6], g_free);
  g_clear_pointer(&data.cell_area[7], g_free);
  refuse(&data, PCT_ERROR_SHAPE, "areas of 6 neurons; expected those of 8");
  static const char *const labels[] = { "two\nlines", "V\xe9", "\x1b[31m" };
  for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
    data = make(TRUE);
    g_free(data.cell_layer[2]);
    data.cell_layer[2] = g_strdup(labels[i]);
    refuse(&data, PCT_ERROR_FORMAT, "layer of neuron 2");
  }
  data = make(TRUE);
  g_free(data.cell_area[0]);
  data.cell_area[0] = g_strnfill(PCT_LABEL_LONGEST + 1, 'x');
  refuse(&data, PCT_ERROR_FORMAT, "area of neuron 0");
  static const float degrees[] = { -1, INFINITY, NAN, 91 };
  for (guint i = 0; i < G_N_ELEMENTS(degrees); i++) {
    data = make(TRUE);
    data.degrees_per_pixel = degrees[i];
    refuse(&data, PCT_ERROR_FORMAT, "degrees per pixel");
  }
  g_autofree char *deep = g_strnfill(100000, '['), *hidden = g_strconcat("{\"a\":/*\"*/", deep, NULL);
  const char *const texts[] = { "", "[1]", "{\"a\":", "made by hand", "{\"a\":\"\xe9\"}", deep, hidden };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    data = make(TRUE);
    g_free(data.provenance);
    data.provenance = g_strdup(texts[i]);
    refuse(&data, PCT_ERROR_FORMAT, "provenance");
  }
}

// A sound file with one more array.
static char *
write_with(const char *name, PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape, gconstpointer values)
{
  FilesContent content = files_sound();
  const gsize images[] = { K, H, W }, responses[] = { N, M }, n = N;
  g_autoptr(PctNpzWriter) writer = pct_npz_writer_new();
  pct_npz_writer_add(writer, "images", PCT_NPY_FLOAT, 4, 3, images, content.images);
  pct_npz_writer_add(writer, "responses", PCT_NPY_FLOAT, 4, 2, responses, content.responses);
  pct_npz_writer_add(writer, "image_index", PCT_NPY_INT, 4, 1, &n, content.index);
  pct_npz_writer_add(writer, "tiers", PCT_NPY_UNICODE, 40, 1, &n, content.tiers);
  pct_npz_writer_add(writer, name, kind, item_size, n_dims, shape, values);
  char *path = files_in_folder("with.npz");
  g_assert_true(pct_npz_writer_save(writer, path, NULL, NULL));
  return path;
}

static void
refuse_file(const char *path, PctError code, const char *name, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_recording_open(path, NULL, &error));
  g_test_message("%s", error->message);
  g_assert_error(error, PCT_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, name));
  g_assert_nonnull(strstr(error->message, word));
}

static void
test_npz_refusals(void)
{
  static const float zeros[2 * M] = { 0 }, infinite[N] = { 0, INFINITY };
  static const char latin[M][4] = { "V1", "V\xe9" }, words[M][4] = { "V1" };
  static const char *const trials[] = { "running_speed", "pupil_size", "trial_time" };
  for (guint i = 0; i < G_N_ELEMENTS(trials); i++) {
    g_autofree char *longer = write_with(trials[i], PCT_NPY_FLOAT, 4, 1, (const gsize[]){ N + 1 }, zeros);
    refuse_file(longer, PCT_ERROR_SHAPE, trials[i], "6 trials");
    g_autofree char *table = write_with(trials[i], PCT_NPY_FLOAT, 4, 2, (const gsize[]){ N, 1 }, zeros);
    refuse_file(table, PCT_ERROR_SHAPE, trials[i], "6 trials");
    g_autofree char *text = write_with(trials[i], PCT_NPY_BYTES, 4, 1, (const gsize[]){ N }, words);
    refuse_file(text, PCT_ERROR_FORMAT, trials[i], "text");
    g_autofree char *large = write_with(trials[i], PCT_NPY_FLOAT, 4, 1, (const gsize[]){ N }, infinite);
    refuse_file(large, PCT_ERROR_FORMAT, "with.npz", "at trial 1");
  }
  g_autofree char *flat = write_with("pupil_position", PCT_NPY_FLOAT, 4, 1, (const gsize[]){ N }, zeros);
  refuse_file(flat, PCT_ERROR_SHAPE, "pupil_position", "two numbers for each of 6 trials");
  g_autofree char *depth = write_with("cell_depth", PCT_NPY_FLOAT, 4, 1, (const gsize[]){ M - 1 }, zeros);
  refuse_file(depth, PCT_ERROR_SHAPE, "cell_depth", "8 neurons");
  static const char *const labels[] = { "cell_area", "cell_layer" };
  for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
    g_autofree char *fewer = write_with(labels[i], PCT_NPY_BYTES, 4, 1, (const gsize[]){ M - 1 }, words);
    refuse_file(fewer, PCT_ERROR_SHAPE, labels[i], "one name for each of 8 neurons");
    g_autofree char *numbers = write_with(labels[i], PCT_NPY_FLOAT, 4, 1, (const gsize[]){ M }, zeros);
    refuse_file(numbers, PCT_ERROR_SHAPE, labels[i], "one name for each of 8 neurons");
    g_autofree char *other = write_with(labels[i], PCT_NPY_BYTES, 4, 1, (const gsize[]){ M }, latin);
    refuse_file(other, PCT_ERROR_FORMAT, labels[i], "not Unicode, at 1");
  }
  g_autofree char *none = write_with("degrees_per_pixel", PCT_NPY_FLOAT, 4, 0, NULL, zeros);
  refuse_file(none, PCT_ERROR_FORMAT, "degrees_per_pixel", "more than 0");
  g_autofree char *two = write_with("degrees_per_pixel", PCT_NPY_FLOAT, 4, 1, (const gsize[]){ 2 }, zeros);
  refuse_file(two, PCT_ERROR_SHAPE, "degrees_per_pixel", "one number");
  g_autofree char *no_json = write_with("provenance", PCT_NPY_BYTES, 4, 0, NULL, words);
  refuse_file(no_json, PCT_ERROR_FORMAT, "provenance", "JSON");
  g_autofree char *number = write_with("provenance", PCT_NPY_FLOAT, 4, 0, NULL, zeros);
  refuse_file(number, PCT_ERROR_SHAPE, "provenance", "one text");
  // Whole numbers are speeds too, and unknown degrees are no error.
  static const gint64 whole[N] = { 1, 2, 3, 4, 5, 6 };
  g_autofree char *integers = write_with("running_speed", PCT_NPY_INT, 8, 1, (const gsize[]){ N }, whole);
  g_autoptr(PctRecording) recording = files_open(integers);
  g_assert_cmpfloat(pct_recording_get_running_speed(recording)[5], ==, 6);
  static const float nan_value[] = { NAN };
  g_autofree char *unknown = write_with("degrees_per_pixel", PCT_NPY_FLOAT, 4, 1, (const gsize[]){ 1 }, nan_value);
  g_autoptr(PctRecording) second = files_open(unknown);
  g_assert_true(isnan(pct_recording_get_degrees_per_pixel(second)));
}

static void
put(const char *tree, const char *name, PctNpyKind kind, gsize item_size, gsize n, gconstpointer values)
{
  g_autofree char *path = g_build_filename(tree, name, NULL), *folder = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
  g_assert_true(pct_npy_save(path, kind, item_size, 1, &n, values, NULL));
}

static void
test_tree(void)
{
  FilesContent content = files_sound();
  g_autofree char *tree = files_write_tree(&content, "tree");
  static const char layers[M][4] = { "L2/3", "L4", "L5", "", "L4", "L4", "L4", "L6" };
  {
    g_autoptr(PctRecording) plain = files_open(tree);
    g_assert_null(pct_recording_get_running_speed(plain));
    // The third of the motors' coordinates.
    g_assert_cmpfloat(pct_recording_get_cell_depth(plain)[7], ==, 100 + 23);
  }
  put(tree, "meta/neurons/layer.npy", PCT_NPY_BYTES, 4, M, layers);
  put(tree, "meta/neurons/area.npy", PCT_NPY_BYTES, 4, M, layers);
  for (int i = 0; i < N; i++) {
    const double behaviour[] = { i + 0.5, -1, i == 1 ? (double)NAN : 10.0 * i }, centre[] = { i, -i };
    g_autofree char *first = g_strdup_printf("data/behavior/%d.npy", i);
    g_autofree char *second = g_strdup_printf("data/pupil_center/%d.npy", i);
    put(tree, first, PCT_NPY_FLOAT, 8, 3, behaviour);
    put(tree, second, PCT_NPY_FLOAT, 8, 2, centre);
  }
  g_autofree char *zip = files_zip_tree(tree, "tree.zip");
  const char *const both[] = { tree, zip };
  for (int k = 0; k < 2; k++) {
    g_autoptr(PctRecording) recording = files_open(both[k]);
    files_check(recording);
    for (int i = 0; i < N; i++) {
      compare_value(pct_recording_get_running_speed(recording)[i], i == 1 ? (double)NAN : 10.0 * i);
      compare_value(pct_recording_get_pupil_size(recording)[i], i + 0.5);
      compare_value(pct_recording_get_pupil_position(recording)[2 * i], i);
      compare_value(pct_recording_get_pupil_position(recording)[2 * i + 1], -i);
    }
    g_assert_cmpstr(pct_recording_get_cell_layer(recording)[0], ==, "L2/3");
    g_assert_cmpstr(pct_recording_get_cell_area(recording)[7], ==, "L6");
  }
  static const float own[M] = { 0, 1, 2, 3, 4, 5, 6, 700 };
  put(tree, "meta/neurons/depth.npy", PCT_NPY_FLOAT, 4, M, own);
  g_autoptr(PctRecording) deep = files_open(tree);
  g_assert_cmpfloat(pct_recording_get_cell_depth(deep)[7], ==, 700);

  put(tree, "data/behavior/3.npy", PCT_NPY_FLOAT, 4, 2, own);
  refuse_file(tree, PCT_ERROR_SHAPE, "data/behavior/3.npy", "(3,)");
  put(tree, "data/behavior/3.npy", PCT_NPY_FLOAT, 4, 3, own);
  put(tree, "data/pupil_center/2.npy", PCT_NPY_FLOAT, 4, 3, own);
  refuse_file(tree, PCT_ERROR_SHAPE, "data/pupil_center/2.npy", "(2,)");
  put(tree, "data/pupil_center/2.npy", PCT_NPY_FLOAT, 4, 2, own);
  g_autofree char *missing = g_build_filename(tree, "data/behavior/0.npy", NULL);
  g_assert_cmpint(g_unlink(missing), ==, 0);
  refuse_file(tree, PCT_ERROR_FORMAT, "data/behavior", "no “0.npy”");
  put(tree, "data/behavior/0.npy", PCT_NPY_FLOAT, 4, 3, (const float[]){ 1, 2, INFINITY });
  refuse_file(tree, PCT_ERROR_FORMAT, "tree", "running speed at trial 0");
  put(tree, "data/behavior/0.npy", PCT_NPY_FLOAT, 4, 3, own);
  put(tree, "meta/neurons/area.npy", PCT_NPY_BYTES, 4, M - 1, layers);
  refuse_file(tree, PCT_ERROR_SHAPE, "area.npy", "8 neurons");
}

int
main(int argc, char **argv)
{
  static const FilesTest tests[] = {
    { "/recording-more/absent", test_absent },
    { "/recording-more/round-trip", test_round_trip },
    { "/recording-more/subsets", test_subsets },
    { "/recording-more/refusals", test_refusals },
    { "/recording-more/npz-refusals", test_npz_refusals },
    { "/recording-more/tree", test_tree },
  };
  return files_run(argc, argv, tests, G_N_ELEMENTS(tests));
}
