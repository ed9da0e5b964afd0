// SPDX-License-Identifier: GPL-3.0-or-later
// The demo recording and the simulation behind it: shapes, tiers, reliability, bits, the cache, cancellation, and
// folders of photographs good and bad.
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "data/demo.h"
#include "data/recording-file.h"
#include "data/recording-hash.h"
#include "data/simulate.h"

static void
assert_same(PctRecording *a, PctRecording *b)
{
  g_assert_cmpstr(pct_recording_get_fingerprint(a), ==, pct_recording_get_fingerprint(b));
}

static PctRecording *
simulate(const PctSimulation *simulation, guint n_threads)
{
  g_autoptr(PctPool) pool = n_threads > 1 ? pct_pool_new(n_threads, 0) : NULL;
  PctRun run = { .pool = pool };
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_simulate(simulation, &run, &error);
  g_assert_no_error(error);
  g_assert_nonnull(recording);
  return recording;
}

static PctSimulation
small(void)
{
  PctSimulation simulation = PCT_SIMULATION_DEFAULT;
  simulation.n_neurons = 37;
  simulation.n_trials = 260;
  simulation.n_repeats = 4;
  simulation.seed = 11;
  return simulation;
}

static void
test_demo(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) demo = pct_demo_new(PCT_DEMO_SEED, &run, &error);
  g_assert_no_error(error);
  g_assert_cmpint(pct_recording_get_height(demo), ==, 36);
  g_assert_cmpint(pct_recording_get_width(demo), ==, 64);
  g_assert_cmpint(pct_recording_get_n_neurons(demo), ==, 512);
  g_assert_cmpint(pct_recording_get_n_images(demo), ==, 2250);
  g_assert_cmpint(pct_recording_get_n_trials(demo), ==, 2600);
  static const int expected[PCT_N_TIERS] = { 2000, 200, 50 };
  int n, changes = 0;
  for (int tier = 0; tier < PCT_N_TIERS; tier++) {
    pct_recording_get_tier_images(demo, tier, &n);
    g_assert_cmpint(n, ==, expected[tier]);
  }
  const int *images = pct_recording_get_tier_images(demo, PCT_TIER_TEST, &n);
  for (int i = 0; i < n; i++) {
    int n_repeats;
    pct_recording_get_image_trials(demo, images[i], &n_repeats);
    g_assert_cmpint(n_repeats, ==, 8);
  }
  for (int i = 1; i < 2600; i++)
    changes += pct_recording_get_trial_tier(demo, i) != pct_recording_get_trial_tier(demo, i - 1);
  g_assert_cmpint(changes, >, 500);
  int dimensions;
  g_assert_nonnull(pct_recording_get_cell_positions(demo, &dimensions));
  g_assert_cmpint(dimensions, ==, 2);

  // The animal runs in some of its trials, and then its pupil is wide; its neurons lie in layers.
  const float *speed = pct_recording_get_running_speed(demo), *pupil = pct_recording_get_pupil_size(demo);
  double wide = 0, narrow = 0;
  int running = 0, resting = 0, shut = 0;
  for (int i = 0; i < 2600; i++) {
    g_assert_cmpfloat(speed[i], >=, 0);
    if (isnan(pupil[i])) {
      shut++;
    } else if (speed[i] > 1) {
      wide += pupil[i];
      running++;
    } else {
      narrow += pupil[i];
      resting++;
    }
  }
  g_assert_cmpint(running, >, 600);
  g_assert_cmpint(resting, >, 1200);
  g_assert_cmpint(shut, >, 20);
  g_assert_cmpint(shut, <, 100);
  g_assert_cmpfloat(wide / running, >, narrow / resting + 0.15);
  g_assert_cmpfloat_with_epsilon(pct_recording_get_degrees_per_pixel(demo), 1.1, 1e-6);
  for (int j = 0; j < 512; j++) {
    g_assert_cmpstr(pct_recording_get_cell_area(demo)[j], ==, "V1");
    gboolean deep = strcmp(pct_recording_get_cell_layer(demo)[j], "L5") == 0;
    g_assert_true((pct_recording_get_cell_depth(demo)[j] > 420) == deep);
  }

  // The same without noise holds the true rates: single test trials correlate with them by about a half.
  PctSimulation quiet = PCT_SIMULATION_DEFAULT;
  quiet.seed = PCT_DEMO_SEED;
  quiet.noise = PCT_NOISE_NONE;
  g_autoptr(PctRecording) truth = pct_simulate(&quiet, &run, &error);
  g_assert_no_error(error);
  const int *trials = pct_recording_get_tier_trials(demo, PCT_TIER_TEST, &n);
  g_autofree float *noisy = g_new(float, n * 512), *rates = g_new(float, n * 512);
  pct_recording_read_trials(demo, trials, n, noisy);
  pct_recording_read_trials(truth, trials, n, rates);
  double total = 0.0;
  for (int j = 0; j < 512; j++) {
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < n; i++) {
      double a = noisy[i * 512 + j], b = rates[i * 512 + j];
      g_assert_true(a >= 0.0 && b >= 0.0);
      x += a;
      y += b;
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }
    double variances = (xx - x * x / n) * (yy - y * y / n);
    g_assert_cmpfloat(variances, >, 0.0);
    total += (xy - x * y / n) / sqrt(variances);
  }
  g_test_message("single test trials correlate with the rates by %.3f", total / 512);
  g_assert_cmpfloat(total / 512, >, 0.4);
  g_assert_cmpfloat(total / 512, <, 0.6);
}

