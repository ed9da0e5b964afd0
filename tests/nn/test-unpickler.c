// SPDX-License-Identifier: GPL-3.0-or-later
// What is understood of a pickle, and a table of pickles that ask for more, end early or make no sense.
#include <string.h>
#include "base/error.h"
#include "nn/unpickler.h"
#include "small-torch-file.h"

// The reader gets an exact copy, so that the sanitizer sees a read past its end.
static GPtrArray *
read_exact(const void *bytes, gsize n, GError **error)
{
  g_autofree guint8 *copy = g_malloc(MAX(n, 1));
  if (n > 0)
    memcpy(copy, bytes, n);
  return pct_unpickle_state_dict(copy, n, "hostile.pt", error);
}

static void
check_refused(const void *bytes, gsize n, int code, const char *says)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(read_exact(bytes, n, &error));
  g_assert_error(error, PCT_ERROR, code);
  g_assert_nonnull(strstr(error->message, "hostile.pt"));
  g_assert_true(g_utf8_validate(error->message, -1, NULL));
  if (!strstr(error->message, says))
    g_error("“%s” does not say “%s”", error->message, says);
}

static const SmallTensor sound[] = {
  { "weight", "FloatStorage", "7", 12, 3, 4, { 2, 1, 2, 3 }, { 6, 6, 3, 1 } },
  { "bias", "DoubleStorage", "8", -5, -1, 2, { 70000, -70000 }, { G_MININT64, G_MAXINT64 } },
  { "half", "HalfStorage", "9", 0, 0, 3, { 0, 255, 256 }, { 65535, 65536, -1 } },
  { "count", "LongStorage", "é", 1, 0, 0, { 0 }, { 0 } },
};

// Claims come through as they are: whether they can be true is for the reader of storages.
static void
test_sound(void)
{
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(sound, G_N_ELEMENTS(sound));
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tensors = read_exact(pickle->data, pickle->len, &error);
  g_assert_no_error(error);
  static const PctStorageType types[] = { PCT_STORAGE_FLOAT, PCT_STORAGE_DOUBLE, PCT_STORAGE_HALF, PCT_STORAGE_LONG };
  g_assert_cmpuint(tensors->len, ==, G_N_ELEMENTS(sound));
  for (guint i = 0; i < tensors->len; i++) {
    const PctPickledTensor *tensor = tensors->pdata[i];
    g_assert_cmpstr(tensor->name, ==, sound[i].name);
    g_assert_cmpstr(tensor->storage, ==, sound[i].storage);
    g_assert_cmpint(tensor->type, ==, types[i]);
    g_assert_cmpint(tensor->n_storage, ==, sound[i].n_storage);
    g_assert_cmpint(tensor->offset, ==, sound[i].offset);
    g_assert_cmpint(tensor->rank, ==, sound[i].rank);
    for (int k = 0; k < tensor->rank; k++) {
      g_assert_cmpint(tensor->shape[k], ==, sound[i].shape[k]);
      g_assert_cmpint(tensor->stride[k], ==, sound[i].stride[k]);
    }
  }
  for (guint n = 0; n < pickle->len; n++)
    check_refused(pickle->data, n, PCT_ERROR_FORMAT, "ends too early");
}

typedef struct {
  const char *name, *bytes;
  gsize n;
  int code;
  const char *says;
} PickleCase;

#define PICKLE(text) text, sizeof text - 1
#define UNDERFLOW "take more than they gave"
#define EARLY "ends too early"

