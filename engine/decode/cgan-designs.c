// SPDX-License-Identifier: GPL-3.0-or-later
// The kind “cgan”: its options, and the hand-over to one of its two designs.
#include "config.h"
#include <glib/gi18n-lib.h>
#include "decode/cgan-original.h"
#include "decode/cgan.h"

static const char *const designs[] = { "compact", "original", NULL };

static const PctOption options[] = {
  { "epochs", PCT_OPTION_INTEGER, 1, 1000, NULL, N_("epochs"), N_("Epochs"), N_("How often every train trial is seen.") },
  { "features", PCT_OPTION_INTEGER, 0, 512, NULL, NULL, N_("Linear features"),
    N_("How many linear features of the responses the networks see; 0 chooses by the validation tier. Not of the original design.") },
  { "latent", PCT_OPTION_INTEGER, 1, 256, NULL, NULL, N_("Latent z"), N_("Length of the random vector z that picks one of the plausible images.") },
  { "width", PCT_OPTION_INTEGER, 4, 512, NULL, N_("channels"), N_("Width"), N_("Channels of the generator’s last layers; the others are multiples of it, the discriminator’s half (in the original design the same)."), TRUE },
  { "batch", PCT_OPTION_INTEGER, 4, 256, NULL, N_("trials"), N_("Batch"), N_("Trials a training step."), TRUE },
  { "adversarial", PCT_OPTION_REAL, 0, 10, NULL, NULL, N_("Adversarial weight"), N_("Weight of the discriminator’s verdict in the generator's loss; 0 leaves a plain regression.") },
  { "l1", PCT_OPTION_REAL, 0, 100, NULL, NULL, N_("L1 weight"), N_("Weight of the absolute error of the picture at z = 0 (in the original design, in grey levels and at a random z)."), TRUE },
  { "l1_draw", PCT_OPTION_REAL, 0, 100, NULL, NULL, N_("L1 weight of draws"), N_("Weight of the absolute error of a picture at a random z. Not of the original design."), TRUE },
  { "structure", PCT_OPTION_REAL, 0, 100, NULL, NULL, N_("Structure weight"), N_("Weight of 1 − SSIM of the picture at z = 0. Not of the original design."), TRUE },
  { "feature_noise", PCT_OPTION_REAL, 0, 5, NULL, N_("standard deviations"), N_("Feature noise"), N_("Noise added to the features while training, against overfitting. Not of the original design."), TRUE },
  { "picture_noise", PCT_OPTION_REAL, 0, 5, NULL, NULL, N_("Picture noise"), N_("Noise on what the discriminator sees, so that it cannot tell by pixels alone. Not of the original design."), TRUE },
  { "dropout", PCT_OPTION_REAL, 0, 0.9, NULL, NULL, N_("Dropout"), N_("Share of the features dropped while training. Not of the original design."), TRUE },
  { "rate", PCT_OPTION_REAL, 1e-6, 0.1, NULL, NULL, N_("Learning rate"), N_("Of the generator; the discriminator’s is 0.8 of it (in the original design the same, at all steps)."), TRUE },
  { "design", PCT_OPTION_CHOICE, 0, 0, designs, NULL, N_("Design"), N_("Compact: small networks on linear features of the responses. Original: large networks on the responses themselves, which need 9 GB and days."), TRUE },
  { "hidden", PCT_OPTION_INTEGER, 2, 65536, NULL, N_("units"), N_("Hidden units"), N_("Of the first layer on the responses; the second has half of them. Of the original design alone."), TRUE },
  { "code", PCT_OPTION_INTEGER, 1, 4096, NULL, N_("units"), N_("Code"), N_("Numbers that those layers hand to the convolutions. Of the original design alone."), TRUE },
  { "mismatched", PCT_OPTION_INTEGER, 1, 256, NULL, N_("pairs"), N_("Mismatched pairs"), N_("Images shown to the discriminator with the responses to another one, a step. Of the original design alone."), TRUE },
  { "pretrain", PCT_OPTION_INTEGER, 0, 1000, NULL, N_("epochs"), N_("Pretraining"), N_("How often the encoder’s answers to images are seen, with fresh noise, before the recording’s trials; 0 needs no encoder. Not of the original design.") },
  { "copies", PCT_OPTION_INTEGER, 0, 16, NULL, NULL, N_("Further views"), N_("How often every train image is shown to the encoder again for pretraining, mirrored, shifted or enlarged."), TRUE },
  { "l2", PCT_OPTION_REAL, 0, 100, NULL, NULL, N_("L2 weight"), N_("Weight of the squared error of the picture at z = 0. Not of the original design."), TRUE },
};

