// SPDX-License-Identifier: GPL-3.0-or-later
// Models on disk: what goes out comes back, bit for bit; a description that lies, a broken file and a full disk each
// get their sentence, and what was there before stays.
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include "base/blas.h"
#include "base/error.h"
#include "decode/model-folder.h"
#include "decode/ridge.h"
#include "small-recording.h"

typedef struct {
  char *root, *folder, *json, *weights;
  PctRecording *recording;
  PctDecoder *decoder;
  PctModelInfo *info;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
  SmallRecording options = { 20, 8, 4, 30, 5, 6, 0.5, 1 };
  fixture->root = g_dir_make_tmp("percept-XXXXXX", NULL);
  fixture->folder = g_build_filename(fixture->root, "models", "ridge-7", NULL);
  fixture->json = g_build_filename(fixture->folder, "model.json", NULL);
  fixture->weights = g_build_filename(fixture->folder, "weights.safetensors", NULL);
  fixture->recording = small_recording_new(&options);
  fixture->info = pct_model_info_new(&pct_ridge_class.about);
  fixture->info->fingerprint = g_strdup(pct_recording_get_fingerprint(fixture->recording));
  fixture->info->recording_name = g_strdup("a “name” with \\ and \n");
  fixture->info->seed = G_MAXUINT64;
  fixture->info->finished = TRUE;
  fixture->info->seconds = 1.25;
  fixture->info->validation_pixcorr = 0.1;
  g_assert_true(pct_option_values_set(fixture->info->options, "penalty", "12.5", NULL));
  g_autoptr(PctStatistics) statistics = pct_statistics_new(fixture->recording, NULL, NULL);
  PctFit fit = { .recording = fixture->recording, .statistics = statistics, .options = fixture->info->options };
  fixture->decoder = pct_decoder_fit(&pct_ridge_class, &fit, NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_decoder_save(fixture->decoder, fixture->info, fixture->folder, &error));
  g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  g_autofree char *models = g_build_filename(fixture->root, "models", NULL);
  g_remove(fixture->json);
  g_remove(fixture->weights);
  g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);  // fails where a temporary was left behind
  g_rmdir(models);
  g_rmdir(fixture->root);
  pct_model_info_free(fixture->info);
  pct_decoder_unref(fixture->decoder);
  pct_recording_unref(fixture->recording);
  g_free(fixture->root);
  g_free(fixture->folder);
  g_free(fixture->json);
  g_free(fixture->weights);
}

static void
test_info(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *slashed = g_strconcat(fixture->folder, "/", NULL);
  g_autoptr(PctModelInfo) info = pct_model_info_load(slashed, pct_decoder_find_kind, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(info->kind->kind, ==, "ridge");
  g_assert_cmpstr(info->name, ==, "ridge-7");
  g_assert_cmpstr(info->fingerprint, ==, fixture->info->fingerprint);
  g_assert_cmpstr(info->recording_name, ==, fixture->info->recording_name);
  g_assert_true(info->seed == G_MAXUINT64);
  g_assert_true(info->finished);
  g_assert_cmpfloat(info->seconds, ==, 1.25);
  g_assert_cmpfloat(info->validation_pixcorr, ==, 0.1);
  g_assert_true(isnan(info->validation_ssim));
  g_assert_cmpfloat(pct_option_values_get(info->options, "penalty"), ==, 12.5);
  g_assert_cmpint(info->n_neurons, ==, 30);
  g_assert_cmpint(info->height, ==, 5);
  g_assert_cmpint(info->width, ==, 6);
  g_assert_true(info->version && *info->version);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autoptr(GDateTime) created = g_date_time_new_from_iso8601(info->created, NULL), now = g_date_time_new_now(utc);
  g_assert_nonnull(created);
  g_assert_cmpint(ABS(g_date_time_difference(now, created)), <, 60 * G_TIME_SPAN_SECOND);
  // Saved again, it keeps the day it was made.
  g_assert_true(pct_model_info_save(info, fixture->folder, &error));
  g_autoptr(PctModelInfo) again = pct_model_info_load(fixture->folder, pct_decoder_find_kind, &error);
  g_assert_cmpstr(again->created, ==, info->created);
}

static void
test_decoder(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) loaded = pct_decoder_load(fixture->folder, &error);
  g_assert_no_error(error);
  g_assert_true(loaded->klass == &pct_ridge_class);
  float responses[2 * 30], first[2 * 30], second[2 * 30];
  pct_recording_read_trials(fixture->recording, (int[]){ 3, 9 }, 2, responses);
  g_assert_true(pct_decoder_reconstruct(fixture->decoder, responses, 2, 1, NULL, first, NULL, NULL));
  g_assert_true(pct_decoder_reconstruct(loaded, responses, 2, 1, NULL, second, NULL, NULL));
  g_assert_cmpmem(first, sizeof first, second, sizeof second);
}

