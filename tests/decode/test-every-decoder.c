// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of every decoder there is, on a small recording with an encoder and most exciting inputs of its own: none
// of the three ever looks at the test tier, the same seed gives the same bits, what is saved decodes alike, a stop stops,
// and it says what it is. A decoder that is new in the registry is tried without a line here.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "decode/model-folder.h"
#include "small-world.h"

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

// Made once; nothing changes them.
static World world, scrambled;
static GHashTable *fitted;

// The same fitted once: most tests begin with one.
static PctDecoder *
dup_fitted(const Variant *variant)
{
  g_autofree char *key = g_strdup_printf("%s %g", variant->klass->about.kind, variant->pretrain);
  PctDecoder *decoder = g_hash_table_lookup(fitted, key);
  if (!decoder) {
    decoder = variant_must_fit(variant, &world, TRUE);
    g_hash_table_insert(fitted, g_steal_pointer(&key), decoder);
  }
  return pct_decoder_ref(decoder);
}

static void
assert_same_tensors(PctTensors *one, PctTensors *other)
{
  g_assert_cmpuint(pct_tensors_get_n(one), ==, pct_tensors_get_n(other));
  g_assert_cmpuint(pct_tensors_get_n(one), >, 0);
  for (guint i = 0; i < pct_tensors_get_n(one); i++) {
    const PctTensor *p = pct_tensors_get(one, i), *q = pct_tensors_find(other, p->name);
    g_assert_nonnull(q);
    g_assert_cmpmem(p->values, p->count * sizeof(float), q->values, q->count * sizeof(float));
  }
}

static void
assert_same(const PctDecoder *one, const PctDecoder *other)
{
  g_autoptr(PctTensors) x = pct_tensors_new(), y = pct_tensors_new();
  one->klass->save(one, x);
  other->klass->save(other, y);
  assert_same_tensors(x, y);
}

// Test responses and images replaced by noise: the encoder, the most exciting inputs and the decoder stay, bit for bit.
static void
test_never_sees_test(gconstpointer data)
{
  g_assert_cmpstr(pct_recording_get_fingerprint(world.recording), !=,
                  pct_recording_get_fingerprint(scrambled.recording));
  g_autoptr(PctTensors) x = pct_tensors_new(), y = pct_tensors_new();
  pct_encoder_save(world.encoder, x);
  pct_encoder_save(scrambled.encoder, y);
  assert_same_tensors(x, y);
  gsize bytes = (gsize)(world.meis->n * small_world.height * small_world.width) * sizeof(float);
  g_assert_cmpmem(world.meis->images, bytes, scrambled.meis->images, bytes);
  g_autoptr(PctDecoder) one = dup_fitted(data), other = variant_must_fit(data, &scrambled, TRUE);
  assert_same(one, other);
}

static void
test_same_bits(gconstpointer data)
{
  g_autoptr(PctDecoder) one = dup_fitted(data), again = variant_must_fit(data, &world, TRUE);
  assert_same(one, again);
  g_autoptr(PctDecoder) alone = variant_must_fit(data, &world, FALSE);
  assert_same(one, alone);
}

static float *
reconstruct(const PctDecoder *decoder, gsize *n)
{
  int n_trials;
  const int *trials = pct_recording_get_tier_trials(world.recording, PCT_TIER_TEST, &n_trials);
  *n = (gsize)n_trials * (gsize)(decoder->height * decoder->width);
  g_autofree float *responses = g_new(float, (gsize)n_trials * (gsize)decoder->n_neurons);
  float *images = g_new(float, *n);
  pct_recording_read_trials(world.recording, trials, n_trials, responses);
  PctRun run = { .pool = world.pool };
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_decoder_reconstruct(decoder, responses, (gsize)n_trials, 1, NULL, images, &run, &error));
  for (gsize i = 0; i < *n; i++)
    g_assert_true(isfinite(images[i]));
  return images;
}

static void
remove_folder(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_cmpint(g_unlink(path), ==, 0);
  }
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

