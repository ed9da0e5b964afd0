// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/source-rows.h"
#include <glib/gi18n.h>
#include <math.h>

// A row to choose one of the project's models in.
typedef struct {
  PctModelNeeds which;
  GtkWidget *row;
  GPtrArray *models;  // PctModel, those in the row
  PctModel *chosen;   // by a person; NULL: by nobody
} Choice;

struct _PctSourceRows {
  GtkWidget parent_instance;
  PctProject *project;
  PctKind *kind;
  GtkWidget *group, *photographs, *clear;
  Choice choices[2];
  char *folder;      // of photographs; NULL: none
  char *problem;
  gboolean setting;  // the rows are being filled
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE(PctSourceRows, pct_source_rows, GTK_TYPE_WIDGET)

static char *
describe(const Choice *choice, PctModel *model)
{
  const char *encoder = pct_model_get_encoder_name(model);
  double score = pct_model_get_validation(model);
  if (choice->which == PCT_NEEDS_MEIS)
    // Translators: %s is the name of the encoder that most exciting inputs were found with.
    return encoder != NULL ? g_strdup_printf(_("of %s"), encoder) : g_strdup("");
  return isfinite(score) ? g_strdup_printf(_("validation correlation %.3f"), score) : g_strdup("");
}

static PctModel *
get_selected(const Choice *choice)
{
  guint i = adw_combo_row_get_selected(ADW_COMBO_ROW(choice->row));
  return i < choice->models->len ? choice->models->pdata[i] : NULL;
}

static void
show_selected(const Choice *choice)
{
  PctModel *model = get_selected(choice);
  g_autofree char *text = model != NULL                          ? describe(choice, model)
                          : choice->which == PCT_NEEDS_ENCODER ? g_strdup(_("There is none yet: train “gaussian” first."))
                                                               : g_strdup(_("There are none yet: train “mei” first."));
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(choice->row), escaped);
}

static void
chosen(GtkWidget *row, GParamSpec *pspec, PctSourceRows *self)
{
  for (guint i = 0; i < G_N_ELEMENTS(self->choices); i++) {
    Choice *choice = &self->choices[i];
    if (choice->row != row || self->setting)
      continue;
    g_set_object(&choice->chosen, get_selected(choice));
    show_selected(choice);
  }
}

// The finished models that there are now. What was chosen stays so while it is there.
static void
list_models(PctSourceRows *self, Choice *choice)
{
  gboolean encodes = choice->which == PCT_NEEDS_ENCODER;
  GListModel *models = pct_project_get_models(self->project);
  PctModel *best = encodes ? pct_project_find_best_encoder(self->project) : pct_project_find_newest_meis(self->project);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint selected = GTK_INVALID_LIST_POSITION;
  gboolean is_there = FALSE;

  g_ptr_array_set_size(choice->models, 0);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (pct_model_get_state(model) != PCT_MODEL_FINISHED ||
        pct_model_get_role(model) != (encodes ? PCT_ROLE_ENCODER : PCT_ROLE_MEI_SET))
      continue;
    is_there = is_there || model == choice->chosen;
    if (model == choice->chosen || (model == best && !is_there))
      selected = choice->models->len;
    gtk_string_list_append(names, pct_model_get_name(model));
    g_ptr_array_add(choice->models, g_steal_pointer(&model));
  }
  if (!is_there)
    g_clear_object(&choice->chosen);
  self->setting = TRUE;
  adw_combo_row_set_model(ADW_COMBO_ROW(choice->row), G_LIST_MODEL(names));
  adw_combo_row_set_selected(ADW_COMBO_ROW(choice->row), selected);
  self->setting = FALSE;
  gtk_widget_set_sensitive(choice->row, TRUE);  // An empty one is greyed, but what it says is to be read.
  show_selected(choice);
}

void
pct_source_rows_update(PctSourceRows *self, const PctOptionValues *options)
{
  g_return_if_fail(PCT_IS_SOURCE_ROWS(self));
  PctModelNeeds needs = pct_kind_get_needs(self->kind, options);
  gboolean takes_photographs = pct_kind_uses_photographs(self->kind, options);

  g_clear_pointer(&self->problem, g_free);
  for (guint i = 0; i < G_N_ELEMENTS(self->choices); i++) {
    Choice *choice = &self->choices[i];
    gboolean needed = (needs & choice->which) != 0;
    gtk_widget_set_visible(choice->row, needed);
    if (!needed)
      continue;
    list_models(self, choice);
    if (choice->models->len == 0 && self->problem == NULL)
      self->problem = pct_training_sources_dup_missing(self->kind, choice->which);
  }
  gtk_widget_set_visible(self->photographs, takes_photographs);
  gtk_widget_set_visible(GTK_WIDGET(self), needs != PCT_NEEDS_NOTHING || takes_photographs);
}

