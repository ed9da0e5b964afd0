// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/evaluate.h"
#include <glib/gi18n-lib.h>
#include "base/blas.h"
#include "base/error.h"

#define BATCH 128

gboolean
pct_decoder_check_fits(const PctDecoder *decoder, int n_neurons, int height, int width, GError **error)
{
  if (decoder->n_neurons == n_neurons && decoder->height == height && decoder->width == width)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("The model decodes %d neurons to %d × %d pixels; the recording has %d neurons and %d × %d pixels."),
              decoder->n_neurons, decoder->width, decoder->height, n_neurons, width, height);
  return FALSE;
}

gboolean
pct_decoder_reconstruct_set(const PctDecoder *decoder, const PctScoreSet *set, float *images, const PctRun *run,
                            GError **error)
{
  g_return_val_if_fail(decoder && set && (images || set->n == 0), FALSE);
  if (!pct_decoder_check_fits(decoder, set->n_neurons, set->height, set->width, error))
    return FALSE;
  gsize m = (gsize)set->n_neurons, p = (gsize)set->height * (gsize)set->width;
  for (int first = 0, end; first < set->n; first = end) {
    // A batch shares the number of trials averaged.
    for (end = first + 1; end < set->n && end - first < BATCH && set->repeats[end] == set->repeats[first]; end++)
      ;
    PctRunPart part;
    const PctRun *inner = pct_run_part(&part, run, first, end - first, set->n);
    if (!pct_decoder_reconstruct(decoder, set->responses + (gsize)first * m, (gsize)(end - first),
                                 MAX(set->repeats[first], 1), NULL, images + (gsize)first * p, inner, error))
      return FALSE;
  }
  return TRUE;
}

PctScore *
pct_decoder_score(const PctDecoder *decoder, const PctScoreSet *set, float *images, const PctRun *run, GError **error)
{
  g_autoptr(PctFloats) own = NULL;
  if (!images) {
    own = pct_aligned_new((gsize)set->n * (gsize)set->height * (gsize)set->width, error);
    if (!own)
      return NULL;
    images = own;
  }
  return pct_decoder_reconstruct_set(decoder, set, images, run, error) ? pct_score_new(set, images, run, error) : NULL;
}
