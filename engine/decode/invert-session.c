// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <string.h>
#include "decode/invert.h"

typedef struct {
  PctDecoderSession session;
  PctPool *pool;
  float *responses;  // (M,)
  double n_averaged;
  PctInvertDescent *descent;  // of n_averaged; NULL: not made yet
  float *image;               // (P,)
  gboolean current;           // image is that of responses
} InvertSession;

static void
set_responses(PctDecoderSession *session, const float *responses, double n_averaged)
{
  InvertSession *self = (InvertSession *)session;
  memcpy(self->responses, responses, (gsize)session->decoder->n_neurons * sizeof(float));
  self->current = FALSE;
  if (n_averaged == self->n_averaged)
    return;
  self->n_averaged = n_averaged;
  g_clear_pointer(&self->descent, pct_invert_descent_free);
}

static void
set_response(PctDecoderSession *session, int neuron, float value)
{
  InvertSession *self = (InvertSession *)session;
  self->current = self->current && self->responses[neuron] == value;
  self->responses[neuron] = value;
}

static void
set_latent(PctDecoderSession *session, const float *z)
{
}

static void
draw(PctDecoderSession *session, float *image)
{
  InvertSession *self = (InvertSession *)session;
  const PctInvert *invert = (const PctInvert *)session->decoder;
  PctRun run = { .pool = self->pool };
  g_autoptr(GError) error = NULL;
  if (!self->descent)
    self->descent = pct_invert_descent_new(invert, invert->strength, self->n_averaged, 1, self->pool, &error);
  // Nobody can say stop here, so only memory can fail; the last picture then stands.
  if (!self->descent || (!self->current && !pct_invert_descent_run(self->descent, self->responses, 1, invert->passes,
                                                                   self->image, NULL, NULL, &run, &error)))
    g_warning("%s", error->message);
  else
    self->current = TRUE;
  memcpy(image, self->image, (gsize)session->decoder->height * (gsize)session->decoder->width * sizeof(float));
}

static void
session_free(PctDecoderSession *session)
{
  InvertSession *self = (InvertSession *)session;
  pct_invert_descent_free(self->descent);
  g_free(self->responses);
  g_free(self->image);
  g_free(self);
}

PctDecoderSession *
pct_invert_session_new(const PctDecoder *decoder, PctPool *pool)
{
  InvertSession *self = g_new0(InvertSession, 1);
  self->session = (PctDecoderSession){ NULL, set_responses, set_response, set_latent, draw, session_free };
  self->pool = pool;
  self->responses = g_new0(float, decoder->n_neurons);
  self->n_averaged = 1;
  self->image = g_new0(float, decoder->height * decoder->width);
  return &self->session;
}