static const double compact[] = { 8, 0, 32, 32, 50, 0.1, 0.5, 0.2, 1, 0.4, 0.1, 0, 1e-3, 0, 16384, 648, 4, 0, 3, 0 };
static const double informed_values[] = { 1, 256, 32, 32, 50, 0.05, 0, 0.2, 0.5, 0, 0.1, 0, 1e-3, 0, 16384, 648, 4, 3, 3, 1 };
static const double original[] = { 100, 0, 32, 300, 32, 1, 0.15, 0, 0, 0, 0, 0, 2e-4, 1, 16384, 648, 4, 0, 3, 0 };
static const PctPreset presets[] = {
  { "compact", N_("Compact"), compact },
  { "informed", N_("Informed by an encoder"), informed_values },
  { "original", N_("As published"), original },
};
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };
G_STATIC_ASSERT(G_N_ELEMENTS(compact) == G_N_ELEMENTS(options));
G_STATIC_ASSERT(G_N_ELEMENTS(informed_values) == G_N_ELEMENTS(options));
G_STATIC_ASSERT(G_N_ELEMENTS(original) == G_N_ELEMENTS(options));

// The kind hands everything to a decoder's design; a decoder that is to be made has it from the options.
static const PctDecoderClass *
design_of(const PctDecoder *decoder)
{
  return ((const PctCganDesigned *)decoder)->design;
}

static const PctDecoderClass *
chosen_design(const PctOptionValues *values)
{
  return pct_option_values_get(values, "design") == 0 ? &pct_cgan_compact_design : &pct_cgan_original_design;
}

static int
designed_get_latent(const PctDecoder *decoder)
{
  return design_of(decoder)->get_latent(decoder);
}

static PctDecoder *
designed_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  return chosen_design(fit->options)->fit(fit, run, error);
}

static gboolean
designed_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
                     float *images, const PctRun *run, GError **error)
{
  return design_of(decoder)->reconstruct(decoder, responses, n, n_averaged, z, images, run, error);
}

static void
designed_save(const PctDecoder *decoder, PctTensors *tensors)
{
  design_of(decoder)->save(decoder, tensors);
}

static PctDecoder *
designed_load(const PctTensors *tensors, const PctOptionValues *values, GError **error)
{
  return chosen_design(values)->load(tensors, values, error);
}

static void
designed_free(PctDecoder *decoder)
{
  design_of(decoder)->free(decoder);
}

static PctDecoderSession *
designed_session_new(const PctDecoder *decoder, PctPool *pool)
{
  return design_of(decoder)->session_new(decoder, pool);
}

static gboolean
designed_pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z,
                  const float *cotangent, float *out, const PctRun *run, GError **error)
{
  return design_of(decoder)->pullback(decoder, responses, n_averaged, z, cotangent, out, run, error);
}

static PctModelNeeds
get_needs(const PctOptionValues *values)
{
  gboolean pretrains = pct_option_values_get(values, "design") == 0 && pct_option_values_get(values, "pretrain") > 0;
  return pretrains ? PCT_NEEDS_ENCODER : PCT_NEEDS_NOTHING;
}

const PctDecoderClass pct_cgan_class = {
  .about = {
    .role = PCT_ROLE_DECODER,
    .kind = "cgan",
    .title = N_("Conditional GAN"),
    .summary = N_("Draws plausible images for the responses and a random z; a discriminator that also sees the responses "
                  "judges them while it learns. Against overfitting, it learns on linear features of the responses that "
                  "are predicted without the image at hand, with noise added, and keeps the checkpoint that is best on "
                  "validation."),
    .formula = "I = m + s (S f + G(f, z)),  f = F r;  min_G max_D  log D(I*, f) + log(1 − D(I′, f)) + log(1 − D(I, f));  G also minimises |I − I*| and 1 − SSIM(I, I*)",
    .source = "Mirza & Osindero 2014, arXiv:1411.1784",
    .options = &table,
    .iterative = TRUE,
    .needs = PCT_NEEDS_ENCODER,
    .get_needs = get_needs,
  },
  .get_latent = designed_get_latent,
  .fit = designed_fit,
  .reconstruct = designed_reconstruct,
  .save = designed_save,
  .load = designed_load,
  .free = designed_free,
  .session_new = designed_session_new,
  .pullback = designed_pullback,
};