// It decodes alike from the disk, where neither recording, encoder nor most exciting inputs are at hand.
static void
test_round_trip(gconstpointer data)
{
  const Variant *variant = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = dup_fitted(variant);
  gsize n, n_loaded;
  g_autofree float *images = reconstruct(decoder, &n);
  g_autofree char *folder = g_dir_make_tmp("every-decoder-XXXXXX", NULL);
  g_autoptr(PctModelInfo) info = pct_model_info_new(&variant->klass->about);
  pct_option_values_free(info->options);
  info->options = variant_dup_options(variant);
  info->fingerprint = g_strdup(pct_recording_get_fingerprint(world.recording));
  g_assert_true(pct_decoder_save(decoder, info, folder, &error));
  g_autoptr(PctDecoder) loaded = pct_decoder_load(folder, &error);
  g_assert_no_error(error);
  g_assert_true(loaded->klass == variant->klass);
  g_assert_cmpint(loaded->n_neurons, ==, decoder->n_neurons);
  g_autofree float *images_of_loaded = reconstruct(loaded, &n_loaded);
  g_assert_cmpmem(images, n * sizeof(float), images_of_loaded, n_loaded * sizeof(float));
  remove_folder(folder);
}

static void
test_cancel_at_once(gconstpointer data)
{
  PctRun run = { .func = stop, .pool = world.pool };
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = variant_fit(data, &world, &run, &error);
  g_assert_null(decoder);
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

// A set may lack neurons, and rows may not be ready: it is fitted all the same, to a finite picture.
static void
test_set_lacks_neurons(gconstpointer data)
{
  const Variant *variant = data;
  g_autoptr(PctOptionValues) options = variant_dup_options(variant);
  if (!(pct_model_kind_get_needs(&variant->klass->about, options) & PCT_NEEDS_MEIS)) {
    g_test_skip("it needs no most exciting inputs");
    return;
  }
  World lacking = world;
  int neurons[] = { 20, 3, 7, 11, 0 };
  gsize pixels = (gsize)(small_world.height * small_world.width);
  lacking.meis = pct_mei_set_new(neurons, G_N_ELEMENTS(neurons), small_world.height, small_world.width, NULL);
  lacking.meis->mean = world.meis->mean;
  lacking.meis->contrast = world.meis->contrast;
  for (guint i = 0; i + 1 < G_N_ELEMENTS(neurons); i++) {  // The last is not ready, and holds nothing.
    memcpy(lacking.meis->images + i * pixels, world.meis->images + (gsize)neurons[i] * pixels, pixels * sizeof(float));
    lacking.meis->activations[i] = world.meis->activations[neurons[i]];
    lacking.meis->baselines[i] = world.meis->baselines[neurons[i]];
    pct_mei_set_mark_ready(lacking.meis, (int)i);
  }
  g_autoptr(PctDecoder) decoder = variant_must_fit(variant, &lacking, TRUE);
  pct_mei_set_free(lacking.meis);
  gsize n;
  g_autofree float *images = reconstruct(decoder, &n);
}

// A live session after 10,000 changes of one response at a time is where drawing everything anew is.
static void
test_session(gconstpointer data)
{
  g_autoptr(PctDecoder) decoder = dup_fitted(data);
  gsize m = (gsize)decoder->n_neurons, pixels = (gsize)(decoder->height * decoder->width);
  gsize latent = (gsize)pct_decoder_get_latent(decoder);
  const PctStatistics *statistics = world.statistics;
  g_autofree float *responses = g_new(float, m), *z = g_new(float, MAX(latent, 1));
  g_autofree float *live = g_new(float, pixels), *anew = g_new(float, pixels);
  pct_random_fill_normal(z, latent, 4, 1);
  pct_recording_read_responses(world.recording, 2, responses);
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, world.pool);
  session->set_responses(session, responses, 2);
  session->set_latent(session, z);
  PctRandom random = pct_random(5, 5);
  for (int i = 0; i < 10000; i++) {
    int neuron = (int)pct_random_below(&random, (guint32)m);
    responses[neuron] = statistics->response_mean[neuron] +
                        2 * statistics->response_scale[neuron] * (float)pct_random_normal(&random);
    session->set_response(session, neuron, responses[neuron]);
  }
  session->draw(session, live);
  PctRun run = { .pool = world.pool };
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, 2, latent ? z : NULL, anew, &run, &error));
  for (gsize i = 0; i < pixels; i++)
    g_assert_cmpfloat_with_epsilon(live[i], anew[i], 0.01);
}

