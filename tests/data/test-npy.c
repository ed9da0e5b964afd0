// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib/gstdio.h>
#include <string.h>
#include "base/error.h"
#include "data/npy.h"

// An .npy file from a header's text and data, without our own writer.
static GBytes *
make(int version, const char *header, gconstpointer data, gsize n_data)
{
  GByteArray *bytes = g_byte_array_new();
  gsize n = strlen(header);
  const guint8 fixed[] = { 0x93, 'N', 'U', 'M', 'P', 'Y', (guint8)version, 0, (guint8)n, (guint8)(n >> 8), 0, 0 };
  g_byte_array_append(bytes, fixed, version == 1 ? 10 : 12);
  g_byte_array_append(bytes, (const guint8 *)header, (guint)n);
  if (n_data > 0)
    g_byte_array_append(bytes, data, (guint)n_data);
  return g_byte_array_free_to_bytes(bytes);
}

static PctNpyArray *
read_npy(GBytes *bytes, GError **error)
{
  // A copy of just the right size, so that the sanitizer sees a read beyond the end.
  gsize n;
  gconstpointer start = g_bytes_get_data(bytes, &n);
  g_autofree gpointer copy = g_memdup2(start, n);
  return pct_npy_read_memory(copy, n, "some.npy", error);
}

static void
refuse(GBytes *bytes, PctError code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) owned = bytes;
  g_assert_null(read_npy(owned, &error));
  g_assert_error(error, PCT_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, "some.npy"));
  g_assert_true(g_str_has_suffix(error->message, "."));
}

static const struct {
  PctNpyKind kind;
  char letter;
  gsize item_size;
} types[] = {
  { PCT_NPY_BOOL, 'b', 1 }, { PCT_NPY_INT, 'i', 1 }, { PCT_NPY_INT, 'i', 2 }, { PCT_NPY_INT, 'i', 4 },
  { PCT_NPY_INT, 'i', 8 }, { PCT_NPY_UINT, 'u', 1 }, { PCT_NPY_UINT, 'u', 2 }, { PCT_NPY_UINT, 'u', 4 },
  { PCT_NPY_UINT, 'u', 8 }, { PCT_NPY_FLOAT, 'f', 2 }, { PCT_NPY_FLOAT, 'f', 4 }, { PCT_NPY_FLOAT, 'f', 8 },
  { PCT_NPY_UNICODE, 'U', 12 }, { PCT_NPY_BYTES, 'S', 3 },
};

// Every type, both byte orders, both memory orders, three versions: the same array comes out.
static void
test_read_all(void)
{
  enum { A = 2, B = 3, C = 5, N = A * B * C };
  for (guint t = 0; t < G_N_ELEMENTS(types); t++)
    for (int variant = 0; variant < 12; variant++) {
      gboolean big = variant & 1, fortran = variant & 2;
      int version = 1 + variant / 4;
      gsize size = types[t].item_size, unit = types[t].kind == PCT_NPY_UNICODE ? 4 : size;
      guint8 plain[N * 12], stored[N * 12];
      for (gsize i = 0; i < N * size; i++)
        plain[i] = (guint8)(i * 7 + 1);
      for (gsize a = 0; a < A; a++)
        for (gsize b = 0; b < B; b++)
          for (gsize c = 0; c < C; c++) {
            gsize from = (a * B + b) * C + c, to = fortran ? a + A * (b + B * c) : from;
            memcpy(stored + to * size, plain + from * size, size);
          }
      if (big && types[t].kind != PCT_NPY_BYTES)
        for (gsize i = 0; i < N * size; i += unit)
          for (gsize j = 0; j < unit / 2; j++) {
            guint8 byte = stored[i + j];
            stored[i + j] = stored[i + unit - 1 - j];
            stored[i + unit - 1 - j] = byte;
          }
      int length = (int)(types[t].letter == 'U' ? size / 4 : size);
      g_autofree char *header = g_strdup_printf("{'descr': '%c%c%d', 'fortran_order': %s, 'shape': (2, 3, 5), }   \n",
                                                big ? '>' : '<', types[t].letter, length, fortran ? "True" : "False");
      g_autoptr(GBytes) bytes = make(version, header, stored, N * size);
      g_autoptr(GError) error = NULL;
      g_autoptr(PctNpyArray) array = read_npy(bytes, &error);
      g_assert_no_error(error);
      g_assert_cmpint(array->kind, ==, types[t].kind);
      g_assert_cmpuint(array->n_dims, ==, 3);
      g_assert_cmpuint(array->n_items, ==, N);
      g_assert_cmpmem(array->data, N * array->item_size, plain, N * size);
    }
}

