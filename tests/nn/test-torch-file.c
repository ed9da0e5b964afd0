// SPDX-License-Identifier: GPL-3.0-or-later
// Files of PyTorch's: sound ones, real ones, and those whose arrays or parts lie.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include "base/error.h"
#include "nn/torch-file.h"
#include "small-torch-file.h"

static const float floats[] = { 1, -2, 3.5f, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
static const double doubles[] = { 0.1, -1e300 };
static const guint16 halves[] = { 0x3c00, 0xc000, 0x0001 };
static const gint64 longs[] = { 1950, -3 };

// A file of these storages and the pickle given.
static GByteArray *
make_file(const void *pickle, gsize n)
{
  SmallZip zip;
  small_zip_init(&zip);
  small_zip_add(&zip, "archive/data.pkl", pickle, n);
  small_zip_add(&zip, "archive/byteorder", "little", 6);
  small_zip_add(&zip, "archive/data/0", floats, sizeof floats);
  small_zip_add(&zip, "archive/data/doubles", doubles, sizeof doubles);
  small_zip_add(&zip, "archive/data/halves", halves, sizeof halves);
  small_zip_add(&zip, "archive/data/longs", longs, sizeof longs);
  small_zip_add(&zip, "archive/data/none", "", 0);
  small_zip_add(&zip, "archive/version", "3\n", 2);
  return small_zip_end(&zip);
}

static const SmallTensor sound[] = {
  { "conv.weight", "FloatStorage", "0", 12, 0, 4, { 2, 1, 2, 3 }, { 6, 6, 3, 1 } },
  { "transposed", "FloatStorage", "0", 12, 1, 2, { 3, 2 }, { 1, 4 } },
  { "repeated", "FloatStorage", "0", 12, 2, 2, { 2, 2 }, { 0, 0 } },
  { "bias", "DoubleStorage", "doubles", 2, 0, 1, { 2 }, { 1 } },
  { "half", "HalfStorage", "halves", 3, 0, 3, { 1, 3, 1 }, { 70000, 1, G_MAXINT64 } },
  { "count", "LongStorage", "longs", 2, 1, 0, { 0 }, { 0 } },
  { "empty", "FloatStorage", "none", 0, 0, 2, { 0, 7 }, { 7, 1 } },
};

// The reader gets an exact copy, so that the sanitizer sees a read past its end.
static PctTensors *
parse_exact(const GByteArray *file, GError **error)
{
  g_autofree guint8 *bytes = g_memdup2(file->data, file->len);
  return pct_torch_parse(bytes, file->len, "hostile.pt", error);
}

static void
check_refused(const GByteArray *file, int code, const char *says)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(parse_exact(file, &error));
  g_assert_error(error, PCT_ERROR, code);
  g_assert_nonnull(strstr(error->message, "hostile.pt"));
  g_assert_true(g_utf8_validate(error->message, -1, NULL));
  if (!strstr(error->message, says))
    g_error("“%s” does not say “%s”", error->message, says);
}

static void
check_array(const PctTensors *tensors, const char *name, int rank, const gsize *shape, const float *values)
{
  g_autoptr(GError) error = NULL;
  const PctTensor *tensor = pct_tensors_require(tensors, name, rank, shape, &error);
  g_assert_no_error(error);
  g_assert_true(tensor->count == 0 || memcmp(tensor->values, values, tensor->count * sizeof(float)) == 0);
}

static void
check_sound(const PctTensors *tensors)
{
  g_assert_cmpuint(pct_tensors_get_n(tensors), ==, G_N_ELEMENTS(sound));
  for (guint i = 0; i < G_N_ELEMENTS(sound); i++)
    g_assert_cmpstr(pct_tensors_get(tensors, i)->name, ==, sound[i].name);
  check_array(tensors, "conv.weight", 4, (gsize[]){ 2, 1, 2, 3 }, floats);
  check_array(tensors, "transposed", 2, (gsize[]){ 3, 2 }, (float[]){ -2, 6, 3.5f, 7, 4, 8 });
  check_array(tensors, "repeated", 2, (gsize[]){ 2, 2 }, (float[]){ 3.5f, 3.5f, 3.5f, 3.5f });
  check_array(tensors, "bias", 1, (gsize[]){ 2 }, (float[]){ 0.1f, -INFINITY });
  check_array(tensors, "half", 3, (gsize[]){ 1, 3, 1 }, (float[]){ 1, -2, 0x1p-24f });
  check_array(tensors, "count", 0, NULL, (float[]){ -3 });
  check_array(tensors, "empty", 2, (gsize[]){ 0, 7 }, NULL);
}

