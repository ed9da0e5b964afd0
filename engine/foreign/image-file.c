// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/image-file.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <tiffio.h>
#include "base/error.h"
#include "data/photograph.h"

#define LARGEST 2e8  // pixels: more is a mistake, or an attack
#define MOST_PAGES 65535

struct _PctImageFile {
  char *path, *shown;
  TIFF *tiff;          // NULL: a photograph
  int height, width;   // of a photograph, as it is stored
  guint page;          // the next one
};

// What is known of the page that a TIFF is at.
typedef struct {
  guint32 height, width;
  guint16 bits, samples, format, photometric;
  gboolean plain;  // rows can be taken as they are; else libtiff makes colours of them
} Page;

gboolean
pct_image_file_recognise(const guint8 *head, gsize n)
{
  static const struct { const char *bytes; gsize n; } marks[] = {
    { "\x89PNG\r\n\x1a\n", 8 }, { "\xff\xd8\xff", 3 }, { "II*\0", 4 }, { "MM\0*", 4 }, { "II+\0", 4 }, { "MM\0+", 4 },
  };
  for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
    if (n >= marks[i].n && memcmp(head, marks[i].bytes, marks[i].n) == 0)
      return TRUE;
  return FALSE;
}

void
pct_image_file_free(PctImageFile *file)
{
  if (!file)
    return;
  if (file->tiff)
    TIFFClose(file->tiff);
  g_free(file->path);
  g_free(file->shown);
  g_free(file);
}

PctImageFile *
pct_image_file_open(const char *path, GError **error)
{
  g_autoptr(PctImageFile) file = g_new0(PctImageFile, 1);
  file->path = g_strdup(path);
  file->shown = g_filename_display_basename(path);
  if (gdk_pixbuf_get_file_info(path, &file->width, &file->height)) {
    g_autofree char *kind = gdk_pixbuf_format_get_name(gdk_pixbuf_get_file_info(path, NULL, NULL));
    if (!g_str_equal(kind, "tiff"))
      return g_steal_pointer(&file);
  }
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  file->tiff = TIFFOpen(path, "rm");  // not mapped: a file that is cut short meanwhile is no crash
  if (file->tiff)
    return g_steal_pointer(&file);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is cut short or damaged: it does not open as an image."),
              file->shown);
  return NULL;
}

static Page
get_page(const PctImageFile *file)
{
  Page page = { 0 };
  guint16 planar = PLANARCONFIG_CONTIG;
  TIFFGetField(file->tiff, TIFFTAG_IMAGELENGTH, &page.height);
  TIFFGetField(file->tiff, TIFFTAG_IMAGEWIDTH, &page.width);
  TIFFGetFieldDefaulted(file->tiff, TIFFTAG_BITSPERSAMPLE, &page.bits);
  TIFFGetFieldDefaulted(file->tiff, TIFFTAG_SAMPLESPERPIXEL, &page.samples);
  TIFFGetFieldDefaulted(file->tiff, TIFFTAG_SAMPLEFORMAT, &page.format);
  TIFFGetFieldDefaulted(file->tiff, TIFFTAG_PLANARCONFIG, &planar);
  if (!TIFFGetField(file->tiff, TIFFTAG_PHOTOMETRIC, &page.photometric))
    page.photometric = PHOTOMETRIC_MINISBLACK;
  gboolean grey = page.samples == 1 && page.photometric <= PHOTOMETRIC_MINISBLACK;
  gboolean colour = page.samples == 3 && page.photometric == PHOTOMETRIC_RGB;
  gboolean whole = (page.bits == 8 || page.bits == 16) && page.format == SAMPLEFORMAT_UINT;
  gboolean real = page.bits == 32 && page.format == SAMPLEFORMAT_IEEEFP;
  page.plain = (grey || colour) && (whole || real) && planar == PLANARCONFIG_CONTIG && !TIFFIsTiled(file->tiff);
  return page;
}

gboolean
pct_image_file_go(PctImageFile *file, guint page)
{
  if (!file->tiff)
    return page == 0;
  if (page >= MOST_PAGES)
    return FALSE;
  // The next one is nearer than one by its number.
  gboolean ok = page == file->page ? page == 0 || TIFFReadDirectory(file->tiff) : TIFFSetDirectory(file->tiff, (guint16)page);
  file->page = page + 1;
  return ok;
}

