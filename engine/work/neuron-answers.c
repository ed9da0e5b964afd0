// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/neuron-answers.h"
#include <string.h>

static int
compare_means(gconstpointer a, gconstpointer b)
{
  const PctNeuronAnswer *one = a, *other = b;
  if (one->mean != other->mean)
    return one->mean > other->mean ? -1 : 1;
  return one->image - other->image;
}

// The answers of all images that were shown, in the order of the images. values: room for all trials.
static GArray *
collect(const PctOpened *opened, int neuron, float *values)
{
  const PctRecording *recording = opened->recording;
  int n_images = pct_recording_get_n_images(recording), n_values = 0;
  g_autofree float *by_trial = g_new(float, pct_recording_get_n_trials(recording));
  pct_recording_read_neuron(recording, neuron, by_trial);
  double usual = (double)opened->statistics->response_mean[neuron];
  double scale = (double)opened->statistics->response_scale[neuron];
  GArray *answers = g_array_sized_new(FALSE, FALSE, sizeof(PctNeuronAnswer), (guint)n_images);
  for (int i = 0; i < n_images; i++) {
    PctNeuronAnswer answer = { .image = i, .repeats = values + n_values };
    const int *trials = pct_recording_get_image_trials(recording, i, &answer.n_repeats);
    if (!pct_recording_get_image_tier(recording, i, &answer.tier))
      continue;
    for (int k = 0; k < answer.n_repeats; k++) {
      values[n_values++] = by_trial[trials[k]];
      answer.mean += (double)by_trial[trials[k]] / answer.n_repeats;
    }
    answer.z = (answer.mean - usual) / scale;
    g_array_append_val(answers, answer);
  }
  return answers;
}

PctNeuronAnswers *
pct_neuron_answers_new(const PctOpened *opened, int neuron)
{
  PctNeuronAnswers *self = g_new0(PctNeuronAnswers, 1);
  self->values = g_new(float, pct_recording_get_n_trials(opened->recording));
  g_autoptr(GArray) answers = collect(opened, neuron, self->values);
  g_array_sort(answers, compare_means);
  const PctNeuronAnswer *sorted = (const PctNeuronAnswer *)(gconstpointer)answers->data;
  self->n_favourites = MIN((int)answers->len, PCT_N_FAVOURITES);
  self->favourites = g_memdup2(sorted, (gsize)self->n_favourites * sizeof(PctNeuronAnswer));
  self->tuning = g_new(PctNeuronAnswer, MAX(1, answers->len));
  for (guint i = 0; i < answers->len; i++)
    if (sorted[i].n_repeats > 1)
      self->tuning[self->n_tuning++] = sorted[i];
  return self;
}

void
pct_neuron_answers_free(PctNeuronAnswers *answers)
{
  if (!answers)
    return;
  g_free(answers->favourites);
  g_free(answers->tuning);
  g_free(answers->values);
  g_free(answers);
}