static void
test_same_bits(void)
{
  for (int noise = PCT_NOISE_EVENTS; noise <= PCT_NOISE_NONE; noise++) {
    PctSimulation simulation = small();
    simulation.noise = noise;
    g_autoptr(PctRecording) one = simulate(&simulation, 1), two = simulate(&simulation, 2);
    assert_same(one, two);
    simulation.seed++;
    g_autoptr(PctRecording) other = simulate(&simulation, 1);
    g_assert_cmpstr(pct_recording_get_fingerprint(one), !=, pct_recording_get_fingerprint(other));
  }
}

static void
test_poisson_counts(void)
{
  PctSimulation simulation = small();
  simulation.noise = PCT_NOISE_POISSON;
  g_autoptr(PctRecording) counts = simulate(&simulation, 1);
  float responses[37];
  for (int i = 0; i < pct_recording_get_n_trials(counts); i++) {
    pct_recording_read_responses(counts, i, responses);
    for (int j = 0; j < 37; j++)
      g_assert_true(responses[j] >= 0.0f && responses[j] == roundf(responses[j]));
  }
}

static void
test_other_frames(void)
{
  PctSimulation simulation = small();
  simulation.height = 50;
  simulation.width = 41;
  g_autoptr(PctRecording) recording = simulate(&simulation, 1);
  g_assert_cmpint(pct_recording_get_height(recording), ==, 50);
  g_assert_cmpint(pct_recording_get_width(recording), ==, 41);
}

