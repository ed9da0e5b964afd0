// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/slide-memory.h"
#include <glib/gi18n.h>
#include "page-actions.h"
#include "slide/bookmarks-menu.h"

struct _PctSlideMemory {
  GObject parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  PctImageBar *bar;  // borrowed
  GSimpleActionGroup *actions;
  PctSlideHistory *history;
  PctSlideBookmarks *bookmarks;
  char *said[2];     // problems that were told already
  GtkWidget *undo, *redo, *menu;  // borrowed from the page, NULL once gone
};

G_DEFINE_FINAL_TYPE(PctSlideMemory, pct_slide_memory, G_TYPE_OBJECT)

static guint say_signal, view_signal;

static void
say(PctSlideMemory *self, const char *sentence)
{
  g_signal_emit(self, say_signal, 0, sentence);
}

// Once.
static void
tell_problem(PctSlideMemory *self, int which, const char *problem)
{
  if (g_strcmp0(problem, self->said[which]) == 0)
    return;
  g_free(self->said[which]);
  self->said[which] = g_strdup(problem);
  if (problem)
    say(self, problem);
}

// "Undo: response of neuron 12".
static void
tell(GtkWidget *button, const char *what, const char *nothing)
{
  if (!button)
    return;
  gtk_widget_set_tooltip_text(button, what ? what : nothing);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, what ? what : nothing, -1);
}

static void
on_history(PctSlideMemory *self)
{
  g_autofree char *undo = pct_slide_history_dup_undo_text(self->history);
  g_autofree char *redo = pct_slide_history_dup_redo_text(self->history);
  g_autofree char *undo_text = undo ? g_strdup_printf(_("Undo: %s"), undo) : NULL;
  g_autofree char *redo_text = redo ? g_strdup_printf(_("Redo: %s"), redo) : NULL;
  pct_page_actions_set_enabled(self->actions, "undo", undo != NULL);
  pct_page_actions_set_enabled(self->actions, "redo", redo != NULL);
  tell(self->undo, undo_text, _("Undo"));
  tell(self->redo, redo_text, _("Redo"));
  tell_problem(self, 0, pct_slide_history_get_problem(self->history));
}

static void
on_bookmarks(PctSlideMemory *self)
{
  tell_problem(self, 1, pct_slide_bookmarks_get_problem(self->bookmarks));
}

static void
on_neurons(PctSlideMemory *self)
{
  guint n;
  const int *neurons = pct_selection_get_neurons(self->selection, &n);
  pct_slide_history_set_pinned(self->history, neurons, n);
}

// The image and the trial first: with them the responses begin anew.
static void
on_restore(PctSlideMemory *self, const PctSlideState *state)
{
  if (pct_slide_get_image(self->slide) < 0)
    g_action_group_activate_action(G_ACTION_GROUP(self->actions), "close-photograph", NULL);
  PctModel *model = state->model ? pct_project_find_model(self->project, state->model) : NULL;
  if (model && pct_model_get_role(model) == PCT_ROLE_DECODER)
    pct_selection_set_model(self->selection, state->model);
  else if (state->model) {
    g_autofree char *text = g_strdup_printf(_("The decoder “%s” is not there any more; another one draws."), state->model);
    say(self, text);
  }
  pct_selection_set_image(self->selection, state->image);
  pct_image_bar_set_repeat(self->bar, state->repeat);
  pct_selection_set_neurons(self->selection, state->pinned, state->n_pinned);
  pct_slide_state_restore(state, self->slide);
  if (state->view)
    g_signal_emit(self, view_signal, 0, state->view);
}

static void
undo(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_slide_history_undo(PCT_SLIDE_MEMORY(data)->history);
}

static void
redo(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_slide_history_redo(PCT_SLIDE_MEMORY(data)->history);
}

static void
add_bookmark(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlideMemory *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctSlideState) state = pct_slide_history_dup_state(self->history);
  if (state->image < 0)
    say(self, _("Only an image of the recording can be bookmarked."));
  else if (!pct_slide_bookmarks_add(self->bookmarks, g_variant_get_string(parameter, NULL), state, &error))
    say(self, error->message);
}

static void
go_to_bookmark(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlideMemory *self = data;
  const char *name = g_variant_get_string(parameter, NULL);
  int i = pct_slide_bookmarks_find(self->bookmarks, name);
  g_autofree char *none = g_strdup_printf(_("There is no bookmark “%s”."), name);
  if (i < 0)
    say(self, none);
  else
    pct_slide_history_go_to(self->history, pct_slide_bookmarks_get_state(self->bookmarks, (guint)i));
}

static void
rename_bookmark(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlideMemory *self = data;
  const char *from, *to;
  g_autoptr(GError) error = NULL;
  g_variant_get(parameter, "(&s&s)", &from, &to);
  if (!g_str_equal(from, to) && !pct_slide_bookmarks_rename(self->bookmarks, from, to, &error))
    say(self, error->message);
}

static void
delete_bookmark(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_slide_bookmarks_remove(PCT_SLIDE_MEMORY(data)->bookmarks, g_variant_get_string(parameter, NULL));
}

static void
open_bookmarks(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctSlideMemory *self = data;
  if (self->menu)
    gtk_menu_button_popup(GTK_MENU_BUTTON(self->menu));
}

