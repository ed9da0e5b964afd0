// SPDX-License-Identifier: GPL-3.0-or-later
// The Slide page from within: its parts, and what its commands need of it.
#pragma once
#include "slide/response-commands.h"
#include "slide/slide-memory.h"
#include "slide/slide-page.h"

struct _PctSlidePage {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  GSimpleActionGroup *actions;
  PctSlideMemory *memory;
  PctResponseCommands *commands;
  GtkWidget *cards, *states, *bar, *pills, *panel, *views, *stage, *row, *photograph, *status, *latent_box, *latent_label,
    *sweep;
  float *change;      // (H,W) scratch
  double limit;       // of the change map now; 0: none yet
  gboolean locked;    // it stays from picture to picture
  guint64 latent_seed;
  GtkFileChooserNative *chooser;
};

// The selection's image and the bar's repeat, from their recorded responses; a photograph is put away.
void pct_slide_page_take_image(PctSlidePage *self);
// The change map, on its scale.
void pct_slide_page_show_change(PctSlidePage *self);
// "sweep", "neuron", "lesions"; another name is left alone.
void pct_slide_page_show_card(PctSlidePage *self, const char *name);

// Makes the page's actions and keys, once.
void pct_slide_page_add_commands(PctSlidePage *self);
