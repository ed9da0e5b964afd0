// SPDX-License-Identifier: GPL-3.0-or-later
// The rows are made anew when the list changes, which it does by hand alone.
#include "config.h"
#include "slide/bookmarks-menu.h"
#include <glib/gi18n.h>

#define WIDTH 280
#define MOST_HEIGHT 320

typedef struct {
  PctSlideBookmarks *bookmarks;  // borrowed
  GtkWidget *popover, *list, *none, *entry;
} Menu;

static GtkWidget *
icon_button(const char *icon, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  return button;
}

static void
on_go(GtkWidget *button, Menu *menu)
{
  g_autofree char *name = g_strdup(g_object_get_data(G_OBJECT(button), "name"));
  gtk_popover_popdown(GTK_POPOVER(menu->popover));
  gtk_widget_activate_action(menu->popover, "slide.go-to-bookmark", "s", name);
}

static void
on_delete(GtkWidget *button, Menu *menu)
{
  g_autofree char *name = g_strdup(g_object_get_data(G_OBJECT(button), "name"));
  gtk_widget_grab_focus(menu->entry);  // the row goes with its button
  gtk_widget_activate_action(menu->popover, "slide.delete-bookmark", "s", name);
}

static void
on_rename_begins(GtkWidget *button)
{
  GtkWidget *stack = g_object_get_data(G_OBJECT(button), "stack");
  GtkWidget *entry = gtk_stack_get_child_by_name(GTK_STACK(stack), "entry");
  gtk_editable_set_text(GTK_EDITABLE(entry), g_object_get_data(G_OBJECT(entry), "name"));
  gtk_stack_set_visible_child(GTK_STACK(stack), entry);
  gtk_widget_grab_focus(entry);
}

static void
on_renamed(GtkWidget *entry, Menu *menu)
{
  g_autofree char *from = g_strdup(g_object_get_data(G_OBJECT(entry), "name"));
  g_autofree char *to = g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry)));
  gtk_stack_set_visible_child_name(GTK_STACK(gtk_widget_get_parent(entry)), "name");
  gtk_widget_grab_focus(menu->entry);
  gtk_widget_activate_action(menu->popover, "slide.rename-bookmark", "(ss)", from, to);
}

static void
set_name(GtkWidget *widget, const char *name)
{
  g_object_set_data_full(G_OBJECT(widget), "name", g_strdup(name), g_free);
}

static GtkWidget *
make_row(Menu *menu, const char *name, const PctSlideState *state)
{
  GtkWidget *label = gtk_label_new(name), *go = gtk_button_new();
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_button_set_child(GTK_BUTTON(go), label);
  gtk_widget_add_css_class(go, "flat");
  gtk_widget_set_hexpand(go, TRUE);
  g_autofree char *changed = g_strdup_printf(ngettext("%d response changed", "%d responses changed", state->n_changed),
                                             (int)state->n_changed);
  // Translators: a bookmark's image, decoder, and how many responses are changed.
  g_autofree char *tip = g_strdup_printf(_("Image %d, %s, %s"), state->image, state->model ? state->model : "–", changed);
  gtk_widget_set_tooltip_text(go, tip);
  GtkWidget *entry = gtk_entry_new(), *stack = gtk_stack_new();
  g_autofree char *rename_text = g_strdup_printf(_("Rename “%s”"), name), *delete_text = g_strdup_printf(_("Delete “%s”"), name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, rename_text, -1);
  gtk_stack_add_named(GTK_STACK(stack), go, "name");
  gtk_stack_add_named(GTK_STACK(stack), entry, "entry");
  GtkWidget *pencil = icon_button("document-edit-symbolic", rename_text);
  GtkWidget *bin = icon_button("user-trash-symbolic", delete_text);
  g_object_set_data(G_OBJECT(pencil), "stack", stack);
  set_name(go, name);
  set_name(entry, name);
  set_name(bin, name);
  g_signal_connect(go, "clicked", G_CALLBACK(on_go), menu);
  g_signal_connect(pencil, "clicked", G_CALLBACK(on_rename_begins), NULL);
  g_signal_connect(entry, "activate", G_CALLBACK(on_renamed), menu);
  g_signal_connect(bin, "clicked", G_CALLBACK(on_delete), menu);
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
  GtkWidget *parts[] = { stack, pencil, bin };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(row), parts[i]);
  return row;
}