static void
test_sound(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(sound, G_N_ELEMENTS(sound));
  g_autoptr(GByteArray) file = make_file(pickle->data, pickle->len);
  g_autoptr(PctTensors) parsed = parse_exact(file, &error);
  g_assert_no_error(error);
  check_sound(parsed);
  g_autofree char *folder = g_dir_make_tmp("percept-XXXXXX", NULL), *path = g_build_filename(folder, "a.pt", NULL);
  g_assert_true(g_file_set_contents(path, (const char *)file->data, file->len, &error));
  g_autoptr(PctTensors) loaded = pct_torch_load(path, &error);
  g_assert_no_error(error);
  check_sound(loaded);
  g_unlink(path);
  g_rmdir(folder);
}

// A dict that is a plain one, and one without arrays.
static void
test_plain_dict(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GByteArray) file = make_file("\x80\x02}.", 4), pickle = g_byte_array_new();
  g_autoptr(PctTensors) none = parse_exact(file, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(pct_tensors_get_n(none), ==, 0);
  small_pickle_add(pickle, "\x80\x02}");
  small_pickle_tensor(pickle, &sound[0]);
  small_pickle_add(pickle, "s.");
  g_autoptr(GByteArray) single = make_file(pickle->data, pickle->len);
  g_autoptr(PctTensors) one = parse_exact(single, &error);
  g_assert_no_error(error);
  check_array(one, "conv.weight", 4, (gsize[]){ 2, 1, 2, 3 }, floats);
}

typedef struct {
  const char *name;
  SmallTensor tensor;
  int code;
  const char *says;
} ViewCase;

#define TRILLION 1000000000000

static const ViewCase views[] = {
  { "trillion", { "a", "FloatStorage", "0", TRILLION, 0, 1, { TRILLION }, { 1 } }, PCT_ERROR_FORMAT,
    "more elements than the file can hold" },
  { "trillion-in-small-storage", { "a", "FloatStorage", "0", 12, 0, 1, { TRILLION }, { 1 } }, PCT_ERROR_FORMAT,
    "reaches beyond its storage" },
  { "trillion-repeats", { "a", "FloatStorage", "0", 12, 0, 1, { TRILLION }, { 0 } }, PCT_ERROR_FORMAT,
    "more elements than the file can hold" },
  { "storage-lies", { "a", "FloatStorage", "0", TRILLION, 0, 1, { 2 }, { 1 } }, PCT_ERROR_FORMAT,
    "storage of another length" },
  { "storage-negative", { "a", "FloatStorage", "0", -1, 0, 1, { 0 }, { 1 } }, PCT_ERROR_FORMAT, "outside its storage" },
  { "storage-of-other-type", { "a", "DoubleStorage", "0", 12, 0, 1, { 2 }, { 1 } }, PCT_ERROR_FORMAT,
    "storage of another length" },
  { "storage-not-whole", { "a", "LongStorage", "halves", 0, 0, 1, { 0 }, { 1 } }, PCT_ERROR_FORMAT,
    "storage of another length" },
  { "offset-beyond", { "a", "FloatStorage", "0", 12, 13, 1, { 0 }, { 1 } }, PCT_ERROR_FORMAT, "outside its storage" },
  { "offset-at-end", { "a", "FloatStorage", "0", 12, 12, 0, { 0 }, { 0 } }, PCT_ERROR_FORMAT,
    "reaches beyond its storage" },
  { "offset-negative", { "a", "FloatStorage", "0", 12, -1, 1, { 1 }, { 1 } }, PCT_ERROR_FORMAT, "outside its storage" },
  { "offset-and-shape", { "a", "FloatStorage", "0", 12, 8, 2, { 2, 3 }, { 3, 1 } }, PCT_ERROR_FORMAT,
    "reaches beyond its storage" },
  { "stride-negative", { "a", "FloatStorage", "0", 12, 11, 1, { 12 }, { -1 } }, PCT_ERROR_FORMAT, "negative" },
  { "stride-overflow", { "a", "FloatStorage", "0", 12, 0, 1, { 3 }, { G_MAXINT64 } }, PCT_ERROR_FORMAT,
    "reaches beyond its storage" },
  { "strides-overflow", { "a", "FloatStorage", "0", 12, 2, 2, { 3, 2 }, { G_MAXINT64, 1 } }, PCT_ERROR_FORMAT,
    "reaches beyond its storage" },
  { "shape-negative", { "a", "FloatStorage", "0", 12, 0, 1, { -1 }, { 1 } }, PCT_ERROR_FORMAT, "negative" },
  { "shape-overflow", { "a", "FloatStorage", "0", 12, 0, 3, { G_MAXINT64, 4, 4 }, { 0, 0, 0 } }, PCT_ERROR_FORMAT,
    "impossible shape" },
  { "nine-axes", { "a", "FloatStorage", "0", 12, 0, 9, { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1, 1, 1 } },
    PCT_ERROR_FORMAT, "eight axes" },
  { "no-such-storage", { "a", "FloatStorage", "9", 12, 0, 1, { 1 }, { 1 } }, PCT_ERROR_FORMAT,
    "“data/9” is missing" },
  { "storage-elsewhere", { "a", "FloatStorage", "../../../etc/passwd", 12, 0, 1, { 1 }, { 1 } }, PCT_ERROR_FORMAT,
    "is missing" },
  { "unknown-type", { "a", "QInt8Storage", "0", 12, 0, 1, { 1 }, { 1 } }, PCT_ERROR_UNSUPPORTED,
    "torch.QInt8Storage" },
};

