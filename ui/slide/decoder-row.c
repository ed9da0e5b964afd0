// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/decoder-row.h"
#include <glib/gi18n.h>
#include <math.h>
#include "picture-card.h"
#include "plots/number-text.h"
#include "slide/change-scale.h"
#include "work/slide-row.h"

#define LEAST_WIDTH 140
#define NATURAL_WIDTH 165

struct _PctDecoderRow {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctSlideRow *row;
  GtkWidget *scroller, *flow;
  gboolean changes;
  double limit;       // as set; NAN: as needed
  float *difference;  // (H,W) scratch
};

G_DEFINE_FINAL_TYPE(PctDecoderRow, pct_decoder_row, GTK_TYPE_WIDGET)

static PctPictureCard *
card_at(PctDecoderRow *self, guint i)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(self->flow), (int)i);
  return child ? PCT_PICTURE_CARD(gtk_flow_box_child_get_child(child)) : NULL;
}

// FALSE: nothing was drawn yet.
static gboolean
take_difference(PctDecoderRow *self, guint i)
{
  PctPicture *after = pct_slide_row_get_reconstruction(self->row, i), *before = pct_slide_row_get_baseline(self->row, i);
  if (!after || !before)
    return FALSE;
  pct_change_compute(after, before, self->difference);
  return TRUE;
}

static double
find_limit(PctDecoderRow *self)
{
  if (!isnan(self->limit))
    return self->limit;
  gsize n = (gsize)pct_project_get_height(self->project) * (gsize)pct_project_get_width(self->project);
  double limit = 1;
  for (guint i = 0; i < pct_slide_row_get_n(self->row); i++)
    if (take_difference(self, i))
      limit = MAX(limit, pct_change_limit(self->difference, n));
  return limit;
}

static void
show_one(PctDecoderRow *self, guint i, double limit)
{
  PctPictureCard *card = card_at(self, i);
  PctPicture *picture = pct_slide_row_get_reconstruction(self->row, i);
  if (self->changes && take_difference(self, i))
    pct_picture_card_set_difference(card, self->difference, pct_project_get_height(self->project),
                                    pct_project_get_width(self->project), limit);
  else
    pct_picture_card_show(card, self->changes ? NULL : picture);
  const char *problem = pct_slide_row_get_problem(self->row, i);
  g_autofree char *number = pct_number_text(pct_slide_row_get_score(self->row, i).pixcorr[PCT_FRAME_FULL], 3);
  g_autofree char *score = picture ? g_strdup_printf(_("PixCorr %s"), number) : NULL;
  pct_picture_card_set_subtitle(card, problem ? problem : score);
}

static void
show_all(PctDecoderRow *self)
{
  double limit = self->changes ? find_limit(self) : 0;
  for (guint i = 0; i < pct_slide_row_get_n(self->row); i++)
    show_one(self, i, limit);
}

static void
on_changed(PctDecoderRow *self, int index)
{
  if (index >= 0) {
    // Of changes the largest gives the scale of all.
    if (self->changes && isnan(self->limit))
      show_all(self);
    else
      show_one(self, (guint)index, self->limit);
    return;
  }
  GtkFlowBoxChild *child;
  while ((child = gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(self->flow), 0)))
    gtk_flow_box_remove(GTK_FLOW_BOX(self->flow), GTK_WIDGET(child));
  for (guint i = 0; i < pct_slide_row_get_n(self->row); i++) {
    const char *name = pct_model_get_name(pct_slide_row_get_model(self->row, i));
    g_autofree char *label = g_strdup_printf(_("Reconstruction by %s"), name);
    GtkWidget *card = pct_picture_card_new(name, label);
    pct_picture_view_set_size(pct_picture_card_get_view(PCT_PICTURE_CARD(card)), LEAST_WIDTH, NATURAL_WIDTH, TRUE);
    gtk_flow_box_append(GTK_FLOW_BOX(self->flow), card);
    child = gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(self->flow), (int)i);
    gtk_accessible_update_property(GTK_ACCESSIBLE(child), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  }
  show_all(self);
}

static void
on_activated(PctDecoderRow *self, GtkFlowBoxChild *child)
{
  guint i = (guint)gtk_flow_box_child_get_index(child);
  if (i < pct_slide_row_get_n(self->row))
    pct_selection_set_model(self->selection, pct_model_get_name(pct_slide_row_get_model(self->row, i)));
}

static void
on_map(PctDecoderRow *self)
{
  pct_slide_row_set_active(self->row, TRUE);
}

static void
on_unmap(PctDecoderRow *self)
{
  pct_slide_row_set_active(self->row, FALSE);
}

static void
pct_decoder_row_dispose(GObject *object)
{
  PctDecoderRow *self = PCT_DECODER_ROW(object);
  g_clear_pointer(&self->scroller, gtk_widget_unparent);
  g_clear_object(&self->row);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_decoder_row_parent_class)->dispose(object);
}

static void
pct_decoder_row_finalize(GObject *object)
{
  g_free(PCT_DECODER_ROW(object)->difference);
  G_OBJECT_CLASS(pct_decoder_row_parent_class)->finalize(object);
}

static void
pct_decoder_row_class_init(PctDecoderRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_decoder_row_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_decoder_row_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_decoder_row_init(PctDecoderRow *self)
{
  self->limit = NAN;
}

GtkWidget *
pct_decoder_row_new(PctProject *project, PctSelection *selection, PctSlide *slide)
{
  PctDecoderRow *self = g_object_new(PCT_TYPE_DECODER_ROW, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->row = pct_slide_row_new(project, slide);
  self->difference = g_new(float, (gsize)pct_project_get_height(project) * (gsize)pct_project_get_width(project));
  self->flow = gtk_flow_box_new();
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(self->flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(self->flow), TRUE);
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(self->flow), 5);
  gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(self->flow), 6);
  gtk_flow_box_set_row_spacing(GTK_FLOW_BOX(self->flow), 6);
  gtk_widget_set_valign(self->flow, GTK_ALIGN_START);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->flow), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Reconstructions by all decoders"), -1);
  g_signal_connect_object(self->flow, "child-activated", G_CALLBACK(on_activated), self, G_CONNECT_SWAPPED);
  self->scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scroller), self->flow);
  gtk_widget_set_parent(self->scroller, GTK_WIDGET(self));
  g_signal_connect_object(self->row, "changed", G_CALLBACK(on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  g_signal_connect(self, "unmap", G_CALLBACK(on_unmap), NULL);
  on_changed(self, -1);
  return GTK_WIDGET(self);
}

void
pct_decoder_row_set_changes(PctDecoderRow *self, gboolean changes, double limit)
{
  g_return_if_fail(PCT_IS_DECODER_ROW(self));
  self->changes = changes;
  self->limit = limit;
  show_all(self);
}
