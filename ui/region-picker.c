// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "region-picker.h"

#define LEAST_DRAG 4   // widget pixels; less is a click
#define FAR 8          // of them cross the picture with Control
#define MIDDLE 4       // the region in the middle is that part of each side

typedef struct {
  PctPictureView *view;  // borrowed: it owns the picker
  char *region, *clear;
  double x, y;           // where the drag began, in the widget
  int column, row;       // and in the picture
  gboolean dragging;
} Picker;

static void
picker_free(gpointer data)
{
  Picker *picker = data;
  g_free(picker->region);
  g_free(picker->clear);
  g_free(picker);
}

static void
ask(Picker *picker, GdkRectangle wanted)
{
  int height, width;
  GdkRectangle now;
  pct_picture_view_get_shape(picker->view, &height, &width);
  wanted.width = CLAMP(wanted.width, 1, width);
  wanted.height = CLAMP(wanted.height, 1, height);
  wanted.x = CLAMP(wanted.x, 0, width - wanted.width);
  wanted.y = CLAMP(wanted.y, 0, height - wanted.height);
  if (!pct_picture_view_get_rectangle(picker->view, &now) || !gdk_rectangle_equal(&now, &wanted))
    gtk_widget_activate_action(GTK_WIDGET(picker->view), picker->region, "(iiii)", wanted.x, wanted.y, wanted.width,
                               wanted.height);
}

static gboolean
clear(Picker *picker)
{
  GdkRectangle now;
  return pct_picture_view_get_rectangle(picker->view, &now) &&
         gtk_widget_activate_action(GTK_WIDGET(picker->view), picker->clear, NULL);
}

static void
drag_begin(GtkGestureDrag *gesture, double x, double y, Picker *picker)
{
  picker->dragging = FALSE;
  picker->x = x;
  picker->y = y;
  pct_picture_view_get_pixel(picker->view, x, y, &picker->column, &picker->row);
  gtk_widget_grab_focus(GTK_WIDGET(picker->view));
}

static void
drag_update(GtkGestureDrag *gesture, double by_x, double by_y, Picker *picker)
{
  int column, row;
  picker->dragging = picker->dragging || MAX(ABS(by_x), ABS(by_y)) >= LEAST_DRAG;
  if (!picker->dragging)
    return;
  pct_picture_view_get_pixel(picker->view, picker->x + by_x, picker->y + by_y, &column, &row);
  ask(picker, (GdkRectangle){ MIN(column, picker->column), MIN(row, picker->row), ABS(column - picker->column) + 1,
                              ABS(row - picker->row) + 1 });
}

static void
drag_end(GtkGestureDrag *gesture, double by_x, double by_y, Picker *picker)
{
  if (!picker->dragging)
    clear(picker);
}

static void
mark_middle(Picker *picker)
{
  int height, width;
  pct_picture_view_get_shape(picker->view, &height, &width);
  int wide = MAX(1, width / MIDDLE), tall = MAX(1, height / MIDDLE);
  ask(picker, (GdkRectangle){ (width - wide) / 2, (height - tall) / 2, wide, tall });
}

static gboolean
key_pressed(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, Picker *picker)
{
  int height, width, x = 0, y = 0;
  GdkRectangle at;
  switch (key) {
    case GDK_KEY_Escape: return clear(picker);
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter: mark_middle(picker); return TRUE;
    case GDK_KEY_Left: x = -1; break;
    case GDK_KEY_Right: x = 1; break;
    case GDK_KEY_Up: y = -1; break;
    case GDK_KEY_Down: y = 1; break;
    default: return FALSE;
  }
  // Alt and an arrow is the page's: another image.
  if (state & GDK_ALT_MASK)
    return FALSE;
  if (!pct_picture_view_get_rectangle(picker->view, &at)) {
    mark_middle(picker);
    return TRUE;
  }
  pct_picture_view_get_shape(picker->view, &height, &width);
  if (state & GDK_CONTROL_MASK) {
    x *= MAX(1, width / FAR);
    y *= MAX(1, height / FAR);
  }
  if (state & GDK_SHIFT_MASK) {
    at.width = MIN(at.width + x, width - at.x);
    at.height = MIN(at.height + y, height - at.y);
  } else {
    at.x += x;
    at.y += y;
  }
  ask(picker, at);
  return TRUE;
}

void
pct_region_picker_attach(PctPictureView *view, const char *region, const char *clear_action)
{
  g_return_if_fail(PCT_IS_PICTURE_VIEW(view) && region && clear_action);
  Picker *picker = g_new0(Picker, 1);
  picker->view = view;
  picker->region = g_strdup(region);
  picker->clear = g_strdup(clear_action);
  GtkGesture *drag = gtk_gesture_drag_new();
  g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), picker);
  g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), picker);
  g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), picker);
  gtk_widget_add_controller(GTK_WIDGET(view), GTK_EVENT_CONTROLLER(drag));
  GtkEventController *keys = gtk_event_controller_key_new();
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), picker);
  gtk_widget_add_controller(GTK_WIDGET(view), keys);
  gtk_widget_set_focusable(GTK_WIDGET(view), TRUE);
  gtk_widget_set_cursor_from_name(GTK_WIDGET(view), "crosshair");
  g_object_set_data_full(G_OBJECT(view), "pct-region-picker", picker, picker_free);
}
