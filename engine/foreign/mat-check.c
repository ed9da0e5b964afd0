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

static gboolean
refuse(const char *path, guint64 at, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is damaged: what is at byte %zu is no variable."), shown,
              (gsize)at);
  return FALSE;
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

// The header of the element at a place, and its bytes with it; FALSE with an error if it is no variable.
static gboolean
read_element(FILE *file, const char *path, guint64 at, guint64 size, gboolean big, guint32 *type, guint64 *claimed,
             GError **error)
{
  guint8 tag[8];
  guint64 left = size - at;
  gboolean there = left >= sizeof tag && fseeko(file, (off_t)at, SEEK_SET) == 0 && fread(tag, sizeof tag, 1, file) == 1;
  *claimed = sizeof tag + (there ? (guint64)number_at(tag + 4, big) : 0);
  if (!there || *claimed > left) {
    cut_short(path, at, *claimed, left, error);
    return FALSE;
  }
  *type = number_at(tag, big);
  return *type == ELEMENT_MATRIX || *type == ELEMENT_PACKED || refuse(path, at, error);
}

static gboolean
walk_5(FILE *file, const char *path, guint64 size, gboolean big, GError **error)
{
  guint64 claimed;
  guint32 type;
  for (guint64 at = HEADER_5; at < size; at += claimed)
    if (!read_element(file, path, at, size, big, &type, &claimed, error))
      return FALSE;
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

static FILE *
open_file(const char *path, guint64 *size, GError **error)
{
  FILE *file = g_fopen(path, "rbe");
  if (file && fseeko(file, 0, SEEK_END) == 0) {
    *size = (guint64)ftello(file);
    rewind(file);
    return file;
  }
  g_autofree char *shown = g_filename_display_basename(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), shown, g_strerror(errno));
  if (file)
    fclose(file);
  return NULL;
}

gboolean
pct_mat_check_packed(const char *path, guint number, GError **error)
{
  guint64 size, at = HEADER_5, claimed = 0;
  guint8 header[HEADER_5];
  guint32 type = 0;
  g_autoptr(FILE) file = open_file(path, &size, error);
  if (!file)
    return FALSE;
  gboolean big = fread(header, sizeof header, 1, file) == 1 && memcmp(header + 126, "MI", 2) == 0;
  for (guint i = 0; i <= number; i++) {
    at += claimed;
    if (at >= size)
      return refuse(path, at, error);
    if (!read_element(file, path, at, size, big, &type, &claimed, error))
      return FALSE;
  }
  return type != ELEMENT_PACKED || unpacks(file, claimed - 8, big) || refuse(path, at, error);
}

PctMatVersion
pct_mat_check(const char *path, gsize *n_bytes, GError **error)
{
  g_autofree char *shown = g_filename_display_basename(path);
  guint8 header[HEADER_5] = { 0 }, mark[8] = { 0 };
  guint64 size;
  g_autoptr(FILE) file = open_file(path, &size, error);
  if (!file)
    return PCT_MAT_NONE;
  *n_bytes = size;
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
