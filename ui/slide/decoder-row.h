// SPDX-License-Identifier: GPL-3.0-or-later
// All finished decoders' pictures of the responses in hand, side by side in place of the one large picture; or what the
// slider changed in each, on one symmetric scale for all, so that they can be compared (work/slide-row.h).
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_DECODER_ROW (pct_decoder_row_get_type())
G_DECLARE_FINAL_TYPE(PctDecoderRow, pct_decoder_row, PCT, DECODER_ROW, GtkWidget)

// A click on a picture takes its model in hand. Draws while it is mapped.
GtkWidget *pct_decoder_row_new(PctProject *project, PctSelection *selection, PctSlide *slide);
// FALSE, the start: pictures; TRUE: changes. limit: grey levels of full colour; NAN: as the largest change needs.
void pct_decoder_row_set_changes(PctDecoderRow *self, gboolean changes, double limit);

G_END_DECLS
