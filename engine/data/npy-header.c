// SPDX-License-Identifier: GPL-3.0-or-later
// The header of an .npy array is a Python dictionary, of which this reads exactly what numpy writes: the keys descr,
// fortran_order and shape, once each in any order, and nothing else.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "data/npy.h"

#define LONGEST_TEXT (1 << 20)

typedef struct {
  const char *at, *end;
} Cursor;

static void
skip_space(Cursor *cursor)
{
  while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\n' || *cursor->at == '\t'))
    cursor->at++;
}

static gboolean
take(Cursor *cursor, char character)
{
  skip_space(cursor);
  if (cursor->at == cursor->end || *cursor->at != character)
    return FALSE;
  cursor->at++;
  return TRUE;
}

static gboolean
take_word(Cursor *cursor, const char *word)
{
  gsize n = strlen(word);
  skip_space(cursor);
  if ((gsize)(cursor->end - cursor->at) < n || memcmp(cursor->at, word, n) != 0)
    return FALSE;
  cursor->at += n;
  return TRUE;
}

// A quoted string without escapes, into out (size,) with its zero.
static gboolean
take_string(Cursor *cursor, char *out, gsize size)
{
  skip_space(cursor);
  if (cursor->at == cursor->end || (*cursor->at != '\'' && *cursor->at != '"'))
    return FALSE;
  char quote = *cursor->at++;
  gsize n = 0;
  while (cursor->at < cursor->end && *cursor->at != quote) {
    if (*cursor->at < 0x20 || *cursor->at > 0x7e || *cursor->at == '\\' || n + 1 >= size)
      return FALSE;
    out[n++] = *cursor->at++;
  }
  out[n] = 0;
  return take(cursor, quote);
}

static gboolean
take_number(Cursor *cursor, gsize *out)
{
  skip_space(cursor);
  const char *first = cursor->at;
  gsize value = 0;
  for (; cursor->at < cursor->end && g_ascii_isdigit(*cursor->at); cursor->at++) {
    if (!g_size_checked_mul(&value, value, 10) || !g_size_checked_add(&value, value, (gsize)(*cursor->at - '0')))
      return FALSE;
  }
  if (cursor->at == first || value > G_MAXINT64)
    return FALSE;
  if (cursor->at < cursor->end && *cursor->at == 'L')  // Python 2's long integers
    cursor->at++;
  *out = value;
  return TRUE;
}

static gboolean
take_shape(Cursor *cursor, PctNpyHeader *header)
{
  if (!take(cursor, '('))
    return FALSE;
  header->n_dims = 0;
  while (!take(cursor, ')')) {
    if (header->n_dims == PCT_NPY_MAX_DIMS || !take_number(cursor, &header->shape[header->n_dims]))
      return FALSE;
    header->n_dims++;
    if (!take(cursor, ',')) {
      // "(3)" is a number, not a tuple; numpy refuses it as well.
      return header->n_dims > 1 && take(cursor, ')');
    }
  }
  return TRUE;
}

static gboolean
parse_descr(const char *descr, PctNpyHeader *header)
{
  const char *at = descr;
  char order = '|';
  if (*at && strchr("<>|=", *at))
    order = *at++;
  char type = *at ? *at++ : 0;
  Cursor cursor = { at, at + strlen(at) };
  gsize n = 0;
  if (!type || !take_number(&cursor, &n) || cursor.at != cursor.end)
    return FALSE;
  gboolean sized = n == 1 || n == 2 || n == 4 || n == 8;
  header->item_size = n;
  switch (type) {
  case 'b': header->kind = PCT_NPY_BOOL; sized = n == 1; break;
  case 'i': header->kind = PCT_NPY_INT; break;
  case 'u': header->kind = PCT_NPY_UINT; break;
  case 'f': header->kind = PCT_NPY_FLOAT; sized = sized && n > 1; break;
  // No text here is longer (a recording's provenance is the longest); a length of zero would let a small file declare
  // any number of them.
  case 'U':
    header->kind = PCT_NPY_UNICODE;
    sized = n > 0 && n <= LONGEST_TEXT;
    header->item_size = 4 * MIN(n, LONGEST_TEXT);
    break;
  case 'S':
  case 'a': header->kind = PCT_NPY_BYTES; sized = n > 0 && n <= LONGEST_TEXT; break;
  default: return FALSE;
  }
  header->swapped = header->kind != PCT_NPY_BYTES && (header->kind == PCT_NPY_UNICODE || n > 1) &&
                    order == (G_BYTE_ORDER == G_LITTLE_ENDIAN ? '>' : '<');
  return sized;
}

