// SPDX-License-Identifier: GPL-3.0-or-later
// Round trips, conversions, and a table of files that lie.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include "base/error.h"
#include "nn/safetensors.h"

static GByteArray *
make_file(const char *header, gsize header_length, gsize n_data)
{
  GByteArray *file = g_byte_array_new();
  guint8 prefix[8];
  for (int i = 0; i < 8; i++)
    prefix[i] = (guint8)((guint64)header_length >> 8 * i);
  g_byte_array_append(file, prefix, 8);
  g_byte_array_append(file, (const guint8 *)header, (guint)header_length);
  for (gsize i = 0; i < n_data; i++)
    g_byte_array_append(file, (const guint8 *)"", 1);
  return file;
}

// The parser gets an exact copy, so that the sanitizer sees a read past its end.
static PctTensors *
parse_exact(const GByteArray *file, GError **error)
{
  g_autofree guint8 *bytes = g_memdup2(file->data, file->len);
  return pct_safetensors_parse(bytes, file->len, "hostile.safetensors", error);
}

#define F32(name, shape, begin, end)                                                                                   \
  "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" begin "," end "]}"

typedef struct {
  const char *name, *header;
  gsize n_data;
  int code;          // -1: it is fine
  const char *says;  // of the refusal
} Case;

#define OVERLAPS "overlaps another one"
#define GAP "leaves a gap before it"
#define OUTSIDE "lies outside the file"
#define SHAPE "has an impossible shape"
#define LENGTH "has a shape that does not fit its length"
#define FIELDS "should have “dtype”, “shape” and two “data_offsets”, and nothing else"
#define TWICE "a name occurs twice"
#define NO_JSON "its header is not a JSON object of arrays"

