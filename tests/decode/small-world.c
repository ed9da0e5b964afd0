// SPDX-License-Identifier: GPL-3.0-or-later
#include "small-world.h"
#include "small-options.h"

const SmallRecording small_world = { 60, 12, 8, 24, 12, 16, 0.5, 3, .repeats = 2, .gratings = TRUE };

static void
make_encoder(World *self)
{
  g_autoptr(GError) error = NULL;
  const PctModelKind *kind = pct_encoder_find_kind("gaussian");
  g_autoptr(PctOptionValues) options = small_options_new(kind->options);
  PctRun run = { .pool = self->pool };
  PctFit fit = { .recording = self->recording, .statistics = self->statistics, .options = options, .seed = 5 };
  self->encoder = pct_encoder_fit(kind, &fit, &run, &error);
  g_assert_no_error(error);
}

static void
make_meis(World *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctOptionValues) options = small_options_new(pct_mei_kind.options);
  int neurons[64], n = pct_recording_get_n_neurons(self->recording);
  for (int j = 0; j < n; j++)
    neurons[j] = j;
  g_assert_true(pct_option_values_set_number(options, "mean", self->statistics->image_mean, &error) &&
                pct_option_values_set_number(options, "contrast", 0.1 * self->statistics->image_std, &error));
  self->meis = pct_mei_set_new(neurons, n, small_world.height, small_world.width, &error);
  PctRun run = { .pool = self->pool };
  g_assert_true(pct_mei_set_fill(self->meis, self->encoder, options, 5, &run, &error));
}

void
world_init(World *self, gboolean scrambled_test)
{
  SmallRecording options = small_world;
  options.scrambled_test = scrambled_test;
  self->recording = small_recording_new(&options);
  self->statistics = pct_statistics_new(self->recording, NULL, NULL);
  self->pool = pct_pool_new(2, 0);
  make_encoder(self);
  make_meis(self);
}

void
world_clear(World *self)
{
  pct_recording_unref(self->recording);
  pct_statistics_free(self->statistics);
  pct_encoder_unref(self->encoder);
  pct_mei_set_free(self->meis);
  pct_pool_free(self->pool);
}

PctOptionValues *
variant_dup_options(const Variant *variant)
{
  PctOptionValues *options = small_options_new(variant->klass->about.options);
  if (variant->pretrain >= 0)
    g_assert_true(pct_option_values_set_number(options, PCT_OPTION_PRETRAIN, variant->pretrain, NULL));
  return options;
}

PctDecoder *
variant_fit(const Variant *variant, const World *in, const PctRun *run, GError **error)
{
  const PctModelKind *kind = &variant->klass->about;
  g_autoptr(PctOptionValues) options = variant_dup_options(variant);
  PctModelNeeds needs = pct_model_kind_get_needs(kind, options);
  PctFit what = { .recording = in->recording, .statistics = in->statistics, .options = options, .seed = 9,
                  .encoder = needs & PCT_NEEDS_ENCODER ? in->encoder : NULL,
                  .meis = needs & PCT_NEEDS_MEIS ? in->meis : NULL };
  return pct_decoder_fit(variant->klass, &what, run, error);
}

PctDecoder *
variant_must_fit(const Variant *variant, const World *in, gboolean threads)
{
  g_autoptr(GError) error = NULL;
  PctRun run = { .pool = threads ? in->pool : NULL };
  PctDecoder *decoder = variant_fit(variant, in, &run, &error);
  g_assert_no_error(error);
  g_assert_nonnull(decoder);
  return decoder;
}
