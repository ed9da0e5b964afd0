// SPDX-License-Identifier: GPL-3.0-or-later
// One picture of grey levels, or one difference of two, enlarged without smoothing, in proportion, with rounded
// corners. Setting another picture copies its few thousand pixels and redraws this widget alone: cheap enough for
// every step of a slider.
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PCT_TYPE_PICTURE_VIEW (pct_picture_view_get_type())
G_DECLARE_FINAL_TYPE(PctPictureView, pct_picture_view, PCT, PICTURE_VIEW, GtkWidget)

GtkWidget *pct_picture_view_new(void);

// pixels (H,W) grey levels 0..255, clipped for display; copied.
void pct_picture_view_set_pixels(PctPictureView *self, const float *pixels, int height, int width);
// values (H,W) grey levels; limit: the value of full colour (blue for -limit, red for +limit); copied.
void pct_picture_view_set_difference(PctPictureView *self, const float *values, int height, int width, double limit);
// Shows an empty frame of the last size.
void pct_picture_view_clear(PctPictureView *self);

// The least width it asks for, and the width it would like, in pixels. With follow_width it asks for the height that
// its width needs, so that nothing is left over; without, it makes the best of the room it gets.
void pct_picture_view_set_size(PctPictureView *self, int least_width, int natural_width, gboolean follow_width);

// Of the picture shown, or of the last one.
void pct_picture_view_get_shape(PctPictureView *self, int *height, int *width);
// The pixel at a point of the widget; beside the picture the nearest.
void pct_picture_view_get_pixel(PctPictureView *self, double x, double y, int *column, int *row);

// A frame around rows [y, y+height), columns [x, x+width) of the picture; NULL: none.
void pct_picture_view_set_rectangle(PctPictureView *self, const GdkRectangle *pixels);
// FALSE: there is none.
gboolean pct_picture_view_get_rectangle(PctPictureView *self, GdkRectangle *pixels);

// How many degrees of the visual field a pixel covers (NAN: unknown, nothing is said): the size of the rectangle is told
// in them too, and with scale_bar there is a bar in the lower right corner.
void pct_picture_view_set_degrees(PctPictureView *self, double degrees_per_pixel, gboolean scale_bar);

// A line over the picture at a level of a map of its own shape: values (H,W), copied; NULL: none. It stays when another
// picture of that shape is set, and is not drawn over one of another.
void pct_picture_view_set_contour(PctPictureView *self, const float *values, int height, int width, double level);
// The colour of that line, for a legend.
extern const GdkRGBA pct_picture_view_contour_colour;

// What a screen reader says.
void pct_picture_view_set_label(PctPictureView *self, const char *label);

// Counts up with every picture set: what a test or a measurement waits for.
guint pct_picture_view_get_serial(PctPictureView *self);

G_END_DECLS