gboolean
pct_image_file_next(PctImageFile *file, int *height, int *width, gboolean *is_whole)
{
  if (!file->tiff) {
    *height = file->height;
    *width = file->width;
    *is_whole = TRUE;
    return file->page++ == 0;
  }
  if (!pct_image_file_go(file, file->page))
    return FALSE;
  Page page = get_page(file);
  *height = (int)MIN(page.height, G_MAXINT);
  *width = (int)MIN(page.width, G_MAXINT);
  *is_whole = !page.plain || page.bits == 8;
  return TRUE;
}

static gboolean
refuse(const PctImageFile *file, const char *reason, GError **error)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The image “%s” cannot be read: %s."), file->shown, reason);
  return FALSE;
}

static float
sample(const guint8 *row, gsize i, guint bits)
{
  guint16 two;
  float real;
  switch (bits) {
  case 8: return row[i];
  case 16: memcpy(&two, row + 2 * i, 2); return two;
  default: memcpy(&real, row + 4 * i, 4); return real;
  }
}

static gboolean
read_rows(PctImageFile *file, const Page *page, float *out, GError **error)
{
  gsize n = page->width, samples = page->samples;
  if (TIFFScanlineSize64(file->tiff) < n * samples * page->bits / 8)
    return refuse(file, _("its rows are not as long as they should be"), error);
  g_autofree guint8 *row = g_try_malloc0(TIFFScanlineSize64(file->tiff));
  if (!row)
    return refuse(file, _("its rows are not as long as they should be"), error);
  float white = page->photometric == PHOTOMETRIC_MINISWHITE && page->bits < 32 ? (float)((1u << page->bits) - 1) : 0.0f;
  for (guint32 y = 0; y < page->height; y++) {
    if (TIFFReadScanline(file->tiff, row, y, 0) < 0)
      return refuse(file, _("it is cut short or damaged"), error);
    for (gsize x = 0; x < n; x++) {
      float value = samples == 1 ? sample(row, x, page->bits)
                                 : 0.299f * sample(row, 3 * x, page->bits) + 0.587f * sample(row, 3 * x + 1, page->bits) +
                                       0.114f * sample(row, 3 * x + 2, page->bits);
      out[y * n + x] = white > 0 ? white - value : value;
    }
  }
  return TRUE;
}

// Tiles, palettes and the like, by way of libtiff's colours.
static gboolean
read_colours(PctImageFile *file, const Page *page, float *out, GError **error)
{
  gsize n = (gsize)page->height * page->width;
  char reason[1024] = "";
  if (!TIFFRGBAImageOK(file->tiff, reason)) {
    g_autofree char *valid = g_utf8_make_valid(reason, -1);
    return refuse(file, valid, error);
  }
  g_autofree guint32 *colours = g_try_new0(guint32, n);
  if (!colours || !TIFFReadRGBAImageOriented(file->tiff, page->width, page->height, colours, ORIENTATION_TOPLEFT, 1))
    return refuse(file, _("it is cut short or damaged"), error);
  for (gsize i = 0; i < n; i++)
    out[i] = 0.299f * TIFFGetR(colours[i]) + 0.587f * TIFFGetG(colours[i]) + 0.114f * TIFFGetB(colours[i]);
  return TRUE;
}

float *
pct_image_file_read(PctImageFile *file, int *height, int *width, GError **error)
{
  if (!file->tiff)
    return pct_photograph_read(file->path, 1, 1, height, width, error);
  Page page = get_page(file);
  if (page.height == 0 || page.width == 0 || (double)page.height * page.width > LARGEST) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("“%s” is %u x %u pixels, larger than an image can be meant to be."),
                file->shown, page.width, page.height);
    return NULL;
  }
  *height = (int)page.height;
  *width = (int)page.width;
  g_autofree float *out = g_try_new(float, (gsize)page.height * page.width);
  if (!out) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for “%s”."), file->shown);
    return NULL;
  }
  gboolean ok = page.plain ? read_rows(file, &page, out, error) : read_colours(file, &page, out, error);
  return ok ? g_steal_pointer(&out) : NULL;
}