// What a model was made with comes back; a description from before there was such a thing says nothing of it.
static void
test_made_with(Fixture *fixture, gconstpointer data)
{
  static const PctModelKind kind = { .role = PCT_ROLE_ENCODER, .kind = "ridge" };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctModelInfo) plain = pct_model_info_load(fixture->folder, pct_decoder_find_kind, &error);
  g_assert_no_error(error);
  g_assert_true(!plain->encoder && !plain->encoder_hash && !plain->meis && !plain->meis_hash);
  g_assert_true(isnan(plain->validation_correlation));
  g_autoptr(PctModelInfo) made = pct_model_info_copy(plain);
  made->encoder = g_strdup("gaussian-1");
  made->encoder_hash = g_strdup("0123abcd");
  made->meis = g_strdup("mei-2");
  made->meis_hash = g_strdup("ef");
  made->kind = &kind;
  made->validation_correlation = 0.25;
  g_assert_true(pct_model_info_save(made, fixture->folder, &error));
  g_autoptr(PctModelInfo) again = pct_model_info_load(fixture->folder, pct_decoder_find_kind, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(again->encoder, ==, "gaussian-1");
  g_assert_cmpstr(again->encoder_hash, ==, "0123abcd");
  g_assert_cmpstr(again->meis, ==, "mei-2");
  g_assert_cmpstr(again->meis_hash, ==, "ef");
  g_assert_cmpfloat(again->validation_correlation, ==, 0.25);
  g_assert_cmpstr(again->created, ==, plain->created);
}

// Replaces `from` in the description by `to`.
static void
spoil(Fixture *fixture, const char *from, const char *to)
{
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(fixture->json, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, from));
  g_autoptr(GString) changed = g_string_new(text);
  g_string_replace(changed, from, to, 1);
  g_assert_true(g_file_set_contents(fixture->json, changed->str, -1, NULL));
}

static void
test_lies(Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *from, *to;
    PctError code;
  } cases[] = {
    { "\"percept-model\"", "\"other\"", PCT_ERROR_FORMAT },
    { "\"format_version\" : 1", "\"format_version\" : 2", PCT_ERROR_UNSUPPORTED },
    { "\"kind\" : \"ridge\"", "\"kind\" : \"oracle\"", PCT_ERROR_UNSUPPORTED },
    { "\"kind\" : \"ridge\"", "\"kind\" : 3", PCT_ERROR_FORMAT },
    { "\"state\" : \"finished\"", "\"state\" : \"unsure\"", PCT_ERROR_FORMAT },
    { "\"neurons\" : 30", "\"neurons\" : -1", PCT_ERROR_FORMAT },
    { "\"neurons\" : 30", "\"neurons\" : 1e300", PCT_ERROR_FORMAT },
    { "\"neurons\" : 30", "\"neurons\" : 99999999999", PCT_ERROR_FORMAT },
    { "\"height\"", "\"depth\"", PCT_ERROR_FORMAT },
    { "\"18446744073709551615\"", "\"18446744073709551616\"", PCT_ERROR_FORMAT },
    { "\"18446744073709551615\"", "\"-1\"", PCT_ERROR_FORMAT },
    { "\"penalty\" : \"12.5\"", "\"penalty\" : \"-12.5\"", PCT_ERROR_FORMAT },
    { "\"penalty\" : \"12.5\"", "\"penalty\" : 12.5", PCT_ERROR_FORMAT },
    { "\"penalty\"", "\"prize\"", PCT_ERROR_FORMAT },
    { "\"seconds\" : 1.25", "\"seconds\" : \"long\"", PCT_ERROR_FORMAT },
    { "\"pixcorr\" : 0.1", "\"pixcorr\" : [[[[0.1]]]]", PCT_ERROR_FORMAT },
    { "\"recording\" : {", "\"recording\" : 1, \"other\" : {", PCT_ERROR_FORMAT },
  };
  g_autofree char *sound = NULL;
  g_assert_true(g_file_get_contents(fixture->json, &sound, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_test_message("%s -> %s", cases[i].from, cases[i].to);
    g_assert_true(g_file_set_contents(fixture->json, sound, -1, NULL));
    spoil(fixture, cases[i].from, cases[i].to);
    g_assert_null(pct_decoder_load(fixture->folder, &error));
    g_assert_error(error, PCT_ERROR, (int)cases[i].code);
    g_assert_nonnull(strstr(error->message, "model.json"));
  }
}

