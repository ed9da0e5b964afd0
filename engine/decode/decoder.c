// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of decoders and what all kinds share: reference counts and the checks that no kind need repeat.
#include "config.h"
#include "decode/decoder.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "decode/cgan.h"
#include "decode/gabor-bank.h"
#include "decode/gabor-rf.h"
#include "decode/invert.h"
#include "decode/lmmse.h"
#include "decode/mei-net.h"
#include "decode/mei-sum.h"
#include "decode/meicoder.h"
#include "decode/ridge.h"

static const PctDecoderClass *const classes[] = {
  &pct_gabor_bank_class,
  &pct_gabor_rf_class,
  &pct_mei_sum_class,
  &pct_ridge_class,
  &pct_lmmse_class,
  &pct_mei_net_class,
  &pct_cgan_class,
  &pct_meicoder_class,
  &pct_invert_class,
};

const PctDecoderClass *const *
pct_decoder_get_classes(guint *n)
{
  *n = G_N_ELEMENTS(classes);
  return classes;
}

const PctDecoderClass *
pct_decoder_find_class(const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
    if (g_strcmp0(classes[i]->about.kind, kind) == 0)
      return classes[i];
  return NULL;
}

const PctModelKind *
pct_decoder_find_kind(const char *name)
{
  const PctDecoderClass *klass = pct_decoder_find_class(name);
  return klass ? &klass->about : NULL;
}

void
pct_decoder_init(PctDecoder *decoder, const PctDecoderClass *klass, int n_neurons, int height, int width)
{
  decoder->klass = klass;
  g_atomic_ref_count_init(&decoder->references);
  decoder->n_neurons = n_neurons;
  decoder->height = height;
  decoder->width = width;
}

PctDecoder *
pct_decoder_fit(const PctDecoderClass *klass, const PctFit *fit, const PctRun *run, GError **error)
{
  g_return_val_if_fail(klass && fit && fit->recording && fit->statistics && fit->options, NULL);
  g_return_val_if_fail(fit->options->table == klass->about.options, NULL);
  return klass->fit(fit, run, error);
}

PctDecoder *
pct_decoder_ref(PctDecoder *decoder)
{
  g_return_val_if_fail(decoder, NULL);
  g_atomic_ref_count_inc(&decoder->references);
  return decoder;
}

void
pct_decoder_unref(PctDecoder *decoder)
{
  if (decoder && g_atomic_ref_count_dec(&decoder->references))
    decoder->klass->free(decoder);
}

int
pct_decoder_get_latent(const PctDecoder *decoder)
{
  return decoder->klass->get_latent ? decoder->klass->get_latent(decoder) : 0;
}

gboolean
pct_decoder_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
                        float *images, const PctRun *run, GError **error)
{
  g_return_val_if_fail(decoder && (n == 0 || (responses && images)) && n_averaged > 0, FALSE);
  return n == 0 || decoder->klass->reconstruct(decoder, responses, n, n_averaged, z, images, run, error);
}

gboolean
pct_decoder_pullback(const PctDecoder *decoder, const float *responses, double n_averaged, const float *z,
                     const float *cotangent, float *out, const PctRun *run, GError **error)
{
  g_return_val_if_fail(decoder && responses && cotangent && out, FALSE);
  if (decoder->klass->pullback)
    return decoder->klass->pullback(decoder, responses, n_averaged, z, cotangent, out, run, error);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("The decoder “%s” has no derivative by its responses."),
              decoder->klass->about.kind);
  return FALSE;
}
