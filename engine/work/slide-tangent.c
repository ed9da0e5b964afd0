// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/slide-tangent.h"

// The one neuron in which two vectors differ; -1: none, or several.
static int
find_difference(const float *a, const float *b, gsize n)
{
  int found = -1;
  for (gsize i = 0; i < n; i++)
    if (a[i] != b[i]) {
      if (found >= 0)
        return -1;
      found = (int)i;
    }
  return found;
}

static gsize
count_pixels(const PctPicture *picture)
{
  return (gsize)pct_picture_get_height(picture) * (gsize)pct_picture_get_width(picture);
}

PctSlideTangent *
pct_slide_tangent_new(PctPicture *from, const float *from_responses, PctPicture *to, const float *to_responses, gsize n)
{
  int neuron = find_difference(from_responses, to_responses, n);
  if (neuron < 0)
    return NULL;
  PctSlideTangent *tangent = g_new(PctSlideTangent, 1);
  gsize pixels = count_pixels(to);
  *tangent = (PctSlideTangent){ pct_picture_ref(to), g_memdup2(to_responses, n * sizeof(float)), n, neuron,
                                g_new(float, pixels) };
  const float *a = pct_picture_get_pixels(from), *b = pct_picture_get_pixels(to);
  float step = to_responses[neuron] - from_responses[neuron];
  for (gsize i = 0; i < pixels; i++)
    tangent->slope[i] = (b[i] - a[i]) / step;
  return tangent;
}

void
pct_slide_tangent_free(PctSlideTangent *tangent)
{
  if (!tangent)
    return;
  pct_picture_unref(tangent->at);
  g_free(tangent->responses);
  g_free(tangent->slope);
  g_free(tangent);
}

PctPicture *
pct_slide_tangent_extend(const PctSlideTangent *tangent, const float *responses)
{
  if (find_difference(tangent->responses, responses, tangent->n) != tangent->neuron)
    return NULL;
  float step = responses[tangent->neuron] - tangent->responses[tangent->neuron];
  gsize pixels = count_pixels(tangent->at);
  const float *at = pct_picture_get_pixels(tangent->at);
  float *out = g_new(float, pixels);
  for (gsize i = 0; i < pixels; i++)
    out[i] = at[i] + step * tangent->slope[i];
  return pct_picture_new_take(pct_picture_get_height(tangent->at), pct_picture_get_width(tangent->at), out);
}