static void
test_view(gconstpointer data)
{
  const ViewCase *c = data;
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(&c->tensor, 1);
  g_autoptr(GByteArray) file = make_file(pickle->data, pickle->len);
  check_refused(file, c->code, c->says);
}

// Arrays of which each fits the file; together they do not.
static void
test_shared_storage(void)
{
  g_autoptr(GByteArray) pickle = g_byte_array_new();
  small_pickle_add(pickle, "\x80\x02}(");
  for (int i = 0; i < 1000; i++) {
    g_autofree char *name = g_strdup_printf("layer%d", i);
    SmallTensor tensor = { name, "FloatStorage", "0", 12, 0, 1, { 60000 }, { 0 } };
    small_pickle_tensor(pickle, &tensor);
  }
  small_pickle_add(pickle, "u.");
  g_autoptr(GByteArray) file = make_file(pickle->data, pickle->len);
  check_refused(file, PCT_ERROR_FORMAT, "more elements than the file can hold");
}

static void
test_every_truncation(void)
{
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(sound, G_N_ELEMENTS(sound));
  g_autoptr(GByteArray) file = make_file(pickle->data, pickle->len);
  guint n = file->len;
  for (file->len = 0; file->len < n; file->len++)
    check_refused(file, PCT_ERROR_FORMAT, "PyTorch");
  file->len = n;
}

// A changed byte may leave a valid file, but never a crash; in an array it is a wrong checksum.
static void
test_every_byte_changed(void)
{
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(sound, G_N_ELEMENTS(sound));
  g_autoptr(GByteArray) file = make_file(pickle->data, pickle->len);
  for (guint i = 0; i < file->len; i++)
    for (int change = 1; change < 256; change = change * 16 - 1) {
      g_autoptr(GError) error = NULL;
      file->data[i] ^= (guint8)change;
      g_autoptr(PctTensors) tensors = parse_exact(file, &error);
      file->data[i] ^= (guint8)change;
      g_assert_true((tensors != NULL) == (error == NULL));
    }
  guint8 *values = memmem(file->data, file->len, floats, sizeof floats);
  values[5] ^= 1;
  check_refused(file, PCT_ERROR_FORMAT, "“data/0” cannot be read whole");
}

static void
test_lying_zips(void)
{
  static const struct {
    guint method;
    guint32 packed, size;
    int code;
    const char *says;
  } lies[] = {
    { 0, 48, 0xfffffff0, PCT_ERROR_FORMAT, "larger than the file" },
    { 0, 0xfffffff0, 0xfffffff0, PCT_ERROR_FORMAT, "" },
    { 0, 48, 49, PCT_ERROR_FORMAT, "larger than the file" },
    { 0, 40, 40, PCT_ERROR_FORMAT, "cannot be read whole" },
    { 8, 48, 4000, PCT_ERROR_UNSUPPORTED, "compressed" },
  };
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(sound, 1);
  for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
    SmallZip zip;
    small_zip_init(&zip);
    small_zip_add(&zip, "x/data.pkl", pickle->data, pickle->len);
    small_zip_add_lying(&zip, "x/data/0", floats, sizeof floats, lies[i].method, lies[i].packed, lies[i].size);
    g_autoptr(GByteArray) file = small_zip_end(&zip);
    check_refused(file, lies[i].code, lies[i].says);
  }
}

