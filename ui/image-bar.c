// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "image-bar.h"
#include <glib/gi18n.h>
#include "tier-badge.h"

struct _PctImageBar {
  GtkWidget parent_instance;
  GtkWidget *box, *entry, *badge /* NULL: hidden */, *trials, *trials_label;
  PctProject *project;
  PctSelection *selection;
  int repeat;      // wanted; an image with fewer trials shows its mean
  int n_repeats;   // of the image in hand
  gboolean filling;
};

enum {
  PROP_REPEAT = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE(PctImageBar, pct_image_bar, GTK_TYPE_WIDGET)

char *
pct_image_bar_dup_trials_text(PctProject *project, int image, int repeat)
{
  int n = image >= 0 ? pct_project_get_n_repeats(project, image) : 0;
  if (n < 1)
    return g_strdup(_("never shown"));
  if (pct_project_is_averaged(project))
    return g_strdup(_("mean over repeats, as recorded"));
  if (n == 1)
    return g_strdup(_("single trial"));
  if (repeat == PCT_MEAN_OF_REPEATS)
    return g_strdup_printf(ngettext("mean of %d trial", "mean of %d trials", (gulong)n), n);
  return g_strdup_printf(_("trial %d of %d"), repeat + 1, n);
}

static void
show_number(PctImageBar *self)
{
  g_autofree char *text = g_strdup_printf("%d", pct_selection_get_image(self->selection));
  gtk_editable_set_text(GTK_EDITABLE(self->entry), text);
  gtk_widget_remove_css_class(self->entry, "error");
}

// The trials to choose from; a mean of one is no mean.
static void
fill_trials(PctImageBar *self, int image)
{
  self->n_repeats = image >= 0 ? pct_project_get_n_repeats(self->project, image) : 0;
  gboolean choice = self->n_repeats > 1 && !pct_project_is_averaged(self->project);
  gtk_widget_set_visible(self->trials, choice);
  gtk_widget_set_visible(self->trials_label, !choice && image >= 0);
  if (!choice) {
    g_autofree char *text = pct_image_bar_dup_trials_text(self->project, image, 0);
    gtk_label_set_label(GTK_LABEL(self->trials_label), text);
    return;
  }
  self->filling = TRUE;
  g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
  g_autofree char *mean = g_strdup_printf(ngettext("Mean of %d trial", "Mean of %d trials", (gulong)self->n_repeats),
                                          self->n_repeats);
  gtk_string_list_append(list, mean);
  for (int i = 0; i < self->n_repeats; i++)
    gtk_string_list_take(list, g_strdup_printf(_("Single trial %d"), i + 1));
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->trials), G_LIST_MODEL(list));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->trials), (guint)(pct_image_bar_get_repeat(self) + 1));
  self->filling = FALSE;
}

static void
on_image(PctImageBar *self)
{
  int image = pct_selection_get_image(self->selection);
  show_number(self);
  if (self->badge)
    pct_tier_badge_set_image(PCT_TIER_BADGE(self->badge), self->project, image);
  fill_trials(self, image);
}

static void
on_number_entered(PctImageBar *self)
{
  guint64 image;
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->entry));
  int n = pct_project_get_n_images(self->project);
  g_autofree char *stripped = g_strstrip(g_strdup(text));
  if (n > 0 && g_ascii_string_to_unsigned(stripped, 10, 0, (guint64)n - 1, &image, NULL)) {
    pct_selection_set_image(self->selection, (int)image);
    show_number(self);
  } else {
    gtk_widget_add_css_class(self->entry, "error");
    gtk_widget_error_bell(self->entry);
  }
}

static void
on_entry_left(PctImageBar *self)
{
  show_number(self);
}

static void
on_trial_chosen(PctImageBar *self)
{
  guint selected = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->trials));
  if (!self->filling && selected != GTK_INVALID_LIST_POSITION)
    pct_image_bar_set_repeat(self, (int)selected - 1);
}

void
pct_image_bar_hide_badge(PctImageBar *self)
{
  g_return_if_fail(PCT_IS_IMAGE_BAR(self));
  if (self->badge)
    gtk_box_remove(GTK_BOX(self->box), self->badge);
  self->badge = NULL;
}

