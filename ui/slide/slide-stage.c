// SPDX-License-Identifier: GPL-3.0-or-later
// With a = height / width of the pictures, o what a card needs besides its picture's height, p besides its width and g
// the gap: flush means b a + o = 2 (s a + o) + g, and the width means b + s + 2 p + g <= w; the room's height may
// make b smaller still.
#include "config.h"
#include "slide/slide-stage.h"
#include <glib/gi18n.h>
#include <math.h>
#include "tier-badge.h"

#define GAP 12
#define LEAST_LARGE 200
#define LEAST_SMALL 90

struct _PctSlideStage {
  GtkWidget parent_instance;
  GtkWidget *reconstruction, *original, *change;
  GtkWidget *badge;
  double aspect;  // height / width
};

G_DEFINE_FINAL_TYPE(PctSlideStage, pct_slide_stage, GTK_TYPE_WIDGET)

// Measured at the least width, where the picture decides it and not the words above.
static void
measure_card(PctSlideStage *self, int *beside, int *above)
{
  GtkWidget *view = GTK_WIDGET(pct_picture_card_get_view(PCT_PICTURE_CARD(self->reconstruction)));
  int card_width, card_height, view_width, view_height;
  gtk_widget_measure(view, GTK_ORIENTATION_HORIZONTAL, -1, &view_width, NULL, NULL, NULL);
  gtk_widget_measure(self->reconstruction, GTK_ORIENTATION_HORIZONTAL, -1, &card_width, NULL, NULL, NULL);
  *beside = MAX(0, card_width - view_width);
  gtk_widget_measure(view, GTK_ORIENTATION_VERTICAL, view_width, NULL, &view_height, NULL, NULL);
  gtk_widget_measure(self->reconstruction, GTK_ORIENTATION_VERTICAL, card_width, NULL, &card_height, NULL, NULL);
  *above = MAX(0, card_height - view_height);
}

static double
small_width(double large, double aspect, int above)
{
  return MAX(LEAST_SMALL, (large * aspect - above - GAP) / (2 * aspect));
}

static double
large_width(double width, double aspect, int beside, int above)
{
  return MAX(LEAST_LARGE, (width - 2 * beside - GAP + (above + GAP) / (2 * aspect)) / 1.5);
}

static void
pct_slide_stage_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  PctSlideStage *self = PCT_SLIDE_STAGE(widget);
  int beside, above;
  measure_card(self, &beside, &above);
  double a = self->aspect;
  double large = floor(MAX(LEAST_LARGE, MIN(large_width(width, a, beside, above), (height - above) / a)));
  int small = (int)floor(small_width(large, a, above));
  int tall = above + (int)(large * a), half = (tall - GAP) / 2;
  GtkWidget *cards[] = { self->reconstruction, self->original, self->change };
  GtkAllocation at[] = {
    { 0, 0, (int)large + beside, tall },
    { (int)large + beside + GAP, 0, small + beside, half },
    { (int)large + beside + GAP, half + GAP, small + beside, tall - half - GAP },
  };
  for (int i = 0; i < 3; i++) {
    int least;
    gtk_widget_measure(cards[i], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
    at[i].width = MAX(at[i].width, least);
    gtk_widget_measure(cards[i], GTK_ORIENTATION_VERTICAL, at[i].width, &least, NULL, NULL, NULL);
    at[i].height = MAX(at[i].height, least);
    if (gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL)
      at[i].x = width - at[i].x - at[i].width;
    gtk_widget_size_allocate(cards[i], &at[i], -1);
  }
}

static void
pct_slide_stage_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  PctSlideStage *self = PCT_SLIDE_STAGE(widget);
  int beside, above;
  measure_card(self, &beside, &above);
  double least_small = small_width(LEAST_LARGE, self->aspect, above);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = (int)ceil(LEAST_LARGE + least_small) + 2 * beside + GAP;
    *natural = MAX(*minimum, 900);
  } else {
    double two = 2 * (least_small * self->aspect + above) + GAP;
    *minimum = (int)ceil(MAX(LEAST_LARGE * self->aspect + above, two));
    double large = large_width(for_size > 0 ? for_size : 900, self->aspect, beside, above);
    *natural = MAX(*minimum, (int)ceil(large * self->aspect + above));
  }
}

