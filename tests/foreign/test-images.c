// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib/gstdio.h>
#include <string.h>
#include <tiffio.h>
#include "base/error.h"
#include "damage.h"
#include "foreign/image-source.h"
#include "samples.h"

static void
test_natural_order(void)
{
  const char *sorted[] = { "a", "B1", "img1", "img2", "img02b", "img10", "img10a", "x0001", "x1", "x12345678901234567890123" };
  for (guint i = 0; i < G_N_ELEMENTS(sorted); i++)
    for (guint j = 0; j < G_N_ELEMENTS(sorted); j++)
      g_assert_cmpint(CLAMP(pct_compare_naturally(&sorted[i], &sorted[j]), -1, 1), ==, i < j ? -1 : i > j);
}

static void
test_folder(void)
{
  g_autoptr(GPtrArray) sources = open_sample("images");
  PctArraySource *source = sources->pdata[0];
  check_texts(source, "names", "img1|img2|img3|img4|img10");
  g_autoptr(PctNpyArray) images = READ(source, "", 5, 4, 6);
  g_assert_cmpint(images->kind, ==, PCT_NPY_UINT);
  g_assert_cmpuint(images->item_size, ==, 1);
  const guint8 *pixels = images->data;
  for (int i = 0; i < 24; i++) {
    g_assert_cmpint(pixels[i], ==, i + 1);
    g_assert_cmpint(pixels[24 + i], ==, i + 2);
    g_assert_cmpint(pixels[4 * 24 + i], ==, i + 10);
    g_assert_cmpint(pixels[3 * 24 + i], ==, 30);  // Rec. 601: 0.299 of the red, 100
    // 8 x 14 to 4 x 6: means over 2 x 2 of the middle 12 columns.
    g_assert_cmpint(pixels[2 * 24 + i], ==, (int)(2 * (i / 6) * 14 + 2 * (i % 6) + 1 + 7.5 + .5));
  }
  check_remark(source, "1 of 5 images");
  check_remark(source, "1 file in");
  g_autoptr(PctNpyArray) last = source->class->read(source, 0, 4, 1, NULL);
  g_assert_cmpmem(last->data, 24, pixels + 4 * 24, 24);
  g_autoptr(PctNpyArray) name = source->class->read(source, 1, 4, 1, NULL);
  g_autofree char *text = pct_npy_array_dup_text(name, 0);
  g_assert_cmpstr(text, ==, "img10");
}

static void
test_stack_of_16_bits(void)
{
  g_autoptr(GPtrArray) sources = open_sample("stack.tif");
  PctArraySource *source = sources->pdata[0];
  g_autoptr(PctNpyArray) images = READ(source, "", 3, 4, 6);
  g_assert_cmpint(images->kind, ==, PCT_NPY_FLOAT);
  for (int i = 0; i < 72; i++)
    g_assert_cmpfloat(((float *)images->data)[i], ==, i % 24 * 1000 + i / 24);
  check_texts(source, "names", "stack 1|stack 2|stack 3");
  // Back to a page before.
  g_autoptr(PctNpyArray) second = source->class->read(source, 0, 1, 1, NULL);
  g_assert_cmpfloat(((float *)second->data)[5], ==, 5001);
}

static void
test_single(void)
{
  g_autoptr(GPtrArray) floats = open_sample("float.tif"), photo = open_sample("photo.jpg");
  COUNTED(floats->pdata[0], "", .5, PCT_NPY_FLOAT, 4, 1, 4, 6);
  g_autoptr(PctNpyArray) pixels = READ((PctArraySource *)photo->pdata[0], "", 1, 16, 16);
  for (gsize i = 0; i < 256; i++)
    g_assert_cmpint(ABS(((guint8 *)pixels->data)[i] - 77), <=, 1);
}

// A TIFF of tiles goes by libtiff's colours; white may be zero.
static void
write_tiff(const char *path, gboolean tiled, guint32 size, guint16 photometric)
{
  guint8 tile[256];
  TIFF *tiff = TIFFOpen(path, "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, size);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, size);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, photometric);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
  if (tiled) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
  }
  memset(tile, 50, sizeof tile);
  g_assert_cmpint(tiled ? TIFFWriteEncodedTile(tiff, 0, tile, 256) : TIFFWriteEncodedStrip(tiff, 0, tile, 256), ==, 256);
  TIFFClose(tiff);
}

static void
test_kinds_of_tiff(void)
{
  g_autofree char *folder = make_folder(), *tiled = g_build_filename(folder, "a.tif", NULL);
  g_autofree char *white = g_build_filename(folder, "b.tif", NULL), *giant = g_build_filename(folder, "giant.tif", NULL);
  write_tiff(tiled, TRUE, 16, PHOTOMETRIC_MINISBLACK);
  write_tiff(white, FALSE, 16, PHOTOMETRIC_MINISWHITE);
  g_autoptr(GPtrArray) sources = open_path(folder);
  g_autoptr(PctNpyArray) pixels = READ((PctArraySource *)sources->pdata[0], "", 2, 16, 16);
  g_assert_cmpint(((guint8 *)pixels->data)[7], ==, 50);
  g_assert_cmpint(((guint8 *)pixels->data)[256 + 7], ==, 205);
  write_tiff(giant, FALSE, 1000000, PHOTOMETRIC_MINISBLACK);
  refuse_path(giant, PCT_ERROR_MEMORY, "larger than an image can be meant to be");
  remove_folder(folder);
}

static void
test_damaged(void)
{
  check_damaged("images/img1.png", 200, TRUE);
  check_damaged("photo.jpg", 200, TRUE);
  check_damaged("stack.tif", 300, TRUE);
  check_damaged("float.tif", 200, TRUE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/images/natural-order", test_natural_order);
  g_test_add_func("/images/folder", test_folder);
  g_test_add_func("/images/16-bits", test_stack_of_16_bits);
  g_test_add_func("/images/single", test_single);
  g_test_add_func("/images/tiff", test_kinds_of_tiff);
  g_test_add_func("/images/damaged", test_damaged);
  return g_test_run();
}