int
pct_image_bar_get_image(PctImageBar *self)
{
  g_return_val_if_fail(PCT_IS_IMAGE_BAR(self), -1);
  int image = pct_selection_get_image(self->selection);
  return image < pct_project_get_n_images(self->project) ? image : -1;
}

int
pct_image_bar_get_repeat(PctImageBar *self)
{
  g_return_val_if_fail(PCT_IS_IMAGE_BAR(self), PCT_MEAN_OF_REPEATS);
  return self->repeat < self->n_repeats ? self->repeat : PCT_MEAN_OF_REPEATS;
}

void
pct_image_bar_set_repeat(PctImageBar *self, int repeat)
{
  g_return_if_fail(PCT_IS_IMAGE_BAR(self) && repeat >= PCT_MEAN_OF_REPEATS);
  if (repeat == self->repeat)
    return;
  self->repeat = repeat;
  if (gtk_widget_get_visible(self->trials))
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->trials), (guint)(pct_image_bar_get_repeat(self) + 1));
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_REPEAT]);
}

static void
pct_image_bar_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  if (id == PROP_REPEAT)
    g_value_set_int(value, pct_image_bar_get_repeat(PCT_IMAGE_BAR(object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
pct_image_bar_dispose(GObject *object)
{
  PctImageBar *self = PCT_IMAGE_BAR(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_image_bar_parent_class)->dispose(object);
}

static void
pct_image_bar_class_init(PctImageBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = pct_image_bar_get_property;
  object_class->dispose = pct_image_bar_dispose;
  properties[PROP_REPEAT] = g_param_spec_int("repeat", NULL, NULL, PCT_MEAN_OF_REPEATS, G_MAXINT, PCT_MEAN_OF_REPEATS,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(object_class, N_PROPERTIES, properties);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
step_button(const char *icon, const char *tooltip, const char *group, const char *action)
{
  g_autofree char *name = g_strconcat(group, ".", action, NULL);
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), name);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  return button;
}

static void
pct_image_bar_init(PctImageBar *self)
{
  self->repeat = PCT_MEAN_OF_REPEATS;
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *
pct_image_bar_new(PctProject *project, PctSelection *selection, const char *group)
{
  PctImageBar *self = g_object_new(PCT_TYPE_IMAGE_BAR, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  GtkBox *box = GTK_BOX(self->box);

  self->entry = gtk_entry_new();
  gtk_editable_set_width_chars(GTK_EDITABLE(self->entry), 5);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(self->entry), 5);
  gtk_entry_set_alignment(GTK_ENTRY(self->entry), 0.5f);
  gtk_entry_set_input_purpose(GTK_ENTRY(self->entry), GTK_INPUT_PURPOSE_DIGITS);
  gtk_widget_add_css_class(self->entry, "numeric");
  gtk_widget_set_valign(self->entry, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Image number"), -1);
  g_signal_connect_swapped(self->entry, "activate", G_CALLBACK(on_number_entered), self);
  GtkEventController *focus = gtk_event_controller_focus_new();
  g_signal_connect_swapped(focus, "leave", G_CALLBACK(on_entry_left), self);
  gtk_widget_add_controller(self->entry, focus);
  self->badge = pct_tier_badge_new();
  self->trials = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_valign(self->trials, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->trials), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Trials"), -1);
  g_signal_connect_swapped(self->trials, "notify::selected", G_CALLBACK(on_trial_chosen), self);
  self->trials_label = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->trials_label, "dim-label");

  GtkWidget *steps = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class(steps, "linked");
  gtk_box_append(GTK_BOX(steps), step_button("go-previous-symbolic", _("Previous image"), group, "previous"));
  gtk_box_append(GTK_BOX(steps), self->entry);
  gtk_box_append(GTK_BOX(steps), step_button("go-next-symbolic", _("Next image"), group, "next"));
  GtkWidget *parts[] = { steps, self->badge, self->trials, self->trials_label };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(box, parts[i]);

  g_signal_connect_object(selection, "notify::image", G_CALLBACK(on_image), self, G_CONNECT_SWAPPED);
  on_image(self);
  return GTK_WIDGET(self);
}