static void
test_round_trip(void)
{
  const gsize shapes[][3] = { { 4, 3, 2 }, { 24, 0, 0 }, { 6, 4, 0 }, { 0, 0, 0 } };
  const guint dims[] = { 3, 1, 2, 0 };
  for (guint t = 0; t < G_N_ELEMENTS(types); t++)
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
      guint8 data[24 * 12];
      for (gsize i = 0; i < sizeof data; i++)
        data[i] = (guint8)(i * 11);
      g_autoptr(GBytes) bytes = pct_npy_encode(types[t].kind, types[t].item_size, dims[s], shapes[s], data);
      g_autoptr(GError) error = NULL;
      g_autoptr(PctNpyArray) array = read_npy(bytes, &error);
      g_assert_no_error(error);
      g_assert_cmpint(array->kind, ==, types[t].kind);
      g_assert_cmpuint(array->item_size, ==, types[t].item_size);
      g_assert_cmpuint(array->n_dims, ==, dims[s]);
      g_assert_cmpmem(array->shape, dims[s] * sizeof(gsize), shapes[s], dims[s] * sizeof(gsize));
      gsize n = (dims[s] ? 24 : 1) * array->item_size;
      g_assert_cmpmem(array->data, n, data, n);
    }
}

static void
test_header_alignment(void)
{
  const gsize shape[] = { 4500, 36, 64 };
  g_autoptr(GBytes) header = pct_npy_header_new(PCT_NPY_FLOAT, 2, 3, shape);
  gsize n;
  const char *bytes = g_bytes_get_data(header, &n);
  g_assert_cmpuint(n % 64, ==, 0);
  g_assert_cmpint(bytes[n - 1], ==, '\n');
  g_assert_nonnull(g_strstr_len(bytes + 10, (gssize)n - 10,
                                "{'descr': '<f2', 'fortran_order': False, 'shape': (4500, 36, 64), }"));
}

static void
test_empty(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = make(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (0, 5), }", NULL, 0);
  g_autoptr(PctNpyArray) array = read_npy(bytes, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(array->n_items, ==, 0);
  g_autofree float *floats = pct_npy_array_dup_floats(array, "x", &error);
  g_assert_nonnull(floats);
}

static void
test_hostile_headers(void)
{
  const struct {
    const char *header;
    PctError code;
  } cases[] = {
    { "", PCT_ERROR_FORMAT },
    { "{", PCT_ERROR_FORMAT },
    { "{}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,)}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} trailing", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 4)}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -9223372036854775808)}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", PCT_ERROR_FORMAT },
    // The product wraps to exactly the eight bytes that follow.
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387905, 2)}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9223372036854775807)}",
      PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}", PCT_ERROR_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, "
      "'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2)}",
      PCT_ERROR_FORMAT },
    { "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", PCT_ERROR_UNSUPPORTED },
    { "{'descr': '|O8', 'fortran_order': False, 'shape': (1,)}", PCT_ERROR_UNSUPPORTED },
    { "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", PCT_ERROR_UNSUPPORTED },
    { "{'descr': '<f1', 'fortran_order': False, 'shape': (8,)}", PCT_ERROR_UNSUPPORTED },
    { "{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", PCT_ERROR_UNSUPPORTED },
    { "{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000000,)}", PCT_ERROR_UNSUPPORTED },
    { "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", PCT_ERROR_UNSUPPORTED },
    { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", PCT_ERROR_UNSUPPORTED },
    { "{'descr': '', 'fortran_order': False, 'shape': (2,)}", PCT_ERROR_UNSUPPORTED },
  };
  const guint8 data[8] = { 0 };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_test_message("%s", cases[i].header);
    refuse(make(1, cases[i].header, data, sizeof data), cases[i].code);
  }
}

