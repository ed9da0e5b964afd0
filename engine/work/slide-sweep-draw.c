// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/slide-sweep-draw.h"
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "work/picture.h"
#include "work/slide-draw.h"

#define SLICE (25 * G_TIME_SPAN_MILLISECOND)

PctSweepWork *
pct_sweep_work_ref(PctSweepWork *work)
{
  g_atomic_ref_count_inc(&work->references);
  return work;
}

void
pct_sweep_work_unref(PctSweepWork *work)
{
  if (!work || !g_atomic_ref_count_dec(&work->references))
    return;
  pct_kept_unref(work->source);
  pct_opened_unref(work->opened);
  g_free(work->responses);
  g_free(work->recorded);
  pct_model_info_free(work->info);
  pct_sweep_free(work->sweep);
  pct_sweep_pictures_free(work->pictures);
  g_free(work);
}

static gboolean
is_moved(const PctSweepRecipe *recipe, int neuron)
{
  return (recipe->kind == PCT_SWEEP_ALONE && neuron == recipe->neurons[0]) ||
         (recipe->kind == PCT_SWEEP_GRID && (neuron == recipe->neurons[0] || neuron == recipe->neurons[1]));
}

gboolean
pct_sweep_work_is_same(const PctSweepWork *one, const PctSweepWork *other)
{
  // Two recipes of enums, integers and floats: there is no padding.
  if (one->source != other->source || memcmp(&one->recipe, &other->recipe, sizeof one->recipe) != 0 ||
      one->latent != other->latent || one->n_draws != other->n_draws || one->seed != other->seed ||
      one->fixed_seed != other->fixed_seed || one->image != other->image || one->repeat != other->repeat ||
      one->n_averaged != other->n_averaged)
    return FALSE;
  for (int i = 0; i < one->opened->statistics->n_neurons; i++)
    if (one->responses[i] != other->responses[i] && !is_moved(&one->recipe, i))
      return FALSE;
  return TRUE;
}

void
pct_sweep_slice_free(gpointer data)
{
  PctSweepSlice *slice = data;
  pct_sweep_work_unref(slice->work);
  g_free(slice);
}

void
pct_sweep_answer_free(gpointer data)
{
  PctSweepAnswer *answer = data;
  pct_sweep_work_unref(answer->work);
  g_clear_pointer(&answer->pictures, g_ptr_array_unref);
  g_free(answer->problem);
  g_free(answer);
}

// FALSE with an error; what was drawn stays.
static gboolean
draw_some(PctSweepWork *work, const PctRun *run, GError **error)
{
  g_autoptr(PctDecoder) decoder = pct_model_decoder_get(work->source, error);
  if (!decoder)
    return FALSE;
  int n_latent = pct_decoder_get_latent(decoder);
  g_autofree float *z = pct_slide_latent_new(work->fixed_seed, n_latent);
  work->drawn_latent = n_latent > 0 ? work->latent : PCT_SWEEP_LATENT_FIXED;
  PctSweepOptions options = { work->drawn_latent, z, work->seed, work->n_draws };
  PctSweepStart start = { work->image, work->responses, work->n_averaged };
  if (!work->sweep && !(work->sweep = pct_sweep_new(&work->recipe, &start, work->opened->recording, run, error)))
    return FALSE;
  if (!work->pictures && !(work->pictures = pct_sweep_pictures_new(work->sweep, decoder, &options, error)))
    return FALSE;
  gint64 end = g_get_monotonic_time() + SLICE;
  do {
    if (!pct_sweep_pictures_draw_batch(work->pictures, work->sweep, decoder, &options, run, error))
      return FALSE;
  } while (!pct_sweep_pictures_is_done(work->pictures) && g_get_monotonic_time() < end);
  return TRUE;
}

gpointer
pct_sweep_slice_draw(gpointer state, gpointer data, const PctRun *run)
{
  PctSweepSlice *slice = data;
  PctSweepWork *work = slice->work;
  g_autoptr(GError) error = NULL;
  gboolean drawn = draw_some(work, run, &error);
  if (!drawn && g_error_matches(error, PCT_ERROR, PCT_ERROR_CANCELLED))
    return NULL;
  PctSweepAnswer *answer = g_new0(PctSweepAnswer, 1);
  *answer = (PctSweepAnswer){ pct_sweep_work_ref(work), slice->n_had, .spread = NAN, .change = NAN };
  if (!drawn) {
    answer->problem = g_strdup(error->message);
    return answer;
  }
  const PctSweepPictures *pictures = work->pictures;
  gsize pixels = (gsize)pictures->height * (gsize)pictures->width;
  answer->pictures = g_ptr_array_new_with_free_func((GDestroyNotify)pct_picture_unref);
  for (gsize i = slice->n_had; i < pictures->n_ready; i++)
    g_ptr_array_add(answer->pictures,
                    pct_picture_new(pictures->height, pictures->width, pictures->pictures + i * pixels));
  answer->done = pct_sweep_pictures_is_done(pictures);
  answer->spread = pct_sweep_pictures_get_spread(pictures, G_MAXSIZE);
  answer->change = pct_sweep_pictures_get_change(pictures);
  return answer;
}