static gboolean
says(const char *text)
{
  return text && *text && g_utf8_validate(text, -1, NULL);
}

static void
test_description(gconstpointer data)
{
  const PctModelKind *kind = data;
  const PctOptionTable *table = kind->options;
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  g_assert_cmpint(kind->role, ==, PCT_ROLE_DECODER);
  g_assert_true(says(kind->kind) && says(kind->title) && says(kind->summary) && says(kind->formula) && says(kind->source));
  g_assert_true(g_str_has_suffix(kind->summary, "."));
  g_assert_cmpuint(table->n_presets, >=, 1);
  for (guint i = 0; i < table->n_options; i++) {
    const PctOption *option = &table->options[i];
    g_assert_true(says(option->name) && says(option->title) && says(option->help));
    g_assert_true(g_hash_table_add(names, (gpointer)option->name));
    g_assert_cmpstr(option->name, !=, "preset");
  }
  for (guint i = 0; i < table->n_presets; i++) {
    const PctPreset *preset = &table->presets[i];
    g_autoptr(PctOptionValues) values = pct_option_values_new(table);
    g_autoptr(GError) error = NULL;
    g_assert_true(says(preset->name) && says(preset->title));
    for (guint j = 0; j < table->n_options; j++) {
      pct_option_values_set_number(values, table->options[j].name, preset->values[j], &error);
      g_assert_no_error(error);
    }
    g_assert_cmpuint(pct_model_kind_get_needs(kind, values) & ~kind->needs, ==, 0);
  }
  if (kind->imagines) {
    g_autoptr(PctOptionValues) values = pct_option_values_new(table);
    g_assert_true(pct_model_kind_uses_photographs(kind, values));
    g_assert_cmpuint(pct_model_kind_get_needs(kind, values) & PCT_NEEDS_ENCODER, !=, 0);
  } else if (pct_model_kind_takes_photographs(kind)) {
    g_autoptr(PctOptionValues) values = pct_option_values_new(table);
    g_assert_true(pct_option_values_set(values, PCT_OPTION_PRETRAIN, "0", NULL));
    g_assert_false(pct_model_kind_uses_photographs(kind, values));
    g_assert_true(pct_option_values_set(values, PCT_OPTION_PRETRAIN, "1", NULL));
    g_assert_cmpuint(pct_model_kind_get_needs(kind, values) & PCT_NEEDS_ENCODER, !=, 0);
  }
}

static void
add(const Variant *variant, const char *what, void (*test)(gconstpointer))
{
  const char *pretrained = variant->pretrain > 0 ? "-pretrained" : "";
  g_autofree char *path = g_strdup_printf("/every-decoder/%s%s/%s", variant->klass->about.kind, pretrained, what);
  g_test_add_data_func_full(path, g_memdup2(variant, sizeof *variant), test, g_free);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  guint n;
  const PctDecoderClass *const *classes = pct_decoder_get_classes(&n);
  for (guint i = 0; i < n; i++) {
    const PctModelKind *about = &classes[i]->about;
    gboolean pretrains = pct_option_table_has(about->options, PCT_OPTION_PRETRAIN);
    g_autofree char *path = g_strdup_printf("/every-decoder/%s/description", about->kind);
    g_test_add_data_func(path, about, test_description);
    for (int pretrain = 0; pretrain <= pretrains; pretrain++) {
      Variant variant = { classes[i], pretrains ? pretrain : -1 };
      add(&variant, "never-sees-test", test_never_sees_test);
      add(&variant, "same-bits", test_same_bits);
      add(&variant, "round-trip", test_round_trip);
      add(&variant, "cancel-at-once", test_cancel_at_once);
      add(&variant, "set-lacks-neurons", test_set_lacks_neurons);
      add(&variant, "session", test_session);
    }
  }
  world_init(&world, FALSE);
  world_init(&scrambled, TRUE);
  fitted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)pct_decoder_unref);
  int failed = g_test_run();
  g_hash_table_unref(fitted);
  world_clear(&world);
  world_clear(&scrambled);
  return failed;
}