PctTrainingSources
pct_source_rows_get_sources(PctSourceRows *self)
{
  PctTrainingSources sources = { 0 };
  g_return_val_if_fail(PCT_IS_SOURCE_ROWS(self), sources);
  if (gtk_widget_get_visible(self->choices[0].row))
    sources.encoder = get_selected(&self->choices[0]);
  if (gtk_widget_get_visible(self->choices[1].row))
    sources.meis = get_selected(&self->choices[1]);
  if (gtk_widget_get_visible(self->photographs))
    sources.photographs = self->folder;
  return sources;
}

const char *
pct_source_rows_get_problem(PctSourceRows *self)
{
  g_return_val_if_fail(PCT_IS_SOURCE_ROWS(self), NULL);
  return self->problem;
}

void
pct_source_rows_set_photographs(PctSourceRows *self, const char *folder)
{
  g_return_if_fail(PCT_IS_SOURCE_ROWS(self));
  char *copy = g_strdup(folder);
  g_free(self->folder);
  self->folder = copy;
  g_autofree char *shown = folder != NULL ? g_filename_display_name(folder)
                                          : g_strdup(_("Pretraining shows the encoder train images alone."));
  g_autofree char *escaped = g_markup_escape_text(shown, -1);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self->photographs), escaped);
  gtk_widget_set_visible(self->clear, folder != NULL);
}

static void
clear_photographs(PctSourceRows *self)
{
  pct_source_rows_set_photographs(self, NULL);
}

static void
chooser_response(GtkNativeDialog *dialog, int response, PctSourceRows *self)
{
  g_autoptr(GFile) folder =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = folder != NULL ? g_file_get_path(folder) : NULL;
  if (path != NULL)
    pct_source_rows_set_photographs(self, path);
  g_clear_object(&self->chooser);
}

static void
choose_photographs(PctSourceRows *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy(GTK_NATIVE_DIALOG(self->chooser));
  g_clear_object(&self->chooser);
  self->chooser = gtk_file_chooser_native_new(_("Choose a Folder of Photographs"),
                                              GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))),
                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), _("_Cancel"));
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(self->chooser), TRUE);
  g_signal_connect_object(self->chooser, "response", G_CALLBACK(chooser_response), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(self->chooser));
}

static void
pct_source_rows_dispose(GObject *object)
{
  PctSourceRows *self = PCT_SOURCE_ROWS(object);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy(GTK_NATIVE_DIALOG(self->chooser));
  g_clear_object(&self->chooser);
  g_clear_pointer(&self->group, gtk_widget_unparent);
  for (guint i = 0; i < G_N_ELEMENTS(self->choices); i++) {
    g_clear_object(&self->choices[i].chosen);
    g_clear_pointer(&self->choices[i].models, g_ptr_array_unref);
  }
  g_clear_object(&self->project);
  g_clear_object(&self->kind);
  g_clear_pointer(&self->folder, g_free);
  g_clear_pointer(&self->problem, g_free);
  G_OBJECT_CLASS(pct_source_rows_parent_class)->dispose(object);
}

static void
pct_source_rows_class_init(PctSourceRowsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_source_rows_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
add_button(PctSourceRows *self, const char *icon, const char *name, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object(button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix(ADW_ACTION_ROW(self->photographs), button);
  return button;
}

static void
pct_source_rows_init(PctSourceRows *self)
{
  const char *const titles[] = { _("Encoder"), _("Most exciting inputs") };
  const PctModelNeeds which[] = { PCT_NEEDS_ENCODER, PCT_NEEDS_MEIS };

  self->group = adw_preferences_group_new();
  for (guint i = 0; i < G_N_ELEMENTS(self->choices); i++) {
    GtkWidget *row = adw_combo_row_new();
    self->choices[i] = (Choice){ which[i], row, g_ptr_array_new_with_free_func(g_object_unref), NULL };
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), titles[i]);
    g_signal_connect_object(row, "notify::selected", G_CALLBACK(chosen), self, 0);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(self->group), row);
  }
  self->photographs = adw_action_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->photographs), _("Photographs"));
  self->clear = add_button(self, "edit-clear-symbolic", _("No photographs"), G_CALLBACK(clear_photographs));
  GtkWidget *choose = add_button(self, "folder-open-symbolic", _("Choose a folder of photographs"),
                                 G_CALLBACK(choose_photographs));
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(self->photographs), choose);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(self->group), self->photographs);
  pct_source_rows_set_photographs(self, NULL);
  gtk_widget_set_parent(self->group, GTK_WIDGET(self));
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

GtkWidget *
pct_source_rows_new(PctProject *project, PctKind *kind)
{
  PctSourceRows *self = g_object_new(PCT_TYPE_SOURCE_ROWS, NULL);
  self->project = g_object_ref(project);
  self->kind = g_object_ref(kind);
  return GTK_WIDGET(self);
}
