// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "in-hand.h"
#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "command.h"
#include "models.h"
#include "work/slide-draw.h"

void
pct_in_hand_clear(PctInHand *hand)
{
  g_clear_pointer(&hand->settings, g_strfreev);
  g_clear_pointer(&hand->seed, g_free);
}

// "27=1.5"
static gboolean
parse_setting(const char *text, int *neuron, float *value)
{
  const char *equals = strchr(text, '=');
  g_autofree char *number = equals ? g_strndup(text, (gsize)(equals - text)) : NULL;
  guint64 found;
  char *end = NULL;
  double response = equals ? g_ascii_strtod(equals + 1, &end) : NAN;
  if (!equals || !g_ascii_string_to_unsigned(number, 10, 0, G_MAXINT, &found, NULL) || end == equals + 1 || *end ||
      !isfinite(response) || fabs(response) > 1e30)
    return FALSE;
  *neuron = (int)found;
  *value = (float)response;
  return TRUE;
}

gboolean
pct_in_hand_check(const PctInHand *hand)
{
  int neuron;
  float value;
  guint64 seed;
  if (hand->image < -1 || hand->repeat < -1)
    pct_command_refuse(_("Images, trials and seeds are numbered from 0"));
  else if (hand->averaged_over < 0)
    pct_command_refuse(_("--averaged-over is at least 1"));
  else if (hand->seed && !g_ascii_string_to_unsigned(hand->seed, 10, 1, G_MAXUINT64, &seed, NULL))
    pct_command_refuse(_("The seed of z is a whole number from 1 on, not “%s”"), hand->seed);
  else {
    for (char **setting = hand->settings; setting && *setting; setting++)
      if (!parse_setting(*setting, &neuron, &value)) {
        pct_command_refuse(_("--response takes a neuron and its response, as in “27=1.5”, not “%s”"), *setting);
        return FALSE;
      }
    return TRUE;
  }
  return FALSE;
}

gboolean
pct_in_hand_read(const PctInHand *hand, const PctRecording *recording, float *recorded, float *responses,
                 int *n_averaged, GError **error)
{
  int n_neurons = pct_recording_get_n_neurons(recording);
  if (!pct_image_argument_read(recording, hand->image, hand->repeat, responses, n_averaged, error))
    return FALSE;
  if (recorded)
    memcpy(recorded, responses, (gsize)n_neurons * sizeof(float));
  for (char **setting = hand->settings; setting && *setting; setting++) {
    int neuron = 0;
    float value = 0;
    // It was checked when it was given.
    if (!parse_setting(*setting, &neuron, &value) || neuron >= n_neurons) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("There is no neuron %d in “%s”; they are numbered 0 to %d."),
                  neuron, pct_recording_get_name(recording), n_neurons - 1);
      return FALSE;
    }
    responses[neuron] = value;
  }
  *n_averaged = hand->averaged_over > 0 ? hand->averaged_over : *n_averaged;
  return TRUE;
}

guint64
pct_in_hand_get_seed(const PctInHand *hand)
{
  return hand->seed ? g_ascii_strtoull(hand->seed, NULL, 10) : 0;
}

float *
pct_in_hand_dup_z(const PctInHand *hand, const PctDecoder *decoder)
{
  return pct_slide_latent_new(pct_in_hand_get_seed(hand), pct_decoder_get_latent(decoder));
}