static const PickleCase pickles[] = {
  { "os-system", PICKLE("\x80\x02" "cos\nsystem\nX\x08\x00\x00\x00rm -rf /\x85R."), PCT_ERROR_UNSUPPORTED,
    "asks for “os.system”" },
  { "builtins-eval", PICKLE("\x80\x02" "c__builtin__\neval\n."), PCT_ERROR_UNSUPPORTED, "“__builtin__.eval”" },
  { "stack-global", PICKLE("\x80\x02X\x02\x00\x00\x00osX\x06\x00\x00\x00system\x93."), PCT_ERROR_UNSUPPORTED, "0x93" },
  { "inst", PICKLE("\x80\x02(ios\nsystem\n."), PCT_ERROR_UNSUPPORTED, "0x69" },
  { "newobj", PICKLE("\x80\x02" "ccollections\nOrderedDict\n)\x81."), PCT_ERROR_UNSUPPORTED, "0x81" },
  { "extension", PICKLE("\x80\x02\x82\x01."), PCT_ERROR_UNSUPPORTED, "0x82" },
  { "name-not-utf8", PICKLE("\x80\x02" "c\xff\nx\0y\n."), PCT_ERROR_UNSUPPORTED, "asks for" },
  { "protocol-4", PICKLE("\x80\x04}."), PCT_ERROR_UNSUPPORTED, "protocol 4" },
  { "empty", PICKLE(""), PCT_ERROR_FORMAT, EARLY },
  { "no-stop", PICKLE("\x80\x02}"), PCT_ERROR_FORMAT, EARLY },
  { "no-protocol", PICKLE("\x80"), PCT_ERROR_FORMAT, EARLY },
  { "number-cut", PICKLE("}J\x01\x01"), PCT_ERROR_FORMAT, EARLY },
  { "text-cut", PICKLE("X\xff\xff\xff\xff" "abc"), PCT_ERROR_FORMAT, EARLY },
  { "text-length-cut", PICKLE("X\x01"), PCT_ERROR_FORMAT, EARLY },
  { "name-cut", PICKLE("ctorch\nFloat"), PCT_ERROR_FORMAT, EARLY },
  { "module-cut", PICKLE("ctorch"), PCT_ERROR_FORMAT, EARLY },
  { "memo-cut", PICKLE("}r\x01\x01"), PCT_ERROR_FORMAT, EARLY },
  { "recall-cut", PICKLE("j\x01\x01"), PCT_ERROR_FORMAT, EARLY },
  { "long-cut", PICKLE("\x8a"), PCT_ERROR_FORMAT, EARLY },
  { "long-too-long", PICKLE("\x8a\x09" "123456789."), PCT_ERROR_FORMAT, "more than 64 bits" },
  { "text-not-utf8", PICKLE("X\x01\x00\x00\x00\xff."), PCT_ERROR_FORMAT, "not UTF-8" },
  { "text-with-nul", PICKLE("X\x02\x00\x00\x00" "a\0."), PCT_ERROR_FORMAT, "not UTF-8" },
  { "tuple-of-nothing", PICKLE("\x85."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "tuple-without-mark", PICKLE("}t."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "items-without-mark", PICKLE("}u."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "item-below-mark", PICKLE("}(K\x01K\x01s."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "items-of-nothing", PICKLE("(u."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "call-nothing", PICKLE("R."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "build-nothing", PICKLE("}b."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "storage-of-nothing", PICKLE("Q."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "note-nothing", PICKLE("q\x01."), PCT_ERROR_FORMAT, UNDERFLOW },
  { "recall-nothing", PICKLE("h\x01."), PCT_ERROR_FORMAT, "never noted" },
  { "fill-number", PICKLE("K\x01K\x02K\x03s."), PCT_ERROR_FORMAT, "not a dict" },
  { "key-without-value", PICKLE("}(K\x01u."), PCT_ERROR_FORMAT, "not a dict" },
  { "build-number", PICKLE("}K\x01" "b."), PCT_ERROR_FORMAT, "not a dict" },
  { "call-number", PICKLE("K\x01)R."), PCT_ERROR_FORMAT, "cannot be called" },
  { "call-storage-type", PICKLE("ctorch\nFloatStorage\n)R."), PCT_ERROR_FORMAT, "cannot be called" },
  { "call-with-number", PICKLE("ccollections\nOrderedDict\nK\x01R."), PCT_ERROR_FORMAT, "cannot be called" },
  { "dict-of-items", PICKLE("ccollections\nOrderedDict\n}\x85R."), PCT_ERROR_FORMAT, "cannot be called" },
  { "array-of-nothing", PICKLE("ctorch._utils\n_rebuild_tensor_v2\n)R."), PCT_ERROR_FORMAT, "eight axes" },
  { "storage-of-number", PICKLE("K\x01Q."), PCT_ERROR_FORMAT, "storage is not described" },
  { "storage-tag", PICKLE("X\x01\x00\x00\x00xctorch\nFloatStorage\nX\x01\x00\x00\x00" "0\x87Q."), PCT_ERROR_FORMAT,
    "storage is not described" },
  { "number", PICKLE("K\x01."), PCT_ERROR_FORMAT, "not one dict" },
  { "nothing", PICKLE("."), PCT_ERROR_FORMAT, "not one dict" },
  { "two", PICKLE("}}."), PCT_ERROR_FORMAT, "not one dict" },
  { "mark-open", PICKLE("}(."), PCT_ERROR_FORMAT, "not one dict" },
  { "goes-on", PICKLE("}.}"), PCT_ERROR_FORMAT, "not one dict" },
  { "not-an-array", PICKLE("}X\x01\x00\x00\x00" "aK\x01s."), PCT_ERROR_FORMAT, "not one dict" },
  { "nested", PICKLE("}X\x01\x00\x00\x00" "a}s."), PCT_ERROR_FORMAT, "not one dict" },
  { "name-of-number", PICKLE("}K\x01K\x01s."), PCT_ERROR_FORMAT, "not one dict" },
  { "own-item", PICKLE("}q\x01X\x01\x00\x00\x00" "ah\x01s."), PCT_ERROR_FORMAT, "not one dict" },
};

static void
test_pickle(gconstpointer data)
{
  const PickleCase *c = data;
  check_refused(c->bytes, c->n, c->code, c->says);
}

static void
test_twice(void)
{
  SmallTensor same[] = { sound[0], sound[0] };
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(same, 2);
  check_refused(pickle->data, pickle->len, PCT_ERROR_FORMAT, "occurs twice");
}

// Small pickles that a forgiving reader would blow up from: tuples of tuples by memo, a number at the memo's far end,
// nesting without end, a long name that every array repeats.
static void
test_bombs(void)
{
  g_autoptr(GByteArray) laughs = g_byte_array_new(), deep = g_byte_array_new();
  small_pickle_add(laughs, "\x80\x02)q\x01");
  for (int i = 0; i < 1000; i++)
    small_pickle_add(laughs, "(h\x01h\x01h\x01h\x01h\x01h\x01h\x01h\x01h\x01tr\xff\xff\xff\xffq\x01");
  small_pickle_add(laughs, ".");
  check_refused(laughs->data, laughs->len, PCT_ERROR_FORMAT, "not one dict");
  for (int i = 0; i < 100000; i++)
    small_pickle_add(deep, "(}");
  for (int i = 0; i < 100000; i++)
    small_pickle_add(deep, "\x85");
  check_refused(deep->data, deep->len, PCT_ERROR_FORMAT, EARLY);
  g_autofree char *long_name = g_strnfill(100000, 'x'), *many = g_strnfill(3 << 20, ')');
  check_refused(many, 3 << 20, PCT_ERROR_FORMAT, "longer than 2 MB");
  check_refused(many, 2 << 20, PCT_ERROR_FORMAT, EARLY);
  SmallTensor tensor = { "a", "FloatStorage", long_name, 1, 0, 1, { 1 }, { 1 } };
  g_autoptr(GByteArray) named = small_pickle_state_dict(&tensor, 1);
  check_refused(named->data, named->len, PCT_ERROR_FORMAT, "storage is not described");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/unpickler/sound", test_sound);
  for (guint i = 0; i < G_N_ELEMENTS(pickles); i++) {
    g_autofree char *path = g_strconcat("/unpickler/refused/", pickles[i].name, NULL);
    g_test_add_data_func(path, &pickles[i], test_pickle);
  }
  g_test_add_func("/unpickler/twice", test_twice);
  g_test_add_func("/unpickler/bombs", test_bombs);
  return g_test_run();
}