static const Case cases[] = {
  { "good", "{" F32("a", "[2,3]", "0", "24") "}", 24, -1 },
  { "no-arrays", "{}", 0, -1 },
  { "padded", "{" F32("a", "[1]", "0", "4") "}     ", 4, -1 },
  { "unsorted-listing", "{" F32("b", "[1]", "4", "8") "," F32("a", "[1]", "0", "4") "}", 8, -1 },
  { "empty-array", "{" F32("a", "[0,7]", "0", "0") "," F32("b", "[1]", "0", "4") "}", 4, -1 },
  { "scalar", "{" F32("a", "[]", "0", "4") "}", 4, -1 },
  { "metadata", "{\"__metadata__\":{\"k\":\"v\"}," F32("a", "[1]", "0", "4") "}", 4, -1 },
  { "escaped-name", "{" F32("a\\n\\u00e9\\\"", "[1]", "0", "4") "}", 4, -1 },
  { "overlap", "{" F32("a", "[2]", "0", "8") "," F32("b", "[2]", "4", "12") "}", 12,
    PCT_ERROR_FORMAT, "array “b” " OVERLAPS },
  { "same-place", "{" F32("a", "[2]", "0", "8") "," F32("b", "[2]", "0", "8") "}", 8, PCT_ERROR_FORMAT, OVERLAPS },
  { "gap", "{" F32("a", "[1]", "0", "4") "," F32("b", "[1]", "8", "12") "}", 12, PCT_ERROR_FORMAT,
    "array “b” " GAP },
  { "overlap-within", "{" F32("a", "[4]", "0", "16") "," F32("b", "[1]", "4", "8") "}", 16, PCT_ERROR_FORMAT,
    "array “b” " OVERLAPS },
  { "gap-at-the-beginning", "{" F32("a", "[1]", "4", "8") "}", 8, PCT_ERROR_FORMAT, "array “a” " GAP },
  { "bytes-left", "{" F32("a", "[1]", "0", "4") "}", 5, PCT_ERROR_FORMAT, "there are bytes that belong to no array" },
  { "past-the-end", "{" F32("a", "[2]", "0", "8") "}", 4, PCT_ERROR_FORMAT, "array “a” " OUTSIDE },
  { "begins-past-the-end", "{" F32("a", "[0]", "400", "400") "}", 4, PCT_ERROR_FORMAT, "array “a” " OUTSIDE },
  { "trillion-past-the-end", "{" F32("a", "[1000000000000]", "0", "4000000000000") "}", 4, PCT_ERROR_FORMAT,
    "array “a” " OUTSIDE },
  { "trillion-in-a-word", "{" F32("a", "[1000000000000]", "0", "4") "}", 4, PCT_ERROR_FORMAT, "array “a” " LENGTH },
  { "trillion-of-nothing", "{" F32("a", "[1000000000000,0]", "0", "4") "}", 4, PCT_ERROR_FORMAT, LENGTH },
  { "reversed-offsets", "{" F32("a", "[1]", "4", "0") "}", 4, PCT_ERROR_FORMAT, OUTSIDE },
  { "negative-offset", "{" F32("a", "[1]", "-4", "0") "}", 4, PCT_ERROR_FORMAT, NO_JSON },
  { "huge-offset", "{" F32("a", "[1]", "0", "99999999999999999999999") "}", 4, PCT_ERROR_FORMAT, NO_JSON },
  { "fractional-offset", "{" F32("a", "[1]", "0", "4.0") "}", 4, PCT_ERROR_FORMAT, NO_JSON },
  { "three-offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}", 4,
    PCT_ERROR_FORMAT, FIELDS },
  { "shape-too-small", "{" F32("a", "[1]", "0", "8") "}", 8, PCT_ERROR_FORMAT, LENGTH },
  { "shape-overflow", "{" F32("a", "[4294967296,4294967296,4294967296]", "0", "0") "}", 0, PCT_ERROR_FORMAT, SHAPE },
  { "shape-overflow-in-bytes", "{" F32("a", "[4611686018427,1000000,4]", "0", "0") "}", 0, PCT_ERROR_FORMAT, LENGTH },
  { "negative-shape", "{" F32("a", "[-1]", "0", "4") "}", 4, PCT_ERROR_FORMAT, NO_JSON },
  { "shape-of-text", "{" F32("a", "[\"1\"]", "0", "4") "}", 4, PCT_ERROR_FORMAT, SHAPE },
  { "shape-nested", "{" F32("a", "[[1]]", "0", "4") "}", 4, PCT_ERROR_FORMAT, NO_JSON },
  { "nine-axes", "{" F32("a", "[1,1,1,1,1,1,1,1,1]", "0", "4") "}", 4, PCT_ERROR_FORMAT, "has more than eight axes" },
  { "duplicate", "{" F32("a", "[1]", "0", "4") "," F32("a", "[1]", "0", "4") "}", 4, PCT_ERROR_FORMAT, TWICE },
  { "duplicate-field", "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
    PCT_ERROR_FORMAT, TWICE },
  { "duplicate-metadata", "{\"__metadata__\":{\"k\":\"v\",\"k\":\"w\"}}", 0, PCT_ERROR_FORMAT, TWICE },
  { "unknown-field", "{\"a\":{\"dtype\":\"F32\",\"x\":1,\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
    PCT_ERROR_FORMAT, FIELDS },
  { "no-shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, PCT_ERROR_FORMAT, FIELDS },
  { "integers", "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8,
    PCT_ERROR_UNSUPPORTED, "array “a” has the type I64" },
  { "numeric-dtype", "{\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, PCT_ERROR_FORMAT, FIELDS },
  { "entry-not-object", "{\"a\":[0,4]}", 4, PCT_ERROR_FORMAT, "is not described by an object" },
  { "metadata-number", "{\"__metadata__\":{\"k\":1}}", 0,
    PCT_ERROR_FORMAT, "“__metadata__” holds something that is not text" },
  { "metadata-text", "{\"__metadata__\":\"k\"}", 0, PCT_ERROR_FORMAT, "“__metadata__” is not an object" },
  { "array-root", "[]", 0, PCT_ERROR_FORMAT, NO_JSON },
  { "leading-space", " {}", 0, PCT_ERROR_FORMAT, NO_JSON },
  { "unclosed", "{" F32("a", "[1]", "0", "4"), 4, PCT_ERROR_FORMAT, NO_JSON },
  { "unclosed-string", "{\"a", 4, PCT_ERROR_FORMAT, NO_JSON },
  { "ends-in-escape", "{\"a\\", 4, PCT_ERROR_FORMAT, NO_JSON },
  { "two-roots", "{}{}", 0, PCT_ERROR_FORMAT, NO_JSON },
  { "comment", "{/*\"*/}", 0, PCT_ERROR_FORMAT, NO_JSON },
  { "invalid-utf8", "{" F32("\xff\xfe", "[1]", "0", "4") "}", 4, PCT_ERROR_FORMAT, NO_JSON },
  { "empty-header", "", 4, PCT_ERROR_FORMAT, NO_JSON },
};

static void
test_case(gconstpointer data)
{
  const Case *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GByteArray) file = make_file(c->header, strlen(c->header), c->n_data);
  g_autoptr(PctTensors) tensors = parse_exact(file, &error);
  if (c->code < 0) {
    g_assert_no_error(error);
    g_assert_nonnull(tensors);
  } else {
    g_assert_null(tensors);
    g_assert_error(error, PCT_ERROR, c->code);
    g_assert_nonnull(strstr(error->message, "hostile.safetensors"));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    if (!strstr(error->message, c->says))
      g_error("“%s” does not say “%s”", error->message, c->says);
  }
}

static void
test_every_truncation(void)
{
  const char *header =
      "{\"__metadata__\":{\"k\":\"v\"}," F32("a", "[2,2]", "0", "16") "," F32("b", "[]", "16", "20") "}";
  g_autoptr(GByteArray) file = make_file(header, strlen(header), 20);
  for (guint n = 0; n < file->len; n++) {
    g_autoptr(GError) error = NULL;
    g_autofree guint8 *bytes = g_memdup2(file->data, n);
    g_autoptr(PctTensors) tensors = pct_safetensors_parse(bytes, n, "cut", &error);
    g_assert_null(tensors);
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  }
}

// A changed byte may leave a valid file, but never a crash.
static void
test_every_byte_changed(void)
{
  const char *header = "{" F32("a", "[2]", "0", "8") "," F32("b", "[1]", "8", "12") "}";
  g_autoptr(GByteArray) file = make_file(header, strlen(header), 12);
  for (guint i = 0; i < file->len; i++)
    for (int change = 1; change < 256; change = change * 2 + 1) {
      g_autoptr(GError) error = NULL;
      file->data[i] ^= (guint8)change;
      g_autoptr(PctTensors) tensors = parse_exact(file, &error);
      file->data[i] ^= (guint8)change;
      g_assert_true((tensors != NULL) == (error == NULL));
    }
}

static void
test_large_headers(void)
{
  // A length that would wrap round, and nesting that would exhaust the stack of a recursive parser.
  const guint8 wrapping[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, '{', '}' };
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_safetensors_parse(wrapping, sizeof wrapping, "wrapping", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_clear_error(&error);
  gsize depth = 1 << 20;
  g_autofree char *deep = g_strnfill(depth, '[');
  memcpy(deep, "{\"a\":", 5);
  g_autoptr(GByteArray) file = make_file(deep, depth, 0);
  g_assert_null(parse_exact(file, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
}

static void
test_conversions(void)
{
  static const struct {
    const char *dtype;
    gsize size;
    guint64 bits;
    float value;
  } numbers[] = {
    { "F16", 2, 0x3c00, 1 },           { "F16", 2, 0xc000, -2 },           { "F16", 2, 0x7bff, 65504 },
    { "F16", 2, 0x0001, 0x1p-24f },    { "F16", 2, 0x83ff, -0x1.ff8p-15f }, { "F16", 2, 0x0400, 0x1p-14f },
    { "F16", 2, 0x3555, 0.333251953f }, { "F16", 2, 0x7c00, INFINITY },     { "F16", 2, 0xfc00, -INFINITY },
    { "F16", 2, 0x7e01, NAN },         { "F16", 2, 0x8000, -0.0f },        { "BF16", 2, 0x3f80, 1 },
    { "BF16", 2, 0xc2f7, -123.5f },    { "BF16", 2, 0x7f80, INFINITY },    { "F64", 8, 0x3ff8000000000000, 1.5f },
    { "F64", 8, 0x3fb999999999999a, 0.1f }, { "F64", 8, 0x7ff8000000000000, NAN },
    { "F32", 4, 0x40490fdb, 3.14159274f },
  };
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *header = g_strdup_printf("{\"a\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,%d]}}",
                                              numbers[i].dtype, (int)numbers[i].size);
    g_autoptr(GByteArray) file = make_file(header, strlen(header), numbers[i].size);
    memcpy(file->data + file->len - numbers[i].size, &numbers[i].bits, numbers[i].size);
    g_autoptr(PctTensors) tensors = parse_exact(file, &error);
    g_assert_no_error(error);
    float value = pct_tensors_get(tensors, 0)->values[0];
    if (isnan(numbers[i].value))
      g_assert_true(isnan(value));
    else
      g_assert_true(memcmp(&value, &numbers[i].value, sizeof value) == 0);
  }
}

static void
test_round_trip(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "a.safetensors", NULL);
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  float *many = g_new(float, 70000);
  for (int i = 0; i < 70000; i++)
    many[i] = (float)i * 0.1f;
  pct_tensors_add_take(tensors, "generator.mlp.0.weight", many, 2, (gsize[]){ 700, 100 });
  pct_tensors_add(tensors, "odd “name”\n\"", (float[]){ NAN, -INFINITY, -0.0f }, 3, (gsize[]){ 1, 3, 1 });
  pct_tensors_add(tensors, "scalar", (float[]){ 7 }, 0, NULL);
  pct_tensors_add_vector(tensors, "nothing", NULL, 0);
  pct_tensors_set_metadata(tensors, "z", "last “text”");
  pct_tensors_set_metadata(tensors, "a", "replaced");
  pct_tensors_set_metadata(tensors, "a", "first\n");
  g_assert_true(pct_safetensors_save(tensors, path, &error));
  g_assert_no_error(error);
  g_autoptr(PctTensors) read = pct_safetensors_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(pct_tensors_get_n(read), ==, 4);
  for (guint i = 0; i < 4; i++) {
    const PctTensor *a = pct_tensors_get(tensors, i), *b = pct_tensors_find(read, a->name);
    g_assert_nonnull(b);
    g_assert_cmpint(a->rank, ==, b->rank);
    for (int k = 0; k < a->rank; k++)
      g_assert_cmpuint(a->shape[k], ==, b->shape[k]);
    g_assert_cmpuint(a->count, ==, b->count);
    g_assert_true(a->count == 0 || memcmp(a->values, b->values, a->count * sizeof(float)) == 0);
  }
  g_auto(GStrv) keys = pct_tensors_dup_metadata_keys(read);
  g_assert_cmpuint(g_strv_length(keys), ==, 2);
  g_assert_cmpstr(keys[0], ==, "a");
  g_assert_cmpstr(pct_tensors_get_metadata(read, "a"), ==, "first\n");
  g_assert_cmpstr(pct_tensors_get_metadata(read, "z"), ==, "last “text”");
  g_assert_null(pct_tensors_get_metadata(read, "m"));
  // The same content is the same bytes, arrays at a multiple of eight.
  g_assert_true(g_file_get_contents(path, &first, &n_first, NULL));
  g_assert_cmpuint(((guint8)first[0] | (guint)(guint8)first[1] << 8) % 8, ==, 0);
  g_assert_true(pct_safetensors_save(tensors, path, &error));
  g_assert_true(g_file_get_contents(path, &second, &n_second, NULL));
  g_assert_cmpmem(first, n_first, second, n_second);
  g_unlink(path);
  g_rmdir(folder);
}

static void
test_require(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_tensors_set_source(tensors, "net.safetensors");
  pct_tensors_add(tensors, "a", (float[6]){ 0 }, 2, (gsize[]){ 2, 3 });
  g_assert_nonnull(pct_tensors_require(tensors, "a", 2, (gsize[]){ 2, 3 }, &error));
  g_assert_null(pct_tensors_require(tensors, "b", 2, (gsize[]){ 2, 3 }, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_clear_error(&error);
  g_assert_null(pct_tensors_require(tensors, "a", 2, (gsize[]){ 3, 2 }, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_assert_nonnull(strstr(error->message, "(3, 2)"));
  g_assert_nonnull(strstr(error->message, "(2, 3)"));
  g_assert_nonnull(strstr(error->message, "net.safetensors"));
  g_clear_error(&error);
  g_assert_null(pct_tensors_require(tensors, "a", 1, (gsize[]){ 6 }, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
}

static void
test_not_files(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-XXXXXX", NULL), *missing = g_build_filename(folder, "none", NULL);
  g_autofree char *pipe = g_build_filename(folder, "pipe", NULL);
  const char *paths[] = { folder, missing, pipe };
  g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(pct_safetensors_load(paths[i], &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
    g_assert_nonnull(strstr(error->message, paths[i]));
  }
  // Saving into a folder that is not there fails and says so.
  g_autofree char *nowhere = g_build_filename(missing, "a.safetensors", NULL);
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  g_autoptr(GError) error = NULL;
  g_assert_false(pct_safetensors_save(tensors, nowhere, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_unlink(pipe);
  g_rmdir(folder);
}

// What is lent to a collection is written like the rest, and is still its owner's; a file is read in parts by name.
static void
test_parts(void)
{
  g_autofree char *folder = g_dir_make_tmp("safetensors-XXXXXX", NULL), *path = g_build_filename(folder, "a", NULL);
  g_autofree float *values = g_memdup2((float[]){ 1, 2, 3 }, 3 * sizeof(float));
  gsize shape = 3;
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_tensors_add_borrowed(tensors, "one.a", values, 1, &shape);
  pct_tensors_add_vector(tensors, "two.a", (float[]){ 4, 5 }, 2);
  pct_tensors_set_metadata(tensors, "step", "7");
  values[1] = 20;
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_safetensors_save(tensors, path, &error));
  g_clear_pointer(&tensors, pct_tensors_free);
  g_assert_cmpfloat(values[1], ==, 20);
  const char *const prefixes[] = { "one.", "two.", "three.", NULL };
  const guint counts[] = { 1, 1, 0, 2 };
  for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
    g_autoptr(PctTensors) part = pct_safetensors_load_part(path, prefixes[i], &error);
    g_assert_no_error(error);
    g_assert_cmpuint(pct_tensors_get_n(part), ==, counts[i]);
    g_assert_cmpstr(pct_tensors_get_metadata(part, "step"), ==, "7");
    const PctTensor *one = pct_tensors_find(part, "one.a"), *two = pct_tensors_find(part, "two.a");
    g_assert_true((one != NULL) == (i == 0 || i == 3) && (two != NULL) == (i == 1 || i == 3));
    if (one)
      g_assert_cmpmem(one->values, 3 * sizeof(float), values, 3 * sizeof(float));
    if (two)
      g_assert_cmpfloat(two->values[1], ==, 5);
  }
  g_unlink(path);
  g_rmdir(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/safetensors/case/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/safetensors/every-truncation", test_every_truncation);
  g_test_add_func("/safetensors/every-byte-changed", test_every_byte_changed);
  g_test_add_func("/safetensors/large-headers", test_large_headers);
  g_test_add_func("/safetensors/conversions", test_conversions);
  g_test_add_func("/safetensors/round-trip", test_round_trip);
  g_test_add_func("/safetensors/parts", test_parts);
  g_test_add_func("/safetensors/require", test_require);
  g_test_add_func("/safetensors/not-files", test_not_files);
  return g_test_run();
}
