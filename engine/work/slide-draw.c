// SPDX-License-Identifier: GPL-3.0-or-later
// Invariant: the session holds responses `held` and the z of `latent_seed`; baseline belongs to `base` and that z.
#include "config.h"
#include "work/slide-draw.h"
#include <string.h>
#include "base/random.h"

// Microseconds: longer than this is not to be waited for.
#define LONG 20000
// Above this share of changed neurons all responses are set at once.
#define FEW(m) (1 + (m) / 16)

struct _PctSlideDrawing {
  PctModelDecoder *source;
  PctDecoderSession *session;
  PctPool *pool;      // of a session that wants more than the lane's; NULL: it does not
  float *held;        // (M,)
  int held_averaged;
  PctResponses *base;
  PctPicture *original;
  guint64 latent_seed;
  PctPicture *baseline;
  PctPicture *last;   // drawn of `held`; NULL: something else has changed since
  PctPictureScore baseline_score;
};

void
pct_slide_request_free(gpointer data)
{
  PctSlideRequest *request = data;
  if (!request)
    return;
  pct_kept_unref(request->source);
  pct_responses_unref(request->base);
  g_free(request->responses);
  pct_picture_unref(request->original);
  g_free(request);
}

void
pct_slide_answer_free(gpointer data)
{
  PctSlideAnswer *answer = data;
  pct_picture_unref(answer->reconstruction);
  pct_picture_unref(answer->baseline);
  pct_slide_tangent_free(answer->tangent);
  g_free(answer->problem);
  g_free(answer);
}

PctSlideDrawing *
pct_slide_drawing_new(void)
{
  return g_new0(PctSlideDrawing, 1);
}

static void
forget(PctSlideDrawing *self)
{
  g_clear_pointer(&self->session, pct_decoder_session_free);
  g_clear_pointer(&self->pool, pct_pool_free);
  g_clear_pointer(&self->source, pct_kept_unref);
  g_clear_pointer(&self->held, g_free);
  g_clear_pointer(&self->base, pct_responses_unref);
  g_clear_pointer(&self->original, pct_picture_unref);
  g_clear_pointer(&self->baseline, pct_picture_unref);
  g_clear_pointer(&self->last, pct_picture_unref);
}

void
pct_slide_drawing_free(gpointer drawing)
{
  forget(drawing);
  g_free(drawing);
}

static PctPicture *
picture_of(PctDecoderSession *session)
{
  int height = session->decoder->height, width = session->decoder->width;
  float *pixels = g_new0(float, (gsize)height * width);
  session->draw(session, pixels);
  return pct_picture_new_take(height, width, pixels);
}

float *
pct_slide_latent_new(guint64 seed, int n)
{
  if (seed == 0 || n == 0)
    return NULL;
  float *z = g_new(float, n);
  pct_random_fill_normal(z, (gsize)n, seed, 0);
  return z;
}

static void
draw_baseline(PctSlideDrawing *self, const PctSlideRequest *request)
{
  gsize m = (gsize)self->session->decoder->n_neurons;
  g_autofree float *z = pct_slide_latent_new(request->latent_seed, pct_decoder_get_latent(self->session->decoder));
  const float *base = pct_responses_get_values(request->base);
  self->session->set_latent(self->session, z);
  self->session->set_responses(self->session, base, pct_responses_get_n_averaged(request->base));
  memcpy(self->held, base, m * sizeof(float));
  self->held_averaged = pct_responses_get_n_averaged(request->base);
  pct_picture_unref(self->baseline);
  self->baseline = picture_of(self->session);
  pct_picture_unref(self->last);
  self->last = pct_picture_ref(self->baseline);
  self->baseline_score = pct_picture_score(self->baseline, request->original);
  pct_responses_unref(self->base);
  self->base = pct_responses_ref(request->base);
  pct_picture_unref(self->original);
  self->original = pct_picture_ref(request->original);
  self->latent_seed = request->latent_seed;
}

