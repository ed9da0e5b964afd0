// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/neuron-offers.h"
#include <glib/gi18n.h>

const char *const pct_encoder_kinds[] = { "gaussian", "factorized", "ln", NULL };
const char *const pct_mei_kinds[] = { "mei", NULL };

PctJob *
pct_neurons_find_job(PctNeurons *neurons, const char *const *kinds)
{
  GListModel *models = pct_project_get_models(pct_neurons_get_project(neurons));
  for (guint i = g_list_model_get_n_items(models); i-- > 0;) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (pct_model_get_state(model) == PCT_MODEL_TRAINING && g_strv_contains(kinds, pct_model_get_kind_name(model)))
      return pct_model_get_job(model);
  }
  return NULL;
}

static gboolean
show(PctOffer *offer, PctJob *job, const char *sentence, const char *button, const char *action)
{
  gtk_widget_set_visible(GTK_WIDGET(offer), sentence != NULL);
  pct_offer_follow(offer, job);
  if (sentence)
    pct_offer_say(offer, sentence, button, action);
  return sentence != NULL;
}

gboolean
pct_offer_meis(PctOffer *offer, PctNeurons *neurons)
{
  PctJob *encoder_job = pct_neurons_find_job(neurons, pct_encoder_kinds);
  PctJob *mei_job = pct_neurons_find_job(neurons, pct_mei_kinds);
  const char *problem = pct_neurons_get_problem(neurons);
  if (mei_job)
    return show(offer, mei_job, _("Most exciting inputs are being made."), NULL, NULL);
  if (problem)
    return show(offer, NULL, problem, _("Train an Encoder…"), "neurons.train-encoder");
  if (pct_neurons_get_mei_set(neurons))
    return show(offer, NULL, NULL, NULL, NULL);
  if (pct_neurons_get_encoder(neurons))
    return show(offer, NULL, _("The images that excite each neuron most are not made yet."),
                _("Make Most Exciting Inputs"), "neurons.make-meis");
  if (encoder_job)
    return show(offer, encoder_job, _("An encoder is being trained; most exciting inputs are made from it."), NULL, NULL);
  return show(offer, NULL,
              _("No encoder is trained yet: the images that excite each neuron most are made with one."),
              _("Train an Encoder…"), "neurons.train-encoder");
}

gboolean
pct_offer_receptive_fields(PctOffer *offer, PctNeurons *neurons)
{
  const char *problem = pct_neurons_get_receptive_field_problem(neurons);
  switch (pct_neurons_get_receptive_field_state(neurons)) {
  case PCT_RECEPTIVE_FIELDS_NONE:
    return show(offer, NULL, problem ? problem : _("Where on the image each neuron looks is not known yet."),
                _("Find Receptive Fields"), "neurons.find-receptive-fields");
  case PCT_RECEPTIVE_FIELDS_DAMAGED:
    return show(offer, NULL, problem ? problem : _("The receptive fields found before cannot be used."),
                _("Find Them Anew"), "neurons.find-receptive-fields");
  case PCT_RECEPTIVE_FIELDS_FINDING:
    return show(offer, pct_neurons_get_receptive_field_job(neurons), _("Receptive fields are being found."), NULL, NULL);
  case PCT_RECEPTIVE_FIELDS_READING:
    return show(offer, NULL, _("Reading the receptive fields found before."), NULL, NULL);
  case PCT_RECEPTIVE_FIELDS_UNKNOWN:
  case PCT_RECEPTIVE_FIELDS_READY:
  default:
    return show(offer, NULL, NULL, NULL, NULL);
  }
}