gboolean
pct_npy_header_parse(const char *text, gsize n, const char *shown, PctNpyHeader *header, GError **error)
{
  *header = (PctNpyHeader){ 0 };
  Cursor cursor = { text, text + n };
  gboolean have_descr = FALSE, have_order = FALSE, have_shape = FALSE, ok = take(&cursor, '{');
  char descr[32] = "";
  while (ok && !take(&cursor, '}')) {
    char key[16];
    ok = take_string(&cursor, key, sizeof key) && take(&cursor, ':');
    if (ok && strcmp(key, "descr") == 0 && !have_descr) {
      have_descr = TRUE;
      if (take(&cursor, '[')) {
        g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                    _("“%s” is an array of records; expected plain numbers or text."), shown);
        return FALSE;
      }
      ok = take_string(&cursor, descr, sizeof descr);
    } else if (ok && strcmp(key, "fortran_order") == 0 && !have_order) {
      have_order = TRUE;
      header->fortran = take_word(&cursor, "True");
      ok = header->fortran || take_word(&cursor, "False");
    } else if (ok && strcmp(key, "shape") == 0 && !have_shape) {
      have_shape = TRUE;
      ok = take_shape(&cursor, header);
    } else {
      ok = FALSE;
    }
    if (ok && !take(&cursor, ',')) {
      ok = take(&cursor, '}');
      break;
    }
  }
  skip_space(&cursor);
  if (!ok || cursor.at != cursor.end || !have_descr || !have_order || !have_shape) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                _("“%s” is not a sound .npy array: expected a header with descr, fortran_order and shape, found one "
                  "that is damaged at byte %d."), shown, (int)(cursor.at - text));
    return FALSE;
  }
  if (strchr(descr, 'O')) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” holds pickled Python objects (|O), which are never read because they can run code; expected "
                  "plain numbers or text."), shown);
    return FALSE;
  }
  if (!parse_descr(descr, header)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” has the data type “%s”; expected truth values, integers, floats of 16 to 64 bits, or text."),
                shown, descr);
    return FALSE;
  }
  // Zeros are left out of the product's check, so that no caller meets an overflow behind one.
  gsize product = header->item_size;
  header->n_items = 1;
  for (guint i = 0; i < header->n_dims; i++) {
    if (header->shape[i] != 0 && !g_size_checked_mul(&product, product, header->shape[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” declares more elements than any computer can hold."),
                  shown);
      return FALSE;
    }
    header->n_items *= header->shape[i];
  }
  return TRUE;
}

GBytes *
pct_npy_header_new(PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape)
{
  g_return_val_if_fail(n_dims <= PCT_NPY_MAX_DIMS, NULL);
  g_autoptr(GString) text = g_string_new("{'descr': '");
  gboolean ordered = kind == PCT_NPY_UNICODE || (kind != PCT_NPY_BYTES && item_size > 1);
  g_string_append_c(text, !ordered ? '|' : G_BYTE_ORDER == G_LITTLE_ENDIAN ? '<' : '>');
  g_string_append_printf(text, "%c%" G_GSIZE_FORMAT "', 'fortran_order': False, 'shape': (", "biufUS"[kind],
                         kind == PCT_NPY_UNICODE ? item_size / 4 : item_size);
  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf(text, "%s%" G_GSIZE_FORMAT, i ? ", " : "", shape[i]);
  g_string_append(text, n_dims == 1 ? ",), }" : "), }");
  // 32 sizes of 20 digits stay far below version 1's 65,535 bytes. Data start at a multiple of 64 bytes.
  while ((10 + text->len + 1) % 64 != 0)
    g_string_append_c(text, ' ');
  g_string_append_c(text, '\n');
  GByteArray *bytes = g_byte_array_new();
  guint8 fixed[10] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (guint8)(text->len & 0xff), (guint8)(text->len >> 8) };
  g_byte_array_append(bytes, fixed, sizeof fixed);
  g_byte_array_append(bytes, (const guint8 *)text->str, (guint)text->len);
  return g_byte_array_free_to_bytes(bytes);
}