static void
test_refuses_options(void)
{
  static const struct {
    int neurons, trials, repeats;
  } cases[] = { { 0, 260, 4 }, { 10, 5, 4 }, { 10, 260, 0 }, { 1 << 30, 260, 4 } };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    PctSimulation simulation = small();
    simulation.n_neurons = cases[i].neurons;
    simulation.n_trials = cases[i].trials;
    simulation.n_repeats = cases[i].repeats;
    g_assert_null(pct_simulate(&simulation, NULL, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  }
}

typedef struct {
  int calls, stop_at;
  double last;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  g_assert_cmpfloat(progress->step, >=, listener->last);
  g_assert_cmpfloat(progress->step, <=, progress->total);
  listener->last = progress->step;
  return ++listener->calls != listener->stop_at;
}

static void
test_cancel(void)
{
  PctSimulation simulation = small();
  Listener all = { 0 };
  PctRun run = { .func = listen, .data = &all };
  g_autoptr(PctRecording) recording = pct_simulate(&simulation, &run, NULL);
  g_assert_nonnull(recording);
  g_assert_cmpint(all.calls, >, 6);
  for (int stop_at = 1; stop_at <= all.calls; stop_at++) {
    g_autoptr(GError) error = NULL;
    Listener listener = { .stop_at = stop_at };
    run.data = &listener;
    g_assert_null(pct_simulate(&simulation, &run, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
    g_assert_cmpint(listener.calls, ==, stop_at);
  }
}

static char *
cache_path(void)
{
  g_autofree char *name = g_strdup_printf("demo-%d-%d.npz", PCT_DEMO_VERSION, PCT_DEMO_SEED);
  return g_build_filename(g_get_user_cache_dir(), "percept", name, NULL);
}

static void
test_cache(void)
{
  g_autofree char *path = cache_path();
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) made = pct_demo_open(NULL, &error);
  g_assert_no_error(error);
  g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
  g_autoptr(PctRecording) cached = pct_demo_open(NULL, &error);
  g_assert_no_error(error);
  assert_same(made, cached);
  g_assert_cmpstr(pct_recording_get_name(made), ==, pct_recording_get_name(cached));
  // Cut short, then no archive at all: made again, and put right.
  g_autofree char *contents = NULL;
  gsize length;
  g_assert_true(g_file_get_contents(path, &contents, &length, NULL));
  g_assert_true(g_file_set_contents(path, contents, (gssize)(length / 2), NULL));
  g_autoptr(PctRecording) remade = pct_demo_open(NULL, &error);
  g_assert_no_error(error);
  assert_same(made, remade);
  g_autoptr(PctRecording) again = pct_recording_open(path, NULL, &error);
  g_assert_no_error(error);
  assert_same(made, again);
  // What an older program left there knew nothing of running.
  PctRecordingData *older = (PctRecordingData *)pct_recording_get_data(again);
  g_clear_pointer(&older->running_speed, g_free);
  g_assert_true(pct_recording_save(again, path, NULL, NULL));
  g_autoptr(PctRecording) newer = pct_demo_open(NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpmem(pct_recording_get_running_speed(newer), 2600 * sizeof(float), pct_recording_get_running_speed(made),
                  2600 * sizeof(float));
}

static char *
new_photo_folder(int n)
{
  char *folder = g_dir_make_tmp("percept-photos-XXXXXX", NULL);
  for (int i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf("photo-%d.%s", i, i % 2 ? "png" : "jpg");
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GdkPixbuf) photo = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, 200, 150);
    // One level a photograph: what a picture was cropped from shows in every pixel of it.
    gdk_pixbuf_fill(photo, (guint32)(i + 1) * 0x08080800u | 0xffu);
    g_assert_true(gdk_pixbuf_save(photo, path, i % 2 ? "png" : "jpeg", NULL, NULL));
  }
  return folder;
}

static void
remove_folder(const char *path)
{
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  for (const char *name; (name = g_dir_read_name(folder));) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    g_unlink(file);
  }
  g_rmdir(path);
}

static void
test_photos(void)
{
  g_autofree char *folder = new_photo_folder(12);
  PctSimulation simulation = small();
  simulation.images = folder;
  g_autoptr(PctRecording) recording = simulate(&simulation, 2);
  g_assert_cmpint(pct_recording_get_n_trials(recording), ==, 260);
  float picture[36 * 64];
  int tier_of[256];
  for (int i = 0; i < 256; i++)
    tier_of[i] = -1;
  for (int i = 0; i < pct_recording_get_n_images(recording); i++) {
    PctTier tier;
    g_assert_true(pct_recording_get_image_tier(recording, i, &tier));
    pct_recording_read_image(recording, i, picture);
    int level = (int)picture[0], photo = (level + 4) / 8;
    g_assert_cmpint(photo, >=, 1);
    g_assert_cmpint(photo, <=, 12);
    for (int j = 0; j < 36 * 64; j++)
      g_assert_cmpfloat(fabsf(picture[j] - photo * 8), <=, 2.0);
    if (tier_of[photo] < 0)
      tier_of[photo] = (int)tier;
    g_assert_cmpint(tier_of[photo], ==, (int)tier);
  }
  remove_folder(folder);
}

// Areas are averaged: black and white columns a pixel wide, crops at least four times the frame.
static void
test_photos_average(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-photos-XXXXXX", NULL);
  for (int i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf("%d.png", i);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GdkPixbuf) photo = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, 1024, 576);
    guint8 *pixels = gdk_pixbuf_get_pixels(photo);
    for (int y = 0; y < 576; y++)
      for (int x = 0; x < 1024; x++)
        memset(pixels + y * gdk_pixbuf_get_rowstride(photo) + 3 * x, x % 2 ? 255 : 0, 3);
    g_assert_true(gdk_pixbuf_save(photo, path, "png", NULL, NULL));
  }
  PctSimulation simulation = small();
  simulation.images = folder;
  g_autoptr(PctRecording) recording = simulate(&simulation, 1);
  float picture[36 * 64];
  for (int i = 0; i < pct_recording_get_n_images(recording); i++) {
    pct_recording_read_image(recording, i, picture);
    for (int j = 0; j < 36 * 64; j++)
      g_assert_cmpfloat(fabsf(picture[j] - 127.5f), <=, 18.0f);
  }
  remove_folder(folder);
}

