// SPDX-License-Identifier: GPL-3.0-or-later
// The card of lesions, for its two halves: what it shows (lesion-card.c) and its commands (lesion-commands.c).
#pragma once
#include "slide/lesion-card.h"
#include "work/neurons.h"

struct _PctLesionCard {
  GtkWidget parent_instance;
  GtkWidget *box, *of, *others, *most, *where, *measure, *central, *words, *tier_words, *note, *tier, *start, *cancel, *progress,
    *curves;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  PctSlideLesion *lesion;
  GSimpleActionGroup *actions;
  PctJob *job;            // under way; NULL: none
  PctLesionCurve *whole;  // the last tier's; NULL: none yet
  PctNeurons *neurons;    // for the area; NULL: nobody asked for one yet
  int area[4];            // x, y, width, height
  gboolean filling;
};

// Of a single picture, too.
#define PCT_N_LESION_MEASURES 3
extern const PctMeasure pct_lesion_measures[PCT_N_LESION_MEASURES];
// "pinned", "area", "first", in the order of PctLesionOf.
#define PCT_N_LESION_OF 3
extern const char *const pct_lesion_of_names[PCT_N_LESION_OF];

// As the actions' states say.
PctMeasure pct_lesion_card_get_measure(PctLesionCard *self);
PctFrame pct_lesion_card_get_frame(PctLesionCard *self);

// The neurons that see this area, pixels inside the image, are found anew.
void pct_lesion_card_set_area(PctLesionCard *self, int x, int y, int width, int height);

void pct_lesion_card_add_commands(PctLesionCard *self);
void pct_lesion_card_remove_commands(PctLesionCard *self);

// Told by the commands: another choice, a tier's job (taken), something to say (NULL: nothing).
void pct_lesion_card_show_choice(PctLesionCard *self);
void pct_lesion_card_take_job(PctLesionCard *self, PctJob *job);
void pct_lesion_card_say(PctLesionCard *self, const char *text);