static GtkSizeRequestMode
pct_slide_stage_get_request_mode(GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pct_slide_stage_dispose(GObject *object)
{
  PctSlideStage *self = PCT_SLIDE_STAGE(object);
  g_clear_pointer(&self->reconstruction, gtk_widget_unparent);
  g_clear_pointer(&self->original, gtk_widget_unparent);
  g_clear_pointer(&self->change, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_slide_stage_parent_class)->dispose(object);
}

static void
pct_slide_stage_class_init(PctSlideStageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = pct_slide_stage_dispose;
  widget_class->get_request_mode = pct_slide_stage_get_request_mode;
  widget_class->measure = pct_slide_stage_measure;
  widget_class->size_allocate = pct_slide_stage_size_allocate;
}

static void
pct_slide_stage_init(PctSlideStage *self)
{
  self->aspect = 36.0 / 64;
  self->reconstruction = pct_picture_card_new(_("Reconstruction"), _("Reconstruction from the responses as set"));
  self->original = pct_picture_card_new(_("Original"), _("The image as it was shown"));
  self->change = pct_picture_card_new(_("Change"),
                                      _("Change of the reconstruction: blue is darker, red is brighter than before"));
  gtk_widget_set_tooltip_text(self->change, _("How many grey levels darker (blue) or brighter (red) each pixel is than with the "
                                              "recorded responses"));
  GtkWidget *cards[] = { self->reconstruction, self->original, self->change };
  for (int i = 0; i < 3; i++) {
    pct_picture_view_set_size(pct_picture_card_get_view(PCT_PICTURE_CARD(cards[i])), LEAST_SMALL, LEAST_SMALL, TRUE);
    gtk_widget_set_parent(cards[i], GTK_WIDGET(self));
  }
  // One badge for all three, which are of one image: more would push the titles out.
  self->badge = pct_tier_badge_new();
  pct_picture_card_set_suffix(PCT_PICTURE_CARD(self->reconstruction), self->badge);
}

GtkWidget *
pct_slide_stage_new(void)
{
  return g_object_new(PCT_TYPE_SLIDE_STAGE, NULL);
}

PctPictureCard *
pct_slide_stage_get_reconstruction(PctSlideStage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_STAGE(self), NULL);
  return PCT_PICTURE_CARD(self->reconstruction);
}

PctPictureCard *
pct_slide_stage_get_original(PctSlideStage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_STAGE(self), NULL);
  return PCT_PICTURE_CARD(self->original);
}

PctPictureCard *
pct_slide_stage_get_change(PctSlideStage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_STAGE(self), NULL);
  return PCT_PICTURE_CARD(self->change);
}

void
pct_slide_stage_set_image(PctSlideStage *self, PctProject *project, int image)
{
  g_return_if_fail(PCT_IS_SLIDE_STAGE(self));
  double degrees = pct_project_get_degrees_per_pixel(project);
  // Nothing lies over the reconstruction but the region marked on it.
  pct_picture_view_set_degrees(pct_picture_card_get_view(PCT_PICTURE_CARD(self->reconstruction)), degrees, FALSE);
  pct_picture_view_set_degrees(pct_picture_card_get_view(PCT_PICTURE_CARD(self->original)), degrees, TRUE);
  pct_tier_badge_set_image(PCT_TIER_BADGE(self->badge), project, image);
}

void
pct_slide_stage_set_shape(PctSlideStage *self, int height, int width)
{
  g_return_if_fail(PCT_IS_SLIDE_STAGE(self) && height > 0 && width > 0);
  self->aspect = (double)height / width;
  gtk_widget_queue_resize(GTK_WIDGET(self));
}