// Whatever is cut off or put behind, at every length: an error, never a read beyond the end.
static void
test_truncated(void)
{
  const float data[] = { 1, 2, 3, 4, 5, 6 };
  g_autoptr(GBytes) whole = make(2, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", data, sizeof data);
  for (gsize n = 0; n < g_bytes_get_size(whole); n++)
    refuse(g_bytes_new_from_bytes(whole, 0, n), PCT_ERROR_FORMAT);
  const guint8 more[sizeof data + 1] = { 0 };
  refuse(make(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", more, sizeof more), PCT_ERROR_FORMAT);
  refuse(make(4, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", data, sizeof data),
         PCT_ERROR_UNSUPPORTED);
}

static void
test_convert(void)
{
  g_autoptr(GError) error = NULL;
  const gsize shape[] = { 3 };
  const gint16 small[] = { -3, 0, 32767 };
  g_autoptr(GBytes) bytes = pct_npy_encode(PCT_NPY_INT, 2, 1, shape, small);
  g_autoptr(PctNpyArray) array = read_npy(bytes, &error);
  g_autofree float *floats = pct_npy_array_dup_floats(array, "x", &error);
  g_assert_cmpfloat(floats[0], ==, -3);
  g_assert_cmpfloat(floats[2], ==, 32767);
  g_autofree gint64 *integers = pct_npy_array_dup_integers(array, "x", &error);
  g_assert_cmpint(integers[0], ==, -3);

  const guint64 large[] = { 1, 2, G_MAXUINT64 };
  g_autoptr(GBytes) large_bytes = pct_npy_encode(PCT_NPY_UINT, 8, 1, shape, large);
  g_autoptr(PctNpyArray) large_array = read_npy(large_bytes, &error);
  g_autofree float *large_floats = pct_npy_array_dup_floats(large_array, "x", &error);
  g_assert_cmpfloat(large_floats[2], ==, 0x1p64f);
  g_assert_null(pct_npy_array_dup_integers(large_array, "large.npy", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "large.npy"));
  g_clear_error(&error);

  const double reals[] = { 2, -0.0, 2.5 };
  g_autoptr(GBytes) real_bytes = pct_npy_encode(PCT_NPY_FLOAT, 8, 1, shape, reals);
  g_autoptr(PctNpyArray) real_array = read_npy(real_bytes, &error);
  g_assert_null(pct_npy_array_dup_integers(real_array, "reals.npy", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_clear_error(&error);

  const guint32 text[] = { 't', 0x4e2d, 0, 0x110000, 0, 0, 'a', 'b', 'c' };
  g_autoptr(GBytes) text_bytes = pct_npy_encode(PCT_NPY_UNICODE, 12, 1, shape, text);
  g_autoptr(PctNpyArray) text_array = read_npy(text_bytes, &error);
  g_autofree char *first = pct_npy_array_dup_text(text_array, 0), *second = pct_npy_array_dup_text(text_array, 1),
                  *third = pct_npy_array_dup_text(text_array, 2);
  g_assert_cmpstr(first, ==, "t中");
  g_assert_cmpstr(second, ==, "\xef\xbf\xbd");
  g_assert_cmpstr(third, ==, "abc");
  g_assert_null(pct_npy_array_dup_floats(text_array, "text.npy", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
}

static void
test_files(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("percept-test-XXXXXX", &error);
  g_autofree char *path = g_build_filename(folder, "a.npy", NULL), *none = g_build_filename(folder, "none.npy", NULL);
  const gsize shape[] = { 2 };
  const float data[] = { 1.5f, -2 };
  g_assert_true(pct_npy_save(path, PCT_NPY_FLOAT, 4, 1, shape, data, &error));
  g_autoptr(PctNpyArray) array = pct_npy_load(path, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpmem(array->data, sizeof data, data, sizeof data);
  g_assert_null(pct_npy_load(none, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(error->message, "none.npy"));
  g_clear_error(&error);
  g_assert_null(pct_npy_load(folder, "a folder", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_unlink(path);
  g_rmdir(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/npy/read-all", test_read_all);
  g_test_add_func("/npy/round-trip", test_round_trip);
  g_test_add_func("/npy/header-alignment", test_header_alignment);
  g_test_add_func("/npy/empty", test_empty);
  g_test_add_func("/npy/hostile-headers", test_hostile_headers);
  g_test_add_func("/npy/truncated", test_truncated);
  g_test_add_func("/npy/convert", test_convert);
  g_test_add_func("/npy/files", test_files);
  return g_test_run();
}