static void
fill(Menu *menu)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(menu->list)))
    gtk_box_remove(GTK_BOX(menu->list), child);
  guint n = pct_slide_bookmarks_get_n(menu->bookmarks);
  for (guint i = 0; i < n; i++)
    gtk_box_append(GTK_BOX(menu->list), make_row(menu, pct_slide_bookmarks_get_name(menu->bookmarks, i),
                                                 pct_slide_bookmarks_get_state(menu->bookmarks, i)));
  gtk_widget_set_visible(menu->none, n == 0);
}

static void
on_add(Menu *menu)
{
  g_autofree char *name = g_strdup(gtk_editable_get_text(GTK_EDITABLE(menu->entry)));
  guint before = pct_slide_bookmarks_get_n(menu->bookmarks);
  gtk_widget_activate_action(menu->popover, "slide.add-bookmark", "s", name);
  if (pct_slide_bookmarks_get_n(menu->bookmarks) > before) {
    gtk_editable_set_text(GTK_EDITABLE(menu->entry), "");
    gtk_widget_remove_css_class(menu->entry, "error");
  } else {
    gtk_widget_add_css_class(menu->entry, "error");
    gtk_widget_error_bell(menu->entry);
  }
}

static void
on_text(Menu *menu)
{
  gtk_widget_remove_css_class(menu->entry, "error");
}

static void
on_show(Menu *menu)
{
  gtk_widget_grab_focus(menu->entry);
}

GtkWidget *
pct_bookmarks_menu_new(PctSlideBookmarks *bookmarks)
{
  Menu *menu = g_new0(Menu, 1);
  menu->bookmarks = bookmarks;
  menu->popover = gtk_popover_new();
  menu->list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  menu->none = gtk_label_new(_("A bookmark keeps the image, the responses as set, z, the decoder and the pinned neurons."));
  gtk_label_set_wrap(GTK_LABEL(menu->none), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(menu->none), 32);
  gtk_widget_add_css_class(menu->none, "dim-label");
  menu->entry = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(menu->entry), _("Name of a new bookmark"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(menu->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of a new bookmark"), -1);
  gtk_widget_set_hexpand(menu->entry, TRUE);
  GtkWidget *add = gtk_button_new_with_label(_("Add"));
  gtk_widget_add_css_class(add, "suggested-action");
  g_signal_connect_swapped(menu->entry, "activate", G_CALLBACK(on_add), menu);
  g_signal_connect_swapped(menu->entry, "changed", G_CALLBACK(on_text), menu);
  g_signal_connect_swapped(add, "clicked", G_CALLBACK(on_add), menu);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append(GTK_BOX(line), menu->entry);
  gtk_box_append(GTK_BOX(line), add);
  GtkWidget *scroller = g_object_new(GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                                     "propagate-natural-height", TRUE, "max-content-height", MOST_HEIGHT,
                                     "child", menu->list, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_size_request(box, WIDTH, -1);
  GtkWidget *parts[] = { scroller, menu->none, line };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  gtk_popover_set_child(GTK_POPOVER(menu->popover), box);
  g_object_set_data_full(G_OBJECT(menu->popover), "menu", menu, g_free);
  GClosure *closure = g_cclosure_new_swap(G_CALLBACK(fill), menu, NULL);
  g_object_watch_closure(G_OBJECT(menu->popover), closure);
  g_signal_connect_closure(bookmarks, "changed", closure, FALSE);
  g_signal_connect_swapped(menu->popover, "show", G_CALLBACK(on_show), menu);
  fill(menu);
  return menu->popover;
}
