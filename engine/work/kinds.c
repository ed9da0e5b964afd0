// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/kinds.h"
#include "decode/decoder.h"
#include "encode/mei.h"

const PctModelKind *
pct_model_kinds_get(guint i)
{
  guint n_encoders, n_decoders;
  const PctModelKind *const *encoders = pct_encoder_get_kinds(&n_encoders);
  const PctDecoderClass *const *decoders = pct_decoder_get_classes(&n_decoders);
  if (i < n_encoders)
    return encoders[i];
  i -= n_encoders;
  if (i == 0)
    return &pct_mei_kind;
  return i <= n_decoders ? &decoders[i - 1]->about : NULL;
}

const PctModelKind *
pct_model_kinds_find(const char *name)
{
  const PctModelKind *kind;
  for (guint i = 0; (kind = pct_model_kinds_get(i)); i++)
    if (g_strcmp0(kind->kind, name) == 0)
      return kind;
  return NULL;
}