static const GActionEntry entries[] = {
  { "undo", undo }, { "redo", redo },
  { "add-bookmark", add_bookmark, "s" }, { "go-to-bookmark", go_to_bookmark, "s" },
  { "rename-bookmark", rename_bookmark, "(ss)" }, { "delete-bookmark", delete_bookmark, "s" },
  { "bookmarks", open_bookmarks },
};

static const struct {
  const char *key, *action;
} keys[] = {
  { "<Control>z", "slide.undo" }, { "<Control><Shift>z", "slide.redo" }, { "<Control>y", "slide.redo" },
  { "<Control>b", "slide.bookmarks" },
};

static gboolean
on_event(GtkEventControllerLegacy *controller, GdkEvent *event, PctSlideMemory *self)
{
  GdkEventType type = gdk_event_get_event_type(event);
  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN)
    pct_slide_history_hold(self->history);
  else if (type == GDK_BUTTON_RELEASE || type == GDK_TOUCH_END || type == GDK_TOUCH_CANCEL)
    pct_slide_history_release(self->history);
  return FALSE;
}

// What was found on opening is told when there is somebody to see it.
static void
on_map(PctSlideMemory *self)
{
  on_history(self);
  on_bookmarks(self);
}

// Whoever leaves the page with a button down let go of it.
static void
on_unmap(PctSlideMemory *self)
{
  pct_slide_history_release(self->history);
}

static void
dispose(GObject *object)
{
  PctSlideMemory *self = PCT_SLIDE_MEMORY(object);
  for (guint i = 0; self->actions && i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->actions), entries[i].name);
  g_clear_weak_pointer(&self->undo);
  g_clear_weak_pointer(&self->redo);
  g_clear_weak_pointer(&self->menu);
  g_clear_object(&self->actions);
  g_clear_object(&self->history);
  g_clear_object(&self->bookmarks);
  g_clear_object(&self->slide);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_memory_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_free(PCT_SLIDE_MEMORY(object)->said[0]);
  g_free(PCT_SLIDE_MEMORY(object)->said[1]);
  G_OBJECT_CLASS(pct_slide_memory_parent_class)->finalize(object);
}

static void
pct_slide_memory_class_init(PctSlideMemoryClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  G_OBJECT_CLASS(klass)->finalize = finalize;
  say_signal = g_signal_new("say", PCT_TYPE_SLIDE_MEMORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                            G_TYPE_STRING);
  view_signal = g_signal_new("view", PCT_TYPE_SLIDE_MEMORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_STRING);
}

static void
pct_slide_memory_init(PctSlideMemory *self)
{
}

PctSlideMemory *
pct_slide_memory_new(GtkWidget *page, GSimpleActionGroup *actions, PctProject *project, PctSelection *selection,
                     PctSlide *slide, PctImageBar *bar)
{
  PctSlideMemory *self = g_object_new(PCT_TYPE_SLIDE_MEMORY, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = g_object_ref(slide);
  self->bar = bar;
  self->actions = g_object_ref(actions);
  self->history = pct_slide_history_new(project, slide);
  self->bookmarks = pct_slide_bookmarks_new(project);
  g_action_map_add_action_entries(G_ACTION_MAP(actions), entries, G_N_ELEMENTS(entries), self);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    pct_page_actions_add_key(page, keys[i].key, keys[i].action);
  GtkEventController *mouse = gtk_event_controller_legacy_new();
  gtk_event_controller_set_propagation_phase(mouse, GTK_PHASE_CAPTURE);
  g_signal_connect_object(mouse, "event", G_CALLBACK(on_event), self, 0);
  gtk_widget_add_controller(page, mouse);
  g_signal_connect_object(page, "map", G_CALLBACK(on_map), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(page, "unmap", G_CALLBACK(on_unmap), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->history, "restore", G_CALLBACK(on_restore), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->history, "changed", G_CALLBACK(on_history), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->bookmarks, "changed", G_CALLBACK(on_bookmarks), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "neurons-changed", G_CALLBACK(on_neurons), self, G_CONNECT_SWAPPED);
  on_neurons(self);
  return self;
}

PctSlideHistory *
pct_slide_memory_get_history(PctSlideMemory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_MEMORY(self), NULL);
  return self->history;
}

PctSlideBookmarks *
pct_slide_memory_get_bookmarks(PctSlideMemory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_MEMORY(self), NULL);
  return self->bookmarks;
}

static GtkWidget *
make_button(const char *icon, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "small-button");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

GtkWidget *
pct_slide_memory_make_buttons(PctSlideMemory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_MEMORY(self), NULL);
  g_set_weak_pointer(&self->undo, make_button("edit-undo-symbolic", "slide.undo"));
  g_set_weak_pointer(&self->redo, make_button("edit-redo-symbolic", "slide.redo"));
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_box_append(GTK_BOX(box), self->undo);
  gtk_box_append(GTK_BOX(box), self->redo);
  pct_page_actions_set_enabled(self->actions, "undo", pct_slide_history_can_undo(self->history));
  pct_page_actions_set_enabled(self->actions, "redo", pct_slide_history_can_redo(self->history));
  return box;
}

GtkWidget *
pct_slide_memory_make_menu(PctSlideMemory *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_MEMORY(self), NULL);
  GtkWidget *button = gtk_menu_button_new();
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "user-bookmarks-symbolic");
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), pct_bookmarks_menu_new(self->bookmarks));
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, _("Bookmarks"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Bookmarks"), -1);
  g_set_weak_pointer(&self->menu, button);
  return button;
}
