// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "model-pills.h"
#include <glib/gi18n.h>

struct _PctModelPills {
  GtkWidget parent_instance;
  GtkWidget *box;   // the pills, where there is room for all
  GtkWidget *list;  // the same models, where there is not
  PctProject *project;
  PctSelection *selection;
  GPtrArray *watched;   // all models whose state may change
  GPtrArray *finished;  // of PctModel, in the order of the pills
  gboolean updating;
};

enum {
  PROP_N_MODELS = 1,
  PROP_MODEL,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE(PctModelPills, pct_model_pills, GTK_TYPE_WIDGET)

guint
pct_model_pills_get_n_models(PctModelPills *self)
{
  g_return_val_if_fail(PCT_IS_MODEL_PILLS(self), 0);
  return self->finished->len;
}

PctModel *
pct_model_pills_get_model(PctModelPills *self)
{
  g_return_val_if_fail(PCT_IS_MODEL_PILLS(self), NULL);
  const char *name = pct_selection_get_model(self->selection);
  for (guint i = 0; i < self->finished->len; i++)
    if (!g_strcmp0(pct_model_get_name(self->finished->pdata[i]), name))
      return self->finished->pdata[i];
  return self->finished->len ? self->finished->pdata[0] : NULL;
}

static void
on_toggled(GtkToggleButton *button, PctModelPills *self)
{
  if (!self->updating && gtk_toggle_button_get_active(button))
    pct_selection_set_model(self->selection, pct_model_get_name(g_object_get_data(G_OBJECT(button), "model")));
}

static void
on_chosen(PctModelPills *self)
{
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->list));
  if (!self->updating && i < self->finished->len)
    pct_selection_set_model(self->selection, pct_model_get_name(self->finished->pdata[i]));
}

static void
show_selected(PctModelPills *self)
{
  PctModel *model = pct_model_pills_get_model(self);
  guint at;
  self->updating = TRUE;
  if (g_ptr_array_find(self->finished, model, &at))
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->list), at);
  for (GtkWidget *child = gtk_widget_get_first_child(self->box); child; child = gtk_widget_get_next_sibling(child))
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(child), g_object_get_data(G_OBJECT(child), "model") == model);
  self->updating = FALSE;
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_MODEL]);
}

static void
rebuild(PctModelPills *self)
{
  GtkWidget *child, *first = NULL;
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  while ((child = gtk_widget_get_first_child(self->box)))
    gtk_box_remove(GTK_BOX(self->box), child);
  for (guint i = 0; i < self->finished->len; i++) {
    PctModel *model = self->finished->pdata[i];
    PctKind *kind = pct_model_get_kind(model);
    GtkWidget *pill = gtk_toggle_button_new_with_label(pct_model_get_name(model));
    gtk_widget_add_css_class(pill, "pill-toggle");
    gtk_widget_set_valign(pill, GTK_ALIGN_CENTER);
    if (kind)
      gtk_widget_set_tooltip_text(pill, pct_kind_get_title(kind));
    g_object_set_data_full(G_OBJECT(pill), "model", g_object_ref(model), g_object_unref);
    if (first)
      gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(pill), GTK_TOGGLE_BUTTON(first));
    else
      first = pill;
    g_signal_connect(pill, "toggled", G_CALLBACK(on_toggled), self);
    gtk_box_append(GTK_BOX(self->box), pill);
    gtk_string_list_append(names, pct_model_get_name(model));
  }
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->list), G_LIST_MODEL(names));
}

static void
update(PctModelPills *self)
{
  GListModel *models = pct_project_get_decoders(self->project);
  g_autoptr(GPtrArray) finished = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (pct_model_get_state(model) == PCT_MODEL_FINISHED)
      g_ptr_array_add(finished, g_steal_pointer(&model));
  }
  gboolean same = finished->len == self->finished->len;
  for (guint i = 0; same && i < finished->len; i++)
    same = finished->pdata[i] == self->finished->pdata[i];
  if (same)
    return;
  g_ptr_array_unref(self->finished);
  self->finished = g_steal_pointer(&finished);
  self->updating = TRUE;
  rebuild(self);
  show_selected(self);
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_N_MODELS]);
}