// Every beginning of a sound description that is not the whole of it is refused.
static void
test_truncated(Fixture *fixture, gconstpointer data)
{
  g_autofree char *sound = NULL;
  gsize n;
  g_assert_true(g_file_get_contents(fixture->json, &sound, &n, NULL));
  for (gsize i = 0; i + 2 < n; i += 3) {
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(fixture->json, sound, (gssize)i, NULL));
    g_assert_null(pct_model_info_load(fixture->folder, pct_decoder_find_kind, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  }
}

static void
test_garbage(Fixture *fixture, gconstpointer data)
{
  g_autofree char *deep = g_malloc(500000), *large = g_malloc(3000000);
  memset(deep, '[', 500000);
  memset(large, ' ', 3000000);
  const struct {
    const char *bytes;
    gssize n;
  } cases[] = { { deep, 500000 }, { large, 3000000 },  { "[1, 2]", 6 },
                { "null", 4 },    { "\xff\xfe{}", 4 }, { "{}\0{}", 5 } };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(fixture->json, cases[i].bytes, cases[i].n, NULL));
    g_assert_null(pct_model_info_load(fixture->folder, pct_decoder_find_kind, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  }
}

static void
test_missing(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_cmpint(g_remove(fixture->weights), ==, 0);
  g_assert_null(pct_decoder_load(fixture->folder, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_clear_error(&error);
  g_assert_cmpint(g_remove(fixture->json), ==, 0);
  g_assert_null(pct_model_info_load(fixture->folder, pct_decoder_find_kind, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(error->message, fixture->json));
}

// Arrays that do not fit each other, or a scale to divide by that is zero.
static void
test_wrong_arrays(Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 5; i++) {
    g_autoptr(PctTensors) tensors = pct_tensors_new();
    g_autofree float *values = g_new0(float, 900);
    for (int j = 0; j < 900; j++)
      values[j] = 1;
    pct_tensors_add(tensors, "weight", values, i == 0 ? 2 : 3, (gsize[]){ 30, 5, 6 });
    pct_tensors_add(tensors, "mean_image", values, 2, (gsize[]){ 5, i == 1 ? 7 : 6 });
    if (i != 2)
      pct_tensors_add_vector(tensors, "response_mean", values, 30);
    if (i == 3)
      values[4] = 0;
    pct_tensors_add_vector(tensors, "response_scale", values, 30);
    pct_tensors_add(tensors, "penalty", values, 2, (gsize[]){ i == 4 ? 4 : 5, 6 });
    g_autoptr(GError) error = NULL;
    g_assert_true(pct_safetensors_save(tensors, fixture->weights, &error));
    g_assert_null(pct_decoder_load(fixture->folder, &error));
    int expected = i == 1 || i == 4 ? PCT_ERROR_SHAPE : PCT_ERROR_FORMAT;
    g_assert_error(error, PCT_ERROR, expected);
    g_assert_nonnull(strstr(error->message, "weights.safetensors"));
  }
}

static void
test_full_disk(Fixture *fixture, gconstpointer data)
{
  struct rlimit old, small;
  g_autofree char *json = NULL, *weights = NULL, *json_after = NULL, *weights_after = NULL;
  gsize n, n_after;
  g_assert_true(g_file_get_contents(fixture->json, &json, NULL, NULL));
  g_assert_true(g_file_get_contents(fixture->weights, &weights, &n, NULL));
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &old), ==, 0);
  signal(SIGXFSZ, SIG_IGN);
  static const rlim_t limits[] = { 0, 100, 2000 };
  for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
    g_autoptr(GError) error = NULL;
    small = (struct rlimit){ limits[i], old.rlim_max };
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    gboolean saved = pct_decoder_save(fixture->decoder, fixture->info, fixture->folder, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &old), ==, 0);
    g_assert_false(saved);
    g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  }
  g_assert_true(g_file_get_contents(fixture->json, &json_after, NULL, NULL));
  g_assert_true(g_file_get_contents(fixture->weights, &weights_after, &n_after, NULL));
  g_assert_cmpstr(json, ==, json_after);
  g_assert_cmpmem(weights, n, weights_after, n_after);
}

// Where the folder should be, there is a file.
static void
test_no_folder(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *inside = g_build_filename(fixture->json, "model", NULL);
  g_assert_false(pct_decoder_save(fixture->decoder, fixture->info, inside, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  g_assert_nonnull(strstr(error->message, inside));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
#define ADD(name, func) g_test_add("/model-folder/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("info", test_info);
  ADD("made-with", test_made_with);
  ADD("decoder", test_decoder);
  ADD("lies", test_lies);
  ADD("truncated", test_truncated);
  ADD("garbage", test_garbage);
  ADD("missing", test_missing);
  ADD("wrong-arrays", test_wrong_arrays);
  ADD("full-disk", test_full_disk);
  ADD("no-folder", test_no_folder);
  return g_test_run();
}
