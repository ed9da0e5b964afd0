// SPDX-License-Identifier: GPL-3.0-or-later
// What is missing before neurons have pictures, and who makes it: an encoder first, its most exciting inputs then, and
// receptive fields beside them. One place says so, for the whole page.
#pragma once
#include "neurons/offer.h"
#include "work/neurons.h"

G_BEGIN_DECLS

// Have the offer say what comes next and follow the job that makes it; FALSE, and the offer is hidden, where nothing is
// missing.
gboolean pct_offer_meis(PctOffer *offer, PctNeurons *neurons);
gboolean pct_offer_receptive_fields(PctOffer *offer, PctNeurons *neurons);

// The kind's newest model that is being made, its job; NULL: none. Borrowed.
PctJob *pct_neurons_find_job(PctNeurons *neurons, const char *const *kinds);
// NULL-ended names of kinds.
extern const char *const pct_encoder_kinds[], *const pct_mei_kinds[];

G_END_DECLS