static void
unwatch(PctModelPills *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    g_signal_handlers_disconnect_by_func(self->watched->pdata[i], update, self);
  g_ptr_array_set_size(self->watched, 0);
}

static void
on_models_changed(PctModelPills *self)
{
  GListModel *models = pct_project_get_decoders(self->project);
  unwatch(self);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    PctModel *model = g_list_model_get_item(models, i);
    g_signal_connect_swapped(model, "notify::state", G_CALLBACK(update), self);
    g_ptr_array_add(self->watched, model);
  }
  update(self);
}

static void
pct_model_pills_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  PctModelPills *self = PCT_MODEL_PILLS(object);
  if (id == PROP_N_MODELS)
    g_value_set_uint(value, pct_model_pills_get_n_models(self));
  else if (id == PROP_MODEL)
    g_value_set_object(value, pct_model_pills_get_model(self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
pct_model_pills_dispose(GObject *object)
{
  PctModelPills *self = PCT_MODEL_PILLS(object);
  unwatch(self);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->list, gtk_widget_unparent);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_model_pills_parent_class)->dispose(object);
}

static void
pct_model_pills_finalize(GObject *object)
{
  PctModelPills *self = PCT_MODEL_PILLS(object);
  g_ptr_array_unref(self->watched);
  g_ptr_array_unref(self->finished);
  G_OBJECT_CLASS(pct_model_pills_parent_class)->finalize(object);
}

static void
pct_model_pills_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  PctModelPills *self = PCT_MODEL_PILLS(widget);
  int least, pills, list;
  gtk_widget_measure(self->list, orientation, -1, &least, &list, NULL, NULL);
  gtk_widget_measure(self->box, orientation, -1, NULL, &pills, NULL, NULL);
  gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;
  *minimum = across ? MIN(least, pills) : MAX(list, pills);
  *natural = across ? pills : MAX(list, pills);
}

// A pill that is cut says nothing: all of them, or a list.
static void
pct_model_pills_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  PctModelPills *self = PCT_MODEL_PILLS(widget);
  int pills, list;
  gtk_widget_measure(self->box, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &pills, NULL, NULL);
  gtk_widget_measure(self->list, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &list, NULL, NULL);
  gboolean fits = pills <= width;
  gtk_widget_set_child_visible(self->box, fits);
  gtk_widget_set_child_visible(self->list, !fits);
  if (fits)
    gtk_widget_allocate(self->box, width, height, baseline, NULL);
  else
    gtk_widget_allocate(self->list, MIN(width, list), height, baseline, NULL);
}

static void
pct_model_pills_class_init(PctModelPillsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = pct_model_pills_get_property;
  object_class->dispose = pct_model_pills_dispose;
  object_class->finalize = pct_model_pills_finalize;
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  properties[PROP_N_MODELS] = g_param_spec_uint("n-models", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_MODEL] = g_param_spec_object("model", NULL, NULL, PCT_TYPE_MODEL, flags);
  g_object_class_install_properties(object_class, N_PROPERTIES, properties);
  GTK_WIDGET_CLASS(klass)->measure = pct_model_pills_measure;
  GTK_WIDGET_CLASS(klass)->size_allocate = pct_model_pills_size_allocate;
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_RADIO_GROUP);
}

static void
pct_model_pills_init(PctModelPills *self)
{
  self->watched = g_ptr_array_new_with_free_func(g_object_unref);
  self->finished = g_ptr_array_new_with_free_func(g_object_unref);
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->list = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_valign(self->list, GTK_ALIGN_CENTER);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  gtk_widget_set_parent(self->list, GTK_WIDGET(self));
  g_signal_connect_object(self->list, "notify::selected", G_CALLBACK(on_chosen), self, G_CONNECT_SWAPPED);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Decoder"), -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Decoder"), -1);
}

GtkWidget *
pct_model_pills_new(PctProject *project, PctSelection *selection)
{
  PctModelPills *self = g_object_new(PCT_TYPE_MODEL_PILLS, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  g_signal_connect_object(pct_project_get_decoders(project), "items-changed", G_CALLBACK(on_models_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify::model", G_CALLBACK(show_selected), self, G_CONNECT_SWAPPED);
  on_models_changed(self);
  return GTK_WIDGET(self);
}
