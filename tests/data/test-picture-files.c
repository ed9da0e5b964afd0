// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures in files, read again by the libraries that others read them with: every pixel in its place.
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <webp/demux.h>
#include "base/error.h"
#include "data/animation-file.h"
#include "data/enlarged.h"
#include "data/picture-sheet.h"

enum { N = 4, H = 3, W = 5, P = H * W };

static float frames[N * P];

static void
fill(void)
{
  for (int i = 0; i < N * P; i++)
    frames[i] = (float)((i * 37) % 251) + 0.4f;
  frames[0] = -20;
  frames[1] = 300;
  frames[2] = NAN;
  frames[3] = 254.6f;
}

static void
test_grey(void)
{
  const float levels[] = { -1, 0, 0.4f, 0.5f, 127.4f, 254.49f, 254.5f, 255, 1e9f, INFINITY, -INFINITY, NAN };
  const guint8 bytes[] = { 0, 0, 0, 1, 127, 254, 255, 255, 255, 255, 0, 0 };
  for (guint i = 0; i < G_N_ELEMENTS(levels); i++)
    g_assert_cmpuint(pct_grey_byte(levels[i]), ==, bytes[i]);
}

static char *
make_path(const char *name, char **folder)
{
  *folder = g_dir_make_tmp("percept-XXXXXX", NULL);
  return g_build_filename(*folder, name, NULL);
}

// The frame of the animation that is on at that moment.
static void
check_animation(const char *path, int scale, double rate, const int *order, int n)
{
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  WebPData data = { (const guint8 *)bytes, size };
  WebPAnimDecoderOptions options;
  g_assert_true(WebPAnimDecoderOptionsInit(&options));
  WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
  g_assert_nonnull(decoder);
  WebPAnimInfo info;
  g_assert_true(WebPAnimDecoderGetInfo(decoder, &info));
  g_assert_cmpuint(info.canvas_width, ==, W * scale);
  g_assert_cmpuint(info.canvas_height, ==, H * scale);
  g_assert_cmpuint(info.loop_count, ==, 0);
  g_assert_cmpuint(info.frame_count, ==, n);
  for (int i = 0; i < n; i++) {
    guint8 *rgba;
    int end;
    g_assert_true(WebPAnimDecoderGetNext(decoder, &rgba, &end));
    g_assert_cmpint(end, ==, (int)lround((i + 1) * 1000 / rate));
    for (int y = 0; y < H * scale; y++)
      for (int x = 0; x < W * scale; x++) {
        const guint8 *pixel = rgba + ((gsize)y * W * (gsize)scale + (gsize)x) * 4;
        guint8 grey = pct_grey_byte(frames[order[i] * P + y / scale * W + x / scale]);
        g_assert_true(pixel[0] == grey && pixel[1] == grey && pixel[2] == grey && pixel[3] == 255);
      }
  }
  g_assert_false(WebPAnimDecoderHasMoreFrames(decoder));
  WebPAnimDecoderDelete(decoder);
}

static void
test_animation(void)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = make_path("a.webp", &folder);
  g_autoptr(GError) error = NULL;
  PctAnimationOptions options = { 1, 7, FALSE };
  g_assert_true(pct_animation_save(path, frames, N, H, W, &options, NULL, &error));
  g_assert_no_error(error);
  check_animation(path, 1, 7, (const int[]){ 0, 1, 2, 3 }, 4);
  // Over the file of before, larger, and back again.
  options = (PctAnimationOptions){ 3, 25, TRUE };
  g_assert_true(pct_animation_save(path, frames, N, H, W, &options, NULL, &error));
  check_animation(path, 3, 25, (const int[]){ 0, 1, 2, 3, 2, 1 }, 6);
  // Two frames are there and back already; one stands still.
  g_assert_true(pct_animation_save(path, frames, 2, H, W, &options, NULL, &error));
  check_animation(path, 3, 25, (const int[]){ 0, 1 }, 2);
  g_assert_true(pct_animation_save(path, frames, 1, H, W, &options, NULL, &error));
  g_remove(path);
  g_assert_cmpint(g_rmdir(folder), ==, 0);  // and no temporary beside it
}

static gboolean
stop_third(const PctProgress *progress, gpointer data)
{
  return progress->step < 3;
}

static void
test_animation_refused(void)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = make_path("a.webp", &folder);
  g_autoptr(GError) error = NULL;
  PctAnimationOptions options = { 4000, 6, FALSE };
  g_assert_false(pct_animation_save(path, frames, N, H, W, &options, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(error->message, "16383"));
  g_clear_error(&error);
  options.scale = 3000;
  g_assert_false(pct_animation_save(path, frames, N, H, W, &options, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(error->message, "4 frames"));
  g_clear_error(&error);
  // Stopped half-way: what was there stays.
  options.scale = 2;
  g_assert_true(g_file_set_contents(path, "before", -1, NULL));
  PctRun run = { stop_third };
  g_assert_false(pct_animation_save(path, frames, N, H, W, &options, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
  g_clear_error(&error);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "before");
  g_remove(path);
  g_rmdir(folder);
  g_assert_false(pct_animation_save(path, frames, N, H, W, &options, NULL, &error));  // no such folder
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
}

static void
test_sheet(void)
{
  enum { SCALE = 2, GAP = 3 };
  g_autofree char *folder = NULL;
  g_autofree char *path = make_path("a.png", &folder);
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_picture_sheet_save(path, frames, N, 3, H, W, SCALE, GAP, &error));
  g_assert_no_error(error);
  g_autoptr(GdkPixbuf) sheet = gdk_pixbuf_new_from_file(path, &error);
  g_assert_no_error(error);
  enum { WIDE = 3 * W * SCALE + 2 * GAP, HIGH = 2 * H * SCALE + GAP };
  g_assert_true(gdk_pixbuf_get_width(sheet) == WIDE && gdk_pixbuf_get_height(sheet) == HIGH);
  int channels = gdk_pixbuf_get_n_channels(sheet), white = 0;
  for (int y = 0; y < HIGH; y++)
    for (int x = 0; x < WIDE; x++) {
      const guint8 *pixel = gdk_pixbuf_get_pixels(sheet) + y * gdk_pixbuf_get_rowstride(sheet) + x * channels;
      int column = x / (W * SCALE + GAP), row = y / (H * SCALE + GAP), i = row * 3 + column;
      int in_x = x % (W * SCALE + GAP), in_y = y % (H * SCALE + GAP);
      gboolean outside = in_x >= W * SCALE || in_y >= H * SCALE || i >= N;
      guint8 grey = outside ? 255 : pct_grey_byte(frames[i * P + in_y / SCALE * W + in_x / SCALE]);
      g_assert_true(pixel[0] == grey && pixel[1] == grey && pixel[2] == grey);
      white += outside;
    }
  g_assert_cmpint(white, ==, WIDE * HIGH - N * P * SCALE * SCALE);
  g_assert_false(pct_picture_sheet_save(path, frames, N, 2, H, W, 4000, 0, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  g_remove(path);
  g_assert_cmpint(g_rmdir(folder), ==, 0);
  g_assert_false(pct_picture_sheet_save(path, frames, N, 2, H, W, 1, 0, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fill();
  g_test_add_func("/data/picture-files/grey", test_grey);
  g_test_add_func("/data/picture-files/animation", test_animation);
  g_test_add_func("/data/picture-files/animation-refused", test_animation_refused);
  g_test_add_func("/data/picture-files/sheet", test_sheet);
  return g_test_run();
}
