// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/mat-check.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include "base/error.h"

#define HEADER_5 128   // bytes before the first variable
#define HEADER_4 20
#define ELEMENT_MATRIX 14
#define ELEMENT_PACKED 15
#define LONGEST_NAME 1024
// Where an HDF5 file begins behind MATLAB's header.
#define HDF5_OFFSET 512
#define MOST_VARIABLES 1000000

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FILE, fclose)

static guint32
number_at(const guint8 *bytes, gboolean big)
{
  guint32 value;
  memcpy(&value, bytes, sizeof value);
  return big ? GUINT32_FROM_BE(value) : GUINT32_FROM_LE(value);
}

static void
cut_short(const char *path, gsize at, gsize claimed, gsize left, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("“%s” is cut short or damaged: its variable at byte %zu is said to have %zu bytes, and %zu are left."),
              shown, at, claimed, left);
}

// Whether a packed variable unpacks to one array of just the size that it declares.
static gboolean
unpacks(FILE *file, guint64 n_packed, gboolean big)
{
  guint8 in[16384], out[65536], tag[8] = { 0 };
  z_stream stream = { 0 };
  guint64 n_out = 0;
  int status = inflateInit(&stream);
  while (status == Z_OK && (n_packed > 0 || stream.avail_in > 0)) {
    if (stream.avail_in == 0) {
      stream.avail_in = (uInt)fread(in, 1, MIN(n_packed, sizeof in), file);
      stream.next_in = in;
      n_packed = stream.avail_in > 0 ? n_packed - stream.avail_in : 0;
    }
    do {
      stream.next_out = out;
      stream.avail_out = sizeof out;
      status = inflate(&stream, Z_NO_FLUSH);
      gsize got = sizeof out - stream.avail_out;
      for (gsize i = 0; i < got && n_out + i < sizeof tag; i++)
        tag[n_out + i] = out[i];
      n_out += got;
    } while (status == Z_OK && stream.avail_out == 0);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END && n_out >= 8 && number_at(tag, big) == ELEMENT_MATRIX &&
         number_at(tag + 4, big) + (guint64)8 == n_out;
}

static gboolean
walk_5(FILE *file, const char *path, guint64 size, gboolean big, GError **error)
{
  guint8 tag[8];
  for (guint64 at = HEADER_5; at < size;) {
    guint64 left = size - at, claimed = sizeof tag;
    gboolean there = left >= sizeof tag && fseeko(file, (off_t)at, SEEK_SET) == 0 && fread(tag, sizeof tag, 1, file) == 1;
    if (there)
      claimed += number_at(tag + 4, big);
    if (!there || claimed > left) {
      cut_short(path, at, claimed, left, error);
      return FALSE;
    }
    guint32 type = number_at(tag, big);
    if (type != ELEMENT_MATRIX && !(type == ELEMENT_PACKED && unpacks(file, claimed - sizeof tag, big))) {
      g_autofree char *shown = g_filename_display_basename(path);
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is damaged: what is at byte %zu is no variable."), shown,
                  (gsize)at);
      return FALSE;
    }
    at += claimed;
  }
  return TRUE;
}

// Bytes of a version 4 variable whose header this is, or 0 if it is none.
static guint64
length_4(const guint8 *header, gboolean big)
{
  static const guint8 sizes[] = { 8, 4, 4, 2, 2, 1 };
  guint32 type = number_at(header, big), n_name = number_at(header + 16, big), imaginary = number_at(header + 12, big);
  guint32 precision = type / 10 % 10;
  if (type >= 5000 || type / 1000 != (big ? 1 : 0) || type / 100 % 10 != 0 || precision >= G_N_ELEMENTS(sizes) ||
      type % 10 > 2 || imaginary > 1 || n_name == 0 || n_name > LONGEST_NAME)
    return 0;
  guint64 n;
  if (!g_uint64_checked_mul(&n, number_at(header + 4, big), number_at(header + 8, big)) ||
      !g_uint64_checked_mul(&n, n, (guint64)sizes[precision] * (1 + imaginary)) ||
      !g_uint64_checked_add(&n, n, HEADER_4 + n_name))
    return G_MAXUINT64;
  return n;
}

static PctMatVersion
walk_4(FILE *file, const char *path, guint64 size, gboolean big, GError **error)
{
  guint8 header[HEADER_4 + 1];
  guint count = 0;
  for (guint64 at = 0; at < size; count++) {
    guint64 left = size - at, length = 0;
    if (count < MOST_VARIABLES && fseeko(file, (off_t)at, SEEK_SET) == 0 && fread(header, sizeof header, 1, file) == 1 &&
        (g_ascii_isalpha(header[HEADER_4]) || header[HEADER_4] == '_'))
      length = length_4(header, big);
    // There is no other mark: without a whole first variable it is some other file.
    if (count == 0 && length == 0)
      return PCT_MAT_NONE;
    if (length == 0 || length > left) {
      cut_short(path, at, MAX(length, HEADER_4), left, error);
      return PCT_MAT_NONE;
    }
    at += length;
  }
  return PCT_MAT_4;
}

PctMatVersion
pct_mat_check(const char *path, gsize *n_bytes, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  g_autoptr(FILE) file = g_fopen(path, "rbe");
  guint8 header[HEADER_5] = { 0 }, mark[8] = { 0 };
  if (!file || fseeko(file, 0, SEEK_END) != 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(errno));
    return PCT_MAT_NONE;
  }
  guint64 size = (guint64)ftello(file);
  *n_bytes = size;
  rewind(file);
  gsize got = fread(header, 1, sizeof header, file);
  gboolean little = memcmp(header + 126, "IM", 2) == 0, big = memcmp(header + 126, "MI", 2) == 0;
  guint version = little ? header[124] | header[125] << 8 : header[125] | header[124] << 8;
  if (got == sizeof header && (little || big) && version == 0x0100)
    return walk_5(file, path, size, big, error) ? PCT_MAT_5 : PCT_MAT_NONE;
  if (got == sizeof header && (little || big) && version == 0x0200) {
    if (fseeko(file, HDF5_OFFSET, SEEK_SET) == 0 && fread(mark, sizeof mark, 1, file) == 1 &&
        memcmp(mark, "\x89HDF\r\n\x1a\n", 8) == 0)
      return PCT_MAT_73;
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is cut short or damaged: expected an HDF5 file behind MATLAB’s header."), shown);
    return PCT_MAT_NONE;
  }
  if (got <= HEADER_4)
    return PCT_MAT_NONE;
  PctMatVersion found = walk_4(file, path, size, FALSE, error);
  return found != PCT_MAT_NONE || *error ? found : walk_4(file, path, size, TRUE, error);
}