// Many parts of a directory that are one stretch of the file.
static void
test_overlapping_parts(void)
{
  SmallZip zip;
  SmallTensor tensors[64];
  char names[64][8];
  g_autofree guint8 *large = g_malloc0(1 << 16);
  for (int i = 0; i < 64; i++) {
    g_snprintf(names[i], sizeof names[i], "%02d", i);
    tensors[i] = (SmallTensor){ names[i], "FloatStorage", names[i], 1 << 14, 0, 1, { 1 }, { 1 } };
  }
  small_zip_init(&zip);
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(tensors, 64);
  small_zip_add(&zip, "x/data.pkl", pickle->data, pickle->len);
  small_zip_add(&zip, "x/data/00", large, 1 << 16);
  for (int i = 1; i < 64; i++) {
    g_autofree char *name = g_strconcat("x/data/", names[i], NULL);
    small_zip_add_again(&zip, name);
  }
  g_autoptr(GByteArray) file = small_zip_end(&zip);
  check_refused(file, PCT_ERROR_FORMAT, "“data/01” claims to be larger than the file");
}

// Calls of os.system in every way a pickle knows, beside a sound array: refused by name or by instruction, and not run.
static void
test_asks_for_more(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-XXXXXX", NULL), *trace = g_build_filename(folder, "was-run", NULL);
  g_autofree char *command = g_strdup_printf("touch '%s'", trace);
  static const struct {
    const char *before, *after;
    int code;
    const char *says;
  } calls[] = {
    { "cos\nsystem\n", "\x85R", PCT_ERROR_UNSUPPORTED,
      "asks for “os.system”, which is refused: only the arrays of a state dict are read" },
    { "cposix\nsystem\n", "\x85R", PCT_ERROR_UNSUPPORTED, "asks for “posix.system”, which is refused" },
    { "c__builtin__\neval\n", "\x85R", PCT_ERROR_UNSUPPORTED, "asks for “__builtin__.eval”, which is refused" },
    { "X\x02\1\1\1osX\x06\1\1\1system\x93", "\x85R", PCT_ERROR_UNSUPPORTED,
      "uses the pickle instruction 0x93, which is refused" },
    { "\x8c\x02os\x8c\x06system\x93", "\x85R", PCT_ERROR_UNSUPPORTED,
      "uses the pickle instruction 0x8c, which is refused" },
    { "(", "ios\nsystem\n", PCT_ERROR_UNSUPPORTED, "uses the pickle instruction 0x69, which is refused" },
    { "(cos\nsystem\n", "o", PCT_ERROR_UNSUPPORTED, "asks for “os.system”, which is refused" },
    { "ccollections\nOrderedDict\n", "\x85\x81", PCT_ERROR_UNSUPPORTED,
      "uses the pickle instruction 0x81, which is refused" },
    { "ccollections\nOrderedDict\n", "\x85R", PCT_ERROR_FORMAT, "calls what cannot be called" },
    { "ctorch._utils\n_rebuild_tensor_v2\n", "\x85R", PCT_ERROR_FORMAT, "an array is not described as one" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
    g_autoptr(GByteArray) pickle = g_byte_array_new();
    small_pickle_add(pickle, "\x80\x02}(");
    small_pickle_tensor(pickle, &sound[0]);
    small_pickle_text(pickle, "b");
    guint start = pickle->len;
    small_pickle_add(pickle, calls[i].before);
    for (guint k = start; k < pickle->len; k++)
      pickle->data[k] = pickle->data[k] == 1 ? 0 : pickle->data[k];  // strings of C cannot hold the zeros
    small_pickle_text(pickle, command);
    small_pickle_add(pickle, calls[i].after);
    small_pickle_add(pickle, "u.");
    g_autoptr(GByteArray) file = make_file(pickle->data, pickle->len);
    check_refused(file, calls[i].code, calls[i].says);
    g_assert_false(g_file_test(trace, G_FILE_TEST_EXISTS));
  }
  g_rmdir(folder);
}

// A file of which the second half was lost; and halves that a whole zip file wraps up.
static void
test_cut_in_half(void)
{
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(sound, G_N_ELEMENTS(sound));
  g_autoptr(GByteArray) file = make_file(pickle->data, pickle->len);
  g_byte_array_set_size(file, file->len / 2);
  check_refused(file, PCT_ERROR_FORMAT,
                "“hostile.pt” is not a whole file of PyTorch 1.6 or later: it does not open as a zip file");
  g_autoptr(GByteArray) half_pickle = make_file(pickle->data, pickle->len / 2);
  check_refused(half_pickle, PCT_ERROR_FORMAT, "“hostile.pt” is not a valid PyTorch state dict: it ends too early");
  SmallZip zip;
  small_zip_init(&zip);
  small_zip_add(&zip, "archive/data.pkl", pickle->data, pickle->len);
  small_zip_add(&zip, "archive/data/0", floats, sizeof floats / 2);
  g_autoptr(GByteArray) half_storage = small_zip_end(&zip);
  check_refused(half_storage, PCT_ERROR_FORMAT,
                "In “hostile.pt”, array “conv.weight” has a storage of another length than it says");
}

static void
test_other_files(void)
{
  SmallZip zip;
  g_autoptr(GByteArray) pickle = small_pickle_state_dict(sound, 1), text = g_byte_array_new();
  small_zip_init(&zip);
  small_zip_add(&zip, "data.pkl", pickle->data, pickle->len);
  g_autoptr(GByteArray) no_folder = small_zip_end(&zip);
  check_refused(no_folder, PCT_ERROR_FORMAT, "no “data.pkl”");
  small_zip_init(&zip);
  small_zip_add(&zip, "images.npy", floats, sizeof floats);
  g_autoptr(GByteArray) recording = small_zip_end(&zip);
  check_refused(recording, PCT_ERROR_FORMAT, "no “data.pkl”");
  small_zip_init(&zip);
  small_zip_add(&zip, "x/data.pkl", pickle->data, pickle->len);
  small_zip_add(&zip, "x/data/0", floats, sizeof floats);
  small_zip_add(&zip, "x/byteorder", "big", 3);
  g_autoptr(GByteArray) big = small_zip_end(&zip);
  check_refused(big, PCT_ERROR_UNSUPPORTED, "little-endian");
  // What torch.save wrote before 1.6, and a safetensors file's beginning.
  small_pickle_add(text, "\x80\x02\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.");
  check_refused(text, PCT_ERROR_FORMAT, "PyTorch 1.6");
}

static void
test_not_files(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-XXXXXX", NULL), *missing = g_build_filename(folder, "none", NULL);
  g_autofree char *pipe = g_build_filename(folder, "pipe", NULL), *empty = g_build_filename(folder, "empty", NULL);
  const char *paths[] = { folder, missing, pipe };
  g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(pct_torch_load(paths[i], &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
    g_assert_nonnull(strstr(error->message, paths[i]));
  }
  g_autoptr(GError) error = NULL;
  g_assert_true(g_file_set_contents(empty, "", 0, NULL));
  g_assert_null(pct_torch_load(empty, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_unlink(empty);
  g_unlink(pipe);
  g_rmdir(folder);
}

// Sums (in double precision) and last values, computed once by PyTorch 1.13's own torch.load of the same files.
typedef struct {
  const char *name;
  int rank;
  gsize shape[4];
  double cnn_last, cnn_sum, ln_last, ln_sum;
} RealArray;

static const RealArray real[] = {
  { "core._input_weights_regularizer.laplace.filter", 4, { 1, 1, 3, 3 }, 0, 0, 0, 0 },
  { "core.features.layer0.conv.weight", 4, { 64, 1, 15, 15 }, 0.014676115475594997, -14.079883222722856,
    0.08176037669181824, -80.96576178945838 },
  { "core.features.layer0.norm.running_var", 1, { 64 }, 58021.765625, 5660418.234375, 113916.703125,
    9765397.04296875 },
  { "core.features.layer0.norm.num_batches_tracked", 0, { 0 }, 1950, 1950, 2925, 2925 },
  { "core.features.layer3.ds_conv.in_depth_conv.weight", 4, { 64, 64, 1, 1 }, -0.1344626098871231,
    -13.765266279693606, -0.04034058749675751, 16.241350706004596 },
  { "core.features.layer3.ds_conv.spatial_conv.weight", 4, { 64, 1, 13, 13 }, -0.27535098791122437,
    -37.71932026211198, 0.07353762537240982, 24.239554273524845 },
  { "readout.dataset.sigma", 4, { 1, 5335, 2, 2 }, 0.004131012596189976, 0.0500101505737689, -0.002728908322751522,
    7.391026518943974 },
  { "readout.dataset._features", 4, { 1, 64, 1, 5335 }, -0.17358523607254028, -12516.950533744439,
    0.21269966661930084, 227.04775405534718 },
  { "readout.dataset.bias", 1, { 5335 }, -0.23889631032943726, -476.7728366150477, -0.27050191164016724,
    -637.1782247287156 },
  { "readout.dataset.source_grid", 2, { 5335, 2 }, 0.08872301131486893, 3.113585989922285e-06, 0.08872301131486893,
    3.113585989922285e-06 },
  { "readout.dataset.mu_transform.0.weight", 2, { 2, 2 }, 0.0609733946621418, 0.30855609849095345,
    0.04594161733984947, 0.2781711481511593 },
  { "readout.dataset.mu_transform.0.bias", 1, { 2 }, -0.01572788506746292, 0.039487067610025406,
    0.05446431040763855, 0.061288297176361084 },
};

static void
test_real(gconstpointer data)
{
  const char *kind = data, *root = g_getenv("PCT_TEST_DATA");
  gboolean cnn = strcmp(kind, "cnn") == 0;
  g_autofree char *file = g_strdup_printf("sota_%s_model_state.pt", kind);
  g_autofree char *path = g_build_filename(root ? root : "", "fens2022", file, NULL);
  if (!root || !g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("the FENS-2022 weights are not here");
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTensors) tensors = pct_torch_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(pct_tensors_get_n(tensors), ==, 37);
  g_autofree char *bytes = NULL;
  gsize n_bytes, count = 0;
  g_assert_true(g_file_get_contents(path, &bytes, &n_bytes, NULL));
  g_autoptr(GByteArray) half = g_byte_array_append(g_byte_array_new(), (const guint8 *)bytes, (guint)(n_bytes / 2));
  check_refused(half, PCT_ERROR_FORMAT, "“hostile.pt” is not a whole file of PyTorch 1.6 or later");
  for (guint i = 0; i < 37; i++)
    count += pct_tensors_get(tensors, i)->count;
  g_assert_cmpuint(count, ==, 451252);
  for (guint i = 0; i < G_N_ELEMENTS(real); i++) {
    const PctTensor *tensor = pct_tensors_require(tensors, real[i].name, real[i].rank, real[i].shape, &error);
    g_assert_no_error(error);
    double sum = 0;
    for (gsize k = 0; k < tensor->count; k++)
      sum += tensor->values[k];
    double expected = cnn ? real[i].cnn_sum : real[i].ln_sum;
    g_assert_cmpfloat(tensor->values[tensor->count - 1], ==, cnn ? real[i].cnn_last : real[i].ln_last);
    g_assert_cmpfloat_with_epsilon(sum, expected, 1e-9 * (1 + fabs(expected)));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/torch-file/sound", test_sound);
  g_test_add_func("/torch-file/plain-dict", test_plain_dict);
  for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
    g_autofree char *path = g_strconcat("/torch-file/view/", views[i].name, NULL);
    g_test_add_data_func(path, &views[i], test_view);
  }
  g_test_add_func("/torch-file/shared-storage", test_shared_storage);
  g_test_add_func("/torch-file/every-truncation", test_every_truncation);
  g_test_add_func("/torch-file/every-byte-changed", test_every_byte_changed);
  g_test_add_func("/torch-file/lying-zips", test_lying_zips);
  g_test_add_func("/torch-file/overlapping-parts", test_overlapping_parts);
  g_test_add_func("/torch-file/asks-for-more", test_asks_for_more);
  g_test_add_func("/torch-file/cut-in-half", test_cut_in_half);
  g_test_add_func("/torch-file/other-files", test_other_files);
  g_test_add_func("/torch-file/not-files", test_not_files);
  g_test_add_data_func("/torch-file/real/cnn", "cnn", test_real);
  g_test_add_data_func("/torch-file/real/ln", "ln", test_real);
  return g_test_run();
}