static void
move_to(PctSlideDrawing *self, const PctSlideRequest *request)
{
  int m = self->session->decoder->n_neurons, n_changed = 0;
  for (int i = 0; i < m; i++)
    n_changed += self->held[i] != request->responses[i];
  if (n_changed > FEW(m) || request->n_averaged != self->held_averaged)
    self->session->set_responses(self->session, request->responses, request->n_averaged);
  else
    for (int i = 0; n_changed > 0 && i < m; i++)
      if (self->held[i] != request->responses[i]) {
        self->session->set_response(self->session, i, request->responses[i]);
        n_changed--;
      }
  memcpy(self->held, request->responses, (gsize)m * sizeof(float));
  self->held_averaged = request->n_averaged;
}

// The lane has one thread, so that what follows a slider leaves the window its own; a picture that takes long gets all.
static void
open_session(PctSlideDrawing *self, PctDecoder *decoder, PctPool *pool)
{
  self->session = pct_decoder_session_new(decoder, pool);
  g_autofree float *responses = g_new0(float, decoder->n_neurons);
  g_autofree float *picture = g_new(float, (gsize)decoder->height * (gsize)decoder->width);
  self->session->set_responses(self->session, responses, 1);
  self->session->set_latent(self->session, NULL);
  self->session->draw(self->session, picture);  // the first one meets cold memory
  gint64 began = g_get_monotonic_time();
  self->session->draw(self->session, picture);
  if (g_get_monotonic_time() - began < LONG)
    return;
  pct_decoder_session_free(self->session);
  self->pool = pct_pool_new(0, 0);
  self->session = pct_decoder_session_new(decoder, self->pool);
}

static gboolean
ensure_session(PctSlideDrawing *self, PctModelDecoder *source, const PctRun *run, GError **error)
{
  if (self->source == source && self->session)
    return TRUE;
  forget(self);
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(source, error);
  if (!decoder)
    return FALSE;
  self->source = pct_kept_ref(source);
  open_session(self, decoder, pct_run_get_pool(run));
  self->held = g_new0(float, decoder->n_neurons);
  return TRUE;
}

// The picture of the request's responses; a tangent at it where it took long and the session was one neuron away.
static void
draw(PctSlideDrawing *self, const PctSlideRequest *request, PctSlideAnswer *answer)
{
  gsize m = (gsize)self->session->decoder->n_neurons;
  // Only a session that wants all cores takes long.
  g_autofree float *before = self->pool ? g_memdup2(self->held, m * sizeof(float)) : NULL;
  g_autoptr(PctPicture) last = request->n_averaged == self->held_averaged ? g_steal_pointer(&self->last) : NULL;
  gint64 began = g_get_monotonic_time();
  move_to(self, request);
  answer->reconstruction = picture_of(self->session);
  if (before && last && g_get_monotonic_time() - began > LONG)
    answer->tangent = pct_slide_tangent_new(last, before, answer->reconstruction, request->responses, m);
  answer->score = pct_picture_score(answer->reconstruction, request->original);
  pct_picture_unref(self->last);
  self->last = pct_picture_ref(answer->reconstruction);
}

gpointer
pct_slide_draw(gpointer drawing, gpointer data, const PctRun *run)
{
  PctSlideDrawing *self = drawing;
  const PctSlideRequest *request = data;
  PctSlideAnswer *answer = g_new0(PctSlideAnswer, 1);
  g_autoptr(GError) error = NULL;
  if (!ensure_session(self, request->source, run, &error)) {
    answer->problem = g_strdup(error->message);
    answer->score = answer->baseline_score = PCT_PICTURE_SCORE_UNKNOWN;
    return answer;
  }
  if (self->base != request->base || self->original != request->original || self->latent_seed != request->latent_seed)
    draw_baseline(self, request);
  answer->n_latent = pct_decoder_get_latent(self->session->decoder);
  answer->baseline = pct_picture_ref(self->baseline);
  answer->baseline_score = self->baseline_score;
  gsize size = (gsize)self->session->decoder->n_neurons * sizeof(float);
  // Back at the recorded responses the two pictures are one, to the last bit.
  if (request->n_averaged == pct_responses_get_n_averaged(request->base) &&
      memcmp(request->responses, pct_responses_get_values(request->base), size) == 0) {
    move_to(self, request);
    answer->reconstruction = pct_picture_ref(self->baseline);
    answer->score = self->baseline_score;
    pct_picture_unref(self->last);
    self->last = pct_picture_ref(self->baseline);
  } else {
    draw(self, request, answer);
  }
  return answer;
}