static void
assert_folder_fails(const char *folder, int code, const char *words)
{
  g_autoptr(GError) error = NULL;
  PctSimulation simulation = small();
  simulation.images = folder;
  g_assert_null(pct_simulate(&simulation, NULL, &error));
  g_assert_error(error, PCT_ERROR, code);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, words));
}

static void
test_bad_folders(void)
{
  g_autofree char *folder = new_photo_folder(5);
  g_autofree char *notes = g_build_filename(folder, "notes.txt", NULL);
  g_autofree char *broken = g_build_filename(folder, "broken.png", NULL);
  g_autofree char *whole = g_build_filename(folder, "photo-1.png", NULL);
  g_autofree char *tiny = g_build_filename(folder, "tiny.png", NULL);
  g_assert_true(g_file_set_contents(notes, "not a picture", -1, NULL));
  assert_folder_fails(folder, PCT_ERROR_FORMAT, "notes.txt");
  g_unlink(notes);
  g_autofree char *contents = NULL;
  gsize length;
  g_assert_true(g_file_get_contents(whole, &contents, &length, NULL));
  g_assert_true(g_file_set_contents(broken, contents, (gssize)(length / 2), NULL));
  assert_folder_fails(folder, PCT_ERROR_FORMAT, "broken.png");
  g_unlink(broken);
  g_autoptr(GdkPixbuf) photo = gdk_pixbuf_new(GDK_COLORSPACE_RGB, TRUE, 8, 20, 20);
  gdk_pixbuf_fill(photo, 0x808080ff);
  g_assert_true(gdk_pixbuf_save(photo, tiny, "png", NULL, NULL));
  assert_folder_fails(folder, PCT_ERROR_SHAPE, "tiny.png");
  g_unlink(tiny);
  remove_folder(folder);
  g_autofree char *empty = g_dir_make_tmp("percept-photos-XXXXXX", NULL);
  assert_folder_fails(empty, PCT_ERROR_SHAPE, empty);
  remove_folder(empty);
}

// Another recording's images, in its own tiers; fewer of them than trials are shown again.
static void
test_images_of_a_recording(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-simulate-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "first.npz", NULL);
  g_autoptr(GError) error = NULL;
  PctSimulation simulation = small();
  g_autoptr(PctRecording) first = simulate(&simulation, 1);
  g_assert_true(pct_recording_save(first, path, NULL, &error));
  g_assert_no_error(error);
  simulation.images = path;
  simulation.n_trials = 520;
  g_autoptr(PctRecording) second = simulate(&simulation, 1);
  g_assert_cmpint(pct_recording_get_n_images(second), ==, pct_recording_get_n_images(first));
  for (int tier = 0; tier < PCT_N_TIERS; tier++) {
    int n_first, n_second;
    pct_recording_get_tier_images(first, tier, &n_first);
    pct_recording_get_tier_images(second, tier, &n_second);
    g_assert_cmpint(n_first, ==, n_second);
  }
  int n_trials;
  pct_recording_get_tier_trials(second, PCT_TIER_TRAIN, &n_trials);
  g_assert_cmpint(n_trials, ==, 520 - 40 - 80);
  remove_folder(folder);
}

int
main(int argc, char **argv)
{
  // The cache of these tests is theirs alone.
  g_autofree char *cache = g_dir_make_tmp("percept-cache-XXXXXX", NULL);
  g_setenv("XDG_CACHE_HOME", cache, TRUE);
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/demo/recording", test_demo);
  g_test_add_func("/demo/same-bits", test_same_bits);
  g_test_add_func("/demo/poisson-counts", test_poisson_counts);
  g_test_add_func("/demo/other-frames", test_other_frames);
  g_test_add_func("/demo/refuses-options", test_refuses_options);
  g_test_add_func("/demo/cancel", test_cancel);
  g_test_add_func("/demo/cache", test_cache);
  g_test_add_func("/demo/photos", test_photos);
  g_test_add_func("/demo/photos-average", test_photos_average);
  g_test_add_func("/demo/bad-folders", test_bad_folders);
  g_test_add_func("/demo/images-of-a-recording", test_images_of_a_recording);
  int status = g_test_run();
  g_autofree char *path = cache_path(), *percept = g_path_get_dirname(path);
  g_unlink(path);
  g_rmdir(percept);
  g_rmdir(cache);
  return status;
}
