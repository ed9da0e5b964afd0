// SPDX-License-Identifier: GPL-3.0-or-later
// Live sessions. The generic one, for kinds without a quicker way, keeps the responses and reconstructs anew for every
// picture. Invariant: a session holds a reference to its decoder and borrows its pool.
#include "decode/decoder.h"
#include <string.h>

typedef struct {
  PctDecoderSession session;
  PctPool *pool;
  float *responses;  // (M,)
  double n_averaged;
  float *latent;     // (latent,), zeros at first
  int n_latent;
} Generic;

static void
generic_set_responses(PctDecoderSession *session, const float *responses, double n_averaged)
{
  Generic *self = (Generic *)session;
  memcpy(self->responses, responses, (gsize)session->decoder->n_neurons * sizeof(float));
  self->n_averaged = n_averaged;
}

static void
generic_set_response(PctDecoderSession *session, int neuron, float value)
{
  ((Generic *)session)->responses[neuron] = value;
}

static void
generic_set_latent(PctDecoderSession *session, const float *z)
{
  Generic *self = (Generic *)session;
  if (z)
    memcpy(self->latent, z, (gsize)self->n_latent * sizeof(float));
  else
    memset(self->latent, 0, (gsize)self->n_latent * sizeof(float));
}

static void
generic_draw(PctDecoderSession *session, float *image)
{
  Generic *self = (Generic *)session;
  PctRun run = { .pool = self->pool };
  g_autoptr(GError) error = NULL;
  // Nobody can say stop here, so only memory can fail; the caller's last picture then stands.
  if (!pct_decoder_reconstruct(session->decoder, self->responses, 1, self->n_averaged,
                               self->n_latent ? self->latent : NULL, image, &run, &error))
    g_warning("%s", error->message);
}

static void
generic_free(PctDecoderSession *session)
{
  Generic *self = (Generic *)session;
  g_free(self->responses);
  g_free(self->latent);
  g_free(self);
}

static PctDecoderSession *
generic_new(const PctDecoder *decoder, PctPool *pool)
{
  Generic *self = g_new0(Generic, 1);
  self->session = (PctDecoderSession){ NULL, generic_set_responses, generic_set_response, generic_set_latent,
                                       generic_draw, generic_free };
  self->pool = pool;
  self->responses = g_new0(float, decoder->n_neurons);
  self->n_averaged = 1;
  self->n_latent = pct_decoder_get_latent(decoder);
  self->latent = g_new0(float, MAX(self->n_latent, 1));
  return &self->session;
}

PctDecoderSession *
pct_decoder_session_new(PctDecoder *decoder, PctPool *pool)
{
  g_return_val_if_fail(decoder, NULL);
  PctDecoderSession *session =
    decoder->klass->session_new ? decoder->klass->session_new(decoder, pool) : generic_new(decoder, pool);
  session->decoder = pct_decoder_ref(decoder);
  return session;
}

void
pct_decoder_session_free(PctDecoderSession *session)
{
  if (!session)
    return;
  PctDecoder *decoder = session->decoder;
  session->free(session);
  pct_decoder_unref(decoder);
}
